"""The page of a consortium and of each partner: both sides, members and strangers."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Partner
from proxeny.partnerships.models import Agreement
from tests.bids.bidding import bid_of, call_of, change, partner_of
from tests.bids.joining import ask, consortium, deed, lab, letter_of, sign, sign_by_link
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.factories.directory import OrganisationFactory
from tests.forms import form_of
from tests.partnerships.rooms import others, party, team, words

pytestmark = pytest.mark.django_db
State = Partner.State


def text_of(answer):
    return unescape(words(answer.content.decode()))


def names_in_order(answer):
    return [row.partner.name for _label, rows in answer.context["groups"] for row in rows]


def test_an_empty_consortium_says_what_to_do_first(world, sign_in):
    bid = bid_of(world)
    answer = sign_in(world.b.ambassador).get(consortium(bid))
    assert "No one is in the consortium yet" in text_of(answer)
    assert reverse("bids:searches", args=[bid.partnership_id, bid.pk]) in answer.content.decode()


def test_partners_stand_by_how_far_they_are_with_all_that_is_known(world, sign_in):
    bid = bid_of(world, overhead=0)
    leader = partner_of(
        bid,
        world.a.members[0],
        leads=True,
        state="in",
        asked_at=timezone.now(),
        answered_at=timezone.now(),
        party=party(world, world.a),
        brings="Twelve harbours.",
        contact_name="Nora Example",
    )
    package = WorkPackageFactory(bid=bid, lead=leader)
    SpendingFactory(partner=leader, package=package, amount=4)
    noted = partner_of(bid, lab(world), contact_email="", role="associated_partner")
    SpendingFactory(partner=noted, package=package, amount=2)
    waiting = partner_of(bid, lab(world, name="Asked lab"), party=party(world, world.b))
    ask(world.a.manager, waiting)
    out = partner_of(
        bid,
        lab(world, name="Gone lab"),
        state="declined",
        word="We are full.",
        answered_at=timezone.now(),
    )
    for person in team(world).values():
        answer = sign_in(person).get(consortium(bid))
        groups = {
            str(label): [row.partner for row in rows] for label, rows in answer.context["groups"]
        }
        assert groups == {
            "Taking part": [leader],
            "Invited, no reply yet": [waiting],
            "Not invited yet": [noted],
            "Declined or left": [out],
        }
        text = text_of(answer)
        for word in (
            "Twelve harbours.",
            "costs €20,000",
            "requests €20,000",
            "Nora Example",
            "costs €10,000",
            "requests €0",
            leader.contact_email,
            "no address yet",
            "Unknown:",
            "We are full.",
            "Greek cluster side",
            "3 partners are planned.",
        ):
            assert word in text, word
    for person in others(world).values():
        assert sign_in(person).get(consortium(bid)).status_code == 404
    sides = answer.context["sides"]
    assert [[one.name for one in side.partners] for side in sides] == [
        [leader.name],
        [waiting.name],
        [noted.name],
    ]


def test_partners_are_sorted_by_country_and_role(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.manager)
    for name, country, role in (
        ("Athens", "GR", "subcontractor"),
        ("Berlin", "DE", "beneficiary"),
        ("Caen", "FR", "associated_partner"),
    ):
        partner_of(bid, lab(world, name=name, country=country), role=role)
    for sort, order in (
        ("country", ["Berlin", "Caen", "Athens"]),
        ("-country", ["Athens", "Caen", "Berlin"]),
        ("role", ["Berlin", "Caen", "Athens"]),
        ("name", ["Athens", "Berlin", "Caen"]),
        ("nonsense", ["Athens", "Berlin", "Caen"]),
    ):
        assert names_in_order(client.get(consortium(bid), {"sort": sort})) == order


def test_what_is_missing_is_said_and_the_search_is_offered(world, sign_in):
    bid = bid_of(world)
    partner = partner_of(bid, world.a.members[0])
    WorkPackageFactory(bid=bid, number=4, title="Measure")
    answer = sign_in(world.b.manager).get(consortium(bid))
    text = text_of(answer)
    assert "something is missing" in text
    assert "There is no coordinator." in text
    assert "No one leads work package 4, “Measure”." in text
    assert "Search for partners" in text
    change(world.a.manager, partner, "bid-partner", leads=True)
    assert "There is no coordinator." not in text_of(sign_in(world.b.manager).get(consortium(bid)))


def test_a_call_without_conditions_says_so(world, sign_in):
    bid = bid_of(world, call=call_of(world, rule_set="", part=""))
    partner_of(bid, world.a.members[0], leads=True)
    text = text_of(sign_in(world.a.manager).get(consortium(bid)))
    assert "No conditions recorded for this call" in text


def test_an_organisation_is_looked_for_and_added(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.ambassador)
    known, new = lab(world, name="Harbour lab"), lab(world, name="Harbour institute")
    partner_of(bid, known)
    found = client.get(consortium(bid), {"find": "harbour"})
    assert [one.name for one in found.context["found"]] == ["Harbour institute"]
    add = f"{reverse('partnerships:record-add', args=[bid.partnership_id, 'bid-partner'])}"
    add += f"?bid={bid.pk}&organisation={new.pk}"
    assert add.replace("&", "&amp;") in found.content.decode()
    given = form_of(client.get(add), "role")
    answer = client.post(add, given | {"contact_email": "Nora@Lab.example"})
    partner = Partner.objects.get(organisation=new)
    assert answer.url == f"{consortium(bid)}#partner-{partner.pk}"
    assert (partner.name, partner.contact_email) == ("Harbour institute", "nora@lab.example")
    bad = client.post(add, given | {"contact_email": "nora at lab"})
    assert bad.status_code == 422
    assert "nora at lab" in bad.content.decode()
    nothing = client.get(consortium(bid), {"find": "submarine"})
    assert "No other organisation matches" in text_of(nothing)
    assert "No other organisation" not in text_of(client.get(consortium(bid), {"find": " "}))


def test_asking_reminding_and_taking_back_by_one_click(world, sign_in):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world))
    greek, french = sign_in(world.a.manager), sign_in(world.b.ambassador)
    answer = greek.post(deed("partner-ask", partner))
    assert answer.url == f"{consortium(bid)}#partner-{partner.pk}"
    text = text_of(french.get(consortium(bid)))
    assert "invited on" in text
    assert "Send a reminder" not in text
    french.post(deed("partner-remind", partner))
    assert "less than a day ago" in text_of(french.get(consortium(bid)))
    Partner.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert "Send a reminder" in text_of(french.get(consortium(bid)))
    french.post(deed("partner-remind", partner))
    assert "has been sent a reminder" in text_of(french.get(consortium(bid)))
    greek.post(deed("partner-withdraw", partner))
    partner.refresh_from_db()
    assert partner.state == State.NOTED


def test_nobody_is_asked_who_has_no_address(world, sign_in):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world), contact_email="")
    client = sign_in(world.a.manager)
    assert deed("partner-ask", partner) not in client.get(consortium(bid)).content.decode()
    client.post(deed("partner-ask", partner))
    assert "There’s no one to contact at Harbour lab yet" in text_of(client.get(consortium(bid)))


def test_a_letter_that_says_something_else_by_now_is_offered_anew(world, sign_in):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world))
    ask(world.a.manager, partner)
    client = sign_in(world.b.manager)
    assert "has changed since" not in text_of(client.get(consortium(bid)))
    change(world.a.manager, partner, "bid-partner", brings="Forty harbours.")
    assert "What it would sign has changed since then." in text_of(client.get(consortium(bid)))
    client.post(deed("partner-ask", partner))
    assert "has changed since" not in text_of(client.get(consortium(bid)))
    assert letter_of(partner).number == 2


def test_the_page_of_a_partner_shows_its_letter_before_and_after(world, sign_in):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world), language="fr")
    client = sign_in(world.b.ambassador)
    page = deed("partner", partner)
    text = text_of(client.get(page))
    assert "This is what it’s asked to sign" in text
    assert bid.title in text
    ask(world.a.manager, partner)
    assert "waiting for its signature" in text_of(client.get(page))
    sign_by_link(partner, word="With pleasure.")
    text = text_of(client.get(page))
    for word in (
        "signed",
        "by Eleni Example",
        "through the link in the email",
        "With pleasure.",
        letter_of(partner).text_hash,
    ):
        assert word in text
    for person in others(world).values():
        assert sign_in(person).get(page).status_code == 404
    assert client.get(deed("partner", partner).replace(str(partner.pk), "0")).status_code == 404


def test_leaving_needs_a_reason_and_the_page_says_what_is_missing_then(world, sign_in):
    bid = bid_of(world, state="preparing")
    partner, other = (
        partner_of(bid, lab(world, name=name)) for name in ("First lab", "Second lab")
    )
    for one in (partner, other):
        ask(world.a.manager, one)
        sign_by_link(one)
    client = sign_in(world.b.manager)
    refused = client.post(deed("partner-left", partner), {"why": " "})
    assert refused.status_code == 422
    assert "Give a reason" in text_of(refused)
    answer = client.post(deed("partner-left", partner), {"why": "The owner sold it."})
    assert answer.url == consortium(bid)
    shown = client.get(consortium(bid))
    text = text_of(shown)
    for word in (
        "First lab has left. What’s missing now is shown below.",
        "The owner sold it.",
        "All other partners stay, with their tasks and costs.",
        "Search for partners",
        "Second lab",
    ):
        assert word in text, word
    assert deed("partner-back", partner) in shown.content.decode()
    client.post(deed("partner-back", partner))
    partner.refresh_from_db()
    assert partner.state == State.NOTED
    late = client.post(deed("partner-left", partner), {"why": "Once more."})
    assert late.status_code == 422
    assert "This partner’s status has changed" in text_of(late)


def test_nothing_is_offered_in_a_bid_that_is_over(world, sign_in):
    bid = bid_of(world, state="submitted", submitted_at=timezone.now())
    partner = partner_of(bid, lab(world))
    client = sign_in(world.a.manager)
    shown = client.get(consortium(bid)).content.decode()
    assert deed("partner-ask", partner) not in shown
    assert "Add a partner" not in shown
    assert client.post(deed("partner-ask", partner)).status_code == 403
    assert not Agreement.objects.filter(kind="letter").exists()


def test_a_partner_is_erased_and_the_page_still_stands(world, sign_in):
    bid = bid_of(world)
    partner_of(bid, lab(world), contact_name="erased", contact_email="")
    assert sign_in(world.a.manager).get(consortium(bid)).status_code == 200


def test_the_list_goes_out_as_a_table(world, sign_in):
    bid = bid_of(world)
    partner_of(bid, lab(world), brings="Sensors.")
    client = sign_in(world.b.ambassador)
    export = reverse("partnerships:record-export", args=[bid.partnership_id, "bid-partner"])
    assert export in client.get(consortium(bid)).content.decode()
    answer = client.get(export)
    assert b"Harbour lab" in b"".join(
        answer.streaming_content if answer.streaming else [answer.content]
    )


def test_the_page_reads_in_as_many_queries_for_one_and_for_three(world, sign_in):
    bid, client, counts = bid_of(world), sign_in(world.a.manager), []
    for more in (1, 2):
        for _ in range(more):
            one = partner_of(bid, OrganisationFactory(country="GR", steward=world.a.cluster))
            ask(world.a.manager, one)
            WorkPackageFactory(bid=bid, lead=one)
        client.get(consortium(bid))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(consortium(bid))
        counts.append(len(captured))
    assert len(names_in_order(answer)) == 3
    assert counts[0] == counts[1]


def test_a_member_that_signed_is_told_by_name(world, sign_in):
    bid = bid_of(world)
    partner = partner_of(bid, world.b.members[0])
    ask(world.a.manager, partner)
    sign(world.b.representatives[0], partner)
    assert "by French representative 1" in text_of(sign_in(world.a.manager).get(consortium(bid)))
