"""Forms of introductions: the caps and choices of a plan, and the filter of its proposals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.models import Kind
from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.models import ProposedIntroduction
from proxeny.partnerships.operations.introductions import MOST_EACH, PlanSettings

_KINDS = [choice for choice in Kind.choices if choice[0] != Kind.CLUSTER]


class PlanForm(forms.Form):
    """Number of introductions, and the two parties."""

    with_id = forms.TypedChoiceField(label=_("With"), coerce=int, required=False)
    per_left = forms.IntegerField(
        label=_("Maximum per member"), min_value=1, max_value=MOST_EACH, initial=3
    )
    per_right = forms.IntegerField(
        label=_("Maximum per member"), min_value=1, max_value=MOST_EACH, initial=3
    )
    most = forms.IntegerField(
        label=_("Maximum in total"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Leave empty for as many as the limits allow."),
    )
    everybody = forms.BooleanField(
        label=_("Everyone gets at least one"),
        required=False,
        help_text=_("If that isn’t possible, we’ll list the members who stand in the way."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only these kinds"),
        choices=_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.MultipleChoiceField(
        label=_("Only these countries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_ = forms.MultipleChoiceField(
        label=_("Only these fields"), required=False, widget=forms.CheckboxSelectMultiple
    )
    names = forms.CharField(
        label=_("Exclude"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One name per line."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        others: Sequence[tuple[int, str]],
        left: str,
        right: str,
        countries: Sequence[str],
        fields: Sequence[str],
    ) -> None:
        super().__init__(data)
        if len(others) > 1:
            choice_field(self, "with_id").choices = others
        else:
            del self.fields["with_id"]
        for name, side in (("per_left", left), ("per_right", right)):
            self.fields[name].label = _("Maximum per member of %(side)s") % {"side": side}
        known = dict(country_choices())
        self._offer("countries", sorted((known.get(code, code), code) for code in countries))
        self._offer("fields_", [(field, field) for field in fields])

    def _offer(self, name: str, pairs: Sequence[tuple[str, str]]) -> None:
        # One choice is none.
        if len(pairs) > 1:
            choice_field(self, name).choices = [(value, label) for label, value in pairs]
        else:
            del self.fields[name]

    def names_left_out(self) -> list[str]:
        """Return the names of the members left out."""
        lines = self.cleaned_data["names"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def to_settings(self, leave_out: Sequence[int]) -> PlanSettings:
        """Return the caps and choices, once the names are known members."""
        values = self.cleaned_data
        return PlanSettings(
            per_left=values["per_left"],
            per_right=values["per_right"],
            most=values["most"],
            everybody=values["everybody"],
            kinds=values["kinds"],
            countries=values.get("countries", ()),
            fields=values.get("fields_", ()),
            leave_out=leave_out,
        )


class RowFilter(forms.Form):
    """Search, filter and order of a plan's proposals."""

    q = forms.CharField(
        label=_("Search by name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *ProposedIntroduction.State.choices],
    )
    both = forms.ChoiceField(
        label=_("Who contributes"),
        required=False,
        choices=[("", _("One side or both")), ("1", _("Both sides"))],
    )
    sort = forms.ChoiceField(
        label=_("Sort order"),
        required=False,
        choices=[
            ("", _("Best first")),
            ("left", _("Name of the first member")),
            ("right", _("Name of the second member")),
            ("state", _("State")),
        ],
    )

    def value(self, name: str) -> str:
        """Return what was asked; nothing where it is not valid."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
