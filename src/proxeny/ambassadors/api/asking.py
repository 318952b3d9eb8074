"""Whether the two want to meet: asked by the desk, and noted by it."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.ambassadors.api._desk import (
    ONE,
    DeskIntroductionOut,
    Role,
    get_desk_case,
    show_case,
)
from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.operations import wishes
from proxeny.kernel.api import Id, In


class AskIn(In):
    """Whom to ask: both, or one of them first."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=2)] = ["member", "stakeholder"]


class NotedAnswerIn(In):
    """What one of the two said by phone or in person; `why`: when and how one was told."""

    role: Role
    wants: bool
    why: Annotated[str, Field(min_length=1, max_length=1000)]


@router.post(f"{ONE}/ask", response=DeskIntroductionOut, summary="Ask whether they want to meet")
def ask_sides(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    asked: AskIn,
) -> Any:  # fmt: skip
    """Each gets a mail with a link. A member whose mandate holds has said yes by it."""
    get_desk_case(request, partnership_id, introduction_id)
    wishes.ask_sides(
        actor=request.reader, introduction_id=introduction_id, roles=asked.roles,
        now=timezone.now(),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/answer", response=DeskIntroductionOut, summary="Note an answer")
def note_answer(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    answer: NotedAnswerIn,
) -> Any:  # fmt: skip
    """Given by phone or in person. When both have said yes a time is found; a no closes it."""
    get_desk_case(request, partnership_id, introduction_id)
    wishes.note_answer(
        actor=request.reader, introduction_id=introduction_id, now=timezone.now(),
        **answer.model_dump(),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)
