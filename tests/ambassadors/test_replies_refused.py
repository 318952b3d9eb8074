"""Answers by mail to what a desk arranged that do not count: the right person is told, nobody else."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from proxeny.accounts.models import Seat
from proxeny.ambassadors.models import Introduction, Side, TimeOption
from proxeny.ambassadors.operations.booking import (
    answer_times_by_link,
    book_directly,
    call_off_booking,
    cancel_by_link,
)
from proxeny.ambassadors.operations.introductions import reassign_introductions
from proxeny.kernel.mail import _name_of
from proxeny.kernel.models import Mail
from proxeny.meetings.models import Meeting
from proxeny.partnerships.models import Partnership
from tests.ambassadors.answering import (
    ACCEPTED,
    DECLINED,
    SIDES,
    answers,
    deeds,
    flush,
    said,
    stands,
    who,
)
from tests.ambassadors.desk import CLAIRE, FIRST, SECOND, by_link, do, token_in
from tests.kernel.letters import bounce, calendar, letter
from tests.meetings.answering import (
    LATER,
    html_of,
    read_box,
    said_by,
    send_all,
    subject_of,
    text_of,
)

pytestmark = pytest.mark.django_db
EVE = "eve@evil.example"


# What does not count.


@SIDES
@pytest.mark.parametrize("answer", [ACCEPTED, DECLINED, "TENTATIVE", "DELEGATED", "COUNTER"])
def test_an_answer_to_a_meeting_that_was_called_off_is_told_back_once(
    world, case, mails, box, inbox, role, answer
):
    one = said(world, case, role, answer="TENTATIVE" if answer == "COUNTER" else answer)
    if answer == "COUNTER":
        one = one.but(method="COUNTER", starts_at=SECOND)
    before = answers(case)
    do(world.a.ambassador, call_off_booking, introduction_id=case.pk, why="The hall is closed.")
    flush(inbox)
    assert read_box(box, letter(one)) == {"closed": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == who(world, role).email
    meeting = Meeting.objects.get(pk=case.meeting_id)
    assert {one.answer for one in meeting.parties.all()} == set(before)
    # There is another time to be found: the link leads there.
    by_link(answer_times_by_link, token=token_in(told), suits=[])
    flush(inbox)
    assert read_box(box, letter(one.but(message_id="<again@x>"))) == {"closed": 1}
    assert send_all(inbox) == {}


@SIDES
def test_when_nothing_is_left_to_answer_there_is_no_link(world, case, mails, box, inbox, role):
    one = said(world, case, role)
    link = token_in(*(mail for mail in inbox.messages if mail["To"] == CLAIRE.email))
    by_link(cancel_by_link, token=link, why="We sold the firm.", for_good=True)
    flush(inbox)
    assert read_box(box, letter(one)) == {"closed": 1}
    told = send_all(inbox)
    assert set(told) == {one.sender}
    assert "/answer/" not in text_of(told[one.sender])


@SIDES
def test_an_answer_for_an_earlier_time_is_told_back_with_the_new_one(
    world, case, mails, box, inbox, role
):
    one = said(world, case, role, answer=DECLINED)
    do(
        world.a.ambassador,
        book_directly,
        introduction_id=case.pk,
        starts_at=SECOND,
        time_zone="Europe/Paris",
        why="By phone",
    )
    flush(inbox)
    assert read_box(box, letter(one)) == {"moved": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == one.sender
    assert "09:00" in text_of(told)
    assert "/answer/" in text_of(told)
    assert answers(case) == (ACCEPTED, ACCEPTED)


def test_words_to_somebody_without_an_account_are_in_their_language_and_zone(
    world, case, mails, box, inbox
):
    one = said(world, case, "stakeholder", answer=DECLINED)
    do(
        world.a.ambassador,
        book_directly,
        introduction_id=case.pk,
        starts_at=SECOND,
        time_zone="Europe/Athens",
        why="By phone",
    )
    flush(inbox)
    read_box(box, letter(one))
    (told,) = send_all(inbox).values()
    text = text_of(told)
    assert text.startswith("Bonjour Claire Fontaine,")
    assert "mardi 16 mars 2083" in text
    assert "09:00–09:45 (Paris)" in text
    assert "Proxeny" in html_of(told)


@pytest.mark.parametrize("sender", ["stranger", "b.ambassador", "b.manager", "other member"])
def test_a_wrong_sender_is_told_to_who_is_in_charge_and_to_nobody_else(
    world, case, mails, box, inbox, sender
):
    person = {
        "stranger": SimpleNamespace(email=EVE, name="Eve", pk=None),
        "b.ambassador": world.b.ambassador,
        "b.manager": world.b.manager,
        "other member": world.a.representatives[1],
    }[sender]
    one = said_by(person, case.meeting, answer=DECLINED, comment="https://evil.example/x")
    assert read_box(box, letter(one)) == {"stranger": 1}
    assert (answers(case), stands(case), deeds(case)) == ((ACCEPTED, ACCEPTED), True, [])
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.ambassador.email
    assert subject_of(told).startswith("An answer from an unknown address: ")
    assert f"The sender is given as: {person.email}" in text_of(told)
    assert "https://evil" not in text_of(told) + html_of(told)
    assert f"/partnerships/{world.partnership.pk}/desk/{case.pk}/" in text_of(told)
    assert "because you work at the ambassador’s desk" in html_of(told)
    assert read_box(box, letter(one.but(message_id="<2@x>"))) == {"stranger": 1}
    assert send_all(inbox) == {}


def test_a_stranger_answers_in_nobodys_name(world, case, mails, box, inbox):
    one = said(world, case, "stakeholder", answer=DECLINED)
    raw = letter(one.but(sender=EVE), calendar(one))
    assert read_box(box, raw) == {"stranger": 1}
    assert answers(case) == (ACCEPTED, ACCEPTED)
    assert set(send_all(inbox)) == {world.a.ambassador.email}


def test_where_nobody_is_in_charge_all_at_the_desk_hear_of_a_stranger(
    world, case, mails, box, inbox
):
    Introduction.objects.filter(pk=case.pk).update(in_charge=None)
    raw = letter(said_by(SimpleNamespace(email=EVE, name="Eve", pk=None), case.meeting))
    assert read_box(box, raw) == {"stranger": 1}
    assert set(send_all(inbox)) == {world.a.ambassador.email, world.a.manager.email}


def test_of_who_was_erased_neither_address_nor_words_come_back(world, case, mails, box, inbox):
    one = said(world, case, "stakeholder", comment="My words")
    Side.objects.filter(introduction=case, role="stakeholder").update(
        name="Erased person", email=""
    )
    assert read_box(box, letter(one)) == {"stranger": 1}
    (told,) = send_all(inbox).values()
    for gone in (one.sender, "My words"):
        assert gone not in text_of(told) + html_of(told)


@SIDES
def test_what_the_own_server_calls_forged_is_told_to_whom_it_names(
    world, case, mails, box, inbox, settings, role
):
    settings.INBOX_JUDGE = "mx.proxeny.example"
    results = b"Authentication-Results: mx.proxeny.example; dmarc=fail header.from=x.example\r\n"
    one = said(world, case, role, answer=DECLINED)
    assert read_box(box, results + letter(one)) == {"forged": 1}
    assert (answers(case), deeds(case)) == ((ACCEPTED, ACCEPTED), [])
    (told,) = send_all(inbox).values()
    assert told["To"] == one.sender
    assert "/answer/" in text_of(told)


@SIDES
@pytest.mark.parametrize(
    "changes",
    [
        {"ATTENDEE": ""},
        {"SEQUENCE": "SEQUENCE:many"},
        {"END": ""},
    ],
)
def test_a_broken_calendar_is_told_to_who_was_asked_once(
    world, case, mails, box, inbox, role, changes
):
    one = said(world, case, role, answer=DECLINED)
    for number in (1, 2):
        raw = letter(one.but(message_id=f"<{number}@x>"), calendar(one, **changes))
        assert read_box(box, raw) == {"not-understood": 1}
    (told,) = send_all(inbox).values()
    assert told["To"] == one.sender
    by_link(answer_times_by_link, token=token_in(told), suits=[])
    assert answers(case) == (ACCEPTED, ACCEPTED)


def test_a_broken_calendar_of_a_stranger_is_told_to_nobody(world, case, mails, box, inbox):
    one = said(world, case, "stakeholder")
    raw = letter(one.but(sender=EVE), calendar(one, ATTENDEE=""))
    assert read_box(box, raw) == {"not-understood": 1}
    assert send_all(inbox) == {}


def test_who_has_left_the_organisation_answers_nothing_and_the_desk_hears_it(
    world, case, mails, box, inbox
):
    me = world.a.representatives[0]
    Seat.objects.filter(person=me).update(ends_on=LATER.date() - timedelta(days=1))
    one = said(world, case, "member", answer=DECLINED)
    assert read_box(box, letter(one)) == {"closed": 1}
    assert answers(case) == (ACCEPTED, ACCEPTED)
    told = send_all(inbox)
    assert "You’re no longer taking part." in text_of(told[me.email])
    assert "/answer/" not in text_of(told[me.email])
    assert "no longer has a role at" in text_of(told[world.a.ambassador.email])


@SIDES
def test_an_ended_partnership_takes_no_answer(world, case, mails, box, inbox, role):
    Partnership.objects.filter(pk=world.partnership.pk).update(state=Partnership.State.ENDED)
    assert read_box(box, letter(said(world, case, role, answer=DECLINED))) == {"closed": 1}
    assert answers(case) == (ACCEPTED, ACCEPTED)
    assert set(send_all(inbox)) == {who(world, role).email}


@SIDES
def test_what_is_over_takes_no_answer(world, case, mails, box, inbox, role):
    one = said(world, case, role, answer=DECLINED)
    after = FIRST + timedelta(hours=2)
    assert read_box(box, letter(one), now=after) == {"closed": 1}
    assert answers(case) == (ACCEPTED, ACCEPTED)


@SIDES
def test_what_has_begun_is_not_moved(world, case, mails, box, inbox, role):
    one = said(world, case, role, method="COUNTER", answer="TENTATIVE", starts_at=SECOND)
    assert read_box(box, letter(one), now=FIRST + timedelta(minutes=10)) == {"closed": 1}
    assert not TimeOption.objects.filter(introduction=case, withdrawn_at=None).exists()
    assert set(send_all(inbox)) == {one.sender}


# Who looks after it.


def test_a_no_of_the_ambassador_is_noted_and_told_to_the_colleagues(world, case, mails, box, inbox):
    me = world.a.ambassador
    one = said_by(me, case.meeting, answer=DECLINED, comment="My train is cancelled")
    assert read_box(box, letter(one)) == {"applied": 1}
    assert (answers(case), stands(case)) == ((ACCEPTED, ACCEPTED), True)
    assert deeds(case) == [
        (
            "answer_booking",
            me.pk,
            {"desk": ["", DECLINED]},
            "My train is cancelled",
        )
    ]
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.manager.email
    assert f"{me.name}, who’s in charge, declined" in text_of(told)
    yes = said_by(me, case.meeting, message_id="<yes@x>", stamped_at=LATER + timedelta(minutes=1))
    assert read_box(box, letter(yes), now=LATER + timedelta(hours=1)) == {"applied": 1}
    assert send_all(inbox) == {}


def test_the_ambassador_moves_a_meeting_on_its_page(world, case, mails, box, inbox):
    one = said_by(world.a.ambassador, case.meeting, method="COUNTER", starts_at=SECOND)
    assert read_box(box, letter(one)) == {"closed": 1}
    assert not TimeOption.objects.filter(introduction=case, withdrawn_at=None).exists()
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.ambassador.email
    assert "You’re in charge of this meeting, so propose other times on its page." in text_of(told)
    assert "Open the introduction: http" in text_of(told)


def test_who_looked_after_it_before_is_nobody_now(world, case, mails, box, inbox):
    do(
        world.a.manager,
        reassign_introductions,
        introduction_ids=[case.pk],
        person_id=world.a.manager.pk,
        why="On leave",
    )
    flush(inbox)
    raw = letter(said_by(world.a.ambassador, case.meeting, answer=DECLINED))
    assert read_box(box, raw) == {"stranger": 1}
    assert set(send_all(inbox)) == {world.a.manager.email}


# What came back.


@SIDES
def test_a_mail_that_came_back_marks_the_side_and_is_told_to_the_desk_once(
    world, case, mails, box, inbox, role
):
    email = who(world, role).email
    for status in ("5.1.1", "5.2.2"):
        box.deliver(bounce(mails[email]["Message-ID"], status=status))
    older = Mail.objects.filter(recipient=email).exclude(calendar_method="REQUEST").first()
    box.deliver(bounce(_name_of(older), status="5.1.10"))
    assert read_box(box) == {"bounce": 3}
    marked = dict(Side.objects.filter(introduction=case).values_list("role", "bounced_at"))
    assert [name for name, at in marked.items() if at] == [role]
    assert marked[role] == LATER
    assert deeds(case) == [("mark_bounce", None, {"roles": ["", role]}, "")]
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.ambassador.email
    assert "bounced. Find another address." in text_of(told)


def test_a_mail_to_who_was_asked_before_marks_nobody(world, case, mails, box, inbox):
    Side.objects.filter(introduction=case, role="stakeholder").update(email="new@buyer.example")
    box.deliver(bounce(mails[CLAIRE.email]["Message-ID"]))
    assert read_box(box) == {"bounce": 1}
    assert not Side.objects.exclude(bounced_at=None).exists()
    assert send_all(inbox) == {}


def test_a_mail_to_the_ambassador_that_came_back_is_told_to_the_managers_once_a_day(
    world, case, mails, box, inbox
):
    mine = Mail.objects.filter(recipient=world.a.ambassador.email).exclude(sent_at=None)
    for number, mail in enumerate(mine[:3]):
        back = bounce(_name_of(mail), status=f"5.1.{number}")
        assert read_box(box, back, now=LATER + timedelta(hours=number)) == {"bounce": 1}
    assert not Side.objects.exclude(bounced_at=None).exists()
    (told,) = send_all(inbox).values()
    assert told["To"] == world.a.manager.email
    assert f"An email to {world.a.ambassador.name}, who works at this desk, bounced." in text_of(
        told
    )
    # And so no two at a desk are told of each other for ever.
    back = bounce(told["Message-ID"], status="5.7.1")
    assert read_box(box, back, now=LATER + timedelta(hours=9)) == {"bounce": 1}
    assert send_all(inbox) == {}
