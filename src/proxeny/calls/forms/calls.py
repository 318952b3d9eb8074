"""Forms of calls: creation, editing, and the filters of the list."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from proxeny.calls.forms import rules as own_rules
from proxeny.calls.models import Call
from proxeny.calls.operations.calls import LANGUAGES, OTHER_LANGUAGES, CallFacts, facts_of
from proxeny.calls.queries.calls import SORTS, Wanted
from proxeny.calls.rules import BRUSSELS, CLOSING_TIME, RULE_SETS, STATE_LABELS
from proxeny.directory.models import Organisation
from proxeny.kernel.edit_conflicts import Part, VersionedForm
from proxeny.kernel.form_fields import choice_field

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_CODE = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
_OWN = {"dir": "auto"}
_MOMENTS = ("closes_at", "second_closes_at")


def _day(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=_DAY, **given)


def _time(label: Any, **given: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=_TIME, **given)


def _sum(label: Any, **given: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"min": 0, "step": "any"})
    return forms.DecimalField(
        label=label, required=False, max_digits=15, decimal_places=2, widget=widget, **given
    )


def _text(label: Any, most: int, **given: Any) -> forms.CharField:
    widget = given.pop("widget", forms.TextInput(attrs=_OWN))
    return forms.CharField(label=label, max_length=most, widget=widget, **given)


class CallForm(VersionedForm):
    """A call, as a person writes it."""

    use_required_attribute = False

    steward = forms.TypedChoiceField(label=_("Managing cluster"), coerce=int)
    reference = _text(
        _("Reference"),
        80,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("As the funder writes it, such as BLUE-2030-02."),
    )
    title = _text(_("Title"), 400)
    programme = _text(_("Programme"), 120, required=False)
    action = _text(
        _("Type of action"),
        160,
        required=False,
        help_text=_("As stated in the call, such as innovation action."),
    )
    topics = forms.CharField(
        label=_("Topics"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, **_OWN}),
        help_text=_("One per line."),
    )
    text = _text(
        _("Text"),
        60_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, **_OWN}),
        help_text=_(
            "What the call asks for. Its words are used to find the call and the members that fit."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    opens_on = _day(_("Opens on"))
    closes_at = _day(_("Closes on"), help_text=_("Leave empty if the call has no deadline."))
    closes_at_time = _time(_("Closing time, Brussels time"), help_text=_("17:00 if not specified."))
    second_closes_at = _day(_("Second stage closes on"), help_text=_("Only for two-stage calls."))
    second_closes_at_time = _time(_("Second stage closing time, Brussels time"))
    budget = _sum(_("Budget of the call"))
    grant_least = _sum(_("Smallest grant"))
    grant_most = _sum(_("Largest grant"))
    grants_expected = forms.IntegerField(
        label=_("Grants expected"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"min": 0}),
    )
    currency = _text(
        _("Currency"),
        3,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("Three-letter code, such as EUR."),
    )
    address = _text(
        _("Web address of the call"),
        500,
        required=False,
        widget=forms.URLInput(attrs=_CODE),
    )
    rule_set = forms.ChoiceField(
        label=_("Conditions"),
        required=False,
        choices=[("", _("None of these")), *RULE_SETS.items()],
        help_text=_("A set with its sources. The call itself is authoritative: check it there."),
    )
    part = forms.ChoiceField(
        label=_("Part of the programme"),
        required=False,
        choices=Call.Part.choices,
        help_text=_("Some countries take part in one part only."),
    )
    own_rules = own_rules.RulesField(
        label=_("Call-specific conditions"),
        required=False,
        help_text=_("What this call requires beyond the set."),
    )

    def __init__(
        self, data: Any = None, *, call: Call | None = None, stewards: Sequence[Organisation] = ()
    ) -> None:
        super().__init__(data, initial=_initial(call))
        currency = self.initial["currency"]
        self.rows = own_rules.rows_of(data, self.initial["own_rules"], currency)
        widget: Any = self.fields["own_rules"].widget
        widget.rows = self.rows
        names = dict(settings.LANGUAGES)
        choice_field(self, "language").choices = [
            *((code, names[code]) for code in LANGUAGES),
            *((one, one) for one in OTHER_LANGUAGES),
        ]
        if call is not None:
            del self.fields["steward"]
            return
        choice_field(self, "steward").choices = [(one.pk, one.name) for one in stewards]
        if stewards:
            self.initial["steward"] = stewards[0].pk
        if len(stewards) == 1:
            self.fields["steward"].widget = forms.HiddenInput()

    def clean_own_rules(self) -> list[dict[str, Any]]:
        """Return the conditions of all rows."""
        return own_rules.rules_of_rows(self.rows)

    def put_off(self) -> None:
        """Find no fault yet: somebody is still adding and removing conditions."""
        self.full_clean()
        self.errors.clear()
        for row in self.rows:
            row.put_off()

    def tell(self, part: Part, *, is_typed: bool) -> str:
        """Return a part in readable form: conditions as sentences."""
        if part.name != own_rules.NAME:
            return super().tell(part, is_typed=is_typed)
        found = self.read(part.name) if is_typed else self.saved(part.name)
        return own_rules.tell_rules(found, self.initial["currency"])

    def write_raw(self, data: QueryDict, part: Part) -> None:
        """Write the saved value into a post: conditions row by row."""
        if part.name == own_rules.NAME:
            own_rules.write_rows(data, self.initial[part.name])
        else:
            super().write_raw(data, part)

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field, those of the conditions too."""
        if name == own_rules.NAME:
            return None
        return own_rules.tell_posted_rule(name, values) or super().tell_posted(name, values)

    def facts(self) -> CallFacts:
        """Return the typed facts."""
        typed = dict(self.cleaned_data)
        for name in _MOMENTS:
            day, at = typed.pop(name), typed.pop(f"{name}_time") or CLOSING_TIME
            typed[name] = datetime.combine(day, at, BRUSSELS) if day else None
        typed["topics"] = typed["topics"].splitlines()
        for name in ("steward", "version"):
            typed.pop(name, None)
        return CallFacts(**typed)


def _initial(call: Call | None) -> dict[str, Any]:
    if call is None:
        return {"currency": "EUR", "language": "en", "own_rules": []}
    facts = facts_of(call)
    found: dict[str, Any] = {name: getattr(facts, name) for name in facts.__slots__}
    for name in _MOMENTS:
        moment: datetime | None = found[name]
        local = moment.astimezone(BRUSSELS) if moment else None
        found[name] = local.date() if local else None
        found[f"{name}_time"] = local.time().replace(second=0, microsecond=0) if local else None
    found["topics"] = "\n".join(facts.topics)
    return found | {"version": call.version}


class FindCallsForm(forms.Form):
    """Filters of the list; invalid values are ignored."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Forthcoming and open")), *STATE_LABELS.items(), ("all", _("All"))],
    )
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    action = forms.ChoiceField(label=_("Type of action"), required=False)
    rules = forms.ChoiceField(label=_("Conditions"), required=False)
    before = _day(_("Closes by"))
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    away = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        programmes: Iterable[str],
        actions: Iterable[str],
        rule_sets: Iterable[str],
    ) -> None:
        super().__init__(data)
        known: dict[str, list[tuple[str, Any]]] = {
            "programme": [(one, one) for one in programmes],
            "action": [(one, one) for one in actions],
            "rules": [(key, RULE_SETS[key]) for key in rule_sets],
        }
        for name, choices in known.items():
            choice_field(self, name).choices = [("", _("All")), *choices]

    def wanted(self) -> Wanted:
        """Return the filters."""
        self.is_valid()
        found = self.cleaned_data
        sort, state = found.get("sort") or "closes", found.get("state") or "live"
        return Wanted(
            q=found.get("q") or "",
            programme=found.get("programme") or "",
            action=found.get("action") or "",
            rule_set=found.get("rules") or "",
            state="" if state == "all" or found.get("away") else state,
            closes_before=found.get("before"),
            away=bool(found.get("away")),
            sort=sort if sort in SORTS else "closes",
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the usual state narrows the list."""
        return any(self.data.get(name) for name in self.fields if name not in ("sort", "away"))


#: What a file of calls may end in.
CALL_FILES = ".json,.jsonl,.ndjson,.csv,.tsv,.txt,.zip,.gz"


class BringForm(forms.Form):
    """A file of calls."""

    cluster = forms.TypedChoiceField(label=_("Managing cluster"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": CALL_FILES}),
        help_text=_(
            "The portal’s topic export (JSON or JSON Lines) or a CSV file, up to 20 MB, also "
            "compressed as ZIP or gzip. Nothing changes until you’ve seen what the import would "
            "do."
        ),
        error_messages={"required": _("Choose the file with the calls.")},
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, stewards: Sequence[Organisation]
    ) -> None:
        super().__init__(data, files)
        choice_field(self, "cluster").choices = [(one.pk, one.name) for one in stewards]
        if stewards:
            self.initial["cluster"] = stewards[0].pk
        if len(stewards) == 1:
            self.fields["cluster"].widget = forms.HiddenInput()
