"""The steps on the page of a bid: planned with a button, done, moved along with the deadline."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid
from proxeny.calls.models import Call
from proxeny.partnerships.models import Action
from tests.bids.bidding import bid_of, call_of
from tests.factories.rooms import ActionFactory
from tests.partnerships.rooms import day, others, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return unescape(words(answer.content.decode()))


def url(bid, name="bid"):
    return reverse(f"bids:{name}", args=[bid.partnership_id, bid.pk])


def bid_closing(world, days=90, **values):
    closes_at = timezone.now() + timedelta(days=days)
    return bid_of(world, call=call_of(world, closes_at=closes_at), **values)


def step(bid, **values):
    given = {"title": "Ask the port", "due_on": day(5), "partnership": bid.partnership}
    return ActionFactory(**given | values, origin="bid", origin_id=bid.pk)


def undo_of(answer):
    """Return where the undo of the only message leads."""
    [message] = answer.context["messages"]
    return message.extra_tags.removeprefix("undo:")


def test_steps_are_planned_with_a_button_and_taken_back(world, sign_in):
    bid, client = bid_closing(world), sign_in(world.b.ambassador)
    assert "Plan back from the deadline" in text_of(client.get(url(bid)))
    answer = client.post(url(bid, "steps-plan"), follow=True)
    assert answer.redirect_chain == [(f"{url(bid)}#steps", 302)]
    text = text_of(answer)
    assert "6 steps planned." in text
    assert "Finalise the budget no one yet by" in text
    assert "Plan back from the deadline" not in text
    answer = client.post(undo_of(answer), follow=True)
    assert "6 steps archived." in text_of(answer)
    assert "Plan back from the deadline" in text_of(answer)
    assert Action.objects.filter(dropped_at=None).count() == 0


def test_it_is_said_why_nothing_is_planned(world, sign_in):
    bid, client = bid_closing(world, days=1), sign_in(world.a.manager)
    assert "The call closes too soon" in text_of(client.post(url(bid, "steps-plan"), follow=True))
    step(bid)
    answer = client.post(url(bid, "steps-plan"), follow=True)
    assert "Steps are already planned." in text_of(answer)


def test_a_step_leads_from_the_plan_to_its_bid_and_is_done_on_both_pages(world, sign_in):
    bid, client = bid_closing(world, title="Clean harbours"), sign_in(world.a.manager)
    one = step(bid)
    plan = client.get(reverse("partnerships:plan", args=[bid.partnership_id]))
    assert "for the bid “Clean harbours”" in text_of(plan)
    assert f'href="{url(bid)}"' in plan.content.decode()
    done = reverse("partnerships:record-done", args=[bid.partnership_id, "action", one.pk])
    shown = client.get(url(bid)).content.decode()
    assert f"{done}?version=1&amp;page=bid-{bid.pk}" in shown
    answer = client.post(f"{done}?version=1&page=bid-{bid.pk}")
    assert answer.url == f"{url(bid)}#action-{one.pk}"
    text = text_of(client.get(url(bid)))
    assert "All steps are done." in text
    assert "1 done" in text


def test_a_new_step_belongs_to_the_bid(world, sign_in):
    bid, client = bid_closing(world), sign_in(world.a.ambassador)
    new = reverse("partnerships:record-add", args=[bid.partnership_id, "action"])
    new = f"{new}?origin=bid&origin_id={bid.pk}"
    assert new in unescape(client.get(url(bid)).content.decode())
    answer = client.post(new, {"title": "Ask the port", "due_on": str(day(3))})
    assert answer.url == url(bid)
    one = Action.objects.get()
    assert (one.origin, one.origin_id) == ("bid", bid.pk)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (7, "The deadline is 7 days later than when the steps were planned"),
        (-1, "The deadline is 1 day earlier than when the steps were planned"),
    ],
)
def test_a_deadline_that_moved_is_told_and_steps_move_along(world, sign_in, days, told):
    bid, client = bid_closing(world), sign_in(world.a.manager)
    client.post(url(bid, "steps-plan"))
    first = Action.objects.order_by("due_on").first()
    call = Call.objects.get()
    Call.objects.update(closes_at=call.closes_at + timedelta(days=days))
    assert told in text_of(client.get(url(bid)))
    answer = client.post(url(bid, "steps-move"), follow=True)
    text = text_of(answer)
    assert f"Open steps moved by {abs(days)} day" in text
    assert told not in text
    assert Action.objects.get(pk=first.pk).due_on == first.due_on + timedelta(days=days)
    client.post(undo_of(answer))
    assert Action.objects.get(pk=first.pk).due_on == first.due_on
    assert told in text_of(client.get(url(bid)))
    for odd in ("31-12-2031", "2031-02-31", "9999-12-31"):
        assert client.post(f"{url(bid, 'steps-move')}?to={odd}").status_code == 302


def test_steps_that_lie_after_the_deadline_are_told(world, sign_in):
    bid = bid_closing(world, days=10)
    step(bid, due_on=day(30))
    step(bid, due_on=day(3))
    assert "1 step falls after the deadline" in text_of(sign_in(world.b.manager).get(url(bid)))


def test_once_submitted_steps_are_done_and_no_more_are_planned(world, sign_in):
    bid = bid_closing(world, state="submitted", submitted_at=timezone.now())
    step(bid)
    client = sign_in(world.a.manager)
    text = text_of(client.get(url(bid)))
    assert "Ask the port" in text
    assert "New step" not in text
    assert "Done" in text
    for name in ("steps-plan", "steps-take-back", "steps-move"):
        assert client.post(url(bid, name)).status_code == 403


def test_others_plan_nothing(world, sign_in):
    bid = bid_closing(world)
    for person in others(world).values():
        for name in ("steps-plan", "steps-take-back", "steps-move"):
            assert sign_in(person).post(url(bid, name)).status_code == 404


def test_the_page_asks_the_same_for_one_step_and_three(world, sign_in):
    bid, client = bid_closing(world), sign_in(world.a.manager)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(bid)).status_code == 200
        return len(caught)

    step(bid)
    queries()
    one = queries()
    for number in (2, 3):
        step(bid, title=f"Step {number}", person=world.b.manager)
        step(bid, title=f"Done {number}", done_on=day(-1))
    assert queries() == one
    assert Bid.objects.count() == 1
