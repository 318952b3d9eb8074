"""Forms by which organisers set an event up."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.events.models import Event, Group, Table
from proxeny.events.operations import EventFacts, NewGroup, NewTable
from proxeny.events.times import Break, Day, load_zone, localise, read_days, zone_names

#: How many breaks and how many new groups the forms offer lines for.
BREAK_LINES = 4
NEW_GROUPS = 2
_AREAS = ("Europe/", "Africa/", "Asia/", "America/", "Australia/", "Atlantic/", "UTC")


def _zones() -> list[tuple[str, str]]:
    return [
        (name, name.replace("_", " "))
        for area in _AREAS
        for name in sorted(zone_names())
        if name.startswith(area)
    ]


def _date(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **options)


class EventForm(forms.Form):
    """What the event is, where and when, and until when requests are taken."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    partnership = forms.TypedChoiceField(label=gettext_lazy("Partnership"), coerce=int)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200)
    summary = forms.CharField(
        label=gettext_lazy("What it is about"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    starts_on = _date(gettext_lazy("First day"))
    ends_on = _date(gettext_lazy("Last day"))
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=_zones,
        help_text=gettext_lazy("All times of this event are shown in it."),
    )
    deadline_at = _date(gettext_lazy("Requests until"))
    deadline_time = _time(gettext_lazy("at"), initial="18:00")
    fairness = forms.IntegerField(
        label=gettext_lazy("Fairness"),
        required=False,
        min_value=0,
        max_value=50,
        initial=2,
        help_text=gettext_lazy(
            "How many more idle gaps one participant may have than another. Empty: any number."
        ),
    )

    def __init__(
        self, data: Any = None, *, partnerships: Iterable[tuple[int, str]] = (), **options: Any
    ) -> None:
        super().__init__(data, **options)
        choices = list(partnerships)
        if choices:
            self.fields["partnership"].choices = choices
        else:
            del self.fields["partnership"]

    @staticmethod
    def initial_of(event: Event) -> dict[str, Any]:
        """Return what the form shows of an event."""
        names = ("version", "title", "place", "summary", "starts_on", "ends_on", "time_zone",
                 "fairness")  # fmt: skip
        deadline = event.deadline_at.astimezone(load_zone(event.time_zone))
        return {
            **{name: getattr(event, name) for name in names},
            "deadline_at": deadline.date(),
            "deadline_time": deadline.time(),
        }

    def facts(self) -> EventFacts:
        """Return what was typed. Raises `InvalidInput` where the clocks skip the deadline."""
        values = self.cleaned_data
        zone = load_zone(values["time_zone"])
        return EventFacts(
            title=values["title"],
            place=values["place"],
            summary=values["summary"],
            time_zone=values["time_zone"],
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            deadline_at=localise(values["deadline_at"], values["deadline_time"], zone),
            fairness=values["fairness"],
        )


class DaysForm(forms.Form):
    """How each day is cut: one line a day, breaks for all days."""

    use_required_attribute = False

    slot_min = forms.IntegerField(
        label=gettext_lazy("Minutes of a meeting"), min_value=5, max_value=240, initial=20
    )
    changeover_min = forms.IntegerField(
        label=gettext_lazy("Minutes to change tables"), min_value=0, max_value=60, initial=5
    )
    accept_loss = forms.BooleanField(
        label=gettext_lazy("Change the times all the same"), required=False
    )

    def __init__(self, data: Any = None, *, event: Event, **options: Any) -> None:
        super().__init__(data, initial=self._initial_of(event), **options)
        count = (event.ends_on - event.starts_on).days + 1
        self.dates = [event.starts_on + timedelta(days=number) for number in range(count)]
        for number in range(count):
            self.fields[f"held_{number}"] = forms.BooleanField(
                label=_("Meetings on this day"), required=False
            )
            self.fields[f"starts_{number}"] = _time(_("from"), required=False)
            self.fields[f"ends_{number}"] = _time(_("to"), required=False)
        for number in range(BREAK_LINES):
            self.fields[f"break_from_{number}"] = _time(_("from"), required=False)
            self.fields[f"break_to_{number}"] = _time(_("to"), required=False)
            self.fields[f"break_name_{number}"] = forms.CharField(
                label=_("called"), required=False, max_length=60
            )

    @staticmethod
    def _initial_of(event: Event) -> dict[str, Any]:
        known = {day.on: day for day in read_days(event.days)}
        values: dict[str, Any] = {}
        for number in range((event.ends_on - event.starts_on).days + 1):
            day = known.get(event.starts_on + timedelta(days=number))
            values |= {
                f"held_{number}": day is not None or not known,
                f"starts_{number}": day.starts if day else "09:00",
                f"ends_{number}": day.ends if day else "17:00",
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
            (on, self[f"held_{number}"], self[f"starts_{number}"], self[f"ends_{number}"])
            for number, on in enumerate(self.dates)
        ]

    @property
    def break_lines(self) -> list[tuple[Any, Any, Any]]:
        """Return `(from, to, name)` for each break."""
        return [
            tuple(self[f"break_{part}_{number}"] for part in ("from", "to", "name"))
            for number in range(BREAK_LINES)
        ]

    def clean(self) -> dict[str, Any]:
        """Require both ends of each time span that was begun."""
        values = super().clean() or {}
        for number in range(len(self.dates)):
            if values.get(f"held_{number}"):
                for part in ("starts", "ends"):
                    if not values.get(f"{part}_{number}"):
                        self.add_error(f"{part}_{number}", _("Give a time like 09:00."))
        for number in range(BREAK_LINES):
            ends = [values.get(f"break_from_{number}"), values.get(f"break_to_{number}")]
            if any(ends) and not all(ends):
                missing = "to" if ends[0] else "from"
                self.add_error(f"break_{missing}_{number}", _("Give a time like 09:00."))
        return values

    def days(self) -> list[Day]:
        """Return the days that were ticked, each with the breaks that lie within it."""
        values = self.cleaned_data
        breaks = [
            Break(values[f"break_from_{number}"], values[f"break_to_{number}"],
                  values[f"break_name_{number}"].strip())
            for number in range(BREAK_LINES)
            if values.get(f"break_from_{number}")
        ]  # fmt: skip
        return [
            self._day(number, breaks)
            for number in range(len(self.dates))
            if values.get(f"held_{number}")
        ]

    def _day(self, number: int, breaks: Sequence[Break]) -> Day:
        values = self.cleaned_data
        starts, ends = values[f"starts_{number}"], values[f"ends_{number}"]
        # A break that this day does not reach is one of another day.
        within = [one for one in breaks if not (one.ends <= starts or one.starts >= ends)]
        return Day(
            on=self.dates[number],
            starts=starts,
            ends=ends,
            slot_min=values["slot_min"],
            changeover_min=values["changeover_min"],
            breaks=tuple(within),
        )


class TablesForm(forms.Form):
    """How many tables and video rooms, and what they are called."""

    use_required_attribute = False

    tables = forms.IntegerField(
        label=gettext_lazy("Tables in the room"), min_value=0, max_value=200, initial=10
    )
    video = forms.IntegerField(
        label=gettext_lazy("Video rooms"), min_value=0, max_value=200, initial=0
    )
    names = forms.CharField(
        label=gettext_lazy("Names, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Tables first, then video rooms. Lines left out are numbered."),
    )

    @staticmethod
    def initial_of(tables: Sequence[Table]) -> dict[str, Any]:
        """Return what the form shows of tables there are."""
        if not tables:
            return {}
        onsite = [table for table in tables if table.kind == Table.Kind.ONSITE]
        return {
            "tables": len(onsite),
            "video": len(tables) - len(onsite),
            "names": "\n".join(table.name for table in tables),
        }

    def new_tables(self) -> list[NewTable]:
        """Return the tables, with names for those that were given none."""
        count, video = self.cleaned_data["tables"], self.cleaned_data["video"]
        lines = [line.strip() for line in self.cleaned_data["names"].splitlines()]
        names = [*lines, *[""] * (count + video)]
        return [
            NewTable(
                names[number] or _("Table %(number)d") % {"number": number + 1},
                Table.Kind.ONSITE,
            )
            if number < count
            else NewTable(
                names[number] or _("Video room %(number)d") % {"number": number + 1 - count},
                Table.Kind.VIDEO,
            )
            for number in range(count + video)
        ]


class GroupsForm(forms.Form):
    """Names of groups, and which cluster fills each."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        groups: Sequence[Group],
        parties: Iterable[tuple[int, str, str]],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        choices = [("", _("Either side")), *((str(pk), name) for pk, name, _side in parties)]
        self.lines = [(group.pk, group) for group in groups] + [(None, None)] * NEW_GROUPS
        for number, (_pk, group) in enumerate(self.lines):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Name"),
                required=False,
                max_length=80,
                initial=group.name if group else "",
            )
            self.fields[f"cluster_{number}"] = forms.ChoiceField(
                label=_("Filled by"),
                required=False,
                choices=choices,
                initial=str(group.organisation_id or "") if group else "",
            )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Return `(name, cluster)` for each line."""
        return [(self[f"name_{n}"], self[f"cluster_{n}"]) for n in range(len(self.lines))]

    def new_groups(self) -> list[NewGroup]:
        """Return the lines that have a name; a line emptied is a group removed."""
        values = self.cleaned_data
        return [
            NewGroup(
                name=values[f"name_{number}"],
                organisation_id=int(values[f"cluster_{number}"] or 0) or None,
                id=pk,
            )
            for number, (pk, _group) in enumerate(self.lines)
            if values[f"name_{number}"].strip()
        ]


class RulesForm(forms.Form):
    """Which group may ask which: a table of ticks."""

    use_required_attribute = False

    accept_loss = forms.BooleanField(
        label=gettext_lazy("Close these directions all the same"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        groups: Sequence[Group],
        directions: Any,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.groups = groups
        for source in groups:
            for target in groups:
                self.fields[f"rule_{source.pk}_{target.pk}"] = forms.BooleanField(
                    label=_("%(source)s may ask %(target)s")
                    % {"source": source.name, "target": target.name},
                    required=False,
                    initial=directions.get((source.pk, target.pk), True),
                )

    @property
    def rows(self) -> list[tuple[Group, list[Any]]]:
        """Return each asking group with its ticks."""
        return [
            (source, [self[f"rule_{source.pk}_{target.pk}"] for target in self.groups])
            for source in self.groups
        ]

    def allowed(self) -> dict[tuple[int, int], bool]:
        """Return `{(asking, asked): bool}`."""
        return {
            (source.pk, target.pk): self.cleaned_data[f"rule_{source.pk}_{target.pk}"]
            for source in self.groups
            for target in self.groups
        }


class ReasonForm(forms.Form):
    """Why something is called off or left."""

    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeadlineForm(forms.Form):
    """Until when requests are taken again, in the event's time."""

    use_required_attribute = False

    deadline_at = _date(gettext_lazy("Requests until"))
    deadline_time = _time(gettext_lazy("at"), initial="18:00")
