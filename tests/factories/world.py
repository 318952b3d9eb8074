"""A small world that all tests share: two sides, and those who must see nothing of them."""

from dataclasses import dataclass, field

from proxeny.accounts.models import Person, Role
from proxeny.directory.models import GUARDED, Organisation
from proxeny.events.models import Event, Participation
from proxeny.partnerships.models import Partnership
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.directory import ClusterFactory, MembershipFactory, OrganisationFactory
from tests.factories.events import (
    EventFactory,
    GroupFactory,
    GroupRuleFactory,
    ParticipationFactory,
    SlotFactory,
    TableFactory,
)
from tests.factories.partnerships import PartnershipFactory, PartyFactory, SharingGrantFactory


@dataclass
class Side:
    """One cluster, its manager and ambassador, its members and their representatives."""

    cluster: Organisation
    manager: Person
    ambassador: Person
    members: list[Organisation]
    representatives: list[Person]


@dataclass
class World:
    """Side A (Greek) and side B (French) in an active partnership; C is a third cluster."""

    a: Side
    b: Side
    c: Side
    partnership: Partnership
    nobody_special: Person = field(default=None)  # type: ignore[assignment]


def make_side(name: str, country: str, *, members: int = 3) -> Side:
    """Make a cluster with people and members."""
    cluster = ClusterFactory(name=f"{name} cluster", country=country)
    manager = PersonFactory(name=f"{name} manager")
    SeatFactory(person=manager, organisation=cluster, role=Role.MANAGER)
    ambassador = PersonFactory(name=f"{name} ambassador")
    SeatFactory(person=ambassador, organisation=cluster, role=Role.AMBASSADOR)
    organisations, people = [], []
    for number in range(1, members + 1):
        member = OrganisationFactory(
            name=f"{name} member {number}", country=country, steward=cluster
        )
        MembershipFactory(cluster=cluster, organisation=member)
        person = PersonFactory(name=f"{name} representative {number}")
        SeatFactory(person=person, organisation=member, role=Role.REPRESENTATIVE)
        organisations.append(member)
        people.append(person)
    return Side(cluster, manager, ambassador, organisations, people)


def make_world() -> World:
    """Make three clusters; A and B have signed and share their members with each other."""
    a, b, c = make_side("Greek", "GR"), make_side("French", "FR"), make_side("Other", "MA")
    partnership = PartnershipFactory(title="Athens – Paris", lead=a.cluster)
    for letter, side in (("A", a), ("B", b)):
        PartyFactory(partnership=partnership, organisation=side.cluster, side=letter)
        SharingGrantFactory(
            partnership=partnership, organisation=side.cluster, fields=list(GUARDED)
        )
    stranger = PersonFactory(name="Person without a seat")
    return World(a, b, c, partnership, stranger)


@dataclass
class EventWorld:
    """An open event of the world's partnership, with all members of both sides registered."""

    event: Event
    greek: list[Participation]
    french: list[Participation]


def make_event(world: World, *, slots: int = 6, tables: int = 3, **values: object) -> EventWorld:
    """Make an event with slots, tables, a group for each side, and rules across the sides."""
    event = EventFactory(partnership=world.partnership, **values)
    for number in range(1, slots + 1):
        SlotFactory(event=event, number=number, session=1 if number <= slots // 2 else 2)
    for number in range(1, tables + 1):
        TableFactory(event=event, number=number)
    groups = [
        GroupFactory(event=event, name=side.cluster.name, organisation=side.cluster, side=letter)
        for letter, side in (("A", world.a), ("B", world.b))
    ]
    for source in groups:
        for target in groups:
            GroupRuleFactory(event=event, source=source, target=target, is_allowed=source != target)
    taken = [
        [
            ParticipationFactory(event=event, organisation=member, group=group, person=person,
                                 contact=person.name)
            for member, person in zip(side.members, side.representatives, strict=True)
        ]
        for group, side in zip(groups, (world.a, world.b), strict=True)
    ]  # fmt: skip
    return EventWorld(event, *taken)
