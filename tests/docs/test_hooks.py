"""The page on plug-ins lists each hook, with what it is for."""

import re
import sys
from importlib import import_module

from proxeny.kernel.hooks import HOOKS, Hook, KeyedHook
from tests.docs.blocks import ROOT

ROW = re.compile(r"^\| `(proxeny[\w.]+)`( by key)? \| (.+) \|$", re.M)


def _hooks() -> dict[str, Hook[object] | KeyedHook[object]]:
    """Return each hook by the module that defines it, and its name there."""
    # Templates ask for it, so that nothing has loaded it yet.
    import_module("proxeny.web.context")
    found = {}
    for module in [one for name, one in sys.modules.items() if name.startswith("proxeny.")]:
        for name, value in vars(module).items():
            if isinstance(value, Hook | KeyedHook) and name in vars(module).get(
                "__annotations__", {}
            ):
                found[f"{module.__name__}.{name}"] = value
    return found


def test_each_hook_is_listed_with_what_it_is_for():
    text = (ROOT / "docs" / "how-to" / "write-a-plug-in.md").read_text(encoding="utf-8")
    listed = {place: (about, bool(keyed)) for place, keyed, about in ROW.findall(text)}
    there = {place: (hook.about, isinstance(hook, KeyedHook)) for place, hook in _hooks().items()}
    assert listed == there
    assert len(there) == len(HOOKS)
