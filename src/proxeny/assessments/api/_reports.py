"""Reports, remarks and answers as the teams' and the company's programs read them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.models import Engagement, Later, Remark
from proxeny.assessments.operations import remarks
from proxeny.assessments.queries.remarks import Thread, list_threads
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.requests import Request

Number = Annotated[int, Field(ge=1, le=32767)]
LaterValue = Literal["", *Later.Value.values]


class AssessmentReportRow(Out):
    """A version of a report, without its content."""

    number: int
    language: str
    news: str
    sha256: str
    given_by_id: int | None
    given_at: datetime


class AssessmentReportOut(AssessmentReportRow):
    """A version of a report, word for word.

    `content` holds `summary`, `chapters` of `findings`, `figures`, `advice`, `sources` and
    `people`; `sha256` is the hash of its JSON with sorted keys and no spaces.
    """

    content: dict[str, Any]


class ReportRemarkIn(In):
    """A remark on a passage of a version: `summary`, `finding-3`, `figure-2`, `advice-1`.

    With `answers`, it is a reply to that remark, whatever the passage.
    """

    number: Number
    passage: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    answers: Id | None = None


class ReportSaidOut(Out):
    """A remark or reply, with its author and the organisation they speak for."""

    id: int
    text: str
    name: str
    organisation: str
    is_client: bool
    created_at: datetime


class ReportRemarkOut(ReportSaidOut):
    """A remark with its replies. `number` is the version on which it was written."""

    passage: str
    number: int
    settled_at: datetime | None
    answers: list[ReportSaidOut]


class ReportLaterOut(Out):
    """What came of a report after a number of months. `value` is empty until someone answers."""

    months: int
    due_on: date
    asked_at: datetime | None
    answered_at: datetime | None
    value: LaterValue
    worth: Decimal | None
    currency: str
    text: str


def tell_threads(request: Request, engagement: Engagement) -> list[dict[str, Any]]:
    """Return all that was said beside the versions of a report."""
    return [_tell(one) for one in list_threads(engagement, request.reader)]


def _tell(one: Thread) -> dict[str, Any]:
    names = ("id", "text", "name", "organisation", "is_client", "created_at")
    return {
        **{name: getattr(one.first, name) for name in names},
        "passage": one.passage,
        "number": one.number,
        "settled_at": one.settled_at,
        "answers": one.answers,
    }


def write(request: Request, engagement: Engagement, said: ReportRemarkIn) -> Status[Any]:
    """Write or answer a remark; return it."""
    reader = request.reader
    made = remarks.write_remark(
        actor=reader, engagement_id=engagement.pk, now=timezone.localtime(), **said.model_dump()
    )
    return Status(201, _find(list_threads(engagement, reader), made))


def _find(threads: list[Thread], made: Remark) -> Any:
    said = (one for thread in threads for one in (thread.first, *thread.answers))
    return next(one for one in said if one.id == made.pk)


def settle(
    request: Request, engagement: Engagement, remark_id: int, *, is_settled: bool
) -> list[dict[str, Any]]:
    """Settle a remark, or open it again; return all."""
    remarks.settle_remark(
        actor=request.reader,
        engagement_id=engagement.pk,
        remark_id=remark_id,
        is_settled=is_settled,
        now=timezone.localtime(),
    )
    return tell_threads(request, engagement)
