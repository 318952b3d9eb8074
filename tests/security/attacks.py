"""Every regular expression of the package, and texts that cost each of them most.

A pattern that a module keeps, or writes where it is used, is found by the module's own code, so that a
new one cannot be left out. The texts are made from the pattern's own parts: what comes before a part
that repeats, what it repeats, and something at the end that fits nowhere.
"""

import ast
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import proxeny

_ROOT = Path(proxeny.__file__).parent
_CALLS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_ONCE = {"match", "fullmatch", "search"}
_REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}
#: What repeats less often than that takes no time to speak of.
_OFTEN = 30
_MOST_UNITS, _MOST_STARTS = 40, 6
#: How patterns are used that a module hands to something else; all others are tried everywhere.
_PASSED_ON = {"engine/package/_cells.py": {"fullmatch"}}
_USUAL = " a0\n\\\"'<>.-_/:;,@=%#(&\u0660é"
_ENDS = ("", "!", "\n\x00")


@dataclass
class Found:
    """A pattern: where it stands, and how it is used."""

    where: str
    pattern: re.Pattern[Any]
    methods: set[str] = field(default_factory=set)


@cache
def all_patterns() -> tuple[list[Found], list[str]]:
    """Return all patterns of the package, and the places whose pattern is only known when they run."""
    found: dict[tuple[str, Any], Found] = {}
    unknown: list[str] = []
    for path in _sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = list(_calls(tree))
        if not calls:
            continue
        used = _methods_by_name(tree)
        module = importlib.import_module(_name_of(path))
        place = str(path.relative_to(_ROOT))
        names = _names_of_compiled(tree)
        for call in calls:
            try:
                source = eval(_code_of(call.args[0]), module.__dict__)  # noqa: S307
                compiled = re.compile(source, _flags_of(call, module))
            except (NameError, TypeError):
                unknown.append(f"{place}: {ast.unparse(call.args[0])}")
                continue
            one = found.setdefault((place, compiled), Found(place, compiled))
            if call.func.attr == "compile":  # type: ignore[attr-defined]
                name = names.get((call.lineno, call.col_offset), "")
                one.methods |= used.get(name) or _PASSED_ON.get(place, {"finditer"})
            else:
                one.methods.add(call.func.attr)  # type: ignore[attr-defined]
    _add_made(found)
    return list(found.values()), unknown


def _add_made(found: dict[tuple[str, Any], Found]) -> None:
    """Add the patterns that modules keep and that functions of theirs have made."""
    known = {one.pattern for one in found.values()}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("proxeny."):
            for pattern in _patterns_in(list(vars(module).values()), depth=3):
                if pattern not in known:
                    known.add(pattern)
                    methods = _PASSED_ON.get(f"{name.replace('.', '/')[8:]}.py", {"finditer"})
                    found[name, pattern] = Found(name, pattern, set(methods))


def _patterns_in(values: Any, *, depth: int) -> Iterator[re.Pattern[Any]]:
    for value in values:
        if isinstance(value, re.Pattern):
            yield value
        elif depth and isinstance(value, tuple | list | set | frozenset):
            yield from _patterns_in(value, depth=depth - 1)
        elif depth and isinstance(value, dict):
            yield from _patterns_in(list(value.values()), depth=depth - 1)


def _sources() -> list[Path]:
    return sorted(path for path in _ROOT.rglob("*.py") if "migrations" not in path.parts)


def _name_of(path: Path) -> str:
    parts = ["proxeny", *path.relative_to(_ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
            and node.args
        ):
            yield node


def _code_of(node: ast.expr) -> Any:
    return compile(ast.Expression(node), "<pattern>", "eval")


def _flags_of(call: ast.Call, module: Any) -> int:
    names = {"compile": 1, "match": 2, "search": 2, "fullmatch": 2, "findall": 2, "finditer": 2}
    given = [one.value for one in call.keywords if one.arg == "flags"]
    at = names.get(call.func.attr)  # type: ignore[attr-defined]
    if not given and at is not None and len(call.args) > at:
        given = [call.args[at]]
    return int(eval(_code_of(given[0]), module.__dict__)) if given else 0  # noqa: S307


def _names_of_compiled(tree: ast.AST) -> dict[tuple[int, int], str]:
    """Return by its place which name a compiled pattern gets, or that of its method."""
    found: dict[tuple[int, int], str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                found[node.value.lineno, node.value.col_offset] = target.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            found[node.value.lineno, node.value.col_offset] = f".{node.attr}"
    return found


def _methods_by_name(tree: ast.AST) -> dict[str, set[str]]:
    """Return by a pattern's name which of its methods its module calls."""
    found = {f".{name}": {name} for name in _CALLS}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.attr in _CALLS:
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def runs_of(found: Found) -> list[Callable[[Any], object]]:
    """Return how a pattern is used, as functions of a text."""
    runs: list[Callable[[Any], object]] = [
        getattr(found.pattern, name) for name in sorted(found.methods & _ONCE)
    ]
    if found.methods - _ONCE:
        runs.append(lambda text: sum(1 for _one in found.pattern.finditer(text)))
    return runs


def attacks_on(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Yield functions that make a text of a size which costs the pattern much."""
    tree = parser.parse(
        pattern.pattern, pattern.flags & ~re.UNICODE if _is_bytes(pattern) else pattern.flags
    )
    signs = _alphabet(tree)
    units, starts = dict[str, None](), {"": None}
    for before, body, pair in _repeats(list(tree), ""):
        starts[before] = None
        units |= dict.fromkeys((body, pair, before + body, before))
    whole = _sample(list(tree))
    units |= dict.fromkeys((whole, whole[:-1], *signs))
    units.pop("", None)
    told = set()
    for start in list(starts)[:_MOST_STARTS]:
        for unit in list(units)[:_MOST_UNITS]:
            for end in _ENDS:
                make = _maker(pattern, start, unit, end)
                if (text := make(60)) not in told:
                    told.add(text)
                    yield make


def _maker(pattern: re.Pattern[Any], start: str, unit: str, end: str) -> Callable[[int], Any]:
    def make(size: int) -> Any:
        text = start + unit * (size // len(unit)) + end
        return text.encode("latin-1", "replace") if _is_bytes(pattern) else text

    return make


def _is_bytes(pattern: re.Pattern[Any]) -> bool:
    return isinstance(pattern.pattern, bytes)


def _repeats(parts: list[Any], before: str) -> Iterator[tuple[str, str, str]]:
    """Yield for each part that repeats what has to come before it, what it repeats, and of a class
    two of its signs."""
    for kind, given in parts:
        if kind in _REPEATS and given[1] >= _OFTEN:
            one = list(given[2])
            signs = list(_signs_in(one[0][1])) if one and one[0][0] == kinds.IN else []
            yield before, _sample(one), "".join((*signs[:1], *signs[-1:]))
        for inner in _inside(kind, given):
            yield from _repeats(inner, before)
        before += _sample([(kind, given)])


def _inside(kind: Any, given: Any) -> list[list[Any]]:
    """Return the parts that a part is made of, each way that there is."""
    if kind == kinds.BRANCH:
        return [list(one) for one in given[1]]
    if kind in _REPEATS:
        return [list(given[2])]
    if kind == kinds.SUBPATTERN:
        return [list(given[-1])]
    if kind == kinds.ATOMIC_GROUP:
        return [list(given)]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [list(given[1])]
    return []


def _sample(parts: list[Any]) -> str:
    """Return a short text that some parts match, looks around them apart."""
    return "".join(_sample_of(kind, given) for kind, given in parts)


def _sample_of(kind: Any, given: Any) -> str:
    if kind == kinds.LITERAL:
        return chr(given)
    if kind == kinds.NOT_LITERAL:
        return "a" if given != ord("a") else "b"
    if kind == kinds.ANY:
        return "a"
    if kind == kinds.IN:
        return next(iter(_signs_in(given)), "a")
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return ""
    inner = _inside(kind, given)
    return (_sample(inner[0]) if inner else "") * (max(1, given[0]) if kind in _REPEATS else 1)


_CATEGORIES = {
    kinds.CATEGORY_DIGIT: "0",
    kinds.CATEGORY_SPACE: " ",
    kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_DIGIT: "a",
    kinds.CATEGORY_NOT_SPACE: "a",
    kinds.CATEGORY_NOT_WORD: "-",
}


def _signs_in(given: list[Any]) -> Iterator[str]:
    """Yield some signs of a class; of one that leaves signs out, usual ones that it takes."""
    named: list[str] = []
    for kind, value in given:
        if kind == kinds.LITERAL:
            named.append(chr(value))
        elif kind == kinds.RANGE:
            named += [chr(value[0]), chr(value[1])]
        elif kind == kinds.CATEGORY:
            named.append(_CATEGORIES[value])
    if given[0][0] == kinds.NEGATE:
        check = re.compile(f"[^{''.join(map(re.escape, named))}]") if named else re.compile(".")
        named = [sign for sign in _USUAL if check.match(sign)]
    yield from named


def _alphabet(tree: Any) -> list[str]:
    """Return the signs that a pattern knows, and usual ones."""
    found: dict[str, None] = {}

    def walk(parts: Any) -> None:
        for kind, given in parts:
            if kind in (kinds.LITERAL, kinds.NOT_LITERAL):
                found[chr(given)] = None
            elif kind == kinds.IN:
                found.update(dict.fromkeys(list(_signs_in(given))[:6]))
            for inner in _inside(kind, given):
                walk(inner)

    walk(tree)
    return list(dict.fromkeys([*list(found)[:30], *_USUAL]))
