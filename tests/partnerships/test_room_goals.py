"""The goals of a room: objectives, the figures that measure them, and their pictures."""

import re
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.goal_queries import FIGURES, read_goals
from proxeny.partnerships.models import KeyResult, Measurement, Objective, Partnership
from proxeny.partnerships.operations.goals import measure
from proxeny.partnerships.trend_chart import HEIGHT, MARGIN, WIDTH, draw_trend
from tests.factories import rooms
from tests.factories.world import make_world
from tests.partnerships.rooms import TODAY, day, do, others, party, team, words
from tests.stages import staged


def page(client, world, status=200, **query):
    answer = client.get(reverse("partnerships:goals", args=[world.partnership.pk]), query)
    assert answer.status_code == status
    return answer.content.decode()


@staged
def goal(world):
    return rooms.ObjectiveFactory(
        partnership=world.partnership, title="Twelve sell abroad", due_on=day(100)
    )


@staged
def result(goal):
    return rooms.KeyResultFactory(
        objective=goal, title="First contracts", unit="companies", start=2, target=12
    )


def note(world, person, result, value, on=TODAY, **given):
    return do(
        person,
        measure,
        partnership_id=world.partnership.pk,
        result_id=result.pk,
        value=Decimal(value),
        measured_on=on,
        note=given.pop("note", ""),
        **given,
    )


def test_an_empty_page_says_what_to_do_first(world, sign_in):
    html = page(sign_in(world.b.ambassador), world)
    assert "Add the first goal" in html
    assert reverse("partnerships:record-add", args=[world.partnership.pk, "objective"]) in html


def test_both_teams_read_the_page_and_nobody_else(world, result, sign_in):
    for name, person in team(world).items():
        assert "First contracts" in page(sign_in(person), world), name
    for person in others(world).values():
        page(sign_in(person), world, status=404)


def test_figures_lead_from_begin_to_goal(world, result, sign_in):
    result.party = party(world, world.a)
    result.save()
    note(world, world.a.manager, result, "4", day(-20))
    note(world, world.b.ambassador, result, "7", day(-10), note="after the event")
    html = page(sign_in(world.b.manager), world)
    assert "7 companies from 2 to 12" in words(html)
    assert '<progress class="px-progress is-a" max="100" value="50"' in html
    assert "after the event · French ambassador" in words(html)
    assert "2 figures" in words(html)
    assert "<polyline" in html
    assert f"?objective={result.objective_id}" in html


def test_a_goal_that_falls_and_one_that_is_passed(world, goal):
    falling = rooms.KeyResultFactory(objective=goal, title="Days", start=30, target=10)
    passed = rooms.KeyResultFactory(objective=goal, title="Meetings", target=10)
    back = rooms.KeyResultFactory(objective=goal, title="Members", start=10, target=20)
    for one, value in ((falling, 16), (passed, 14), (back, 4)):
        rooms.MeasurementFactory(result=one, value=value)
    found = {
        one.record.title: (one.percent, one.is_reached)
        for one in read_goals(world.partnership.pk, today=TODAY).results
    }
    assert found == {"Days": (70, False), "Meetings": (100, True), "Members": (0, False)}


@pytest.mark.parametrize(
    ("due", "value", "word"),
    [(day(-3), 5, "late"), (day(5), 5, "due soon"), (day(-3), 12, "reached"), (day(60), 5, "")],
)
def test_what_is_late_near_or_reached_is_told_in_words(world, result, sign_in, due, value, word):
    KeyResult.objects.filter(pk=result.pk).update(due_on=due)
    rooms.MeasurementFactory(result=result, value=value)
    html = page(sign_in(world.a.manager), world)
    told = re.findall(r'<span class="px-status[^"]*">.*?</svg>([^<]+)</span>', html)
    assert told == ([word] if word else [])


def test_without_a_day_of_its_own_the_objectives_day_counts(world, result):
    Objective.objects.filter(pk=result.objective_id).update(due_on=day(-1))
    goals = read_goals(world.partnership.pk, today=TODAY)
    assert goals.late == 1
    assert goals.open[0].is_late


def test_closed_objectives_stand_below_with_what_came_of_them(world, result, sign_in):
    Objective.objects.filter(pk=result.objective_id).update(
        closed_on=day(-5), outcome="Nine of them sell now.", due_on=day(-9)
    )
    rooms.MeasurementFactory(result=result, value=9)
    rooms.ObjectiveFactory(partnership=world.partnership, title="Another one")
    html = page(sign_in(world.b.manager), world)
    assert html.index("Another one") < html.index("Twelve sell abroad")
    told = words(html)
    assert "1 closed objective" in told
    assert "Nine of them sell now." in told
    assert "9 of 12 companies" in told
    assert "not reached" in told
    assert "late" not in told.lower().replace("related", "").split()


def test_a_figure_is_noted_in_place(world, result, sign_in):
    client = sign_in(world.b.manager)
    address = reverse("partnerships:measure", args=[world.partnership.pk, result.pk])
    values = {"value": "5.5", "measured_on": str(day(-2)), "note": "from the survey"}
    answer = client.post(address, values, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="goals")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/goals/#key-result-{result.pk}")
    made = Measurement.objects.get()
    assert (made.value, made.measured_on, made.person) == (
        Decimal("5.5"),
        day(-2),
        world.b.manager,
    )
    html = page(client, world)
    assert "Saved. The other side can see it too." in html
    assert "5.5 companies" in words(html)


def test_a_second_figure_of_a_day_replaces_the_first(world, result):
    note(world, world.a.manager, result, "4")
    note(world, world.b.manager, result, "6")
    assert Measurement.objects.get().value == 6
    verbs = AuditEntry.objects.filter(verb="measure", partnership_id=world.partnership.pk)
    assert [row.changes["value"] for row in verbs.order_by("pk")] == ["4", "6"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"value": "", "measured_on": str(TODAY)}, "value", "This field is required."),
        ({"value": "many", "measured_on": str(TODAY)}, "value", "Enter a number."),
        (
            {"value": "3", "measured_on": str(day(3))},
            "measured_on",
            "This date is in the future. Choose an earlier one.",
        ),
        ({"value": "9999999999999", "measured_on": str(TODAY)}, "value", "no more than"),
    ],
)
def test_a_wrong_figure_is_told_beside_its_field(world, result, sign_in, values, field, sentence):
    other = rooms.KeyResultFactory(objective=result.objective)
    address = reverse("partnerships:measure", args=[world.partnership.pk, result.pk])
    answer = sign_in(world.a.ambassador).post(address, values)
    assert answer.status_code == 422
    html = answer.content.decode()
    error = html.index(f'id="{field}-{result.pk}-error"')
    assert sentence in html[error : error + 400]
    assert f'name="{field}"' in html
    assert f"{field}-{other.pk}-error" not in html
    assert html.count('<details class="rm-note" open>') == 1
    assert not Measurement.objects.exists()


def test_only_the_teams_note_figures_and_take_them_back(world, result, sign_in):
    made = rooms.MeasurementFactory(result=result)
    pk = world.partnership.pk
    for person in others(world).values():
        client = sign_in(person)
        values = {"value": "3", "measured_on": str(day(-1))}
        assert (
            client.post(reverse("partnerships:measure", args=[pk, result.pk]), values).status_code
            == 404
        )
        assert (
            client.post(reverse("partnerships:measurement-remove", args=[pk, made.pk])).status_code
            == 404
        )
    assert Measurement.objects.get() == made
    client = sign_in(world.b.ambassador)
    answer = client.post(reverse("partnerships:measurement-remove", args=[pk, made.pk]))
    assert answer.status_code == 302
    assert not Measurement.objects.exists()
    row = AuditEntry.objects.get(verb="remove_measurement")
    assert row.changes["title"] == "First contracts"
    assert (
        client.post(reverse("partnerships:measurement-remove", args=[pk, made.pk])).status_code
        == 404
    )


def test_an_ended_partnership_keeps_its_figures(world, result, sign_in):
    made = rooms.MeasurementFactory(result=result)
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended")
    client = sign_in(world.a.manager)
    html = page(client, world)
    assert "Record a figure" not in html
    assert "New objective" not in html
    address = reverse("partnerships:measurement-remove", args=[world.partnership.pk, made.pk])
    assert client.post(address).status_code == 302
    assert "has ended" in page(client, world)
    assert Measurement.objects.exists()


def test_what_was_put_away_is_not_measured_and_can_be_brought_back(world, result, sign_in):
    KeyResult.objects.filter(pk=result.pk).update(dropped_at=timezone.now())
    with pytest.raises(Conflict, match="This is archived"):
        note(world, world.a.manager, result, "4")
    client = sign_in(world.a.manager)
    html = page(client, world)
    assert "1 archived" in words(html)
    restore = reverse(
        "partnerships:record-restore", args=[world.partnership.pk, "key-result", result.pk]
    )
    assert restore in html
    undo = client.post(restore, HTTP_HX_REQUEST="true")
    assert (undo.status_code, undo["HX-Refresh"]) == (200, "true")
    assert "“First contracts” restored." in page(client, world)


def test_figures_of_another_room_are_out_of_reach(world, result):
    elsewhere = Partnership.objects.create(title="Other", lead=world.a.cluster, state="active")
    with pytest.raises(NotFound):
        do(
            world.a.manager,
            measure,
            partnership_id=elsewhere.pk,
            result_id=result.pk,
            value=Decimal(3),
            measured_on=TODAY,
            note="",
        )
    with pytest.raises(InvalidInput, match="too large"):
        note(world, world.a.manager, result, "1e12")


def test_queries_do_not_grow_with_the_goals(world, result, sign_in, django_assert_num_queries):
    client = sign_in(world.a.manager)
    rooms.MeasurementFactory(result=result, person=world.a.manager)
    page(client, world)
    with django_assert_num_queries(16):
        page(client, world)
    for number in range(2):
        goal = rooms.ObjectiveFactory(partnership=world.partnership)
        for _each in range(2):
            one = rooms.KeyResultFactory(objective=goal, party=party(world, world.b))
            for back in range(3):
                rooms.MeasurementFactory(
                    result=one, measured_on=day(-back), person=world.b.manager, value=number
                )
    with django_assert_num_queries(16):
        page(client, world)


def test_only_the_newest_figures_are_shown(world, result):
    Measurement.objects.bulk_create(
        Measurement(
            partnership=world.partnership, result=result, value=number, measured_on=day(-number)
        )
        for number in range(FIGURES + 5)
    )
    [one] = read_goals(world.partnership.pk, today=TODAY).results
    assert [figure.value for figure in one.figures] == list(range(FIGURES))


def test_numbers_follow_the_readers_language(world, result, sign_in):
    KeyResult.objects.filter(pk=result.pk).update(target=Decimal("12500"))
    rooms.MeasurementFactory(result=result, value=Decimal("1250.5"))
    client = sign_in(world.b.manager)
    client.cookies["django_language"] = "fr"
    told = words(page(client, world)).replace("\u202f", " ").replace("\xa0", " ")
    assert "1 250,5 companies" in told
    client.cookies["django_language"] = "en"
    assert "1,250.5 companies" in words(page(client, world))


# The picture of a trend.


def test_a_trend_goes_from_the_first_day_to_the_last():
    points = [
        (date(2026, 1, 1), Decimal(0)),
        (date(2026, 1, 6), Decimal(5)),
        (date(2026, 1, 11), Decimal(10)),
    ]
    drawn = draw_trend(points, target=Decimal(10))
    middle = (f"{WIDTH / 2:.1f}", f"{HEIGHT / 2:.1f}")
    assert drawn.dots == [(f"{MARGIN:.1f}", f"{HEIGHT - MARGIN:.1f}"), middle]
    assert drawn.last == (f"{WIDTH - MARGIN:.1f}", f"{MARGIN:.1f}")
    assert drawn.target == f"{MARGIN:.1f}"
    mirrored = draw_trend(points, target=Decimal(10), is_mirrored=True)
    assert mirrored.last == (f"{MARGIN:.1f}", f"{MARGIN:.1f}")
    assert mirrored.dots[1] == middle


def test_no_trend_of_one_figure_and_a_flat_one_of_equal_ones():
    one = (date(2026, 1, 1), Decimal(3))
    assert draw_trend([one], target=Decimal(3)) is None
    drawn = draw_trend([one, (date(2026, 1, 1), Decimal(3))], target=Decimal(3))
    assert drawn.target == drawn.last[1]


# Two at the same moment.


@pytest.mark.django_db(transaction=True)
def test_two_figures_of_one_day_at_the_same_moment_are_one(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        goal = rooms.ObjectiveFactory(partnership=world.partnership)
        result = rooms.KeyResultFactory(objective=goal)
    problems = []
    ready = threading.Barrier(2)

    def write(person, value):
        try:
            ready.wait(10)
            note(world, person, result, value)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=args)
        for args in ((world.a.manager, "3"), (world.b.manager, "4"))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert not any(one.is_alive() for one in threads)
    assert problems == []
    with acting_as(SERVICE):
        assert Measurement.objects.count() == 1
