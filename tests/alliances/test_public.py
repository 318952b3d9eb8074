"""The public pages: everybody reads them, and nothing else."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.operations.publishing import withdraw_page
from proxeny.directory.models import Organisation
from proxeny.partnerships.models import Partnership
from tests.alliances.showing import SINCE, draft, fill_room, join, keys, leave, publish, put, write
from tests.factories.alliances import PageVersionFactory
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.rooms import TODAY, do, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    return Client()


def at(name, *arguments):
    return reverse(f"alliances:{name}", args=arguments)


def read(client, name, *arguments, **query):
    answer = client.get(at(name, *arguments), query)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def shown(world, *left_out, **values):
    """Publish a page that shows all that can be shown."""
    fill_room(world)
    found = keys(world)
    page = draft(world, **values)
    chosen = [key for name, key in found.items() if name not in ("own", "shy", *left_out)]
    Page.objects.filter(pk=page.pk).update(shown=chosen)
    return publish(world)


def test_a_stranger_reads_what_all_signed(world, stranger):
    Organisation.objects.filter(pk=world.a.cluster.pk).update(website="https://greek.example")
    one = shown(world, "sum")
    text = words(read(stranger, "public", one.slug))
    for said in (
        "Small ports, clean water",
        "Clusters of three coasts",
        "Ports, their towns",
        "Write to us",
        "office@ports.example",
        "Greek cluster",
        "French cluster",
        "Greece",
        "France",
        "Twelve clean harbours",
        "40%",
        "Measure in two harbours",
        "What sensors see",
        "Clean harbours by small sensors",
        "HARBOUR · Sensors for the sea",
        "Lab of Tunis",
        "Tunisia",
        f"Together since {date_format(SINCE, 'DATE_FORMAT')}",
        f"As of {date_format(TODAY, 'DATE_FORMAT')}",
    ):
        assert said in text, said
    for hidden in (
        "A goal of ours alone",
        "Shy port",
        "Lost at sea",
        "1,200,000",
        "Greek manager",
        "Greek ambassador",
        world.partnership.title,
        "Greek member",
    ):
        assert hidden not in text, hidden
    html = stranger.get(at("public", one.slug)).content.decode()
    assert 'href="https://greek.example"' in html
    assert 'href="/studies/sensors-1/"' in html
    assert "og:" not in html
    assert "twitter:" not in html
    assert "1,200,000" not in html


def test_a_sum_is_shown_where_the_room_chose_so(world, stranger):
    assert "€1,200,000" in read(stranger, "public", shown(world).slug)


def test_a_stranger_learns_nothing_of_drafts_and_unknown_addresses(world, stranger, sign_in):
    page = draft(world, slug="ports")
    answers = [stranger.get(at("public", slug)) for slug in ("ports", "nothing")]
    put(world)
    answers.append(stranger.get(at("public", "ports")))
    answers.append(sign_in(world.c.manager).get(at("public-version", "ports", 1)))
    assert {one.status_code for one in answers} == {404}
    # Apart from what each page is given against forgery.
    assert len({words(one.content.decode()) for one in answers[:3]}) == 1
    assert page.headline not in read(stranger, "public-list")
    assert "ports" not in read(stranger, "public-sitemap")


def test_machines_read_it_as_schema_org_has_it(world, stranger):
    title = "</script><script>alert(1)</script> & more"
    one = shown(world, headline=title)
    page = stranger.get(at("public", one.slug)).content.decode()
    assert "<script>alert" not in page
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(data)
    assert (said["@type"], said["name"]) == ("Organization", title)
    assert said["url"] == f"{settings.BASE_URL}{at('public', one.slug)}"
    assert said["foundingDate"] == SINCE.isoformat()
    assert said["member"][0] == {
        "@type": "Organization",
        "name": "Greek cluster",
        "address": {"@type": "PostalAddress", "addressCountry": "GR"},
    }
    assert [work["url"] for work in said["subjectOf"]] == [
        f"{settings.BASE_URL}/studies/sensors-1/"
    ]


def test_an_address_that_is_none_of_the_web_is_no_link(world, stranger):
    # What a browser might run is kept out by the form; should it come in, it is shown by none.
    Organisation.objects.filter(pk=world.a.cluster.pk).update(website="javascript:alert(1)")
    one = shown(world)
    assert "javascript:" not in read(stranger, "public", one.slug)


def test_the_frame_is_in_the_readers_language_and_the_words_in_their_own(world, stranger):
    one = shown(world, headline="Μικρά λιμάνια", about="Καθαρό νερό.", language="el")
    stranger.cookies.load({settings.LANGUAGE_COOKIE_NAME: "fr"})
    html = stranger.get(at("public", one.slug)).content.decode()
    assert '<html lang="fr"' in html
    assert re.search(r'<h1 lang="el" dir="ltr">Μικρά λιμάνια</h1>', html)
    assert "Grèce" in html
    stranger.cookies.load({settings.LANGUAGE_COOKIE_NAME: "ar"})
    assert '<html lang="ar" dir="rtl"' in stranger.get(at("public", one.slug)).content.decode()


def test_an_older_version_stays_and_leads_to_the_newest(world, stranger):
    one = shown(world)
    write(world, headline="Clean ports")
    publish(world)
    assert "Clean ports" in read(stranger, "public", one.slug)
    old = read(stranger, "public-version", one.slug, 1)
    assert "Small ports, clean water" in old
    assert "A newer version is available" in old
    assert '<meta name="robots" content="noindex">' in old
    assert stranger.get(at("public-version", one.slug, 3)).status_code == 404


def test_who_joins_or_leaves_is_told_by_the_day_and_not_by_name(world, stranger):
    one = shown(world)
    day = date_format(TODAY, "DATE_FORMAT")
    assert "Members have joined or left since then" not in read(stranger, "public", one.slug)
    join(world)
    text = words(read(stranger, "public", one.slug))
    assert "Members have joined or left since then" in text
    assert f"This information is correct as of {day}." in text
    assert "Other cluster" not in text
    publish(world, world.b.manager, world.c.manager)
    text = words(read(stranger, "public", one.slug))
    assert "Members have joined or left since then" not in text
    assert "Other cluster" in text
    assert "An alliance since" in text
    leave(world)
    html = read(stranger, "public", one.slug)
    assert "Members have joined or left since then" in html
    assert html.count("no longer takes part") == 1


def test_a_partnership_that_ended_says_so(world, stranger):
    one = shown(world)
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended", ends_on=TODAY)
    text = read(stranger, "public", one.slug)
    assert f"It ended on {date_format(TODAY, 'DATE_FORMAT')}" in text


def test_what_was_withdrawn_says_so_and_why(world, stranger):
    one = shown(world)
    do(world.b.manager, withdraw_page, partnership_id=world.partnership.pk, reason="We moved.")
    for name, arguments in (("public", [one.slug]), ("public-version", [one.slug, 1])):
        answer = stranger.get(at(name, *arguments))
        assert answer.status_code == 410
        text = answer.content.decode()
        assert "We moved." in text
        assert "Twelve clean harbours" not in text
        assert '<meta name="robots" content="noindex">' in text
    assert "Small ports" not in read(stranger, "public-list")
    assert one.slug not in read(stranger, "public-sitemap")


def another(world, number, **said):
    """Publish a page of another partnership, as it is kept."""
    room = PartnershipFactory(lead=world.c.cluster)
    content = {
        "headline": f"Page {number}",
        "about": "Rivers and lakes.",
        "since": "2024-05-01",
        "members": [{"name": "River cluster", "country": "PT", "party": 0}],
        "partners": [],
        "goals": [],
        "results": [],
        **said,
    }
    return PageVersionFactory(
        partnership=room, title=f"Page {number}", content=content, published_at=timezone.now()
    )


def test_the_list_is_searched_by_words_and_country(world, stranger):
    shown(world)
    another(world, 1)
    text = words(read(stranger, "public-list"))
    assert "2 pages" in text
    assert "Greek cluster" in text
    assert "Portugal" in text
    for query, found in (
        ({"q": "rivers"}, ["Page 1"]),
        ({"q": "harbours sensors"}, ["Small ports"]),
        ({"q": "river cluster"}, ["Page 1"]),
        ({"q": "website"}, []),
        ({"q": "party"}, []),
        ({"country": "PT"}, ["Page 1"]),
        ({"country": "TN"}, ["Small ports"]),
        ({"country": "GR", "q": "ports"}, ["Small ports"]),
        # What makes no sense is not looked for.
        ({"country": "XX"}, ["Page 1", "Small ports"]),
    ):
        text = read(stranger, "public-list", **query)
        for title in ("Page 1", "Small ports"):
            assert (title in text) == (title in found), (query, title)


def test_the_newest_version_alone_stands_in_the_list(world, stranger):
    one = shown(world)
    write(world, headline="Clean ports")
    publish(world)
    text = read(stranger, "public-list")
    assert "Clean ports" in text
    assert "Small ports, clean water" not in text
    assert read(stranger, "public-sitemap").count(at("public", one.slug)) == 1


def test_an_empty_list_says_what_will_stand_there(world, stranger):
    assert "Nothing published yet" in read(stranger, "public-list")


@pytest.mark.parametrize("name", ["public-list", "public-sitemap"])
def test_queries_do_not_grow_with_the_list(world, stranger, name):
    another(world, 1)
    with CaptureQueriesContext(connection) as one:
        read(stranger, name)
    for number in (2, 3):
        another(world, number)
    with CaptureQueriesContext(connection) as three:
        text = read(stranger, name)
    assert len(three) == len(one)
    assert all(at("public", one.slug) in text for one in PageVersion.objects.all())
    assert PageVersion.objects.count() == 3


def test_queries_of_one_page_do_not_grow_with_it(world, stranger):
    one = shown(world)
    with CaptureQueriesContext(connection) as first:
        read(stranger, "public", one.slug)
    join(world)
    publish(world, world.b.manager, world.c.manager)
    with CaptureQueriesContext(connection) as second:
        read(stranger, "public", one.slug)
    assert len(first) == len(second)
