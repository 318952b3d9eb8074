"""Answers by mail that do not count: each is kept, and the right person is told, nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts.models import Person, Seat
from proxeny.kernel.calendar import Attendee, write_invitation
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.models import AuditEntry, Mail, ReceivedMail
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.catch_ups import call_off_catch_up
from proxeny.meetings.queries.calendar import make_appointment
from proxeny.partnerships.models import Partnership, Party
from tests.kernel.letters import bounce, calendar, letter, outlook
from tests.meetings.answering import (
    LATER,
    answer_of,
    deeds_of,
    html_of,
    read_box,
    said_by,
    send_all,
    subject_of,
    text_of,
)
from tests.meetings.catching_up import STARTS_AT, do
from tests.stages import staged

WAITING, ACCEPTED, DECLINED = MeetingParty.Answer.values
EVE = "eve@evil.example"


def untouched(world, planned) -> bool:
    """Whether nobody's answer changed, and nothing stands in the trail but the planning."""
    guests = CatchUpGuest.objects.filter(catch_up=planned).exclude(person=world.a.manager)
    verbs = AuditEntry.objects.filter(target="meetings.catchup").values_list("verb", flat=True)
    return {guest.answer for guest in guests} == {WAITING} and set(verbs) == {"plan_catch_up"}


# Who it is from.


def test_an_unknown_sender_is_told_to_the_side_that_invites_once(world, planned, mails, box, inbox):
    said = said_by(
        world.b.manager,
        planned,
        sender=EVE,
        name="French manager",
        comment="<b>Click</b> https://evil.example/x",
    )
    assert read_box(box, letter(said)) == {"stranger": 1}
    assert untouched(world, planned)
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.manager.email
    assert (
        subject_of(told) == "An answer from an unknown address: Half-year review · Athens – Paris"
    )
    assert f"The sender is given as: {EVE}" in text_of(told)
    assert "&lt;b&gt;Click&lt;/b&gt; https: //evil.example/x" in html_of(told)
    for shown in (text_of(told), html_of(told)):
        assert "https://evil" not in shown
    again = letter(said.but(message_id="<again@x>", sender=EVE.upper()))
    assert read_box(box, again) == {"stranger": 1}
    assert send_all(inbox) == {}
    assert box.names() == {"Not-understood": 2}


def test_of_strangers_without_end_few_are_told(world, planned, mails, box, inbox):
    for number in range(9):
        said = said_by(world.b.manager, planned, sender=f"eve{number}@evil.example")
        box.deliver(letter(said.but(message_id=f"<{number}@x>")))
    assert read_box(box) == {"stranger": 9}
    assert Mail.objects.filter(key__startswith="reply-stranger:").count() == 5


@pytest.mark.parametrize("attendee", ["b.ambassador", "other"])
def test_nobody_answers_for_somebody_else(world, planned, mails, box, inbox, attendee):
    """Sent by one guest, in the name of another, or of somebody who is not asked."""
    me = world.b.manager
    name = world.b.ambassador.email if attendee == "b.ambassador" else EVE
    said = said_by(me, planned)
    body = calendar(said, ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{name}")
    assert read_box(box, letter(said, body)) == {"stranger": 1}
    assert untouched(world, planned)
    assert set(send_all(inbox)) == {world.a.manager.email}


def test_an_address_in_other_letters_is_the_same(world, planned, mails, box):
    said = said_by(world.b.manager, planned, sender=world.b.manager.email.upper())
    assert read_box(box, letter(said)) == {"applied": 1}
    assert answer_of(planned, world.b.manager) == ACCEPTED


def test_what_the_own_server_calls_forged_is_told_to_whom_it_names(
    world, planned, mails, box, inbox, settings
):
    settings.INBOX_JUDGE = "mx.proxeny.example"
    me = world.b.manager
    results = b"Authentication-Results: mx.proxeny.example; dmarc=fail header.from=example.org\r\n"
    assert read_box(box, results + letter(said_by(me, planned))) == {"forged": 1}
    assert untouched(world, planned)
    (told,) = send_all(inbox).values()
    assert told["To"] == me.email
    assert subject_of(told) == "Was this answer yours? Half-year review · Athens – Paris"
    # Anybody's word about anybody counts for nothing.
    others = results.replace(b"mx.proxeny", b"mx.elsewhere") + letter(
        said_by(me, planned, message_id="<2@x>")
    )
    assert read_box(box, others) == {"applied": 1}


def test_an_answer_to_nothing_of_ours_is_put_aside_and_told_to_nobody(world, planned, mails, box):
    before = Mail.objects.count()
    for uid in ("somebody-elses@example.org", f"{planned.meeting.uid}x"):
        assert read_box(box, letter(said_by(world.b.manager, planned, uid=uid)))["not-understood"]
    assert (Mail.objects.count(), untouched(world, planned)) == (before, True)


# What it is an answer to.


def _called_off(world, planned):
    do(world.a.manager, call_off_catch_up, world, catch_up_id=planned.pk, reason="A strike")
    return "This catch-up has been cancelled."


def _ended(world, planned):
    Partnership.objects.filter(pk=world.partnership.pk).update(state=Partnership.State.ENDED)
    return "This partnership has ended. Its records stay as they are."


def _without_a_seat(world, planned):
    Seat.objects.filter(person=world.b.manager).update(ends_on=LATER.date() - timedelta(days=1))
    return "You’re no longer taking part."


def _left(world, planned):
    Party.objects.filter(organisation=world.b.cluster).update(state=Party.State.LEFT)
    return "You’re no longer taking part."


def _over(world, planned):
    Meeting.objects.filter(pk=planned.pk).update(
        starts_at=LATER - timedelta(hours=2), ends_at=LATER - timedelta(hours=1)
    )
    return "This catch-up has ended. Attendance is in the minutes."


@pytest.mark.parametrize("happens", [_called_off, _ended, _without_a_seat, _left, _over])
@pytest.mark.parametrize("answer", [ACCEPTED, "TENTATIVE", "COUNTER"])
def test_what_is_open_to_no_answer_is_told_back_once(
    world, planned, mails, box, inbox, happens, answer
):
    me = world.b.manager
    said = said_by(me, planned, answer="TENTATIVE" if answer == "COUNTER" else answer)
    if answer == "COUNTER":
        said = said.but(method="COUNTER", starts_at=STARTS_AT + timedelta(days=1))
    why = happens(world, planned)
    send_all(inbox)
    raw = letter(said if answer == "COUNTER" else said.but(sequence=9))
    assert read_box(box, raw) == {"closed": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == me.email
    assert subject_of(told) == "Your answer wasn’t counted: Half-year review · Athens – Paris"
    assert f"\n{why}\n" in text_of(told)
    assert answer_of(planned, me) == WAITING
    assert deeds_of(me) == []
    again = letter(said.but(sequence=9, message_id="<again@x>"))
    assert read_box(box, again) == {"closed": 1}
    assert send_all(inbox) == {}
    assert box.names() == {"Processed": 2}


def test_of_somebody_erased_neither_address_nor_words_come_back(world, planned, mails, box, inbox):
    me, said = world.b.manager, said_by(world.b.manager, planned, comment="My words")
    CatchUpGuest.objects.filter(person=me).update(person=None)
    Person.objects.filter(pk=me.pk).update(email="", name="Erased person", erased_at=timezone.now())
    assert read_box(box, letter(said)) == {"stranger": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.manager.email
    for gone in (said.sender, "My words", said.name):
        assert gone not in text_of(told) + html_of(told)


def test_a_guest_erased_in_person_alone_is_nobody(world, planned, mails, box):
    me, said = world.b.manager, said_by(world.b.manager, planned)
    Person.objects.filter(pk=me.pk).update(erased_at=timezone.now())
    assert read_box(box, letter(said)) == {"stranger": 1}
    assert untouched(world, planned)


# A calendar that cannot be read.


@pytest.mark.parametrize(
    "changes",
    [
        {"ATTENDEE": ""},
        {"SEQUENCE": "SEQUENCE:many"},
        {"END": ""},
        {"ATTENDEE": "ATTENDEE;PARTSTAT=MAYBE:mailto:x@y"},
    ],
)
def test_a_broken_calendar_is_told_to_who_was_asked(world, planned, mails, box, inbox, changes):
    me = world.b.manager
    said = said_by(me, planned)
    for number in (1, 2):
        broken = letter(said.but(message_id=f"<{number}@x>"), calendar(said, **changes))
        assert read_box(box, broken) == {"not-understood": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == me.email
    assert subject_of(told) == "Your answer couldn’t be read: Half-year review · Athens – Paris"
    assert untouched(world, planned)
    assert box.names() == {"Not-understood": 2}


def test_a_broken_calendar_of_a_stranger_is_told_to_nobody(world, planned, mails, box, inbox):
    said = said_by(world.b.manager, planned)
    raw = letter(said.but(sender=EVE), calendar(said, ATTENDEE=""))
    assert read_box(box, raw) == {"not-understood": 1}
    assert send_all(inbox) == {}


def test_nothing_answers_a_program(world, planned, mails, box, inbox):
    said = said_by(world.b.manager, planned, subject="Out of office")
    for number, header in enumerate(({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"})):
        box.deliver(letter(said.but(message_id=f"<{number}@x>"), "", **header))
        # Also where it brings the invitation back, or half of one.
        box.deliver(letter(said.but(message_id=f"<r{number}@x>"), calendar(said, END=""), **header))
    assert read_box(box) == {"automatic": 4}
    assert send_all(inbox) == {}
    assert untouched(world, planned)


def test_what_a_program_sent_because_a_person_pressed_a_button_counts(world, planned, mails, box):
    raw = letter(said_by(world.b.manager, planned), Auto_Submitted="auto-generated")
    assert read_box(box, raw) == {"applied": 1}


# What came back.


def test_who_planned_it_hears_once_that_an_invitation_did_not_arrive(
    world, planned, mails, box, inbox
):
    name = mails[world.b.manager.email]["Message-ID"]
    for status in ("5.1.1", "5.1.1", "5.2.2"):
        box.deliver(bounce(name, status=status))
    assert read_box(box) == {"bounce": 3}
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.manager.email
    assert subject_of(told) == "Not delivered: Invitation: Half-year review · Athens – Paris"
    assert "An email to French manager that Proxeny sent for you couldn’t be delivered" in text_of(
        told
    )
    assert "Their mail server doesn’t know this address" in text_of(told)
    # Who planned it knows the name, not the address.
    assert world.b.manager.email not in text_of(told) + html_of(told)
    mail = Mail.objects.get(recipient=world.b.manager.email)
    assert (mail.error, mail.sent_at) == ("Bounced: 5.1.1", None)


def test_a_bounce_of_what_one_wrote_to_oneself_is_told_to_nobody(world, planned, mails, box, inbox):
    box.deliver(bounce(mails[world.a.manager.email]["Message-ID"]))
    assert read_box(box) == {"bounce": 1}
    assert send_all(inbox) == {}


def test_a_bounce_of_a_bounce_goes_nowhere(world, planned, mails, box, inbox):
    box.deliver(bounce(mails[world.b.manager.email]["Message-ID"]))
    read_box(box)
    (told,) = send_all(inbox).values()
    box.deliver(bounce(told["Message-ID"], status="5.7.1"))
    assert read_box(box) == {"bounce": 1}
    assert send_all(inbox) == {}


# Business meetings.


@staged
def invited(world, meeting):
    """The French member's person was asked by a REQUEST of their own to a business meeting."""
    me = world.b.representatives[0]
    ask(meeting, me.email)
    return me


def ask(meeting, email: str) -> None:
    appointment = make_appointment(
        Meeting.objects.get(pk=meeting.pk), own=[], attendee=Attendee("x", email)
    )
    queue_mail(
        key=f"ask:{email}",
        recipient=email,
        template="meetings/mail/bounce",
        context={},
        calendar=write_invitation(appointment, method="REQUEST"),
        calendar_method="REQUEST",
    )


def party_of(meeting, side) -> MeetingParty:
    return MeetingParty.objects.get(meeting=meeting, organisation=side.members[0])


def test_an_answer_to_a_business_meeting_is_set_for_the_own_side(
    world, meeting, invited, box, inbox
):
    said = said_by(invited, meeting)
    assert read_box(box, outlook(said)) == {"applied": 1}
    assert party_of(meeting, world.b).answer == ACCEPTED
    assert party_of(meeting, world.a).answer == WAITING
    entry = AuditEntry.objects.get(verb="answer_meeting")
    assert (entry.person_id, entry.organisation_id) == (invited.pk, world.b.members[0].pk)
    assert entry.changes == {"answer": [WAITING, ACCEPTED]}
    send_all(inbox)
    no = said.but(answer=DECLINED, stamped_at=LATER + timedelta(minutes=1), message_id="<2@x>")
    assert read_box(box, letter(no), now=LATER + timedelta(hours=1)) == {"applied": 1}
    assert party_of(meeting, world.b).answer == DECLINED
    # Nothing is called off: who speaks for the sides is told.
    assert Meeting.objects.get(pk=meeting.pk).state == Meeting.State.CONFIRMED
    told = send_all(inbox)
    assert set(told) == {world.a.manager.email, world.b.manager.email}
    assert subject_of(told[world.a.manager.email]).endswith("isn’t coming: Spring fair")


def test_an_answer_to_what_was_only_published_is_put_aside(world, meeting, box):
    said = said_by(world.b.representatives[0], meeting)
    assert read_box(box, letter(said)) == {"not-understood": 1}
    assert party_of(meeting, world.b).answer == WAITING


def test_an_answer_to_a_business_meeting_of_an_earlier_time_is_told_back(
    world, meeting, invited, box, inbox
):
    said = said_by(invited, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(
        sequence=1,
        starts_at=meeting.starts_at + timedelta(hours=1),
        ends_at=meeting.ends_at + timedelta(hours=1),
    )
    send_all(inbox)
    assert read_box(box, letter(said)) == {"moved": 1}
    assert [subject_of(one) for one in send_all(inbox).values()] == [
        "Please answer again: Spring fair"
    ]


def test_who_speaks_for_the_organisation_no_longer_answers_nothing(
    world, meeting, invited, box, inbox
):
    Seat.objects.filter(person=invited).update(ends_on=LATER.date() - timedelta(days=1))
    send_all(inbox)
    assert read_box(box, letter(said_by(invited, meeting))) == {"closed": 1}
    (told,) = send_all(inbox).values()
    assert "You’re no longer taking part." in text_of(told)
    assert party_of(meeting, world.b).answer == WAITING


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"state": "cancelled"}, "This meeting was cancelled."),
        ({"starts_at": LATER - timedelta(hours=1), "ends_at": LATER}, "This meeting has ended."),
    ],
)
def test_a_business_meeting_that_is_over_takes_no_answer(
    world, meeting, invited, box, inbox, state, why
):
    said = said_by(invited, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(**state)
    send_all(inbox)
    assert read_box(box, letter(said)) == {"closed": 1}
    (told,) = send_all(inbox).values()
    assert why in text_of(told)
    assert party_of(meeting, world.b).answer == WAITING


def test_a_draft_is_nothing_that_anybody_was_asked_to(world, meeting, invited, box):
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.DRAFT)
    assert read_box(box, letter(said_by(invited, meeting))) == {"not-understood": 1}


# What stays of it.


def test_nothing_of_a_letter_stays_but_that_it_was_read(world, planned, mails, box):
    said = said_by(world.b.manager, planned, comment="Words of mine")
    read_box(box, letter(said))
    row = ReceivedMail.objects.get()
    kept = " ".join(str(value) for value in vars(row).values())
    for gone in (said.sender, "Words", said.uid, said.message_id, "x>"):
        assert gone not in kept
    assert (row.outcome, row.stamped_at) == ("applied", said.stamped_at)
    assert AuditEntry.objects.get(pk=row.entry_id).verb == "answer_catch_up"
