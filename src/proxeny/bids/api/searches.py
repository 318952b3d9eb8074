"""Searches for consortia over the API: start, list, results, and adding one to the bid.

A search is watched and stopped like any other job: `job_id`, under `/work/jobs`.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.explanations import ProposalTold, Teller
from proxeny.bids.gap_explanations import tell_outcome
from proxeny.bids.models import Search
from proxeny.bids.operations.searching import (
    Figures,
    NeedWish,
    SearchSettings,
    search_partners,
    settings_of,
)
from proxeny.bids.operations.taking import take_proposal, untake_proposal
from proxeny.bids.operations.wishes import (
    MOST_BIDS,
    MOST_COST,
    MOST_MEMBERS,
    MOST_NEEDS,
    MOST_SUM,
    MOST_WORDS,
)
from proxeny.bids.queries import searches as reads
from proxeny.bids.queries.bids import get_bid, partners_of
from proxeny.directory.models import Kind
from proxeny.kernel.api import Id, In, Out, exact, in_pages
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Party
from proxeny.partnerships.queries import parties_of

ALL = "/{partnership_id}/{bid_id}/searches"
ONE = f"{ALL}/{{search_id}}"

Cost = exact(12, 2, least=0, most=MOST_COST)
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
KindName = Literal[*Kind.values]


class BidNeedIn(In):
    """What someone in the consortium should be able to do.

    Put other ways of saying it after a semicolon.
    """

    words: str = Field(min_length=1, max_length=MOST_WORDS)
    must: bool = Field(False, description="Whether someone has to cover it.")


class BidFiguresIn(In):
    """What a partner usually costs and requests.

    Without a request, it is what the call gives for the cost.
    """

    kind: KindName | None = Field(
        None, description="The kind of organisation; without one, all others."
    )
    cost: Cost | None = None
    request: Cost | None = None


class BidSideIn(In):
    """The minimum number of members from a party."""

    party_id: Id
    least: int = Field(ge=0, le=MOST_MEMBERS)


class BidSearchIn(In):
    """What kind of consortium you are looking for. Empty lists don't restrict the search."""

    keep: list[Id] = Field([], max_length=MOST_MEMBERS, description="Organisations in the bid.")
    without: list[Id] = Field([], max_length=500, description="Organisations to leave out.")
    least: int = Field(6, ge=1, le=MOST_MEMBERS)
    most: int = Field(12, ge=1, le=MOST_MEMBERS)
    needs: list[BidNeedIn] = Field([], max_length=MOST_NEEDS)
    countries: list[Country] = Field([], max_length=260)
    kinds: list[KindName] = Field([], max_length=20)
    sides: list[BidSideIn] = Field([], max_length=26)
    request_most: exact(14, 2, least=Decimal("0.01"), most=MOST_SUM) | None = None
    figures: list[BidFiguresIn] = Field([], max_length=20)
    most_bids: int | None = Field(3, ge=1, le=MOST_BIDS)
    coordinator: bool = False
    differ_by: int = Field(1, ge=1, le=MOST_MEMBERS)


class BidSearchRow(Out):
    """A search, as shown in lists.

    `state` is `empty` if no consortium is possible, and `cut` if time ran out.
    """

    id: int
    bid_id: int
    state: Literal[*Search.State.values]
    settings: dict[str, Any]
    seconds: float | None
    job_id: int | None
    created_at: datetime
    finished_at: datetime | None


class BidMemberOut(Out):
    """A member. `adds` says what would be lost without it.

    A member that isn't shown to you has no name.
    """

    organisation_id: int
    name: str | None
    country: str
    role: str
    is_kept: bool
    is_in: bool
    adds: list[str]


class BidCoverOut(Out):
    """A need, how well it is covered (0 to 3), and who covers it best."""

    label: str
    must: bool
    level: int
    by: str


class BidProposalOut(Out):
    """A proposed consortium.

    No consortium other than those listed before it is worth more than `bound`.
    """

    number: int
    worth: int
    bound: int
    is_proven: bool
    proof: str
    coordinator: str
    conditions_state: Literal["met", "broken", "unknown"] | None
    is_taken: bool
    members: list[BidMemberOut]
    needs: list[BidCoverOut]


class BidWayOut(Out):
    """A way out if there is no consortium: what to change."""

    label: str


class BidSearchOut(BidSearchRow):
    """A search with its results, in your language."""

    title: str
    words: list[str]
    demands: list[str]
    ways: list[BidWayOut]
    notes: list[str]
    proposals: list[BidProposalOut]


class BidTakeIn(In):
    """Which proposal to add, by its number from 1, and whether to invite those added at once."""

    proposal: int = Field(ge=1, le=100)
    invite: bool = False


class BidTakenOut(Out):
    """The numbers of the partners that were added, or archived again."""

    partners: list[int]


@router.get(ALL, response=list[BidSearchRow], summary="List partner searches of a bid")
@in_pages("-created_at", "-id")
def list_bid_searches(request: Request, partnership_id: Id, bid_id: Id) -> QuerySet[Search]:
    """Newest first."""
    enter(request, partnership_id)
    return reads.searches_of(get_bid(partnership_id, bid_id))


@router.post(ALL, response={202: BidSearchRow}, summary="Search for partners for a bid")
def search_bid_partners(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    wanted: BidSearchIn,
) -> Status[Search]:
    """Searches the organisations that everyone in the room can see.

    `job_id` is the job to watch.
    """
    made = search_partners(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        settings=_settings(wanted),
    )
    response["Location"] = f"/api/v1/bids/{partnership_id}/{bid_id}/searches/{made.pk}"
    return Status(202, made)


def _settings(wanted: BidSearchIn) -> SearchSettings:
    values = wanted.model_dump()
    return SearchSettings(
        **values
        | {name: tuple(values[name]) for name in ("keep", "without", "countries", "kinds")}
        | {
            "needs": tuple(NeedWish(**one) for one in values["needs"]),
            "sides": {one["party_id"]: one["least"] for one in values["sides"]},
            "figures": {one.pop("kind") or "": Figures(**one) for one in values["figures"]},
        }
    )


@router.get(ONE, response=BidSearchOut, summary="Get a partner search")
def show_bid_search(
    request: Request, partnership_id: Id, bid_id: Id, search_id: Id
) -> dict[str, Any]:
    """Returns the best consortia, best first, or why there is none."""
    partnership = enter(request, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    search = reads.get_search(partnership_id, bid_id, search_id)
    search.bid = bid
    settings, parties, today = settings_of(search), parties_of(partnership), timezone.localdate()
    sides = {one.pk: one.organisation.name for one in parties if one.state == Party.State.JOINED}
    room = reads.room_of(partnership, parties, today=today)
    seen = reads.names_seen(room, partners_of(bid), _named(search, settings))
    teller = Teller(search, settings, seen, sides, today=today)
    outcome = tell_outcome(teller)
    kept = search.result.get("proposals", [])
    return {
        **{name: getattr(search, name) for name in BidSearchRow.model_fields},
        "title": outcome.title,
        "words": list(outcome.words),
        "demands": list(outcome.demands),
        "ways": [{"label": one.label} for one in outcome.ways],
        "notes": teller.considered(),
        "proposals": [
            _proposal(told, one["bound"])
            for told, one in zip(teller.proposals(), kept, strict=True)
        ],
    }


def _named(search: Search, settings: SearchSettings) -> set[int]:
    return reads.named_in(search.result, keep=settings.keep, without=settings.without)


def _proposal(one: ProposalTold, bound: int) -> dict[str, Any]:
    names = ("number", "worth", "is_proven", "proof", "coordinator", "is_taken")
    shown = ("country", "role", "is_kept", "is_in")
    return {name: getattr(one, name) for name in names} | {
        "bound": bound,
        "conditions_state": one.looked.state or None,
        "members": [
            {name: getattr(each, name) for name in shown}
            | {
                "organisation_id": each.id,
                "name": None if each.is_gone else each.name,
                "adds": list(each.adds),
            }
            for each in one.members
        ],
        "needs": list(one.needs),
    }


@router.post(f"{ONE}/take", response=BidTakenOut, summary="Add a proposal to the bid")
def take_bid_proposal(
    request: Request, partnership_id: Id, bid_id: Id, search_id: Id, wanted: BidTakeIn
) -> dict[str, Any]:
    """Members that are missing are added as partners, all or none. They are invited only with
    `invite`, and then only those that can be written to.
    """
    made = take_proposal(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        search_id=search_id,
        number=wanted.proposal,
        invite=wanted.invite,
        now=timezone.localtime(),
        today=timezone.localdate(),
    )
    return {"partners": [one.pk for one in made]}


@router.post(f"{ONE}/untake", response=BidTakenOut, summary="Undo adding a proposal")
def untake_bid_proposal(
    request: Request, partnership_id: Id, bid_id: Id, search_id: Id
) -> dict[str, Any]:
    """Archives the partners that were last added from this search, as far as they haven't been
    invited yet.
    """
    gone = untake_proposal(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        search_id=search_id,
        now=timezone.localtime(),
    )
    return {"partners": gone}
