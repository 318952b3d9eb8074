"""From a case that is noted to a meeting that is rated, by operations alone."""

from datetime import timedelta

import icalendar
import pytest

from proxeny.ambassadors.models import Introduction, Link, TimeOption
from proxeny.ambassadors.operations.booking import (
    Proposal,
    answer_for_desk,
    answer_times_by_link,
    call_off_booking,
    cancel_by_link,
)
from proxeny.ambassadors.operations.introductions import (
    close_introduction,
    note_introduction,
    reopen_introduction,
)
from proxeny.ambassadors.operations.ratings import rate_by_link
from proxeny.ambassadors.operations.reminders import close_day
from proxeny.ambassadors.operations.wishes import answer_wish_by_link, ask_sides
from proxeny.ambassadors.queries.cases import Contact, get_case
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting, Rating
from tests.ambassadors.desk import (
    CLAIRE,
    FIRST,
    NOW,
    SECOND,
    agree,
    ask,
    book,
    by_link,
    do,
    facts,
    note,
    offer,
    token,
    tokens,
)
from tests.conftest import reader_of

pytestmark = pytest.mark.django_db
State = Introduction.State


def _state(case):
    return Introduction.objects.get(pk=case.pk).state


def _calendars(email):
    mails = Mail.objects.filter(recipient=email).exclude(calendar="").order_by("pk")
    return [icalendar.Calendar.from_ical(one.calendar) for one in mails]


def test_nobody_is_asked_by_noting(world):
    case = note(world)
    assert (case.state, case.in_charge_id) == (State.NOTED, world.a.ambassador.pk)
    assert not Mail.objects.exists()


def test_both_are_asked_and_a_time_is_found_when_both_say_yes(world):
    case = note(world)
    ask(case, world)
    assert _state(case) == State.ASKING
    by_link(answer_wish_by_link, token=token(CLAIRE.email), wants=True)
    assert _state(case) == State.ASKING
    by_link(answer_wish_by_link, token=token(world.a.representatives[0].email), wants=True)
    assert _state(case) == State.FINDING
    told = Mail.objects.filter(recipient=world.a.ambassador.email).order_by("pk")
    assert [one.key.split(":")[2] for one in told] == ["news-yes", "news-both"]
    # Whoever says yes second reads that both want to, and not that the other has still to say so.
    receipts = Mail.objects.filter(key__contains=":kept-").order_by("pk")
    assert [one.key.split(":")[2] for one in receipts] == ["kept-yes", "kept-both"]
    assert "You’d both like to meet" in receipts[1].text


def test_who_declines_closes_it_and_the_other_hears_no_reason(world):
    case = note(world)
    ask(case, world)
    by_link(answer_wish_by_link, token=token(CLAIRE.email), wants=False, why="We buy no more.")
    case.refresh_from_db()
    assert (case.state, case.closed_by, case.closed_why) == (
        State.CLOSED,
        "stakeholder",
        "We buy no more.",
    )
    texts = Mail.objects.filter(recipient=world.a.representatives[0].email)
    assert texts.last().key.split(":")[2] == "ended"
    assert not texts.filter(text__contains="We buy no more.").exists()
    desk = Mail.objects.filter(recipient=world.a.ambassador.email).last()
    assert "We buy no more." in desk.text


def test_the_first_time_that_suits_all_three_is_booked(world):
    case = note(world)
    agree(case, world)
    first, second = offer(case, world)
    by_link(answer_times_by_link, token=token(CLAIRE.email), suits=[first, second])
    assert _state(case) == State.FINDING
    by_link(answer_times_by_link, token=token(world.a.representatives[0].email), suits=[second])
    case.refresh_from_db()
    meeting = case.meeting
    assert (case.state, meeting.starts_at, meeting.state) == (
        State.BOOKED,
        SECOND,
        Meeting.State.CONFIRMED,
    )
    assert (meeting.desk_id, meeting.arranged_by_id) == (world.a.cluster.pk, world.a.ambassador.pk)
    for email in (CLAIRE.email, world.a.representatives[0].email, world.a.ambassador.email):
        (calendar,) = _calendars(email)
        (event,) = calendar.events
        assert (calendar["METHOD"], event["UID"], int(event["SEQUENCE"])) == (
            "REQUEST",
            meeting.uid,
            0,
        )
        assert [str(one) for one in [event["ATTENDEE"]]] == [f"mailto:{email}"]


def test_another_time_is_proposed_accepted_by_the_desk_and_asked_of_the_other(world):
    case = note(world)
    agree(case, world)
    offer(case, world)
    third = FIRST + timedelta(days=3)
    by_link(
        answer_times_by_link,
        token=token(CLAIRE.email),
        suits=[],
        proposal=Proposal(third, note="After the fair"),
    )
    option = TimeOption.objects.get(introduction=case, starts_at=third)
    assert (option.desk, option.member, option.stakeholder) == (None, None, True)
    asked = len(tokens(world.a.representatives[0].email))
    do(
        world.a.ambassador,
        answer_for_desk,
        introduction_id=case.pk,
        option_id=option.pk,
        suits=True,
    )
    assert len(tokens(world.a.representatives[0].email)) == asked + 1
    by_link(answer_times_by_link, token=token(world.a.representatives[0].email), suits=[option.pk])
    case.refresh_from_db()
    assert (case.state, case.meeting.starts_at) == (State.BOOKED, third)


def test_a_booked_meeting_is_moved_under_the_same_name(world):
    case = book(note(world), world)
    uid = case.meeting.uid
    later = FIRST + timedelta(days=7)
    (option,) = offer(case, world, later)
    for email in (CLAIRE.email, world.a.representatives[0].email):
        by_link(answer_times_by_link, token=token(email), suits=[option])
    event = _calendars(CLAIRE.email)[-1].events[0]
    assert (event["UID"], int(event["SEQUENCE"]), event.start) == (uid, 1, later)


def test_who_cannot_come_gives_the_reason_to_the_desk_alone(world):
    case = book(note(world), world)
    meeting = case.meeting_id
    by_link(cancel_by_link, token=token(CLAIRE.email), why="I am ill.", for_good=False)
    case.refresh_from_db()
    assert (case.state, case.meeting_id) == (State.FINDING, None)
    assert Meeting.objects.get(pk=meeting).state == Meeting.State.CANCELLED
    calendar = _calendars(world.a.representatives[0].email)[-1]
    assert (calendar["METHOD"], int(calendar.events[0]["SEQUENCE"])) == ("CANCEL", 1)
    texts = Mail.objects.filter(recipient=world.a.representatives[0].email)
    assert not texts.filter(text__contains="I am ill.").exists()


def test_after_the_meeting_both_are_asked_and_answer_by_link(world):
    case = book(note(world), world)
    after = FIRST + timedelta(hours=2)
    assert close_day(case.pk, now=after) == 2
    assert close_day(case.pk, now=after) == 0
    by_link(rate_by_link, token=token(CLAIRE.email), value="possible", now=after)
    case.refresh_from_db()
    assert (case.state, case.meeting.state) == (State.MET, Meeting.State.HELD)
    rating = Rating.objects.get()
    assert (rating.value, rating.party.organisation_id) == ("possible", world.b.members[0].pk)


def test_a_link_is_for_one_thing(world):
    case = note(world)
    ask(case, world)
    secret = token(CLAIRE.email)
    with pytest.raises(Conflict):
        by_link(answer_times_by_link, token=secret, suits=[])
    for wrong in (secret[:-1], secret + "a", secret.swapcase(), ""):
        with pytest.raises(NotFound):
            by_link(answer_wish_by_link, token=wrong, wants=True)
    with pytest.raises(NotFound):
        by_link(answer_wish_by_link, token=secret, wants=True, now=NOW + timedelta(days=21))
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="Not now.")
    with pytest.raises(NotFound):
        by_link(answer_wish_by_link, token=secret, wants=True)
    assert not Link.objects.filter(closed_at=None).exists()


def test_who_may_work_at_the_desk(world):
    case = note(world)
    pair = {"member_id": world.a.members[1].pk, "stakeholder_id": world.b.members[0].pk}
    new = {"partnership_id": world.partnership.pk, "facts": facts(world), **pair}
    for person in (
        world.b.manager,
        world.b.ambassador,
        world.a.representatives[0],
        world.c.manager,
    ):
        with pytest.raises((NotAllowed, NotFound)):
            do(person, ask_sides, introduction_id=case.pk)
        with pytest.raises((NotAllowed, NotFound, InvalidInput)):
            do(person, note_introduction, **new)
    assert Introduction.objects.count() == 1


def test_a_closed_case_is_taken_up_again(world):
    case = book(note(world), world)
    with pytest.raises(InvalidInput):
        do(world.a.ambassador, call_off_booking, introduction_id=case.pk, why=" ")
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="The fair is off.")
    do(world.a.ambassador, reopen_introduction, introduction_id=case.pk)
    assert _state(case) == State.NOTED
    ask(case, world)
    assert _state(case) == State.ASKING


def test_why_somebody_declined_is_read_by_the_desk_alone(world):
    case = note(world)
    ask(case, world)
    by_link(answer_wish_by_link, token=token(CLAIRE.email), wants=False, why="We buy no more.")
    readers = {
        "We buy no more.": (world.a.ambassador, world.a.manager),
        "": (world.a.representatives[0], world.b.representatives[0]),
    }
    for text, people in readers.items():
        for person in people:
            with acting_as(WEB, reader_of(person)):
                assert get_case(case.pk).closed_why == text
    with acting_as(WEB, reader_of(world.b.manager)), pytest.raises(NotFound):
        get_case(case.pk)


def test_nobody_is_named_who_has_no_seat_there(world):
    stranger = world.c.manager
    with pytest.raises(InvalidInput):
        note(world, stakeholder_contact=Contact(stranger.name, "", person_id=stranger.pk))
    assert not Introduction.objects.exists()


def test_nothing_is_agreed_once_the_partnership_has_ended(world):
    case, other = note(world), note(world, stakeholder_id=world.b.members[1].pk)
    agree(case, world)
    first, *_rest = offer(case, world)
    times = token(CLAIRE.email)
    ask(other, world)
    world.partnership.state = "ended"
    world.partnership.save()
    with pytest.raises(Conflict):
        by_link(answer_times_by_link, token=times, suits=[first])
    with pytest.raises(Conflict):
        by_link(answer_wish_by_link, token=token(CLAIRE.email), wants=True)
    assert (_state(case), _state(other)) == (State.FINDING, State.ASKING)
