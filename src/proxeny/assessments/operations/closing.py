"""An engagement is closed with what was learned, and taken up again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Adviser, Engagement
from proxeny.assessments.operations import mails
from proxeny.assessments.operations.advisers import is_staffed, refuse_full
from proxeny.assessments.operations.entering import (
    Entered,
    enter_as_client,
    enter_as_team,
    note_deed,
    write_engagement,
)
from proxeny.assessments.operations.templates import write_lesson
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.operations import desk

State = Engagement.State


@transaction.atomic
def close_engagement(
    *, actor: Reader, engagement_id: int, version: int, text: str, now: datetime
) -> Engagement:
    """Close an engagement with what was learned from it, which the template may take over.

    What the company received stays on its page, and it is asked later what came of it.

    Parameters
    ----------
    text : str
        What was learned; it names no client.

    Side effects: a lesson, audit rows, a mail to the company.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; not of a team.
    InvalidInput
        Nothing was learned, or too much.
    Conflict
        The work has not begun, it is closed already, or somebody saved in between.
    """
    desk.lock(get_engagement(engagement_id).partnership_id)
    entered = enter_as_team(actor, engagement_id, *rules.PLANNED, version=version)
    one = entered.engagement
    write_lesson(
        actor=actor, partnership_id=one.partnership_id, question=one.question, text=text,
        engagement_id=one.pk, now=now,
    )  # fmt: skip
    before = one.state
    write_engagement(one, state=State.CLOSED, ended_at=now)
    note_deed(actor, "close_engagement", entered, changes={"state": [before, State.CLOSED.value]})
    mails.tell_closed(one, actor=actor, today=now.date())
    return one


@transaction.atomic
def reopen_engagement(*, actor: Reader, engagement_id: int, now: datetime) -> Engagement:
    """Take up again what was closed, declined or withdrawn, where it stood before.

    What a company withdrew, the company takes up; all else the teams.

    Side effects: an audit row; mails to the company and the teams, unless it was only closed.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; it is the other's to take up.
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
        refuse_full(one, _("All places of this service are taken. Take it up when one is free."))
    write_engagement(one, state=state, reason="", ended_at=None)
    note_deed(actor, "reopen_engagement", entered, changes={"state": [before, str(state)]})
    if before != State.CLOSED:
        mails.tell_taken_up(one, entered.parties, actor=actor, today=now.date())
    return one


def _state_before(entered: Entered) -> str:
    """Return where an engagement stood, by what was done in it."""
    one = entered.engagement
    for moment, state in (
        (one.handed_over_at, State.HANDED_OVER), (one.reported_at, State.REPORTED),
        (one.signed_at, State.WORKING),
    ):  # fmt: skip
        if moment:
            return state
    if is_staffed(one, entered):
        return State.BRIEF
    with as_service():
        is_checked = Adviser.objects.filter(engagement=one, left_at=None).exists()
    return State.CHECKING if is_checked else State.ASKED
