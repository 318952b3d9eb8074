"""What an import linter cannot see of the house's rules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import proxeny

ROOT = Path(proxeny.__file__).parent
#: What all capabilities stand on, or what puts them together.
APART = {"config", "demo", "engine", "kernel", "web"}
CAPABILITIES = sorted(
    path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in APART
)
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


def test_every_capability_is_held_to_the_contracts():
    """The import contracts list their modules: one that is new is named in each."""
    contracts = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    told = contracts["tool"]["importlinter"]["contracts"]
    inside = next(one for one in told if one["name"] == "Layers inside a capability")
    assert {f"proxeny.{name}" for name in CAPABILITIES} == set(inside["containers"])
    apart = next(one for one in told if one["name"].startswith("The engine knows"))
    assert {f"proxeny.{name}" for name in CAPABILITIES} < set(apart["forbidden_modules"])


def test_the_formatter_alone_lays_code_out():
    folders = (ROOT, *(ROOT.parents[1] / name for name in ("tests", "benchmarks")))
    off = re.compile(r"#\s*fmt:\s*(?:skip|off)")
    assert [
        str(path)
        for folder in folders
        for path in folder.rglob("*.py")
        if off.search(path.read_text(encoding="utf-8"))
    ] == []


def test_the_first_line_of_a_module_names_what_it_holds():
    """A reader looks for a noun: Requests for meetings, not What people ask for."""
    found = []
    for path in ROOT.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if re.match(r"(What|How|Who|Whom|Whose|Where|When|Why|Which)\b(?!-)", told):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


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
                "timezone.now",
                "datetime.now",
                "date.today",
                "datetime.utcnow",
                "time.time",
                "random.random",
                "random.choice",
                "random.shuffle",
                "random.sample",
            }:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
    assert found == []


def test_templates_hold_no_inline_script_or_style():
    """The Content-Security-Policy would refuse them. Mails are not pages."""
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


#: What writes to the queue past `kernel.queue`, on whatever connection the application has by then.
PAST_THE_QUEUE = {"configure_task", "defer_async", "batch_defer", "batch_defer_async", "JobManager"}


def _ways_past_the_queue(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        name = getattr(node, "attr", getattr(node, "id", getattr(node, "name", "")))
        # A queryset's `defer` takes names of fields, a task's takes the arguments of the work.
        is_task = isinstance(node, ast.Call) and _name(node.func) == "defer" and node.keywords
        is_row = isinstance(node, ast.Constant) and "INSERT INTO procrastinate_jobs" in str(
            node.value
        )
        if name in PAST_THE_QUEUE or is_task or is_row:
            found.append(f"line {node.lineno}")
    return found


def test_only_the_queue_writes_to_the_queue():
    """An entry belongs to the transaction of its cause: `kernel.queue.put` holds it there."""
    found = {
        str(path.relative_to(ROOT)): uses
        for path in ROOT.rglob("*.py")
        if (uses := _ways_past_the_queue(path.read_text(encoding="utf-8")))
    }
    assert set(found) == {"kernel/queue.py"}


@pytest.mark.parametrize(
    "source",
    [
        "app.configure_task('a').defer(b=1)",
        "work.defer(b=1)",
        "from procrastinate.manager import JobManager",
        "sql = 'INSERT INTO procrastinate_jobs (a) VALUES (1)'",
    ],
)
def test_the_rule_above_can_fail_too(source):
    assert _ways_past_the_queue(source)
    assert _ways_past_the_queue("found.defer('content')") == []
