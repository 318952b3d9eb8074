"""Flag what emerges with what was known in a year, and look at what grew three years on.

Defined before any figure was looked at:

- Texts: projects of Horizon 2020, each by the title of its call's topic; the year is that of the
  topic's code; codes with none or several are left out.
- Known in year t: documents of 2014 … t, in which topics are found and counted; a topic with fewer
  than five documents is not judged by anybody.
- Grew: the share in t + 3 is at least 1.5 times what it was, and more than by chance (one-sided
  two-sample test of shares, p < .05). What it was is asked twice: its share in the year t, and its
  share in all years to t together.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight import Document, Topics, find_topics, spot_topics

__all__ = ["Judged", "Known", "flag_best", "judge", "look_back", "rank_naive", "read_projects"]

FIRST, AHEAD = 2014, 3
GREW, CHANCE, LEAST = 1.5, 0.05, 5
BOOTSTRAPS = 2000
_YEAR = re.compile(r"20[12]\d")

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """What was known in a year, of topics with enough documents.

    counts: float64[topics, periods to t]; totals: float64[periods to t]; later: shares in t + 3;
    truth: which topics grew, by what they are held against.
    """

    year: int
    labels: tuple[str, ...]
    counts: Floats
    totals: Floats
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
    """Return the projects of topics whose code has one year."""
    rows = (data / "cordis_h2020_orgs_2023" / "topics.csv").open(encoding="utf-8-sig", newline="")
    with rows:
        return [
            Document(int(row["projectID"]), "project", int(years.pop()), row["title"])
            for row in csv.DictReader(rows)
            if len(years := set(_YEAR.findall(row["topic"].replace("H2020", "")))) == 1
        ]


def look_back(documents: Sequence[Document], year: int, *, per_text: bool = False) -> Known:
    """Return what was known in a year, and what grew.

    With `per_text` a title counts once a year, however many projects it has.
    """
    if per_text:
        documents = list({(one.year, one.text): one for one in documents}.values())
    past = [one for one in documents if FIRST <= one.year <= year]
    topics = find_topics(past, least_documents=2, most=5000)
    periods = [*range(FIRST, year + 1), year + AHEAD]
    counted = [one for one in documents if one.year in periods]
    counts, totals = _count(topics, counted, periods)
    enough = counts[:, :-1].sum(axis=1) >= LEAST
    counts = counts[enough]
    window, then = counts[:, :-1], (counts[:, -1], totals[-1])
    return Known(
        year,
        tuple(one.label for one, told in zip(topics.topics, enough, strict=True) if told),
        window,
        totals[:-1],
        counts[:, -1] / totals[-1],
        {
            "last year": _grew(window[:, -1], totals[-2], *then),
            "window": _grew(window.sum(axis=1), totals[:-1].sum(), *then),
        },
    )


def _count(
    topics: Topics, documents: Sequence[Document], periods: Sequence[int]
) -> tuple[Floats, Floats]:
    """Count with what is met, in all years alike."""
    counts = np.zeros((len(topics.topics), len(periods)))
    totals = np.zeros(len(periods))
    column = {period: at for at, period in enumerate(periods)}
    for one, keys in zip(documents, spot_topics(topics, documents), strict=True):
        totals[column[one.year]] += 1
        for key in keys:
            counts[topics.place(key), column[one.year]] += 1
    return counts, totals


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
    shares = (known.counts + 0.5) / known.totals
    return {
        "last year's growth": shares[:, -1] / shares[:, -2],
        "growth over the window": shares[:, -1] / shares[:, 0],
        "most frequent": known.counts.sum(axis=1),
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
