"""The best consortia of a directory that meet all conditions, exactly."""

import time
from collections.abc import Callable, Sequence
from typing import Literal

from proxeny.engine.consortium._conflict import find_conflict, find_unfit
from proxeny.engine.consortium._problem import build_problem
from proxeny.engine.consortium._search import Settings, search
from proxeny.engine.consortium._watch import Watch
from proxeny.engine.consortium._worth import Scale, describe
from proxeny.engine.consortium.directory import Organisation, Relation, Wish
from proxeny.engine.consortium.proposals import Proposals

__all__ = ["propose_consortia"]

#: Which part of the time is kept for filling up the list and for the reasons.
_RESERVE = 0.1


def propose_consortia(
    organisations: Sequence[Organisation],
    wish: Wish,
    *,
    relations: Sequence[Relation] = (),
    settings: Settings | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Proposals:
    """Find the best consortia that meet the rules of a call and the wish.

    The worth: for each need the best level of coverage by a member; each member's fit; for each
    member its strongest relation to another one; less the cost of members and the surplus of the
    largest side over the smallest. Conditions are met for sure: a country whose status is in doubt
    does not count towards a rule.

    Parameters
    ----------
    organisations : sequence of Organisation
        Those to choose from, each key once; those to keep among them.
    wish : Wish
    relations : sequence of Relation
        Between organisations; others' are ignored.
    settings : Settings, optional
    clock : callable
        Seconds, for the limit of time.

    Returns
    -------
    Proposals
        The best, the best after it, and so on; each with its proven bound. An impossible wish is no
        error: the answer says why.

    Raises
    ------
    ValueError
        If two organisations have one key, or sums are too large to be compared.

    Notes
    -----
    Coverage is a problem of locating facilities; in the form with a variable for each need and
    level its linear relaxation is sharp (Elloumi, Labbé and Pochet, "A new formulation and
    resolution method for the p-center problem", INFORMS Journal on Computing 16, 2004). It is
    solved by columns that pay (GLOP); its prices give for each organisation an upper bound on the
    worth of a consortium with it, in one pass over all. An organisation whose bound is below the
    last proposal's worth is in none of them; the others are compared by CP-SAT.

    Examples
    --------
    >>> from datetime import date
    >>> from proxeny.engine.consortium import (
    ...     Call, Need, Organisation, Wish, find_rules, propose_consortia,
    ... )
    >>> call = Call(
    ...     on=date(2026, 9, 15), programme="horizon-europe",
    ...     rules=find_rules("horizon-europe-ria").rules,
    ... )
    >>> directory = [
    ...     Organisation(key="athens", country="GR", covers={"sensors": 3}, fit=500),
    ...     Organisation(key="paris", country="FR", covers={"boats": 2}, fit=500),
    ...     Organisation(key="lyon", country="FR", covers={"law": 3}, fit=500),
    ...     Organisation(key="oslo", country="NO", covers={"boats": 3}, fit=450),
    ...     Organisation(key="bern", country="CH", covers={"law": 1}, fit=300),
    ... ]
    >>> wish = Wish(
    ...     call=call, needs=[Need(key="sensors"), Need(key="boats"), Need(key="law")],
    ...     keep=["athens", "paris"], most_members=3, count=2,
    ... )
    >>> found = propose_consortia(directory, wish)
    >>> found.status, [one.members for one in found.proposals]
    ('optimal', [('athens', 'paris', 'oslo'), ('athens', 'paris', 'bern')])
    >>> found.proposals[0].added[2].needs, found.proposals[0].added[2].rules
    ({'boats': 1}, ('he-three', 'members'))
    """
    settings = settings or Settings()
    watch = Watch(clock, clock() + settings.time_limit_s)
    searching = watch.part(1 - _RESERVE)
    problem = build_problem(organisations, relations, wish)
    left_out = problem.left_out
    unfit = find_unfit(problem)
    if unfit:
        return Proposals(
            status="infeasible", conflicts=unfit, left_out=left_out, considered=problem.count
        )
    found = search(problem, settings, searching)
    if not found.members:
        conflicts = find_conflict(problem, settings, watch) if found.is_complete else ()
        return Proposals(
            status="infeasible" if found.is_complete else "unknown",
            is_complete=found.is_complete,
            conflicts=conflicts,
            left_out=left_out,
            considered=problem.count,
            compared=found.compared,
        )
    scale = Scale(wish, problem.knows([at for members in found.members for at in members]))
    proposals = []
    for members, bound in zip(found.members, found.bounds, strict=True):
        chosen = [problem.organisations[at] for at in members]
        able = [problem.organisations[at].key for at in members if problem.coordinators[at]]
        proposals.append(describe(scale, chosen, able, bound))
    status: Literal["optimal", "feasible"] = "optimal" if found.is_proven else "feasible"
    return Proposals(
        status=status,
        proposals=tuple(proposals),
        is_complete=found.is_complete,
        left_out=left_out,
        considered=problem.count,
        compared=found.compared,
    )
