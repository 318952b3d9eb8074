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
from proxeny.kernel.holdings import tell_name
from proxeny.partnerships.placement_queries import Stay, read_stays

State = Introduction.State
#: What is handed over: what is open, and what was held and may still lead to something.
HANDED = (*rules.OPEN, State.MET)
#: So many cases of each state stand on the sheet, those that are due first, and so many mandates.
MOST_CASES = 50
MOST_MANDATES = 100
#: Of each case so many notes, the newest first.
MOST_NOTES = 2


def at_desk(*, today: date) -> QuerySet[Seat]:
    """Return the seats by which who is in charge of a case (the outer query) works at its desk."""
    return live_seats(today=today).filter(
        person=OuterRef("in_charge"), organisation=OuterRef("cluster"),
        role__in=(Role.AMBASSADOR, Role.MANAGER),
    )  # fmt: skip


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
        """How an address names them."""
        return str(self.person_id or "nobody")

    @property
    def has_left(self) -> bool:
        """Whether it is somebody who does not work at the desk any more."""
        return self.person_id is not None and not self.is_here

    @property
    def count(self) -> int:
        """How many cases are handed over with them."""
        return self.open + self.met


def list_holders(partnership_id: int, cluster_id: int, *, today: date) -> list[Holder]:
    """Return who is in charge of what at a desk, who has left first, then nobody. Three queries."""
    cases = find_cases(partnership_id, cluster_id, states=HANDED).order_by()
    counted = list(
        cases.values_list("in_charge").annotate(
            open=Count("pk", filter=Q(state__in=rules.OPEN)),
            met=Count("pk", filter=Q(state=State.MET)),
        )
    )
    names = names_of(pk for pk, *_counts in counted)
    team = {one.pk for one in people_at_desk(cluster_id, today=today)}
    found = [Holder(pk, _name(pk, names), *counts, pk in team) for pk, *counts in counted]
    return sorted(found, key=lambda one: (not one.has_left, one.is_here, one.name, one.key))


def _name(person_id: int | None, names: Mapping[int, str]) -> str:
    if person_id is None:
        return _("Nobody")
    return names.get(person_id) or _("Somebody who has left")


@dataclass(frozen=True, slots=True)
class Line:
    """A case on the sheet, with the times that still stand and the last notes on it."""

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
        """How many are not shown."""
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Known:
    """Who speaks for an organisation, as far as they may be passed on.

    Of somebody who has not said so name and address stay empty; mails reach them all the same.
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
        """How many booked meetings change calendars."""
        return sum(one.count for one in self.groups if one.state == State.BOOKED)

    @property
    def known(self) -> list[Known]:
        """The contacts that are passed on."""
        return [one for one in self.contacts if not one.is_kept]

    @property
    def kept(self) -> list[Known]:
        """Those that stay with who wrote them down."""
        return [one for one in self.contacts if one.is_kept]


def read_sheet(partnership_id: int, cluster_id: int, holder: Holder, *, now: datetime) -> Sheet:
    """Return the sheet of one holder. Eight queries, however many cases there are.

    The same for every reader: it tells what may be passed on, and not what its reader knows.
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
        Group(state, State(state).label, counts[state], lines.get(state, ()))
        for state in HANDED if counts[state]
    ]  # fmt: skip


def _times(numbers: Collection[int], now: datetime) -> dict[int, list[TimeOption]]:
    found = TimeOption.objects.filter(
        introduction__in=numbers, withdrawn_at=None, starts_at__gt=now,
        introduction__state__in=rules.TIMED,
    ).order_by("introduction", "starts_at")  # fmt: skip
    return {pk: list(rows) for pk, rows in groupby(found, lambda one: one.introduction_id)}


def _notes(numbers: Collection[int]) -> dict[int, list[Note]]:
    newest = [F("written_at").desc(), F("pk").desc()]
    rank = Window(RowNumber(), partition_by=F("introduction"), order_by=newest)
    found = Note.objects.filter(introduction__in=numbers, dropped_at=None).annotate(rank=rank)
    found = found.filter(rank__lte=MOST_NOTES).select_related("person")
    ordered = found.order_by("introduction", "rank")
    return {pk: list(rows) for pk, rows in groupby(ordered, lambda one: one.introduction_id)}


def _contacts(cases: Iterable[Introduction]) -> list[Known]:
    """Return who speaks for whom in these cases, each once, members first."""
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
        one for one in (*stays.now, *stays.coming)
        if one.record.sender.organisation_id == cluster_id
    ]  # fmt: skip
    if holder.person_id is None or any(one.record.person_id == holder.person_id for one in sent):
        return sent
    return [*(one for one in stays.over if one.record.person_id == holder.person_id), *sent][:4]
