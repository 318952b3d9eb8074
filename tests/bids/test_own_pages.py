"""The bids of one's own organisations: the list, and one of them, read and answered with a seat."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid, Partner
from proxeny.directory.models import Organisation
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.joining import ask, lab, letter_of, sign, whole_text
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.forms import form_of
from tests.partnerships.rooms import others, party, team, words

pytestmark = pytest.mark.django_db
State = Partner.State
LIST = reverse("bids:own-list")


def text_of(answer):
    return unescape(words(answer.content.decode()))


def asked(world, organisation=None, **values):
    bid = values.pop("bid", None) or bid_of(world)
    partner = partner_of(bid, organisation or world.b.members[0], **values)
    ask(world.a.manager, partner)
    return partner


def own(partner):
    return reverse("bids:own", args=[partner.pk])


def test_an_empty_list_says_how_one_is_found(world, sign_in):
    answer = sign_in(world.b.representatives[0]).get(LIST)
    assert "You haven’t been invited to take part in a bid" in text_of(answer)


def test_the_list_holds_ones_own_alone(world, sign_in):
    bid = bid_of(world)
    mine, other = asked(world, bid=bid), asked(world, world.b.members[1], bid=bid)
    text = text_of(sign_in(world.b.representatives[0]).get(LIST))
    assert "Clean harbours by small sensors" in text
    assert "waiting for your signature" in text
    assert own(mine) in sign_in(world.b.representatives[0]).get(LIST).content.decode()
    assert other.name not in text
    assert "You haven’t been invited" in text_of(sign_in(world.a.manager).get(LIST))


def test_the_list_reads_in_as_many_queries_for_one_and_for_three(world, sign_in):
    client, counts = sign_in(world.b.representatives[0]), []
    asked(world)
    client.get(LIST)
    for more in (0, 2):
        for _ in range(more):
            asked(world)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(LIST)
        counts.append(len(captured))
    assert len(answer.context["rows"]) == 3
    assert counts[0] == counts[1]


def test_a_seat_signs_with_one_click_and_a_word(world, sign_in):
    partner, client = asked(world, brings="Twelve harbours."), sign_in(world.b.representatives[0])
    shown = client.get(own(partner))
    text = text_of(shown)
    assert "Greek manager of Greek cluster invites French member 1 to take part" in text
    assert "Twelve harbours." in text
    assert "Your name" not in text
    given = form_of(shown, "text_hash")
    answer = client.post(own(partner), given | {"word": "With our boat."})
    assert (answer.status_code, answer.url) == (302, own(partner))
    text = text_of(client.get(own(partner)))
    assert "You have signed." in text
    assert "You’re taking part" in text
    partner.refresh_from_db()
    assert (partner.state, partner.word) == (State.IN, "With our boat.")


def test_the_deadline_is_told_by_the_readers_own_clocks(world, sign_in):
    person = world.b.representatives[0]
    person.time_zone = "America/New_York"
    person.save()
    partner = asked(world, bid=bid_of(world, call=call_of(world)))
    assert "time in New York" in text_of(sign_in(person).get(own(partner)))


def test_what_one_does_and_asks_for_stands_there(world, sign_in):
    bid = bid_of(world, overhead=0)
    partner = asked(world, bid=bid, rate=5000, party=party(world, world.b))
    package = WorkPackageFactory(bid=bid, number=2, title="Measure", lead=partner, last_month=9)
    SpendingFactory(partner=partner, package=package, amount=4)
    WorkPackageFactory(bid=bid, number=3, title="Of nobody")
    text = text_of(sign_in(world.b.representatives[0]).get(own(partner)))
    assert "2. Measure you lead this" in text
    assert "€20,000" in text
    assert "4 person-months" in text
    assert "Of nobody" not in text


def test_a_no_needs_a_word_and_is_shown_again(world, sign_in):
    partner, client = asked(world), sign_in(world.b.representatives[0])
    given = {"deed": "refuse", "agreement": letter_of(partner).pk, "why": " "}
    refused = client.post(own(partner), given)
    assert refused.status_code == 422
    assert "Give a reason" in text_of(refused)
    assert client.post(own(partner), given | {"why": "We are too few."}).status_code == 302
    text = text_of(client.get(own(partner)))
    assert "You’ve declined" in text
    assert "We are too few." in text
    assert "Twelve harbours know" not in text


def test_one_asks_signs_the_bid_and_steps_back(world, sign_in):
    bid = bid_of(world, state="preparing")
    partner, client = asked(world, bid=bid), sign_in(world.b.representatives[0])
    assert client.post(own(partner), {"deed": "ask", "word": "Who pays?"}).status_code == 302
    assert "You asked a question" in text_of(client.get(own(partner)))
    sign(world.b.representatives[0], partner)
    whole = whole_text(bid, partner, text="All of HARBOUR, word for word.")
    shown = client.get(own(partner))
    assert "The bid is waiting for your signature" in text_of(shown)
    assert "All of HARBOUR, word for word." in text_of(shown)
    given = {"deed": "sign", "agreement": whole.pk, "text_hash": "1" * 64}
    late = client.post(own(partner), given)
    assert late.status_code == 409
    assert "The text has changed" in text_of(late)
    assert client.post(own(partner), given | {"text_hash": whole.text_hash}).status_code == 302
    text = text_of(client.get(own(partner)))
    assert "The bid as you signed it" in text
    assert client.post(own(partner), {"deed": "leave", "why": ""}).status_code == 422
    assert client.post(own(partner), {"deed": "leave", "why": "No people."}).status_code == 302
    assert "You’re no longer taking part" in text_of(client.get(own(partner)))


def test_a_text_that_holds_no_longer_says_why(world, sign_in):
    bid = bid_of(world, state="preparing")
    partner, client = asked(world, bid=bid), sign_in(world.b.representatives[0])
    sign(world.b.representatives[0], partner)
    whole = whole_text(bid, partner)
    sign(world.b.representatives[0], partner, text=whole)
    whole.closed_at, whole.closed_why = timezone.now(), "Lab of Vigo has left: No people."
    whole.save()
    text = text_of(client.get(own(partner)))
    assert "Lab of Vigo has left: No people. We’ll ask you to sign again" in text


def test_nobody_else_opens_it(world, sign_in, client):
    partner = asked(world)
    mine = world.b.representatives[0]
    for person in (*others(world).values(), *team(world).values(), world.b.representatives[1]):
        if person == mine:
            continue
        assert sign_in(person).get(own(partner)).status_code == 404, person.name
        assert sign_in(person).post(own(partner), {"deed": "ask", "word": "x"}).status_code == 404
    assert client.get(own(partner)).url.startswith("/accounts/login/")
    partner.refresh_from_db()
    assert partner.word == ""


def test_a_cluster_of_the_room_answers_on_its_own_page(world, sign_in):
    partner = asked(world, world.b.cluster)
    assert sign_in(world.b.ambassador).get(own(partner)).status_code == 404
    client = sign_in(world.b.manager)
    given = form_of(client.get(own(partner)), "text_hash")
    assert client.post(own(partner), given).status_code == 302
    partner.refresh_from_db()
    assert partner.state == State.IN


def test_one_from_outside_reads_and_signs(world, sign_in):
    partner = asked(world, world.c.members[0])
    client = sign_in(world.c.representatives[0])
    given = form_of(client.get(own(partner)), "text_hash")
    assert client.post(own(partner), given).status_code == 302
    assert (
        client.get(reverse("bids:bid", args=[partner.partnership_id, partner.bid_id])).status_code
        == 404
    )


def test_a_bid_that_was_put_away_asks_nothing(world, sign_in):
    partner = asked(world)
    Bid.objects.update(dropped_at=timezone.now())
    text = text_of(sign_in(world.b.representatives[0]).get(own(partner)))
    assert "This bid is archived" in text
    assert "Sign for" not in text


def test_a_hidden_entry_does_not_hide_the_bid_from_its_own_people(world, sign_in):
    partner = asked(world)
    Organisation.objects.filter(pk=partner.organisation_id).update(visibility="private")
    assert sign_in(world.b.representatives[0]).get(own(partner)).status_code == 200
    assert lab(world).name == "Harbour lab"
