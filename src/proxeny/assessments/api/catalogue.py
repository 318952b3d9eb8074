"""The service catalogue by program: as the teams keep it, and as members read it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.models import Question, Service
from proxeny.assessments.operations import catalogue as operations
from proxeny.assessments.operations.catalogue import TERMS, ServiceFacts, Words
from proxeny.assessments.operations.terms import ask_terms
from proxeny.assessments.queries import catalogue as queries
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Named,
    Out,
    exact,
    in_pages,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.errors import NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.requests import Request
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import get_partnership, parties_of

ALL = "/{partnership_id}/services"
ONE = f"{ALL}/{{service_id}}"
Language = Literal[*dict(settings.LANGUAGES)]
MarketQuestion = Literal[*Question.values]
ServiceState = Literal[*Service.State.values]
Payer = Literal[*Service.Payer.values]
Price = exact(9, 2, least=0, most=operations.MOST_PRICE)
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$", description="For example, EUR.")]
Capacity = Annotated[
    int, Field(ge=1, le=99, description="How many assessments can run at the same time.")
]
Days = Annotated[int, Field(ge=5, le=365, description="Days from the signed brief to the report.")]


class ServiceWordsIn(In):
    """The name and texts of a service in one language."""

    language: Language
    name: Annotated[str, Field(min_length=1, max_length=120)]
    summary: Annotated[str, Field(min_length=1, max_length=300)]
    details: Annotated[str, Field(max_length=4000)] = ""


TextsIn = Annotated[list[ServiceWordsIn], Field(min_length=1, max_length=4)]


class ServiceIn(In):
    """A service: its terms, and its texts in one or more languages."""

    question: MarketQuestion
    price: Price
    currency: CurrencyCode = "EUR"
    payer: Payer = "client"
    capacity: Capacity = 3
    promised_days: Days = 60
    texts: TextsIn


class ServiceChanges(In):
    """Changes to a service; everything else stays as it is. `texts` are replaced as a whole.

    To change terms that were sent for signature, set `sign_anew` to true: what was signed is then
    no longer valid, and members don't see the service until all sides have signed again.
    """

    question: MarketQuestion = unsent()
    price: Price = unsent()
    currency: CurrencyCode = unsent()
    payer: Payer = unsent()
    capacity: Capacity = unsent()
    promised_days: Days = unsent()
    texts: TextsIn = unsent()
    sign_anew: bool = False


class DelivererIn(In):
    """The person who delivers it on your side; null for no one."""

    person_id: Id | None


class ServiceFilters(In):
    """Filters for a list of services.

    Services no longer offered are only listed if you ask for them.
    """

    state: ServiceState | None = None
    question: MarketQuestion | None = None
    q: Annotated[str, Field(max_length=100)] = ""


class OfferFilters(In):
    """Filters for services on offer."""

    question: MarketQuestion | None = None
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    q: Annotated[str, Field(max_length=100)] = ""


class ServicePlacesOut(Out):
    """How many places are taken and free.

    If none is free, `next_on` is the day by which the next one will be.
    """

    taken: int
    free: int
    next_on: date | None


class ServiceWordsOut(Out):
    """The name and texts of a service in one language."""

    language: str
    name: str
    summary: str
    details: str


class ServiceDelivererOut(Out):
    """The person who delivers it on one side.

    `has_left` is true if they no longer hold a seat there.
    """

    party_id: int
    cluster: Named
    person: Named | None
    has_left: bool


class _Terms(Out):
    id: int
    partnership_id: int
    question: MarketQuestion
    price: Decimal
    currency: str
    payer: Payer
    capacity: int
    promised_days: int
    state: ServiceState
    name: str
    summary: str
    places: ServicePlacesOut


class ServiceOut(_Terms):
    """A service, as the teams see it.

    `name` is in the language of the request, or in a language it has.
    """

    deliverers: list[ServiceDelivererOut]
    missing: list[str]
    version: int


class ServiceWhole(ServiceOut):
    """A service with its texts, and the terms last sent for signature.

    Read and sign the terms as a text of the partnership: `terms_id`.
    """

    texts: list[ServiceWordsOut]
    terms_id: int | None


class OfferOut(_Terms):
    """A service, as a member company sees it, with the clusters that deliver it."""

    clusters: list[Named]


class OfferWhole(OfferOut):
    """A service on offer, with what the company gets."""

    details: str


def enter(request: Request, partnership_id: int) -> Partnership:
    """Return a signed partnership in which the caller holds a seat; `NotFound` otherwise."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    return get_partnership(partnership_id)


_KEPT = (
    "pk",
    "partnership_id",
    *TERMS,
    "state",
    "name",
    "summary",
    "version",
)


def _tell(one: Any, places: queries.Places) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in _KEPT}
    return {"id": told.pop("pk"), **told, "places": places}


def _tell_row(row: queries.Row) -> dict[str, Any]:
    return {
        **_tell(row.service, row.places),
        "missing": list(row.missing),
        "deliverers": [
            {
                "party_id": one.party.pk,
                "cluster": one.party.organisation,
                "person": {"id": one.person.pk, "name": tell_name(one.person.name)}
                if one.person
                else None,
                "has_left": one.has_left,
            }
            for one in row.deliverers
        ],
    }


def _tell_rows(
    rows: list[Any], *, request: Request, partnership_id: int, **given: Any
) -> list[Any]:
    parties = parties_of(get_partnership(partnership_id))
    found = queries.rows_of(rows, parties, today=timezone.localdate())
    return [_tell_row(row) for row in found]


def _tell_offer(offer: queries.Offer) -> dict[str, Any]:
    return {**_tell(offer.service, offer.places), "clusters": list(offer.clusters)}


def _tell_offers(rows: list[Any], **given: Any) -> list[Any]:
    return [_tell_offer(one) for one in queries.offers_of(rows, today=timezone.localdate())]


def _show(
    request: Request, response: HttpResponse, partnership_id: int, service_id: int
) -> dict[str, Any]:
    parties = parties_of(enter(request, partnership_id))
    service = queries.get_service(service_id, partnership_id)
    [row] = queries.rows_of([service], parties, today=timezone.localdate())
    terms = queries.terms_of(service)
    show_version(response, service.version)
    return {
        **_tell_row(row),
        "texts": list(queries.texts_of(service).values()),
        "terms_id": terms.pk if terms else None,
    }


def _words(texts: Sequence[ServiceWordsIn]) -> dict[str, Words]:
    return {one.language: Words(one.name, one.summary, one.details) for one in texts}


@router.get("/own/services", response=list[OfferOut], summary="List services on offer")
@in_pages("id", tell=_tell_offers)
def list_offered_services(request: Request, filters: Query[OfferFilters]) -> QuerySet[Any]:
    """Returns what the partnerships of your clusters offer to their member companies."""
    sought = queries.Sought(filters.q, filters.question or "", filters.country)
    return queries.find_offered(request.reader, sought)


@router.get("/own/services/{service_id}", response=OfferWhole, summary="Get a service on offer")
def show_offered_service(request: Request, service_id: Id) -> dict[str, Any]:
    """Paused services can be read too."""
    offer = queries.get_offer(request.reader, service_id, today=timezone.localdate())
    words = queries.details_of(offer.service)
    return {**_tell_offer(offer), "details": words.details if words else ""}


@router.get(ALL, response=list[ServiceOut], summary="List services of a partnership")
@in_pages("id", tell=_tell_rows)
def list_services(
    request: Request, partnership_id: Id, filters: Query[ServiceFilters]
) -> QuerySet[Any]:
    """Returns the services as the teams see them, including drafts."""
    enter(request, partnership_id)
    wanted = queries.Wanted(filters.q, filters.state or "", filters.question or "")
    return queries.find_services(partnership_id, wanted)


@router.post(ALL, response={201: ServiceWhole}, summary="Create a service")
def add_service(
    request: Request, response: HttpResponse, partnership_id: Id, service: ServiceIn
) -> Status[Any]:
    """It is a draft that only the teams can read until all sides have signed its terms."""
    values = service.model_dump(exclude={"texts"})
    made = operations.add_service(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        facts=ServiceFacts(**values, texts=_words(service.texts)),
    )
    response["Location"] = f"/api/v1/assessments/{partnership_id}/services/{made.pk}"
    return Status(201, _show(request, response, partnership_id, made.pk))


@router.get(ONE, response=ServiceWhole, summary="Get a service")
def show_service(
    request: Request, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """Includes its texts, who delivers it, and how many places are free."""
    return _show(request, response, partnership_id, service_id)


def _matched(
    request: Request, partnership_id: int, service_id: int, if_match: str | None
) -> tuple[Any, int]:
    enter(request, partnership_id)
    service = queries.get_service(service_id, partnership_id)
    return service, match_version(if_match, service.version)


@router.patch(ONE, response=ServiceWhole, summary="Update a service")
def change_service(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    service_id: Id,
    change: ServiceChanges,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Texts can be changed freely, signed terms only with `sign_anew`."""
    service, version = _matched(request, partnership_id, service_id, if_match)
    sent = change.sent()
    terms = {name: sent.get(name, getattr(service, name)) for name in TERMS}
    texts = (
        _words(sent["texts"])
        if "texts" in sent
        else {
            code: Words(one.name, one.summary, one.details)
            for code, one in queries.texts_of(service).items()
        }
    )
    operations.change_service(
        actor=request.reader,
        partnership_id=partnership_id,
        service_id=service_id,
        version=version,
        facts=ServiceFacts(**terms, texts=texts),
        sign_anew=change.sign_anew,
        now=timezone.localtime(),
    )
    return _show(request, response, partnership_id, service_id)


@router.put(f"{ONE}/deliverer", response=ServiceWhole, summary="Set who delivers a service")
def name_service_deliverer(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    service_id: Id,
    named: DelivererIn,
) -> dict[str, Any]:
    """Names someone from your own cluster's team, for your side."""
    operations.name_deliverer(
        actor=request.reader,
        partnership_id=partnership_id,
        service_id=service_id,
        person_id=named.person_id,
        now=timezone.localtime(),
    )
    return _show(request, response, partnership_id, service_id)


@router.post(f"{ONE}/terms", response=ServiceWhole, summary="Send a service's terms for signature")
def put_service_terms(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    service_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Only for managers, whose side signs at once.

    With the last signature, the service is offered.
    """
    _found, version = _matched(request, partnership_id, service_id, if_match)
    ask_terms(
        actor=request.reader,
        partnership_id=partnership_id,
        service_id=service_id,
        seen=version,
        now=timezone.localtime(),
    )
    return _show(request, response, partnership_id, service_id)


def _step(
    request: Request, response: HttpResponse, which: tuple[int, int], operation: Any
) -> dict[str, Any]:
    partnership_id, service_id = which
    operation(
        actor=request.reader,
        partnership_id=partnership_id,
        service_id=service_id,
        now=timezone.localtime(),
    )
    return _show(request, response, partnership_id, service_id)


@router.post(f"{ONE}/pause", response=ServiceWhole, summary="Pause a service")
def pause_service(
    request: Request, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """It takes no more requests for now. Existing requests continue."""
    return _step(request, response, (partnership_id, service_id), operations.pause_service)


@router.post(f"{ONE}/resume", response=ServiceWhole, summary="Offer a paused service again")
def resume_service(
    request: Request, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """On the terms that all sides have signed."""
    return _step(request, response, (partnership_id, service_id), operations.resume_service)


@router.post(f"{ONE}/retire", response=ServiceWhole, summary="Remove a service from the catalogue")
def retire_service(
    request: Request, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """If the service is a draft, archives it."""
    return _step(request, response, (partnership_id, service_id), operations.retire_service)


@router.post(f"{ONE}/reopen", response=ServiceWhole, summary="Restore a service")
def reopen_service(
    request: Request, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """It is paused if its signed terms are still valid; otherwise it is a draft."""
    return _step(request, response, (partnership_id, service_id), operations.reopen_service)
