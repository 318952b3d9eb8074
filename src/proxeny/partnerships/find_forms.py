"""The form above a list of something that a room keeps: words, a state, an order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field


class FindForm(forms.Form):
    """Filter of such a list; each list sets its own states and orders."""

    #: Value and label of each state, and the names of the orders.
    states: Iterable[tuple[str, Any]] = ()
    sorts: Iterable[str] = ()

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = {
            "state": [("", _("All")), *self.states],
            "sort": [(one, one) for one in self.sorts],
        }
        for name, choices in offers.items():
            choice_field(self, name).choices = choices

    def asked(self) -> dict[str, Any]:
        """Return what was asked; what cannot be read is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is set."""
        return bool(self.asked().keys() - {"sort"})
