"""Schemas and dialects as the JSON of Table Schema and CSV Dialect, and back."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from proxeny.engine.package._cells import compile_pattern, reader_of
from proxeny.engine.package.problems import Problem, Refused
from proxeny.engine.package.schema import TYPES, Constraints, Dialect, Field, Schema

__all__ = ["MOST_FIELDS", "dump_dialect", "dump_schema", "load_dialect", "load_schema"]

MOST_FIELDS = 2_000

#: Types whose values have an order.
_ORDERED = frozenset(("integer", "number", "date", "datetime", "year", "time", "yearmonth"))
_SIZED = frozenset(("string", "object", "array"))

# Layout of the JSON: the attribute, the property, and its Python type.
_FIELD = (
    ("type", "type", str),
    ("format", "format", str),
    ("title", "title", str),
    ("description", "description", str),
    ("decimal_char", "decimalChar", str),
    ("group_char", "groupChar", str),
    ("bare_number", "bareNumber", bool),
    ("true_values", "trueValues", tuple),
    ("false_values", "falseValues", tuple),
)
_CONSTRAINTS = (
    ("required", "required", bool),
    ("unique", "unique", bool),
    ("minimum", "minimum", str),
    ("maximum", "maximum", str),
    ("min_length", "minLength", int),
    ("max_length", "maxLength", int),
    ("pattern", "pattern", str),
    ("enum", "enum", tuple),
)


def dump_schema(schema: Schema) -> dict[str, Any]:
    """Return a schema as the JSON of the specification."""
    said: dict[str, Any] = {"fields": [_dump_field(one) for one in schema.fields]}
    if schema.missing_values != ("",):
        said["missingValues"] = list(schema.missing_values)
    if schema.primary_key:
        said["primaryKey"] = list(schema.primary_key)
    return said | dict(schema.extra)


def _dump_field(one: Field) -> dict[str, Any]:
    said = {"name": one.name, "type": one.type} | _dump(one, Field(name=one.name), _FIELD[1:])
    constraints = _dump(one.constraints, Constraints(), _CONSTRAINTS)
    return said | ({"constraints": constraints} if constraints else {}) | dict(one.extra)


def _dump(one: Any, plain: Any, names: Sequence[tuple[str, str, type]]) -> dict[str, Any]:
    said = {}
    for attribute, name, _ in names:
        value = getattr(one, attribute)
        if value != getattr(plain, attribute):
            said[name] = list(value) if isinstance(value, tuple) else value
    return said


def load_schema(said: Any) -> Schema:
    """Return the schema of a JSON.

    Raises
    ------
    Refused
        With all that is wrong, each at its place, e.g. `fields[2].constraints.minimum`.
    """
    problems: list[Problem] = []
    if not isinstance(said, dict) or not isinstance(said.get("fields"), list):
        raise Refused(Problem("schema", "fields", params={"expected": "list"}))
    listed = said["fields"]
    if not 0 < len(listed) <= MOST_FIELDS:
        raise Refused(Problem("fields", "fields", params={"most": MOST_FIELDS}))
    fields = tuple(_load_field(one, at, problems) for at, one in enumerate(listed))
    key = said.get("primaryKey", [])
    schema = Schema(
        fields=fields,
        missing_values=_texts(said.get("missingValues", [""]), "missingValues", problems),
        primary_key=_texts([key] if isinstance(key, str) else key, "primaryKey", problems),
        extra=_others(said, ("fields", "missingValues", "primaryKey")),
    )
    _check_names(schema, problems)
    if problems:
        raise Refused(*problems)
    return schema


def _check_names(schema: Schema, problems: list[Problem]) -> None:
    seen: dict[str, int] = {}
    for at, one in enumerate(schema.fields):
        if one.name in seen:
            problems.append(
                Problem("twice", f"fields[{at}].name", params={"first": seen[one.name]})
            )
        seen.setdefault(one.name, at)
    problems += [
        Problem("unknown_field", "primaryKey", params={"found": name})
        for name in schema.primary_key
        if name not in seen
    ]


def _load_field(said: Any, at: int, problems: list[Problem]) -> Field:
    where = f"fields[{at}]"
    if not isinstance(said, dict) or not isinstance(said.get("name"), str):
        problems.append(Problem("field", f"{where}.name", params={"expected": "text"}))
        return Field(name="")
    values = _load(said, where, (_FIELD, problems))
    rules = said.get("constraints", {})
    known = {name for _, name, _ in _FIELD} | {"name", "constraints"}
    one = Field(
        name=said["name"],
        constraints=_load_constraints(rules, f"{where}.constraints", problems),
        extra=_others(said, known),
        **values,
    )
    _check_field(one, where, problems)
    return one


def _load_constraints(said: Any, where: str, problems: list[Problem]) -> Constraints:
    if not isinstance(said, dict):
        problems.append(Problem("constraints", where, params={"expected": "object"}))
        return Constraints()
    # Bounds and members may be written as numbers; as texts they say the same.
    told = {
        name: _spell(value) if name in ("minimum", "maximum") else value
        for name, value in said.items()
    }
    if isinstance(told.get("enum"), list):
        told["enum"] = [_spell(one) for one in told["enum"]]
    names = {name for _, name, _ in _CONSTRAINTS}
    problems += [Problem("unknown_constraint", f"{where}.{name}") for name in told.keys() - names]
    return Constraints(**_load(told, where, (_CONSTRAINTS, problems)))


def _spell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _load(
    said: Mapping[str, Any],
    where: str,
    how: tuple[Sequence[tuple[str, str, type]], list[Problem]],
) -> dict[str, Any]:
    names, problems = how
    values: dict[str, Any] = {}
    for attribute, name, kind in names:
        if name not in said:
            continue
        value = said[name]
        if kind is tuple:
            values[attribute] = _texts(value, f"{where}.{name}", problems)
        elif type(value) is kind:
            values[attribute] = value
        else:
            problems.append(Problem("type", f"{where}.{name}", params={"expected": kind.__name__}))
    return values


def _check_field(one: Field, where: str, problems: list[Problem]) -> None:
    """Note what cannot be: an unknown type, a rule that means nothing for it, a bad pattern."""
    rules = one.constraints
    if one.type not in TYPES:
        problems.append(Problem("unknown_type", f"{where}.type", params={"found": one.type}))
        return
    for name, given, types in (
        ("minimum", rules.minimum is not None, _ORDERED),
        ("maximum", rules.maximum is not None, _ORDERED),
        ("minLength", rules.min_length is not None, _SIZED),
        ("maxLength", rules.max_length is not None, _SIZED),
        ("pattern", rules.pattern is not None, {"string"}),
    ):
        if given and one.type not in types:
            problems.append(
                Problem("constraint", f"{where}.constraints.{name}", params={"type": one.type})
            )
    if len(one.decimal_char) != 1 or len(one.group_char) > 1 or one.decimal_char == one.group_char:
        problems.append(Problem("number_signs", f"{where}.decimalChar"))
        return
    read = reader_of(one)
    bounds = [("minimum", rules.minimum), ("maximum", rules.maximum)]
    for name, text in itertools.chain(bounds, (("enum", text) for text in rules.enum)):
        if text is not None and read(text) is None:
            problems.append(
                Problem("constraint", f"{where}.constraints.{name}", params={"found": text})
            )
    if rules.pattern is not None and compile_pattern(rules.pattern) is None:
        problems.append(Problem("pattern", f"{where}.constraints.pattern"))


def _texts(value: Any, where: str, problems: list[Problem]) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    problems.append(Problem("type", where, params={"expected": "texts"}))
    return ()


def _others(said: Mapping[str, Any], known: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in known}


def dump_dialect(dialect: Dialect) -> dict[str, Any]:
    """Return a dialect as the JSON of the specification, which has the encoding elsewhere."""
    return {
        "delimiter": dialect.delimiter,
        "quoteChar": dialect.quote_char,
        "doubleQuote": True,
        "header": dialect.header,
    }


def load_dialect(said: Any, *, encoding: str = "utf-8") -> Dialect:
    """Return the dialect of a JSON; `Refused` for what cannot be read so."""
    said = {} if said is None else said
    if not isinstance(said, dict):
        raise Refused(Problem("dialect", params={"expected": "object"}))
    delimiter, quote = said.get("delimiter", ","), said.get("quoteChar", '"')
    for name, value in (("delimiter", delimiter), ("quoteChar", quote)):
        if not isinstance(value, str) or len(value) != 1 or value in "\r\n":
            raise Refused(Problem("dialect", name, params={"expected": "character"}))
    try:
        "".encode(encoding)
    except (LookupError, TypeError):
        raise Refused(Problem("encoding", "encoding", params={"found": encoding})) from None
    header = said.get("header", True)
    if not isinstance(header, bool):
        raise Refused(Problem("dialect", "header", params={"expected": "bool"}))
    return Dialect(delimiter=delimiter, quote_char=quote, encoding=encoding, header=header)
