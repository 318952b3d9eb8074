"""What is no longer needed is dropped, by the terms that the tables declare."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from proxeny.directory.models import MemberImport
from proxeny.kernel import jobs
from proxeny.kernel.chain import verify_chain
from proxeny.kernel.jobs import schedule
from proxeny.kernel.models import ApiCall, AuditEntry, Job, Mail, RateWindow, StoredFile
from proxeny.kernel.personal_data.keeping import VERB, apply_terms
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations.follow_up import queue_ripe_questions
from proxeny.meetings.rules import LATER_AFTER
from tests.factories.accounts import ApiTokenFactory, InvitationFactory
from tests.factories.directory import MemberImportFactory
from tests.factories.meetings import make_meeting
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory

NOW = datetime(2027, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered(db):
    """Let what tests in a browser left in the cache, which no rollback takes back, count for nothing."""
    cache.clear()


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def mail(key: str, **values) -> None:
    Mail.objects.create(key=key, recipient="x@example.org", subject="s", text="t", **values)


def test_each_kind_goes_when_its_term_is_over_and_not_before(world):
    cluster = world.a.cluster
    mail("old", sent_at=ago(91), created_at=ago(91))
    mail("new", sent_at=ago(89), created_at=ago(89))
    mail("waiting", created_at=ago(200))
    mail("given up", created_at=ago(91), error="refused")
    for key, days in (("old", 91), ("new", 89)):
        Job.objects.create(kind="k", key=key, state=Job.State.DONE, finished_at=ago(days))
        ApiCall.objects.create(token_id=1, key=key, fingerprint="f", created_at=ago(days - 89.5))
        RateWindow.objects.create(key=key, started=int(ago(days - 89.5).timestamp() // 60))
    Job.objects.create(kind="k", key="queued", created_at=ago(300))
    for name, values in {
        "expired": {"expires_at": ago(181)},
        "still": {"expires_at": ago(179)},
        "accepted": {"expires_at": ago(400), "accepted_at": ago(410)},
        "withdrawn": {"expires_at": ago(170), "withdrawn_at": ago(181)},
    }.items():
        InvitationFactory(organisation=cluster, name=name, **values)
    ApiTokenFactory(person=world.a.manager, name="old", expires_at=ago(366))
    ApiTokenFactory(person=world.a.manager, name="new", expires_at=ago(364))
    Session.objects.create(session_key="old", session_data="x", expire_date=ago(0.1))
    Session.objects.create(session_key="new", session_data="x", expire_date=ago(-0.1))
    hook = WebhookFactory(organisation=cluster)
    WebhookDeliveryFactory(webhook=hook, message_id="old", created_at=ago(31))
    WebhookDeliveryFactory(webhook=hook, message_id="new", created_at=ago(29))

    dropped = apply_terms(now=NOW)

    assert dropped == {
        "kernel.mail": 2,
        "kernel.job": 1,
        "kernel.apicall": 1,
        "kernel.ratewindow": 1,
        "accounts.invitation": 2,
        "accounts.apitoken": 1,
        "sessions.session": 1,
        "webhooks.webhookdelivery": 1,
    }
    assert set(Mail.objects.values_list("key", flat=True)) == {"new", "waiting"}
    assert set(Job.objects.values_list("key", flat=True)) == {"new", "queued"}
    assert RateWindow.objects.get().key == ApiCall.objects.get().key == "new"
    told = Counter()
    for row in AuditEntry.objects.filter(verb=VERB):
        told[row.target] += row.changes["rows"]
    assert told == dropped
    assert apply_terms(now=NOW) == {}


def test_an_import_keeps_its_figures_and_loses_its_rows_and_files(world):
    file = StoredFile.objects.create(
        name="m.csv",
        media_type="text/csv",
        size=1,
        content=b"x",
        sha256="0" * 64,
        organisation_id=world.a.cluster.pk,
        idle_since=ago(1),
    )
    values = {"cluster": world.a.cluster, "file_id": file.pk, "report": {"a": 1}, "added": 7}
    old = MemberImportFactory(state=MemberImport.State.APPLIED, applied_at=ago(31), **values)
    new = MemberImportFactory(state=MemberImport.State.APPLIED, applied_at=ago(29), **values)
    assert apply_terms(now=NOW) == {"directory.memberimport": 1}
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.added, old.report, old.columns) == (7, {}, {})
    assert new.report == {"a": 1}
    assert not StoredFile.objects.exists()
    assert apply_terms(now=NOW) == {}


def test_large_tables_go_in_batches_each_with_its_row_in_the_trail(db):
    for number in range(25):
        mail(str(number), sent_at=ago(100))
    asked = []

    def stop_after_two() -> bool:
        asked.append(1)
        return AuditEntry.objects.filter(verb=VERB).count() >= 2

    assert apply_terms(now=NOW, batch=10, should_stop=stop_after_two) == {"kernel.mail": 20}
    assert Mail.objects.count() == 5
    assert apply_terms(now=NOW, batch=10) == {"kernel.mail": 5}
    rows = AuditEntry.objects.filter(verb=VERB).order_by("pk")
    assert [row.changes["rows"] for row in rows] == [10, 10, 5]


def test_finished_entries_of_the_queue_go_and_waiting_ones_stay(db):
    with connection.cursor() as cursor:
        for name, status in (("done", "succeeded"), ("waits", "todo")):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, status)"
                " VALUES ('default', %s, 0, %s)",
                [name, status],
            )
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '91 days'")
        dropped = apply_terms(now=timezone.now())
        assert dropped == {"procrastinate.procrastinatejob": 1}
        cursor.execute("SELECT task_name FROM procrastinate_jobs")
        assert cursor.fetchall() == [("waits",)]


def test_the_trail_is_kept_whole(world):
    AuditEntry.objects.create(verb="x", target="t", at=ago(4000))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    mail("old", sent_at=ago(91))
    apply_terms(now=NOW)
    assert AuditEntry.objects.filter(at=ago(4000)).exists()
    assert verify_chain().faults == []


#: What is looked after each hour.
HOURLY = {
    "ambassadors.mind",
    "assessments.ask_later",
    "assessments.remind_steps",
    "calls.remind",
    "labels.sign-lists",
    "notices.digest",
    "research.sweep",
}
#: And what each day.
DUTIES = HOURLY | {
    "kernel.apply-terms",
    "accounts.tell-idle",
    "meetings.ask-ripe",
    "events.ask-guests",
    "directory.tell-followers",
    "directory.look-for-new",
    "directory.end-listings",
    "directory.count-words",
    "meetings.mind-rhythms",
    "partnerships.remind",
    "labels.remind",
}


def test_the_daily_duties_are_queued_once_a_day(db):
    assert schedule.look_after(NOW) == []
    first = set(Job.objects.values_list("kind", flat=True))
    assert first == DUTIES
    assert schedule.look_after(NOW + timedelta(hours=1)) == []
    assert Job.objects.count() == len(DUTIES) + len(HOURLY)
    schedule.look_after(NOW + timedelta(days=1))
    assert Job.objects.count() == 2 * len(DUTIES) + len(HOURLY)
    for job in Job.objects.all():
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, (job.kind, job.error)


def test_one_duty_that_fails_leaves_the_others(db, monkeypatch):
    def broken(now: datetime) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(schedule, "HOURLY", [broken, *schedule.HOURLY])
    assert schedule.look_after(NOW) == ["broken"]
    assert set(Job.objects.values_list("kind", flat=True)) == DUTIES


@pytest.mark.parametrize(("days", "mails"), [(0, 0), (1, 1), (7, 1), (8, 0)])
def test_a_meeting_is_asked_about_when_its_six_months_are_over(world, days, mails):
    ended = NOW - LATER_AFTER - timedelta(days=days)
    make_meeting(
        world.partnership,
        (world.a.members[0], world.a.representatives[0]),
        (world.b.members[0], None),
        state=Meeting.State.HELD,
        starts_at=ended - timedelta(hours=1),
        ends_at=ended,
    )
    assert queue_ripe_questions(now=NOW) == mails
    assert queue_ripe_questions(now=NOW) == 0
    assert queue_ripe_questions(now=NOW + timedelta(hours=20)) == (1 if days == 0 else 0)
