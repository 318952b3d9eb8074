"""The list of bids, the first page of each, and the way from a call to a bid."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.forms import form_of
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return unescape(words(answer.content.decode()))


def list_url(world):
    return reverse("bids:list", args=[world.partnership.pk])


def bid_url(bid):
    return reverse("bids:bid", args=[bid.partnership_id, bid.pk])


def test_an_empty_room_leads_to_calls(world, sign_in):
    shown = sign_in(world.b.manager).get(list_url(world))
    assert "No bids yet" in text_of(shown)
    assert reverse("calls:list") in shown.content.decode()


def test_a_call_leads_to_a_bid(world, sign_in):
    call, client = call_of(world), sign_in(world.b.ambassador)
    shown = client.get(reverse("calls:detail", args=[call.pk]))
    address = (
        f"{reverse('partnerships:record-add', args=[world.partnership.pk, 'bid'])}?call={call.pk}"
    )
    assert address in unescape(shown.content.decode())
    form = form_of(client.get(address))
    answer = client.post(address, {**form, "title": "Clean harbours", "months": "24"})
    bid = Bid.objects.get()
    assert answer.url == bid_url(bid)
    assert (bid.call_id, bid.title) == (call.pk, "Clean harbours")
    again = client.get(reverse("calls:detail", args=[call.pk]))
    assert bid_url(bid) in again.content.decode()


def test_a_call_says_nothing_of_bids_to_others(world, sign_in):
    bid = bid_of(world)
    shown = sign_in(world.a.representatives[0]).get(reverse("calls:detail", args=[bid.call_id]))
    assert shown.status_code == 200
    assert "Bidding together" not in text_of(shown)


def test_a_call_of_another_room_is_no_call_to_bid_for(world, sign_in):
    call, client = call_of(world), sign_in(world.a.manager)
    call.steward = world.c.cluster
    call.save()
    address = (
        f"{reverse('partnerships:record-add', args=[world.partnership.pk, 'bid'])}?call={call.pk}"
    )
    answer = client.post(address, {"title": "Clean harbours", "months": "24", "overhead": "25"})
    assert answer.status_code == 422
    assert not Bid.objects.exists()


def test_both_sides_see_a_bid_and_others_nothing(world, sign_in):
    bid = bid_of(world)
    partner_of(bid, world.a.members[0])
    for person in team(world).values():
        client = sign_in(person)
        assert bid.title in text_of(client.get(list_url(world)))
        shown = text_of(client.get(bid_url(bid)))
        assert bid.idea in shown
        assert "Something is missing. See below." in shown
    for person in others(world).values():
        client = sign_in(person)
        assert client.get(list_url(world)).status_code == 404
        assert client.get(bid_url(bid)).status_code == 404


def test_a_bid_that_was_put_away_says_so(world, sign_in):
    bid = bid_of(world, dropped_at=timezone.now())
    client = sign_in(world.a.manager)
    assert "This bid is archived" in text_of(client.get(bid_url(bid)))
    assert "1 archived" in text_of(client.get(list_url(world)))


def test_the_list_is_searched_sorted_and_taken_along(world, sign_in):
    bid_of(world, title="Nets that last", acronym="NETS")
    bid_of(world, title="Boats that float", acronym="BOATS", state="preparing")
    client = sign_in(world.a.manager)
    found = text_of(client.get(list_url(world), {"q": "nets last"}))
    assert "Nets that last" in found
    assert "Boats that float" not in found
    by_state = text_of(client.get(list_url(world), {"state": "preparing"}))
    assert "Boats that float" in by_state
    assert "Nets that last" not in by_state
    assert "Show all bids" in text_of(client.get(list_url(world), {"q": "zzz"}))
    table = client.get(list_url(world), {"export": "csv", "sort": "title"})
    lines = table.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Boats that float", "Nets that last"]


def test_the_list_asks_the_same_for_one_bid_and_three(world, sign_in):
    client = sign_in(world.a.manager)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(list_url(world)).status_code == 200
        return len(caught)

    bid_of(world)
    queries()
    one = queries()
    for _ in range(2):
        partner_of(bid_of(world), world.a.members[0])
    assert queries() == one


def test_the_page_asks_the_same_for_one_partner_and_three(world, sign_in):
    bid, client = bid_of(world), sign_in(world.b.manager)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(bid_url(bid)).status_code == 200
        return len(caught)

    partner_of(bid, world.a.members[0])
    queries()
    one = queries()
    for organisation in (world.a.members[1], world.b.members[0]):
        partner_of(bid, organisation)
    assert queries() == one


def test_the_form_of_a_new_partner_says_whom_it_is_about(world, sign_in):
    bid, client = bid_of(world), sign_in(world.b.manager)
    lab, hidden = world.b.members[0], world.c.members[0]
    address = reverse("partnerships:record-add", args=[world.partnership.pk, "bid-partner"])
    shown = text_of(client.get(address, {"bid": bid.pk, "organisation": lab.pk}))
    assert lab.name in shown
    nothing = text_of(client.get(address, {"bid": bid.pk, "organisation": hidden.pk}))
    assert hidden.name not in nothing
