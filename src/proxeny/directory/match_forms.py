"""Filters of a list of suggested partners."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field

#: Value, label and how many of the list.
Facet = Iterable[tuple[str, str, int]]


class MatchFilter(forms.Form):
    """Country, kind, and whether both sides must have something to give."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    both = forms.ChoiceField(
        label=_("Who contributes"),
        required=False,
        choices=[("", _("One side or both")), ("1", _("Both sides"))],
    )

    def __init__(self, data: Any, *, countries: Facet, kinds: Facet) -> None:
        super().__init__(data)
        for name, facet in (("country", countries), ("kind", kinds)):
            counted = [(value, f"{label} ({count})") for value, label, count in facet]
            choice_field(self, name).choices = [("", _("All")), *counted]
