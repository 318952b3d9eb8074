"""Forms of figures: queries to an office, tables, changes, and filters."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.assessments.models import Figure
from proxeny.assessments.operations.figures import FigureFacts
from proxeny.assessments.queries.figures import CSV, SORTS
from proxeny.assessments.statistics.sdmx import Query
from proxeny.assessments.statistics.sources import OFFICES
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field

#: As long as a table of 5,000 values may be as text.
TEXT_LENGTH = 1024 * 1024
_ADDRESS = _("Enter a full web address, such as https://company.example.")
_CODE = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class _Said(forms.Form):
    """The fields that every figure has."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Shown above the chart, for instance “Turnover of sound studios”."),
        error_messages={"required": _("Describe in a few words what the figure shows.")},
    )
    unit = forms.CharField(
        label=_("Unit"),
        max_length=80,
        required=False,
        help_text=_("For instance “million euros” or “percent of companies”."),
    )
    shape = forms.ChoiceField(
        label=_("Display as"),
        choices=Figure.Shape.choices,
        initial=Figure.Shape.LINE,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Choose lines, bars or a table.")},
    )


class _Sourced(forms.Form):
    """The source of an uploaded table."""

    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The publisher of these figures."),
        error_messages={"required": _("Enter the publisher of these figures.")},
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        help_text=_("Where they’re published, so that anyone can look them up."),
        error_messages={
            "required": _("Enter where these figures are published."),
            "invalid": _ADDRESS,
        },
    )
    licence = forms.CharField(
        label=_("Licence"),
        max_length=120,
        help_text=_(
            "The licence they may be used under, for instance CC BY 4.0, or “own figures”."
        ),
        error_messages={"required": _("Enter the licence these figures may be used under.")},
    )


class FetchForm(_Said):
    """A figure of a statistical office. `seen` is the address that was shown before the query."""

    agency = forms.ChoiceField(
        label=_("Statistical office"),
        choices=[(one.code, one.name) for one in OFFICES.values()],
        error_messages={
            "required": _("Choose one of the offices."),
            "invalid_choice": _("Choose one of the offices."),
        },
    )
    flow = forms.CharField(
        label=_("Data set"),
        max_length=120,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("The office’s code for it, for instance nama_10_gdp."),
        error_messages={"required": _("Enter the data set’s code.")},
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_(
            "Which series: one code per dimension, separated by dots; several codes of one "
            "dimension are joined with a plus sign, for instance A.CP_MEUR.B1GQ.EL+FR."
        ),
    )
    since = forms.CharField(
        label=_("From period"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("For instance 2015 or 2015-Q1."),
    )
    until = forms.CharField(
        label=_("Until period"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("Leave empty for the latest period, also on refresh."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("title", "agency", "flow", "key", "since", "until", "unit", "shape")

    def query(self) -> Query:
        """Return the query to the office."""
        names = ("agency", "flow", "key", "since", "until")
        return Query(**{name: self.cleaned_data[name] for name in names})

    def facts(self) -> FigureFacts:
        """Return the description of the figure."""
        return FigureFacts(**{name: self.cleaned_data[name] for name in ("title", "unit", "shape")})


class _Table(forms.Form):
    """A table of values: a file, or its text. Once a file was read, the form shows its text."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        help_text=_(
            "Either the first column holds the periods and each other column a series, or each "
            "row holds one value with its name and period. Up to 1 MB."
        ),
    )
    text = forms.CharField(
        label=_("The table as text"),
        required=False,
        max_length=TEXT_LENGTH,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "dir": "ltr", "spellcheck": "false", "class": "fg-text"}
        ),
        help_text=_(
            "Paste it here instead of uploading a file, or correct what was read from one."
        ),
    )
    decimal = forms.ChoiceField(
        label=_("Decimal separator"),
        required=False,
        choices=[
            ("", _("Detected from the numbers")),
            (",", lazystr("1,5")),
            (".", lazystr("1.5")),
        ],
    )


class TableForm(_Said, _Sourced, _Table):
    """A figure uploaded as a table."""

    field_order = ("title", "source", "url", "licence", "unit", "shape", "file", "text", "decimal")

    def facts(self) -> FigureFacts:
        """Return the description of the figure."""
        names = ("title", "unit", "shape", "source", "url", "licence")
        return FigureFacts(**{name: self.cleaned_data[name] for name in names})


class RenewForm(_Table):
    """The newer table of a figure."""

    use_required_attribute = False


class _OfFigure:
    """The shared fields of forms that change a figure."""

    names: tuple[str, ...] = ("title", "unit", "shape")

    def __init__(self, data: Any = None, *, figure: Figure) -> None:
        said = {name: getattr(figure, name) for name in (*self.names, "version")}
        super().__init__(data, initial=said)  # type: ignore[call-arg]

    def facts(self) -> FigureFacts:
        """Return the new description of the figure."""
        found: dict[str, Any] = self.cleaned_data  # type: ignore[attr-defined]
        return FigureFacts(**{name: found[name] for name in self.names})


class FetchedForm(_OfFigure, _Said, VersionedForm):
    """Of a figure that an office tells: its source stays."""


class BroughtForm(_OfFigure, _Said, _Sourced, VersionedForm):
    """Changes to an uploaded figure."""

    names = ("title", "unit", "shape", "source", "url", "licence")
    field_order = ("title", "source", "url", "licence", "unit", "shape")


def change_form(figure: Figure, data: Any = None) -> FetchedForm | BroughtForm:
    """Return the form by which a figure is changed."""
    form = FetchedForm if figure.origin == Figure.Origin.SDMX else BroughtForm
    return form(data, figure=figure)


class FindFiguresForm(forms.Form):
    """A filter for the library."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    office = forms.ChoiceField(
        label=pgettext_lazy("figures from", "From"),
        required=False,
        choices=[
            ("", pgettext_lazy("figures from", "Any source")),
            *((one.code, one.name) for one in OFFICES.values()),
            (CSV, _("A CSV file")),
        ],
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    away = forms.BooleanField(label=_("Archive"), required=False)
    sort = forms.ChoiceField(
        required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, units: Sequence[str]) -> None:
        super().__init__(data)
        choice_field(self, "unit").choices = [("", _("All")), *((one, one) for one in units)]

    def asked(self) -> dict[str, Any]:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return {"sort": "brought"} | found

    @property
    def is_narrowed(self) -> bool:
        """Whether something was asked for."""
        return bool(self.asked().keys() - {"sort"})
