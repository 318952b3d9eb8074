"""Whom a ranking puts first when one partner is held out, and how often that is right."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.consortium.history import History
from numpy.typing import NDArray

__all__ = [
    "FIRST",
    "ONCE",
    "Case",
    "Ranking",
    "choose_variety",
    "hold_out",
    "put_first",
    "rate",
    "tell_table",
]

#: So many are shown; variety looks among the best hundred, as many as the engine proposes.
FIRST, POOL = 20, 100
#: With fewer members in the directory a project is not looked at.
LEAST_MEMBERS = 4
#: What each one alike that stands before may cost, and the most of all hits that it may cost.
VARIETIES, MOST_LOST = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0), 0.01
#: So much that nobody alike comes in.
ONCE = 1_000_000.0
DRAWS = 2_000

type Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A project without one of its members."""

    project: str
    kept: list[int]
    left: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of all organisations for a case, and how much variety is asked for among the first."""

    score: Callable[[Case], Scores]
    variety: float = 0.0


def hold_out(
    projects: Mapping[str, Sequence[str]],
    history: History,
    *,
    most: int | None = None,
    seed: int = 7,
) -> list[list[Case]]:
    """Return the cases of each project: every member is held out once, or `most` of them."""
    dice = random.Random(seed)
    found = []
    for key in sorted(projects):
        members = sorted(history.at[one] for one in projects[key] if one in history.at)
        if len(members) < LEAST_MEMBERS:
            continue
        out = members if most is None else dice.sample(members, min(most, len(members)))
        found.append([Case(key, [at for at in members if at != left], left) for left in out])
    return found


def put_first(history: History, case: Case, scores: Scores, variety: float = 0.0) -> list[int]:
    """Return the first of a ranking; of equals those with more projects.

    With variety one after the other, and each one of a country and type that stands there
    already is held to be worth so much less.
    """
    # So little that it only tells equals apart.
    scores = scores + 1e-7 * history.number
    scores[case.kept] = -np.inf
    # In order before it is sorted: of equals in all the first by key, whatever the partition does.
    best = min(POOL, len(scores))
    pool = np.sort(np.argpartition(-scores, best - 1)[:best])
    pool = pool[np.argsort(-scores[pool], kind="stable")]
    if not variety:
        return [int(at) for at in pool[:FIRST]]
    left, alike = scores[pool], history.alike[pool]
    chosen = []
    for _ in range(FIRST):
        at = int(np.argmax(left))
        chosen.append(int(pool[at]))
        left[at] = -np.inf
        left[alike == alike[at]] -= variety
    return chosen


def rate(
    history: History, groups: Sequence[Sequence[Case]], rankings: Mapping[str, Ranking]
) -> dict[str, NDArray[np.float64]]:
    """Return for each ranking the hits by project, shape (projects, 2).

    First how often the member that was held out is among the first, then how often one of its
    country and type is; the mean over the members of a project.
    """
    hits: dict[str, list[NDArray[np.float64]]] = {name: [] for name in rankings}
    for cases in groups:
        found: dict[str, list[tuple[bool, bool]]] = {name: [] for name in rankings}
        for case in cases:
            # Rankings that differ only in variety have one score.
            known: dict[int, Scores] = {}
            for name, one in rankings.items():
                if id(one.score) not in known:
                    known[id(one.score)] = one.score(case)
                first = put_first(history, case, known[id(one.score)], one.variety)
                alike = history.alike[first] == history.alike[case.left]
                found[name].append((case.left in first, bool(alike.any())))
        for name, rows in found.items():
            hits[name].append(np.mean(rows, axis=0))
    return {name: np.array(rows) for name, rows in hits.items()}


def choose_variety(
    history: History, groups: Sequence[Sequence[Case]], score: Callable[[Case], Scores]
) -> float:
    """Return the most variety that hardly any partner is lost by."""
    rankings = {str(one): Ranking(score, one) for one in VARIETIES}
    hits = {name: rows[:, 0].mean() for name, rows in rate(history, groups, rankings).items()}
    return max(one for one in VARIETIES if hits[str(one)] >= hits[str(VARIETIES[0])] - MOST_LOST)


def tell_table(rated: Mapping[str, NDArray[np.float64]]) -> str:
    """Return a row for each ranking."""
    rows = (
        f"| {name} | {_tell_share(hits[:, 0])} | {_tell_share(hits[:, 1])} |"
        for name, hits in rated.items()
    )
    return "\n".join((HEAD, *rows))


def _tell_share(hits: NDArray[np.float64]) -> str:
    """Return a mean over projects in percent, with the middle 95 % of many draws of projects."""
    dice = np.random.default_rng(7)
    draws = dice.integers(0, len(hits), (DRAWS, len(hits)))
    low, high = np.percentile(hits[draws].mean(axis=1), (2.5, 97.5))
    return f"{100 * hits.mean():.1f} % ({100 * low:.1f}–{100 * high:.1f})"


HEAD = """| first 20 by | partner | alike |
|---|--:|--:|"""
