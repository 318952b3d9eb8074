"""Selections, decisions, and who moves up, by program; for the managers of the clusters."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.labels.api._router import router
from proxeny.labels.models import Decision, Result, Round
from proxeny.labels.operations.deciding import MOST_MINUTES, MOST_PRESENT, Meeting, decide_round
from proxeny.labels.operations.moving_up import move_up, read_following
from proxeny.labels.operations.selecting import (
    Proposal,
    Wish,
    read_proposal,
    refuse_conflicted,
)
from proxeny.labels.queries.decisions import decisions_of
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.telling_selection import (
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
    """Quotas that are left out, to compare; who comes first among equals; `as_far`: quotas are
    filled as far as enough applications passed."""

    without: Annotated[list[Key], Field(max_length=50)] = []
    prefer: Annotated[list[Number], Field(max_length=200)] = []
    as_far: bool = False

    def to_wish(self) -> Wish:
        """Return it as operations take it."""
        return Wish(tuple(self.without), tuple(self.prefer), self.as_far)


class RankedOut(Out):
    """An application in the order of points; `total` in percent; `missed` are thresholds."""

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
    """A quota: what it asks for, how many are chosen by it, and in a sentence what it costs."""

    key: str
    name: str
    asks: str
    taken: int | None
    cost: str
    short: str


class SelectionReasonOut(Out):
    """Why the quotas cannot be kept, and what would help."""

    text: str
    helps: list[str]


class SelectionOut(Out):
    """Who would be chosen as the scores stand. `fingerprint` is sent back with the decision."""

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
        """Return it as operations take it."""
        return Meeting(self.held_on, self.present, self.minutes, getattr(self, "why", ""))


class RoundDecideIn(MeetingIn):
    """A decision on a selection that was read, by its fingerprint."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    without: Annotated[list[Key], Field(max_length=50)] = []
    prefer: Annotated[list[Number], Field(max_length=200)] = []
    as_far: bool = False
    why: Annotated[str, Field(max_length=2000)] = ""


class DecisionOut(Out):
    """What was decided at a meeting, by numbers of applications."""

    number: int
    kind: Literal[*Decision.Kind.values]
    held_on: Day
    present: str
    minutes: str
    decided_at: datetime
    chosen: list[int]
    waiting: list[int]


class NextUpOut(Out):
    """Who would move up into the next free place; `passed_over` in sentences."""

    free: int
    number: int | None
    title: str
    passed_over: list[str]


class MoveUpIn(MeetingIn):
    """Who moves up: who was told as next."""

    number: Number


def enter_steered(request: HttpRequest, partnership_id: int, round_id: int) -> Round:
    """Return a round that the caller steers: managers of the clusters alone."""
    enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    if partnership_id not in request.reader.steered:
        raise NotAllowed(_("Only the managers of the clusters may do this."))
    return held


def deed_of(request: HttpRequest, partnership_id: int, round_id: int) -> dict[str, Any]:
    """Return who acts when, in a round that the caller steers."""
    enter_steered(request, partnership_id, round_id)
    return {
        "actor": request.reader, "partnership_id": partnership_id, "round_id": round_id,
        "now": timezone.localtime(),
    }  # fmt: skip


def _selection(proposal: Proposal) -> dict[str, Any]:
    quotas = tell_quotas(proposal)
    return {
        "fingerprint": proposal.fingerprint,
        "places": proposal.round.places, "chosen": list(proposal.chosen),
        "waiting": list(proposal.waiting), "ties": [list(one) for one in proposal.ties],
        "missing": [one.number for one in proposal.missing], "withdrawn": proposal.withdrawn,
        "ranking": [
            {**row, "organisation": row["name"], "total": row["exact"], "standing": row["code"]}
            for row in tell_ranking(proposal)
        ],
        "quotas": [{name: one[name] for name in QuotaCostOut.model_fields} for one in quotas],
        "reasons": tell_reasons(proposal),
        "minutes": draft_minutes(proposal) if proposal.selection else "",
    }  # fmt: skip


@router.get(f"{ROUND}/selection", response=SelectionOut, summary="Who would be chosen")
def show_label_selection(
    request: HttpRequest, partnership_id: Id, round_id: Id, asked: Query[WishQuery]
) -> dict[str, Any]:
    """The best selection within the quotas, and what each of them costs; while the jury discusses.
    Not for who declared a conflict of interest in one of the applications."""
    held = enter_steered(request, partnership_id, round_id)
    if held.state not in (Round.State.DISCUSSING, Round.State.DECIDED):
        raise NotFound(_("The selection comes after the scores."))
    return _selection(read_proposal(actor=request.reader, held=held, wish=asked.to_wish()))


def tell_decision(one: Decision) -> dict[str, Any]:
    """Return what is told of a decision."""
    names = DecisionOut.model_fields.keys() - {"chosen", "waiting"}
    return {name: getattr(one, name) for name in names} | {
        "chosen": one.content["chosen"], "waiting": one.content["waiting"],
    }  # fmt: skip


@router.post(f"{ROUND}/decision", response={201: DecisionOut}, summary="Decide a round")
def decide_label_round(
    request: HttpRequest, partnership_id: Id, round_id: Id, decided: RoundDecideIn
) -> Status[dict[str, Any]]:
    """As it was read: refused if a score has changed since. All scores are frozen."""
    made = decide_round(
        **deed_of(request, partnership_id, round_id),
        seen=decided.fingerprint,
        wish=Wish(tuple(decided.without), tuple(decided.prefer), decided.as_far),
        meeting=decided.to_meeting(),
    )  # fmt: skip
    return Status(201, tell_decision(made))


@router.get(f"{ROUND}/decisions", response=list[DecisionOut], summary="Decisions of a round")
def list_label_decisions(
    request: HttpRequest, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """The first one first, with minutes."""
    held = enter_steered(request, partnership_id, round_id)
    refuse_conflicted(request.reader, held)
    return [tell_decision(one) for one in decisions_of(held)]


@router.get(f"{ROUND}/next-up", response=NextUpOut, summary="Who moves up next")
def show_label_next_up(request: HttpRequest, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """By points, within the quotas; of a round that was decided."""
    held = enter_steered(request, partnership_id, round_id)
    if held.state != Round.State.DECIDED:
        raise NotFound(_("This round is not decided yet."))
    found = read_following(actor=request.reader, held=held)
    return {name: getattr(found, name) for name in NextUpOut.model_fields}


@router.post(f"{ROUND}/next-up", response={201: DecisionOut}, summary="Let somebody move up")
def move_up_in_label(
    request: HttpRequest, partnership_id: Id, round_id: Id, moved: MoveUpIn
) -> Status[dict[str, Any]]:
    """Into a place that was given up."""
    made = move_up(
        **deed_of(request, partnership_id, round_id),
        number=moved.number,
        meeting=moved.to_meeting(),
    )
    return Status(201, tell_decision(made))
