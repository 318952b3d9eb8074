"""The work that makes figures: whom it is queued for, what stays of two at once, and the way back."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.insight.models import Snapshot
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import Figures, Inputs, Part, eyes_of
from proxeny.insight.queries.boards import read_board
from proxeny.insight.tasks import start_refreshing
from proxeny.kernel import jobs
from proxeny.kernel.models import AuditEntry, Job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Party
from tests.factories.accounts import SeatFactory
from tests.factories.directory import ClusterFactory
from tests.factories.insight import SnapshotFactory
from tests.insight.counting import work_out
from tests.partnerships.rooms import party

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
#: A Wednesday and a Monday, after the hour of the night.
WEDNESDAY, MONDAY = datetime(2026, 11, 25, 3, tzinfo=UTC), datetime(2026, 11, 30, 3, tzinfo=UTC)


def part(read, work_out) -> Part:
    return Part(Snapshot.Kind.NETWORK, "1", read, work_out)


def run(world, one: Part) -> bool:
    eyes = eyes_of(world.a.cluster.pk, None, today=TODAY)
    return refresh(eyes, one, report=lambda _step, _percent: None)


def network(world) -> Snapshot:
    return Snapshot.objects.get(organisation=world.a.cluster, kind="network")


def test_what_happens_while_figures_are_worked_out_came_after_them(world):
    moments = []

    def compute(*_all):
        moments.append(timezone.now())
        return Figures({})

    run(world, part(lambda _eyes: Inputs(None, "a"), compute))
    assert network(world).looked_at < moments[0]


def test_figures_of_an_older_look_do_not_take_the_place_of_newer_ones(world):
    newer = part(lambda _eyes: Inputs(None, "newer"), lambda *_all: Figures({"told": "newer"}))

    def overtaken(*_all):
        assert run(world, newer)
        return Figures({"told": "older"})

    assert not run(world, part(lambda _eyes: Inputs(None, "older"), overtaken))
    assert (network(world).content, network(world).digest) == ({"told": "newer"}, "newer")


def queued(now: datetime) -> set[tuple[int, int | None]]:
    with acting_as(SERVICE):
        Job.objects.filter(kind="insight.refresh").delete()
        start_refreshing(now)
        found = Job.objects.filter(kind="insight.refresh")
        return set(found.values_list("organisation_id", "partnership_id"))


def test_rooms_are_worked_out_where_something_has_happened_and_all_once_a_week(world):
    room, looked = world.partnership, timezone.now() + timedelta(days=1)
    both = {(world.a.cluster.pk, room.pk), (world.b.cluster.pk, room.pk)}
    assert both <= queued(WEDNESDAY)
    for side in (world.a, world.b):
        SnapshotFactory(organisation=side.cluster, partnership=room, looked_at=looked)
    assert not both & queued(WEDNESDAY)
    assert both <= queued(MONDAY)


def test_a_cluster_without_a_room_has_its_network_worked_out(world):
    alone = ClusterFactory()
    assert (alone.pk, None) not in queued(MONDAY)  # nobody would read it
    SeatFactory(organisation=alone, role="manager")
    assert (alone.pk, None) in queued(WEDNESDAY)
    assert (world.a.cluster.pk, None) not in queued(MONDAY)  # its rooms' work makes it too
    SnapshotFactory(organisation=alone, kind="network", looked_at=timezone.now())
    assert (alone.pk, None) not in queued(WEDNESDAY)
    assert (alone.pk, None) in queued(MONDAY)
    Snapshot.objects.filter(organisation=alone).update(looked_at=timezone.now() - timedelta(days=1))
    AuditEntry.objects.create(organisation_id=alone.pk, verb="change", target="Organisation")
    assert (alone.pk, None) in queued(WEDNESDAY)


def work(world, side) -> Job:
    """Run the work of a side's figures in the room of A and B."""
    given = {"organisation_id": side.cluster.pk, "partnership_id": world.partnership.pk}
    job = Job.objects.create(
        kind="insight.refresh", key=f"of {side.cluster.pk}", arguments=given, **given
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_work_makes_all_figures_of_one_side_and_names_nobody(told):
    job = work(told, told.a)
    kinds = ["network", "foresight", "outcomes", "board"]
    assert (job.state, job.result) == (Job.State.DONE, {"worked_out": kinds})
    made = Snapshot.objects.filter(organisation=told.a.cluster)
    assert sorted(made.values_list("kind", flat=True)) == sorted(kinds)
    assert not Snapshot.objects.exclude(organisation=told.a.cluster).exists()
    for one in (told.a.cluster, told.b.cluster, *told.a.members, *told.b.members):
        assert not any(one.name in json.dumps(kept.content) for kept in made)


def test_nothing_of_a_room_is_worked_out_for_who_has_left_it(told):
    Party.objects.filter(organisation=told.b.cluster).update(state=Party.State.LEFT)
    job = work(told, told.b)
    assert (job.state, job.result) == (Job.State.DONE, {"worked_out": ["network"]})
    assert not Snapshot.objects.filter(partnership=told.partnership).exists()


@pytest.mark.parametrize(
    ("named", "back"),
    [
        ("board", "/"),
        ("//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("/network/?find=Αθήνα", "/network/?find=%CE%91%CE%B8%CE%AE%CE%BD%CE%B1"),
        ("/a\r\nX-Made: up", "/a%0D%0AX-Made:%20up"),
    ],
)
def test_the_way_back_is_a_page_of_ours(world, sign_in, named, back):
    client = sign_in(world.a.manager)
    own = {"organisation": world.a.cluster.pk, "partnership": world.partnership.pk}
    answer = client.post(reverse("insight:refresh"), own | {"next": named})
    assert (answer.status_code, answer["Location"]) == (302, back)
    job = Job.objects.create(
        kind="insight.refresh", key="over", state=Job.State.DONE, organisation_id=world.a.cluster.pk
    )
    poll = reverse("insight:refresh-progress", args=[job.pk])
    answer = client.get(poll, {"next": named}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, back)


def test_another_currency_of_the_room_counts_agreements_anew(told):
    assert work_out(told).content["counted"]
    told.partnership.currency = "MAD"
    told.partnership.save()
    assert work_out(told).content["counted"] == ["2025-Q4", "2026-Q1"]


def test_sums_in_two_currencies_are_not_compared(world):
    for period, currency, value in (("2026-Q1", "EUR", 100), ("2026-Q2", "MAD", 1100)):
        SnapshotFactory(
            organisation=world.a.cluster,
            partnership=world.partnership,
            kind="board",
            period=period,
            content={
                "values": {
                    "money_total": {"value": value, "currency": currency},
                    "risks_open": {"value": value},
                }
            },
        )
    board = read_board(world.partnership, party(world, world.a))
    told_ = {one.figure.code: one for one in board.figures}
    total, risks = told_["money_total"], told_["risks_open"]
    assert (total.value, total.currency, total.change) == (1100, "MAD", None)
    assert total.course == (("2026-Q1", None), ("2026-Q2", 1100))
    assert risks.change == 1000
