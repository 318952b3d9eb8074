"""Time zones: what a form offers, how a zone is called, and whether two show the same time."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.utils import timezone, translation

from proxeny.directory.countries import country_codes
from proxeny.kernel.form_fields import ZoneField
from proxeny.kernel.zones import (
    city_of,
    is_same_clock,
    names_of_browsers,
    plain_zone,
    zone_choices,
    zone_label,
    zone_names,
    zone_of_country,
)


def offered(near=()):
    return [pair for _area, zones in zone_choices(near) for pair in zones]


def test_a_form_offers_each_zone_once_by_its_place():
    names = [name for name, _label in offered()]
    assert len(names) == len(set(names))
    assert set(names) <= zone_names()
    assert "Europe/Kyiv" in names
    assert "Europe/Kiev" not in names
    told = [label.partition(" (")[0] for _name, label in offered()]
    assert told.count("Kyiv · Ukraine") == 1


def test_every_zone_that_may_be_kept_is_offered_under_some_name():
    names = {name for name, _label in offered()}
    assert {one for one in zone_names() if plain_zone(one) not in names} <= {"Factory", "localtime"}


def test_zones_of_the_reader_and_the_partners_come_first_and_once():
    with timezone.override("Africa/Casablanca"):
        found = offered(("Europe/Kiev", "Africa/Casablanca"))
    assert [name for name, _label in found[:2]] == ["Africa/Casablanca", "Europe/Kyiv"]
    assert [name for name, _label in found].count("Europe/Kyiv") == 1


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("en", "Asia/Kolkata", "Kolkata · India (UTC+5:30)"),
        ("fr", "Asia/Tokyo", "Tokyo · Japon (UTC+9)"),
        ("el", "Asia/Tokyo", "Τόκιο · Ιαπωνία (UTC+9)"),
        ("ar", "Asia/Tokyo", "طوكيو · اليابان (\u2066UTC+9\u2069)"),
        ("en", "Asia/Calcutta", "Kolkata · India (UTC+5:30)"),
        ("en", "Etc/GMT+5", "UTC\u22125"),
        ("en", "America/Bogota", "Bogota · Colombia (UTC\u22125)"),
        ("en", "Asia/Singapore", "Singapore (UTC+8)"),
    ],
)
def test_a_zone_is_shown_by_its_place_in_the_readers_language(language, zone, told):
    with translation.override(language):
        assert zone_label(zone) == told


def test_a_zone_kept_under_an_older_name_stays_chosen_and_a_wrong_one_is_refused():
    class One(forms.Form):
        zone = ZoneField()

    assert 'value="Europe/Kyiv" selected' in str(One(initial={"zone": "Europe/Kiev"})["zone"])
    typed = One({"zone": "Europe/Kiev"})
    assert typed.is_valid()
    assert typed.cleaned_data == {"zone": "Europe/Kyiv"}
    assert One({"zone": "Mars/Base"}).errors["zone"]
    assert One({"zone": ""}).errors["zone"]


def test_zones_that_browsers_call_by_an_older_name_are_known():
    found = names_of_browsers()
    assert found["Europe/Kiev"] == "Europe/Kyiv"
    assert found["Asia/Calcutta"] == "Asia/Kolkata"
    assert set(found.values()) <= {name for name, _label in offered()}


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


def test_a_city_is_said_in_the_language_in_force():
    with translation.override("el"):
        assert city_of("Europe/Athens") == "Αθήνα"


WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


def test_two_zones_show_the_same_at_one_moment_and_not_at_another():
    assert is_same_clock(WINTER, "Europe/London", "Africa/Abidjan")
    assert not is_same_clock(SUMMER, "Europe/London", "Africa/Abidjan")
    assert not is_same_clock(SUMMER, "Africa/Abidjan", "Europe/London")


@pytest.mark.parametrize("pair", [("Mars/Base", "Europe/Paris"), ("Europe/Paris", "")])
def test_of_an_unknown_zone_nothing_else_is_shown(pair):
    assert is_same_clock(WINTER, *pair)


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("FR", "Europe/Paris"),
        ("GR", "Europe/Athens"),
        ("GB", "Europe/London"),
        ("MA", "Africa/Casablanca"),
        ("US", "America/New_York"),
        ("PT", "Europe/Lisbon"),
        ("XK", "Europe/Belgrade"),
        ("", "UTC"),
        ("??", "UTC"),
        ("AQ", "UTC"),
        ("ZZ", "UTC"),
    ],
)
def test_a_country_has_the_clocks_of_its_capital(country, zone):
    assert zone_of_country(country) == zone


def test_nearly_every_country_has_a_zone():
    unknown = {code for code in country_codes() if zone_of_country(code) == "UTC"}
    assert unknown == {"AQ", "BV", "HM", "UM"}
