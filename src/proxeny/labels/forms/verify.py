"""A credential to verify."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.labels.verdict_explanations import MOST_FILE_BYTES, tell_unreadable

MOST_TEXT = 1024 * 1024


class VerifyForm(forms.Form):
    """A file, or an address or text; `award` is the code of the one that it should be."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.png,.svg"}),
        help_text=_("The original download: JSON, PNG or SVG. A screenshot won’t work."),
        error_messages={"empty": _("This file is empty.")},
    )
    text = forms.CharField(
        label=_("Or its address"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.TextInput(attrs={"dir": "auto", "inputmode": "url", "autocomplete": "off"}),
        help_text=_(
            "The address in the browser’s address bar, the address its QR code opens, or the "
            "text of the file."
        ),
    )
    award = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def clean_file(self) -> Any:
        """Refuse what is too large to be an award."""
        brought = self.cleaned_data["file"]
        if brought is not None and brought.size > MOST_FILE_BYTES:
            raise forms.ValidationError(tell_unreadable("too_large"))
        return brought

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        values = super().clean() or {}
        if not self.errors and not values.get("file") and not values.get("text"):
            self.add_error("file", _("Choose a file or enter the award’s address."))
        return values
