"""The board and the list: many cases, each with what it waits for."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Side
from proxeny.ambassadors.queries.cases import (
    count_states,
    find_cases,
    first_of_each,
    list_cases,
    with_names,
)
from proxeny.ambassadors.rules import OPEN
from proxeny.kernel.lists import join_items
from proxeny.kernel.personal_data import tell_name

State = Introduction.State
#: The columns of the board; closed cases are only in the list.
COLUMNS = (State.NOTED, State.ASKING, State.FINDING, State.BOOKED, State.MET)
#: Most cards in a column, those that are due first.
MOST_CARDS = 40
#: Of meetings that were held, so many of the last.
MOST_MET = 10


@dataclass(frozen=True, slots=True)
class Card:
    """A case as a board shows it."""

    case: Introduction
    member: Side
    stakeholder: Side
    waits: str
    is_late: bool

    @property
    def key(self) -> str:
        """Its name among the page's elements."""
        return f"case-{self.case.pk}"

    @property
    def url(self) -> str:
        """The address of its page at the desk."""
        return f"{_room_url(self.case.partnership_id)}{self.case.pk}/"

    @property
    def due(self) -> str:
        """By when its next step is due, in words; empty if no day is set."""
        if self.case.next_on is None:
            return ""
        day = {"day": date_format(self.case.next_on, "SHORT_DATE_FORMAT")}
        return _("overdue since %(day)s") % day if self.is_late else _("by %(day)s") % day


@lru_cache(maxsize=64)
def _room_url(partnership_id: int) -> str:
    return reverse("ambassadors:board", args=[partnership_id])


@dataclass(frozen=True, slots=True)
class Column:
    """The cases in one state: the first of them, and how many there are in all."""

    state: str
    label: str
    count: int
    cards: tuple[Card, ...]

    @property
    def rest(self) -> int:
        """The number of cards not shown."""
        return self.count - len(self.cards)


def read_board(
    partnership_id: int,
    cluster_id: int,
    *,
    today: date,
    search: str = "",
    in_charge: int | None = None,
    member_id: int | None = None,
) -> list[Column]:
    """Return the columns of a desk's board. Four queries, whatever the number of cases."""
    cases = find_cases(
        partnership_id,
        cluster_id,
        states=COLUMNS,
        search=search,
        in_charge=in_charge,
        member_id=member_id,
    )
    most: dict[str, int] = {
        state: MOST_MET if state == State.MET else MOST_CARDS for state in COLUMNS
    }
    cards: dict[str, list[Card]] = {}
    for case in list_cases(first_of_each(cases, most)):
        cards.setdefault(case.state, []).append(make_card(case, today))
    counts = count_states(cases)
    return [
        Column(
            state,
            str(State(state).label),
            counts[state],
            tuple(cards.get(state, ())),
        )
        for state in COLUMNS
    ]


def make_cards(cases: Iterable[Introduction], today: date) -> list[Card]:
    """Return cases, loaded with their names, as cards."""
    return [make_card(case, today) for case in cases]


def make_card(case: Introduction, today: date) -> Card:
    """Return one case, loaded with its names, as a card."""
    by_role = {one.role: one for one in case.sides.all()}
    member, stakeholder = by_role[Side.Role.MEMBER], by_role[Side.Role.STAKEHOLDER]
    is_late = case.next_on is not None and case.next_on < today
    return Card(case, member, stakeholder, _waits(case, (member, stakeholder)), is_late)


def _waits(case: Introduction, sides: Sequence[Side]) -> str:
    """Return the side that a case waits for, in a few words."""
    bounced = [one.organisation.name for one in sides if one.bounced_at]
    if bounced and case.state in (State.ASKING, State.FINDING):
        return _("Emails don’t reach %(names)s") % {"names": join_items(bounced)}
    if case.state == State.ASKING:
        silent = [
            one.organisation.name
            for one in sides
            if one.answer == Side.Answer.WAITING and one.asked_at
        ]
        return _("Waiting for %(names)s") % {"names": join_items(silent)} if silent else ""
    return ""


def table_of(cases: QuerySet[Introduction]) -> tuple[list[str], Iterator[list[object]]]:
    """Return cases as a table: its head, and its rows."""
    head = [
        _("Member"),
        _("Stakeholder"),
        _("State"),
        _("Next step"),
        _("Due on"),
        _("In charge"),
        _("Why they should meet"),
        _("Where the idea came from"),
        _("Added on"),
        _("Requested on"),
        _("Both said yes on"),
        _("Meeting"),
        _("How it ended"),
        _("Reason"),
    ]
    return head, (_row(case) for case in with_names(cases).iterator(chunk_size=500))


def _row(case: Introduction) -> list[object]:
    return [
        case.member.name,
        case.stakeholder.name,
        case.get_state_display(),
        case.next_step,
        _day(case.next_on),
        tell_name(case.in_charge.name) if case.in_charge else "",
        case.reason,
        case.get_source_display(),
        _day(case.opened_at),
        _day(case.asked_at),
        _day(case.agreed_at),
        _day(case.meeting.starts_at) if case.meeting else "",
        case.get_closed_by_display(),
        case.closed_why,
    ]


def _day(moment: date | None) -> str:
    return moment.strftime("%Y-%m-%d") if moment else ""


def states_of(chosen: str) -> Collection[str]:
    """Return the states that a choice in the list names: one, all, or the open ones."""
    if chosen in State.values:
        return (chosen,)
    return State.values if chosen == "all" else OPEN
