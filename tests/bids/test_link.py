"""Whoever holds a link reads and answers for one partner, without an account, and nothing else."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from proxeny.bids.models import Link, Partner
from proxeny.bids.operations import mails
from proxeny.kernel.models import Mail
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.joining import (
    ask,
    lab,
    letter_of,
    link_of,
    mails_to,
    note_left,
    post,
    sign_by_link,
    whole_text,
    withdraw,
)
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db
State = Partner.State


def text_of(answer):
    return unescape(words(answer.content.decode()))


def asked(world, bid=None, **values):
    """Return a lab that was asked, and its link."""
    bid = bid or bid_of(world)
    partner = partner_of(bid, values.pop("organisation", None) or lab(world), **values)
    ask(world.a.manager, partner)
    return partner, link_of(partner)


def test_a_stranger_reads_what_it_is_about_and_signs_with_a_name(world):
    partner, link = asked(world, brings="Sensors.")
    shown = Client().get(link)
    text = text_of(shown)
    assert shown.status_code == 200
    for word in (
        "Greek manager of Greek cluster invites Harbour lab to take part",
        "Clean harbours by small sensors",
        "Twelve harbours know their water by the hour.",
        "Sensors for clean harbours",
        "Beneficiary",
        "Sensors.",
        "not a contract",
        "time in Athens",
    ):
        assert word in text
    assert shown["Referrer-Policy"] == "same-origin"
    assert "no-store" in shown["Cache-Control"]
    assert "noindex" in shown["X-Robots-Tag"]
    refused = sign_by_link(partner, name="  ", word="We bring a boat.")
    assert refused.status_code == 422
    assert "Enter your name" in text_of(refused)
    assert "We bring a boat." in text_of(refused)
    answer = sign_by_link(partner, word="We bring a boat.")
    assert (answer.status_code, answer.url) == (302, link)
    partner.refresh_from_db()
    assert (partner.state, partner.word) == (State.IN, "We bring a boat.")
    signed = letter_of(partner).sign_offs.get()
    assert (signed.person_name, signed.person_id) == ("Eleni Example", None)
    text = text_of(Client().get(link))
    assert "You’re taking part" in text
    assert "signed by Eleni Example" in text
    receipt = mails_to(partner.contact_email)[-1]
    assert receipt.subject.startswith("Signed:")
    assert letter_of(partner).text[:40] in receipt.text
    assert Link.objects.get(partner=partner, closed_at=None).used_at is not None


def test_opening_a_link_changes_nothing(world):
    partner, link = asked(world)
    for _ in range(2):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    partner.refresh_from_db()
    assert partner.state == State.ASKED
    assert Link.objects.get().used_at is None


def test_a_link_shows_nothing_of_the_others_but_their_names_and_roles(world):
    bid = bid_of(world)
    other = partner_of(
        bid,
        lab(world, name="Other lab"),
        state="in",
        brings="A secret method.",
        rate=7777,
        contact_name="Rosa Hidden",
        word="Between us.",
        asked_at=timezone.now(),
        leads=True,
    )
    partner_of(bid, lab(world, name="Not asked lab"))
    package = WorkPackageFactory(bid=bid, title="Work of others", lead=other)
    SpendingFactory(partner=other, package=package, amount=33)
    _partner, link = asked(world, bid)
    text = text_of(Client().get(link))
    assert "Other lab" in text
    for word in (
        "A secret method",
        "7777",
        "Rosa Hidden",
        "Between us",
        other.contact_email,
        "Not asked lab",
        "Work of others",
    ):
        assert word not in text


@pytest.mark.parametrize("how", ["unknown", "altered", "expired", "closed", "withdrawn"])
def test_all_links_that_open_nothing_answer_alike(world, how):
    partner, link = asked(world)
    if how == "unknown":
        link = "/bids/answer/unknown/"
    elif how == "altered":
        link = f"{link[:-2]}{'A' if link[-2] != 'A' else 'B'}/"
    elif how == "expired":
        Link.objects.update(expires_at=timezone.now())
    elif how == "closed":
        Link.objects.update(closed_at=timezone.now())
    else:
        withdraw(world.a.manager, partner)
    shown = Client().get(link)
    answer = post(
        link,
        "sign",
        agreement=letter_of(partner).pk,
        name="Eve",
        text_hash=letter_of(partner).text_hash,
    )
    for one in (shown, answer):
        assert one.status_code == 404
        text = text_of(one)
        assert "This link isn’t valid or has expired" in text
        for word in ("Harbour lab", "Clean harbours", "Athens"):
            assert word not in text
    partner.refresh_from_db()
    assert partner.state in (State.ASKED, State.NOTED)
    assert not letter_of(partner).sign_offs.exists()


def test_the_link_of_one_partner_does_not_sign_for_another(world):
    bid = bid_of(world)
    _mine, link = asked(world, bid)
    other, _ = asked(world, bid, organisation=lab(world, name="Other lab"))
    theirs = letter_of(other)
    answer = post(link, "sign", agreement=theirs.pk, text_hash=theirs.text_hash, name="Eve")
    assert answer.status_code == 404
    assert not theirs.sign_offs.exists()
    assert post(link, "refuse", agreement=theirs.pk, why="No.").status_code == 404
    other.refresh_from_db()
    assert other.state == State.ASKED


def test_signing_twice_and_a_text_that_changed_are_refused_with_a_sentence(world):
    partner, link = asked(world)
    old = letter_of(partner)
    sign_by_link(partner)
    again = post(link, "sign", agreement=old.pk, text_hash=old.text_hash, name="Eleni")
    assert again.status_code == 409
    assert "This has already been decided" in text_of(again)
    assert old.sign_offs.count() == 1
    second, link = asked(world, bid_of(world), organisation=lab(world, name="Second lab"))
    text = letter_of(second)
    changed = post(link, "sign", agreement=text.pk, text_hash="0" * 64, name="Eleni Typed")
    assert changed.status_code == 409
    assert "The text has changed" in text_of(changed)
    # What was typed stands there still, beside the text as it is now.
    assert "Eleni Typed" in changed.content.decode()
    assert text.text_hash in changed.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"deed": "dance"},
        {"deed": "sign", "agreement": "x"},
        {"deed": "refuse", "why": "No."},
        {"deed": "ask", "word": " "},
        {"deed": "leave", "why": ""},
    ],
)
def test_what_cannot_be_read_is_refused(world, data):
    partner, link = asked(world)
    answer = Client().post(link, data)
    assert answer.status_code == 422
    partner.refresh_from_db()
    assert partner.state == State.ASKED


def test_a_no_with_a_word_uses_the_link_up(world):
    partner, link = asked(world)
    text = letter_of(partner)
    missing = post(link, "refuse", agreement=text.pk, why=" ")
    assert missing.status_code == 422
    assert "Give a reason" in text_of(missing)
    answer = post(link, "refuse", agreement=text.pk, why="We are full until May.")
    assert answer.status_code == 200
    assert "is not taking part" in text_of(answer)
    partner.refresh_from_db()
    assert (partner.state, partner.word) == (State.DECLINED, "We are full until May.")
    assert "We are full until May." in mails_to(world.b.manager.email)[-1].text
    assert Client().get(link).status_code == 404


def test_something_is_asked_by_a_link_so_often_a_day(world):
    partner, link = asked(world)
    for _ in range(5):
        assert post(link, "ask", word="Who pays?").status_code == 302
    late = post(link, "ask", word="Once more?")
    assert late.status_code == 409
    assert "You’ve asked a lot today" in text_of(late)
    assert "Once more?" in late.content.decode()
    assert "Who pays?" in mails_to(world.a.manager.email)[-1].text
    partner.refresh_from_db()
    assert partner.state == State.ASKED


def test_the_same_page_signs_the_whole_bid_by_a_new_link(world):
    bid = bid_of(world, state="preparing")
    partner, first = asked(world, bid)
    sign_by_link(partner)
    whole = whole_text(bid, partner)
    partner = Partner.objects.select_related("bid__call", "organisation", "partnership").get(
        pk=partner.pk
    )
    assert mails.ask_to_sign(partner, whole, now=timezone.now()) == 1
    link = link_of(partner)
    assert link != first
    assert Client().get(first).status_code == 404
    text = text_of(Client().get(link))
    assert "The bid, as signed by all partners no. 1" in text
    assert "All of HARBOUR." in text
    refused = post(link, "refuse", agreement=whole.pk, why="The sums are wrong.")
    assert (refused.status_code, refused.url) == (302, link)
    whole.refresh_from_db()
    assert whole.closed_why == "The sums are wrong."
    second = whole_text(bid, partner, text="All of it, right.")
    assert sign_by_link(partner, text=second).status_code == 302
    assert "have signed the bid" in text_of(Client().get(link))


def test_a_partner_steps_back_by_its_link(world):
    partner, link = asked(world)
    sign_by_link(partner)
    answer = post(link, "leave", why="Our lab closes.")
    assert answer.status_code == 200
    assert "no longer takes part" in text_of(answer)
    partner.refresh_from_db()
    assert (partner.state, partner.word) == (State.LEFT, "Our lab closes.")
    assert Client().get(link).status_code == 404


def test_a_link_that_ran_out_is_sent_anew(world):
    partner, link = asked(world)
    Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    Mail.objects.all().delete()
    assert "Check your email" in text_of(post(link, "renew"))
    [sent] = mails_to(partner.contact_email)
    assert "Your link has expired" in sent.text
    assert Client().get(link_of(partner)).status_code == 200
    # The old one is closed by now, and an unknown one is answered the same.
    for one in (link, "/bids/answer/unknown/"):
        assert "Check your email" in text_of(post(one, "renew"))
    assert Mail.objects.count() == 1
    sign_by_link(partner)
    Link.objects.update(expires_at=timezone.now())
    newest = link_of(partner)
    post(newest, "renew")
    assert "Your page for the bid" in mails_to(partner.contact_email)[-1].subject


def test_no_link_is_renewed_for_who_is_out(world):
    partner, link = asked(world)
    sign_by_link(partner)
    Link.objects.update(expires_at=timezone.now())
    note_left(world.a.manager, partner)
    Mail.objects.all().delete()
    assert "Check your email" in text_of(post(link, "renew"))
    assert not Mail.objects.exists()


def test_the_page_speaks_the_language_of_the_partner_until_another_is_chosen(world):
    _partner, link = asked(world, language="ar")
    assert 'dir="rtl"' in Client().get(link).content.decode()
    with translation.override("en"):
        client = Client()
        client.cookies["django_language"] = "fr"
        assert 'lang="fr"' in client.get(link).content.decode()


def test_a_bid_that_is_over_is_read_and_not_answered(world):
    call = call_of(world, closes_at=timezone.now() - timedelta(days=1))
    bid = bid_of(world, call=call)
    partner, link = asked(world, bid)
    sign_by_link(partner)
    bid.state, bid.submitted_at = "submitted", timezone.now()
    bid.save()
    shown = text_of(Client().get(link))
    assert "Bid: Submitted" in shown
    assert "We want to withdraw" not in shown
    answer = post(link, "leave", why="Too late.")
    assert answer.status_code == 409
    assert "This bid can no longer be edited" in text_of(answer)


def test_a_link_reads_in_as_many_queries_for_one_and_for_three(world):
    bid = bid_of(world)
    _partner, link = asked(world, bid)
    Client().get(link)
    counts = []
    for names in ((), ("Second lab", "Third lab")):
        for name in names:
            other = partner_of(bid, lab(world, name=name), state="in", asked_at=timezone.now())
            WorkPackageFactory(bid=bid, lead=other)
        with CaptureQueriesContext(connection) as captured:
            Client().get(link)
        counts.append(len(captured))
    assert counts[0] == counts[1]
