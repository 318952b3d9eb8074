"""The sections above the directory's pages: each reader finds those that they may use."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from proxeny.accounts.models import Role
from proxeny.directory.models import Organisation, Visibility
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.directory import DuplicatePairFactory, InterestFactory, ListingFactory

FOR_ALL = ["/directory/", "/directory/map/", "/directory/listings/"]
FOR_PEOPLE = [*FOR_ALL, "/directory/interests/", "/directory/following/", "/directory/searches/"]
FOR_ADVISERS = [*FOR_PEOPLE, "/directory/review/"]
FOR_MANAGERS = [*FOR_ADVISERS, "/directory/duplicates/", "/directory/import/"]


def sections_on(client, url):
    """The addresses in the navigation above a page, and the one that is marked."""
    shown = client.get(url).content.decode()
    nav = re.search(r'<ul class="px-tabs px-sections">.*?</ul>', shown, re.S).group()
    links = re.findall(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>', nav)
    return [url for url, _mark in links], [(url, mark) for url, mark in links if mark]


def test_each_reader_finds_the_sections_that_they_may_use(world, sign_in):
    adviser = PersonFactory()
    SeatFactory(person=adviser, organisation=world.a.cluster, role=Role.ADVISER)
    clients = {
        "manager": (sign_in(world.a.manager), FOR_MANAGERS),
        "ambassador": (sign_in(world.a.ambassador), FOR_ADVISERS),
        "adviser": (sign_in(adviser), FOR_ADVISERS),
        "member": (sign_in(world.a.representatives[0]), FOR_PEOPLE),
        "stranger": (Client(), FOR_ALL),
    }
    for name, (client, expected) in clients.items():
        assert sections_on(client, "/directory/")[0] == expected, name
        for url in FOR_MANAGERS:
            may_use = client.get(url).status_code == 200
            assert may_use is (url in expected), (name, url)


def test_who_has_no_say_in_a_cluster_does_not_pass_for_its_adviser(world, sign_in):
    person = PersonFactory()
    SeatFactory(person=person, organisation=world.a.cluster, role=Role.REPRESENTATIVE)
    assert sections_on(sign_in(person), "/directory/")[0] == FOR_PEOPLE


@pytest.mark.parametrize("url", FOR_MANAGERS)
def test_the_section_that_is_open_is_marked(world, sign_in, url):
    assert sections_on(sign_in(world.a.manager), url)[1] == [(url, "page")]


def test_pages_below_a_section_mark_it(world, sign_in):
    member, client = world.a.members[0], sign_in(world.a.manager)
    listing = ListingFactory(organisation=member)
    interest = InterestFactory(listing=listing, organisation=world.a.members[1])
    pair = DuplicatePairFactory(cluster=world.a.cluster, first=member, second=world.a.members[1])
    below = {
        f"/directory/{member.pk}/": "/directory/",
        f"/directory/{member.pk}/matches/": "/directory/",
        f"/directory/listings/{listing.pk}/": "/directory/listings/",
        f"/directory/interests/{interest.pk}/": "/directory/interests/",
        f"/directory/duplicates/{pair.pk}/": "/directory/duplicates/",
    }
    for url, section in below.items():
        assert sections_on(client, url)[1] == [(section, "true")], url


def test_the_sections_cost_a_manager_and_a_member_no_query(world, sign_in):
    counts = {}
    for name, person in (
        ("manager", world.a.manager),
        ("member", world.a.representatives[0]),
        ("ambassador", world.a.ambassador),
    ):
        client = sign_in(person)
        client.get("/directory/following/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/directory/following/")
        counts[name] = len(captured)
    assert counts["manager"] == counts["member"] == counts["ambassador"] - 1


def test_a_place_reads_from_right_to_left_in_arabic(world):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(
        visibility=Visibility.PUBLIC, city="Αθήνα", country="GR"
    )
    client = Client()
    client.cookies["django_language"] = "ar"
    with translation.override("ar"):
        shown = client.get(f"/directory/{member.pk}/").content.decode()
    assert "\u2068Αθήνα\u2069، \u2068اليونان\u2069" in shown
