"""Closing an engagement with a lesson learned, and reopening it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Adviser, Engagement
from proxeny.assessments.operations import mails
from proxeny.assessments.operations.advisers import is_staffed, refuse_full
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_client,
    enter_as_team,
    note_deed,
    write_engagement,
)
from proxeny.assessments.operations.templates import write_lesson
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.operations import guards

State = Engagement.State


@transaction.atomic
def close_engagement(
    *, actor: Reader, engagement_id: int, version: int, text: str, now: datetime
) -> Engagement:
    """Close an engagement with the lesson learned, which the template may adopt.

    The company keeps its report on its page, and is asked later about the outcome.

    Parameters
    ----------
    text : str
        The lesson; it names no client.

    Side effects: a lesson, audit rows, a mail to the company.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; not of a team.
    InvalidInput
        The lesson is empty or too long.
    Conflict
        The work has not begun, it is closed already, or somebody saved in between.
    """
    guards.lock(get_engagement(engagement_id).partnership_id)
    entered = enter_as_team(actor, engagement_id, *rules.PLANNED, version=version)
    one = entered.engagement
    write_lesson(
        actor=actor,
        partnership_id=one.partnership_id,
        question=one.question,
        text=text,
        engagement_id=one.pk,
        now=now,
    )
    before = one.state
    write_engagement(one, state=State.CLOSED, ended_at=now)
    note_deed(actor, "close_engagement", entered, changes={"state": [before, State.CLOSED.value]})
    mails.tell_closed(one, actor=actor, today=now.date())
    return one


@transaction.atomic
def reopen_engagement(*, actor: Reader, engagement_id: int, now: datetime) -> Engagement:
    """Reopen a closed, declined or withdrawn engagement in its previous state.

    The company reopens what it withdrew; the teams reopen everything else.

    Side effects: an audit row; mails to the company and the teams, unless it was only closed.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; only the other side may reopen it.
    Conflict
        It is not over, or its place was given to another meanwhile.
    """
    before = get_engagement(engagement_id).state
    if before == State.WITHDRAWN:
        entered = enter_as_client(actor, engagement_id, State.WITHDRAWN)
    else:
        entered = enter_as_team(actor, engagement_id, State.CLOSED, State.DECLINED)
    one = entered.engagement
    state = _state_before(entered)
    if before != State.CLOSED and state in rules.RUNNING:
        refuse_full(
            one, _("All places for this service are taken. Reopen it when one becomes free.")
        )
    write_engagement(one, state=state, reason="", ended_at=None)
    note_deed(actor, "reopen_engagement", entered, changes={"state": [before, str(state)]})
    if before != State.CLOSED:
        mails.tell_taken_up(one, entered.parties, actor=actor, today=now.date())
    return one


def _state_before(entered: Entered) -> str:
    """Return the previous state of an engagement, derived from its records."""
    one = entered.engagement
    for moment, state in (
        (one.handed_over_at, State.HANDED_OVER),
        (one.reported_at, State.REPORTED),
        (one.signed_at, State.WORKING),
    ):
        if moment:
            return state
    if is_staffed(one, entered):
        return State.BRIEF
    with as_service("The state to return to is the same, whichever side reopens the request."):
        is_checked = Adviser.objects.filter(engagement=one, left_at=None).exists()
    return State.CHECKING if is_checked else State.ASKED
