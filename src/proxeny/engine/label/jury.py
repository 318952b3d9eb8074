"""Input and result of the assignment of jurors to applications."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from proxeny.engine._checks import check_distinct, check_whole

__all__ = [
    "MOST_FIT",
    "MOST_SHARED",
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
MOST_SHARED = 3
#: The best fit: that many shared topics, and a juror of another side than who applies.
MOST_FIT = MOST_SHARED + 1
_MOST = 1_000_000

type Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Application:
    """Application to judge, with its topics.

    Parameters
    ----------
    key : str
    topics : frozenset of str
    side : str
        The issuing cluster that the applicant belongs to; empty if it is none of them, or several.
    """

    key: str
    topics: frozenset[str] = frozenset()
    side: str = ""


@dataclass(frozen=True, slots=True)
class Juror:
    """Juror.

    Parameters
    ----------
    key : str
    side : str
        The issuing cluster; a value that is none of them makes a juror of no side.
    topics : frozenset of str
        Their expertise; without any they fit everything equally little.
    most : int, optional
        The most applications, including the current ones; None is no limit.
    """

    key: str
    side: str
    topics: frozenset[str] = frozenset()
    most: int | None = None

    def __post_init__(self) -> None:
        if self.most is not None:
            check_whole(f"juror {self.key!r}: most", self.most, _MOST)


def fit_of(application: Application, juror: Juror) -> int:
    """Return the fit of a juror: shared topics, plus one for a juror of another side.

    Topics count up to `MOST_SHARED`. If the applicant belongs to no side, no juror is of another
    one.

    Examples
    --------
    >>> from proxeny.engine.label import Application, Juror, fit_of
    >>> asked = Application("a", frozenset({"wind"}), "athens")
    >>> fit_of(asked, Juror("ion", "athens", frozenset({"wind"}))), fit_of(asked, Juror("luc", "paris"))
    (1, 1)
    """
    shared = min(MOST_SHARED, len(application.topics & juror.topics))
    return shared + (application.side not in ("", juror.side))


@dataclass(frozen=True, slots=True, kw_only=True)
class Jury:
    """Applications that need jurors.

    Parameters
    ----------
    applications : sequence of Application
    jurors : sequence of Juror
    per : int
        The final number of jurors of each application, 1 to 1000. An application that already keeps
        more gets no further one.
    sides : sequence of str
        The issuing clusters: each application needs a juror of each. At most `per` of them.
    barred : set of (str, str)
        Application and juror that must not be paired: a conflict of interest.
    kept : set of (str, str)
        Application and juror already assigned: they stay, regardless of limits, and count for
        everything.
    closed : set of str
        Jurors without new applications.

    Raises
    ------
    ValueError
        On a duplicate key, an unknown key, a pair that is both kept and barred, or fewer jurors
        than sides; the message names the field.
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
    """Optimal assignment of jurors to applications.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Application and juror, those kept included, sorted.
    loads : mapping of str to int
        The number of applications of each juror.
    squares : int
        The sum of the squared loads, as small as possible.
    fit : int
        The sum of `fit_of` over all pairs, as large as possible with such loads.
    prices : mapping of str to int
        The proof: the price of a review by each juror. The cheapest jury of each application at
        these prices, and the cheapest load of each juror, add up to exactly this assignment's cost;
        nothing can be below that. `check_jury` verifies the sum.
    """

    pairs: tuple[Pair, ...]
    loads: Mapping[str, int]
    squares: int
    fit: int
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NoRoom:
    """Too little room for the missing sides, because of the jurors that an application keeps."""

    application: str
    kept: tuple[str, ...]
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooFew:
    """Application with too few possible jurors.

    Parameters
    ----------
    application : str
    side : str, optional
        The side; None for all sides together.
    needed : int
        The number of further jurors it needs.
    open : tuple of str
        The possible ones: fewer than needed.
    barred, closed, full : tuple of str
        Other jurors: with a conflict, closed, or at their limit by their kept pairs.
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
    """Need of an application: so many jurors of a side, or of all sides together (None)."""

    application: str
    side: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Room:
    """Remaining room of a juror: so many more, of `most`."""

    juror: str
    left: int
    most: int


@dataclass(frozen=True, slots=True)
class TooMuch:
    """Applications that together need more reviews than their possible jurors can do.

    Parameters
    ----------
    needs : tuple of Need
        Sorted by application.
    limits : tuple of Room
        The jurors whose limit binds. Each further review by any of them reduces `missing` by one.
    beside : int
        Reviews that others, whose limits do not bind, can do at most.
    missing : int
        The reviews needed, minus the room within limits, minus the reviews that others can do;
        above 0.
    """

    needs: tuple[Need, ...]
    limits: tuple[Room, ...]
    beside: int
    missing: int


@dataclass(frozen=True, slots=True)
class Impossible:
    """There is no assignment, and why: each reason has to be dealt with."""

    reasons: tuple[NoRoom | TooFew | TooMuch, ...]
