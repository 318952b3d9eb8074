"""Forms of notes: what each kind asks for, and what is looked for among them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import Note
from proxeny.assessments.operations.notes import NoteFacts
from proxeny.assessments.queries.notes import COMPARED, Wanted
from proxeny.kernel.edit_conflicts import VersionedForm

Kind = Note.Kind
#: What each kind asks for, in the order of the form; `kind` and `text` come with all of them.
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.NOTE: ("title",),
    Kind.SOURCE: ("title", "url", "origin", "seen_on"),
    Kind.INTERVIEW: ("title", "origin", "seen_on"),
    Kind.COMPETITOR: ("title", "amount", "currency", "unit", "url"),
    Kind.CHANNEL: ("title", "amount", "currency", "unit", "url"),
    Kind.REGULATION: ("title", "origin", "url", "seen_on"),
    Kind.PRICE: ("title", "amount", "currency", "unit", "origin", "url", "seen_on"),
    Kind.RISK: ("title",),
}
#: What the first words are called, where that is not “in a few words”.
TITLES = {
    Kind.SOURCE: _("Title"),
    Kind.COMPETITOR: _("Competitor’s name"),
    Kind.CHANNEL: _("Channel to the customer"),
    Kind.REGULATION: _("Rule"),
    Kind.PRICE: _("What the price is for"),
    Kind.RISK: _("What could happen"),
}
ORIGINS = {
    Kind.SOURCE: _("Publisher"),
    Kind.INTERVIEW: _("Interviewee, by role"),
    Kind.REGULATION: _("Authority"),
    Kind.PRICE: _("Who charges or pays it"),
}
_NEEDED = {
    Kind.INTERVIEW: ("origin", "seen_on"),
    Kind.SOURCE: ("seen_on",),
    Kind.PRICE: ("amount", "currency", "unit"),
}


class WorkNoteForm(VersionedForm):
    """A note: a new one of a kind with what that kind asks for, or one that is changed, whole."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    title = forms.CharField(
        label=_("In a few words"),
        max_length=200,
        error_messages={"required": _("Summarise in a few words what you found out.")},
    )
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "characters"}),
        help_text=_("Three letters, such as EUR."),
    )
    unit = forms.CharField(
        label=_("For"),
        required=False,
        max_length=60,
        help_text=_(
            "A piece, a month, a licence. Use the same wording so that amounts can be compared."
        ),
    )
    origin = forms.CharField(label=_("According to"), required=False, max_length=200)
    url = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"dir": "ltr", "placeholder": "https://"}),
    )
    seen_on = forms.DateField(
        label=_("Seen or heard on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=_("Content"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": "8000"}),
    )

    def __init__(self, data: Any = None, *, kind: str = "", note: Note | None = None) -> None:
        names = ("version", *self.base_fields)
        initial = {name: getattr(note, name) for name in names} if note else {"kind": kind}
        super().__init__(data, initial=initial)
        if note is None:
            self._ask_for(kind if kind in FIELDS else Kind.NOTE)

    def _ask_for(self, kind: str) -> None:
        """Leave what a kind does not ask for out, and call the rest as it is there."""
        wanted = {"version", "kind", "text", *FIELDS[kind]}
        for name in [one for one in self.fields if one not in wanted]:
            del self.fields[name]
        self.order_fields([*FIELDS[kind], "text"])
        self.initial["kind"] = kind
        self.fields["kind"].widget = forms.HiddenInput()
        if kind in TITLES:
            self.fields["title"].label = TITLES[Kind(kind)]
        if kind in ORIGINS:
            self.fields["origin"].label = ORIGINS[Kind(kind)]
        for name in _NEEDED.get(Kind(kind), ()):
            self.fields[name].required = True

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(Kind(self.initial["kind"]).label)

    def facts(self) -> NoteFacts:
        """Return the values for the operation."""
        names = [name for name in self.fields if name != "version"]
        return NoteFacts(**{name: self.cleaned_data[name] for name in names})


class NoteFilter(forms.Form):
    """A filter for notes."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.SearchInput)
    #: Chosen by the tabs above; a search stays within it.
    kind = forms.ChoiceField(
        required=False, choices=[("", ""), *Kind.choices], widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(
        label=_("Sort order"),
        required=False,
        choices=[
            ("", _("newest first")),
            ("old", _("oldest first")),
            ("title", _("alphabetical")),
            ("day", _("date seen or heard")),
            ("amount", _("amount")),
        ],
    )
    #: The table of what can be compared.
    show = forms.ChoiceField(
        required=False, choices=[("", ""), ("table", "")], widget=forms.HiddenInput
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        if self.is_table:
            # Side by side, what compares stands together unless something else is asked for.
            field: Any = self.fields["sort"]
            first, *rest = field.choices
            field.choices = [("", _("amount")), ("new", first[1]), *rest[:-1]]

    @property
    def is_table(self) -> bool:
        """Whether what can be compared is shown side by side."""
        return bool(self.data.get("show") == "table")

    def wanted(self, number: int) -> Wanted:
        """Return the filter; invalid values are ignored.

        `number` is one note that something leads to: no search narrows to it.
        """
        self.is_valid()
        found = self.cleaned_data
        kinds: tuple[str, ...] = (found["kind"],) if found.get("kind") else ()
        if found.get("show") == "table":
            kinds = tuple(one for one in COMPARED if not kinds or one in kinds) or COMPARED
        return Wanted(
            q=(found.get("q") or "")[:100],
            kinds=kinds,
            sort=found.get("sort") or ("amount" if found.get("show") else "new"),
            number=number,
        )
