"""A call's own conditions: one row each, with the parameters of its kind."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from proxeny.calls.forms.rule_fields import GROUPS, KIND_FIELDS, make_field
from proxeny.calls.forms.rule_values import change_rule, values_of
from proxeny.calls.operations.calls import MOST_RULES, read_rules
from proxeny.calls.rule_sentences import KINDS, tell_meaning, tell_rule
from proxeny.kernel.edit_conflicts import tell_posted_field
from proxeny.kernel.shallow_json import ShallowDecoder
from proxeny.kernel.view_helpers import read_number

#: The field of the form, and what its buttons and its menu of kinds are called.
NAME = "own_rules"
ADD, REMOVE, SHOW, NEW = (f"{NAME}-{one}" for one in ("add", "remove", "show", "new"))
_POSTED = re.compile(rf"{NAME}-\d+-(\w+)")


class RuleForm(forms.Form):
    """One condition; `kept` is the condition as it was, with what no field shows."""

    use_required_attribute = False

    def __init__(
        self,
        rule: Mapping[str, Any],
        *,
        number: str,
        data: Any = None,
        currency: str = "EUR",
        is_new: bool = False,
    ) -> None:
        self.rule, self.number, self.currency = dict(rule), number, currency
        self.kind = str(rule.get("kind", ""))
        super().__init__(data, prefix=f"{NAME}-{number}", initial=values_of(rule))
        for name in KIND_FIELDS.get(self.kind, ()):
            self.fields[name] = make_field(name, self.kind, self.initial)
        if is_new and self.fields:
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    @property
    def kept(self) -> str:
        """The condition as it was, for a hidden field."""
        return json.dumps(self.rule, ensure_ascii=False)

    @property
    def label(self) -> Any:
        """The name of the condition's kind."""
        return KINDS.get(self.kind, "")

    def clean(self) -> dict[str, Any]:
        """Refuse what says nothing, or contradicts itself, at its field."""
        if not self.fields:
            raise ValidationError(_("This condition can’t be read. Remove it and add it again."))
        typed = self.cleaned_data
        # What was kept before is not judged anew by who changes something else.
        if not self.errors and ("key" not in self.rule or self._is_changed(typed)):
            self._refuse(typed)
        return typed

    def _is_changed(self, typed: Mapping[str, Any]) -> bool:
        return change_rule(self.rule, typed) != self.rule

    def _refuse(self, typed: Mapping[str, Any]) -> None:
        least, most = typed.get("least"), typed.get("most")
        if "most" in self.fields and least is None and most is None:
            self.add_error("least", _("Enter a minimum, a maximum or both."))
        if least is not None and most is not None and least > most:
            self.add_error("most", _("The maximum can’t be below the minimum."))
        if self.kind == "count" and typed["who_coordinator"] and (least or 0) > 1:
            self.add_error("least", _("There is only one coordinator: enter 1 at most."))
        asks = [value for name, value in typed.items() if name.startswith("allowed_") and value]
        if self.kind == "only" and not asks:
            self.add_error("allowed_roles", _("Choose who can take part."))
        places = typed.get("of_which_statuses") or typed.get("of_which_countries")
        if typed.get("of_which_least") and not places:
            self.add_error("of_which_least", _("Choose the countries that this number is about."))

    def to_rule(self) -> dict[str, Any]:
        """Return the condition; where nothing of it was changed, exactly as it was."""
        return change_rule(self.rule, self.cleaned_data) if self.is_bound else self.rule

    @cached_property
    def meaning(self) -> str:
        """The parameters as a sentence; empty until they say something."""
        if self.is_bound and not self.is_valid():
            return ""
        if not self.is_bound and self.rule.keys() <= {"kind"}:
            return ""
        with suppress(ValueError):
            [rule] = read_rules([{"key": "own", **self.to_rule()}])
            return tell_meaning(rule, self.currency)
        return ""

    def put_off(self) -> None:
        """Find no fault yet, but say what is already said."""
        if self.is_bound:
            _said = self.meaning
            self.errors.clear()

    @cached_property
    def groups(self) -> list[tuple[Any, list[BoundField], bool]]:
        """The fields in groups: heading, fields, and whether the group is unfolded."""
        found = []
        for prefixes, heading in GROUPS:
            fields = [self[name] for name in self.fields if name.startswith(prefixes)]
            is_open = any(one.errors or one.value() not in (None, "", [], False) for one in fields)
            if fields:
                found.append((heading, fields, is_open))
        return found

    @cached_property
    def main(self) -> list[BoundField]:
        """The fields that are always seen."""
        folded = tuple(prefix for prefixes, _heading in GROUPS for prefix in prefixes)
        return [self[name] for name in self.fields if not name.startswith(folded)]


class RulesWidget(forms.Widget):
    """The rows, and the menu to add one."""

    template_name = "calls/_rules_field.html"
    use_fieldset = True
    rows: Sequence[RuleForm] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return what the template shows."""
        return super().get_context(name, value, attrs) | {
            "rows": self.rows,
            "numbers": " ".join(one.number for one in self.rows),
            "kinds": KINDS.items() if len(self.rows) < MOST_RULES else (),
            "names": {"add": ADD, "remove": REMOVE, "show": SHOW, "new": NEW},
        }


class RulesField(forms.Field):
    """Conditions; the rows themselves are forms, which the call's form holds."""

    widget = RulesWidget


def rows_of(
    data: QueryDict | None, kept: Iterable[Mapping[str, Any]], currency: str
) -> list[RuleForm]:
    """Return the rows of a post, or of what is kept."""
    if data is None:
        return [
            RuleForm(rule, number=str(number), currency=currency)
            for number, rule in enumerate(kept)
        ]
    typed = data.get("currency", "").strip().upper()
    currency = typed if re.fullmatch("[A-Z]{3}", typed) else currency
    rows = []
    # One more than there may be: the operation then says how many there may be.
    for number in data.get(NAME, "").split()[: MOST_RULES + 1]:
        is_typed = f"{NAME}-{number}-text" in data
        rows.append(
            RuleForm(
                _read_kept(data.get(f"{NAME}-{number}-kept", "")),
                number=str(read_number(number)),
                data=data if is_typed else None,
                currency=currency,
                is_new=data.get(ADD) == number,
            )
        )
    return rows


def _read_kept(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, cls=ShallowDecoder)
        values_of(found)
    except (ValueError, AttributeError, TypeError, ArithmeticError):
        # Only a post that no page of ours sent.
        return {}
    return dict(found)


def write_rows(data: QueryDict, rules: Iterable[Mapping[str, Any]]) -> None:
    """Write conditions into a post, in place of those in it."""
    for name in [one for one in data if one.startswith(f"{NAME}-")]:
        del data[name]
    numbers = []
    for number, rule in enumerate(rules):
        numbers.append(str(number))
        data[f"{NAME}-{number}-kept"] = json.dumps(rule, ensure_ascii=False)
    data[NAME] = " ".join(numbers)


def take_step(data: QueryDict) -> QueryDict | None:
    """Return a post with a row added or removed; None for a post that is meant to be saved."""
    if not {ADD, REMOVE, SHOW} & data.keys():
        return None
    data = data.copy()
    numbers = data.get(NAME, "").split()
    if REMOVE in data:
        numbers = [one for one in numbers if one != data[REMOVE]]
    elif ADD in data and data.get(NEW) in KINDS and len(numbers) < MOST_RULES:
        number = str(max((read_number(one) for one in numbers), default=-1) + 1)
        numbers.append(number)
        data[f"{NAME}-{number}-kept"] = json.dumps({"kind": data[NEW]})
        data[ADD] = number
    data[NAME] = " ".join(numbers)
    return data


def rules_of_rows(rows: Sequence[RuleForm]) -> list[dict[str, Any]]:
    """Return the conditions of all rows; new ones get a key.

    Raises
    ------
    ValidationError
        A row is refused; its own errors say why.
    """
    # Each is asked, so that each shows its own errors.
    refused = [one for one in rows if one.is_bound and not one.is_valid()]
    if refused:
        raise ValidationError(_("Check the highlighted conditions."))
    rules = [one.to_rule() for one in rows]
    taken = {one.get("key") for one in rules}
    free = (f"own-{number}" for number in range(1, 10_000) if f"own-{number}" not in taken)
    return [one if "key" in one else {"key": next(free), **one} for one in rules]


def tell_rules(value: Any, currency: str) -> str:
    """Return conditions as lines of text; empty for what is none."""
    with suppress(ValueError):
        return "\n".join(tell_rule(one, currency) for one in read_rules(value))
    return ""


def tell_posted_rule(name: str, values: Sequence[str]) -> tuple[Any, str] | None:
    """Return label and text of a posted field of a row; None for what is none."""
    match = _POSTED.fullmatch(name)
    if match is None or match[1] == "kept":
        return None
    field = make_field(match[1], "", {})
    return tell_posted_field(field, values) if field.label else None
