"""What is open between the partners, as the agenda of their next catch-up begins with it."""

from datetime import UTC, date, datetime, timedelta

from proxeny.partnerships.models import KeyResult
from proxeny.partnerships.open_points import list_open_points
from tests.factories import rooms

TODAY = date(2027, 3, 1)
#: The day of the catch-up.
ON = date(2027, 3, 15)


def points(world, reading, person=None) -> list[tuple[str, str, bool]]:
    with reading(person or world.a.manager):
        found = list_open_points(world.partnership.pk, on=ON, today=TODAY)
    return [(point.kind, point.title, point.is_late) for point in found]


def test_each_kind_is_found_while_it_is_open_and_due(world, reading):
    room = {"partnership": world.partnership}
    for title, due_on, more in (
        ("late", TODAY - timedelta(days=1), {}),
        ("soon", ON + timedelta(days=30), {}),
        ("far", ON + timedelta(days=31), {}),
        ("done", TODAY, {"done_on": TODAY}),
        ("away", TODAY, {"dropped_at": datetime(2027, 1, 1, tzinfo=UTC)}),
    ):
        rooms.ActionFactory(title=title, due_on=due_on, **room, **more)
    for title, review_on, more in (
        ("by then", ON, {}),
        ("later", ON + timedelta(days=1), {}),
        ("never", None, {}),
        ("closed", TODAY, {"closed_on": TODAY}),
    ):
        rooms.RiskFactory(title=title, review_on=review_on, **room, **more)
    for title, state in (("proposed", "proposed"), ("draft", "draft"), ("decided", "accepted")):
        rooms.RecommendationFactory(title=title, state=state, **room)
    assert points(world, reading) == [
        ("action", "late", True),
        ("action", "soon", False),
        ("risk", "by then", False),
        ("recommendation", "proposed", False),
    ]
    # Both teams see the same, and nobody else anything.
    assert points(world, reading, world.b.ambassador) == points(world, reading)
    assert points(world, reading, world.c.manager) == []


def test_key_results_are_measured_every_sixty_days(world, reading):
    objective = rooms.ObjectiveFactory(partnership=world.partnership)
    for title, measured_on in (
        ("fresh", ON - timedelta(days=60)),
        ("stale", ON - timedelta(days=61)),
    ):
        result = rooms.KeyResultFactory(objective=objective, title=title)
        rooms.MeasurementFactory(result=result, measured_on=measured_on)
        rooms.MeasurementFactory(result=result, measured_on=date(2026, 1, 1))
    for title in ("never", "new"):
        rooms.KeyResultFactory(objective=objective, title=title)
    KeyResult.objects.filter(title="new").update(created_at=datetime(2027, 3, 1, tzinfo=UTC))
    KeyResult.objects.filter(title="never").update(created_at=datetime(2026, 6, 1, tzinfo=UTC))
    assert sorted(points(world, reading)) == [
        ("result", "never", False),
        ("result", "stale", False),
    ]
    objective.closed_on = TODAY
    objective.save()
    assert points(world, reading) == []


def test_what_the_other_side_has_to_confirm(world, reading):
    a, b = world.partnership.parties.order_by("side")
    for what, more in (
        ("waits", {}),
        ("confirmed", {"confirmed_at": datetime(2027, 1, 1, tzinfo=UTC)}),
        ("contested", {"contested_at": datetime(2027, 1, 1, tzinfo=UTC)}),
    ):
        rooms.FavourFactory(giver=a, receiver=b, what=what, **more)
    assert points(world, reading) == [("favour", "waits", False)]


def test_at_most_twenty_of_a_kind_in_five_queries(world, reading, django_assert_num_queries):
    rooms.ActionFactory.create_batch(25, partnership=world.partnership, due_on=TODAY)
    with reading(world.a.manager), django_assert_num_queries(5):
        found = list_open_points(world.partnership.pk, on=ON, today=TODAY)
    assert len(found) == 20
    assert found[0].line.endswith("(by 01/03/2027)")
