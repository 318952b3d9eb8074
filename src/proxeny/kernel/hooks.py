"""Extension points: where one part of the product, or a plug-in, contributes to another.

A capability declares a hook beside the code that asks it, such as `DATES` of a room's front page.
A contributor does so in its own module `hooks`, which is imported once all models are there:

    DATES.add(find_dates)

`docs/how-to/write-a-plug-in.md` lists them all.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

#: Every hook by its name, such as `room.dates`.
HOOKS: dict[str, "Hook[Any] | KeyedHook[Any]"] = {}


def _know(hook: "Hook[Any] | KeyedHook[Any]") -> None:
    if hook.name in HOOKS:
        raise ValueError(f"There are two hooks of the name {hook.name!r}.")
    HOOKS[hook.name] = hook


class Hook[T](list[T]):
    """Contributions to one place, in the order in which they were added.

    Parameters
    ----------
    name : str
        The part that asks, and what it asks for, such as `room.dates`.
    about : str
        One sentence for contributors.
    """

    def __init__(self, name: str, about: str) -> None:
        super().__init__()
        self.name, self.about = name, about
        _know(self)

    def add(self, contribution: T) -> T:
        """Add a contribution, once; return it, so that this is also a decorator."""
        if contribution not in self:
            self.append(contribution)
        return contribution


class KeyedHook[T](dict[str, T]):
    """Contributions to one place, one for each key: the last that was added.

    Parameters
    ----------
    name, about : str
        As of `Hook`.
    """

    def __init__(self, name: str, about: str) -> None:
        super().__init__()
        self.name, self.about = name, about
        _know(self)

    def add(self, key: str, contribution: T) -> T:
        """Set the contribution for a key, in place of an earlier one; return it."""
        self[key] = contribution
        return contribution

    def on(self, key: str) -> Callable[[T], T]:
        """Add the decorated function for a key."""
        return partial(self.add, key)


def load_hooks(plug_ins: list[str]) -> None:
    """Import the module `hooks` of each of our packages and of each plug-in that has one."""
    for config in apps.get_app_configs():
        ours = config.name.startswith("proxeny.") or config.name in plug_ins
        if ours and module_has_submodule(config.module, "hooks"):
            import_module(f"{config.name}.hooks")
