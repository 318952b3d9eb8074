"""The organisers' board of an agenda: its state, its certificate, and pairs without a place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import AgendaEntry, AgendaRun, Event, Participation
from proxeny.events.queries.agenda.places import get_event, live_entries
from proxeny.events.rules import can_organise
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone

#: When something begins, and when it ends.
Span = tuple[datetime, datetime]
NO_GAP = timedelta()
#: Reasons that a change by hand would break, too.
_NO_PLACE_BY_HAND = {"cap", "never-free-together", "no-video-table"}


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A wished meeting without a place, and why, in a sentence."""

    first: str
    second: str
    first_id: int
    second_id: int
    why: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class Board:
    """An agenda as its organisers see it now.

    `by_hand` counts meetings that differ from what the last run made.
    """

    event: Event
    can_edit: bool
    run: AgendaRun | None
    job: Job | None
    meetings: int
    locked: int
    people: int
    breaks: int
    longest_gap: timedelta
    by_hand: int
    unplaced: tuple[Unplaced, ...]

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self.job is not None and not self.job.is_over


def get_event_for_staff(reader: Reader, event_id: int) -> Event:
    """Return the event to people of the two clusters.

    Raises
    ------
    NotFound, NotAllowed
        Not seen at all; seen, but the whole agenda is the organisers' matter.
    """
    event = get_event(event_id)
    if event.partnership_id not in reader.rooms:
        raise NotAllowed(_("Only organisers can see the full agenda."))
    return event


def get_board(reader: Reader, event_id: int) -> Board:
    """Read an agenda's board; seven queries, whatever the number of meetings.

    Raises
    ------
    NotFound, NotAllowed
        See `get_event_for_staff`.
    """
    event = get_event_for_staff(reader, event_id)
    run = AgendaRun.objects.filter(event=event).first()
    rows = list(
        AgendaEntry.objects.filter(event=event, is_live=True).values_list(
            "first_id", "second_id", "slot_id", "table_id", "is_locked", "slot__number"
        )
    )
    busy = busy_slots((row[0], row[1], row[5]) for row in rows)
    times = slot_times(event)
    return Board(
        event=event,
        can_edit=can_organise(reader, event),
        run=run,
        job=Job.objects.filter(pk=run.job_id).first() if run and run.job_id else None,
        meetings=len(rows),
        locked=sum(row[4] for row in rows),
        people=len(busy),
        breaks=sum(count_breaks(slots) for slots in busy.values()),
        longest_gap=max((find_longest_gap(one, times) for one in busy.values()), default=NO_GAP),
        by_hand=_count_by_hand(run, rows),
        unplaced=tuple(_unplaced(event, run, rows)) if run else (),
    )


def busy_slots(meetings: Iterable[tuple[int, int, int]]) -> dict[int, list[int]]:
    """Return each participant's busy slots from (first, second, slot number)."""
    busy: dict[int, list[int]] = {}
    for first, second, number in meetings:
        busy.setdefault(first, []).append(number)
        busy.setdefault(second, []).append(number)
    return busy


def count_breaks(slots: Iterable[int]) -> int:
    """Count the groups of idle slots between the first and the last of `slots`."""
    return sum(later - earlier > 1 for earlier, later in pairwise(sorted(set(slots))))


def slot_times(event: Event) -> dict[int, Span]:
    """Return when each slot of an event begins and ends, in its own time, by number. One query."""
    zone = load_zone(event.time_zone)
    found = event.slots.values_list("number", "starts_at", "ends_at")
    return {number: (a.astimezone(zone), b.astimezone(zone)) for number, a, b in found}


def find_longest_gap(slots: Iterable[int], times: Mapping[int, Span]) -> timedelta:
    """Return the longest wait between two meetings of a day, where slots lie between them."""
    gaps = (
        times[later][0] - times[earlier][1]
        for earlier, later in pairwise(sorted(set(slots)))
        if later - earlier > 1 and times[earlier][1].date() == times[later][0].date()
    )
    return max(gaps, default=NO_GAP)


def _count_by_hand(run: AgendaRun | None, rows: list[Any]) -> int:
    if run is None or not run.best:
        return 0
    made = {(*sorted(row[:2]), *row[2:]) for row in run.best}
    now = {(*sorted(row[:2]), *row[2:4]) for row in rows}
    # A moved meeting differs on both sides and counts once.
    return max(len(made - now), len(now - made))


def _unplaced(event: Event, run: AgendaRun, rows: list[Any]) -> Iterable[Unplaced]:
    placed = {tuple(sorted(row[:2])) for row in rows}
    names = dict(Participation.objects.filter(event=event).values_list("pk", "organisation__name"))
    for one in run.unplaced:
        first, second = one["first"], one["second"]
        if tuple(sorted((first, second))) in placed or {first, second} - set(names):
            continue
        yield Unplaced(
            names[first],
            names[second],
            first,
            second,
            _why(one, names),
            one["code"] not in _NO_PLACE_BY_HAND,
        )


def _why(one: dict[str, Any], names: dict[int, str]) -> str:
    if one["code"] == "cap":
        cap = int(one["cap"])
        return ngettext(
            "%(name)s wants at most %(cap)d meeting and already has it.",
            "%(name)s wants at most %(cap)d meetings and has already reached that limit.",
            cap,
        ) % {"name": names.get(one["who"], ""), "cap": cap}
    return {
        "never-free-together": _("They’re never available at the same time."),
        "no-video-table": _("One of them is joining by video, and there’s no video room."),
        "busy": _("Whenever one of them is free, the other has a meeting."),
        "tables": _("Every table is taken whenever both are free."),
        "worth": _("Higher-priority meetings took the available slots."),
        "not-found": _("No slot was found in the time allowed. A longer search may find one."),
    }.get(one["code"], _("No slot was found."))


def certificate_words(run: AgendaRun) -> tuple[str, str]:
    """Return what a run has proved, as a title and a sentence for organisers."""
    if run.status == "optimal":
        return _("Proven: this is the best agenda"), ngettext(
            "No other agenda can fulfil more of these requests, and none that fulfils as many "
            "has fewer than %(count)d idle gap.",
            "No other agenda can fulfil more of these requests, and none that fulfils as many "
            "has fewer than %(count)d idle gaps.",
            run.breaks or 0,
        ) % {"count": run.breaks or 0}
    if run.status == "feasible":
        return _("A good agenda, not yet proven to be the best"), _better_words(run)
    if run.status == "infeasible":
        return _("No agenda meets all the rules"), _(
            "The locked meetings, absences and fairness setting can’t all be met at once. Unlock "
            "a meeting, or allow more uneven gaps."
        )
    return _("No agenda was found in the time allowed"), _(
        "Nothing was changed. Allow more time for the next calculation."
    )


def status_words(run: AgendaRun) -> str:
    """Return how a run ended, in a word or two."""
    return {
        "optimal": _("Proven best"),
        "feasible": _("Found, not yet proven best"),
        "infeasible": _("Impossible"),
        "unknown": _("Nothing found in the time allowed"),
    }.get(run.status, run.status)


def _better_words(run: AgendaRun) -> str:
    if run.value is not None and run.value_bound is not None and run.value < run.value_bound:
        return _(
            "It meets every rule and fulfils requests worth %(value)d points; no agenda can "
            "exceed %(bound)d. A longer search may get closer."
        ) % {"value": run.value, "bound": run.value_bound}
    return ngettext(
        "It meets every rule and fulfils as many requests as possible. It has %(breaks)d idle "
        "gap; no agenda that fulfils as many has fewer than %(bound)d. A longer search may get "
        "closer.",
        "It meets every rule and fulfils as many requests as possible. It has %(breaks)d idle "
        "gaps; no agenda that fulfils as many has fewer than %(bound)d. A longer search may get "
        "closer.",
        run.breaks or 0,
    ) % {"breaks": run.breaks or 0, "bound": run.bound or 0}


def list_participants(event_id: int) -> list[tuple[int, str]]:
    """Return the registered participants' ids and names, by name."""
    return list(
        Participation.objects.filter(event_id=event_id, state=Participation.State.REGISTERED)
        .order_by("organisation__name")
        .values_list("pk", "organisation__name")
    )


def export_rows(event: Event) -> Iterable[list[object]]:
    """Return the agenda as rows of a table, times local to the event."""
    zone = ZoneInfo(event.time_zone)
    for entry in live_entries(event.pk):
        start, end = entry.slot.starts_at.astimezone(zone), entry.slot.ends_at.astimezone(zone)
        yield [
            f"{start:%Y-%m-%d}",
            f"{start:%H:%M}",
            f"{end:%H:%M}",
            entry.slot.number,
            entry.table.name,
            entry.first.organisation.name,
            entry.first.contact,
            entry.second.organisation.name,
            entry.second.contact,
            entry.meeting.get_state_display(),
            _("yes") if entry.is_locked else _("no"),
        ]


def export_head() -> list[object]:
    """Return the column heads of `export_rows`."""
    return [
        _("day"),
        _("from"),
        _("until"),
        _("slot"),
        _("table"),
        _("first participant"),
        _("who’s coming"),
        _("second participant"),
        _("who’s coming"),
        _("state"),
        _("locked"),
    ]
