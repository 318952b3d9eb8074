"""The queue: an entry commits with its cause, wherever it is written, and none is missed for ever."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from proxeny.kernel import jobs
from proxeny.kernel.jobs.failures import count_jobs_and_mails
from proxeny.kernel.mail import queue_mail, send
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.queue import MAIL_ATTEMPTS, SEND_MAIL, put, take_up_left
from proxeny.kernel.tenancy import SERVICE, Reader, acting_as
from tests.kernel.workers import wait_until, worker

NOTICE = {"subject": "Number", "paragraphs": ["One"], "action_url": ""}


def write(key: str) -> Mail:
    return queue_mail(
        key=key, recipient=f"{key}@example.org", template="accounts/mail/notice", context=NOTICE
    )


def lose(key: str, **values: object) -> Mail:
    """A mail that no entry carries."""
    return Mail.objects.create(
        key=key, recipient=f"{key}@example.org", subject="S", text="t", **values
    )


def entries() -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
        return [json.loads(found) for (found,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_an_entry_commits_with_its_cause_inside_a_worker_too():
    """As in the worker, the application has a connection of its own that knows no transaction."""
    with app.replace_connector(app.connector.get_worker_connector()), app.open():
        with acting_as(SERVICE):
            write("undone")
            jobs.enqueue("test.work", actor=Reader(person=1), key="undone", arguments={})
            transaction.set_rollback(True)
        assert entries() == []
        with acting_as(SERVICE):
            mail = write("done")
            inside = threading.Thread(target=lambda: seen.extend(_seen_elsewhere()))
            seen: list[int] = []
            inside.start()
            inside.join()
            assert seen == [], "another connection sees the entry before its mail"
    assert entries() == [{"mail_id": mail.pk}]


def _seen_elsewhere() -> list[int]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM procrastinate_jobs")
            return [number for (number,) in cursor.fetchall()]
    finally:
        connection.close()


def test_a_task_that_does_not_exist_is_not_queued(db):
    with pytest.raises(KeyError):
        put("proxeny.no-such-task", mail_id=1)


def test_what_no_entry_carries_is_taken_up_once_and_nothing_else(db):
    later = timezone.now() + timedelta(hours=8)
    lost, quiet = lose("lost"), lose("quiet", not_before=later)
    lose("sent", sent_at=timezone.now())
    lose("given-up", error="OSError: away")
    Mail.objects.create(key="erased", recipient="", subject="", text="")
    write("waits")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = %s, attempts = 3", [later])
    queued = Job.objects.create(key="queued", kind="k")
    long_ago = timezone.now() - timedelta(minutes=5)
    dead = Job.objects.create(key="dead", kind="k", state="running", started_at=long_ago)
    Job.objects.create(key="runs", kind="k", state="running", started_at=timezone.now())
    Job.objects.create(key="over", kind="k", state="done")
    before = entries()

    assert take_up_left() == (2, 2)
    wanted = [
        {"job_id": queued.pk},
        {"job_id": dead.pk},
        {"mail_id": lost.pk},
        {"mail_id": quiet.pk},
    ]
    assert entries() == before + wanted
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE args @> %s",
            [json.dumps({"mail_id": quiet.pk})],
        )
        assert cursor.fetchone()[0] == later
    assert take_up_left() == (0, 0)
    count_of_jobs, count_of_mails = count_jobs_and_mails()
    assert (count_of_jobs.left, count_of_mails.left) == (0, 0)
    assert (count_of_jobs.written, count_of_mails.written) == (4, 6)


def test_an_entry_that_ended_without_its_mail_is_followed_by_another(db):
    mail = write("failed")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert take_up_left() == (0, 1)
    assert entries() == [{"mail_id": mail.pk}] * 2


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_being_sent_is_left_alone():
    with acting_as(SERVICE):
        mail = lose("held")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with acting_as(SERVICE):
            Mail.objects.select_for_update().get(pk=mail.pk)
            held.set()
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    with acting_as(SERVICE):
        assert take_up_left() == (0, 0)
    send(mail.pk)  # whoever holds it sends it
    done.set()
    holder.join()
    with acting_as(SERVICE):
        assert Mail.objects.get(pk=mail.pk).sent_at is None
        assert take_up_left() == (0, 1)


def test_the_attempts_of_a_mail_end_however_often_its_entry_is_lost(db, settings):
    away = {"host": "127.0.0.1", "port": 9, "timeout": 2}
    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": away}
    }
    mail = lose("unlucky", attempts=MAIL_ATTEMPTS - 1)
    with pytest.raises(OSError, match="refused"):
        send(mail.pk)
    send(mail.pk)
    mail.refresh_from_db()
    assert mail.attempts == MAIL_ATTEMPTS + 1
    assert mail.error.startswith("ConnectionRefusedError")
    assert take_up_left() == (0, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_up_a_mail_that_lost_its_entry(inbox):
    with acting_as(SERVICE):
        mail = lose("forgotten")
    with worker(inbox):
        wait_until(lambda: inbox.messages, timeout_s=120)
    assert [message["To"] for message in inbox.messages] == [mail.recipient]
    assert SEND_MAIL in app.tasks
