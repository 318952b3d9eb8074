"""Forms of the pages behind a link: yes or no, times, a reason, a colleague, how it went."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.operations.booking import Proposal
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.form_fields import ZoneField, choice_field
from proxeny.kernel.zones import load_zone, localise
from proxeny.meetings.models import Rating
from proxeny.meetings.rules import VALUES_OF


def _area(rows: int, most: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})


class LinkForm(forms.Form):
    """Checked by us alone, so that what is wrong is said in the page's own language."""

    use_required_attribute = False


class WishForm(LinkForm):
    """Answer on whether the visitor wants to meet."""

    wants = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        coerce=lambda text: text == "yes",
        error_messages={"required": _("Choose one of the two answers.")},
    )
    why = forms.CharField(
        label=_("Message to the ambassador"),
        max_length=1000,
        required=False,
        widget=_area(2, 1000),
        help_text=_("No one else sees it."),
    )
    may_pass_on = forms.BooleanField(
        label=_("The next ambassador can write to me too"),
        required=False,
        help_text=_("Otherwise, we keep your name and address for this introduction only."),
    )

    @property
    def asked(self) -> list[Any]:
        """Return the fields next to the two buttons."""
        return [self["why"], self["may_pass_on"]]


def moments_at(on: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which clocks show a time: none, one, or two in the hour that is set back."""
    found = {
        datetime.combine(on, at, tzinfo=zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)
    }
    local = datetime.combine(on, at)
    return sorted(one for one in found if one.astimezone(zone).replace(tzinfo=None) == local)


class TimesForm(LinkForm):
    """Choice of suitable times, and another one in the visitor's time zone.

    `seen` are the times shown on the page, so that a time added later can't be refused by accident.
    """

    suits = forms.TypedMultipleChoiceField(coerce=int, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    none = forms.BooleanField(required=False)
    on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    at = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    turn = forms.TypedChoiceField(
        label=_("Which of the two?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("0", _("The first one")), ("1", _("The second one, an hour later"))],
        widget=forms.RadioSelect,
    )
    zone = ZoneField(label=_("Time zone"))
    note = forms.CharField(label=_("Comment"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, numbers: Collection[int], zone: str, chosen: Collection[int] = ()
    ) -> None:
        super().__init__(
            data, initial={"zone": zone, "suits": list(chosen), "seen": _join(numbers)}
        )
        self.numbers = set(numbers)
        choice_field(self, "suits").choices = [(one, one) for one in numbers]
        #: Whether the local time occurs twice; only then the form asks which one is meant.
        self.is_twice = False
        self.proposal: Proposal | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the page has other times now than the visitor saw."""
        return self.is_bound and _join(self.numbers) != self.data.get("seen", "")

    @property
    def ticked(self) -> set[int]:
        """The times that are ticked: those that were just sent, else those that were kept."""
        if not self.is_bound:
            return set(self.initial["suits"])
        return {int(one) for one in self["suits"].value() or () if str(one).isdecimal()}

    @property
    def is_proposing(self) -> bool:
        """Whether the part for another time is open."""
        return any(self[name].value() for name in ("on", "at", "note"))

    def clean(self) -> dict[str, Any]:
        """Compute the proposed instant, and refuse an empty answer."""
        values = super().clean() or self.cleaned_data
        on, at = values.get("on"), values.get("at")
        if on and at and values.get("zone"):
            self._propose(on, at, load_zone(values["zone"]), values)
        elif on and "at" not in self.errors:
            self.add_error("at", gettext("What time?"))
        elif at and "on" not in self.errors:
            self.add_error("on", gettext("Which day?"))
        elif values.get("note"):
            self.add_error("on", gettext("Enter the day and time you mean."))
        elif not (self.errors or values.get("suits") or values.get("none")):
            self.add_error(
                None,
                gettext("Select at least one time, propose another or choose “None suits me”."),
            )
        return values

    def _propose(self, on: date, at: time, zone: ZoneInfo, values: Mapping[str, Any]) -> None:
        moments = moments_at(on, at, zone)
        turn = values.get("turn")
        if not moments:
            try:
                localise(on, at, zone)
            except InvalidInput as error:
                self.add_error("at", str(error))
            return
        if len(moments) == 2 and turn is None:
            self.is_twice = True
            self.add_error(
                "turn",
                gettext("The clocks go back on %(day)s, so %(time)s occurs twice.")
                % {"day": date_format(on), "time": at.strftime("%H:%M")},
            )
            return
        self.is_twice = len(moments) == 2
        self.proposal = Proposal(
            moments[turn or 0] if self.is_twice else moments[0], note=values.get("note", "")
        )


def _join(numbers: Collection[int]) -> str:
    return " ".join(str(one) for one in sorted(numbers))


class CancelForm(LinkForm):
    """Reason for not coming, or for declining to meet at all.

    `seen` is the meeting shown on the page: nobody cancels one that was moved in the meantime.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    for_good = forms.TypedChoiceField(
        label=_("What are you declining?"),
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
        choices=[
            ("0", _("Just this time: I’d still like to meet")),
            ("1", _("The meeting altogether")),
        ],
        error_messages={"required": _("Choose what you’re declining.")},
    )
    why = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=_area(2, 300),
        help_text=_("Only the ambassador sees it."),
        error_messages={"required": _("Give a reason in a sentence. Only the ambassador sees it.")},
    )

    def __init__(self, data: Any = None, *, seen: str, is_booked: bool) -> None:
        super().__init__(data, initial={"seen": seen}, auto_id="id_cancel_%s")
        self.stands = seen
        if not is_booked:
            # Without a meeting there is one thing alone to decline.
            self.fields["for_good"].required = False
            self.fields["for_good"].widget = forms.HiddenInput()
            self.initial["for_good"] = "1"

    @property
    def is_stale(self) -> bool:
        """Whether another meeting is booked now than the visitor saw."""
        return self.is_bound and self.data.get("seen", "") != self.stands


class HandOnForm(LinkForm):
    """Colleague who answers instead."""

    name = forms.CharField(
        label=_("Your colleague’s name"),
        max_length=150,
        error_messages={"required": _("Enter your colleague’s name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Their email address"),
        max_length=254,
        error_messages={
            "required": _("Enter the full email address, such as anna@company.example."),
            "invalid": _("Enter the full email address, such as anna@company.example."),
        },
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    word = forms.CharField(
        label=_("Message to your colleague"), max_length=500, required=False, widget=_area(2, 500)
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_hand_%s")


class RatingForm(LinkForm):
    """Rating of a meeting or its outcome, with a note."""

    value = forms.ChoiceField(
        error_messages={
            "required": _("Choose an answer."),
            "invalid_choice": _("Choose an answer."),
        }
    )
    note = forms.CharField(
        label=_("Comment"), max_length=2000, required=False, widget=_area(3, 2000)
    )

    def __init__(
        self, data: Any = None, *, phase: str, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="id_rating_%s")
        choice_field(self, "value").choices = answers_of(phase)


def answers_of(phase: str) -> Sequence[tuple[str, str]]:
    """Return the answers of a phase, in the order in which people read them."""
    return [(one.value, str(one.label)) for one in VALUES_OF[Rating.Phase(phase)]]
