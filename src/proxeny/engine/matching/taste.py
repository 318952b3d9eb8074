"""Preferences learned from past answers to proposals, with little effect while these are few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._pairs import FEATURES, weigh_pairs
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.relations import Relations

__all__ = ["Taste", "Verdict", "learn_taste"]

# No weight grows beyond this, and no score is changed more than e-fold.
_MOST = 2.0
_MOST_CHANGE = 1.0
# Prior precision of the base rate of a yes: weak, two answers move it.
_BASE_PRECISION = 0.25


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of a proposal.

    Parameters
    ----------
    member, target : int
        The member asked, and the one proposed, as places in the index.
    liked : float
        From 0 (refused) to 1 (accepted, or met and rated best); a rating of 1 to 5 is
        `(rating - 1) / 4`.
    """

    member: int
    target: int
    liked: float


@dataclass(frozen=True, slots=True)
class Taste:
    """Features that make a yes likelier than the score says.

    Parameters
    ----------
    weights : mapping of str to float
        By feature of a pair (`FEATURES`), each from -2 to 2; a feature that is not there weighs 0.
    verdicts : int
        The number of answers it was learned from, including those of its prior.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    verdicts: int = 0

    def __post_init__(self) -> None:
        """Refuse what no pair has."""
        for name, weight in self.weights.items():
            if name not in FEATURES:
                raise ValueError(f"weights: {name!r} is not one of {', '.join(FEATURES)}")
            if not -_MOST <= weight <= _MOST:
                raise ValueError(f"weights: {name} must be from -{_MOST:g} to {_MOST:g}")

    def change(self, pairs: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return by what the scores of pairs are multiplied, from 1/e to e.

        Parameters
        ----------
        pairs : array of shape (pairs, features)
            From `weigh_pairs`.
        """
        weights = np.array([self.weights.get(name, 0.0) for name in FEATURES])
        return np.asarray(np.exp(np.clip(pairs @ weights, -_MOST_CHANGE, _MOST_CHANGE)))


def learn_taste(
    index: Index,
    verdicts: Sequence[Verdict],
    *,
    prior: Taste | None = None,
    relations: Relations | None = None,
    strength: float = 8.0,
    rounds: int = 50,
) -> Taste:
    """Learn preferences for the next proposals from past answers.

    Parameters
    ----------
    verdicts : sequence of Verdict
        Of one member, or of a whole cluster.
    prior : Taste, optional
        The starting point: that of the cluster, for a member's own. Without one, the score alone.
    relations : Relations, optional
        Past work of the members of the index, and of others numbered after them; without it the
        feature `relations` is not learned.
    strength : float
        The strength of the prior, above 0. A feature of half of the pairs is half learned from
        about 16 times as many answers; five answers have hardly any effect.

    Returns
    -------
    Taste

    Raises
    ------
    ValueError
        On a member that is not in the index, or a value out of range.

    Notes
    -----
    The likeliest weights of a logistic regression whose weights are normally distributed around
    those of the prior (ridge; Hoerl and Kennard, Technometrics 12, 1970), by Newton's method. The
    share of yes answers is learned along with them, so that many refusals alone lower no feature.
    Linear in the number of verdicts.
    """
    if not strength > 0:
        raise ValueError("strength: must be above 0")
    before = prior or Taste()
    liked = np.array([one.liked for one in verdicts], dtype=np.float64)
    if not ((liked >= 0) & (liked <= 1)).all():
        raise ValueError("verdicts: liked must be from 0 to 1")
    if not verdicts:
        return before
    pairs = weigh_pairs(
        index,
        [one.member for one in verdicts],
        [one.target for one in verdicts],
        relations=relations,
    )
    start = np.array([before.weights.get(name, 0.0) for name in FEATURES])
    weights = np.clip(_fit(pairs, liked, start, strength, rounds), -_MOST, _MOST)
    return Taste(
        weights={name: float(one) for name, one in zip(FEATURES, weights, strict=True)},
        verdicts=before.verdicts + len(verdicts),
    )


def _fit(
    pairs: NDArray[np.float64],
    liked: NDArray[np.float64],
    start: NDArray[np.float64],
    strength: float,
    rounds: int,
) -> NDArray[np.float64]:
    """Weights of the features; that of the constant is learned too and left out."""
    rows = np.column_stack((np.ones(len(pairs)), pairs))
    centre = np.concatenate(([0.0], start))
    hold = np.full(len(centre), strength)
    hold[0] = _BASE_PRECISION
    weights = centre.copy()
    for _ in range(rounds):
        chance = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (liked - chance) - hold * (weights - centre)
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(hold)
        step = np.linalg.solve(curve, slope)
        weights += step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-8:
            break
    return weights[1:]
