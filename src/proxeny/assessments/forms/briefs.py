"""Forms of briefs: questions, deliverables, deadline and price."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.forms.requests import area, day
from proxeny.assessments.models import Engagement, Service
from proxeny.assessments.operations.briefs import FIELDS, BriefFacts
from proxeny.kernel.edit_conflicts import VersionedForm


class BriefForm(VersionedForm):
    """The brief, as the teams write it."""

    use_required_attribute = False

    goal = forms.CharField(
        label=_("Goal"),
        max_length=2000,
        required=False,
        widget=area(3),
        help_text=_("The decision the company will base on it."),
    )
    scope = forms.CharField(
        label=_("Scope"),
        max_length=2000,
        required=False,
        widget=area(4),
        help_text=_("Regions, customers, products, years."),
    )
    leaves_out = forms.CharField(
        label=_("Out of scope"),
        max_length=2000,
        required=False,
        widget=area(2),
        help_text=_("Setting limits now avoids disappointment later."),
    )
    delivers = forms.CharField(
        label=_("What you get"),
        max_length=2000,
        required=False,
        widget=area(3),
        help_text=_("A report (with its length), a meeting, contacts."),
    )
    price = forms.DecimalField(
        label=_("Price"),
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        error_messages={"min_value": _("An amount can’t be negative.")},
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        widget=forms.TextInput(attrs={"dir": "ltr", "size": 4}),
        error_messages={"required": _("Enter the three-letter currency code, such as EUR.")},
    )
    payer = forms.ChoiceField(label=_("Who pays"), choices=Service.Payer.choices)
    due_on = forms.DateField(
        label=_("Report by"),
        required=False,
        widget=day(),
        help_text=_("Your commitment: the teams’ figures are measured against it."),
    )

    def __init__(self, data: Any = None, *, engagement: Engagement, promised: date) -> None:
        initial = {name: getattr(engagement, name) for name in (*FIELDS, "version")}
        initial["due_on"] = initial["due_on"] or promised
        super().__init__(data, initial=initial)

    def facts(self) -> BriefFacts:
        """Return the values for the operation."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        return BriefFacts(**{**values, "price": values["price"] or 0})


class RefuseForm(forms.Form):
    """The reason for refusing to sign."""

    use_required_attribute = False

    why = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=area(2, 300),
        help_text=_("The others read it and rewrite the brief."),
        error_messages={
            "required": _("Give a reason in one sentence. The other side will see it.")
        },
    )
