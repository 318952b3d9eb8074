"""Forms of the user's own introductions: whether to meet, when, and why not."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models import TimeOption
from proxeny.ambassadors.operations.booking import Proposal
from proxeny.kernel.errors import ProxenyError
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.lists import join_items
from proxeny.kernel.zones import city_of, is_same_clock, load_zone, localise


class OwnForm(forms.Form):
    """Checked by us alone, so that what is wrong is said in the page's own language."""

    use_required_attribute = False

    def refuse(self, error: ProxenyError) -> None:
        """Show a refusal at the field it belongs to, or above the form."""
        known = {"times": "on", "time_zone": "on"}
        field = known.get(error.field or "", error.field)
        self.add_error(field if field in self.fields else None, str(error))


class FindOwnForm(OwnForm):
    """Filter of the list of a member's own introductions."""

    q = forms.CharField(
        label=_("Search names and reasons"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    show = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("introductions", "Open")),
            ("past", pgettext_lazy("introductions", "Past")),
        ],
    )

    def asked(self) -> dict[str, Any]:
        """Return what was asked; what cannot be read is left out."""
        self.is_valid()
        found = self.cleaned_data
        return {"search": found.get("q", ""), "past": found.get("show") == "past"}


class WishForm(OwnForm):
    """Answer on whether the organisation wants to meet."""

    wants = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        coerce=lambda text: text == "yes",
        error_messages={
            "required": _("Choose one of the two answers."),
            "invalid_choice": _("Choose one of the two answers."),
        },
    )
    why = forms.CharField(
        label=_("Message to the ambassador"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "maxlength": "1000"}),
        help_text=_("No one else sees it."),
    )


#: Marks that isolate left-to-right text in any line.
_APART = "\u2066\u2069"


def tell_time(option: TimeOption, zone: str) -> str:
    """Return a proposed time by the reader's own clocks, and by its own where these differ."""
    clocks = load_zone(zone)
    start, end = (one.astimezone(clocks) for one in (option.starts_at, option.ends_at))
    # Isolated from an Arabic line, so that the start comes before the end.
    hours = f"{_APART[0]}{start:%H:%M}–{end:%H:%M}{_APART[1]}"
    told = join_items([f"{date_format(start, 'l')} {date_format(start)}", hours])
    if is_same_clock(option.starts_at, zone, option.time_zone):
        return told
    there = option.starts_at.astimezone(load_zone(option.time_zone))
    return f"{told} ({city_of(option.time_zone)} {there:%H:%M})"


class TimesForm(OwnForm):
    """Choice of suitable times among those proposed, and an optional further one."""

    suits = forms.TypedMultipleChoiceField(
        label=_("Select all that suit you"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("One of these times has been withdrawn. Choose again.")
        },
    )
    on = forms.DateField(
        label=_("Another day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    at = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    note = forms.CharField(label=_("Comment"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, options: Sequence[TimeOption] = (), role: str, zone: str
    ) -> None:
        chosen = [one.pk for one in options if getattr(one, role)]
        super().__init__(data, initial={"suits": chosen})
        self.zone = zone
        choice_field(self, "suits").choices = [(one.pk, tell_time(one, zone)) for one in options]
        self.fields["suits"].help_text = gettext(
            "Times are shown in the time zone of %(city)s."
        ) % {"city": city_of(zone)}

    def clean(self) -> dict[str, Any]:
        """Ask for a choice, so that all times can't be refused by mistake."""
        found = super().clean() or self.cleaned_data
        if bool(found.get("on")) != bool(found.get("at")) and not self.errors:
            self.add_error(
                "at" if found.get("on") else "on", gettext("Enter both a day and a time.")
            )
        says_none = "none" in self.data
        if not (self.errors or found.get("suits") or found.get("on") or says_none):
            raise forms.ValidationError(
                gettext("Select a time, propose another or choose “None of these suits me”.")
            )
        return found

    def chosen(self) -> list[int]:
        """Return which of the times suit."""
        return [] if "none" in self.data else self.cleaned_data["suits"]

    def proposal(self) -> Proposal | None:
        """Return the other time that is proposed, or None.

        Raises
        ------
        InvalidInput
            The clocks jump over it.
        """
        found = self.cleaned_data
        if not found.get("on") or "none" in self.data:
            return None
        starts_at = localise(found["on"], found["at"], load_zone(self.zone), field="at")
        return Proposal(starts_at, note=found["note"])


class DeclineForm(OwnForm):
    """Reason for not coming, or for declining to meet."""

    why = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "maxlength": "300"}),
        help_text=_("Only the ambassador sees it."),
    )
    for_good = forms.TypedChoiceField(
        label=_("What you’d like"),
        required=False,
        empty_value=cast("Any", True),
        choices=[("False", _("Another time, please")), ("True", _("I’d rather not meet"))],
        coerce=lambda text: text == "True",
        initial="False",
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )

    def __init__(self, data: Any = None, *, is_booked: bool) -> None:
        super().__init__(data)
        if not is_booked:
            del self.fields["for_good"]

    @property
    def is_for_good(self) -> bool:
        """Whether they would rather not meet at all."""
        return bool(self.cleaned_data.get("for_good", True))
