"""The conditions of a call, checked for possible participants, in words.

A missing fact is tried both ways; a verdict is unknown only where that makes a difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.calls.explanations import Names, Told, tell_verdict
from proxeny.calls.models import Call
from proxeny.calls.rules import BRUSSELS
from proxeny.directory.models import Kind, Size
from proxeny.engine.consortium import (
    Call as Asked,
)
from proxeny.engine.consortium import (
    Participant,
    Rate,
    Report,
    Rule,
    RuleSet,
    Share,
    Total,
    Verdict,
    Who,
    check_consortium,
    find_rate,
    make_rules,
    rule_sets,
)

__all__ = [
    "Entrant",
    "Looked",
    "State",
    "as_participant",
    "asked_of",
    "is_nonprofit",
    "is_sme",
    "look_at_entrants",
    "rate_for",
    "rules_of",
]

type State = Literal["", "met", "broken", "unknown"]

_CENTS = 100
_SMALL = frozenset({Size.MICRO, Size.SMALL, Size.MEDIUM})
_FIRMS = frozenset({Kind.COMPANY, Kind.STARTUP, Kind.INVESTOR})
_PUBLIC = frozenset({Kind.UNIVERSITY, Kind.PUBLIC})
#: An organisation's known attribute that a condition may require by this word.
_CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A possible participant, and the facts known about it.

    Parameters
    ----------
    key, name : str
        Its unique key, and its name.
    country : str
        ISO 3166-1 alpha-2.
    kind : str
        One of `directory.models.Kind`.
    role : str
        One of `engine.consortium.Role`.
    group, side : str
        Its controlling group, and the side it comes with; empty if none.
    sme, nonprofit : bool, optional
        None: not known.
    cost, request : Decimal, optional
        In the call's currency; None: not known yet.
    """

    key: str
    name: str
    country: str
    kind: str
    role: str = "beneficiary"
    leads: bool = False
    group: str = ""
    side: str = ""
    sme: bool | None = None
    nonprofit: bool | None = None
    cost: Decimal | None = None
    request: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """The verdict of a call's conditions; `state` is empty where it has none."""

    state: State
    told: tuple[Told, ...]
    notes: tuple[str, ...]


def look_at_entrants(entrants: Sequence[Entrant], call: Call, *, today: date) -> Looked:
    """Look at each condition of a call. No query.

    Parameters
    ----------
    today : date
        The day the call closes, where it has none.
    """
    asked, kept = asked_of(call, today=today)
    report, unsure = _check(entrants, asked)
    names = Names({one.key: one.name for one in entrants}, call.currency, bool(call.part))
    told = tuple(
        tell_verdict(one, names, notes=_notes(one, unsure[one.rule.key], entrants))
        for one in report.verdicts
    )
    return Looked(report.status if asked.rules else "", told, _tell_day(call, kept, asked.on))


def asked_of(call: Call, *, today: date) -> tuple[Asked, RuleSet | None]:
    """Return a call as the engine reads it, and the set of conditions that it has."""
    kept, rules = rules_of(call)
    on = call.closes_at.astimezone(BRUSSELS).date() if call.closes_at else today
    asked = Asked(
        on=on, programme=kept.programme if kept else "", rules=rules, part=call.part or ""
    )
    return asked, kept


def rules_of(call: Call) -> tuple[RuleSet | None, tuple[Rule, ...]]:
    """Return the set of conditions that a call has, and all of its conditions with its own.

    A set that does not come with the product any more is none.
    """
    kept = next((one for one in rule_sets() if one.key == call.rule_set), None)
    return kept, (*(kept.rules if kept else ()), *make_rules(call.own_rules))


def rate_for(one: Entrant, asked: Asked) -> Fraction:
    """Return the largest part of its cost that one may ask for, whatever is not known of it."""
    tags = _tags_of(asked.rules)
    return min(find_rate(_participant(one, tags, known=known), asked) for known in (False, True))


def _check(people: Sequence[Entrant], asked: Asked) -> tuple[Report, dict[str, bool]]:
    """Return the verdicts, and by condition whether it depends on unknown facts."""
    tags = _tags_of(asked.rules)
    low = check_consortium([_participant(one, tags, known=False) for one in people], asked)
    high = check_consortium([_participant(one, tags, known=True) for one in people], asked)
    verdicts, unsure = [], {}
    for one, other in zip(low.verdicts, high.verdicts, strict=True):
        differs = one.status != other.status
        unsure[one.rule.key] = differs
        worse = one if one.gaps or not other.gaps else other
        verdicts.append(replace(worse, status="unknown") if differs else one)
    states = {one.status for one in verdicts}
    state: Literal["met", "broken", "unknown"] = "met"
    if "broken" in states:
        state = "broken"
    elif "unknown" in states or any(one.doubts for one in verdicts):
        state = "unknown"
    return Report(status=state, verdicts=tuple(verdicts)), unsure


def _participant(one: Entrant, tags: frozenset[str], *, known: bool) -> Participant:
    """Return a participant for the engine; its unknown facts are taken as `known`."""
    own = {_CLUSTER} if one.kind == Kind.CLUSTER else set()
    return as_participant(
        one,
        tags=frozenset(own | (tags if known else frozenset())),
        sme=_or(one.sme, known),
        nonprofit=_or(one.nonprofit, known),
    )


def as_participant(
    one: Entrant, *, tags: frozenset[str] = frozenset(), sme: bool, nonprofit: bool
) -> Participant:
    """Return a participant for the engine, with its uncertain facts as given."""
    return Participant(
        key=one.key,
        country=one.country,
        role=cast("Any", one.role),  # others were refused before
        kind=one.kind,
        group=one.group,
        side=one.side,
        tags=tags,
        sme=sme,
        nonprofit=nonprofit,
        coordinator=one.leads,
        cost=_minor(one.cost),
        request=_minor(one.request),
    )


def is_sme(kind: str, size: str) -> bool | None:
    """Whether an organisation is a small or medium-sized enterprise; None: not known."""
    if kind in _PUBLIC or size == Size.LARGE:
        return False
    return True if kind in _FIRMS and size in _SMALL else None


def is_nonprofit(kind: str) -> bool | None:
    """Whether an organisation is non-profit, as far as its kind says; None: not known."""
    if kind in _PUBLIC:
        return True
    return False if kind in _FIRMS else None


def _or(fact: bool | None, known: bool) -> bool:
    return known if fact is None else fact


def _minor(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * _CENTS).to_integral_value())


def _whos(rule: Rule) -> Iterable[Who]:
    yield rule.who
    for name in ("allowed", "of_which"):
        if (who := getattr(rule, name, None)) is not None:
            yield who


def _tags_of(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the tags that conditions require and the directory does not know."""
    asked = {tag for rule in rules for who in _whos(rule) for tag in who.tags}
    return frozenset(asked - {_CLUSTER})


# --- what is to be said beside --------------------------------------------------------------------


def _notes(verdict: Verdict, unsure: bool, people: Sequence[Entrant]) -> Iterable[str]:
    rule = verdict.rule
    if unsure:
        names = Names({one.key: one.name for one in people})
        yield from _unknown_facts(rule, people, names)
    if isinstance(rule, Share | Total | Rate) and not people:
        yield _("Choose organisations and enter their amounts to see whether this is met.")


def _unknown_facts(rule: Rule, people: Sequence[Entrant], names: Names) -> Iterable[str]:
    asks_size = any(who.sme is not None for who in _whos(rule))
    unsized = [one.key for one in people if one.sme is None]
    if asks_size and unsized:
        yield _(
            "The directory doesn’t say whether these are small or medium-sized enterprises: "
            "%(names)s. Add their size to their entries, or ask them."
        ) % {"names": names.row(unsized)}
    unsaid = [one.key for one in people if one.nonprofit is None]
    if isinstance(rule, Rate) and rule.percent_nonprofit is not None and unsaid:
        yield _(
            "A different rate applies to non-profit bodies. The directory doesn’t say whether "
            "these are: %(names)s."
        ) % {"names": names.row(unsaid)}
    if _tags_of([rule]):
        yield _(
            "The directory doesn’t have this information about organisations. Ask them before "
            "you rely on it."
        )


def _tell_day(call: Call, kept: RuleSet | None, on: date) -> tuple[str, ...]:
    told = []
    if call.closes_at is None:
        told.append(_("The call has no deadline yet. The status of countries is as of today."))
    if kept is not None and on < kept.valid_from:
        told.append(
            _(
                "These conditions apply to calls that close on %(day)s or later. Check them "
                "against the call itself."
            )
            % {"day": date_format(kept.valid_from)}
        )
    if kept is not None and on > kept.valid_until:
        told.append(
            _(
                "These conditions apply to calls that closed by %(day)s. Check them against the "
                "call itself."
            )
            % {"day": date_format(kept.valid_until)}
        )
    return tuple(told)
