"""Content of a table's columns (Table Schema) and format of its file (CSV Dialect)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["TYPES", "Constraints", "Dialect", "Field", "Schema"]

#: The types of the specification.
TYPES = (
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "year",
    "time",
    "yearmonth",
    "duration",
    "object",
    "array",
    "geopoint",
    "geojson",
    "any",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """Constraints on a column's values, besides their type.

    Parameters
    ----------
    required, unique : bool
        No value missing; no value twice.
    minimum, maximum : str, optional
        As they would be written in the table.
    min_length, max_length : int, optional
        Of texts, in characters; of arrays and objects, in members.
    pattern : str, optional
        The whole text matches it (RE2).
    enum : tuple of str
        The only values there may be, as they would be written in the table; empty is any.
    """

    required: bool = False
    unique: bool = False
    minimum: str | None = None
    maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column.

    Parameters
    ----------
    name : str
        As in the header.
    type, format : str
        Of the specification; `format` of dates and times may be a pattern as `%d/%m/%Y`.
    title, description : str
        For people.
    constraints : Constraints
        Further constraints on values.
    decimal_char, group_char : str
        Of numbers.
    bare_number : bool
        Whether a cell contains only the number: no currency, no percent sign.
    true_values, false_values : tuple of str
        Of booleans.
    extra : mapping
        Further properties, kept as they are.
    """

    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    constraints: Constraints = Constraints()
    decimal_char: str = "."
    group_char: str = ""
    bare_number: bool = True
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A table's columns in their order.

    Parameters
    ----------
    fields : sequence of Field
        The columns.
    missing_values : tuple of str
        The content of a cell without a value.
    primary_key : tuple of str
        Columns whose combined values are unique.
    extra : mapping
        Further properties, kept as they are and not checked, as foreign keys.
    """

    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Format of a table's file.

    Parameters
    ----------
    delimiter, quote_char : str
        One character each.
    encoding : str
        As Python names it.
    header : bool
        Whether the first row has the names of the columns.
    """

    delimiter: str = ","
    quote_char: str = '"'
    encoding: str = "utf-8"
    header: bool = True
