"""The map: where organisations are, for each reader, and the list behind each place."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proxeny.directory import queries
from proxeny.directory.models import Organisation, Visibility
from proxeny.directory.queries import Filters, count_places, visible_organisations
from tests.factories.directory import OrganisationFactory

ATHENS, PIRAEUS = (37.98, 23.73), (37.94, 23.65)
PARIS, LYON = (48.85, 2.35), (45.75, 4.85)


def put(city="", country="FR", point=(None, None), nuts="", **values):
    latitude, longitude = point
    return OrganisationFactory(
        city=city,
        country=country,
        latitude=latitude,
        longitude=longitude,
        nuts=nuts,
        visibility=Visibility.PUBLIC,
        **values,
    )


def test_neighbours_share_a_place_named_after_the_largest_town(db, django_assert_num_queries):
    for _ in range(3):
        put("Athens", "GR", ATHENS)
    put("Piraeus", "GR", PIRAEUS)
    put("Paris", "FR", PARIS)
    put("Lyon", "FR", LYON)
    put("Somewhere", "FR")
    # A setting, and the one query.
    with django_assert_num_queries(2):
        found = count_places(Filters())
    assert found.countries == {"GR": 4, "FR": 3}
    assert found.unplaced == {"FR": 1}
    assert found.total == 7
    assert [(one.city, one.count) for one in found.places] == [
        ("Athens", 4),
        ("Lyon", 1),
        ("Paris", 1),
    ]
    athens = found.places[0]
    assert (athens.latitude, athens.longitude) == (37.97, 23.71)


def test_what_only_names_its_region_lies_in_its_largest_city(db):
    put("Villeneuve", "FR", nuts="FRK26")
    put("Lyon", "FR", LYON)
    put("Somewhere", "FR", nuts="FRK")
    found = count_places(Filters())
    assert [(one.count, one.nuts) for one in found.places] == [(2, "")]
    assert found.unplaced == {"FR": 1}, "a region of level 1 has no point"
    put("Hermoupolis", "GR", nuts="EL42")
    [island] = count_places(Filters(country="GR")).places
    assert (island.city, island.nuts) == ("", "EL42"), "it is not where its town is"


def test_places_grow_until_there_are_few_enough(db):
    towns = [(f"Town {n}", (40 + n / 2, n / 2)) for n in range(20)]
    for name, point in towns:
        put(name, "FR", point)
    assert len(count_places(Filters()).places) == 20
    few = count_places(Filters(), limit=5)
    assert 1 < len(few.places) <= 5
    assert sum(one.count for one in few.places) == 20
    assert few.countries == {"FR": 20}


@pytest.mark.parametrize("limit", [1, 3, 300])
def test_the_list_behind_a_place_holds_what_the_place_counts(db, limit):
    put("Athens", "GR", ATHENS)
    put("Piraeus", "GR", PIRAEUS)
    put("", "GR", nuts="EL30")
    put("Paris", "FR", PARIS)
    put("Lyon", "FR", LYON, kind="lab")
    put("Lyon", "FR", nuts="FRK2")
    put("Melbourne", "AU", (-37.81, 144.96))
    for filters in (Filters(), Filters(kind="lab"), Filters(country="FR")):
        for one in count_places(filters, limit=limit).places:
            narrowed = Filters(country=one.country, kind=filters.kind, area=one.area, q=filters.q)
            assert visible_organisations(narrowed).count() == one.count, one


def test_a_region_narrows_the_list(db):
    names = {put("Lyon", "FR", nuts=code).name for code in ("FRK2", "FRK26")}
    put("Clermont", "FR", nuts="FRK1")
    found = visible_organisations(Filters(nuts="FRK2"))
    assert set(found.values_list("name", flat=True)) == names
    assert visible_organisations(Filters(nuts="FRK")).count() == 3


def test_the_page_tells_places_in_a_table_and_leads_to_the_list(db):
    for _ in range(2):
        put("Athens", "GR", ATHENS)
    put("<b>Lyon", "FR", LYON, kind="lab")
    put("", "FR")
    page = Client().get("/directory/map/")
    html = page.content.decode()
    assert html.count('scope="rowgroup"') == 2
    assert "<b>Lyon" not in html
    assert "Location unknown" in html
    assert "1 organisation gives no town or region we know" in html
    data = json.loads(unescape(re.search(r'data-map="([^"]+)"', html)[1]))
    assert data["countries"]["GR"] == {
        "label": "Greece: 2 organisations",
        "url": "/directory/?country=GR",
        "shade": 2,
    }
    assert [one["label"] for one in data["places"]] == [
        "<b>Lyon: 1 organisation",
        "Athens: 2 organisations",
    ]
    athens = data["places"][1]
    rows = Client().get(athens["url"])
    assert rows.context["page"].total == athens["count"] == 2
    assert "Part of the map only." in rows.content.decode()
    narrowed = Client().get("/directory/map/?kind=lab&sort=-name&page=3")
    [country] = narrowed.context["countries"]
    assert country["url"] == "/directory/?kind=lab&sort=-name&country=FR"
    assert narrowed.context["list_query"] == "kind=lab&sort=-name"


def test_an_empty_map_says_why(world, sign_in):
    assert "Nothing to show you yet" in Client().get("/directory/map/").content.decode()
    nothing = sign_in(world.a.manager).get("/directory/map/?q=zzzz").content.decode()
    assert "Clear all filters" in nothing
    assert 'data-map="' not in nothing


@pytest.mark.parametrize(
    "area", ["x", "1,2,3", "nan,0,1,1", "10,0,5,1", "0,0,inf,1", "0,-999,1,1", "1,2,3,4,5"]
)
def test_an_area_that_is_none_narrows_nothing(db, area):
    put("Lyon", "FR", LYON)
    assert Client().get("/directory/", {"area": area}).context["page"].total == 1


def test_a_region_in_the_address_is_named_and_can_be_taken_away(db):
    put("Lyon", "FR", nuts="FRK26", kind="lab")
    page = Client().get("/directory/?nuts=FRK2&kind=lab")
    assert page.context["page"].total == 1
    assert "Region Rhône-Alpes only." in page.content.decode()
    assert page.context["everywhere_url"] == "?kind=lab"


def test_the_map_asks_the_database_as_often_for_many_as_for_one(db):
    asked = []
    for number in range(30):
        put(f"Town {number}", "FR", (40 + number, number))
        if number in (0, 29):
            with CaptureQueriesContext(connection) as queries_made:
                Client().get("/directory/map/")
            asked.append(len(queries_made))
    assert asked[0] == asked[1]


def test_programs_get_the_same_numbers(world, call):
    Organisation.objects.filter(pk__in=[one.pk for one in world.a.members]).update(
        city="Athens", country="GR", latitude=ATHENS[0], longitude=ATHENS[1]
    )
    answer = call(world.b.manager).get("/directory/places", {"country": "GR"}).json()
    assert answer["total"] == 4
    assert answer["countries"] == [{"country": "GR", "count": 4, "unplaced": 1}]
    [place] = answer["places"]
    assert (place["city"], place["count"]) == ("Athens", 3)
    assert place["area"] == [37.75, 23.5, 38.0, 23.75]
    program = call(world.b.manager)
    there = program.get("/directory/organisations", {"area": ",".join(map(str, place["area"]))})
    assert {one["name"] for one in there.json()["results"]} == {one.name for one in world.a.members}
    for text in ("1,2,3", "10,0,5,1", "x,0,0,0", ".,.,.,."):
        assert program.get("/directory/organisations", {"area": text}).status_code == 422


def test_each_reader_sees_the_places_of_what_they_see(world, reading):
    Organisation.objects.filter(pk__in=[one.pk for one in world.a.members]).update(
        city="Athens", country="GR", latitude=ATHENS[0], longitude=ATHENS[1]
    )
    hidden = world.a.members[0]
    Organisation.objects.filter(pk=hidden.pk).update(visibility=Visibility.PRIVATE)

    def athens(person):
        with reading(person):
            found = {one.city: one.count for one in count_places(Filters()).places}
            return found.get("Athens", 0)

    assert athens(world.a.manager) == 3
    assert athens(world.b.manager) == 2
    assert athens(world.c.manager) == 0
    assert queries.count_places(Filters()).total > 3, "the service sees all"
