"""Engagements: one, or many by a filter.

Names may be hidden from a reader of an engagement: the client of a side that shares no members, a
service that is no longer offered, a partnership that has ended. So the engagements are selected
with the reader's own access, and their names are read in the service role.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Adviser, Engagement, Question, Service, Step
from proxeny.assessments.rules import COMING, OPEN, OVER
from proxeny.directory.countries import country_name
from proxeny.kernel.errors import NotFound
from proxeny.kernel.lists import join_items
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import as_service

State = Engagement.State
#: By what the list is sorted.
SORTS = {
    "asked": ("asked_at", "pk"),
    "title": ("title", "pk"),
    "client": ("client__sort_name", "pk"),
    "market": ("market", "pk"),
    "state": ("state", "pk"),
    "due": ("due_on", "pk"),
}


def with_names(found: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """Load along what every page of an engagement shows of it; as the service."""
    return found.select_related(
        "client", "cluster", "service", "partnership", "asked_by", "meeting"
    )


def get_engagement(engagement_id: int, partnership_id: int | None = None) -> Engagement:
    """Return an engagement with its names; `NotFound` if the reader sees none. Two queries."""
    found = Engagement.objects.filter(pk=engagement_id)
    if partnership_id is not None:
        found = found.filter(partnership_id=partnership_id)
    if not found.exists():
        raise NotFound(_("We couldn’t find this assessment."))
    return load_engagements([engagement_id])[0]


def load_engagements(numbers: Sequence[int]) -> list[Engagement]:
    """Return engagements that were found, in the same order, with their names. One query."""
    with as_service("Callers found these as the reader; the names in them may be hidden."):
        rows = {one.pk: one for one in with_names(Engagement.objects.filter(pk__in=numbers))}
    return [rows[pk] for pk in numbers if pk in rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for the list; empty for all.

    Attributes
    ----------
    state : str
        One of `Engagement.State`, `open` (the usual), or `all`.
    side : int
        The id of the cluster whose member asked.
    adviser : int
        The id of an adviser's person.
    """

    search: str = ""
    state: str = ""
    question: str = ""
    market: str = ""
    side: int = 0
    adviser: int = 0
    is_late: bool = False
    sort: str = "-asked"

    @property
    def is_narrowed(self) -> bool:
        """Whether the filter differs from the default."""
        return self != Wanted(sort=self.sort)


def find_engagements(partnership_id: int, wanted: Wanted, *, today: date) -> list[int]:
    """Return the numbers of the engagements of a room that fit, in order. Two queries."""
    seen = list(
        Engagement.objects.filter(partnership_id=partnership_id).values_list("pk", flat=True)
    )
    found = _narrowed(Engagement.objects.filter(pk__in=seen), wanted, today)
    column, *rest = SORTS.get(wanted.sort.removeprefix("-"), SORTS["asked"])
    order = (
        F(column).desc(nulls_last=True)
        if wanted.sort.startswith("-")
        else F(column).asc(nulls_last=True)
    )
    with as_service("The list is sorted and searched by names that may be hidden."):
        return list(found.order_by(order, *rest).values_list("pk", flat=True))


def pick_engagements(partnership_id: int, wanted: Wanted, *, today: date) -> QuerySet[Engagement]:
    """Return the same as rows, for callers with their own pagination. Two queries and their own."""
    return Engagement.objects.filter(pk__in=find_engagements(partnership_id, wanted, today=today))


def expect_service(service_id: int, partnership_id: int) -> None:
    """Raise `NotFound` unless a service is one of a room's. One query."""
    if not Service.objects.filter(pk=service_id, partnership_id=partnership_id).exists():
        raise NotFound(_("We couldn’t find this service."))


def _narrowed(found: QuerySet[Engagement], wanted: Wanted, today: date) -> QuerySet[Engagement]:
    found = found.filter(state__in=states_of(wanted.state))
    for word in wanted.search.split():
        found = found.filter(Q(title__icontains=word) | Q(client__name__icontains=word))
    if wanted.question in Question.values:
        found = found.filter(question=wanted.question)
    if wanted.market:
        found = found.filter(market=wanted.market)
    if wanted.side:
        found = found.filter(cluster_id=wanted.side)
    if wanted.adviser:
        named = Adviser.objects.filter(person_id=wanted.adviser, left_at=None)
        found = found.filter(pk__in=named.values("engagement_id"))
    return found.filter(is_late(today)) if wanted.is_late else found


def states_of(chosen: str) -> Collection[str]:
    """Return the states that a choice in the list names: one, all, or those in hand."""
    if chosen in State.values:
        return (chosen,)
    return State.values if chosen == "all" else (*OPEN, State.HANDED_OVER)


def late_steps(today: date) -> QuerySet[Step]:
    """Return the steps that are late, of the engagement around it."""
    return Step.objects.filter(engagement=OuterRef("pk"), done_on=None, due_on__lt=today)


def is_late(today: date) -> Q:
    """Return the condition that an engagement is late: its report, or a step of its plan."""
    report = Q(state__in=COMING, due_on__lt=today)
    return report | (Q(Exists(late_steps(today))) & ~Q(state__in=OVER))


def list_markets(partnership_id: int) -> list[tuple[str, str]]:
    """Return the markets of a room's engagements, as choices by name. One query."""
    found = Engagement.objects.filter(partnership_id=partnership_id)
    codes = found.order_by("market").values_list("market", flat=True).distinct()
    return sorted(((code, country_name(code)) for code in codes), key=lambda one: one[1])


@dataclass(frozen=True, slots=True)
class Row:
    """An engagement as lists and boards show it: its leads, its steps, and delays."""

    engagement: Engagement
    leads: tuple[str, ...]
    steps: int
    done: int
    late: int
    is_late: bool

    @property
    def market(self) -> str:
        """The market's name."""
        return country_name(self.engagement.market)

    @property
    def who(self) -> str:
        """The names of the leads, in a line."""
        return join_items(self.leads)


def rows_of(numbers: Sequence[int], *, today: date) -> list[Row]:
    """Return engagements that were found as rows. Three queries, whatever their number."""
    engagements = load_engagements(numbers)
    with as_service("A company reads who leads its assessments, though it sees no seats."):
        leads = _leads_of(numbers)
        steps: dict[int, list[Step]] = {}
        for step in Step.objects.filter(engagement__in=numbers):
            steps.setdefault(step.engagement_id, []).append(step)
    return [_row(one, leads.get(one.pk, ()), steps.get(one.pk, ()), today) for one in engagements]


def _leads_of(numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = Adviser.objects.filter(engagement__in=numbers, leads=True, left_at=None)
    for one in rows.select_related("person").order_by("party__side", "pk"):
        if one.person:
            found[one.engagement_id] = (
                *found.get(one.engagement_id, ()),
                tell_name(one.person.name),
            )
    return found


def _row(one: Engagement, leads: tuple[str, ...], steps: Iterable[Step], today: date) -> Row:
    steps = list(steps)
    late = 0 if one.state in OVER else sum(not s.done_on and s.due_on < today for s in steps)
    waits = one.state in COMING
    report = waits and one.due_on is not None and one.due_on < today
    done = sum(s.done_on is not None for s in steps)
    return Row(one, leads, len(steps), done, late, bool(report or late))


def table_of(rows: Iterable[Row]) -> tuple[list[str], Iterator[list[object]]]:
    """Return engagements as a table: its head, and its rows."""
    head = [
        _("What’s requested"),
        _("Company"),
        _("Cluster"),
        _("Market question"),
        _("Market"),
        _("State"),
        _("In charge"),
        _("Requested on"),
        _("Needed by"),
        _("Report by"),
        _("Steps done"),
        _("Steps"),
        _("Overdue steps"),
        _("Price"),
        _("Currency"),
        _("Reason"),
    ]
    return head, (_cells(one) for one in rows)


def _cells(row: Row) -> list[object]:
    one = row.engagement
    return [
        one.title,
        one.client.name,
        one.cluster.name,
        one.get_question_display(),
        row.market,
        one.get_state_display(),
        row.who,
        _day(one.asked_at),
        _day(one.wanted_on),
        _day(one.due_on),
        row.done,
        row.steps,
        row.late,
        one.price,
        one.currency,
        one.reason,
    ]


def _day(moment: date | None) -> str:
    return moment.strftime("%Y-%m-%d") if moment else ""


#: The columns of the board; what was declined or withdrawn stands in the list alone.
COLUMNS = (*OPEN, State.HANDED_OVER, State.CLOSED)
#: So many cards stand in a column.
MOST_CARDS = 30
#: Of those that are closed, so many of the last.
MOST_CLOSED = 8


@dataclass(frozen=True, slots=True)
class Column:
    """The engagements in one state: the first of them, and their total number."""

    state: str
    label: str
    count: int
    cards: tuple[Row, ...]

    @property
    def rest(self) -> int:
        """The number of hidden cards."""
        return self.count - len(self.cards)


def read_board(partnership_id: int, wanted: Wanted, *, today: date) -> list[Column]:
    """Return the columns of a room's board, the oldest first. Six queries."""
    numbers = find_engagements(partnership_id, wanted, today=today)
    with as_service("These were found as the reader just before, conflicts of interest left out."):
        states = dict(Engagement.objects.filter(pk__in=numbers).values_list("pk", "state"))
    by_state: dict[str, list[int]] = {state: [] for state in COLUMNS}
    for pk in numbers:
        if states[pk] in by_state:
            by_state[states[pk]].append(pk)
    shown = {
        state: those[-MOST_CLOSED:][::-1] if state == State.CLOSED else those[:MOST_CARDS]
        for state, those in by_state.items()
    }
    rows = {one.engagement.pk: one for one in rows_of([*chain(*shown.values())], today=today)}
    return [
        Column(
            state,
            str(State(state).label),
            len(by_state[state]),
            tuple(rows[pk] for pk in shown[state] if pk in rows),
        )
        for state in COLUMNS
    ]


def people_of(partnership_id: int) -> list[tuple[int, str]]:
    """Return the advisers in a room's engagements, as choices by name. Two queries."""
    named = Adviser.objects.filter(partnership_id=partnership_id, left_at=None)
    numbers = set(named.values_list("person_id", flat=True)) - {None}
    with as_service("Advisers found as the reader are named, whichever side they are on."):
        people = list(Person.objects.filter(pk__in=numbers).order_by("name", "pk"))
    return [(one.pk, tell_name(one.name)) for one in people]
