"""The plan of a room: its picture, what must not slip, and things marked as done."""

import re
import threading
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Action, Activity, Dependency, Partnership
from proxeny.partnerships.operations.plan import read_plan, set_state
from proxeny.partnerships.operations.records import add_record, change_record
from proxeny.partnerships.plan_chart import TIED, draw_plan
from tests.factories import rooms
from tests.factories.world import make_world
from tests.partnerships.rooms import TODAY, day, do, others, party, team, words
from tests.stages import staged


def page(client, world, status=200, **query):
    answer = client.get(reverse("partnerships:plan", args=[world.partnership.pk]), query)
    assert answer.status_code == status
    return answer.content.decode()


def marks(html: str) -> Counter[str]:
    """Count the marks of activities, each with an icon and a word."""
    return Counter(re.findall(r'<span class="rm-mark[^"]*">.*?</svg>\s*([^<]+)</span>', html))


def activity(world, title, begin, end, *, needs=(), **values):
    made = rooms.ActivityFactory(
        partnership=world.partnership, title=title, starts_on=day(begin), ends_on=day(end), **values
    )
    for need in needs:
        rooms.DependencyFactory(activity=made, needs=need)
    return made


def action(world, title="Book the hall", due=10, **values):
    return rooms.ActionFactory(
        partnership=world.partnership, title=title, due_on=day(due), **values
    )


def plan(world):
    parties = list(world.partnership.parties.select_related("organisation").order_by("side"))
    return read_plan(world.partnership.pk, parties, today=TODAY)


@staged
def planned(world):
    """A brief, a visit that needs it, a report that needs both; and something beside it."""
    brief = activity(world, "Brief", 1, 10)
    visit = activity(world, "Visit", 11, 12, needs=[brief])
    activity(world, "Report", 13, 20, needs=[brief, visit])
    activity(world, "Newsletter", 5, 8)
    return world


# What is worked out.


def test_what_must_not_slip_is_found(planned):
    found = {one.record.title: (one.slack, one.is_critical) for one in plan(planned).steps}
    assert found == {
        "Brief": (0, True),
        "Visit": (0, True),
        "Report": (0, True),
        "Newsletter": (12, False),
    }
    assert plan(planned).clashes == []


def test_what_is_done_holds_nothing_up_and_what_is_late_ends_today(world):
    late = activity(world, "Late", -10, -2)
    activity(world, "Early", -1, 4, needs=[late])
    activity(world, "After", 1, 9, needs=[late])
    done = activity(world, "Done", -5, 30, state="done")
    activity(world, "Needs what is done", 2, 3, needs=[done])
    found = {one.record.title: one for one in plan(world).steps}
    assert [one.record.title for one in plan(world).clashes] == ["Early"]
    assert found["Early"].clashes == [late]
    assert found["Late"].is_late
    assert found["Late"].is_critical
    assert found["Done"].slack is None
    assert not found["Done"].is_critical
    assert found["Needs what is done"].clashes == []


def test_what_was_put_away_is_needed_no_longer(planned):
    Activity.objects.filter(title="Visit").update(dropped_at=timezone.now())
    found = {one.record.title: one for one in plan(planned).steps}
    assert [one.title for one in found["Report"].needs] == ["Brief"]
    assert "Visit" not in found


def test_a_circle_is_told_and_breaks_nothing(planned, sign_in):
    # Two edits at the same moment cannot close one; should there be one, the page stands.
    brief, report = Activity.objects.get(title="Brief"), Activity.objects.get(title="Report")
    Dependency.objects.create(partnership=planned.partnership, activity=brief, needs=report)
    assert plan(planned).is_circular
    html = page(sign_in(planned.a.manager), planned)
    assert "depend on each other in a loop" in html
    assert "critical</span>" not in html


def test_who_is_in_charge_on_each_side(world):
    made = activity(world, "Visit", 1, 2)
    activity(world, "Report", 3, 4)
    for side in (world.a, world.b):
        rooms.ChargeFactory(activity=made, party=party(world, side), person=side.ambassador)
    visit, report = plan(world).steps
    assert [one.person for one in visit.charges] == [world.a.ambassador, world.b.ambassador]
    assert (visit.sides, visit.is_unowned) == ("ab", False)
    assert [one.person for one in report.charges] == [None, None]
    assert report.is_unowned


# The page.


def test_an_empty_plan_says_what_to_do_first(world, sign_in):
    told = words(page(sign_in(world.b.ambassador), world))
    assert "Plan the first activity" in told
    assert "No actions yet" in told


def test_both_teams_read_the_plan_and_nobody_else(planned, sign_in):
    for name, person in team(planned).items():
        assert "Newsletter" in page(sign_in(person), planned), name
    for person in others(planned).values():
        page(sign_in(person), planned, status=404)


def test_the_page_tells_all_in_words(planned, sign_in):
    Activity.objects.filter(title="Newsletter").update(
        ends_on=day(-1), starts_on=day(-3), cost="1250.50", core=True
    )
    Activity.objects.filter(title="Visit").update(starts_on=day(9))
    activity(planned, "Signed", 15, 15, is_milestone=True)
    html = page(sign_in(planned.a.manager), planned)
    told = words(html)
    assert "Visit starts before “Brief” has ended." in told
    # Beside the bar and in the table; what is no matter of days in the table alone.
    assert marks(html) == {
        "starts too early": 2,
        "critical": 6,
        "late": 2,
        "milestone": 1,
        "core": 1,
        f"doesn’t end until {day(10):%d/%m/%Y}": 1,
    }
    assert "can slip by 5 days" in told
    assert "€1,250.50" in told
    assert "Total cost" in told
    assert html.count('<li>\n<div class="rm-gantt-name">') == 5
    assert "style=" not in html


def test_one_click_marks_an_activity_as_done_and_another_one_takes_it_back(planned, sign_in):
    made = Activity.objects.get(title="Brief")
    made.state = "doing"
    made.save()
    client = sign_in(planned.b.ambassador)
    address = reverse(
        "partnerships:record-done", args=[planned.partnership.pk, "activity", made.pk]
    )
    assert f"{address}?version=1" in page(client, planned).replace("&amp;", "&")
    answer = client.post(f"{address}?version=1&page=plan")
    assert answer["Location"].endswith(f"/plan/#activity-{made.pk}")
    made.refresh_from_db()
    assert (made.state, made.done_on, made.version) == ("done", TODAY, 2)
    html = page(client, planned)
    assert "“Brief” is done." in html
    undo = f"{address}?version=2&state=doing&page=plan"
    assert f'action="{undo}"' in html.replace("&amp;", "&")
    answer = client.post(undo, HTTP_HX_REQUEST="true")
    assert answer["HX-Refresh"] == "true"
    made.refresh_from_db()
    assert (made.state, made.done_on) == ("doing", None)
    assert "“Brief” is open again." in page(client, planned)
    verbs = AuditEntry.objects.filter(target_id=made.pk, target="partnerships.activity")
    assert set(verbs.values_list("verb", flat=True)) == {"change_activity"}


def test_an_action_is_done_today(world, sign_in):
    made = action(world)
    client = sign_in(world.a.ambassador)
    address = reverse("partnerships:record-done", args=[world.partnership.pk, "action", made.pk])
    answer = client.post(f"{address}?version=1", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="plan")
    assert (answer.status_code, answer["Location"][-8:]) == (302, "#actions")
    made.refresh_from_db()
    assert made.done_on == TODAY
    answer = client.post(f"{address}?version=1&page=plan&who=mine")
    assert answer["Location"].endswith("/plan/?who=mine#actions")
    answer = client.post(f"{address}?version=2&state=planned&page=risks&who=nobody")
    assert answer["Location"].endswith(f"/risks/#action-{made.pk}")
    made.refresh_from_db()
    assert made.done_on is None
    answer = client.post(f"{address}?version=3&page=advice-7")
    assert answer["Location"].endswith(f"/advice/7/#action-{made.pk}")


@pytest.mark.parametrize("query", ["", "?version=x", "?version=2", "?version=-1"])
def test_a_stale_click_changes_nothing(world, sign_in, query):
    made = action(world)
    client = sign_in(world.a.manager)
    address = reverse("partnerships:record-done", args=[world.partnership.pk, "action", made.pk])
    assert client.post(f"{address}{query}").status_code == 302
    assert "Someone else has changed this since you opened it." in page(client, world)
    made.refresh_from_db()
    assert made.done_on is None


def test_what_cannot_be_marked(world, sign_in):
    pk = world.partnership.pk
    risk = rooms.RiskFactory(partnership=world.partnership)
    made = activity(world, "Brief", 1, 2)
    client = sign_in(world.a.manager)
    for kind, number in (("risk", risk.pk), ("activity", 999_999), ("nonsense", 1)):
        address = reverse("partnerships:record-done", args=[pk, kind, number])
        assert client.post(f"{address}?version=1").status_code == 404
    address = reverse("partnerships:record-done", args=[pk, "activity", made.pk])
    client.post(f"{address}?version=1&state=burnt")
    assert "is not a valid choice" in page(client, world)
    assert client.get(address).status_code == 405
    for person in others(world).values():
        assert sign_in(person).post(f"{address}?version=1").status_code == 404
    made.refresh_from_db()
    assert made.state == "planned"


def test_what_belongs_to_another_room_is_not_marked(world):
    elsewhere = Partnership.objects.create(title="Other", lead=world.a.cluster, state="active")
    made = rooms.ActionFactory(partnership=elsewhere)
    with pytest.raises(NotFound):
        do(
            world.a.manager,
            set_state,
            partnership_id=world.partnership.pk,
            kind="action",
            record_id=made.pk,
            version=1,
            state="done",
        )


def test_actions_stand_by_their_day_the_late_ones_first(world, sign_in):
    action(world, "Later", 30)
    action(world, "Late", -3)
    action(world, "Soon", 2)
    action(world, "Over", -9, done_on=day(-8))
    html = page(sign_in(world.a.manager), world)
    places = [html.index(f"<bdi>{title}</bdi>") for title in ("Late", "Soon", "Later", "Over")]
    assert places == sorted(places)
    told = words(html)
    assert "3 days late" in told
    assert told.count("due soon") == 1
    assert "1 done" in told


def test_actions_of_all_of_ones_side_and_of_oneself(world, sign_in):
    a, b = party(world, world.a), party(world, world.b)
    action(world, "Of nobody")
    action(world, "Of my side", party=a)
    action(world, "Of mine", party=a, person=world.a.manager)
    action(world, "Of theirs", party=b, person=world.b.manager)
    client = sign_in(world.a.manager)
    found = {
        who: [
            title
            for title in ("Of nobody", "Of my side", "Of mine", "Of theirs")
            if f"<bdi>{title}</bdi>" in page(client, world, who=who)
        ]
        for who in ("", "side", "mine", "somebody")
    }
    everything = ["Of nobody", "Of my side", "Of mine", "Of theirs"]
    assert found == {
        "": everything,
        "somebody": everything,
        "side": ["Of my side", "Of mine"],
        "mine": ["Of mine"],
    }
    assert "All 4" in words(page(client, world))
    assert "Our side 2" in words(page(client, world))
    assert "&amp;page=plan&amp;who=mine" in page(client, world, who="mine")
    Action.objects.filter(title="Of mine").delete()
    assert "Nothing is waiting for you." in page(client, world, who="mine")


def test_an_action_names_the_risk_it_is_for(world, sign_in):
    risk = rooms.RiskFactory(partnership=world.partnership, title="Nobody comes")
    action(world, origin="risk", origin_id=risk.pk)
    html = page(sign_in(world.b.manager), world)
    assert "for the risk “Nobody comes”" in html
    assert f"/risks/#risk-{risk.pk}" in html


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_new_action_begins_with_ones_own_side(world, sign_in, side):
    own = getattr(world, side)
    address = reverse("partnerships:record-add", args=[world.partnership.pk, "action"])
    form = sign_in(own.manager).get(address).context["form"]
    assert form["party"].value() == party(world, own).pk


@pytest.mark.parametrize("number", ["abc", "999999", "9" * 30])
def test_an_action_is_for_a_risk_of_this_room(world, sign_in, number):
    address = reverse("partnerships:record-add", args=[world.partnership.pk, "action"])
    answer = sign_in(world.a.manager).post(
        f"{address}?origin=risk&origin_id={number}", {"title": "x", "due_on": str(day(3))}
    )
    assert answer.status_code == 422
    assert not Action.objects.exists()


def test_an_action_for_a_risk_leads_back_to_it(world, sign_in):
    risk = rooms.RiskFactory(partnership=world.partnership)
    address = reverse("partnerships:record-add", args=[world.partnership.pk, "action"])
    client = sign_in(world.a.manager)
    query = f"?origin=risk&origin_id={risk.pk}"
    assert f"/risks/#risk-{risk.pk}" in client.get(f"{address}{query}").content.decode()
    answer = client.post(f"{address}{query}", {"title": "Call them", "due_on": str(day(3))})
    assert answer["Location"].endswith(f"/risks/#risk-{risk.pk}")
    assert (Action.objects.get().origin, Action.objects.get().origin_id) == ("risk", risk.pk)


def test_an_ended_partnership_shows_its_plan_and_marks_nothing(planned, sign_in):
    Partnership.objects.filter(pk=planned.partnership.pk).update(state="ended")
    client = sign_in(planned.a.manager)
    html = page(client, planned)
    assert "Newsletter" in html
    assert "/done/" not in html
    made = Activity.objects.get(title="Brief")
    address = reverse(
        "partnerships:record-done", args=[planned.partnership.pk, "activity", made.pk]
    )
    assert client.post(f"{address}?version=1").status_code == 302
    assert "has ended" in page(client, planned)


def test_queries_do_not_grow_with_the_plan(planned, sign_in, django_assert_num_queries):
    client = sign_in(planned.a.manager)
    a = party(planned, planned.a)
    rooms.ChargeFactory(activity=Activity.objects.first(), party=a, person=planned.a.manager)
    action(planned, party=a, person=planned.a.manager)
    page(client, planned)
    with django_assert_num_queries(18):
        page(client, planned)
    before = Activity.objects.get(title="Report")
    for number in range(6):
        before = activity(planned, f"Step {number}", 30 + number, 30 + number, needs=[before])
        rooms.ChargeFactory(activity=before, party=a, person=planned.a.ambassador)
        action(
            planned, party=a, person=planned.a.ambassador, done_on=day(-1) if number % 2 else None
        )
    with django_assert_num_queries(18):
        page(client, planned)


# The picture.


def drawn(world, **values):
    return draw_plan(plan(world).steps, today=TODAY, **values)


def number(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def test_bars_stand_where_their_days_are(world):
    first, last = date(2130, 1, 1), date(2130, 4, 30)
    made = activity(world, "All", 0, 0)
    Activity.objects.filter(pk=made.pk).update(starts_on=first, ends_on=last)
    half = activity(world, "Part", 0, 0)
    Activity.objects.filter(pk=half.pk).update(
        starts_on=date(2130, 3, 2), ends_on=date(2130, 3, 31)
    )
    picture = drawn(world)
    assert picture.today == ""
    whole, part = picture.rows
    assert (whole.x, whole.width) == ("0.00%", "100.00%")
    assert (part.x, part.width) == ("50.00%", "25.00%")
    assert [tick.x for tick in picture.ticks] == ["0.00%", "25.83%", "49.17%", "75.00%"]
    mirrored = drawn(world, is_mirrored=True).rows[1]
    assert (mirrored.x, mirrored.width) == ("25.00%", "25.00%")


def test_today_is_drawn_where_the_plan_is_near(planned):
    assert 0 < number(drawn(planned).today) < 100
    far = [
        replace(
            one,
            record=Activity(
                pk=one.record.pk, title="x", starts_on=date(2010, 1, 1), ends_on=date(2010, 2, 1)
            ),
            needs=[],
        )
        for one in plan(planned).steps
    ]
    assert draw_plan(far, today=TODAY).today == ""
    assert draw_plan([], today=TODAY) is None


def test_ties_go_from_the_end_to_the_beginning(planned):
    Activity.objects.filter(title="Visit").update(starts_on=day(5), ends_on=day(6))
    picture = drawn(planned)
    titles = [row.step.record.title for row in picture.rows]
    height = 100 / len(titles)
    ties = {
        (round(number(tie.y) / height - 0.5), round(number(tie.to_y) / height - 0.5)): tie
        for tie in picture.ties
    }
    places = {title: place for place, title in enumerate(titles)}
    clash = ties[places["Brief"], places["Visit"]]
    assert clash.is_clash
    assert number(clash.to_x) < number(clash.x)
    fits = ties[places["Visit"], places["Report"]]
    assert not fits.is_clash
    assert number(fits.x) < number(fits.to_x)


@pytest.mark.parametrize(
    ("months", "count", "named"), [(1, 1, True), (14, 14, True), (40, 14, True), (60, 5, False)]
)
def test_there_are_never_too_many_names_of_months(world, months, count, named):
    made = activity(world, "Long", 0, 0)
    end = date(2130 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    Activity.objects.filter(pk=made.pk).update(starts_on=date(2130, 1, 1), ends_on=end)
    ticks = drawn(world).ticks
    assert len(ticks) == count
    assert bool(ticks[0].name) == named
    assert ticks[0].year == "2130"
    assert sum(not tick.is_minor for tick in ticks) <= 7


def test_a_large_plan_is_drawn_without_ties(world):
    before = activity(world, "Step 0", 0, 0)
    for step in range(1, TIED + 1):
        before = activity(world, f"Step {step}", step, step, needs=[before])
    assert drawn(world).ties == []
    assert len(drawn(world).rows) == TIED + 1


def test_in_arabic_time_goes_from_right_to_left(planned, sign_in):
    client = sign_in(planned.a.manager)
    client.cookies["django_language"] = "ar"
    mirrored = page(client, planned)
    client.cookies["django_language"] = "en"
    plain = page(client, planned)
    pattern = re.compile(r'class="is-today" x1="([\d.]+)%"')
    here, there = (float(pattern.search(html).group(1)) for html in (plain, mirrored))
    assert here + there == pytest.approx(100, abs=0.02)


def test_numbers_of_the_picture_are_in_no_language(planned):
    with translation.override("fr"):
        assert all("," not in row.x for row in drawn(planned).rows)


# Two at the same moment.


@pytest.mark.django_db(transaction=True)
def test_two_who_change_needs_at_the_same_moment_close_no_circle(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        first, second, third = (activity(world, name, 1, 2) for name in ("1", "2", "3"))
        rooms.DependencyFactory(activity=second, needs=first)
    outcomes = []

    def write(person, record, need):
        do(
            person,
            change_record,
            kind="activity",
            partnership_id=world.partnership.pk,
            record_id=record.pk,
            version=1,
            values={"needs": [need.pk]},
        )

    def write_beside():
        try:
            write(world.b.manager, first, third)
            outcomes.append("saved")
        except InvalidInput:
            outcomes.append("refused")
        finally:
            connection.close()

    beside = threading.Thread(target=write_beside)
    with acting_as(SERVICE):
        write(world.a.manager, third, second)
        beside.start()
        beside.join(1)
        assert beside.is_alive(), "the second waits for the first"
    beside.join(20)
    assert outcomes == ["refused"]


def test_two_who_mark_the_same_action_lose_nothing(world):
    made = do(
        world.a.manager,
        add_record,
        kind="action",
        partnership_id=world.partnership.pk,
        values={"title": "Book the hall", "due_on": day(3)},
    )
    given = {"partnership_id": world.partnership.pk, "kind": "action", "record_id": made.pk}
    do(world.a.manager, set_state, version=1, state="done", **given)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        do(world.b.manager, set_state, version=1, state="done", **given)
    assert AuditEntry.objects.filter(verb="change_action").count() == 1
