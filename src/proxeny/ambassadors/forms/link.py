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
from proxeny.kernel.zones import load_zone, localise, zone_choices
from proxeny.meetings.models import Rating
from proxeny.meetings.rules import VALUES_OF


def _area(rows: int, most: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})


class LinkForm(forms.Form):
    """Checked by us alone, so that what is wrong is said in the page's own language."""

    use_required_attribute = False


class WishForm(LinkForm):
    """Whether one wants to meet."""

    wants = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes",
        error_messages={"required": _("Choose one of the two answers.")},
    )  # fmt: skip
    why = forms.CharField(
        label=_("A word to the ambassador"), max_length=1000, required=False, widget=_area(2, 1000),
        help_text=_("Nobody else reads it."),
    )  # fmt: skip
    may_pass_on = forms.BooleanField(
        label=_("The next ambassador may write to me, too"), required=False,
        help_text=_("Otherwise your name and address are kept for this introduction alone."),
    )  # fmt: skip

    @property
    def asked(self) -> list[Any]:
        """What stands beside the two buttons."""
        return [self["why"], self["may_pass_on"]]


def zones_with(zone: str) -> list[tuple[str, str]]:
    """Return the zones that a form offers, with one that may have an older name."""
    choices = list(zone_choices())
    return choices if zone in dict(choices) else [(zone, zone.replace("_", " ")), *choices]


def moments_at(on: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which clocks show a time: none, one, or two in the hour that is set back."""
    found = {
        datetime.combine(on, at, tzinfo=zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)
    }
    local = datetime.combine(on, at)
    return sorted(one for one in found if one.astimezone(zone).replace(tzinfo=None) == local)


class TimesForm(LinkForm):
    """Which times suit, and another one by the visitor's own clocks.

    `seen` are the times that stood on the page, so that nobody refuses one that came later.
    """

    suits = forms.TypedMultipleChoiceField(coerce=int, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    none = forms.BooleanField(required=False)
    on = forms.DateField(
        label=_("Day"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    at = forms.TimeField(
        label=_("From"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    turn = forms.TypedChoiceField(
        label=_("Which of the two?"), coerce=int, empty_value=None, required=False,
        choices=[("0", _("The first one")), ("1", _("The second one, an hour later"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    zone = forms.ChoiceField(label=_("Time zone"))
    note = forms.CharField(label=_("A word to it"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, numbers: Collection[int], zone: str,
                 chosen: Collection[int] = ()) -> None:  # fmt: skip
        super().__init__(
            data, initial={"zone": zone, "suits": list(chosen), "seen": _join(numbers)}
        )
        self.numbers = set(numbers)
        self.fields["suits"].choices = [(one, one) for one in numbers]  # type: ignore[attr-defined]
        self.fields["zone"].choices = zones_with(zone)  # type: ignore[attr-defined]
        #: Whether the clocks show the time twice; only then it is asked which one is meant.
        self.is_twice = False
        self.proposal: Proposal | None = None

    @property
    def is_stale(self) -> bool:
        """Whether other times stand on the page now than the visitor saw."""
        return self.is_bound and _join(self.numbers) != self.data.get("seen", "")

    @property
    def ticked(self) -> set[int]:
        """The times that are ticked: those that were just sent, else those that were kept."""
        if not self.is_bound:
            return set(self.initial["suits"])
        return {int(one) for one in self["suits"].value() or () if str(one).isdecimal()}

    @property
    def is_proposing(self) -> bool:
        """Whether the part for another time stands open."""
        return any(self[name].value() for name in ("on", "at", "note"))

    def clean(self) -> dict[str, Any]:
        """Work out the instant that is proposed, and refuse an answer that says nothing."""
        values = super().clean() or self.cleaned_data
        on, at = values.get("on"), values.get("at")
        if on and at and values.get("zone"):
            self._propose(on, at, load_zone(values["zone"]), values)
        elif on and "at" not in self.errors:
            self.add_error("at", gettext("At what time?"))
        elif at and "on" not in self.errors:
            self.add_error("on", gettext("On which day?"))
        elif values.get("note"):
            self.add_error("on", gettext("Say which day and time you mean."))
        elif not (self.errors or values.get("suits") or values.get("none")):
            self.add_error(None, gettext("Tick at least one time, propose another, or say that none"
                                         " suits you."))  # fmt: skip
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
            self.add_error("turn", gettext(
                "On %(day)s the clocks are set back, and show %(time)s twice."
            ) % {"day": date_format(on), "time": at.strftime("%H:%M")})  # fmt: skip
            return
        self.is_twice = len(moments) == 2
        self.proposal = Proposal(moments[turn or 0] if self.is_twice else moments[0],
                                 note=values.get("note", ""))  # fmt: skip


def _join(numbers: Collection[int]) -> str:
    return " ".join(str(one) for one in sorted(numbers))


class CancelForm(LinkForm):
    """Why one does not come, or would rather not meet at all.

    `seen` is which meeting stood on the page: nobody calls off one that was moved meanwhile.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    for_good = forms.TypedChoiceField(
        label=_("What do you decline?"), coerce=lambda text: text == "1", widget=forms.RadioSelect,
        choices=[("0", _("This time: I would still like to meet")), ("1", _("Meeting at all"))],
        error_messages={"required": _("Say what you decline.")},
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why?"), max_length=300, widget=_area(2, 300),
        help_text=_("The ambassador alone reads it."),
        error_messages={"required": _("Say why, in a sentence. Only the ambassador reads it.")},
    )  # fmt: skip

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
    """Who answers instead."""

    name = forms.CharField(
        label=_("Your colleague's name"), max_length=150,
        error_messages={"required": _("Write your colleague's name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Their e-mail address"), max_length=254,
        error_messages={
            "required": _("Enter the full e-mail address, like anna@company.example."),
            "invalid": _("Enter the full e-mail address, like anna@company.example."),
        },
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    word = forms.CharField(
        label=_("A word to them"), max_length=500, required=False, widget=_area(2, 500)
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_hand_%s")


class RatingForm(LinkForm):
    """How it went, or what came of it, with a note."""

    value = forms.ChoiceField(
        error_messages={
            "required": _("Please choose one of the answers."),
            "invalid_choice": _("Please choose one of the answers."),
        }
    )
    note = forms.CharField(
        label=_("A word to it"), max_length=2000, required=False, widget=_area(3, 2000)
    )

    def __init__(self, data: Any = None, *, phase: str, initial: Mapping[str, Any] | None = None
                 ) -> None:  # fmt: skip
        super().__init__(data, initial=initial, auto_id="id_rating_%s")
        self.fields["value"].choices = answers_of(phase)  # type: ignore[attr-defined]


def answers_of(phase: str) -> Sequence[tuple[str, str]]:
    """Return the answers of a phase, in the order in which people read them."""
    return [(one.value, str(one.label)) for one in VALUES_OF[Rating.Phase(phase)]]
