"""Forms of the handover: the meeting, and its result."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.handing_over import HandOverFacts
from proxeny.assessments.queries.hand_overs import Guest
from proxeny.kernel.edit_conflicts import Part, VersionedForm
from proxeny.kernel.errors import InvalidInput, ProxenyError
from proxeny.kernel.form_fields import ZoneField, choice_field
from proxeny.kernel.zones import load_zone, localise
from proxeny.meetings.forms import DURATIONS
from proxeny.meetings.models import Meeting

_LENGTHS = (30, 45, 60, 90, 120)


class HandOverForm(VersionedForm):
    """The time, place and guests of a handover meeting."""

    use_required_attribute = False

    starts_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts_time = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    duration_min = forms.TypedChoiceField(label=_("Duration"), coerce=int)
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("Each attendee also sees the time in their own time zone."),
    )
    place = forms.CharField(
        label=_("Place or video link"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Enter where you’re meeting, or the video link.")},
    )
    guests = forms.TypedMultipleChoiceField(
        label=_("Who’s coming"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose who will attend."),
            "invalid_choice": _(
                "Choose from the company’s people and those working on the report."
            ),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        engagement: Engagement,
        guests: Sequence[Guest],
        asked: Sequence[int] = (),
        usual_zone: str = "",
    ) -> None:
        meeting = engagement.meeting
        usual: dict[str, Any] = {
            "duration_min": 60,
            "time_zone": usual_zone,
            "guests": [one.person.pk for one in guests],
        }
        initial = _saved(meeting, asked) if meeting else usual
        super().__init__(data, initial={**initial, "version": engagement.version})
        choice_field(self, "guests").choices = [
            (one.person.pk, f"{one.person.name} · {one.side}") for one in guests
        ]
        lengths: dict[int, Any] = {number: DURATIONS[number] for number in _LENGTHS}
        now = int(initial["duration_min"])
        lengths.setdefault(now, gettext("%(count)d minutes") % {"count": now})
        choice_field(self, "duration_min").choices = sorted(lengths.items())

    def parts(self) -> Sequence[Part]:
        """Return the parts to compare: day, time and zone make sense only together."""
        when = Part("starts_at", gettext("When"), ("starts_on", "starts_time", "time_zone"))
        return [
            when if part.name == "starts_on" else part
            for part in super().parts()
            if part.name not in ("starts_time", "time_zone")
        ]

    def clean(self) -> dict[str, Any]:
        """Work the moment out; the clocks may jump over it."""
        values = super().clean() or self.cleaned_data
        if {"starts_on", "starts_time", "time_zone"} <= values.keys():
            try:
                values["starts_at"] = localise(
                    values["starts_on"],
                    values["starts_time"],
                    load_zone(values["time_zone"]),
                    field="starts_time",
                )
            except InvalidInput as error:
                self.add_error("starts_time", str(error))
        return values

    def refuse(self, error: ProxenyError) -> None:
        """Show a refusal of the moment at its day."""
        if error.field == "starts_at":
            self.add_error("starts_on", str(error))
        else:
            super().refuse(error)

    def facts(self) -> HandOverFacts:
        """Return the values for the operation."""
        values = self.cleaned_data
        return HandOverFacts(
            values["starts_at"],
            values["duration_min"],
            values["time_zone"],
            values["place"],
            tuple(values["guests"]),
        )


def _saved(meeting: Meeting, asked: Sequence[int]) -> dict[str, Any]:
    starts_at = meeting.starts_at.astimezone(load_zone(meeting.time_zone))
    minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    return {
        "starts_on": starts_at.date(),
        "starts_time": starts_at.time(),
        "duration_min": minutes,
        "time_zone": meeting.time_zone,
        "place": meeting.place,
        "guests": list(asked),
    }


class HeldForm(forms.Form):
    """On which day the report was gone through. `seen` is the version that was read."""

    use_required_attribute = False
    prefix = "held"

    seen = forms.IntegerField(widget=forms.HiddenInput)
    held_on = forms.DateField(
        label=_("You met on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the day you met.")},
    )

    def __init__(self, data: Any = None, *, engagement: Engagement, today: date) -> None:
        meeting = engagement.meeting
        day = today
        if meeting is not None and meeting.state == Meeting.State.CONFIRMED:
            day = min(today, meeting.starts_at.astimezone(load_zone(meeting.time_zone)).date())
        super().__init__(data, initial={"seen": engagement.version, "held_on": day})


class ReasonForm(forms.Form):
    """The reason for calling off or skipping a meeting. `seen` is the version that was read."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": "300"}),
        error_messages={"required": _("Give a reason in one sentence. The company will read it.")},
    )

    def __init__(self, data: Any = None, *, engagement: Engagement, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial={"seen": engagement.version})
