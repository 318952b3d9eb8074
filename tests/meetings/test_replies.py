"""Answers by mail: an invitation goes out over SMTP, a client answers, and it counts as on the page."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as configured
from django.utils import timezone
from procrastinate.contrib.django import app

from proxeny.accounts.models import Person
from proxeny.kernel import audit
from proxeny.kernel.models import AuditEntry, Mail, ReceivedMail
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.catch_ups import answer_catch_up, change_catch_up, plan_catch_up
from tests.factories.world import make_world
from tests.kernel.inboxes import imap_server, make_maildir, smtp_into
from tests.kernel.letters import PROGRAMS, letter, outlook
from tests.kernel.workers import database_url
from tests.meetings.answering import (
    LATER,
    Client,
    answer_of,
    calendar_of,
    deeds_of,
    html_of,
    read_box,
    said_by,
    send_all,
    subject_of,
    text_of,
)
from tests.meetings.catching_up import NOW, STARTS_AT, do, facts

WAITING, ACCEPTED, DECLINED = MeetingParty.Answer.values


def test_an_invitation_asks_for_answers_where_they_are_read(world, mails):
    message = mails[world.b.manager.email]
    assert message["Reply-To"] == "calendar@proxeny.example"
    assert b"ORGANIZER;CN=" in calendar_of(message)
    assert b"mailto:calendar@proxeny.example" in calendar_of(message).replace(b"\r\n ", b"")


@pytest.mark.parametrize("library", ["with_icalendar", "with_vobject"])
def test_an_answer_that_a_client_composes_counts_as_on_the_page(
    world, planned, mails, box, library
):
    me = world.b.manager
    client = Client(mails[me.email])
    for answer in (ACCEPTED, DECLINED):
        assert read_box(box, getattr(client, library)(answer)) == {"applied": 1}
        assert answer_of(planned, me) == answer
    by_mail = deeds_of(me)
    other = world.b.ambassador
    for will_come in (True, False):
        do(other, answer_catch_up, world, catch_up_id=planned.pk, will_come=will_come)
    assert by_mail == deeds_of(other) != []
    entry = AuditEntry.objects.filter(person_id=me.pk, verb="answer_catch_up").first()
    assert (entry.organisation_id, entry.partnership_id) == (
        world.b.cluster.pk,
        world.partnership.pk,
    )
    assert Mail.objects.filter(sent_at=None).count() == 0
    assert box.names() == {"Processed": 2}


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_of_each_program_counts(world, planned, mails, box, program):
    me = world.b.manager
    assert read_box(box, PROGRAMS[program](said_by(me, planned, answer=DECLINED))) == {"applied": 1}
    assert answer_of(planned, me) == DECLINED


def test_the_whole_way_by_smtp_into_a_mail_server(world, inbox, settings, tmp_path, monkeypatch):
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    with imap_server(tmp_path) as (box, trusted), smtp_into(box) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        settings.INBOX_URL = box.url
        planned = do(world.a.manager, plan_catch_up, world, facts=facts(world))
        mails = send_all(inbox)
        for person, answer in ((world.b.manager, ACCEPTED), (world.b.ambassador, DECLINED)):
            message = Client(mails[person.email]).with_icalendar(answer)
            post(message.as_bytes().replace(b"\n", b"\r\n"), sender=person.email)
        assert read_box(box) == {"applied": 2}
        assert box.names() == {"Processed": 2}
    assert answer_of(planned, world.b.manager) == ACCEPTED
    assert answer_of(planned, world.b.ambassador) == DECLINED


def test_perhaps_stays_waiting_with_a_note(world, planned, mails, box):
    me = world.b.manager
    do(me, answer_catch_up, world, catch_up_id=planned.pk, will_come=True)
    said = said_by(me, planned, answer="TENTATIVE", comment="If the train runs")
    assert read_box(box, letter(said)) == {"applied": 1}
    assert answer_of(planned, me) == WAITING
    assert deeds_of(me)[-1] == (
        "answer_tentatively",
        {"title": "Half-year review", "answer": [ACCEPTED, WAITING]},
        "If the train runs",
    )


def test_who_wants_to_send_somebody_else_is_noted_and_told(world, planned, mails, box, inbox):
    me = world.b.manager
    assert read_box(box, letter(said_by(me, planned, answer="DELEGATED"))) == {"applied": 1}
    assert answer_of(planned, me) == WAITING
    assert deeds_of(me)[-1][0] == "delegate_catch_up"
    (message,) = send_all(inbox).values()
    assert message["To"] == world.a.manager.email
    assert subject_of(message) == (
        "French manager wants to send someone else: Half-year review · Athens – Paris"
    )
    assert CatchUpGuest.objects.filter(catch_up=planned).count() == 3


def test_no_answer_yet_changes_nothing(world, planned, mails, box):
    said = said_by(world.b.manager, planned, answer="NEEDS-ACTION")
    assert read_box(box, letter(said)) == {"applied": 1}
    assert deeds_of(world.b.manager) == []


def test_the_same_answer_twice_leaves_one_row(world, planned, mails, box):
    me = world.b.manager
    raw = letter(said_by(me, planned, message_id="<one@x>"))
    for one in (raw, raw, letter(said_by(me, planned, message_id="<two@x>"))):
        assert read_box(box, one) == {"applied": 1}
    assert len(deeds_of(me)) == 1
    assert ReceivedMail.objects.count() == 2


def test_of_two_answers_the_one_given_later_stands(world, planned, mails, box):
    me = world.b.manager
    yes = letter(said_by(me, planned, message_id="<yes@x>"))
    no = letter(
        said_by(
            me,
            planned,
            answer=DECLINED,
            stamped_at=LATER + timedelta(minutes=1),
            message_id="<no@x>",
        )
    )
    now = LATER + timedelta(hours=1)
    assert read_box(box, no, now=now) == {"applied": 1}
    # The first one was held up on its way.
    assert read_box(box, yes, now=now) == {"older": 1}
    assert answer_of(planned, me) == DECLINED
    # A clock that is years ahead does not shut the person out.
    ahead = said_by(me, planned, stamped_at=LATER + timedelta(days=3000), message_id="<ahead@x>")
    assert read_box(box, letter(ahead), now=now) == {"applied": 1}
    last = said_by(
        me, planned, answer=DECLINED, stamped_at=now + timedelta(minutes=1), message_id="<last@x>"
    )
    assert read_box(box, letter(last), now=now + timedelta(minutes=2)) == {"applied": 1}
    assert answer_of(planned, me) == DECLINED


def test_what_was_said_on_the_page_afterwards_stands(world, planned, mails, box):
    me = world.b.manager
    do(me, answer_catch_up, world, catch_up_id=planned.pk, will_come=False)
    before = letter(said_by(me, planned, stamped_at=timezone.now() - timedelta(hours=1)))
    assert read_box(box, before) == {"older": 1}
    assert answer_of(planned, me) == DECLINED
    assert read_box(box, letter(said_by(me, planned, message_id="<2@x>"))) == {"applied": 1}
    assert answer_of(planned, me) == ACCEPTED


def test_two_quick_answers_by_mail_both_count(world, planned, mails, box):
    """The second was given before the first was applied: it is not taken for older than that."""
    me, ago = world.b.manager, timezone.now() - timedelta(hours=1)
    read_box(box, letter(said_by(me, planned, stamped_at=ago, message_id="<1@x>")))
    second = said_by(
        me, planned, answer=DECLINED, stamped_at=ago + timedelta(minutes=1), message_id="<2@x>"
    )
    assert read_box(box, letter(second)) == {"applied": 1}
    assert answer_of(planned, me) == DECLINED


def test_workers_read_every_two_minutes_one_at_a_time():
    task = app.tasks["meetings.read-inbox"]
    assert (task.lock, task.queueing_lock) == ("inbox", "inbox")
    rounds = [one.cron for one in app.periodic_registry.periodic_tasks.values() if one.task is task]
    assert rounds == ["*/2 * * * *"]


# A catch-up that has moved.


def test_an_answer_for_an_earlier_time_does_not_count_and_is_told_once(
    world, planned, mails, box, inbox
):
    me = world.b.manager
    later = facts(world, starts_at=STARTS_AT + timedelta(days=1))
    do(world.a.manager, change_catch_up, world, catch_up_id=planned.pk, version=1, facts=later)
    renewed = send_all(inbox)
    client = Client(mails[me.email])
    assert read_box(box, client.with_icalendar(ACCEPTED)) == {"moved": 1}
    assert answer_of(planned, me) == WAITING
    (message,) = send_all(inbox).values()
    assert message["To"] == me.email
    assert subject_of(message) == "Please answer again: Half-year review · Athens – Paris"
    assert "Tuesday 16 March 2083, 09:00–10:00 (Paris)\n" in text_of(message)
    assert f"/partnerships/{world.partnership.pk}/catch-ups/{planned.pk}/" in text_of(message)
    assert read_box(box, client.with_icalendar(DECLINED)) == {"moved": 1}
    assert send_all(inbox) == {}
    assert read_box(box, Client(renewed[me.email]).with_icalendar(ACCEPTED)) == {"applied": 1}
    assert answer_of(planned, me) == ACCEPTED


def test_an_answer_counts_when_only_somebody_else_was_asked_besides(world, planned, mails, box):
    """The sequence rises, and who stays hears nothing of it: the old invitation is the last one."""
    me = world.b.manager
    more = (*facts(world).guests, world.a.ambassador.pk)
    do(
        world.a.manager,
        change_catch_up,
        world,
        catch_up_id=planned.pk,
        version=1,
        facts=facts(world, guests=more),
    )
    assert Meeting.objects.get(pk=planned.pk).sequence == 1
    assert read_box(box, Client(mails[me.email]).with_icalendar(ACCEPTED)) == {"applied": 1}
    assert read_box(box, Client(mails[me.email]).with_vobject(DECLINED)) == {"applied": 1}
    assert answer_of(planned, me) == DECLINED


# Another time is proposed.


def test_a_proposal_moves_nothing_and_is_told_in_the_readers_own_time(
    world, planned, mails, box, inbox
):
    me, start = world.b.manager, STARTS_AT + timedelta(days=2)
    message = Client(mails[me.email]).with_icalendar(
        "TENTATIVE",
        method="COUNTER",
        dtstart=start,
        dtend=start + timedelta(minutes=90),
        comment="Then I am back",
    )
    assert read_box(box, message) == {"applied": 1}
    meeting = Meeting.objects.get(pk=planned.pk)
    assert (meeting.starts_at, meeting.sequence) == (STARTS_AT, 0)
    assert answer_of(planned, me) == WAITING
    assert deeds_of(me) == [
        (
            "propose_time",
            {"title": "Half-year review", "proposed": [STARTS_AT.isoformat(), start.isoformat()]},
            "Then I am back",
        )
    ]
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.manager.email
    assert (
        subject_of(told)
        == "French manager proposes another time: Half-year review · Athens – Paris"
    )
    assert "Wednesday 17 March 2083, 10:00–11:30 (Athens)\n" in text_of(told)
    assert "Then I am back" in text_of(told)
    assert f"/catch-ups/{planned.pk}/" in text_of(told)
    assert str(audit.sentences()["propose_time"]) == "Proposed another time by email"


def test_of_proposals_without_end_few_are_told(world, planned, mails, box):
    for number in range(8):
        said = said_by(
            world.b.manager,
            planned,
            method="COUNTER",
            message_id=f"<{number}@x>",
            starts_at=STARTS_AT + timedelta(days=1, hours=number),
        )
        assert read_box(box, letter(said)) == {"applied": 1}
    assert len(deeds_of(world.b.manager)) == 8
    assert Mail.objects.filter(key__startswith="reply-proposal:").count() == 5


def test_a_proposal_that_declines_does_both(world, planned, mails, box):
    said = said_by(
        world.b.manager,
        planned,
        method="COUNTER",
        answer=DECLINED,
        starts_at=STARTS_AT + timedelta(days=1),
    )
    assert read_box(box, outlook(said)) == {"applied": 1}
    assert answer_of(planned, world.b.manager) == DECLINED
    assert [verb for verb, *_rest in deeds_of(world.b.manager)] == [
        "propose_time",
        "answer_catch_up",
    ]


@pytest.mark.parametrize(
    ("day", "athens", "paris"),
    [
        # Europe's clocks go forward on 28 March 2083.
        (27, "10:00–11:00 (Athens)", "09:00–10:00 (Paris)"),
        (28, "10:00–11:00 (Athens)", "09:00–10:00 (Paris)"),
    ],
)
def test_a_proposal_across_the_summer_time_is_told_as_clocks_show_it(
    world, planned, mails, box, inbox, day, athens, paris
):
    start = NOW.replace(day=day, hour=10, tzinfo=ZoneInfo("Europe/Athens"))
    said = said_by(
        world.b.ambassador, planned, method="COUNTER", answer="TENTATIVE", starts_at=start
    )
    assert read_box(box, outlook(said, zone="Customized Time Zone")) == {"applied": 1}
    told = send_all(inbox)
    assert set(told) == {world.a.manager.email, world.b.manager.email}
    assert athens in text_of(told[world.a.manager.email])
    assert "Paris)" not in text_of(told[world.a.manager.email])
    assert paris in text_of(told[world.b.manager.email])
    assert athens in text_of(told[world.b.manager.email])


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": NOW - timedelta(days=1)},
        {"minutes": 60 * 24 * 30},
        {"minutes": -60},
    ],
)
def test_a_proposal_without_a_time_that_makes_sense_is_told_back(
    world, planned, mails, box, inbox, changes
):
    me = world.b.manager
    said = said_by(me, planned, method="COUNTER", answer="TENTATIVE", **changes)
    assert read_box(box, letter(said)) == {"not-understood": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == me.email
    assert told["Subject"].startswith("Your answer couldn’t be read: ")
    assert deeds_of(me) == []


def test_a_comment_is_text_on_one_line_and_adds_no_header(world, planned, mails, box, inbox):
    Person.objects.filter(pk=world.b.manager.pk).update(name="Eve\r\nBcc: all@example.org")
    said = said_by(
        world.b.manager,
        planned,
        method="COUNTER",
        starts_at=STARTS_AT + timedelta(days=1),
        name="Eve",
        comment="<script>alert(1)</script>\\nhttps://evil.example/x\\n\\nBcc: b@x.org",
    )
    assert read_box(box, letter(said)) == {"applied": 1}
    (told,) = send_all(inbox).values()
    assert told["Bcc"] is None
    assert "<script" not in html_of(told)
    assert "https://evil" not in text_of(told) + html_of(told)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; https: //evil.example/x Bcc: b@x.org" in html_of(
        told
    )


# A worker that dies.

_DYING = """
import os, signal
import django
django.setup()
from django.utils import timezone
from proxeny.kernel.inbox import sources, reading
from proxeny.meetings.tasks import HANDS
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
{where}
reading.read_inbox(HANDS, clock=timezone.now)
"""
_BEFORE_MOVE = "sources.MaildirPlace.move = die"
_BEFORE_COMMIT = "HANDS = reading.Hands(lambda *given: (HANDS.answered(*given), die()), None, None)"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "where", [_BEFORE_MOVE, _BEFORE_COMMIT.replace("HANDS.answered", "answered")]
)
def test_a_worker_that_is_killed_leaves_one_answer(where, tmp_path, settings):
    box = make_maildir(tmp_path / "maildir")
    with acting_as(SERVICE):
        world = make_world()
        planned = do(world.a.manager, plan_catch_up, world, facts=facts(world))
        box.deliver(letter(said_by(world.b.manager, planned)))
    script = _DYING.format(where=f"answered = HANDS.answered\n{where}")
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PROXENY_INBOX_URL": box.url,
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
        "PROXENY_HOME": str(configured.HOME),
    }
    died = subprocess.run([sys.executable, "-c", script], env=environment, check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL
    assert box.names() == {"INBOX": 1}
    settings.INBOX_URL = box.url
    assert read_box(box) == {"applied": 1}
    assert box.names() == {"Processed": 1}
    with acting_as(SERVICE):
        assert answer_of(planned, world.b.manager) == ACCEPTED
        assert len(deeds_of(world.b.manager)) == 1
        assert ReceivedMail.objects.get().outcome == "applied"
