"""BM25: how well documents answer a query, by the words they have in common.

Source: Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond",
Foundations and Trends in Information Retrieval 3 (2009) 333-389; the inverse document frequency is
the one that stays above 0 (ln(1 + (N - n + 0.5) / (n + 0.5)), as in Lucene); weights are worked
out when the index is built, as Lù does in "BM25S" (arXiv 2407.03618, 2024).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._rows import Rows, count_rows

__all__ = ["Bm25"]


class Bm25:
    """An index of documents, given as numbers of terms.

    Parameters
    ----------
    documents : sequence of sequences of int
        Terms from 0 to `n_terms` - 1, as often as they occur.
    n_terms : int
    k1 : float
        How soon a repeated word stops counting, above 0.
    b : float
        How much a long document is held back, from 0 to 1.
    k3 : float
        As `k1`, for words repeated in the query.

    Raises
    ------
    ValueError
        On a parameter out of range or a term that is none.

    Examples
    --------
    >>> index = Bm25([[0, 1], [1, 1, 2]], n_terms=3)
    >>> [round(float(score), 3) for score in index.score([0])]
    [0.755, 0.0]
    """

    def __init__(
        self,
        documents: Sequence[Sequence[int]],
        n_terms: int,
        *,
        k1: float = 1.2,
        b: float = 0.75,
        k3: float = 8.0,
    ) -> None:
        _check(k1, b, k3)
        counts = count_rows(documents, n_terms)
        self.k1, self.k3 = k1, k3
        self.in_documents = np.bincount(counts.cols, minlength=n_terms)
        self.idf = _idf(self.in_documents, counts.n_rows)
        self.weights = _weigh(counts, self.idf, k1, b)
        self._inverted = self.weights.transpose()

    def weigh_queries(self, queries: Sequence[Sequence[int]]) -> Rows:
        """Return each query's terms with weights.

        A query's weights are scaled so that no document can reach more than 1: a score is the share
        of the most that the words could score. Words that no document has do not count.
        """
        counts, weights = self._count_queries(queries)
        rows = counts.row_of_entries()
        most = np.bincount(
            rows, weights=weights * self.idf[counts.cols] * (self.k1 + 1), minlength=counts.n_rows
        )
        return counts.with_values(weights / np.maximum(most[rows], 1e-12))

    def score(self, query: Sequence[int]) -> NDArray[np.float32]:
        """Return the plain BM25 score of every document, shape (documents,).

        Costs the postings of the query's terms and one pass over the documents.
        """
        counts, weights = self._count_queries([query])
        [scores] = self.score_rows(counts.with_values(weights), 0, 1)
        return np.asarray(scores)

    def _count_queries(self, queries: Sequence[Sequence[int]]) -> tuple[Rows, NDArray[np.floating]]:
        """Count the terms that some document has, with the weight of their repetition."""
        known = self.in_documents
        counts = count_rows(
            [[t for t in query if t < len(known) and known[t]] for query in queries], len(known)
        )
        return counts, (self.k3 + 1) * counts.vals / (self.k3 + counts.vals)

    def score_rows(self, queries: Rows, start: int, stop: int) -> NDArray[np.float32]:
        """Return the scores of weighed queries, shape (stop - start, documents)."""
        from proxeny.engine.matching._kernels import add_products

        inverted = self._inverted
        out = np.empty((stop - start, inverted.n_cols), dtype=np.float32)
        add_products(
            queries.ptr,
            queries.cols,
            queries.vals,
            start,
            stop,
            inverted.ptr,
            inverted.cols,
            inverted.vals,
            out,
        )
        return out


def _check(k1: float, b: float, k3: float) -> None:
    if not k1 > 0:
        raise ValueError("k1: must be above 0")
    if not 0 <= b <= 1:
        raise ValueError("b: must be from 0 to 1")
    if not k3 >= 0:
        raise ValueError("k3: must not be negative")


def _idf(in_documents: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    idf: NDArray[np.float64] = np.log1p((n - in_documents + 0.5) / (in_documents + 0.5))
    return idf


def _weigh(counts: Rows, idf: NDArray[np.float64], k1: float, b: float) -> Rows:
    lengths = counts.sums()
    mean = lengths.mean() if lengths.any() else 1.0
    hold = k1 * (1 - b + b * lengths / mean)
    tf = counts.vals
    return counts.with_values(
        idf[counts.cols] * tf * (k1 + 1) / (tf + hold[counts.row_of_entries()])
    )
