"""Times that are suggested keep to working hours, and those proposed are shown by each one's clocks."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from proxeny.accounts.models import Person
from proxeny.ambassadors.operations.calendars import set_working_hours
from proxeny.ambassadors.operations.finding import suggest_times
from proxeny.ambassadors.queries.cases import get_case
from proxeny.kernel.tenancy import WEB, acting_as
from tests.ambassadors.desk import FIRST, NOW, agree, note, offer
from tests.conftest import reader_of


def test_hours_that_the_ambassador_has_said_are_kept(world):
    case = note(world)
    agree(case, world)
    reader = reader_of(world.a.ambassador)
    zone = ZoneInfo(world.a.ambassador.time_zone)
    with acting_as(WEB, reader):
        before = suggest_times(get_case(case.pk), zone="Europe/Paris", now=NOW)
        set_working_hours(actor=reader, weekdays=[1], opens_min=840, closes_min=960)
        after = suggest_times(get_case(case.pk), zone="Europe/Paris", now=NOW)
    assert {start.astimezone(zone).weekday() for start, _end in before.times} != {1}
    assert after.times
    for start, end in after.times:
        assert start.astimezone(zone).weekday() == 1
        assert start.astimezone(zone).hour >= 14
        assert end.astimezone(zone).hour * 60 + end.astimezone(zone).minute <= 960


@pytest.mark.parametrize("zone", ["Europe/Athens", "Asia/Tokyo"])
def test_a_time_is_shown_by_the_clocks_it_names_whatever_the_readers_are(world, client, zone):
    case = note(world)
    agree(case, world)
    offer(case, world, FIRST)
    person = world.a.ambassador
    for one, clocks in ((person, zone), (world.a.representatives[0], "Europe/Athens")):
        Person.objects.filter(pk=one.pk).update(time_zone=clocks)
    client.force_login(person.account)
    url = reverse("ambassadors:case", args=[world.partnership.pk, case.pk])
    page = re.sub(r"<[^>]+>", "", client.get(url).content.decode())
    assert "09:00–09:45 (Paris)" in page
    assert "10:00–10:45 (Athens)" in page
