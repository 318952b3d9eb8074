"""Consequences of a recommendation's step, by its source, and its entries in the history."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from proxeny.kernel import audit
from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import rules
from proxeny.partnerships.models import Partnership, Recommendation

#: Consequences of a step, besides its audit row: the actor, the recommendation, its previous state,
#: and the time. By source of the recommendation; higher-level packages register theirs when Django
#: is ready.
Then = Callable[[Reader, Recommendation, str, datetime], None]
STEP_TAKEN: KeyedHook[Then] = KeyedHook(
    "advice.steps", "Mails the people concerned by a step of a recommendation, by its source."
)


def note_decision(
    actor: Reader,
    partnership: Partnership,
    record: Recommendation,
    before: str,
    organisation_id: int,
    now: datetime,
) -> None:
    """Write down what all parties decided, and do what the source of the recommendation says."""
    audit.record(
        actor,
        "decide_recommendation",
        record,
        organisation_id=organisation_id,
        partnership_id=partnership.pk,
        changes=tell_changes(record, state=[before, record.state]),
        why="" if rules.is_of_assessment(record) else record.reason,
    )
    do_what_follows(actor, record, before, now)


def tell_changes(record: Recommendation, **changes: Any) -> dict[str, Any]:
    """Return the content of an audit row; for an assessment's recommendation the state alone."""
    if rules.is_of_assessment(record):
        return {name: changes[name] for name in ("state",) if name in changes}
    return {"title": record.title, **changes}


def do_what_follows(actor: Reader, record: Recommendation, before: str, now: datetime) -> bool:
    """Do what the source of a recommendation says; return whether it says anything."""
    then = STEP_TAKEN.get(record.source)
    if then is not None:
        then(actor, record, before, now)
    return then is not None
