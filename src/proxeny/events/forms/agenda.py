"""Forms of the agenda: a run, a place, a reason, a repair."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.versions import VersionedForm

TIMES = (
    (10, _("10 seconds: a first look")),
    (60, _("1 minute")),
    (300, _("5 minutes: to prove it best")),
    (1800, _("half an hour: for a large event")),
)


class RunForm(forms.Form):
    """How long to search."""

    time_limit_s = forms.TypedChoiceField(
        label=_("Search for at most"), choices=TIMES, coerce=int, initial=60,
        help_text=_("It ends sooner when the best agenda is proved. You can stop it at any time."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why a meeting is called off."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The other side reads this.")
    )


class PlaceForm(VersionedForm):
    """One of the free places, named by slot and table; a meeting that has one starts from there."""

    place = forms.ChoiceField(
        label=_("Free time and table"),
        error_messages={
            "invalid_choice": _("This place is not free for both any more. Choose another one.")
        },
    )

    def __init__(
        self, *args: Any, places: Iterable[Any], zone: Any, entry: Any = None, **kwargs: Any
    ) -> None:
        if entry is not None:
            kwargs["initial"] = {"version": entry.meeting.sequence, "place": _key(entry)}
            places = [entry, *(one for one in places if _key(one) != _key(entry))]
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [
            (_key(place), f"{_moment(place.slot.starts_at, zone)} · {place.table.name}")
            for place in places
        ]

    def chosen(self) -> tuple[int, int]:
        """Return the ids of slot and table."""
        slot, _dash, table = self.cleaned_data["place"].partition("-")
        return int(slot), int(table)


class PairForm(forms.Form):
    """Two participants who are to meet."""

    first = forms.TypedChoiceField(label=_("Who"), coerce=int)
    second = forms.TypedChoiceField(label=_("meets whom"), coerce=int)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *people]
        for field in self.fields.values():
            field.choices = choices


class RepairForm(forms.Form):
    """What went wrong on the day."""

    participant = forms.TypedChoiceField(
        label=_("Who does not come"), coerce=int, required=False, empty_value=None
    )
    table = forms.TypedChoiceField(
        label=_("or which table is lost"), coerce=int, required=False, empty_value=None
    )
    from_slot = forms.TypedChoiceField(
        label=_("From"), coerce=int, help_text=_("Nothing before this time changes.")
    )
    back_at = forms.TypedChoiceField(
        label=_("Back at"), coerce=int, required=False, empty_value=None,
        help_text=_("For somebody who is late."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: Sequence[Any], tables: Sequence[Any], slots: Sequence[Any],
        zone: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        times = [(slot.number, _moment(slot.starts_at, zone)) for slot in slots]
        self.fields["participant"].choices = [("", _("Nobody")), *people]
        self.fields["table"].choices = [("", _("None")), *((t.pk, t.name) for t in tables)]
        self.fields["from_slot"].choices = times
        self.fields["back_at"].choices = [("", _("Not coming back")), *times]

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("participant")) == bool(data.get("table")):
            raise forms.ValidationError(_("Choose who does not come, or which table is lost."))
        return data


def _key(place: Any) -> str:
    return f"{place.slot.pk}-{place.table.pk}"


def _moment(moment: Any, zone: Any) -> str:
    return date_format(moment.astimezone(zone), "D j M, H:i")
