"""Forms of the money: an exchange rate, and the question of a stress test."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.models import FundingSource
from proxeny.partnerships.money import Ledger

ALL = "all"


class RateForm(forms.Form):
    """Value of a unit of a currency, from a day on."""

    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        help_text=_("Three-letter code, such as GBP."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    rate = forms.DecimalField(label=_("One unit is worth"), max_digits=16, decimal_places=8)
    since_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("Where it stands"),
        max_length=200,
        required=False,
        help_text=_("For instance: reference rate of the European Central Bank."),
    )


class StressForm(forms.Form):
    """Stress test: remaining share of each source, the year, and whether hoped-for money counts.

    Everything may be left out of the address: a source without a value is fully available.
    """

    year = forms.ChoiceField(
        label=_("Money and activities for"),
        required=False,
        widget=forms.Select(attrs={"data-autosubmit": ""}),
    )
    sure = forms.BooleanField(
        label=_("Secured money only"),
        required=False,
        widget=forms.CheckboxInput(attrs={"data-autosubmit": ""}),
    )

    def __init__(self, data: Mapping[str, Any], *, ledger: Ledger, this_year: int) -> None:
        years = sorted(
            {
                *ledger.years,
                *(
                    y
                    for a in ledger.activities
                    for y in range(a.starts_on.year, a.ends_on.year + 1)
                ),
            }
        )
        self.default_year = str(this_year) if this_year in years else ALL
        super().__init__({"year": self.default_year, **{name: data[name] for name in data}})
        choice_field(self, "year").choices = [
            (ALL, _("all years")),
            *((str(one), str(one)) for one in years),
        ]
        self.sources = ledger.sources
        for one in ledger.sources:
            self.fields[f"s{one.pk}"] = forms.IntegerField(
                label=one.name, min_value=0, max_value=100, required=False
            )

    @property
    def asked_year(self) -> int | None:
        """The year that is asked about; None for all."""
        chosen = self.cleaned_data.get("year") or self.default_year
        return None if chosen == ALL else int(chosen)

    def parts_left(self) -> dict[int, int]:
        """Return how many hundredths are left of each source of which not all is."""
        found = ((one.pk, self.cleaned_data.get(f"s{one.pk}")) for one in self.sources)
        return {pk: part for pk, part in found if part is not None and part < 100}

    def part_of(self, source: FundingSource) -> int:
        """Return the value of a source's slider."""
        part = self.cleaned_data.get(f"s{source.pk}")
        return 100 if part is None else part

    def address(self, parts_left: Mapping[int, int] | None = None) -> str:
        """Return the question as an address: only what is not as planned, in a steady order."""
        parts = self.parts_left() if parts_left is None else parts_left
        year = self.cleaned_data.get("year") or self.default_year
        pieces = [f"year={year}", *(["sure=on"] if self.cleaned_data.get("sure") else [])]
        return "?" + "&".join([*pieces, *(f"s{pk}={part}" for pk, part in sorted(parts.items()))])


def all_of(sources: Sequence[FundingSource], kinds: Sequence[str]) -> dict[int, int]:
    """Return the question in which all sources of some kinds end."""
    return {one.pk: 0 for one in sources if one.kind in kinds}
