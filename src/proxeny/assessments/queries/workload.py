"""The advisers' workload in the assessments of a room, and whether promised days were kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Adviser, Engagement, Service, Step
from proxeny.assessments.queries.catalogue import with_words
from proxeny.assessments.rules import COMING, PLANNED, RUNNING
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Party
from proxeny.partnerships.room_queries import list_team

State = Engagement.State
#: Steps due within so many days count as due.
SOON = timedelta(days=7)
#: By what the page is sorted.
SORTS = ("name", "side", "open", "effort", "load", "due", "late", "kept")


@dataclass(slots=True)
class Load:
    """The current work of one adviser.

    Attributes
    ----------
    effort : float
        Days of work that the engagements in hand may take.
    share : float
        The share of working days between the start of each and its due day, in per cent:
        100 is full time.
    promised, actual : list of int
        Of those reported: days promised, and days it took, from the signed brief to the report.
    """

    person_id: int
    name: str
    side: str
    open: int = 0
    effort: float = 0.0
    share: float = 0.0
    due: int = 0
    late: int = 0
    promised: list[int] = field(default_factory=list)
    actual: list[int] = field(default_factory=list)

    @property
    def reported(self) -> int:
        """The number of reports they took part in."""
        return len(self.actual)

    @property
    def promised_days(self) -> float | None:
        """The median of the days that were promised."""
        return median(self.promised) if self.promised else None

    @property
    def actual_days(self) -> float | None:
        """The median of the days that it took."""
        return median(self.actual) if self.actual else None

    @property
    def is_behind(self) -> bool:
        """Whether it took longer than was promised, in the median."""
        took, said = self.actual_days, self.promised_days
        return took is not None and said is not None and took > said

    @property
    def percent(self) -> int:
        """The share of their time, in whole per cent."""
        return round(self.share)

    @property
    def is_over(self) -> bool:
        """Whether it is more than all of their time."""
        return self.share > 100


@dataclass(frozen=True, slots=True)
class Places:
    """The running engagements of a service, its capacity, and the waiting requests."""

    service_id: int
    name: str
    running: int
    capacity: int
    waiting: int

    @property
    def is_full(self) -> bool:
        """Whether no place is free."""
        return self.running >= self.capacity


@dataclass(frozen=True, slots=True)
class Workload:
    """The workload of a room: its people, and the places of its services."""

    people: tuple[Load, ...]
    places: tuple[Places, ...]


def read_workload(
    partnership_id: int, parties: Sequence[Party], *, today: date, sort: str = "-load"
) -> Workload:
    """Return the workload of both sides, as far as the reader sees it. Six queries.

    Engagements that a conflict of interest hides from the reader are not counted. All people of a
    team are included, even those with nothing to do.
    """
    numbers = list(
        Engagement.objects.filter(partnership_id=partnership_id).values_list("pk", flat=True)
    )
    named = list(Adviser.objects.filter(engagement__in=numbers, left_at=None).exclude(person=None))
    with as_service("Both sides' people are counted, on assessments that the reader sees."):
        engagements = Engagement.objects.in_bulk(numbers)
        steps = list(
            Step.objects.filter(engagement__in=numbers, done_on=None, due_on__lte=today + SOON)
        )
        team = list_team(parties, today=today)
    loads = _loads(parties, team, named)
    for one in named:
        if one.person_id in loads:
            _add(loads[one.person_id], one, engagements[one.engagement_id], today)
    for step in steps:
        load = loads.get(step.person_id or 0)
        if load and engagements[step.engagement_id].state in PLANNED:
            load.late += step.due_on < today
            load.due += step.due_on >= today
    services = with_words(Service.objects.filter(partnership_id=partnership_id))
    return Workload(_sorted(loads.values(), sort), tuple(_places(services, engagements.values())))


def _loads(
    parties: Sequence[Party], team: dict[int, list[Person]], named: Iterable[Adviser]
) -> dict[int, Load]:
    sides = {one.pk: one.organisation.name for one in parties}
    found = {}
    for party, people in team.items():
        for person in people:
            found[person.pk] = Load(person.pk, tell_name(person.name), sides[party])
    return found


def _add(load: Load, adviser: Adviser, one: Engagement, today: date) -> None:
    if one.state in (*RUNNING, State.HANDED_OVER):
        load.open += 1
    if one.state in COMING:
        effort = float(adviser.effort_days)
        begins = one.signed_at.date() if one.signed_at else today
        load.effort += effort
        load.share += 100 * effort / max(1, working_days(begins, one.due_on or begins + _MONTH))
    if one.reported_at and one.signed_at and one.due_on:
        signed = one.signed_at.date()
        load.promised.append((one.due_on - signed).days)
        load.actual.append((one.reported_at.date() - signed).days)


#: What is reckoned with where no day is promised yet.
_MONTH = timedelta(days=30)


def working_days(begins: date, ends: date) -> int:
    """Return the days from Monday to Friday from one day to another, both included."""
    span = (ends - begins).days + 1
    weeks, rest = divmod(max(span, 0), 7)
    return weeks * 5 + sum((begins.weekday() + more) % 7 < 5 for more in range(rest))


def _places(services: QuerySet[Any], engagements: Iterable[Engagement]) -> Iterator[Places]:
    running: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    for one in engagements:
        running[one.service_id] += one.state in RUNNING
        waiting[one.service_id] += one.state == State.ASKED
    for service in services.order_by("sort_name", "pk"):
        if service.state == Service.State.OFFERED or running[service.pk] or waiting[service.pk]:
            yield Places(
                service.pk, service.name, running[service.pk], service.capacity, waiting[service.pk]
            )


def _sorted(loads: Iterable[Load], sort: str) -> tuple[Load, ...]:
    name = sort.removeprefix("-")
    keys = {
        "side": lambda one: one.side,
        "open": lambda one: one.open,
        "effort": lambda one: one.effort,
        "load": lambda one: one.share,
        "due": lambda one: one.due,
        "late": lambda one: one.late,
        "kept": lambda one: one.actual_days if one.actual_days is not None else -1,
    }
    found = sorted(loads, key=lambda one: (one.name.casefold(), one.person_id))
    if name in keys:
        found.sort(key=keys[name], reverse=sort.startswith("-"))
    elif sort.startswith("-"):
        found.reverse()
    return tuple(found)


def table_of(people: Iterable[Load]) -> tuple[list[str], list[list[object]]]:
    """Return a workload as a table: its head, and its rows."""
    head = [
        _("Who"),
        _("Side"),
        _("Ongoing"),
        _("Days of work"),
        _("Share of their time, in percent"),
        _("Steps due"),
        _("Overdue steps"),
        _("Reports"),
        _("Promised turnaround in days, median"),
        _("Actual turnaround in days, median"),
    ]
    return head, [
        [
            one.name,
            one.side,
            one.open,
            one.effort,
            one.percent,
            one.due,
            one.late,
            one.reported,
            one.promised_days if one.promised_days is not None else "",
            one.actual_days if one.actual_days is not None else "",
        ]
        for one in people
    ]
