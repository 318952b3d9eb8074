"""Forms of reports: the summary, and giving a version."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.reports import MOST_SUMMARY
from proxeny.kernel.edit_conflicts import VersionedForm


class SummaryForm(VersionedForm):
    """The page with which a report begins."""

    use_required_attribute = False

    summary = forms.CharField(
        label=pgettext_lazy("of a report", "Summary"),
        required=False,
        help_text=_(
            "What the company should know if it reads only this page: the answer, how sure you "
            "are and what you recommend. Write it in the language of the report."
        ),
        widget=forms.Textarea(
            attrs={
                "rows": 18,
                "dir": "auto",
                "data-count": str(MOST_SUMMARY),
                "data-count-text": _("%s characters left on the page"),
            }
        ),
    )

    def __init__(self, data: Any = None, *, engagement: Engagement) -> None:
        super().__init__(
            data, initial={"summary": engagement.summary, "version": engagement.version}
        )

    @property
    def length(self) -> int:
        """The current number of characters."""
        return len(str(self["summary"].value() or "").replace("\r\n", "\n").strip())


class GiveForm(forms.Form):
    """The release notes of a version; `seen` is the fingerprint of the draft."""

    use_required_attribute = False

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    news = forms.CharField(
        label=_("What’s new in this version"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": "500"}),
        help_text=_("One or two sentences that the company reads first."),
    )
