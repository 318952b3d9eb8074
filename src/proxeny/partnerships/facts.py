"""What a room holds, counted once for its gates, its front page and its report."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Subquery

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
#: So many names stand in one sentence.
NAMED = 5
#: From this grade on, likelihood times impact, a risk is serious.
SERIOUS = 12

#: Returns how many catch-ups took place; meetings are a layer above.
CountHeld = Callable[[int], int]
_HELD: list[CountHeld] = []


def count_catch_ups(held: CountHeld) -> None:
    """Have the room know of catch-ups held; called when Django is ready."""
    _HELD.append(held)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a room holds. Names are those of the first few that a sentence would name."""

    partnership_id: int
    stage: str
    agreement_signed: bool
    renewed: bool
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
    """Return what a room holds. A constant number of queries."""
    return count_facts(partnership, read_ledger(partnership, today=today))


def count_facts(partnership: Partnership, ledger: Ledger) -> Facts:
    """Return what a room holds, its money and its plan read already."""
    return Facts(
        partnership_id=partnership.pk,
        stage=partnership.stage,
        **_agreed(partnership),
        **_goals(partnership),
        **_plan(partnership, ledger),
        **_risks(partnership),
        **_money(ledger),
        **_begun(partnership),
        catch_ups_held=sum(held(partnership.pk) for held in _HELD),
    )


def _agreed(partnership: Partnership) -> dict[str, Any]:
    texts = list(
        Agreement.objects.filter(
            partnership=partnership, kind__in=(Kind.TEXT, Kind.EXIT), closed_at=None
        ).order_by("-number").values_list("kind", "completed_at")
    )  # fmt: skip
    agreements = [completed for kind, completed in texts if kind == Kind.TEXT]
    since = partnership.stage_since
    return {
        "agreement_signed": bool(agreements and agreements[0]),
        "renewed": any(
            one and since is not None and one.date() >= since for one in agreements[:-1]
        ),
        "exit_signed": any(completed for kind, completed in texts if kind == Kind.EXIT),
    }


def _goals(partnership: Partnership) -> dict[str, Any]:
    results = KeyResult.objects.filter(objective=OuterRef("pk"), dropped_at=None)
    found = list(
        Objective.objects.filter(partnership=partnership, dropped_at=None)
        .annotate(has_result=Exists(results)).order_by("pk")
        .values_list("title", "closed_on", "has_result")
    )  # fmt: skip
    live = [one for one in found if one[1] is None]
    return {
        "objectives": len(found),
        "open_objectives": len(live),
        "unmeasured": [title for title, _closed, has_result in live if not has_result][:NAMED],
    }


def _plan(partnership: Partnership, ledger: Ledger) -> dict[str, Any]:
    milestones = [one for one in ledger.activities if one.is_milestone]
    unowned = (
        Activity.objects.filter(partnership=partnership, dropped_at=None, charges=None)
        .exclude(state=Activity.State.DONE).order_by("pk")
    )  # fmt: skip
    charged = set(
        Charge.objects.filter(partnership=partnership).values_list("party_id", flat=True).distinct()
    )
    parties = [one for one in partnership.parties.all() if one.state == Party.State.JOINED]
    return {
        "activities": len(ledger.activities),
        "milestones": len(milestones),
        "milestones_done": sum(one.state == Activity.State.DONE for one in milestones),
        "unowned": list(unowned.values_list("title", flat=True)[:NAMED]),
        "without_contact": [one.organisation.name for one in parties if one.contact_id is None],
        "without_charge": [one.organisation.name for one in parties if one.pk not in charged],
    }


def _risks(partnership: Partnership) -> dict[str, Any]:
    risks = list(
        Risk.objects.filter(partnership=partnership, dropped_at=None, closed_on=None)
        .annotate(charges_count=Count("charges")).order_by("pk")
    )  # fmt: skip
    accepted = set(
        Agreement.objects.filter(
            partnership=partnership, kind=Kind.RISK, closed_at=None, completed_at__isnull=False
        ).values_list("subject", flat=True)
    )
    return {
        "risks": len(risks),
        "serious_risks": sum(
            one.current_likelihood * one.current_impact >= SERIOUS for one in risks
        ),
        "untreated_risks": [
            one.title for one in risks
            if not (one.response and one.charges_count and one.review_on)
        ][:NAMED],
        "unaccepted_risks": [one.title for one in risks if str(one.pk) not in accepted][:NAMED],
    }  # fmt: skip


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


def _begun(partnership: Partnership) -> dict[str, Any]:
    """Return what was measured and reviewed, whether there is a rhythm, what waits. One query."""
    own = {"partnership": OuterRef("pk")}
    reviews = HealthReview.objects.filter(**own, shown_at__isnull=False).order_by("-shown_at")
    proposed = Recommendation.objects.filter(
        FOR_PARTIES, **own, dropped_at=None, state=Recommendation.State.PROPOSED
    )
    [(measured, has_rhythm, shown, undecided)] = Partnership.objects.filter(pk=partnership.pk).values_list(
        Exists(Measurement.objects.filter(**own)), Exists(Rhythm.objects.filter(**own)),
        Subquery(reviews.values("shown_at")[:1]), ArraySubquery(proposed.values("pk")),
    )  # fmt: skip
    return {
        "measured": measured, "has_rhythm": has_rhythm, "undecided": len(undecided),
        "reviewed_on": shown.date() if shown else None,
    }  # fmt: skip
