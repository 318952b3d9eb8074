"""What the client says came of a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import Later
from proxeny.assessments.operations.later import LaterFacts
from proxeny.assessments.queries.later import seen_of, worth_of
from proxeny.kernel.versions import VersionedForm
from proxeny.partnerships.sums import MOST_WORTH


class LaterForm(VersionedForm):
    """What came of it, what it is worth, and more in the company's own words."""

    use_required_attribute = False

    value = forms.ChoiceField(
        label=_("What came of it?"), choices=Later.Value.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers."),
                        "invalid_choice": _("Choose one of the answers.")},
    )  # fmt: skip
    worth = forms.DecimalField(
        label=_("What it was worth to you, roughly"), required=False, min_value=0,
        max_value=MOST_WORTH, decimal_places=2,
        help_text=_("Sales won, or a loss avoided. Only the teams of the two clusters read it."),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"), max_length=3, required=False,
        help_text=_("Its three letters, such as GBP."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("In your words"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": "2000"}),
        help_text=_("What helped, what was missing: the teams learn from it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, one: Later) -> None:
        super().__init__(data, prefix=None, initial={
            "value": one.value, "worth": worth_of(one), "currency": one.currency,
            "text": one.text, "version": seen_of(one),
        })  # fmt: skip

    def facts(self) -> LaterFacts:
        """Return what was typed."""
        names = ("value", "worth", "currency", "text")
        return LaterFacts(**{name: self.cleaned_data[name] for name in names})


class OutcomeFilter(forms.Form):
    """By what assessments are compared, and from which day to which they were asked for."""

    by = forms.ChoiceField(label=_("Compare"), choices=[
        ("question", _("Questions")), ("country", _("Countries of the companies")),
        ("cluster", _("Clusters")), ("adviser", _("Advisers")),
    ])  # fmt: skip
    since = forms.DateField(
        label=_("From"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        super().__init__({**data.dict(), "by": data.get("by") or "question"})
