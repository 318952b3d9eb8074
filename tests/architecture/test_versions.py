"""No form with a version, and no page that saves one, can forget that two people may edit."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

from django import forms

import proxeny
from proxeny.kernel.edit_conflicts import VersionedForm
from tests.web.edits import CASES

ROOT = Path(proxeny.__file__).parent


def _form_classes():
    for module in pkgutil.walk_packages([str(ROOT)], "proxeny."):
        if "forms" in module.name and ".engine" not in module.name:
            for _name, found in inspect.getmembers(importlib.import_module(module.name)):
                is_form = inspect.isclass(found) and issubclass(found, forms.BaseForm)
                if is_form and found.__module__ == module.name:
                    yield found


def test_every_form_with_a_version_is_a_versioned_form_and_is_tried_by_two_people():
    with_version = {one for one in _form_classes() if "version" in one.base_fields}
    with_version.discard(VersionedForm)
    assert {one.__name__ for one in with_version if not issubclass(one, VersionedForm)} == set()
    # Adding a member makes a record, nobody else can have it open.
    assert {one.__name__ for one in with_version} - {"CreateForm"} == set(CASES)


def _calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _name(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _given(tree, function, argument):
    """The functions that calls of a function are given as one of its arguments."""
    given = [
        word.value
        for call in _calls(tree)
        if _name(call) == function
        for word in call.keywords
        if word.arg == argument
    ]
    names = {value.id for value in given if isinstance(value, ast.Name)}
    written = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name in names]
    return [*given, *written]


def _versions_among_values(tree):
    """The lines on which a form that `submit_form` saves hands a version to its operation."""
    return [
        f"line {node.lineno}: submit_form"
        for one in _given(tree, "submit_form", "values")
        for node in ast.walk(one)
        if isinstance(node, ast.Dict)
        and any(isinstance(key, ast.Constant) and key.value == "version" for key in node.keys)
    ]


def _outside(source):
    tree = ast.parse(source)
    saves = _given(tree, "edit_record", "save")
    inside = {id(call) for one in saves for call in _calls(one)}
    return (
        _versions_among_values(tree)
        + [
            f"line {call.lineno}: {_name(call)}"
            for call in _calls(tree)
            if id(call) not in inside
            and any(word.arg == "version" for word in call.keywords)
            # A form is built with the version; what is told to an operation is saved.
            and not _name(call)[:1].isupper()
        ]
    )


def test_every_page_that_tells_a_version_saves_through_the_mechanism():
    # The import of a checked list and of a file of calls, decisions on look-alikes, what is done in a plan, a risk that is
    # accepted, a stay that is agreed to or opened again, a brief that is put before all and a bid
    # whose submission is taken back are buttons: nothing is typed. What was learned when an assessment is closed, and what was found
    # when a study is concluded or taken up again, stays in its form; so does the answer to a request.
    allowed = {
        "assessments/views/briefs.py": 1,
        "assessments/views/engagement.py": 1,
        "bids/views/submission.py": 1,
        "calls/views/imports.py": 2,
        "directory/views/imports.py": 2,
        # Whether an application takes part, and when its fee was paid, stays in its form.
        "labels/views/applications_room.py": 2,
        # A round goes on by a button; why it does all the same stays in its form.
        "labels/views/rounds.py": 2,
        "partnerships/views/placements.py": 2,
        "partnerships/views/plan.py": 1,
        "partnerships/views/risks.py": 1,
        "research/views/requests.py": 1,
        "research/views/studies.py": 2,
    }
    found = {}
    for path in (*ROOT.glob("*/views/**/*.py"), *ROOT.glob("*/*views.py")):
        calls = _outside(path.read_text(encoding="utf-8"))
        name = str(path.relative_to(ROOT))
        if len(calls) > allowed.get(name, 0):
            found[name] = calls
    assert found == {}


def test_the_rule_above_can_fail():
    bare = "def edit(request):\n    update(actor=1, version=2)"
    assert _outside(bare) == ["line 2: update"]
    assert _outside("edit_record(r, save=lambda form: update(version=form.number))") == []
    named = 'def tell():\n    return {"version": 2}\nsubmit_form(r, form, update, values=tell)'
    assert _outside(named) == ["line 2: submit_form"]
    bare = 'submit_form(r, form, update, values=lambda: {"version": 2})'
    assert _outside(bare) == ["line 1: submit_form"]
    assert _outside("submit_form(r, form, partial(update, version=2))") == ["line 1: partial"]


def test_every_view_that_edits_wears_keeping():
    missing = []
    for path in (*ROOT.glob("*/views/**/*.py"), *ROOT.glob("*/*views.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            edits_record = any(_name(call) == "edit_record" for call in _calls(node))
            worn = [_name(one) for one in node.decorator_list if isinstance(one, ast.Call)]
            if edits_record and "keeping" not in worn and not node.name.startswith("_"):
                missing.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert missing == []


def test_no_template_writes_a_version_by_hand():
    # What is done to a list or file that was checked: import it, decide on its look-alikes; and buttons
    # that accept a risk, and put a brief before all, as they are shown.
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.html")
        if 'name="version"' in path.read_text(encoding="utf-8")
    }
    folder = "directory/templates/directory"
    assert found == {
        "assessments/templates/assessments/engagement.html",
        "calls/templates/calls/import_detail.html",
        f"{folder}/import_detail.html",
        "partnerships/templates/partnerships/room/risks.html",
    }
