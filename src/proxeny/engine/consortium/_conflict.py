"""Reasons for an empty result: an impossible member to keep, or conflicting demands."""

from proxeny.engine.consortium._cpsat import ConsortiumModel
from proxeny.engine.consortium._problem import Problem
from proxeny.engine.consortium._search import Settings, kinds_of
from proxeny.engine.consortium._watch import Watch
from proxeny.engine.consortium.proposals import Conflict
from proxeny.engine.consortium.rules import Countries, Independent

__all__ = ["find_conflict", "find_unfit"]


def find_unfit(problem: Problem) -> tuple[Conflict, ...]:
    """Return what is wrong with the members to keep, each looked at alone."""
    wish = problem.wish
    there = {problem.organisations[at].key for at in problem.kept.tolist()}
    conflicts = []
    for key in wish.keep:
        if key in problem.unfit:
            conflicts.append(Conflict(code="unfit", member=key, reason=problem.unfit[key]))
        elif key not in there:
            conflicts.append(Conflict(code="unknown", member=key))
    if len(set(wish.keep)) > wish.most_members:
        conflicts.append(Conflict(code="size", demands=("keep", "members")))
    return tuple(conflicts)


def find_conflict(problem: Problem, settings: Settings, watch: Watch) -> tuple[Conflict, ...]:
    """Return demands that cannot be met together, as few as time allows.

    By leaving out one after the other while the rest still cannot be met (Chinneck and Dravnieks,
    "Locating minimal infeasible constraint sets in linear programs", ORSA Journal on Computing 3,
    1991). What was not settled before time was up is left in.
    """
    part = problem.take(kinds_of(problem), in_full=True)
    demands = [row.name for row in part.rows]
    demands += [
        rule.key for rule in problem.wish.call.rules if isinstance(rule, Independent | Countries)
    ]
    if len(problem.kept):
        demands.append("keep")
    needed = list(dict.fromkeys(demands))
    spared: frozenset[str] = frozenset()
    is_minimal = True
    for name in list(needed):
        tried = spared | {name}
        if watch.is_up():
            return (Conflict(code="together", demands=tuple(needed), is_minimal=False),)
        model = ConsortiumModel(part, without=tried, has_goal=False)
        solved = model.solve(watch.left(), settings.workers)
        is_minimal = is_minimal and solved.done
        if solved.members is None and solved.done:
            spared = tried
            needed.remove(name)
    return (Conflict(code="together", demands=tuple(needed), is_minimal=is_minimal),)
