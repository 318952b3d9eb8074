"""Flag what emerges with what was known in a year, and look at what grew three years on.

Defined before any figure was looked at:

- Texts: projects of Horizon 2020, each by the title of its call's topic; the year is that of the
  topic's code. Where the code has several years: the one of them that most of the 30 projects with
  the next numbers have, since numbers were given as proposals came. Codes without a year are left
  out.
- Known in year t: documents of 2014 … t, in which topics are found and counted; a topic with fewer
  than five documents is not judged by anybody.
- Grew: the share in t + 3 is at least 1.5 times what it was, and more than by chance (one-sided
  two-sample test of shares, p < .05). What it was is asked twice: its share in the year t, and its
  share in all years to t together.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight import Counts, Document, Topics, find_topics, spot_topics

__all__ = [
    "Judged",
    "Known",
    "flag_best",
    "judge",
    "look_back",
    "measure_dating",
    "rank_naive",
    "read_projects",
]

FIRST, NEAR = 2014, 15
GREW, CHANCE, LEAST = 1.5, 0.05, 5
BOOTSTRAPS = 2000
_YEAR = re.compile(r"20[12]\d")

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """What was known in a year, of topics with enough documents.

    later: shares in t + 3; truth: which topics grew, by what they are held against.
    """

    year: int
    counted: Counts
    labels: tuple[str, ...]
    later: Floats
    truth: dict[str, Flags]


@dataclass(frozen=True)
class Judged:
    """How good flags are, with the 95 % interval of the precision."""

    flags: int
    precision: float
    low: float
    high: float
    recall: float
    f1: float
    average_precision: float


def read_projects(data: Path) -> list[Document]:
    """Return the projects whose year is known."""
    path = data / "cordis_h2020_orgs_2023" / "topics.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            (int(row["projectID"]), sorted(_years_of(row["topic"])), row["title"])
            for row in csv.DictReader(lines)
        ]
    sure = np.array(sorted((key, years[0]) for key, years, _ in rows if len(years) == 1))
    dated = ((key, _date(key, years, sure), title) for key, years, title in rows if years)
    return [Document(key, "project", year, title) for key, year, title in dated if year]


def _years_of(code: str) -> set[int]:
    return {int(year) for year in _YEAR.findall(code.replace("H2020", ""))}


def _date(key: int, years: list[int], sure: NDArray[np.int64]) -> int:
    """Return the year of a project, 0 if nothing tells it."""
    if len(years) == 1:
        return years[0]
    at = int(np.searchsorted(sure[:, 0], key))
    near = sure[max(0, at - NEAR) : at + NEAR, 1]
    near = near[(near >= years[0]) & (near <= years[-1])]
    return int(np.bincount(near).argmax()) if len(near) else 0


def measure_dating(data: Path, *, many: int = 3000) -> float:
    """Return how often the neighbours of a project name its year, of those whose year is sure."""
    path = data / "cordis_h2020_orgs_2023" / "topics.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        dated = [(int(row["projectID"]), _years_of(row["topic"])) for row in csv.DictReader(lines)]
    sure = np.array(sorted((key, *years) for key, years in dated if len(years) == 1))
    drawn = np.random.default_rng(0).integers(0, len(sure), many)
    span = [FIRST, int(sure[:, 1].max())]
    right = [
        _date(int(sure[at, 0]), span, np.delete(sure, at, axis=0)) == sure[at, 1] for at in drawn
    ]
    return float(np.mean(right))


def look_back(
    documents: Sequence[Document], year: int, *, ahead: int = 3, per_text: bool = False
) -> Known:
    """Return what was known in a year, and what grew.

    With `per_text` a title counts once a year, however many projects it has.
    """
    if per_text:
        documents = list({(one.year, one.text): one for one in documents}.values())
    past = [one for one in documents if FIRST <= one.year <= year]
    topics = find_topics(past, least_documents=2, most=5000)
    window = range(FIRST, year + 1)
    known = _count(topics, past, window)
    later = _count(topics, [one for one in documents if one.year == year + ahead], [year + ahead])
    enough = known.documents >= LEAST
    known = Counts(
        tuple(key for key, is_enough in zip(known.topics, enough, strict=True) if is_enough),
        known.periods,
        known.counts[enough],
        known.totals,
        known.documents[enough],
        known.texts[enough],
        known.repeats[enough],
    )
    then = (later.counts[enough, 0], float(later.totals[0]))
    sums = known.counts.sum(axis=1)
    return Known(
        year,
        known,
        tuple(topics.topics[topics.place(key)].label for key in known.topics),
        then[0] / then[1],
        {
            "last year": _grew(known.counts[:, -1], float(known.totals[-1]), *then),
            "window": _grew(sums, float(known.totals.sum()), *then),
        },
    )


def _count(topics: Topics, documents: Sequence[Document], periods: Sequence[int]) -> Counts:
    """Count with what is met, in known and later years alike."""
    shape = (len(topics.topics), len(periods))
    copies = Counter((one.year, one.text) for one in documents)
    counts, texts, squares = np.zeros(shape), np.zeros(shape, dtype=np.int64), np.zeros(shape[0])
    met = [Document(at, "", year, text) for at, (year, text) in enumerate(copies)]
    for one, keys in zip(met, spot_topics(topics, met), strict=True):
        column, many = periods.index(one.year), copies[one.year, one.text]
        rows = [topics.place(key) for key in keys]
        counts[rows, column] += many
        texts[rows, column] += 1
        squares[rows] += many**2
    sums = counts.sum(axis=1)
    totals = np.array([sum(one.year == period for one in documents) for period in periods])
    return Counts(
        tuple(topic.key for topic in topics.topics),
        tuple(periods),
        counts,
        totals.astype(float),
        sums.astype(np.int64),
        texts,
        np.where(sums > 0, squares / np.maximum(1, sums), 1.0),
    )


def _grew(before: Floats, total_before: float, after: Floats, total_after: float) -> Flags:
    """Return where the share is 1.5 times what it was, and more than by chance."""
    was, now = before / total_before, after / total_after
    pooled = (before + after) / (total_before + total_after)
    error = np.sqrt(pooled * (1 - pooled) * (1 / total_before + 1 / total_after))
    z = (now - was) / np.maximum(error, 1e-12)
    p = np.array([erfc(float(one) / sqrt(2)) / 2 for one in z])
    grew: Flags = (now >= GREW * was) & (p < CHANCE)
    return grew


def rank_naive(known: Known) -> dict[str, Floats]:
    """Return what a spreadsheet would rank by, larger first.

    Half a document is added to each count, so that every ratio is one.
    """
    shares = (known.counted.counts + 0.5) / known.counted.totals
    return {
        "last year's growth": shares[:, -1] / shares[:, -2],
        "growth over the window": shares[:, -1] / shares[:, 0],
        "most frequent": known.counted.counts.sum(axis=1),
    }


def judge(
    scores: Floats, flags: Flags, truth: Flags, *, seed: int = 0, draws: int = BOOTSTRAPS
) -> Judged:
    """Judge flags, and the order that scores give; interval: bootstrap over topics."""
    rng = np.random.default_rng(seed)
    precisions = []
    for _ in range(draws):
        drawn = rng.integers(0, len(truth), len(truth))
        if flags[drawn].any():
            precisions.append(truth[drawn][flags[drawn]].mean())
    low, high = np.quantile(precisions, [0.025, 0.975]) if precisions else (0.0, 1.0)
    hits, flagged, grew = int((flags & truth).sum()), int(flags.sum()), int(truth.sum())
    return Judged(
        flagged,
        hits / max(1, flagged),
        float(low),
        float(high),
        hits / max(1, grew),
        2 * hits / max(1, flagged + grew),
        average_precision(scores, truth),
    )


def flag_best(scores: Floats, many: int) -> Flags:
    """Flag as many as are asked for, the highest first; equal ones in the order given."""
    flags = np.zeros(len(scores), dtype=np.bool_)
    flags[np.argsort(-scores, kind="stable")[:many]] = True
    return flags


def average_precision(scores: Floats, truth: Flags) -> float:
    """Return the mean precision at each hit; equal scores count as one step, as in scikit-learn."""
    values = np.unique(-scores, return_inverse=True)[1]
    hits = np.cumsum(np.bincount(values, truth))
    seen = np.cumsum(np.bincount(values))
    gains = np.diff(np.r_[0, hits])
    return float((gains * hits / seen).sum() / max(1, truth.sum()))
