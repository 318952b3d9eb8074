"""Limits of meetings, and the confidence of a rate."""

from datetime import timedelta
from math import sqrt

from proxeny.meetings.models import Meeting, Rating

#: Answers on the day, and six months later; the order is the one people read them in.
DAY_VALUES = (
    Rating.Value.POSSIBLE,
    Rating.Value.INFORMATIVE,
    Rating.Value.NO_INTEREST,
    Rating.Value.NOT_HELD,
)
LATER_VALUES = (
    Rating.Value.AGREEMENT,
    Rating.Value.NEGOTIATING,
    Rating.Value.CONTACT,
    Rating.Value.KNOWLEDGE,
    Rating.Value.NO_CONTACT,
)
VALUES_OF: dict[str, tuple[Rating.Value, ...]] = {
    Rating.Phase.DAY: DAY_VALUES,
    Rating.Phase.LATER: LATER_VALUES,
}

#: States of a meeting that people hold or held by appointment.
AGREED = (Meeting.State.CONFIRMED, Meeting.State.HELD, Meeting.State.MISSED)
#: States in which nothing has been promised to anybody yet.
OPEN = (Meeting.State.DRAFT, Meeting.State.PROVISIONAL)

#: After how long a held meeting is asked about again.
LATER_AFTER = timedelta(days=182)

#: Seen at ten European matchmaking events: 2,210 meetings, 202 cooperation cases, 27 agreements.
REFERENCE_MEETINGS, REFERENCE_COOPERATIONS, REFERENCE_AGREEMENTS = 2210, 202, 27


def wilson_interval(successes: int, trials: int, *, z: float = 1.96) -> tuple[float, float]:
    """Return the limits between which a rate lies with 95% confidence.

    Parameters
    ----------
    successes, trials : int
        Counts, `0 <= successes <= trials`. Without trials the answer is (0, 1).
    z : float
        Quantile of the normal distribution.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927) 209-212.
    """
    if not 0 <= successes <= trials:
        raise ValueError("successes: must be from 0 to the number of trials.")
    if trials == 0:
        return 0.0, 1.0
    rate = successes / trials
    middle = rate + z * z / (2 * trials)
    spread = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
