"""Forms of the import: the file, and how its columns are read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices, read_country
from proxeny.directory.forms import language_choices
from proxeny.directory.memberlist.check import Options
from proxeny.directory.memberlist.columns import TARGETS, targets_of
from proxeny.directory.models import Kind, MemberImport, Organisation, Visibility
from proxeny.directory.sources.encoding import ENCODINGS, encoding_label
from proxeny.kernel.versions import VersionedForm

Source = MemberImport.Source


class UploadForm(forms.Form):
    """A list of organisations."""

    cluster = forms.TypedChoiceField(label=_("List of"), coerce=int)
    file = forms.FileField(
        label=_("File"), max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip,.gz,.vcf"}),
        help_text=_("CSV, XLSX, ZIP or vCard, up to 20 MB and a million rows. Nothing is changed "
                    "before you have seen the check of every row."),
        error_messages={"required": _("Choose the file that holds your members.")},
        allow_empty_file=True,
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("What it is"), required=False,
        choices=[("", _("Recognise it by its content")), *Source.choices],
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
    """What kind of file it is, another sheet of the workbook, or another encoding of the text."""

    source = forms.ChoiceField(label=_("What it is"), required=False, choices=Source.choices)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        found = brought.columns
        start = {"source": brought.source, "sheet": brought.sheet, "encoding": found["encoding"]}
        super().__init__(data, initial=start)
        if len(found["sheets"]) > 1:
            self.fields["sheet"].choices = [(name, name) for name in found["sheets"]]
            self.fields["sheet"].label = _("Sheet") if found.get("form") == "xlsx" else _("File")
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
    joins = forms.ChoiceField(
        label=_("Whom the list names"), widget=forms.RadioSelect,
        choices=[("yes", _("are members of the cluster")),
                 ("no", _("are organisations the cluster knows, and no members"))],
    )  # fmt: skip
    only = forms.CharField(
        label=_("Only rows of these countries"), required=False, max_length=200,
        help_text=_("Names or codes of two letters, separated by commas; all when empty."),
    )  # fmt: skip
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
        more = {"joins": options.get("joins", "yes"), "only": options.get("only", "")}
        super().__init__(data, initial={**initial, **strict, **more, "version": brought.version})
        self.targets = [] if brought.source == Source.PROJECTS else targets_of(brought.source)
        columns = [("", _("not in this list")), *((one, one) for one in brought.columns["header"])]
        for target in self.targets:
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
        self.kept = Options.from_json(options)
        if not self.targets:
            self.fields = {"version": self.fields["version"]}

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field: of one of ours, the column that was chosen."""
        labels = {target.name: target.label for target in TARGETS}
        return (labels[name], values[-1]) if name in labels else super().tell_posted(name, values)

    def column_fields(self) -> list[forms.BoundField]:
        """Return the selects of columns, in the order of our fields."""
        return [self[target.name] for target in self.targets]

    def to_mapping(self) -> dict[str, str]:
        """Return the chosen column of each field that has one."""
        chosen = {target.name: self.cleaned_data[target.name] for target in self.targets}
        return {name: label for name, label in chosen.items() if label}

    def clean_only(self) -> str:
        """Read the countries, as codes parted by blanks."""
        parts = [part.strip() for part in re.split(r"[,;\n]", self.cleaned_data["only"])]
        texts = parts if len(parts) > 1 else self.cleaned_data["only"].split()
        whole = read_country(parts[0]) if len(parts) == 1 else None
        codes = [whole] if whole else [read_country(text) for text in texts if text]
        if None in codes:
            raise forms.ValidationError(
                _("“%(value)s” is not a country. Write its name, or its code of two letters."),
                params={"value": next(text for text in texts if text and not read_country(text))},
            )
        return " ".join(dict.fromkeys(code for code in codes if code))

    def to_options(self) -> Options:
        """Return what to do with gaps."""
        typed = self.cleaned_data
        if not self.targets:
            return self.kept
        return replace(
            self.kept,
            country=typed["default_country"], kind=typed["default_kind"],
            language=typed["default_language"], visibility=typed["default_visibility"],
            nameless=typed["nameless"], repeats=typed["repeats"], unreadable=typed["unreadable"],
            joins=typed["joins"], only=typed["only"],
        )  # fmt: skip


class PairsForm(forms.Form):
    """Whether rows are the entries they look like: one choice a pair, and one for all the rest."""

    rest = forms.ChoiceField(
        label=_("All that are still undecided"), widget=forms.RadioSelect, required=False,
        choices=[("apart", _("Import them as new, and decide later in the list of duplicates")),
                 ("same", _("They are the same: change the entries"))],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, brought: MemberImport) -> None:
        super().__init__(data, initial={"rest": brought.options.get("alike", "apart")})
        self.pairs = brought.report.get("pairs", [])
        for one in self.pairs:
            self.fields[_pair_name(one)] = forms.ChoiceField(
                label=_("Row %(row)s and %(name)s") % {"row": one["row"], "name": one["known_as"]},
                widget=forms.RadioSelect(attrs={"class": "segmented"}), required=False,
                choices=[("", _("Later")), ("same", _("The same")), ("apart", _("Two"))],
            )  # fmt: skip

    def pair_fields(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        """Return each pair with its field."""
        return [(one, self[_pair_name(one)]) for one in self.pairs]

    def to_decisions(self) -> dict[tuple[int, int], bool]:
        """Return what was decided, by row and entry."""
        chosen = {
            (one["row"], one["organisation_id"]): self.cleaned_data[_pair_name(one)]
            for one in self.pairs
        }
        return {pair: answer == "same" for pair, answer in chosen.items() if answer}


def _pair_name(pair: dict[str, Any]) -> str:
    return f"pair-{pair['row']}-{pair['organisation_id']}"
