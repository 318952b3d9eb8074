"""The history of one record in sentences: the audit rows about it that the reader may read.

A capability says with `keep_trail` which of its records have a history page, how one is found (with
the reader's own eyes), and which other records belong to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.accounts.queries import names_of
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import AuditEntry

#: Longer values are cut: the page tells what happened, the record itself shows the text.
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Trail:
    """A kind of record with a history.

    Attributes
    ----------
    find : callable
        Returns the record with a number; raises `NotFound` when the reader does not see it.
    related : callable
        Returns `{model label: ids}` of what belongs to the record, as querysets or lists.
    address : callable
        Returns the address of the record's own page.
    """

    find: Callable[[int], Model]
    address: Callable[[Any], str]
    related: Callable[[Any], Mapping[str, Any]] = lambda record: {}


_TRAILS: dict[str, Trail] = {}


def keep_trail(kind: str, trail: Trail) -> None:
    """Give a kind of record a history page under `/history/<kind>/<id>/`."""
    _TRAILS[kind] = trail


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One audit row, as people read it."""

    at: datetime
    sentence: Any
    by: str
    why: str
    changes: list[Change]


def find_record(kind: str, pk: int) -> tuple[Model, str]:
    """Return a record that has a history, and its page's address.

    Raises
    ------
    NotFound
        There is no such kind, or the reader does not see the record.
    """
    trail = _TRAILS.get(kind)
    if trail is None:
        raise NotFound(_("There is nothing at this address."))
    record = trail.find(pk)
    return record, trail.address(record)


def find_happenings(kind: str, record: Model, *, verb: str = "") -> QuerySet[AuditEntry]:
    """Return the audit rows about a record and what belongs to it, newest first."""
    wanted = Q(target=record._meta.label_lower, target_id=record.pk)
    for label, ids in _TRAILS[kind].related(record).items():
        wanted |= Q(target=label.lower(), target_id__in=ids)
    entries = AuditEntry.objects.filter(wanted).order_by("-at", "-pk")
    return entries.filter(verb=verb) if verb else entries


def told_verbs(kind: str, record: Model) -> list[tuple[str, Any]]:
    """Return the operations in a record's history, with their sentences. One query."""
    known = audit.sentences()
    found = find_happenings(kind, record).order_by("verb").values_list("verb", flat=True).distinct()
    return [(verb, known.get(verb, verb)) for verb in found]


def tell_happenings(entries: list[AuditEntry]) -> list[Happening]:
    """Turn audit rows into sentences. One query for the names."""
    names = names_of(entry.person_id for entry in entries if entry.person_id)
    known = audit.sentences()
    return [
        Happening(
            at=entry.at,
            sentence=known.get(entry.verb, entry.verb),
            by=_name(entry, names),
            why=entry.why,
            changes=_changes(entry),
        )
        for entry in entries
    ]


def _name(entry: AuditEntry, names: Mapping[int, str]) -> str:
    if entry.person_id is None:
        return _("Proxeny")
    # The other side's people are no longer seen once their seats have ended.
    return names.get(entry.person_id, "") or _("Somebody who has left")


def _changes(entry: AuditEntry) -> list[Change]:
    return [
        Change(_label(entry.target, name), _text(pair[0]), _text(pair[1]))
        for name, pair in entry.changes.items()
        if isinstance(pair, list) and len(pair) == 2
    ]


def _label(target: str, name: str) -> str:
    try:
        field = apps.get_model(target)._meta.get_field(name)
    except (FieldDoesNotExist, LookupError, ValueError):
        return name.replace("_", " ")
    return str(getattr(field, "verbose_name", name))


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
