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
    """Sign out one of the actor's browsers at once; return its session key.

    Raises
    ------
    NotFound
        It belongs to somebody else, or has already ended.

    Notes
    -----
    Side effects: the session is deleted, so its next request is anonymous; an audit row.
    """
    row = sessions.get_place(account_id, place_id)
    _end(actor, "end_session", [row])
    return str(row.session_key)


@transaction.atomic
def end_other_sessions(*, actor: Reader, account_id: int, key: str) -> int:
    """Sign out all the actor's browsers except the one with this session; return their number."""
    rows = list(UserSession.objects.filter(user_id=account_id).exclude(session_key=key))
    if rows:
        _end(actor, "end_other_sessions", rows, count=len(rows))
    return len(rows)


def _end(actor: Reader, verb: str, rows: list[UserSession], **changes: int) -> None:
    with as_service("Sign-in pages run in the gate role, which may not write an audit row."):
        audit.record(actor, verb, rows[0], changes=changes)
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
