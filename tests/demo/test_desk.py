"""What is told of the desks makes sense on whatever day of the week the demo is loaded."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from proxeny.demo.catch_ups import working_day
from proxeny.demo.introductions import DEEDS
from proxeny.demo.members import invent_members
from proxeny.demo.texts import read_content

MONDAY = date(2026, 11, 2)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]
CONTENT = read_content("desk")


def _day(told: str, today: date) -> int:
    return working_day(int(told.split()[0]), today=today)


def _moment(told: str, today: date) -> datetime:
    return datetime.combine(
        today + timedelta(days=_day(told, today)), time.fromisoformat(told.split()[1])
    )


def _times(case: dict) -> list[str]:
    """Return when a case's meeting is, or could be; nothing where it did not come so far."""
    booked = [one["time"] for one in case["steps"] if one["do"] in ("settle", "book", "accept")]
    suited = [one["times"] for one in case["steps"] if one["do"] == "suit"]
    both = [one for one in suited[-1] if one in suited[0]] if len(suited) > 1 else []
    return booked[-1:] or both


def test_who_is_named_exists():
    slugs = {
        one.slug
        for slug in ("athens", "paris")
        for one in invent_members(slug, seed=2026, year=2026)
    }
    assert set(CONTENT["seats"]) <= slugs
    for case in CONTENT["cases"]:
        assert case["member"] in slugs
        assert case["stakeholder"] in slugs | set(CONTENT["noted"])
        assert {one["do"] for one in case["steps"]} <= set(DEEDS)


def test_invented_people_abroad_have_addresses_that_lead_nowhere():
    for told in CONTENT["noted"].values():
        assert told["email"].endswith(".example")
        assert told["website"].endswith(".example")
    for case in CONTENT["cases"]:
        assert "(invented)" in case.get("place", "(invented)") or case["place"] == "Online"


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%a}")
def test_nothing_happens_before_what_it_follows_from(today):
    for case in CONTENT["cases"]:
        days = [case["noted"], *(one["on"] for one in case["steps"] if "on" in one)]
        assert all(earlier <= later < 0 for earlier, later in pairwise(days))
        for step in case["steps"]:
            for told in [*step.get("times", ()), *([step["time"]] if "time" in step else ())]:
                assert _day(told, today) > step["on"]


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%a}")
def test_a_meeting_is_over_before_it_is_rated_and_ripe_before_it_is_asked_about(today):
    for case in CONTENT["cases"]:
        deeds = [one["do"] for one in case["steps"]]
        if "over" not in deeds:
            continue
        held = _day(_times(case)[0], today)
        for step in case["steps"][deeds.index("over") + 1 :]:
            assert held < step["on"]
            if step["do"] == "later":
                assert step["on"] - held >= 182


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%a}")
def test_an_ambassador_is_at_one_place_at_a_time(today):
    for desk in "ab":
        taken = []
        for case in CONTENT["cases"]:
            if case["desk"] == desk:
                told = _times(case) or [
                    time
                    for step in case["steps"]
                    for time in step.get("times", ())
                    if step["do"] == "offer"
                ]
                span = timedelta(minutes=case.get("minutes", 45))
                taken += [(_moment(one, today), _moment(one, today) + span) for one in told]
        if desk == "a":
            taken += [
                (start, start + timedelta(minutes=one["minutes"]))
                for one in CONTENT["calendar"]["busy"]
                for start in [_moment(f"{one['days']} {one['at']}", today)]
            ]
        for earlier, later in pairwise(sorted(taken)):
            assert earlier[1] <= later[0]


@pytest.mark.parametrize("today", WEEK, ids=lambda one: f"{one:%A}")
def test_no_time_is_offered_twice_in_one_case(today):
    for case in CONTENT["cases"]:
        offered = [
            _moment(told, today)
            for one in case["steps"]
            for told in [*one.get("times", ()), *([one["time"]] if one["do"] == "propose" else ())]
            if one["do"] in ("offer", "propose")
        ]
        assert len(set(offered)) == len(offered), case
