"""Reasons for visits not made: one alone, or the smallest set of must-visits that does not fit."""

from collections.abc import Collection, Hashable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.missions._problem import Problem, build_problem
from proxeny.engine.missions._search import can_make_musts, sets_that_end
from proxeny.engine.missions.model import MOST_MINUTES, Conflict, Day, LeftOut

__all__ = ["explain_left_out", "find_conflict"]


def explain_left_out[Key: Hashable](day: Day[Key], made: Collection[int]) -> list[LeftOut[Key]]:
    """Return the visits outside of the best day, each with the reason."""
    musts = [place for place, visit in enumerate(day.visits) if visit.must]
    return [
        LeftOut(
            visit.key,
            _why_alone(day, place) or ("worth" if _is_possible(day, [*musts, place]) else "musts"),
        )
        for place, visit in enumerate(day.visits)
        if place not in made
    ]


def find_conflict[Key: Hashable](day: Day[Key]) -> Conflict[Key]:
    """Return the smallest set of must-visits that no day makes; of several the first in the list.

    All sets that some day makes are made once, which shows each set that none does; none is smaller
    than the one returned. Only the must-visits count for that unless a way gets shorter by making
    another visit on it.
    """
    musts = [place for place, visit in enumerate(day.visits) if visit.must]
    whole = build_problem(day)
    problem = build_problem(day, musts) if whole.is_direct else whole
    missing = np.flatnonzero(~_fitting(problem, musts))
    sizes = np.bitwise_count(missing)
    smallest = min(
        tuple(place for at, place in enumerate(musts) if one >> at & 1)
        for one in missing[sizes == sizes.min()].tolist()
    )
    keys = tuple(day.visits[place].key for place in smallest)
    if len(smallest) == 1:
        return Conflict(_why_alone(day, smallest[0]) or "too_late", keys)
    return Conflict("together" if smallest else "end", keys)


def _fitting(problem: Problem, musts: list[int]) -> NDArray[np.bool_]:
    """Return for each set of must-visits, as bits in their order, whether some day makes it."""
    fits = np.zeros(1 << len(musts), dtype=bool)
    numbers = [problem.chosen.index(place) for place in musts]
    for sets in sets_that_end(problem):
        fits[sum(((sets >> number & 1) << at for at, number in enumerate(numbers)), 0 * sets)] = (
            True
        )
    # Visits that are possible together with others are possible.
    for at in range(len(musts)):
        pairs = fits.reshape(-1, 2, 1 << at)
        pairs[:, 0] |= pairs[:, 1]
    return fits


def _why_alone[Key: Hashable](
    day: Day[Key], place: int
) -> Literal["closed", "too_late", "no_return"] | None:
    """Return why a visit cannot be made whatever else is left out; None if it can."""
    if not day.visits[place].begins:
        return "closed"
    if _is_possible(day, [place]):
        return None
    return "no_return" if _is_possible(day, [place], ends_by=MOST_MINUTES) else "too_late"


def _is_possible[Key: Hashable](
    day: Day[Key], places: list[int], *, ends_by: int | None = None
) -> bool:
    """Whether some day makes these visits, with or without others."""
    alone = build_problem(day, sorted(places), ends_by=ends_by)
    if can_make_musts(replace(alone, must=(1 << alone.count) - 1)):
        return True
    whole = build_problem(day, ends_by=ends_by)
    must = sum(1 << place for place in places)
    return not whole.is_direct and can_make_musts(replace(whole, must=must))
