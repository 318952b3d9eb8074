"""The engine itself, asked for the twenty best ways to complete a consortium by one."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.consortium.history import History
from benchmarks.consortium.ranking import FIRST, Case, put_first
from proxeny.engine.consortium import (
    Call,
    Organisation,
    Proposals,
    Weights,
    Wish,
    find_rules,
    propose_consortia,
)

__all__ = ["tell_engine"]

#: So many cases are worked out by the engine as well; a score of 1 is so many points of fit.
ASKED, POINTS = 10, 100
#: CORDIS writes two countries in its own way.
CODES = {"UK": "GB", "EL": "GR"}


def tell_engine(
    history: History, cases: Sequence[Case], score: Callable[[Case], NDArray[np.float64]]
) -> str:
    """Return how many of some lists are the engine's, and how long it takes for one."""
    cases = random.Random(7).sample(cases, min(ASKED, len(cases)))
    same, seconds = 0, []
    for case in cases:
        scores = score(case)
        fits = np.round(POINTS * (scores - scores.min())).astype(int)
        started = time.process_time()
        found = _ask(history, case, fits)
        seconds.append(time.process_time() - started)
        kept = {history.keys[at] for at in case.kept}
        added = [(set(one.members) - kept).pop() for one in found.proposals]
        worth = [int(fits[history.at[key]]) for key in added]
        ours = [int(fits[at]) for at in put_first(history, case, scores)]
        same += worth == ours
        print(case.project, found.status, found.left_out, round(seconds[-1], 1), worth == ours)
    return f"{same} of {len(cases)} {np.median(seconds)} {max(seconds)} {FIRST}"


def _ask(history: History, case: Case, fits: NDArray[np.int_]) -> Proposals:
    """Return the engine's proposals: these are kept, and one is added."""
    directory = [
        Organisation(key=key, country=CODES.get(country, country), fit=int(fit))
        for key, country, fit in zip(history.keys, history.countries, fits, strict=True)
    ]
    kept = [history.keys[at] for at in case.kept]
    rules = find_rules("horizon-2020-csa").rules
    wish = Wish(
        call=Call(on=date(2017, 12, 1), programme="horizon-2020", rules=rules),
        least_members=len(kept) + 1, most_members=len(kept) + 1, keep=kept, count=FIRST,
        weights=Weights(member=0),
    )  # fmt: skip
    return propose_consortia(directory, wish)
