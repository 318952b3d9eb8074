"""The event that both sides show: 300 meetings of 200 people in 20 rooms over 3 days.

Needs nothing but Python: the peer's interpreter reads it too.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

DAY = dt.date(2083, 3, 10)
DAYS, ROOMS, PEOPLE, SLOTS_A_DAY, SLOT_MIN = 3, 20, 200, 5, 30
ZONE = "Europe/Athens"
#: Managers of both sides; they see the whole agenda.
ADDRESSES = ("manager@a.example", "manager@b.example")
_FIRST = ("Alma", "Brise", "Cairn", "Delta", "Ember", "Fjord", "Grove", "Haven", "Isola", "Junco")
_SECOND = ("Studio", "Works", "Labs", "Audio", "Press", "Films", "Games", "Craft", "Sound", "Type")


@dataclass(frozen=True)
class Meet:
    """One meeting; `first` and `second` are numbers of people, of side A and of side B."""

    number: int
    day: dt.date
    slot: int
    starts: dt.time
    room: int
    first: int
    second: int

    @property
    def title(self) -> str:
        """What a programme calls it."""
        return f"{name_of(self.first)} – {name_of(self.second)}"


def name_of(number: int) -> str:
    """Return the name of a participant; no two are alike."""
    return f"{_FIRST[number % 10]} {_SECOND[number // 10 % 10]} {number:03}"


def starts_of(slot: int) -> dt.time:
    """Return when a day's slot begins, in the event's own time."""
    return dt.time(9 + slot * SLOT_MIN // 60, slot * SLOT_MIN % 60)


def meetings() -> Iterator[Meet]:
    """Yield all meetings, in the order of time and room: every room is taken in every slot.

    The first half of the people are side A. Nobody is twice in one slot.
    """
    half, number = PEOPLE // 2, 0
    for day in range(DAYS):
        for slot in range(SLOTS_A_DAY):
            turn = day * SLOTS_A_DAY + slot
            for room in range(ROOMS):
                first = (turn * ROOMS + room) % half
                # Each round over side A meets somebody else of side B.
                second = half + (first + number // half * 7) % half
                yield Meet(
                    number, DAY + dt.timedelta(days=day), slot, starts_of(slot), room, first, second
                )
                number += 1
