"""What many tests begin with: made once for the tests of a file, and given to each as it was made.

The rows of a stage stand in a transaction that stays open between the tests; each test works in a
savepoint of it and takes back what it wrote. The objects are copied for each test.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from proxeny.kernel.tenancy import SERVICE, enter

type Maker = Callable[..., Any]


def staged(make: Maker) -> Maker:
    """Let a function's result be a fixture of that name; its arguments are other stages.

    A test that commits has it made for itself.
    """
    names = list(inspect.signature(make).parameters)

    def given(
        request: pytest.FixtureRequest, db: None, _stages: dict[str, Any], **values: Any
    ) -> Any:
        name = request.fixturename
        return _stages[name] if name in _stages else make(**values)

    own = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
        for name in ("request", "db", "_stages", *names)
    ]
    given.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    given.__doc__ = make.__doc__
    given.makes = make  # type: ignore[attr-defined]
    return pytest.fixture(name=make.__name__)(given)


@dataclass
class Level:
    """One stage, on top of the levels before it: its maker, its transaction, all values so far."""

    make: Maker
    values: dict[str, Any]
    open: ExitStack


@dataclass
class Stages:
    """The stages that are up in this process: those of one file."""

    path: Path | None = None
    levels: list[Level] = field(default_factory=list)

    def strike(self, keep: int = 0) -> None:
        """Take back the rows of all levels above the first ones."""
        while len(self.levels) > keep:
            level = self.levels.pop()
            transaction.set_rollback(True)
            level.open.close()

    def give(self, path: Path, makers: list[Maker]) -> dict[str, Any]:
        """Return a copy of what these make, in this order; what is up already is not made again."""
        same = 0 if path != self.path else _shared(self.levels, makers)
        self.strike(same)
        self.path = path
        for make in makers[same:]:
            self._raise(make)
        return deepcopy(self.levels[-1].values) if self.levels else {}

    def _raise(self, make: Maker) -> None:
        values = deepcopy(self.levels[-1].values) if self.levels else {}
        with ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            enter(SERVICE)
            given = {name: values[name] for name in inspect.signature(make).parameters}
            values[make.__name__] = make(**given)
            self.levels.append(Level(make, values, stack.pop_all()))


def _shared(levels: list[Level], makers: list[Maker]) -> int:
    same = 0
    for level, make in zip(levels, makers, strict=False):
        if level.make is not make:
            break
        same += 1
    return same


STAGES = Stages()


def makers_of(request: pytest.FixtureRequest) -> list[Maker]:
    """Return what makes the stages of a test, each after those that it needs."""
    found: dict[str, Maker] = {}
    for name in request.fixturenames:
        _find(request, name, found)
    return list(found.values())


def _find(request: pytest.FixtureRequest, name: str, found: dict[str, Maker]) -> None:
    known = request._fixturemanager.getfixturedefs(name, request.node)
    make = getattr(known[-1].func, "makes", None) if known else None
    if make is None or name in found:
        return
    for needed in inspect.signature(make).parameters:
        _find(request, needed, found)
    found[name] = make


@pytest.fixture(scope="session")
def _struck_at_last(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Leave no transaction open when the database is dropped."""
    yield
    with django_db_blocker.unblock():
        STAGES.strike()


@pytest.fixture
def _stages(
    request: pytest.FixtureRequest, _struck_at_last: None, django_db_blocker: Any
) -> dict[str, Any]:
    """Raise the stages of a test before its own transaction begins."""
    with django_db_blocker.unblock():
        if commits(request):
            STAGES.strike()
            return {}
        return STAGES.give(request.path, makers_of(request))


def commits(request: pytest.FixtureRequest) -> bool:
    """Whether a test runs without a transaction around it."""
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"}
    return bool(asked & set(request.fixturenames)) or bool(
        marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
    )


@pytest.fixture
def _django_db_helper(_stages: dict[str, Any], _django_db_helper: None) -> None:
    """Open a test's own transaction inside that of its stages."""
