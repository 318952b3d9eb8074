"""Search among few candidates first; a bound gives the others that may matter, compared next."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np

from proxeny.engine.consortium._bound import Floats, bound_each
from proxeny.engine.consortium._cpsat import ConsortiumModel
from proxeny.engine.consortium._demands import sums_needed
from proxeny.engine.consortium._problem import Ints, Problem
from proxeny.engine.consortium._swap import swap_one
from proxeny.engine.consortium._watch import Watch
from proxeny.engine.consortium._worth import Scale
from proxeny.engine.consortium.directory import Wish

__all__ = ["Found", "Settings", "complete", "kinds_of", "search"]


#: Guess of the last proposal's distance from the best, as a share of its worth.
_STEP = 0.005
#: Number of consortia to examine that differ from a good one in one member.
_LOOKS = 1500
#: Which part of the time prices over all may take.
_BOUNDING = 0.4
#: Prices are floating-point numbers.
_MARGIN = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits of the search: time and width.

    Parameters
    ----------
    time_limit_s : float
        Wall time, in total.
    workers : int
        Threads of the solver; with one the same question has the same answer.
    first, narrow : int
        The number of candidates to search for the first proposal, and for all at first.
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
    """Consortia by number, the best first, and what is known of them.

    Parameters
    ----------
    bounds : list of int
        What is worth at most anything that is not before each of them.
    is_complete : bool
        Whether there is no other one.
    is_cut : bool
        Whether time was up before the list was.
    passed : dict
        All that were seen, with their worth.
    """

    members: list[tuple[int, ...]] = field(default_factory=list)
    worths: list[int] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    is_complete: bool = False
    is_cut: bool = False
    passed: dict[tuple[int, ...], int] = field(default_factory=dict)
    compared: int = 0

    @property
    def is_proven(self) -> bool:
        """Whether each is the best of those not before it."""
        return self.bounds == self.worths


def search(problem: Problem, settings: Settings, watch: Watch) -> Found:
    """Return the best consortia one after the other.

    A consortium that is worth so much has only members whose bound is as high. So a worth is guessed
    that leaves some hundreds, all consortia worth at least that are looked for among them, and if
    there are enough, they are the best of all. Else the guess was too high, and goes down.
    """
    if not settings.is_pruned or problem.count <= settings.first:
        everybody = np.arange(problem.count)
        found = _best(problem, everybody, settings, watch, Found())
        by_worth = np.argsort(-(problem.worth + problem.levels @ problem.weights), kind="stable")
        return complete(problem, found, by_worth)
    bound = bound_each(problem, watch.part(_BOUNDING).is_up)
    some = _first(problem, bound, settings.first)
    one = _best(problem, some, settings, watch.part(0.5), Found(), most=1)
    if not one.members:
        seed, is_sure = find_any(problem, watch.part(0.5), settings.workers)
        if seed is None:
            return Found(is_complete=is_sure, compared=problem.count)
        some = np.union1d(some, seed)
        one = _best(problem, some, settings, watch.part(0.5), Found(), most=1)
        one.passed[tuple(seed.tolist())] = 0
    if not one.members:
        by_bound = np.argsort(-bound, kind="stable")
        return complete(problem, one, by_bound, floor(float(bound.max()) + _MARGIN))
    return _lower(problem, settings, watch, bound, one)


def _lower(problem: Problem, settings: Settings, watch: Watch, bound: Floats, one: Found) -> Found:
    """Return the best, guessing lower and lower below a good one until there are enough."""
    best, everybody = one.worths[0], int(np.isfinite(bound).sum())
    step, bar, size = max(1.0, _STEP * abs(best)), np.inf, settings.narrow
    least = best - step
    alive, bounds = _sharpen(problem, bound, least, watch.is_up)
    found = Found(passed=one.passed, compared=one.compared)
    while True:
        # The more are known, the less far down is there to look.
        for good in [*one.members, *found.members][-3:]:
            found.passed |= _swap(problem, good, alive)
        # Each pass goes lower than the one before, or over all that are left.
        while size < len(alive) and bounds[size] >= bar:
            size *= 2
        is_all = size >= len(alive)
        bar = max(least if is_all else float(bounds[size]), _known(found, problem.wish))
        is_last = is_all and len(alive) == everybody
        before = [at for members in found.members for at in members]
        inside = np.unique([*alive[bounds >= bar - _MARGIN], *problem.kept, *before])
        # With everybody in, there is nothing that is worth less.
        limit = None if len(inside) == everybody else ceil(bar - _MARGIN)
        found = _best(problem, inside, settings, watch, found, floor=limit)
        if len(found.members) == problem.wish.count or is_last or found.is_cut:
            break
        if is_all:
            step *= 2
            least = best - step
            alive, bounds = _sharpen(problem, bound, least, watch.is_up)
        else:
            size *= 2
    found.is_complete = found.is_complete and limit is None
    # A consortium worth more than the guess has only remaining members, each within its bound.
    highest = floor(max(least, float(bounds.max(initial=least))) + _MARGIN)
    return complete(problem, found, alive, highest)


def _swap(problem: Problem, good: tuple[int, ...], near: Ints) -> dict[tuple[int, ...], int]:
    return swap_one(problem, good, near[: _LOOKS // max(1, len(good))], 5 * problem.wish.count)


def _known(found: Found, wish: Wish) -> float:
    """Return what as many as are wanted are worth at least, going by those that were seen."""
    if wish.differ_by > 1 or len(found.passed) < wish.count:
        return -np.inf
    return sorted(found.passed.values())[-wish.count]


def complete(problem: Problem, found: Found, near: Ints, highest: int | None = None) -> Found:
    """Return the proven ones, then the best of the seen and the nearby ones, with their bound.

    Parameters
    ----------
    near : ndarray
        Replacements for members, the best first.
    highest : int, optional
        An upper bound on any worth.
    """
    if not found.passed or (found.is_proven and not found.is_cut):
        return found
    wish, old = problem.wish, found.members
    # A bound holds for all that differ enough from those that were found before it.
    limits = np.minimum.accumulate(
        [*found.bounds, highest if highest is not None else found.bounds[-1]]
    ).tolist()
    proven = [bound == worth for bound, worth in zip(found.bounds, found.worths, strict=True)]
    sure = [*proven, False].index(False)
    seen = _weigh(problem, found.passed)
    if found.is_cut:
        seen |= _swap(problem, max(seen, key=lambda one: (seen[one], one)), near)
    new = Found(old[:sure], found.worths[:sure], found.bounds[:sure], compared=found.compared)
    for members, worth in sorted(seen.items(), key=lambda one: (-one[1], one[0])):
        if len(new.members) == wish.count:
            break
        if all(_differ(members, other, wish.differ_by) for other in new.members):
            while sure < len(old) and old[sure] in new.members:
                sure += 1
            new.members.append(members)
            new.worths.append(worth)
            new.bounds.append(max(limits[sure], worth))
    new.is_complete = found.is_complete and set(new.members) == set(old)
    return new


def _weigh(problem: Problem, some: Collection[tuple[int, ...]]) -> dict[tuple[int, ...], int]:
    """Return what each is worth; what a search passes may be worth more than it has seen."""
    scale = Scale(problem.wish, problem.knows([at for members in some for at in members]))
    return {
        members: scale.weigh([problem.organisations[at] for at in members]).total
        for members in some
    }


def _differ(members: tuple[int, ...], other: tuple[int, ...], by: int) -> bool:
    """Whether one may come after another, as `ConsortiumModel.forbid` has it."""
    return members != other if by == 1 else len(set(members) - set(other)) >= by


def _sharpen(
    problem: Problem, bound: Floats, least: float, is_up: Callable[[], bool]
) -> tuple[Ints, Floats]:
    """Return the candidates that may be in a consortium of such worth, highest bound first.

    Among fewer candidates relations promise less, so the bounds fall again.
    """
    alive = np.flatnonzero(bound >= least - _MARGIN)
    bounds = bound[alive]
    for _ in range(6):
        bounds = bound_each(problem.take(alive, in_full=False), is_up, bounds)
        stays = bounds >= least - _MARGIN
        is_done = int(stays.sum()) > 0.9 * len(alive)
        alive, bounds = alive[stays], bounds[stays]
        if is_done or not len(alive) or is_up():
            break
    order = np.argsort(-bounds, kind="stable")
    return alive[order], bounds[order]


def find_any(problem: Problem, watch: Watch, workers: int) -> tuple[Ints | None, bool]:
    """Return any that meet the demands, or None and whether that is sure."""
    if watch.is_up():
        return None, False
    kinds = kinds_of(problem)
    model = ConsortiumModel(problem.take(kinds, in_full=True), has_goal=False)
    solved = model.solve(watch.left(), workers)
    if solved.members is None:
        return None, solved.done
    return kinds[np.array(solved.members, dtype=np.int64)], True


def kinds_of(problem: Problem) -> Ints:
    """Return candidates: as many of each indistinguishable kind as may take part."""
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
    watch: Watch,
    found: Found,
    *,
    most: int | None = None,
    floor: int | None = None,
) -> Found:
    """Add the best among some, one after the other, of those worth at least the floor."""
    wish = problem.wish
    found.is_complete, found.is_cut = False, watch.is_up()
    if found.is_cut:
        return found
    model = ConsortiumModel(problem.take(some, in_full=True))
    if floor is not None:
        model.at_least(floor)
    found.compared = len(some)
    number = {int(at): place for place, at in enumerate(some)}
    for members in found.members:
        model.forbid([number[at] for at in members], wish.differ_by)
    while (left := (most or wish.count) - len(found.members)) > 0:
        # Half of what is left: the first proofs bound all that comes after them.
        solved = model.solve(watch.left() / min(left, 2), settings.workers)
        for worth, members in solved.passed:
            found.passed[tuple(some[list(members)].tolist())] = worth
        if solved.members is None:
            found.is_complete, found.is_cut = solved.done, not solved.done
            break
        found.members.append(tuple(some[list(solved.members)].tolist()))
        found.passed[found.members[-1]] = solved.worth
        found.worths.append(solved.worth)
        found.bounds.append(solved.bound)
        model.forbid(solved.members, wish.differ_by)
    return found
