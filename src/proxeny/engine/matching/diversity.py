"""A choice that is good and not all alike."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["pick_diverse"]


def pick_diverse(
    relevance: NDArray[np.floating],
    likeness: NDArray[np.floating],
    *,
    top: int,
    diversity: float = 0.3,
) -> tuple[int, ...]:
    """Pick by maximal marginal relevance, one after the other.

    Each time the candidate is taken for which (1 - diversity) times its relevance, as a share of
    the highest one, less diversity times its likeness to the nearest one taken, is most.

    Parameters
    ----------
    relevance : array of shape (n,)
        Not negative.
    likeness : array of shape (n, n)
        Between 0 and 1.
    top : int
    diversity : float
        From 0 to 1.

    Returns
    -------
    tuple of int
        At most `top` places, in the order they were taken.

    Raises
    ------
    ValueError
        On shapes that do not go together or a value out of range.

    Notes
    -----
    Source: Carbonell and Goldstein, SIGIR 1998. Costs `top` times n.

    Examples
    --------
    >>> import numpy as np
    >>> alike = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    >>> pick_diverse(np.array([1, 0.9, 0.5]), alike, top=2, diversity=0.5)
    (0, 2)
    """
    n = len(relevance)
    if likeness.shape != (n, n):
        raise ValueError("likeness: must have a row and a column per candidate")
    if not 0 <= diversity <= 1:
        raise ValueError("diversity: must be from 0 to 1")
    gain = (1 - diversity) * relevance / max(float(relevance.max(initial=0.0)), 1e-12)
    nearest = np.zeros(n)
    left = np.ones(n, dtype=np.bool_)
    taken: list[int] = []
    for _ in range(min(top, n)):
        best = int(np.argmax(np.where(left, gain - diversity * nearest, -np.inf)))
        left[best] = False
        taken.append(best)
        nearest = np.maximum(nearest, likeness[best])
    return tuple(taken)
