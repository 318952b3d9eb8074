"""How reports, remarks and answers are told to programs, for the teams and for the company."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.models import Engagement, Later, Remark
from proxeny.assessments.operations import remarks
from proxeny.assessments.queries.remarks import Thread, list_threads
from proxeny.kernel.api import Id, In, Out

Number = Annotated[int, Field(ge=1, le=32767)]
LaterValue = Literal["", *Later.Value.values]


class AssessmentReportRow(Out):
    """One version of a report, without what it says."""

    number: int
    language: str
    news: str
    sha256: str
    given_by_id: int | None
    given_at: datetime


class AssessmentReportOut(AssessmentReportRow):
    """One version of a report, word for word.

    `content` holds `summary`, `chapters` of `findings`, `figures`, `advice`, `sources` and
    `people`; `sha256` is that of its JSON with sorted keys and no space.
    """

    content: dict[str, Any]


class ReportRemarkIn(In):
    """What is said beside a passage of a version: `summary`, `finding-3`, `figure-2`, `advice-1`.

    With `answers` it stands under that remark, whatever the passage.
    """

    number: Number
    passage: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    answers: Id | None = None


class ReportSaidOut(Out):
    """One remark or answer: who says it, and for whom."""

    id: int
    text: str
    name: str
    organisation: str
    is_client: bool
    created_at: datetime


class ReportRemarkOut(ReportSaidOut):
    """A remark with its answers; `number` is the version beside which it was written."""

    passage: str
    number: int
    settled_at: datetime | None
    answers: list[ReportSaidOut]


class ReportLaterOut(Out):
    """What came of a report after so many months; `value` is empty as long as nobody answered."""

    months: int
    due_on: date
    asked_at: datetime | None
    answered_at: datetime | None
    value: LaterValue
    worth: Decimal | None
    currency: str
    text: str


def tell_threads(request: HttpRequest, engagement: Engagement) -> list[dict[str, Any]]:
    """Return all that was said beside the versions of a report."""
    return [_tell(one) for one in list_threads(engagement, request.reader)]  # type: ignore[attr-defined]


def _tell(one: Thread) -> dict[str, Any]:
    names = ("id", "text", "name", "organisation", "is_client", "created_at")
    return {
        **{name: getattr(one.first, name) for name in names},
        "passage": one.passage, "number": one.number, "settled_at": one.settled_at,
        "answers": one.answers,
    }  # fmt: skip


def write(request: HttpRequest, engagement: Engagement, said: ReportRemarkIn) -> Status[Any]:
    """Write or answer a remark; return it."""
    reader = request.reader  # type: ignore[attr-defined]
    made = remarks.write_remark(
        actor=reader, engagement_id=engagement.pk, now=timezone.localtime(), **said.model_dump()
    )
    return Status(201, _find(list_threads(engagement, reader), made))


def _find(threads: list[Thread], made: Remark) -> Any:
    said = (one for thread in threads for one in (thread.first, *thread.answers))
    return next(one for one in said if one.id == made.pk)


def settle(
    request: HttpRequest, engagement: Engagement, remark_id: int, *, is_settled: bool
) -> list[dict[str, Any]]:
    """Settle a remark, or open it again; return all."""
    remarks.settle_remark(
        actor=request.reader, engagement_id=engagement.pk, remark_id=remark_id,  # type: ignore[attr-defined]
        is_settled=is_settled, now=timezone.localtime(),
    )  # fmt: skip
    return tell_threads(request, engagement)
