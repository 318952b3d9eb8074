"""Registering for an event."""

from collections.abc import Sequence
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.events.models import Participation
from proxeny.events.operations import Registration
from proxeny.events.operations.participation import LANGUAGES, MAX_CAP
from proxeny.events.queries.events import DayView
from proxeny.kernel.edit_conflicts import Part, Standing, VersionedForm
from proxeny.kernel.errors import ProxenyError


def language_choices() -> list[tuple[str, str]]:
    """Return the languages one may say one speaks, each by its own name."""
    return [(code, _own_name(code)) for code in LANGUAGES]


def _own_name(code: str) -> str:
    return (Locale.parse(code).get_display_name(code) or code).capitalize()


class RegistrationForm(VersionedForm):
    """Registration: contact, purpose, languages, availability and maximum number of meetings."""

    use_required_attribute = False

    contact = forms.CharField(label=_("Who’s coming"), max_length=150)
    pitch = forms.CharField(
        label=_("What we’re looking for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone at the event can read this. One or two sentences are enough."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages we speak"), choices=language_choices, widget=forms.CheckboxSelectMultiple
    )
    by_video = forms.BooleanField(label=_("We’ll take part by video"), required=False)
    cap = forms.IntegerField(
        label=_("Maximum number of meetings"),
        required=False,
        min_value=1,
        max_value=MAX_CAP,
        help_text=_("Leave empty for as many as possible."),
    )

    def __init__(self, data: Any = None, *, days: Sequence[DayView], **options: Any) -> None:
        super().__init__(data, **options)
        self.days = days
        self.unavailable_error = ""
        #: Day, half-day and slot by the name of the part that says whether one is free then.
        self.times = {
            f"free-{day.on:%m%d}-{slot.starts.replace(':', '')}-{slot.number}": (day, half, slot)
            for day in days
            for half in day.halves
            for slot in half.slots
        }
        if data is not None:
            self.free_numbers = self._free(data)
        else:
            off = set(self.initial.get("unavailable", ()))
            self.free_numbers = {n for n in self._numbers() if n not in off}

    def _numbers(self) -> list[int]:
        return [slot.number for _day, _half, slot in self.times.values()]

    def _free(self, data: Any) -> set[int]:
        free, held = set(data.getlist("free")), set(data.getlist("half"))
        return {
            slot.number
            for _day, half, slot in self.times.values()
            if str(slot.number) in free and str(half.session) in held
        }

    def parts(self) -> list[Part]:
        """Return the fields, and each time of the grid for itself."""
        times = [
            Part(name, f"{date_format(day.on, 'MONTH_DAY_FORMAT')}, {slot.starts}", (name,))
            for name, (day, _half, slot) in self.times.items()
        ]
        return [*super().parts(), *times]

    def standings(self) -> dict[str, Standing]:
        """Return whether it has withdrawn, and which times there are."""
        gone = self.initial.get("state") == Participation.State.WITHDRAWN
        withdrawn = gettext(
            "This registration has since been withdrawn. If you save, you’ll be registered again."
        )
        changed = gettext("The event times have changed. Check when you’re free.")
        return {
            "state": Standing("withdrawn" if gone else "", withdrawn if gone else ""),
            "times": Standing(" ".join(self.times), changed, if_seen=True),
        }

    def refuse(self, error: ProxenyError) -> None:
        """Show a refusal at its field, or at the grid."""
        if error.field == "unavailable":
            self.unavailable_error = str(error)
        super().refuse(error)

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field."""
        if name == "free":
            return _("Numbers of the slots when you’re free"), ", ".join(values)
        return super().tell_posted(name, values)

    def read(self, name: str) -> Any:
        """Return what was typed, or whether a time was ticked."""
        if name in self.times:
            return self.times[name][2].number in self.free_numbers
        return super().read(name)

    def saved(self, name: str) -> Any:
        """Return what is saved, or whether one is free at a time."""
        return self.read(name) if name in self.times else super().saved(name)

    def was_posted(self, part: Part) -> bool:
        """Return whether the post says anything of a part; of a time, only one that was shown."""
        return part.name in self.marks() if part.name in self.times else super().was_posted(part)

    def write_raw(self, data: Any, part: Part) -> None:
        """Write what is saved into a post, or tick or untick a time in it."""
        if part.name not in self.times:
            super().write_raw(data, part)
            return
        number = self.times[part.name][2].number
        free = self._free(data) - {number}
        free |= {number} & self.free_numbers
        halves = {half.session for _day, half, slot in self.times.values() if slot.number in free}
        data.setlist("free", [str(one) for one in sorted(free)])
        data.setlist("half", [str(one) for one in sorted(halves)])

    def tell(self, part: Part, *, is_typed: bool) -> str:
        """Return a part's value as a person reads it."""
        if part.name not in self.times:
            return super().tell(part, is_typed=is_typed)
        return gettext("free") if self.read(part.name) else gettext("not free")

    @staticmethod
    def initial_of(found: Participation, pitch: str, contact: str = "") -> dict[str, Any]:
        """Return what the form shows; `pitch` and `contact` while nobody has registered yet."""
        is_new = found.state == Participation.State.INVITED
        return {
            "version": found.version,
            "contact": contact if is_new else found.contact,
            "pitch": found.pitch or (pitch if is_new else ""),
            "languages": found.languages or [settings.LANGUAGE_CODE],
            "by_video": found.by_video,
            "cap": found.cap,
            "unavailable": found.unavailable,
            "state": found.state,
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
