"""What an import linter cannot see of the house's rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import proxeny

ROOT = Path(proxeny.__file__).parent
CAPABILITIES = (
    "accounts", "directory", "partnerships", "meetings", "events", "ambassadors", "assessments",
    "webhooks", "calls", "bids", "alliances", "insight", "notices",
)  # fmt: skip
#: Methods that read or write through the ORM; none belongs in an entry point or a form.
ORM = {"objects", "save", "bulk_create", "bulk_update", "select_related", "prefetch_related"}


def _sources(*names: str) -> Iterator[Path]:
    for capability in (*CAPABILITIES, "web"):
        for name in names:
            yield from (ROOT / capability).glob(f"{name}.py")
            yield from (ROOT / capability / name).rglob("*.py")


def _orm_uses(source: str) -> list[str]:
    return [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ORM
    ]


def test_entry_points_and_forms_do_not_touch_the_orm():
    found = {
        str(path.relative_to(ROOT)): uses
        for path in _sources("views", "forms", "api")
        if (uses := _orm_uses(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_the_rule_above_can_fail():
    assert _orm_uses("def show(request):\n    return Meeting.objects.all()") == ["line 2: .objects"]


def test_every_queued_job_has_its_work():
    queued = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == "enqueue" and node.args:
                kind = node.args[0]
                assert isinstance(kind, ast.Constant), f"{path}: name the job's kind literally"
                queued.add(kind.value)
    from proxeny.kernel.jobs import registered_kinds

    assert queued, "nothing is queued any more?"
    assert queued == registered_kinds()


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


@pytest.mark.parametrize("layer", ["operations", "queries", "rules", "models"])
def test_the_domain_reads_no_clock_and_throws_no_dice(layer):
    """Time and seed come in as arguments."""
    found = []
    for path in _sources(layer):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "timezone.now", "datetime.now", "date.today", "datetime.utcnow", "time.time",
                "random.random", "random.choice", "random.shuffle", "random.sample",
            }:  # fmt: skip
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
    assert found == []


def test_templates_hold_no_inline_script_or_style():
    """The Content-Security-Policy would refuse them. Mails are not pages."""
    import re

    inline = re.compile(
        r"""\sstyle\s*=|<style|<script(?![^>]*\b(?:src|type="application/(?:ld\+)?json"))|\son[a-z]+\s*="""
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group().strip()}"
        for path in ROOT.rglob("*.html")
        if "mail" not in path.parts and "mail" not in path.name
        # What a tag hands on is no attribute.
        for match in inline.finditer(re.sub(r"{%.*?%}", "", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_folder_for_leftovers():
    names = {path.stem for path in ROOT.rglob("*.py")}
    assert names.isdisjoint({"utils", "helpers", "common", "services", "misc"})
