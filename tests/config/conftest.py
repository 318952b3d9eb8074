"""Fixtures of what concerns a whole installation."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The tests' server, for databases of a test's own."""
    with django_db_blocker.unblock():
        yield
