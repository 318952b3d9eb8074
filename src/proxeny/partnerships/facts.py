"""Counts of a room's content, taken once for its gates, its front page and its report."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from proxeny.kernel.hooks import Hook
from proxeny.kernel.kinds import day_of, fetch_rows
from proxeny.partnerships.models import (
    Activity,
    Agreement,
    Charge,
    HealthReview,
    KeyResult,
    Measurement,
    Objective,
    Partnership,
    Party,
    Recommendation,
    Rhythm,
    Risk,
)
from proxeny.partnerships.money import Ledger, read_ledger
from proxeny.partnerships.rules import FOR_PARTIES

Kind = Agreement.Kind
#: Most names in one sentence.
NAMED = 5
#: From this grade on, likelihood times impact, a risk is serious.
SERIOUS = 12

#: Returns the catch-ups of a partnership that took place; meetings are a layer above.
FindHeld = Callable[[int], QuerySet[Any]]
CATCH_UPS_HELD: Hook[FindHeld] = Hook("room.catch_ups_held", "The catch-ups that were held.")


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of a room's content. Names are those of the first few that a sentence would name."""

    partnership_id: int
    stage: str
    agreement_signed: bool
    renewed: bool
    exit_asked: bool
    exit_signed: bool
    objectives: int
    open_objectives: int
    unmeasured: list[str]
    measured: bool
    activities: int
    milestones: int
    milestones_done: int
    unowned: list[str]
    without_contact: list[str]
    without_charge: list[str]
    risks: int
    serious_risks: int
    untreated_risks: list[str]
    unaccepted_risks: list[str]
    unfunded: list[str]
    without_rate: list[str]
    has_rhythm: bool
    catch_ups_held: int
    reviewed_on: date | None
    undecided: int


def gather_facts(partnership: Partnership, *, today: date) -> Facts:
    """Return what a room holds. Five queries."""
    ledger = read_ledger(partnership, today=today)
    held = [find(partnership.pk) for find in CATCH_UPS_HELD]
    texts, goals, unowned, without_charge, risks, [begun], *catch_ups = fetch_rows(
        [
            _texts(partnership),
            _goals(partnership),
            _unowned(partnership),
            _without_charge(partnership),
            _risks(partnership),
            _begun(partnership),
            *((found, {}) for found in held),
        ]
    )
    joined = [one for one in partnership.parties.all() if one.state == Party.State.JOINED]
    uncharged = {one["pk"] for one in without_charge}
    return Facts(
        partnership_id=partnership.pk,
        stage=partnership.stage,
        **_tell_texts(texts, partnership.stage_since),
        **_tell_goals(goals),
        **_tell_plan(ledger),
        unowned=[one["title"] for one in unowned],
        without_contact=[one.organisation.name for one in joined if one.contact_id is None],
        without_charge=[one.organisation.name for one in joined if one.pk in uncharged],
        **_tell_risks(risks),
        **_money(ledger),
        measured=begun["measured"],
        has_rhythm=begun["has_rhythm"],
        undecided=len(begun["undecided"]),
        reviewed_on=day_of(begun["shown"]),
        catch_ups_held=sum(map(len, catch_ups)),
    )


type _Asked = tuple[QuerySet[Any], dict[str, Any]]
type _Rows = list[dict[str, Any]]


def _texts(partnership: Partnership) -> _Asked:
    found = Agreement.objects.filter(
        partnership=partnership, kind__in=(Kind.TEXT, Kind.EXIT), closed_at=None
    )
    return found.order_by("-number"), {"kind": "kind", "completed": "completed_at"}


def _tell_texts(texts: _Rows, since: date | None) -> dict[str, Any]:
    signed_on = [day_of(one["completed"]) for one in texts if one["kind"] == Kind.TEXT]
    return {
        "agreement_signed": bool(signed_on and signed_on[0]),
        "renewed": any(one and since is not None and one >= since for one in signed_on[:-1]),
        "exit_asked": any(not one["completed"] for one in texts if one["kind"] == Kind.EXIT),
        "exit_signed": any(one["completed"] for one in texts if one["kind"] == Kind.EXIT),
    }


def _goals(partnership: Partnership) -> _Asked:
    results = KeyResult.objects.filter(objective=OuterRef("pk"), dropped_at=None)
    found = Objective.objects.filter(partnership=partnership, dropped_at=None).order_by("pk")
    return found, {"title": "title", "closed": "closed_on", "has_result": Exists(results)}


def _tell_goals(goals: _Rows) -> dict[str, Any]:
    live = [one for one in goals if one["closed"] is None]
    return {
        "objectives": len(goals),
        "open_objectives": len(live),
        "unmeasured": [one["title"] for one in live if not one["has_result"]][:NAMED],
    }


def _unowned(partnership: Partnership) -> _Asked:
    found = Activity.objects.filter(partnership=partnership, dropped_at=None, charges=None)
    return found.exclude(state=Activity.State.DONE).order_by("pk")[:NAMED], {"title": "title"}


def _without_charge(partnership: Partnership) -> _Asked:
    charges = Charge.objects.filter(partnership=partnership, party=OuterRef("pk"))
    return Party.objects.filter(~Exists(charges), partnership=partnership).order_by(), {}


def _tell_plan(ledger: Ledger) -> dict[str, Any]:
    milestones = [one for one in ledger.activities if one.is_milestone]
    return {
        "activities": len(ledger.activities),
        "milestones": len(milestones),
        "milestones_done": sum(one.state == Activity.State.DONE for one in milestones),
    }


def _risks(partnership: Partnership) -> _Asked:
    accepted = Agreement.objects.filter(
        partnership=partnership,
        kind=Kind.RISK,
        closed_at=None,
        completed_at__isnull=False,
        subject=Cast(OuterRef("pk"), CharField()),
    )
    found = Risk.objects.filter(partnership=partnership, dropped_at=None, closed_on=None)
    columns = {
        "title": "title",
        "grade": F("current_likelihood") * F("current_impact"),
        "response": "response",
        "review": "review_on",
        "is_charged": Exists(Charge.objects.filter(risk=OuterRef("pk"))),
        "is_accepted": Exists(accepted),
    }
    return found.order_by("pk"), columns


def _tell_risks(risks: _Rows) -> dict[str, Any]:
    return {
        "risks": len(risks),
        "serious_risks": sum(one["grade"] >= SERIOUS for one in risks),
        "untreated_risks": [
            one["title"]
            for one in risks
            if not (one["response"] and one["is_charged"] and one["review"])
        ][:NAMED],
        "unaccepted_risks": [one["title"] for one in risks if not one["is_accepted"]][:NAMED],
    }


def _begun(partnership: Partnership) -> _Asked:
    """Ask what was measured and reviewed, whether there is a rhythm, and what waits."""
    own = {"partnership": OuterRef("pk")}
    reviews = HealthReview.objects.filter(**own, shown_at__isnull=False).order_by("-shown_at")
    proposed = Recommendation.objects.filter(
        FOR_PARTIES, **own, dropped_at=None, state=Recommendation.State.PROPOSED
    )
    return Partnership.objects.filter(pk=partnership.pk), {
        "measured": Exists(Measurement.objects.filter(**own)),
        "has_rhythm": Exists(Rhythm.objects.filter(**own)),
        "shown": Subquery(reviews.values("shown_at")[:1]),
        "undecided": ArraySubquery(proposed.values("pk")),
    }


def _money(ledger: Ledger) -> dict[str, Any]:
    own: dict[int, Decimal] = defaultdict(Decimal)
    free = Decimal(0)
    for line in ledger.lines:
        if line.activity_id is None or line.movable:
            free += line.amount
        else:
            own[line.activity_id] += line.amount
    short = [
        (one.title, max(one.cost - own[one.pk], Decimal(0)))
        for one in ledger.activities
        if one.cost
    ]
    is_paid = sum((sum_ for _title, sum_ in short), Decimal(0)) <= free
    return {
        "unfunded": [] if is_paid else [title for title, sum_ in short if sum_][:NAMED],
        "without_rate": list(ledger.without_rate),
    }
