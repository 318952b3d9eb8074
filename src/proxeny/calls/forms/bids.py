"""The parameters of a draft consortium in an address: participants, roles, sums, coordinator."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.calls.operations.bids import MOST, Chosen
from proxeny.calls.who import role_choices
from proxeny.kernel.view_helpers import read_number

#: The field that names an organisation, and the one that takes another in.
WITH, LEADS = "with", "leads"


class FindForm(forms.Form):
    """Words by which an organisation is found."""

    find = forms.CharField(
        label=_("Find an organisation"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


class PartForm(forms.Form):
    """The part of one organisation; its fields begin with its number."""

    role = forms.ChoiceField(
        label=pgettext_lazy("in a bid", "Role"), choices=role_choices, required=False
    )
    cost = forms.DecimalField(
        label=_("Cost"), required=False, min_value=Decimal(0), max_digits=14, decimal_places=2
    )
    request = forms.DecimalField(
        label=_("Amount requested"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("cost", "request"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "min": "0"}


class BidForm:
    """Parser of an address; invalid values are reported as errors beside their fields."""

    def __init__(self, data: QueryDict) -> None:
        numbers = (read_number(one) for one in data.getlist(WITH))
        self.chosen = list(dict.fromkeys(one for one in numbers if one))[: MOST + 1]
        self.leads = read_number(data.get(LEADS, "")) or None
        self.find = FindForm(data)
        self.parts: dict[int, PartForm] = {}
        for pk in self.chosen:
            values = data.copy()
            values.setdefault(f"{pk}-role", "beneficiary")
            self.parts[pk] = PartForm(values, prefix=str(pk))

    def is_valid(self) -> bool:
        """Whether each part could be read."""
        # Each is asked, so that each shows its own errors.
        refused = [one for one in self.parts.values() if not one.is_valid()]
        return not refused

    def words(self) -> str:
        """Return the search text for organisations."""
        return str(self.find.cleaned_data["find"]) if self.find.is_valid() else ""

    def to_chosen(self) -> list[Chosen]:
        """Return the participants; invalid values count as missing."""
        return [
            Chosen(
                pk,
                one.cleaned_data.get("role") or "beneficiary",
                one.cleaned_data.get("cost"),
                one.cleaned_data.get("request"),
            )
            for pk, one in self.parts.items()
        ]
