"""A store of its own for each test that keeps bytes."""

from pathlib import Path

import pytest

from proxeny.engine.package import FolderStore
from proxeny.research.store import get_store


@pytest.fixture
def store(settings, tmp_path: Path) -> FolderStore:
    """The store of packages, empty; what is left in it is told by `tests.research.packing.left`."""
    settings.HOME = tmp_path
    return get_store()
