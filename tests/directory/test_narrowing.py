"""A list narrowed by words and filters is the same list however it is read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.directory.models import Listing, SavedSearch
from proxeny.directory.operations.term_counts import count_words
from proxeny.directory.queries import (
    Filters,
    ListingFilters,
    count_places,
    get_listing_page,
    get_page,
    list_listings,
    narrowing,
    visible_organisations,
)
from proxeny.directory.queries.searches import newest_hits
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.stages import staged

LISTINGS = "/directory/listings"


@staged
def makers(world):
    """Seven makers of ceramics, of all visibilities, each with an offer; and others."""
    made = [
        OrganisationFactory(
            steward=(world.a, world.b, world.c)[n % 3].cluster,
            name=f"Maker {n}",
            country="GR",
            summary="Ceramics for ovens",
            size=("micro", "large")[n % 2],
            latitude=37.5 + n,
            longitude=23.5,
            visibility=("public", "partnership", "private")[n % 3],
        )
        for n in range(7)
    ]
    for one in made:
        ListingFactory(organisation=one, title=f"Ceramics of {one.name}", direction="offer")
        ListingFactory(organisation=one, title="Ceramics kept back", status="draft")
    OrganisationFactory(steward=world.a.cluster, name="Baker", visibility="public")
    count_words()
    return made


ASKED = [
    {"q": "ceramics"},
    {"q": "ceramic oven"},
    {"q": "ceramocs"},
    {"q": "nowhere"},
    {"q": "%"},
    {"size": "large"},
    {"q": "ceramics", "size": "large", "has": "offer"},
    {"q": "ceramics", "area": (38.0, 20.0, 42.0, 30.0)},
    {"area": (38.0, 20.0, 42.0, 30.0)},
    {"country": "GR", "sort": "-name"},
]


@pytest.mark.parametrize("few", [narrowing._FEW, 0], ids=["by the index", "in their order"])
@pytest.mark.parametrize("who", ["a", "b", "member", "nobody"])
def test_a_list_holds_what_its_page_holds_in_the_same_order(
    world, makers, reading, monkeypatch, who, few
):
    monkeypatch.setattr(narrowing, "_FEW", few)
    people = {"a": world.a.manager, "b": world.b.manager, "member": world.c.representatives[0]}
    with reading(people.get(who)):
        for asked in ASKED:
            filters = Filters(**{"sort": "name"} | asked)
            page = get_page(filters)
            found = visible_organisations(filters)
            assert [one.pk for one in found] == [one.pk for one in page.rows], asked
            assert count_places(filters).total == page.total, asked


@pytest.mark.parametrize("few", [narrowing._FEW, 0], ids=["by the index", "in their order"])
def test_so_does_the_list_of_offers_and_needs(world, makers, reading, monkeypatch, few):
    monkeypatch.setattr(narrowing, "_FEW", few)
    for person in (world.a.manager, world.b.representatives[0], None):
        with reading(person):
            for asked in (
                {"q": "ceramics"},
                {"country": "GR"},
                {"q": "ceramics", "is_open": True},
                {"q": "ceramocs"},
                {"q": "%"},
                {"field": "none"},
            ):
                filters = ListingFilters(**asked)
                page = get_listing_page(filters)
                found = [one.pk for one in list_listings(published=filters)]
                assert found == sorted((one.pk for one in page.rows), reverse=True), asked


def test_a_list_asks_for_what_is_found_in_a_few_queries(world, makers, reading):
    with reading(world.a.manager):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            list(visible_organisations(Filters(q="ceramics", size="large")))
        # Words read, the last one completed (and the role changed for it), hits, rows.
        assert len(asked) <= 8
        assert "search_vector" not in asked[-1]["sql"]


def test_programs_search_offers_and_needs_as_the_page_does(world, makers, call):
    program = call(world.b.manager)
    hits = program.get(f"{LISTINGS}/search", {"q": "ceramics", "direction": "offer"}).json()
    titles = {one["title"] for one in hits["items"]}
    assert "Ceramics of Maker 0" in titles
    assert "Ceramics kept back" not in titles
    assert hits["total"] == len(hits["items"]) == len(titles)
    assert hits["facets"]["country"] == [
        {"value": "GR", "label": "", "count": hits["total"], "is_exact": True}
    ]
    wrong = program.get(f"{LISTINGS}/search", {"q": "ceramocs"}).json()
    assert wrong["instead"] == [{"word": "ceramocs", "meant": ["ceramics"]}]
    assert program.get(f"{LISTINGS}/search", {"sort": "country"}).status_code == 422
    listed = program.get(LISTINGS, {"q": "ceramics", "page_size": 2}).json()
    assert len(listed["results"]) == 2
    assert listed["next"]
    assert {one["title"] for one in listed["results"]} < titles


def test_words_find_published_ones_alone_and_other_filters_all(world, makers, call):
    program = call(world.a.manager)
    drafts = program.get(LISTINGS, {"status": "draft"}).json()["results"]
    assert {one["title"] for one in drafts} == {"Ceramics kept back"}
    assert program.get(LISTINGS, {"status": "draft", "q": "ceramics"}).json()["results"] == []
    kept = [one["status"] for one in program.get(LISTINGS, {"q": "kept back"}).json()["results"]]
    assert kept == []


def test_an_anonymous_one_costs_no_query_of_its_own(world, call, django_assert_num_queries):
    program = call(world.a.manager)
    for number in range(3):
        ListingFactory(organisation=world.a.cluster, title=f"Quiet {number}", is_anonymous=True)
    program.get(f"{LISTINGS}/search")
    with CaptureQueriesContext(connection) as three:
        program.get(f"{LISTINGS}/search")
    Listing.objects.filter(title="Quiet 2").delete()
    with django_assert_num_queries(len(three)):
        program.get(f"{LISTINGS}/search")


def test_a_kept_search_finds_what_the_page_found(world, makers, reading):
    """Within its part of the map, and with the words that stand for a wrong one."""
    with reading(None):
        for asked in ({"area": (38.0, 20.0, 42.0, 30.0)}, {"q": "ceramocs"}, {"q": "ceramics"}):
            filters = Filters(**asked)
            page = get_page(filters)
            assert page.total
            found = newest_hits(SavedSearch.Scope.ORGANISATIONS, filters)
            assert set(found) == {one.pk for one in page.rows}, asked
