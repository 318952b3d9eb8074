"""Forms of studies: filter, conclusion, reopening."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.find_forms import FindForm
from proxeny.research.models import Study
from proxeny.research.operations.studies import MOST_REASON, MOST_SUMMARY
from proxeny.research.queries.studies import SORTS


class FindStudiesForm(FindForm):
    """A filter for the list."""

    states = Study.State.choices
    sorts = SORTS


class ConcludeForm(forms.Form):
    """The findings of a study. `seen` is the version that the page showed."""

    use_required_attribute = False

    summary = forms.CharField(
        label=_("What was found"),
        max_length=MOST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("The findings, in plain language that a business owner would enjoy reading."),
        error_messages={"required": _("Describe what was found in a few sentences.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """The reason for reopening a study."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Explain why the study is being reopened.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
