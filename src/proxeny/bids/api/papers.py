"""Documents of a bid with their versions, and its steps, over the API.

A document is noted, changed and put away as a record of the kind `bid-paper`; a step as one of the
kind `action` with the origin `bid`.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
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
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.plan_queries import Task

_ALL = f"{ONE}/papers"
_VERSIONS = f"{_ALL}/{{paper_id}}/versions"
_STEPS = f"{ONE}/steps"
Number = Annotated[int, Field(ge=1, le=32_767)]


class BidPaperVersionOut(Out):
    """A version of a document; it never changes. `person_id` is who brought it."""

    number: int
    name: str
    media_type: str
    size: int
    sha256: str
    note: str
    person_id: int | None
    brought_at: datetime


class BidPaperOut(Out):
    """A document with its versions, the newest first; `is_missing`: it has to be there, and is not."""

    id: int
    title: str
    kind: str
    note: str
    is_required: bool
    is_missing: bool
    version: int
    versions: list[BidPaperVersionOut]


class BidVersionBroughtOut(BidPaperVersionOut):
    """The version as it is kept; `missed` is the one before it, if who brought it had not seen it."""

    missed: int | None


class BidPaperBring(In):
    """What a document is; without a title it is called as its file."""

    title: Annotated[str, Field(max_length=200)] = ""
    kind: str = Field(Paper.Kind.PROPOSAL, description=", ".join(Paper.Kind.values))
    note: Annotated[str, Field(max_length=300)] = ""
    is_required: bool = False
    news: Annotated[str, Field(max_length=300, description="What is new in this version.")] = ""


class BidVersionBring(In):
    """What is new, and the newest number that was seen."""

    news: Annotated[str, Field(max_length=300)] = ""
    seen: Annotated[int | None, Field(ge=0, le=32_767)] = None


class BidStepOut(Out):
    """A step of a bid: an action of the room."""

    id: int
    title: str
    due_on: date
    done_on: date | None
    party_id: int | None
    person_id: int | None
    is_late: bool
    version: int


class BidStepsOut(Out):
    """The steps by their days.

    `closes_on` is the day the call closes, in Brussels; `counted_from` the one from which steps were
    planned back, and `moved` by how many days the deadline lies later than that.
    """

    closes_on: date | None
    counted_from: date | None
    moved: int
    steps: list[BidStepOut]


class BidStepsMove(In):
    """From which day the steps are counted; by default, the one on which the call closes."""

    to: Day | None = None


def _find(request: HttpRequest, partnership_id: int, bid_id: int) -> Bid:
    enter(request, partnership_id)
    return get_bid(partnership_id, bid_id)


def _paper(one: Kept) -> dict[str, Any]:
    names = BidPaperOut.model_fields.keys() - {"versions", "is_missing"}
    return {name: getattr(one.paper, name) for name in names} | {
        "is_missing": one.is_missing, "versions": [_version(each) for each in one.versions],
    }  # fmt: skip


def _version(one: PaperVersion) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BidPaperVersionOut.model_fields}


@router.get(_ALL, response=list[BidPaperOut], summary="Documents of a bid")
def list_bid_papers(request: HttpRequest, partnership_id: Id, bid_id: Id) -> list[dict[str, Any]]:
    """All of them, with their versions."""
    return [_paper(one) for one in read_papers(_find(request, partnership_id, bid_id))]


@router.post(_ALL, response={201: BidPaperOut}, summary="Bring a document")
def bring_bid_paper(
    request: HttpRequest, partnership_id: Id, bid_id: Id, form: Form[BidPaperBring],
    file: File[UploadedFile],
) -> Status[dict[str, Any]]:  # fmt: skip
    """A document with its first version, up to 10 MB."""
    bid = _find(request, partnership_id, bid_id)
    values = form.model_dump()
    made = operations.bring_paper(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id,
        name=file.name or "", content=file.read(), news=values.pop("news"), values=values,
        now=timezone.localtime(),
    )  # fmt: skip
    kept = next(one for one in read_papers(bid) if one.paper.pk == made.paper_id)
    return Status(201, _paper(kept))


@router.post(_VERSIONS, response={201: BidVersionBroughtOut}, summary="Bring a document anew")
def bring_bid_paper_version(
    request: HttpRequest, partnership_id: Id, bid_id: Id, paper_id: Id,
    form: Form[BidVersionBring], file: File[UploadedFile],
) -> Status[dict[str, Any]]:  # fmt: skip
    """It gets the next number, up to 100; the newest version once more is refused."""
    _find(request, partnership_id, bid_id)
    get_paper(partnership_id, bid_id, paper_id)
    made = operations.bring_version(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id, paper_id=paper_id,
        name=file.name or "", content=file.read(), now=timezone.localtime(), **form.model_dump(),
    )  # fmt: skip
    missed = made.missed.number if made.missed else None
    return Status(201, {**_version(made.version), "missed": missed})


@router.get(
    f"{_VERSIONS}/{{number}}", summary="Download a version of a document",
    openapi_extra=file_of(*MEDIA_TYPES),
)  # fmt: skip
def download_bid_paper(
    request: HttpRequest, partnership_id: Id, bid_id: Id, paper_id: Id, number: Number
) -> HttpResponse:
    """Also of a bid that is over, and of a document that was put away."""
    _find(request, partnership_id, bid_id)
    return answer_file(get_version(partnership_id, bid_id, paper_id, number))


@router.get(_STEPS, response=BidStepsOut, summary="Steps of a bid")
def list_bid_steps(request: HttpRequest, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """Add and change them as records of the kind `action`."""
    return _steps(_find(request, partnership_id, bid_id))


@router.post(f"{_STEPS}/plan", response={201: BidStepsOut}, summary="Plan back from the deadline")
def plan_bid_steps(request: HttpRequest, partnership_id: Id, bid_id: Id) -> Status[dict[str, Any]]:
    """The usual steps, but for those whose day has passed; refused where there are steps."""
    _find(request, partnership_id, bid_id)
    step_operations.plan_back(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, _steps(get_bid(partnership_id, bid_id)))


@router.post(f"{_STEPS}/move", response=BidStepsOut, summary="Move steps along with the deadline")
def move_bid_steps(
    request: HttpRequest, partnership_id: Id, bid_id: Id, moved: BidStepsMove
) -> dict[str, Any]:
    """All open steps by the same number of days; done twice, it changes nothing."""
    _find(request, partnership_id, bid_id)
    step_operations.move_steps(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id,
        now=timezone.localtime(), to=moved.to,
    )  # fmt: skip
    return _steps(get_bid(partnership_id, bid_id))


def _steps(bid: Bid) -> dict[str, Any]:
    found = read_steps(bid, today=timezone.localdate())
    return {
        "closes_on": found.closes_on, "counted_from": found.counted_from, "moved": found.moved,
        "steps": [_step(one) for one in found.tasks],
    }  # fmt: skip


def _step(task: Task) -> dict[str, Any]:
    names = BidStepOut.model_fields.keys() - {"is_late"}
    return {name: getattr(task.record, name) for name in names} | {"is_late": task.is_late}
