"""`proxeny jobs`: what failed is listed, and tried again by number."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proxeny.kernel.command import look_after_failures
from proxeny.kernel.errors import NotFound
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.kernel.workers import database_url


def said(**options: object) -> list[str]:
    lines: list[str] = []
    look_after_failures(
        **{"retry": "", "retry_mail": "", "waiting": False, "say": lines.append, **options}
    )
    return lines


def fail(key: str, **values: object) -> Job:
    given = {"state": Job.State.FAILED, "error": "It broke.", "finished_at": timezone.now()}
    return Job.objects.create(key=key, kind="events.solve", attempts=5, **{**given, **values})


def give_up(key: str, **values: object) -> Mail:
    given = {"error": "OSError: away", "attempts": 11, **values}
    return Mail.objects.create(
        key=key, recipient=f"{key}@example.org", subject="S", text="t", **given
    )


def queued() -> list[tuple[str, dict]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, json.loads(arguments)) for name, arguments in cursor.fetchall()]


def test_nothing_failed(db):
    counts = [
        "Jobs in total: 0 = 0 queued + 0 running + 0 done + 0 failed + 0 stopped",
        "Emails in total: 0 = 0 sent + 0 waiting + 0 given up",
    ]
    assert said() == ["No failed jobs or emails.", *counts]
    assert said(waiting=True) == [
        "No failed jobs or emails.",
        "Waiting or running jobs: 0",
        "Waiting emails: 0",
        *counts,
    ]


def test_what_failed_is_listed_with_its_number_and_why(db):
    job, mail = fail("a"), give_up("b")
    fail("aside", dismissed_at=timezone.now())
    waits = give_up("waits", error="", attempts=2)
    text = "\n".join(said())
    assert f"  {job.pk}  events.solve" in text
    assert "It broke." in text
    assert f"  {mail.pk}  b@example.org" in text
    assert "attempts: 11" in text
    assert "OSError: away" in text
    assert (text.count("events.solve"), "waits@" in text) == (1, False)
    assert f"  {waits.pk}  waits@example.org" in "\n".join(said(waiting=True))


def test_a_number_is_tried_again_under_its_key(db):
    job, mail = fail("a"), give_up("b")
    assert said(retry=str(job.pk)) == [f"Job {job.pk} queued for retry."]
    assert said(retry_mail=str(mail.pk)) == [f"Email {mail.pk} queued for sending."]
    job.refresh_from_db()
    mail.refresh_from_db()
    assert (job.key, job.state, job.error) == ("a", Job.State.QUEUED, "")
    assert (mail.key, mail.error, mail.sent_at) == ("b", "", None)
    assert queued() == [
        ("proxeny.run_job", {"job_id": job.pk}),
        ("proxeny.send_mail", {"mail_id": mail.pk}),
    ]
    assert AuditEntry.objects.get(verb="retry_job").target_id == job.pk


def test_all_are_tried_again(db):
    for key in ("a", "b", "c"):
        fail(key)
        give_up(key)
    assert len(said(retry="all", retry_mail="all")) == 6
    assert said()[0] == "No failed jobs or emails."
    assert len(queued()) == 6


def test_each_unsent_mail_is_tried_again_whether_the_queue_knows_it_or_not(db):
    later = timezone.now() + timedelta(hours=8)
    given_up, lost = give_up("given-up"), give_up("lost", error="")
    waits = queue_mail(
        key="waits",
        recipient="w@example.org",
        template="accounts/mail/notice",
        context={"subject": "S", "paragraphs": ["One"], "action_url": ""},
    )
    quiet, sent = give_up("quiet", error="", not_before=later), give_up("sent", error="")
    Mail.objects.filter(pk=sent.pk).update(sent_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = %s", [later])
    assert "Not in the queue: 0 jobs, 2 emails." in said()[-1]
    assert "Emails in total: 5 = 1 sent + 3 waiting + 1 given up" in said()

    numbers = [given_up.pk, lost.pk, waits.pk]
    assert said(retry_mail="all") == [f"Email {number} queued for sending." for number in numbers]
    assert sorted(args["mail_id"] for _, args in queued()) == sorted(numbers), "one entry each"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NULL")
        assert cursor.fetchone()[0] == 3
    assert said(retry_mail=str(quiet.pk)) == [f"Email {quiet.pk} queued for sending."]
    with pytest.raises(NotFound, match=f"no unsent mail {sent.pk}"):
        said(retry_mail=str(sent.pk))


@pytest.mark.parametrize(
    ("option", "given", "words"),
    [
        ("retry", "999", "There is no failed job 999"),
        ("retry_mail", "999", "There is no unsent mail 999"),
        ("retry", "x", "isn't a number. Enter a number, or all"),
        ("retry", "-1", "isn't a number"),
    ],
)
def test_a_wrong_number_is_told(db, option, given, words):
    Job.objects.create(key="done", kind="k", pk=998, state=Job.State.DONE)
    with pytest.raises(NotFound, match=words):
        said(**{option: given})
    with pytest.raises(NotFound, match="no failed job 998"):
        said(retry="998")
    assert queued() == []


@pytest.mark.django_db(transaction=True)
def test_from_the_shell():
    with acting_as(SERVICE):
        job = fail("a")
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
    }

    def run(*options: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "proxeny", "jobs", *options],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert "It broke." in run().stdout
    assert run("--retry", str(job.pk)).stdout == f"Job {job.pk} queued for retry.\n"
    done = run("--retry", str(job.pk))
    assert (done.returncode, done.stderr) == (1, f"Error: There is no failed job {job.pk}.\n")
