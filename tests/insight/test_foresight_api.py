"""The radar, topics, needs and calls, by program."""

import pytest

from proxeny.insight.models import Trend, TrendView
from tests.factories.insight import TrendEvidenceFactory, TrendFactory
from tests.insight.foreseeing import RISING, need, offer, topic, work_out, write_texts
from tests.insight.foreseeing import call as open_call
from tests.partnerships.rooms import others

pytestmark = pytest.mark.django_db


def at(world, rest):
    return f"/insight/partnerships/{world.partnership.pk}/{rest}"


def test_a_program_reads_the_radar_and_a_trend(world, call):
    write_texts(world)
    trend = TrendFactory(partnership=world.partnership, title=RISING, horizon="now")
    TrendEvidenceFactory(trend=trend, title="Ten ports")
    caller = call(world.a.manager)
    [row] = caller.get(at(world, "trends")).json()
    assert (row["id"], row["is_counted"], row["state"]) == (trend.pk, False, "too_few")
    work_out(world, world.a)
    one = caller.get(at(world, f"trends/{trend.pk}")).json()
    assert (one["state"], one["is_counted"], one["evidence"][0]["title"]) == (
        "emerging",
        True,
        "Ten ports",
    )
    [projects] = one["figures"]
    assert projects["source"] == "project"
    assert projects["counts"] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert projects["growth_low"] <= projects["growth"] <= projects["growth_high"]
    assert one["movers"] == [{"organisation_id": world.a.members[0].pk, "since": 2018, "texts": 1}]
    theirs = call(world.b.manager).get(at(world, f"trends/{trend.pk}")).json()
    assert (theirs["is_counted"], theirs["figures"]) == (False, [])


def test_a_program_says_how_much_a_trend_matters(world, call):
    trend = TrendFactory(partnership=world.partnership)
    caller, address = call(world.b.manager), at(world, f"trends/{trend.pk}/relevance")
    answer = caller.put(address, {"relevance": 5, "why": "Ports."})
    assert answer.status_code == 200, answer.json()
    said = {one["organisation_id"]: one for one in answer.json()["said"]}
    assert said[world.b.cluster.pk]["relevance"] == 5
    assert said[world.a.cluster.pk]["relevance"] is None
    assert caller.put(address, {"relevance": 1}).status_code == 409
    mark = said[world.b.cluster.pk]["mark"]
    assert caller.put(address, {"relevance": 1, "mark": mark}).status_code == 200
    assert TrendView.objects.get().relevance == 1
    assert caller.put(address, {"relevance": 6}).status_code == 422


def test_a_program_takes_a_topic(world, call):
    write_texts(world)
    key = topic(work_out(world, world.a), RISING)["key"]
    caller = call(world.a.manager)
    found = caller.get(at(world, "topics"), {"state": "emerging"}).json()
    assert key in [one["key"] for one in found]
    assert {one["figures"]["state"] for one in found} == {"emerging"}
    assert caller.post(at(world, "topics/take"), {"key": "forged"}).status_code == 404
    made = caller.post(at(world, "topics/take"), {"key": key})
    assert (made.status_code, made.json()["trend_id"]) == (201, Trend.objects.get().pk)
    assert caller.post(at(world, "topics/take"), {"key": key}).status_code == 409
    [one] = [one for one in caller.get(at(world, "topics")).json() if one["key"] == key]
    assert one["trend_id"] == Trend.objects.get().pk
    assert call(world.b.manager).get(at(world, "topics")).json() == []


def test_a_program_reads_needs_and_calls(world, call):
    trend = TrendFactory(partnership=world.partnership, title="Cold chain")
    ours = need(world.a.members[0], "A cold chain")
    answer = offer(world.b.members[0], "Cold chains")
    asked = open_call(world, "Cold chains of ports")
    work_out(world, world.a)
    caller = call(world.a.manager)
    [row] = caller.get(at(world, "needs")).json()
    assert row == caller.get(at(world, f"needs/{trend.pk}")).json()
    assert (row["needs_own"], row["offers_partner"], row["calls"], row["gap"]) == (
        [ours.pk],
        [answer.pk],
        [asked.pk],
        None,
    )
    [theirs] = call(world.b.manager).get(at(world, "needs")).json()
    assert (theirs["is_counted"], theirs["needs_partner"]) == (False, [])


def test_the_room_is_closed_to_others(world, call):
    trend = TrendFactory(partnership=world.partnership)
    for name, person in others(world).items():
        if name == "stranger":
            continue
        caller = call(person)
        for rest in ("trends", f"trends/{trend.pk}", "topics", "needs", f"needs/{trend.pk}"):
            assert caller.get(at(world, rest)).status_code == 404
        said = caller.put(at(world, f"trends/{trend.pk}/relevance"), {"relevance": 3})
        assert said.status_code == 404
        assert caller.post(at(world, "topics/take"), {"key": "x"}).status_code == 404
