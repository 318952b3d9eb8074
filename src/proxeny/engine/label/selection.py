"""Places within quotas: the best selection, the cost of each quota, and moving up."""

from collections.abc import Collection, Sequence
from fractions import Fraction

from proxeny.engine.label._choose import Bound, choose, count_extreme, order_of
from proxeny.engine.label.places import (
    Candidate,
    Change,
    Choice,
    Clash,
    Cost,
    Infeasible,
    NextUp,
    Selection,
    Shortfall,
    TooFewPassed,
    Waiting,
)

__all__ = ["next_up", "select"]


def select(choice: Choice) -> Selection | Infeasible:
    """Select the candidates for the places, or return why there is no selection.

    As many places as possible are filled; of all ways to do so within the quotas one with the
    highest total score, and of these the one with the earliest candidates: the one that includes
    the first candidate by order, then the second, and so on.

    Parameters
    ----------
    choice : Choice

    Returns
    -------
    Selection or Infeasible
        Always proven.

    Notes
    -----
    A quota knows origins only, so of each origin the best are chosen and only their number is
    unknown; overlapping quotas make it an integer program. One stage after the other with CP-SAT,
    in whole numbers; once with all quotas, once without each, once without any.

    Examples
    --------
    >>> from proxeny.engine.label import Candidate, Choice, Quota, select
    >>> scores = {"a": 90, "b": 85, "c": 70, "d": 60}
    >>> found = select(Choice(
    ...     candidates=[
    ...         Candidate(key, Fraction(score), "fr" if key in "ab" else "ma")
    ...         for key, score in scores.items()
    ...     ],
    ...     places=2, quotas=[Quota("morocco", frozenset({"ma"}), least=1)],
    ... ))
    >>> found.chosen, [(one.quota, int(one.points), one.out_by) for one in found.costs]
    (('a', 'c'), [('morocco', 15, ('b',))])
    """
    bounds = _bounds_of(choice)
    reasons: list[TooFewPassed | Clash] = []
    if not choice.as_far:
        reasons += [
            TooFewPassed(bound.quota.key, bound.quota.least, bound.least)
            for bound in bounds
            if bound.least < bound.quota.least
        ]
    found = choose(choice.candidates, choice.places, bounds)
    if found is None:
        reasons.append(_clash(choice, bounds))
    if reasons or found is None:
        return Infeasible(tuple(reasons))
    return _tell(choice, bounds, found)


def _bounds_of(choice: Choice) -> list[Bound]:
    """Return the quotas with a least as far as enough passed."""
    bounds = []
    for quota in choice.quotas:
        passed = sum(one.origin in quota.origins for one in choice.candidates)
        most = choice.places if quota.most is None else quota.most
        bounds.append(Bound(quota, min(quota.least, passed), most))
    return bounds


def _tell(choice: Choice, bounds: Sequence[Bound], found: tuple[Candidate, ...]) -> Selection:
    counts = _count(bounds, found)
    costs = []
    for at, bound in enumerate(bounds):
        others = [*bounds[:at], *bounds[at + 1 :]]
        costs.append(_cost(choice, bound.quota.key, others, found))
    return Selection(
        chosen=tuple(one.key for one in found),
        total=_total(found),
        waiting=_list_waiting(choice, bounds, found),
        counts=tuple((one.quota.key, count) for one, count in zip(bounds, counts, strict=True)),
        shortfalls=_shortfalls(bounds, counts),
        costs=tuple(costs),
        cost_of_all=_cost(choice, None, [], found),
    )


def _total(some: Sequence[Candidate]) -> Fraction:
    return sum((one.score for one in some), Fraction())


def _count(bounds: Sequence[Bound], some: Sequence[Candidate]) -> list[int]:
    return [sum(one.origin in bound.quota.origins for one in some) for bound in bounds]


def _shortfalls(bounds: Sequence[Bound], counts: Sequence[int]) -> tuple[Shortfall, ...]:
    return tuple(
        Shortfall(bound.quota.key, bound.quota.least, count)
        for bound, count in zip(bounds, counts, strict=True)
        if count < bound.quota.least
    )


def _cost(
    choice: Choice, quota: str | None, others: Sequence[Bound], found: tuple[Candidate, ...]
) -> Cost:
    without = choose(choice.candidates, choice.places, others)
    if without is None:
        raise RuntimeError("fewer quotas cannot be harder to meet")
    now, then = {one.key for one in found}, {one.key for one in without}
    return Cost(
        quota=quota,
        points=_total(without) - _total(found),
        places=len(without) - len(found),
        in_by=tuple(one.key for one in found if one.key not in then),
        out_by=tuple(one.key for one in without if one.key not in now),
    )


def _list_waiting(
    choice: Choice, bounds: Sequence[Bound], found: Sequence[Candidate]
) -> tuple[Waiting, ...]:
    """Return the waiting list; more candidates only fill quotas, so the excluded stay excluded."""
    counts, taken = _count(bounds, found), {one.key for one in found}
    waiting, out = [], []
    for one in sorted(choice.candidates, key=lambda one: (-one.score, order_of(one))):
        if one.key in taken:
            continue
        if full := _full(bounds, counts, one):
            out.append((one, full))
            continue
        waiting.append(Waiting(one.key))
        counts = [
            count + (one.origin in bound.quota.origins)
            for count, bound in zip(counts, bounds, strict=True)
        ]
    return (*waiting, *(Waiting(one.key, full) for one, full in out))


def _full(bounds: Sequence[Bound], counts: Sequence[int], one: Candidate) -> tuple[str, ...]:
    return tuple(
        bound.quota.key
        for bound, count in zip(bounds, counts, strict=True)
        if bound.quota.most is not None
        and one.origin in bound.quota.origins
        and count >= bound.quota.most
    )


def _clash(choice: Choice, bounds: Sequence[Bound]) -> Clash:
    """Return quotas that cannot be met together, none of them needless, and what would help."""
    core = list(bounds)
    for bound in bounds:
        rest = [one for one in core if one is not bound]
        if choose(choice.candidates, choice.places, rest) is None:
            core = rest
    changes = []
    for bound in core:
        others = [one for one in bounds if one is not bound]
        changes += _changes(choice, bound, others)
    fewest = count_extreme(choice.candidates, None, _unlimited(bounds), of=None, sign=-1)
    if fewest is not None and fewest > choice.places:
        changes.append(Change(None, "places", choice.places, fewest))
    return Clash(tuple(one.quota.key for one in core), tuple(changes))


def _unlimited(bounds: Sequence[Bound]) -> list[Bound]:
    """Return the bounds without the places as a most."""
    return [
        one if one.quota.most is not None else Bound(one.quota, one.least, 10**9) for one in bounds
    ]


def _changes(choice: Choice, bound: Bound, others: Sequence[Bound]) -> list[Change]:
    """Return the greatest least and the smallest most of a quota that would do."""
    quota, changes = bound.quota, []
    lower = [*others, Bound(quota, 0, bound.most)]
    least = count_extreme(choice.candidates, choice.places, lower, of=quota.origins, sign=1)
    if least is not None and least < bound.least:
        changes.append(Change(quota.key, "least", quota.least, least))
    if quota.most is not None:
        higher = [*others, Bound(quota, bound.least, choice.places)]
        most = count_extreme(choice.candidates, choice.places, higher, of=quota.origins, sign=-1)
        if most is not None and most > quota.most:
            changes.append(Change(quota.key, "most", quota.most, most))
    return changes


def next_up(choice: Choice, chosen: Collection[str], withdrew: Collection[str]) -> NextUp:
    """Return the candidate moving up into one place after withdrawals, with all others kept.

    Of the candidates not excluded by a full quota, the one that leaves the smallest shortfall of
    the minimums, then the best score, then the earliest. For several free places call it again with
    the answer among the chosen.

    Parameters
    ----------
    choice : Choice
        As it was selected from.
    chosen : collection of str
        Candidates with a place, including those who withdrew or not.
    withdrew : collection of str
        Candidates who gave up or declined a place: none of them moves up.

    Raises
    ------
    ValueError
        If a key is unknown.

    Notes
    -----
    O(candidates · quotas).
    """
    by_key = {one.key: one for one in choice.candidates}
    for name, keys in (("chosen", chosen), ("withdrew", withdrew)):
        for key in keys:
            if key not in by_key:
                raise ValueError(f"{name}: there is no candidate {key!r}")
    bounds = _bounds_of(choice)
    kept = [by_key[key] for key in chosen if key not in {*withdrew}]
    counts, has = _count(bounds, kept), {one.key for one in kept}
    pool = [one for one in choice.candidates if one.key not in has and one.key not in {*withdrew}]
    pool.sort(key=lambda one: (-one.score, order_of(one)))
    free = [one for one in pool if not _full(bounds, counts, one)]
    if len(kept) >= choice.places or not free:
        over = tuple(Waiting(one.key, _full(bounds, counts, one)) for one in pool)
        return NextUp(None, over if len(kept) < choice.places else (), _shortfalls(bounds, counts))
    best = max(free, key=lambda one: len(_helps(bounds, counts, one)))
    # Candidates with higher scores are full, or do not help a minimum that the best one helps.
    over = tuple(
        Waiting(one.key, _full(bounds, counts, one) or _instead(bounds, counts, one, best))
        for one in pool[: pool.index(best)]
    )
    return NextUp(best.key, over, _shortfalls(bounds, _count(bounds, [*kept, best])))


def _helps(bounds: Sequence[Bound], counts: Sequence[int], one: Candidate) -> tuple[str, ...]:
    """Return the quotas whose least is missing somebody like them."""
    return tuple(
        bound.quota.key
        for bound, count in zip(bounds, counts, strict=True)
        if count < bound.quota.least and one.origin in bound.quota.origins
    )


def _instead(
    bounds: Sequence[Bound], counts: Sequence[int], one: Candidate, best: Candidate
) -> tuple[str, ...]:
    own = _helps(bounds, counts, one)
    return tuple(key for key in _helps(bounds, counts, best) if key not in own)
