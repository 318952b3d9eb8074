"""Fast first schedule: most valuable meetings first, each where it costs the fewest breaks.

Plain Python, so that it waits for no compiler and no other process. It keeps every rule, walking
time and fairness included; it leaves out the meetings it cannot place, for the other solvers to
add.
"""

from collections.abc import Iterable, Sequence

from proxeny.engine.agenda._core import Core, Resource

__all__ = ["Greedy", "Start", "build_greedy"]

type Start = Sequence[tuple[int, int, int | None]]


class Greedy:
    """A growing schedule.

    Attributes
    ----------
    slots : list of int
        Per meeting, -1 where unplaced.
    places : dict of meeting to place
        Where walking matters.
    """

    def __init__(self, core: Core, fairness: int | None) -> None:
        """Begin with an empty schedule."""
        self.core = core
        self.fairness = core.n_slots if fairness is None else fairness
        self.slots = [-1] * core.n_meetings
        self.places: dict[int, int] = {}
        self._at: list[dict[int, int]] = [{} for _ in core.meetings_of]
        self._days = [0] * core.n_participants
        self._rooms = _users(core.resources, core.n_meetings)
        self._used = [[0] * core.n_slots for _ in core.resources]
        walks = core.walks
        self._too_far = frozenset(walks.too_far if walks else ())
        self._place_of_room = [place for place, _ in walks.rooms] if walks else []
        self._place_rooms = [room for _, room in walks.rooms] if walks else []
        self._place_rooms_of = _users(self._place_rooms, core.n_meetings)
        self._place_used = [[0] * core.n_slots for _ in self._place_rooms]
        self._orders: dict[int, list[tuple[int, int]]] = {}
        for before, after in core.precedences:
            self._orders.setdefault(before, []).append((after, 1))
            self._orders.setdefault(after, []).append((before, -1))

    def place_all(self, start: Start = ()) -> None:
        """Place the meetings of a start where the rules allow it, then all the rest."""
        for meeting, slot, place in sorted(start, key=lambda one: one[1]):
            if slot in self.core.domains[meeting] and self._fits(meeting, slot):
                self._put_somewhere(meeting, slot, None if place is None else (place,))
        left = [m for m, slot in enumerate(self.slots) if slot < 0]
        core = self.core
        left.sort(key=lambda m: (not core.required[m], -core.values[m], len(core.domains[m])))
        for meeting in left:
            costs = sorted(
                (self._added_cost(meeting, slot), slot)
                for slot in core.domains[meeting]
                if self._fits(meeting, slot)
            )
            # A place comes last: it is the rule that asks most.
            any(self._put_somewhere(meeting, slot, None) for _, slot in costs)

    def _fits(self, meeting: int, slot: int) -> bool:
        """Whether people, resources, caps, order and fairness allow it."""
        core = self.core
        people = core.parties[meeting]
        return (
            all(slot not in self._at[p] and len(self._at[p]) < core.caps[p] for p in people)
            and all(
                self._used[r][slot] < core.resources[r].capacity[slot] for r in self._rooms[meeting]
            )
            and all(
                self.slots[other] < 0 or (self.slots[other] - slot) * sign > 0
                for other, sign in self._orders.get(meeting, ())
            )
            and all(_breaks(self._days[p] | 1 << slot) <= self.fairness for p in people)
        )

    def _added_cost(self, meeting: int, slot: int) -> float:
        """Breaks it adds, the idle slots to the nearest meeting, and how crowded the slot is."""
        cost = 0.0
        for person in self.core.parties[meeting]:
            day = self._days[person]
            cost += _breaks(day | 1 << slot) - _breaks(day)
            cost += 0.1 * min((abs(slot - other) - 1 for other in self._at[person]), default=0)
        return cost + 0.001 * sum(self._used[r][slot] for r in self._rooms[meeting])

    def _put_somewhere(self, meeting: int, slot: int, places: Iterable[int] | None) -> bool:
        """Place a meeting, in one of the given places (or any) that can be walked to in time."""
        walks = self.core.walks
        if walks is not None:
            wanted = set(walks.choices[meeting] if places is None else places)
            reached = (x for x in walks.choices[meeting] if x in wanted)
            place = next((x for x in reached if self._reaches(meeting, slot, x)), None)
            if place is None:
                return False
            self.places[meeting] = place
            for room in self._place_rooms_of[meeting]:
                self._place_used[room][slot] += self._place_of_room[room] == place
        self.slots[meeting] = slot
        for person in self.core.parties[meeting]:
            self._at[person][slot] = meeting
            self._days[person] |= 1 << slot
        for room in self._rooms[meeting]:
            self._used[room][slot] += 1
        return True

    def _reaches(self, meeting: int, slot: int, place: int) -> bool:
        """Whether the place has room, and its parties get there and away in time."""
        for room in self._place_rooms_of[meeting]:
            full = self._place_used[room][slot] >= self._place_rooms[room].capacity[slot]
            if self._place_of_room[room] == place and full:
                return False
        for person in self.core.parties[meeting]:
            at = self._at[person]
            before = max((t for t in at if t < slot), default=None)
            after = min((t for t in at if t > slot), default=None)
            walked = (
                *(() if before is None else ((before, slot, self.places[at[before]], place),)),
                *(() if after is None else ((slot, after, place, self.places[at[after]]),)),
            )
            if not self._too_far.isdisjoint(walked):
                return False
        return True


def build_greedy(core: Core, fairness: int | None, start: Start = ()) -> Greedy:
    """Build a schedule, if there is one to be had this way.

    Parameters
    ----------
    start : sequence of (meeting, slot, place or None)
        Placed first, as far as the rules allow it.

    Notes
    -----
    Meetings times slots times the parties of a meeting.
    """
    greedy = Greedy(core, fairness)
    greedy.place_all(start)
    return greedy


def _breaks(day: int) -> int:
    return max(0, (day & ~(day << 1)).bit_count() - 1)


def _users(rooms: Sequence[Resource], n_meetings: int) -> list[list[int]]:
    users: list[list[int]] = [[] for _ in range(n_meetings)]
    for index, room in enumerate(rooms):
        for meeting in room.meetings:
            users[meeting].append(index)
    return users
