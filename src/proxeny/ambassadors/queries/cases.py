"""The desk's cases: one, or many by what is asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.models import Person, Role
from proxeny.accounts.queries import live_seats
from proxeny.ambassadors.models import Introduction, Mandate, Note, Side, TimeOption
from proxeny.ambassadors.rules import OPEN
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.partnerships.models import Party

State = Introduction.State
#: Sort orders of the list, each with its tie-breaker.
SORTS = {
    "next": (F("next_on").asc(nulls_last=True), "-changed_at", "pk"),
    "member": ("member__sort_name", "pk"),
    "stakeholder": ("stakeholder__sort_name", "pk"),
    "state": ("state", "next_on", "pk"),
    "changed": ("-changed_at", "pk"),
}


def with_names(cases: QuerySet[Introduction]) -> QuerySet[Introduction]:
    """Load along what a list shows of each case; two more queries, for sides and reasons."""
    rows = Side.objects.select_related("person", "organisation").order_by("role")
    sides = Prefetch("sides", queryset=rows)
    closings = Note.objects.filter(closes=True)
    return cases.select_related(
        "member", "stakeholder", "cluster", "in_charge", "meeting", "partnership"
    ).prefetch_related(sides, Prefetch("notes", queryset=closings, to_attr="closings"))


def get_case(introduction_id: int, partnership_id: int | None = None) -> Introduction:
    """Return a case with its sides; `NotFound` if the reader sees none."""
    found = with_names(Introduction.objects.filter(pk=introduction_id))
    if partnership_id is not None:
        found = found.filter(partnership_id=partnership_id)
    case = found.first()
    if case is None:
        raise NotFound(_("We couldn’t find this introduction."))
    return case


def find_cases(
    partnership_id: int,
    cluster_id: int,
    *,
    states: Collection[str] = OPEN,
    search: str = "",
    in_charge: int | None = None,
    member_id: int | None = None,
    due_by: date | None = None,
    sort: str = "next",
) -> QuerySet[Introduction]:
    """Return the cases of one cluster's desk in a partnership.

    Parameters
    ----------
    states : collection of str
        Which states; the open ones if not said.
    search : str
        Words of which each occurs in a name, the reason or the next step.
    in_charge : int, optional
        A person's number; 0 asks for unassigned cases.
    due_by : date, optional
        Those whose next step is due by then.
    sort : str
        A key of `SORTS`.
    """
    found = Introduction.objects.filter(partnership_id=partnership_id, cluster_id=cluster_id)
    found = found.filter(state__in=states)
    for word in search.split()[:8]:
        # Looked up once, not for each case.
        named = Organisation.objects.filter(name__icontains=word).values("pk")
        found = found.filter(
            Q(member__in=named)
            | Q(stakeholder__in=named)
            | Q(reason__icontains=word)
            | Q(next_step__icontains=word)
        )
    if in_charge is not None:
        found = found.filter(in_charge=in_charge or None)
    if member_id is not None:
        found = found.filter(member_id=member_id)
    if due_by is not None:
        found = found.filter(next_on__lte=due_by)
    return found.order_by(*SORTS.get(sort, SORTS["next"]))


def list_cases(numbers: Iterable[int]) -> list[Introduction]:
    """Return cases with their names in the order of their numbers. Two queries."""
    places = {pk: place for place, pk in enumerate(numbers)}
    found = with_names(Introduction.objects.filter(pk__in=places))
    return sorted(found, key=lambda one: places[one.pk])


def first_of_each(cases: QuerySet[Introduction], most: Mapping[str, int]) -> list[int]:
    """Return the numbers of the first cases in each of some states, as many as `most` says.

    Those that are due first; of meetings that were held the last. One query, a page of an index
    for each state: a window over all cases would sort those of years.
    """
    parts = [
        cases.filter(state=state)
        .order_by(*SORTS["changed" if state == State.MET else "next"])
        .values_list("pk", flat=True)[:count]
        for state, count in most.items()
    ]
    return list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])


def count_states(cases: QuerySet[Introduction]) -> Counter[str]:
    """Return the number of cases in each state. One query."""
    counted = cases.order_by().values_list("state").annotate(count=Count("pk"))
    return Counter(dict(counted))


def options_of(case: Introduction) -> list[TimeOption]:
    """Return the times that were proposed and not taken back, by time."""
    return list(case.options.filter(withdrawn_at=None).order_by("starts_at", "pk"))


def notes_of(case: Introduction) -> list[Note]:
    """Return the desk's notes on a case that are not archived, newest first. One query."""
    return list(case.notes.filter(dropped_at=None).select_related("person"))


def mandates_of(member_id: int, partnership_id: int, *, today: date) -> list[Mandate]:
    """Return the mandates of a member that hold today, the newest first."""
    found = Mandate.objects.filter(
        member_id=member_id,
        partnership_id=partnership_id,
        state=Mandate.State.ACCEPTED,
        until__gte=today,
    )
    return list(found.order_by("-asked_at"))


def get_mandate(mandate_id: int) -> Mandate:
    """Return a mandate with member and cluster; `NotFound` if the reader sees none."""
    found = Mandate.objects.select_related("member", "cluster", "partnership", "asked_by")
    mandate = found.filter(pk=mandate_id).first()
    if mandate is None:
        raise NotFound(_("We couldn’t find this mandate."))
    return mandate


#: Mandates of a desk; by default those that wait come first.
MANDATES = Rows(
    "mandates",
    (
        Column(
            "member", gettext_lazy("Member"), lambda one: one.member.name, ("member__sort_name",)
        ),
        Column("seeks", gettext_lazy("Looking for"), lambda one: one.seeks),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
        Column(
            "asked",
            gettext_lazy("Requested on"),
            lambda one: localtime(one.asked_at).date(),
            ("asked_at",),
        ),
        Column("until", gettext_lazy("Until"), lambda one: one.until, ("until",)),
    ),
    search=("member__name", "seeks"),
)


def find_mandates(
    partnership_id: int, cluster_id: int, *, states: Collection[str] = Mandate.State.values
) -> QuerySet[Mandate]:
    """Return the mandates asked of a cluster's desk, those that wait first."""
    found = Mandate.objects.filter(partnership_id=partnership_id, cluster_id=cluster_id)
    found = found.select_related("member", "asked_by", "answered_by").filter(state__in=states)
    waiting = Case(When(state=Mandate.State.ASKED, then=Value(0)), default=Value(1))
    return found.order_by(waiting, "-asked_at", "pk")


def people_at_desk(cluster_id: int, *, today: date) -> list[Person]:
    """Return the people at a cluster's desk: its ambassadors, then its managers. One query."""
    seats = live_seats(today=today).filter(
        organisation_id=cluster_id, role__in=(Role.AMBASSADOR, Role.MANAGER)
    )
    found: dict[int, Person] = {}
    for seat in seats.select_related("person").order_by("role", "person__name", "pk"):
        if seat.person is not None:
            found.setdefault(seat.person_id, seat.person)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Contact:
    """Possible contact of an organisation."""

    name: str
    email: str
    language: str = "en"
    #: Empty for that of the organisation's country.
    time_zone: str = ""
    person_id: int | None = None


def contacts_of(organisation_id: int, *, today: date) -> list[Contact]:
    """Return the people with a seat in an organisation, as far as the reader may see them."""
    seats = live_seats(today=today).filter(organisation_id=organisation_id)
    seats = seats.exclude(role=Role.JUROR).select_related("person").order_by("pk")
    people = {seat.person_id: seat.person for seat in seats if seat.person}
    return [
        Contact(one.name, one.email, one.language, one.time_zone, pk) for pk, one in people.items()
    ]


def cluster_of_member(parties: Iterable[Party], clusters: Collection[int]) -> Party | None:
    """Return the party to whose cluster a member belongs, or None."""
    return next(
        (
            one
            for one in parties
            if one.organisation_id in clusters and one.state == Party.State.JOINED
        ),
        None,
    )
