"""Operations on a cluster's calls: create, change, archive, restore."""

import json
import re
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from proxeny.calls.models import Call
from proxeny.calls.queries.calls import get_call, stewards_of
from proxeny.calls.rule_sentences import tell_rule
from proxeny.engine.consortium import Rule, find_rules, make_rules
from proxeny.kernel import audit
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.sums import clean_currency

LONGEST = {
    "reference": 80,
    "title": 400,
    "programme": 120,
    "action": 160,
    "text": 60_000,
    "address": 500,
}
MOST_TOPICS, LONGEST_TOPIC, MOST_RULES, LONGEST_RULE = 60, 200, 40, 1000
MOST_SUM = Decimal(10) ** 13 - 1
LANGUAGES = tuple(dict(settings.LANGUAGES))
#: Languages that a call may be written in, besides those of the product.
OTHER_LANGUAGES = (
    "bg",
    "cs",
    "da",
    "de",
    "es",
    "et",
    "fi",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
    "tr",
    "uk",
)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The facts of a call; times are aware, sums in `currency`."""

    reference: str
    title: str
    programme: str = ""
    action: str = ""
    rule_set: str = ""
    part: str = ""
    own_rules: list[dict[str, Any]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    text: str = ""
    language: str = "en"
    opens_on: date | None = None
    closes_at: datetime | None = None
    second_closes_at: datetime | None = None
    budget: Decimal | None = None
    grant_least: Decimal | None = None
    grant_most: Decimal | None = None
    grants_expected: int | None = None
    currency: str = "EUR"
    address: str = ""


COLUMNS = tuple(one.name for one in fields(CallFacts))
_SUMS = ("budget", "grant_least", "grant_most")


def facts_of(call: Call) -> CallFacts:
    """Return the facts of a call."""
    values: dict[str, Any] = {name: getattr(call, name) for name in COLUMNS}
    return CallFacts(**values)


def check_facts(facts: CallFacts) -> CallFacts:
    """Return the facts of a call, trimmed and without duplicate topics.

    Raises
    ------
    InvalidInput
        Something is missing, too long, out of order or out of range; the field is named.
    """
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in ((one, getattr(facts, one)) for one in COLUMNS)
    }
    _check_texts(values)
    _check_topics(values)
    _check_times(values)
    _check_sums(values)
    _check_rules(values)
    return CallFacts(**values)


def _check_texts(values: dict[str, Any]) -> None:
    if not values["reference"]:
        raise InvalidInput(
            _("Enter the reference of the call, as the funder writes it."), field="reference"
        )
    if not values["title"]:
        raise InvalidInput(_("Enter the title of the call."), field="title")
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=name
            )
    if values["language"] not in (*LANGUAGES, *OTHER_LANGUAGES):
        raise InvalidInput(
            _("Enter the language of the text as a two-letter code, such as en."),
            field="language",
        )
    if values["part"] not in Call.Part.values:
        raise InvalidInput(_("Choose one of the parts of the programme."), field="part")
    if values["address"] and not is_address(values["address"]):
        raise InvalidInput(
            _("Enter a full web address, like https://calls.example.org/topic."), field="address"
        )


def _check_topics(values: dict[str, Any]) -> None:
    topics = list(dict.fromkeys(" ".join(one.split()) for one in values["topics"] if one.strip()))
    if len(topics) > MOST_TOPICS:
        raise InvalidInput(
            _("Enter at most %(most)d topics.") % {"most": MOST_TOPICS}, field="topics"
        )
    if long := next((one for one in topics if len(one) > LONGEST_TOPIC), None):
        raise InvalidInput(
            _("Shorten the topic “%(topic)s…” to %(most)d characters.")
            % {"topic": long[:40], "most": LONGEST_TOPIC},
            field="topics",
        )
    values["topics"] = topics


def _check_times(values: dict[str, Any]) -> None:
    opens, closes, second = values["opens_on"], values["closes_at"], values["second_closes_at"]
    if second and not closes:
        raise InvalidInput(
            _("Enter when the first stage closes before you enter the second one."),
            field="closes_at",
        )
    if second and second < closes:
        raise InvalidInput(
            _("The second stage must close after the first one."), field="second_closes_at"
        )
    if opens and closes and opens > closes.date():
        raise InvalidInput(_("The call must open before it closes."), field="opens_on")


def _check_sums(values: dict[str, Any]) -> None:
    for name in _SUMS:
        value = values[name]
        if value is not None and not (value.is_finite() and 0 <= value <= MOST_SUM):
            raise InvalidInput(_("Enter an amount of 0 or more, or leave it empty."), field=name)
        # As the database keeps it, so that nothing seems to have changed.
        values[name] = None if value is None else value.quantize(Decimal("0.01"))
    least, most = values["grant_least"], values["grant_most"]
    if least is not None and most is not None and least > most:
        raise InvalidInput(
            _("The largest grant can’t be below the smallest one."), field="grant_most"
        )
    count = values["grants_expected"]
    if count is not None and not 0 <= count <= 1_000_000:
        raise InvalidInput(
            _("Enter how many grants are expected, or leave it empty."), field="grants_expected"
        )
    values["currency"] = clean_currency(values["currency"])


def _check_rules(values: dict[str, Any]) -> None:
    try:
        kept = find_rules(values["rule_set"]).rules if values["rule_set"] else ()
    except ValueError:
        raise InvalidInput(_("Choose one of the sets of conditions."), field="rule_set") from None
    try:
        # The database keeps no number without end.
        json.dumps(values["own_rules"], allow_nan=False)
        own = make_rules(values["own_rules"])
    except (ValueError, TypeError) as error:
        raise InvalidInput(
            _("The call-specific conditions can’t be read. First error: %(reason)s")
            % {"reason": error},
            field="own_rules",
        ) from None
    if len(own) > MOST_RULES:
        raise InvalidInput(
            _("Enter at most %(most)d call-specific conditions.") % {"most": MOST_RULES},
            field="own_rules",
        )
    taken = {one.key for one in kept}
    for one in own:
        _check_rule(one, taken)


def _check_rule(rule: Any, taken: set[str]) -> None:
    told = {"key": rule.key}
    if not isinstance(rule.key, str) or not _KEY.fullmatch(rule.key):
        raise InvalidInput(
            _("Give each call-specific condition a key of letters and digits, such as own-1."),
            field="own_rules",
        )
    if rule.key in taken:
        raise InvalidInput(
            _("The condition “%(key)s” is already in the set. Give yours another key.") % told,
            field="own_rules",
        )
    if not isinstance(rule.text, str) or len(rule.text) > LONGEST_RULE:
        raise InvalidInput(
            _("Shorten the text of the call-specific condition “%(key)s”.") % told,
            field="own_rules",
        )
    if not isinstance(rule.source.title, str) or not isinstance(rule.source.url, str):
        raise InvalidInput(
            _("Enter the source of the call-specific condition “%(key)s” as text.") % told,
            field="own_rules",
        )
    if rule.source.url and not rule.source.url.lower().startswith(("http://", "https://")):
        raise InvalidInput(
            _("The address in the call-specific condition “%(key)s” must start with https://.")
            % told,
            field="own_rules",
        )


def refuse_others(actor: Reader, steward_id: int, *, today: date) -> None:
    """Raise unless the actor keeps the calls of a cluster.

    Raises
    ------
    NotAllowed
        No seat as manager, adviser or ambassador of it.
    """
    if steward_id not in {one.pk for one in stewards_of(actor, today=today)}:
        raise NotAllowed(
            _("Only managers, advisers and ambassadors of the cluster can manage its calls.")
        )


@transaction.atomic
def add_call(*, actor: Reader, steward_id: int, facts: CallFacts, now: datetime) -> Call:
    """Create a call by hand. Side effects: an audit row.

    Raises
    ------
    NotAllowed
        The actor does not keep this cluster's calls.
    InvalidInput
        As of `check_facts`, or there is a call of this reference.
    """
    refuse_others(actor, steward_id, today=now.date())
    facts = check_facts(facts)
    if Call.objects.filter(steward_id=steward_id, reference=facts.reference).exists():
        raise _taken()
    call = Call(
        **{name: getattr(facts, name) for name in COLUMNS},
        steward_id=steward_id,
        source=Call.Source.HAND,
        brought_at=now,
        brought_by_id=actor.person,
    )
    _save(call)
    audit.record(
        actor,
        "add_call",
        call,
        organisation_id=steward_id,
        changes={"title": call.title, "reference": call.reference},
    )
    return call


def _save(call: Call, **given: Any) -> None:
    try:
        with transaction.atomic():
            call.save(**given)
    except IntegrityError as error:
        if "call_reference_once" not in str(error):
            raise
        raise _taken() from None


def _taken() -> InvalidInput:
    return InvalidInput(
        _("Your cluster already has a call with this reference. It may be archived."),
        field="reference",
    )


def hold_call(actor: Reader, call_id: int, *, today: date, version: int | None = None) -> Call:
    """Return a call that the actor keeps, locked until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; of another cluster; changed since `version`.
    """
    refuse_others(actor, get_call(call_id).steward_id, today=today)
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    if call is None:
        raise NotFound(_("We couldn’t find this call."))
    if version is not None and call.version != version:
        raise Conflict(
            _(
                "Someone else has changed this call since you opened it. Check the latest version, "
                "then save."
            )
        )
    return call


@transaction.atomic
def change_call(
    *, actor: Reader, call_id: int, version: int, facts: CallFacts, now: datetime
) -> Call:
    """Change the facts of a call. Side effects: an audit row, if anything changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_call`; it is archived.
    InvalidInput
        As of `check_facts`, or another call has this reference.
    """
    call = hold_call(actor, call_id, today=now.date(), version=version)
    if call.put_away_at:
        raise Conflict(_("This call is archived. Restore it first."))
    changes = write_facts(call, check_facts(facts))
    if changes:
        _save(call, update_fields=[*changes, "version"])
        audit.record(
            actor,
            "change_call",
            call,
            organisation_id=call.steward_id,
            changes={"title": call.title} | changes if "title" not in changes else changes,
        )
    return call


def write_facts(call: Call, facts: CallFacts) -> dict[str, list[Any]]:
    """Write facts into a call without saving it; return the changes, as plain values."""
    changes: dict[str, list[Any]] = {}
    for name in COLUMNS:
        was, new = getattr(call, name), getattr(facts, name)
        if was != new:
            changes[name] = [_told(name, one, facts.currency) for one in (was, new)]
            setattr(call, name, new)
    if changes:
        call.version += 1
    return changes


def _told(name: str, value: Any, currency: str) -> Any:
    """Return a value as the audit trail stores it, in JSON: own conditions as text."""
    if name == "own_rules":
        return [tell_rule(one, currency) for one in make_rules(value)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def put_call_away(*, actor: Reader, call_id: int, now: datetime) -> Call:
    """Archive a call; it can be restored. Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_call`; it is already archived.
    """
    call = hold_call(actor, call_id, today=now.date())
    if call.put_away_at:
        raise Conflict(_("This call is already archived."))
    return _place(actor, call, "put_call_away", put_away_at=now)


@transaction.atomic
def bring_call_back(*, actor: Reader, call_id: int, now: datetime) -> Call:
    """Restore an archived call. Side effects: an audit row. Errors as of `hold_call`."""
    call = hold_call(actor, call_id, today=now.date())
    if not call.put_away_at:
        raise Conflict(_("This call isn’t archived."))
    return _place(actor, call, "bring_call_back", put_away_at=None)


def _place(actor: Reader, call: Call, verb: str, *, put_away_at: datetime | None) -> Call:
    call.put_away_at = put_away_at
    call.version += 1
    call.save(update_fields=["put_away_at", "version"])
    audit.record(actor, verb, call, organisation_id=call.steward_id, changes={"title": call.title})
    return call


def read_rules(values: Any) -> tuple[Rule, ...]:
    """Return conditions as the engine reads them.

    Raises
    ------
    ValueError
        One of them is none; the message says why.
    """
    return make_rules(values)


__all__ = [
    "COLUMNS",
    "LANGUAGES",
    "CallFacts",
    "add_call",
    "bring_call_back",
    "change_call",
    "check_facts",
    "facts_of",
    "hold_call",
    "put_call_away",
    "read_rules",
    "refuse_others",
    "write_facts",
]
