"""How often code takes on the service's role inside somebody else's request: it may only go down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import proxeny

#: Lower it when there are fewer; `docs/architecture/tenancy.md` names the same number.
MOST = 389
#: It counts in its own role or in the service's, by what it is asked to count.
HANDED = "meetings/queries/funnel_groups.py"
SOURCE = Path(proxeny.__file__).parent
PAGE = SOURCE.parents[1] / "docs" / "architecture" / "tenancy.md"


def elevations() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call of `as_service` with the file that it is in."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "as_service":
                yield str(path.relative_to(SOURCE)), node


def _shared() -> Iterator[str]:
    """Yield each function that hands the role to its callers, who would each be a place of their own.

    A function that returns what its block gave is none: its callers only get that.
    """
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            returned = node.value if isinstance(node, ast.Return) else None
            if returned is not None and "as_service(" in ast.unparse(returned):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}"


def test_no_more_elevations_than_there_were():
    assert len(list(elevations())) <= MOST


def test_no_function_hands_the_role_to_its_callers():
    assert [one for one in _shared() if not one.startswith(HANDED)] == []


def _is_said(reason: ast.expr) -> bool:
    """Whether it is a sentence, or a constant of the module that several share."""
    if isinstance(reason, ast.Name):
        return reason.id.startswith("_") and reason.id.isupper()
    return isinstance(reason, ast.Constant) and bool(
        re.fullmatch(r"[A-Z“`].{20,200}[.]", str(reason.value))
    )


def test_each_says_why_in_a_sentence():
    silent = [
        f"{path}:{node.lineno}"
        for path, node in elevations()
        if not node.args or not _is_said(node.args[0])
    ]
    assert not silent, f"as_service() takes its reason, a sentence: {silent}"


def test_the_page_names_their_number():
    said = re.search(r"at most (\d+) places", PAGE.read_text(encoding="utf-8"))
    assert said, "the page names no number"
    assert int(said[1]) == MOST
