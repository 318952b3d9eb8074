"""Failed work: seen by those it was for, tried again once, put aside, and never of others."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.events.models import AgendaEntry, AgendaRun
from proxeny.events.operations.agenda import start_agenda_run
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.jobs import failures
from proxeny.kernel.models import AuditEntry, Job
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.kernel.view_helpers import PAGE_SIZE
from proxeny.web.failed import TITLES
from tests.conftest import reader_of
from tests.factories.events import MeetingRequestFactory
from tests.factories.world import make_event

PAGE = "/work/failed/"


@pytest.fixture
def fail(world):
    """Make a failed job; of A's manager, for A, unless told otherwise."""

    def make(key: str = "k", **values: object) -> Job:
        return Job.objects.create(
            **{
                "key": key,
                "kind": "directory.apply-import",
                "state": Job.State.FAILED,
                "person_id": world.a.manager.pk,
                "organisation_id": world.a.cluster.pk,
                "error": "Row 3 has no name.",
                "finished_at": timezone.now(),
                "attempts": 5,
                "arguments": {"import_id": 7},
                **values,
            }
        )

    return make


def queue() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'proxeny.run_job'"
        )
        return cursor.fetchone()[0]


def test_every_kind_of_work_has_its_words():
    assert set(TITLES) == jobs.registered_kinds()


def test_the_page_says_what_when_and_why(world, fail, sign_in):
    fail()
    page = sign_in(world.a.manager).get(PAGE).content.decode()
    assert "Importing a member list" in page
    assert "Row 3 has no name." in page
    assert 'href="/directory/import/7/"' in page
    assert "Try again" in page


def test_an_empty_page_says_what_would_stand_here(world, sign_in):
    assert "Everything worked" in sign_in(world.a.manager).get(PAGE).content.decode()


def test_my_day_leads_there_only_when_something_failed(world, fail, sign_in):
    client = sign_in(world.a.manager)
    assert "This task stopped" not in client.get("/").content.decode()
    fail("1")
    fail("2")
    page = client.get("/").content.decode()
    assert page.count("This task stopped before it finished.") == 2
    assert f'href="{PAGE}"' in page
    assert "This task stopped" not in sign_in(world.b.manager).get("/").content.decode()


@pytest.mark.parametrize("who", ["b", "c", "stranger", "nobody"])
def test_others_neither_see_nor_decide(world, fail, sign_in, who):
    job = fail()
    person = {"b": world.b.manager, "c": world.c.manager, "stranger": world.nobody_special}.get(who)
    client = sign_in(person) if person else Client()
    answer = client.get(PAGE)
    assert "Row 3" not in answer.content.decode()
    for verb in ("retry", "dismiss"):
        assert client.post(f"{PAGE}{job.pk}/{verb}/").status_code in (302, 404)
    job.refresh_from_db()
    assert (job.state, job.dismissed_at, queue()) == (Job.State.FAILED, None, 0)


def test_both_sides_managers_see_the_partnerships_and_an_ambassador_only_looks(
    world, fail, sign_in
):
    job = fail(
        organisation_id=None,
        partnership_id=world.partnership.pk,
        kind="events.announce",
        arguments={"event": 9},
    )
    page = sign_in(world.b.manager).get(PAGE).content.decode()
    assert "Try again" in page
    assert world.partnership.title in page
    ambassador = sign_in(world.b.ambassador)
    page = ambassador.get(PAGE).content.decode()
    assert "A manager decides" in page
    assert "Try again" not in page
    assert ambassador.post(f"{PAGE}{job.pk}/retry/").status_code == 403
    assert sign_in(world.a.representatives[0]).get(PAGE).content.decode().count("Row 3") == 0
    answer = sign_in(world.b.manager).post(f"{PAGE}{job.pk}/retry/", follow=True)
    assert "Trying again. If it fails again, it will reappear here." in answer.content.decode()


def test_trying_again_queues_the_same_job_once(world, fail):
    job = fail("the-key")
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        failures.retry_job(actor=reader, job_id=job.pk)
        with pytest.raises(
            Conflict, match="Someone else has already retried this task or set it aside"
        ):
            failures.retry_job(actor=reader, job_id=job.pk)
    job.refresh_from_db()
    assert (job.key, job.state, job.error, job.finished_at) == (
        "the-key",
        Job.State.QUEUED,
        "",
        None,
    )
    assert queue() == 1
    audit = AuditEntry.objects.get(verb="retry_job")
    assert (audit.person_id, audit.target_id) == (world.a.manager.pk, job.pk)


def test_putting_aside_keeps_the_record_and_clears_the_page(world, fail, sign_in):
    job, client = fail(), sign_in(world.a.manager)
    page = client.post(f"{PAGE}{job.pk}/dismiss/", follow=True).content.decode()
    assert "Dismissed" in page
    assert "Everything worked" in page
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "Row 3 has no name.")
    assert job.dismissed_at is not None
    assert AuditEntry.objects.filter(verb="dismiss_job").count() == 1
    page = client.post(f"{PAGE}{job.pk}/dismiss/", follow=True).content.decode()
    assert "already retried this task or set it aside" in page


@pytest.mark.parametrize("state", ["queued", "running", "done", "stopped"])
def test_what_has_not_failed_is_not_decided_on(world, fail, state):
    job, reader = fail(state=state), reader_of(world.a.manager)
    with acting_as(WEB, reader):
        for decide in (
            lambda: failures.retry_job(actor=reader, job_id=job.pk),
            lambda: failures.dismiss_job(actor=reader, job_id=job.pk, now=timezone.now()),
        ):
            with pytest.raises(Conflict):
                decide()
    assert queue() == 0


def test_rules_hold_without_the_page(world, fail):
    job = fail(organisation_id=None, partnership_id=world.partnership.pk)
    for person, refusal in ((world.b.ambassador, NotAllowed), (world.c.manager, NotFound)):
        reader = reader_of(person)
        with acting_as(WEB, reader), pytest.raises(refusal):
            failures.retry_job(actor=reader, job_id=job.pk)


def test_one_query_count_for_few_and_for_many(world, fail, sign_in):
    taken = make_event(world)
    client = sign_in(world.a.manager)
    counts = []
    for number in range(60):
        run = AgendaRun.objects.create(
            event=taken.event, number=number, time_limit_s=5, created_at=timezone.now()
        )
        fail(
            str(number),
            kind="events.solve",
            arguments={"run": run.pk},
            organisation_id=None,
            partnership_id=world.partnership.pk,
        )
        if number in (0, 2):
            with CaptureQueriesContext(connection) as asked:
                client.get(PAGE)
            counts.append(len(asked))
    assert counts[0] == counts[1]
    page = client.get(PAGE).content.decode()
    assert page.count("Calculating an agenda</strong>") == PAGE_SIZE
    assert f'href="/events/{taken.event.pk}/agenda/"' in page
    assert "60 rows" in page
    assert client.get(f"{PAGE}?page=2").content.decode().count("agenda</strong>") == 10


def _fail_for_good(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(state=Job.State.FAILED, error="x")


def test_a_failed_agenda_run_is_tried_again_unless_a_newer_one_took_its_place(world):
    taken = make_event(world, slots=3, tables=3, state="closed")
    MeetingRequestFactory(event=taken.event, source=taken.greek[0], target=taken.french[0])
    MeetingRequestFactory(event=taken.event, source=taken.french[0], target=taken.greek[0])
    reader = reader_of(world.a.manager)

    def start() -> AgendaRun:
        with acting_as(WEB, reader):
            return start_agenda_run(
                actor=reader, event_id=taken.event.pk, now=timezone.now(), time_limit_s=5
            )

    old = start()
    _fail_for_good(old.job_id)
    new = start()
    _fail_for_good(new.job_id)
    with acting_as(WEB, reader):
        failures.retry_job(actor=reader, job_id=old.job_id)
        failures.retry_job(actor=reader, job_id=new.job_id)
    jobs.run(old.job_id)
    told = Job.objects.get(pk=old.job_id)
    assert (told.state, told.error) == (
        Job.State.FAILED,
        "A newer calculation has replaced this one.",
    )
    jobs.run(new.job_id)
    assert Job.objects.get(pk=new.job_id).state == Job.State.DONE
    assert AgendaEntry.objects.count() == 1
