"""Letting a program in, and shutting it out."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts import queries, rules, token_queries
from proxeny.accounts.models import ApiToken
from proxeny.kernel import audit
from proxeny.kernel.api.access import SCOPES
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.tenancy import Reader

#: Prefix of a secret, by which it is recognised anywhere.
PREFIX = "prx_"
LONGEST_DAYS = 365
DEFAULT_DAYS = 90
#: More programs than this at once are a program that makes programs.
MOST = 20


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token and its secret, which exists nowhere else; no `repr` shows it."""

    token: ApiToken
    secret: str = field(repr=False)


@transaction.atomic
def create_token(
    *,
    actor: Reader,
    seat_id: int,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    days: int = DEFAULT_DAYS,
) -> NewToken:
    """Let a program act for one of the actor's seats, within scopes, until a day.

    No route of the API calls this: a token cannot make a token.

    Parameters
    ----------
    scopes : sequence of str
        Of `SCOPES`; to write includes to read.
    days : int
        For how long it holds, 1 to 365.

    Returns
    -------
    NewToken
        With the secret, this once: the table holds its SHA-256.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the seat, or it is not a live seat of their own.
    InvalidInput
        No name, no scope or an unknown one, or too many days or none.
    Conflict
        The actor has twenty programs already.

    Notes
    -----
    Side effects: a mail to the actor, so that no program gets access unnoticed; an audit row of
    the organisation.
    """
    seat = queries.get_seat(seat_id)
    if not rules.can_act_through(actor, seat, today=now.date()):
        raise NotAllowed(_("A program can only act for one of your own roles."))
    name, granted = " ".join(name.split()), _complete(scopes)
    _check(name, granted, days)
    if token_queries.count_live_tokens(actor.own_id, now=now) >= MOST:
        raise Conflict(_("You’ve already given many programs access. Revoke one you don’t use."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person_id=actor.own_id,
        seat=seat,
        name=name,
        scopes=granted,
        digest=queries.hash_token(secret),
        hint=secret[-4:],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _tell(token, "accounts/mail/token_made")
    audit.record(
        actor,
        "create_token",
        token,
        organisation_id=seat.organisation_id,
        changes={"name": name, "scopes": granted, "days": days},
    )
    return NewToken(token, secret)


def _complete(scopes: Sequence[str]) -> list[str]:
    asked = set(scopes)
    asked |= {scope.replace(":write", ":read") for scope in asked}
    if unknown := asked - set(SCOPES):
        raise InvalidInput(
            _("There’s no scope “%(scope)s”.") % {"scope": min(unknown)}, field="scopes"
        )
    return [scope for scope in SCOPES if scope in asked]


def _check(name: str, scopes: Sequence[str], days: int) -> None:
    if not name or len(name) > 100:
        raise InvalidInput(_("Give the program a name of up to 100 characters."), field="name")
    if not scopes:
        raise InvalidInput(_("Choose at least one area the program can read."), field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(_("A program can have access for 1 to 365 days."), field="days")


@transaction.atomic
def revoke_token(*, actor: Reader, token_id: int, now: datetime) -> ApiToken:
    """Shut a program out at once. Revoking again changes nothing.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the token, or neither holds it nor manages the organisation.

    Notes
    -----
    Side effects: a mail to the holder when somebody else revoked it; an audit row.
    """
    token = token_queries.get_token(token_id)
    if not rules.can_revoke_token(actor, token):
        raise NotAllowed(_("Only its holder or a manager of the organisation can revoke this."))
    if not ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now):
        return token
    token.revoked_at = now
    if token.person_id != actor.person:
        _tell(token, "accounts/mail/token_revoked", by=actor.name)
    audit.record(
        actor,
        "revoke_token",
        token,
        organisation_id=token.seat.organisation_id,
        changes={"name": token.name},
    )
    return token


def _tell(token: ApiToken, template: str, **more: str) -> None:
    queue_mail(
        key=f"{template}:{token.pk}",
        recipient=token.person.email,
        template=template,
        context={
            "token": token,
            "organisation": token.seat.organisation.name,
            "action_url": f"{settings.BASE_URL}{reverse('people:tokens')}",
            **more,
        },
        language=token.person.language,
    )
