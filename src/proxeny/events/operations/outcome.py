"""Asking, months after an event, for the outcomes of its meetings."""

from datetime import datetime

from django.db import transaction

from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.outcome import meeting_ids
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations import ask_what_came_of_it


@transaction.atomic
def ask_event_outcome(*, actor: Reader, event_id: int, now: datetime) -> Job:
    """Queue the mails that ask everybody who met at an event about the outcome.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such event; not a manager of its partnership; six months have not passed.
    """
    event = get_event_for_staff(actor, event_id)
    return ask_what_came_of_it(
        actor=actor,
        partnership_id=event.partnership_id,
        meeting_ids=meeting_ids(event.pk),
        now=now,
    )
