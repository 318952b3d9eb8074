"""Links for people without a sign-in: made, sent again, handed on. Service role throughout."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.queries import hash_token
from proxeny.ambassadors.models import Introduction, Link, Side
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.guards import SETTLED, hold_case, note_deed
from proxeny.ambassadors.queries.links import Door, Opened, door_of, find_link, open_link
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import STRANGER, as_service

Purpose = Link.Purpose
#: Validity of a link, in days. Later questions get more time.
DAYS = {Purpose.WISH: 21, Purpose.TIME: 30, Purpose.DAY: 60, Purpose.LATER: 90}
#: Most renewals of an expired link in a day.
_MOST_RENEWALS = 3


def make_link(side: Side, purpose: str, now: datetime) -> str:
    """Make a link for a side, close its older ones of that purpose, and return its address.

    Only its hash is kept: the address is given once, in the mail.
    """
    token = secrets.token_urlsafe(32)
    with as_service("No reader may see or write links; the secret goes to the side alone."):
        Link.objects.filter(side=side, purpose=purpose, closed_at=None).update(closed_at=now)
        Link.objects.create(
            side=side,
            purpose=purpose,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=now + timedelta(days=DAYS[Purpose(purpose)]),
        )
    return f"{settings.BASE_URL}{reverse('ambassadors:link', args=[token])}"


def close_links(case: Introduction, now: datetime, *purposes: str) -> None:
    """Close the links of a case: those of some purposes, or all."""
    with as_service("No reader may see or write links, but a settled matter closes its own."):
        found = Link.objects.filter(side__introduction=case, closed_at=None)
        if purposes:
            found = found.filter(purpose__in=purposes)
        found.update(closed_at=now)


@contextmanager
def using(token: str, *purposes: str, now: datetime) -> Iterator[Opened]:
    """Do something by a link: in the service role, with its case locked, all of it or nothing.

    Parameters
    ----------
    purposes : str
        What the link must be for; anything if none is given.

    Raises
    ------
    NotFound, Conflict
        As `open_link`; it is for something else.
    """
    with as_service("The holder of the link has no account: the case it opens is theirs."):
        hold_case(open_link(token, now=now).case.pk)
        # The state may have changed while waiting for the lock.
        opened = open_link(token, now=now)
        if purposes and opened.purpose not in purposes:
            raise Conflict(_("This link is for something else."))
        Link.objects.filter(pk=opened.link.pk, used_at=None).update(used_at=now)
        yield opened


@transaction.atomic
def renew_link(*, token: str, now: datetime) -> None:
    """Send a new link to the address for which an expired link was made.

    The answer is the same whether there was such a link or not. Nothing is sent where the matter is
    over; the desk is notified that somebody came too late.
    """
    link = find_link(token)
    if link is None or door_of(link, now) == Door.OPEN:
        return
    with as_service("The holder of an old link has no sign-in; only known addresses get mail."):
        _renew(link, now)


def _renew(link: Link, now: datetime) -> None:
    newer = Link.objects.filter(
        side_id=link.side_id, purpose=link.purpose, created_at__gt=now - timedelta(days=1)
    )
    if newer.count() >= _MOST_RENEWALS:
        return
    case = hold_case(link.side.introduction_id)
    side = next(one for one in case.sides.all() if one.pk == link.side_id)
    if is_open_for(case, link.purpose):
        mails.ask(
            case,
            side,
            purpose=link.purpose,
            url=make_link(side, link.purpose, now),
            now=now,
            kind="renewed",
        )
    mails.tell_desk(case, side, kind="late", now=now)


def is_open_for(case: Introduction, purpose: str) -> bool:
    """Whether something can still be answered by links of a purpose."""
    states = Introduction.State
    wanted = {
        Purpose.WISH: (states.ASKING,),
        Purpose.TIME: (states.FINDING, states.BOOKED),
        Purpose.DAY: (states.BOOKED, states.MET),
        Purpose.LATER: (states.MET,),
    }
    return case.state in wanted[Purpose(purpose)]


@transaction.atomic
def hand_on(
    *, token: str, name: str, email: str, now: datetime, language: str = "", word: str = ""
) -> Side:
    """Let a colleague answer instead: they get a link of their own, and this one closes.

    Side effects: mails to the colleague, to the person handing over, and to the desk; an audit row.

    Raises
    ------
    NotFound, InvalidInput, Conflict
        No such link; no name, no address, or the person's own; nothing to answer any more, or a
        booked meeting: its invitation is in the calendar of the person who accepted it.
    """
    with using(token, now=now) as opened:
        if not is_open_for(opened.case, opened.purpose):
            raise Conflict(SETTLED)
        if opened.case.state == Introduction.State.BOOKED:
            raise Conflict(
                _(
                    "This meeting is booked. If someone else is coming, reply to the invitation "
                    "email with their name."
                )
            )
        colleague = _check_colleague(opened.side, name, email)
        _hand_on(opened, colleague, language=language, word=word, now=now)
        return opened.side


def _check_colleague(side: Side, name: str, email: str) -> tuple[str, str]:
    name, email = " ".join(name.split())[:150], email.strip().lower()
    if not name:
        raise InvalidInput(_("Enter your colleague’s name."), field="name")
    if "@" not in email.strip("@") or len(email) > 254:
        raise InvalidInput(
            _("Enter the full email address, such as anna@company.example."), field="email"
        )
    if email == mails.address_of(side).lower():
        raise InvalidInput(
            _("The link was sent to this address. Enter a different one."), field="email"
        )
    return name, email


def _hand_on(
    opened: Opened, colleague: tuple[str, str], *, language: str, word: str, now: datetime
) -> None:
    side, case = opened.side, opened.case
    name, email, before = mails.name_of(side), mails.address_of(side), mails.to_side(side).language
    _forget_links(side)
    _replace(side, name=colleague[0], email=colleague[1], language=language or before)
    note_deed(STRANGER, "hand_on_introduction", case, changes={"role": side.role}, why=word)
    url = make_link(side, opened.purpose, now)
    mails.ask(
        case, side, purpose=opened.purpose, url=url, now=now, kind="handed", who=name, word=word
    )
    mails.confirm_handed(case, side, name=name, email=email, language=before, now=now)
    mails.tell_desk(case, side, kind="handed", now=now, who=name)


def _forget_links(side: Side) -> None:
    """Delete all links of a person handing a case on.

    None of theirs can be renewed: a new one would go to their colleague.
    """
    Link.objects.filter(side=side).delete()


def _replace(side: Side, *, name: str, email: str, language: str) -> None:
    """Put somebody else in a side's place. What was said of the matter stays said."""
    side.name, side.email, side.person, side.kept_by = name, email, None, None
    side.language = language if language in dict(settings.LANGUAGES) else "en"
    side.reminded, side.bounced_at, side.may_pass_on = 0, None, None
    side.save(
        update_fields=[
            "name",
            "email",
            "person",
            "kept_by",
            "language",
            "reminded",
            "bounced_at",
            "may_pass_on",
        ]
    )
