"""Whom a participant should ask for, and why."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.responses import Status

from proxeny.events.api._router import router
from proxeny.events.api._shapes import ParticipantRef
from proxeny.events.operations.suggest import start_suggestions
from proxeny.events.queries.participants import get_own_participation
from proxeny.events.suggestions import find_suggestions
from proxeny.kernel.api import Id, Out


class SuggestionOut(Out):
    """One participant worth asking; a side that brings nothing is empty."""

    participant: ParticipantRef
    they_bring: str
    you_bring: str
    facts: list[str]


class SuggestionsOut(Out):
    """What was suggested last; `job_id` is the work that makes it, `made_at` when it ended."""

    job_id: int | None
    made_at: datetime | None
    suggestions: list[SuggestionOut]


class SuggestionWork(Out):
    """The work to watch."""

    job_id: int


@router.get(
    "/participations/{participation_id}/suggestions",
    response=SuggestionsOut,
    summary="Whom to ask for",
)
def list_suggestions(request: HttpRequest, participation_id: Id) -> dict[str, Any]:
    """Among those that may be asked, with reasons in the caller's language, the best first."""
    found = find_suggestions(
        request.reader, get_own_participation(request.reader, participation_id)
    )
    return {
        "job_id": found.job.pk if found.job else None,
        "made_at": found.job.finished_at if found.job else None,
        "suggestions": [
            {
                "participant": one.participation,
                "they_bring": one.told.they_bring.sentence if one.told.they_bring else "",
                "you_bring": one.told.we_bring.sentence if one.told.we_bring else "",
                "facts": list(one.told.facts),
            }
            for one in found.rows
        ],
    }


@router.post(
    "/participations/{participation_id}/suggestions",
    response={202: SuggestionWork},
    summary="Look for whom to ask",
)
def find_suggested(request: HttpRequest, participation_id: Id) -> Status[dict[str, int]]:
    """Has suggestions made, or made anew."""
    job = start_suggestions(
        actor=request.reader, participation_id=participation_id, now=timezone.now()
    )
    return Status(202, {"job_id": job.pk})
