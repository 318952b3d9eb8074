"""The public pages of studies: everybody reads them, and nothing else."""

import json
import re
from html import unescape

import pytest
import yaml
from datacite import schema45
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from proxeny.research.models import Package, Publication, Study, Use
from proxeny.research.operations.publishing import withdraw_publication
from tests.conftest import reader_of
from tests.factories import research as made
from tests.research.advising import TABLE, file_of
from tests.research.publishing import NOW, fates, publish, whole_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


@pytest.fixture
def stranger() -> Client:
    return Client()


def at(name, *arguments):
    return reverse(f"research:{name}", args=arguments)


def read(client, name, *arguments):
    answer = client.get(at(name, *arguments))
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def test_a_stranger_reads_the_whole_study(world, stranger):
    study = whole_study(world)
    fates(study)
    one = publish(world, study)
    text = read(stranger, "public", one.slug)
    for said in (
        study.title,
        study.question,
        "Small studios earn a third of it abroad.",
        "Ada Example",
        "Example University",
        "Three studios pay more",
        "Clusters",
        "A letter",
        "Pay interns",
        "Keep count",
        "Adopted",
        "Count each spring",
        "See the minutes.",
        "answers.csv",
        "Interviews",
        "On request",
        "Not shared",
        "CC BY 4.0",
        "Forty interviews.",
    ):
        assert said in text, said
    day = date_format(NOW.date(), "DATE_FORMAT")
    assert re.search(rf"Count each spring</bdi> <span[^>]*>done on {day}<", text)
    for hidden in ("names.csv", "(done on", "Draft of ours", "4,000 euros", "Greek manager"):
        assert hidden not in text, hidden
    assert f'{at("public", one.slug)}">' in re.findall('<link rel="canonical".*', text)[0]
    assert at("public-request", one.slug, study.packages.get(title="Interviews").pk) in text


def test_machines_read_it_as_schema_org_has_it(world, stranger):
    study = whole_study(world, title="</script><script>alert(1)</script> & more")
    one = publish(world, study)
    page = stranger.get(at("public", one.slug)).content.decode()
    assert "<script>alert" not in page
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(data)
    article, opened, asked, closed = said["@graph"]
    assert article["@type"] == "ScholarlyArticle"
    assert article["name"] == "</script><script>alert(1)</script> & more"
    assert article["author"][0] == {
        "@type": "Person",
        "name": "Ada Example",
        "@id": "https://orcid.org/0000-0002-1825-0097",
    }
    assert [one["@type"] for one in (opened, asked, closed)] == ["Dataset"] * 3
    [download] = opened["distribution"]
    assert download["contentUrl"].endswith("answers.csv")
    assert opened["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert opened["variableMeasured"] == ["studio", "wage", "town"]
    assert len(opened["description"]) >= 50
    assert "distribution" not in asked
    assert "distribution" not in closed


def test_files_of_open_packages_alone_are_given_and_noted(world, stranger, sign_in):
    study = whole_study(world)
    one = publish(world, study)
    paths = {
        file.version.package.title: f"data/{file.version.package_id}-{file.path}"
        for package in study.packages.all()
        for file in package.versions.get().files.select_related("version__package")
    }
    opened = one.content["datasets"][0]["files"][0]["path"]
    answer = stranger.get(at("public-file", one.slug, opened))
    assert b"".join(answer.streaming_content).decode() == TABLE
    assert answer["Content-Disposition"] == 'attachment; filename="answers.csv"'
    use = Use.objects.get()
    assert (use.where, use.person, use.path) == ("public", None, opened)
    restricted = one.content["datasets"][1]["files"][0]["path"]
    for path in (restricted, *paths.values(), "data/../secret", "ro-crate-metadata.json", "x"):
        assert stranger.get(at("public-file", one.slug, path)).status_code == 404, path
    # Going on after a break is no second use; whoever is signed in is known.
    part = stranger.get(at("public-file", one.slug, opened), headers={"Range": "bytes=5-9"})
    assert part.status_code == 206
    assert Use.objects.count() == 1
    sign_in(world.c.manager).get(at("public-version-file", one.slug, 1, opened))
    assert Use.objects.latest("pk").person == world.c.manager


def test_a_recommendation_leads_to_its_rows(world, stranger):
    study = whole_study(world)
    one = publish(world, study)
    number = int(one.content["recommendations"][0]["id"].rpartition("-")[2])
    text = read(stranger, "public-advice", one.slug, number)
    assert "They earn less." in text
    assert len(re.findall(r'<tr class="is-cited">', text)) == 3
    assert re.findall(r"<mark>(\d+)</mark>", text) == ["1400", "1500", "1600"]
    assert "Studio 4" in text
    assert "Studio 12" not in text
    assert stranger.get(at("public-advice", one.slug, number + 1)).status_code == 404


def test_rows_of_data_on_request_are_not_shown(world, stranger):
    study = whole_study(world)
    Package.objects.filter(title="Answers of 40 studios").update(access="request", terms="Be kind.")
    one = publish(world, study)
    number = int(one.content["recommendations"][0]["id"].rpartition("-")[2])
    text = read(stranger, "public-advice", one.slug, number)
    assert "The rows are in data that isn’t open." in text
    assert "Studio 4" not in text


def test_it_is_cited_in_all_ways(world, stranger):
    study = whole_study(world)
    one = publish(world, study)
    bib = stranger.get(at("public-cite", one.slug, 1, "bibtex")).content.decode()
    assert "author = {{Ada Example} and" in bib
    assert at("public-version", one.slug, 1) in bib
    # What is copied from the newest page leads there still when there is a newer one.
    assert f"{settings.BASE_URL}{at('public-version', one.slug, 1)}" in read(
        stranger, "public", one.slug
    )
    cff = yaml.safe_load(stranger.get(at("public-cite", one.slug, 1, "cff")).content)
    assert cff["title"] == study.title
    assert cff["url"].endswith(at("public-version", one.slug, 1))
    said = json.loads(stranger.get(at("public-cite", one.slug, 1, "datacite")).content)
    assert said.pop("url")
    schema45.validate(said | {"identifiers": []} if "identifiers" not in said else said)
    assert said["creators"][0]["name"] == "Ada Example"
    assert stranger.get(at("public-cite", one.slug, 1, "word")).status_code == 404


def test_versions_stay_and_the_older_ones_say_so(world, stranger):
    study = whole_study(world)
    one = publish(world, study)
    Study.objects.update(summary="Half of it.")
    publish(world, study)
    assert "Half of it." in read(stranger, "public", one.slug)
    old = read(stranger, "public-version", one.slug, 1)
    assert "A newer version is available" in old
    assert "Small studios earn a third of it abroad." in old
    assert '<meta name="robots" content="noindex">' in old
    # What it says leads nowhere that says something else by now.
    assert "See the rows it’s based on" not in old
    assert "Request this data" not in old
    assert stranger.get(at("public-version", one.slug, 3)).status_code == 404


def test_versions_that_were_withdrawn_are_told_as_such(world, stranger):
    study = whole_study(world)
    one = publish(world, study)
    Publication.objects.update(withdrawn_at=NOW, withdrawn_why="A row was wrong.")
    Study.objects.update(summary="Half of it.")
    publish(world, study)
    text = read(stranger, "public", one.slug)
    versions = text[text.index('class="pb-versions"') :]
    assert re.findall(r"Version \d|withdrawn", versions) == ["Version 2", "Version 1", "withdrawn"]


def test_what_was_withdrawn_says_so_and_gives_nothing(world, stranger, reading):
    study = whole_study(world)
    one = publish(world, study)
    path = one.content["datasets"][0]["files"][0]["path"]
    number = int(one.content["recommendations"][0]["id"].rpartition("-")[2])
    with reading(world.a.manager):
        withdraw_publication(
            actor=reader_of(world.a.manager),
            partnership_id=world.partnership.pk,
            study_id=study.pk,
            reason="A row was wrong.",
            now=NOW,
        )
    for name, arguments in (("public", ()), ("public-version", (1,)), ("public-advice", (number,))):
        page = stranger.get(at(name, one.slug, *arguments))
        assert page.status_code == 410
        assert "A row was wrong." in page.content.decode()
        assert "answers.csv" not in page.content.decode()
        assert "Ada Example" not in page.content.decode()
    for name, arguments in (
        ("public-file", (path,)),
        ("public-version-file", (1, path)),
        ("public-crate", ()),
        ("public-cite", (1, "cff")),
        ("public-request", (study.packages.get(access="request").pk,)),
    ):
        assert stranger.get(at(name, one.slug, *arguments)).status_code == 404
    assert study.title not in read(stranger, "public-list")
    assert one.slug not in read(stranger, "public-sitemap")


def test_the_list_is_searched_and_narrowed(world, stranger):
    study = whole_study(world)
    one = publish(world, study)
    other = whole_study(world, title="Μισθοί στο εξωτερικό", language="el")
    Study.objects.filter(pk=other.pk).update(keywords="μισθοί", question="Πόσα;", summary="Λίγα.")
    publish(world, other)
    waiting = whole_study(world, title="Not yet")
    Publication.objects.create(
        partnership=world.partnership,
        study=waiting,
        number=1,
        slug=f"not-yet-{waiting.pk}",
        title="Not yet",
        language="en",
        content=one.content,
    )
    text = read(stranger, "public-list")
    assert text.index("Μισθοί") < text.index(study.title)
    assert "Not yet" not in text
    for query, found in (
        ("?q=third", [study.title]),
        ("?q=ada+wages", [study.title]),
        ("?language=el", [other.title]),
        ("?keyword=μισθοί", [other.title]),
        (f"?cluster={world.b.cluster.name}", [study.title, other.title]),
        ("?q=nothing", []),
        ("?q=roles", []),
        ("?q=%23side", []),
        ("?q=orcid", []),
        ("?language=xx", [study.title, other.title]),
        ("?page=x", [study.title]),
    ):
        text = unescape(stranger.get(at("public-list") + query).content.decode())
        for title in (study.title, other.title):
            assert (f">{title}</a>" in text) == (title in found or query == "?page=x"), (
                query,
                title,
            )
    assert "Nothing matches" in stranger.get(at("public-list") + "?q=nothing").content.decode()
    sitemap = read(stranger, "public-sitemap")
    assert sitemap.count("<loc>") == 3


def test_the_empty_list_says_how_it_fills(stranger, db):
    assert "Nothing published yet" in read(stranger, "public-list")


def test_the_words_of_a_study_run_in_their_own_direction(world, stranger):
    study = whole_study(world, title="أجور الاستوديوهات", language="ar")
    one = publish(world, study)
    page = stranger.get(at("public", one.slug), headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="fr" dir="ltr">' in page
    assert '<h1 lang="ar" dir="rtl">' in page
    page = stranger.get(at("public", one.slug), headers={"Accept-Language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_public_pages_ask_as_often_for_three_as_for_one(
    world, stranger, django_assert_max_num_queries
):
    study = whole_study(world)
    one = publish(world, study)
    stranger.get(at("public", one.slug))
    with django_assert_max_num_queries(14):
        stranger.get(at("public", one.slug))
    with django_assert_max_num_queries(12):
        stranger.get(at("public-list"))
    for number in range(3):
        made.ContributorFactory(study=study, name=f"Person {number}")
        file_of(study, package=made.PackageFactory(study=study, title=f"Package {number}"))
        publish(world, whole_study(world, title=f"Study {number}"))
    publish(world, study)
    with django_assert_max_num_queries(14):
        stranger.get(at("public", one.slug))
    with django_assert_max_num_queries(12):
        stranger.get(at("public-list"))
