"""Forms of data packages: releases, columns and format of a table."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.research.models import Use
from proxeny.research.operations.tables import DELIMITERS, ENCODINGS

_PLAIN = {"dir": "auto", "autocomplete": "off", "spellcheck": "false"}
_CODE = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}

#: The types of a Table Schema, by what people call them.
TYPES = [
    ("string", _("text")),
    ("integer", _("whole number")),
    ("number", _("number")),
    ("boolean", _("yes or no")),
    ("date", _("date")),
    ("datetime", _("date and time")),
    ("year", _("year")),
    ("yearmonth", _("month")),
    ("time", _("time")),
    ("duration", _("duration")),
    ("geopoint", _("point on the map")),
    ("geojson", _("shape on the map")),
    ("array", _("list (JSON)")),
    ("object", _("object (JSON)")),
    ("any", _("any value")),
]
_ENCODING_LABELS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 BE",
    "cp1252": _("Windows (Western)"),
    "cp1253": _("Windows (Greek)"),
    "cp1256": _("Windows (Arabic)"),
}
_DELIMITER_LABELS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}


class ReleaseForm(forms.Form):
    """The release notes of a version."""

    use_required_attribute = False

    note = forms.CharField(
        label=_("What is new"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("One sentence that helps others choose a version."),
        error_messages={"required": _("Describe briefly what’s new in this version.")},
    )
    faults_known = forms.BooleanField(
        label=_("I understand that some rows are invalid or haven’t been checked. Release anyway."),
        required=False,
    )

    def __init__(self, data: Any = None, *, has_faults: bool = False, is_first: bool = False):
        super().__init__(data)
        if not has_faults:
            del self.fields["faults_known"]
        self.fields["note"].required = not is_first
        if is_first:
            self.fields["note"].label = _("Description")


class DescribeForm(forms.Form):
    """The name and description of a file."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    details = forms.CharField(
        label=_("Description"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("What each row represents, where it comes from and what was left out."),
    )


class WritingForm(forms.Form):
    """The format of a table's rows."""

    delimiter = forms.ChoiceField(
        label=_("Cell separator"),
        choices=[(one, _DELIMITER_LABELS[one]) for one in DELIMITERS],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=[(one, _ENCODING_LABELS[one]) for one in ENCODINGS]
    )
    header = forms.BooleanField(label=_("The first row contains column names"), required=False)

    @classmethod
    def initial_of(cls, dialect: Mapping[str, Any]) -> dict[str, Any]:
        """Return the current description of a table."""
        return {
            "delimiter": dialect.get("delimiter", ","),
            "encoding": dialect.get("encoding", "utf-8"),
            "header": dialect.get("header", True),
        }


class ColumnForm(forms.Form):
    """The content of one column."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    type = forms.ChoiceField(label=_("Type"), choices=TYPES)
    format = forms.CharField(
        label=_("Format"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("For dates and times, such as %d/%m/%Y; for text, “email” or “uri”."),
    )
    description = forms.CharField(
        label=_("What it means"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    required = forms.BooleanField(label=_("Required in every row"), required=False)
    unique = forms.BooleanField(label=_("No duplicates"), required=False)
    key = forms.BooleanField(label=_("Identifies the row"), required=False)
    minimum = forms.CharField(
        label=_("Minimum value"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
    )
    maximum = forms.CharField(
        label=_("Maximum value"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
    )
    minLength = forms.IntegerField(label=_("Minimum length"), min_value=0, required=False)  # noqa: N815
    maxLength = forms.IntegerField(label=_("Maximum length"), min_value=0, required=False)  # noqa: N815
    pattern = forms.CharField(
        label=_("Pattern"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("A regular expression that matches the whole text, such as [A-Z]{2}[0-9]+."),
    )
    enum = forms.CharField(
        label=_("Allowed values"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "spellcheck": "false"}),
        help_text=_("One value per line."),
    )

    def __init__(self, data: Any, *, at: int, column: Mapping[str, Any], is_key: bool) -> None:
        rules = column.get("constraints", {})
        initial = {
            **{name: column.get(name, "") for name in ("title", "type", "description")},
            "format": "" if column.get("format", "default") == "default" else column["format"],
            **{name: rules[name] for name in _RULES if name in rules},
            "enum": "\n".join(map(str, rules.get("enum", []))),
            "key": is_key,
        }
        super().__init__(data, prefix=f"c{at}", initial=initial)
        self.at, self.column = at, column

    @property
    def is_ruled(self) -> bool:
        """Whether the column has rules besides its type: then they are shown expanded."""
        return bool(self.errors) or bool(self.column.get("constraints"))

    def to_column(self) -> dict[str, Any]:
        """Return the column as a Table Schema says it; what is not asked here stays."""
        said = self.cleaned_data
        column = {**self.column, "type": said["type"]}
        for name in ("title", "description", "format"):
            column.pop(name, None)
            if said[name]:
                column[name] = said[name]
        rules = {name: said[name] for name in _RULES if said[name] not in ("", None, False)}
        if values := [line.strip() for line in said["enum"].splitlines() if line.strip()]:
            rules["enum"] = values
        column.pop("constraints", None)
        return {**column, **({"constraints": rules} if rules else {})}


_RULES = ("required", "unique", "minimum", "maximum", "minLength", "maxLength", "pattern")


class UsesForm(forms.Form):
    """A filter for uses of the data."""

    q = forms.CharField(
        label=_("Search"), max_length=100, required=False, widget=forms.SearchInput()
    )
    where = forms.ChoiceField(
        label=_("Where"), required=False, choices=[("", _("everywhere")), *Use.Where.choices]
    )
