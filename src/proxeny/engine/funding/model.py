"""Costs of a plan, their funding, and what survives when money ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Literal

__all__ = ["Activity", "Line", "Outcome", "Plan", "Rescue", "Stop"]


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that is done with money.

    Parameters
    ----------
    cost : int
        What it costs in the period, in minor units of one currency (cents), at least 0.
    value : int
        What it is worth to the partnership, at least 1; only the ratio to other values counts.
    core : bool
        Whether the partnership is not itself without it.
    needs : tuple of int
        Places of activities without which it cannot be done.
    """

    cost: int
    value: int = 1
    core: bool = False
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Money of a source.

    Parameters
    ----------
    source : int
        The source's number.
    amount : int
        In minor units, at least 0.
    activity : int, optional
        The activity that the money is meant for; None is money for whatever is done.
    movable : bool
        Whether it may pay for another activity when its own stops or needs less. A grant seldom
        may; own money mostly may.
    """

    source: int
    amount: int
    activity: int | None = None
    movable: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Activities and the money for them.

    Raises
    ------
    ValueError
        On a number out of range, an activity that does not exist, or activities that need each other
        in a circle; the message names the place.
    """

    activities: Sequence[Activity]
    lines: Sequence[Line] = ()
    #: Activities with all that they need, directly or not, in an order that puts needs first.
    order: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for place, activity in enumerate(self.activities):
            if activity.cost < 0:
                raise ValueError(f"activities[{place}].cost: must not be negative")
            if activity.value < 1:
                raise ValueError(f"activities[{place}].value: must be at least 1")
            if any(not 0 <= need < len(self.activities) for need in activity.needs):
                raise ValueError(f"activities[{place}].needs: no such activity")
        for place, line in enumerate(self.lines):
            if line.amount < 0:
                raise ValueError(f"lines[{place}].amount: must not be negative")
            if line.activity is not None and not 0 <= line.activity < len(self.activities):
                raise ValueError(f"lines[{place}].activity: no such activity")
        object.__setattr__(self, "order", _sorted_by_needs(self.activities))

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of all sources, rising."""
        return tuple(sorted({line.source for line in self.lines}))

    def with_needs(self, activities: Sequence[int]) -> frozenset[int]:
        """Return activities and all that they need, directly or not."""
        found: set[int] = set()
        front = list(activities)
        while front:
            one = front.pop()
            if one not in found:
                found.add(one)
                front.extend(self.activities[one].needs)
        return frozenset(found)


def _sorted_by_needs(activities: Sequence[Activity]) -> tuple[int, ...]:
    needs = {place: activity.needs for place, activity in enumerate(activities)}
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        place = error.args[1][1]
        raise ValueError(
            f"activities[{place}].needs: activities need each other in a circle"
        ) from None


@dataclass(frozen=True, slots=True)
class Stop:
    """An activity that stops.

    Parameters
    ----------
    code : str
        `money`: what is left is worth more elsewhere. `needs`: something that it needs stops.
    missing : int
        The smallest sum with which it goes on, with all that it needs, beside everything that is
        kept; in minor units.
    """

    activity: int
    code: Literal["money", "needs"]
    missing: int


@dataclass(frozen=True, slots=True)
class Rescue:
    """The smallest sums, in minor units, with which the core or everything goes on."""

    core: int
    everything: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Activities that go on with the remaining money.

    Parameters
    ----------
    status : {"optimal", "feasible"}
        `optimal`: no set of activities is better. `feasible`: time was up before that was proven.
    kept : tuple of int
        Ascending.
    value : int
        The total value of the kept activities.
    core_kept : bool
        Whether all of the core goes on.
    spent, left : int
        Movable money spent and left over; minor units.
    """

    status: Literal["optimal", "feasible"]
    kept: tuple[int, ...]
    stopped: tuple[Stop, ...]
    value: int
    core_kept: bool
    spent: int
    left: int
    rescue: Rescue
    parts_left: Mapping[int, int] = field(default_factory=dict)
