"""Whether the sides go for a bid, on its first page, with what is next."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid, Stance
from tests.bids.bidding import bid_of
from tests.bids.finishing import GO, NO, fresh, say, whole_bid
from tests.factories.bids import PaperFactory, SpendingFactory, StanceFactory, WorkPackageFactory
from tests.factories.partnerships import PartyFactory
from tests.forms import form_of
from tests.partnerships.rooms import others, party, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return unescape(words(answer.content.decode()))


def url(bid, name="bid"):
    return reverse(f"bids:{name}", args=[bid.partnership_id, bid.pk])


def test_a_side_answers_and_the_other_reads_it(world, sign_in):
    bid = bid_of(world)
    greek, french = sign_in(world.a.manager), sign_in(world.b.ambassador)
    shown = greek.get(url(bid))
    assert text_of(shown).count("No answer yet.") == 2
    given = form_of(shown, "without_grant")
    answer = greek.post(url(bid, "stance"), {**given, **GO})
    assert answer.url == f"{url(bid)}#decision"
    text = text_of(french.get(url(bid)))
    assert "First of all: what would we still do without the grant?" in text
    assert f"Without the grant: Some of it {GO['without_grant']} We’ll bid" in text
    assert "Each side’s managers answer for it." in text
    assert "Answer for your side" not in text
    # What one has said stands in the form.
    again = form_of(greek.get(url(bid)), "without_grant")
    assert (again["goes_on"], again["without_grant"]) == (["part"], [GO["without_grant"]])


def test_an_answer_that_is_none_is_shown_again_as_typed(world, sign_in):
    bid, client = bid_of(world), sign_in(world.b.manager)
    given = form_of(client.get(url(bid)), "without_grant")
    refused = client.post(url(bid, "stance"), {**given, **GO, "without_grant": "Not much."})
    assert refused.status_code == 422
    text = text_of(refused)
    assert "Write at least one sentence" in text
    assert form_of(refused, "without_grant")["without_grant"] == ["Not much."]
    refused = client.post(url(bid, "stance"), {**given, **GO, "says": "no"})
    assert "Give a reason in a sentence. The other side will read it." in text_of(refused)
    assert not Stance.objects.exists()


def test_what_a_colleague_said_meanwhile_is_told_and_then_sent_again(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.manager)
    given = form_of(client.get(url(bid)), "without_grant")
    say(world.a.manager, bid, **NO)
    refused = client.post(url(bid, "stance"), {**given, **GO})
    assert refused.status_code == 422
    assert "has changed this since you opened" in text_of(refused)
    again = form_of(refused, "without_grant")
    assert client.post(url(bid, "stance"), again).status_code == 302
    assert Stance.objects.get().says == "go"


def test_a_bid_that_would_stop_without_the_grant_is_to_be_weighed(world, sign_in):
    bid = bid_of(world)
    for side in (world.a, world.b):
        StanceFactory(bid=bid, party=party(world, side), goes_on="nothing")
    text = text_of(sign_in(world.a.ambassador).get(url(bid)))
    assert "This would stop without the grant. Think that over." in text
    Stance.objects.filter(party=party(world, world.b)).update(goes_on="part")
    assert "Think that over" not in text_of(sign_in(world.a.ambassador).get(url(bid)))


def test_a_bid_that_is_not_taken_up_says_why_and_leads_to_another(world, sign_in):
    bid = bid_of(world)
    say(world.b.manager, bid, **NO)
    shown = sign_in(world.a.manager).get(url(bid))
    text = text_of(shown)
    assert "This bid won’t be pursued" in text
    assert "the side that said no can change its answer" in text
    assert NO["why"] in text
    assert url(bid, "copy") in shown.content.decode()
    assert "still missing before you can submit" not in text
    type(bid.call).objects.update(closes_at=timezone.now())
    text = text_of(sign_in(world.b.manager).get(url(bid)))
    assert "The call has closed. Everything you prepared is kept" in text
    assert "Change your side’s answer" not in text


def test_what_is_next_is_counted_with_the_first_two(world, sign_in):
    bid = bid_of(world)
    shown = sign_in(world.a.ambassador).get(url(bid))
    text = text_of(shown)
    assert "8 items are still missing before you can submit." not in text
    assert "7 items are still missing before you can submit." in text
    assert "All sides want to bid (still missing)" in text
    assert "All partners have agreed (still missing)" in text
    assert "There is a coordinator (still missing)" not in text
    assert url(bid, "submission") in shown.content.decode()


def test_the_page_asks_the_same_for_a_small_bid_and_a_large_one(world, sign_in):
    bid, client = whole_bid(world), sign_in(world.a.manager)

    def queries(name):
        client.get(url(bid, name))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(bid, name)).status_code == 200
        return len(caught)

    before = [queries(name) for name in ("bid", "submission")]
    StanceFactory(
        bid=bid,
        party=PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C"),
    )
    for number in (5, 6, 7):
        package = WorkPackageFactory(bid=bid, number=number, lead=bid.partners.first())
        SpendingFactory(partner=bid.partners.first(), package=package)
        PaperFactory(bid=bid, title=f"Annex {number}")
    assert [queries(name) for name in ("bid", "submission")] == before


def test_others_neither_read_nor_answer(world, sign_in):
    bid = bid_of(world)
    for person in others(world).values():
        assert sign_in(person).post(url(bid, "stance"), GO).status_code == 404
    assert sign_in(world.a.ambassador).post(url(bid, "stance"), GO).status_code == 403
    Bid.objects.update(state="submitted", submitted_at=timezone.now())
    refused = sign_in(world.a.manager).post(url(bid, "stance"), GO)
    assert refused.status_code == 422
    assert "the bid has moved on" in text_of(refused)
    assert not Stance.objects.exists()
    assert fresh(bid).state == "submitted"
