"""A health review: what each party answered alone, laid side by side."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from proxeny.engine.health.agreement import measure_agreement

__all__ = ["Answer", "FactorReading", "PartyReading", "read_answers"]

LOWEST, HIGHEST = 1, 5
#: From here on a party's mean is a strength, and below the second one it is a concern.
STRONG, WEAK = 4.0, 3.0
#: From here on the means of two parties lie apart.
APART = 1.0

type Verdict = Literal["strength", "fair", "concern", "apart", "open"]


@dataclass(frozen=True, slots=True)
class Answer[Party: Hashable, Factor: Hashable]:
    """Answer of one person on one factor for a party, from 1 to 5."""

    party: Party
    factor: Factor
    value: int


@dataclass(frozen=True, slots=True)
class PartyReading:
    """A party's answers to one factor: how many, their mean, and how many gave each of 1 to 5."""

    answers: int
    mean: float | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FactorReading[Party: Hashable]:
    """One factor as the parties see it.

    Parameters
    ----------
    gap : float or None
        Distance between the highest and the lowest mean of a party; None unless two answered.
    agreement : float or None
        Van der Eijk's agreement of all answers, -1 to 1.
    verdict : str
        `apart`: the parties see it differently, by a whole step or more. `strength`: the mean of
        each is 4 or above. `concern`: the mean of one is below 3. `fair`: between. `open`: a party
        has not answered.
    """

    parties: Mapping[Party, PartyReading]
    gap: float | None
    agreement: float | None
    verdict: Verdict


def read_answers[Party: Hashable, Factor: Hashable](
    answers: Iterable[Answer[Party, Factor]], *, parties: Sequence[Party], factors: Sequence[Factor]
) -> dict[Factor, FactorReading[Party]]:
    """Compare the answers of all parties, factor by factor.

    No figure is formed over several factors: a sum of unlike things is no guide to action.

    Raises
    ------
    ValueError
        On an answer outside 1 to 5, of no party, or to no factor.

    References
    ----------
    Bounds as the Wilder Collaboration Factors Inventory reads its means (P. Mattessich and
    K. Johnson, "Collaboration: what makes it work", 3rd edition, 2018): 4.0 to 5.0 a strength, 3.0
    to 3.9 to be discussed, below that a concern.

    Examples
    --------
    >>> said = [Answer("A", "trust", 5), Answer("A", "trust", 4), Answer("B", "trust", 3)]
    >>> found = read_answers(said, parties="AB", factors=["trust"])["trust"]
    >>> found.parties["A"].mean, found.gap, found.verdict
    (4.5, 1.5, 'apart')
    """
    counts = {(p, f): [0] * HIGHEST for p in parties for f in factors}
    for one in answers:
        if not LOWEST <= one.value <= HIGHEST:
            raise ValueError(f"value: {one.value} is not from {LOWEST} to {HIGHEST}")
        if (one.party, one.factor) not in counts:
            raise ValueError(f"no such party or factor: {one.party!r}, {one.factor!r}")
        counts[one.party, one.factor][one.value - LOWEST] += 1
    return {
        factor: _read({party: counts[party, factor] for party in parties}) for factor in factors
    }


def _read[Party: Hashable](counts: Mapping[Party, Sequence[int]]) -> FactorReading[Party]:
    readings = {party: _mean(given) for party, given in counts.items()}
    means = [one.mean for one in readings.values() if one.mean is not None]
    gap = max(means) - min(means) if len(means) > 1 else None
    together = [sum(column) for column in zip(*counts.values(), strict=True)]
    agreement = measure_agreement(together) if together else None
    return FactorReading(readings, gap, agreement, _judge(means, gap, len(readings)))


def _mean(counts: Sequence[int]) -> PartyReading:
    answers = sum(counts)
    total = sum(value * count for value, count in enumerate(counts, LOWEST))
    return PartyReading(answers, total / answers if answers else None, tuple(counts))


def _judge(means: Sequence[float], gap: float | None, parties: int) -> Verdict:
    if len(means) < parties or not means:
        return "open"
    if gap is not None and gap >= APART:
        return "apart"
    if min(means) < WEAK:
        return "concern"
    return "strength" if min(means) >= STRONG else "fair"
