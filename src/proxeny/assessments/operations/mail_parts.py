"""The recipients of mails about assessments, and the parts that all of them share."""

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
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.operations import mails
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships.models import Party


def send(
    engagement: Engagement,
    people: Iterable[Person],
    write: Callable[[], Letter],
    *,
    key: str,
    but: int | None = None,
) -> int:
    """Send a letter to people, each in their own language; return the number of new mails.

    Anyone who has declared a conflict of interest is left out, whatever the letter says.

    Parameters
    ----------
    key : str
        Identifies this mail among those of the engagement.
    but : int, optional
        A person who knows already: the actor.
    """
    walled = walled_from(engagement)
    written = 0
    for one in {person.pk: person for person in people}.values():
        if one.pk != but and one.pk not in walled and one.erased_at is None:
            written += mails.send(
                mails.to_person(one, "assessments"),
                write,
                key=f"assessment:{engagement.pk}:{key}:{one.pk}",
            )
    return written


def people_of_client(engagement: Engagement, today: date) -> list[Person]:
    """Return the representatives of the company that asked."""
    with as_service("Teams write to the company's people, though they do not see its seats."):
        return people_of(engagement.client_id, today=today)


def askers_of(engagement: Engagement, *, today: date) -> list[Person]:
    """Return the company's recipients: the asking person if seated, else all representatives."""
    people = people_of_client(engagement, today)
    asked = [one for one in people if one.pk == engagement.asked_by_id]
    return asked or people


def people_who_deliver(
    engagement: Engagement, parties: Iterable[Party], *, today: date
) -> list[Person]:
    """Return the people who deliver the service on each side, or else the side's managers."""
    found: list[Person] = []
    with as_service("A company does not see who delivers its service, yet its mail reaches them."):
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
    """Return the advisers of an engagement without a conflict, of one side or of all."""
    with as_service("A company that acts cannot read who has declared to be free of conflicts."):
        free = declared([engagement.pk]).values("person_id")
        advisers = engagement.advisers.filter(left_at=None, person__in=free)
        if only is not None:
            advisers = advisers.filter(party=only)
        found = Person.objects.filter(pk__in=advisers.values("person_id"))
        return list(found.order_by("pk"))


def managers_in(parties: Iterable[Party], *, today: date) -> list[Person]:
    """Return the managers of some sides."""
    with as_service("A company that signs does not see the clusters' managers, who are told."):
        return managers_of([one.organisation_id for one in parties], today=today)


def people_named(engagement: Engagement) -> list[Person]:
    """Return the people named to work on an engagement, leads first; none with a conflict."""
    with as_service("A company that writes does not see who has declared a conflict."):
        rows = named_on(engagement).order_by("-leads", "pk")
        return [one.person for one in rows if one.person]


def walled_from(engagement: Engagement) -> list[int]:
    """Return the people with a conflict of interest in an engagement: they get no mail about it."""
    with as_service("A conflict of interest stops mail, whether or not the sender sees it."):
        return list(declared([engagement.pk], conflicts=True).values_list("person_id", flat=True))


def url_for_client(engagement: Engagement, page: str = "own-engagement") -> str:
    """Return the whole address of a page of the client's."""
    return f"{settings.BASE_URL}{reverse(f'assessments:{page}', args=[engagement.pk])}"


def url_for_team(engagement: Engagement, page: str = "engagement") -> str:
    """Return the whole address of a page of the teams'."""
    path = reverse(f"assessments:{page}", args=[engagement.partnership_id, engagement.pk])
    return f"{settings.BASE_URL}{path}"


def own_foot(engagement: Engagement) -> str:
    """Return the reason why the client's people get a mail."""
    return _("You’re receiving this message because %(name)s requested a market assessment.") % {
        "name": engagement.client.name
    }


def own_sender(engagement: Engagement) -> Sender:
    """Return who writes to the client's people: the cluster that they belong to."""
    return Sender(engagement.cluster.name)


def team_foot(engagement: Engagement) -> str:
    """Return the reason why the teams' people get a mail."""
    return _("You’re receiving this message because you work on assessments in “%(title)s”.") % {
        "title": engagement.partnership.title
    }
