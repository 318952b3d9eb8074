"""Documents of a bid with their versions, and its steps, over the API.

A document is created, changed and archived as a record of the kind `bid-paper`; a step as one of
the kind `action` with the origin `bid`.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.api.bids import ONE
from proxeny.bids.models import Bid, Paper, PaperVersion
from proxeny.bids.operations import papers as operations
from proxeny.bids.operations import steps as step_operations
from proxeny.bids.queries.bids import get_bid
from proxeny.bids.queries.papers import Kept, get_paper, get_version, read_papers
from proxeny.bids.queries.steps import read_steps
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day
from proxeny.kernel.files import MEDIA_TYPES, answer_file
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.plan_queries import Task

_ALL = f"{ONE}/papers"
_VERSIONS = f"{_ALL}/{{paper_id}}/versions"
_STEPS = f"{ONE}/steps"
Number = Annotated[int, Field(ge=1, le=32_767)]


class BidPaperVersionOut(Out):
    """A version of a document, which never changes. `person_id` is the person who uploaded it."""

    number: int
    name: str
    media_type: str
    size: int
    sha256: str
    note: str
    person_id: int | None
    brought_at: datetime


class BidPaperOut(Out):
    """A document with its versions, newest first.

    `is_missing` is true if it is required but not there yet.
    """

    id: int
    title: str
    kind: str
    note: str
    is_required: bool
    is_missing: bool
    version: int
    versions: list[BidPaperVersionOut]


class BidVersionBroughtOut(BidPaperVersionOut):
    """The version as it was saved.

    `missed` is the version before it, if the uploader hadn't seen that one.
    """

    missed: int | None


class BidPaperBring(In):
    """The details of a document. Without a title, it is named after its file."""

    title: Annotated[str, Field(max_length=200)] = ""
    kind: str = Field(Paper.Kind.PROPOSAL, description=", ".join(Paper.Kind.values))
    note: Annotated[str, Field(max_length=300)] = ""
    is_required: bool = False
    news: Annotated[str, Field(max_length=300, description="What is new in this version.")] = ""


class BidVersionBring(In):
    """What is new, and the newest version number you have seen."""

    news: Annotated[str, Field(max_length=300)] = ""
    seen: Annotated[int | None, Field(ge=0, le=32_767)] = None


class BidStepOut(Out):
    """A step of a bid, which is an action of the room."""

    id: int
    title: str
    due_on: date
    done_on: date | None
    party_id: int | None
    person_id: int | None
    is_late: bool
    version: int


class BidStepsOut(Out):
    """The steps by due date.

    `closes_on` is the day the call closes, in Brussels. `counted_from` is the day from which the
    steps were planned back, and `moved` is how many days later the deadline is now.
    """

    closes_on: date | None
    counted_from: date | None
    moved: int
    steps: list[BidStepOut]


class BidStepsMove(In):
    """The day from which the steps are counted. By default, the day the call closes."""

    to: Day | None = None


def _find(request: Request, partnership_id: int, bid_id: int) -> Bid:
    enter(request, partnership_id)
    return get_bid(partnership_id, bid_id)


def _paper(one: Kept) -> dict[str, Any]:
    names = BidPaperOut.model_fields.keys() - {"versions", "is_missing"}
    return {name: getattr(one.paper, name) for name in names} | {
        "is_missing": one.is_missing,
        "versions": [_version(each) for each in one.versions],
    }


def _version(one: PaperVersion) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BidPaperVersionOut.model_fields}


@router.get(_ALL, response=list[BidPaperOut], summary="List documents of a bid")
def list_bid_papers(request: Request, partnership_id: Id, bid_id: Id) -> list[dict[str, Any]]:
    """Returns all documents with their versions."""
    return [_paper(one) for one in read_papers(_find(request, partnership_id, bid_id))]


@router.post(_ALL, response={201: BidPaperOut}, summary="Upload a document")
def bring_bid_paper(
    request: Request,
    partnership_id: Id,
    bid_id: Id,
    form: Form[BidPaperBring],
    file: File[UploadedFile],
) -> Status[dict[str, Any]]:
    """Creates a document with its first version, up to 10 MB."""
    bid = _find(request, partnership_id, bid_id)
    values = form.model_dump()
    made = operations.bring_paper(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        name=file.name or "",
        content=file.read(),
        news=values.pop("news"),
        values=values,
        now=timezone.localtime(),
    )
    kept = next(one for one in read_papers(bid) if one.paper.pk == made.paper_id)
    return Status(201, _paper(kept))


@router.post(
    _VERSIONS, response={201: BidVersionBroughtOut}, summary="Upload a new version of a document"
)
def bring_bid_paper_version(
    request: Request,
    partnership_id: Id,
    bid_id: Id,
    paper_id: Id,
    form: Form[BidVersionBring],
    file: File[UploadedFile],
) -> Status[dict[str, Any]]:
    """It gets the next number, up to 100. Uploading the newest version again is refused."""
    _find(request, partnership_id, bid_id)
    get_paper(partnership_id, bid_id, paper_id)
    made = operations.bring_version(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        paper_id=paper_id,
        name=file.name or "",
        content=file.read(),
        now=timezone.localtime(),
        **form.model_dump(),
    )
    missed = made.missed.number if made.missed else None
    return Status(201, {**_version(made.version), "missed": missed})


@router.get(
    f"{_VERSIONS}/{{number}}",
    summary="Download a version of a document",
    openapi_extra=file_of(*MEDIA_TYPES),
)
def download_bid_paper(
    request: Request, partnership_id: Id, bid_id: Id, paper_id: Id, number: Number
) -> HttpResponse:
    """Also works for bids that have ended and for archived documents."""
    _find(request, partnership_id, bid_id)
    return answer_file(get_version(partnership_id, bid_id, paper_id, number))


@router.get(_STEPS, response=BidStepsOut, summary="List steps of a bid")
def list_bid_steps(request: Request, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """To add or change steps, use records of the kind `action`."""
    return _steps(_find(request, partnership_id, bid_id))


@router.post(f"{_STEPS}/plan", response={201: BidStepsOut}, summary="Plan back from the deadline")
def plan_bid_steps(request: Request, partnership_id: Id, bid_id: Id) -> Status[dict[str, Any]]:
    """Adds the usual steps, except those whose day has passed.

    Refused if there are already steps.
    """
    _find(request, partnership_id, bid_id)
    step_operations.plan_back(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        now=timezone.localtime(),
    )
    return Status(201, _steps(get_bid(partnership_id, bid_id)))


@router.post(f"{_STEPS}/move", response=BidStepsOut, summary="Move steps with the deadline")
def move_bid_steps(
    request: Request, partnership_id: Id, bid_id: Id, moved: BidStepsMove
) -> dict[str, Any]:
    """Moves all open steps by the same number of days. Repeating it changes nothing."""
    _find(request, partnership_id, bid_id)
    step_operations.move_steps(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        now=timezone.localtime(),
        to=moved.to,
    )
    return _steps(get_bid(partnership_id, bid_id))


def _steps(bid: Bid) -> dict[str, Any]:
    found = read_steps(bid, today=timezone.localdate())
    return {
        "closes_on": found.closes_on,
        "counted_from": found.counted_from,
        "moved": found.moved,
        "steps": [_step(one) for one in found.tasks],
    }


def _step(task: Task) -> dict[str, Any]:
    names = BidStepOut.model_fields.keys() - {"is_late"}
    return {name: getattr(task.record, name) for name in names} | {"is_late": task.is_late}
