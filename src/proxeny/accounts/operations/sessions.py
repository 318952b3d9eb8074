"""Noting where somebody is signed in, and signing out from a distance."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from proxeny.accounts import sessions
from proxeny.kernel import audit
from proxeny.kernel.tenancy import Reader, as_service

_AGENT_LENGTH = UserSession._meta.get_field("user_agent").max_length


def note_visit(*, account_id: int, key: str, address: str, agent: str, now: datetime) -> None:
    """Write down that a session was used just now, from where and with what. In the gate role."""
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={
            "user_id": account_id,
            "ip": address,
            "user_agent": agent[:_AGENT_LENGTH],
            "last_seen_at": now,
        },
    )


@transaction.atomic
def end_session(*, actor: Reader, account_id: int, place_id: int) -> str:
    """Sign one browser of one's own out, at once; return its session's key.

    Raises
    ------
    NotFound
        It is somebody else's, or has ended already.

    Notes
    -----
    Side effects: the session is gone, so that its next request is a stranger's; an audit row.
    """
    row = sessions.get_place(account_id, place_id)
    with as_service():
        audit.record(actor, "end_session", row)
    _end([row])
    return row.session_key


@transaction.atomic
def end_other_sessions(*, actor: Reader, account_id: int, key: str) -> int:
    """Sign all browsers of one's own out except the one with this session; return how many."""
    rows = list(UserSession.objects.filter(user_id=account_id).exclude(session_key=key))
    if rows:
        with as_service():
            audit.record(actor, "end_other_sessions", rows[0], changes={"count": len(rows)})
        _end(rows)
    return len(rows)


def _end(rows: list[UserSession]) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
