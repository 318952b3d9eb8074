"""Asking a partner: the invitation with its letter of intent, once more, taken back, taken up again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Partner
from proxeny.bids.operations import mails
from proxeny.bids.operations.guards import unsign
from proxeny.bids.operations.letters import letter_for
from proxeny.bids.operations.partners import (
    close_links,
    enter_partner,
    hold_partner,
    write_partner,
)
from proxeny.bids.queries.links import find_link, is_link_open
from proxeny.bids.queries.own import texts_of
from proxeny.bids.rules import OUT
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.room import note

State, Kind = Partner.State, Agreement.Kind
#: A partner is reminded at most once in so long.
PAUSE = timedelta(days=1)
#: Maximum number of renewals of an expired link in a day.
_MOST_RENEWALS = 3


@transaction.atomic
def ask_partner(
    *, actor: Reader, partnership_id: int, bid_id: int, partner_id: int, now: datetime
) -> Partner:
    """Invite a partner: send its letter of intent for signature, with the current facts.

    A partner that was already invited is invited again: the pending letter and the old link are
    closed.

    Side effects: mails to its people and to the noted address, with a link; audit rows.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `enter_partner`.
    InvalidInput
        Nobody would get the invitation: there is neither an address nor anybody with a seat.
    """
    entered, partner = enter_partner(
        actor, partnership_id, bid_id, partner_id, State.NOTED, State.ASKED
    )
    if not mails.receivers_of(partner, now=now):
        raise InvalidInput(
            _("There’s no one to contact at %(name)s yet. Add an email address first.")
            % {"name": partner.name},
            field="contact_email",
        )
    again = partner.state == State.ASKED
    close_links(partner, now=now)
    side = rules.party_joined(actor, entered.parties)
    assert side is not None  # `enter_bid` has seen it  # noqa: S101
    agreement = signing.put_text(
        actor,
        entered.partnership,
        Kind.LETTER,
        str(partner.pk),
        letter_for(partner),
        mine=side,
        beside=[partner.organisation],
        now=now,
    )
    write_partner(
        partner, state=State.ASKED, asked_at=now, answered_at=None, word="", reminded_at=None
    )
    note(
        actor,
        "ask_partner",
        entered,
        partner,
        changes={"title": partner.name, "number": agreement.number},
    )
    mails.ask(partner, now=now, kind="again" if again else "")
    return partner


@transaction.atomic
def remind_partner(
    *, actor: Reader, partnership_id: int, bid_id: int, partner_id: int, now: datetime
) -> Partner:
    """Ask a partner once more for its letter of intent.

    Side effects: mails as of `ask_partner`, with a new link; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `enter_partner`; nothing waits for it, or it was written to within a day.
    """
    entered, partner = enter_partner(actor, partnership_id, bid_id, partner_id, State.ASKED)
    last = max(filter(None, (partner.asked_at, partner.reminded_at)), default=None)
    if last is not None and now - last < PAUSE:
        raise Conflict(
            _("We wrote to %(name)s less than a day ago. Wait until tomorrow, or call them.")
            % {"name": partner.name}
        )
    if not _write_anew(partner, kind="reminded", now=now):
        raise Conflict(_("Nothing is waiting to be signed by %(name)s.") % {"name": partner.name})
    write_partner(partner, reminded_at=now)
    note(actor, "remind_partner", entered, partner, changes={"title": partner.name})
    return partner


def _write_anew(partner: Partner, *, kind: str, now: datetime) -> bool:
    """Repeat the pending request to a partner; return whether there was one."""
    with as_service("The holder of an old link has no sign-in, but may have a request repeated."):
        texts = texts_of(partner)
    wanted = {State.ASKED: Kind.LETTER, State.IN: Kind.BID}.get(State(partner.state))
    text = texts.get(wanted or "")
    if text is None or not text.is_open:
        return False
    if wanted == Kind.LETTER:
        mails.ask(partner, now=now, kind=kind)
    else:
        mails.ask_to_sign(partner, text.agreement, now=now, kind=kind)
    return True


@transaction.atomic
def withdraw_invitation(
    *, actor: Reader, partnership_id: int, bid_id: int, partner_id: int, now: datetime
) -> Partner:
    """Withdraw an invitation: its letter and its link are closed, and the partner is notified.

    Errors as `enter_partner`.
    """
    entered, partner = enter_partner(actor, partnership_id, bid_id, partner_id, State.ASKED)
    signing.void(partnership_id, Kind.LETTER, str(partner.pk), now=now)
    close_links(partner, now=now)
    mails.tell_withdrawn(partner, actor=actor, now=now)
    write_partner(
        partner, state=State.NOTED, asked_at=None, answered_at=None, word="", reminded_at=None
    )
    note(actor, "withdraw_invitation", entered, partner, changes={"title": partner.name})
    return partner


@transaction.atomic
def bring_back(
    *, actor: Reader, partnership_id: int, bid_id: int, partner_id: int, now: datetime
) -> Partner:
    """Plan again with a partner that declined or left; it must be invited again.

    Its planned spending counts again. The coordinator and the work package leaders have to be set
    again.

    Errors as `enter_partner`.
    """
    entered, partner = enter_partner(actor, partnership_id, bid_id, partner_id, *OUT)
    write_partner(
        partner, state=State.NOTED, asked_at=None, answered_at=None, word="", reminded_at=None
    )
    why = _("%(name)s is back in the consortium.") % {"name": partner.name}
    unsign(partner.bid, now=now, why=why)
    note(actor, "bring_partner_back", entered, partner, changes={"title": partner.name})
    return partner


@transaction.atomic
def renew_link(*, token: str, now: datetime) -> None:
    """Send a new link to the address of an expired one.

    The response is the same, whether there was such a link or not. Nothing is sent where no answer
    is possible, or where a newer link was sent.
    """
    link = find_link(token)
    if link is None or link.closed_at is not None or is_link_open(link, now):
        return
    try:
        with as_service("The holder of an old link has no sign-in; only known addresses get mail."):
            partner = hold_partner(link.partner_id, State.ASKED, State.IN)
            newer = partner.links.filter(created_at__gt=now - PAUSE)
            if newer.count() < _MOST_RENEWALS and not _write_anew(partner, kind="renewed", now=now):
                mails.lead_back(partner, now=now)
    except Conflict:
        # No answer is possible any more; the requester learns nothing of it.
        return
