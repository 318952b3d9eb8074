"""Kinds of value that events' routes take, with the bounds that are kept."""

from typing import Annotated, Literal

from pydantic import Field

from proxeny.events.models import Event, MeetingRequest, Participation, Table
from proxeny.events.operations.participation import LANGUAGES
from proxeny.kernel.api import In

Clock = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="A local time, such as 09:30."),
]
Reason = Annotated[str, Field(min_length=1, max_length=300)]
Words = Annotated[str, Field(max_length=100, description="Words that must all occur.")]
Language = Literal[*LANGUAGES]
#: The number of a slot of the event, counted from 1.
SlotNumber = Annotated[int, Field(ge=1, le=32_767)]

EventState = Literal[*Event.State.values]
ParticipationState = Literal[*Participation.State.values]
Mark = Literal[*MeetingRequest.Kind.values]
TableKind = Literal[*Table.Kind.values]
FileFormat = Literal["csv", "xlsx"]


class ReasonIn(In):
    """The reason for cancelling or withdrawing. The people affected can read it."""

    reason: Reason
