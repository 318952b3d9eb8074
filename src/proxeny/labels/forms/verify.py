"""What somebody wants to have checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.labels.telling_verdicts import MOST_FILE_BYTES, tell_unreadable

MOST_TEXT = 1024 * 1024


class VerifyForm(forms.Form):
    """A file, or an address or text; `award` is the code of the one that it should be."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("The file"), required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.png,.svg"}),
        help_text=_("As it was downloaded: JSON, PNG or SVG. A screenshot does not do."),
        error_messages={"empty": _("This file is empty.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its address"), required=False, max_length=MOST_TEXT,
        widget=forms.TextInput(attrs={"dir": "auto", "inputmode": "url", "autocomplete": "off"}),
        help_text=_("What stands in the address bar of its page, what its QR code leads to, or"
                    " the text of the file."),
    )  # fmt: skip
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
            self.add_error("file", _("Choose the file, or write the address of the award."))
        return values
