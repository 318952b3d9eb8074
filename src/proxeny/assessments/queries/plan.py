"""The plan of an engagement: its steps, their owners, and delays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from proxeny.assessments.models import Engagement, Step
from proxeny.assessments.queries.advisers import Team
from proxeny.assessments.rules import OVER, PLANNED
from proxeny.kernel.errors import NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import as_service

#: So long before its day somebody is reminded of a step.
SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step as a plan shows it."""

    step: Step
    side: str
    who: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of an engagement, the next first to be done."""

    steps: tuple[Planned, ...]

    @property
    def done(self) -> int:
        """The number of steps done."""
        return sum(one.step.done_on is not None for one in self.steps)

    @property
    def late(self) -> int:
        """The number of late steps."""
        return sum(one.is_late for one in self.steps)

    @property
    def percent(self) -> int:
        """The percentage of steps done."""
        return 100 * self.done // len(self.steps) if self.steps else 0


def read_plan(engagement: Engagement, *, today: date) -> Plan:
    """Return the plan of an engagement that the reader sees. Two queries."""
    numbers = list(Step.objects.filter(engagement=engagement).values_list("pk", flat=True))
    with as_service("A company reads who is in charge of a step, though it sees no seats."):
        steps = Step.objects.filter(pk__in=numbers).select_related("party__organisation", "person")
        rows = list(steps)
    is_over = engagement.state in OVER
    return Plan(
        tuple(
            Planned(
                one,
                one.party.organisation.name if one.party else "",
                tell_name(one.person.name) if one.person else "",
                not is_over and one.done_on is None and one.due_on < today,
            )
            for one in rows
        )
    )


def get_step(engagement: Engagement, step_id: int) -> Step:
    """Return a step of an engagement; `NotFound` if there is none."""
    step = Step.objects.filter(pk=step_id, engagement=engagement).first()
    if step is None:
        raise NotFound(_("We couldn’t find this step."))
    return step


def owners_of(teams: Sequence[Team]) -> list[tuple[str, str]]:
    """Return the possible owners of a step, as choices: free advisers, then the sides. No query."""
    people = [
        (f"person-{one.adviser.person_id}", one.name)
        for team in teams
        for one in team.advisers
        if one.is_free
    ]
    return [*people, *((f"side-{team.party.pk}", team.party.organisation.name) for team in teams)]


def steps_to_tell(today: date) -> list[int]:
    """Return the steps whose owner is to be reminded: due in two days, or late. Service role."""
    found = Step.objects.filter(
        done_on=None,
        person__isnull=False,
        engagement__state__in=PLANNED,
        engagement__partnership__state="active",
        due_on__gte=today - timedelta(days=30),
        due_on__lte=today + SOON,
    ).exclude(due_on__range=(today, today + SOON - timedelta(days=1)))
    return list(found.order_by("pk").values_list("pk", flat=True))


def tell_steps(steps: Sequence[Planned]) -> list[dict[str, Any]]:
    """Return steps as programs get them."""
    return [
        {
            "id": one.step.pk,
            "title": one.step.title,
            "due_on": one.step.due_on,
            "party_id": one.step.party_id,
            "side": one.side,
            "person_id": one.step.person_id,
            "person": one.who,
            "done_on": one.step.done_on,
            "is_late": one.is_late,
            "version": one.step.version,
        }
        for one in steps
    ]
