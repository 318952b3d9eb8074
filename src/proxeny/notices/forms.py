"""Forms for a person's notification settings."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from proxeny.notices.models import Way
from proxeny.notices.rules import tell_hour
from proxeny.notices.topics import TOPICS


def _hours() -> list[tuple[int, str]]:
    return [(hour, time_format(tell_hour(hour), "TIME_FORMAT")) for hour in range(24)]


def _weekdays() -> list[tuple[int, Any]]:
    # Django counts from Monday as 0, ISO 8601 from Monday as 1.
    return [(number + 1, name) for number, name in WEEKDAYS.items()]


class NoticeFilter(forms.Form):
    """Search and filter of the reader's notifications."""

    q = forms.CharField(label=_("Words"), required=False, widget=forms.SearchInput())
    topic = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("Everything")), *((one.name, one.label) for one in TOPICS)],
    )
    unread = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("All")), ("1", _("Unread"))]
    )


class WaysForm(forms.Form):
    """The delivery choice of each topic: one field for each, named as the topic."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in TOPICS:
            ways = [pair for pair in Way.choices if pair[0] in topic.ways]
            self.fields[topic.name] = forms.ChoiceField(
                label=topic.label,
                help_text=topic.about,
                choices=ways,
                widget=forms.RadioSelect(attrs={"class": "segmented"}),
            )


class HoursForm(forms.Form):
    """The hours for mails, and the contents of the calendar."""

    digest_hour = forms.TypedChoiceField(
        label=_("Send daily and weekly emails from"), coerce=int, choices=_hours
    )
    digest_weekday = forms.TypedChoiceField(
        label=_("Send the weekly email on"), coerce=int, choices=_weekdays
    )
    quiet_from = forms.TypedChoiceField(
        label=_("Quiet hours from"),
        coerce=int,
        choices=_hours,
        help_text=_("Messages written during quiet hours are sent when they end."),
    )
    quiet_until = forms.TypedChoiceField(
        label=_("Quiet hours until"),
        coerce=int,
        choices=_hours,
        help_text=_("Choose the same hour twice for no quiet hours."),
    )
    is_quiet_at_weekends = forms.BooleanField(
        label=_("No emails on Saturdays and Sundays"), required=False
    )
    shows_deadlines = forms.BooleanField(
        label=_("My calendar also shows deadlines for answers, calls, tasks and texts"),
        required=False,
    )


class WayForm(forms.Form):
    """The delivery choice of one topic, for people who follow the link in a mail."""

    way = forms.ChoiceField(label=_("From now on"), choices=Way.choices, widget=forms.RadioSelect())
