"""The budget of a joint project: what each partner spends on each part, and what it may ask for.

All sums are whole minor units of one currency (cents), so that totals add up exactly whichever way
one reads the table: every total is a sum of cells, and a cell is rounded once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

from proxeny.engine._checks import check_distinct

__all__ = ["DIRECT", "WITH_OVERHEAD", "Budget", "Cell", "Line", "Part", "add_up"]

#: Direct costs in money, other than personnel costs.
DIRECT = ("subcontracting", "travel", "equipment", "goods")
#: Those on which indirect costs are reckoned: all but subcontracting (Horizon Europe, model grant
#: agreement, article 6.2.E).
WITH_OVERHEAD = ("people", "travel", "equipment", "goods")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One partner's figures.

    Parameters
    ----------
    key : str
    rate : int
        What a month of its people costs, in minor units.
    percent : Decimal
        The part of its costs that it may ask for, 0 to 100.
    request : int, optional
        What it asks for instead, in minor units.
    """

    key: str
    rate: int = 0
    percent: Decimal = Decimal(100)
    request: int | None = None

    def __post_init__(self) -> None:
        name = f"line {self.key!r}"
        if self.rate < 0:
            raise ValueError(f"{name}: rate: {self.rate} is below 0")
        _check_percent(f"{name}: percent", self.percent)
        if self.request is not None and self.request < 0:
            raise ValueError(f"{name}: request: {self.request} is below 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Contribution of one partner to one part: person-months, and minor units by category.

    Parameters
    ----------
    months : Decimal
        Person-months, at least 0.
    direct : mapping of str to int
        By category of `DIRECT`, at least 0.
    """

    line: str
    package: str
    months: Decimal = Decimal(0)
    direct: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = f"part {self.line!r} {self.package!r}"
        if not self.months.is_finite() or self.months < 0:
            raise ValueError(f"{name}: months: {self.months} is no number from 0 on")
        for category, amount in self.direct.items():
            if category not in DIRECT:
                raise ValueError(f"{name}: {category!r} is none of {', '.join(DIRECT)}")
            if amount < 0:
                raise ValueError(f"{name}: {category}: {amount} is below 0")


@dataclass(frozen=True, slots=True)
class Cell:
    """Sums of some costs, in minor units; `months` are person-months."""

    months: Decimal = Decimal(0)
    people: int = 0
    subcontracting: int = 0
    travel: int = 0
    equipment: int = 0
    goods: int = 0
    indirect: int = 0

    @property
    def total(self) -> int:
        """All costs."""
        return (
            self.people
            + self.subcontracting
            + self.travel
            + self.equipment
            + self.goods
            + self.indirect
        )

    def __add__(self, other: "Cell") -> "Cell":
        """Return the sums of both."""
        return Cell(*(getattr(self, one) + getattr(other, one) for one in Cell.__slots__))


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget that adds up.

    Parameters
    ----------
    cells : mapping of (str, str) to Cell
        By partner and part; those that hold nothing are left out.
    lines, packages : mapping of str to Cell
        Each partner's, and each part's.
    total : Cell
    offered : mapping of str to int
        What each partner may ask for by its percent, rounded down.
    requests : mapping of str to int
        What each asks for: that, or what it says instead.
    """

    cells: Mapping[tuple[str, str], Cell]
    lines: Mapping[str, Cell]
    packages: Mapping[str, Cell]
    total: Cell
    offered: Mapping[str, int]
    requests: Mapping[str, int]

    @property
    def request(self) -> int:
        """The total requested by all partners."""
        return sum(self.requests.values())

    def own(self, line: str) -> int:
        """Return what a partner pays by itself; below 0 if it asks for more than it costs."""
        return self.lines[line].total - self.requests[line]


def add_up(
    lines: Sequence[Line], packages: Sequence[str], parts: Sequence[Part], *, overhead: Decimal
) -> Budget:
    """Add a budget up.

    Parameters
    ----------
    lines : sequence of Line
        The partners, each key once.
    packages : sequence of str
        The parts of the work, each once.
    parts : sequence of Part
        Each pair of partner and part once at most.
    overhead : Decimal
        Indirect costs in percent of `WITH_OVERHEAD`.

    Returns
    -------
    Budget

    Raises
    ------
    ValueError
        On a duplicate or unknown partner, part or pair, or an overhead out of range; the message
        names it.

    Notes
    -----
    The costs of people and the indirect costs of a cell are rounded half up to a minor unit, and
    nothing after that: a row's and a column's totals are sums of the same whole numbers.

    Examples
    --------
    >>> budget = add_up(
    ...     [Line(key="athens", rate=500_000), Line(key="paris", rate=700_000, percent=Decimal(70))],
    ...     ["1", "2"],
    ...     [Part(line="athens", package="1", months=Decimal(6), direct={"travel": 200_000}),
    ...      Part(line="paris", package="2", months=Decimal("2.5"))],
    ...     overhead=Decimal(25),
    ... )
    >>> budget.lines["athens"].total, budget.packages["2"].total, budget.total.total
    (4000000, 2187500, 6187500)
    >>> budget.requests["paris"], budget.own("paris")
    (1531250, 656250)
    """
    _check_percent("overhead", overhead)
    check_distinct("lines", (one.key for one in lines))
    check_distinct("packages", packages)
    by_key = {one.key: one for one in lines}
    rows, columns = dict.fromkeys(by_key, Cell()), dict.fromkeys(packages, Cell())
    cells: dict[tuple[str, str], Cell] = {}
    for one in parts:
        place, name = (one.line, one.package), f"part {one.line!r} {one.package!r}"
        if one.line not in rows or one.package not in columns:
            raise ValueError(f"{name}: there is no such line or package")
        if place in cells:
            raise ValueError(f"{name}: stands twice")
        cells[place] = _cell(one, by_key[one.line].rate, overhead)
        rows[one.line] += cells[place]
        columns[one.package] += cells[place]
    offered = {
        key: floor(cell.total * Fraction(by_key[key].percent) / 100) for key, cell in rows.items()
    }
    requests = {
        key: most if (said := by_key[key].request) is None else said
        for key, most in offered.items()
    }
    filled = {key: cell for key, cell in cells.items() if cell != Cell()}
    return Budget(filled, rows, columns, sum(rows.values(), Cell()), offered, requests)


def _cell(part: Part, rate: int, overhead: Decimal) -> Cell:
    direct = {name: part.direct.get(name, 0) for name in DIRECT}
    people = _half_up(Fraction(part.months) * rate)
    base = people + sum(direct[name] for name in DIRECT if name in WITH_OVERHEAD)
    return Cell(part.months, people, **direct, indirect=_half_up(base * Fraction(overhead) / 100))


def _half_up(amount: Fraction) -> int:
    """Return whole minor units, exactly: no context of decimals has a part in it."""
    return floor(amount + Fraction(1, 2))


def _check_percent(name: str, value: Decimal) -> None:
    if not value.is_finite() or not 0 <= value <= 100:
        raise ValueError(f"{name}: {value} is not from 0 to 100")
