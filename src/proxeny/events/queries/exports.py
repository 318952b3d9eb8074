"""Lists of an event as tables to download. Never whom somebody marked: a file leaves the house."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.events.models import Event, Participation
from proxeny.events.queries.participants import participants_of
from proxeny.events.queries.requests import MarkCounts, request_counts
from proxeny.events.rules import can_organise
from proxeny.kernel.tenancy import Reader


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table with its column heads, and the name of the file without its ending."""

    name: str
    header: list[str]
    rows: Iterable[list[object]]


def table_of_events(events: QuerySet[Event]) -> TableFile:
    """Return events as `list_events` finds them."""
    header = [
        _("Event"), _("Partnership"), _("Place"), _("First day"), _("Last day"), _("State"),
        _("Participants"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [row.title, row.partnership.title, row.place, row.starts_on, row.ends_on,
         row.get_state_display(), row.participants]  # type: ignore[attr-defined]
        for row in events
    ]  # fmt: skip
    return TableFile("events", header, rows)


def table_of_participants(
    reader: Reader, event: Event, *, search: str = "", group_id: int | None = None, sector: str = ""
) -> TableFile:
    """Return who has registered; organisers get all states, and counts of marks.

    The filters are those of `participants_of`.
    """
    organises = can_organise(reader, event)
    found = participants_of(
        event,
        state="" if organises else Participation.State.REGISTERED,
        search=search,
        group_id=group_id,
        sector=sector,
    )
    counts = request_counts(event) if organises else {}
    rows = [_row(one, counts.get(one.pk, MarkCounts()), organises) for one in found]
    return TableFile(f"participants-{event.pk}", _head(organises), rows)


def _head(organises: bool) -> list[str]:
    head = [_("Organisation"), _("Country"), _("Group"), _("Who comes"), _("Languages"),
            _("What they are looking for"), _("Fields")]  # fmt: skip
    if organises:
        head += [_("State"), _("By video"), _("Checked in"), _("Must given"), _("Wishes given"),
                 _("Must received"), _("Wishes received")]  # fmt: skip
    return head


def _row(one: Any, counts: MarkCounts, organises: bool) -> list[object]:
    row: list[object] = [
        one.organisation.name, one.organisation.country, one.group.name, one.contact,
        ", ".join(one.languages), one.pitch, ", ".join(one.organisation.sectors),
    ]  # fmt: skip
    if organises:
        row += [one.get_state_display(), _("yes") if one.by_video else _("no"),
                one.checked_in_at.isoformat(timespec="minutes") if one.checked_in_at else "",
                counts.given_must, counts.given_wish, counts.received_must,
                counts.received_wish]  # fmt: skip
    return row
