"""Forms of publications: looking for published studies, and withdrawing one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.research.models import Study
from proxeny.research.queries.publications import Choices, Wanted

_NAMES = dict(Study._meta.get_field("language").choices or ())


class FindPublishedForm(forms.Form):
    """A filter for published studies."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    keyword = forms.ChoiceField(label=_("Keyword"), required=False)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in (
            ("keyword", [(one, one) for one in choices.keywords]),
            ("cluster", [(one, one) for one in choices.clusters]),
            ("language", [(one, _NAMES.get(one, one)) for one in choices.languages]),
        ):
            choice_field(self, name).choices = [("", _("all")), *values]

    def wanted(self) -> Wanted:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(**{name: found.get(name, "") for name in self.fields})


class WithdrawForm(forms.Form):
    """The reason for withdrawing a study."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown publicly in place of the study."),
    )
