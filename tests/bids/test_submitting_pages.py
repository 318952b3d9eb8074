"""The page of a bid's submission: checklist, signatures, what was sent, the answer, another bid."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid, Partner
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from tests.bids.bidding import bid_of, call_of
from tests.bids.finishing import fresh, put, sign_all, whole_bid
from tests.forms import form_of
from tests.partnerships.rooms import day, others, team, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return unescape(words(answer.content.decode()))


def url(bid, name="submission"):
    return reverse(f"bids:{name}", args=[bid.partnership_id, bid.pk])


def test_the_whole_team_reads_what_is_missing_and_where_it_is_mended(world, sign_in):
    bid = bid_of(world)
    for person in team(world).values():
        shown = sign_in(person).get(url(bid))
        assert "7 items are still missing" in text_of(shown)
        html = shown.content.decode()
        for name in ("consortium", "plan", "budget"):
            assert f'href="{url(bid, name)}"' in html, name
        assert f'href="{url(bid, "bid")}#decision"' in html
    assert "A manager of one of the clusters records the submission." in text_of(
        sign_in(world.a.ambassador).get(url(bid))
    )
    for person in others(world).values():
        assert sign_in(person).get(url(bid)).status_code == 404


def test_it_is_put_signed_refused_and_put_again(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    shown = greek.get(url(bid))
    assert "3 partners sign this text, word for word." in text_of(shown)
    assert "led by Greek cluster: 18 person-months" in text_of(shown)
    seen = form_of(shown, "seen")
    answer = greek.post(url(bid, "text-put"), seen, follow=True)
    text = text_of(answer)
    assert "It has been sent to all partners for signature." in text
    assert "Greek cluster Greek manager" in text
    assert "Lab of Vigo still to sign" in text
    assert "waiting for signatures" in text
    again = greek.post(url(bid, "text-put"), seen, follow=True)
    assert "It has already been sent to all partners" in text_of(again)
    agreement = Agreement.objects.get(kind="bid")
    signing.close_as_guest(
        agreement_id=agreement.pk,
        why="Our part is too small.",
        now=timezone.now(),
        organisation_id=Partner.objects.get(name="Lab of Vigo").organisation_id,
    )
    shown = sign_in(world.b.manager).get(url(bid))
    text = text_of(shown)
    assert "Lab of Vigo declined to sign Our part is too small." in text
    assert "Send to all partners for signature again" in text


def test_a_manager_signs_for_its_cluster_or_says_why_not(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    put(world.b.manager, bid)
    shown = greek.get(url(bid))
    assert "It’s waiting for the signature of Greek cluster" in text_of(shown)
    assert "Sign for" not in text_of(sign_in(world.a.ambassador).get(url(bid)))
    refused = greek.post(url(bid, "text-close"), {"reason": " "})
    assert refused.status_code == 422
    assert '<details class="sb-fold" open><summary>Decline to sign' in refused.content.decode()
    answer = greek.post(url(bid, "text-sign"), {"text_hash": "0" * 64}, follow=True)
    assert "The text has changed." in text_of(answer)
    answer = greek.post(url(bid, "text-sign"), form_of(shown, "text_hash"), follow=True)
    assert "You have signed." in text_of(answer)
    assert Agreement.objects.get(kind="bid").sign_offs.count() == 1
    put_again = greek.post(url(bid, "text-remind"), follow=True)
    assert "contacted within the last day" in text_of(put_again)
    # Who speaks for no partner neither signs nor refuses.
    for name in ("text-sign", "text-close"):
        assert sign_in(world.b.manager).post(url(bid, name), {"reason": "No"}).status_code == 403


def test_a_refusal_by_page_reaches_the_others(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    put(world.b.manager, bid)
    greek.post(url(bid, "text-close"), {"reason": "The overhead is wrong."})
    text = text_of(sign_in(world.b.ambassador).get(url(bid)))
    assert "Greek cluster declined to sign The overhead is wrong." in text


def test_a_change_after_all_signed_says_why_it_holds_no_longer(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    sign_all(put(world.a.manager, bid))
    assert "signed by all" in text_of(greek.get(url(bid)))
    signing.void(
        bid.partnership_id,
        "bid",
        str(bid.pk),
        now=timezone.now(),
        why="Lab of Vigo has left: its money was cut.",
    )
    text = text_of(greek.get(url(bid)))
    assert "The signatures are no longer valid Lab of Vigo has left: its money was cut." in text
    assert "Send to all partners for signature again" in text
    assert "Lab of Vigo Who signed" in text


def test_it_is_noted_as_sent_and_taken_back(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    world.a.manager.time_zone = "Europe/Athens"
    world.a.manager.save()
    sign_all(put(world.a.manager, bid))
    shown = greek.get(url(bid))
    assert "Everything is ready" in text_of(shown)
    assert "Local time in Athens." in text_of(shown)
    given = form_of(shown, "submitted_on")
    assert "although" not in given
    refused = greek.post(url(bid, "submit"), {**given, "number": ""})
    assert refused.status_code == 422
    sent = timezone.now() - timedelta(hours=2)
    values = {"submitted_on": f"{sent:%Y-%m-%d}", "submitted_time": f"{sent:%H:%M}", "number": "77"}
    answer = greek.post(url(bid, "submit"), {**form_of(refused, "submitted_on"), **values})
    assert answer.url == url(bid)
    bid = fresh(bid)
    assert (bid.state, bid.submitted_as) == ("submitted", "77")
    # By the clocks of Athens, two or three hours ahead.
    assert (
        timedelta(hours=3, minutes=58)
        < timezone.now() - bid.submitted_at
        < timedelta(hours=5, minutes=2)
    )
    html = greek.get(url(bid)).content.decode()
    assert f"{url(bid, 'take-back')}?seen={bid.version}" in html
    assert "Record the funder’s decision" in html
    greek.post(f"{url(bid, 'take-back')}?seen={bid.version}")
    assert fresh(bid).state == "preparing"


def test_what_was_sent_although_needs_a_reason(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    given = form_of(greek.get(url(bid)), "submitted_on") | {"number": "77"}
    refused = greek.post(url(bid, "submit"), given)
    assert refused.status_code == 422
    text = text_of(refused)
    assert "Some things are still missing. It hasn’t been sent for signature yet." in text
    refused = greek.post(url(bid, "submit"), given | {"anyway": "on"})
    assert "Explain why it was submitted anyway." in text_of(refused)
    # A reason alone, without the tick, is no decision.
    assert greek.post(url(bid, "submit"), given | {"although": "It was sent."}).status_code == 422
    greek.post(url(bid, "submit"), given | {"anyway": "on", "although": "It was sent."})
    assert fresh(bid).state == "submitted"
    history = greek.get(reverse("history:show", args=["bid", bid.pk]))
    assert "Missing" in text_of(history)
    assert "All partners have signed" in text_of(history)


def test_a_moment_after_the_deadline_is_refused_with_both_clocks(world, sign_in):
    bid, greek = whole_bid(world), sign_in(world.a.manager)
    sign_all(put(world.a.manager, bid))
    type(bid.call).objects.update(closes_at=timezone.now() - timedelta(days=2))
    given = form_of(greek.get(url(bid)), "submitted_on") | {"number": "77"}
    refused = greek.post(url(bid, "submit"), given)
    assert refused.status_code == 422
    assert "If the deadline was extended, update the call first." in text_of(refused)
    assert 'value="77"' in refused.content.decode()


def test_the_answer_is_noted_and_a_won_bid_leads_on(world, sign_in):
    bid = whole_bid(world, state="submitted", submitted_at=timezone.now() - timedelta(days=3))
    greek, french = sign_in(world.a.manager), sign_in(world.b.ambassador)
    given = form_of(greek.get(url(bid)), "decided_on")
    refused = greek.post(url(bid, "result"), {**given, "answer": "lost", "decided_on": f"{day(0)}"})
    assert refused.status_code == 422
    assert "the next bid starts from there" in text_of(refused)
    undated = greek.post(url(bid, "result"), {**given, "answer": "won", "decided_on": ""})
    assert "Enter the date of the decision." in text_of(undated)
    assert undated.context["result_form"].fields["decided_on"].required
    won = {**given, "answer": "won", "decided_on": f"{day(0)}", "granted": "180000"}
    assert greek.post(url(bid, "result"), won).url == url(bid)
    shown = greek.get(url(bid))
    assert "Won" in text_of(shown)
    assert "€180,000" in text_of(shown)
    html = unescape(shown.content.decode())
    money = reverse("partnerships:money", args=[bid.partnership_id])
    see = f'<a href="{money}">See the grant'
    assert see in html
    assert "Grant: HARBOUR" in text_of(greek.get(money))
    assert "origin=bid" in html
    # Money is the managers' to change.
    assert see not in french.get(url(bid)).content.decode()
    assert "Correct or complete the decision" in text_of(shown)
    assert "No answer yet" in text_of(shown)


def test_another_bid_is_begun_for_a_call_that_is_found(world, sign_in):
    bid = whole_bid(world, state="lost", submitted_at=timezone.now())
    client = sign_in(world.b.ambassador)
    other = call_of(world, title="Nets of hemp", reference="NETS-1")
    call_of(world, title="Closed nets", closes_at=timezone.now() - timedelta(days=1))
    Partner.objects.filter(name="Lab of Vigo").update(state="declined")
    assert url(bid, "copy") in client.get(url(bid)).content.decode()
    shown = client.get(url(bid, "copy"), {"q": "nets"})
    text = text_of(shown)
    assert "Nets of hemp · NETS-1 ·" in text
    assert "Closed nets" not in text
    assert "Include partners who declined or left Lab of Vigo" in text.replace(" optional", "")
    given = form_of(shown, "title")
    refused = client.post(f"{url(bid, 'copy')}?q=nets", given | {"title": "Again"})
    assert refused.status_code == 422
    assert "Choose a call." in text_of(refused)
    answer = client.post(f"{url(bid, 'copy')}?q=nets", given | {"call": other.pk, "title": "Again"})
    made = Bid.objects.get(title="Again")
    assert answer.url == url(made, "bid")
    assert "Started from HARBOUR" in text_of(client.get(answer.url))
    assert "Nothing matches" in text_of(client.get(url(bid, "copy"), {"q": "zzzz"}))
    for person in others(world).values():
        assert sign_in(person).get(url(bid, "copy")).status_code == 404


def test_only_managers_put_submit_and_note(world, sign_in):
    bid, helper = whole_bid(world), sign_in(world.b.ambassador)
    for name in ("text-put", "text-remind", "submit", "take-back", "result"):
        assert helper.post(url(bid, name), {}).status_code == 403, name
        for person in others(world).values():
            assert sign_in(person).post(url(bid, name), {}).status_code == 404, name
    assert not AuditEntry.objects.exists()


def test_a_bid_that_was_put_away_offers_nothing(world, sign_in):
    bid = whole_bid(world, dropped_at=timezone.now())
    greek = sign_in(world.a.manager)
    text = text_of(greek.get(url(bid)))
    assert "This bid is archived" in text
    assert "Send to all partners for signature" not in text
    assert greek.get(url(bid, "copy")).status_code == 403
