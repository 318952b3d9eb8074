"""Forms of what studies recommend: pointing at rows, looking through fates, looking again."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
                    (one.pk, gettext("%(path)s (version %(number)d)")
                     % {"path": one.path, "number": one.version.number})
                    for one in those
                ],
            )
        )  # fmt: skip
    return found


class ChooseRowsForm(forms.Form):
    """Which rows of which file; sent by GET, so that one sees them before one points at them."""

    use_required_attribute = False

    file = forms.TypedChoiceField(
        label=_("File"), coerce=int, empty_value=None,
        error_messages={"required": _("Choose a file."),
                        "invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip
    rows = forms.CharField(
        label=_("Rows"), required=False, max_length=24,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=_("As counted in the file, where the header is row 1: 5, or 5-7."),
    )  # fmt: skip
    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the whole row."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, files: Sequence[PackageFile], file: PackageFile | None = None
    ) -> None:
        super().__init__(data)
        columns = columns_in(file.table) if file else ()
        self.fields["file"].choices = file_choices(files)  # type: ignore[attr-defined]
        self.fields["columns"].choices = [(one, one) for one in columns]  # type: ignore[attr-defined]
        if not columns:
            del self.fields["columns"], self.fields["rows"]
        elif file and first_row(file.dialect) == 1:
            self.fields["rows"].help_text = _("As counted in the file, from 1 on: 5, or 5-7.")

    def clean_rows(self) -> str:
        """Return the rows as typed; refuse what is none."""
        rows = _tidy_rows(self.cleaned_data["rows"])
        if rows and read_place(f"row={rows}") is None:
            raise forms.ValidationError(
                _("Write one row, like 5, or the first and last, like 5-7.")
            )
        return rows

    def place(self) -> Place | None:
        """Return the rows and columns that were chosen; None where no row is."""
        found = read_place(f"row={self.cleaned_data.get('rows') or ''}")
        columns = tuple(self.cleaned_data.get("columns") or ())
        return Place(found.first, found.last, columns) if found else None


class RestOnRowsForm(ChooseRowsForm):
    """The rows that were looked at, and what they show."""

    text = forms.CharField(
        label=_("What they show"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "maxlength": "500"}),
        help_text=_("A figure with its unit and time, as who decides will read it."),
        error_messages={"required": _("Say what these rows show.")},
    )  # fmt: skip


def _tidy_rows(text: str) -> str:
    """Return rows as people write them with a plain hyphen and no spaces."""
    return "".join(text.split()).replace("–", "-").replace("—", "-")


class FatesForm(forms.Form):
    """What to show of what became of recommendations."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)
    study = forms.TypedChoiceField(label=_("Study"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("State"), required=False)
    year = forms.TypedChoiceField(
        label=_("Written in"), required=False, coerce=int, empty_value=None
    )
    side = forms.ChoiceField(label=_("Who is to act"), required=False)
    sort = forms.ChoiceField(
        required=False, widget=forms.HiddenInput,
        choices=[(sign + name, name) for name in SORTS for sign in ("", "-")],
    )  # fmt: skip

    def __init__(
        self, data: Any, *, studies: Sequence[tuple[int, str]], years: Sequence[int],
        parties: Sequence[Party],
    ) -> None:  # fmt: skip
        super().__init__(data)
        every: list[tuple[Any, Any]] = [("", _("all"))]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "study": [*every, *studies],
            "state": [*every, *State.choices],
            "year": [*every, *((one, str(one)) for one in years)],
            "side": [
                *every, (Addressee.ALL, _("all parties")),
                *((one.side, one.organisation.name) for one in parties),
            ],
        }  # fmt: skip
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is looked for; what does not hold is left out."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**found)


class LookForm(forms.Form):
    """What became of a recommendation, said a year later."""

    note = forms.CharField(
        label=_("What became of it"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "maxlength": "1000"}),
        help_text=_("Who does it now, and where one sees it; or why nobody does."),
        error_messages={"required": _("Say in a sentence what became of it.")},
    )  # fmt: skip
