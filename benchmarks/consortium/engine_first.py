"""The engine itself, asked for the twenty best ways to complete a consortium by one."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from benchmarks.consortium.history import History
from benchmarks.consortium.ranking import FIRST, Case, put_first
from numpy.typing import NDArray

from proxeny.engine.consortium import (
    Call,
    Organisation,
    Proposals,
    Setting,
    Weights,
    Wish,
    find_rules,
    find_statuses,
    propose_consortia,
)

__all__ = ["tell_engine"]

#: So many cases are worked out by the engine as well; a score of 1 is so many points of fit.
ASKED, POINTS = 100, 100
#: Of other countries nobody is paid; whoever is from there asks for nothing.
PAID = {"member", "as_member", "associated", "international", "fundable"}


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
        # Of equals either may be first, so what they are worth is compared.
        worth = [int(fits[history.at[key]]) for key in added]
        is_same = worth == [int(fits[at]) for at in put_first(history, case, scores)]
        same += is_same and found.status == "optimal"
    return TOLD.format(
        asked=len(cases), same=same, median=np.median(seconds), most=max(seconds), first=FIRST
    )


def _ask(history: History, case: Case, fits: NDArray[np.int_]) -> Proposals:
    """Return the engine's proposals: these are kept, and one is added."""
    kept = [history.keys[at] for at in case.kept]
    rules = find_rules("horizon-2020-csa").rules
    call = Call(on=date(2017, 12, 1), programme="horizon-2020", rules=rules)
    paid = {one: _is_paid(one, call) for one in set(history.countries)}
    directory = [
        Organisation(
            key=key,
            country=country,
            fit=int(fit),
            cost=0,
            request=None if paid[country] else 0,
        )
        for key, country, fit in zip(history.keys, history.countries, fits, strict=True)
    ]
    wish = Wish(
        call=call,
        least_members=len(kept) + 1,
        most_members=len(kept) + 1,
        keep=kept,
        count=FIRST,
        weights=Weights(member=0),
    )
    return propose_consortia(directory, wish)


def _is_paid(country: str, call: Call) -> bool:
    statuses, _lines = find_statuses(country, Setting(programme=call.programme, on=call.on))
    return bool(statuses) and statuses <= PAID


TOLD = """The engine itself, asked to complete {asked} of these consortia by one with this fit, gives the same
{first} each time, proven, in {same} of {asked}; {median:.1f} s of processor time each, {most:.1f} s at most."""
