"""Taking a proposed consortium into its bid, and out of it again."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner, Search
from proxeny.bids.operations.asking import ask_partner
from proxeny.bids.operations.guards import enter_bid
from proxeny.bids.operations.mails import receivers_of
from proxeny.bids.queries import searches as reads
from proxeny.bids.rules import OPEN, OUT
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.records import add_record, drop_record
from proxeny.partnerships.operations.room import note

__all__ = ["take_proposal", "untake_proposal"]


@transaction.atomic
def take_proposal(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    search_id: int,
    number: int,
    now: datetime,
    today: date,
    invite: bool = False,
) -> list[Partner]:
    """Add the members of a proposal that are not yet in the bid as partners, all or none.

    Existing partners are unchanged, even those that the proposal leaves out.

    Parameters
    ----------
    number : int
        The place of the proposal, from 1.
    invite : bool
        Whether those added are invited at once, as `ask_partner` does; those that nobody can be
        written to at stay uninvited.

    Side effects: partners not yet invited, each with its audit row; signatures under the bid become
    void; an audit row. Nobody is notified unless invited.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the search, or may not write in its room.
    InvalidInput
        There is no such proposal.
    Conflict
        The bid is over; somebody declined meanwhile, or is no longer visible to the whole room.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *OPEN)
    search = reads.get_search(partnership_id, bid_id, search_id)
    proposals = search.result.get("proposals", [])
    if not 1 <= number <= len(proposals):
        raise InvalidInput(_("We couldn’t find this proposal."), field="proposal")
    missing = _missing(
        entered.partnership,
        entered.parties,
        entered.record,
        proposals[number - 1]["members"],
        today=today,
    )
    joined = {one.pk for one in entered.parties if one.state == Party.State.JOINED}
    made: list[Any] = [
        add_record(
            actor=actor,
            kind="bid-partner",
            partnership_id=partnership_id,
            now=now,
            values={
                "bid": bid_id,
                "organisation": one["id"],
                "party": one["party"] if one["party"] in joined else None,
            },
        )
        for one in missing
    ]
    if made:
        search = Search.objects.select_for_update().get(pk=search_id)
        search.result["taken"] = {"proposal": number, "partners": [one.pk for one in made]}
        search.save(update_fields=["result"])
        note(
            actor,
            "take_proposal",
            entered,
            search,
            changes={"title": entered.record.title, "partners": len(made)},
        )
    if invite:
        made = [_invite(actor, partner, now=now) for partner in made]
    return made


def _invite(actor: Reader, partner: Partner, *, now: datetime) -> Partner:
    if not receivers_of(partner, now=now):
        return partner
    return ask_partner(
        actor=actor,
        partnership_id=partner.partnership_id,
        bid_id=partner.bid_id,
        partner_id=partner.pk,
        now=now,
    )


def _missing(
    partnership: Partnership,
    parties: list[Party],
    bid: Bid,
    members: list[dict[str, Any]],
    *,
    today: date,
) -> list[dict[str, Any]]:
    """Return the members that are not in the bid; refuse if one of them cannot be."""
    there = {one.organisation_id: one for one in Partner.objects.filter(bid=bid, dropped_at=None)}
    if said_no := [
        there[one["id"]].name
        for one in members
        if one["id"] in there and there[one["id"]].state in OUT
    ]:
        raise Conflict(
            _("Declined or left in the meantime: %(names)s. Search again without them.")
            % {"names": join_items(said_no)}
        )
    missing = [one for one in members if one["id"] not in there]
    room = reads.room_of(partnership, parties, today=today)
    seen = reads.names_seen(room, (), {one["id"] for one in missing})
    if len(seen) < len(missing):
        raise Conflict(_("Some of them are no longer visible in this room. Search again."))
    return missing


@transaction.atomic
def untake_proposal(
    *, actor: Reader, partnership_id: int, bid_id: int, search_id: int, now: datetime
) -> list[int]:
    """Archive the partners last added from a search and not yet invited; return their numbers.

    Partners invited meanwhile stay.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `take_proposal`.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *OPEN)
    reads.get_search(partnership_id, bid_id, search_id)
    search = Search.objects.select_for_update().get(pk=search_id)
    taken = search.result.pop("taken", {}).get("partners", [])
    partners = Partner.objects.filter(
        pk__in=taken, bid_id=bid_id, dropped_at=None, state=Partner.State.NOTED
    ).order_by("pk")
    numbers = list(partners.values_list("pk", flat=True))
    for number in numbers:
        drop_record(
            actor=actor,
            kind="bid-partner",
            partnership_id=partnership_id,
            record_id=number,
            now=now,
        )
    if taken:
        search.save(update_fields=["result"])
        note(
            actor,
            "untake_proposal",
            entered,
            search,
            changes={"title": entered.record.title, "partners": len(numbers)},
        )
    return numbers
