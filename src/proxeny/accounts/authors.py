"""Who saved what is saved, as far as the audit trail says so and the reader may see it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from proxeny.accounts.queries import names_of
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.versions import Author

#: How far back the trail of one record is read.
_NEWEST = 50


def authors_of(
    record: models.Model, reader: Reader, *, exact: Iterable[str] = (), whole: Iterable[str] = ()
) -> Callable[[str, Any], Author | None]:
    """Return a function that finds who saved a field's value. At most two queries, when first asked.

    Parameters
    ----------
    exact : iterable of str
        Operations whose audit rows name each changed field as `[before, after]`: such a row is
        believed only of the value that it brought.
    whole : iterable of str
        Operations whose rows do not say which fields changed: the newest is believed of all.
    """
    exact, whole = frozenset(exact), frozenset(whole)
    found: list[AuditEntry] = []
    names: dict[int, str] = {}

    def read() -> None:
        rows = AuditEntry.objects.filter(
            target=record._meta.label_lower, target_id=record.pk, verb__in=exact | whole
        )
        found.extend(rows.order_by("-at", "-pk")[:_NEWEST])
        names.update(names_of({row.person_id for row in found if row.person_id}))

    def find(name: str, value: Any) -> Author | None:
        if not found:
            read()
        for row in found:
            if row.verb in whole or _brought(row, name, value):
                who = row.person_id or 0
                return (
                    Author(names.get(who, ""), row.at, who == reader.person)
                    if who in names
                    else None
                )
        return None

    return find


def _brought(row: AuditEntry, name: str, value: Any) -> bool:
    change = row.changes.get(name)
    if not isinstance(change, list) or len(change) != 2:
        return False
    return bool(str(change[1] or "") == str(value or ""))
