"""Forms for uploading files to a bid."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models import Paper
from proxeny.kernel.files import ACCEPTED


def _file() -> forms.FileField:
    return forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Up to 10 MB: PDF, image, text, CSV, document, workbook or slides, without macros."
        ),
        error_messages={"required": _("Choose the file to upload.")},
    )


class BringPaperForm(forms.Form):
    """A document with its first version. The file comes last: what follows one that is too large is
    not read."""

    title = forms.CharField(
        label=_("Document"),
        max_length=200,
        required=False,
        help_text=_("If empty, the file name is used."),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=Paper.Kind)
    is_required = forms.BooleanField(label=_("Required for submission"), required=False)
    file = _file()

    def to_values(self) -> dict[str, Any]:
        """Return the typed values, as the operation takes them."""
        return {name: self.cleaned_data[name] for name in ("title", "kind", "is_required")}


class BringVersionForm(forms.Form):
    """A new version of a document."""

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    news = forms.CharField(label=_("What is new"), max_length=300, required=False)
    file = _file()

    def __init__(self, data: Any = None, files: Any = None, *, paper_id: int, seen: int) -> None:
        # Several of these forms stand on one page: each with names of its own for its fields.
        super().__init__(data, files, initial={"seen": seen}, auto_id=f"id_{paper_id}_%s")
