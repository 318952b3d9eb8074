"""Taking a proposed consortium into its bid, and out of it again."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner, Search
from proxeny.bids.operations.entering import enter_bid, note
from proxeny.bids.queries import searches as reads
from proxeny.bids.rules import OPEN, OUT
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.records import add_record, drop_record

__all__ = ["take_proposal", "untake_proposal"]


@transaction.atomic
def take_proposal(
    *, actor: Reader, partnership_id: int, bid_id: int, search_id: int, number: int, now: datetime,
    today: date,
) -> list[Partner]:  # fmt: skip
    """Note the members of a proposal that are not in the bid yet as partners, all or none.

    Those who are in it stay as they are, whoever the proposal leaves out as well. Nobody is asked
    or told by that.

    Parameters
    ----------
    number : int
        The place of the proposal, from 1.

    Side effects: partners that are not asked yet, each with its row of the trail; signatures under
    the bid hold no longer; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the search, or may not write in its room.
    InvalidInput
        There is no such proposal.
    Conflict
        The bid is over; somebody said no meanwhile, or is seen by the whole room no longer.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *OPEN)
    search = reads.get_search(partnership_id, bid_id, search_id)
    proposals = search.result.get("proposals", [])
    if not 1 <= number <= len(proposals):
        raise InvalidInput(_("There is no such proposal."), field="proposal")
    missing = _missing(entered.partnership, entered.parties, entered.bid,
                       proposals[number - 1]["members"], today=today)  # fmt: skip
    joined = {one.pk for one in entered.parties if one.state == Party.State.JOINED}
    made: list[Any] = [
        add_record(
            actor=actor, kind="bid-partner", partnership_id=partnership_id, now=now,
            values={"bid": bid_id, "organisation": one["id"],
                    "party": one["party"] if one["party"] in joined else None},
        )
        for one in missing
    ]  # fmt: skip
    if made:
        search = Search.objects.select_for_update().get(pk=search_id)
        search.result["taken"] = {"proposal": number, "partners": [one.pk for one in made]}
        search.save(update_fields=["result"])
        note(actor, "take_proposal", entered, search,
             changes={"title": entered.bid.title, "partners": len(made)})  # fmt: skip
    return made


def _missing(
    partnership: Partnership, parties: list[Party], bid: Bid, members: list[dict[str, Any]], *,
    today: date,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the members that are not in the bid; refuse if one of them cannot be."""
    there = {one.organisation_id: one for one in Partner.objects.filter(bid=bid, dropped_at=None)}
    if said_no := [
        there[one["id"]].name
        for one in members
        if one["id"] in there and there[one["id"]].state in OUT
    ]:
        raise Conflict(
            _("Said no or left meanwhile: %(names)s. Search again without.")
            % {"names": join_items(said_no)}
        )  # fmt: skip
    missing = [one for one in members if one["id"] not in there]
    room = reads.room_of(partnership, parties, today=today)
    seen = reads.names_seen(room, (), {one["id"] for one in missing})
    if len(seen) < len(missing):
        raise Conflict(
            _("Not all of them are shown to this room any more. Search again.")
        )  # fmt: skip
    return missing


@transaction.atomic
def untake_proposal(
    *, actor: Reader, partnership_id: int, bid_id: int, search_id: int, now: datetime
) -> list[int]:
    """Put away the partners last taken from a search that were not asked yet; return their numbers.

    Who was asked meanwhile stays.

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
        drop_record(actor=actor, kind="bid-partner", partnership_id=partnership_id,
                    record_id=number, now=now)  # fmt: skip
    if taken:
        search.save(update_fields=["result"])
        note(actor, "untake_proposal", entered, search,
             changes={"title": entered.bid.title, "partners": len(numbers)})  # fmt: skip
    return numbers
