"""Pending items of a person, in one list that every place shows: pages, mail and API.

Each capability says in its module `waiting` which of its rows wait for a reader, and adds the
function to `WAITING`. Whether something waits follows from the rows alone, read with the reader's
eyes: nothing is written when it begins or ends.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from proxeny.kernel.hooks import Hook
from proxeny.kernel.kinds import Kind, read_kinds
from proxeny.kernel.tenancy import Reader

Tone = Literal["bad", "warn", "info"]
_URGENT: tuple[Tone, ...] = ("bad", "warn")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a reader.

    Attributes
    ----------
    key : str
        The same for the same thing each time, such as `brief:12:sign`.
    title, text : str
        What it is, and what is to be done, in the language in force.
    url : str
        Where it is done, from the slash on.
    label : str
        A verb for the button that leads there.
    tone : {"bad", "warn", "info"}
        `bad` is wrong, `warn` holds others up, `info` can wait.
    due : date or None
        By when it is to be done.
    partnership_id : int or None
        The room it belongs to, for those who enter that room.
    """

    key: str
    title: str
    text: str
    url: str
    label: str
    tone: Tone = "info"
    due: date | None = None
    partnership_id: int | None = None


#: Yields what waits for a reader at a time, or rows that do: in all rooms, or in one alone (its
#: number) as far as that spares a query, since all else is left out afterwards.
Find = Callable[[Reader, datetime, int | None], Iterable[Waiting | Kind[Waiting]]]
WAITING: Hook[Find] = Hook("waiting", "What waits for a reader, in all rooms or in one.")


def list_waiting(reader: Reader, now: datetime, *, room: int | None = None) -> list[Waiting]:
    """Return what waits for a reader: what is late or wrong, then what holds others up, by day.

    One query, and a few where something waits that has to be named, whatever the number of rooms.
    `room` leaves out all that belongs to no room or another one.
    """
    if reader.is_stranger:
        return []
    parts = (one for find in WAITING for one in find(reader, now, room))
    found = [
        one for one in read_kinds(parts, room=room) if room is None or one.partnership_id == room
    ]
    today = now.date()
    return sorted(found, key=lambda one: (_rank(one, today), one.due or date.max))


def _rank(one: Waiting, today: date) -> int:
    if one.due and one.due < today:
        return 0
    return _URGENT.index(one.tone) if one.tone in _URGENT else len(_URGENT)
