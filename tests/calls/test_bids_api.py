"""Verdicts, members that fit, and watching, by program."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.calls.models import CallWatch
from tests.factories.calls import CallFactory
from tests.factories.directory import OrganisationFactory

pytestmark = pytest.mark.django_db


def member(world, country, **values):
    return OrganisationFactory(
        steward=world.a.cluster, country=country, visibility="partnership", **values
    )


def test_a_verdict_names_what_is_missing(world, call):
    one = CallFactory(steward=world.a.cluster, rule_set="horizon-europe-ia")
    greek, french = member(world, "GR", name="Aktis"), member(world, "FR", name="Lumen")
    said = call(world.b.manager, "calls:read").get(
        f"/calls/{one.pk}/verdict?beneficiary={greek.pk}&beneficiary={french.pk}&leads={greek.pk}"
        f"&cost={greek.pk}:1000&request={greek.pk}:800"
    )
    assert said.status_code == 200
    told = said.json()
    assert told["state"] == "broken"
    assert [one["name"] for one in told["participants"]] == ["Aktis", "Lumen"]
    three = told["conditions"][0]
    assert (three["key"], three["state"]) == ("he-three", "broken")
    assert three["gaps"][0].startswith("1 more participant is needed.")
    assert three["address"].startswith("http")


@pytest.mark.parametrize("query", ["cost=x:1", "cost=1:", "beneficiary=0", "leads=x"])
def test_what_cannot_be_read_is_refused(world, call, query):
    one = CallFactory(steward=world.a.cluster)
    said = call(world.a.manager).get(f"/calls/{one.pk}/verdict?{query}")
    assert said.status_code == 422


def test_without_conditions_the_state_is_null(world, call):
    one = CallFactory(steward=world.a.cluster, rule_set="")
    told = call(world.a.manager).get(f"/calls/{one.pk}/verdict").json()
    assert (told["state"], told["conditions"]) == (None, [])


def test_who_fits(world, call):
    one = CallFactory(steward=world.a.cluster)
    found = member(world, "GR", summary="Sensors in harbours.")
    told = call(world.b.manager).get(f"/calls/{one.pk}/fit").json()
    assert [each["organisation"]["id"] for each in told["found"]] == [found.pk]
    assert set(told["found"][0]["words"]) == {"sensors", "harbours"}


def test_watch_list_and_watch_no_longer(world, call):
    one = CallFactory(steward=world.a.cluster, closes_at=timezone.now() + timedelta(days=40))
    program = call(world.b.representatives[0])
    for days in ([30, 3], [3]):
        said = program.put(f"/calls/{one.pk}/watch", {"days_before": days})
        assert said.status_code == 204
    assert program.put(f"/calls/{one.pk}/watch", {"days_before": [7]}).status_code == 422
    (row,) = program.get("/calls/own/watched").json()["results"]
    assert (row["call_id"], row["days_before"], row["put_away"]) == (one.pk, [3], False)
    assert program.delete(f"/calls/{one.pk}/watch").status_code == 204
    assert not CallWatch.objects.exists()


def test_a_stranger_finds_nothing(world, call):
    one = CallFactory(steward=world.a.cluster)
    program = call(world.c.manager)
    for path in ("verdict", "fit"):
        assert program.get(f"/calls/{one.pk}/{path}").status_code == 404
    assert program.put(f"/calls/{one.pk}/watch", {}).status_code == 404
