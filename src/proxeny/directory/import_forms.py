"""Forms of the import: the file, and how its columns are read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.forms import language_choices
from proxeny.directory.memberlist.check import Options
from proxeny.directory.memberlist.columns import TARGETS
from proxeny.directory.models import Kind, MemberImport, Organisation, Visibility
from proxeny.directory.sources.encoding import ENCODINGS, encoding_label
from proxeny.kernel.versions import VersionedForm


class UploadForm(forms.Form):
    """A member list."""

    cluster = forms.TypedChoiceField(label=_("Members of"), coerce=int)
    file = forms.FileField(
        label=_("Member list"), max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX with one row for each member, up to 20 MB. Nothing is changed "
                    "before you have seen the check of every row."),
        error_messages={"required": _("Choose the file that holds your members.")},
        allow_empty_file=True,
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, clusters: Sequence[Organisation]
    ) -> None:
        super().__init__(data, files)
        self.fields["cluster"].choices = [(one.pk, one.name) for one in clusters]
        if clusters:
            self.initial["cluster"] = clusters[0].pk
        if len(clusters) == 1:
            self.fields["cluster"].widget = forms.HiddenInput()


class ReadAgainForm(forms.Form):
    """Another sheet of the workbook, or another encoding of the text."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        found = brought.columns
        super().__init__(data, initial={"sheet": brought.sheet, "encoding": found["encoding"]})
        if len(found["sheets"]) > 1:
            self.fields["sheet"].choices = [(name, name) for name in found["sheets"]]
        else:
            del self.fields["sheet"]
        if found["encoding"]:
            codes = dict.fromkeys((found["encoding"], *ENCODINGS))
            self.fields["encoding"].choices = [(code, encoding_label(code)) for code in codes]
        else:
            del self.fields["encoding"]


_REFUSE = _("Refuse the list, so that I can correct it")


class ColumnsForm(VersionedForm):
    """Which column fills which of our fields, and what to do with gaps."""

    default_country = forms.ChoiceField(
        label=_("Country where the list gives none"), required=False
    )
    default_kind = forms.ChoiceField(label=_("Kind where the list gives none"))
    default_language = forms.ChoiceField(label=_("Language of the texts"))
    default_visibility = forms.ChoiceField(
        label=_("New members are visible to"), choices=Visibility.choices
    )
    nameless = forms.ChoiceField(
        label=_("A row without a name"), widget=forms.RadioSelect,
        choices=[("refuse", _REFUSE), ("skip", _("Leave the row out"))],
    )  # fmt: skip
    repeats = forms.ChoiceField(
        label=_("Two rows for one member that differ"), widget=forms.RadioSelect,
        choices=[("refuse", _REFUSE), ("first", _("Read the first, leave the others out"))],
    )  # fmt: skip
    unreadable = forms.ChoiceField(
        label=_("A value that cannot be read or is too long"), widget=forms.RadioSelect,
        choices=[("refuse", _REFUSE), ("blank", _("Leave the value out"))],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        options = brought.options
        given = ("country", "kind", "language", "visibility")
        initial = {f"default_{name}": options.get(name, "") for name in given}
        strict = {one: options.get(one, "refuse") for one in ("nameless", "repeats", "unreadable")}
        super().__init__(data, initial={**initial, **strict, "version": brought.version})
        columns = [("", _("not in this list")), *((one, one) for one in brought.columns["header"])]
        for target in TARGETS:
            self.fields[target.name] = forms.ChoiceField(
                label=target.label, choices=columns, required=False, help_text=target.help,
                initial=brought.mapping.get(target.name, ""),
            )  # fmt: skip
        self.fields["default_country"].choices = [
            ("", _("None: refuse such rows")),
            *country_choices(),
        ]
        self.fields["default_kind"].choices = [
            one for one in Kind.choices if one[0] != Kind.CLUSTER
        ]
        self.fields["default_language"].choices = language_choices([options.get("language", "en")])
        self.encoding = options.get("encoding", "")

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field: of one of ours, the column that was chosen."""
        labels = {target.name: target.label for target in TARGETS}
        return (labels[name], values[-1]) if name in labels else super().tell_posted(name, values)

    def column_fields(self) -> list[forms.BoundField]:
        """Return the selects of columns, in the order of our fields."""
        return [self[target.name] for target in TARGETS]

    def to_mapping(self) -> dict[str, str]:
        """Return the chosen column of each field that has one."""
        chosen = {target.name: self.cleaned_data[target.name] for target in TARGETS}
        return {name: label for name, label in chosen.items() if label}

    def to_options(self) -> Options:
        """Return what to do with gaps."""
        typed = self.cleaned_data
        return Options(
            country=typed["default_country"], kind=typed["default_kind"],
            language=typed["default_language"], visibility=typed["default_visibility"],
            nameless=typed["nameless"], repeats=typed["repeats"], unreadable=typed["unreadable"],
            encoding=self.encoding,
        )  # fmt: skip
