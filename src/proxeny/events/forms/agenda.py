"""Forms of the agenda: a run, a place, a reason, a repair."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field, choices_of

TIMES = (
    (10, _("10 seconds: a quick first result")),
    (60, _("1 minute")),
    (300, _("5 minutes: for a proven best agenda")),
    (1800, _("30 minutes: for a large event")),
)


class RunForm(forms.Form):
    """Maximum search time."""

    time_limit_s = forms.TypedChoiceField(
        label=_("Maximum search time"),
        choices=TIMES,
        coerce=int,
        initial=60,
        help_text=_(
            "The search ends early once the best agenda is proven. You can stop it at any time."
        ),
    )


class ReasonForm(forms.Form):
    """Reason for cancelling a meeting."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The other side will see this.")
    )


class PlaceForm(VersionedForm):
    """One of the free places, named by slot and table; a meeting that has one starts from there."""

    place = forms.ChoiceField(
        label=_("Available time and table"),
        error_messages={
            "invalid_choice": _(
                "This time and table are no longer free for both participants. Choose another "
                "option."
            )
        },
    )

    def __init__(
        self, *args: Any, places: Iterable[Any], zone: Any, entry: Any = None, **kwargs: Any
    ) -> None:
        if entry is not None:
            kwargs["initial"] = {"version": entry.meeting.sequence, "place": _key(entry)}
            places = [entry, *(one for one in places if _key(one) != _key(entry))]
        super().__init__(*args, **kwargs)
        choice_field(self, "place").choices = [
            (_key(place), f"{_moment(place.slot.starts_at, zone)} · {place.table.name}")
            for place in places
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose."""
        return not choices_of(self, "place")

    def chosen(self) -> tuple[int, int]:
        """Return the ids of slot and table."""
        slot, _dash, table = self.cleaned_data["place"].partition("-")
        return int(slot), int(table)


class PairForm(forms.Form):
    """Two participants to be planned together."""

    first = forms.TypedChoiceField(label=_("Who"), coerce=int)
    second = forms.TypedChoiceField(label=_("Meets with"), coerce=int)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Whether there are no two to choose from.
        self.is_empty = len(people) < 2
        for name in self.fields:
            choice_field(self, name).choices = [("", _("Choose")), *people]


class RepairForm(forms.Form):
    """Disruption on the day of the event."""

    participant = forms.TypedChoiceField(
        label=_("Who isn’t coming"), coerce=int, required=False, empty_value=None
    )
    table = forms.TypedChoiceField(
        label=_("or which table is unavailable"), coerce=int, required=False, empty_value=None
    )
    from_slot = forms.TypedChoiceField(
        label=_("From"), coerce=int, help_text=_("Nothing before this time changes.")
    )
    back_at = forms.TypedChoiceField(
        label=_("Back at"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("For someone who’s running late."),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Any],
        tables: Sequence[Any],
        slots: Sequence[Any],
        zone: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        times = [(slot.number, _moment(slot.starts_at, zone)) for slot in slots]
        choice_field(self, "participant").choices = [("", _("No one")), *people]
        choice_field(self, "table").choices = [("", _("None")), *((t.pk, t.name) for t in tables)]
        choice_field(self, "from_slot").choices = times
        choice_field(self, "back_at").choices = [("", _("Not coming back")), *times]

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("participant")) == bool(data.get("table")):
            raise forms.ValidationError(_("Choose who isn’t coming or which table is unavailable."))
        return data


def _key(place: Any) -> str:
    return f"{place.slot.pk}-{place.table.pk}"


def _moment(moment: Any, zone: Any) -> str:
    return date_format(moment.astimezone(zone), "D j M, H:i")
