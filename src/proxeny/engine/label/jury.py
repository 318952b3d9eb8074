"""Who may judge which application, and who is to judge it in the end."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from proxeny.engine._checks import check_distinct, check_whole

__all__ = [
    "MOST_FIT",
    "Application",
    "Assignment",
    "Impossible",
    "Juror",
    "Jury",
    "Need",
    "NoRoom",
    "Room",
    "TooFew",
    "TooMuch",
    "fit_of",
]

#: More shared topics than that say nothing more about how well a juror fits.
MOST_FIT = 3
_MOST = 1_000_000

type Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Application:
    """Something to judge, with the topics that it is about."""

    key: str
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Juror:
    """Somebody who judges.

    Parameters
    ----------
    key : str
    side : str
        Of which of the issuing clusters; one that is none of them counts as a juror of no side.
    topics : frozenset of str
        What they know about; without any they fit everything equally little.
    most : int, optional
        How many applications at most, those they have already included; None is no limit.
    """

    key: str
    side: str
    topics: frozenset[str] = frozenset()
    most: int | None = None

    def __post_init__(self) -> None:
        if self.most is not None:
            check_whole(f"juror {self.key!r}: most", self.most, _MOST)


def fit_of(application: Application, juror: Juror) -> int:
    """Return how well a juror fits: shared topics, `MOST_FIT` at most; 0 without topics."""
    return min(MOST_FIT, len(application.topics & juror.topics))


@dataclass(frozen=True, slots=True, kw_only=True)
class Jury:
    """Applications that need jurors.

    Parameters
    ----------
    applications : sequence of Application
    jurors : sequence of Juror
    per : int
        How many jurors each application has in the end, 1 to 1000. An application that keeps more
        already gets nobody else.
    sides : sequence of str
        The issuing clusters: each application needs a juror of each. At most `per` of them.
    barred : set of (str, str)
        Application and juror that must not come together: a conflict of interest.
    kept : set of (str, str)
        Application and juror at work already: they stay, whatever a limit says, and count for
        everything.
    closed : set of str
        Jurors who get nothing new.

    Raises
    ------
    ValueError
        On two of one key, an unknown key, a pair that is both kept and barred, or fewer jurors than
        sides; the message names the field.
    """

    applications: Sequence[Application]
    jurors: Sequence[Juror]
    per: int
    sides: Sequence[str] = ()
    barred: AbstractSet[Pair] = frozenset()
    kept: AbstractSet[Pair] = frozenset()
    closed: AbstractSet[str] = frozenset()

    def __post_init__(self) -> None:
        check_distinct("applications", (one.key for one in self.applications))
        check_distinct("jurors", (one.key for one in self.jurors))
        check_distinct("sides", self.sides)
        check_whole("per", self.per, 1000, least=1)
        if self.per < len(self.sides):
            raise ValueError(f"per: {self.per} jurors cannot be of {len(self.sides)} sides")
        applications = {one.key for one in self.applications}
        jurors = {one.key for one in self.jurors}
        for name in ("barred", "kept"):
            pairs: AbstractSet[Pair] = getattr(self, name)
            _check_known(f"{name}: application", (one for one, _ in pairs), applications)
            _check_known(f"{name}: juror", (one for _, one in pairs), jurors)
        _check_known("closed: juror", self.closed, jurors)
        for pair in sorted(self.kept & self.barred):
            raise ValueError(f"kept: {pair!r} is barred as well")


def _check_known(name: str, keys: Iterable[str], known: AbstractSet[str]) -> None:
    for key in keys:
        if key not in known:
            raise ValueError(f"{name}: there is no {key!r}")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who judges what: no other assignment is better.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Application and juror, those kept included, sorted.
    loads : mapping of str to int
        How many applications each juror has.
    squares : int
        The sum of the squared loads, as small as can be.
    fit : int
        The sum of `fit_of` over all pairs, as large as can be with such loads.
    prices : mapping of str to int
        The proof: what a review by each juror costs. Each application that takes its cheapest jury
        at these prices, and each juror who takes the load that is cheapest for them, reach exactly
        this assignment's cost; nothing can be below that. `check_jury` adds it up.
    """

    pairs: tuple[Pair, ...]
    loads: Mapping[str, int]
    squares: int
    fit: int
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NoRoom:
    """Those whom an application keeps leave too little room for the sides that are missing."""

    application: str
    kept: tuple[str, ...]
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooFew:
    """An application that not enough jurors can take.

    Parameters
    ----------
    application : str
    side : str, optional
        Of which side; None if it is of all together.
    needed : int
        How many more it needs.
    open : tuple of str
        Who could: fewer than needed.
    barred, closed, full : tuple of str
        Who else there would be: with a conflict, closed, or at their limit by what they keep.
    """

    application: str
    side: str | None
    needed: int
    open: tuple[str, ...]
    barred: tuple[str, ...]
    closed: tuple[str, ...]
    full: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What an application needs: so many of a side, or of all sides together (None)."""

    application: str
    side: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a juror's limit leaves: so many more, of `most`."""

    juror: str
    left: int
    most: int


@dataclass(frozen=True, slots=True)
class TooMuch:
    """Applications that together need more reviews than those who may read them can carry.

    Parameters
    ----------
    needs : tuple of Need
        Sorted by application.
    limits : tuple of Room
        The jurors whose limit binds. Each one more that any of them takes makes one less missing.
    beside : int
        Reviews that others, whose limits do not bind, can do at most.
    missing : int
        What is needed, less what the limits leave, less what others can do; above 0.
    """

    needs: tuple[Need, ...]
    limits: tuple[Room, ...]
    beside: int
    missing: int


@dataclass(frozen=True, slots=True)
class Impossible:
    """There is no assignment, and why: each reason has to be dealt with."""

    reasons: tuple[NoRoom | TooFew | TooMuch, ...]
