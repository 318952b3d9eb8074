"""Forms of findings: what is concluded, and what it rests on."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import FigureVersion, Finding, Note
from proxeny.assessments.operations.findings import FindingFacts
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field

Groups = list[tuple[str | Promise, list[tuple[str, str]]]]


class FindingForm(VersionedForm):
    """A finding of the teams, in a chapter of the report, and their confidence in it."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Your conclusion"),
        max_length=250,
        help_text=_("One sentence that makes a claim."),
        error_messages={"required": _("Enter your conclusion in one sentence.")},
    )
    text = forms.CharField(
        label=_("In full"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "maxlength": "6000"}),
    )
    chapter = forms.CharField(
        label=_("Chapter"),
        required=False,
        max_length=300,
        help_text=_("Choose one from the template, or write your own."),
    )
    confidence = forms.ChoiceField(
        label=_("How sure you are"),
        choices=Finding.Confidence.choices,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        chapters: Sequence[str] = (),
        finding: Finding | None = None,
        chapter: str = "",
    ) -> None:
        names = ("version", *self.base_fields)
        initial = (
            {name: getattr(finding, name) for name in names}
            if finding
            else {"chapter": chapter, "confidence": Finding.Confidence.MEDIUM}
        )
        super().__init__(data, initial=initial)
        self.chapters = list(chapters)
        self.fields["chapter"].widget.attrs |= {"list": "chapters", "autocomplete": "off"}

    def facts(self) -> FindingFacts:
        """Return the values for the operation."""
        names = ("title", "text", "chapter", "confidence")
        return FindingFacts(**{name: self.cleaned_data[name] for name in names})


def note_choices(notes: Iterable[Note]) -> Groups:
    """Return notes, sorted by kind, as choices by their kind."""
    return [
        (Note.Kind(kind).label, [(f"note-{one.pk}", one.title) for one in those])
        for kind, those in groupby(notes, key=lambda one: one.kind)
    ]


def figure_choices(figures: Iterable[FigureVersion]) -> Groups:
    """Return figures in their latest versions as choices."""
    found = [
        (f"figure-{one.pk}", f"{one.figure.title} ({one.brought_at:%Y-%m-%d})") for one in figures
    ]
    return [(_("Figures"), found)] if found else []


class SourceForm(forms.Form):
    """The source of a finding, and the place in it."""

    use_required_attribute = False

    source = forms.ChoiceField(
        label=_("A note or a figure"),
        error_messages={
            "required": _("Choose a note or a figure."),
            "invalid_choice": _("Choose an option from the list."),
        },
    )
    place = forms.CharField(
        label=_("Where in the source"),
        required=False,
        max_length=120,
        help_text=_("A page, a row, a year."),
    )

    def __init__(self, data: Any = None, *, offered: Groups) -> None:
        super().__init__(data)
        choice_field(self, "source").choices = [("", "–"), *offered]

    def named(self) -> tuple[str, int]:
        """Return the choice: `note`, `figure` or `finding`, and its id."""
        kind, _dash, number = self.cleaned_data["source"].partition("-")
        return kind, int(number)

    def to_source(self) -> dict[str, Any]:
        """Return the choice, by the operation's parameter names."""
        kind, number = self.named()
        return {f"{kind}_id": number, "place": self.cleaned_data["place"]}
