"""Time zones: what a form offers, how a zone is called, and whether two show the same time."""

from datetime import UTC, datetime

import pytest

from proxeny.kernel.zones import city_of, is_same_clock, zone_choices, zone_names


def test_a_form_offers_each_place_once_those_of_europe_first():
    offered = [name for name, _label in zone_choices()]
    assert len(offered) == len(set(offered))
    assert set(offered) <= zone_names()
    assert offered[0].startswith("Europe/")
    assert offered[-1] == "UTC"
    assert ("America/New_York", "America/New York") in zone_choices()


@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("Europe/Athens", "Athens"),
        ("America/New_York", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_city(zone, city):
    assert city_of(zone) == city


WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


def test_two_zones_show_the_same_at_one_moment_and_not_at_another():
    assert is_same_clock(WINTER, "Europe/London", "Africa/Abidjan")
    assert not is_same_clock(SUMMER, "Europe/London", "Africa/Abidjan")
    assert not is_same_clock(SUMMER, "Africa/Abidjan", "Europe/London")


@pytest.mark.parametrize("pair", [("Mars/Base", "Europe/Paris"), ("Europe/Paris", "")])
def test_of_an_unknown_zone_nothing_else_is_shown(pair):
    assert is_same_clock(WINTER, *pair)
