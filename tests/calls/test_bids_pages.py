"""The pages of what is done with a call: who could take part, who fits, what one watches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from proxeny.calls.models import CallWatch
from tests.factories.calls import CallFactory, CallWatchFactory, end_of_day
from tests.factories.directory import OrganisationFactory

pytestmark = pytest.mark.django_db


def member(world, country, **values):
    return OrganisationFactory(
        steward=world.a.cluster, country=country, visibility="partnership", **values
    )


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_choice_stands_in_the_address_and_its_verdict_on_the_page(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    greek, french = member(world, "GR", name="Aktis"), member(world, "FR", name="Lumen")
    page = text_of(
        sign_in(world.b.manager).get(
            f"/calls/{call.pk}/bid/?with={greek.pk}&with={french.pk}&leads={greek.pk}"
            f"&{french.pk}-role=associated_partner"
        )
    )
    assert "Something is missing. See below." in page
    assert "2 more participants are needed." in page
    assert f'name="with" value="{greek.pk}" checked' in page
    assert f'name="leads" value="{greek.pk}" checked' in page
    assert '<option value="associated_partner" selected>' in page
    assert "Regulation (EU) 2021/695" in page


def test_organisations_are_found_by_words_but_those_chosen(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    chosen, other = member(world, "GR", name="Aktis One"), member(world, "FR", name="Aktis Two")
    client = sign_in(world.b.manager)
    page = text_of(client.get(f"/calls/{call.pk}/bid/?with={chosen.pk}&find=aktis"))
    assert f'value="{other.pk}"><span><bdi>Aktis Two' in page
    assert page.count("<bdi>Aktis One") == 1
    page = text_of(client.get(f"/calls/{call.pk}/bid/?find=zzzz"))
    assert "No other organisation matches" in page


def test_what_cannot_be_is_said_and_the_rest_still_shown(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    greek = member(world, "GR", name="Aktis")
    client = sign_in(world.a.manager)
    page = text_of(
        client.get(
            f"/calls/{call.pk}/bid/?with={greek.pk}&leads={greek.pk}&{greek.pk}-role=subcontractor"
        )
    )
    assert "Only a beneficiary can coordinate." in page
    assert "Aktis" in page
    page = text_of(
        client.get(f"/calls/{call.pk}/bid/?with={greek.pk}&with=x&with=-1&{greek.pk}-cost=much")
    )
    assert "Enter a number." in page
    many = "&".join(f"with={number}" for number in range(1, 99))
    assert "Choose at most 60" in text_of(client.get(f"/calls/{call.pk}/bid/?{many}"))


def test_a_call_without_conditions_says_so(world, sign_in):
    call = CallFactory(steward=world.a.cluster, rule_set="")
    page = text_of(sign_in(world.a.manager).get(f"/calls/{call.pk}/bid/"))
    assert "No conditions recorded for this call" in page


def test_who_fits_is_shown_with_words_and_leads_on(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    client = sign_in(world.b.manager)
    assert "No member has words in common" in text_of(client.get(f"/calls/{call.pk}/fit/"))
    found = member(world, "GR", name="Aktis", summary="Sensors in harbours.")
    page = text_of(client.get(f"/calls/{call.pk}/fit/"))
    assert "Words in common: <bdi>" in page
    assert f'name="with" value="{found.pk}"' in page


def test_watch_change_the_days_and_watch_no_longer(world, sign_in):
    call = CallFactory(steward=world.a.cluster, title="Clean harbours")
    client = sign_in(world.b.representatives[0])
    assert "You’re not watching any calls yet" in text_of(client.get("/calls/watched/"))
    client.post(f"/calls/{call.pk}/watch/", {"days_before": ["3", "14"]})
    assert CallWatch.objects.get().days_before == [14, 3]
    said = client.post(f"/calls/{call.pk}/watch/", {"days_before": ["7"]}, follow=True)
    assert "Choose from 30, 14 and 3 days" in said.content.decode()
    page = text_of(client.get("/calls/watched/"))
    assert "Clean harbours" in page
    assert "days before: 14, 3" in page
    assert "Stop watching" in text_of(client.get(f"/calls/{call.pk}/"))
    said = client.post(f"/calls/{call.pk}/unwatch/", {"list": "1"})
    assert said.url == "/calls/watched/"
    assert not CallWatch.objects.exists()
    undo = f"/calls/{call.pk}/watch/?days_before=14&days_before=3"
    assert f'hx-post="{escape(undo)}"' in client.get(said.url).content.decode()
    assert client.post(undo, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert CallWatch.objects.get().days_before == [14, 3]


def test_what_one_sees_no_more_is_counted_and_not_named(world, sign_in):
    call = CallFactory(steward=world.a.cluster, title="Clean harbours")
    CallWatchFactory(call=call, person=world.c.manager)
    page = text_of(sign_in(world.c.manager).get("/calls/watched/"))
    assert "1 more is currently not visible to you" in page
    assert "Clean harbours" not in page


def test_my_day_tells_of_what_closes_within_thirty_days(world, sign_in):
    for days, title in ((2, "Very soon"), (20, "Soon"), (45, "Later")):
        call = CallFactory(steward=world.a.cluster, title=title, closes_at=end_of_day(days))
        CallWatchFactory(call=call, person=world.b.manager)
    page = text_of(sign_in(world.b.manager).get("/"))
    assert "A call you’re watching closes in 2 days" in page
    assert "Very soon" in page
    assert "<strong><bdi>Soon</bdi></strong>" in page
    assert "Later" not in page


@pytest.mark.parametrize("path", ["bid/", "fit/"])
def test_a_stranger_finds_nothing(world, sign_in, path):
    call = CallFactory(steward=world.a.cluster)
    assert sign_in(world.c.manager).get(f"/calls/{call.pk}/{path}").status_code == 404
    assert sign_in(world.c.manager).post(f"/calls/{call.pk}/watch/").status_code == 404


def test_pages_ask_as_often_for_many_as_for_one(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    client = sign_in(world.b.manager)
    made = [member(world, "GR", summary="Sensors in harbours.").pk]
    CallWatchFactory(call=call, person=world.b.manager)
    pages = ("/calls/{}/bid/?{}", "/calls/{}/fit/", "/calls/watched/")
    counts = []
    for _ in range(2):
        query = "&".join(f"with={one}" for one in made)
        counts.append([_count(client, page.format(call.pk, query)) for page in pages])
        made += [member(world, code, summary="Sensors in harbours.").pk for code in ("FR", "DE")]
        for _more in range(2):
            other = CallFactory(steward=world.a.cluster)
            CallWatchFactory(call=other, person=world.b.manager)
    assert counts[0] == counts[1]


def _count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
