"""Reading a cell's text as a value of its column's type."""

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import re2

from proxeny.engine.package.schema import Field

__all__ = ["compile_pattern", "key_of", "number_pattern", "reader_of"]

type Reader = Callable[[str], Any]

#: Longer digits are no number of anybody's table, and slow to read.
_LONGEST = 400
_LONGEST_PATTERN = 1_000
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_YEAR = re.compile(r"-?[0-9]{4}")
_YEARMONTH = re.compile(r"(-?[0-9]{4})-(0[1-9]|1[0-2])")
_DURATION = re.compile(
    r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    re.ASCII,
)
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_NOT_A_NUMBER = re.compile(r"^[^-+0-9]*|[^0-9]*$")
_SPECIAL = {"NaN", "INF", "-INF"}
#: Patterns that mean the same to both machines: signs, classes of signs, and how often.
_SIMPLE = re.compile(
    r"(?:[A-Za-z0-9 _,:;/@#%&=!~'\"<>-]|\\[dws.\\/+*?()|-]|\.|\[\^?[A-Za-z0-9 _.,:;/@-]+\]"
    r"|(?<=[\w\].])(?:\{[0-9]{1,3}\}|[*+?]))+",
    re.ASCII,
)
_REPEATS = re.compile(r"(?<!\\)[*+?]")
_GEO = frozenset(
    (
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
        "Feature",
        "FeatureCollection",
    )
)


def reader_of(field: Field) -> Reader:
    """Return what reads a column's cells: the value, or None where the text is none."""
    if field.type == "number":
        return _number_reader(field)
    if field.type == "boolean":
        values = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)
        return values.get
    if field.type in _FORMED and field.format not in ("default", "any"):
        return _formed_reader(field)
    if field.type == "string":
        return _STRINGS.get(field.format, _read_string)
    return _READERS[field.type]


def key_of(field: Field) -> Reader | None:
    """Return what makes one key of all texts that mean the same value; None if each has its own."""
    if field.type in _PLAIN and field.format == "default":
        return None
    read = reader_of(field)

    def key(text: str) -> Any:
        # Most whole numbers are written in the one usual way.
        if text.isdecimal() and text[0] != "0" and text.isascii():
            return text
        value = read(text)
        if isinstance(value, Decimal):
            return (
                f"{value.normalize():f}"
                if value.is_finite() and abs(value.adjusted()) < 50
                else str(value.normalize())
            )
        # As text: its hash takes 64 bits and is another in each process.
        return text if value is None else str(value)

    return key


def compile_pattern(pattern: str) -> Any:
    """Return a pattern ready to match, or None if it is none that takes linear time.

    RE2 decides what a pattern is. One that repeats something at one place at most takes linear
    time in Python's own machine too, which is several times as fast.
    """
    if len(pattern) > _LONGEST_PATTERN:
        return None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        compiled = re2.compile(pattern, options)
    except re2.error:
        return None
    simple = _SIMPLE.fullmatch(pattern) and len(_REPEATS.findall(pattern)) < 2
    return re.compile(pattern, re.ASCII) if simple else compiled


def number_pattern(field: Field) -> re.Pattern[str]:
    """Return what a column's numbers look like."""
    decimal, group = re.escape(field.decimal_char), re.escape(field.group_char)
    whole = "[0-9]+"
    if group:
        whole = f"(?:[0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{2,3}})*{group}[0-9]{{3}})"
    return re.compile(
        f"[+-]?(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]{{1,4}})?"
    )


def _number_reader(field: Field) -> Reader:
    match = number_pattern(field).fullmatch
    decimal, group, bare = field.decimal_char, field.group_char, field.bare_number

    def read(text: str) -> Decimal | None:
        # Before anything else: on long texts the patterns below would take long.
        if len(text) > _LONGEST:
            return None
        text = text.strip()
        if not bare:
            text = _NOT_A_NUMBER.sub("", text)
        if match(text):
            if group:
                text = text.replace(group, "")
            return Decimal(text if decimal == "." else text.replace(decimal, "."))
        return Decimal(text.replace("INF", "Infinity")) if text in _SPECIAL else None

    return read


def _formed_reader(field: Field) -> Reader:
    form, cut = field.format, _FORMED[field.type]

    def read(text: str) -> Any:
        try:
            return cut(datetime.strptime(text, form))  # noqa: DTZ007 - the table has no zones
        except (ValueError, re.error):
            return None

    return read


def _aware(moment: datetime) -> datetime:
    # Moments without a zone are compared as if they were in UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_string(text: str) -> str:
    return text


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _read_integer(text: str) -> int | None:
    if len(text) > _LONGEST:
        return None
    text = text.strip()
    return int(text) if _INTEGER.fullmatch(text) else None


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _read_datetime(text: str) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(text)) if _DATETIME.fullmatch(text) else None
    except ValueError:
        return None


def _read_time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def _read_year(text: str) -> int | None:
    return int(text) if _YEAR.fullmatch(text) else None


def _read_yearmonth(text: str) -> tuple[int, int] | None:
    match = _YEARMONTH.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read_object(text: str) -> dict[str, Any] | None:
    value = _read_json(text)
    return value if isinstance(value, dict) else None


def _read_array(text: str) -> list[Any] | None:
    value = _read_json(text)
    return value if isinstance(value, list) else None


def _read_geojson(text: str) -> dict[str, Any] | None:
    value = _read_object(text)
    return value if value is not None and value.get("type") in _GEO else None


def _read_geopoint(text: str) -> tuple[float, float] | None:
    parts = text.split(",")
    try:
        east, north = map(float, parts)
    except ValueError:
        return None
    if not (math.isfinite(east) and abs(east) <= 180 and abs(north) <= 90):
        return None
    return east, north


def _matching(pattern: re.Pattern[str]) -> Reader:
    return lambda text: text if pattern.fullmatch(text) else None


#: Types whose values are written in one way only.
_PLAIN = frozenset(("string", "any", "date", "year", "yearmonth", "time"))
_FORMED: dict[str, Callable[[datetime], Any]] = {
    "date": datetime.date,
    "datetime": _aware,
    "time": datetime.time,
}
_STRINGS: dict[str, Reader] = {
    "email": _matching(_MAIL),
    "uri": _matching(_URI),
    "uuid": _read_uuid,
}
_READERS: dict[str, Reader] = {
    "any": _read_string,
    "array": _read_array,
    "date": _read_date,
    "datetime": _read_datetime,
    "duration": _matching(_DURATION),
    "geojson": _read_geojson,
    "geopoint": _read_geopoint,
    "integer": _read_integer,
    "object": _read_object,
    "time": _read_time,
    "year": _read_year,
    "yearmonth": _read_yearmonth,
}
