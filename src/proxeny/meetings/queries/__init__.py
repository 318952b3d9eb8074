"""Reading meetings: a person's calendar, what waits for an answer, and what came of meetings."""

from proxeny.meetings.queries.calendar import (
    FeedFile,
    make_appointment,
    own_organisations,
    read_feed,
    title_of_catch_up,
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
    Outcome,
    Rate,
    shown_meetings,
    sum_outcome,
    sum_partnership_outcome,
)
from proxeny.meetings.queries.questions import Question, count_open_questions, list_questions

__all__ = [
    "FeedFile",
    "Outcome",
    "Question",
    "Rate",
    "count_open_questions",
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
    "sum_outcome",
    "sum_partnership_outcome",
    "title_of_catch_up",
    "where_of",
    "with_own_words",
    "with_parties",
    "write_calendar",
]
