"""Progress of an event's set-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import Event, Group, Slot, Table
from proxeny.events.queries.events import DayView, directions_of, view_days
from proxeny.events.rules import may_ask
from proxeny.events.times import Day, check_within, cut_days
from proxeny.kernel.zones import load_zone


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step of the set-up, as a link."""

    url: str
    label: str
    state: str
    note: str = ""


def tables_of(event: Event) -> list[Table]:
    """Return the event's tables in the order of their numbers."""
    return list(event.tables.all())


def setup_steps(event: Event, active: str) -> list[SetupStep]:
    """Return the steps of the set-up with their current values. Four queries."""
    slots, tables = event.slots.count(), event.tables.count()
    groups = event.groups.count()
    allowed = event.rules.filter(is_allowed=True).count()
    is_open = event.state != Event.State.DRAFT
    steps: tuple[tuple[str, str, Any, bool, str], ...] = (
        ("basics", "setup", _("Event details"), True, ""),
        (
            "days",
            "setup-days",
            _("Days"),
            bool(slots),
            ngettext("%(count)d slot", "%(count)d slots", slots) % {"count": slots},
        ),
        (
            "tables",
            "setup-tables",
            _("Tables"),
            bool(tables),
            ngettext("%(count)d table", "%(count)d tables", tables) % {"count": tables},
        ),
        (
            "groups",
            "setup-groups",
            _("Groups"),
            bool(groups),
            ngettext("%(count)d group", "%(count)d groups", groups) % {"count": groups},
        ),
        ("rules", "setup-rules", _("Request rules"), bool(allowed), ""),
        ("opening", "setup-opening", _("Opening"), is_open, event.get_state_display()),
    )
    return [
        SetupStep(
            reverse(f"events:{name}", args=[event.pk]),
            label,
            "current" if key == active else "done" if is_done else "todo",
            note if is_done else "",
        )
        for key, name, label, is_done, note in steps
    ]


def preview_days(event: Event, days: Sequence[Day]) -> list[DayView]:
    """Return the days as `set_days` would cut them; nothing is written. Raises as it does."""
    return view_days(event, preview_slots(event, days), days=days)


def preview_slots(event: Event, days: Sequence[Day]) -> list[Slot]:
    """Return the slots that `set_days` would make; nothing is written. Raises as it does."""
    check_within(days, event.starts_on, event.ends_on)
    return [
        Slot(number=number, session=cut.session, starts_at=cut.starts_at, ends_at=cut.ends_at)
        for number, cut in enumerate(cut_days(days, load_zone(event.time_zone)), 1)
    ]


def rules_of(event: Event, groups: Iterable[Group]) -> list[tuple[int, int, bool]]:
    """Return `(asking group, asked group, whether it may)` for each pair of groups. One query."""
    directions = directions_of(event)
    ids = [group.pk for group in groups]
    return [
        (source, target, may_ask(directions, source, target)) for source in ids for target in ids
    ]
