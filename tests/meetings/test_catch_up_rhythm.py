"""The agreed rhythm: the picture of kept and missed windows, and who is told in time."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from proxeny.kernel import jobs
from proxeny.kernel.kinds import read_kinds
from proxeny.kernel.mail import send
from proxeny.kernel.models import Job, Mail
from proxeny.meetings.operations.rhythm import mind_rhythm, minded_rhythms, read_rhythms
from proxeny.meetings.room_facts import count_hosting, find_dates, find_outcome_tiles, find_tiles
from proxeny.meetings.tasks import start_minding_rhythms
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Partnership, Party, Rhythm
from tests.conftest import reader_of
from tests.factories.meetings import make_catch_up, make_meeting
from tests.stages import staged

SINCE = date(2083, 1, 1)


@staged
def monthly(world):
    """Every 30 days from the first of January on: until 30 January, 1 March, 31 March, …"""
    return Rhythm.objects.create(
        partnership=world.partnership, in_person=False, every_days=30, since_on=SINCE
    )


def at(month, day, hour=9) -> datetime:
    return datetime(2083, month, day, hour, tzinfo=UTC)


def meet(world, month, day, **values):
    values = {"state": "held", "time_zone": "Europe/Athens", **values}
    return make_catch_up(
        world.partnership, world.a.manager, world.b.manager, starts_at=at(month, day), **values
    )


def picture(world, month, day):
    (found,) = read_rhythms(world.partnership, today=date(2083, month, day))
    return found


def states(found) -> list[str]:
    return [mark.state for mark in found.marks]


def test_windows_are_kept_or_missed_and_the_running_one_waits(world, monthly):
    meet(world, 1, 20)
    found = picture(world, 3, 15)
    assert states(found) == ["kept", "missed", "open"]
    assert (found.kept, found.missed, found.missed_in_a_row) == (1, 1, 1)
    assert found.due_on == date(2083, 3, 31)
    assert found.planned_on is None
    assert [mark.is_running for mark in found.marks] == [False, False, True]


def test_what_is_planned_or_not_closed_is_told(world, monthly):
    meet(world, 1, 20)
    meet(world, 2, 10, state="confirmed")
    meet(world, 3, 25, state="confirmed")
    found = picture(world, 3, 15)
    assert states(found) == ["kept", "waits", "planned"]
    assert found.planned_on == date(2083, 3, 25)
    assert not found.is_near
    # One that is called off, or was missed, keeps nothing.
    meet(world, 4, 10, state="cancelled")
    assert states(picture(world, 4, 20))[-1] == "open"


def test_a_running_window_that_is_kept_makes_the_next_one_due(world, monthly):
    meet(world, 3, 5)
    found = picture(world, 3, 10)
    assert states(found)[-1] == "kept"
    assert found.due_on == date(2083, 4, 30)
    meet(world, 4, 20, state="confirmed")
    assert picture(world, 3, 10).planned_on == date(2083, 4, 20)


def test_the_day_is_that_of_the_place(world, monthly):
    # 23:30 UTC on the last day of a window is the next day in Athens.
    make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        state="held",
        starts_at=datetime(2083, 1, 30, 23, 30, tzinfo=UTC),
        time_zone="Europe/Athens",
    )
    assert states(picture(world, 3, 5))[:2] == ["missed", "kept"]


def test_face_to_face_has_a_rhythm_of_its_own(world, monthly):
    Rhythm.objects.create(
        partnership=world.partnership, in_person=True, every_days=182, since_on=SINCE
    )
    meet(world, 1, 20)
    meet(world, 7, 10, in_person=True)
    call, there = read_rhythms(world.partnership, today=date(2083, 7, 15))
    assert (call.in_person, there.in_person) == (False, True)
    # At all: a meeting face to face counts too.
    assert call.kept == 1
    assert states(call)[-1] == "kept"
    assert states(there) == ["missed", "kept"]


def told(today) -> list[tuple[str, str]]:
    """Return who is written to on a day, with the subject."""
    before = set(Mail.objects.values_list("pk", flat=True))
    for pk in minded_rhythms():
        mind_rhythm(pk, today=today)
    new = Mail.objects.exclude(pk__in=before).order_by("recipient")
    return [(mail.recipient, mail.subject) for mail in new]


DUE, MISSED = "Time for a catch-up: Athens – Paris", "A catch-up was missed: Athens – Paris"


def test_contacts_are_told_once_before_it_is_missed_and_once_when_it_was(world, monthly):
    Party.objects.filter(partnership=world.partnership, side="B").update(contact=world.b.ambassador)
    both = sorted([world.a.manager.email, world.b.ambassador.email])
    assert told(date(2083, 1, 15)) == []  # fifteen days ahead
    assert told(date(2083, 1, 16)) == [(one, DUE) for one in both]
    assert told(date(2083, 1, 17)) == []
    assert told(date(2083, 1, 31)) == [(one, MISSED) for one in both]
    assert told(date(2083, 2, 1)) == []
    # The next window is told of by itself.
    assert told(date(2083, 2, 20)) == [(one, DUE) for one in both]


def test_nobody_is_told_when_something_is_planned_or_waits_for_its_minutes(world, monthly):
    made = meet(world, 1, 28, state="confirmed")
    assert told(date(2083, 1, 20)) == []
    assert told(date(2083, 1, 31)) == []
    made.meeting.state = "missed"
    made.meeting.save()
    assert len(told(date(2083, 2, 2))) == 2


def test_a_long_way_back_is_not_told(world, monthly):
    """Agreed on with a day in the past, or no worker for a month: only what is fresh is told."""
    assert told(date(2083, 2, 8)) == []
    assert len(told(date(2083, 3, 3))) == 2


def test_a_short_rhythm_is_told_of_at_half_time(world, monthly):
    Rhythm.objects.update(every_days=7)
    meet(world, 1, 4)
    assert told(date(2083, 1, 10)) == []
    assert [subject for _who, subject in told(date(2083, 1, 11))] == [DUE, DUE]


def test_an_ended_partnership_has_no_rhythm_any_more(world, monthly):
    Partnership.objects.update(state=Partnership.State.ENDED)
    assert told(date(2083, 1, 20)) == []


def test_a_contact_without_a_seat_is_not_written_to(world, monthly):
    world.partnership.parties.filter(side="B").update(contact=world.b.ambassador)
    world.b.ambassador.seats.update(ends_on=date(2082, 12, 31))
    assert [who for who, _subject in told(date(2083, 1, 20))] == sorted(
        [world.a.manager.email, world.b.manager.email]
    )


def test_the_duty_runs_once_a_day_and_its_mail_arrives(world, inbox):
    Rhythm.objects.create(
        partnership=world.partnership,
        in_person=False,
        every_days=20,
        since_on=timezone.localdate() - timedelta(days=15),
    )
    now = timezone.now()
    start_minding_rhythms(now)
    start_minding_rhythms(now)
    job = Job.objects.get(kind="meetings.mind-rhythms")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"mails": 2, "failed": 0})
    for pk in Mail.objects.values_list("pk", flat=True):
        send(pk)
    message = inbox.messages[0]
    text = message.get_body(("plain",)).get_content()
    assert f"/partnerships/{world.partnership.pk}/catch-ups/plan/?in_person=0" in text
    assert "nothing is planned yet" in text


def test_the_room_knows_what_comes_what_is_due_and_what_was(world, monthly, reading):
    today = date(2083, 3, 15)
    meet(world, 2, 10)
    coming = meet(world, 3, 25, state="confirmed", title="Spring review")
    with reading(world.b.ambassador):
        partnership = Partnership.objects.prefetch_related("parties").get(pk=world.partnership.pk)
        dates = list(read_kinds(find_dates(reader_of(world.b.ambassador), partnership, today)))
        [last] = find_tiles(partnership, today)
        [meetings] = find_outcome_tiles(partnership, today)
    assert [(one.on, one.text) for one in dates] == [(date(2083, 3, 25), "Spring review")]
    assert dates[0].url.endswith(f"/catch-ups/{coming.pk}/")
    assert (last.value, last.note) == ("10 February 2083", "next one on 25/03/2083")
    assert meetings.value == ""
    coming.meeting.state = "cancelled"
    coming.meeting.save()
    make_meeting(
        world.partnership, (world.a.members[0], None), (world.b.members[0], None), state="held"
    )
    with reading(world.a.manager):
        partnership = Partnership.objects.prefetch_related("parties").get(pk=world.partnership.pk)
        dates_now = read_kinds(find_dates(reader_of(world.a.manager), partnership, today))
        assert [one.on for one in dates_now] == [date(2083, 3, 31)]
        told = (*find_tiles(partnership, today), *find_outcome_tiles(partnership, today))
        assert [tile.value for tile in told] == [
            "10 February 2083",
            "1 held",
        ]


def test_hosting_is_counted_for_the_sides_that_came(world):
    a, b = world.partnership.parties.order_by("side")
    meet(world, 2, 10, in_person=True, host=a)
    meet(world, 2, 11, in_person=True, host=b, came=True)
    meet(world, 2, 12, in_person=True, host=b)
    meet(world, 2, 13, in_person=True)  # at a third place
    meet(world, 2, 14, in_person=True, host=b, state="missed")
    absent = meet(world, 2, 15, in_person=True, host=b)
    absent.guests.filter(party=a).update(came=False)
    found = list(count_hosting(world.partnership, [a, b]))
    pair = (world.a.cluster.pk, world.b.cluster.pk)
    assert sorted(found, key=lambda one: one.giver_id) == [
        Given("hosting", pair[0], pair[1], 1),
        Given("hosting", pair[1], pair[0], 1),
        Given("hosting", pair[1], pair[0], 1),
    ]
