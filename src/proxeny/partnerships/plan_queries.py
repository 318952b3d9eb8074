"""Content of a plan: activities with their owners and dependencies, and actions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS, ORIGINS
from proxeny.partnerships.models import Action, Activity, Party
from proxeny.partnerships.room_queries import charges_of, needs_of

#: So many of the actions that are done are shown, the newest.
DONE = 100
#: A day this near is marked.
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class InCharge:
    """Owner on one side; unassigned without a person."""

    party: Party
    person: Person | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The activities of a room by their days, with what belongs to each, by its number."""

    activities: Sequence[Activity]
    charges: Mapping[int, Mapping[int, Person]]
    needs: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Task:
    """Action as of a day; `about` is its origin, as far as it is known."""

    record: Action
    about: str
    today: date

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it is not done."""
        return self.record.done_on is None and self.record.due_on < self.today

    @property
    def is_soon(self) -> bool:
        """Whether its day is near."""
        near = self.today <= self.record.due_on <= self.today + SOON
        return self.record.done_on is None and near

    @property
    def late_days(self) -> int:
        """By how many days it is late."""
        return max((self.today - self.record.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The actions of a room: the open ones by their day, and those that are done, the newest first.

    `counts` says how many are open for `all`, for the reader’s own `side`, and for the reader
    (`mine`).
    """

    open: Sequence[Task]
    done: Sequence[Task]
    counts: Mapping[str, int]
    is_empty: bool


def read_rows(partnership_id: int) -> Rows:
    """Return the activities of a room. Three queries."""
    found = Activity.objects.filter(partnership_id=partnership_id, dropped_at=None)
    activities = list(found.order_by("starts_on", "ends_on", "pk"))
    ids = [one.pk for one in activities]
    return Rows(activities, charges_of(KINDS["activity"], ids), needs_of(ids))


def in_charge(parties: Iterable[Party], people: Mapping[int, Person]) -> list[InCharge]:
    """Return the owners on each side that takes part."""
    return [InCharge(one, people.get(one.pk)) for one in parties if one.state == Party.State.JOINED]


def read_tasks(
    reader: Reader, partnership_id: int, *, mine: Party | None, who: str, today: date
) -> Tasks:
    """Return the actions of a room, of all or of some. At most four queries.

    Parameters
    ----------
    mine : Party or None
        The reader's side.
    who : str
        `side`: those of the reader's side; `mine`: those of the reader; anything else: all.
    """
    found = Action.objects.filter(partnership_id=partnership_id, dropped_at=None)
    found = found.select_related("party__organisation", "person")
    live = list(found.filter(done_on=None).order_by("due_on", "pk"))
    done = list(found.exclude(done_on=None).order_by("-done_on", "-pk")[:DONE])
    about = name_origins([*live, *done])

    def is_of(one: Action, whom: str) -> bool:
        if whom == "mine":
            return one.person_id is not None and one.person_id == reader.person
        return whom != "side" or (mine is not None and one.party_id == mine.pk)

    def told(actions: Iterable[Action]) -> list[Task]:
        return [Task(one, about.get(one.pk, ""), today) for one in actions if is_of(one, who)]

    counts = {whom: sum(is_of(one, whom) for one in live) for whom in ("all", "side", "mine")}
    return Tasks(told(live), told(done), counts, is_empty=not (live or done))


def tasks_for(
    partnership_id: int, origin: str, *, today: date, origin_id: int | None = None
) -> dict[int, list[Task]]:
    """Return the actions that came from risks, meetings or recommendations, by their number.

    With `origin_id`, those of one alone.
    """
    found = Action.objects.filter(
        partnership_id=partnership_id, dropped_at=None, origin=origin, origin_id__isnull=False
    ).select_related("party__organisation", "person")
    if origin_id is not None:
        found = found.filter(origin_id=origin_id)
    tasks: dict[int, list[Task]] = {}
    for one in found.order_by("due_on", "pk"):
        if one.origin_id is not None:
            tasks.setdefault(one.origin_id, []).append(Task(one, "", today))
    return tasks


def name_origins(actions: Iterable[Action]) -> dict[int, str]:
    """Return what an action came from, by the action. At most a query for each of `ORIGINS`."""
    wanted: dict[str, dict[int, int]] = {origin: {} for origin in ORIGINS}
    for one in actions:
        if one.origin in wanted and one.origin_id is not None:
            wanted[one.origin][one.pk] = one.origin_id
    names: dict[int, str] = {}
    for origin, by_action in wanted.items():
        if by_action:
            found: QuerySet[Any] = ORIGINS[origin]._default_manager.filter(
                pk__in=set(by_action.values())
            )
            titles = dict(found.values_list("pk", "title"))
            names |= {pk: titles.get(number, "") for pk, number in by_action.items()}
    return names
