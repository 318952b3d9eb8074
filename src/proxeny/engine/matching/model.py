"""Input and output of matching: offers, needs and matches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Embed", "Match", "Matches", "Profile", "Reason", "ReasonKind", "Statement", "Word"]

type ReasonKind = Literal["they_offer", "they_need", "sector", "country", "place", "meaning"]


class Embed(Protocol):
    """A model of meaning: any callable from texts to float32 vectors of shape (texts, d)."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Return one vector per text, of any length other than 0."""
        ...


@dataclass(frozen=True, slots=True)
class Statement:
    """One offer or one need.

    Parameters
    ----------
    text : mapping of str to str
        Language (ISO 639-1) to words. A language without a stemmer is read word by word.
    sectors : frozenset of str
        Codes whose levels are set apart by `.` or `/`, such as `26.51` or `/25/73`.
    """

    text: Mapping[str, str]
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Profile:
    """Member, as matching sees it.

    Parameters
    ----------
    about : mapping of str to str
        The member's description of itself, language to words.
    offers, needs : tuple of Statement
        Without any need, its description and offers are used instead: it is matched with members
        that need these, and after them with similar ones.
    sectors : frozenset of str
        The member's own sectors, read as those of a statement.
    country, place : str
        ISO 3166-1 alpha-2 and NUTS code; empty where unknown.
    countries_sought : frozenset of str
        Partners from elsewhere are left out; empty means any, and an unknown country passes.
    """

    about: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[Statement, ...] = ()
    needs: tuple[Statement, ...] = ()
    sectors: frozenset[str] = frozenset()
    country: str = ""
    place: str = ""
    countries_sought: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carried a score: as the need has it, as the offer has it, and how much.

    Parameters
    ----------
    share : float
        Part of the direction's score, between 0 and 1.
    """

    asked: str
    offered: str
    share: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason why two members match, as data: the page words the sentence.

    Parameters
    ----------
    kind : str
        `they_offer`: the other's offer meets my need. `they_need`: my offer meets the other's.
        `sector`, `country`, `place`: a fact in common, its codes in `codes`. `meaning`: the
        embeddings are near.
    share : float
        Part of the direction's lexical score that `words` (or `codes` of a sector) carried; for
        `meaning` the cosine; 0 for a fact that is shown but not scored.
    words : tuple of Word
        The strongest first.
    need, offer : int, optional
        The statements that share most, as places in `needs` and `offers`; none where the words are
        in `about`.
    """

    kind: ReasonKind
    share: float
    words: tuple[Word, ...] = ()
    codes: tuple[str, ...] = ()
    need: int | None = None
    offer: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One proposal with its reasons.

    Parameters
    ----------
    target : int
        The member proposed, as its place in the profiles.
    score : float
        By which proposals of one member are ordered; not comparable between members once
        embeddings are fused in.
    they_offer, they_need : float
        The two directed lexical scores, between 0 and 1.
    """

    target: int
    score: float
    they_offer: float
    they_need: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """The best targets of many members, best first, as arrays of shape (sources, top).

    Parameters
    ----------
    sources : int32 array
        The members asked for, as places in the profiles.
    targets : int32 array
        Places in the profiles; -1 where there are fewer than `top`.
    scores, they_offer, they_need : float32 array
        See `Match`; 0 where there is no target.
    """

    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    scores: NDArray[np.float32]
    they_offer: NDArray[np.float32]
    they_need: NDArray[np.float32]
