"""What narrows the list of bids."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import SORTS


class FindBidsForm(forms.Form):
    """What narrows the list."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Bid.State.choices]
    )
    sort = forms.ChoiceField(
        required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput
    )

    def asked(self) -> dict[str, Any]:
        """Return what was asked; what cannot be read is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether something was asked for."""
        return bool(self.asked().keys() - {"sort"})
