"""A world in which nothing is shared yet."""

import pytest

from proxeny.directory.models import Details
from tests.factories.world import World


@pytest.fixture
def bare(world) -> World:
    """The world without grants; A's first member has guarded facts."""
    world.partnership.grants.all().delete()
    Details.objects.filter(pk=world.a.members[0].pk).update(
        contact="A Person", email="desk@member.example", employees=12, founded=1999
    )
    return world
