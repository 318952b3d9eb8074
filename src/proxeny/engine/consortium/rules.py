"""Conditions on a consortium as data: kinds of rules, sets of them, and their file."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, Literal, get_args

from proxeny.engine._checks import check_distinct, check_whole
from proxeny.engine.consortium.countries import STATUSES, Source, plain_code
from proxeny.engine.consortium.model import ROLES, Who

__all__ = [
    "Call",
    "Count",
    "Countries",
    "Independent",
    "Only",
    "Rate",
    "Rule",
    "RuleSet",
    "Share",
    "Total",
    "find_rules",
    "read_rules",
]

NO_SOURCE, ANYBODY = Source(title=""), Who()
type Sum = Literal["cost", "request", "own"]
type Each = Literal["", "participant", "country", "group", "side"]
_MOST = 10**15
_ASKED_OF_LEADS = "a coordinator may be asked for by the kinds count, only and rate"


def percent(value: float) -> Fraction:
    """Return percent as a part of one, exactly as they are written: 70.1 is 701/1000."""
    return Fraction(str(value)) / 100


def _check_percent(name: str, value: float) -> None:
    """See that sums can be compared with it without running over."""
    is_number = isinstance(value, int | float) and isfinite(value) and 0 <= value <= 1000
    if not is_number or 10**6 % percent(value).denominator:
        raise ValueError(f"{name}: {value!r} is no percentage from 0 to 1000 with four decimals")


def _check_known(name: str, values: Iterable[object], known: Iterable[str]) -> None:
    unknown = sorted(str(one) for one in set(values) - set(known))
    if unknown:
        raise ValueError(f"{name}: {unknown[0]!r} is none of {', '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """Common fields of all rules.

    Parameters
    ----------
    key : str
    text : str
        A summary of its source.
    source : Source
    sure : bool
        Whether the source is the original and complete.
    who : Who
        The participants it is about.
    """

    key: str
    text: str = ""
    source: Source = NO_SOURCE
    sure: bool = True
    who: Who = ANYBODY

    def _check_who(self, *, may_lead: bool) -> None:
        """Refuse conditions on the coordinator that cannot be checked before there is one."""
        name = f"rule {self.key!r}: who"
        if self.who.coordinator is False:
            raise ValueError(f"{name}: coordinator: false cannot be asked for, only true")
        if self.who.coordinator and not may_lead:
            raise ValueError(f"{name}: coordinator: {_ASKED_OF_LEADS}")

    def _check_bounds(self, least: int, most: int | None) -> None:
        check_whole(f"rule {self.key!r}: least", least, _MOST)
        if most is not None:
            check_whole(f"rule {self.key!r}: most", most, _MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Independent(_Base):
    """At least so many participants, each in another country, independent of each other by default.

    `of_which` uses countries and their statuses only.
    """

    least: int
    of_which: Who | None = None
    of_which_least: int = 0
    independent: bool = True

    def __post_init__(self) -> None:
        self._check_who(may_lead=False)
        self._check_bounds(self.least, self.of_which_least)
        asked = self.of_which
        if asked and asked != Who(statuses=asked.statuses, countries=asked.countries):
            raise ValueError(
                f"rule {self.key!r}: of_which: may ask for statuses and countries only"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(_Base):
    """At least, at most so many participants.

    Raises
    ------
    ValueError
        On numbers below 0, or more than one coordinator.
    """

    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        self._check_who(may_lead=True)
        self._check_bounds(self.least, self.most)
        if self.who.coordinator and self.least > 1:
            raise ValueError(f"rule {self.key!r}: least: {self.least}, but one coordinates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries(_Base):
    """At least, at most so many different countries."""

    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        self._check_who(may_lead=False)
        self._check_bounds(self.least, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(_Base):
    """Every participant that is `who` has to be `allowed`; `allowed` ignores coordination."""

    allowed: Who

    def __post_init__(self) -> None:
        self._check_who(may_lead=True)
        if self.allowed.coordinator is not None:
            raise ValueError(f"rule {self.key!r}: allowed: coordinator: belongs into who")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(_Base):
    """Percentage of everybody's total that `who` has, together or each alone.

    Parameters
    ----------
    of : {"cost", "request", "own"}
        `own` is cost minus request.
    base : {"cost", "request", "own"}, optional
        The base total of everybody, if it differs: e.g. own contributions as a share of all cost.
    each : {"", "participant", "country", "group", "side"}
        The units that are each checked alone; empty: all together.
    least, most : float
        Percent, with at most four decimals.

    Raises
    ------
    ValueError
        On an unknown sum, place or percentage, or if it is about the coordinator.
    """

    of: Sum = "cost"
    base: Sum | None = None
    each: Each = ""
    least: float = 0
    most: float = 100

    def __post_init__(self) -> None:
        self._check_who(may_lead=False)
        _check_sums(self)
        _check_percent(f"rule {self.key!r}: least", self.least)
        _check_percent(f"rule {self.key!r}: most", self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(_Base):
    """Sum of `who` in minor units, together or each alone; `of` and `each` as of a `Share`.

    Raises
    ------
    ValueError
        On an unknown sum, place or number, or if it is about the coordinator.
    """

    of: Sum = "request"
    each: Each = ""
    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        self._check_who(may_lead=False)
        _check_sums(self)
        self._check_bounds(self.least, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(_Base):
    """Percent of its cost that a participant may ask for; another if it is non-profit."""

    percent: float
    percent_nonprofit: float | None = None

    def __post_init__(self) -> None:
        self._check_who(may_lead=True)
        _check_percent(f"rule {self.key!r}: percent", self.percent)
        if self.percent_nonprofit is not None:
            _check_percent(f"rule {self.key!r}: percent_nonprofit", self.percent_nonprofit)


def _check_sums(rule: "Share | Total") -> None:
    base = (rule.base,) if isinstance(rule, Share) and rule.base else ()
    _check_known(f"rule {rule.key!r}: of", (rule.of, *base), get_args(Sum.__value__))
    _check_known(f"rule {rule.key!r}: each", (rule.each,), get_args(Each.__value__))


type Rule = Independent | Count | Countries | Only | Share | Total | Rate
_KINDS: Mapping[str, type[Rule]] = {
    "independent": Independent,
    "count": Count,
    "countries": Countries,
    "only": Only,
    "share": Share,
    "total": Total,
    "rate": Rate,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of a kind of action.

    Parameters
    ----------
    valid_from, valid_until : date
        First and last day on which a call may close to which they apply.
    """

    key: str
    programme: str
    rules: tuple[Rule, ...]
    valid_from: date = date.min
    valid_until: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call: whose rules apply, when, and what it asks for beyond them.

    Parameters
    ----------
    on : date
        The day it closes.
    programme : str
        Whose statuses of countries count.
    rules : tuple of Rule
        Those of its kind of action and its own.
    budget_year : int, optional
        The year whose money it spends.
    part : str
        The part of the programme, e.g. `pillar-2`.

    Raises
    ------
    ValueError
        If two rules have the same key.
    """

    on: date
    programme: str
    rules: tuple[Rule, ...] = ()
    budget_year: int | None = None
    part: str = ""

    def __post_init__(self) -> None:
        check_distinct("rules", (rule.key for rule in self.rules))


@cache
def _known_sets() -> Mapping[str, RuleSet]:
    text = files("proxeny.engine.consortium").joinpath("rules.toml").read_text("utf-8")
    return {one.key: one for one in read_rules(text)}


def find_rules(key: str) -> RuleSet:
    """Return a set of rules that comes with the product, e.g. `horizon-europe-ria`.

    The file is read once.

    Raises
    ------
    ValueError
        If there is none; the message lists those that there are.
    """
    sets = _known_sets()
    if key not in sets:
        raise ValueError(f"key: {key!r} is none of {', '.join(sorted(sets))}")
    return sets[key]


def read_rules(text: str) -> tuple[RuleSet, ...]:
    """Return the sets of rules in a text in TOML; custom rules use the same format.

    Raises
    ------
    ValueError
        On what is not TOML, a kind, a field or a status that there is not, two of one key, a set
        that names a rule that is not there; the message names the rule or the set, and the field.
    """
    told = tomllib.loads(text)
    for kind in ("rule", "set"):
        check_distinct(f"{kind}s", (one.get("key", "") for one in told.get(kind, ())))
    rules = {one.get("key", ""): _rule(one) for one in told.get("rule", ())}
    found = []
    for one in told.get("set", ()):
        unknown = [key for key in one.get("rules", ()) if key not in rules]
        if unknown:
            raise ValueError(f"set {one.get('key')!r}: rules: there is no rule {unknown[0]!r}")
        kept = tuple(rules[key] for key in one.get("rules", ()))
        try:
            found.append(RuleSet(**(one | {"rules": kept})))
        except TypeError as error:
            raise ValueError(f"set {one.get('key')!r}: {error}") from None
    return tuple(found)


def make_rules(told: object) -> tuple[Rule, ...]:
    """Return rules given as plain data: a list of tables, as `read_rules` reads from a text.

    For rules stored as JSON; the day in `seen` may be a text such as `2026-11-26`.

    Raises
    ------
    ValueError
        If it is no list of tables, and as of `read_rules`; two rules of one key.

    Examples
    --------
    >>> make_rules([{"key": "pair", "kind": "countries", "text": "Two countries", "least": 2}])[0].key
    'pair'
    """
    if not isinstance(told, list | tuple):
        raise ValueError(f"rules: {told!r} is no list")
    made = []
    for number, one in enumerate(told, 1):
        if not isinstance(one, Mapping):
            raise ValueError(f"rule {number}: {one!r} is no table")
        fields = dict(one)
        name = f"rule {fields.get('key')!r}"
        if not isinstance(fields.get("key"), str):
            raise ValueError(f"rule {number}: key: {fields.get('key')!r} is no text")
        try:
            if isinstance(fields.get("seen"), str):
                fields["seen"] = _day(name, fields["seen"])
            made.append(_rule(fields))
        except (TypeError, AttributeError, ArithmeticError) as error:
            raise ValueError(f"{name}: {error}") from None
    check_distinct("rules", (one.key for one in made))
    return tuple(made)


def _day(name: str, told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise ValueError(f"{name}: seen: {told!r} is no day") from None


def rule_sets() -> tuple[RuleSet, ...]:
    """Return all sets of rules that come with the product, in the order of their file."""
    return tuple(_known_sets().values())


def _rule(told: Mapping[str, Any]) -> Rule:
    name = f"rule {told.get('key')!r}"
    fields = dict(told)
    kind = _KINDS.get(fields.pop("kind", ""))
    if kind is None:
        raise ValueError(f"{name}: kind: {told.get('kind')!r} is none of {', '.join(_KINDS)}")
    fields["source"] = Source(
        title=fields.pop("source", ""), url=fields.pop("url", ""), seen=fields.pop("seen", None)
    )
    for field in ("who", "of_which", "allowed"):
        if field in fields:
            fields[field] = _who(fields[field], f"{name}: {field}")
    try:
        return kind(**fields)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None


def _who(told: object, name: str) -> Who:
    if not isinstance(told, Mapping):
        raise ValueError(f"{name}: {told!r} is no table")
    fields: dict[str, Any] = {
        key: frozenset(one) if isinstance(one, list) else one for key, one in told.items()
    }
    _check_known(f"{name}: roles", fields.get("roles", ()), ROLES)
    _check_known(f"{name}: statuses", fields.get("statuses", ()), STATUSES)
    if "countries" in fields:
        fields["countries"] = frozenset(plain_code(code) for code in fields["countries"])
    try:
        return Who(**fields)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None
