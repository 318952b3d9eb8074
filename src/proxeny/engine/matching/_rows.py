"""Sparse matrices, as rows of (column, value): what matching needs of them, over numpy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Rows", "count_rows"]


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix in compressed rows.

    Parameters
    ----------
    ptr : int64 array of shape (rows + 1,)
        Where each row begins in `cols` and `vals`.
    cols : int32 array of shape (entries,)
        Rising within a row.
    vals : float32 array of shape (entries,)
    n_cols : int
    """

    ptr: NDArray[np.int64]
    cols: NDArray[np.int32]
    vals: NDArray[np.float32]
    n_cols: int

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.ptr) - 1

    def row_of_entries(self) -> NDArray[np.int64]:
        """Return the row of each entry."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.ptr))

    def sums(self) -> NDArray[np.float64]:
        """Return the sum of each row."""
        return np.bincount(self.row_of_entries(), weights=self.vals, minlength=self.n_rows)

    def with_values(self, vals: NDArray[np.floating]) -> "Rows":
        """Return the same places with other values."""
        return Rows(self.ptr, self.cols, vals.astype(np.float32), self.n_cols)

    def pick(self, rows: NDArray[np.int32]) -> "Rows":
        """Return some rows, in the order given."""
        lengths = np.diff(self.ptr)[rows]
        ptr = np.concatenate(([0], np.cumsum(lengths)))
        places = np.arange(ptr[-1]) + np.repeat(self.ptr[rows] - ptr[:-1], lengths)
        return Rows(ptr, self.cols[places], self.vals[places], self.n_cols)

    def transpose(self) -> "Rows":
        """Return columns as rows. Costs one stable sort of the entries."""
        order = np.argsort(self.cols, kind="stable")
        counts = np.bincount(self.cols, minlength=self.n_cols)
        ptr = np.concatenate(([0], np.cumsum(counts)))
        rows = self.row_of_entries()[order].astype(np.int32)
        return Rows(ptr, rows, self.vals[order], self.n_rows)


def count_rows(documents: Sequence[Sequence[int]], n_cols: int) -> Rows:
    """Return the count of each column's number in each document.

    Raises
    ------
    ValueError
        On a number that is no column.
    """
    lengths = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
    flat = np.fromiter(
        (term for document in documents for term in document),
        dtype=np.int64,
        count=int(lengths.sum()),
    )
    if len(flat) and not 0 <= flat.min() <= flat.max() < n_cols:
        raise ValueError("documents: a term is not between 0 and n_terms - 1")
    keys = np.repeat(np.arange(len(documents)), lengths) * max(1, n_cols) + flat
    places, counts = np.unique(keys, return_counts=True)
    rows, cols = np.divmod(places, max(1, n_cols))
    ptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(documents)))))
    return Rows(ptr, cols.astype(np.int32), counts.astype(np.float32), n_cols)
