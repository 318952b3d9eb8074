"""The service catalogue by program: as the teams keep it, and as members read it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from proxeny.kernel.holdings import tell_name
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import get_partnership, parties_of

ALL = "/{partnership_id}/services"
ONE = f"{ALL}/{{service_id}}"
Language = Literal[*dict(settings.LANGUAGES)]
MarketQuestion = Literal[*Question.values]
ServiceState = Literal[*Service.State.values]
Payer = Literal[*Service.Payer.values]
Price = exact(9, 2, least=0, most=operations.MOST_PRICE)
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$", description="Like EUR.")]
Capacity = Annotated[int, Field(ge=1, le=99, description="So many assessments run at once.")]
Days = Annotated[int, Field(ge=5, le=365, description="From the signed brief to the report.")]


class ServiceWordsIn(In):
    """What a service is called and says in one language."""

    language: Language
    name: Annotated[str, Field(min_length=1, max_length=120)]
    summary: Annotated[str, Field(min_length=1, max_length=300)]
    details: Annotated[str, Field(max_length=4000)] = ""


TextsIn = Annotated[list[ServiceWordsIn], Field(min_length=1, max_length=4)]


class ServiceIn(In):
    """A service: its terms, and its texts in one language or more."""

    question: MarketQuestion
    price: Price
    currency: CurrencyCode = "EUR"
    payer: Payer = "client"
    capacity: Capacity = 3
    promised_days: Days = 60
    texts: TextsIn


class ServiceChanges(In):
    """What is to be otherwise; the rest stays. `texts` are replaced as a whole.

    Where terms change that were put before all, `sign_anew` has to be true: what was signed holds
    no longer, and members do not see the service until all have signed again.
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
    """Who delivers it on the caller's side; null for nobody."""

    person_id: Id | None


class ServiceFilters(In):
    """Which services to list; those no longer offered only where asked for."""

    state: ServiceState | None = None
    question: MarketQuestion | None = None
    q: Annotated[str, Field(max_length=100)] = ""


class OfferFilters(In):
    """What is looked for."""

    question: MarketQuestion | None = None
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    q: Annotated[str, Field(max_length=100)] = ""


class ServicePlacesOut(Out):
    """How many places are taken and free; the day by which the next is free, where one waits."""

    taken: int
    free: int
    next_on: date | None


class ServiceWordsOut(Out):
    """What a service is called and says in one language."""

    language: str
    name: str
    summary: str
    details: str


class ServiceDelivererOut(Out):
    """Who delivers it on one side; `has_left`: holds no seat there any more."""

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
    """A service as the teams keep it; `name` in the language of the request, or in one it has."""

    deliverers: list[ServiceDelivererOut]
    missing: list[str]
    version: int


class ServiceWhole(ServiceOut):
    """With its texts, and the terms that were last put before all.

    They are read and signed as a text of the partnership: `terms_id`.
    """

    texts: list[ServiceWordsOut]
    terms_id: int | None


class OfferOut(_Terms):
    """A service as a member company reads it, with the clusters that deliver it."""

    clusters: list[Named]


class OfferWhole(OfferOut):
    """With what the company gets."""

    details: str


def enter(request: HttpRequest, partnership_id: int) -> Partnership:
    """Return a signed partnership in which the caller holds a seat; `NotFound` otherwise."""
    if partnership_id not in request.reader.rooms:  # type: ignore[attr-defined]
        raise NotFound(_("There is no such partnership."))
    return get_partnership(partnership_id)


_KEPT = (
    "pk", "partnership_id", *TERMS, "state", "name", "summary", "version",
)  # fmt: skip


def _tell(one: Any, places: queries.Places) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in _KEPT}
    return {"id": told.pop("pk"), **told, "places": places}


def _tell_row(row: queries.Row) -> dict[str, Any]:
    return {
        **_tell(row.service, row.places),
        "missing": list(row.missing),
        "deliverers": [
            {
                "party_id": one.party.pk, "cluster": one.party.organisation,
                "person": {"id": one.person.pk, "name": tell_name(one.person.name)}
                if one.person else None,
                "has_left": one.has_left,
            }
            for one in row.deliverers
        ],
    }  # fmt: skip


def _tell_rows(
    rows: list[Any], *, request: HttpRequest, partnership_id: int, **given: Any
) -> list[Any]:
    parties = parties_of(get_partnership(partnership_id))
    found = queries.rows_of(rows, parties, today=timezone.localdate())
    return [_tell_row(row) for row in found]


def _tell_offer(offer: queries.Offer) -> dict[str, Any]:
    return {**_tell(offer.service, offer.places), "clusters": list(offer.clusters)}


def _tell_offers(rows: list[Any], **given: Any) -> list[Any]:
    return [_tell_offer(one) for one in queries.offers_of(rows, today=timezone.localdate())]


def _show(
    request: HttpRequest, response: HttpResponse, partnership_id: int, service_id: int
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


@router.get("/own/services", response=list[OfferOut], summary="Services on offer")
@in_pages("id", tell=_tell_offers)
def list_offered_services(request: HttpRequest, filters: Query[OfferFilters]) -> QuerySet[Any]:
    """What the partnerships of the caller's clusters offer to their member companies."""
    sought = queries.Sought(filters.q, filters.question or "", filters.country)
    return queries.find_offered(request.reader, sought)


@router.get("/own/services/{service_id}", response=OfferWhole, summary="One service on offer")
def show_offered_service(request: HttpRequest, service_id: Id) -> dict[str, Any]:
    """Also one that is paused at present."""
    offer = queries.get_offer(request.reader, service_id, today=timezone.localdate())
    words = queries.details_of(offer.service)
    return {**_tell_offer(offer), "details": words.details if words else ""}


@router.get(ALL, response=list[ServiceOut], summary="Services of a partnership")
@in_pages("id", tell=_tell_rows)
def list_services(
    request: HttpRequest, partnership_id: Id, filters: Query[ServiceFilters]
) -> QuerySet[Any]:
    """As the teams keep them, drafts included."""
    enter(request, partnership_id)
    wanted = queries.Wanted(filters.q, filters.state or "", filters.question or "")
    return queries.find_services(partnership_id, wanted)


@router.post(ALL, response={201: ServiceWhole}, summary="Note a service")
def add_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service: ServiceIn
) -> Status[Any]:
    """A draft, read by the teams alone until all have signed its terms."""
    values = service.model_dump(exclude={"texts"})
    made = operations.add_service(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime(),
        facts=ServiceFacts(**values, texts=_words(service.texts)),
    )  # fmt: skip
    response["Location"] = f"/api/v1/assessments/{partnership_id}/services/{made.pk}"
    return Status(201, _show(request, response, partnership_id, made.pk))


@router.get(ONE, response=ServiceWhole, summary="One service")
def show_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """With its texts, who delivers it, and how many places are free."""
    return _show(request, response, partnership_id, service_id)


def _matched(
    request: HttpRequest, partnership_id: int, service_id: int, if_match: str | None
) -> tuple[Any, int]:
    enter(request, partnership_id)
    service = queries.get_service(service_id, partnership_id)
    return service, match_version(if_match, service.version)


@router.patch(ONE, response=ServiceWhole, summary="Change a service")
def change_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id,
    change: ServiceChanges, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """Texts change freely; terms that were signed only with `sign_anew`."""
    service, version = _matched(request, partnership_id, service_id, if_match)
    sent = change.sent()
    terms = {name: sent.get(name, getattr(service, name)) for name in TERMS}
    texts = _words(sent["texts"]) if "texts" in sent else {
        code: Words(one.name, one.summary, one.details)
        for code, one in queries.texts_of(service).items()
    }  # fmt: skip
    operations.change_service(
        actor=request.reader, partnership_id=partnership_id, service_id=service_id,
        version=version, facts=ServiceFacts(**terms, texts=texts), sign_anew=change.sign_anew,
        now=timezone.localtime(),
    )  # fmt: skip
    return _show(request, response, partnership_id, service_id)


@router.put(f"{ONE}/deliverer", response=ServiceWhole, summary="Say who delivers it")
def name_service_deliverer(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id,
    named: DelivererIn,
) -> dict[str, Any]:  # fmt: skip
    """On the caller's side, somebody of their own cluster's team."""
    operations.name_deliverer(
        actor=request.reader, partnership_id=partnership_id, service_id=service_id,
        person_id=named.person_id, now=timezone.localtime(),
    )  # fmt: skip
    return _show(request, response, partnership_id, service_id)


@router.post(f"{ONE}/terms", response=ServiceWhole, summary="Put its terms before all sides")
def put_service_terms(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """By a manager, whose side signs at once; with the last signature it is offered."""
    _found, version = _matched(request, partnership_id, service_id, if_match)
    ask_terms(
        actor=request.reader, partnership_id=partnership_id, service_id=service_id,
        seen=version, now=timezone.localtime(),
    )  # fmt: skip
    return _show(request, response, partnership_id, service_id)


def _step(
    request: HttpRequest, response: HttpResponse, which: tuple[int, int], operation: Any
) -> dict[str, Any]:
    partnership_id, service_id = which
    operation(
        actor=request.reader, partnership_id=partnership_id, service_id=service_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return _show(request, response, partnership_id, service_id)


@router.post(f"{ONE}/pause", response=ServiceWhole, summary="Take no more requests for a while")
def pause_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """Those that were made go on."""
    return _step(request, response, (partnership_id, service_id), operations.pause_service)


@router.post(f"{ONE}/resume", response=ServiceWhole, summary="Offer it again")
def resume_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """On the terms that all have signed."""
    return _step(request, response, (partnership_id, service_id), operations.resume_service)


@router.post(f"{ONE}/retire", response=ServiceWhole, summary="Take it from the catalogue")
def retire_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """Or put a draft away."""
    return _step(request, response, (partnership_id, service_id), operations.retire_service)


@router.post(f"{ONE}/reopen", response=ServiceWhole, summary="Bring it back")
def reopen_service(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, service_id: Id
) -> dict[str, Any]:
    """Paused where its terms hold still, else as a draft."""
    return _step(request, response, (partnership_id, service_id), operations.reopen_service)
