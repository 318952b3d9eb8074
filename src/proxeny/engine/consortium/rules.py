"""Conditions on a consortium as data: kinds of rules, sets of them, and their file."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from proxeny.engine.consortium.countries import STATUSES, Source, plain_code
from proxeny.engine.consortium.model import ROLES, Who

__all__ = [
    "Call", "Count", "Countries", "Independent", "Only", "Rate", "Rule", "RuleSet", "Share",
    "Total", "find_rules", "read_rules",
]  # fmt: skip

NO_SOURCE, ANYBODY = Source(title=""), Who()
type Sum = Literal["cost", "request", "own"]
type Each = Literal["", "participant", "country", "group", "side"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What each rule has.

    Parameters
    ----------
    key : str
    text : str
        What its source says, in short.
    source : Source
    sure : bool
        Whether the source is the original and complete.
    who : Who
        Whom it is about.
    """

    key: str
    text: str = ""
    source: Source = NO_SOURCE
    sure: bool = True
    who: Who = ANYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Independent(_Base):
    """At least so many, each in another country, and independent of each other unless told.

    `of_which` asks for countries and their statuses only.
    """

    least: int
    of_which: Who | None = None
    of_which_least: int = 0
    independent: bool = True

    def __post_init__(self) -> None:
        asked = self.of_which
        if asked and asked != Who(statuses=asked.statuses, countries=asked.countries):
            raise ValueError(
                f"rule {self.key!r}: of_which: may ask for statuses and countries only"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(_Base):
    """At least, at most so many participants."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries(_Base):
    """At least, at most so many different countries."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(_Base):
    """Whoever is `who` has to be `allowed`."""

    allowed: Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(_Base):
    """Percent of everybody's sum that `who` has, together or each alone.

    Of another sum with `base`: own contributions as a share of all cost.
    """

    of: Sum = "cost"
    base: Sum | None = None
    each: Each = ""
    least: float = 0
    most: float = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(_Base):
    """Sum of `who` in minor units, together or each alone."""

    of: Sum = "request"
    each: Each = ""
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(_Base):
    """Percent of its cost that a participant may ask for."""

    percent: float
    percent_nonprofit: float | None = None


type Rule = Independent | Count | Countries | Only | Share | Total | Rate
_KINDS: Mapping[str, type[Rule]] = {
    "independent": Independent, "count": Count, "countries": Countries, "only": Only,
    "share": Share, "total": Total, "rate": Rate,
}  # fmt: skip


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
        keys = [rule.key for rule in self.rules]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise ValueError(f"rules: two have the key {doubled[0]!r}")


@cache
def find_rules(key: str) -> RuleSet:
    """Return a set of rules that comes with the product, e.g. `horizon-europe-ria`.

    Raises
    ------
    ValueError
        If there is none; the message lists those that there are.
    """
    text = files("proxeny.engine.consortium").joinpath("rules.toml").read_text("utf-8")
    sets = {one.key: one for one in read_rules(text)}
    if key not in sets:
        raise ValueError(f"key: {key!r} is none of {', '.join(sorted(sets))}")
    return sets[key]


def read_rules(text: str) -> tuple[RuleSet, ...]:
    """Return the sets of rules in a text in TOML; rules of one's own are written the same way.

    Raises
    ------
    ValueError
        On what is not TOML, a kind, a field or a status that there is not, a set that names a rule
        that is not there; the message names the rule or the set, and the field.
    """
    told = tomllib.loads(text)
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


def _who(told: Mapping[str, Any], name: str) -> Who:
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


def _check_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(f"{name}: {unknown[0]!r} is none of {', '.join(known)}")
