"""The contributions of one partner to each work package, as a grid of input fields."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.bids.figures import read_figure, write_figure
from proxeny.bids.models import Partner, Spending, WorkPackage
from proxeny.bids.operations.budgets import UNPAID
from proxeny.bids.operations.spending import (
    MOST_AMOUNT,
    MOST_MONTHS,
    MOST_RATE,
    MOST_REQUEST,
    Figures,
    field_of,
)
from proxeny.kernel.edit_conflicts import Part, VersionedForm
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_sum

Category = Spending.Category
_TYPED = {"inputmode": "decimal", "autocomplete": "off", "dir": "ltr"}


class FigureField(forms.Field):
    """A number from 0 on with two decimals, typed as the reader's language writes it.

    With `zero_is_nothing`, a zero is as good as an empty field; `category` names its column.
    """

    widget = forms.TextInput(attrs=_TYPED)

    def __init__(
        self, *, most: Decimal, zero_is_nothing: bool = False, category: Any = "", **given: Any
    ) -> None:
        super().__init__(required=False, **given)
        self.most, self.zero_is_nothing, self.category = most, zero_is_nothing, category

    def to_python(self, value: Any) -> Decimal | None:
        """Return the number; None for nothing."""
        try:
            number = value if isinstance(value, Decimal) else read_figure(str(value or ""))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if number is None or (self.zero_is_nothing and not number):
            return None
        if not 0 <= number <= self.most:
            raise forms.ValidationError(
                gettext("Enter a number from 0 to %(most)s.") % {"most": tell_sum(self.most)}
            )
        return number

    def prepare_value(self, value: Any) -> Any:
        """Return the value of the field: the input as typed, or a number in the same notation."""
        if not isinstance(value, Decimal):
            return value
        return "" if self.zero_is_nothing and not value else write_figure(value)


class PartnerBudgetForm(VersionedForm):
    """All figures of a partner; the cells of the grid are those of the active work packages."""

    use_required_attribute = False

    rate = FigureField(
        label=_("Cost per person-month"),
        most=MOST_RATE,
        zero_is_nothing=True,
        help_text=_("On average, including all employer costs."),
    )
    percent = FigureField(label=_("Requested share of costs, in percent"), most=Decimal(100))
    request = FigureField(
        label=_("Request a fixed amount instead"),
        most=MOST_REQUEST,
        help_text=_("If empty, the percentage applies."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        partner: Partner,
        packages: Sequence[WorkPackage],
        cells: Mapping[tuple[int, str], Decimal],
        given: Decimal,
        away: Iterable[WorkPackage] = (),
    ) -> None:
        """Build the form.

        Parameters
        ----------
        cells : mapping
            The saved values, by number of the work package and category.
        given : Decimal
            The call's funding rate for the partner, in percent.
        away : iterable of WorkPackage
            Archived work packages: values typed for them are listed in an error, or they would be
            lost.
        """
        initial: dict[str, Any] = {
            name: getattr(partner, name) for name in ("rate", "percent", "request", "version")
        }
        initial |= {field_of(*place): amount for place, amount in cells.items()}
        super().__init__(data, initial=initial)
        self.packages, self.away, self.given = packages, away, given
        self.is_paid = partner.role not in UNPAID
        for package in packages:
            for category in Category:
                self.fields[field_of(package.pk, category)] = self._cell(package, category)
        self.fields["percent"].help_text = (
            gettext("If empty, the call’s rate applies: %(percent)s%%.")
            % {"percent": tell_sum(given)}
            if self.is_paid
            else gettext("Not counted: the grant doesn’t fund partners in this role.")
        )

    @staticmethod
    def _cell(package: WorkPackage, category: Category) -> FigureField:
        most = MOST_MONTHS if category == Category.MONTHS else MOST_AMOUNT
        label = f"{package.number} {package.title} · {category.label}"
        return FigureField(label=label, category=category.label, most=most, zero_is_nothing=True)

    def rows(self) -> list[tuple[WorkPackage, list[Any]]]:
        """Return each work package with its cells, in the order of the categories."""
        return [
            (one, [self[field_of(one.pk, category)] for category in Category])
            for one in self.packages
        ]

    def clean(self) -> dict[str, Any]:
        """Reject values typed for a work package that was archived meanwhile, and list them."""
        for one in self.away:
            typed = [
                f"{category.label} {value}"
                for category in Category
                if (value := str(self.data.get(field_of(one.pk, category), "")).strip())
            ]
            if typed:
                self.add_error(
                    None,
                    gettext(
                        "Work package “%(title)s” has been archived in the meantime. What you "
                        "entered for it wasn’t saved: %(figures)s. Save again to continue "
                        "without it."
                    )
                    % {"title": one.title, "figures": join_items(typed)},
                )
        return self.cleaned_data

    def to_figures(self) -> Figures:
        """Return the typed values, as the operation takes them."""
        values = self.cleaned_data
        cells = {
            (one.pk, category.value): amount
            for one in self.packages
            for category in Category
            if (amount := values[field_of(one.pk, category)]) is not None
        }
        return Figures(
            cells=cells,
            rate=values["rate"] or Decimal(0),
            percent=values["percent"],
            request=values["request"],
        )

    def tell(self, part: Part, *, is_typed: bool) -> str:
        """Return a figure as the reader's language writes it."""
        value = (self.read if is_typed else self.saved)(part.name)
        return tell_sum(value) if isinstance(value, Decimal) else str(value or "")

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return a figure with its label, even if its work package is no longer known."""
        category, _sign, number = name.partition("_")
        if number.isdecimal() and category in Category.values:
            return Category(category).label, "\n".join(values)
        return super().tell_posted(name, values)
