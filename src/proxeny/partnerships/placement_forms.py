"""The form of a closing report."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.models import Placement


class CloseForm(forms.Form):
    """Outcome of a stay, with proof.

    It is an act, like a signature, and no edit: `seen` names the version read.
    """

    report = forms.CharField(
        label=_("Closing report"),
        max_length=4000,
        help_text=_("What came of it, in a few sentences for both sides and a funder to read."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": "4000"}),
    )
    proof_url = forms.CharField(
        label=_("Proof"),
        max_length=500,
        required=False,
        help_text=_(
            "The address of a file you share here, or of a web page, starting with https://."
        ),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    closed_on = forms.DateField(
        label=_("Closed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, record: Placement) -> None:
        today = timezone.localdate()
        initial = {
            "report": record.report,
            "proof_url": record.proof_url,
            "closed_on": min(record.ends_on, today),
            "seen": record.version,
        }
        super().__init__(data, initial=initial, auto_id=f"id_{record.pk}_%s")

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operation's parameter names."""
        values = dict(self.cleaned_data)
        return {"version": values.pop("seen"), **values}
