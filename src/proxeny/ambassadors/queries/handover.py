"""The sheet by which a desk is handed over: the cases of one person, and all that belongs to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from proxeny.accounts.models import Role, Seat
from proxeny.accounts.queries import live_seats, names_of
from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Introduction, Mandate, Note, Side, TimeOption
from proxeny.ambassadors.queries.board import Card, make_card
from proxeny.ambassadors.queries.cases import (
    count_states,
    find_cases,
    find_mandates,
    first_of_each,
    list_cases,
    people_at_desk,
)
from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships.placement_queries import Stay, read_stays

State = Introduction.State
#: States that are handed over: open cases, and held ones that may still lead to something.
HANDED = (*rules.OPEN, State.MET)
#: Most cases of each state on the sheet, those that are due first, and most mandates.
MOST_CASES = 50
MOST_MANDATES = 100
#: Of each case so many notes, the newest first.
MOST_NOTES = 2


def at_desk(*, today: date) -> QuerySet[Seat]:
    """Return the desk seats of the person in charge of a case (the outer query)."""
    return live_seats(today=today).filter(
        person=OuterRef("in_charge"),
        organisation=OuterRef("cluster"),
        role__in=(Role.AMBASSADOR, Role.MANAGER),
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in charge of cases, or nobody (`person_id` is None)."""

    person_id: int | None
    name: str
    open: int
    met: int
    is_here: bool

    @property
    def key(self) -> str:
        """The person's part of a page address."""
        return str(self.person_id or "nobody")

    @property
    def has_left(self) -> bool:
        """Whether the person does not work at the desk any more."""
        return self.person_id is not None and not self.is_here

    @property
    def count(self) -> int:
        """The number of cases handed over with them."""
        return self.open + self.met


def list_holders(partnership_id: int, cluster_id: int, *, today: date) -> list[Holder]:
    """Return the holders of cases at a desk: former staff first, unassigned last. Three queries."""
    cases = find_cases(partnership_id, cluster_id, states=HANDED).order_by()
    counted = list(
        cases.values_list("in_charge").annotate(
            open=Count("pk", filter=Q(state__in=rules.OPEN)),
            met=Count("pk", filter=Q(state=State.MET)),
        )
    )
    names = names_of(pk for pk, *_counts in counted)
    team = {one.pk for one in people_at_desk(cluster_id, today=today)}
    found = [Holder(pk, _name(pk, names), open_, met, pk in team) for pk, open_, met in counted]
    return sorted(found, key=lambda one: (not one.has_left, one.is_here, one.name, one.key))


def _name(person_id: int | None, names: Mapping[int, str]) -> str:
    if person_id is None:
        return _("No one")
    return names.get(person_id) or _("Someone who has left")


@dataclass(frozen=True, slots=True)
class Line:
    """Case on the sheet, with its open times and latest notes."""

    card: Card
    times: Sequence[TimeOption]
    notes: Sequence[Note]

    @property
    def case(self) -> Introduction:
        """The case itself."""
        return self.card.case


@dataclass(frozen=True, slots=True)
class Group:
    """The cases in one state: the first of them, and how many there are."""

    state: str
    label: str
    count: int
    lines: Sequence[Line]

    @property
    def rest(self) -> int:
        """The number of cases not shown."""
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Known:
    """Contact of an organisation, as far as they may be passed on.

    Without their consent, name and address stay empty; mails reach them all the same.
    """

    organisation: str
    role: str
    name: str
    email: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that goes with the cases of one holder."""

    holder: Holder
    groups: Sequence[Group]
    contacts: Sequence[Known]
    mandates: Sequence[Mandate]
    stays: Sequence[Stay]

    @property
    def booked(self) -> int:
        """The number of booked meetings that change calendars."""
        return sum(one.count for one in self.groups if one.state == State.BOOKED)

    @property
    def known(self) -> list[Known]:
        """The contacts that are passed on."""
        return [one for one in self.contacts if not one.is_kept]

    @property
    def kept(self) -> list[Known]:
        """The contacts that stay with the person who recorded them."""
        return [one for one in self.contacts if one.is_kept]


def read_sheet(partnership_id: int, cluster_id: int, holder: Holder, *, now: datetime) -> Sheet:
    """Return the sheet of one holder. Eight queries, regardless of the number of cases.

    The same for every reader: it holds what may be passed on, and not what its reader knows.
    """
    today = now.date()
    cases = find_cases(partnership_id, cluster_id, states=HANDED, in_charge=holder.person_id or 0)
    shown = list_cases(first_of_each(cases, dict.fromkeys(HANDED, MOST_CASES)))
    mandates = find_mandates(partnership_id, cluster_id, states=(Mandate.State.ACCEPTED,))
    return Sheet(
        holder,
        groups=_groups(shown, count_states(cases), now=now),
        contacts=_contacts(shown),
        mandates=list(mandates.filter(until__gte=today)[:MOST_MANDATES]),
        stays=_stays(partnership_id, cluster_id, holder, today=today),
    )


def _groups(
    cases: Sequence[Introduction], counts: Mapping[str, int], *, now: datetime
) -> list[Group]:
    numbers = [one.pk for one in cases]
    times, notes = _times(numbers, now), _notes(numbers)
    lines: dict[str, list[Line]] = {}
    for one in cases:
        line = Line(make_card(one, now.date()), times.get(one.pk, ()), notes.get(one.pk, ()))
        lines.setdefault(one.state, []).append(line)
    return [
        Group(state, str(State(state).label), counts[state], lines.get(state, ()))
        for state in HANDED
        if counts[state]
    ]


def _times(numbers: Collection[int], now: datetime) -> dict[int, list[TimeOption]]:
    found = TimeOption.objects.filter(
        introduction__in=numbers,
        withdrawn_at=None,
        starts_at__gt=now,
        introduction__state__in=rules.TIMED,
    ).order_by("introduction", "starts_at")
    return {pk: list(rows) for pk, rows in groupby(found, lambda one: one.introduction_id)}


def _notes(numbers: Collection[int]) -> dict[int, list[Note]]:
    newest = [F("written_at").desc(), F("pk").desc()]
    rank = Window(RowNumber(), partition_by=F("introduction"), order_by=newest)
    found = Note.objects.filter(introduction__in=numbers, dropped_at=None).annotate(rank=rank)
    found = found.filter(rank__lte=MOST_NOTES).select_related("person")
    ordered = found.order_by("introduction", "rank")
    return {pk: list(rows) for pk, rows in groupby(ordered, lambda one: one.introduction_id)}


def _contacts(cases: Iterable[Introduction]) -> list[Known]:
    """Return the contacts in these cases, each once, members first."""
    told = dict.fromkeys(_tell(one) for case in cases for one in case.sides.all() if _is_known(one))
    return sorted(told, key=lambda one: (one.role != Side.Role.MEMBER, one.organisation, one.name))


def _is_known(side: Side) -> bool:
    return bool(side.person_id or side.email or side.name)


def _tell(side: Side) -> Known:
    organisation = side.organisation.name
    if not rules.may_pass_on(side):
        return Known(organisation, side.role, "", "", is_kept=True)
    person = side.person
    name, email = (person.name, person.email) if person else (side.name, side.email)
    return Known(organisation, side.role, tell_name(name), email, is_kept=False)


def _stays(partnership_id: int, cluster_id: int, holder: Holder, *, today: date) -> list[Stay]:
    """Return the stays that the cluster sends, now and to come, and the holder's last one."""
    stays = read_stays(partnership_id, today=today)
    sent = [
        one
        for one in (*stays.now, *stays.coming)
        if one.record.sender.organisation_id == cluster_id
    ]
    if holder.person_id is None or any(one.record.person_id == holder.person_id for one in sent):
        return sent
    return [*(one for one in stays.over if one.record.person_id == holder.person_id), *sent][:4]
