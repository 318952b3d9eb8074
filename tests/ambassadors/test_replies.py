"""Answers by mail to what a desk arranged: by a member, and by somebody without an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.accounts.models import Person
from proxeny.ambassadors.models import Side, TimeOption
from proxeny.ambassadors.operations.booking import (
    answer_for_desk,
    answer_times_by_link,
    book_directly,
)
from proxeny.ambassadors.operations.wishes import answer_wish_by_link, ask_sides
from proxeny.ambassadors.queries.cases import Contact
from proxeny.kernel import audit
from proxeny.kernel.models import AuditEntry, Mail
from tests.ambassadors.answering import (
    ACCEPTED,
    DECLINED,
    SIDES,
    WAITING,
    answers,
    deeds,
    flush,
    said,
    stands,
    who,
)
from tests.ambassadors.desk import (
    CLAIRE,
    FIRST,
    NOW,
    SECOND,
    book,
    by_link,
    do,
    note,
    offer,
    token,
    token_in,
)
from tests.kernel.inboxes import imap_server, smtp_into
from tests.kernel.letters import PROGRAMS, calendar, letter, outlook
from tests.meetings.answering import LATER, Client, read_box, send_all, text_of

pytestmark = pytest.mark.django_db


# An answer.


@SIDES
def test_a_no_is_marked_and_told_to_the_desk_alone_and_calls_nothing_off(
    world, case, mails, box, inbox, role
):
    no = said(world, case, role, answer=DECLINED, comment="We are at a fair")
    assert read_box(box, letter(no)) == {"applied": 1}
    assert answers(case) == ((DECLINED, ACCEPTED) if role == "member" else (ACCEPTED, DECLINED))
    assert stands(case)
    assert deeds(case) == [
        (
            "answer_booking",
            who(world, role).pk,
            {role: [ACCEPTED, DECLINED]},
            "We are at a fair",
        )
    ]
    entry = AuditEntry.objects.get(verb="answer_booking")
    # The desk's own cluster reads it; the other side's teams do not.
    assert (entry.organisation_id, entry.partnership_id) == (world.a.cluster.pk, None)
    told = send_all(inbox)
    assert set(told) == {world.a.ambassador.email}
    text = text_of(told[world.a.ambassador.email])
    side = case.sides.get(role=role)
    assert f"({side.organisation.name}) declined the invitation by email." in text
    assert "We are at a fair" in text
    assert f"/partnerships/{world.partnership.pk}/desk/{case.pk}/" in text
    assert str(audit.sentences()["answer_booking"]) == "Answered the invitation by email"


@SIDES
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_of_each_program_counts(world, case, mails, box, role, program):
    raw = PROGRAMS[program](said(world, case, role, answer=DECLINED))
    assert read_box(box, raw) == {"applied": 1}
    assert DECLINED in answers(case)


@SIDES
@pytest.mark.parametrize("library", ["with_icalendar", "with_vobject"])
def test_an_answer_that_a_client_composes_from_our_invitation_counts(
    world, case, mails, box, role, library
):
    client = Client(mails[who(world, role).email])
    assert read_box(box, getattr(client, library)(DECLINED)) == {"applied": 1}
    assert DECLINED in answers(case)


def test_the_whole_way_by_smtp_into_a_mail_server(world, inbox, settings, tmp_path, monkeypatch):
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    with imap_server(tmp_path) as (box, trusted), smtp_into(box) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        settings.INBOX_URL = box.url
        case = book(note(world), world)
        mails = flush(inbox)
        for role, answer in (("member", ACCEPTED), ("stakeholder", DECLINED)):
            email = who(world, role).email
            message = Client(mails[email]).with_icalendar(answer)
            post(message.as_bytes().replace(b"\n", b"\r\n"), sender=email)
        assert read_box(box) == {"applied": 2}
        assert box.names() == {"Processed": 2}
    assert answers(case) == (ACCEPTED, DECLINED)


def test_a_yes_that_was_given_before_changes_and_tells_nothing(world, case, mails, box, inbox):
    assert read_box(box, letter(said(world, case, "stakeholder"))) == {"applied": 1}
    assert (answers(case), deeds(case), send_all(inbox)) == ((ACCEPTED, ACCEPTED), [], {})
    later = said(world, case, "stakeholder", answer="NEEDS-ACTION", message_id="<2@x>")
    assert read_box(box, letter(later)) == {"applied": 1}
    assert (answers(case), send_all(inbox)) == ((ACCEPTED, ACCEPTED), {})


def test_who_changes_their_mind_is_told_each_time_and_not_for_ever(world, case, mails, box, inbox):
    heard = []
    for number in range(14):
        one = said(
            world,
            case,
            "stakeholder",
            answer=(DECLINED, ACCEPTED)[number % 2],
            message_id=f"<{number}@x>",
            stamped_at=LATER + timedelta(minutes=number),
        )
        assert read_box(box, letter(one), now=LATER + timedelta(hours=1)) == {"applied": 1}
        heard += [text_of(one) for one in send_all(inbox).values()]
    assert answers(case) == (ACCEPTED, ACCEPTED)
    assert len(deeds(case)) == 14
    assert len(heard) == 10
    assert "is coming after all" in heard[1]


def test_of_two_answers_without_an_account_the_one_given_later_stands(world, case, mails, box):
    no = said(
        world,
        case,
        "stakeholder",
        answer=DECLINED,
        message_id="<no@x>",
        stamped_at=LATER + timedelta(minutes=5),
    )
    yes = said(world, case, "stakeholder", message_id="<yes@x>")
    now = LATER + timedelta(hours=1)
    assert read_box(box, letter(no), now=now) == {"applied": 1}
    assert read_box(box, letter(yes), now=now) == {"older": 1}
    assert answers(case) == (ACCEPTED, DECLINED)
    # The other side's clock is its own.
    assert read_box(box, letter(said(world, case, "member", message_id="<m@x>")), now=now) == {
        "applied": 1
    }


def test_two_without_an_account_are_not_taken_for_each_other(world, box, inbox):
    nikos = Contact("Nikos", "nikos@member.example", "el", "Europe/Athens")
    case = note(world, member_contact=nikos)
    do(world.a.ambassador, ask_sides, introduction_id=case.pk)
    for one in (nikos, CLAIRE):
        by_link(answer_wish_by_link, token=token(one.email), wants=True)
    do(
        world.a.ambassador,
        book_directly,
        introduction_id=case.pk,
        starts_at=FIRST,
        time_zone="Europe/Paris",
        why="By phone",
    )
    case.refresh_from_db()
    flush(inbox)
    now = LATER + timedelta(hours=1)
    later = said(
        world,
        case,
        "stakeholder",
        answer=DECLINED,
        message_id="<1@x>",
        stamped_at=LATER + timedelta(minutes=5),
    )
    earlier = said(world, case, "stakeholder", answer=DECLINED, message_id="<2@x>").but(
        sender=nikos.email, name=nikos.name
    )
    for one in (later, earlier):
        assert read_box(box, letter(one), now=now) == {"applied": 1}
    assert answers(case) == (DECLINED, DECLINED)
    broken = [one.but(message_id=f"<b{one.message_id[1:]}") for one in (later, earlier)]
    flush(inbox)
    for one in broken:
        read_box(box, letter(one, calendar(one, ATTENDEE="")), now=now)
    assert set(send_all(inbox)) == {nikos.email, CLAIRE.email}


@SIDES
@pytest.mark.parametrize(
    ("answer", "more", "words"),
    [
        ("TENTATIVE", "", "they may come"),
        (
            "DELEGATED",
            'DELEGATED-TO="mailto:emil@buyer.example"',
            "Person named: emil@buyer.example",
        ),
        ("DELEGATED", "CUTYPE=INDIVIDUAL", "add their name and address to the introduction"),
    ],
)
def test_maybe_and_somebody_else_wait_and_are_told_to_the_desk(
    world, case, mails, box, inbox, role, answer, more, words
):
    one = said(world, case, role, answer=answer)
    line = f"ATTENDEE;PARTSTAT={answer};{more or 'CUTYPE=INDIVIDUAL'}:mailto:{one.sender}"
    assert read_box(box, letter(one, calendar(one, ATTENDEE=line))) == {"applied": 1}
    assert WAITING in answers(case)
    assert stands(case)
    told = send_all(inbox)
    assert set(told) == {world.a.ambassador.email}
    assert words in text_of(told[world.a.ambassador.email])
    # Nobody is asked by that.
    assert not Mail.objects.filter(recipient="emil@buyer.example").exists()
    assert Side.objects.filter(introduction=case, email="emil@buyer.example").count() == 0


def test_the_trail_tells_who_answered_what(world, case, mails, box, client):
    """A manager of the desk's cluster reads it, in words."""
    for number, (role, answer) in enumerate([("member", "TENTATIVE"), ("stakeholder", DECLINED)]):
        one = said(world, case, role, answer=answer, message_id=f"<{number}@x>")
        read_box(box, letter(one))
    client.force_login(world.a.manager.account)
    page = client.get(f"/history/introduction/{case.pk}/")
    words = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "Answered the invitation by email Stakeholder: Accepted Declined" in words
    assert "Answered the invitation by email Member: Accepted May attend" in words
    client.force_login(world.b.manager.account)
    assert client.get(f"/history/introduction/{case.pk}/").status_code == 404


# Another time.


@SIDES
def test_another_time_becomes_a_proposal_and_moves_nothing(world, case, mails, box, inbox, role):
    one = said(
        world,
        case,
        role,
        method="COUNTER",
        answer="TENTATIVE",
        minutes=60,
        starts_at=SECOND,
        comment="After the fair",
    )
    assert read_box(box, letter(one)) == {"applied": 1}
    assert stands(case)
    option = TimeOption.objects.get(introduction=case, withdrawn_at=None)
    assert (option.starts_at, option.ends_at) == (SECOND, SECOND + timedelta(hours=1))
    assert (option.proposed_by, option.note, option.time_zone) == (
        role,
        "After the fair",
        "Europe/Paris",
    )
    assert [option.desk, option.member, option.stakeholder] == [
        None,
        True if role == "member" else None,
        True if role == "stakeholder" else None,
    ]
    assert deeds(case) == [
        (
            "propose_time",
            who(world, role).pk,
            {role: ["", SECOND.isoformat()]},
            "",
        )
    ]
    told = send_all(inbox)
    # The side gets a receipt, in case it was not them.
    assert set(told) == {world.a.ambassador.email, who(world, role).email}
    text = text_of(told[world.a.ambassador.email])
    assert "is asking for another time. The meeting stays as it is until you agree." in text
    assert "Tuesday 16 March 2083, 09:00–10:00 (Paris)" in text
    assert "After the fair" in text


def test_a_proposal_that_the_desk_and_the_other_agree_to_moves_the_meeting(
    world, case, mails, box, inbox
):
    no = said(world, case, "stakeholder", answer=DECLINED, message_id="<no@x>")
    read_box(box, letter(no))
    one = said(
        world,
        case,
        "stakeholder",
        method="COUNTER",
        starts_at=SECOND,
        message_id="<c@x>",
        stamped_at=LATER + timedelta(minutes=1),
    )
    assert read_box(box, letter(one), now=LATER + timedelta(hours=1)) == {"applied": 1}
    option = TimeOption.objects.get(introduction=case, withdrawn_at=None)
    do(
        world.a.ambassador,
        answer_for_desk,
        introduction_id=case.pk,
        option_id=option.pk,
        suits=True,
    )
    by_link(answer_times_by_link, token=token(world.a.representatives[0].email), suits=[option.pk])
    case.refresh_from_db()
    assert (case.meeting.starts_at, case.meeting.sequence) == (SECOND, 1)
    # Who said no to the time before has agreed to this one.
    assert answers(case) == (ACCEPTED, ACCEPTED)


@SIDES
def test_outlook_proposes_and_declines_at_once(world, case, mails, box, inbox, role):
    one = said(world, case, role, method="COUNTER", answer=DECLINED, starts_at=SECOND)
    assert read_box(box, outlook(one, zone="Customized Time Zone")) == {"applied": 1}
    assert DECLINED in answers(case)
    assert [verb for verb, *_rest in deeds(case)] == ["propose_time", "answer_booking"]
    assert stands(case)


@pytest.mark.parametrize(
    ("local", "shown"),
    [
        # Europe's clocks go forward on 28 March 2083 and back on 31 October.
        ("20830328T023000", "Sunday 28 March 2083, 03:30"),
        ("20831031T023000", "Sunday 31 October 2083, 02:30"),
    ],
)
def test_a_proposal_in_an_hour_that_is_jumped_over_or_comes_twice(
    world, case, mails, box, inbox, local, shown
):
    """RFC 5545 §3.3.5: before the jump as clocks would have gone on; of two hours the first."""
    one = said(world, case, "stakeholder", method="COUNTER", answer="TENTATIVE")
    body = calendar(one, DTSTART=f"DTSTART;TZID=Europe/Paris:{local}", DTEND="DURATION:PT45M")
    assert read_box(box, letter(one, body)) == {"applied": 1}
    option = TimeOption.objects.get(introduction=case, withdrawn_at=None)
    assert (
        option.starts_at
        == {
            "20830328T023000": datetime(2083, 3, 28, 1, 30, tzinfo=UTC),
            "20831031T023000": datetime(2083, 10, 31, 0, 30, tzinfo=UTC),
        }[local]
    )
    assert option.ends_at - option.starts_at == timedelta(minutes=45)
    Person.objects.filter(pk=world.a.ambassador.pk).update(time_zone="Europe/Paris")
    assert shown in text_of(send_all(inbox)[world.a.ambassador.email])


def _passed(world, case):
    return {"starts_at": NOW - timedelta(days=1)}, "This time has already passed."


def _too_far(world, case):
    return {"starts_at": FIRST + timedelta(days=500)}, "Propose a time within the next year."


def _too_long(world, case):
    return {"minutes": 600, "starts_at": SECOND}, "A meeting can last up to eight hours."


def _same(world, case):
    length = (case.meeting.ends_at - case.meeting.starts_at).total_seconds() // 60
    return {"minutes": int(length)}, "The meeting is already booked for this time."


def _known(world, case):
    offer(case, world, SECOND)
    return {"starts_at": SECOND}, "This time has already been proposed."


def _full(world, case):
    offer(case, world, *(SECOND + timedelta(hours=number) for number in range(8)))
    return {"starts_at": SECOND + timedelta(days=3)}, (
        "Enough times have already been proposed. Choose one of them."
    )


@SIDES
@pytest.mark.parametrize("bad", [_passed, _too_far, _too_long, _same, _known, _full])
def test_a_time_that_cannot_be_taken_is_answered_with_the_reason_and_a_link(
    world, case, mails, box, inbox, role, bad
):
    changes, why = bad(world, case)
    open_before = TimeOption.objects.filter(introduction=case, withdrawn_at=None).count()
    flush(inbox)
    one = said(world, case, role, method="COUNTER", answer="TENTATIVE", **changes)
    assert read_box(box, letter(one)) == {"closed": 1}
    told = send_all(inbox)
    assert set(told) == {who(world, role).email}
    text = text_of(told[who(world, role).email])
    if role == "member":
        assert f"\n{why}\n" in text
    assert stands(case)
    assert TimeOption.objects.filter(introduction=case, withdrawn_at=None).count() == open_before
    # The link in it works: nothing is lost.
    by_link(answer_times_by_link, token=token_in(told[who(world, role).email]), suits=[])


def test_a_proposal_without_a_time_that_can_be_read_is_told_back_with_a_link(
    world, case, mails, box, inbox
):
    one = said(world, case, "stakeholder", method="COUNTER", answer="TENTATIVE")
    raw = letter(one, calendar(one, DTSTART="DTSTART;VALUE=DATE:20830316"))
    assert read_box(box, raw) == {"not-understood": 1}
    told = send_all(inbox)
    assert set(told) == {CLAIRE.email}
    assert "/answer/" in text_of(told[CLAIRE.email])


def test_a_no_counts_though_the_time_proposed_with_it_cannot_be_taken(world, case, mails, box):
    one = said(
        world,
        case,
        "stakeholder",
        method="COUNTER",
        answer=DECLINED,
        starts_at=NOW - timedelta(days=1),
    )
    assert read_box(box, letter(one)) == {"applied": 1}
    assert answers(case) == (ACCEPTED, DECLINED)


def test_reading_an_answer_asks_the_database_as_often_for_one_case_as_for_many(
    world, case, mails, box
):
    def count(number):
        answer = (DECLINED, ACCEPTED)[number % 2]
        one = said(
            world,
            case,
            "stakeholder",
            answer=answer,
            message_id=f"<{number}@x>",
            stamped_at=LATER + timedelta(minutes=number),
        )
        with CaptureQueriesContext(connection) as found:
            assert read_box(box, letter(one), now=LATER + timedelta(hours=1)) == {"applied": 1}
        return len(found)

    count(0)
    count(1)
    alone = count(2)
    for number in (1, 2):
        note(world, member_id=world.a.members[number].pk)
    count(3)
    assert count(4) == alone
