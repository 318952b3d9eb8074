"""Messages for the codes of `engine.package`: one sentence for each, with its place.

The engine reports problems by a code, a place and figures; every page and every answer of the API
uses the same words.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.research.message_texts import CELLS, CONSTRAINTS, PROBLEMS, PROPERTIES, TYPE_WORDS

#: Figures that are lengths of files.
_BYTES = {
    ("size", "most"),
    ("size", "found"),
    ("size", "expected"),
    ("too_long", "expected"),
    ("unpacked", "most"),
    ("json_too_long", "most"),
}
_IN_SCHEMA = re.compile(r"fields\[(\d+)\](?:\.constraints)?\.(\w+)")


class _Figures(dict[str, Any]):
    """Figures of a sentence; one that is not known is no reason to say nothing."""

    def __missing__(self, name: str) -> str:
        return "?"


class SaysProblem(Protocol):
    """A problem of the engine: a code, a place, a severity and figures."""

    @property
    def code(self) -> str:
        """The code of the problem."""
        ...

    @property
    def where(self) -> str:
        """The place."""
        ...

    @property
    def params(self) -> Mapping[str, Any]:
        """The values that its sentence needs."""
        ...


def tell_problem(problem: SaysProblem | Mapping[str, Any], *, place: bool = True) -> str:
    """Return a problem as one sentence that begins with its place.

    Parameters
    ----------
    problem : Problem or mapping
        As the engine gives it, or as it was kept: ``{"code", "where", "severity", "params"}``.
    place : bool
        Whether the place is said too.
    """
    code, where, params = _parts(problem)
    told = _Figures((name, _figure(code, name, value)) for name, value in params.items())
    sentence = _choose(code, told) % told
    spot = name_place(where)
    if not (place and spot):
        return sentence
    return _("%(place)s: %(what)s") % {"place": spot, "what": sentence}


def tell_all(problems: Iterable[SaysProblem | Mapping[str, Any]], *, most: int = 5) -> str:
    """Return the first problems as sentences in one text, and the number of further ones."""
    told = [tell_problem(one) for one in problems]
    rest = len(told) - most
    if rest > 0:
        told = [*told[:most], _("And %(count)d more.") % {"count": rest}]
    return " ".join(told)


def place_in_schema(where: str) -> tuple[int, str] | None:
    """Return the column of a schema that a place means, counted from 0, and its property."""
    found = _IN_SCHEMA.fullmatch(where)
    return (int(found[1]), found[2]) if found else None


def name_place(where: str) -> str:
    """Return the place of a problem: a path in quotation marks, a column of a schema by its number."""
    if place := place_in_schema(where):
        what = PROPERTIES.get(place[1], place[1])
        return _("Column %(number)d, %(what)s") % {"number": place[0] + 1, "what": what}
    return _("“%(path)s”") % {"path": where} if where else ""


def tell_cell(problem: Mapping[str, Any]) -> str:
    """Return the problem of a row or cell, without its place.

    Parameters
    ----------
    problem : mapping
        As `PackageFile.report` keeps it: ``{"row", "column", "code", "value", "params"}``.
    """
    code, params = str(problem.get("code", "")), dict(problem.get("params") or {})
    value = str(problem.get("value", ""))
    if code == "type-error":
        kind = TYPE_WORDS.get(str(params.get("type")), params.get("type", ""))
        return _("“%(value)s” is not %(kind)s.") % {"value": value, "kind": kind}
    if code == "constraint-error":
        sentence = CONSTRAINTS.get(str(params.get("constraint")), CELLS["constraint-error"])
        limit = params.get("limit", "")
        listed = ", ".join(map(str, limit)) if isinstance(limit, list) else limit
        return str(sentence % {"value": value, "limit": listed})
    return str(CELLS.get(code, _UNKNOWN) % {"value": value, "code": code, **_zeroed(params)})


_UNKNOWN = gettext_lazy("Something is wrong here (%(code)s).")


def _zeroed(params: Mapping[str, Any]) -> dict[str, Any]:
    names = ("expected", "position", "first", "reason")
    return {"found": 0, **dict.fromkeys(names, ""), **params}


def _parts(problem: SaysProblem | Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
    if isinstance(problem, Mapping):
        return problem["code"], problem.get("where", ""), problem.get("params") or {}
    return problem.code, problem.where, problem.params


def _figure(code: str, name: str, value: Any) -> Any:
    if (code, name) in _BYTES and str(value).isdecimal():
        return filesizeformat(int(value))
    return value


def _choose(code: str, told: dict[str, Any]) -> str:
    """Return the sentence of a code whose figures are all there."""
    for needed, sentence in PROBLEMS.get(code, ()):
        if told.keys() >= set(needed):
            return str(sentence)
    told["code"] = code
    return str(_UNKNOWN)
