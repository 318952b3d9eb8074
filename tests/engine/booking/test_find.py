"""The best times, against every choice of every start, minute by minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.booking.plain import (
    all_starts,
    best_choice,
    broken_rules,
    cost_of,
    most_proposals,
    requests,
)

from proxeny.engine.booking import Person, Request, Rule, Taken, check_times, find_times

HOUR = timedelta(hours=1)
ALWAYS = {day: [(0, 1440)] for day in range(7)}
OFFICE = {day: [(540, 1020)] for day in range(5)}


def _person(key="a", zone="UTC", **more):
    return Person(**{"key": key, "zone": zone, "hours": ALWAYS, "core": (0, 1440), **more})


def _request(*people, first, last, **more):
    return Request(
        **{
            "people": people or [_person()],
            "first_at": first,
            "last_at": last,
            "now": first,
            "zone": "UTC",
            "duration_min": 60,
            "step_min": 60,
            **more,
        }
    )


def _at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def _starts(found, zone="UTC"):
    return [f"{one.starts_at.astimezone(ZoneInfo(zone)):%d %H:%M%z}" for one in found.proposals]


@settings(max_examples=300, deadline=None)
@given(requests())
def test_starts_are_all_those_that_break_no_rule(request):
    found = find_times(request)
    suits = [start for start in all_starts(request) if not broken_rules(request, start)]
    zone = ZoneInfo(request.zone)
    assert found.starts == len(suits)
    assert found.days == len({start.astimezone(zone).date() for start in suits} if suits else ())
    assert (found.status == "none") == (not suits)
    assert check_times(request, found) == ()
    assert [one.cost for one in found.proposals] == [
        cost_of(request, one.starts_at) for one in found.proposals
    ]


@settings(max_examples=200, deadline=None)
@given(requests(step=(60, 120, 180)))
def test_no_choice_is_better(request):
    suits = [start for start in all_starts(request) if not broken_rules(request, start)]
    found = find_times(request)
    assert tuple(one.starts_at for one in found.proposals) == best_choice(request, suits)


@settings(max_examples=200, deadline=None)
@given(requests(step=(60, 120, 180), most_people=2))
def test_gains_are_what_there_would_be_without_each_rule(request):
    found = find_times(request)
    if found.status == "enough":
        assert (found.gains, found.least, found.conflict) == ((), (), ())
        return
    broken = {start: broken_rules(request, start) for start in all_starts(request)}
    expected = {}
    for rule in set().union(*broken.values()):
        given_up = {rule} | ({Rule("travel", rule.person)} if rule.code == "taken" else set())
        suits = [start for start, rules in broken.items() if rules <= given_up]
        expected[rule] = (most_proposals(request, suits), len(suits))
    suits = [start for start, rules in broken.items() if not rules]
    now = (len(found.proposals), found.starts)
    assert now == (most_proposals(request, suits), len(suits))
    expected[Rule("per_day")] = (most_proposals(replace(request, per_day=50), suits), len(suits))
    assert {one.rule: (one.proposals, one.starts) for one in found.gains} == {
        rule: gain for rule, gain in expected.items() if gain > now
    }
    sizes = [(one.proposals, one.starts) for one in found.gains]
    assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=300, deadline=None)
@given(requests())
def test_without_a_time_the_least_that_gives_way_and_a_conflict_without_needless_rules(request):
    found = find_times(request)
    starts = all_starts(request)
    if found.status != "none":
        assert (found.least, found.conflict) == ((), ())
        return
    if not starts:
        assert (found.least, found.gains, found.conflict) == ((), (), (Rule("range"),))
        return
    broken = [broken_rules(request, start) for start in starts]
    conflict = set(found.conflict)
    assert all(rules & conflict for rules in broken)
    for rule in conflict:
        assert not all(rules & (conflict - {rule}) for rules in broken)
    # Who gives up what is taken gives up the ways to it.
    needed = [
        rules - {Rule("travel", one.person) for one in rules if one.code == "taken"}
        for rules in broken
    ]
    assert len(found.least) == min(map(len, needed))
    given_up = {
        *found.least,
        *(Rule("travel", one.person) for one in found.least if one.code == "taken"),
    }
    assert found.least_starts == sum(rules <= given_up for rules in broken) > 0


@settings(max_examples=100, deadline=None)
@given(requests(), st.randoms(use_true_random=False))
def test_the_same_request_has_the_same_answer_whatever_the_order_of_its_lists(request, dice):
    found = find_times(request)
    assert find_times(replace(request)) == found
    people = [replace(one, taken=dice.sample(one.taken, len(one.taken))) for one in request.people]
    assert find_times(replace(request, people=people)) == found
    dice.shuffle(people)
    other = find_times(replace(request, people=people))
    assert [one.starts_at for one in other.proposals] == [one.starts_at for one in found.proposals]


def test_a_start_that_clocks_jump_over_is_never_proposed():
    # In Athens 03:00 becomes 04:00 on 29 March 2026; the day has 23 hours.
    zone = "Europe/Athens"
    first, last = _at("2026-03-29T00:00", zone), _at("2026-03-30T00:00", zone)
    person = _person(zone=zone)
    found = find_times(_request(person, first=first, last=last, zone=zone, wanted=50, per_day=50))
    assert found.starts == 23
    assert _starts(found, zone)[:5] == [
        "29 00:00+0200",
        "29 01:00+0200",
        "29 02:00+0200",
        "29 04:00+0300",
        "29 05:00+0300",
    ]


def test_in_the_repeated_hour_both_moments_are_starts_of_their_own():
    zone = "Europe/Athens"
    first, last = _at("2026-10-25T00:00", zone), _at("2026-10-26T00:00", zone)
    request = _request(_person(zone=zone), first=first, last=last, zone=zone, wanted=50, per_day=50)
    found = find_times(request)
    assert found.starts == 25
    assert _starts(found, zone)[2:6] == [
        "25 02:00+0300",
        "25 03:00+0300",
        "25 03:00+0200",
        "25 04:00+0200",
    ]
    # Who works until half past three by the clock has that twice, and a pause between.
    person = _person(zone=zone, hours={6: [(180, 210)]})
    found = find_times(replace(request, people=[person], duration_min=30, step_min=15))
    assert _starts(found, zone) == ["25 03:00+0300", "25 03:00+0200"]


def test_working_hours_stay_where_the_clocks_of_a_place_put_them():
    person = _person(zone="Europe/Athens", hours={day: [(540, 600)] for day in range(7)})
    found = find_times(
        _request(person, first=_at("2026-03-28T00:00"), last=_at("2026-03-31T00:00"))
    )
    assert _starts(found) == ["28 07:00+0000", "29 06:00+0000", "30 06:00+0000"]


def test_work_over_midnight_is_one_stretch():
    person = _person(hours={0: [(1380, 1440)], 1: [(0, 60)]})
    found = find_times(
        _request(
            person,
            first=_at("2026-03-02T00:00"),
            last=_at("2026-03-04T00:00"),
            duration_min=120,
        )
    )
    assert _starts(found) == ["02 23:00+0000"]


@pytest.mark.parametrize(
    ("place", "buffer_min", "starts"),
    [
        (None, 0, ["02 08:00+0000", "02 09:00+0000", "02 11:00+0000"]),
        (0, 0, ["02 08:00+0000", "02 09:00+0000", "02 11:00+0000"]),
        (1, 0, ["02 08:00+0000", "02 09:00+0000"]),  # 61 minutes back, 60 there
        (1, 1, ["02 08:00+0000"]),
        (None, 1, ["02 08:00+0000"]),
    ],
)
def test_who_comes_from_elsewhere_needs_the_way_and_the_buffer(place, buffer_min, starts):
    person = _person(
        hours={0: [(480, 720)]},
        taken=[Taken(_at("2026-03-02T10:00"), _at("2026-03-02T11:00"), 0)],
    )
    request = _request(
        person,
        first=_at("2026-03-02T00:00"),
        last=_at("2026-03-03T00:00"),
        per_day=5,
        travel_min=[[0, 61], [0, 0]],
        place=place,
        buffer_min=buffer_min,
    )
    assert _starts(find_times(request)) == starts


def test_a_way_with_time_to_spare_costs_nothing_and_a_tight_one_what_is_missing():
    person = _person(
        hours={0: [(660, 780)]},
        taken=[Taken(_at("2026-03-02T09:00"), _at("2026-03-02T10:00"), 0)],
    )
    request = _request(
        person,
        first=_at("2026-03-02T00:00"),
        last=_at("2026-03-03T00:00"),
        per_day=9,
        wanted=9,
        travel_min=[[0, 50], [50, 0]],
        place=1,
        duration_min=20,
        step_min=20,
    )
    costs = [one.tight for one in find_times(request).proposals]
    assert costs == [(("a", 20),)] + [(("a", 0),)] * 5


def test_two_people_who_give_an_hour_each_are_better_than_one_who_gives_two():
    early = _person("early", hours={0: [(480, 1200)]}, core=(480, 600))
    late = _person("late", hours={0: [(480, 1200)]}, core=(720, 840))
    request = _request(
        early, late, first=_at("2026-03-02T00:00"), last=_at("2026-03-03T00:00"), wanted=1
    )
    (one,) = find_times(request).proposals
    # At ten: one is an hour late, the other two early. At half past, both give an hour and a half.
    assert (one.off_core, one.cost) == ((("early", 60), ("late", 120)), 300)
    (one,) = find_times(replace(request, step_min=30)).proposals
    assert (one.off_core, one.cost) == ((("early", 90), ("late", 90)), 270)


def test_different_days_come_before_better_hours():
    person = _person(hours={0: [(600, 960)], 1: [(420, 480)]}, core=(600, 960))
    request = _request(
        person, first=_at("2026-03-02T00:00"), last=_at("2026-03-04T00:00"), wanted=2
    )
    assert _starts(find_times(request)) == ["02 10:00+0000", "03 07:00+0000"]
    assert _starts(find_times(replace(request, wanted=3))) == [
        "02 10:00+0000",
        "02 11:00+0000",
        "03 07:00+0000",
    ]


def test_who_shares_no_working_hours_is_told_what_each_could_give():
    athens = Person(key="athens", zone="Europe/Athens", hours=OFFICE)
    angeles = Person(key="angeles", zone="America/Los_Angeles", hours=OFFICE)
    request = _request(athens, angeles, first=_at("2026-03-02T00:00"), last=_at("2026-03-07T00:00"))
    found = find_times(request)
    assert (found.status, found.proposals) == ("none", ())
    assert set(found.conflict) == {Rule("hours", "athens"), Rule("hours", "angeles")}
    assert {(one.rule, one.starts, one.proposals) for one in found.gains} == {
        (Rule("hours", "athens"), 39, 5),
        (Rule("hours", "angeles"), 40, 5),
    }
    assert (found.least, found.least_starts) == ((Rule("hours", "angeles"),), 40)


def test_who_is_away_all_the_time_is_the_reason():
    away = _person("away", taken=[Taken(_at("2026-03-01T00:00"), _at("2026-03-09T00:00"))])
    found = find_times(
        _request(_person(), away, first=_at("2026-03-02T00:00"), last=_at("2026-03-03T00:00"))
    )
    assert found.conflict == found.least == (Rule("taken", "away"),)
    assert [(one.rule, one.starts) for one in found.gains] == [(Rule("taken", "away"), 24)]


def test_rules_of_the_request_are_reasons_too():
    first = _at("2026-03-02T00:00")
    request = _request(first=first, last=first + 2 * HOUR, per_day=1)
    assert [one.rule for one in find_times(request).gains] == [Rule("per_day")]
    late = find_times(replace(request, notice_min=1000))
    assert (late.conflict, late.least_starts) == ((Rule("notice"),), 2)
    again = find_times(replace(request, offered=[first, first + HOUR]))
    assert again.conflict == again.least == (Rule("offered"),)
    short = find_times(replace(request, duration_min=121))
    assert (short.status, short.conflict) == ("none", (Rule("range"),))


def test_what_was_offered_is_not_offered_again_and_the_next_best_is():
    first = _at("2026-03-02T10:00")
    request = _request(first=first, last=first + 3 * HOUR, wanted=1)
    assert _starts(find_times(request)) == ["02 10:00+0000"]
    here = first.astimezone(ZoneInfo("Asia/Tokyo"))
    assert _starts(find_times(replace(request, offered=[here]))) == ["02 11:00+0000"]


def test_proposals_are_in_utc_whatever_the_request_is_in():
    first = _at("2026-03-02T10:00", "Asia/Tokyo")
    (one,) = find_times(_request(first=first, last=first + HOUR)).proposals
    assert (one.starts_at, one.starts_at.tzinfo) == (datetime(2026, 3, 2, 1, tzinfo=UTC), UTC)
