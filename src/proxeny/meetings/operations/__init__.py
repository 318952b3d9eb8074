"""Writing meetings: plan, move, show, cancel, rate, and ask again later."""

from proxeny.meetings.operations.follow_up import ask_what_came_of_it, queue_later_questions
from proxeny.meetings.operations.plan import (
    NewMeeting,
    NewParty,
    NewPlace,
    cancel_meetings,
    discard_meetings,
    move_meetings,
    plan_meetings,
    set_meeting_state,
)
from proxeny.meetings.operations.rate import keep_rating, rate_meeting

__all__ = [
    "NewMeeting",
    "NewParty",
    "NewPlace",
    "ask_what_came_of_it",
    "cancel_meetings",
    "discard_meetings",
    "keep_rating",
    "move_meetings",
    "plan_meetings",
    "queue_later_questions",
    "rate_meeting",
    "set_meeting_state",
]
