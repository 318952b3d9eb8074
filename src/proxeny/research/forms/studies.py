"""Forms of studies: looked for, concluded, taken up again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.research.models import Study
from proxeny.research.operations.studies import MOST_REASON, MOST_SUMMARY
from proxeny.research.queries.studies import SORTS


class FindStudiesForm(forms.Form):
    """What narrows the list."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Study.State.choices]
    )
    sort = forms.ChoiceField(
        required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput
    )

    def asked(self) -> dict[str, Any]:
        """Return what was asked; what cannot be read is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether something was asked for."""
        return bool(self.asked().keys() - {"sort"})


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
