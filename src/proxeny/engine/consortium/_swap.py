"""Consortia that differ from a good one in a member: cheap, and often good as well."""

import numpy as np

from proxeny.engine.consortium._problem import Bools, Ints, Problem
from proxeny.engine.consortium._worth import Scale
from proxeny.engine.consortium.check import check_consortium
from proxeny.engine.consortium.rules import Count, Only, Rate

__all__ = ["swap_one"]


def swap_one(
    problem: Problem, members: tuple[int, ...], pool: Ints, most: int
) -> dict[tuple[int, ...], int]:
    """Return at most `most` consortia that meet everything, the best first, with their worth.

    Each member that is not kept is replaced by each of a pool; `O(members * pool)` checks.
    """
    scale = Scale(problem.wish, problem.knows([*members, *pool.tolist()]))
    kept = set(problem.kept.tolist())
    found: dict[tuple[int, ...], int] = {}
    for out in (at for at in members if at not in kept):
        rest = [at for at in members if at != out]
        fresh = np.setdiff1d(pool, members)
        for at in fresh[_fits(problem, rest, fresh)].tolist():
            some = tuple(sorted([*rest, at]))
            found[some] = scale.weigh([problem.organisations[one] for one in some]).total
    ranked = sorted(found, key=lambda one: (-found[one], one))
    best: dict[tuple[int, ...], int] = {}
    for some in ranked:
        if len(best) == most:
            break
        if _meets_rules(problem, some):
            best[some] = found[some]
    return best


def _fits(problem: Problem, rest: list[int], fresh: Ints) -> Bools:
    fits = np.ones(len(fresh), dtype=bool)
    for row in problem.rows:
        sums = row.numbers[rest].sum() + row.numbers[fresh]
        if row.if_any is None:
            fits &= (sums >= row.least) & (sums <= row.most)
    return fits


def _meets_rules(problem: Problem, some: tuple[int, ...]) -> bool:
    """Whether the rules are met that concern neither single members nor rows."""
    people = [problem.organisations[at].as_participant() for at in some]
    report = check_consortium(people, problem.wish.call)
    # Organisations that break one of these alone are excluded; a coordinator is in the rows.
    return all(
        one.status == "met"
        for one in report.verdicts
        if not isinstance(one.rule, Count | Only | Rate)
    )
