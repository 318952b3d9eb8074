"""Juries and places tried one by one, and random questions."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, product

from hypothesis import strategies as st

from proxeny.engine.label import Application, Candidate, Choice, Juror, Jury, Quota, fit_of

TOPICS = ("wind", "sun", "sea", "law")


def all_assignments(jury):
    """Yield every assignment that keeps the rules, as a set of pairs."""
    sides = {one.key: one.side for one in jury.jurors}
    ways = []
    for one in jury.applications:
        kept = {juror for application, juror in jury.kept if application == one.key}
        may = [
            key
            for key in sides
            if key not in kept | set(jury.closed) and (one.key, key) not in jury.barred
        ]
        more = max(0, jury.per - len(kept))
        ways.append(
            [
                [(one.key, key) for key in (*kept, *some)]
                for some in combinations(may, more)
                if {sides[key] for key in (*kept, *some)} >= {*jury.sides}
            ]
        )
    kept = Counter(juror for _, juror in jury.kept)
    for choice in product(*ways):
        pairs = [pair for own in choice for pair in own]
        loads = Counter(juror for _, juror in pairs)
        if all(
            one.most is None or loads[one.key] <= max(one.most, kept[one.key])
            for one in jury.jurors
        ):
            yield pairs


def rate_assignment(jury, pairs):
    """Return the sum of squared loads and the fit, less is better."""
    applications = {one.key: one for one in jury.applications}
    jurors = {one.key: one for one in jury.jurors}
    loads = Counter(juror for _, juror in pairs)
    return (
        sum(load**2 for load in loads.values()),
        -sum(fit_of(applications[a], jurors[j]) for a, j in pairs),
    )


@st.composite
def juries(draw):
    """Small juries, some of them impossible."""
    topics = st.frozensets(st.sampled_from(TOPICS))
    sides = draw(st.sampled_from([(), ("x",), ("x", "y")]))
    applications = [
        Application(f"a{n}", draw(topics), draw(st.sampled_from(["", "x", "y"])))
        for n in range(draw(st.integers(1, 3)))
    ]
    jurors = [
        Juror(
            f"j{n}",
            draw(st.sampled_from("xyz")),
            draw(topics),
            draw(st.none() | st.integers(0, 3)),
        )
        for n in range(draw(st.integers(1, 5)))
    ]
    pairs = [(a.key, j.key) for a in applications for j in jurors]
    barred = draw(st.frozensets(st.sampled_from(pairs), max_size=4))
    kept = draw(st.frozensets(st.sampled_from(pairs), max_size=2)) - barred
    return Jury(
        applications=applications,
        jurors=jurors,
        per=draw(st.integers(max(1, len(sides)), 3)),
        sides=sides,
        barred=barred,
        kept=kept,
        closed=draw(st.frozensets(st.sampled_from([one.key for one in jurors]), max_size=1)),
    )


def best_selection(choice):
    """Return the best selection of all, by keys; None if there is none."""
    ranked = sorted(choice.candidates, key=lambda one: (one.order, one.key))
    for size in range(min(choice.places, len(ranked)), -1, -1):
        allowed = [some for some in combinations(ranked, size) if fits(choice, some)]
        if allowed:
            # Of equal totals the first: combinations come in the order of candidates.
            best = max(allowed, key=lambda some: sum(one.score for one in some))
            return {one.key for one in best}
    return None


def fits(choice, some):
    """Return whether these keep all quotas."""
    for quota in choice.quotas:
        passed = sum(one.origin in quota.origins for one in choice.candidates)
        least = min(quota.least, passed) if choice.as_far else quota.least
        count = sum(one.origin in quota.origins for one in some)
        if count < least or (quota.most is not None and count > quota.most):
            return False
    return True


@st.composite
def choices(draw, as_far=None):
    """Few candidates with many ties and quotas that overlap, some of them impossible."""
    fine = draw(st.booleans())
    scores = st.integers(0, 4).map(Fraction)
    if fine:
        # So fine that the whole numbers need several digits.
        scores = st.builds(
            lambda a, b: Fraction(a, 3) + Fraction(b, 10**18 + 9),
            st.integers(0, 3),
            st.integers(0, 3),
        )
    candidates = [
        Candidate(f"c{n}", draw(scores), draw(st.sampled_from("xyz")), draw(st.integers(0, 3)))
        for n in range(draw(st.integers(0, 8)))
    ]
    quotas = []
    for number in range(draw(st.integers(0, 3))):
        least = draw(st.integers(0, 3))
        most = draw(st.none() | st.integers(least, 4))
        origins = draw(st.frozensets(st.sampled_from("xyz"), min_size=1))
        quotas.append(Quota(f"q{number}", origins, least, most))
    return Choice(
        candidates=candidates,
        places=draw(st.integers(0, 6)),
        quotas=quotas,
        as_far=draw(st.booleans()) if as_far is None else as_far,
    )
