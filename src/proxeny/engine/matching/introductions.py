"""The best set of introductions between two lists, when nobody can meet everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from proxeny.engine.matching.model import Matches

__all__ = [
    "Candidate",
    "Introductions",
    "LeftOut",
    "Short",
    "choose_introductions",
    "pair_candidates",
]

type Side = Literal["left", "right"]

# Scores are compared in steps of this part of 1.
_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that could be introduced, and what that is worth (at least 0, at most 1)."""

    left: int
    right: int
    score: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Member without introduction, and the reason.

    Parameters
    ----------
    code : str
        `no_candidate`: nobody fits. `no_room`: the member's own cap is 0. `others_first`: the
        fitting members are full with introductions that are worth more in all.
    """

    side: Side
    member: int
    code: Literal["no_candidate", "no_room", "others_first"]


@dataclass(frozen=True, slots=True)
class Short:
    """Member that cannot have its promised minimum.

    Parameters
    ----------
    code : str
        `cap_below`: promised more than its own cap. `too_few_candidates`: fewer fit than were
        promised. `others_full`: enough fit, but all promises cannot be kept together; which
        members fall short then is one choice of several.
    promised, possible : int
        The requested minimum, and the number it gets when as many promises as possible are kept.
    """

    side: Side
    member: int
    code: Literal["cap_below", "too_few_candidates", "others_full"]
    promised: int
    possible: int


@dataclass(frozen=True, slots=True)
class Introductions:
    """Result of `choose_introductions`.

    Parameters
    ----------
    status : {"optimal", "empty", "infeasible"}
        `optimal`: no set within the caps is worth more. `empty`: there is nothing to introduce;
        `reason` says why. `infeasible`: not all promises can be kept; see `short`.
    pairs : tuple of Candidate
        Sorted by left and right member.
    value : float
        Sum of the scores.
    reason : str
        For `empty`: `no_candidates` or `no_room` (caps leave no place); else empty.
    """

    status: Literal["optimal", "empty", "infeasible"]
    pairs: tuple[Candidate, ...] = ()
    value: float = 0.0
    reason: Literal["", "no_candidates", "no_room"] = ""
    left_out: tuple[LeftOut, ...] = ()
    short: tuple[Short, ...] = ()


def choose_introductions(
    candidates: Sequence[Candidate],
    *,
    left: Mapping[int, int],
    right: Mapping[int, int],
    least_left: Mapping[int, int] | None = None,
    least_right: Mapping[int, int] | None = None,
    most: int | None = None,
) -> Introductions:
    """Choose the introductions with the highest total worth, exactly.

    Parameters
    ----------
    candidates : sequence of Candidate
        Each pair once.
    left, right : mapping of int to int
        Every member of a side with the most introductions it takes, at least 0.
    least_left, least_right : mapping of int to int, optional
        The promised minimum of some members.
    most : int, optional
        Most introductions in all.

    Returns
    -------
    Introductions
        Exact to a millionth of a score per pair.

    Raises
    ------
    ValueError
        On a duplicate pair or one with a member of neither side, a score that is not between 0 and
        1, or a negative number.

    Notes
    -----
    A flow of least cost, one unit per introduction (Ahuja, Magnanti and Orlin, "Network flows",
    1993, chapter 9), by the cost-scaling push-relabel method of OR-tools. A promise is an arc that
    pays more than all scores together; so as many as possible are kept, and a broken one shows that
    not all can be kept.

    Examples
    --------
    >>> pairs = [Candidate(0, 7, 0.9), Candidate(0, 8, 0.8), Candidate(1, 7, 0.8)]
    >>> found = choose_introductions(pairs, left={0: 1, 1: 1}, right={7: 1, 8: 1})
    >>> [(one.left, one.right) for one in found.pairs]
    [(0, 8), (1, 7)]
    """
    least_left, least_right = least_left or {}, least_right or {}
    _check(candidates, left, right)
    _check_least(least_left, left, "least_left")
    _check_least(least_right, right, "least_right")
    if most is not None and most < 0:
        raise ValueError("most: must not be negative")
    if not candidates and not any((*least_left.values(), *least_right.values())):
        return Introductions(
            "empty", reason="no_candidates", left_out=_left_out((), (), left, right)
        )
    network = _Network(candidates, left, right, least_left, least_right, most)
    pairs = network.solve()
    short = (
        *_short("left", pairs, candidates, left, least_left),
        *_short("right", pairs, candidates, right, least_right),
    )
    left_out = _left_out(pairs, candidates, left, right)
    if short:
        return Introductions("infeasible", left_out=left_out, short=short)
    if not pairs:
        return Introductions("empty", reason="no_room", left_out=left_out)
    value = sum(one.score for one in pairs)
    return Introductions("optimal", pairs=pairs, value=value, left_out=left_out)


def pair_candidates(one: Matches, other: Matches) -> tuple[Candidate, ...]:
    """Join the matches of two lists with each other into candidates.

    Parameters
    ----------
    one, other : Matches
        Of the left members among the right ones, and the reverse.

    Returns
    -------
    tuple of Candidate
        Each pair that one of both proposed, with half the sum of the two scores, each as a share of
        the highest of its list of matches; a side that did not propose it counts 0.
    """
    scores: dict[tuple[int, int], float] = {}
    for matches, turned in ((one, False), (other, True)):
        rows, places = np.nonzero(matches.targets >= 0)
        share = matches.scores / max(float(matches.scores.max(initial=0.0)), 1e-12)
        for row, place in zip(rows, places, strict=True):
            pair = int(matches.sources[row]), int(matches.targets[row, place])
            key = (pair[1], pair[0]) if turned else pair
            scores[key] = scores.get(key, 0.0) + float(share[row, place]) / 2
    return tuple(Candidate(*pair, min(1.0, score)) for pair, score in sorted(scores.items()))


def _check(
    candidates: Sequence[Candidate], left: Mapping[int, int], right: Mapping[int, int]
) -> None:
    for name, caps in (("left", left), ("right", right)):
        if any(cap < 0 for cap in caps.values()):
            raise ValueError(f"{name}: a cap must not be negative")
    seen = set()
    for number, one in enumerate(candidates, 1):
        if one.left not in left or one.right not in right:
            raise ValueError(f"candidates: pair {number} names a member of neither side")
        if not 0 <= one.score <= 1:
            raise ValueError(f"candidates: the score of pair {number} is not between 0 and 1")
        if (one.left, one.right) in seen:
            raise ValueError(f"candidates: pair {number} stands there twice")
        seen.add((one.left, one.right))


def _check_least(least: Mapping[int, int], caps: Mapping[int, int], name: str) -> None:
    for member, number in least.items():
        if member not in caps:
            raise ValueError(f"{name}: member {member} is not on this side")
        if number < 0:
            raise ValueError(f"{name}: must not be negative")


class _Network:
    """Source, left members, right members, sink; a unit of flow is an introduction."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        left: Mapping[int, int],
        right: Mapping[int, int],
        least_left: Mapping[int, int],
        least_right: Mapping[int, int],
        most: int | None,
    ) -> None:
        self.candidates = sorted(candidates, key=lambda one: (one.left, one.right))
        # A cap beyond the number of pairs says nothing more, and would only stretch the numbers.
        self.amount = min(sum(left.values()), sum(right.values()), len(candidates))
        if most is not None:
            self.amount = min(self.amount, most)
        self.promise = (self.amount + 1) * _STEPS
        nodes = {("left", member): 2 + i for i, member in enumerate(left)}
        nodes |= {("right", member): 2 + len(left) + i for i, member in enumerate(right)}
        self.arcs: list[tuple[int, int, int, int]] = [
            (nodes["left", one.left], nodes["right", one.right], 1, -round(one.score * _STEPS))
            for one in self.candidates
        ]
        for member, cap in left.items():
            self._add_member(0, nodes["left", member], cap, least_left.get(member, 0))
        for member, cap in right.items():
            self._add_member(nodes["right", member], 1, cap, least_right.get(member, 0))
        # The rest of the flow bypasses all introductions.
        self.arcs.append((0, 1, self.amount, 0))

    def _add_member(self, tail: int, head: int, cap: int, least: int) -> None:
        promised = min(cap, least, self.amount)
        rest = min(cap, self.amount) - promised
        self.arcs += [
            (tail, head, number, cost)
            for number, cost in ((promised, -self.promise), (rest, 0))
            if number
        ]

    def solve(self) -> tuple[Candidate, ...]:
        """Return the pairs that flow goes through."""
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs: NDArray[np.int64] = np.array(self.arcs, dtype=np.int64)
        numbers = flow.add_arcs_with_capacity_and_unit_cost(
            arcs[:, 0].astype(np.int32), arcs[:, 1].astype(np.int32), arcs[:, 2], arcs[:, 3]
        )
        flow.set_node_supply(0, self.amount)
        flow.set_node_supply(1, -self.amount)
        status = flow.solve()
        if status != flow.OPTIMAL:
            raise ValueError(f"candidates: the flow could not be solved ({status.name})")
        used = flow.flows(numbers[: len(self.candidates)])
        return tuple(one for one, units in zip(self.candidates, used, strict=True) if units > 0)


def _count(side: Side, pairs: Sequence[Candidate]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for one in pairs:
        member = one.left if side == "left" else one.right
        counts[member] = counts.get(member, 0) + 1
    return counts


def _short(
    side: Side,
    pairs: Sequence[Candidate],
    candidates: Sequence[Candidate],
    caps: Mapping[int, int],
    least: Mapping[int, int],
) -> list[Short]:
    got, could = _count(side, pairs), _count(side, candidates)
    found = []
    for member, promised in sorted(least.items()):
        if got.get(member, 0) >= promised:
            continue
        code: Literal["cap_below", "too_few_candidates", "others_full"] = "others_full"
        if caps[member] < promised:
            code = "cap_below"
        elif could.get(member, 0) < promised:
            code = "too_few_candidates"
        found.append(Short(side, member, code, promised, got.get(member, 0)))
    return found


def _left_out(
    pairs: Sequence[Candidate],
    candidates: Sequence[Candidate],
    left: Mapping[int, int],
    right: Mapping[int, int],
) -> tuple[LeftOut, ...]:
    found = []
    sides: tuple[tuple[Side, Mapping[int, int]], ...] = (("left", left), ("right", right))
    for side, caps in sides:
        got, could = _count(side, pairs), _count(side, candidates)
        for member in sorted(set(caps) - set(got)):
            code: Literal["no_candidate", "no_room", "others_first"] = "others_first"
            if caps[member] == 0:
                code = "no_room"
            elif member not in could:
                code = "no_candidate"
            found.append(LeftOut(side, member, code))
    return tuple(found)
