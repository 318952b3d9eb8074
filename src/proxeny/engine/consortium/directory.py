"""Organisations to choose from, and what a consortium of them is wanted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from proxeny.engine._checks import check_distinct, check_whole
from proxeny.engine.consortium.model import Participant, Role
from proxeny.engine.consortium.rules import Call

__all__ = ["MOST_LEVEL", "Need", "Organisation", "Relation", "Weights", "Wish"]

#: The highest level of covering a need, and of a relation.
MOST_LEVEL = 3
_MOST_WORTH = 1_000_000
_DEMANDS = ("members", "request_most", "coordinator", "keep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Topic of the call or a work package that members have to cover.

    Parameters
    ----------
    key : str
    kind : {"topic", "work_package"}
        Returned unchanged.
    weight : int
        The worth of each level of the member that covers it best, at least 0.
    least : int
        The number of members that have to cover it at any level; 0 makes it optional.
    """

    key: str
    kind: Literal["topic", "work_package"] = "topic"
    weight: int = 100
    least: int = 0

    def __post_init__(self) -> None:
        check_whole(f"need {self.key!r}: weight", self.weight, _MOST_WORTH)
        check_whole(f"need {self.key!r}: least", self.least, _MOST_WORTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One of the directory, as it would take part.

    Parameters
    ----------
    key, country, role, kind, group, side, tags, sme, nonprofit
        As of a `Participant`.
    covers : mapping of str to int
        Needs by key, with a level from 1 (some) to 3 (leading).
    fit : int
        What it is worth by itself, e.g. how well its text matches the call's; 0 to 1000 by custom.
    cost, request : int, optional
        In minor units, if it takes part.
    own_most : int, optional
        The most that it can pay by itself.
    free_bids : int, optional
        How many more bids it can carry; None if that does not matter.
    can_coordinate : bool

    Raises
    ------
    ValueError
        On a level, fit or sum out of range; the message names the organisation and the field.
    """

    key: str
    country: str
    role: Role = "beneficiary"
    kind: str = ""
    group: str = ""
    side: str = ""
    tags: frozenset[str] = frozenset()
    sme: bool = False
    nonprofit: bool = False
    covers: Mapping[str, int] = field(default_factory=dict)
    fit: int = 0
    cost: int | None = None
    request: int | None = None
    own_most: int | None = None
    free_bids: int | None = None
    can_coordinate: bool = False

    def __post_init__(self) -> None:
        name = f"organisation {self.key!r}"
        check_whole(f"{name}: fit", self.fit, _MOST_WORTH)
        for key, level in self.covers.items():
            check_whole(f"{name}: covers[{key!r}]", level, MOST_LEVEL)
        for field_ in ("cost", "request", "own_most", "free_bids"):
            value = getattr(self, field_)
            if value is not None:
                check_whole(f"{name}: {field_}", value, 10**15)

    def as_participant(self, *, coordinator: bool = False) -> Participant:
        """Return it as one that takes part."""
        return Participant(
            key=self.key,
            country=self.country,
            role=self.role,
            kind=self.kind,
            group=self.group,
            side=self.side,
            tags=self.tags,
            sme=self.sme,
            nonprofit=self.nonprofit,
            coordinator=coordinator,
            cost=self.cost,
            request=self.request,
        )


@dataclass(frozen=True, slots=True)
class Relation:
    """Two that know each other, from 1 (have met) to 3 (work together)."""

    one: str
    other: str
    level: int = 1

    def __post_init__(self) -> None:
        check_whole(f"relation {self.one!r} {self.other!r}: level", self.level, MOST_LEVEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights of the parts of a consortium's worth, next to the needs' own weights.

    Parameters
    ----------
    fit : int
        Each point of a member's fit.
    relation : int
        Each level of the strongest relation that a member has to another one.
    balance : int
        The cost of each member that the largest side has more than the smallest.
    member : int
        The cost of each member: coordination, reporting.
    """

    fit: int = 1
    relation: int = 60
    balance: int = 50
    member: int = 300

    def __post_init__(self) -> None:
        for name in ("fit", "relation", "balance", "member"):
            check_whole(name, getattr(self, name), _MOST_WORTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Wanted consortium.

    Parameters
    ----------
    call : Call
        Its rules have to be met.
    needs : sequence of Need
    least_members, most_members : int
        The range of the size, kept members included.
    sides : mapping of str to int
        The sides to balance, with the least members of each.
    request_most : int, optional
        The most that all together may request, in minor units.
    keep, without : sequence of str
        Keys that have to be in it, or must not be.
    needs_coordinator : bool
        Whether a possible coordinator has to be in it.
    count : int
        The number of proposals, at least 1.
    differ_by : int
        The least number of members by which each proposal differs from each better one, at least 1.
    weights : Weights

    Raises
    ------
    ValueError
        On a number out of range, two needs of one key, or a rule with the name of a demand of the
        wish; the message names the field.
    """

    call: Call
    needs: Sequence[Need] = ()
    least_members: int = 3
    most_members: int = 12
    sides: Mapping[str, int] = field(default_factory=dict)
    request_most: int | None = None
    keep: Sequence[str] = ()
    without: Sequence[str] = ()
    needs_coordinator: bool = False
    count: int = 10
    differ_by: int = 1
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        check_whole("most_members", self.most_members, 100, least=1)
        check_whole("least_members", self.least_members, self.most_members)
        check_whole("count", self.count, 100, least=1)
        check_whole("differ_by", self.differ_by, 100, least=1)
        check_distinct("needs", (need.key for need in self.needs))
        for rule in self.call.rules:
            if rule.key in _DEMANDS or rule.key.startswith(("side:", "need:")):
                raise ValueError(f"rule {rule.key!r}: key: a demand of the wish is called so")
