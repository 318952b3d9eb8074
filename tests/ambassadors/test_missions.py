"""A day of visits: what is booked stands, the engine orders the rest, and its times are proposed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.ambassadors.forms.missions import DayForm, StopForm
from proxeny.ambassadors.models import BusyTime, Introduction, Mission, Stop, TimeOption
from proxeny.ambassadors.operations.booking import Proposal, offer_times
from proxeny.ambassadors.operations.day_plan import plan_mission
from proxeny.ambassadors.operations.missions import (
    DayFacts,
    StopFacts,
    add_stop,
    change_day_of_visits,
    change_stop,
    drop_day_of_visits,
    drop_stop,
    plan_day_of_visits,
    propose_planned_times,
)
from proxeny.directory.models import Organisation
from proxeny.engine.missions import MODES, Day, Point, Visit, plan_day, travel_minutes
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.ambassadors.desk import CLAIRE, FIRST, NOW, agree, do, note, token
from tests.ambassadors.linking import english, read
from tests.conftest import reader_of
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db

ON = date(2083, 3, 15)
#: Ten in Paris.
TEN = FIRST + timedelta(hours=1)
#: Within Paris: the day begins at the Opéra.
OPERA, LOUVRE, BASTILLE, DEFENSE = (
    (48.8720, 2.3316),
    (48.8606, 2.3376),
    (48.8532, 2.3692),
    (48.8918, 2.2380),
)


def _facts(world, **changes) -> DayFacts:
    values = {
        "person_id": world.a.ambassador.pk,
        "on": ON,
        "city": "Paris",
        "country": "FR",
        "time_zone": "Europe/Paris",
        "start_place": "Hotel",
        "start_latitude": OPERA[0],
        "start_longitude": OPERA[1],
        "mode": "walking",
    }
    return DayFacts(**{**values, **changes})


def _plan(world, **changes) -> Mission:
    return do(
        world.a.ambassador,
        plan_day_of_visits,
        partnership_id=world.partnership.pk,
        facts=_facts(world, **changes),
    )


def _visit(name, point, **changes) -> StopFacts:
    return StopFacts(name=name, latitude=point[0], longitude=point[1], **changes)


def _add(world, mission, facts=None, **more) -> Stop:
    return do(
        world.a.ambassador,
        add_stop,
        partnership_id=world.partnership.pk,
        mission_id=mission.pk,
        facts=facts or StopFacts(),
        **more,
    )


def _finding(world, number=0) -> Introduction:
    """Let two want to meet: those of the number."""
    case = note(
        world,
        member_id=world.a.members[number].pk,
        stakeholder_id=world.b.members[number].pk,
        place=f"Paris, quai {number}",
    )
    if number == 0:
        agree(case, world)
    else:
        Introduction.objects.filter(pk=case.pk).update(state=Introduction.State.FINDING)
    case.refresh_from_db()
    return case


def _booked(world, number, at, minutes=45, **values) -> Introduction:
    """Book a meeting at a time of the day, at the stakeholder's."""
    case = note(
        world,
        member_id=world.a.members[number].pk,
        stakeholder_id=world.b.members[number].pk,
        place=f"Paris, quai {number}",
    )
    case.meeting = make_meeting(
        world.partnership,
        (world.a.members[number], None),
        (world.b.members[number], None),
        starts_at=at,
        ends_at=at + timedelta(minutes=minutes),
        place=case.place,
        desk=world.a.cluster,
        **values,
    )
    case.state = Introduction.State.BOOKED
    case.save()
    return case


def _place(organisation, point) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(latitude=point[0], longitude=point[1])


def _read(world, mission):
    """Return the plan as the ambassador reads it."""
    mission.refresh_from_db()
    with acting_as(WEB, reader_of(world.a.ambassador)):
        return plan_mission(mission)


def _shown(plan):
    return [(row.item.name, row.begins_at.strftime("%H:%M")) for row in plan.rows]


def test_the_plan_is_what_the_engine_proves(world):
    _place(world.b.members[0], BASTILLE)
    _booked(world, 0, datetime(2083, 3, 15, 10, 0, tzinfo=UTC))  # eleven in Paris
    mission = _plan(world)
    _add(world, mission, _visit("Louvre", LOUVRE, hours=(540, 660), weight="must"))
    _add(world, mission, _visit("Tower", DEFENSE, duration_min=60, hours=(600, 720, 840, 1020)))
    _add(world, mission, _visit("Shop", LOUVRE, duration_min=30, weight="could"))
    plan = _read(world, mission)

    points = [Point(*one) for one in (OPERA, BASTILLE, LOUVRE, DEFENSE, LOUVRE)]
    ways = [
        [0 if one is two else travel_minutes(one, two, MODES["walking"]) for two in points]
        for one in points
    ]
    # Louvre and shop have one point and two addresses.
    ways[2][4] = ways[4][2] = 20
    engine = plan_day(
        Day(
            visits=[
                Visit("case", 1, 45, fixed_at=660, must=True),
                Visit("Louvre", 2, 45, windows=[(540, 660)], must=True),
                Visit("Tower", 3, 60, windows=[(600, 720), (840, 1020)], worth=3),
                Visit("Shop", 4, 30, windows=[(540, 1080)], worth=1),
            ],
            travel_min=ways,
            start=0,
            starts_at=540,
            end=0,
            ends_by=1080,
        )
    )
    assert [row.item.name.partition(" ")[0] for row in plan.rows] == [
        {"case": "Greek"}.get(one, one) for one in engine.order
    ]
    midnight = datetime(2083, 3, 14, 23, 0, tzinfo=UTC)
    told = [(row.begins_at, row.waiting_min, row.slack_min) for row in plan.rows]
    assert told == [
        (midnight + timedelta(minutes=one.begins_at), one.waiting_min, one.slack_min)
        for one in engine.stops
    ]
    assert (plan.travel_min, plan.waiting_min) == (engine.travel_min, engine.waiting_min)
    assert plan.ends_at == midnight + timedelta(minutes=engine.ends_at)
    assert sum(row.travel_min for row in plan.rows) + plan.back_min == plan.travel_min
    first = plan.rows[0]
    assert plan.leaves_at + timedelta(minutes=first.travel_min) == first.begins_at
    assert plan.leaves_by == midnight + timedelta(minutes=engine.leaves_by) >= plan.leaves_at
    # Louvre and shop share a point.
    assert "Louvre" in plan.notes[0]
    assert "Shop" in plan.notes[0]
    assert plan.conflict == ""


def test_what_is_booked_that_day_stands_and_nothing_else_does(world):
    _booked(world, 0, TEN)
    _booked(world, 1, TEN + timedelta(days=1))
    other = _booked(world, 2, TEN + timedelta(hours=3))
    Introduction.objects.filter(pk=other.pk).update(in_charge=world.a.manager)
    plan = _read(world, _plan(world))
    assert _shown(plan) == [("Greek member 1 · French member 1", "10:00")]
    assert plan.rows[0].item.is_booked


def test_two_booked_at_once_are_told_apart_from_a_day_that_fits(world):
    _booked(world, 0, TEN)
    _booked(world, 1, TEN + timedelta(minutes=30))
    _booked(world, 2, TEN + timedelta(hours=5))
    plan = _read(world, _plan(world))
    assert plan.rows == ()
    assert [one.name for one in plan.blocking] == [
        "Greek member 1 · French member 1",
        "Greek member 2 · French member 2",
    ]
    assert "These visits don’t all fit in one day:" in plan.conflict
    assert "Greek member 3" not in plan.conflict
    assert [one.name for one in plan.others] == ["Greek member 3 · French member 3"]


@pytest.mark.parametrize(
    ("facts", "day", "said"),
    [
        ({"hours": (600, 620), "weight": "must"}, {}, "doesn’t fit within its opening hours"),
        ({"fixed_min": 545, "weight": "must"}, {}, "You can’t get to Tower in time"),
        (
            {"hours": (1050, 1079), "duration_min": 20, "weight": "must"},
            {},
            "would make the day end too late",
        ),
    ],
)
def test_why_a_day_cannot_be_done(world, facts, day, said):
    mission = _plan(world, **day)
    _add(world, mission, _visit("Tower", DEFENSE, **facts))
    plan = _read(world, mission)
    assert said in plan.conflict
    assert [one.name for one in plan.blocking] == ["Tower"]


def test_what_is_left_out_says_why(world):
    mission = _plan(world, ends_min=720)
    _add(world, mission, _visit("Louvre", LOUVRE, duration_min=120, weight="must"))
    _add(world, mission, _visit("Closed", LOUVRE, hours=(600, 610)))
    _add(world, mission, _visit("Tower", DEFENSE))
    plan = _read(world, mission)
    assert [row.item.name for row in plan.rows] == ["Louvre"]
    assert {item.name: why for item, why in plan.left} == {
        "Closed": "It doesn’t fit within its opening hours, or its agreed time is outside them.",
        "Tower": "It would make the day end too late.",
    }


def test_addresses_of_which_the_city_is_known_lie_apart(world):
    Organisation.objects.filter(pk__in=[one.pk for one in world.b.members]).update(
        city="Paris", country="FR", latitude=None, longitude=None
    )
    _booked(world, 0, TEN)
    _booked(world, 1, TEN + timedelta(hours=2))
    mission = _plan(world, apart_min=35)
    plan = _read(world, mission)
    assert plan.rows[1].travel_min == 35
    assert "The exact address isn’t known for: Greek member 1" in plan.notes[0]
    assert "35 minutes" in plan.notes[0]
    Introduction.objects.update(place="Paris, one house")
    Meeting.objects.update(place="Paris, one house")
    assert _read(world, mission).rows[1].travel_min == 0


def test_nothing_is_planned_into_what_the_calendar_holds(world):
    mission = _plan(world)
    _add(world, mission, _visit("Louvre", OPERA))
    assert _shown(_read(world, mission)) == [("Louvre", "09:20")]
    BusyTime.objects.create(
        person=world.a.ambassador,
        starts_at=datetime(2083, 3, 15, 8, 0, tzinfo=UTC),
        ends_at=datetime(2083, 3, 15, 13, 30, tzinfo=UTC),
    )
    assert _shown(_read(world, mission)) == [("Louvre", "14:30")]


def test_hours_hold_on_the_day_the_clocks_change(world):
    # On 28 March 2083 at two the clocks of Paris go forward.
    mission = _plan(world, on=date(2083, 3, 28), mode="car")
    _add(world, mission, _visit("Louvre", LOUVRE, hours=(600, 700), weight="must"))
    (row,) = _read(world, mission).rows
    assert row.begins_at.strftime("%H:%M") == "10:00"
    assert row.begins_at.astimezone(UTC).hour == 8


def test_planned_times_are_proposed_to_both(world):
    case = _finding(world)
    mission = _plan(world)
    stop = _add(world, mission, introduction_id=case.pk)
    (row,) = _read(world, mission).rows
    count = do(
        world.a.ambassador,
        propose_planned_times,
        mission_id=mission.pk,
        partnership_id=world.partnership.pk,
        choices=[row.choice],
    )
    option = TimeOption.objects.get(introduction=case)
    assert (count, option.starts_at, option.ends_at, option.time_zone, option.place) == (
        1,
        row.begins_at,
        row.ends_at,
        "Europe/Paris",
        "Paris, quai 0",
    )
    assert token(CLAIRE.email)
    (again,) = _read(world, mission).rows
    assert (again.is_proposed, again.can_be_proposed) == (True, False)
    assert again.item.stop == stop


def test_a_plan_that_has_changed_proposes_nothing(world):
    case = _finding(world)
    mission = _plan(world)
    _add(world, mission, introduction_id=case.pk)
    (row,) = _read(world, mission).rows
    do(
        world.a.ambassador,
        change_day_of_visits,
        partnership_id=world.partnership.pk,
        mission_id=mission.pk,
        facts=_facts(world, starts_min=600),
    )
    with pytest.raises(Conflict, match="changed since you opened"):
        do(
            world.a.ambassador,
            propose_planned_times,
            mission_id=mission.pk,
            partnership_id=world.partnership.pk,
            choices=[row.choice],
        )
    assert not TimeOption.objects.exists()


def test_all_are_proposed_or_none(world):
    cases = [_finding(world, number) for number in range(2)]
    mission = _plan(world)
    for case in cases:
        _add(world, mission, introduction_id=case.pk)
    rows = _read(world, mission).rows
    last = rows[-1].item.case
    do(
        world.a.ambassador,
        offer_times,
        introduction_id=last.pk,
        time_zone="Europe/Paris",
        proposals=[Proposal(FIRST + timedelta(days=one)) for one in range(1, 9)],
    )
    with pytest.raises(Conflict, match=r"up to 8 open times\. .* Nothing was proposed\."):
        do(
            world.a.ambassador,
            propose_planned_times,
            mission_id=mission.pk,
            partnership_id=world.partnership.pk,
            choices=[row.choice for row in rows],
        )
    assert TimeOption.objects.exclude(introduction=last).count() == 0


def test_an_introduction_that_was_booked_meanwhile_is_planned_once(world):
    case = _finding(world)
    mission = _plan(world)
    _add(world, mission, introduction_id=case.pk)
    case.meeting = make_meeting(
        world.partnership,
        (case.member, None),
        (case.stakeholder, None),
        starts_at=TEN,
        ends_at=TEN + timedelta(minutes=45),
        desk=world.a.cluster,
    )
    case.state = Introduction.State.BOOKED
    case.save()
    plan = _read(world, mission)
    assert [row.item.is_booked for row in plan.rows] == [True]
    assert plan.left == ()
    case.meeting.starts_at += timedelta(days=1)
    case.meeting.ends_at += timedelta(days=1)
    case.meeting.save()
    plan = _read(world, mission)
    assert plan.rows == ()
    assert [why for _item, why in plan.left] == ["It’s booked for another time."]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": date(2083, 2, 1)}, "on"),
        ({"on": date(2085, 3, 1)}, "on"),
        ({"starts_min": 1080}, "ends"),
        ({"apart_min": 500}, "apart_min"),
        ({"mode": "horse"}, "mode"),
        ({"city": " "}, "city"),
        ({"person_id": 0}, "person"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field(world, changes, field):
    with pytest.raises(InvalidInput) as refused:
        _plan(world, **changes)
    assert refused.value.field == field
    assert not Mission.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (StopFacts(), "name"),
        (StopFacts("Louvre", duration_min=900), "duration_min"),
        (StopFacts("Louvre", hours=(600, 540)), "hours"),
        (StopFacts("Louvre", hours=(600,)), "hours"),
        (StopFacts("Louvre", weight="perhaps"), "weight"),
        (StopFacts("Louvre", fixed_min=2000), "fixed"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_beside_its_field(world, facts, field):
    mission = _plan(world)
    with pytest.raises(InvalidInput) as refused:
        _add(world, mission, facts)
    assert refused.value.field == field


def test_a_day_is_planned_once_and_holds_sixteen_visits(world):
    mission = _plan(world)
    with pytest.raises(Conflict, match="There’s already a plan for this person and day"):
        _plan(world)
    for number in range(16):
        _add(world, mission, StopFacts(f"Visit {number}", duration_min=5))
    with pytest.raises(Conflict, match="up to 16 visits"):
        _add(world, mission, StopFacts("One too many"))
    assert len(_read(world, mission).rows) == 16


def test_a_visit_and_a_day_go_and_come_back(world):
    mission = _plan(world)
    stop = _add(world, mission, StopFacts("Louvre"))
    given = {"partnership_id": world.partnership.pk, "mission_id": mission.pk}
    do(world.a.ambassador, drop_stop, stop_id=stop.pk, **given)
    assert _read(world, mission).is_empty
    do(world.a.ambassador, drop_stop, stop_id=stop.pk, **given)
    assert len(_read(world, mission).rows) == 1
    do(world.a.ambassador, drop_day_of_visits, **given)
    second = _plan(world)
    with pytest.raises(Conflict, match="already"):
        do(world.a.ambassador, drop_day_of_visits, **given)
    assert second.pk != mission.pk
    verbs = AuditEntry.objects.filter(target="ambassadors.mission").values_list("verb", flat=True)
    assert set(verbs) == {"plan_day_of_visits", "add_stop", "drop_stop", "drop_day_of_visits"}


def test_nobody_else_plans_or_reads_it(world, reading):
    mission = _plan(world)
    stop = _add(world, mission, StopFacts("Louvre"))
    given = {"partnership_id": world.partnership.pk, "mission_id": mission.pk}
    for person in (
        world.b.ambassador,
        world.b.manager,
        world.a.representatives[0],
        world.c.manager,
    ):
        with pytest.raises((NotFound, NotAllowed)):
            do(person, add_stop, facts=StopFacts("Spy"), **given)
        with pytest.raises((NotFound, NotAllowed)):
            do(person, drop_stop, stop_id=stop.pk, **given)
        with reading(person):
            assert (Mission.objects.count(), Stop.objects.count()) == (0, 0)
    with reading(None):
        assert (Mission.objects.count(), Stop.objects.count()) == (0, 0)
    with reading(world.a.manager):
        assert (Mission.objects.count(), Stop.objects.count()) == (1, 1)


def test_a_plan_takes_as_many_queries_for_three_as_for_one(world):
    mission = _plan(world)
    _booked(world, 0, FIRST)
    _add(world, mission, introduction_id=_finding(world, 1).pk)
    with CaptureQueriesContext(connection) as one:
        _read(world, mission)
    _add(world, mission, introduction_id=_finding(world, 2).pk)
    for number in range(2):
        _add(world, mission, StopFacts(f"Visit {number}"))
    with CaptureQueriesContext(connection) as more:
        _read(world, mission)
    assert len(more) == len(one)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("48.8738, 2.3320", (48.8738, 2.332)),
        ("geo:48.8738,2.3320", (48.8738, 2.332)),
        ("https://www.openstreetmap.org/#map=17/48.87/2.33", (48.87, 2.33)),
        ("https://www.openstreetmap.org/?mlat=48.87&mlon=2.33#map=5/1/1", (48.87, 2.33)),
        ("https://www.google.com/maps/@48.87,2.33,17z", (48.87, 2.33)),
        (
            "https://www.google.com/maps/place/X/@1,1,17z/data=!3m1!8m2!3d48.87!4d2.33",
            (48.87, 2.33),
        ),
        ("", None),
        ("near the station", "refused"),
        ("98.1, 2", "refused"),
    ],
)
def test_a_point_is_read_from_what_people_copy(text, point):
    form = StopForm({"name": "X", "point": text, "duration_min": "45", "weight": "must"})
    assert form.is_valid() is (point != "refused"), form.errors
    if point != "refused":
        assert form.cleaned_data["point"] == point


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9:00–12:30, 14:00–17:00", (540, 750, 840, 1020)),
        ("9-17", (540, 1020)),
        ("9h30 - 12.15", (570, 735)),
        ("", ()),
        ("all day", None),
        ("9:70-10", None),
    ],
)
def test_hours_are_read_as_people_write_them(text, hours):
    form = StopForm({"name": "X", "hours": text, "duration_min": "45", "weight": "must"})
    assert form.is_valid() is (hours is not None), form.errors
    if hours is not None:
        assert form.cleaned_data["hours"] == hours


def _url(world, end=""):
    return f"/partnerships/{world.partnership.pk}/desk/missions/{end}"


def _typed(world, **changes):
    soon = timezone.localdate() + timedelta(days=20)
    return {
        "on": soon.isoformat(),
        "person": world.a.ambassador.pk,
        "city": "Paris",
        "country": "FR",
        "start_place": "Hotel",
        "start": "48.8720, 2.3316",
        "starts": "09:00",
        "ends": "18:00",
        "time_zone": "Europe/Paris",
        "returns": "on",
        "mode": "transport",
        "apart_min": "20",
        **changes,
    }


def test_a_day_by_its_pages(world, sign_in):
    client = english(sign_in(world.a.ambassador))
    assert "No days planned yet" in read(client.get(_url(world)))
    assert 'value="18:00"' in read(client.get(_url(world, "new/")))
    made = client.post(_url(world, "new/"), _typed(world))
    mission = Mission.objects.get()
    url = _url(world, f"{mission.pk}/")
    assert made.url == url
    assert "Nothing on this day yet" in read(client.get(url))
    client.post(
        f"{url}visits/",
        {
            "name": "Louvre",
            "duration_min": "45",
            "weight": "must",
            "hours": "10-12",
            "point": "48.8606, 2.3376",
        },
    )
    page = read(client.get(url))
    assert "Louvre" in page
    assert "10:00–10:45" in page
    wrong = client.post(f"{url}visits/", {"name": "", "duration_min": "45", "weight": "must"})
    assert wrong.status_code == 422
    stop = Stop.objects.get()
    assert "10:00–12:00" in read(client.get(f"{url}visits/{stop.pk}/"))
    client.post(
        f"{url}visits/{stop.pk}/",
        {"name": "Louvre", "duration_min": "60", "weight": "must", "hours": "11-12"},
    )
    assert "11:00–12:00" in read(client.get(url))
    edited = client.post(_url(world, f"{mission.pk}/edit/"), _typed(world, ends="10:00"))
    assert edited.url == url
    assert "Not everything fits" in read(client.get(url))
    client.post(f"{url}visits/{stop.pk}/drop/")
    assert "Nothing on this day yet" in read(client.get(url))


def test_times_are_proposed_from_the_page(world, sign_in):
    case = _finding(world)
    client = english(sign_in(world.a.ambassador))
    client.post(_url(world, "new/"), _typed(world))
    mission = Mission.objects.get()
    url = _url(world, f"{mission.pk}/")
    assert "Introductions looking for a time" in read(client.get(url))
    client.post(f"{url}visits/", {"introduction": case.pk})
    (row,) = _read(world, mission).rows
    assert f'value="{row.choice}"' in read(client.get(url))
    page = read(client.post(f"{url}propose/", {"choice": row.choice}, follow=True))
    assert "1 time proposed." in page
    assert TimeOption.objects.get().starts_at == row.begins_at
    nothing = read(client.post(f"{url}propose/", follow=True))
    assert "Select the visits whose times you want to propose." in nothing


def test_wrong_days_are_told_on_the_form(world, sign_in):
    client = english(sign_in(world.a.ambassador))
    for changes, said in (
        ({"on": "2001-01-01"}, "This day has already passed."),
        ({"ends": "08:00"}, "Enter an end time after the start time."),
        ({"start": "somewhere"}, "Enter latitude and longitude"),
        ({"city": ""}, "This field is required."),
    ):
        answer = client.post(_url(world, "new/"), _typed(world, **changes))
        assert (answer.status_code, said in read(answer)) == (422, True), said


def test_pages_of_a_day_answer_the_desk_alone(world, sign_in):
    mission = _plan(world)
    for person, status in (
        (world.a.manager, 200),
        (world.b.ambassador, 404),
        (world.a.representatives[0], 404),
        (world.c.manager, 404),
    ):
        client = sign_in(person)
        assert client.get(_url(world, f"{mission.pk}/")).status_code == status
        if status == 404:
            assert client.post(_url(world, f"{mission.pk}/drop/")).status_code in (302, 404)
    mission.refresh_from_db()
    assert mission.dropped_at is None


def test_a_form_shows_what_was_saved(world):
    mission = _plan(world, starts_min=555)
    form = DayForm(team=[(world.a.ambassador.pk, "A")], mission=mission)
    assert form["starts"].value().strftime("%H:%M") == "09:15"
    assert form["start"].value() == "48.872, 2.3316"
    stop = _add(world, mission, StopFacts("Louvre", hours=(540, 750), fixed_min=600))
    shown = StopForm(stop=stop)
    assert (shown["hours"].value(), shown["fixed"].value().hour) == ("9:00–12:30", 10)
    changed = do(
        world.a.ambassador,
        lambda *, actor, now: change_stop(
            actor=actor,
            partnership_id=world.partnership.pk,
            mission_id=mission.pk,
            stop_id=stop.pk,
            facts=StopFacts("Museum"),
        ),
    )
    assert changed.name == "Museum"
    assert NOW.year == ON.year
