"""Participants of a bid, and the results of checking the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from proxeny.engine.consortium.rules import Rule

__all__ = ["ROLES", "Doubt", "Gap", "Participant", "Report", "Role", "Verdict", "Who"]

type Role = Literal["beneficiary", "affiliated_entity", "associated_partner", "subcontractor"]
ROLES: tuple[str, ...] = get_args(Role.__value__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Participant of a bid.

    Parameters
    ----------
    key : str
        The caller's key for it, unique among participants.
    country : str
        ISO 3166-1 alpha-2, or `EL`, `UK`; `INT` for a body that counts as a country of its own (the
        Joint Research Centre, an international European research organisation).
    role : {"beneficiary", "affiliated_entity", "associated_partner", "subcontractor"}
    kind : str
        The caller's word for its type, e.g. `university`.
    group : str
        The controlling entity, as far as control makes entities dependent on each other: the same
        for all of one group. Empty: none. A common public owner or investor alone is no group.
    side : str
        The cluster it comes from; empty if none.
    tags : frozenset of str
        Other facts that rules require, e.g. `cluster`.
    sme, nonprofit, coordinator : bool
    cost, request : int, optional
        Its cost in the project and its requested amount, in minor units of one currency; None if
        not known yet.

    Raises
    ------
    ValueError
        On an unknown role, a sum below 0, or a coordinator that is no beneficiary; the message
        names the participant, the field and the value.
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
    coordinator: bool = False
    cost: int | None = None
    request: int | None = None

    def __post_init__(self) -> None:
        name = f"participant {self.key!r}"
        if self.role not in ROLES:
            raise ValueError(f"{name}: role: {self.role!r} is none of {', '.join(ROLES)}")
        for field_, sum_ in (("cost", self.cost), ("request", self.request)):
            if sum_ is not None and sum_ < 0:
                raise ValueError(f"{name}: {field_}: {sum_} is below 0")
        if self.coordinator and self.role != "beneficiary":
            raise ValueError(f"{name}: coordinator: only a beneficiary coordinates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Participants that a rule means; an empty or None field sets no condition.

    Parameters
    ----------
    statuses : frozenset of str
        One of these is the status of its country in the programme on the day.
    programme : str
        The programme whose statuses are meant, if it is not the call's.
    tags : frozenset of str
        One of these.
    paid : bool, optional
        Whether it requests money; in doubt if its request is not known.
    """

    roles: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    programme: str = ""
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    sme: bool | None = None
    coordinator: bool | None = None
    paid: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Exact gap: what is missing, or too much.

    Parameters
    ----------
    code : str
        `participants`: `count` more such as `who` says are needed, each of them independent of
        `independent_of` and in another country than `outside` if these are given. `countries`:
        `count` more different countries. `too_many`: so many of `participants` too many.
        `too_many_countries`. `not_allowed`: `participants` are not what they have to be, which is
        `who`. `too_little`, `too_much`: an `amount` in minor units, of `place` alone if it is
        given. `rate`: `participants`, one in each gap, request an `amount` too much for their cost.
    """

    code: Literal[
        "participants",
        "countries",
        "too_many",
        "too_many_countries",
        "not_allowed",
        "too_little",
        "too_much",
        "rate",
    ]
    count: int = 0
    who: Who | None = None
    outside: tuple[str, ...] = ()
    independent_of: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    place: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Reason why a verdict is uncertain.

    Parameters
    ----------
    code : str
        `no_country`: there is no such country as `value`. `status`: the table is not sure of the
        country `value`, or it depends on the part of the programme, which was not given. `figures`:
        a sum is not known. `rule`: the source of the rule is not the original.
    """

    code: Literal["no_country", "status", "figures", "rule"]
    participant: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Verdict of a rule on a bid.

    Parameters
    ----------
    status : {"met", "broken", "unknown"}
        `unknown`: it is met or broken depending on the doubts; its gaps are those of the worse
        case.
    gaps : tuple of Gap
        The gaps; none if it is met.
    doubts : tuple of Doubt
    counted : tuple of str
        The participants that it counts, or that break it.
    conditional_on : tuple of str
        Participants of countries that are treated as associated for now: without them it would not
        be met. The agreement has to apply before the grant is signed.
    figures : mapping
        The figures by name: `found`, `least`, `most`; percent, numbers or minor units.
    """

    rule: "Rule"
    status: Literal["met", "broken", "unknown"]
    gaps: tuple[Gap, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    counted: tuple[str, ...] = ()
    conditional_on: tuple[str, ...] = ()
    figures: Mapping[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All verdicts on a bid, in the order of the rules.

    Parameters
    ----------
    status : {"met", "broken", "unknown"}
        `broken` if one is broken; `unknown` if one is in doubt or a rule's source is.
    """

    status: Literal["met", "broken", "unknown"]
    verdicts: tuple[Verdict, ...]

    def __getitem__(self, key: str) -> Verdict:
        """Return the verdict on a rule by its key; a KeyError names one that was not looked at."""
        for one in self.verdicts:
            if one.rule.key == key:
                return one
        raise KeyError(f"there is no verdict on a rule {key!r}")
