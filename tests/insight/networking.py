"""A network that both sides of the world see in part: projects, meetings, a bid, hidden members."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from proxeny.directory.models import Organisation, Visibility
from proxeny.insight.eyes import eyes_of
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.networks import PART
from proxeny.insight.operations.refreshing import refresh
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.models import Meeting
from tests.factories.directory import (
    MembershipFactory,
    OrganisationFactory,
    ProjectFactory,
    ProjectPartFactory,
)
from tests.factories.meetings import make_meeting
from tests.factories.world import World

TODAY = date(2026, 11, 27)


@dataclass
class Webbed:
    """Who is in the network besides the world's own."""

    lab: Organisation
    port: Organisation
    secret: Organisation


def project(world: World, *members: Organisation, first: int = 2024, last: int = 2026, **values):
    """Make a project that A keeps, of these, from a year to a year."""
    values.setdefault("steward", world.a.cluster)
    made = ProjectFactory(starts_on=date(first, 2, 1), ends_on=date(last, 11, 30), **values)
    for one in members:
        ProjectPartFactory(project=made, organisation=one)
    return made


def weave(world: World) -> Webbed:
    """Make a lab and a port that A knows by projects, and a member that A alone sees."""
    a, b = world.a, world.b
    lab = OrganisationFactory(name="Lab of Lyon", kind="lab", country="FR", steward=a.cluster,
                              nuts="FRK26", latitude=45.75, longitude=4.85)  # fmt: skip
    port = OrganisationFactory(name="Port of Agadir", kind="public", country="MA",
                               steward=a.cluster, visibility=Visibility.PARTNERSHIP)  # fmt: skip
    secret = OrganisationFactory(name="Secret forge", country="GR", steward=a.cluster,
                                 visibility=Visibility.PRIVATE)  # fmt: skip
    project(world, a.members[0], lab, secret)
    project(world, lab, port, first=2025)
    project(world, a.members[1], port, first=2023, last=2024)
    make_meeting(
        world.partnership, (a.members[0], a.representatives[0]), (b.members[0], None),
        state=Meeting.State.HELD, starts_at=datetime(2026, 3, 10, 8, tzinfo=UTC),
        ends_at=datetime(2026, 3, 10, 9, tzinfo=UTC),
    )  # fmt: skip
    MembershipFactory(cluster=b.cluster, organisation=b.members[1], starts_on=date(2020, 1, 1),
                      ends_on=date(2021, 1, 1))  # fmt: skip
    return Webbed(lab, port, secret)


def work_out(cluster: Organisation, *, today: date = TODAY) -> tuple[Snapshot, bool]:
    """Have a cluster's network worked out; return it, and whether there was anything to do."""
    eyes = eyes_of(cluster.pk, None, today=today)
    did = refresh(eyes, PART, report=lambda step, percent: None)
    with acting_as(SERVICE):
        found = Snapshot.objects.get(organisation=cluster, kind="network")
    return found, did
