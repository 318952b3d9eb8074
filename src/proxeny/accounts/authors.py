"""Authors of saved values, as far as the audit trail records them and the reader may see them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from proxeny.accounts.queries import names_of
from proxeny.kernel.edit_conflicts import Author
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader

#: Maximum number of rows read from the trail of one record.
_NEWEST = 50


def authors_of(
    record: models.Model, reader: Reader, *, exact: Iterable[str] = (), whole: Iterable[str] = ()
) -> Callable[[str, Any], Author | None]:
    """Return a function that finds the author of a field's value; at most two queries, when used.

    Parameters
    ----------
    exact : iterable of str
        Operations whose audit rows record each changed field as `[before, after]`: such a row
        counts only for the value that it set.
    whole : iterable of str
        Operations whose rows do not record the changed fields: the newest counts for all.
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
