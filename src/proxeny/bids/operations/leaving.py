"""A partner goes: noted by the room, by itself, or because its cluster has left the alliance."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Partner
from proxeny.bids.operations import mails
from proxeny.bids.operations.links import using
from proxeny.bids.operations.partners import (
    enter_partner,
    hold_own,
    hold_partner,
    note_own,
    take_out,
)
from proxeny.bids.queries.own import signed_of_bid
from proxeny.bids.rules import OPEN, OUT
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import note

State = Partner.State


@transaction.atomic
def note_left(
    *, actor: Reader, partnership_id: int, bid_id: int, partner_id: int, why: str, now: datetime
) -> Partner:
    """Record that a participating partner has left, with the reason.

    Its role and what it would have spent stay in the table, uncounted. It coordinates and leads
    nothing any more, and what all have signed holds no longer.

    Side effects: mails to all others that have signed and to the managers of the room; audit rows.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `enter_partner`.
    InvalidInput
        No reason is given.
    """
    entered, partner = enter_partner(actor, partnership_id, bid_id, partner_id, State.IN)
    _leave(actor, partner, why, now)
    note(actor, "leave_bid", entered, partner, changes={"title": partner.name}, why=partner.word)
    return partner


@transaction.atomic
def leave_own(*, actor: Reader, partner_id: int, why: str, now: datetime) -> Partner:
    """Leave on behalf of the actor's organisation, with a reason; otherwise as `note_left`.

    Raises
    ------
    NotFound, Conflict, InvalidInput
        The actor speaks for no such partner; it does not take part, or the bid is no longer in
        preparation; there is no reason.
    """
    partner = hold_own(actor, partner_id, State.IN)
    _leave(actor, partner, why, now)
    note_own(actor, "leave_bid", partner, partner.word)
    return partner


@transaction.atomic
def leave_by_link(*, token: str, why: str, now: datetime) -> Partner:
    """Step back by a link, as `leave_own`."""
    with using(token, State.IN, now=now) as partner:
        _leave(STRANGER, partner, why, now)
        note_own(STRANGER, "leave_bid", partner, partner.word)
        return partner


def leave_with_party(
    actor: Reader, partnership: Partnership, party: Party, why: str, now: datetime
) -> None:
    """Let a cluster that leaves the alliance leave its bids that are still written, too."""
    with as_service("A party that leaves also leaves its bids, in a room now closed to it."):
        own = Partner.objects.filter(
            partnership=partnership,
            organisation_id=party.organisation_id,
            dropped_at=None,
            bid__state__in=OPEN,
            bid__dropped_at=None,
        ).exclude(state__in=OUT)
        numbers = list(own.order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        partner = hold_partner(number)
        _leave(actor, partner, why, now)
        note_own(actor, "leave_bid", partner, partner.word)


def _leave(actor: Reader, partner: Partner, why: str, now: datetime) -> None:
    why = why.strip()[:2000]
    if not why:
        raise InvalidInput(_("Give a reason in one sentence. The others will see it."), field="why")
    said = _("%(name)s has left: %(why)s") % {"name": partner.name, "why": why}
    go_out(partner, State.LEFT, actor=actor, word=why, why=said, now=now)
    mails.tell_room(partner, "left", actor=actor, now=now)


def go_out(
    partner: Partner, state: str, *, actor: Reader, word: str, why: str, now: datetime
) -> None:
    """Take a locked partner out, and tell all others that have signed the bid."""
    with as_service("A partner that goes may not see the others that have signed."):
        signed = signed_of_bid(partner.bid)
    take_out(partner, state, word=word, why=why, now=now)
    for one in signed:
        if one.pk != partner.pk:
            mails.tell_void(one, partner, now=now, but=actor.person)
