"""Who could take part: the conditions of a call for organisations of the directory."""

from datetime import date
from decimal import Decimal

import pytest

from proxeny.calls.operations.bids import MOST, Chosen, look_at_bid
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.calls import CallFactory
from tests.factories.directory import OrganisationFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def look(person, call, *chosen, leads=None):
    actor = reader_of(person)
    with acting_as(WEB, actor):
        return look_at_bid(
            actor=actor,
            call_id=call.pk,
            leads=leads,
            today=TODAY,
            chosen=[one if isinstance(one, Chosen) else Chosen(one) for one in chosen],
        )


def member(world, country, **values):
    return OrganisationFactory(
        steward=world.a.cluster, country=country, visibility="partnership", **values
    )


def verdict(bid, key):
    (found,) = [one for one in bid.told if one.key == key]
    return found


def test_what_is_missing_is_told_by_name(world):
    call = CallFactory(steward=world.a.cluster)
    greek, french = member(world, "GR", name="Aktis"), member(world, "FR", name="Lumen")
    bid = look(world.b.manager, call, greek.pk, french.pk, leads=greek.pk)
    assert bid.state == "broken"
    assert [(one.organisation.name, one.leads) for one in bid.people] == [
        ("Aktis", True),
        ("Lumen", False),
    ]
    (gap,) = verdict(bid, "he-three").gaps
    assert gap.startswith("1 more participant is needed.")
    assert "Another one in France or Greece wouldn’t help." in gap
    assert "independent of: Aktis, Lumen" in gap
    third = member(world, "DE")
    bid = look(world.b.manager, call, greek.pk, french.pk, third.pk)
    assert verdict(bid, "he-three").state == "met"
    assert verdict(bid, "he-full-rate").doubts[0].startswith("Costs not known yet:")
    assert bid.state == "unknown"


def test_with_sums_all_is_met(world):
    call = CallFactory(steward=world.a.cluster)
    some = [
        Chosen(member(world, code).pk, cost=Decimal(100), request=Decimal("100.00"))
        for code in ("GR", "FR", "DE")
    ]
    assert look(world.a.manager, call, *some).state == "met"


def test_it_takes_two_queries_whatever_the_number(world, django_assert_num_queries, reading):
    call = CallFactory(steward=world.a.cluster)
    some = [member(world, code).pk for code in ("GR", "FR", "DE", "IT")]
    actor = reader_of(world.b.manager)
    for number in (1, 4):
        with reading(world.b.manager), django_assert_num_queries(2):
            look_at_bid(
                actor=actor,
                call_id=call.pk,
                leads=None,
                today=TODAY,
                chosen=[Chosen(one) for one in some[:number]],
            )


def test_a_stranger_sees_nothing_and_hidden_organisations_are_left_out(world):
    call = CallFactory(steward=world.a.cluster)
    with pytest.raises(NotFound):
        look(world.c.manager, call)
    hidden = OrganisationFactory(steward=world.c.cluster, country="DE", visibility="private")
    bid = look(world.a.manager, call, hidden.pk, member(world, "GR").pk)
    assert (bid.hidden, len(bid.people)) == (1, 1)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (Chosen(1, "boss"), "role"),
        (Chosen(1, cost=Decimal(-1)), "cost"),
        (Chosen(1, request=Decimal("NaN")), "request"),
        (Chosen(1, "subcontractor"), "leads"),
    ],
)
def test_what_cannot_be_is_refused_by_name(world, chosen, field):
    call = CallFactory(steward=world.a.cluster)
    with pytest.raises(InvalidInput) as refused:
        look(world.a.manager, call, chosen, leads=1)
    assert refused.value.field == field


def test_too_many_are_refused(world):
    call = CallFactory(steward=world.a.cluster)
    with pytest.raises(InvalidInput, match=str(MOST)):
        look(world.a.manager, call, *range(1, MOST + 2))


def test_an_unknown_size_makes_a_condition_on_small_firms_unsure(world):
    call = CallFactory(steward=world.a.cluster, rule_set="eurostars-3", part="")
    sized = member(world, "GR", size="small", kind="company")
    unsized = member(world, "GR", size="", kind="company", name="Aktis")
    large = member(world, "GR", size="large", kind="company")
    states = {
        one: verdict(look(world.a.manager, call, one.pk, leads=one.pk), "eurostars-lead")
        for one in (sized, unsized, large)
    }
    assert [one.state for one in states.values()] == ["met", "unknown", "broken"]
    assert states[unsized].notes[0].startswith("The directory doesn’t say whether these are small")
    assert "Aktis" in states[unsized].notes[0]


def test_what_the_directory_does_not_know_is_never_told_as_missing(world):
    call = CallFactory(steward=world.a.cluster, rule_set="cosme-cluster-excellence-2019", part="")
    bid = look(world.a.manager, call, world.a.cluster.pk)
    region = verdict(bid, "cosme-region")
    assert region.state == "unknown"
    assert region.notes == (
        (
            "The directory doesn’t have this information about organisations. Ask them before you"
            " rely on it."
        ),
    )
    assert verdict(bid, "cosme-clusters").state == "met"
    (note,) = bid.notes
    assert note.startswith("These conditions apply to calls that closed by 31 December 2020.")


def test_non_profit_bodies_have_their_own_rate(world):
    call = CallFactory(steward=world.a.cluster, rule_set="horizon-europe-ia")
    states = [
        verdict(
            look(
                world.a.manager,
                call,
                Chosen(member(world, "GR", kind=kind).pk, cost=Decimal(100), request=Decimal(100)),
            ),
            "he-innovation-rate",
        ).state
        for kind in ("university", "association", "company")
    ]
    assert states == ["met", "unknown", "broken"]


def test_a_country_without_status_is_a_doubt_in_words(world):
    call = CallFactory(steward=world.a.cluster, rule_set="horizon-europe-csa")
    nowhere = member(world, "QQ", name="Aktis")
    told = verdict(look(world.a.manager, call, nowhere.pk), "he-one")
    assert told.state == "unknown"
    assert told.doubts == ("There is no country “QQ” (Aktis). Correct it in the entry.",)


def test_own_conditions_stand_beside_those_of_the_set(world):
    own = {
        "key": "ours",
        "kind": "count",
        "text": "Two of Greece",
        "least": 2,
        "who": {"countries": ["GR"]},
        "source": "Our call, page 3",
        "seen": "2026-09-01",
    }
    call = CallFactory(steward=world.a.cluster, rule_set="", own_rules=[own], closes_at=None)
    bid = look(world.a.manager, call, member(world, "GR").pk)
    assert [one.key for one in bid.told] == ["ours"]
    assert verdict(bid, "ours").gaps == ("1 more participant is needed. It must be: in Greece.",)
    assert bid.notes == ("The call has no deadline yet. The status of countries is as of today.",)


def test_a_call_without_conditions_has_no_verdict(world):
    call = CallFactory(steward=world.a.cluster, rule_set="")
    bid = look(world.a.manager, call, member(world, "GR").pk)
    assert (bid.state, bid.told) == ("", ())
