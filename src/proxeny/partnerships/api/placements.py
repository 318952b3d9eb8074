"""Stays and visits: agreed on, closed with a report, and reopened, for programs.

They are read and written like the other records of a room, as the kind `placement`.
"""

from datetime import date
from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, match_version, show_version
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations import placements as deeds
from proxeny.partnerships.room_queries import get_record

_ONE = "/{partnership_id}/placements/{placement_id}"


class CloseIn(In):
    """The report of a stay."""

    report: Annotated[str, Field(min_length=1, max_length=4000)]
    proof_url: Annotated[str, Field(max_length=500, pattern="^(https://.*)?$")] = ""
    closed_on: Annotated[
        date, Field(description="Not before the first day of the stay, and not after today.")
    ]


def _version(request: Request, partnership_id: int, placement_id: int, if_match: str | None) -> int:
    enter(request, partnership_id)
    current = get_record(KINDS["placement"], partnership_id, placement_id)
    return match_version(if_match, current.version)


@router.post(f"{_ONE}/agree", response={204: None}, summary="Agree to a stay")
def agree_placement(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    placement_id: Id,
    if_match: IfMatch = None,
) -> Status[None]:
    """Agrees to the stay for the side that did not propose it.

    Available to its managers. A later change of the stay reverts the agreement.
    """
    made = deeds.agree_placement(
        actor=request.reader,
        partnership_id=partnership_id,
        placement_id=placement_id,
        version=_version(request, partnership_id, placement_id, if_match),
        now=timezone.localtime(),
    )
    show_version(response, made.version)
    return Status(204, None)


@router.post(f"{_ONE}/close", response={204: None}, summary="Close a stay with a report")
def close_placement(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    placement_id: Id,
    closing: CloseIn,
    if_match: IfMatch = None,
) -> Status[None]:
    """Closes the stay once it has begun. Available to the side that sends the person."""
    made = deeds.close_placement(
        actor=request.reader,
        partnership_id=partnership_id,
        placement_id=placement_id,
        version=_version(request, partnership_id, placement_id, if_match),
        now=timezone.localtime(),
        **closing.model_dump(),
    )
    show_version(response, made.version)
    return Status(204, None)


@router.post(f"{_ONE}/reopen", response={204: None}, summary="Reopen a stay")
def reopen_placement(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    placement_id: Id,
    if_match: IfMatch = None,
) -> Status[None]:
    """Reopens a closed stay and keeps its report. Available to managers of both sides."""
    made = deeds.reopen_placement(
        actor=request.reader,
        partnership_id=partnership_id,
        placement_id=placement_id,
        version=_version(request, partnership_id, placement_id, if_match),
        now=timezone.localtime(),
    )
    show_version(response, made.version)
    return Status(204, None)
