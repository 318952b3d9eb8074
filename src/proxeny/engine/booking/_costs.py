"""Costs of each start for each person."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from proxeny.engine.booking._clock import DAY, Ints, Offsets
from proxeny.engine.booking._rules import Starts, Ways, ways_of
from proxeny.engine.booking.model import EASY_MIN, Person, Request

__all__ = ["Costs", "cost_starts"]


@dataclass(frozen=True, slots=True)
class Costs:
    """Per person (row) and start (column) the minutes out of core hours, and those missing on ways.

    Parameters
    ----------
    total : ndarray, shape (n,)
        What decides between starts.
    """

    off_core: Ints
    tight: Ints
    total: Ints


def cost_starts[Key: Hashable](request: Request[Key], starts: Starts[Key], at: Ints) -> Costs:
    """Return what starts cost that break no rule."""
    pairs = list(zip(request.people, starts.clocks, strict=True))
    off_core = np.array([_off_core(one, clock, at, request.duration_min) for one, clock in pairs])
    tight = np.array([_tight(request, one, at) for one, _ in pairs])
    return Costs(off_core, tight, off_core.sum(axis=0) + off_core.max(axis=0) + tight.sum(axis=0))


def _off_core[Key: Hashable](
    person: Person[Key], clock: Offsets, at: Ints, duration_min: int
) -> Ints:
    begins = clock.local(at) % DAY // 60
    early, late = person.core[0] - begins, begins + duration_min - person.core[1]
    return np.maximum(np.maximum(early, late), 0)


def _tight[Key: Hashable](request: Request[Key], person: Person[Key], at: Ints) -> Ints:
    ways = ways_of(request, person.taken)
    ends = at + request.duration_min * 60
    return _missing(at, _arrivals(ways)) + _missing(-ends, -_departures(ways))


def _arrivals(ways: Ways) -> Ints:
    return ways.arrives_at[ways.arrives_at > ways.after]


def _departures(ways: Ways) -> Ints:
    return ways.leaves_by[ways.leaves_by < ways.before]


def _missing(moments: Ints, arrivals: Ints) -> Ints:
    """Return what is missing, in minutes, to easy time between the last arrival and each moment."""
    never = np.iinfo(np.int64).min // 2
    ordered = np.concatenate([[never], np.sort(arrivals)])
    spare = moments - ordered[np.searchsorted(ordered, moments, "right") - 1]
    missing: Ints = -(np.minimum(spare - EASY_MIN * 60, 0) // 60)
    return missing
