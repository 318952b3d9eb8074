"""Selections, decisions and promotions, for programs of the clusters' managers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.models import Decision, Result, Round
from proxeny.labels.operations.deciding import decide_round
from proxeny.labels.operations.meetings import MOST_MINUTES, MOST_PRESENT, Meeting
from proxeny.labels.operations.moving_up import move_up, read_following
from proxeny.labels.operations.selecting import (
    Proposal,
    Wish,
    read_proposal,
    refuse_conflicted,
)
from proxeny.labels.queries.decisions import decisions_of, list_waiting, text_of
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.selection_explanations import (
    draft_minutes,
    tell_quotas,
    tell_ranking,
    tell_reasons,
)
from proxeny.partnerships.api._shapes import enter

ROUND = "/partnerships/{partnership_id}/rounds/{round_id}"
Key = Annotated[str, Field(max_length=24)]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
Standing = Literal[*Result.Standing.values]


class WishQuery(In):
    """The quotas to leave out for comparison, and who comes first in a tie.

    With `as_far`, quotas are filled as far as enough applications have passed.
    """

    without: Annotated[list[Key], Field(max_length=50)] = []
    prefer: Annotated[list[Number], Field(max_length=200)] = []
    as_far: bool = False

    def to_wish(self) -> Wish:
        """Return it in the form that operations take."""
        return Wish(tuple(self.without), tuple(self.prefer), self.as_far)


class RankedOut(Out):
    """An application in order of points.

    `total` is in percent; `missed` lists the thresholds it did not reach.
    """

    number: int
    title: str
    organisation: str
    country: str
    rank: int | None
    total: Decimal | None
    level: str
    standing: Standing | None
    missed: str


class QuotaCostOut(Out):
    """A quota: what it requires, how many are chosen because of it, and its cost in a sentence."""

    key: str
    name: str
    asks: str
    taken: int | None
    cost: str
    short: str


class SelectionReasonOut(Out):
    """Why the quotas can't be met, and what would help."""

    text: str
    helps: list[str]


class SelectionOut(Out):
    """The applications that would be chosen with the current scores.

    Send `fingerprint` back with the decision.
    """

    fingerprint: str
    places: int | None
    chosen: list[int]
    waiting: list[int]
    ties: list[list[int]]
    missing: list[int]
    withdrawn: int
    ranking: list[RankedOut]
    quotas: list[QuotaCostOut]
    reasons: list[SelectionReasonOut]
    minutes: str


class MeetingIn(In):
    """When the jury met, who took part, and the minutes."""

    held_on: Day
    present: Annotated[str, Field(min_length=1, max_length=MOST_PRESENT)]
    minutes: Annotated[str, Field(min_length=1, max_length=MOST_MINUTES)]

    def to_meeting(self) -> Meeting:
        """Return it in the form that operations take."""
        return Meeting(self.held_on, self.present, self.minutes, getattr(self, "why", ""))


class RoundDecideIn(MeetingIn):
    """A decision on the selection that you read, identified by its fingerprint."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    without: Annotated[list[Key], Field(max_length=50)] = []
    prefer: Annotated[list[Number], Field(max_length=200)] = []
    as_far: bool = False
    why: Annotated[str, Field(max_length=2000)] = ""


class DecisionOut(Out):
    """The decision of a meeting, by numbers of applications.

    It `waits` until all clusters have signed the text `text_id`, and has no `number` until then.
    """

    number: int | None
    waits: bool
    text_id: int | None
    kind: Literal[*Decision.Kind.values]
    held_on: Day
    present: str
    minutes: str
    decided_at: datetime
    chosen: list[int]
    waiting: list[int]


class NextUpOut(Out):
    """The application that would move up into the next free place.

    `passed_over` explains in sentences who was passed over.
    """

    free: int
    number: int | None
    title: str
    passed_over: list[str]


class MoveUpIn(MeetingIn):
    """The application that moves up: the one returned as next."""

    number: Number


def enter_steered(request: Request, partnership_id: int, round_id: int) -> Round:
    """Return a round of which the caller is a manager."""
    enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    if partnership_id not in request.reader.steered:
        raise NotAllowed(_("Only cluster managers can do this."))
    return held


def deed_of(request: Request, partnership_id: int, round_id: int) -> dict[str, Any]:
    """Return the actor, the time and the round, which the caller has to manage."""
    enter_steered(request, partnership_id, round_id)
    return {
        "actor": request.reader,
        "partnership_id": partnership_id,
        "round_id": round_id,
        "now": timezone.localtime(),
    }


def _selection(proposal: Proposal) -> dict[str, Any]:
    quotas = tell_quotas(proposal)
    return {
        "fingerprint": proposal.fingerprint,
        "places": proposal.round.places,
        "chosen": list(proposal.chosen),
        "waiting": list(proposal.waiting),
        "ties": [list(one) for one in proposal.ties],
        "missing": [one.number for one in proposal.missing],
        "withdrawn": proposal.withdrawn,
        "ranking": [
            {**row, "organisation": row["name"], "total": row["exact"], "standing": row["code"]}
            for row in tell_ranking(proposal)
        ],
        "quotas": [{name: one[name] for name in QuotaCostOut.model_fields} for one in quotas],
        "reasons": tell_reasons(proposal),
        "minutes": draft_minutes(proposal) if proposal.selection else "",
    }


@router.get(f"{ROUND}/selection", response=SelectionOut, summary="Preview the selection")
def show_label_selection(
    request: Request, partnership_id: Id, round_id: Id, asked: Query[WishQuery]
) -> dict[str, Any]:
    """Returns the best selection within the quotas and the cost of each quota, while the jury is
    discussing.

    Not available if you have declared a conflict of interest in one of the applications.
    """
    held = enter_steered(request, partnership_id, round_id)
    if held.state not in (Round.State.DISCUSSING, Round.State.DECIDED):
        raise NotFound(_("Selection starts after scoring."))
    return _selection(read_proposal(actor=request.reader, held=held, wish=asked.to_wish()))


def tell_decision(one: Decision) -> dict[str, Any]:
    """Return the fields of a decision."""
    names = DecisionOut.model_fields.keys() - {"chosen", "waiting", "text_id"}
    text = text_of(one)
    return {name: getattr(one, name) for name in names} | {
        "chosen": one.content["chosen"],
        "waiting": one.content["waiting"],
        "text_id": text.agreement.pk if text else None,
    }


@router.post(f"{ROUND}/decision", response={201: DecisionOut}, summary="Propose a decision")
def decide_label_round(
    request: Request, partnership_id: Id, round_id: Id, decided: RoundDecideIn
) -> Status[dict[str, Any]]:
    """Proposes the selection as you read it, and signs it for your side.

    The request is refused if a score has changed since. The decision takes effect, and all scores
    are frozen, once every other cluster has signed its text.
    """
    made = decide_round(
        **deed_of(request, partnership_id, round_id),
        seen=decided.fingerprint,
        wish=Wish(tuple(decided.without), tuple(decided.prefer), decided.as_far),
        meeting=decided.to_meeting(),
    )
    return Status(201, tell_decision(made))


@router.get(
    f"{ROUND}/decisions", response=list[DecisionOut], summary="List the decisions of a round"
)
def list_label_decisions(
    request: Request, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """Returns the decisions with their minutes, oldest first.

    Decisions that all clusters still have to confirm come last.
    """
    held = enter_steered(request, partnership_id, round_id)
    refuse_conflicted(request.reader, held)
    return [tell_decision(one) for one in (*decisions_of(held), *list_waiting(held))]


@router.get(f"{ROUND}/next-up", response=NextUpOut, summary="Get who moves up next")
def show_label_next_up(request: Request, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """Returns the next application by points, within the quotas, once the round is decided."""
    held = enter_steered(request, partnership_id, round_id)
    if held.state != Round.State.DECIDED:
        raise NotFound(_("This round hasn’t been decided yet."))
    found = read_following(actor=request.reader, held=held)
    return {name: getattr(found, name) for name in NextUpOut.model_fields}


@router.post(
    f"{ROUND}/next-up", response={201: DecisionOut}, summary="Propose moving up an application"
)
def move_up_in_label(
    request: Request, partnership_id: Id, round_id: Id, moved: MoveUpIn
) -> Status[dict[str, Any]]:
    """Gives the application a place that was given up, once every other cluster has signed the text
    of the decision.
    """
    made = move_up(
        **deed_of(request, partnership_id, round_id),
        number=moved.number,
        meeting=moved.to_meeting(),
    )
    return Status(201, tell_decision(made))
