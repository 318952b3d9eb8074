"""The independent checkers: each reads a question and an answer and applies every rule afresh.

They share no code with the solvers, only the definitions of questions and answers, and use nothing
but Python's own whole numbers and fractions.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from proxeny.engine.label.jury import MOST_FIT, Application, Assignment, Juror, Jury, fit_of
from proxeny.engine.label.places import Choice, Quota, Selection

__all__ = ["check_jury", "check_selection"]

#: Places taken, and those of each quota; what they are worth: the score, then who as bits.
type _Best = dict[tuple[int, ...], tuple[Fraction, int]]


def check_jury(jury: Jury, assignment: Assignment) -> list[str]:
    """Verify that an assignment keeps every rule, and by its prices that none is better.

    Returns
    -------
    list of str
        One sentence per broken rule, for developers. Empty: it holds and is optimal.

    Notes
    -----
    By Lagrangian duality any prices give a bound that no assignment is below; the assignment is
    optimal because it reaches it. O(applications · jurors · log jurors).
    """
    errors = [*_check_pairs(jury, assignment), *_check_figures(jury, assignment)]
    if errors:
        return errors
    if assignment.prices.keys() != {one.key for one in jury.jurors}:
        return ["prices: not one for each juror"]
    new = len(assignment.pairs) - len(jury.kept)
    unit = MOST_FIT * new + 1
    cost = unit * assignment.squares - assignment.fit
    bound = _bound(jury, assignment.prices, unit)
    return [] if cost == bound else [f"it costs {cost}, and the prices prove {bound} at least"]


def _check_pairs(jury: Jury, assignment: Assignment) -> Iterator[str]:
    jurors = {one.key: one for one in jury.jurors}
    pairs, judged = set(assignment.pairs), {one.key for one in jury.applications}
    if list(assignment.pairs) != sorted(pairs):
        yield "pairs are not sorted, or one comes twice"
    for pair in sorted(pairs):
        application, juror = pair
        if application not in judged or juror not in jurors:
            yield f"{pair}: unknown"
        elif pair in jury.barred:
            yield f"{pair}: barred"
        elif juror in jury.closed and pair not in jury.kept:
            yield f"{pair}: the juror is closed"
    for pair in sorted(jury.kept - pairs):
        yield f"{pair}: not kept"
    for key in judged:
        own = [jurors[juror] for application, juror in pairs if application == key]
        kept = sum(application == key for application, _ in jury.kept)
        if len(own) != max(jury.per, kept):
            yield f"{key!r}: has {len(own)} jurors"
        for side in {*jury.sides} - {one.side for one in own}:
            yield f"{key!r}: nobody of {side!r}"


def _check_figures(jury: Jury, assignment: Assignment) -> Iterator[str]:
    jurors = {one.key: one for one in jury.jurors}
    applications = {one.key: one for one in jury.applications}
    loads = dict.fromkeys(jurors, 0) | Counter(juror for _, juror in assignment.pairs)
    kept = Counter(juror for _, juror in jury.kept)
    if dict(assignment.loads) != loads:
        yield "loads are not those of the pairs"
    for key, juror in jurors.items():
        if juror.most is not None and loads[key] > max(juror.most, kept[key]):
            yield f"{key!r}: has {loads[key]}, {juror.most} at most"
    if assignment.squares != sum(load**2 for load in loads.values()):
        yield f"squares: not {assignment.squares}"
    fit = sum(fit_of(applications[a], jurors[j]) for a, j in assignment.pairs if a in applications)
    if assignment.fit != fit:
        yield f"fit is {fit}, not {assignment.fit}"


def _bound(jury: Jury, prices: Mapping[str, int], unit: int) -> int:
    """Return what the cheapest juries and the cheapest loads cost together at some prices."""
    kept = Counter(juror for _, juror in jury.kept)
    room = {
        one.key: 0
        if one.key in jury.closed
        else max(0, (len(jury.applications) if one.most is None else one.most) - kept[one.key])
        for one in jury.jurors
    }
    bound = 0
    for key, left in room.items():
        bound += min(
            unit * (kept[key] + more) ** 2 - prices[key] * more
            for more in range(min(left, len(jury.applications)) + 1)
        )
    for application in jury.applications:
        bound += _cheapest(jury, application, prices, [one for one in jury.jurors if room[one.key]])
    return bound


def _cheapest(
    jury: Jury, application: Application, prices: Mapping[str, int], jurors: list[Juror]
) -> int:
    """Return the cheapest jury of an application: first of each missing side, then of any."""
    kept = [one for one in jury.jurors if (application.key, one.key) in jury.kept]
    taken = {*jury.barred, *jury.kept}
    offers = sorted(
        (prices[one.key] - fit_of(application, one), one.side, one.key)
        for one in jurors
        if (application.key, one.key) not in taken
    )
    missing = {*jury.sides} - {one.side for one in kept}
    chosen = [next(one for one in offers if one[1] == side) for side in sorted(missing)]
    rest = [one for one in offers if one not in chosen]
    chosen += rest[: max(0, jury.per - len(kept) - len(chosen))]
    return sum(price for price, _, _ in chosen) - sum(fit_of(application, one) for one in kept)


def check_selection(choice: Choice, selection: Selection) -> list[str]:
    """Verify that a selection keeps every quota and limit, and that none is better.

    Returns
    -------
    list of str
        One sentence per broken rule, for developers. Empty: it holds and is the best.

    Notes
    -----
    Tries all numbers of places that each origin can have, origin by origin, and remembers the best
    way to each state (dynamic programming); a quota is forgotten once its origins are over. Grows
    with the product of the quotas that are open at the same time.
    """
    by_key = {one.key: one for one in choice.candidates}
    errors = []
    if len({*selection.chosen}) != len(selection.chosen) or not by_key.keys() >= {
        *selection.chosen
    }:
        return ["chosen: unknown, or one comes twice"]
    chosen = [by_key[key] for key in selection.chosen]
    if selection.total != sum((one.score for one in chosen), Fraction()):
        errors.append("total: not the sum of the scores")
    if len(chosen) > choice.places:
        errors.append(f"there are {len(chosen)} for {choice.places} places")
    for quota, (least, most) in zip(choice.quotas, _bounds_of(choice), strict=True):
        count = sum(one.origin in quota.origins for one in chosen)
        if not least <= count <= most:
            errors.append(f"{quota.key!r}: {count}, not {least} to {most}")
    best, expected = _best(choice), {*selection.chosen}
    if not errors and best != expected:
        errors.append(f"better: {sorted(best - expected)} for {sorted(expected - best)}")
    return errors


def _bounds_of(choice: Choice) -> list[tuple[int, int]]:
    bounds = []
    for quota in choice.quotas:
        passed = sum(one.origin in quota.origins for one in choice.candidates)
        least = min(quota.least, passed) if choice.as_far else quota.least
        bounds.append((least, choice.places if quota.most is None else quota.most))
    return bounds


def _best(choice: Choice) -> set[str]:
    ranked = sorted(choice.candidates, key=lambda one: (one.order, one.key))
    bit = {one.key: 1 << (len(ranked) - 1 - at) for at, one in enumerate(ranked)}
    bounds = _bounds_of(choice)
    origins = sorted({one.origin for one in ranked}, key=lambda one: _pattern(choice.quotas, one))
    states: _Best = {(0, *(0 for _ in bounds)): (Fraction(), 0)}
    for number, origin in enumerate(origins):
        own = sorted((o for o in ranked if o.origin == origin), key=lambda one: -one.score)
        hits = [int(origin in quota.origins) for quota in choice.quotas]
        later = {*origins[number + 1 :]}
        ends = [not quota.origins & later for quota in choice.quotas]
        grown: _Best = {}
        for state, (score, bits) in states.items():
            worth, who = score, bits
            for more in range(len(own) + 1):
                if more:
                    worth, who = worth + own[more - 1].score, who | bit[own[more - 1].key]
                _keep(grown, _step(state, more, hits, ends, bounds), choice.places, (worth, who))
        states = grown
    if not states:
        return set()
    most = max(state[0] for state in states)
    _, who = max(value for state, value in states.items() if state[0] == most)
    return {one.key for one in ranked if bit[one.key] & who}


def _pattern(quotas: Sequence[Quota], origin: str) -> tuple[bool, ...]:
    return tuple(origin in quota.origins for quota in quotas)


def _step(
    state: tuple[int, ...],
    more: int,
    hits: list[int],
    ends: list[bool],
    bounds: list[tuple[int, int]],
) -> tuple[int, ...] | None:
    """Return the state with so many more of an origin, or None if a quota is broken by it."""
    after = [state[0] + more]
    for at, (least, most) in enumerate(bounds):
        if state[1 + at] < 0:
            after.append(-1)
            continue
        count = state[1 + at] + more * hits[at]
        if count > most or (ends[at] and count < least):
            return None
        after.append(-1 if ends[at] else count)
    return tuple(after)


def _keep(
    states: _Best, state: tuple[int, ...] | None, places: int, value: tuple[Fraction, int]
) -> None:
    if state is not None and state[0] <= places and value > states.get(state, (Fraction(-1), 0)):
        states[state] = value
