"""Lists of an event as tables to download. They never contain marks: a file leaves the platform."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

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
        _("Event"),
        _("Partnership"),
        _("Place"),
        _("First day"),
        _("Last day"),
        _("State"),
        _("Participants"),
    ]
    rows: list[list[object]] = [
        [
            row.title,
            row.partnership.title,
            row.place,
            row.starts_on,
            row.ends_on,
            row.get_state_display(),
            row.participants,
        ]
        for row in cast("Iterable[Any]", events)
    ]
    return TableFile("events", header, rows)


def table_of_participants(
    reader: Reader, event: Event, *, search: str = "", group_id: int | None = None, sector: str = ""
) -> TableFile:
    """Return registered participants; organisers get all states, and counts of marks.

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
    head = [
        _("Organisation"),
        _("Country"),
        _("Group"),
        _("Who’s coming"),
        _("Languages"),
        _("What they’re looking for"),
        _("Fields"),
    ]
    if organises:
        head += [
            _("State"),
            _("By video"),
            _("Checked in"),
            _("“Must meet” sent"),
            _("“Want to meet” sent"),
            _("“Must meet” received"),
            _("“Want to meet” received"),
        ]
    return head


def _row(one: Any, counts: MarkCounts, organises: bool) -> list[object]:
    row: list[object] = [
        one.organisation.name,
        one.organisation.country,
        one.group.name,
        one.contact,
        ", ".join(one.languages),
        one.pitch,
        ", ".join(one.organisation.sectors),
    ]
    if organises:
        row += [
            one.get_state_display(),
            _("yes") if one.by_video else _("no"),
            one.checked_in_at.isoformat(timespec="minutes") if one.checked_in_at else "",
            counts.given_must,
            counts.given_wish,
            counts.received_must,
            counts.received_wish,
        ]
    return row
