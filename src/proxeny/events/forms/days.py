"""The form by which organisers cut an event's days into slots."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.events.forms.setup import time_field
from proxeny.events.models import Event
from proxeny.events.times import Break, Day, read_days
from proxeny.kernel.edit_conflicts import Part, VersionedForm, canonical, tell_value

#: Number of empty lines for breaks in the form.
BREAK_LINES = 4


class DaysForm(VersionedForm):
    """Slots of each day: one line per day, breaks for all days."""

    use_required_attribute = False
    transient = frozenset({"accept_loss"})

    slot_min = forms.IntegerField(
        label=gettext_lazy("Meeting length (minutes)"), min_value=5, max_value=240, initial=20
    )
    changeover_min = forms.IntegerField(
        label=gettext_lazy("Time to change tables (minutes)"), min_value=0, max_value=60, initial=5
    )
    accept_loss = forms.BooleanField(label=gettext_lazy("Change the times anyway"), required=False)

    def __init__(self, data: Any = None, *, event: Event, **options: Any) -> None:
        super().__init__(data, initial=self._initial_of(event), **options)
        # Named by the date: the event's first day may move while somebody cuts its days.
        self.dates = _dates(event)
        for on in self.dates:
            self.fields[f"held_{on}"] = forms.BooleanField(
                label=_("Meetings on this day"), required=False
            )
            self.fields[f"starts_{on}"] = time_field(_("from"), required=False)
            self.fields[f"ends_{on}"] = time_field(_("to"), required=False)
        for number in range(BREAK_LINES):
            self.fields[f"break_from_{number}"] = time_field(_("from"), required=False)
            self.fields[f"break_to_{number}"] = time_field(_("to"), required=False)
            self.fields[f"break_name_{number}"] = forms.CharField(
                label=_("name"), required=False, max_length=60
            )

    @staticmethod
    def _initial_of(event: Event) -> dict[str, Any]:
        known = {day.on: day for day in read_days(event.days)}
        values: dict[str, Any] = {"version": event.version}
        for on in _dates(event):
            day = known.get(on)
            values |= {
                f"held_{on}": day is not None or not known,
                f"starts_{on}": day.starts if day else "09:00",
                f"ends_{on}": day.ends if day else "17:00",
            }
        if not known:
            return values | {
                "break_from_0": "12:30",
                "break_to_0": "13:30",
                "break_name_0": _("Lunch"),
            }
        first = next(iter(known.values()))
        breaks = {one for day in known.values() for one in day.breaks}
        for number, one in enumerate(sorted(breaks, key=lambda one: one.starts)[:BREAK_LINES]):
            values |= {
                f"break_from_{number}": one.starts,
                f"break_to_{number}": one.ends,
                f"break_name_{number}": one.name,
            }
        return values | {"slot_min": first.slot_min, "changeover_min": first.changeover_min}

    @property
    def day_lines(self) -> list[tuple[Any, Any, Any, Any]]:
        """Return `(date, held, starts, ends)` for each day."""
        return [
            (on, self[f"held_{on}"], self[f"starts_{on}"], self[f"ends_{on}"]) for on in self.dates
        ]

    @property
    def break_lines(self) -> list[tuple[Any, ...]]:
        """Return `(from, to, name)` for each break."""
        return [
            tuple(self[f"break_{part}_{number}"] for part in ("from", "to", "name"))
            for number in range(BREAK_LINES)
        ]

    def clean(self) -> dict[str, Any]:
        """Require both ends of each time span that was begun."""
        values = super().clean() or {}
        for on in self.dates:
            if values.get(f"held_{on}"):
                for part in ("starts", "ends"):
                    if not values.get(f"{part}_{on}"):
                        self.add_error(f"{part}_{on}", _("Enter a time such as 09:00."))
        for number in range(BREAK_LINES):
            ends = [values.get(f"break_from_{number}"), values.get(f"break_to_{number}")]
            if any(ends) and not all(ends):
                missing = "to" if ends[0] else "from"
                self.add_error(f"break_{missing}_{number}", _("Enter a time such as 09:00."))
        return values

    def days(self) -> list[Day]:
        """Return the days that were ticked, each with the breaks that lie within it."""
        values = self.cleaned_data
        breaks = [
            Break(
                values[f"break_from_{number}"],
                values[f"break_to_{number}"],
                values[f"break_name_{number}"].strip(),
            )
            for number in range(BREAK_LINES)
            if values.get(f"break_from_{number}")
        ]
        return [self._day(on, breaks) for on in self.dates if values.get(f"held_{on}")]

    def _day(self, on: date, breaks: Sequence[Break]) -> Day:
        values = self.cleaned_data
        starts, ends = values[f"starts_{on}"], values[f"ends_{on}"]
        # A break that this day does not reach is one of another day.
        within = [one for one in breaks if not (one.ends <= starts or one.starts >= ends)]
        return Day(
            on=on,
            starts=starts,
            ends=ends,
            slot_min=values["slot_min"],
            changeover_min=values["changeover_min"],
            breaks=tuple(within),
        )

    def parts(self) -> list[Part]:
        """Return the lengths, each day, and the breaks of all days as one."""
        days = [
            Part(f"day-{on}", _day_name(on), (f"held_{on}", f"starts_{on}", f"ends_{on}"))
            for on in self.dates
        ]
        names = tuple(
            f"break_{part}_{number}"
            for number in range(BREAK_LINES)
            for part in ("from", "to", "name")
        )
        lengths = [part for part in super().parts() if part.name in {"slot_min", "changeover_min"}]
        return [*lengths, *days, Part("breaks", _("Breaks"), names)]

    def typed_key(self, part: Part) -> str:
        """Return what was typed, to compare: times of a day without meetings do not count."""
        return canonical(self._lines(part, self.read))

    def saved_key(self, part: Part) -> str:
        """Return what is saved, to compare."""
        return canonical(self._lines(part, self.saved))

    def tell(self, part: Part, *, is_typed: bool) -> str:
        """Return a day's times, or the breaks, one a line."""
        lines = self._lines(part, self.read if is_typed else self.saved)
        if part.name.startswith("day-"):
            return lines[0] if lines else _("no meetings")
        return "\n".join(lines)

    def _lines(self, part: Part, take: Callable[[str], Any]) -> list[str]:
        values = [take(name) for name in part.fields]
        if part.name == "breaks":
            lines = [values[at : at + 3] for at in range(0, len(values), 3)]
            return sorted(_span(*line) for line in lines if any(line[:2]))
        if part.name.startswith("day-"):
            return [_span(*values[1:])] if values[0] else []
        return [tell_value(value) for value in values]


def _dates(event: Event) -> list[date]:
    count = (event.ends_on - event.starts_on).days + 1
    return [event.starts_on + timedelta(days=number) for number in range(count)]


def _day_name(on: date) -> str:
    return f"{date_format(on, 'l')} {date_format(on, 'MONTH_DAY_FORMAT')}"


def _span(starts: Any, ends: Any, name: str = "") -> str:
    return f"{tell_value(starts)} – {tell_value(ends)} {name}".strip()
