"""The crowd, for tests of each class of weakness."""

import pytest

from tests.access.crowd import Crowd, make_crowd


@pytest.fixture
def crowd(world) -> Crowd:
    """One row or more in every table, and everybody who might look at them."""
    return make_crowd(world)
