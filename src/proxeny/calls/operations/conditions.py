"""The conditions of a call, each in words, with its source."""

from dataclasses import dataclass
from datetime import date

from proxeny.calls.models import Call
from proxeny.calls.operations.checking import rules_of
from proxeny.calls.rule_sentences import tell_rule


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    `text` is what its source says in short, in the source's own language. `is_sure`: the source was the original, and whole. `is_own`: the call's own.
    """

    key: str
    text: str
    source: str
    address: str
    seen: date | None
    is_sure: bool
    is_own: bool


def list_conditions(call: Call) -> list[Condition]:
    """Return the conditions of a call: those of its set, then its own. No query."""
    _kept, rules = rules_of(call)
    own = {one.get("key") for one in call.own_rules}
    return [
        Condition(
            key=one.key,
            text=tell_rule(one, call.currency),
            source=one.source.title,
            address=one.source.url,
            seen=one.source.seen,
            is_sure=one.sure,
            is_own=one.key in own,
        )
        for one in rules
    ]
