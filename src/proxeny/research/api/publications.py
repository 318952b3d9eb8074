"""What leaves a room and comes in, over the API: publications, crates, requests, studies from elsewhere."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Query
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version
from proxeny.kernel.api.work import JobOut
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.models import Job
from proxeny.research.api._router import router
from proxeny.research.models import Arrival, DataRequest, Publication, Study
from proxeny.research.operations import arriving, publishing, uploads
from proxeny.research.operations import requests as deciding
from proxeny.research.operations.crates import take_crate
from proxeny.research.queries import arrivals
from proxeny.research.queries import requests as asked
from proxeny.research.queries.studies import get_study
from proxeny.research.serving import answer_crate
from proxeny.research.telling import tell_problem

_STUDY = "/{partnership_id}/studies/{study_id}"
_ASKED = "/{partnership_id}/data-requests"
_REQUEST = f"{_ASKED}/{{request_id}}"
_ARRIVALS = "/{partnership_id}/arrivals"
_ARRIVAL = f"{_ARRIVALS}/{{arrival_id}}"
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class PublicationRow(Out):
    """A study as it was put before all sides; without `published_at` nobody else sees it."""

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
    """What would be published of a study as it stands: `content` is what everybody would read."""

    number: int
    slug: str
    checksum: str
    missing: list[str]
    remarks: list[str]
    content: dict[str, Any]


class PublicationAskIn(In):
    """The checksum of the preview that was read: nobody signs what was changed since."""

    checksum: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PublicationText(Out):
    """The text that all sides sign; sign it under `/partnerships/{partnership_id}/texts/{id}`."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class WithdrawIn(In):
    """Why: everybody reads it where the study stood."""

    reason: Reason


class DataRequestRow(Out):
    """Who asks for a data package, what for, and what was decided."""

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
    """Which requests to list: words, a state, a data package."""

    q: str = Field("", max_length=100)
    state: Literal["", *DataRequest.State.values] = ""
    package: int | None = None


class DataGrantIn(In):
    """The last day on which the link opens the files."""

    until: date


class ArrivalProblem(Out):
    """What was found in an archive, at its place: an error refuses it."""

    code: str
    where: str
    severity: str
    text: str


class ArrivalRow(Out):
    """A study that was brought from elsewhere."""

    id: int
    name: str
    size: int
    sha256: str
    state: Literal[*Arrival.State.values]
    study_id: int | None
    brought_at: datetime
    brought_by_id: int | None


class ArrivalOut(ArrivalRow):
    """With all that is worth a look, and what the study would be."""

    problems: list[ArrivalProblem]
    content: dict[str, Any] | None


def _enter(request: HttpRequest, partnership_id: int) -> None:
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("There is no such partnership."))


def _study(request: HttpRequest, partnership_id: int, study_id: int) -> Study:
    _enter(request, partnership_id)
    return get_study(partnership_id, study_id)


@router.get(
    f"{_STUDY}/publications", response=list[PublicationRow], summary="Publications of a study"
)
@in_pages("-id")
def list_publications(
    request: HttpRequest, partnership_id: Id, study_id: Id
) -> QuerySet[Publication]:
    """The one that waits for signatures among them."""
    study = _study(request, partnership_id, study_id)
    return study.publications.defer("content")


@router.get(f"{_STUDY}/publication", response=PublicationPreview, summary="What would be published")
def preview_publication(
    request: HttpRequest, partnership_id: Id, study_id: Id
) -> publishing.Prepared:
    """And what is missing before it can be."""
    study = _study(request, partnership_id, study_id)
    return publishing.prepare_publication(study, today=timezone.localdate())


@router.post(
    f"{_STUDY}/publication", response={201: PublicationText}, summary="Put a study before all sides"
)
def ask_publication(
    request: HttpRequest, partnership_id: Id, study_id: Id, given: PublicationAskIn
) -> Status[Any]:
    """Signed at once for one's own side; with the last signature everybody reads it."""
    _study(request, partnership_id, study_id)
    made = publishing.ask_publication(
        actor=request.reader, partnership_id=partnership_id, study_id=study_id,
        seen=given.checksum, now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, made)


@router.post(f"{_STUDY}/publication/withdraw", response=PublicationRow, summary="Withdraw a study")
def withdraw_publication(
    request: HttpRequest, partnership_id: Id, study_id: Id, given: WithdrawIn
) -> Publication:
    """In all its versions: its page says so, and why, and its files come no more."""
    _study(request, partnership_id, study_id)
    return publishing.withdraw_publication(
        actor=request.reader, partnership_id=partnership_id, study_id=study_id,
        reason=given.reason, now=timezone.localtime(),
    )  # fmt: skip


@router.get(f"{_STUDY}/crate", summary="Take a whole study along")
def take_study_crate(request: HttpRequest, partnership_id: Id, study_id: Id) -> HttpResponseBase:
    """An RO-Crate 1.2 as a ZIP, with all files that were released. It is noted who took it."""
    study = _study(request, partnership_id, study_id)
    pieces = take_crate(actor=request.reader, study=study, now=timezone.now())
    return answer_crate(pieces, f"study-{study.pk}.crate.zip")


@router.get(_ASKED, response=list[DataRequestRow], summary="Who asks for data")
@in_pages("-id")
def list_data_requests(
    request: HttpRequest, partnership_id: Id, filters: Query[DataRequestFilters]
) -> QuerySet[DataRequest]:
    """Of all studies of a partnership."""
    _enter(request, partnership_id)
    return asked.find_requests(partnership_id, asked.Wanted(**filters.model_dump())).order_by()


@router.get(_REQUEST, response=DataRequestRow, summary="A request for data")
def show_data_request(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, request_id: Id
) -> DataRequest:
    """With the terms that were agreed to."""
    return _shown(request, response, partnership_id, request_id)


def _shown(
    request: HttpRequest, response: HttpResponse, partnership_id: int, request_id: int
) -> DataRequest:
    _enter(request, partnership_id)
    one = asked.get_request(partnership_id, request_id)
    show_version(response, one.version)
    return one


def _decide(
    request: HttpRequest, response: HttpResponse, partnership_id: int, request_id: int,
    operation: Callable[..., DataRequest], if_match: str | None, **said: Any,
) -> DataRequest:  # fmt: skip
    one = _shown(request, response, partnership_id, request_id)
    operation(
        actor=request.reader, partnership_id=partnership_id, request_id=request_id,
        version=match_version(if_match, one.version), now=timezone.localtime(), **said,
    )  # fmt: skip
    return _shown(request, response, partnership_id, request_id)


@router.post(f"{_REQUEST}/grant", response=DataRequestRow, summary="Let somebody have data")
def grant_data_request(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, request_id: Id,
    given: DataGrantIn, if_match: IfMatch = None,
) -> DataRequest:  # fmt: skip
    """They get a link by mail, for that package alone."""
    return _decide(request, response, partnership_id, request_id, deciding.grant_data, if_match,
                   until=given.until)  # fmt: skip


@router.post(f"{_REQUEST}/refuse", response=DataRequestRow, summary="Refuse somebody data")
def refuse_data_request(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, request_id: Id,
    given: WithdrawIn, if_match: IfMatch = None,
) -> DataRequest:  # fmt: skip
    """They get the reason by mail."""
    return _decide(request, response, partnership_id, request_id, deciding.refuse_data, if_match,
                   reason=given.reason)  # fmt: skip


@router.post(f"{_REQUEST}/revoke", response=DataRequestRow, summary="Take a link to data back")
def revoke_data_request(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, request_id: Id,
    given: WithdrawIn, if_match: IfMatch = None,
) -> DataRequest:  # fmt: skip
    """Before its day; they get the reason by mail."""
    return _decide(request, response, partnership_id, request_id, deciding.revoke_data, if_match,
                   reason=given.reason)  # fmt: skip


@router.get(_ARRIVALS, response=list[ArrivalRow], summary="Studies from elsewhere")
@in_pages("-id")
def list_arrivals(request: HttpRequest, partnership_id: Id) -> QuerySet[Arrival]:
    """That were brought to a partnership, whatever became of them."""
    _enter(request, partnership_id)
    return arrivals.list_arrivals(partnership_id).order_by()


@router.post(_ARRIVALS, response={201: ArrivalRow}, summary="Bring a study from elsewhere")
def bring_arrival(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, file: File[UploadedFile]
) -> Status[Arrival]:
    """An RO-Crate as a ZIP; it is checked, and nothing of it is taken yet."""
    _enter(request, partnership_id)
    outcome = uploads.bring_small_file(
        actor=request.reader, partnership_id=partnership_id, package_id=None, name=str(file.name),
        size=file.size or 0, stream=file, now=timezone.localtime(),
    )  # fmt: skip
    if outcome.made is None:
        raise InvalidInput(outcome.refused, field="file")
    response["Location"] = f"/api/v1/research/{partnership_id}/arrivals/{outcome.made.pk}"
    return Status(201, outcome.made)


@router.get(_ARRIVAL, response=ArrivalOut, summary="A study from elsewhere")
def show_arrival(request: HttpRequest, partnership_id: Id, arrival_id: Id) -> dict[str, Any]:
    """With all that was found, at its place."""
    _enter(request, partnership_id)
    one = arrivals.get_arrival(partnership_id, arrival_id)
    fields = {name: getattr(one, name) for name in ArrivalRow.model_fields}
    problems = [{**found, "text": tell_problem(found)} for found in one.problems]
    return fields | {"problems": problems, "content": one.content}


@router.post(f"{_ARRIVAL}/take", response={202: JobOut}, summary="Take a study from elsewhere")
def take_arrival(request: HttpRequest, partnership_id: Id, arrival_id: Id) -> Status[Job]:
    """Its files are unpacked; then it is in preparation, and `result.study_id` names it."""
    _enter(request, partnership_id)
    job = arriving.start_taking(
        actor=request.reader, partnership_id=partnership_id, arrival_id=arrival_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(202, job)


@router.post(f"{_ARRIVAL}/leave", response=ArrivalRow, summary="Leave a study from elsewhere")
def leave_arrival(request: HttpRequest, partnership_id: Id, arrival_id: Id) -> Arrival:
    """Nothing of it is kept."""
    _enter(request, partnership_id)
    return arriving.leave_arrival(
        actor=request.reader, partnership_id=partnership_id, arrival_id=arrival_id,
        now=timezone.localtime(),
    )  # fmt: skip
