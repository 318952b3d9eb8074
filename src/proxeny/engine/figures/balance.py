"""Balance between two sides: whether one gave more than chance alone would explain."""

from dataclasses import dataclass

from proxeny.engine.figures._tails import binomial_at_least, check_confidence, solve_rising


@dataclass(frozen=True, slots=True)
class Balance:
    """Share of the total that one side gave (0 to 1), with its exact limits.

    `is_even`: an even share lies between them, so that the two cannot be distinguished. If nothing
    was given, `share` is None and any share is possible.
    """

    share: float | None
    low: float
    high: float
    even: float

    @property
    def is_even(self) -> bool:
        """Whether the counts cannot be distinguished from an even share."""
        return self.low <= self.even <= self.high


def weigh_two(given: int, others: int, *, even: float = 0.5, confidence: float = 0.95) -> Balance:
    """Return the share of one side in what it and the others gave.

    Parameters
    ----------
    given, others : int
        How much one side gave, and all others together; 0 or more.
    even : float
        Its share if all gave the same: 1/2 of two sides, 1/3 of three.
    confidence : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        A count below 0, an even share or a confidence that is none.

    References
    ----------
    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
    case of the binomial", Biometrika 26 (1934) 404-413.

    Examples
    --------
    >>> weigh_two(5, 0).is_even, weigh_two(6, 0).is_even
    (True, False)
    """
    if given < 0 or others < 0:
        raise ValueError("given, others: must be 0 or more.")
    if not 0 < even < 1:
        raise ValueError("even: must lie between 0 and 1.")
    check_confidence(confidence)
    of, tail = given + others, (1 - confidence) / 2
    if not of:
        return Balance(None, 0.0, 1.0, even)
    low = high = None
    if given:
        low = solve_rising(lambda chance: binomial_at_least(given, of, chance), tail, 0.0, 1.0)
    if others:
        high = solve_rising(
            lambda chance: binomial_at_least(given + 1, of, chance), 1 - tail, 0.0, 1.0
        )
    return Balance(given / of, low or 0.0, 1.0 if high is None else high, even)
