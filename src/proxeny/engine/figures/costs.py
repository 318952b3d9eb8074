"""Cost of an outcome, with its limits of confidence."""

from dataclasses import dataclass

from proxeny.engine.figures._tails import check_confidence, poisson_at_least, solve_rising


@dataclass(frozen=True, slots=True)
class CostPer:
    """Cost of one outcome.

    `value` is None if there are no outcomes yet: then each costs `low` or more, at the requested
    confidence, and there is no upper limit. `high` is None then too.
    """

    count: int
    value: float | None
    low: float
    high: float | None


def count_limits(count: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact limits of what is expected where `count` things came (a Poisson count).

    Parameters
    ----------
    count : int
        0 or more. Where none came the upper limit is one-sided, at the confidence as a whole:
        with 95%, 3.0 ("rule of three"); the lower one is 0.
    confidence : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        A count below 0, or a confidence that is none.

    References
    ----------
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936) 437-442.

    Examples
    --------
    >>> [round(one, 3) for one in count_limits(10)]
    [4.795, 18.39]
    """
    if count < 0:
        raise ValueError("count: must be 0 or more.")
    check_confidence(confidence)
    tail = (1 - confidence) / (1 if count == 0 else 2)
    most = count + 40 * (count + 1) ** 0.5 + 1000
    high = solve_rising(lambda mean: poisson_at_least(count + 1, mean), 1 - tail, 0.0, most)
    if count == 0:
        return 0.0, high
    return solve_rising(lambda mean: poisson_at_least(count, mean), tail, 0.0, most), high


def cost_per(cost: float, count: int, *, confidence: float = 0.95) -> CostPer:
    """Return the cost of an outcome: the cost over a count, with the count's exact limits.

    The cost is known; the number of outcomes for that money is uncertain.

    Parameters
    ----------
    cost : float
        0 or more, in any currency: values come in the same.
    count : int
        The number of outcomes, 0 or more.
    confidence : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        A cost or a count below 0, or an invalid confidence.
    """
    if cost < 0:
        raise ValueError("cost: must be 0 or more.")
    low, high = count_limits(count, confidence=confidence)
    if count == 0:
        return CostPer(0, None, cost / high, None)
    return CostPer(count, cost / count, cost / high, cost / low)
