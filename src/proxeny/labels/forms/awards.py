"""Forms of keys and awards."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.directory.countries import country_name
from proxeny.labels.operations.keys import MOST_WHY
from proxeny.labels.operations.renaming import MOST_NAME
from proxeny.labels.queries.awards import STATES, Wanted

#: What each state of an award is called, with its tone.
STATE_NAMES: dict[str, tuple[Any, str]] = {
    "valid": (pgettext_lazy("an award", "Valid"), "ok"),
    "to-come": (pgettext_lazy("an award", "Not yet valid"), "info"),
    "ended": (pgettext_lazy("an award", "Expired"), ""),
    "revoked": (pgettext_lazy("an award", "Revoked"), "bad"),
    "replaced": (pgettext_lazy("an award", "Replaced"), ""),
    "waiting": (pgettext_lazy("an award", "Awaiting signatures"), "info"),
}
_DAY: dict[str, Any] = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


class LossForm(forms.Form):
    """The loss of a key, and the time since when others may have it."""

    use_required_attribute = False

    why = forms.CharField(
        label=_("What happened"),
        max_length=MOST_WHY,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("One sentence that anyone can read. Don’t include people’s names."),
        error_messages={
            "required": _("Describe what happened in one sentence that anyone can read.")
        },
    )
    lost_on = forms.DateField(
        label=_("Date of loss"),
        required=False,
        widget=forms.DateInput(**_DAY),
        help_text=_("As far as you know. Leave empty for today."),
    )

    def to_values(self, made_at: datetime, now: datetime) -> dict[str, Any]:
        """Return the values for the operation: the start of the day in the reader's time zone, or
        the creation of the key if that was later.
        """
        day = self.cleaned_data["lost_on"]
        if day is None:
            return {"why": self.cleaned_data["why"], "lost_at": None}
        here = timezone.get_current_timezone()
        begins = datetime.combine(day, time(0), tzinfo=here)
        if day == made_at.astimezone(here).date():
            begins = made_at
        return {"why": self.cleaned_data["why"], "lost_at": begins}


class PutForm(forms.Form):
    """From when awards hold, and whether they tell the total. `seen` marks what was read."""

    use_required_attribute = False

    from_on = forms.DateField(
        label=_("Valid from"),
        required=False,
        widget=forms.DateInput(**_DAY),
        help_text=_(
            "Leave empty to start now. An award that renews another starts when that one ends."
        ),
    )
    tells_total = forms.BooleanField(
        label=_("Show the total, in percent, in each award"),
        required=False,
        help_text=_("Anyone who sees an award can then read it."),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def to_values(self) -> dict[str, Any]:
        """Return the values for the operation."""
        return dict(self.cleaned_data)


class RevokeForm(forms.Form):
    """The reason for revoking an award."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Public reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": "500"}),
        help_text=_("Shown on the award’s page. Don’t include people’s names."),
        error_messages={
            "required": _("Give a reason in one sentence. Everyone will be able to read it.")
        },
    )


class RenameForm(forms.Form):
    """The new name of a holder."""

    use_required_attribute = False

    holder = forms.CharField(
        label=_("Holder’s new name"),
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Enter the new name.")},
    )


class FindAwardsForm(forms.Form):
    """A filter for awards."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    country = forms.ChoiceField(label=_("Origin"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        data: Any,
        *,
        levels: Iterable[tuple[str, str]],
        countries: Iterable[str],
        years: Iterable[int],
    ) -> None:
        super().__init__(data)
        everything = [("", _("All"))]
        names = sorted((country_name(one), one) for one in countries)
        for name, choices in (
            ("state", [(one, STATE_NAMES[one][0]) for one in STATES]),
            ("level", levels),
            ("country", [(code, told) for told, code in names]),
            ("year", [(one, str(one)) for one in years]),
        ):
            field: Any = self.fields[name]
            field.choices = [*everything, *choices]

    def wanted(self, sort: str = "") -> Wanted:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        return Wanted(
            q=(values["q"] or "").strip(),
            level=values["level"] or "",
            country=values["country"] or "",
            year=values["year"],
            state=values["state"] or "",
            sort=sort or "-from",
        )
