"""A network that both sides of the world see in part: projects, meetings, members that are hidden."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.urls import reverse

from proxeny.directory.models import Organisation, Project, Visibility
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.networks import PART
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.models import Meeting
from tests.factories.directory import OrganisationFactory, ProjectFactory, ProjectPartFactory
from tests.factories.meetings import make_meeting
from tests.factories.world import World
from tests.partnerships.rooms import words

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
    made: Project = ProjectFactory(
        starts_on=date(first, 2, 1), ends_on=date(last, 11, 30), **values
    )
    for one in members:
        ProjectPartFactory(project=made, organisation=one)
    return made


def meet(world: World, one: Organisation, other: Organisation, year: int, **values) -> Meeting:
    """Have two meet in a year."""
    values.setdefault("state", Meeting.State.HELD)
    return make_meeting(
        world.partnership,
        (one, None),
        (other, None),
        starts_at=datetime(year, 3, 10, 8, tzinfo=UTC),
        ends_at=datetime(year, 3, 10, 9, tzinfo=UTC),
        **values,
    )


def weave(world: World) -> Webbed:
    """Make a lab and a port that A knows by projects, and an entry that A alone sees.

    In 2026: A – lab – port, A – secret, A – B; a project of A's second member with the port ended
    in 2024.
    """
    a, b = world.a, world.b
    lab = OrganisationFactory(
        name="Lab of Lyon",
        kind="lab",
        country="FR",
        steward=a.cluster,
        nuts="FRK26",
        latitude=45.75,
        longitude=4.85,
    )
    port = OrganisationFactory(
        name="Port of Agadir", kind="public", country="MA", steward=a.cluster
    )
    secret = OrganisationFactory(
        name="Secret forge", country="GR", steward=a.cluster, visibility=Visibility.PRIVATE
    )
    project(world, a.members[0], lab, secret)
    project(world, lab, port, first=2025)
    project(world, a.members[1], port, first=2023, last=2024)
    meet(world, a.members[0], b.members[0], 2026)
    return Webbed(lab, port, secret)


def work_out(cluster: Organisation, *, today: date = TODAY) -> tuple[Snapshot, bool]:
    """Have a cluster's network worked out; return it, and whether there was anything to do."""
    eyes = eyes_of(cluster.pk, None, today=today)
    did = refresh(eyes, PART, report=lambda step, percent: None)
    with acting_as(SERVICE):
        found = Snapshot.objects.defer(None).get(organisation=cluster, kind="network")
    return found, did


def hide(one: Organisation, steward: Organisation) -> None:
    """Have an entry kept by another cluster, which shows it to nobody."""
    Organisation.objects.filter(pk=one.pk).update(
        steward=steward, visibility=Visibility.PRIVATE, key=f"hidden-{one.pk}"
    )


def read(client, name="network-position", status=200, **query) -> str:
    """Return the words of a page of the network."""
    answer = client.get(reverse(f"insight:{name}"), query)
    assert answer.status_code == status, answer.status_code
    return words(answer.content.decode())
