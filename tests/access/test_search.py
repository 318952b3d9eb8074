"""A search finds what the policies show, counts no more, and tells of nothing else."""

import pytest

from proxeny.directory.models import Listing, Organisation, Visibility, Word
from proxeny.directory.operations.term_counts import count_words
from proxeny.directory.queries import Filters, ListingFilters, get_listing_page, get_page
from proxeny.directory.queries.lists import PAGE_SIZE
from proxeny.directory.queries.searches import newest_hits
from tests.access.routes import EVERYBODY
from tests.factories.directory import ListingFactory, OrganisationFactory


def test_every_reader_finds_just_what_the_policies_show(crowd, reading):
    gone = OrganisationFactory(steward=crowd.world.a.cluster, merged_into=crowd.public)
    people = crowd.people()
    for name in EVERYBODY:
        with reading(people[name]):
            shown = set(Organisation.objects.listed().values_list("pk", flat=True))
            page, found = get_page(Filters()), set()
            for number in range(1, -(-page.total // PAGE_SIZE) + 1):
                found |= {row.pk for row in get_page(Filters(), number=number).rows}
            assert found == shown, name
            assert page.total == len(shown), name
            assert sum(one.count for one in page.facets["kind"]) == len(shown), name
            published = Listing.objects.filter(status="published", organisation__in=shown)
            offers = get_listing_page(ListingFilters())
            assert {row.pk for row in offers.rows} == set(published.values_list("pk", flat=True))
            assert offers.total == published.count(), name
            assert set(newest_hits("organisations", Filters())) == shown
    assert gone.pk not in shown


@pytest.mark.parametrize("visibility", Visibility.values)
def test_marks_follow_the_entry_and_its_listings(crowd, reading, visibility):
    entry = OrganisationFactory(steward=crowd.world.a.cluster, name="Zebra", country="GR")
    listing = ListingFactory(organisation=entry, title="Stripes")
    Organisation.objects.filter(pk=entry.pk).update(visibility=visibility)
    people = crowd.people()
    for name in EVERYBODY:
        with reading(people[name]):
            sees = Organisation.objects.filter(pk=entry.pk).exists()
            assert (get_page(Filters(q="zebra")).total == 1) is sees, name
            assert (get_listing_page(ListingFilters(q="stripes")).total == 1) is sees, name
            found = get_listing_page(ListingFilters(q="stripes", country="GR"))
            assert [row.pk for row in found.rows] == ([listing.pk] if sees else []), name


def test_a_word_of_hidden_entries_is_neither_told_nor_betrayed(crowd, reading):
    OrganisationFactory(
        steward=crowd.world.a.cluster,
        name="Hidden",
        summary="photonic lasers",
        visibility=Visibility.PRIVATE,
    )
    OrganisationFactory(
        steward=crowd.world.a.cluster,
        name="Shown",
        summary="phototonic screens",
        visibility=Visibility.PUBLIC,
    )
    count_words()
    assert Word.objects.filter(word="photonic", count=1).exists()
    people = crowd.people()
    with reading(people["a_manager"]):
        assert [row.name for row in get_page(Filters(q="photonic")).rows] == ["Hidden"]
        assert get_page(Filters(q="lazers")).meant == [("lazers", ["lasers"])]
    with reading(people["stranger"]):
        # Typed right, it is wrong for who sees nothing of it, as any word that nobody wrote.
        page = get_page(Filters(q="photonic"))
        assert page.meant == [("photonic", ["phototonic"])]
        assert [row.name for row in page.rows] == ["Shown"]
        page = get_page(Filters(q="lazers"))
        assert (page.total, page.meant) == (0, [])
