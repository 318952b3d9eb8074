"""`kill -9` in the middle of an import or an agenda run: nothing lost, no half state, taken up again once."""

import pytest
from django.utils import timezone

from proxeny.directory import operations
from proxeny.directory.memberlist.check import Options
from proxeny.directory.models import MemberImport, Membership, Organisation
from proxeny.events.models import AgendaEntry, AgendaRun
from proxeny.events.operations.agenda import start_agenda_run
from proxeny.kernel.models import AuditEntry, Job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.conftest import reader_of
from tests.factories.events import MeetingRequestFactory
from tests.factories.world import make_event, make_world
from tests.kernel.workers import kill, wait_for, worker

pytestmark = pytest.mark.slow
#: Enough to be killed in the middle of; `test_two_hosts` does so with 20,000.
ROWS = 10_000


def _member_list() -> bytes:
    lines = ["reference,name,country,city,summary"]
    lines += [f"R{n},Invented member {n},FR,Lyon,We make part number {n}." for n in range(ROWS)]
    return "\n".join(lines).encode()


def _members(cluster_id: int) -> int:
    with acting_as(SERVICE):
        return Organisation.objects.filter(steward_id=cluster_id).count()


def _last_job(brought: MemberImport) -> int:
    with acting_as(SERVICE):
        brought.refresh_from_db()
    return brought.job_id


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_and_is_taken_up_once():
    with acting_as(SERVICE):
        side = make_world().b
    reader = reader_of(side.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader,
            cluster_id=side.cluster.pk,
            file_name="members.csv",
            content=_member_list(),
        )
        brought = operations.set_mapping(
            actor=reader,
            import_id=brought.pk,
            mapping=brought.mapping,
            options=Options(),
            version=brought.version,
        )
    before = _members(side.cluster.pk)

    with worker() as first:
        wait_for(_last_job(brought), lambda job: job.state == Job.State.DONE)
        with acting_as(SERVICE):
            brought.refresh_from_db()
        assert (brought.state, brought.problem_count) == (MemberImport.State.CHECKED, 0)
        with acting_as(WEB, reader):
            operations.apply_import(actor=reader, import_id=brought.pk, version=brought.version)
        job_id = _last_job(brought)
        wait_for(job_id, lambda job: 50 < job.progress.get("percent", 0) < 99)
        kill(first)

    assert _members(side.cluster.pk) == before, "half an import was left behind"
    with worker():
        job = wait_for(job_id, lambda job: job.is_over)
    assert (job.state, job.error, job.attempts) == (Job.State.DONE, "", 2)
    assert _members(side.cluster.pk) == before + ROWS
    with acting_as(SERVICE):
        assert Membership.objects.filter(cluster=side.cluster).count() == before + ROWS
        assert AuditEntry.objects.filter(verb="apply_import").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_killed_agenda_run_is_taken_up_and_leaves_one_agenda():
    with acting_as(SERVICE):
        world = make_world()
        taken = make_event(world, slots=6, tables=3, state="closed")
        for asking in taken.greek:
            for asked in taken.french:
                MeetingRequestFactory(event=taken.event, source=asking, target=asked)
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        run = start_agenda_run(
            actor=reader, event_id=taken.event.pk, now=timezone.now(), time_limit_s=60
        )

    with worker() as first:
        wait_for(run.job_id, lambda job: job.state == Job.State.RUNNING)
        kill(first)
    with acting_as(SERVICE):
        assert AgendaEntry.objects.count() == 0, "half an agenda was left behind"
    with worker():
        job = wait_for(run.job_id, lambda job: job.is_over)
    assert (job.state, job.error) == (Job.State.DONE, "")
    with acting_as(SERVICE):
        run.refresh_from_db()
        assert (run.status, run.verdict["ok"]) == ("optimal", True)
        assert AgendaEntry.objects.count() == 9
        assert Meeting.objects.count() == 9
        assert AgendaRun.objects.count() == 1
