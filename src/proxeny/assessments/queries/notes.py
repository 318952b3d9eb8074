"""The teams' notes, for reading, comparing and exporting as a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.assessments.models import Note
from proxeny.kernel.errors import NotFound

#: How notes are sorted, by what addresses call it. Amounts stand beside those of the same currency
#: and unit: others cannot be compared.
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "new": ("-created_at", "-pk"),
    "old": ("created_at", "pk"),
    "title": ("title", "pk"),
    "day": (F("seen_on").desc(nulls_last=True), "-pk"),
    "amount": (
        F("currency").asc(),
        F("unit").asc(),
        F("amount").asc(nulls_last=True),
        "title",
        "pk",
    ),
}
#: What is compared side by side.
COMPARED = (Note.Kind.COMPETITOR, Note.Kind.PRICE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for notes; empty: all of them, the newest first.

    `number` is one note that a link leads to.
    """

    q: str = ""
    kinds: tuple[str, ...] = ()
    sort: str = "new"
    number: int = 0


def find_notes(engagement_id: int, wanted: Wanted) -> QuerySet[Note]:
    """Return the notes of an engagement that are not archived, with their numbers of citations."""
    found = Note.objects.filter(engagement_id=engagement_id, dropped_at=None)
    for word in wanted.q.split():
        found = found.filter(
            Q(title__icontains=word) | Q(text__icontains=word) | Q(origin__icontains=word)
        )
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.number:
        found = found.filter(pk=wanted.number)
    live = Q(cited_by__finding__dropped_at=None)
    found = found.annotate(citations=Count("cited_by", filter=live))
    return found.order_by(*ORDERS.get(wanted.sort, ORDERS["new"]))


def count_kinds(engagement_id: int) -> dict[str, int]:
    """Return the numbers of notes by kind, without empty kinds. One query."""
    found = Note.objects.filter(engagement_id=engagement_id, dropped_at=None).order_by()
    return dict(found.values_list("kind").annotate(count=Count("pk")))


def list_put_away(engagement_id: int) -> list[Note]:
    """Return the archived notes, the last archived first. One query."""
    found = Note.objects.filter(engagement_id=engagement_id, dropped_at__isnull=False)
    return list(found.order_by("-dropped_at", "-pk"))


def list_citable(engagement_id: int) -> list[Note]:
    """Return the notes that something can rest on, by kind and title. One query."""
    found = Note.objects.filter(engagement_id=engagement_id, dropped_at=None)
    return list(found.order_by("kind", "title", "pk").only("pk", "kind", "title"))


def get_note(engagement_id: int, note_id: int) -> Note:
    """Return a note, archived or not; raise `NotFound` if none is visible to the reader."""
    one = Note.objects.filter(pk=note_id, engagement_id=engagement_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this note."))
    return one


def table_of(notes: QuerySet[Note]) -> tuple[list[str], Iterator[list[object]]]:
    """Return notes as a table: its head, and its rows."""
    head = [
        _("Kind"),
        _("In a few words"),
        _("Content"),
        _("According to"),
        _("Link"),
        _("Seen or heard on"),
        _("Amount"),
        _("Currency"),
        _("For"),
        _("Added on"),
        _("Findings based on it"),
    ]
    return head, (_row(one) for one in notes.iterator(chunk_size=500))


def _row(one: Any) -> list[object]:
    return [
        one.get_kind_display(),
        one.title,
        one.text,
        one.origin,
        one.url,
        _day(one.seen_on),
        "" if one.amount is None else float(one.amount),
        one.currency,
        one.unit,
        _day(one.created_at.date()),
        one.citations,
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
