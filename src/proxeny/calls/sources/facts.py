"""The facts of a call in a row of a file, parsed as text, dates and sums."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from proxeny.calls.models import Call
from proxeny.calls.rules import BRUSSELS, RULE_SETS, closing_moment
from proxeny.folding import fold
from proxeny.kernel.calendar_ends import is_near
from proxeny.kernel.errors import InvalidInput

#: Keys that name an object of an export; the first one present is used.
_TELLING = ("abbreviation", "description", "title", "name", "value", "code", "label")
_BREAKS = re.compile(r"(?i)<\s*(?:br|/p|/li|/h[1-6]|/div)\b[^<>]*>")
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_SPOKEN = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ),
        1,
    )
}
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_GROUPED = re.compile(r"\d{1,3}(?:([.,’' ])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")


def read_facts(cells: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return the facts in a row, by the names of `Call`; empty ones are left out.

    Parameters
    ----------
    now : datetime
        Of several deadlines, the next one counts, or the last.

    Raises
    ------
    InvalidInput
        A date, a sum or a set of conditions cannot be read; the field is named.
    """
    facts: dict[str, Any] = {}
    for name, read in _READERS.items():
        if name in cells and (value := read(cells[name], name)) not in (None, "", []):
            facts[name] = value
    if "closes_at" in cells:
        facts |= _read_deadlines(cells, now)
    if "topics" in facts:
        own = {str(facts.get("reference", "")), *_texts(cells.get("call"))}
        facts["topics"] = [one for one in facts["topics"] if one not in own]
    return facts


def _texts(value: Any) -> list[str]:
    """Return what a value says, as texts: of an object what it is called, of a list each."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, dict):
        told = next((value[name] for name in _TELLING if value.get(name)), None)
        return _texts(told)
    text = str(value).replace("\0", " ").encode("utf-8", "replace").decode()
    return [text.strip()] if text.strip() else []


def _text(value: Any, name: str) -> str:
    return " ".join(" ".join(_texts(value)[:1]).split())


def _address(value: Any, name: str) -> str:
    return "".join(_texts(value)[:1])


def _prose(value: Any, name: str) -> str:
    text = "\n\n".join(_texts(value))
    if "</" in text or "<br" in text.lower():
        text = strip_tags(_BREAKS.sub("\n", text))
        for entity, letter in _ENTITIES.items():
            text = text.replace(entity, letter)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _topics(value: Any, name: str) -> list[str]:
    if isinstance(value, list):
        return _texts(value)
    # A semicolon parts them where there is one, as topics have commas; neither does in brackets.
    text = "".join(_texts(value))
    parts = _split_outside(text, ";")
    return [
        one.strip() for one in (parts if parts[1:] else _split_outside(text, ",")) if one.strip()
    ]


def _split_outside(text: str, sign: str) -> list[str]:
    """Return the parts of a text between signs that lie in no brackets; in one pass."""
    parts, end, is_inside = [], len(text), False
    for at in range(len(text) - 1, -1, -1):
        if text[at] in "()":
            is_inside = text[at] == ")"
        elif text[at] == sign and not is_inside:
            parts.append(text[at + 1 : end])
            end = at
    return [text[:end], *reversed(parts)]


def _code(value: Any, name: str) -> str:
    return _text(value, name).lower()[:5]


def _currency(value: Any, name: str) -> str:
    return _text(value, name).upper()


# --- sums -----------------------------------------------------------------------------------------


def _sum(value: Any, name: str) -> Decimal | None:
    if isinstance(value, bool):
        raise _no_sum(str(value), name)
    text = "".join(_texts(value)[:1])
    plain = " ".join(re.sub(r"(?i)eur|€", " ", text).split())
    if _GROUPED.fullmatch(plain):
        parts = cast("re.Match[str]", re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", plain))
        whole, cents = parts.groups()
        plain = re.sub(r"\D", "", whole) + (f".{cents}" if cents else "")
    try:
        found = Decimal(plain.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise _no_sum(text, name) from None
    if not found.is_finite():
        raise _no_sum(text, name)
    return found


def _no_sum(text: str, name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(value)s” isn’t an amount. Enter it in figures, like 1500000.") % {"value": text[:60]},
        field=name,
    )


def _count(value: Any, name: str) -> int | None:
    found = _sum(value, name)
    if found is None or found != found.to_integral_value() or abs(found) > 10**9:
        raise InvalidInput(
            _("“%(value)s” isn’t a whole number.") % {"value": "".join(_texts(value))[:60]},
            field=name,
        )
    return int(found)


# --- dates ----------------------------------------------------------------------------------------


def _day(value: Any, name: str) -> date | None:
    found = _moments(value, name)
    return found[0].astimezone(BRUSSELS).date() if found else None


def _moment(value: Any, name: str) -> datetime | None:
    found = _moments(value, name)
    return found[0] if found else None


def _moments(value: Any, name: str) -> list[datetime]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [_since_1970(value, name)]
    if isinstance(value, list):
        return sorted(one for part in value for one in _moments(part, name))
    return [_read_moment(text, name) for text in _texts(value)]


def _since_1970(value: float, name: str) -> datetime:
    try:
        return _near(datetime.fromtimestamp(value / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        raise _no_date(str(value), name) from None


def _near[Moment: date](moment: Moment) -> Moment:
    if not is_near(moment):
        raise ValueError(moment)
    return moment


def _read_moment(text: str, name: str) -> datetime:
    try:
        if plain := _DAY.fullmatch(text):
            day, month, year = map(int, plain.groups())
            return closing_moment(_near(date(year, month, day)))
        if spoken := _SPOKEN.fullmatch(fold(text)):
            day_of_month, month, year = int(spoken[1]), _month(spoken[2]), int(spoken[3])
            return closing_moment(_near(date(year, month, day_of_month)))
        if len(text) == len("2026-05-31"):
            return closing_moment(_near(date.fromisoformat(text)))
        found = _near(datetime.fromisoformat(_OFFSET.sub(r"\1:\2", text)))
    except (ValueError, OverflowError):
        raise _no_date(text, name) from None
    return found if found.tzinfo else found.replace(tzinfo=BRUSSELS)


def _month(word: str) -> int:
    found = [number for name, number in _MONTHS.items() if name.startswith(word) and len(word) > 2]
    if not found:
        raise ValueError(word)
    return found[0]


def _no_date(text: str, name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(value)s” isn’t a date. Enter it like 2026-05-31, or 2026-05-31 17:00.")
        % {"value": text[:60]},
        field=name,
    )


def _read_deadlines(cells: Mapping[str, Any], now: datetime) -> dict[str, datetime]:
    found = _moments(cells["closes_at"], "closes_at")
    if not found:
        return {}
    if "second_closes_at" in cells:
        return {"closes_at": found[0]}
    stage = fold(" ".join(_texts(cells.get("stage"))))
    if len(found) == 2 and "two stage" in stage:
        return {"closes_at": found[0], "second_closes_at": found[1]}
    return {"closes_at": next((one for one in found if one > now), found[-1])}


# --- choices --------------------------------------------------------------------------------------


def _rule_set(value: Any, name: str) -> str:
    text = _text(value, name)
    for key, label in RULE_SETS.items():
        if fold(text) in (fold(key), fold(str(label))):
            return key
    raise InvalidInput(
        _(
            "There are no conditions called “%(value)s”. Enter one of these, or leave it empty: "
            "%(known)s."
        )
        % {"value": text[:60], "known": ", ".join(RULE_SETS)},
        field=name,
    )


def _part(value: Any, name: str) -> str:
    text = fold(_text(value, name))
    for key, label in Call.Part.choices:
        if key and text in (fold(key), fold(str(label))):
            return str(key)
    raise InvalidInput(
        _(
            "“%(value)s” isn’t a part of a programme. Enter one of these, or leave it empty: "
            "%(known)s."
        )
        % {"value": _text(value, name)[:60], "known": ", ".join(filter(None, Call.Part.values))},
        field=name,
    )


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "reference": _text,
    "title": _text,
    "programme": _text,
    "action": _text,
    "topics": _topics,
    "text": _prose,
    "language": _code,
    "opens_on": _day,
    "second_closes_at": _moment,
    "budget": _sum,
    "grant_least": _sum,
    "grant_most": _sum,
    "grants_expected": _count,
    "currency": _currency,
    "rule_set": _rule_set,
    "part": _part,
    "address": _address,
}
