"""Who is written to in assessments, and what each of their mails has."""

from collections.abc import Callable, Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.queries import live_seats, managers_of
from proxeny.assessments.models import Engagement, ServiceTeam
from proxeny.assessments.queries.advisers import declared, named_on
from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.operations import letters
from proxeny.meetings.operations.letters import Letter
from proxeny.partnerships.models import Party


def send(
    engagement: Engagement, people: Iterable[Person], write: Callable[[], Letter], *, key: str,
    but: int | None = None,
) -> int:  # fmt: skip
    """Write a letter to people, each in their own language; return how many were new.

    Whoever has declared a conflict of interest is left out, whatever it says.

    Parameters
    ----------
    key : str
        What makes this mail this mail, of this engagement.
    but : int, optional
        Who knows already: the actor.
    """
    walled = walled_from(engagement)
    written = 0
    for one in {person.pk: person for person in people}.values():
        if one.pk != but and one.pk not in walled and one.erased_at is None:
            written += letters.send(
                letters.to_person(one, "assessments"),
                write,
                key=f"assessment:{engagement.pk}:{key}:{one.pk}",
            )
    return written


def people_of_client(engagement: Engagement, today: date) -> list[Person]:
    """Return who speaks for the company that asked."""
    with as_service():
        return people_of(engagement.client_id, today=today)


def askers_of(engagement: Engagement, *, today: date) -> list[Person]:
    """Return who is told for the company: who asked while seated there, else all who speak for it."""
    people = people_of_client(engagement, today)
    asked = [one for one in people if one.pk == engagement.asked_by_id]
    return asked or people


def people_who_deliver(
    engagement: Engagement, parties: Iterable[Party], *, today: date
) -> list[Person]:
    """Return who delivers the service on each side; where nobody is named, the side's managers."""
    found: list[Person] = []
    with as_service():
        rows = ServiceTeam.objects.filter(service=engagement.service_id).select_related("person")
        named = {one.party_id: one.person for one in rows}
        for party in parties:
            person = named.get(party.pk)
            if person and _is_seated(person, party, today):
                found.append(person)
            else:
                found += managers_of([party.organisation_id], today=today)
    return found


def _is_seated(person: Person, party: Party, today: date) -> bool:
    seats = live_seats(today=today)
    return seats.filter(person=person, organisation_id=party.organisation_id).exists()


def people_at_work(engagement: Engagement, *, only: Party | None = None) -> list[Person]:
    """Return the advisers of an engagement who have declared to be free, of one side or of all."""
    with as_service():
        free = declared([engagement.pk]).values("person_id")
        advisers = engagement.advisers.filter(left_at=None, person__in=free)
        if only is not None:
            advisers = advisers.filter(party=only)
        found = Person.objects.filter(pk__in=advisers.values("person_id"))
        return list(found.order_by("pk"))


def managers_in(parties: Iterable[Party], *, today: date) -> list[Person]:
    """Return who manages some sides."""
    with as_service():
        return managers_of([one.organisation_id for one in parties], today=today)


def people_named(engagement: Engagement) -> list[Person]:
    """Return who is named to work on an engagement, leaders first; nobody with a conflict."""
    with as_service():
        rows = named_on(engagement).order_by("-leads", "pk")
        return [one.person for one in rows if one.person]


def walled_from(engagement: Engagement) -> list[int]:
    """Return who has a conflict of interest in an engagement: not even a mail tells them of it."""
    with as_service():
        return list(declared([engagement.pk], conflicts=True).values_list("person_id", flat=True))


def url_for_client(engagement: Engagement, page: str = "own-engagement") -> str:
    """Return the whole address of a page of the client's."""
    return f"{settings.BASE_URL}{reverse(f'assessments:{page}', args=[engagement.pk])}"


def url_for_team(engagement: Engagement, page: str = "engagement") -> str:
    """Return the whole address of a page of the teams'."""
    path = reverse(f"assessments:{page}", args=[engagement.partnership_id, engagement.pk])
    return f"{settings.BASE_URL}{path}"


def own_foot(engagement: Engagement) -> str:
    """Return why the client's people get a mail."""
    return _("You get this message because %(name)s asked for a market assessment.") % {
        "name": engagement.client.name
    }


def team_foot(engagement: Engagement) -> str:
    """Return why the teams' people get a mail."""
    return _("You get this message because you work on assessments of “%(title)s”.") % {
        "title": engagement.partnership.title
    }
