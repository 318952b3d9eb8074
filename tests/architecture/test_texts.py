"""Texts are marked under names that the collector of texts knows."""

import ast
from pathlib import Path

import proxeny

ROOT = Path(proxeny.__file__).parent


def _renamed(tree: ast.AST) -> list[str]:
    return [
        f"{one.name} as {one.asname}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
        if "gettext" in one.name and one.asname not in (None, "_")
    ]


def test_no_text_is_marked_under_another_name():
    """A text under another name is never collected, and so never translated."""
    found = {
        str(path.relative_to(ROOT)): names
        for path in ROOT.rglob("*.py")
        if (names := _renamed(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {}
    assert _renamed(ast.parse("from django.utils.translation import gettext as told")) != []
