"""Steps of a bid: planned back from the deadline, taken back, and moved along with it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from proxeny.bids.models import Bid
from proxeny.bids.operations import steps as operations
from proxeny.bids.queries.steps import read_steps
from proxeny.calls.models import Call
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Action
from tests.bids.bidding import bid_of, call_of
from tests.factories.rooms import ActionFactory
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db
CLOSES = datetime(2031, 4, 15, 15, tzinfo=UTC)
NOW = datetime(2031, 1, 2, 12, tzinfo=UTC)


def bid_closing(world, closes_at=CLOSES, **values):
    return bid_of(world, call=call_of(world, closes_at=closes_at), **values)


def plan(person, bid, now=NOW):
    return do(
        person, operations.plan_back, partnership_id=bid.partnership_id, bid_id=bid.pk, now=now
    )


def move(person, bid, **given):
    given.setdefault("now", NOW)
    return do(
        person, operations.move_steps, partnership_id=bid.partnership_id, bid_id=bid.pk, **given
    )


def step(bid, **values):
    given = {"title": "Ask the port", "due_on": date(2031, 3, 1), "partnership": bid.partnership}
    return ActionFactory(**given | values, origin="bid", origin_id=bid.pk)


def read(bid):
    return read_steps(Bid.objects.select_related("call").get(pk=bid.pk), today=NOW.date())


def days(bid):
    return [one.record.due_on for one in read(bid).tasks]


def test_the_usual_steps_are_counted_back_from_the_deadline(world):
    bid = bid_closing(world)
    made = plan(world.b.ambassador, bid)
    last = date(2031, 4, 15)
    assert [(last - one.due_on).days for one in made] == [60, 50, 21, 10, 5, 2]
    assert {(one.origin, one.origin_id, one.party_id, one.person_id) for one in made} == {
        ("bid", bid.pk, None, None)
    }
    assert made[-1].title == "Submit, with two days to spare"
    found = read(bid)
    assert (found.closes_on, found.counted_from, found.moved) == (last, last, 0)
    entry = AuditEntry.objects.get(verb="plan_bid_steps")
    assert (entry.target, entry.target_id, entry.changes) == ("bids.bid", bid.pk, {"count": 6})


def test_the_day_is_that_of_brussels(world):
    late = datetime(2031, 4, 15, 22, 30, tzinfo=UTC)
    bid = bid_closing(world, late)
    assert plan(world.a.manager, bid)[-1].due_on == date(2031, 4, 14)


def test_what_would_have_been_before_today_is_left_out(world):
    bid = bid_closing(world)
    made = plan(world.a.manager, bid, now=CLOSES - timedelta(days=21))
    assert [one.due_on for one in made] == [
        date(2031, 3, 25),
        date(2031, 4, 5),
        date(2031, 4, 10),
        date(2031, 4, 13),
    ]


@pytest.mark.parametrize("before", [timedelta(days=1), timedelta(days=-1)])
def test_where_no_time_is_left_nothing_is_planned(world, before):
    bid = bid_closing(world)
    with pytest.raises(Conflict, match="closes too soon"):
        plan(world.a.manager, bid, now=CLOSES - before)
    assert Bid.objects.get().counted_from is None


def test_without_a_deadline_nothing_is_planned(world):
    with pytest.raises(Conflict, match="no deadline"):
        plan(world.a.manager, bid_closing(world, None))


def test_where_steps_are_planned_none_are_added(world):
    bid = bid_closing(world)
    step(bid, done_on=date(2031, 1, 1))
    with pytest.raises(Conflict, match="Steps are already planned"):
        plan(world.a.manager, bid)
    assert Action.objects.count() == 1


def test_planned_steps_are_taken_back_but_for_those_that_are_done(world):
    bid = bid_closing(world)
    made = plan(world.a.manager, bid)
    other = step(bid)
    Action.objects.filter(pk=made[0].pk).update(done_on=NOW.date())
    elsewhere = ActionFactory(partnership=world.partnership)
    given = {
        "partnership_id": bid.partnership_id,
        "bid_id": bid.pk,
        "now": NOW,
        "steps": [*(one.pk for one in made), elsewhere.pk],
    }
    assert do(world.b.manager, operations.take_back_steps, **given) == 5
    assert {one.record.pk for one in read(bid).tasks} == {made[0].pk, other.pk}
    assert Action.objects.get(pk=elsewhere.pk).dropped_at is None
    assert Bid.objects.get().counted_from == date(2031, 4, 15)
    # Twice changes nothing, and says nothing.
    assert do(world.b.manager, operations.take_back_steps, **given) == 0
    assert AuditEntry.objects.filter(verb="take_back_bid_steps").count() == 1


def test_once_all_are_taken_back_they_can_be_planned_anew(world):
    bid = bid_closing(world)
    made = plan(world.a.manager, bid)
    do(
        world.a.manager,
        operations.take_back_steps,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        now=NOW,
        steps=[one.pk for one in made],
    )
    assert Bid.objects.get().counted_from is None
    assert len(plan(world.a.manager, bid)) == 6


def test_open_steps_move_with_the_deadline_and_back(world):
    bid = bid_closing(world)
    made = plan(world.a.manager, bid)
    Action.objects.filter(pk=made[0].pk).update(done_on=NOW.date())
    before = days(bid)
    Call.objects.update(closes_at=CLOSES + timedelta(days=14))
    assert (read(bid).moved, read(bid).days) == (14, 14)
    assert move(world.b.manager, bid) == 14
    assert days(bid) == [before[0], *(one + timedelta(days=14) for one in before[1:])]
    assert read(bid).moved == 0
    # A second click does not move them further.
    assert move(world.a.manager, bid) == 0
    assert AuditEntry.objects.get(verb="move_bid_steps").changes == {
        "counted_from": ["2031-04-15", "2031-04-29"]
    }
    assert move(world.b.manager, bid, to=date(2031, 4, 15)) == -14
    assert days(bid) == before
    assert read(bid).moved == 14
    assert Action.objects.get(pk=made[1].pk).version == 3


def test_a_deadline_that_comes_nearer_moves_steps_too(world):
    bid = bid_closing(world)
    plan(world.a.manager, bid)
    Call.objects.update(closes_at=CLOSES - timedelta(days=9))
    assert (read(bid).moved, read(bid).days) == (-9, 9)
    assert [one.record.due_on for one in read(bid).beyond] == [date(2031, 4, 10), date(2031, 4, 13)]
    assert move(world.a.manager, bid) == -9
    assert read(bid).beyond == []


def test_steps_noted_by_hand_are_only_told_to_lie_too_late(world):
    bid = bid_closing(world)
    step(bid, due_on=date(2031, 5, 1))
    step(bid, due_on=date(2031, 4, 15))
    assert (len(read(bid).beyond), read(bid).moved) == (1, 0)
    assert move(world.a.manager, bid) == 0


def test_no_calendar_has_days_beyond_its_end(world):
    bid = bid_closing(world)
    plan(world.a.manager, bid)
    step(bid, due_on=date(9999, 12, 30))
    with pytest.raises(InvalidInput) as refused:
        move(world.a.manager, bid, to=date(2031, 5, 1))
    assert refused.value.field == "to"
    assert read(bid).counted_from == date(2031, 4, 15)


def test_a_bid_that_is_over_plans_nothing(world):
    bid = bid_closing(world, state="submitted", submitted_at=NOW)
    for deed in (plan, move):
        with pytest.raises(Conflict, match="This bid can no longer be edited"):
            deed(world.a.manager, bid)


def test_others_plan_nothing(world):
    bid = bid_closing(world)
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special):
        for deed in (plan, move):
            with pytest.raises(NotFound):
                deed(person, bid)
