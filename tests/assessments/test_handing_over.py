"""The handover meeting: invited, moved, called off, held, and what follows from it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from proxeny.accounts.models import Role
from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations.handing_over import (
    HandOverFacts,
    add_months,
    arrange_hand_over,
    call_off_hand_over,
    hand_over_without_meeting,
    note_handed_over,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.models import Mail
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.operations import rate_meeting
from proxeny.meetings.operations.asked import find_asked, was_invited
from proxeny.meetings.operations.replies import answer_meeting
from proxeny.meetings.operations.reply_mails import tell_news
from proxeny.meetings.queries import count_partnership_outcome, own_meetings
from tests.assessments.reporting import NOW, do, give, put_together, wall
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.forms import form_of
from tests.stages import staged

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
PLACE = "https://video.example/room"


@staged
def one(world):
    """An engagement whose report is out."""
    made = put_together(world)
    give(world, made)
    Mail.objects.all().delete()
    made.refresh_from_db()
    return made


def facts(world, *more, **changes):
    guests = (world.a.representatives[0].pk, world.a.ambassador.pk, world.b.ambassador.pk)
    values = {
        "starts_at": STARTS,
        "duration_min": 60,
        "time_zone": "Europe/Paris",
        "place": PLACE,
        "guests": (*guests, *more),
        **changes,
    }
    return HandOverFacts(**values)


def arrange(world, one, *more, now=NOW, **changes):
    one.refresh_from_db()
    return do(
        world.a.ambassador,
        arrange_hand_over,
        engagement_id=one.pk,
        version=one.version,
        facts=facts(world, *more, **changes),
        now=now,
    )


def test_all_who_come_are_invited_in_their_calendar(world, one):
    meeting = arrange(world, one)
    one.refresh_from_db()
    assert one.meeting == meeting
    assert (meeting.kind, meeting.state, meeting.place) == ("handover", "confirmed", PLACE)
    assert meeting.organisations == sorted(
        (world.a.members[0].pk, world.a.cluster.pk, world.b.cluster.pk)
    )
    rows = {row.person_id: row.answer for row in meeting.parties.all()}
    assert rows == {
        world.a.representatives[0].pk: "NEEDS-ACTION",
        world.b.ambassador.pk: "NEEDS-ACTION",
        world.a.ambassador.pk: "ACCEPTED",
    }
    mails = Mail.objects.order_by("recipient")
    assert [(mail.recipient, mail.calendar_method) for mail in mails] == sorted(
        (person.email, "REQUEST")
        for person in (world.a.representatives[0], world.a.ambassador, world.b.ambassador)
    )
    text = mails.get(recipient=world.a.representatives[0].email).calendar.replace("\r\n ", "")
    assert f"UID:{meeting.uid}" in text
    assert "SEQUENCE:0" in text
    assert "DTSTART:20261203T090000Z" in text
    assert f"SUMMARY:Handover of the report · {one.title}" in text
    assert f"/assessments/{one.pk}/report/" in text


def test_several_of_one_company_come(world, one):
    second = PersonFactory(name="Second of the company")
    SeatFactory(person=second, organisation=world.a.members[0], role=Role.REPRESENTATIVE)
    meeting = arrange(world, one, second.pk)
    own = meeting.parties.filter(organisation=world.a.members[0]).order_by("guest")
    assert [(row.guest, row.name) for row in own] == [
        (0, "Greek representative 1"),
        (1, "Second of the company"),
    ]


def test_a_new_time_asks_anew_and_who_need_not_come_is_told(world, one):
    meeting = arrange(world, one)
    MeetingParty.objects.filter(person=world.b.ambassador).update(answer="ACCEPTED")
    Mail.objects.all().delete()
    arrange(world, one)
    assert Mail.objects.count() == 0
    meeting.refresh_from_db()
    assert meeting.sequence == 0
    # Another place keeps the answers.
    arrange(world, one, place="Lyon")
    meeting.refresh_from_db()
    assert meeting.sequence == 1
    assert meeting.parties.get(person=world.b.ambassador).answer == "ACCEPTED"
    Mail.objects.all().delete()
    arrange(
        world,
        one,
        place="Lyon",
        starts_at=STARTS + timedelta(days=1),
        guests=(world.a.representatives[0].pk, world.a.ambassador.pk),
    )
    told = {mail.recipient: mail for mail in Mail.objects.all()}
    assert {who: mail.calendar_method for who, mail in told.items()} == {
        world.a.representatives[0].email: "REQUEST",
        world.a.ambassador.email: "REQUEST",
        world.b.ambassador.email: "CANCEL",
    }
    for mail in told.values():
        assert f"UID:{meeting.uid}" in mail.calendar.replace("\r\n ", "")
        assert "SEQUENCE:2" in mail.calendar
    assert told[world.b.ambassador.email].subject.startswith("You no longer need to attend")


def test_called_off_and_arranged_anew_under_the_same_name(world, one):
    meeting = arrange(world, one)
    one.refresh_from_db()
    Mail.objects.all().delete()
    values = {"engagement_id": one.pk, "seen": one.version, "now": NOW}
    with pytest.raises(InvalidInput, match="Give a reason in one sentence"):
        do(world.b.manager, call_off_hand_over, reason=" ", **values)
    do(world.b.manager, call_off_hand_over, reason="A strike.", **values)
    assert Mail.objects.filter(calendar_method="CANCEL").count() == 3
    assert "A strike." in Mail.objects.first().text
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence) == ("cancelled", 1)
    Mail.objects.all().delete()
    again = arrange(world, one)
    assert (again.pk, again.uid, again.state, again.sequence) == (
        meeting.pk,
        meeting.uid,
        "confirmed",
        2,
    )
    assert Mail.objects.filter(calendar_method="REQUEST").count() == 3


def test_what_is_no_meeting(world, one):
    stranger = world.c.representatives[0].pk
    for changes, field in (
        ({"starts_at": NOW - timedelta(hours=1)}, "starts_at"),
        ({"starts_at": NOW + timedelta(days=800)}, "starts_at"),
        ({"duration_min": 5}, "duration_min"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"place": " "}, "place"),
        ({"guests": ()}, "guests"),
        ({"guests": (world.a.ambassador.pk,)}, "guests"),
        ({"guests": (world.a.representatives[0].pk,)}, "guests"),
        ({"guests": (world.a.representatives[0].pk, world.a.ambassador.pk, stranger)}, "guests"),
    ):
        with pytest.raises(InvalidInput) as refused:
            arrange(world, one, **changes)
        assert refused.value.field == field, changes
    for person, refusal in (
        (world.a.representatives[0], NotAllowed),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(refusal):
            do(
                person,
                arrange_hand_over,
                engagement_id=one.pk,
                version=one.version,
                facts=facts(world),
                now=NOW,
            )
    assert Meeting.objects.count() == 0


def test_who_has_a_conflict_of_interest_sees_no_meeting(world, one, reading):
    wall(world.b.ambassador, one)
    with pytest.raises(InvalidInput, match="Choose from"):
        arrange(world, one)
    guests = (world.a.representatives[0].pk, world.a.ambassador.pk)
    meeting = arrange(world, one, guests=guests)
    for person, count in (
        (world.a.representatives[0], 1),
        (world.b.manager, 1),
        (world.b.ambassador, 0),
        (world.a.representatives[1], 0),
        (world.c.manager, 0),
        (world.nobody_special, 0),
    ):
        with reading(person):
            assert Meeting.objects.filter(pk=meeting.pk).count() == count, person
            assert MeetingParty.objects.filter(meeting=meeting).count() == 2 * count, person


def test_it_stands_in_the_calendars_of_who_comes_and_counts_in_no_outcome(world, one, reading):
    meeting = arrange(world, one)
    for person, count in (
        (world.a.representatives[0], 1),
        (world.b.ambassador, 1),
        (world.b.manager, 0),
    ):
        with reading(person):
            assert own_meetings(reader_of(person)).count() == count, person
    one.refresh_from_db()
    do(
        world.a.ambassador,
        note_handed_over,
        engagement_id=one.pk,
        seen=one.version,
        held_on=STARTS.date(),
        now=STARTS + timedelta(hours=2),
    )
    meeting.refresh_from_db()
    assert meeting.state == "held"
    with reading(world.a.manager):
        chain = count_partnership_outcome(reader_of(world.a.manager), world.partnership.pk)
    assert (chain.planned, chain.held) == (0, 0)
    with pytest.raises(Conflict, match="A handover isn’t rated"):
        do(
            world.a.representatives[0],
            rate_meeting,
            meeting_id=meeting.pk,
            phase="day",
            value="possible",
            note="",
            now=STARTS + timedelta(hours=2),
        )


def test_the_hand_over_starts_the_two_clocks(world, one):
    arrange(world, one)
    one.refresh_from_db()
    values = {"engagement_id": one.pk, "seen": one.version}
    after = STARTS + timedelta(hours=2)
    with pytest.raises(InvalidInput, match="This date is in the future"):
        do(world.a.ambassador, note_handed_over, held_on=date(2026, 12, 4), now=after, **values)
    with pytest.raises(InvalidInput, match="The report hadn’t been sent yet on this day"):
        do(world.a.ambassador, note_handed_over, held_on=date(2026, 11, 1), now=after, **values)
    do(world.a.ambassador, note_handed_over, held_on=date(2026, 12, 3), now=after, **values)
    one.refresh_from_db()
    assert (one.state, one.handed_over_at) == ("handed-over", after)
    assert list(Later.objects.order_by("months").values_list("months", "due_on")) == [
        (6, date(2027, 6, 3)),
        (12, date(2027, 12, 3)),
    ]
    with pytest.raises(Conflict):
        do(
            world.a.ambassador,
            note_handed_over,
            held_on=date(2026, 12, 3),
            now=after,
            engagement_id=one.pk,
            seen=one.version,
        )


def test_without_a_meeting_there_is_a_reason_and_the_planned_one_is_off(world, one):
    meeting = arrange(world, one)
    one.refresh_from_db()
    Mail.objects.all().delete()
    values = {"engagement_id": one.pk, "seen": one.version, "now": NOW}
    with pytest.raises(InvalidInput, match="Explain in one sentence why you aren’t meeting"):
        do(world.b.ambassador, hand_over_without_meeting, reason="", **values)
    do(world.b.ambassador, hand_over_without_meeting, reason="We spoke by phone.", **values)
    one.refresh_from_db()
    meeting.refresh_from_db()
    assert (one.state, one.reason, meeting.state) == (
        "handed-over",
        "We spoke by phone.",
        "cancelled",
    )
    assert Later.objects.count() == 2
    assert Mail.objects.filter(calendar_method="CANCEL").count() == 3


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 7, 1), 6, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, then):
    assert add_months(day, months) == then


def test_it_is_arranged_and_noted_on_the_page(world, one, sign_in):
    team = sign_in(world.a.ambassador)
    page = reverse("assessments:report", args=[one.partnership_id, one.pk])
    meeting_page = reverse("assessments:hand-over", args=[one.partnership_id, one.pk])
    form = form_of(team.get(meeting_page), "starts_on")
    assert len(form["guests"]) == 3
    ahead = {"starts_on": "2083-03-01", "starts_time": "10:00", "place": PLACE}
    answer = team.post(meeting_page, {**form, **ahead})
    assert answer.status_code == 422
    assert "more than two years away" in answer.content.decode()
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    answer = team.post(meeting_page, {**form, **ahead, "starts_on": day.isoformat()}, follow=True)
    assert "All attendees get a calendar invitation." in answer.content.decode()
    assert f'<a href="{PLACE}"' in answer.content.decode()
    own = reverse("assessments:own-report", args=[one.pk])
    client = sign_in(world.a.representatives[0])
    assert "Let’s go through it together" in client.get(own).content.decode()
    # Today tells of it, and leads to the report.
    assert own in client.get("/").content.decode()
    without = reverse("assessments:hand-over-without", args=[one.partnership_id, one.pk])
    answer = team.post(without, form_of(team.get(page), "without-seen"))
    assert answer.status_code == 422
    assert "Give a reason in one sentence. The company will read it." in answer.content.decode()
    sent = {**form_of(answer, "without-seen"), "without-reason": "By phone."}
    answer = team.post(without, sent, follow=True)
    assert "Report handed over." in answer.content.decode()
    assert "The company will be asked on" in answer.content.decode()
    assert Engagement.objects.get().state == "handed-over"
    for person in (client, sign_in(world.c.manager), sign_in(world.nobody_special)):
        assert person.get(meeting_page).status_code == 404
        assert person.post(without, sent).status_code == 404


def test_an_answer_by_mail_is_kept_and_told_to_who_comes_alone(world, one):
    meeting = arrange(world, one)
    client = world.a.representatives[0]
    asked = find_asked(meeting, client.email)
    assert was_invited(meeting, client.email)
    do(client, answer_meeting, meeting=meeting, asked=asked, answer="DECLINED", why="", now=NOW)
    assert meeting.parties.get(person=client).answer == "DECLINED"
    Mail.objects.all().delete()
    reply = Reply(
        method="REPLY", uid=meeting.uid, sequence=0, attendee=client.email, answer="DECLINED"
    )
    tell_news(meeting, asked, reply, kind="declined", now=NOW)
    assert sorted(mail.recipient for mail in Mail.objects.all()) == sorted(
        (world.a.ambassador.email, world.b.ambassador.email)
    )
    # Who said no hears of no other place.
    Mail.objects.all().delete()
    arrange(world, one, place="Lyon")
    assert client.email not in [mail.recipient for mail in Mail.objects.all()]
