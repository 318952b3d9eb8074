"""Forms of what studies recommend: pointing at rows, looking through fates, looking again."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.models import Party, Recommendation
from proxeny.research.models import PackageFile
from proxeny.research.queries.fates import SORTS, Wanted
from proxeny.research.rows import columns_in, first_row
from proxeny.research.rules import Place, read_place

State, Addressee = Recommendation.State, Recommendation.Addressee


def file_choices(files: Iterable[PackageFile]) -> list[tuple[Any, Any]]:
    """Return files to choose from, by study and package."""
    found: list[tuple[Any, Any]] = [("", _("Choose a file"))]
    for package, those in groupby(files, key=lambda one: one.version.package):
        found.append(
            (
                f"{package.study.title} · {package.title}",
                [
                    (
                        one.pk,
                        gettext("%(path)s (version %(number)d)")
                        % {"path": one.path, "number": one.version.number},
                    )
                    for one in those
                ],
            )
        )
    return found


class ChooseRowsForm(forms.Form):
    """The choice of a file and its rows; sent by GET, so that users see rows before citing them."""

    use_required_attribute = False

    file = forms.TypedChoiceField(
        label=_("File"),
        coerce=int,
        empty_value=None,
        error_messages={
            "required": _("Choose a file."),
            "invalid_choice": _("Choose an option from the list."),
        },
    )
    rows = forms.CharField(
        label=_("Rows"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=_("Use the row numbers of the file (the header is row 1), such as 5 or 5-7."),
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none to cite the whole row."),
    )

    def __init__(
        self, data: Any = None, *, files: Sequence[PackageFile], file: PackageFile | None = None
    ) -> None:
        super().__init__(data)
        columns = columns_in(file.table) if file else ()
        choice_field(self, "file").choices = file_choices(files)
        choice_field(self, "columns").choices = [(one, one) for one in columns]
        if not columns:
            del self.fields["columns"], self.fields["rows"]
        elif file and first_row(file.dialect) == 1:
            self.fields["rows"].help_text = _(
                "Use the row numbers of the file, starting at 1, such as 5 or 5-7."
            )

    def clean_rows(self) -> str:
        """Return the rows as typed; refuse what is none."""
        rows = _tidy_rows(self.cleaned_data["rows"])
        if rows and read_place(f"row={rows}") is None:
            raise forms.ValidationError(_("Enter one row, such as 5, or a range, such as 5-7."))
        return rows

    def place(self) -> Place | None:
        """Return the rows and columns that were chosen; None where no row is."""
        found = read_place(f"row={self.cleaned_data.get('rows') or ''}")
        columns = tuple(self.cleaned_data.get("columns") or ())
        return Place(found.first, found.last, columns) if found else None


class RestOnRowsForm(ChooseRowsForm):
    """The previewed rows, and what they show."""

    text = forms.CharField(
        label=_("What this shows"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "maxlength": "500"}),
        help_text=_("A figure with its unit and date, as the decision-maker will read it."),
        error_messages={"required": _("Describe what these rows show.")},
    )


def _tidy_rows(text: str) -> str:
    """Return rows as people write them with a plain hyphen and no spaces."""
    return "".join(text.split()).replace("–", "-").replace("—", "-")


class FatesForm(forms.Form):
    """A filter for the outcomes of recommendations."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    study = forms.TypedChoiceField(label=_("Study"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("State"), required=False)
    year = forms.TypedChoiceField(
        label=_("Year written"), required=False, coerce=int, empty_value=None
    )
    side = forms.ChoiceField(label=_("Who should act"), required=False)
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(sign + name, name) for name in SORTS for sign in ("", "-")],
    )

    def __init__(
        self,
        data: Any,
        *,
        studies: Sequence[tuple[int, str]],
        years: Sequence[int],
        parties: Sequence[Party],
    ) -> None:
        super().__init__(data)
        every: list[tuple[Any, Any]] = [("", _("all"))]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "study": [*every, *studies],
            "state": [*every, *State.choices],
            "year": [*every, *((one, str(one)) for one in years)],
            "side": [
                *every,
                (Addressee.ALL, _("all parties")),
                *((one.side, one.organisation.name) for one in parties),
            ],
        }
        for name, choices in offered.items():
            choice_field(self, name).choices = choices

    def wanted(self) -> Wanted:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**found)


class LookForm(forms.Form):
    """A review of a recommendation's outcome, a year later."""

    note = forms.CharField(
        label=_("Follow-up"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "maxlength": "1000"}),
        help_text=_("Who is doing it now and where to see it, or why no one is."),
        error_messages={"required": _("Describe in a sentence what came of it.")},
    )
