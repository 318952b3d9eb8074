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

#: What each state of an award is called, with the tone in which it is told.
STATE_NAMES: dict[str, tuple[Any, str]] = {
    "valid": (pgettext_lazy("an award", "Holds"), "ok"),
    "to-come": (pgettext_lazy("an award", "Begins later"), "info"),
    "ended": (pgettext_lazy("an award", "Has ended"), ""),
    "revoked": (pgettext_lazy("an award", "Revoked"), "bad"),
    "replaced": (pgettext_lazy("an award", "Replaced"), ""),
    "waiting": (pgettext_lazy("an award", "Waits for signatures"), "info"),
}
_DAY: dict[str, Any] = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


class LossForm(forms.Form):
    """What happened to a key, and since when somebody else may have it."""

    use_required_attribute = False

    why = forms.CharField(
        label=_("What happened"), max_length=MOST_WHY,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("A sentence that everybody may read, without names of people."),
        error_messages={"required": _("Say what happened, in a sentence that everybody may read.")},
    )  # fmt: skip
    lost_on = forms.DateField(
        label=_("Since which day"), required=False, widget=forms.DateInput(**_DAY),
        help_text=_("As far as you know. Empty: today."),
    )  # fmt: skip

    def to_values(self, made_at: datetime, now: datetime) -> dict[str, Any]:
        """Return what was typed, as the operation takes it: the beginning of the day, by the
        reader's clocks, or of the key where that was later."""
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
        label=_("Hold from"), required=False, widget=forms.DateInput(**_DAY),
        help_text=_("Empty: from now on. One that renews another follows on its end."),
    )  # fmt: skip
    tells_total = forms.BooleanField(
        label=_("Tell the total in percent in each award"), required=False,
        help_text=_("Everybody who sees an award reads it then."),
    )  # fmt: skip
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def to_values(self) -> dict[str, Any]:
        """Return what was typed, as the operation takes it."""
        return dict(self.cleaned_data)


class RevokeForm(forms.Form):
    """Why an award should hold no more."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason, for everybody"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": "500"}),
        help_text=_("It stands on the page of the award. Leave names of people out."),
        error_messages={"required": _("Say why, in a sentence that everybody may read.")},
    )  # fmt: skip


class RenameForm(forms.Form):
    """The new name of a holder."""

    use_required_attribute = False

    holder = forms.CharField(
        label=_("New name of the holder"), max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write the new name.")},
    )  # fmt: skip


class FindAwardsForm(forms.Form):
    """What a list of awards is narrowed to."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    country = forms.ChoiceField(label=_("Origin"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(
        self, data: Any, *, levels: Iterable[tuple[str, str]], countries: Iterable[str],
        years: Iterable[int],
    ) -> None:  # fmt: skip
        super().__init__(data)
        everything = [("", _("All"))]
        names = sorted((country_name(one), one) for one in countries)
        for name, choices in (
            ("state", [(one, STATE_NAMES[one][0]) for one in STATES]), ("level", levels),
            ("country", [(code, told) for told, code in names]),
            ("year", [(one, str(one)) for one in years]),
        ):  # fmt: skip
            field: Any = self.fields[name]
            field.choices = [*everything, *choices]

    def wanted(self, sort: str = "") -> Wanted:
        """Return what is asked for; what cannot be read narrows nothing."""
        self.is_valid()
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        return Wanted(
            q=(values["q"] or "").strip(), level=values["level"] or "",
            country=values["country"] or "", year=values["year"], state=values["state"] or "",
            sort=sort or "-from",
        )  # fmt: skip
