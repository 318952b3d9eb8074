"""Forms of a day of visits: the day, a visit, and text that says hours or a point on a map."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.forms.desk import DURATIONS
from proxeny.ambassadors.models import Mission, Stop
from proxeny.ambassadors.operations.missions import DayFacts, StopFacts
from proxeny.directory.countries import country_choices
from proxeny.kernel.form_fields import ZoneField, choice_field

_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
#: Formats of a point copied from a map: bare, or in an address of OpenStreetMap or Google.
_POINTS = (
    re.compile(rf"^(?:geo:)?{_NUMBER}\s*[,;]\s*{_NUMBER}"),
    re.compile(rf"mlat={_NUMBER}&mlon={_NUMBER}"),
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),
    re.compile(rf"#map=\d+/{_NUMBER}/{_NUMBER}"),
    re.compile(rf"@{_NUMBER},{_NUMBER}"),
)
_SPAN = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.h](\d{2}))?$")
_TIME = {"type": "time"}


class PointField(forms.CharField):
    """A point on a map: as coordinates, or as the address of a map that shows it."""

    def to_python(self, value: Any) -> Any:
        """Return latitude and longitude, or None where nothing is said."""
        text = super().to_python(value)
        if not text:
            return None
        found = next((hit for one in _POINTS if (hit := one.search(text))), None)
        point = tuple(float(one) for one in found.groups()) if found else ()
        if len(point) != 2 or abs(point[0]) > 90 or abs(point[1]) > 180:
            raise forms.ValidationError(
                _("Enter latitude and longitude, for example 48.8738, 2.3320, or paste a map link.")
            )
        return point

    def prepare_value(self, value: Any) -> Any:
        """Show a point as its coordinates."""
        return f"{value[0]}, {value[1]}" if isinstance(value, tuple) else value


class HoursField(forms.CharField):
    """Opening hours of a day, as in 9:00–12:30, 14:00–17:00."""

    def to_python(self, value: Any) -> Any:
        """Return from, to, from, to in minutes; nothing where nothing is said."""
        text = super().to_python(value)
        minutes: list[int] = []
        for part in filter(None, (one.strip() for one in re.split(r"[,;،]", text or ""))):
            hit = _SPAN.match(part)
            if hit is None:
                raise forms.ValidationError(
                    _("Enter the hours in this format: 9:00–12:30, 14:00–17:00.")
                )
            first, first_min, last, last_min = (int(one or 0) for one in hit.groups())
            if first_min > 59 or last_min > 59:
                raise forms.ValidationError(_("Minutes go from 00 to 59."))
            minutes += [60 * first + first_min, 60 * last + last_min]
        return tuple(minutes)

    def prepare_value(self, value: Any) -> Any:
        """Show hours as they are written."""
        return write_hours(value) if isinstance(value, list | tuple) else value


def write_hours(hours: Sequence[int]) -> str:
    """Return hours as they are written."""
    clocks = [f"{one // 60}:{one % 60:02d}" for one in hours]
    return ", ".join(f"{a}–{b}" for a, b in zip(clocks[::2], clocks[1::2], strict=False))


def _minutes(value: time | None) -> int | None:
    return None if value is None else value.hour * 60 + value.minute


def _clock(minutes: int | None) -> time | None:
    return None if minutes is None else time(*divmod(minutes, 60))


def _point_field(label: Any) -> PointField:
    return PointField(
        label=label,
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "text"}),
        help_text=_("Coordinates or a map link. Without them, we use the city centre."),
    )


class DayForm(forms.Form):
    """A day: whose, when, where it begins and ends, and how one gets about."""

    use_required_attribute = False

    on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    person = forms.TypedChoiceField(label=_("Traveller"), coerce=int)
    city = forms.CharField(label=_("City"), max_length=120)
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    start_place = forms.CharField(
        label=_("Starting point"),
        max_length=200,
        required=False,
        help_text=_("For example, the hotel."),
    )
    start = _point_field(_("Starting point on the map"))
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs=_TIME, format="%H:%M"))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs=_TIME, format="%H:%M"))
    time_zone = ZoneField(label=_("Time zone"))
    returns = forms.BooleanField(
        label=_("Return to the starting point at the end of the day"), required=False
    )
    mode = forms.ChoiceField(
        label=_("Getting around"),
        choices=Mission.Mode.choices,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    apart_min = forms.IntegerField(
        label=_("Minutes between two addresses that aren’t known exactly"),
        min_value=0,
        max_value=180,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Used when we know only the city of both."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        team: Sequence[tuple[int, str]] = (),
        mission: Mission | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data, initial={**(_said_of_day(mission) if mission else {}), **(initial or {})}
        )
        choice_field(self, "person").choices = list(team)

    def facts(self) -> DayFacts:
        """Return what was typed."""
        values = self.cleaned_data
        latitude, longitude = values["start"] or (None, None)
        names = (
            "on",
            "city",
            "country",
            "time_zone",
            "start_place",
            "returns",
            "mode",
            "apart_min",
        )
        return DayFacts(
            **{name: values[name] for name in names},
            person_id=values["person"],
            start_latitude=latitude,
            start_longitude=longitude,
            starts_min=_minutes(values["starts"]) or 0,
            ends_min=_minutes(values["ends"]) or 0,
        )


def _said_of_day(mission: Mission) -> dict[str, Any]:
    names = ("on", "city", "country", "time_zone", "start_place", "returns", "mode", "apart_min")
    return {
        **{name: getattr(mission, name) for name in names},
        "person": mission.person_id,
        "start": _point(mission.start_latitude, mission.start_longitude),
        "starts": _clock(mission.starts_min),
        "ends": _clock(mission.ends_min),
    }


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


class StopForm(forms.Form):
    """A visit; of an introduction the name, the place and the length are known."""

    use_required_attribute = False

    name = forms.CharField(label=_("Who or what you’re visiting"), max_length=200)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    point = _point_field(_("Where it is on the map"))
    duration_min = forms.TypedChoiceField(
        label=_("Duration"), coerce=int, choices=DURATIONS, initial=45
    )
    hours = HoursField(
        label=_("Opening hours"),
        required=False,
        max_length=100,
        help_text=_("For example: 9:00–12:30, 14:00–17:00. Leave empty for all day."),
    )
    fixed = forms.TimeField(
        label=_("Agreed time"),
        required=False,
        widget=forms.TimeInput(attrs=_TIME, format="%H:%M"),
        help_text=_("If a time has already been agreed."),
    )
    weight = forms.ChoiceField(
        label=_("Importance"),
        choices=Stop.Weight.choices,
        initial=Stop.Weight.SHOULD,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )

    #: Fields that an introduction fills itself.
    _OWN = ("name", "address", "point", "duration_min")

    def __init__(self, data: Any = None, *, stop: Stop | None = None) -> None:
        super().__init__(data, initial=_said_of_stop(stop) if stop else None)
        self.stop = stop
        if stop is not None and stop.introduction_id:
            for name in self._OWN:
                del self.fields[name]

    def facts(self) -> StopFacts:
        """Return what was typed."""
        values = self.cleaned_data
        latitude, longitude = values.get("point") or (None, None)
        return StopFacts(
            name=values.get("name", ""),
            address=values.get("address", ""),
            latitude=latitude,
            longitude=longitude,
            duration_min=values.get("duration_min") or 45,
            hours=values["hours"],
            fixed_min=_minutes(values["fixed"]),
            weight=values["weight"],
        )


def _said_of_stop(stop: Stop) -> dict[str, Any]:
    names = ("name", "address", "duration_min", "hours", "weight")
    return {
        **{name: getattr(stop, name) for name in names},
        "point": _point(stop.latitude, stop.longitude),
        "fixed": _clock(stop.fixed_min),
    }


class OnForm(forms.Form):
    """Day of visits, and the person travelling."""

    use_required_attribute = False

    on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    who = forms.TypedChoiceField(
        label=_("Traveller"), coerce=int, required=False, empty_value=cast("Any", 0)
    )

    def __init__(
        self, data: Any, *, team: Sequence[tuple[int, str]], today: date, person: int
    ) -> None:
        known = {str(number) for number, _name in team}
        values = {"on": data.get("on") or today.isoformat(), "who": data.get("who") or str(person)}
        if values["who"] not in known:
            values["who"] = (
                next(iter(sorted(known)), "") if str(person) not in known else str(person)
            )
        super().__init__(values)
        choice_field(self, "who").choices = list(team)
