"""Labels for everybody: what all sides signed, with rounds and awards, and nothing else."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.labels.models import Criterion
from tests.factories import labels as made
from tests.labels.naming import at, change, draft, publish, put, read
from tests.labels.test_publishing import withdraw
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    return Client()


def award(world, version, number=1, **values):
    application = made.ApplicationFactory(
        round=made.RoundFactory(scheme_version=version, state="decided", title=f"Round {number}"),
        organisation=world.a.members[number % 3],
    )
    return made.AwardFactory(
        scheme=version.scheme,
        scheme_version=version,
        application=application,
        decision=made.DecisionFactory(round=application.round, person=world.a.manager),
        organisation=application.organisation,
        status_list=made.StatusListFactory(scheme=version.scheme, number=number),
        **values,
    )


def test_a_stranger_reads_what_all_signed(world, stranger):
    version = publish(world, draft(world, contact="us@label.example"))
    made.RoundFactory(
        scheme_version=version,
        title="Spring",
        zone="Africa/Casablanca",
        places=12,
        opens_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        closes_at=datetime(2099, 2, 5, 16, tzinfo=UTC),
    )
    made.RoundFactory(scheme_version=version, title="Secret", state="planned", published_at=None)
    html = read(stranger, "public", "atlas")
    page = words(html)
    for said in (
        "A label of 2 clusters, judged and signed together",
        "Greek cluster",
        "Greece",
        "French cluster",
        "Projects that work on both shores.",
        "Both clusters vouch for it.",
        "A project needs 60% in total and must reach each threshold below.",
        "Novelty",
        "Market",
        "at least 50%",
        "Customers",
        "0 to 5 points",
        "Silver",
        "80% or more in total",
        "We sell in at least one",
        "France at least 33% of the places",
        "Spring open now",
        "5 January 2026, 10:00 to 5 February 2099, 17:00, time in Casablanca",
        "12 places",
        "us@label.example",
        "No one yet.",
        "24 months",
    ):
        assert said in page, said
    for hidden in ("Secret", world.partnership.title, "Greek manager", "Greek member"):
        assert hidden not in page, hidden
    assert '<meta name="description" content="Projects that work on both shores.">' in html


def test_a_stranger_learns_nothing_of_drafts(world, stranger):
    put(draft(world), world.a.manager)
    assert stranger.get(at("public", "atlas")).status_code == 404
    assert stranger.get(at("public-version", "atlas", 1)).status_code == 404
    assert "Atlas" not in read(stranger, "public-list")
    assert "atlas" not in read(stranger, "public-sitemap")


def test_the_list_has_each_label_once(world, stranger):
    scheme = draft(world)
    assert "No labels published yet" in read(stranger, "public-list")
    publish(world, scheme)
    change(world.a.manager, scheme, "scheme", about="New words.")
    publish(world, scheme)
    page = words(read(stranger, "public-list"))
    assert "1 label" in page
    assert "New words." in page
    assert "Greek cluster (Greece)" in page
    assert f"<loc>{settings.BASE_URL}/labels/atlas/</loc>" in read(stranger, "public-sitemap")


def test_it_is_read_in_the_reader_s_language_and_else_as_it_was_written(world):
    scheme = draft(world, languages="en fr")
    market = Criterion.objects.get(title="Market")
    made.WordingFactory(scheme=scheme, key="about", text="Des deux rives.")
    made.SchemeVersionFactory(scheme=scheme)
    page = Client(headers={"Accept-Language": "fr"}).get(at("public", "atlas")).content.decode()
    assert '<div class="px-prose" lang="fr" dir="ltr"><p>Des deux rives.</p>' in page
    assert f'id="apply-c{market.pk}-h" lang="en" dir="ltr">Market' in page


def test_machines_read_it_as_schema_org_has_it(world, stranger):
    title = "</script><script>alert(1)</script>"
    publish(world, draft(world, title=title))
    page = read(stranger, "public", "atlas")
    assert "<script>alert" not in page
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(data)
    assert (said["@type"], said["name"]) == ("Certification", title)
    assert said["url"] == f"{settings.BASE_URL}/labels/atlas/"
    assert said["issuedBy"][0] == {
        "@type": "Organization",
        "name": "Greek cluster",
        "address": {"@type": "PostalAddress", "addressCountry": "GR"},
    }


def test_older_versions_stay_and_say_that_they_are_old(world, stranger):
    scheme = draft(world)
    publish(world, scheme)
    change(world.a.manager, scheme, "scheme", total_least=65)
    publish(world, scheme)
    old = read(stranger, "public-version", "atlas", 1)
    assert "A newer version is available" in old
    assert "needs 60% in total" in old
    assert 'content="noindex"' in old
    assert "needs 65% in total" in read(stranger, "public", "atlas")
    assert stranger.get(at("public-version", "atlas", 3)).status_code == 404


def test_who_has_it_stands_there_those_first_whose_award_holds(world, stranger):
    version = publish(world, draft(world))
    now = timezone.now()
    award(
        world,
        version,
        1,
        title="Old nets",
        valid_until=now - timedelta(days=1),
        valid_from=now - timedelta(days=800),
    )
    award(world, version, 2, title="New nets", issued_at=now - timedelta(days=3))
    award(world, version, 3, title="Not issued", issued_at=None)
    page = words(read(stranger, "public", "atlas"))
    assert page.index("New nets") < page.index("Old nets")
    assert "Old nets Greek member 2 · no longer in force" in page
    assert "Not issued" not in page


def test_a_withdrawn_label_says_why_and_who_has_it(world, stranger):
    scheme = draft(world)
    version = publish(world, scheme)
    award(world, version, title="Nets that hold")
    withdraw(world.b.manager, scheme)
    page = words(read(stranger, "public", "atlas", status=410))
    assert "We give it no more." in page
    assert "Nets that hold" in page
    assert "Projects that work" not in page
    assert "Atlas" not in read(stranger, "public-list")


def test_pages_ask_as_much_for_three_as_for_one(world, stranger):
    version, counts = publish(world, draft(world)), []
    for number in (1, 4):
        award(world, version, number)
        with CaptureQueriesContext(connection) as asked:
            read(stranger, "public", "atlas")
            read(stranger, "public-list")
        counts.append(len(asked))
        for more in (1, 2):
            award(world, version, number + more)
            publish(world, draft(world, slug=f"label-{number}-{more}"))
    assert counts[0] == counts[1]
