"""The fields of a condition's row, by their names, and which kinds have which."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from proxeny.calls.forms.rule_values import names_of
from proxeny.calls.operations.calls import LONGEST_RULE
from proxeny.calls.rule_sentences import BASES, EACH, SUMS
from proxeny.calls.who import STATUSES, TAGS, role_choices
from proxeny.directory.forms import CountriesField
from proxeny.directory.models import Kind

_WHO = ("roles", "statuses", "countries", "kinds", "tags", "sme", "paid")
_MEANT = names_of(["who"], *_WHO)
_LEADS = ("who_coordinator",)
_SAID = ("text", "source", "url", "seen", "unsure")
#: What is asked of each kind of condition, in the order of the row.
KIND_FIELDS: Mapping[str, tuple[str, ...]] = {
    "independent": (
        "least",
        "related",
        *_MEANT,
        "of_which_least",
        "of_which_statuses",
        "of_which_countries",
        *_SAID,
    ),
    "count": ("least", "most", *_MEANT, *_LEADS, *_SAID),
    "countries": ("least", "most", *_MEANT, *_SAID),
    "only": (*names_of(["allowed"], *_WHO), *_MEANT, *_LEADS, *_SAID),
    "share": ("of", "each", "least", "most", "base", *_MEANT, *_SAID),
    "total": ("of", "each", "least", "most", *_MEANT, *_SAID),
    "rate": ("percent", "percent_nonprofit", *_MEANT, *_LEADS, *_SAID),
}
#: The groups that are folded away until they say something: the fields' beginnings, the heading.
GROUPS: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("who_",), _("Which participants it’s about")),
    (("of_which_",), _("Some of them in certain countries")),
    (_SAID, _("Wording and source")),
)
_LABELS: Mapping[str, Any] = {
    "least": _("At least"),
    "most": _("At most"),
    "of": _("What counts"),
    "base": _("Compared with"),
    "each": _("Applies to"),
    "percent": _("At most, in percent of the costs"),
    "percent_nonprofit": _("Non-profit participants: at most"),
    "related": _("Participants can belong to the same group of companies"),
    "roles": _("Role"),
    "statuses": _("Established in"),
    "countries": _("Countries"),
    "kinds": _("Type of organisation"),
    "tags": _("Other characteristics"),
    "sme": _("Small or medium-sized enterprise"),
    "paid": _("Requests funding"),
    "coordinator": _("Only the coordinator"),
    "text": _("In other words"),
    "source": _("Source"),
    "url": _("Web address of the source"),
    "seen": _("Last checked"),
    "unsure": _("I haven’t seen the original text"),
}
_BOXES = ("related", "coordinator", "unsure")
_IS_ADDRESS = RegexValidator(
    r"^(?i:https?)://\S+$", _("Enter an address that starts with https://.")
)


def _capped(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, capfirst(str(label))) for key, label in known.items()]


def _choices(name: str) -> list[tuple[str, Any]]:
    known: dict[str, list[tuple[str, Any]]] = {
        "roles": role_choices(),
        "statuses": _capped(STATUSES),
        "kinds": list(Kind.choices),
        "tags": _capped(TAGS),
        "of": list(SUMS.items()),
        "base": [("", "–"), *_capped(BASES)],
        "each": _capped(EACH),
        "sme": [("", _("Any")), ("yes", _("Yes")), ("no", _("No"))],
        "paid": [("", _("Any")), ("yes", _("Yes")), ("no", _("No"))],
    }
    return known[name]


def make_field(name: str, kind: str, initial: Mapping[str, Any]) -> forms.Field:
    """Return a field of a row; it offers what the condition has too, though nobody knows it."""
    bare = name
    for part in ("who_", "allowed_", "of_which_"):
        bare = bare.removeprefix(part)
    label = _LABELS.get(bare, "")
    if bare in ("least", "most", "percent", "percent_nonprofit"):
        return _number(name, bare, kind)
    if bare in _BOXES:
        return forms.BooleanField(label=label, required=False)
    if bare in ("roles", "statuses", "kinds", "tags", "countries"):
        return _several(bare, label, initial.get(name) or ())
    if bare in ("of", "base", "each", "sme", "paid"):
        return forms.ChoiceField(label=label, required=False, choices=_choices(bare))
    if bare == "seen":
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=False, widget=day)
    return _text(bare, label)


def _number(name: str, bare: str, kind: str) -> forms.Field:
    label = _LABELS[bare]
    is_needed = name == "percent" or (name == "least" and kind == "independent")
    if kind in ("share", "rate"):
        help_text = "" if bare == "percent" else _("Percent.")
        attrs = {"min": 0, "step": "any"}
        return forms.DecimalField(
            label=label,
            required=is_needed,
            min_value=0,
            max_value=1000,
            decimal_places=4,
            help_text=help_text,
            widget=forms.NumberInput(attrs=attrs),
        )
    if kind == "total":
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=0,
            max_digits=15,
            decimal_places=2,
            help_text=_("In the currency of the call."),
            widget=forms.NumberInput(attrs={"min": 0, "step": "any"}),
        )
    return forms.IntegerField(
        label=label,
        required=is_needed,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"min": 0}),
    )


def _several(bare: str, label: Any, kept: Any) -> forms.Field:
    if bare == "countries":
        field: forms.MultipleChoiceField = CountriesField(label=label, required=False)
    else:
        field = forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=_choices(bare),
            widget=forms.CheckboxSelectMultiple,
        )
    known = list(cast("Iterable[tuple[str, Any]]", field.choices))
    codes = {code for code, _label in known}
    field.choices = [*known, *((one, one) for one in kept if one not in codes)]
    return field


def _text(bare: str, label: Any) -> forms.CharField:
    if bare == "text":
        return forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST_RULE,
            widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            help_text=_("Shown instead of the sentence above. Leave empty to show that one."),
        )
    attrs = {"dir": "ltr", "autocomplete": "off"} if bare == "url" else {"dir": "auto"}
    widget = forms.URLInput(attrs=attrs) if bare == "url" else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label,
        required=False,
        max_length=500,
        widget=widget,
        validators=[_IS_ADDRESS] if bare == "url" else [],
        help_text="" if bare == "url" else _("Such as: call text, page 4."),
    )
