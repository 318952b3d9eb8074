"""Forms of the user's own times: working hours, and a calendar to read busy times from."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models import WorkingHours

_DAYS: Sequence[tuple[int, Any]] = tuple(WEEKDAYS.items())


def _at(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


class HoursForm(forms.Form):
    """On which days, and between which hours, somebody can be met."""

    use_required_attribute = False

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        choices=_DAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    opens = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, data: Any = None, *, hours: WorkingHours | None) -> None:
        shown = hours or WorkingHours(weekdays=[0, 1, 2, 3, 4])
        super().__init__(
            data,
            initial={
                "weekdays": shown.weekdays,
                "opens": _at(shown.opens_min),
                "closes": _at(shown.closes_min),
            },
        )

    def values(self) -> dict[str, Any]:
        """Return what was typed, for the operation. Midnight is the end of the day."""
        opens, closes = (
            one.hour * 60 + one.minute
            for one in (self.cleaned_data["opens"], self.cleaned_data["closes"])
        )
        return {
            "weekdays": self.cleaned_data["weekdays"],
            "opens_min": opens,
            "closes_min": closes or 24 * 60,
        }


class BringForm(forms.Form):
    """A calendar as its program exports it."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Calendar file"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("An .ics file of up to 5 MB, such as an export from Google, Outlook or Apple."),
        error_messages={"required": _("Choose your calendar file. Its name ends in .ics.")},
    )
