"""How good a ranking is, against what really happened."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ranking", "hit_of_first", "rank_all"]

TOP = 10


class Ranking:
    """Sums of hit@10, MRR@10, recall@10 and nDCG@10 over many askers.

    Notes
    -----
    Relevance is 0 or 1; nDCG after Järvelin and Kekäläinen, TOIS 20 (2002).
    """

    def __init__(self) -> None:
        self.rows: list[tuple[float, float, float, float]] = []

    def add(self, order: Sequence[int], wanted: set[int]) -> None:
        """Take the first ten of an order and those that were wanted, at least one."""
        hits = np.array([one in wanted for one in order[:TOP]])
        gain = 1.0 / np.log2(np.arange(2, TOP + 2))
        self.rows.append(
            (
                float(hits.any()),
                float(1.0 / (1 + hits.argmax())) if hits.any() else 0.0,
                float(hits.sum() / len(wanted)),
                float((hits * gain[: len(hits)]).sum() / gain[: min(TOP, len(wanted))].sum()),
            )
        )

    def means(self) -> dict[str, float]:
        """Return the means and how far chance may have moved the first (95 %)."""
        found = np.array(self.rows)
        hit, mrr, recall, ndcg = found.mean(axis=0)
        error = 1.96 * found[:, 0].std() / np.sqrt(len(found))
        return {
            "hit": hit,
            "mrr": mrr,
            "recall": recall,
            "ndcg": ndcg,
            "error": error,
            "askers": len(found),
        }


def rank_all(scores: NDArray[np.floating]) -> list[int]:
    """Return the ten best places, of equals the first."""
    top = np.argpartition(-scores, min(TOP * 5, len(scores) - 1))[: TOP * 5]
    top.sort()
    return [int(one) for one in top[np.argsort(-scores[top], kind="stable")][:TOP]]


def hit_of_first(scores: NDArray[np.floating], wanted: int) -> tuple[bool, bool]:
    """Whether the wanted place is first, and among the first ten, of equals the first."""
    before = int((scores > scores[wanted]).sum() + (scores == scores[wanted])[:wanted].sum())
    return before == 0, before < TOP
