"""The client's answers on the outcome of a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import Later
from proxeny.assessments.operations.follow_up import LaterFacts
from proxeny.assessments.queries.follow_up import seen_of, worth_of
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.partnerships.sums import MOST_WORTH


class LaterForm(VersionedForm):
    """The outcome, its value, and details in the company's own words."""

    use_required_attribute = False

    value = forms.ChoiceField(
        label=_("What came of it?"),
        choices=Later.Value.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("Choose one of the answers."),
        },
    )
    worth = forms.DecimalField(
        label=_("Approximate value to you"),
        required=False,
        min_value=0,
        max_value=MOST_WORTH,
        decimal_places=2,
        help_text=_("Sales won or a loss avoided. Only the teams of the two clusters can see it."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        required=False,
        help_text=_("Three-letter code, such as GBP."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": "2000"}),
        help_text=_("What helped and what was missing. The teams learn from it."),
    )

    def __init__(self, data: Any = None, *, one: Later) -> None:
        super().__init__(
            data,
            prefix=None,
            initial={
                "value": one.value,
                "worth": worth_of(one),
                "currency": one.currency,
                "text": one.text,
                "version": seen_of(one),
            },
        )

    def facts(self) -> LaterFacts:
        """Return the values for the operation."""
        names = ("value", "worth", "currency", "text")
        return LaterFacts(**{name: self.cleaned_data[name] for name in names})


class OutcomeFilter(forms.Form):
    """By what assessments are compared, and from which day to which they were asked for."""

    by = forms.ChoiceField(
        label=_("Compare"),
        choices=[
            ("question", _("Questions")),
            ("country", _("Countries of the companies")),
            ("cluster", _("Clusters")),
            ("adviser", _("Advisers")),
        ],
    )
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__({**data.dict(), "by": data.get("by") or "question"})
