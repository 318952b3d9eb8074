"""Candidates for places, the quotas, and the selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from proxeny.engine._checks import check_distinct, check_whole

__all__ = [
    "Candidate",
    "Change",
    "Choice",
    "Clash",
    "Cost",
    "Infeasible",
    "NextUp",
    "Quota",
    "Selection",
    "Shortfall",
    "TooFewPassed",
    "Waiting",
]

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """Candidate who passed all thresholds.

    Parameters
    ----------
    key : str
    score : Fraction
        At least 0, exact.
    origin : str
    order : int
        Among equal scores the smaller one wins, e.g. by time of submission; then the key.
    """

    key: str
    score: Fraction
    origin: str
    order: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.score, Fraction) or self.score < 0:
            raise ValueError(
                f"candidate {self.key!r}: score: {self.score!r} is no fraction from 0 on"
            )


@dataclass(frozen=True, slots=True)
class Quota:
    """At least and at most so many places for some origins; quotas may overlap."""

    key: str
    origins: frozenset[str]
    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        check_whole(f"quota {self.key!r}: least", self.least, _MOST)
        if self.most is not None:
            check_whole(f"quota {self.key!r}: most", self.most, _MOST, least=self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Places and their candidates.

    Parameters
    ----------
    candidates : sequence of Candidate
    places : int
    quotas : sequence of Quota
    as_far : bool
        Whether a quota's minimum is lowered to the number that passed of its origins. The shortfall
        is then reported; without it, there is no selection.

    Raises
    ------
    ValueError
        On a duplicate key, or a number out of range; the message names the field.
    """

    candidates: Sequence[Candidate]
    places: int
    quotas: Sequence[Quota] = ()
    as_far: bool = False

    def __post_init__(self) -> None:
        check_distinct("candidates", (one.key for one in self.candidates))
        check_distinct("quotas", (one.key for one in self.quotas))
        check_whole("places", self.places, _MOST)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Candidate on the waiting list. `quotas`: full quotas that exclude them for now."""

    key: str
    quotas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A quota's least, and how many there are."""

    quota: str
    least: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of a quota, or of all together (None): the selection compared with the one without.

    Parameters
    ----------
    quota : str, optional
    points : Fraction
        The increase of the total without it.
    places : int
        The number of further places filled without it.
    in_by, out_by : tuple of str
        Candidates that are in, and out, because of it.
    """

    quota: str | None
    points: Fraction
    places: int
    in_by: tuple[str, ...]
    out_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Optimal selection for the places.

    Parameters
    ----------
    chosen : tuple of str
        By score, then by order.
    total : Fraction
        The sum of their scores.
    waiting : tuple of Waiting
        All others in the order in which they would be taken if places were added one by one and
        nobody left; last those excluded by a quota.
    counts : tuple of (str, int)
        The number of places of each quota's origins.
    shortfalls : tuple of Shortfall
        Quotas whose minimum could not be met, with `as_far`.
    costs : tuple of Cost
        Of each quota by itself; a quota that changes nothing costs nothing.
    cost_of_all : Cost
        Of all quotas together.
    """

    chosen: tuple[str, ...]
    total: Fraction
    waiting: tuple[Waiting, ...]
    counts: tuple[tuple[str, int], ...]
    shortfalls: tuple[Shortfall, ...]
    costs: tuple[Cost, ...]
    cost_of_all: Cost


@dataclass(frozen=True, slots=True)
class TooFewPassed:
    """A quota's least is above the number that passed, the greatest least that is possible."""

    quota: str
    least: int
    passed: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change that would do by itself, all else as it is.

    Parameters
    ----------
    quota : str, optional
        None: of the places.
    field : {"least", "most", "places"}
    before, to : int
        `to` is the nearest number that does: the greatest least, the smallest most, the fewest
        places.
    """

    quota: str | None
    field: Literal["least", "most", "places"]
    before: int
    to: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Quotas that cannot be met together, none of which can be spared, and what would help.

    Leasts that are above the number that passed are taken as that number here.
    """

    quotas: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Infeasible:
    """There is no selection, and why: each reason has to be dealt with."""

    reasons: tuple[TooFewPassed | Clash, ...]


@dataclass(frozen=True, slots=True)
class NextUp:
    """Candidate moving up into one free place.

    Parameters
    ----------
    key : str, optional
        None if there is none, or no place is free.
    passed_over : tuple of Waiting
        Candidates with a better rank, and the quotas that exclude them: full, or short of others.
    shortfalls : tuple of Shortfall
        Minimums that are not met even then.
    """

    key: str | None
    passed_over: tuple[Waiting, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
