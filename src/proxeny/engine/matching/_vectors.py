"""Vectors of meaning, made comparable."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["scale_rows", "spread_out"]

# In so few texts, half of what they seem to have in common is taken for chance; so is half of what
# is seen of the directions, in so many texts per number of a vector.
_FEW, _FEW_PER_NUMBER = 20, 2
_POWER = 0.25


def spread_out(
    asked: NDArray[np.float32], offered: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Take away what all texts have in common, and hold back the directions that most of them share.

    Vectors of language models lie in a narrow cone: any two texts seem near. From each list its
    mean is taken away; then the directions in which all vectors differ most are shortened, by the
    fourth root of their variance. Both are held back while there are few texts.

    Parameters
    ----------
    asked, offered : float32 arrays of shape (n, d)
        Rows of length 1, or 0 where there is no text.

    Returns
    -------
    pair of float32 arrays
        The same shapes, rows of length 1 or 0.

    Notes
    -----
    After Mu and Viswanath, "All-but-the-top" (ICLR 2018), and Su et al., "Whitening sentence
    representations" (arXiv 2103.15316, 2021). Costs n times d squared.
    """
    parts = [_take_mean(asked), _take_mean(offered)]
    n = sum(int(one.any(axis=1).sum()) for one in parts)
    squares = sum((one.T @ one).astype(np.float64) for one in parts)
    found, turned = np.linalg.eigh(squares / max(1, n))
    found = np.maximum(found, 0.0)
    chance = _FEW_PER_NUMBER * len(found)
    few = chance / (n + chance)
    spread = (1 - few) * found + few * found.mean()
    turn = turned * np.where(spread > 1e-12, np.maximum(spread, 1e-12) ** -_POWER, 1.0)
    one, other = (scale_rows(part @ turn.astype(np.float32)) for part in parts)
    return one, other


def scale_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of length 1; a row that is all but 0 becomes 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > 1e-6, vectors / np.maximum(lengths, 1e-12), 0.0).astype(np.float32)


def _take_mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    there = vectors.any(axis=1)
    n = int(there.sum())
    mean = vectors.sum(axis=0) / (n + _FEW)
    return np.where(there[:, None], vectors - mean, 0.0).astype(np.float32)
