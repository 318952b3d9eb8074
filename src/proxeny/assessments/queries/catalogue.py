"""The services of a partnership as its teams see them, and the numbers of free places."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments import rules
from proxeny.assessments.models import (
    Engagement,
    Question,
    Service,
    ServiceTeam,
    ServiceText,
)
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Party
from proxeny.partnerships.queries import list_agreed
from proxeny.partnerships.room_queries import list_team

State = Service.State
#: What is in the catalogue unless one asks for more.
LIVE = (State.DRAFT, State.SIGNING, State.OFFERED, State.PAUSED)
#: By what the list of the teams is sorted.
SORTS = {
    "name": ("sort_name", "pk"),
    "state": ("state", "sort_name", "pk"),
    "question": ("question", "sort_name", "pk"),
    "price": ("price", "sort_name", "pk"),
    "days": ("promised_days", "sort_name", "pk"),
}
LANGUAGES = tuple(dict(settings.LANGUAGES))


@dataclass(frozen=True, slots=True)
class Places:
    """The taken and free places of a service, and the latest day on which the next one is free.

    `next_on` is None while one is free, or where no day is promised yet.
    """

    taken: int
    free: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Deliverer:
    """The deliverer on one side; `person` is None if nobody is named.

    `has_left`: they hold no seat there any more.
    """

    party: Party
    person: Person | None
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A service with all that a list shows of it."""

    service: Any
    places: Places
    deliverers: tuple[Deliverer, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for the list; empty for all."""

    search: str = ""
    state: str = ""
    question: str = ""
    sort: str = "name"


def languages_by_choice() -> tuple[str, ...]:
    """Return the languages in which a text is looked for, the reader's first, English next."""
    mine = (get_language() or "en")[:2]
    return tuple(dict.fromkeys((mine, "en", *LANGUAGES)))


def _text(column: str) -> Coalesce:
    """Return a service's text in the reader's language, or else in the first one there is."""
    found = ServiceText.objects.filter(service_id=OuterRef("pk"))
    return Coalesce(
        *(
            Subquery(found.filter(language=code).values(column)[:1])
            for code in languages_by_choice()
        ),
        Subquery(found.order_by("pk").values(column)[:1]),
    )


def with_words(found: QuerySet[Service]) -> QuerySet[Any]:
    """Tell each service's `name` and `summary` in the reader's language, or in another it has."""
    return found.annotate(name=_text("name"), summary=_text("summary")).annotate(
        sort_name=Lower("name")
    )


def narrow(found: QuerySet[Any], search: str) -> QuerySet[Any]:
    """Leave the services whose name or summary has all words, in whatever language."""
    for word in search.split():
        texts = ServiceText.objects.filter(Q(name__icontains=word) | Q(summary__icontains=word))
        found = found.filter(pk__in=texts.values("service_id"))
    return found


def find_services(partnership_id: int, wanted: Wanted) -> QuerySet[Any]:
    """Return the services of a partnership that fit; those no longer offered only where asked for."""
    found = with_words(Service.objects.filter(partnership_id=partnership_id))
    if wanted.state in State.values:
        found = found.filter(state=wanted.state)
    elif wanted.state != "all":
        found = found.filter(state__in=LIVE)
    if wanted.question in Question.values:
        found = found.filter(question=wanted.question)
    column, *rest = SORTS.get(wanted.sort.removeprefix("-"), SORTS["name"])
    order = f"-{column}" if wanted.sort.startswith("-") else column
    return narrow(found, wanted.search).order_by(order, *rest)


def list_put_away(partnership_id: int) -> list[Any]:
    """Return the services no longer offered, by name. One query."""
    found = Service.objects.filter(partnership_id=partnership_id, state=State.RETIRED)
    return list(with_words(found).order_by("sort_name", "pk")[:100])


def get_service(service_id: int, partnership_id: int | None = None) -> Any:
    """Return a service with its words; `NotFound` if the reader sees none."""
    found = with_words(Service.objects.filter(pk=service_id)).select_related("partnership")
    if partnership_id is not None:
        found = found.filter(partnership_id=partnership_id)
    one = found.first()
    if one is None:
        raise NotFound(_("We couldn’t find this service."))
    return one


def free_places(service: Service) -> int:
    """Return the number of free places of a service. One query."""
    return places_of([service])[service.pk].free


def places_of(services: Iterable[Service], *, today: date | None = None) -> dict[int, Places]:
    """Return the numbers of taken and free places of each service. One query.

    A promised day that has passed is left out. Counted in the service role: anyone may know the
    waiting time, but not the companies ahead of them.
    """
    services = list(services)
    coming = Q(due_on__gte=today) if today else Q()
    with as_service("Anyone may know the waiting time, but not the companies ahead of them."):
        counted = {
            row["service_id"]: (row["taken"], row["next_on"])
            for row in Engagement.objects.filter(
                service__in=[one.pk for one in services], state__in=rules.RUNNING
            )
            .values("service_id")
            .annotate(taken=Count("pk"), next_on=Min("due_on", filter=coming))
        }
    found = {}
    for one in services:
        taken, next_on = counted.get(one.pk, (0, None))
        free = max(one.capacity - taken, 0)
        found[one.pk] = Places(taken, free, None if free else next_on)
    return found


def rows_of(services: Iterable[Any], parties: Sequence[Party], *, today: date) -> list[Row]:
    """Return services as the teams' list shows them. Four queries, whatever their number."""
    services = list(services)
    places = places_of(services, today=today)
    spoken: dict[int, set[str]] = defaultdict(set)
    texts = ServiceText.objects.filter(service__in=services)
    for service_id, language in texts.values_list("service_id", "language"):
        spoken[service_id].add(language)
    named = deliverers_of(services, parties, today=today)
    return [
        Row(
            one,
            places[one.pk],
            named[one.pk],
            tuple(code for code in LANGUAGES if code not in spoken[one.pk]),
        )
        for one in services
    ]


def deliverers_of(
    services: Iterable[Service], parties: Sequence[Party], *, today: date
) -> dict[int, tuple[Deliverer, ...]]:
    """Return the deliverers of services on each participating side. Two queries."""
    services = list(services)
    joined = [one for one in parties if one.state == Party.State.JOINED]
    team = {
        party: {one.pk for one in people}
        for party, people in list_team(joined, today=today).items()
    }
    named = {
        (one.service_id, one.party_id): one.person
        for one in ServiceTeam.objects.filter(service__in=services).select_related("person")
    }
    return {
        service.pk: tuple(
            _deliverer(party, named.get((service.pk, party.pk)), team) for party in joined
        )
        for service in services
    }


def _deliverer(party: Party, person: Person | None, team: dict[int, set[int]]) -> Deliverer:
    has_left = person is not None and person.pk not in team.get(party.pk, ())
    return Deliverer(party, person, has_left)


def texts_of(service: Service) -> dict[str, ServiceText]:
    """Return the names and texts of a service, by language, in the product's order. One query."""
    found = {one.language: one for one in service.texts.all()}
    return {code: found[code] for code in LANGUAGES if code in found}


def details_of(service: Service) -> ServiceText | None:
    """Return a service's texts in the reader's language, or in another it has. One query."""
    found = {one.language: one for one in service.texts.all()}
    return next((found[code] for code in languages_by_choice() if code in found), None)


def terms_of(service: Service) -> Agreement | None:
    """Return the newest terms sent for signature, signed or not. At most three queries."""
    agreed = list_agreed(service.partnership, Agreement.Kind.SERVICE, str(service.pk))
    return agreed[0].agreement if agreed else None


def hold_terms(service: Service) -> bool:
    """Whether terms that all have signed hold. One query."""
    return Agreement.objects.filter(
        partnership_id=service.partnership_id,
        kind=Agreement.Kind.SERVICE,
        subject=str(service.pk),
        completed_at__isnull=False,
        closed_at=None,
    ).exists()


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as a member company reads it."""

    service: Any
    places: Places
    clusters: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """A member's search; empty for all."""

    search: str = ""
    question: str = ""
    country: str = ""


def find_offered(reader: Reader, sought: Sought) -> QuerySet[Any]:
    """Return the services offered by partnerships of the reader's clusters, by name."""
    found = Service.objects.filter(partnership_id__in=reader.circles, state=State.OFFERED)
    found = with_words(found).select_related("partnership")
    if sought.question in Question.values:
        found = found.filter(question=sought.question)
    if sought.country:
        parties = Party.objects.filter(
            state=Party.State.JOINED, organisation__country=sought.country
        )
        found = found.filter(partnership_id__in=parties.values("partnership_id"))
    return narrow(found, sought.search).order_by("sort_name", "pk")


def countries_offering(reader: Reader) -> list[str]:
    """Return the countries of the clusters whose partnerships offer anything. One query."""
    offered = Service.objects.filter(partnership_id__in=reader.circles, state=State.OFFERED)
    parties = Party.objects.filter(
        state=Party.State.JOINED, partnership_id__in=offered.values("partnership_id")
    )
    with_country = parties.exclude(organisation__country="").order_by("organisation__country")
    return list(with_country.values_list("organisation__country", flat=True).distinct())


def get_offer(reader: Reader, service_id: int, *, today: date | None = None) -> Offer:
    """Return a service that is or was offered to the reader; `NotFound` for any other."""
    found = Service.objects.filter(
        pk=service_id, partnership_id__in=reader.circles, state__in=(State.OFFERED, State.PAUSED)
    )
    one = with_words(found).select_related("partnership").first()
    if one is None:
        raise NotFound(_("We couldn’t find this service."))
    return offers_of([one], today=today)[0]


def offers_of(services: Iterable[Any], *, today: date | None = None) -> list[Offer]:
    """Return services with their places and the clusters that deliver them. Two queries.

    Which clusters deliver is read as the service: members read no names of the teams.
    """
    services = list(services)
    places = places_of(services, today=today)
    clusters: dict[int, list[Organisation]] = defaultdict(list)
    with as_service("Members read which clusters deliver, but nothing about their teams."):
        parties = Party.objects.filter(
            partnership__in={one.partnership_id for one in services}, state=Party.State.JOINED
        )
        for party in parties.select_related("organisation").order_by("side"):
            clusters[party.partnership_id].append(party.organisation)
    return [Offer(one, places[one.pk], tuple(clusters[one.partnership_id])) for one in services]


def may_ask(reader: Reader) -> bool:
    """Whether the reader speaks for a company that can ask: a member of a cluster, not a cluster."""
    return bool(set(reader.organisations) - set(reader.clusters))


def table_of(rows: Iterable[Row]) -> tuple[list[Any], list[list[Any]]]:
    """Return header and rows of the teams' list for a spreadsheet."""
    rows = list(rows)
    sides = rows[0].deliverers if rows else ()
    header = [
        _("Service"),
        _("State"),
        _("Market question"),
        _("Price"),
        _("Currency"),
        _("Who pays"),
        _("In use"),
        _("Assessments at once"),
        _("Turnaround (days)"),
        *(one.party.organisation.name for one in sides),
    ]
    return header, [_line(row) for row in rows]


def _line(row: Row) -> list[Any]:
    one = row.service
    return [
        one.name,
        one.get_state_display(),
        one.get_question_display(),
        float(one.price),
        one.currency,
        one.get_payer_display(),
        row.places.taken,
        one.capacity,
        one.promised_days,
        *(tell_name(side.person.name) if side.person else "" for side in row.deliverers),
    ]
