"""Last days in a person's own calendar: theirs alone, with the reason, and as they want it."""

from datetime import date, timedelta

from django.utils import timezone
from icalendar import Calendar

from proxeny.events.models import Event
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.labels.models import Application
from proxeny.meetings.queries import write_calendar
from proxeny.notices.deadlines import deadlines_of
from tests.conftest import reader_of
from tests.factories import rooms
from tests.factories.calls import CallFactory, CallWatchFactory
from tests.factories.directory import ListingFactory
from tests.factories.events import EventFactory, GroupFactory, ParticipationFactory
from tests.factories.notices import HoursFactory
from tests.stages import staged

NOW = timezone.now()
SOON = timezone.localdate() + timedelta(days=20)


def days_of(person) -> dict[str, date]:
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return {one.title: one.on for one in deadlines_of(reader, today=NOW.date())}


def events_of(person) -> list:
    reader = reader_of(person)
    with acting_as(WEB, reader):
        text = write_calendar(reader, now=NOW)
    return Calendar.from_ical(text).walk("VEVENT")


@staged
def watched(world):
    """A call that Athens' manager watches."""
    call = CallFactory(
        steward=world.a.cluster, title="Sound for museums", closes_at=NOW + timedelta(days=20)
    )
    CallWatchFactory(call=call, person=world.a.manager)
    return call


def test_a_watched_call_is_in_the_calendar_of_who_watches_it(watched, world):
    assert list(days_of(world.a.manager)) == ["Closes: Sound for museums"]
    assert days_of(world.a.ambassador) == {}
    assert days_of(world.b.manager) == {}
    (event,) = events_of(world.a.manager)
    assert event["SUMMARY"] == "Closes: Sound for museums"
    assert isinstance(event["DTSTART"].dt, date)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
    assert event["TRANSP"] == "TRANSPARENT"
    assert "You follow this call" in event["DESCRIPTION"]
    assert "/notices/choices/#hours" in event["DESCRIPTION"]
    assert event["URL"].endswith(f"/calls/{watched.pk}/")


def test_the_same_day_keeps_its_name_and_who_wants_none_has_none(watched, world):
    (before,) = events_of(world.a.manager)
    watched.closes_at += timedelta(days=3)
    watched.save()
    (after,) = events_of(world.a.manager)
    assert before["UID"] == after["UID"]
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=3)
    HoursFactory(person=world.a.manager, shows_deadlines=False)
    assert events_of(world.a.manager) == []


def test_what_is_over_stays_for_two_weeks(watched, world):
    for days, shown in ((10, 1), (20, 0)):
        watched.closes_at = NOW - timedelta(days=days)
        watched.save()
        assert len(days_of(world.a.manager)) == shown


def test_the_last_day_for_an_answer_at_an_event(world):
    event = EventFactory(
        partnership=world.partnership,
        title="Museums Meet Machines",
        state=Event.State.OPEN,
        starts_on=SOON + timedelta(days=9),
        ends_on=SOON + timedelta(days=9),
        deadline_at=NOW + timedelta(days=20),
    )
    group = GroupFactory(event=event)
    ParticipationFactory(event=event, organisation=world.a.members[0], group=group)
    ParticipationFactory(event=event, organisation=world.b.members[0], group=group, state="invited")
    mine, theirs = world.a.representatives[0], world.b.representatives[0]
    assert list(days_of(mine)) == ["Last day for requests: Museums Meet Machines"]
    assert list(days_of(theirs)) == ["Last day to register: Museums Meet Machines"]
    assert days_of(world.nobody_special) == {}


def test_a_text_that_ends(world):
    ListingFactory(organisation=world.a.members[0], title="Sensors", expires_on=SOON)
    assert days_of(world.a.representatives[0]) == {"Expires today: Sensors": SOON}
    # The cluster's team looks after hundreds: it has its list.
    assert days_of(world.a.manager) == {}
    assert days_of(world.b.representatives[0]) == {}


def test_what_one_is_in_charge_of_in_a_room(world):
    made = rooms.ActionFactory(
        partnership=world.partnership,
        person=world.a.manager,
        due_on=SOON,
        title="Write to Lumiaire",
    )
    assert list(days_of(world.a.manager).values()) == [SOON]
    assert days_of(world.b.manager) == {}
    made.done_on = NOW.date()
    made.save()
    assert days_of(world.a.manager) == {}


def test_the_number_of_queries_does_not_grow(watched, world, django_assert_max_num_queries):
    for number in range(5):
        call = CallFactory(
            steward=world.a.cluster, title=f"Call {number}", closes_at=NOW + timedelta(days=20)
        )
        CallWatchFactory(call=call, person=world.a.manager)
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader), django_assert_max_num_queries(12):
        assert len(deadlines_of(reader, today=NOW.date())) == 6
    assert not Application.objects.exists()
