"""Queries for a person's sessions. Call them in the gate role."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from proxeny.accounts.devices import is_phone, name_device
from proxeny.accounts.models import Account
from proxeny.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """One browser that is signed in.

    Attributes
    ----------
    address : str
        The network address it was last seen at; shown to its owner alone.
    is_here : bool
        Whether it is the browser that asks.
    is_near : bool
        Whether it was last seen at the address that asks now.
    """

    id: int
    device: str
    is_phone: bool
    address: str
    began_at: datetime
    seen_at: datetime
    is_here: bool
    is_near: bool


def list_places(account: Account, *, key: str, address: str, now: datetime) -> list[Place]:
    """Return where an account is signed in, this browser first, then the last seen. Two queries.

    Sessions that have expired, were ended, or began with an older password are left out.
    """
    rows = list(UserSession.objects.filter(user_id=account.pk).order_by("-last_seen_at", "-pk"))
    alive = _alive({row.session_key for row in rows}, account, now=now)
    places = [
        Place(
            id=row.pk,
            device=name_device(row.user_agent),
            is_phone=is_phone(row.user_agent),
            address=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_here=row.session_key == key,
            is_near=row.ip == address,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(places, key=lambda place: not place.is_here)


def _alive(keys: set[str], account: Account, *, now: datetime) -> set[str]:
    found = set()
    wanted = account.get_session_auth_hash()
    for session in Session.objects.filter(session_key__in=keys, expire_date__gt=now):
        data = session.get_decoded()
        same = constant_time_compare(data.get(HASH_SESSION_KEY, ""), wanted)
        if same and data.get(SESSION_KEY) == str(account.pk):
            found.add(session.session_key)
    return found


def get_place(account_id: int, place_id: int) -> UserSession:
    """Return one of an account's own sessions; `NotFound` for anybody else's."""
    found = UserSession.objects.filter(user_id=account_id, pk=place_id).first()
    if found is None:
        raise NotFound("There is no such session.")
    return found


def is_noted(key: str) -> bool:
    """Whether a session is known."""
    return bool(UserSession.objects.filter(session_key=key).exists())
