"""Forms of introductions: the caps and choices of a plan, and the filter of its proposals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.models import Kind
from proxeny.partnerships.models import ProposedIntroduction
from proxeny.partnerships.operations.introductions import MOST_EACH, PlanSettings

_KINDS = [choice for choice in Kind.choices if choice[0] != Kind.CLUSTER]


class PlanForm(forms.Form):
    """How many introductions, and between whom."""

    with_id = forms.TypedChoiceField(label=_("With"), coerce=int, required=False)
    per_left = forms.IntegerField(label=_("At most for each member"), min_value=1,
                                  max_value=MOST_EACH, initial=3)  # fmt: skip
    per_right = forms.IntegerField(label=_("At most for each member"), min_value=1,
                                   max_value=MOST_EACH, initial=3)  # fmt: skip
    most = forms.IntegerField(
        label=_("At most in all"), min_value=1, max_value=100_000, required=False,
        help_text=_("Empty: as many as the caps allow."),
    )  # fmt: skip
    everybody = forms.BooleanField(
        label=_("Everybody gets at least one"), required=False,
        help_text=_("If that cannot be done, we say who stands in the way."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Only these kinds"), choices=_KINDS, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    countries = forms.MultipleChoiceField(label=_("Only these countries"), required=False,
                                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
    fields_ = forms.MultipleChoiceField(label=_("Only these fields"), required=False,
                                        widget=forms.CheckboxSelectMultiple)  # fmt: skip
    names = forms.CharField(
        label=_("Leave out"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("One name a line."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, others: Sequence[tuple[int, str]], left: str, right: str,
        countries: Sequence[str], fields: Sequence[str],
    ) -> None:  # fmt: skip
        super().__init__(data)
        if len(others) > 1:
            self.fields["with_id"].choices = others
        else:
            del self.fields["with_id"]
        for name, side in (("per_left", left), ("per_right", right)):
            self.fields[name].label = _("At most for each member of %(side)s") % {"side": side}
        known = dict(country_choices())
        self._offer("countries", sorted((known.get(code, code), code) for code in countries))
        self._offer("fields_", [(field, field) for field in fields])

    def _offer(self, name: str, pairs: Sequence[tuple[str, str]]) -> None:
        # One choice is none.
        if len(pairs) > 1:
            self.fields[name].choices = [(value, label) for label, value in pairs]
        else:
            del self.fields[name]

    def names_left_out(self) -> list[str]:
        """Return the names of who is left out."""
        lines = self.cleaned_data["names"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def to_settings(self, leave_out: Sequence[int]) -> PlanSettings:
        """Return the caps and choices, once the names are known members."""
        values = self.cleaned_data
        return PlanSettings(
            per_left=values["per_left"], per_right=values["per_right"], most=values["most"],
            everybody=values["everybody"], kinds=values["kinds"],
            countries=values.get("countries", ()), fields=values.get("fields_", ()),
            leave_out=leave_out,
        )  # fmt: skip


class RowFilter(forms.Form):
    """What a plan's proposals are searched, narrowed and sorted by."""

    q = forms.CharField(label=_("Search by name"), required=False, max_length=100,
                        widget=forms.TextInput(attrs={"type": "search"}))  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), *ProposedIntroduction.State.choices],
    )  # fmt: skip
    both = forms.ChoiceField(
        label=_("Who gives"), required=False,
        choices=[("", _("One side or both")), ("1", _("Both sides"))],
    )  # fmt: skip
    sort = forms.ChoiceField(
        label=_("Order"), required=False,
        choices=[("", _("Best first")), ("left", _("Name of the first")), ("right", _("Name of the second")),
                 ("state", _("State"))],
    )  # fmt: skip

    def value(self, name: str) -> str:
        """Return what was asked; nothing where it is not valid."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
