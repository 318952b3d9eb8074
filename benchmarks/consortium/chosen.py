"""What is chosen on the projects of the year before the one that is tested: no peeking."""

import textwrap
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import numpy as np
from benchmarks.consortium.evidence import (
    COLUMNS,
    Level,
    by_common,
    by_joint,
    by_popularity,
    by_ties,
    gather,
    grade,
    level_any,
    weigh_strongest,
)
from benchmarks.consortium.history import History, Project
from benchmarks.consortium.ranking import ONCE, Case, Ranking, choose_variety, hold_out, rate
from numpy.typing import NDArray

from proxeny.engine.consortium import Weights
from proxeny.engine.matching import Choice, learn_weights

__all__ = ["YEAR", "Chosen", "members_of_year", "score_by"]

#: The year that is tested.
YEAR = 2018
#: So many of a project's members are held out to learn from, and so many others stand beside each.
LEARNED, BESIDE, PENALTY = 2, 2_000, 0.001
#: From which share of joint work on a relation is of level 2 and 3.
GRADES = ((0.02, 0.08), (0.05, 0.15), (0.1, 0.25), (0.15, 0.35), (0.2, 0.5))
#: The fit of whom ties speak for most.
MOST_FIT = 1000

type Scores = NDArray[np.float64]
type Score = Callable[[Case], Scores]
type Groups = list[list[Case]]


def members_of_year(projects: Sequence[Project], year: int) -> dict[str, list[str]]:
    """Return the members of the projects that began in a year."""
    return {one.key: list(one.members) for one in projects if one.start.year == year}


def score_by(by: Callable[[History, Sequence[int]], Scores], history: History) -> Score:
    """Return what scores a case by those that are kept."""
    return lambda case: by(history, case.kept)


class Chosen:
    """Weights, levels of relations, and how much variety."""

    def __init__(self, projects: Sequence[Project]) -> None:
        before = History(projects, date(YEAR - 1, 1, 1))
        groups = hold_out(members_of_year(projects, YEAR - 1), before, most=LEARNED)
        self.weights = _learn(before, groups)
        self.grades = _choose_grades(before, groups)
        self.variety = choose_variety(before, groups, partial(self.ours, before))

    def ours(self, history: History, case: Case) -> Scores:
        """Return our scores."""
        scores: Scores = gather(history, case.kept) @ self.weights
        return scores

    def rankings(self, history: History) -> dict[str, Ranking]:
        """Return the rankings to hold beside each other, by what the page calls them."""
        popular, ours = score_by(by_popularity, history), partial(self.ours, history)
        return {
            "popularity": Ranking(popular),
            "popularity, each kind once": Ranking(popular, ONCE),
            "strongest tie, level 3 for every joint project": Ranking(_strongest(history)),
            "strongest tie, level by share": Ranking(_strongest(history, grade(*self.grades))),
            "Adamic–Adar, summed": Ranking(score_by(by_common, history)),
            "joint projects, logs summed": Ranking(score_by(by_joint, history)),
            "joint shares, roots summed": Ranking(score_by(by_ties, history)),
            "these as fit, relations by share beside them": Ranking(partial(self._as_fed, history)),
            "**ours**": Ranking(ours),
            "**ours, with variety**": Ranking(ours, self.variety),
            "ours, each kind once": Ranking(ours, ONCE),
        }

    def _as_fed(self, history: History, case: Case) -> Scores:
        """Return what one more adds to the worth, with the engine's usual weights."""
        ties = by_ties(history, case.kept)
        fit = MOST_FIT * ties / max(1e-9, float(ties.max()))
        levels = weigh_strongest(history, case.kept, grade(*self.grades))
        return Weights().fit * fit + Weights().relation * levels

    def tell(self) -> str:
        """Return what was chosen, in words."""
        weights = ", ".join(
            f"{name} {weight:.2f}" for name, weight in zip(COLUMNS, self.weights, strict=True)
        )
        middle, high = self.grades
        told = TOLD.format(weights=weights, middle=middle, high=high, variety=self.variety)
        return textwrap.fill(told, 105)


def _strongest(history: History, level: Level = level_any) -> Score:
    return lambda case: weigh_strongest(history, case.kept, level)


def _learn(history: History, groups: Groups) -> NDArray[np.float64]:
    """Return the weights under which those held out are likeliest to be chosen."""
    dice, choices = np.random.default_rng(7), []
    for case in (case for cases in groups for case in cases):
        others = dice.choice(len(history), min(BESIDE, len(history)), replace=False)
        others = others[~np.isin(others, [*case.kept, case.left])]
        rows = gather(history, case.kept)[[case.left, *others]]
        choices.append(Choice(rows, np.arange(len(rows)) == 0))
    return learn_weights(choices, penalty=PENALTY)


def _choose_grades(history: History, groups: Groups) -> tuple[float, float]:
    """Return from which shares on a level is higher, so that most partners are found."""
    rankings = {one: Ranking(_strongest(history, grade(*one))) for one in GRADES}
    named = {str(one): ranking for one, ranking in rankings.items()}
    rated = rate(history, groups, named)
    return max(GRADES, key=lambda one: float(rated[str(one)][:, 0].mean()))


TOLD = (
    "Weights, learned: {weights}. A relation is of level 2 from a share of {middle:g} on, of level 3 "
    "from {high:g} on. Variety, among the best hundred: each one that stands in the list makes the "
    "next one of its country and type worth {variety:g} less, the most by which one partner in a "
    "hundred was lost in the year before."
)
