"""Checking a column's cells, many at once."""

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from proxeny.engine.package._cells import compile_pattern, key_of, reader_of
from proxeny.engine.package._rows import FOREIGN
from proxeny.engine.package.schema import Field, Schema

__all__ = ["Column", "Verdict"]

#: A code, with what a sentence about it needs.
type Verdict = tuple[str, dict[str, Any]]
type Rule = Callable[[str, Any], Verdict | None]

#: So many different values of fifty characters are remembered as good.
_REMEMBERED = 20_000
_MOST_SAID = 20


class Column:
    """A column of a schema, ready to check.

    Values that were good once are good again; in most columns they come again and again.
    """

    def __init__(self, field: Field, schema: Schema) -> None:
        self.field = field
        self._missing = frozenset(schema.missing_values)
        self._read = reader_of(field)
        self._key = key_of(field)
        self._rules = tuple(_rules(field))
        self._required = field.constraints.required
        self._free = field.type in ("string", "any") and field.format == "default"
        self._free = self._free and not self._rules and not self._required
        self._good: set[str] = set()
        self._held = 0

    def keys(self, values: Sequence[str | None]) -> list[Any]:
        """Return for each value what is the same for all texts of it; None for no value."""
        key, missing = self._key, self._missing
        if key is None:
            return [None if text in missing else text for text in values]
        return [None if text is None or text in missing else key(text) for text in values]

    def check(self, values: Sequence[str | None]) -> Iterator[tuple[int, Verdict]]:
        """Yield the place and verdict of each value that is not good; None is not looked at."""
        fresh = {text for text in set(values) - self._good if text is not None}
        bad = {text: verdict for text in fresh if (verdict := self._judge(text))}
        self._remember(fresh - bad.keys())
        if bad:
            for at, value in enumerate(values):
                if value in bad:
                    yield at, bad[value]

    def _remember(self, texts: set[str]) -> None:
        self._held += len(texts) + sum(map(len, texts)) // 50
        if self._held > _REMEMBERED:
            self._good.clear()
            self._held = 0
        self._good |= texts

    def _judge(self, text: str) -> Verdict | None:
        # Plain ASCII needs no closer look.
        if not (text.isascii() and text.isprintable()) and FOREIGN.search(text):
            return "encoding-error", {}
        if self._free:
            return None
        if text in self._missing:
            return ("constraint-error", {"constraint": "required"}) if self._required else None
        value = self._read(text)
        if value is None:
            return "type-error", {"type": self.field.type, "format": self.field.format}
        for rule in self._rules:
            if verdict := rule(text, value):
                return verdict
        return None


def _rules(field: Field) -> Iterator[Rule]:
    """Yield what is asked of a column's values besides of their type."""
    wanted, read = field.constraints, reader_of(field)
    if wanted.minimum is not None:
        yield _bound("minimum", wanted.minimum, lambda value, least: value >= least, read)
    if wanted.maximum is not None:
        yield _bound("maximum", wanted.maximum, lambda value, most: value <= most, read)
    if wanted.min_length is not None:
        yield _length("minLength", wanted.min_length, lambda length, least: length >= least)
    if wanted.max_length is not None:
        yield _length("maxLength", wanted.max_length, lambda length, most: length <= most)
    if wanted.pattern is not None:
        yield _pattern(wanted.pattern)
    if wanted.enum:
        yield _enum([read(text) for text in wanted.enum])


def _fails(name: str, limit: Any) -> Verdict:
    return "constraint-error", {"constraint": name, "limit": limit}


def _bound(
    name: str, text: str, holds: Callable[[Any, Any], bool], read: Callable[[str], Any]
) -> Rule:
    limit = read(text)

    def rule(_text: str, value: Any) -> Verdict | None:
        try:
            return None if holds(value, limit) else _fails(name, text)
        except ArithmeticError:
            # Not a number is neither more nor less.
            return _fails(name, text)

    return rule


def _length(name: str, limit: int, holds: Callable[[int, int], bool]) -> Rule:
    return lambda _text, value: None if holds(len(value), limit) else _fails(name, limit)


def _pattern(pattern: str) -> Rule:
    compiled = compile_pattern(pattern)
    if compiled is None:
        raise ValueError(f"pattern: {pattern!r} is none")
    return lambda text, _: None if compiled.fullmatch(text) else _fails("pattern", pattern)


def _enum(values: Collection[Any]) -> Rule:
    # Said once for all, and not all of a long list.
    verdict = _fails("enum", [str(one) for one in values][:_MOST_SAID])
    with contextlib.suppress(TypeError):
        # Lists and objects cannot be in a set; all else is found faster there.
        values = frozenset(values)
    return lambda _text, value: None if value in values else verdict
