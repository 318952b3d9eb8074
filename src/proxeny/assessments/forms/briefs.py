"""Forms of briefs: what is looked at, what the company gets, by when and at what price."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.forms.requests import area, day
from proxeny.assessments.models import Engagement, Service
from proxeny.assessments.operations.briefs import FIELDS, BriefFacts
from proxeny.kernel.versions import VersionedForm


class BriefForm(VersionedForm):
    """The brief, as the teams write it."""

    use_required_attribute = False

    goal = forms.CharField(
        label=_("Goal"), max_length=2000, required=False, widget=area(3),
        help_text=_("What the company decides with it."),
    )  # fmt: skip
    scope = forms.CharField(
        label=_("What is looked at"), max_length=2000, required=False, widget=area(4),
        help_text=_("Regions, customers, products, years."),
    )  # fmt: skip
    leaves_out = forms.CharField(
        label=_("What is left out"), max_length=2000, required=False, widget=area(2),
        help_text=_("Said now, it disappoints nobody later."),
    )  # fmt: skip
    delivers = forms.CharField(
        label=_("What you get"), max_length=2000, required=False, widget=area(3),
        help_text=_("A report of how many pages, a meeting, contacts."),
    )  # fmt: skip
    price = forms.DecimalField(
        label=_("Price"), max_digits=9, decimal_places=2, min_value=0, required=False,
        error_messages={"min_value": _("A sum cannot be negative.")},
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"), max_length=3, widget=forms.TextInput(attrs={"dir": "ltr", "size": 4}),
        error_messages={"required": _("Write the currency by its three letters, such as EUR.")},
    )  # fmt: skip
    payer = forms.ChoiceField(label=_("Who pays"), choices=Service.Payer.choices)
    due_on = forms.DateField(
        label=_("Report by"), required=False, widget=day(),
        help_text=_("What you promise: the teams’ figures are measured by it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, engagement: Engagement, promised: date) -> None:
        initial = {name: getattr(engagement, name) for name in (*FIELDS, "version")}
        initial["due_on"] = initial["due_on"] or promised
        super().__init__(data, initial=initial)

    def facts(self) -> BriefFacts:
        """Return what was typed, for the operation."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        return BriefFacts(**{**values, "price": values["price"] or 0})


class RefuseForm(forms.Form):
    """Why somebody does not sign."""

    use_required_attribute = False

    why = forms.CharField(
        label=_("Why not"), max_length=300, widget=area(2, 300),
        help_text=_("The others read it, and write the brief anew."),
        error_messages={"required": _("Say why, in a sentence that the other side reads.")},
    )  # fmt: skip
