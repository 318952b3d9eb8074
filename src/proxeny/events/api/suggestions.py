"""Suggested meeting partners of a participant, with reasons."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja.responses import Status

from proxeny.events.api._router import router
from proxeny.events.api._shapes import ParticipantRef
from proxeny.events.operations.suggest import start_suggestions
from proxeny.events.queries.participants import get_own_participation
from proxeny.events.suggestions import find_suggestions
from proxeny.kernel.api import Id, Out
from proxeny.kernel.requests import Request


class SuggestionOut(Out):
    """A participant worth meeting.

    `they_bring` or `you_bring` is empty if that side has nothing to offer.
    """

    participant: ParticipantRef
    they_bring: str
    you_bring: str
    facts: list[str]


class SuggestionsOut(Out):
    """The latest suggestions.

    `job_id` is the job that makes them, `made_at` the time when it ended.
    """

    job_id: int | None
    made_at: datetime | None
    suggestions: list[SuggestionOut]


class SuggestionWork(Out):
    """The job to watch."""

    job_id: int


@router.get(
    "/participations/{participation_id}/suggestions",
    response=SuggestionsOut,
    summary="List suggested participants",
)
def list_suggestions(request: Request, participation_id: Id) -> dict[str, Any]:
    """Returns participants you can request meetings with, best first, with reasons in your
    language.
    """
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
    summary="Find suggestions",
)
def find_suggested(request: Request, participation_id: Id) -> Status[dict[str, int]]:
    """Starts the search for suggestions, or repeats it."""
    job = start_suggestions(
        actor=request.reader, participation_id=participation_id, now=timezone.now()
    )
    return Status(202, {"job_id": job.pk})
