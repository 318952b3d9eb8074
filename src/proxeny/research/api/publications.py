"""Exchange of studies over the API: publications, crates, requests, and external studies."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Query
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version
from proxeny.kernel.api.jobs import JobOut
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.research.api._router import router
from proxeny.research.messages import tell_problem
from proxeny.research.models import Arrival, DataRequest, Publication, Study
from proxeny.research.operations import arriving, publishing, uploads
from proxeny.research.operations import requests as deciding
from proxeny.research.operations.crates import take_crate
from proxeny.research.queries import arrivals
from proxeny.research.queries import requests as asked
from proxeny.research.queries.studies import get_study
from proxeny.research.serving import answer_crate

_STUDY = "/{partnership_id}/studies/{study_id}"
_ASKED = "/{partnership_id}/data-requests"
_REQUEST = f"{_ASKED}/{{request_id}}"
_ARRIVALS = "/{partnership_id}/arrivals"
_ARRIVAL = f"{_ARRIVALS}/{{arrival_id}}"
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class PublicationRow(Out):
    """A study as it was sent for signature. Without `published_at`, no one else can see it."""

    id: int
    study_id: int
    number: int
    slug: str
    title: str
    language: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class PublicationPreview(Out):
    """The publication of a study as it is now. `content` is what everyone would see."""

    number: int
    slug: str
    checksum: str
    missing: list[str]
    remarks: list[str]
    content: dict[str, Any]


class PublicationAskIn(In):
    """The checksum of the preview that you read, so that no one signs later changes by mistake."""

    checksum: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PublicationText(Out):
    """A text that all sides sign under `/partnerships/{partnership_id}/texts/{id}`."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class WithdrawIn(In):
    """The reason, which everyone can read on the former page of the study."""

    reason: Reason


class DataRequestRow(Out):
    """A request for a data package: who asks, what for, and the decision."""

    id: int
    package_id: int
    name: str
    organisation: str
    email: str
    purpose: str
    terms: str
    asked_at: datetime
    state: Literal[*DataRequest.State.values]
    decided_at: datetime | None
    decided_by_id: int | None
    reason: str
    until: date | None
    version: int


class DataRequestFilters(In):
    """Filters for the list of requests, by words, state and data package."""

    q: str = Field("", max_length=100)
    state: Literal["", *DataRequest.State.values] = ""
    package: int | None = None


class DataGrantIn(In):
    """The last day on which the link opens the files."""

    until: date


class ArrivalProblem(Out):
    """A problem found in an archive, and its place. An error means that the archive is refused."""

    code: str
    where: str
    severity: str
    text: str


class ArrivalRow(Out):
    """An external study that was uploaded."""

    id: int
    name: str
    size: int
    sha256: str
    state: Literal[*Arrival.State.values]
    study_id: int | None
    brought_at: datetime
    brought_by_id: int | None


class ArrivalOut(ArrivalRow):
    """An external study with everything worth a look, and a preview of the study."""

    problems: list[ArrivalProblem]
    content: dict[str, Any] | None


def _enter(request: Request, partnership_id: int) -> None:
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))


def _study(request: Request, partnership_id: int, study_id: int) -> Study:
    _enter(request, partnership_id)
    return get_study(partnership_id, study_id)


@router.get(
    f"{_STUDY}/publications",
    response=list[PublicationRow],
    summary="List the publications of a study",
)
@in_pages("-id")
def list_publications(request: Request, partnership_id: Id, study_id: Id) -> QuerySet[Publication]:
    """Returns all publications, including the one waiting for signatures."""
    study = _study(request, partnership_id, study_id)
    return study.publications.defer("content")


@router.get(f"{_STUDY}/publication", response=PublicationPreview, summary="Preview a publication")
def preview_publication(request: Request, partnership_id: Id, study_id: Id) -> publishing.Prepared:
    """Returns what would be published, and what is missing before it can be."""
    study = _study(request, partnership_id, study_id)
    return publishing.prepare_publication(study, today=timezone.localdate())


@router.post(
    f"{_STUDY}/publication", response={201: PublicationText}, summary="Send a study for signature"
)
def ask_publication(
    request: Request, partnership_id: Id, study_id: Id, given: PublicationAskIn
) -> Status[Any]:
    """Signs the publication immediately for your own side.

    With the last signature, everyone can read it.
    """
    _study(request, partnership_id, study_id)
    made = publishing.ask_publication(
        actor=request.reader,
        partnership_id=partnership_id,
        study_id=study_id,
        seen=given.checksum,
        now=timezone.localtime(),
    )
    return Status(201, made)


@router.post(
    f"{_STUDY}/publication/withdraw", response=PublicationRow, summary="Withdraw a published study"
)
def withdraw_publication(
    request: Request, partnership_id: Id, study_id: Id, given: WithdrawIn
) -> Publication:
    """Withdraws all versions of the study.

    Its page then shows that it was withdrawn and why, and its files can no longer be downloaded.
    """
    _study(request, partnership_id, study_id)
    return publishing.withdraw_publication(
        actor=request.reader,
        partnership_id=partnership_id,
        study_id=study_id,
        reason=given.reason,
        now=timezone.localtime(),
    )


@router.get(f"{_STUDY}/crate", summary="Download a whole study")
def take_study_crate(request: Request, partnership_id: Id, study_id: Id) -> HttpResponseBase:
    """Downloads an RO-Crate 1.2 as a ZIP, with all released files.

    Downloads are logged with the person who made them.
    """
    study = _study(request, partnership_id, study_id)
    pieces = take_crate(actor=request.reader, study=study, now=timezone.now())
    return answer_crate(pieces, f"study-{study.pk}.crate.zip")


@router.get(_ASKED, response=list[DataRequestRow], summary="List requests for data")
@in_pages("-id")
def list_data_requests(
    request: Request, partnership_id: Id, filters: Query[DataRequestFilters]
) -> QuerySet[DataRequest]:
    """Returns the requests for data of all studies of a partnership."""
    _enter(request, partnership_id)
    return asked.find_requests(partnership_id, asked.Wanted(**filters.model_dump())).order_by()


@router.get(_REQUEST, response=DataRequestRow, summary="Get a request for data")
def show_data_request(
    request: Request, response: HttpResponse, partnership_id: Id, request_id: Id
) -> DataRequest:
    """Returns the request with the terms that were agreed to."""
    return _shown(request, response, partnership_id, request_id)


def _shown(
    request: Request, response: HttpResponse, partnership_id: int, request_id: int
) -> DataRequest:
    _enter(request, partnership_id)
    one = asked.get_request(partnership_id, request_id)
    show_version(response, one.version)
    return one


def _decide(
    request: Request,
    response: HttpResponse,
    partnership_id: int,
    request_id: int,
    operation: Callable[..., DataRequest],
    if_match: str | None,
    **said: Any,
) -> DataRequest:
    one = _shown(request, response, partnership_id, request_id)
    operation(
        actor=request.reader,
        partnership_id=partnership_id,
        request_id=request_id,
        version=match_version(if_match, one.version),
        now=timezone.localtime(),
        **said,
    )
    return _shown(request, response, partnership_id, request_id)


@router.post(f"{_REQUEST}/grant", response=DataRequestRow, summary="Grant a request for data")
def grant_data_request(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    request_id: Id,
    given: DataGrantIn,
    if_match: IfMatch = None,
) -> DataRequest:
    """Emails a link that gives access to this data package only."""
    return _decide(
        request,
        response,
        partnership_id,
        request_id,
        deciding.grant_data,
        if_match,
        until=given.until,
    )


@router.post(f"{_REQUEST}/refuse", response=DataRequestRow, summary="Decline a request for data")
def refuse_data_request(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    request_id: Id,
    given: WithdrawIn,
    if_match: IfMatch = None,
) -> DataRequest:
    """Declines the request and emails the reason."""
    return _decide(
        request,
        response,
        partnership_id,
        request_id,
        deciding.refuse_data,
        if_match,
        reason=given.reason,
    )


@router.post(f"{_REQUEST}/revoke", response=DataRequestRow, summary="Withdraw a link to data")
def revoke_data_request(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    request_id: Id,
    given: WithdrawIn,
    if_match: IfMatch = None,
) -> DataRequest:
    """Withdraws the link before it expires and emails the reason."""
    return _decide(
        request,
        response,
        partnership_id,
        request_id,
        deciding.revoke_data,
        if_match,
        reason=given.reason,
    )


@router.get(_ARRIVALS, response=list[ArrivalRow], summary="List external studies")
@in_pages("-id")
def list_arrivals(request: Request, partnership_id: Id) -> QuerySet[Arrival]:
    """Returns all external studies uploaded to a partnership, in any state."""
    _enter(request, partnership_id)
    return arrivals.list_arrivals(partnership_id).order_by()


@router.post(_ARRIVALS, response={201: ArrivalRow}, summary="Upload an external study")
def bring_arrival(
    request: Request, response: HttpResponse, partnership_id: Id, file: File[UploadedFile]
) -> Status[Arrival]:
    """Uploads an RO-Crate as a ZIP and checks it. Nothing is imported yet."""
    _enter(request, partnership_id)
    outcome = uploads.bring_small_file(
        actor=request.reader,
        partnership_id=partnership_id,
        package_id=None,
        name=str(file.name),
        size=file.size or 0,
        stream=file,
        now=timezone.localtime(),
    )
    if outcome.made is None:
        raise InvalidInput(outcome.refused, field="file")
    response["Location"] = f"/api/v1/research/{partnership_id}/arrivals/{outcome.made.pk}"
    return Status(201, outcome.made)


@router.get(_ARRIVAL, response=ArrivalOut, summary="Get an external study")
def show_arrival(request: Request, partnership_id: Id, arrival_id: Id) -> dict[str, Any]:
    """Returns the external study with everything that was found, and its place."""
    _enter(request, partnership_id)
    one = arrivals.get_arrival(partnership_id, arrival_id)
    fields = {name: getattr(one, name) for name in ArrivalRow.model_fields}
    problems = [{**found, "text": tell_problem(found)} for found in one.problems]
    return fields | {"problems": problems, "content": one.content}


@router.post(f"{_ARRIVAL}/take", response={202: JobOut}, summary="Import an external study")
def take_arrival(request: Request, partnership_id: Id, arrival_id: Id) -> Status[Job]:
    """Unpacks the files. The study is then in preparation, and `result.study_id` is its id."""
    _enter(request, partnership_id)
    job = arriving.start_taking(
        actor=request.reader,
        partnership_id=partnership_id,
        arrival_id=arrival_id,
        now=timezone.localtime(),
    )
    return Status(202, job)


@router.post(f"{_ARRIVAL}/leave", response=ArrivalRow, summary="Discard an external study")
def leave_arrival(request: Request, partnership_id: Id, arrival_id: Id) -> Arrival:
    """Deletes the content of the uploaded archive. Only its entry and its report are kept."""
    _enter(request, partnership_id)
    return arriving.leave_arrival(
        actor=request.reader,
        partnership_id=partnership_id,
        arrival_id=arrival_id,
        now=timezone.localtime(),
    )
