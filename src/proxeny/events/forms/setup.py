"""Forms by which organisers say what an event is, and call it off or open it again."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from proxeny.events.models import Event
from proxeny.events.operations import EventFacts
from proxeny.kernel.edit_conflicts import Part, VersionedForm
from proxeny.kernel.form_fields import ZoneField, choice_field
from proxeny.kernel.zones import load_zone, localise


def _date(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def time_field(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **options)


#: The sides of each partnership that can host, as `(title, [(party id, name)])`.
type Hosts = Sequence[tuple[str, Sequence[tuple[int, str]]]]


class EventForm(VersionedForm):
    """Basic facts of an event: subject, place, time, and deadline for requests."""

    use_required_attribute = False

    partnership = forms.TypedChoiceField(label=gettext_lazy("Partnership"), coerce=int)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200)
    host_id = forms.TypedChoiceField(
        label=gettext_lazy("Host"),
        coerce=int,
        required=False,
        help_text=gettext_lazy(
            "Counts as hosting in give and take once the event has taken place."
        ),
        error_messages={
            "invalid_choice": gettext_lazy("The host must be one of the sides in this partnership.")
        },
    )
    summary = forms.CharField(
        label=gettext_lazy("What it’s about"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    starts_on = _date(gettext_lazy("First day"))
    ends_on = _date(gettext_lazy("Last day"))
    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("All times for this event are shown in this time zone."),
    )
    deadline_at = _date(gettext_lazy("Requests close on"))
    deadline_time = time_field(gettext_lazy("at"), initial="18:00")
    fairness = forms.IntegerField(
        label=gettext_lazy("Fairness"),
        required=False,
        min_value=0,
        max_value=50,
        initial=2,
        help_text=gettext_lazy(
            "How many more idle gaps one participant can have than another. Leave empty for no "
            "limit."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        partnerships: Iterable[tuple[int, str]] = (),
        hosts: Hosts = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        choices = list(partnerships)
        if choices:
            choice_field(self, "partnership").choices = choices
        else:
            del self.fields["partnership"]
        choice_field(self, "host_id").choices = _host_choices(hosts)

    def parts(self) -> list[Part]:
        """Return the facts; day and time of the deadline are one."""
        deadline = Part(
            "deadline", self.fields["deadline_at"].label, ("deadline_at", "deadline_time")
        )
        return [
            deadline if part.name == "deadline_at" else part
            for part in super().parts()
            if part.name != "deadline_time"
        ]

    @staticmethod
    def initial_of(event: Event) -> dict[str, Any]:
        """Return what the form shows of an event."""
        names = (
            "version",
            "title",
            "place",
            "summary",
            "starts_on",
            "ends_on",
            "time_zone",
            "fairness",
        )
        deadline = event.deadline_at.astimezone(load_zone(event.time_zone))
        return {
            **{name: getattr(event, name) for name in names},
            "host_id": event.host_id or "",
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
            host_id=values["host_id"] or None,
            summary=values["summary"],
            time_zone=values["time_zone"],
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            deadline_at=localise(values["deadline_at"], values["deadline_time"], zone),
            fairness=values["fairness"],
        )


def _host_choices(hosts: Hosts) -> list[tuple[Any, Any]]:
    """Return the sides, under their partnership's title where there is a choice of these."""
    nobody = gettext("both together, or online")
    if any(len(sides) > 2 for _title, sides in hosts):
        nobody = gettext("all together, or online")
    if len(hosts) == 1:
        return [("", nobody), *hosts[0][1]]
    return [("", nobody), *hosts]


class ReasonForm(forms.Form):
    """Reason for cancelling or leaving."""

    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeadlineForm(forms.Form):
    """Until when requests are taken again, in the event's time."""

    use_required_attribute = False

    deadline_at = _date(gettext_lazy("Requests close on"))
    deadline_time = time_field(gettext_lazy("at"), initial="18:00")
