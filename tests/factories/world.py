"""A small world that all tests share: two sides, and those who must see nothing of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress

from proxeny.accounts.models import Account, Person, Role, Seat
from proxeny.directory.models import GUARDED, Details, Membership, Organisation
from proxeny.events.models import Event, Participation
from proxeny.folding import fold
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from tests.factories.accounts import AccountFactory, PersonFactory, SeatFactory
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


def _make_people(names: list[str]) -> list[Person]:
    """Make people with a verified sign-in each; four queries, whatever their number."""
    accounts = AccountFactory.build_batch(len(names))
    Account.objects.bulk_create(accounts)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one, email=one.email, primary=True, verified=True) for one in accounts
    )
    return Person.objects.bulk_create(
        PersonFactory.build(account=account, name=name)
        for account, name in zip(accounts, names, strict=True)
    )


def _make_organisations(made: Iterable[Organisation]) -> list[Organisation]:
    """Save new entries at once, with what `Organisation.save` keeps true."""
    rows = list(made)
    for one in rows:
        one.sort_name = fold(one.name)[:400]
        one.search_text = one.searchable_text()
    Organisation.objects.bulk_create(rows)
    Details.objects.bulk_create(Details(organisation=one) for one in rows)
    return rows


def make_sides(sides: dict[str, str], *, members: int = 3) -> list[Side]:
    """Make clusters with people and members, by name and country; as few queries as for one."""
    numbers = range(1, members + 1)
    clusters = _make_organisations(
        ClusterFactory.build(name=f"{name} cluster", country=country)
        for name, country in sides.items()
    )
    organisations = _make_organisations(
        OrganisationFactory.build(name=f"{name} member {number}", country=country, steward=cluster)
        for (name, country), cluster in zip(sides.items(), clusters, strict=True)
        for number in numbers
    )
    Membership.objects.bulk_create(
        MembershipFactory.build(cluster=one.steward, organisation=one) for one in organisations
    )
    who = ["manager", "ambassador", *(f"representative {number}" for number in numbers)]
    people = _make_people([f"{name} {one}" for name in sides for one in who])
    made = []
    for number, cluster in enumerate(clusters):
        own = organisations[number * members : (number + 1) * members]
        manager, ambassador, *representatives = people[number * len(who) : (number + 1) * len(who)]
        made.append(Side(cluster, manager, ambassador, own, representatives))
    Seat.objects.bulk_create(
        SeatFactory.build(person=person, organisation=organisation, role=role)
        for side in made
        for person, organisation, role in (
            (side.manager, side.cluster, Role.MANAGER),
            (side.ambassador, side.cluster, Role.AMBASSADOR),
            *(
                (person, member, Role.REPRESENTATIVE)
                for person, member in zip(side.representatives, side.members, strict=True)
            ),
        )
    )
    return made


def make_side(name: str, country: str, *, members: int = 3) -> Side:
    """Make a cluster with people and members."""
    return make_sides({name: country}, members=members)[0]


def make_world(*, members: int = 3) -> World:
    """Make three clusters; A and B have signed and share their members with each other.

    Nearly every test makes one: hence many rows at once.
    """
    a, b, c = make_sides({"Greek": "GR", "French": "FR", "Other": "MA"}, members=members)
    partnership = PartnershipFactory(title="Athens – Paris", lead=a.cluster)
    Party.objects.bulk_create(
        PartyFactory.build(partnership=partnership, organisation=side.cluster, side=letter)
        for letter, side in (("A", a), ("B", b))
    )
    SharingGrant.objects.bulk_create(
        SharingGrantFactory.build(
            partnership=partnership, organisation=side.cluster, fields=list(GUARDED)
        )
        for side in (a, b)
    )
    [stranger] = _make_people(["Person without a seat"])
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
            ParticipationFactory(
                event=event, organisation=member, group=group, person=person, contact=person.name
            )
            for member, person in zip(side.members, side.representatives, strict=True)
        ]
        for group, side in zip(groups, (world.a, world.b), strict=True)
    ]
    return EventWorld(event, *taken)
