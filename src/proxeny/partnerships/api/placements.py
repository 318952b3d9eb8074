"""Stays and visits agreed on, closed with a report, and opened again, by program.

They are read and written as the other records of a room, of the kind `placement`.
"""

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, match_version, show_version
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations import placements as deeds
from proxeny.partnerships.room_queries import get_record

_ONE = "/{partnership_id}/placements/{placement_id}"


class CloseIn(In):
    """What came of a stay."""

    report: Annotated[str, Field(min_length=1, max_length=4000)]
    proof_url: Annotated[str, Field(max_length=500, pattern="^(https://.*)?$")] = ""
    closed_on: Annotated[date, Field(description="Not before its first day, nor after today.")]


def _version(
    request: HttpRequest, partnership_id: int, placement_id: int, if_match: str | None
) -> int:
    enter(request, partnership_id)
    current = get_record(KINDS["placement"], partnership_id, placement_id)
    return match_version(if_match, current.version)


@router.post(f"{_ONE}/agree", response={204: None}, summary="Agree to a stay")
def agree_placement(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, placement_id: Id,
    if_match: IfMatch = None,
) -> Status[None]:  # fmt: skip
    """For the side that did not write it, by its managers; a change of it takes that back."""
    made = deeds.agree_placement(
        actor=request.reader, partnership_id=partnership_id, placement_id=placement_id,
        version=_version(request, partnership_id, placement_id, if_match), now=timezone.localtime(),
    )  # fmt: skip
    show_version(response, made.version)
    return Status(204, None)


@router.post(f"{_ONE}/close", response={204: None}, summary="Close a stay with its report")
def close_placement(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, placement_id: Id,
    closing: CloseIn, if_match: IfMatch = None,
) -> Status[None]:  # fmt: skip
    """By the side that sends, once it has begun."""
    made = deeds.close_placement(
        actor=request.reader, partnership_id=partnership_id, placement_id=placement_id,
        version=_version(request, partnership_id, placement_id, if_match), now=timezone.localtime(),
        **closing.model_dump(),
    )  # fmt: skip
    show_version(response, made.version)
    return Status(204, None)


@router.post(f"{_ONE}/reopen", response={204: None}, summary="Open a closed stay again")
def reopen_placement(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, placement_id: Id,
    if_match: IfMatch = None,
) -> Status[None]:  # fmt: skip
    """By a manager of one of the two sides; its report is kept."""
    made = deeds.reopen_placement(
        actor=request.reader, partnership_id=partnership_id, placement_id=placement_id,
        version=_version(request, partnership_id, placement_id, if_match), now=timezone.localtime(),
    )  # fmt: skip
    show_version(response, made.version)
    return Status(204, None)
