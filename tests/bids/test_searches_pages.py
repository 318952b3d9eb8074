"""The pages of searches: asking, watching, the best ten with reasons, taking one into the bid."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.bids.explanations import tell_proof
from proxeny.bids.models import Partner, Search
from proxeny.bids.operations.searching import settings_of
from proxeny.directory.models import Organisation
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.seeking import ask, public, search, wish
from tests.directory.test_past_work import work
from tests.factories.accounts import SeatFactory
from tests.factories.bids import WorkPackageFactory
from tests.factories.directory import ListingFactory
from tests.forms import form_of
from tests.partnerships.rooms import others, party, team, words
from tests.stages import staged

pytestmark = pytest.mark.django_db
State = Search.State


@staged
def bid(world):
    """A bid for a call that asks for three countries, with a partner of each side."""
    made = bid_of(world, call=call_of(world, topics=["sensors", "law"]))
    for side in (world.a, world.b):
        partner_of(made, side.members[0], party=party(world, side))
    ListingFactory(organisation=world.a.members[0], title="Sensors that watch harbours")
    return made


@staged
def oslo(world):
    return public("Oslo lab", "NO", "Law of the sea", kind="lab")


def text_of(answer):
    """Return what a page says, without the marks that keep names in their direction."""
    return re.sub("[\u2068\u2069]", "", unescape(words(answer.content.decode())))


def list_url(bid):
    return reverse("bids:searches", args=[bid.partnership_id, bid.pk])


def at(found, name="search"):
    return reverse(f"bids:{name}", args=[found.partnership_id, found.bid_id, found.pk])


def kept(bid):
    return tuple(one.organisation_id for one in bid.partners.order_by("pk"))


def found_for(world, bid, **values):
    given = {"keep": kept(bid), "least": 3, "most": 3, **values}
    return search(world.a.manager, bid, wish("sensors", "law", **given))


def test_a_search_is_asked_for_with_all_partners_kept(bid, oslo, world, sign_in):
    WorkPackageFactory(bid=bid, title="Dissemination")
    client = sign_in(world.b.ambassador)
    shown = client.get(list_url(bid))
    form = form_of(shown, "least")
    assert sorted(form["keep"]) == [str(pk) for pk in kept(bid)]
    assert [form[f"need_{row}"] for row in (1, 2, 3)] == [["sensors"], ["law"], ["Dissemination"]]
    values = {
        **form,
        "least": "3",
        "most": "3",
        "how_2": "must",
        "need_3": "",
        "countries": ["NO", "GR"],
    }
    answer = client.post(list_url(bid), values)
    made = Search.objects.get()
    assert answer.url == at(made)
    sides = {one.pk: 1 for one in world.partnership.parties.all()}
    settings = settings_of(made)
    assert sorted(settings.keep) == list(kept(bid))
    assert settings == wish(
        "sensors",
        must=("law",),
        keep=settings.keep,
        least=3,
        most=3,
        countries=("NO", "GR"),
        sides=sides,
    )
    assert "Building the best consortia" in text_of(client.get(at(made)))


def test_both_sides_read_why_each_is_in_it(bid, oslo, world, sign_in):
    work("Sea", world.a.members[0], world.b.members[0])
    found = found_for(world, bid)
    texts = {}
    for who, person in team(world).items():
        shown = sign_in(person).get(at(found))
        texts[who] = re.sub(r"\s+", " ", text_of(shown).partition("Proposal 1")[0])
        text = text_of(shown)
        assert "The best consortium" in text
        assert "This is the only consortium that meets everything you asked for." in text
        assert "Proven best" in text
        assert "covers “sensors”, which no one else does (sensors)" in text
        assert "is in a country the conditions require: Norway" in text
        assert f"has worked with {world.b.members[0].name}" in text
        assert "9 organisations visible to the whole room were considered." in text
        assert "1 isn’t in the bid yet" in text
        assert "All recorded conditions are met" in text or "some are uncertain" in text
    for person in others(world).values():
        client = sign_in(person)
        assert client.get(at(found)).status_code in (403, 404)
        assert client.get(list_url(bid)).status_code in (403, 404)


def test_what_is_typed_stays_where_it_is_refused(bid, oslo, world, sign_in):
    client = sign_in(world.a.manager)
    form = form_of(client.get(list_url(bid)), "least")
    for values, field, told in (
        ({"least": "9", "most": "4"}, "least", "more than the maximum number of members, 4"),
        ({"least": "x"}, "least", "Enter a whole number."),
        ({"need_2": "Sensors"}, "need_2", "“sensors” is listed twice"),
        ({"names": "Oslo lab\nNobody Ltd"}, "names", "visible in this room is called: Nobody Ltd"),
        ({"request": "5"}, "cost", "Enter the cost too."),
        ({"most": "1", "least": "1"}, "keep", "You’re keeping 2 partners"),
    ):
        answer = client.post(list_url(bid), {**form, **values})
        assert answer.status_code == 422, values
        assert told in text_of(answer)
        assert f'id="id_{field}_error"' in answer.content.decode()
        again = form_of(answer, "least")
        assert all(
            again[name][0].strip() == value for name, value in values.items() if name != "names"
        )
    assert not Search.objects.exists()


def test_names_are_left_out_and_can_come_back(bid, oslo, world, sign_in):
    rome = public("Rome lab", "IT")
    client = sign_in(world.a.manager)
    form = form_of(client.get(list_url(bid)), "least")
    client.post(list_url(bid), {**form, "names": " oslo LAB \n"})
    made = Search.objects.get()
    assert settings_of(made).without == (oslo.pk,)
    Job.objects.update(state=Job.State.DONE)
    changed = client.get(f"{list_url(bid)}?from={made.pk}")
    form = form_of(changed, "least")
    assert form["without"] == [str(oslo.pk)]
    assert rome.name not in text_of(changed)
    client.post(list_url(bid), {**form, "without": []})
    assert settings_of(Search.objects.latest("pk")).without == ()


def test_further_ones_say_how_they_differ_and_two_are_compared(bid, oslo, world, sign_in):
    public("Rome lab", "IT", kind="lab")
    found = found_for(world, bid)
    client = sign_in(world.b.manager)
    text = text_of(client.get(at(found)))
    assert "The best 2 consortia" in text
    assert "Rome lab instead of Oslo lab" in text
    shown = client.get(at(found), {"one": "1", "other": "2"})
    table = text_of(shown).partition("Differences")[2].partition("Proposal 1 Proven")[0]
    assert "Only here Oslo lab Rome lab" in table
    assert "law Very well No one" in table
    same = client.get(at(found), {"one": "1", "other": "1"})
    assert "Choose two different proposals" in text_of(same)
    assert client.get(at(found), {"one": "x", "other": "99"}).status_code == 200


def test_a_proposal_is_taken_and_taken_back(bid, oslo, world, sign_in):
    found = found_for(world, bid)
    client = sign_in(world.b.ambassador)
    answer = client.post(at(found, "search-take"), {"proposal": "1"})
    assert answer.url == reverse("bids:consortium", args=[bid.partnership_id, bid.pk])
    partner = Partner.objects.get(organisation=oslo)
    assert (partner.state, partner.bid_id, partner.party) == ("noted", bid.pk, None)
    told = text_of(client.get(at(found)))
    assert "1 partner added to the bid. No one has been invited yet." in told
    assert "added to the bid" in told
    assert "All of them are in the bid." in told
    history = text_of(client.get(reverse("history:show", args=["bid", bid.pk])))
    for sentence in ("Searched for partners for a bid", "Added a proposed consortium to a bid"):
        assert sentence in history
    client.post(at(found, "search-untake"))
    partner.refresh_from_db()
    assert partner.dropped_at is not None
    assert "Add these to the bid" in text_of(client.get(at(found)))


def test_a_gap_is_filled_with_the_usual_search_and_one_invitation(bid, oslo, world, sign_in):
    SeatFactory(organisation=oslo, role=Role.REPRESENTATIVE)
    WorkPackageFactory(bid=bid, title="Law of the sea")
    client = sign_in(world.b.ambassador)
    page = reverse("bids:consortium", args=[bid.partnership_id, bid.pk])
    assert "Find the best candidates" in text_of(client.get(page))
    client.post(list_url(bid), {"usual": "1"})
    found = Search.objects.get()
    assert sorted(settings_of(found).keep) == sorted(kept(bid))
    jobs.run(found.job_id)
    text = text_of(
        client.post(at(found, "search-take"), {"proposal": "1", "invite": "1"}, follow=True)
    )
    assert "Oslo lab" in text.partition("Invited:")[2].partition(".")[0]
    assert Partner.objects.get(organisation=oslo).state == Partner.State.ASKED


def test_who_cannot_be_written_to_is_added_and_told(bid, oslo, world, sign_in):
    found = found_for(world, bid)
    client = sign_in(world.a.manager)
    answer = client.post(at(found, "search-take"), {"proposal": "1", "invite": "1"}, follow=True)
    assert "there is no one to contact yet: Oslo lab." in text_of(answer)
    assert Partner.objects.get(organisation=oslo).state == Partner.State.NOTED


def test_what_cannot_be_taken_is_told(bid, oslo, world, sign_in):
    found = found_for(world, bid)
    client = sign_in(world.a.manager)
    client.post(at(found, "search-take"), {"proposal": "7"})
    assert "We couldn’t find this proposal." in text_of(client.get(at(found)))
    Organisation.objects.filter(pk=oslo.pk).update(visibility="private")
    text = text_of(client.get(at(found)))
    assert "Oslo lab" not in text
    assert "An organisation that is no longer visible here" in text
    assert "Add these to the bid" not in text
    client.post(at(found, "search-take"), {"proposal": "1"})
    assert "Some of them are no longer visible" in text_of(client.get(at(found)))
    assert not Partner.objects.filter(organisation=oslo).exists()


def test_who_said_no_meanwhile_is_not_in_the_bid(bid, oslo, world, sign_in):
    found = found_for(world, bid)
    partner_of(bid, oslo, state="declined")
    client = sign_in(world.a.manager)
    assert "1 isn’t in the bid yet" in text_of(client.get(at(found)))
    client.post(at(found, "search-take"), {"proposal": "1"})
    assert "Declined or left in the meantime: Oslo lab." in text_of(client.get(at(found)))


def test_without_somebody_it_is_searched_again(bid, oslo, world, sign_in):
    found = found_for(world, bid)
    client = sign_in(world.a.manager)
    answer = client.post(at(found, "search-again"), {"without": str(oslo.pk)})
    made = Search.objects.latest("pk")
    assert answer.url == at(made)
    assert settings_of(made).without == (oslo.pk,)
    client.post(at(found, "search-again"), {"without": "x"})
    assert "A search for this bid is already running" in text_of(client.get(at(found)))


def test_a_missing_third_country_is_told_with_ways_out(bid, world, sign_in):
    found = found_for(world, bid, countries=("FR", "GR"))
    shown = sign_in(world.b.manager).get(at(found))
    text = text_of(shown)
    assert "None possible" in text
    assert (
        "require 1 more country, and no organisation visible in this room is outside these: "
        in text
    )
    assert "France, Greece" in text
    assert "1 more participant is needed." in text
    assert f"{list_url(bid)}?from={found.pk}#id_countries" in unescape(shown.content.decode())
    for label in (
        "Search in all countries",
        "See what both sides share",
        "Open the call’s conditions",
    ):
        assert label in text


def test_what_cannot_be_met_together_is_listed(bid, oslo, world, sign_in):
    found = search(
        world.a.manager,
        bid,
        wish(keep=kept(bid), least=3, most=3, countries=("NO",), kinds=("lab",), must=("quantum",)),
    )
    text = text_of(sign_in(world.a.manager).get(at(found)))
    assert "No organisation visible to the whole room mentions “quantum”." in text
    assert "Make “quantum” nice to have" in text
    ListingFactory(organisation=public("Rome lab", "IT"), title="Quantum")
    found = found_for(world, bid, needs=wish(must=("quantum", "law")).needs)
    text = text_of(sign_in(world.a.manager).get(at(found)))
    assert "These can’t be met together:" in text
    for told in (
        "From 3 to 3 members",
        "Kept: ",
        "A member covers “quantum”",
        "Keep fewer partners",
    ):
        assert told in text


def test_a_kept_partner_without_figures_is_told(bid, oslo, world, sign_in):
    bid.call.own_rules = [{"key": "sum", "kind": "total", "text": "At most 1,000", "most": 100_000}]
    bid.call.save()
    client = sign_in(world.a.manager)
    form = client.get(list_url(bid))
    assert "Organisations whose figures aren’t known are left out" in text_of(form)
    text = text_of(client.get(at(found_for(world, bid))))
    assert "aren’t known." in text
    assert "Enter the usual cost of a partner" in text


def test_failed_work_is_told_and_tried_again(bid, oslo, world, sign_in):
    made = ask(world.a.manager, bid)
    Job.objects.filter(pk=made.job_id).update(state=Job.State.FAILED, error="Something broke.")
    client = sign_in(world.b.ambassador)
    assert "The calculation failed" in text_of(client.get(list_url(bid)))
    shown = client.get(at(made))
    assert "Something broke." in text_of(shown)
    answer = client.post(at(made, "search-again"))
    assert answer.url == at(Search.objects.latest("pk"))
    assert Search.objects.count() == 2


def test_work_is_watched_and_stopped(bid, oslo, world, sign_in):
    made = ask(world.a.ambassador, bid)
    mine, steers, other = (
        sign_in(one) for one in (world.a.ambassador, world.b.manager, world.b.ambassador)
    )
    for client in (mine, steers, other):
        assert "queued" in text_of(client.get(at(made)))
    assert at(made, "search-stop") not in other.get(at(made)).content.decode()
    bar = mine.get(at(made, "search-progress"), headers={"HX-Request": "true"})
    assert "px-job" in bar.content.decode()
    assert mine.get(at(made, "search-progress")).url == at(made)
    assert other.post(at(made, "search-stop")).status_code == 403
    assert steers.post(at(made, "search-stop")).url == at(made)
    assert Job.objects.get(pk=made.job_id).stop_requested
    Job.objects.update(state=Job.State.DONE)
    done = mine.get(at(made, "search-progress"), headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == at(made)


def test_stopped_before_anything_was_found_it_says_so(bid, world, sign_in):
    made = ask(world.a.manager, bid)
    Search.objects.filter(pk=made.pk).update(state=State.CUT, result={"stopped": True})
    assert "The search was stopped before anything was found." in text_of(
        sign_in(world.b.manager).get(at(made))
    )
    Search.objects.filter(pk=made.pk).update(result={"stopped": False})
    assert "No result in time" in text_of(sign_in(world.b.manager).get(at(made)))


def test_a_closed_bid_shows_what_was_found_and_offers_nothing(bid, oslo, world, sign_in):
    found = found_for(world, bid)
    bid.state, bid.submitted_at = "submitted", timezone.now()
    bid.save()
    client = sign_in(world.a.manager)
    text = text_of(client.get(at(found)))
    assert "Oslo lab" in text
    assert "Add these to the bid" not in text
    assert "Leave out and search" not in text
    assert "Find the best consortia" not in text_of(client.get(list_url(bid)))
    for name in ("search-take", "search-again", "search-untake", "search-stop"):
        assert client.post(at(found, name)).status_code == 403
    assert client.post(list_url(bid), {"least": "1"}).status_code == 403


def test_an_old_search_without_settings_still_opens(bid, world, sign_in):
    one = Search.objects.create(
        partnership=world.partnership, bid=bid, state=State.READY, person=world.a.manager
    )
    client = sign_in(world.b.manager)
    assert "Nothing found" in text_of(client.get(at(one)))
    assert client.get(f"{list_url(bid)}?from={one.pk}").status_code == 200
    assert client.get(f"{list_url(bid)}?from=999999").status_code == 404


def test_more_searches_and_more_members_cost_no_more_queries(bid, oslo, world, sign_in):
    client = sign_in(world.a.manager)
    counts = {}
    for number in (1, 2, 3):
        public(f"Lab {number}", "IT", "Law")
        found = found_for(world, bid, most=2 + number)
        for url in (list_url(bid), at(found)):
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                client.get(url)
            counts.setdefault(url.count("/"), set()).add(len(caught))
    assert [len(one) for one in counts.values()] == [1, 1], counts


@pytest.mark.parametrize(
    ("number", "worth", "bound", "told"),
    [
        (1, 1000, 1000, "Proven best"),
        (3, 900, 900, "Proven next best"),
        (1, 983, 1000, "Within 1.7% of the best"),
        (2, 9999, 10_000, "Within 0.1% of the next best"),
        (1, -10, 0, "Not proven to be the best"),
    ],
)
def test_how_proven_it_is_promises_no_more_than_is_proven(number, worth, bound, told):
    assert tell_proof(number, worth, bound) == told
