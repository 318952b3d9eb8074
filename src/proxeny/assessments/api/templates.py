"""A partnership's templates for market questions, and its lessons learned, for programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.api.catalogue import MarketQuestion, enter
from proxeny.assessments.models import Lesson, TemplateItem
from proxeny.assessments.operations import templates as operations
from proxeny.assessments.operations.templates import MOST, MOST_DAYS, ItemFacts
from proxeny.assessments.queries import templates as queries
from proxeny.kernel.api import Id, IfMatch, In, Named, Out, in_pages, match_version, show_version
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.requests import Request

Kind = TemplateItem.Kind
_ONE = "/{partnership_id}/templates/{question}"
_LESSONS = "/{partnership_id}/lessons"
Line = Annotated[str, Field(min_length=1, max_length=300)]
Lines = Annotated[list[Line], Field(max_length=MOST)]


class TemplateStepIn(In):
    """A step of the plan."""

    text: Line
    after_days: Annotated[
        int, Field(ge=0, le=MOST_DAYS, description="Days after the signed brief.")
    ]


class TemplateIn(In):
    """A whole template, which replaces the existing one."""

    questions: Lines
    steps: Annotated[list[TemplateStepIn], Field(max_length=MOST)]
    chapters: Lines


class TemplateStepOut(Out):
    """A step of the plan."""

    text: str
    after_days: int


class MarketTemplateOut(Out):
    """A template.

    Unless the partnership has its own, it is Proxeny's, in the language of the request.
    """

    question: MarketQuestion
    is_own: bool
    questions: list[str]
    steps: list[TemplateStepOut]
    chapters: list[str]
    changed_at: datetime | None
    version: int


class LessonFilters(In):
    """Filters for a list of lessons."""

    question: MarketQuestion | None = None


class LessonIn(In):
    """A lesson learned. It names no company."""

    question: MarketQuestion
    text: Annotated[str, Field(min_length=1, max_length=1000)]


class LessonOut(Out):
    """A lesson learned. `applied_at` is when it was added to the template."""

    id: int
    question: MarketQuestion
    text: str
    written_by: Named | None
    created_at: datetime
    applied_at: datetime | None

    @staticmethod
    def resolve_written_by(lesson: Lesson) -> Mapping[str, Any] | None:
        """Return the author by name."""
        one = lesson.written_by
        return {"id": one.pk, "name": tell_name(one.name)} if one else None


def _tell(sheet: queries.Sheet) -> dict[str, Any]:
    return {
        "question": sheet.question,
        "is_own": sheet.is_own,
        "questions": [one.text for one in sheet.items[Kind.QUESTION]],
        "steps": [
            {"text": one.text, "after_days": one.after_days or 0} for one in sheet.items[Kind.STEP]
        ],
        "chapters": [one.text for one in sheet.items[Kind.CHAPTER]],
        "changed_at": sheet.changed_at,
        "version": sheet.version,
    }


def _show(response: HttpResponse, partnership_id: int, question: str) -> dict[str, Any]:
    sheet = queries.read_sheet(partnership_id, question)
    show_version(response, sheet.version)
    return _tell(sheet)


@router.get(_ONE, response=MarketTemplateOut, summary="Get the template for a market question")
def show_template(
    request: Request, response: HttpResponse, partnership_id: Id, question: MarketQuestion
) -> dict[str, Any]:
    """Returns what the company is asked, the steps of the plan, and the chapters of the report."""
    enter(request, partnership_id)
    return _show(response, partnership_id, question)


@router.put(_ONE, response=MarketTemplateOut, summary="Write the template for a market question")
def write_template(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    question: MarketQuestion,
    template: TemplateIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Replaces the whole template. Engagements that have begun keep the one they began with."""
    enter(request, partnership_id)
    current = queries.read_sheet(partnership_id, question).version
    items = [
        *(ItemFacts(Kind.QUESTION, text) for text in template.questions),
        *(ItemFacts(Kind.STEP, one.text, one.after_days) for one in template.steps),
        *(ItemFacts(Kind.CHAPTER, text) for text in template.chapters),
    ]
    operations.write_template(
        actor=request.reader,
        partnership_id=partnership_id,
        question=question,
        version=match_version(if_match, current),
        items=items,
        now=timezone.localtime(),
    )
    return _show(response, partnership_id, question)


@router.delete(_ONE, response={204: None}, summary="Go back to Proxeny's template")
def reset_template(
    request: Request, partnership_id: Id, question: MarketQuestion, if_match: IfMatch = None
) -> Status[None]:
    """Permanently deletes the partnership's own template."""
    enter(request, partnership_id)
    match_version(if_match, queries.read_sheet(partnership_id, question).version)
    operations.reset_template(
        actor=request.reader,
        partnership_id=partnership_id,
        question=question,
        now=timezone.localtime(),
    )
    return Status(204, None)


@router.get(_LESSONS, response=list[LessonOut], summary="List lessons learned")
@in_pages("-created_at", "-id")
def list_lessons(
    request: Request, partnership_id: Id, filters: Query[LessonFilters]
) -> QuerySet[Lesson]:
    """Returns the lessons about one market question, or all."""
    enter(request, partnership_id)
    return queries.find_lessons(partnership_id, filters.question or "")


@router.post(_LESSONS, response={201: LessonOut}, summary="Add a lesson learned")
def write_lesson(request: Request, partnership_id: Id, lesson: LessonIn) -> Status[Lesson]:
    """It is shown beside the template of its market question."""
    enter(request, partnership_id)
    made = operations.write_lesson(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **lesson.model_dump(),
    )
    return Status(201, made)


@router.post(
    f"{_LESSONS}/{{lesson_id}}/apply",
    response=LessonOut,
    summary="Mark a lesson as added to the template",
)
def apply_lesson(request: Request, partnership_id: Id, lesson_id: Id) -> Lesson:
    """From now on, it counts as added to the template."""
    return operations.apply_lesson(
        actor=request.reader,
        partnership_id=partnership_id,
        lesson_id=lesson_id,
        now=timezone.localtime(),
    )


@router.post(
    f"{_LESSONS}/{{lesson_id}}/open",
    response=LessonOut,
    summary="Mark a lesson as not added to the template",
)
def open_lesson(request: Request, partnership_id: Id, lesson_id: Id) -> Lesson:
    """The lesson is open again."""
    return operations.open_lesson(
        actor=request.reader,
        partnership_id=partnership_id,
        lesson_id=lesson_id,
        now=timezone.localtime(),
    )
