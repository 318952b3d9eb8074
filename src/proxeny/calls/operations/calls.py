"""A cluster's calls: noted, changed, put away, brought back."""

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
from proxeny.engine.consortium import find_rules, make_rules
from proxeny.kernel import audit
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.sums import clean_currency

LONGEST = {"reference": 80, "title": 400, "programme": 120, "action": 160, "text": 60_000,
           "address": 500}  # fmt: skip
MOST_TOPICS, LONGEST_TOPIC, MOST_RULES = 60, 200, 40
MOST_SUM = Decimal(10) ** 13 - 1
LANGUAGES = tuple(dict(settings.LANGUAGES))
#: Languages that a call may be written in, besides those of the product.
OTHER_LANGUAGES = (
    "bg", "cs", "da", "de", "es", "et", "fi", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "no",
    "pl", "pt", "ro", "sk", "sl", "sv", "tr", "uk",
)  # fmt: skip
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is said of a call; moments are aware, sums in `currency`."""

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
    """Return what is said of a call."""
    values: dict[str, Any] = {name: getattr(call, name) for name in COLUMNS}
    return CallFacts(**values)


def check_facts(facts: CallFacts) -> CallFacts:
    """Return what is said of a call, without spaces around it and without topics told twice.

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
            _("Write the reference of the call, as its funder writes it."), field="reference"
        )
    if not values["title"]:
        raise InvalidInput(_("Write the title of the call."), field="title")
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=name)
    if values["language"] not in (*LANGUAGES, *OTHER_LANGUAGES):
        raise InvalidInput(
            _("Write the language of the text as a code of two letters, such as en."),
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
            _("Name at most %(most)d topics.") % {"most": MOST_TOPICS}, field="topics"
        )
    if long := next((one for one in topics if len(one) > LONGEST_TOPIC), None):
        raise InvalidInput(
            _("Shorten the topic “%(topic)s…” to %(most)d letters.")
            % {"topic": long[:40], "most": LONGEST_TOPIC},
            field="topics",
        )
    values["topics"] = topics


def _check_times(values: dict[str, Any]) -> None:
    opens, closes, second = values["opens_on"], values["closes_at"], values["second_closes_at"]
    if second and not closes:
        raise InvalidInput(
            _("Say when the first stage closes, before the second one."), field="closes_at"
        )
    if second and second < closes:
        raise InvalidInput(
            _("The second stage closes after the first one."), field="second_closes_at"
        )
    if opens and closes and opens > closes.date():
        raise InvalidInput(_("The call opens before it closes."), field="opens_on")


def _check_sums(values: dict[str, Any]) -> None:
    for name in _SUMS:
        value = values[name]
        if value is not None and not (value.is_finite() and 0 <= value <= MOST_SUM):
            raise InvalidInput(_("Write a sum of 0 or more, or leave it empty."), field=name)
        # As the database keeps it, so that nothing seems to have changed.
        values[name] = None if value is None else value.quantize(Decimal("0.01"))
    least, most = values["grant_least"], values["grant_most"]
    if least is not None and most is not None and least > most:
        raise InvalidInput(
            _("The largest grant is not below the smallest one."), field="grant_most"
        )
    count = values["grants_expected"]
    if count is not None and not 0 <= count <= 1_000_000:
        raise InvalidInput(
            _("Write how many grants are expected, or leave it empty."), field="grants_expected"
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
            _("The own conditions cannot be read. The first that does not fit: %(reason)s")
            % {"reason": error},
            field="own_rules",
        ) from None
    if len(own) > MOST_RULES:
        raise InvalidInput(
            _("Write at most %(most)d own conditions.") % {"most": MOST_RULES}, field="own_rules"
        )
    taken = {one.key for one in kept}
    for one in own:
        _check_rule(one, taken)


def _check_rule(rule: Any, taken: set[str]) -> None:
    told = {"key": rule.key}
    if not isinstance(rule.key, str) or not _KEY.fullmatch(rule.key):
        raise InvalidInput(
            _("Give each own condition a key of letters and digits, such as own-1."),
            field="own_rules",
        )
    if rule.key in taken:
        raise InvalidInput(
            _("The condition “%(key)s” is in the set already. Give your own another key.") % told,
            field="own_rules",
        )
    if not isinstance(rule.text, str) or not rule.text.strip() or len(rule.text) > 1000:
        raise InvalidInput(
            _("Say in the own condition “%(key)s” what it asks for, in a sentence.") % told,
            field="own_rules",
        )
    if not isinstance(rule.source.title, str) or not isinstance(rule.source.url, str):
        raise InvalidInput(
            _("Write the source of the own condition “%(key)s” as text.") % told, field="own_rules"
        )
    if rule.source.url and not rule.source.url.lower().startswith(("http://", "https://")):
        raise InvalidInput(
            _("The address in the own condition “%(key)s” has to begin with https://.") % told,
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
            _("Only managers, advisers and ambassadors of the cluster keep its calls.")
        )


@transaction.atomic
def add_call(*, actor: Reader, steward_id: int, facts: CallFacts, now: datetime) -> Call:
    """Note a call by hand. Side effects: an audit row.

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
        **{name: getattr(facts, name) for name in COLUMNS}, steward_id=steward_id,
        source=Call.Source.HAND, brought_at=now, brought_by_id=actor.person,
    )  # fmt: skip
    _save(call)
    audit.record(
        actor, "add_call", call, organisation_id=steward_id,
        changes={"title": call.title, "reference": call.reference},
    )  # fmt: skip
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
        _("Your cluster has a call of this reference already. It may have been put away."),
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
        raise NotFound(_("There is no such call."))
    if version is not None and call.version != version:
        raise Conflict(_("Somebody changed this call meanwhile. Look at it again, then save."))
    return call


@transaction.atomic
def change_call(
    *, actor: Reader, call_id: int, version: int, facts: CallFacts, now: datetime
) -> Call:
    """Change what is said of a call. Side effects: an audit row, if anything is otherwise.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_call`; it was put away.
    InvalidInput
        As of `check_facts`, or another call has this reference.
    """
    call = hold_call(actor, call_id, today=now.date(), version=version)
    if call.put_away_at:
        raise Conflict(_("This call was put away. Bring it back first."))
    changes = write_facts(call, check_facts(facts))
    if changes:
        _save(call, update_fields=[*changes, "version"])
        audit.record(
            actor, "change_call", call, organisation_id=call.steward_id,
            changes={"title": call.title} | changes if "title" not in changes else changes,
        )  # fmt: skip
    return call


def write_facts(call: Call, facts: CallFacts) -> dict[str, list[Any]]:
    """Write facts into a call that is not saved yet; return what changed, as plain values."""
    changes: dict[str, list[Any]] = {}
    for name in COLUMNS:
        was, new = getattr(call, name), getattr(facts, name)
        if was != new:
            changes[name] = [_told(name, was), _told(name, new)]
            setattr(call, name, new)
    if changes:
        call.version += 1
    return changes


def _told(name: str, value: Any) -> Any:
    """Return a value as a trail keeps it, in JSON: of own conditions what each says."""
    if name == "own_rules":
        return [one["text"] for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def put_call_away(*, actor: Reader, call_id: int, now: datetime) -> Call:
    """Put a call away; it can be brought back. Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_call`; it is put away already.
    """
    call = hold_call(actor, call_id, today=now.date())
    if call.put_away_at:
        raise Conflict(_("This call is put away already."))
    return _place(actor, call, "put_call_away", put_away_at=now)


@transaction.atomic
def bring_call_back(*, actor: Reader, call_id: int, now: datetime) -> Call:
    """Bring a call back that was put away. Side effects: an audit row. Errors as of `hold_call`."""
    call = hold_call(actor, call_id, today=now.date())
    if not call.put_away_at:
        raise Conflict(_("This call is not put away."))
    return _place(actor, call, "bring_call_back", put_away_at=None)


def _place(actor: Reader, call: Call, verb: str, *, put_away_at: datetime | None) -> Call:
    call.put_away_at = put_away_at
    call.version += 1
    call.save(update_fields=["put_away_at", "version"])
    audit.record(actor, verb, call, organisation_id=call.steward_id, changes={"title": call.title})
    return call


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
    "refuse_others",
    "write_facts",
]
