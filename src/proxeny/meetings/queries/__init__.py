"""Reading meetings: a person's calendar, open questions, and outcomes of meetings."""

from proxeny.meetings.queries.calendar import (
    FeedFile,
    make_appointment,
    own_organisations,
    read_feed,
    title_of_catch_up,
    title_of_hand_over,
    where_of,
    write_calendar,
)
from proxeny.meetings.queries.meetings import (
    find_meetings,
    get_meeting,
    get_meeting_of,
    own_meetings,
    shown_state,
    with_own_words,
    with_parties,
)
from proxeny.meetings.queries.outcome import (
    Chain,
    Rate,
    count_outcome,
    count_partnership_outcome,
    shown_meetings,
)
from proxeny.meetings.queries.questions import Question, count_open_questions, list_questions

__all__ = [
    "Chain",
    "FeedFile",
    "Question",
    "Rate",
    "count_open_questions",
    "count_outcome",
    "count_partnership_outcome",
    "find_meetings",
    "get_meeting",
    "get_meeting_of",
    "list_questions",
    "make_appointment",
    "own_meetings",
    "own_organisations",
    "read_feed",
    "shown_meetings",
    "shown_state",
    "title_of_catch_up",
    "title_of_hand_over",
    "where_of",
    "with_own_words",
    "with_parties",
    "write_calendar",
]
