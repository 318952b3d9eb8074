"""Consent of the two sides to meet: requested by the desk, and recorded by it."""

from typing import Annotated, Any

from django.http import HttpResponse
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
from proxeny.kernel.requests import Request


class AskIn(In):
    """Who to ask: both sides, or one of them first."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=2)] = ["member", "stakeholder"]


class NotedAnswerIn(In):
    """One side's answer, given by phone or in person.

    Explain in `why` when and how you were given it.
    """

    role: Role
    wants: bool
    why: Annotated[str, Field(min_length=1, max_length=1000)]


@router.post(
    f"{ONE}/ask", response=DeskIntroductionOut, summary="Ask the sides whether they want to meet"
)
def ask_sides(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    asked: AskIn,
) -> Any:
    """Each gets an email with a link.

    A member with a mandate in force has already said yes through it.
    """
    get_desk_case(request, partnership_id, introduction_id)
    wishes.ask_sides(
        actor=request.reader,
        introduction_id=introduction_id,
        roles=asked.roles,
        now=timezone.now(),
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/answer", response=DeskIntroductionOut, summary="Record an answer")
def note_answer(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    answer: NotedAnswerIn,
) -> Any:
    """Records an answer given by phone or in person.

    Once both have said yes, you look for a time; a no closes the introduction.
    """
    get_desk_case(request, partnership_id, introduction_id)
    wishes.note_answer(
        actor=request.reader,
        introduction_id=introduction_id,
        now=timezone.now(),
        **answer.model_dump(),
    )
    return show_case(request, response, partnership_id, introduction_id)
