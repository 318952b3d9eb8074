"""Counts of documents on each topic in each period."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._checks import check_distinct
from proxeny.engine.foresight.model import Document, Topics

__all__ = ["Counts", "count_topics", "share_interval"]

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Counts:
    """Weighted documents by topic and period.

    Parameters
    ----------
    topics : tuple of str
        Keys, in the order of the rows.
    periods : tuple of int
        Ascending, the columns.
    counts : float64 array of shape (topics, periods)
        The weight of documents that are about the topic.
    totals : float64 array of shape (periods,)
        The weight of all documents.
    documents : int64 array of shape (topics,)
        The number of documents on the topic over all periods, without weight.
    texts : int64 array of shape (topics, periods)
        The number of different texts: a copy of another text adds nothing new.
    repeats : float64 array of shape (topics,)
        The weight represented by one independent text: sum W² / sum W, where W is the weight of all
        copies of a text in a period; 1 where each document is its own text and weighs 1.
    """

    topics: tuple[str, ...]
    periods: tuple[int, ...]
    counts: Floats
    totals: Floats
    documents: NDArray[np.int64]
    texts: NDArray[np.int64]
    repeats: Floats


def count_topics(topics: Topics, documents: Sequence[Document], periods: Sequence[int]) -> Counts:
    """Count the documents of each topic by period.

    Parameters
    ----------
    topics : Topics
    documents : sequence of Document
        Those to count, of those that were read: all, or one source's. Others than of these
        periods are left out.
    periods : sequence of int
        Distinct; counted in rising order.

    Raises
    ------
    ValueError
        On a document that was not read, and on periods that are empty or not distinct.
    """
    if not len(periods):
        raise ValueError("periods: there is none; give at least one")
    check_distinct("periods", periods)
    check_distinct("documents", (one.identity for one in documents))
    for one in documents:
        if one.identity not in topics.rows:
            raise ValueError(
                f"document {one.source!r} {one.key}: it is not among those whose topics were found;"
                " update the topics first"
            )
    ordered = sorted(int(period) for period in periods)
    # In the order of rows, so that sums of weights do not depend on the order given.
    counted = sorted((one for one in documents if one.year in ordered), key=lambda d: d.identity)
    column = {period: at for at, period in enumerate(ordered)}
    rows = np.array([topics.rows[one.identity] for one in counted], dtype=np.int64)
    when = np.array([column[one.year] for one in counted], dtype=np.int64)
    weight = np.array([one.weight for one in counted], dtype=np.float64)
    lengths = np.diff(topics.ptr)[rows]
    entries = np.arange(lengths.sum()) + np.repeat(
        topics.ptr[rows] - np.r_[0, np.cumsum(lengths)][:-1], lengths
    )
    which = topics.cols[entries].astype(np.int64)
    n_topics, n_periods = len(topics.topics), len(ordered)
    cells = which * n_periods + np.repeat(when, lengths)
    counts = np.bincount(cells, np.repeat(weight, lengths), minlength=n_topics * n_periods)
    text = _number_texts(topics, counted)
    texts, repeats = _count_texts(
        np.repeat(text, lengths), cells, np.repeat(weight, lengths), (n_topics, n_periods)
    )
    return Counts(
        tuple(topic.key for topic in topics.topics),
        tuple(ordered),
        counts.reshape(n_topics, n_periods),
        np.bincount(when, weight, minlength=n_periods),
        np.bincount(which, minlength=n_topics),
        texts,
        repeats,
    )


def _number_texts(topics: Topics, documents: Sequence[Document]) -> NDArray[np.int64]:
    numbers: dict[bytes, int] = {}
    digests = (topics.digests[one.identity] for one in documents)
    return np.array([numbers.setdefault(one, len(numbers)) for one in digests], dtype=np.int64)


def _count_texts(
    text: NDArray[np.int64], cells: NDArray[np.int64], weight: Floats, shape: tuple[int, int]
) -> tuple[NDArray[np.int64], Floats]:
    """Return the number of different texts per cell, and the weight of one text in each topic."""
    width = int(text.max(initial=0)) + 1
    pairs, of_pair = np.unique(cells * width + text, return_inverse=True)
    copies = np.bincount(of_pair, weight, minlength=len(pairs))
    cell = pairs // width
    texts = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    topic = cell // shape[1]
    weights = np.bincount(topic, copies, minlength=shape[0])
    squares = np.bincount(topic, copies**2, minlength=shape[0])
    return texts, np.where(weights > 0, squares / np.maximum(weights, 1e-300), 1.0)


def share_interval(
    count: float, total: float, *, level: float = 0.95, spread: float = 1.0
) -> tuple[float, float]:
    """Return Wilson's interval of a share.

    Parameters
    ----------
    count, total : float
        0 <= count <= total.
    level : float
        Between 0 and 1.
    spread : float
        How much more than chance counts vary, above 0; as if there were as many times fewer
        documents.

    Returns
    -------
    (float, float)
        (0, 1) where nothing was counted at all.

    Raises
    ------
    ValueError
        On a number out of range.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927) 209-212; holds its level better than others for few documents (Brown, Cai and DasGupta,
    Statistical Science 16 (2001) 101-133).

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(2, 20)]
    [0.028, 0.301]
    """
    if not 0 <= count <= total:
        raise ValueError(f"count: {count} is not from 0 to the total, {total}")
    if not 0 < level < 1:
        raise ValueError(f"level: {level} is not between 0 and 1")
    if not spread > 0:
        raise ValueError(f"spread: {spread} is not above 0")
    if total == 0:
        return 0.0, 1.0
    share, n = count / total, total / spread
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == total else min(1.0, middle + half)
    return low, high
