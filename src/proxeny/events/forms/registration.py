"""Registering for an event."""

from collections.abc import Sequence
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from proxeny.events.models import Participation
from proxeny.events.operations import Registration
from proxeny.events.operations.participation import LANGUAGES, MAX_CAP
from proxeny.events.queries.events import DayView


def language_choices() -> list[tuple[str, str]]:
    """Return the languages one may say one speaks, each by its own name."""
    return [(code, _own_name(code)) for code in LANGUAGES]


def _own_name(code: str) -> str:
    return (Locale.parse(code).get_display_name(code) or code).capitalize()


class RegistrationForm(forms.Form):
    """Who comes, what for, in which languages, when, and how many meetings at most."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    contact = forms.CharField(label=_("Who comes"), max_length=150)
    pitch = forms.CharField(
        label=_("What we are looking for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody at the event reads it. One or two sentences do."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages we speak"), choices=language_choices, widget=forms.CheckboxSelectMultiple
    )
    by_video = forms.BooleanField(label=_("We take part by video"), required=False)
    cap = forms.IntegerField(
        label=_("At most this many meetings"),
        required=False,
        min_value=1,
        max_value=MAX_CAP,
        help_text=_("Empty: as many as fit."),
    )

    def __init__(self, data: Any = None, *, days: Sequence[DayView], **options: Any) -> None:
        super().__init__(data, **options)
        self.days = days
        self.unavailable_error = ""
        if data is not None:
            free = set(data.getlist("free"))
            held = set(data.getlist("half"))
            self.free_numbers = {
                slot.number
                for day in days
                for half in day.halves
                for slot in half.slots
                if str(slot.number) in free and str(half.session) in held
            }
        else:
            off = set(self.initial.get("unavailable", ()))
            self.free_numbers = {n for n in self._numbers() if n not in off}

    def _numbers(self) -> list[int]:
        return [slot.number for day in self.days for half in day.halves for slot in half.slots]

    @staticmethod
    def initial_of(found: Participation, pitch: str) -> dict[str, Any]:
        """Return what the form shows; `pitch` is offered to who has not registered yet."""
        is_new = found.state == Participation.State.INVITED
        return {
            "version": found.version,
            "contact": found.contact,
            "pitch": found.pitch or (pitch if is_new else ""),
            "languages": found.languages or [settings.LANGUAGE_CODE],
            "by_video": found.by_video,
            "cap": found.cap,
            "unavailable": found.unavailable,
        }

    @property
    def grid(self) -> list[tuple[Any, list[tuple[Any, bool, list[tuple[Any, bool]]]]]]:
        """Return `(date, [(half-day, any free, [(slot, is free)])])` for the availability grid."""
        return [
            (
                day.on,
                [
                    (
                        half,
                        any(slot.number in self.free_numbers for slot in half.slots),
                        [(slot, slot.number in self.free_numbers) for slot in half.slots],
                    )
                    for half in day.halves
                ],
            )
            for day in self.days
        ]

    def registration(self) -> Registration:
        """Return what was typed and tapped."""
        values = self.cleaned_data
        return Registration(
            contact=values["contact"],
            pitch=values["pitch"],
            languages=tuple(values["languages"]),
            unavailable=tuple(n for n in self._numbers() if n not in self.free_numbers),
            by_video=values["by_video"],
            cap=values["cap"],
        )
