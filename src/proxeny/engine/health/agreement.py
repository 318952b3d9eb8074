"""Agreement of answers on an ordered scale."""

from collections.abc import Sequence

__all__ = ["measure_agreement"]


def measure_agreement(counts: Sequence[int]) -> float | None:
    """Return van der Eijk's agreement of answers on an ordered scale.

    Parameters
    ----------
    counts : sequence of int
        How many gave each answer, from the lowest to the highest; at least three answers.

    Returns
    -------
    float or None
        1 where all gave the same answer, 0 where all answers are as frequent, -1 where one half
        gave the lowest and one half the highest; None where nobody answered.

    Raises
    ------
    ValueError
        On fewer than three answers, or a negative count.

    Notes
    -----
    The distribution is taken apart into layers of answers that are as frequent; each layer's
    agreement is weighed by how many answers it holds. Takes O(k^4) for k answers, and k is 5.

    References
    ----------
    C. van der Eijk, "Measuring agreement in ordered rating scales", Quality and Quantity 35
    (2001), 325-341; the worked example is that of the R package agrmt by D. Ruedin.

    Examples
    --------
    >>> round(measure_agreement([30, 40, 210, 130, 530, 50, 10]), 7)
    0.6113333
    """
    if len(counts) < 3:
        raise ValueError("counts: at least three answers")
    if any(count < 0 for count in counts):
        raise ValueError("counts: must not be negative")
    total, left, agreement = sum(counts), list(counts), 0.0
    if not total:
        return None
    while any(left):
        layer = min(count for count in left if count)
        pattern = [int(count > 0) for count in left]
        agreement += layer * sum(pattern) / total * _agreement_of(pattern)
        left = [count - layer if count else 0 for count in left]
    return agreement


def _agreement_of(pattern: Sequence[int]) -> float:
    """Agreement of a layer: which answers are given at all."""
    size, given = len(pattern), sum(pattern)
    if given == size:
        return 0.0
    together, apart = 0, 0
    for low in range(size):
        for middle in range(low + 1, size):
            for high in range(middle + 1, size):
                triple = (pattern[low], pattern[middle], pattern[high])
                together += triple in ((1, 1, 0), (0, 1, 1))
                apart += triple == (1, 0, 1)
    told = together + apart
    unimodality = 1.0
    if told:
        unimodality = ((size - 2) * together - (size - 1) * apart) / ((size - 2) * told)
    return unimodality * (1 - (given - 1) / (size - 1))
