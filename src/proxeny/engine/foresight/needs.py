"""Trend, need, call: where they meet, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from proxeny.engine._checks import check_distinct
from proxeny.engine.foresight.courses import State

__all__ = ["Call", "Cell", "GapKind", "Side", "Statement", "Trended", "Weights", "needs_table"]

type Side = Literal["a", "b"]
type GapKind = Literal["unmet_need", "need_without_call", "call_without_need", "trend_alone"]


@dataclass(frozen=True, slots=True)
class Trended:
    """A topic with the state of its course."""

    topic: str
    state: State


@dataclass(frozen=True, slots=True)
class Statement:
    """A need or an offer of a member.

    Parameters
    ----------
    key : int
        Distinct among needs, or among offers.
    owner : int
    side : {"a", "b"}
        Whose member the owner is.
    topics : tuple of str
        What it is about.
    """

    key: int
    owner: int
    side: Side
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An open call and what it is about."""

    key: int
    topics: tuple[str, ...]


def _by_kind() -> Mapping[GapKind, float]:
    return {"unmet_need": 3, "need_without_call": 2, "call_without_need": 1.5, "trend_alone": 1}


def _by_state() -> Mapping[State, float]:
    return {"emerging": 2, "steady": 1, "too_few": 1, "declining": 0.5}


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a gap's size, besides the number of members concerned; above 0.

    Parameters
    ----------
    kind : mapping of GapKind to float
        An unmet need weighs most, a trend that concerns nobody yet least.
    state : mapping of State to float
        Double for emerging topics, half for declining ones.
    """

    kind: Mapping[GapKind, float] = field(default_factory=_by_kind)
    state: Mapping[State, float] = field(default_factory=_by_state)

    def __post_init__(self) -> None:
        missing = (_by_kind().keys() - self.kind.keys()) | (_by_state().keys() - self.state.keys())
        if missing:
            raise ValueError(f"weights: {min(missing)!r} has none")
        for name, weight in (*self.kind.items(), *self.state.items()):
            if not weight > 0:
                raise ValueError(f"weights: {name!r}: {weight} is not above 0")


@dataclass(frozen=True, slots=True)
class Cell:
    """Row of a topic in the table.

    Parameters
    ----------
    topic : str
    state : State
    needs_a, needs_b, offers_a, offers_b, calls : tuple of int
        Keys, in ascending order.
    members_a, members_b, members : int
        The number with such a need; a member of both is counted once in `members`.
    gap : GapKind, optional
        - `unmet_need`: members need it; no call is open, and there is no offer on the other
          side of a member that needs it.
        - `need_without_call`: members need it and the other side offers; no call is open.
        - `call_without_need`: a call is open; no member has announced a need.
        - `trend_alone`: it emerges; neither need nor call.
        - None: members need it and a call is open; or nothing is there, and it does not emerge.
    size : float
        Of the gap: members that need it (a call without need: open calls; a trend alone: 1), times
        the weights of kind and state; 0 without a gap.
    """

    topic: str
    state: State
    needs_a: tuple[int, ...]
    needs_b: tuple[int, ...]
    offers_a: tuple[int, ...]
    offers_b: tuple[int, ...]
    calls: tuple[int, ...]
    members_a: int
    members_b: int
    members: int
    gap: GapKind | None
    size: float


@dataclass(slots=True)
class _Row:
    needs: dict[str, list[Statement]] = field(default_factory=lambda: {"a": [], "b": []})
    offers: dict[str, list[Statement]] = field(default_factory=lambda: {"a": [], "b": []})
    calls: list[int] = field(default_factory=list)


def needs_table(
    trends: Sequence[Trended],
    needs: Sequence[Statement],
    calls: Sequence[Call],
    *,
    offers: Sequence[Statement] = (),
    weights: Weights | None = None,
) -> tuple[Cell, ...]:
    """Set trends against what members of two clusters need and offer, and against open calls.

    Parameters
    ----------
    trends : sequence of Trended
        The rows; topics that others name and that are not here are left out.
    needs : sequence of Statement
    calls : sequence of Call
        Open ones.
    offers : sequence of Statement
    weights : Weights, optional

    Returns
    -------
    tuple of Cell
        Gaps first, the largest first, then by how many members need it, calls, and topic.

    Raises
    ------
    ValueError
        On two with the same key or a side that is none.

    Notes
    -----
    Linear in trends and all topics named, but for sorting.
    """
    check_distinct("trends", (one.topic for one in trends))
    check_distinct("needs", (one.key for one in needs))
    check_distinct("offers", (one.key for one in offers))
    check_distinct("calls", (one.key for one in calls))
    rows = {one.topic: _Row() for one in trends}
    for name, statements in (("needs", needs), ("offers", offers)):
        for one in statements:
            if one.side not in ("a", "b"):
                raise ValueError(f"{name}: {one.key}: side: {one.side!r} is neither 'a' nor 'b'")
            for row in _named(rows, one.topics):
                getattr(row, name)[one.side].append(one)
    for call in calls:
        for row in _named(rows, call.topics):
            row.calls.append(call.key)
    cells = [_cell(one, rows[one.topic], weights or Weights()) for one in trends]
    cells.sort(key=lambda c: (c.gap is None, -c.size, -c.members, -len(c.calls), c.topic))
    return tuple(cells)


def _named(rows: Mapping[str, _Row], topics: Iterable[str]) -> list[_Row]:
    return [rows[topic] for topic in dict.fromkeys(topics) if topic in rows]


def _cell(trend: Trended, row: _Row, weights: Weights) -> Cell:
    asking = {side: {one.owner for one in some} for side, some in row.needs.items()}
    members = asking["a"] | asking["b"]
    gap = _gap(trend.state, row)
    concerned = {"call_without_need": len(row.calls), "trend_alone": 1}.get(gap or "", len(members))
    size = 0.0 if gap is None else weights.kind[gap] * weights.state[trend.state] * concerned
    return Cell(
        trend.topic,
        trend.state,
        _keys(row.needs["a"]),
        _keys(row.needs["b"]),
        _keys(row.offers["a"]),
        _keys(row.offers["b"]),
        tuple(sorted(row.calls)),
        len(asking["a"]),
        len(asking["b"]),
        len(members),
        gap,
        size,
    )


def _gap(state: State, row: _Row) -> GapKind | None:
    needs, offers = row.needs, row.offers
    if needs["a"] or needs["b"]:
        if row.calls:
            return None
        met = (needs["a"] and offers["b"]) or (needs["b"] and offers["a"])
        return "need_without_call" if met else "unmet_need"
    if row.calls:
        return "call_without_need"
    return "trend_alone" if state == "emerging" else None


def _keys(statements: Sequence[Statement]) -> tuple[int, ...]:
    return tuple(sorted(one.key for one in statements))
