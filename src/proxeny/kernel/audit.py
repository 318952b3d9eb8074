"""The audit trail: every write of an operation leaves a row in the same transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q

from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader, as_service

SENTENCES: KeyedHook[Any] = KeyedHook(
    "history.sentences", "How an operation reads in a history, by its verb."
)


def sentences() -> dict[str, Any]:
    """Return the sentence of each operation."""
    return dict(SENTENCES)


def record(
    actor: Reader,
    verb: str,
    target: models.Model,
    *,
    organisation_id: int | None = None,
    partnership_id: int | None = None,
    changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write one audit row.

    Parameters
    ----------
    actor : Reader
        The reader who performed the operation.
    verb : str
        The operation's name, for instance `sign_agreement`.
    target : Model
        The saved instance that was made, changed or removed.
    organisation_id, partnership_id : int, optional
        The organisation and the partnership it was done for; managers of the one and both sides of
        the other may read the row.
    changes : dict, optional
        What changed, as `{field: [before, after]}` or a short summary; must be JSON.
    why : str
        The reason the actor gave.
    """
    entry = AuditEntry(
        person_id=actor.person,
        organisation_id=organisation_id,
        partnership_id=partnership_id,
        verb=verb,
        target=target._meta.label_lower,
        target_id=target.pk,
        changes=changes or {},
        why=why,
    )
    if not actor.is_guest:
        entry.save(force_insert=True)
        return
    with as_service("A guest is no person, in whose name alone a reader writes to the trail."):
        entry.save(force_insert=True)


def record_once(
    actor: Reader,
    verb: str,
    target: models.Model,
    *,
    since: datetime,
    partnership_id: int | None,
    changes: Callable[[], dict[str, Any]] = dict,
    like: Q | None = None,
    **given: Any,
) -> None:
    """Write one audit row unless the actor has one of this verb, target and partnership already.

    For what people do many times a day and needs to be told once: reading.

    Parameters
    ----------
    since : datetime
        Older rows do not count.
    changes : callable
        Gives what `record` takes; called for a new row only.
    like : Q, optional
        Only rows like this count.
    given
        As for `record`.
    """
    known = AuditEntry.objects.filter(
        like or Q(),
        person_id=actor.person,
        verb=verb,
        target=target._meta.label_lower,
        target_id=target.pk,
        partnership_id=partnership_id,
        at__gte=since,
    )
    if known.exists():
        return
    # Two pages opened at the same moment leave one row: the second waits here, and looks again.
    words = (actor.person, verb, target._meta.label_lower, target.pk, partnership_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [" ".join(map(str, words))]
        )
    if not known.all().exists():
        record(actor, verb, target, partnership_id=partnership_id, changes=changes(), **given)
