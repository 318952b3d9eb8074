"""Jobs: queued with their cause, run once to their end, refusals told as sentences."""

import json

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app

from proxeny.kernel import jobs
from proxeny.kernel.command import look_after_failures
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.jobs import running
from proxeny.kernel.jobs.failures import list_all_failed
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, Reader, acting_as
from tests.conftest import reader_of
from tests.kernel.deadly.apps import KIND
from tests.kernel.workers import worker

ACTOR = Reader(person=1)


@pytest.fixture
def work(monkeypatch):
    """Registers a function as the work of the kind `test.work` for one test."""

    def register(function):
        monkeypatch.setitem(running._registry, "test.work", function)

    return register


def queued(key: str = "k", **arguments: object) -> Job:
    return jobs.enqueue("test.work", actor=ACTOR, key=key, arguments=arguments)


def procrastinate_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return cursor.fetchone()[0]


def test_a_job_and_its_cause_commit_or_vanish_together(db):
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert Job.objects.count() == 0
    assert procrastinate_jobs() == 0
    queued()
    assert Job.objects.count() == 1
    assert procrastinate_jobs() == 1


def test_the_same_key_is_one_job(db):
    assert queued("same").pk == queued("same").pk
    assert procrastinate_jobs() == 1


def test_the_result_is_kept_and_a_second_run_does_nothing(db, work):
    calls = []

    def add(context):
        calls.append(context.arguments)
        return {"sum": context.arguments["a"] + 1}

    work(add)
    job = queued(a=2)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, calls) == (Job.State.DONE, {"sum": 3}, [{"a": 2}])


def test_a_refusal_is_told_and_not_tried_again(db, work):
    def refuse(context):
        raise InvalidInput("Row 3 has no name.")

    work(refuse)
    job = queued()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "Row 3 has no name.")


def test_a_fault_is_tried_again_and_told_without_its_details(db, work):
    def fail(context):
        raise ValueError("secret detail")

    work(fail)
    job = queued()
    with pytest.raises(ValueError, match="secret detail"):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    jobs.run(job.pk, last_attempt=True)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error == "Something went wrong on our side. Nothing was changed. Please try again."
    assert job.attempts == 2


def test_an_end_written_with_the_data_is_undone_with_it(db, work):
    def half(context):
        with acting_as(SERVICE):
            AuditEntry.objects.create(verb="half", target="test")
            context.finish({"done": True})
            raise ZeroDivisionError

    work(half)
    job = queued()
    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert not AuditEntry.objects.filter(verb="half").exists()


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_goes_on_and_a_stop_is_heard(work):
    def long(context):
        with acting_as(SERVICE):
            AuditEntry.objects.create(verb="long", target="test")
            context.report(force=True, rows=7)
            seen = context._execute(
                "SELECT progress->>'rows' FROM kernel_job WHERE id = %s", [context.job_id]
            )
            context._execute(
                "UPDATE kernel_job SET stop_requested = true WHERE id = %s", [context.job_id]
            )
            return {"seen": seen[0], "stopped": context.should_stop()}

    work(long)
    with acting_as(SERVICE):
        job = queued()
    jobs.run(job.pk)
    with acting_as(SERVICE):
        job.refresh_from_db()
    assert job.state == Job.State.STOPPED
    assert job.result == {"seen": "7", "stopped": True}


def test_a_job_is_seen_by_who_started_it_and_its_managers(world, reading):
    job = jobs.enqueue(
        "test.work",
        actor=reader_of(world.a.manager),
        key="mine",
        arguments={},
        organisation_id=world.a.cluster.pk,
    )
    with reading(world.a.manager):
        assert Job.objects.filter(pk=job.pk).exists()
    for person in (world.a.representatives[0], world.b.manager, world.nobody_special, None):
        with reading(person):
            assert not Job.objects.filter(pk=job.pk).exists()


def test_a_reader_queues_in_the_web_role(world):
    with acting_as(WEB, reader_of(world.a.manager)):
        assert queued("web").state == Job.State.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_that_waits_again_already_holds_up_no_other():
    """Of a periodic job one waits at most: that of a dead worker cannot be put back beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
            " VALUES ('default', 'test.round', 'round', 'doing'),"
            " ('default', 'test.round', 'round', 'todo'), ('default', 'test.other', NULL, 'doing')"
        )
    assert async_to_sync(running.reap_stalled)(app.job_manager) == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name LIKE 'test.%'"
            " RETURNING task_name, status::text"
        )
        assert sorted(cursor.fetchall()) == [("test.other", "todo"), ("test.round", "todo")]


def _died(task: str, attempts: int, **arguments: int) -> None:
    """Write an entry whose worker is dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, attempts, status)"
            " VALUES ('default', %s, %s, %s, 'doing')",
            [task, json.dumps(arguments), attempts],
        )


def _reap() -> int:
    return async_to_sync(running.reap_stalled)(app.job_manager, after_s=0)


def _entries() -> list[tuple[str, str, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text, lock FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_what_outlives_no_worker_is_given_up(work):
    work(lambda context: None)
    with acting_as(SERVICE):
        job = Job.objects.create(kind="test.work", key="k", state=Job.State.RUNNING)
        mail = Mail.objects.create(key="m", recipient="a@example.org", subject="s", text="t")
    _died("proxeny.run_job", running.MOST_DEATHS - 1, job_id=job.pk)
    _died("proxeny.send_mail", running.MAIL_ATTEMPTS - 1, mail_id=mail.pk)
    _died("test.round", running.MOST_DEATHS - 1)
    assert _reap() == 3
    assert _entries() == []
    with acting_as(SERVICE):
        job.refresh_from_db()
        mail.refresh_from_db()
    assert (job.state, bool(job.finished_at)) == (Job.State.FAILED, True)
    assert "crashed several times, so we stopped trying" in job.error
    assert mail.error.startswith("WorkerDied")
    failed, unsent = list_all_failed()
    assert ([one.pk for one in failed], [one.pk for one in unsent]) == ([job.pk], [mail.pk])


@pytest.mark.django_db(transaction=True)
def test_work_that_had_ended_when_its_worker_died_stays_ended():
    with acting_as(SERVICE):
        job = Job.objects.create(kind="test.work", key="k", state=Job.State.DONE)
    _died("proxeny.run_job", running.MOST_DEATHS - 1, job_id=job.pk)
    assert _reap() == 1
    with acting_as(SERVICE):
        job.refresh_from_db()
    assert (job.state, job.error, _entries()) == (Job.State.DONE, "", [])


@pytest.mark.django_db(transaction=True)
def test_what_ran_in_a_worker_that_died_runs_beside_nothing_that_did():
    _died("proxeny.run_job", 0, job_id=1)
    _died("proxeny.send_mail", 5, mail_id=1)
    assert _reap() == 2
    assert sorted(_entries()) == [
        ("proxeny.run_job", "todo", "proxeny.died"),
        ("proxeny.send_mail", "todo", None),
    ]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_each_worker_is_given_up_and_shown():
    with acting_as(SERVICE):
        job = jobs.enqueue(KIND, actor=ACTOR, key="deadly", arguments={})
    for _death in range(running.MOST_DEATHS):
        with worker(settings_module="tests.kernel.deadly.settings") as process:
            process.wait(timeout=120)
        assert _reap()  # what else it had begun is put back too
    with acting_as(SERVICE):
        job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, running.MOST_DEATHS)
    told: list[str] = []
    look_after_failures(retry="", retry_mail="", waiting=False, say=told.append)
    assert "test.deadly" in told[1]
    assert "crashed several times, so we stopped trying" in told[2]
