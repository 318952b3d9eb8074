"""Reminders of a step to its owner: two days before, and once it is late."""

from datetime import datetime

from django.db import transaction

from proxeny.accounts.queries import live_seats
from proxeny.assessments.models import Adviser, Step
from proxeny.assessments.operations.mails import tell_step
from proxeny.assessments.queries.engagements import load_engagements


@transaction.atomic
def remind_step(step_id: int, *, now: datetime) -> int:
    """Remind a step's owner, once before its day and once after; return the number of mails.

    A step that was moved is announced again. An owner who has left the engagement or their cluster
    is not written to. Service role.
    """
    step = Step.objects.filter(pk=step_id, done_on=None).select_related("person").first()
    if step is None or step.person is None or not _is_at_work(step, now):
        return 0
    step.engagement = load_engagements([step.engagement_id])[0]
    return tell_step(step, step.person, late=step.due_on < now.date())


def _is_at_work(step: Step, now: datetime) -> bool:
    adviser = (
        Adviser.objects.filter(engagement_id=step.engagement_id, person=step.person, left_at=None)
        .select_related("party")
        .first()
    )
    if adviser is None:
        return False
    seats = live_seats(today=now.date()).filter(person=step.person)
    return seats.filter(organisation_id=adviser.party.organisation_id).exists()
