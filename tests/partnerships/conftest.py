"""A world whose people live in UTC, and one in which nothing is shared yet."""

from proxeny.accounts.models import Person
from proxeny.directory.models import Details
from tests.factories.world import World, make_world
from tests.stages import staged


@staged
def world() -> World:
    """The world, where a page's today is the tests' at any hour of the day."""
    world = make_world()
    sides = (world.a, world.b, world.c)
    people = [world.nobody_special]
    for side in sides:
        people += [side.manager, side.ambassador, *side.representatives]
    for person in people:
        person.time_zone = "UTC"
    Person.objects.bulk_update(people, ["time_zone"])
    return world


@staged
def bare(world) -> World:
    """The world without grants; A's first member has guarded facts."""
    world.partnership.grants.all().delete()
    Details.objects.filter(pk=world.a.members[0].pk).update(
        contact="A Person", email="desk@member.example", employees=12, founded=1999
    )
    return world
