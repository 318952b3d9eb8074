"""Partnerships on Today."""

import pytest

from proxeny.partnerships.models import Partnership
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db


def test_a_partnership_that_has_ended_comes_last_and_says_so(world, sign_in):
    Partnership.objects.filter(pk=world.partnership.pk).update(title="Zephyr")
    ended = PartnershipFactory(title="Aurora", lead=world.a.cluster, state="ended")
    for side, letter in ((world.a, "A"), (world.b, "B")):
        PartyFactory(partnership=ended, organisation=side.cluster, side=letter)
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = "en"
    page = words(client.get("/").text)
    assert page.index("Zephyr") < page.index("Aurora")
    assert "Aurora ended" in page
    assert "Zephyr ended" not in page
