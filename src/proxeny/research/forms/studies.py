"""Forms of studies: looked for, concluded, taken up again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.find_forms import FindForm
from proxeny.research.models import Study
from proxeny.research.operations.studies import MOST_REASON, MOST_SUMMARY
from proxeny.research.queries.studies import SORTS


class FindStudiesForm(FindForm):
    """What narrows the list."""

    states = Study.State.choices
    sorts = SORTS


class ConcludeForm(forms.Form):
    """What was found. `seen` is the version that the page showed."""

    use_required_attribute = False

    summary = forms.CharField(
        label=_("What was found"), max_length=MOST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("What came out, in words that a company owner reads with pleasure."),
        error_messages={"required": _("Write what was found, in a few sentences.")},
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why a study is taken up again."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say why it is taken up again.")},
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)
