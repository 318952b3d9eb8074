"""Settings for the combination of scores."""

from dataclasses import dataclass
from typing import Literal

from proxeny.engine.matching.relations import Relations
from proxeny.engine.matching.taste import Taste

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings for the combination of scores.

    Parameters
    ----------
    one_sided : float
        A pair of which only one side gains is worth this share of the better direction, from 0
        to 1; 0 asks for gains on both sides.
    unstated : float
        A pair of which one side states no need is worth this share of its directions' score, from 0
        to 1.
    likeness : float
        The weight of similarity to the other's offers for a member that states no need, relative to
        the other's need of its offers, from 0 to 1.
    fusion : {"scores", "ranks"}
        The fusion of words and meaning, where the index has both: the scores of each direction
        before the two directions are, or reciprocal ranks (Cormack, Clarke and Büttcher, SIGIR
        2009).
    meaning : float
        Share of the meaning in the fusion, from 0 (words alone) to 1.
    rank_constant : float
        k of the reciprocal ranks.
    pool : int
        The number ranked of each list.
    taste : Taste, optional
        Preferences from past answers: it reorders the best proposals, five times as many as
        requested and at least 50, and keeps the best of them.
    relations : Relations, optional
        Past work of the members of the index, and of others numbered after them, for the taste.
    """

    one_sided: float = 0.1
    unstated: float = 0.5
    likeness: float = 0.1
    fusion: Literal["scores", "ranks"] = "scores"
    meaning: float = 0.5
    rank_constant: float = 60.0
    pool: int = 100
    taste: Taste | None = None
    relations: Relations | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name in ("one_sided", "unstated", "likeness", "meaning"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: must be from 0 to 1")
        if self.fusion not in ("scores", "ranks"):
            raise ValueError("fusion: must be 'scores' or 'ranks'")
        if self.rank_constant < 0:
            raise ValueError("rank_constant: must not be negative")
        if self.pool < 1:
            raise ValueError("pool: must be at least 1")
