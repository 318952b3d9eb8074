"""The history of one record in sentences: the audit rows about it that the reader may read.

A capability says in `TRAILS` which of its records have a history page, how one is found (with
the reader's own eyes), and which other records belong to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Field, Model, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from proxeny.accounts.queries import names_of
from proxeny.kernel import audit
from proxeny.kernel.edit_conflicts.text_diff import Piece, compare_words
from proxeny.kernel.errors import NotFound
from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.lists import join_items
from proxeny.kernel.models import AuditEntry

#: Where a row itself says what it is about: an offer's title, a person's name, a file's.
_NAMED = ("title", "name", "file")
#: From here on two texts are compared, not shown one after the other.
_LONG = 80
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
    things : callable
        Returns `{row id: name}` of what rows are about, where the rows do not say it themselves.
    labels : mapping
        Names of what changed, where it is no field with a name of its own.
    words : mapping
        How a value reads, or each of a list, by field: a country's name for its code.
    """

    find: Callable[[int], Model]
    address: Callable[[Any], str]
    related: Callable[[Any], Mapping[str, Any]] = lambda record: {}
    things: Callable[[Sequence[AuditEntry]], Mapping[int, str]] = lambda entries: {}
    labels: Mapping[str, Any] = dataclass_field(default_factory=dict)
    words: Mapping[str, Callable[[Any], str]] = dataclass_field(default_factory=dict)


TRAILS: KeyedHook[Trail] = KeyedHook(
    "history.trails", "The history page of a kind of record, under /history/<kind>/<id>/."
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, whole."""

    label: str
    old: str
    new: str

    @property
    def before(self) -> str:
        """The old value, cut where it is long."""
        return _cut(self.old)

    @property
    def after(self) -> str:
        """The new value, cut where it is long."""
        return _cut(self.new)

    @property
    def pieces(self) -> tuple[Sequence[Piece], Sequence[Piece]] | None:
        """The word-by-word comparison of both texts, if both are long; computed on first use."""
        if min(len(self.old), len(self.new)) <= _LONG:
            return None
        return compare_words(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Happening:
    """One audit row, as people read it."""

    at: datetime
    sentence: Any
    what: str
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
    trail = TRAILS.get(kind)
    if trail is None:
        raise NotFound(_("There’s nothing at this address."))
    record = trail.find(pk)
    return record, trail.address(record)


def find_happenings(kind: str, record: Model, *, verb: str = "") -> QuerySet[AuditEntry]:
    """Return the audit rows about a record and what belongs to it, newest first."""
    wanted = Q(target=record._meta.label_lower, target_id=record.pk)
    for label, ids in TRAILS[kind].related(record).items():
        wanted |= Q(target=label.lower(), target_id__in=ids)
    entries = AuditEntry.objects.filter(wanted).order_by("-at", "-pk")
    return entries.filter(verb=verb) if verb else entries


def told_verbs(kind: str, record: Model) -> list[tuple[str, Any]]:
    """Return the operations in a record's history, with their sentences. One query."""
    known = audit.sentences()
    found = find_happenings(kind, record).order_by("verb").values_list("verb", flat=True).distinct()
    return [(verb, known.get(verb, verb)) for verb in found]


def tell_happenings(kind: str, entries: Sequence[AuditEntry]) -> list[Happening]:
    """Turn a record's audit rows into sentences.

    One query for the people, some for the things, and one for each other value that a word asks for.
    """
    trail = _asking_once(TRAILS[kind])
    things = trail.things(entries)
    names = names_of(entry.person_id for entry in entries if entry.person_id)
    known = audit.sentences()
    return [
        Happening(
            at=entry.at,
            sentence=known.get(entry.verb, entry.verb),
            what=things.get(entry.pk, "") or _thing(entry),
            by=_name(entry, names),
            why=entry.why,
            changes=_changes(entry, trail),
        )
        for entry in entries
    ]


def _asking_once(trail: Trail) -> Trail:
    # A number's name is read from the database, and the same number occurs in many rows.
    once = {word: cache(word) for word in trail.words.values()}
    return replace(trail, words={name: once[word] for name, word in trail.words.items()})


def _name(entry: AuditEntry, names: Mapping[int, str]) -> str:
    if entry.person_id is None:
        return _("Proxeny")
    # Members of the other side, and people whose seats there have ended.
    return names.get(entry.person_id, "") or _("Someone whose name isn’t visible to you")


def _thing(entry: AuditEntry) -> str:
    named = (entry.changes.get(key) for key in _NAMED)
    return next((one for one in named if isinstance(one, str)), "")


def _changes(entry: AuditEntry, trail: Trail) -> list[Change]:
    return [
        _change(entry.target, name, pair, trail)
        for name, pair in entry.changes.items()
        if isinstance(pair, list) and len(pair) == 2 and _order(pair[0]) != _order(pair[1])
    ]


def _order(value: Any) -> Any:
    # Nobody asked for another order of languages or fields.
    return sorted(map(str, value)) if isinstance(value, list) else value


def _change(target: str, name: str, pair: list[Any], trail: Trail) -> Change:
    field = _field(target, name)
    label = trail.labels.get(name) or getattr(field, "verbose_name", name.replace("_", " "))
    word = trail.words.get(name, str)
    before, after = (_text(value, field, word) for value in pair)
    return Change(capfirst(str(label)), before, after)


def _field(target: str, name: str) -> "Field[Any, Any] | None":
    try:
        field = apps.get_model(target)._meta.get_field(name)
    except (FieldDoesNotExist, LookupError, ValueError):
        return None
    return field if isinstance(field, Field) else None


def _text(value: Any, field: "Field[Any, Any] | None", word: Callable[[Any], str]) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return join_items(word(one) for one in value)
    choices = dict(getattr(field, "flatchoices", ()))
    return _moment(str(value), field) or str(choices.get(value) or word(value))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _moment(text: str, field: "Field[Any, Any] | None") -> str:
    """Return a day or moment as people write it; nothing where the field holds none."""
    if isinstance(field, DateTimeField) and (moment := parse_datetime(text)):
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if isinstance(field, DateField) and (day := parse_date(text)):
        return date_format(day, "DATE_FORMAT")
    return ""
