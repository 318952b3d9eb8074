"""Forms of a company's own assessments: what narrows its list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindOwnForm(forms.Form):
    """What narrows a company's own list."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Search in what you asked"), required=False, max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    which = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[("", _("Going on")), ("past", _("Over")), ("all", _("All of them"))],
    )  # fmt: skip

    def show(self) -> str:
        """Return which of them are looked for; what cannot be read is left out."""
        self.is_valid()
        return str(self.cleaned_data.get("which") or "")

    def search(self) -> str:
        """Return what is searched for."""
        self.is_valid()
        return str(self.cleaned_data.get("q") or "")
