"""Who could take part: the conditions of a call, looked at for organisations of the directory.

Nothing is kept of it. What the directory does not know of an organisation, such as its size, is taken
as if it were and as if it were not; only where that makes a difference is the verdict unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.calls.models import Call
from proxeny.calls.queries.calls import get_call
from proxeny.calls.rules import BRUSSELS
from proxeny.calls.telling import Names, Told, tell_role, tell_verdict
from proxeny.directory.models import Kind, Organisation, Size
from proxeny.directory.queries.matching import partners_by_id
from proxeny.engine.consortium import (
    Call as Asked,
)
from proxeny.engine.consortium import (
    Participant,
    Rate,
    Report,
    Role,
    Rule,
    RuleSet,
    Share,
    Total,
    Verdict,
    Who,
    check_consortium,
    make_rules,
    rule_sets,
)
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader

__all__ = ["MOST", "Bid", "Chosen", "Taking", "look_at_bid", "rules_of"]

#: More organisations are no bid.
MOST = 60
_CENTS = 100
_LARGEST = Decimal(10) ** 12
_SMALL = frozenset({Size.MICRO, Size.SMALL, Size.MEDIUM})
_FIRMS = frozenset({Kind.COMPANY, Kind.STARTUP, Kind.INVESTOR})
_PUBLIC = frozenset({Kind.UNIVERSITY, Kind.PUBLIC})
#: What the directory knows of an organisation that a condition may ask for by this word.
_CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An organisation and its part in a bid; sums in the call's currency, None if not known yet."""

    organisation_id: int
    role: str = "beneficiary"
    cost: Decimal | None = None
    request: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """One that takes part, as the page shows it."""

    organisation: Organisation
    role: str
    role_label: str
    leads: bool
    cost: Decimal | None
    request: Decimal | None


@dataclass(frozen=True, slots=True)
class Bid:
    """What the conditions of a call say of a bid.

    `state` is met, broken, unknown, or empty where the call has no conditions. `hidden` is how many
    chosen organisations the reader does not see; they are left out.
    """

    call: Call
    people: tuple[Taking, ...]
    state: Literal["", "met", "broken", "unknown"]
    told: tuple[Told, ...]
    notes: tuple[str, ...]
    hidden: int


def look_at_bid(
    *, actor: Reader, call_id: int, chosen: Sequence[Chosen], leads: int | None, today: date
) -> Bid:
    """Look at each condition of a call for organisations that the actor sees. Two queries.

    Parameters
    ----------
    chosen : sequence of Chosen
        The first of two with one number counts.
    leads : int, optional
        The organisation that coordinates.
    today : date
        The day the call closes, where it has none.

    Raises
    ------
    NotFound
        The actor does not see the call.
    InvalidInput
        On a role or a sum that there is not, too many organisations, or a coordinator who is no
        beneficiary.
    """
    call = get_call(call_id)
    once = {one.organisation_id: one for one in reversed(chosen)}
    picked = [once.pop(one.organisation_id) for one in chosen if one.organisation_id in once]
    _refuse(picked, leads)
    seen = partners_by_id(one.organisation_id for one in picked)
    people = tuple(
        Taking(seen[one.organisation_id], one.role, tell_role(one.role),
               one.organisation_id == leads, one.cost, one.request)
        for one in picked if one.organisation_id in seen
    )  # fmt: skip
    kept, rules = rules_of(call)
    on = call.closes_at.astimezone(BRUSSELS).date() if call.closes_at else today
    asked = Asked(
        on=on, programme=kept.programme if kept else "", rules=rules, part=call.part or ""
    )
    report, unsure = _check(people, asked)
    names = Names(
        {str(one.organisation.pk): one.organisation.name for one in people},
        call.currency, bool(call.part),
    )  # fmt: skip
    told = tuple(
        tell_verdict(one, names, notes=_notes(one, unsure[one.rule.key], people))
        for one in report.verdicts
    )
    return Bid(
        call, people, report.status if rules else "", told, _tell_day(call, kept, on),
        len(picked) - len(people),
    )  # fmt: skip


def rules_of(call: Call) -> tuple[RuleSet | None, tuple[Rule, ...]]:
    """Return the set of conditions that a call has, and all of its conditions with its own.

    A set that does not come with the product any more is none.
    """
    kept = next((one for one in rule_sets() if one.key == call.rule_set), None)
    return kept, (*(kept.rules if kept else ()), *make_rules(call.own_rules))


def _refuse(picked: Sequence[Chosen], leads: int | None) -> None:
    if len(picked) > MOST:
        raise InvalidInput(
            _("Choose at most %(most)d organisations.") % {"most": MOST}, field="participants"
        )
    for one in picked:
        if one.role not in get_args(Role.__value__):
            raise InvalidInput(_("Choose one of the roles."), field="role")
        for name in ("cost", "request"):
            value = getattr(one, name)
            if value is not None and not (value.is_finite() and 0 <= value <= _LARGEST):
                raise InvalidInput(_("Write a sum of 0 or more, or leave it empty."), field=name)
        if one.organisation_id == leads and one.role != "beneficiary":
            raise InvalidInput(
                _("Only a beneficiary coordinates. Change the role, or who coordinates."),
                field="leads",
            )


# --- as the engine reads them ---------------------------------------------------------------------


def _check(people: Sequence[Taking], asked: Asked) -> tuple[Report, dict[str, bool]]:
    """Return the verdicts, and by condition whether it hangs on what the directory does not know."""
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


def _participant(one: Taking, tags: frozenset[str], *, known: bool) -> Participant:
    """Return one as the engine reads it; what the directory does not know is `known`."""
    organisation = one.organisation
    own = {_CLUSTER} if organisation.kind == Kind.CLUSTER else set()
    return Participant(
        key=str(organisation.pk),
        country=organisation.country,
        role=one.role,  # type: ignore[arg-type]  # refused before if it is none
        kind=organisation.kind,
        side=_side_of(organisation),
        tags=frozenset(own | (tags if known else frozenset())),
        sme=_or(is_sme(organisation), known),
        nonprofit=_or(is_nonprofit(organisation), known),
        coordinator=one.leads,
        cost=_minor(one.cost),
        request=_minor(one.request),
    )


def is_sme(organisation: Organisation) -> bool | None:
    """Whether it is a small or medium-sized enterprise, as far as its entry says; None: not known."""
    if organisation.kind in _PUBLIC or organisation.size == Size.LARGE:
        return False
    if organisation.kind in _FIRMS and organisation.size in _SMALL:
        return True
    return None


def is_nonprofit(organisation: Organisation) -> bool | None:
    """Whether it is non-profit, as far as its kind says; None: not known."""
    if organisation.kind in _PUBLIC:
        return True
    return False if organisation.kind in _FIRMS else None


def _or(fact: bool | None, known: bool) -> bool:
    return known if fact is None else fact


def _side_of(organisation: Organisation) -> str:
    if organisation.kind == Kind.CLUSTER:
        return organisation.name
    return organisation.steward.name if organisation.steward else ""


def _minor(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * _CENTS).to_integral_value())


def _whos(rule: Rule) -> Iterable[Who]:
    yield rule.who
    for name in ("allowed", "of_which"):
        if (who := getattr(rule, name, None)) is not None:
            yield who


def _tags_of(rules: Iterable[Rule]) -> frozenset[str]:
    """Return what conditions ask for by words that the directory does not know."""
    asked = {tag for rule in rules for who in _whos(rule) for tag in who.tags}
    return frozenset(asked - {_CLUSTER})


# --- what is to be said beside --------------------------------------------------------------------


def _notes(verdict: Verdict, unsure: bool, people: Sequence[Taking]) -> Iterable[str]:
    rule = verdict.rule
    if unsure:
        names = Names({str(one.organisation.pk): one.organisation.name for one in people})
        yield from _unknown_facts(rule, people, names)
    if isinstance(rule, Share | Total | Rate) and not people:
        yield _("Choose organisations and note their sums to see whether it is met.")


def _unknown_facts(rule: Rule, people: Sequence[Taking], names: Names) -> Iterable[str]:
    asks_size = any(who.sme is not None for who in _whos(rule))
    unsized = [str(one.organisation.pk) for one in people if is_sme(one.organisation) is None]
    if asks_size and unsized:
        yield _(
            "Whether these are small or medium-sized enterprises does not stand in the directory:"
            " %(names)s. Add their size to their entries, or ask them."
        ) % {"names": names.row(unsized)}
    unsaid = [str(one.organisation.pk) for one in people if is_nonprofit(one.organisation) is None]
    if isinstance(rule, Rate) and rule.percent_nonprofit is not None and unsaid:
        yield _(
            "Another rate holds for non-profit bodies. Whether these are does not stand in the"
            " directory: %(names)s."
        ) % {"names": names.row(unsaid)}
    if _tags_of([rule]):
        yield _(
            "The directory does not know this of organisations. Ask them before you count on it."
        )


def _tell_day(call: Call, kept: RuleSet | None, on: date) -> tuple[str, ...]:
    told = []
    if call.closes_at is None:
        told.append(_("The call has no deadline yet. Countries are looked up as of today."))
    if kept is not None and on < kept.valid_from:
        told.append(_(
            "These conditions are those of calls that close on %(day)s or later. Check them against"
            " the call itself."
        ) % {"day": date_format(kept.valid_from)})  # fmt: skip
    if kept is not None and on > kept.valid_until:
        told.append(_(
            "These conditions are those of calls that closed by %(day)s. Check them against the call"
            " itself."
        ) % {"day": date_format(kept.valid_until)})  # fmt: skip
    return tuple(told)
