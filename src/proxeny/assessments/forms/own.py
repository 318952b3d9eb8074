"""Forms of a company's own assessments: what narrows its list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindOwnForm(forms.Form):
    """A filter for a company's own list."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Search your requests"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    which = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Ongoing")), ("past", _("Past")), ("all", _("All of them"))],
    )

    def show(self) -> str:
        """Return the states to show; invalid values are ignored."""
        self.is_valid()
        return str(self.cleaned_data.get("which") or "")

    def search(self) -> str:
        """Return the search words."""
        self.is_valid()
        return str(self.cleaned_data.get("q") or "")
