"""Advisers of engagements, and their declarations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from proxeny.accounts.models import Person, Role
from proxeny.accounts.queries import live_seats
from proxeny.assessments.models import Adviser, Engagement
from proxeny.assessments.rules import RUNNING
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Interest, Party
from proxeny.partnerships.room_queries import list_team

ASSESSMENT = Interest.Subject.ASSESSMENT


@dataclass(frozen=True, slots=True)
class Standing:
    """The reader's role in an engagement: named as adviser, leading, declared free."""

    adviser: Adviser | None = None
    has_declared: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the reader may work on it."""
        return self.adviser is not None and self.has_declared

    @property
    def must_declare(self) -> bool:
        """Whether the reader has to declare."""
        return self.adviser is not None and not self.has_declared


def standing_of(reader: Reader, engagement: Engagement) -> Standing:
    """Return the reader's role in an engagement. At most two queries."""
    named = Adviser.objects.filter(engagement=engagement, person=reader.person, left_at=None)
    adviser = named.first()
    if adviser is None:
        return Standing()
    return Standing(adviser, declared([engagement.pk]).filter(person=reader.person).exists())


def declared(engagements: Iterable[int], *, conflicts: bool = False) -> QuerySet[Interest]:
    """Return the declarations in engagements: without or with a conflict of interest."""
    return Interest.objects.filter(
        subject=ASSESSMENT, subject_id__in=list(engagements), conflicts=conflicts
    )


def named_on(engagement: Engagement) -> QuerySet[Adviser]:
    """Return the named advisers of an engagement that can be mailed; none with a conflict."""
    walled = declared([engagement.pk], conflicts=True).values("person_id")
    found = Adviser.objects.filter(engagement=engagement, left_at=None, person__erased_at=None)
    return found.exclude(person=None).exclude(person_id__in=walled).select_related("person")


@dataclass(frozen=True, slots=True)
class Named:
    """An adviser of an engagement, and whether they have declared to be free."""

    adviser: Adviser
    name: str
    is_free: bool
    #: They hold no seat at their side any more.
    has_left: bool = False
    #: Of how many other companies of the same field they are an adviser now.
    same_field: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """The advisers on one side of an engagement."""

    party: Party
    advisers: tuple[Named, ...]

    @property
    def lead(self) -> Named | None:
        """The lead of this side."""
        return next((one for one in self.advisers if one.adviser.leads), None)

    @property
    def is_ready(self) -> bool:
        """Whether there is a lead who has declared no conflict."""
        return self.lead is not None and self.lead.is_free


def teams_of(engagement: Engagement, parties: Sequence[Party], *, today: date) -> list[Team]:
    """Return the advisers of each participating side of an engagement. Five queries.

    The client may use it too, to read the names of its advisers.
    """
    numbers = list(
        Adviser.objects.filter(engagement=engagement, left_at=None).values_list("pk", flat=True)
    )
    with as_service("The company reads who works for it, though it sees none of the seats."):
        rows = list(Adviser.objects.filter(pk__in=numbers).select_related("person"))
        free = set(declared([engagement.pk]).values_list("person_id", flat=True))
        seated = list_team(parties, today=today)
    hints = count_same_field(engagement, {one.person_id for one in rows if one.person_id})
    rows.sort(key=lambda one: (not one.leads, one.pk))
    return [
        Team(
            party,
            tuple(
                Named(
                    one,
                    tell_name(one.person.name if one.person else ""),
                    one.person_id in free,
                    one.person_id not in {person.pk for person in seated.get(party.pk, ())},
                    hints.get(one.person_id or 0, 0),
                )
                for one in rows
                if one.party_id == party.pk
            ),
        )
        for party in parties
        if party.state == Party.State.JOINED
    ]


def count_same_field(engagement: Engagement, people: Iterable[int]) -> dict[int, int]:
    """Return the numbers of other open engagements in which people advise the same field.

    With the reader's own access: engagements hidden by a conflict of interest are not counted
    either. The same field: one sector in common (NACE), and the same market.
    """
    others = list(
        Adviser.objects.filter(
            person_id__in=list(people),
            left_at=None,
            engagement__state__in=RUNNING,
            engagement__market=engagement.market,
        )
        .exclude(engagement=engagement)
        .values_list("engagement_id", flat=True)
    )
    with as_service("Clients in the same field are counted, though some may be hidden."):
        found = Adviser.objects.filter(
            engagement_id__in=others,
            person_id__in=list(people),
            left_at=None,
            engagement__client__nace__overlap=list(engagement.client.nace),
        ).exclude(engagement__client=engagement.client_id)
        counted = found.values_list("person_id").annotate(
            count=Count("engagement__client", distinct=True)
        )
        return dict(counted) if engagement.client.nace else {}


def candidates_of(party: Party, engagement: Engagement, *, today: date) -> list[Person]:
    """Return the people a side can name: seated there, with no declared conflict. Two queries."""
    seats = live_seats(today=today).filter(organisation_id=party.organisation_id)
    seats = seats.exclude(role=Role.JUROR)
    walled = declared([engagement.pk], conflicts=True).values("person_id")
    people = Person.objects.filter(pk__in=seats.values("person_id")).exclude(pk__in=walled)
    return list(people.order_by("name", "pk"))


def is_waiting(reader: Reader, engagement: Engagement) -> bool:
    """Whether the reader may declare about an engagement: named, and not gone from it."""
    return Adviser.objects.filter(
        engagement=engagement, person=reader.person, left_at=None
    ).exists()
