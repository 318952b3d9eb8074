"""Weights of each kind of evidence, learned from past choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Choice", "learn_weights"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Some members were possible, and one or more of them were chosen.

    Parameters
    ----------
    evidence : array of shape (possible, columns)
    chosen : bool array of shape (possible,)
        At least one is true.
    """

    evidence: NDArray[np.floating]
    chosen: NDArray[np.bool_]


def learn_weights(
    choices: Sequence[Choice],
    *,
    penalty: float = 0.01,
    rounds: int = 30,
    goal: Literal["all", "any"] = "all",
) -> NDArray[np.float64]:
    """Find the weights that maximise the likelihood of the choices made.

    Parameters
    ----------
    choices : sequence of Choice
        With the same columns.
    penalty : float
        Shrinks weights that few choices support, above 0; in units of the evidence's spread.
    rounds : int
        Most Newton steps; it stops when they no longer move.
    goal : {"all", "any"}
        Where several were chosen: that each of them ranks high, or that one of them does (the
        weights determine which).

    Returns
    -------
    float64 array of shape (columns,)
        A member's score is the product of its evidence and these.

    Raises
    ------
    ValueError
        Without a choice, or on shapes that do not go together.

    Notes
    -----
    Conditional logit: the chance of a choice is exp(score) over the sum of all possible (McFadden,
    "Conditional logit analysis of qualitative choice behavior", 1974); several chosen share it.
    For `all` the likelihood is concave, so the weights are the only best ones; `any` starts from
    them and climbs to the nearest best ones (Dempster, Laird and Rubin 1977). An even sample of
    those not chosen does as well as all of them (McFadden 1978).
    """
    if not choices:
        raise ValueError("choices: at least one is needed")
    if not penalty > 0:
        raise ValueError("penalty: must be above 0")
    if goal not in ("all", "any"):
        raise ValueError("goal: must be 'all' or 'any'")
    for number, one in enumerate(choices, 1):
        if one.evidence.ndim != 2 or one.chosen.shape != one.evidence.shape[:1]:
            raise ValueError(f"choices: shapes of choice {number} do not go together")
        if not one.chosen.any():
            raise ValueError(f"choices: nobody is chosen in choice {number}")
    spread = np.std(np.concatenate([one.evidence for one in choices]), axis=0, dtype=np.float64)
    scale = 1.0 / np.where(spread > 1e-9, spread, np.inf)
    scaled = [one.evidence.astype(np.float64) * scale for one in choices]
    weights = np.zeros(len(scale))
    for each in (False, True)[: 1 + (goal == "any")]:
        for _ in range(rounds):
            step = _newton_step(scaled, choices, weights, penalty, best=each)
            # A long step can overshoot where the choices are all but certain.
            weights += step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max(initial=0.0))))
            if np.abs(step).max(initial=0.0) < 1e-6:
                break
    return weights * scale


def _newton_step(
    scaled: list[NDArray[np.float64]],
    choices: Sequence[Choice],
    weights: NDArray[np.float64],
    penalty: float,
    *,
    best: bool,
) -> NDArray[np.float64]:
    """Newton's step; with `best`, those chosen count by their chance among themselves."""
    slope = -penalty * weights
    curve = penalty * np.eye(len(weights))
    for evidence, choice in zip(scaled, choices, strict=True):
        chance = evidence @ weights
        chance = np.exp(chance - chance.max(initial=0.0))
        chance /= chance.sum()
        mean = chance @ evidence
        taken = chance[choice.chosen] + 1e-300 if best else np.ones(int(choice.chosen.sum()))
        slope += (taken / taken.sum() @ evidence[choice.chosen] - mean) / len(choices)
        curve += ((evidence * chance[:, None]).T @ evidence - np.outer(mean, mean)) / len(choices)
    return np.linalg.solve(curve, slope)
