"""Front page of a room: pending items of the reader, next dates, and the current state."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from proxeny.kernel.hooks import Hook, KeyedHook
from proxeny.kernel.kinds import Kind, read_kinds
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting, list_waiting
from proxeny.partnerships.facts import gather_facts
from proxeny.partnerships.models import (
    Action,
    Activity,
    FundingSource,
    Partnership,
    Placement,
    Risk,
)
from proxeny.partnerships.readiness import GATES, Condition, check_gate, next_stages

#: So far ahead dates are told, and so many of them.
AHEAD = timedelta(days=120)
MOST_DATES = 8


@dataclass(frozen=True, slots=True)
class Date:
    """A day to come, or one that has passed by."""

    on: date
    text: str
    url: str
    kind: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with the page that it comes from."""

    label: str
    value: str
    note: str
    url: str


#: How many objects a card of a tab shows.
MOST_ITEMS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """An object on a card of one of the room's tabs.

    Attributes
    ----------
    title, url : str
    note : str
        A date or a name beside it.
    state, tone : str
        Its state in words, with its tone.
    """

    title: str
    url: str
    note: str = ""
    state: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the front page shows of a signed partnership.

    `gate` holds the conditions of the next stage, met or not; `stage` is its code, `next_stage`
    its name.
    """

    waiting: tuple[Waiting, ...]
    dates: tuple[Date, ...]
    stage: str = ""
    next_stage: str = ""
    gate: tuple[Condition, ...] = ()

    @property
    def missing(self) -> int:
        """How many conditions are not met."""
        return sum(not one.is_met for one in self.gate)


#: Dates of the reader, added by higher-level packages: each, or the rows that tell them.
FindDates = Callable[[Reader, Partnership, date], Iterable[Date | Kind[Date]]]
DATES: Hook[FindDates] = Hook("room.dates", "Dates on the front page of a room.")
#: Figures and newest objects of one page of the room; the objects under way first, at most
#: `MOST_ITEMS`.
FindTiles = Callable[[Partnership, date], Iterable[Tile]]
FindItems = Callable[[Partnership, date], Iterable[Item]]
TILES: KeyedHook[FindTiles] = KeyedHook(
    "room.tiles", "Figures on the card of a page of the room, by the page’s code."
)
ITEMS: KeyedHook[FindItems] = KeyedHook(
    "room.items", "Newest objects on the card of a page of the room, by the page’s code."
)


def look_over(reader: Reader, partnership: Partnership, *, now: datetime) -> Overview:
    """Return the front page of a room. A constant number of queries."""
    today = localdate(now)
    stages = next_stages(partnership)
    gate = []
    if stages and stages[0] in GATES:
        gate = check_gate(gather_facts(partnership, today=today), stages[0], today=today)
    return Overview(
        waiting=tuple(list_waiting(reader, now, room=partnership.pk)),
        dates=tuple(_dates(reader, partnership, today)),
        stage=stages[0].value if stages else "",
        next_stage=str(stages[0].label) if stages else "",
        gate=tuple(gate),
    )


def _dates(reader: Reader, partnership: Partnership, today: date) -> list[Date]:
    found = read_kinds(
        [
            *_own_dates(partnership, today),
            *(part for find in DATES for part in find(reader, partnership, today)),
        ]
    )
    return sorted(found, key=lambda one: (one.on, one.text))[:MOST_DATES]


def dates_of(
    rows: QuerySet[Any],
    on: str,
    url: Callable[[int], str],
    kind: str,
    *,
    today: date,
    title: str = "title",
) -> Kind[Date]:
    """Return rows as dates: `on` is the column of their day; those before today are late."""

    def tell(pk: int, on: str, title: str) -> Date:
        day = date.fromisoformat(on)
        return Date(day, title, url(pk), kind, day < today)

    return Kind(rows.order_by(on, "pk"), tell, {"on": on, "title": title}, most=MOST_DATES)


def _own_dates(partnership: Partnership, today: date) -> Iterator[Date | Kind[Date]]:
    def at(page: str, what: str = "") -> Callable[[int], str]:
        url = reverse(f"partnerships:{page}", args=[partnership.pk])
        return lambda pk: f"{url}#{what}-{pk}" if what else url

    until = today + AHEAD
    rows = {"partnership": partnership, "dropped_at": None}
    milestones = Activity.objects.filter(**rows, is_milestone=True, ends_on__lte=until).exclude(
        state=Activity.State.DONE
    )
    yield dates_of(milestones, "ends_on", at("plan", "activity"), _("Milestone"), today=today)
    actions = Action.objects.filter(**rows, done_on=None, due_on__lte=until)
    yield dates_of(actions, "due_on", at("plan", "action"), _("Action"), today=today)
    risks = Risk.objects.filter(**rows, closed_on=None, review_on__lte=until)
    yield dates_of(risks, "review_on", at("risks", "risk"), _("Risk review"), today=today)
    stays = Placement.objects.filter(**rows, closed_on=None, report_due_on__lte=until)
    url = at("placements", "placement")
    yield dates_of(stays, "report_due_on", url, _("Stay report"), today=today, title="place")
    sources = FundingSource.objects.filter(**rows, ends_on__range=(today, until))
    yield dates_of(sources, "ends_on", at("money"), _("Funding ends"), today=today, title="name")
    if partnership.ends_on and today <= partnership.ends_on <= until:
        yield Date(
            partnership.ends_on,
            _("Agreement expires"),
            reverse("partnerships:detail", args=[partnership.pk]),
            _("Agreement"),
        )
