"""From what people asked for to the meetings worth placing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from proxeny.engine.agenda.model import Meeting, Participant

__all__ = ["GroupRule", "MeetingPlan", "Refused", "Request", "Weights", "meetings_from_requests"]

type Kind = Literal["must", "wish", "no-thanks"]

KINDS = ("must", "wish", "no-thanks")


@dataclass(frozen=True, slots=True)
class Request:
    """Request of `source` about meeting `target` (indices of participants)."""

    source: int
    target: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Rule on whether members of one group may ask for those of another; the direction counts."""

    source_group: str
    target_group: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """Values of requests.

    Parameters
    ----------
    must, wish : int
        Worth of one request; a `must` should outweigh a `wish`.
    mutual : int
        Added where both sides asked.
    side : dict of str to int
        Factor for requests that come from a group (1 where absent).
    met_before_percent : int or None
        Share of the worth left for pairs that met before; None refuses them.
    """

    must: int = 10
    wish: int = 3
    mutual: int = 5
    side: dict[str, int] = field(default_factory=dict)
    met_before_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A pair that was asked for and does not become a meeting."""

    pair: tuple[int, int]
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """Meetings to place (none required, each with its value), and pairs refused."""

    meetings: tuple[Meeting, ...]
    refused: tuple[Refused, ...]


def meetings_from_requests(
    participants: Sequence[Participant],
    requests: Iterable[Request],
    *,
    rules: Iterable[GroupRule] = (),
    weights: Weights | None = None,
    met_before: Iterable[tuple[int, int]] = (),
) -> MeetingPlan:
    """Combine one-sided requests into meetings with a value.

    Parameters
    ----------
    participants : sequence of Participant
    requests : iterable of Request
        A later request of the same source and target replaces an earlier one.
    rules : iterable of GroupRule
        Without a rule for a direction it is allowed. A request in a forbidden direction does not
        count; the pair still meets if the other direction was asked for and is allowed.
    weights : Weights, optional
    met_before : iterable of (int, int)
        Pairs, in any order, that have met already.

    Returns
    -------
    MeetingPlan
        Meetings in the order of the pairs; one `no-thanks` refuses the pair for good.

    Raises
    ------
    ValueError
        On an unknown participant or kind, a request to itself, or weights that contradict the order
        must > wish > 0.
    """
    weights = weights or Weights()
    _check_weights(weights)
    asked = _latest_by_pair(participants, requests)
    allowed = {(rule.source_group, rule.target_group): rule.allowed for rule in rules}
    met = {(min(pair), max(pair)) for pair in met_before}
    meetings: list[Meeting] = []
    refused: list[Refused] = []
    for pair in sorted(asked):
        outcome = _judge_pair(participants, pair, asked[pair], allowed, weights, pair in met)
        if isinstance(outcome, Meeting):
            meetings.append(outcome)
        elif outcome is not None:
            refused.append(outcome)
    return MeetingPlan(tuple(meetings), tuple(refused))


def _check_weights(weights: Weights) -> None:
    if not 0 < weights.wish < weights.must:
        raise ValueError("weights: must has to be worth more than wish, and wish more than 0")
    if weights.mutual < 0 or any(factor < 0 for factor in weights.side.values()):
        raise ValueError("weights: mutual and side must not be negative")
    if weights.met_before_percent is not None and not 0 <= weights.met_before_percent <= 100:
        raise ValueError("weights: met_before_percent must be from 0 to 100")


def _latest_by_pair(
    participants: Sequence[Participant], requests: Iterable[Request]
) -> dict[tuple[int, int], dict[int, Kind]]:
    asked: dict[tuple[int, int], dict[int, Kind]] = {}
    for row, request in enumerate(requests, 1):
        for index in (request.source, request.target):
            if not 0 <= index < len(participants):
                raise ValueError(f"requests, row {row}: participant {index + 1} does not exist")
        if request.source == request.target:
            raise ValueError(f"requests, row {row}: a participant cannot ask for itself")
        if request.kind not in KINDS:
            raise ValueError(f"requests, row {row}: kind must be one of {', '.join(KINDS)}")
        pair = (min(request.source, request.target), max(request.source, request.target))
        asked.setdefault(pair, {})[request.source] = request.kind
    return asked


def _judge_pair(
    participants: Sequence[Participant],
    pair: tuple[int, int],
    kinds: dict[int, Kind],
    allowed: dict[tuple[str, str], bool],
    weights: Weights,
    met: bool,
) -> Meeting | Refused | None:
    if "no-thanks" in kinds.values():
        # A participant without requests has nothing refused.
        if set(kinds.values()) == {"no-thanks"}:
            return None
        return Refused(pair, "no-thanks", "One of the two does not want this meeting.")
    counted = {
        source: kind
        for source, kind in kinds.items()
        if allowed.get(_direction(participants, pair, source), True)
    }
    if not counted:
        return Refused(pair, "group-rule", "The event's rules do not let these groups meet.")
    if met and weights.met_before_percent is None:
        return Refused(pair, "met-before", "These two have met already.")
    worth = {"must": weights.must, "wish": weights.wish}
    value = sum(
        worth[kind] * weights.side.get(participants[source].group, 1)
        for source, kind in counted.items()
    )
    value += weights.mutual if len(counted) == 2 else 0
    if met and weights.met_before_percent is not None:
        value = value * weights.met_before_percent // 100
    return Meeting(parties=pair, value=value, required=False)


def _direction(
    participants: Sequence[Participant], pair: tuple[int, int], source: int
) -> tuple[str, str]:
    target = pair[1] if source == pair[0] else pair[0]
    return participants[source].group, participants[target].group
