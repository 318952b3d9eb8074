"""A meeting of a Greek and a French member."""

import pytest

from tests.factories.meetings import make_meeting


@pytest.fixture
def meeting(world):
    """Member 1 of side A meets member 1 of side B, at 10:00 in Athens."""
    return make_meeting(
        world.partnership,
        (world.a.members[0], world.a.representatives[0]),
        (world.b.members[0], world.b.representatives[0]),
        title="Spring fair",
        place="Athens, Table 1",
    )
