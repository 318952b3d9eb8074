"""Kinds of value that events' routes take, with the bounds that are kept."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from proxeny.events.models import Event, MeetingRequest, Participation, Table
from proxeny.events.operations.participation import LANGUAGES
from proxeny.kernel.api import In

#: Beyond these no calendar of people reaches, and time zones would overflow.
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


def _refuse_far_days(value: date) -> date:
    if not _FIRST <= value <= _LAST:
        raise ValueError(f"must lie from {_FIRST} to {_LAST}")
    return value


def _refuse_far_moments(value: datetime) -> datetime:
    first = datetime(_FIRST.year, 1, 2, tzinfo=UTC)
    if not first <= value <= datetime(_LAST.year, 12, 30, tzinfo=UTC):
        raise ValueError(f"must lie from {_FIRST} to {_LAST}")
    return value


Day = Annotated[date, AfterValidator(_refuse_far_days)]
Moment = Annotated[AwareDatetime, AfterValidator(_refuse_far_moments)]
Clock = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="A local time, like 09:30."),
]
Reason = Annotated[str, Field(min_length=1, max_length=300)]
Words = Annotated[str, Field(max_length=100, description="Words, each of which has to occur.")]
Language = Literal[*LANGUAGES]
#: The number of a slot of the event, counted from 1.
SlotNumber = Annotated[int, Field(ge=1, le=32_767)]

EventState = Literal[*Event.State.values]
ParticipationState = Literal[*Participation.State.values]
Mark = Literal[*MeetingRequest.Kind.values]
TableKind = Literal[*Table.Kind.values]
FileFormat = Literal["csv", "xlsx"]


def unsent() -> Any:
    """Return the default of a field that a change may leave out, and may not set to null."""
    return Field(None, json_schema_extra=lambda schema: schema.pop("default", None) and None)


class ReasonIn(In):
    """Why something is called off or left; those concerned read it."""

    reason: Reason
