"""Few candidates first; a bound says who else may matter; those are compared as well."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from proxeny.engine.consortium._bound import Floats, View, bound_each, find_prices
from proxeny.engine.consortium._cpsat import ConsortiumModel
from proxeny.engine.consortium._demands import sums_needed
from proxeny.engine.consortium._problem import Ints, Problem
from proxeny.engine.consortium._swap import swap_one

__all__ = ["Found", "Settings", "kinds_of", "search"]


#: How far below the best the last proposal is guessed to be, as a share of its worth.
_STEP = 0.005
#: Among how many a member is replaced when time is up.
_NEAR = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How long and how wide to search.

    Parameters
    ----------
    time_limit_s : float
        By the clock, for all.
    workers : int
        Threads of the solver; with one the same question has the same answer.
    first, narrow : int
        Among how many to look for the first one, and for all at first.
    is_pruned : bool
        Without pruning all are compared at once; for measuring.
    """

    time_limit_s: float = 10.0
    workers: int = 1
    first: int = 350
    narrow: int = 120
    is_pruned: bool = True


@dataclass(slots=True)
class Found:
    """Consortia by number, with worth and bound; whether there is no other one, or time was up."""

    members: list[tuple[int, ...]] = field(default_factory=list)
    worths: list[int] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    is_complete: bool = False
    is_proven: bool = False
    is_cut: bool = False
    passed: dict[tuple[int, ...], int] = field(default_factory=dict)
    compared: int = 0


def search(
    problem: Problem, settings: Settings, clock: Callable[[], float] = time.monotonic
) -> Found:
    """Return the best consortia one after the other.

    A consortium that is worth so much has only members whose bound is as high. So a worth is guessed
    that leaves some hundreds, all consortia worth at least that are looked for among them, and if
    there are enough, they are the best of all. Else the guess was too high, and goes down.
    """
    ends_at = clock() + settings.time_limit_s
    if not settings.is_pruned or problem.count <= settings.first:
        return _best(problem, np.arange(problem.count), settings, ends_at, clock)
    bound = _bound(problem)
    some = _first(problem, bound, settings.first)
    one = _best(problem, some, settings, ends_at, clock, most=1)
    if not one.members:
        seed, is_sure = find_any(problem, ends_at - clock(), settings.workers)
        if seed is None:
            return Found(is_complete=is_sure, compared=problem.count)
        some = np.union1d(some, seed)
        one = _best(problem, some, settings, ends_at, clock, most=1)
    if not one.members:
        return Found(compared=len(some))
    best, lowest = one.worths[0], float(bound[np.isfinite(bound)].min())
    step, floor, size = max(1.0, _STEP * abs(best)), np.inf, settings.narrow
    least = max(lowest, best - step)
    alive, bounds = _sharpen(problem, bound, least, lambda: clock() >= ends_at)
    found = Found(is_proven=True)
    while True:
        # Each pass goes lower than the one before, or over all that are left.
        while size < len(alive) and bounds[size] >= floor:
            size *= 2
        is_all = size >= len(alive)
        floor = least if is_all else float(bounds[size])
        is_last = is_all and least <= lowest
        inside = np.union1d(alive[bounds >= floor - 1e-4], problem.kept)
        # With everybody in, there is nothing that is worth less.
        limit = None if is_last else int(np.ceil(floor - 1e-4))
        found = _best(problem, inside, settings, ends_at, clock, floor=limit, found=found)
        if len(found.members) == problem.wish.count or is_last or found.is_cut:
            break
        if is_all:
            step *= 2
            least = max(lowest, best - step)
            alive, bounds = _sharpen(problem, bound, least, lambda: clock() >= ends_at)
        else:
            size *= 3
    found.is_complete = found.is_complete and is_last
    if found.is_cut:
        good = max([*found.members, one.members[0]], key={**one.passed, **found.passed}.__getitem__)
        # What is worth more than the guess has only members that are left, each within its bound.
        highest = max(least, float(bounds.max(initial=least)))
        near = swap_one(problem, good, alive[:_NEAR], 5 * problem.wish.count)
        _fill(found, {**one.passed, **found.passed, **near}, problem, int(highest + 1e-4))
    return found


def _fill(found: Found, passed: dict[tuple[int, ...], int], problem: Problem, bound: int) -> None:
    """Fill up with what was seen on the way, the best first, as far as it differs enough."""
    wish = problem.wish
    if found.worths and found.bounds == found.worths:
        bound = min(bound, found.worths[-1])
    for members, worth in sorted(passed.items(), key=lambda one: (-one[1], one[0])):
        if len(found.members) == wish.count:
            break
        far = [len(set(members) - set(other)) for other in found.members]
        if members not in found.members and (
            wish.differ_by == 1 or min(far, default=100) >= wish.differ_by
        ):
            found.members.append(members)
            found.worths.append(worth)
            found.bounds.append(max(bound, worth))
    found.is_proven = found.bounds == found.worths and bool(found.members)


def _bound(problem: Problem) -> Floats:
    view = View(problem, np.ones(problem.count, dtype=bool))
    return bound_each(view, find_prices(view))


def _sharpen(
    problem: Problem, bound: Floats, least: float, is_up: Callable[[], bool]
) -> tuple[Ints, Floats]:
    """Return who may be in something worth so much, the highest bound first.

    Among fewer, relations promise less, and bounds come down again.
    """
    alive = np.flatnonzero(bound >= least - 1e-4)
    bounds = bound[alive]
    for _ in range(6):
        bounds = _bound(problem.take(alive, in_full=False))
        stays = bounds >= least - 1e-4
        is_done = int(stays.sum()) > 0.9 * len(alive)
        alive, bounds = alive[stays], bounds[stays]
        if is_done or not len(alive) or is_up():
            break
    order = np.argsort(-bounds, kind="stable")
    return alive[order], bounds[order]


def find_any(problem: Problem, time_limit_s: float, workers: int) -> tuple[Ints | None, bool]:
    """Return any that meet the demands, or None and whether that is sure."""
    kinds = kinds_of(problem)
    solved = ConsortiumModel(problem.take(kinds, in_full=True), has_goal=False).solve(
        time_limit_s, workers
    )
    if solved.members is None:
        return None, solved.done
    return kinds[np.array(solved.members, dtype=np.int64)], True


def kinds_of(problem: Problem) -> Ints:
    """Return so many of each kind that no demand can tell apart as may take part."""
    columns = [row.numbers for row in problem.rows]
    columns += [problem.profiles.of, problem.profiles.country, problem.profiles.group]
    # Rows on each one alone are not among those of the problem.
    columns += sums_needed(problem.organisations, problem.wish)
    _, kind = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    order = np.argsort(kind, kind="stable")
    rank = np.arange(len(order)) - np.searchsorted(kind[order], kind[order])
    return np.union1d(order[rank < problem.wish.most_members], problem.kept)


def _first(problem: Problem, bound: Floats, count: int) -> Ints:
    """Return those of the highest bounds, and of each country and for each demand some."""
    order = np.argsort(-bound, kind="stable")
    chosen = [order[:count], problem.kept]
    country = problem.profiles.country[order]
    chosen += [order[country == at][:2] for at in range(len(problem.profiles.countries))]
    asking = [row for row in problem.rows if row.has_least and row.least > 0]
    chosen += [order[row.numbers[order] > 0][: row.least + 3] for row in asking]
    if problem.wish.request_most is not None:
        row = next(one for one in problem.rows if one.name == "request_most")
        cheap = np.argsort(row.numbers, kind="stable")
        chosen.append(cheap[: problem.wish.least_members])
    return np.unique(np.concatenate(chosen).astype(np.int64))


def _best(
    problem: Problem,
    some: Ints,
    settings: Settings,
    ends_at: float,
    clock: Callable[[], float],
    *,
    most: int | None = None,
    floor: int | None = None,
    found: Found | None = None,
) -> Found:
    """Return the best among some, one after the other, of those worth at least the floor.

    After those that were found already.
    """
    wish = problem.wish
    model = ConsortiumModel(problem.take(some, in_full=True))
    if floor is not None:
        model.at_least(floor)
    found = found or Found(is_proven=True)
    found.compared, found.is_complete = len(some), False
    number = {int(at): place for place, at in enumerate(some)}
    for members in found.members:
        model.forbid([number[at] for at in members], wish.differ_by)
    while (left := (most or wish.count) - len(found.members)) > 0:
        # An even share of what is left, so that time that is up costs proofs rather than proposals.
        solved = model.solve((ends_at - clock()) / left, settings.workers)
        found.is_proven = found.is_proven and solved.done
        for worth, members in solved.passed:
            found.passed[tuple(int(some[at]) for at in members)] = worth
        if solved.members is None:
            found.is_complete, found.is_cut = solved.done, not solved.done
            break
        found.members.append(tuple(int(some[at]) for at in solved.members))
        found.worths.append(solved.worth)
        found.bounds.append(solved.bound)
        model.forbid(solved.members, wish.differ_by)
    return found
