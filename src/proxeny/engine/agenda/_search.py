"""Shared state of one run's solvers: the clock, the stop signal, the best schedule, the bounds."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from proxeny.engine.agenda._core import Core
from proxeny.engine.agenda.model import Assignment
from proxeny.engine.agenda.result import Progress

__all__ = ["Search", "breaks_per_participant", "core_accepts"]

REPORT_EVERY_S = 1.0


def breaks_per_participant(core: Core, slots: Sequence[int]) -> list[int]:
    """Breaks of each participant; `slots` holds a slot per meeting, -1 where unplaced."""
    breaks = []
    for meetings in core.meetings_of:
        busy = sorted(slots[meeting] for meeting in meetings if slots[meeting] >= 0)
        breaks.append(sum(b - a > 1 for a, b in pairwise(busy)))
    return breaks


def core_accepts(core: Core, slots: Sequence[int]) -> bool:
    """Whether a schedule keeps the core's rules (tables and walking apart)."""
    return (
        all(slots[m] in core.domains[m] for m in range(core.n_meetings) if slots[m] >= 0)
        and all(slots[m] >= 0 for m in range(core.n_meetings) if core.required[m])
        and _nobody_doubled(core, slots)
        and _resources_kept(core, slots)
        and all(slots[a] < slots[b] for a, b in core.precedences if slots[a] >= 0 and slots[b] >= 0)
    )


def _nobody_doubled(core: Core, slots: Sequence[int]) -> bool:
    for meetings, cap in zip(core.meetings_of, core.caps, strict=True):
        busy = [slots[meeting] for meeting in meetings if slots[meeting] >= 0]
        if len(busy) > cap or len(set(busy)) != len(busy):
            return False
    return True


def _resources_kept(core: Core, slots: Sequence[int]) -> bool:
    for resource in core.resources:
        used = [0] * core.n_slots
        for meeting in resource.meetings:
            if slots[meeting] >= 0:
                used[slots[meeting]] += 1
        if any(u > c for u, c in zip(used, resource.capacity, strict=True)):
            return False
    return True


@dataclass
class Search:
    """State of one run, offered to by solver threads and polled by the caller's thread.

    Callbacks run only in the caller's thread (`poll`), since they may own things, such as a
    database connection, that belong to that thread.
    """

    core: Core
    fairness: int | None
    deadline: float
    should_stop: Callable[[], bool] | None = None
    on_progress: Callable[[Progress], None] | None = None
    started: float = field(default_factory=time.monotonic)
    seat: Callable[[Sequence[int], dict[int, int] | None], Assignment] | None = None
    slots: list[int] | None = None
    places: dict[int, int] | None = None
    value: int = -1
    breaks: int = 0
    bound: int = 0
    value_bound: int = 0
    first_s: float | None = None
    stopped_at: float | None = None
    closed: bool = False
    phase: str = "start"
    stop_event: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _told: tuple[object, ...] = ()
    _told_at: float = 0.0
    _seated: tuple[int, int] | None = None
    _seated_at: float = 0.0

    def __post_init__(self) -> None:
        """Begin with the bound that every value is placed."""
        self.value_bound = sum(self.core.values)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def overdue_s(self) -> float:
        """Seconds since the deadline or the wish to stop; 0 before."""
        if self.stop_event.is_set() and self.stopped_at is None:
            self.stopped_at = time.monotonic()
        ended = min(self.deadline, self.stopped_at or self.deadline)
        return max(0.0, time.monotonic() - ended)

    def offer(self, slots: Sequence[int], places: dict[int, int] | None = None) -> bool:
        """Take a schedule if it keeps the rules and is better (value first, then breaks)."""
        slots = [int(slot) for slot in slots]
        if not core_accepts(self.core, slots):
            return False
        per_person = breaks_per_participant(self.core, slots)
        if (
            self.fairness is not None
            and per_person
            and max(per_person) - min(per_person) > self.fairness
        ):
            return False
        value = sum(v for v, slot in zip(self.core.values, slots, strict=True) if slot >= 0)
        with self._lock:
            if self.closed:
                return False
            if self.slots is not None and (-value, sum(per_person)) >= (-self.value, self.breaks):
                return False
            self.slots, self.places, self.value, self.breaks = slots, places, value, sum(per_person)
            if self.first_s is None:
                self.first_s = self.seconds
        return True

    def raise_bound(self, bound: int) -> None:
        """Record that no schedule of the best value has fewer breaks."""
        with self._lock:
            self.bound = max(self.bound, bound)

    def lower_value_bound(self, bound: int) -> None:
        """Record that no schedule has more value."""
        with self._lock:
            self.value_bound = min(self.value_bound, bound)

    @property
    def proven(self) -> bool:
        """Whether the best schedule is known to be the best there is."""
        return (
            self.slots is not None and self.value >= self.value_bound and self.breaks <= self.bound
        )

    def close(self) -> None:
        """Take no more schedules: the result is being written."""
        with self._lock:
            self.closed = True
        self.stop_event.set()

    def raise_value_doubt(self) -> None:
        """Record that the best schedule lost a meeting, so that nothing is proven about breaks."""
        self.value, self.bound = -1, 0

    def stopped(self) -> bool:
        """Whether the time is up or somebody asked to stop. Safe in any thread."""
        return self.stop_event.is_set() or time.monotonic() >= self.deadline

    def poll(self) -> bool:
        """Check the caller's stop signal, report progress, and return whether to continue.

        Call only in the caller's thread, at least every half second.
        """
        if self.should_stop is not None and self.should_stop():
            self.stop_event.set()
        self.report()
        return not self.stopped()

    def report(self, phase: str | None = None) -> None:
        """Report progress to the caller, if anything changed or a second has passed."""
        self.phase = phase or self.phase
        if self.on_progress is None:
            return
        assignment = self._seat_best()
        news = (self.phase, self.value, self.breaks, self.bound, self.value_bound)
        told = news == self._told and assignment is None
        if told and self.seconds - self._told_at < REPORT_EVERY_S:
            return
        self._told, self._told_at = news, self.seconds
        self.on_progress(self._progress(assignment))

    def _seat_best(self) -> Assignment | None:
        """Return the best schedule with tables, if it is new and the last report is old enough."""
        with self._lock:
            slots, places, key = self.slots, self.places, (self.value, self.breaks)
        if self.seat is None or slots is None or key == self._seated:
            return None
        if self._seated is not None and self.seconds - self._seated_at < REPORT_EVERY_S:
            return None
        self._seated, self._seated_at = key, self.seconds
        return self.seat(slots, places)

    def _progress(self, assignment: Assignment | None) -> Progress:
        with self._lock:
            there = self.slots is not None
            return Progress(
                phase=self.phase,
                seconds=self.seconds,
                placed=sum(slot >= 0 for slot in self.slots or ()),
                value=max(0, self.value),
                breaks=self.breaks,
                bound=self.bound,
                gap=(self.breaks - self.bound) / max(1, self.breaks) if there else 1.0,
                has_schedule=there,
                assignment=assignment,
            )
