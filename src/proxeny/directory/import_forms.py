"""Forms of the import: the file, and how its columns are read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.forms import CountriesField, language_choices
from proxeny.directory.memberlist.check import Options
from proxeny.directory.memberlist.columns import BY_NAME, TARGETS, targets_of
from proxeny.directory.memberlist.lists import LISTS, SEPARATORS
from proxeny.directory.models import Kind, MemberImport, Organisation, Visibility
from proxeny.directory.sources.encoding import ENCODINGS, encoding_label
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field

Source = MemberImport.Source


class UploadForm(forms.Form):
    """A list of organisations."""

    cluster = forms.TypedChoiceField(label=_("Cluster"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip,.gz,.vcf"}),
        help_text=_(
            "CSV, XLSX, ZIP or vCard, up to 20 MB and one million rows. Nothing changes until "
            "you’ve seen the check of every row."
        ),
        error_messages={"required": _("Choose the file with your members.")},
        allow_empty_file=True,
    )
    source = forms.ChoiceField(
        label=_("What it is"),
        required=False,
        choices=[("", _("Detect automatically")), *Source.choices],
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, clusters: Sequence[Organisation]
    ) -> None:
        super().__init__(data, files)
        choice_field(self, "cluster").choices = [(one.pk, one.name) for one in clusters]
        if clusters:
            self.initial["cluster"] = clusters[0].pk
        if len(clusters) == 1:
            self.fields["cluster"].widget = forms.HiddenInput()


class ReadAgainForm(forms.Form):
    """The kind of file, another sheet of the workbook, or another encoding of the text."""

    source = forms.ChoiceField(label=_("What it is"), required=False, choices=Source.choices)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        found = brought.columns
        start = {"source": brought.source, "sheet": brought.sheet, "encoding": found["encoding"]}
        super().__init__(data, initial=start)
        if len(found["sheets"]) > 1:
            choice_field(self, "sheet").choices = [(name, name) for name in found["sheets"]]
            self.fields["sheet"].label = _("Sheet") if found.get("form") == "xlsx" else _("File")
        else:
            del self.fields["sheet"]
        if found["encoding"]:
            codes = dict.fromkeys((found["encoding"], *ENCODINGS))
            choice_field(self, "encoding").choices = [
                (code, encoding_label(code)) for code in codes
            ]
        else:
            del self.fields["encoding"]


_REFUSE = _("Reject the list so that I can correct it")


class ColumnsForm(VersionedForm):
    """The mapping of columns to our fields, and the handling of gaps."""

    default_country = forms.ChoiceField(label=_("Country if the list gives none"), required=False)
    default_kind = forms.ChoiceField(label=_("Kind if the list gives none"))
    default_language = forms.ChoiceField(label=_("Language of the texts"))
    default_visibility = forms.ChoiceField(
        label=_("New members are visible to"), choices=Visibility.choices
    )
    joins = forms.ChoiceField(
        label=_("The organisations in the list"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("are members of the cluster")),
            ("no", _("are known to the cluster but aren’t members")),
        ],
    )
    only = CountriesField(
        label=_("Only rows from these countries"),
        required=False,
        help_text=_("Choose none for all countries."),
    )
    nameless = forms.ChoiceField(
        label=_("A row without a name"),
        widget=forms.RadioSelect,
        choices=[("refuse", _REFUSE), ("skip", _("Skip the row"))],
    )
    repeats = forms.ChoiceField(
        label=_("Two different rows for the same member"),
        widget=forms.RadioSelect,
        choices=[("refuse", _REFUSE), ("first", _("Use the first and skip the others"))],
    )
    unreadable = forms.ChoiceField(
        label=_("A value that can’t be read or is too long"),
        widget=forms.RadioSelect,
        choices=[("refuse", _REFUSE), ("blank", _("Skip the value"))],
    )

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        options = brought.options
        given = ("country", "kind", "language", "visibility")
        initial = {f"default_{name}": options.get(name, "") for name in given}
        strict = {one: options.get(one, "refuse") for one in ("nameless", "repeats", "unreadable")}
        more = {"joins": options.get("joins", "yes"), "only": options.get("only", "").split()}
        super().__init__(data, initial={**initial, **strict, **more, "version": brought.version})
        self.targets = [] if brought.source == Source.PROJECTS else targets_of(brought.source)
        columns = [("", _("not in this list")), *((one, one) for one in brought.columns["header"])]
        for target in self.targets:
            self.fields[target.name] = forms.ChoiceField(
                label=target.label,
                choices=columns,
                required=False,
                help_text=target.help,
                initial=brought.mapping.get(target.name, ""),
            )
        signs = [("", _("Detect from the file")), *SEPARATORS.items()]
        for name in LISTS:
            self.fields[f"separator_{name}"] = forms.ChoiceField(
                label=_separator_label(name),
                choices=signs,
                required=False,
                initial=options.get("separators", {}).get(name, ""),
            )
        choice_field(self, "default_country").choices = [
            ("", _("None: reject these rows")),
            *country_choices(),
        ]
        choice_field(self, "default_kind").choices = [
            one for one in Kind.choices if one[0] != Kind.CLUSTER
        ]
        choice_field(self, "default_language").choices = language_choices(
            [options.get("language", "en")]
        )
        self.kept = Options.from_json(options)
        if not self.targets:
            self.fields = {"version": self.fields["version"]}

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field: of one of ours, the column that was chosen."""
        labels = {target.name: target.label for target in TARGETS}
        field = name.removeprefix("separator_")
        if field in LISTS and field != name:
            return _separator_label(field), str(
                SEPARATORS.get(values[-1], _("Detect from the file"))
            )
        return (labels[name], values[-1]) if name in labels else super().tell_posted(name, values)

    def column_fields(self) -> list[forms.BoundField]:
        """Return the selects of columns, in the order of our fields."""
        return [self[target.name] for target in self.targets]

    def separator_fields(self) -> list[forms.BoundField]:
        """Return the selects of separators, in the order of our fields."""
        return [self[f"separator_{name}"] for name in LISTS]

    def to_mapping(self) -> dict[str, str]:
        """Return the chosen column of each field that has one."""
        chosen = {target.name: self.cleaned_data[target.name] for target in self.targets}
        return {name: label for name, label in chosen.items() if label}

    def to_options(self) -> Options:
        """Return the handling of gaps."""
        typed = self.cleaned_data
        if not self.targets:
            return self.kept
        return replace(
            self.kept,
            country=typed["default_country"],
            kind=typed["default_kind"],
            language=typed["default_language"],
            visibility=typed["default_visibility"],
            nameless=typed["nameless"],
            repeats=typed["repeats"],
            unreadable=typed["unreadable"],
            joins=typed["joins"],
            only=" ".join(typed["only"]),
            separators={name: sign for name in LISTS if (sign := typed[f"separator_{name}"])},
        )


def _separator_label(name: str) -> Any:
    return format_lazy("{label} – {separator}", label=BY_NAME[name].label, separator=_("separator"))


class PairsForm(forms.Form):
    """Whether rows are the entries they look like: one choice a pair, and one for all the rest."""

    rest = forms.ChoiceField(
        label=_("All pairs still undecided"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            ("apart", _("Import them as new entries and decide later in the list of duplicates")),
            ("same", _("Treat them as the same and update the entries")),
        ],
    )

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        super().__init__(data, initial={"rest": brought.options.get("alike", "apart")})
        self.pairs = brought.report.get("pairs", [])
        for one in self.pairs:
            self.fields[_pair_name(one)] = forms.ChoiceField(
                label=_("Row %(row)s and %(name)s") % {"row": one["row"], "name": one["known_as"]},
                widget=forms.RadioSelect(attrs={"class": "segmented"}),
                required=False,
                choices=[("", _("Later")), ("same", _("The same")), ("apart", _("Different"))],
            )

    def pair_fields(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        """Return each pair with its field."""
        return [(one, self[_pair_name(one)]) for one in self.pairs]

    def to_decisions(self) -> dict[tuple[int, int], bool]:
        """Return the decisions, by row and entry."""
        chosen = {
            (one["row"], one["organisation_id"]): self.cleaned_data[_pair_name(one)]
            for one in self.pairs
        }
        return {pair: answer == "same" for pair, answer in chosen.items() if answer}


def _pair_name(pair: dict[str, Any]) -> str:
    return f"pair-{pair['row']}-{pair['organisation_id']}"
