"""A condition's parameters as the values of its row's fields, and back."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

#: Whom a condition means, in its three places.
PARTS = ("who", "allowed", "of_which")
_LISTS = ("roles", "statuses", "countries", "kinds", "tags")
_CHOICES = ("sme", "paid")
_PLAIN = ("text", "source", "url", "of", "base", "each")
_YES_NO = {"yes": True, "no": False}
_ANSWERS = {"True": "yes", "False": "no"}
_CENTS = 100
#: The sum that a condition is about where it does not say.
_OF = {"share": "cost", "total": "request"}


def values_of(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row's fields for a condition, as they are stored."""
    found: dict[str, Any] = {name: rule.get(name) or "" for name in _PLAIN}
    for name in ("least", "most", "percent", "percent_nonprofit", "of_which_least"):
        found[name] = _shown(rule, name)
    found["of"] = found["of"] or _OF.get(str(rule.get("kind")), "")
    found["seen"] = rule.get("seen")
    found["unsure"] = rule.get("sure") is False
    found["related"] = rule.get("independent") is False
    for part in PARTS:
        who = rule.get(part) or {}
        for name in _LISTS:
            found[f"{part}_{name}"] = [str(one) for one in who.get(name) or ()]
        for name in _CHOICES:
            found[f"{part}_{name}"] = _ANSWERS.get(str(who.get(name)), "")
        found[f"{part}_coordinator"] = bool(who.get("coordinator"))
    return found


def _shown(rule: Mapping[str, Any], name: str) -> Decimal | None:
    value = rule.get(name)
    # A number of 0 asks for nothing, unless it is all that may be.
    if value is None or (not value and name in ("least", "of_which_least")):
        return None
    number = Decimal(str(value))
    return number / _CENTS if rule.get("kind") == "total" else number


def change_rule(rule: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a condition with what was typed; what was not changed stays exactly as it was."""
    changed, before = deepcopy(dict(rule)), values_of(rule)
    for name, value in typed.items():
        if not _is_same(before[name], value):
            _put(changed, name, value)
    if changed.get("kind") == "only":
        changed.setdefault("allowed", {})
    return changed


def _is_same(before: Any, typed: Any) -> bool:
    if isinstance(typed, list):
        return sorted(before or ()) == sorted(typed)
    if isinstance(typed, date):
        return str(before) == typed.isoformat()
    return (before or None) == (typed or None) if typed != 0 else before == typed


def _put(rule: dict[str, Any], name: str, value: Any) -> None:
    part = next((one for one in PARTS if name.startswith(f"{one}_")), "")
    if part and name != "of_which_least":
        who = rule.setdefault(part, {})
        _set(who, name.removeprefix(f"{part}_"), _stored(value))
        if not who:
            del rule[part]
    elif name in ("unsure", "related"):
        _set(rule, {"unsure": "sure", "related": "independent"}[name], False if value else None)
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        _set(rule, name, _number(value * _CENTS if rule["kind"] == "total" else value))
    else:
        _set(rule, name, value.isoformat() if isinstance(value, date) else value)


def _stored(value: Any) -> Any:
    return _YES_NO.get(value, value) if isinstance(value, str) else value


def _set(found: dict[str, Any], name: str, value: Any) -> None:
    """Set a value; an empty one is left out."""
    if value in (None, "", []) or (name == "coordinator" and not value):
        found.pop(name, None)
    else:
        found[name] = value


def _number(value: Decimal | int) -> int | float:
    return int(value) if value == int(value) else float(value)


def names_of(parts: Iterable[str], *names: str) -> tuple[str, ...]:
    """Return the fields of some places."""
    return tuple(f"{part}_{name}" for part in parts for name in names)
