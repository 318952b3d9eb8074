"""Proposed consortia: the best of those whom a whole room sees, and why there is none."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.bids.models import Partner, Search
from proxeny.bids.operations import proposing
from proxeny.bids.operations.searching import (
    Figures,
    NeedWish,
    SearchSettings,
    search_again,
    settings_of,
)
from proxeny.bids.operations.taking import take_proposal, untake_proposal
from proxeny.directory.models import Listing, Organisation
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from proxeny.partnerships.models import SharingGrant
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.seeking import ask, everybody, members, public, read, search, try_all, wish
from tests.conftest import reader_of
from tests.directory.test_past_work import work
from tests.factories.directory import ListingFactory
from tests.factories.meetings import MeetingFactory, MeetingPartyFactory, RatingFactory
from tests.factories.partnerships import SharingGrantFactory
from tests.partnerships.rooms import do, others, party, team
from tests.stages import staged

pytestmark = pytest.mark.django_db
State = Search.State


@staged
def bid(world):
    """A bid for a call that asks for three countries, a Member State among them."""
    return bid_of(world, call=call_of(world, topics=["sensors", "boats", "law"]))


@staged
def offers(world):
    """Members of both sides, and others, that can do something."""
    for one, offer in (
        (world.a.members[0], "Sensors that watch harbours"),
        (world.a.members[1], "Boats"),
        (world.b.members[0], "Law of the sea, boats"),
        (world.b.members[1], "Sensors"),
    ):
        ListingFactory(organisation=one, title=offer)
    return world


def give(person, found, number=1):
    """Take a proposal into its bid, as somebody would."""
    return do(
        person,
        take_proposal,
        partnership_id=found.partnership_id,
        bid_id=found.bid_id,
        search_id=found.pk,
        number=number,
        today=timezone.localdate(),
    )


# --- the best -------------------------------------------------------------------------------------


def test_the_best_are_those_of_all_that_there_are(bid, offers, world):
    public("Oslo lab", "NO", "Boats, sensors and law")
    public("Rome lab", "IT", "Law")
    found = search(world.a.manager, bid, wish("sensors", "boats", "law", most=3))
    assert (found.state, found.result["status"]) == (State.READY, "optimal")
    organisations, wanted, relations = read(world.a.manager, found)
    assert len(organisations) == 10
    best = try_all(organisations, wanted, relations)[:10]
    assert [one["worth"]["total"] for one in found.result["proposals"]] == best
    assert [one["bound"] for one in found.result["proposals"]] == best


def test_all_conditions_keep_and_relations_are_the_same_as_by_trying(bid, offers, world):
    oslo = public("Oslo lab", "NO", "Boats, sensors and law")
    partner_of(bid, world.b.members[1], party=party(world, world.b))
    work("Sea", world.a.members[0], world.a.members[2])
    meeting = MeetingFactory(
        partnership=world.partnership,
        state="held",
        organisations=[world.a.members[0].pk, oslo.pk],
    )
    assert meeting.kind == "business"
    settings = wish(
        "sensors",
        must=("boats",),
        keep=(world.b.members[1].pk,),
        sides={party(world, side).pk: 1 for side in (world.a, world.b)},
    )
    found = search(world.a.manager, bid, settings)
    organisations, wanted, relations = read(world.b.ambassador, found)
    assert {(one.one, one.other, one.level) for one in relations} == {
        (str(world.a.members[0].pk), str(world.a.members[2].pk), 3),
        (*sorted(map(str, (world.a.members[0].pk, oslo.pk)), key=int), 1),
    }
    best = try_all(organisations, wanted, relations)[:10]
    assert [one["worth"]["total"] for one in found.result["proposals"]] == best
    assert all(world.b.members[1].pk in members(found, number) for number in range(1, 11))


def test_who_is_in_is_kept_and_a_third_country_completes_it(bid, offers, world):
    keep = tuple(one.pk for one in (world.a.members[0], world.b.members[0]))
    for pk in keep:
        partner_of(bid, Organisation.objects.get(pk=pk))
    oslo = public("Oslo lab", "NO")
    found = search(world.b.ambassador, bid, wish("sensors", keep=keep, least=3, most=3))
    [proposal] = found.result["proposals"]
    assert members(found) == {*keep, oslo.pk}
    assert found.result["is_complete"]
    added = {one["id"]: one for one in proposal["members"]}
    assert "rule:he-three" in added[oslo.pk]["rules"]
    assert [added[pk]["kept"] for pk in keep] == [True, True]
    assert not added[oslo.pk]["is_in"]


def test_the_same_question_has_the_same_answer_whoever_asks(bid, offers, world):
    public("Oslo lab", "NO", "Boats")
    settings = wish("sensors", "boats", "law")
    results = [search(person, bid, settings).result for person in team(world).values()]
    assert all(one == results[0] for one in results)


def test_open_bids_are_counted_where_somebody_is_busy(bid, offers, world):
    oslo = public("Oslo lab", "NO")
    public("Rome lab", "IT")
    other = bid_of(world, call=bid.call)
    partner_of(other, oslo)
    settings = wish(most_bids=1)
    found = search(world.a.manager, bid, settings)
    assert oslo.pk not in everybody(found)
    assert found.result["left_out"] == {"free_bids": 1}
    assert oslo.pk in everybody(search(world.a.manager, bid, replace(settings, most_bids=2)))
    assert oslo.pk in everybody(search(world.a.manager, bid, replace(settings, most_bids=None)))
    # Where it said no it is not busy, nor where it is in the bid itself.
    Partner.objects.update(state="declined")
    assert oslo.pk in everybody(search(world.a.manager, bid, settings))


def test_narrowed_to_kinds_and_countries_who_is_in_stays(bid, offers, world):
    partner_of(bid, world.a.members[0])
    labs = [public(f"Lab {code}", code, kind="lab") for code in ("NO", "IT", "DE", "ES")]
    public("Firm", "PT")
    keep = (world.a.members[0].pk,)
    found = search(
        world.a.manager, bid, wish(keep=keep, kinds=("lab",), countries=("NO", "IT", "DE"), most=3)
    )
    assert everybody(found) == {*keep, *(one.pk for one in labs[:3])}
    assert found.result["seen"] == 4


def test_who_said_no_to_the_bid_is_not_proposed_again(bid, offers, world):
    gone = partner_of(bid, world.b.members[0], state="declined")
    public("Oslo lab", "NO")
    found = search(world.a.manager, bid, wish("law"))
    assert gone.organisation_id not in everybody(found)
    assert found.result["left_out"]["declined"] == 1


def test_what_partners_cost_is_looked_at_where_it_matters(bid, offers, world):
    for number in range(3):
        public(f"Lab {number}", ("NO", "IT", "DE")[number], kind="lab")
    figures = {"": Figures(Decimal(100_000)), "lab": Figures(Decimal(50_000), Decimal(20_000))}
    settings = wish(figures=figures, request_most=Decimal(99_999), most=3)
    found = search(world.a.manager, bid, settings)
    assert {one["request"] for one in found.result["proposals"]} == {6_000_000}
    # The call gives all of the cost where nothing else is said.
    more = search(world.a.manager, bid, replace(settings, request_most=Decimal(140_000)))
    assert {one["request"] for one in more.result["proposals"]} == {14_000_000}
    none = search(world.a.manager, bid, replace(settings, figures={}))
    assert (none.state, none.result["left_out"]) == (State.EMPTY, {"figures": none.result["seen"]})


# --- before whose eyes ----------------------------------------------------------------------------


def test_nobody_whom_one_side_alone_sees_is_named(bid, offers, world):
    private = world.a.members[0]
    Organisation.objects.filter(pk=private.pk).update(visibility="cluster")
    SharingGrant.objects.filter(organisation=world.b.cluster).update(withdrawn_at=timezone.now())
    public("Oslo lab", "NO")
    for person in team(world).values():
        found = search(person, bid, wish("sensors"))
        assert found.result["seen"] == 2 + 2 + 1
        assert not everybody(found) & {private.pk, *(one.pk for one in world.b.members)}
    # Shared alone, it is seen by both.
    SharingGrantFactory(
        partnership=world.partnership, organisation=world.a.cluster, kind="member", member=private
    )
    assert search(world.a.manager, bid, wish("sensors")).result["seen"] == 6


def test_of_a_partner_that_one_side_sees_only_what_stands_in_the_bid_counts(bid, offers, world):
    private = world.a.members[0]
    Organisation.objects.filter(pk=private.pk).update(visibility="private")
    partner = partner_of(bid, private, brings="Law")
    public("Oslo lab", "NO")
    settings = wish("sensors", "law", keep=(private.pk,))
    found = search(world.a.manager, bid, settings)
    [kept] = [one for one in found.result["proposals"][0]["members"] if one["id"] == private.pk]
    assert kept["levels"].keys() == {"1"}
    assert kept["words"] == {"1": ["law"]}
    assert partner.organisation_id in everybody(search(world.b.manager, bid, settings))


def test_what_a_cluster_offers_for_somebody_is_not_its_own(bid, world):
    ListingFactory(organisation=world.a.cluster, title="Sensors", is_anonymous=True)
    ListingFactory(organisation=world.b.cluster, title="Sensors", direction="need")
    ListingFactory(organisation=world.b.cluster, title="Sensors", status="draft")
    organisations, _wish, _relations = read(
        world.a.manager, ask(world.a.manager, bid, wish("sensors"))
    )
    assert not any(one.covers for one in organisations)


def test_meetings_and_bids_of_this_room_alone_make_relations(bid, offers, world):
    first, second, third = world.a.members
    for _number in range(2):
        earlier = bid_of(world, call=bid.call, state="lost", submitted_at=timezone.now())
        partner_of(earlier, first)
        partner_of(earlier, world.b.members[0])
    unsent = bid_of(world, call=bid.call)
    partner_of(unsent, first)
    partner_of(unsent, third)
    met = MeetingFactory(
        partnership=world.partnership,
        state="held",
        organisations=[second.pk, world.b.members[1].pk],
    )
    RatingFactory(party=MeetingPartyFactory(meeting=met, organisation=second), value="contact")
    for state in ("confirmed", "draft", "cancelled"):
        MeetingFactory(
            partnership=world.partnership,
            state=state,
            organisations=[third.pk, world.b.members[2].pk],
        )
    made = ask(world.b.manager, bid, wish())
    _all, _wish, relations = read(world.b.manager, made)
    assert {(one.one, one.other, one.level) for one in relations} == {
        (str(first.pk), str(world.b.members[0].pk), 3),
        (str(second.pk), str(world.b.members[1].pk), 2),
    }


# --- why there is none ----------------------------------------------------------------------------


def test_without_a_third_country_it_says_which_condition(bid, offers, world):
    found = search(world.a.manager, bid, wish("sensors"))
    assert (found.state, found.result["status"]) == (State.EMPTY, "infeasible")
    [conflict] = found.result["conflicts"]
    assert (conflict["code"], conflict["demands"]) == ("together", ["rule:he-three"])
    [gap] = found.result["short"]["rules"]["rule:he-three"]
    assert (gap["code"], gap["count"], gap["outside"]) == ("participants", 1, ["FR", "GR"])


def test_nobody_for_a_topic_and_too_few_of_a_side_are_told(bid, offers, world):
    public("Oslo lab", "NO")
    found = search(world.a.manager, bid, wish(must=("sensors", "quantum")))
    assert found.result["conflicts"][0]["demands"] == ["need:1"]
    assert found.result["short"]["needs"] == [1]
    SharingGrant.objects.filter(organisation=world.b.cluster).update(withdrawn_at=timezone.now())
    side = party(world, world.b).pk
    found = search(world.a.manager, bid, wish(sides={side: 2}))
    assert found.result["conflicts"][0]["demands"] == [f"side:{side}"]
    assert found.result["short"]["sides"][str(side)] == 1


def test_a_kept_partner_that_breaks_a_condition_is_named(bid, offers, world):
    rules = [{"key": "firms", "kind": "only", "text": "Firms only", "allowed": {"kinds": ["lab"]}}]
    bid.call.own_rules = rules
    bid.call.save()
    partner = partner_of(bid, world.a.members[0])
    found = search(world.a.manager, bid, wish(keep=(partner.organisation_id,)))
    assert found.result["conflicts"] == [
        {
            "code": "unfit",
            "member": partner.organisation_id,
            "reason": "rule:firms",
            "demands": [],
            "is_minimal": True,
        }
    ]


def test_a_condition_may_be_called_like_a_demand(bid, offers, world):
    bid.call.rule_set = ""
    bid.call.own_rules = [
        {"key": "members", "kind": "countries", "text": "Two countries", "least": 2}
    ]
    bid.call.save()
    found = search(world.a.manager, bid, wish())
    assert found.state == State.READY


# --- what can be asked for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"least": 5}, "least", "more than the maximum number of members, 4"),
        ({"most": 41}, "most", "between 1 and 40 members"),
        ({"most": 0}, "most", "between 1 and 40 members"),
        ({"least": 0}, "least", "Enter at least 1 member"),
        ({"differ_by": 5}, "differ_by", "between 1 and 4 members"),
        ({"keep": (1,)}, "keep", "Only partners of this bid"),
        ({"most_bids": 0}, "most_bids", "between 1 and 100 bids"),
        ({"needs": (NeedWish(" ; "),)}, "needs", "in words"),
        (
            {"needs": (NeedWish("Law"), NeedWish("law ; droit"))},
            "needs",
            "“law” is listed twice",
        ),
        ({"needs": tuple(NeedWish(f"n{n}") for n in range(13))}, "needs", "at most 12 topics"),
        ({"needs": (NeedWish("n" * 301),)}, "needs", "at most 300 characters"),
        ({"sides": {0: 1}}, "sides", "Only sides of this partnership"),
        ({"countries": ("QQ",)}, "countries", "no country with the code “QQ”"),
        ({"kinds": ("farm",)}, "kinds", "from the list"),
        (
            {"figures": {"": Figures(Decimal(5), Decimal(6))}},
            "figures",
            "request more than its costs",
        ),
        ({"figures": {"": Figures(None, Decimal(6))}}, "figures", "Enter the cost too"),
        ({"figures": {"farm": Figures(Decimal(5))}}, "figures", "from the list"),
        ({"figures": {"": Figures(Decimal(-5))}}, "figures", "Enter an amount from 0"),
        ({"request_most": Decimal(0)}, "request_most", "above 0"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_its_field(bid, world, values, field, told):
    with pytest.raises(InvalidInput, match=told) as refused:
        ask(world.a.manager, bid, wish(**values))
    assert refused.value.field == field
    assert not Search.objects.exists()
    assert not Job.objects.exists()


def test_sides_and_kept_partners_have_to_find_room(bid, world):
    sides = {party(world, side).pk: 3 for side in (world.a, world.b)}
    with pytest.raises(InvalidInput, match="require 6 members; the maximum is 4"):
        ask(world.a.manager, bid, wish(sides=sides))
    partners = [partner_of(bid, one) for one in (*world.a.members, *world.b.members)]
    keep = tuple(one.organisation_id for one in partners)
    with pytest.raises(InvalidInput, match="You’re keeping 6 partners"):
        ask(world.a.manager, bid, wish(keep=keep))
    with pytest.raises(InvalidInput, match="keeping and leaving out the same organisation"):
        ask(world.a.manager, bid, wish(keep=keep[:1], without=keep[:1]))


def test_settings_are_kept_and_read_as_they_were(bid, world):
    settings = wish(
        "sensors; capteurs",
        must=("law",),
        without=(5,),
        countries=("NO",),
        kinds=("lab",),
        sides={party(world, world.a).pk: 1},
        request_most=Decimal("1000.50"),
        coordinator=True,
        figures={"": Figures(Decimal("10.5")), "lab": Figures(Decimal(7), Decimal(6))},
        most_bids=None,
        differ_by=2,
    )
    made = ask(world.a.manager, bid, settings)
    assert settings_of(Search.objects.get(pk=made.pk)) == settings
    assert settings_of(Search(settings={})) == SearchSettings()
    for kept in ({"version": 2}, {"needs": [{"word": "x"}]}, {"request_most": "much"}):
        with pytest.raises(Conflict, match="too old"):
            settings_of(Search(settings=kept))


def test_the_team_asks_and_nobody_else(bid, offers, world):
    public("Oslo lab", "NO")
    for person in team(world).values():
        assert search(person, bid).state == State.READY
    for who, person in others(world).items():
        with pytest.raises((NotFound, NotAllowed)):
            ask(person, bid)
        with acting_as(WEB, reader_of(person)):
            assert not Search.objects.exists(), who
    assert Search.objects.count() == 4
    entries = AuditEntry.objects.filter(verb="search_partners")
    assert {(one.target, one.partnership_id) for one in entries} == {
        ("bids.search", world.partnership.pk)
    }


@pytest.mark.parametrize("change", [{"state": "submitted"}, {"dropped_at": timezone.now()}])
def test_for_a_bid_that_is_over_nobody_searches(bid, world, change):
    made = ask(world.a.manager, bid)
    bid.submitted_at = timezone.now()
    for name, value in change.items():
        setattr(bid, name, value)
    bid.save()
    with pytest.raises(Conflict):
        ask(world.a.manager, bid)
    jobs.run(made.job_id)
    enter(SERVICE)
    job = Job.objects.get(pk=made.job_id)
    assert (job.state, job.error) == (Job.State.FAILED, "This bid can no longer be edited.")
    assert Search.objects.get(pk=made.pk).state == State.WORKING


def test_one_search_at_a_time_and_a_failed_one_is_no_hindrance(bid, world):
    made = ask(world.a.manager, bid)
    with pytest.raises(Conflict, match="A search for this bid is already running"):
        ask(world.b.manager, bid)
    Job.objects.filter(pk=made.job_id).update(state=Job.State.FAILED)
    ask(world.b.manager, bid)


def test_who_lost_the_right_meanwhile_gets_nothing_worked_out(bid, offers, world):
    made = ask(world.a.ambassador, bid)
    world.a.ambassador.seats.update(ends_on=timezone.localdate() - timedelta(days=1))
    jobs.run(made.job_id)
    enter(SERVICE)
    assert Job.objects.get(pk=made.job_id).state == Job.State.FAILED
    assert Search.objects.get(pk=made.pk).result == {}


def test_stopped_at_once_there_is_nothing_and_work_can_be_done_twice(bid, offers, world):
    public("Oslo lab", "NO")
    made = ask(world.a.manager, bid)
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        draft = proposing.load_search(
            actor=reader,
            partnership_id=bid.partnership_id,
            bid_id=bid.pk,
            search_id=made.pk,
            today=timezone.localdate(),
        )
    steps = []
    for should_stop, state in ((True, State.CUT), (False, State.READY)):
        result = proposing.work_search_out(
            draft,
            report=lambda step, percent: steps.append(step),
            clock=lambda: 0.0,
            should_stop=lambda stop=should_stop: stop,
        )
        with acting_as(WEB, reader):
            proposing.store_search(draft=draft, result=result, seconds=0.5, now=timezone.now())
        found = Search.objects.get(pk=made.pk)
        assert (found.state, found.seconds) == (state, 0.5)
    assert steps == ["cover", "cover", "propose", "explain"]


def test_the_same_again_without_somebody(bid, offers, world):
    oslo, rome = public("Oslo lab", "NO", "Sensors"), public("Rome lab", "IT")
    partner = partner_of(bid, oslo)
    first = search(world.a.manager, bid, wish("sensors", keep=(partner.organisation_id,)))
    reader = reader_of(world.b.manager)
    with acting_as(WEB, reader):
        made = search_again(
            actor=reader,
            partnership_id=bid.partnership_id,
            bid_id=bid.pk,
            search_id=first.pk,
            without=oslo.pk,
        )
    assert settings_of(made) == wish("sensors", without=(oslo.pk,))
    jobs.run(made.job_id)
    enter(SERVICE)
    found = Search.objects.get(pk=made.pk)
    assert oslo.pk not in everybody(found)
    assert rome.pk in everybody(found)
    assert found.result["left_out"] == {"without": 1}


# --- taking ---------------------------------------------------------------------------------------


def test_taking_notes_who_is_missing_and_leaves_others_as_they_are(bid, offers, world):
    oslo = public("Oslo lab", "NO", "Law")
    there = partner_of(bid, world.a.members[0], state="asked", party=party(world, world.a))
    stays = partner_of(bid, world.a.members[2])
    keep = (there.organisation_id,)
    found = search(world.a.manager, bid, wish("sensors", "law", keep=keep, most=3))
    [number] = [
        number
        for number, one in enumerate(found.result["proposals"], 1)
        if {each["id"] for each in one["members"]} == {*keep, world.b.members[0].pk, oslo.pk}
    ]
    made = give(world.b.ambassador, found, number)
    assert {one.organisation_id: (one.state, one.party_id, one.role) for one in made} == {
        world.b.members[0].pk: ("noted", party(world, world.b).pk, "beneficiary"),
        oslo.pk: ("noted", None, "beneficiary"),
    }
    assert {one.pk for one in Partner.objects.filter(dropped_at=None)} == {
        there.pk,
        stays.pk,
        *(one.pk for one in made),
    }
    there.refresh_from_db()
    assert there.state == "asked"
    assert AuditEntry.objects.filter(verb="take_proposal").count() == 1
    # Once more there is nothing to take.
    assert give(world.a.manager, found, number) == []


def test_taking_back_puts_away_who_was_not_asked(bid, offers, world):
    public("Oslo lab", "NO")
    found = search(world.a.manager, bid, wish())
    first, *rest = give(world.a.manager, found)
    Partner.objects.filter(pk=first.pk).update(state="asked")
    gone = do(
        world.b.manager,
        untake_proposal,
        partnership_id=found.partnership_id,
        bid_id=bid.pk,
        search_id=found.pk,
    )
    assert gone == [one.pk for one in rest]
    assert list(Partner.objects.filter(dropped_at=None)) == [first]
    assert "taken" not in Search.objects.get(pk=found.pk).result


def test_all_or_none_are_taken(bid, offers, world):
    oslo = public("Oslo lab", "NO")
    found = search(world.a.manager, bid, wish(countries=("NO", "GR", "FR")))
    assert oslo.pk in members(found)
    Organisation.objects.filter(pk=oslo.pk).update(visibility="private")
    with pytest.raises(Conflict, match="Some of them are no longer visible"):
        give(world.a.manager, found)
    Organisation.objects.filter(pk=oslo.pk).update(visibility="public")
    no = partner_of(bid, oslo, state="declined")
    with pytest.raises(Conflict, match="Oslo lab"):
        give(world.a.manager, found)
    assert list(Partner.objects.all()) == [no]
    with pytest.raises(InvalidInput, match="We couldn’t find this proposal"):
        give(world.a.manager, found, 99)


def test_nobody_else_takes(bid, offers, world):
    public("Oslo lab", "NO")
    found = search(world.a.manager, bid, wish())
    for person in others(world).values():
        with pytest.raises((NotFound, NotAllowed)):
            give(person, found)
    assert not Partner.objects.exists()


# --- many -----------------------------------------------------------------------------------------


def count_queries(person, made):
    with CaptureQueriesContext(connection) as caught:
        read(person, made)
    return len(caught)


def test_more_organisations_are_read_in_as_many_queries(bid, offers, world):
    made = ask(world.a.manager, bid, wish("sensors"))
    public("Oslo lab", "NO", "Sensors", topics=["/25"])
    few = count_queries(world.a.manager, made)
    for number in range(10):
        public(f"Lab {number}", "IT", "Boats", topics=["/25/73"])
    assert count_queries(world.a.manager, made) == few


def test_five_thousand_are_read_in_a_bounded_number_of_queries(bid, offers, world):
    countries = ("NO", "IT", "DE", "ES", "PT")
    made = Organisation.objects.bulk_create(
        Organisation(
            name=f"Org {number}",
            country=countries[number % 5],
            visibility="public",
            sort_name=f"org {number}",
            summary=f"Boats number {number}" if number % 3 else "Sensors, law",
        )
        for number in range(5000)
    )
    Listing.objects.bulk_create(
        Listing(organisation=one, title="Sensors for boats") for one in made[:500]
    )
    asked = ask(world.a.manager, bid, wish("sensors", "boats", "law", least=6, most=12))
    assert count_queries(world.a.manager, asked) <= 40
    jobs.run(asked.job_id)
    enter(SERVICE)
    found = Search.objects.get(pk=asked.pk)
    assert (found.state, found.result["seen"]) == (State.READY, 5008)
    assert len(found.result["proposals"]) == 10


def test_a_partner_of_whom_a_condition_is_not_sure_stops_no_search(world, bid):
    # Whether Morocco is paid is in doubt: people look that up, and the search goes on.
    kept = partner_of(bid, public("Rabat Lab", "MA"))
    for name, country in (("Bremen Lab", "DE"), ("Turin Lab", "IT"), ("Delft Lab", "NL")):
        public(name, country)
    asked = wish(keep=(kept.organisation_id,), least=4, most=5)
    found = search(world.a.manager, bid, asked)
    assert found.state == State.READY
    assert kept.organisation_id in members(found)
