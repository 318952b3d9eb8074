"""Words in all their forms, the best first, numbers beside the filters, errors mended."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.directory.models import Organisation, Visibility
from proxeny.directory.operations.term_counts import count_words
from proxeny.directory.queries import Filters, get_page, searching, visible_organisations
from proxeny.directory.queries.lists import PAGE_SIZE
from proxeny.directory.queries.searching import read_question
from proxeny.directory.views._hits import tell_hits
from tests.factories.directory import ListingFactory, OrganisationFactory


@pytest.fixture
def entry(world):
    def make(name="Entry", **values):
        values.setdefault("visibility", Visibility.PUBLIC)
        return OrganisationFactory(steward=world.a.cluster, name=name, **values)

    return make


def names(q: str = "", **filters) -> list[str]:
    return [row.name for row in get_page(Filters(q=q, **filters)).rows]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Robots for hospitals", "robotic hospital"),
        ("Industrial manufacturers", "manufacturing industry"),
        ("Numériques et créatives", "numerique creative"),
        ("Développement d'entreprises", "entreprise développer"),
        ("Τεχνολογίες και καινοτομία", "τεχνολογία καινοτομίες"),
        ("Επιχειρήσεων έρευνας", "επιχείρηση έρευνα"),
        ("الشركات التقنية", "شركة تقنيات"),
        ("والتكنولوجيا", "تكنولوجيا"),
        ("L'Été à Nîmes", "ete nim"),
        ("3D printing", "3d print"),
        ("The Who", "the"),
    ],
)
def test_words_meet_in_all_their_forms(world, entry, reading, written, typed):
    entry(summary=written)
    entry("Other", summary="Quite different: bread, πίτα, خبز")
    with reading(None):
        assert names(typed) == ["Entry"]
        assert [one.name for one in visible_organisations(Filters(q=typed))] == ["Entry"]


def test_best_matches_come_first(world, entry, reading):
    entry("In the text", summary="We build sensors.")
    entry("By field", sectors=["sensor"])
    entry("Sensors of Athens")
    entry("Formerly", former_names=["Old Sensors"])
    entry("Sensor")
    with reading(None):
        assert names("sensor") == [
            "Sensor",
            "Formerly",
            "Sensors of Athens",
            "By field",
            "In the text",
        ]
        assert names("sensor", sort="-name")[0] == "Sensors of Athens"


def test_what_is_offered_and_needed_is_found(world, entry, reading):
    one = entry("One")
    ListingFactory(organisation=one, direction="need", title="Cooling for foundries")
    entry("Two")
    with reading(None):
        assert names(has="need") == ["One"]
        assert "Two" in names()
    one.listings.update(status="archived")
    with reading(None):
        assert names(has="need") == []


def test_filters_are_counted_each_without_itself(world, entry, reading):
    for number, (country, size) in enumerate([("GR", "micro"), ("GR", "large"), ("MA", "micro")]):
        entry(f"Maker {number}", summary="ceramics", country=country, size=size)
    with reading(world.a.manager):
        page = get_page(Filters(q="ceramics", country="GR"))
    assert page.total == 2
    told = {name: {one.value: one.count for one in found} for name, found in page.facets.items()}
    assert told["country"] == {"GR": 2, "MA": 1}
    assert told["size"] == {"micro": 1, "large": 1}
    assert [one.label for one in page.facets["cluster"]] == [world.a.cluster.name]


def test_errors_are_mended_and_told(world, entry, reading):
    entry("Right", summary="robotics development")
    count_words()
    with reading(None):
        page = get_page(Filters(q="robotcs"))
        assert ([row.name for row in page.rows], page.meant) == (
            ["Right"],
            [("robotcs", ["robotics"])],
        )
        assert names("devlopmnt") == ["Right"]
        assert names("rbtcs") == []
        assert names("zzzz") == []


def test_a_frequent_beginning_is_completed_by_its_commonest_words(
    world, entry, reading, monkeypatch
):
    entry("One", summary="international")
    entry("Two", summary="internet")
    count_words()
    monkeypatch.setattr(searching, "_RARE", 0)
    with reading(None):
        question = read_question("inter")
        assert {one.text for one in question.words[0].meant} == {"international", "internet"}
        assert question.mended == []
        assert sorted(names("inter")) == ["One", "Two"]


def test_a_word_that_is_gone_is_forgotten(world, entry, reading):
    one = entry(summary="obsolescent")
    count_words()
    one.summary = "new"
    one.search_text = one.searchable_text()
    one.save()
    count_words()
    with reading(None):
        assert names("obsolescnt") == []


def test_beyond_what_is_counted_the_total_is_about(world, entry, reading, monkeypatch):
    Organisation.objects.bulk_create(
        Organisation(
            name=f"Many {n:04}",
            sort_name=f"many {n:04}",
            search_text="many\n\nthings",
            country="FR",
            visibility="public",
            steward=world.a.cluster,
            key=f"M{n}",
        )
        for n in range(700)
    )
    monkeypatch.setattr(searching, "EXACT", 100)
    monkeypatch.setattr(searching, "_ENOUGH", 30)
    with reading(None):
        page = get_page(Filters(q="things", country="FR"))
        assert not page.is_exact
        assert 400 < page.total < 1100
        assert len(page.rows) == PAGE_SIZE
        by_name = get_page(Filters(q="things", sort="name"))
        assert [row.name for row in by_name.rows[:2]] == ["Many 0000", "Many 0001"]
        assert get_page(Filters(q="things", sort="-name")).rows[0].name == "Many 0699"
        assert not page.facets["country"][0].is_exact


@pytest.mark.parametrize("exact", [400, 560, 690, 700, 1400, 3000])
def test_near_the_border_just_what_can_be_counted_is_exact(
    world, entry, reading, monkeypatch, exact
):
    Organisation.objects.bulk_create(
        Organisation(
            name=f"Many {n:04}",
            sort_name=f"many {n:04}",
            search_text="many\n\nthings",
            country="FR",
            visibility="public",
            steward=world.a.cluster,
            key=f"M{n}",
        )
        for n in range(700)
    )
    monkeypatch.setattr(searching, "EXACT", exact)
    with reading(None):
        page = get_page(Filters(q="things", sort="name"), number=3)
        assert page.is_exact == (exact >= 700)
        assert page.total == 700 if page.is_exact else 400 <= page.total < 1100
        first = 2 * PAGE_SIZE
        assert [row.name for row in page.rows[:2]] == [f"Many {first:04}", f"Many {first + 1:04}"]


def test_pages_follow_each_other_and_end(world, entry, reading):
    half = PAGE_SIZE // 2
    for number in range(2 * PAGE_SIZE + half):
        entry(f"Page {number:03}", summary="leaf")
    with reading(None):
        pages = [get_page(Filters(q="leaf"), number=number) for number in (1, 2, 3, 4, 999)]
    assert [len(page.rows) for page in pages] == [PAGE_SIZE, PAGE_SIZE, half, half, half]
    assert [page.number for page in pages] == [1, 2, 3, 3, 3]
    assert [page.has_next for page in pages[:3]] == [True, True, False]
    rows = [row.pk for page in pages[:3] for row in page.rows]
    assert len(set(rows)) == 2 * PAGE_SIZE + half


def test_a_page_costs_the_same_queries_however_many_hits(world, entry, reading):
    def cost(**filters):
        with reading(None), CaptureQueriesContext(connection) as queries:
            get_page(Filters(**filters))
        return len(queries)

    entry("First", summary="glass")
    before = cost(q="glass"), cost(country="FR"), cost()
    for number in range(5):
        entry(f"More {number}", summary="glass")
    assert (cost(q="glass"), cost(country="FR"), cost()) == before


@pytest.mark.parametrize("typed", ["'", "a & b | !c", "x:*", "\\", "(", "٪", "  ", "a" * 200])
def test_signs_are_no_operators(world, entry, sign_in, typed):
    entry(summary="x y")
    response = sign_in(world.a.manager).get("/directory/", {"q": typed})
    assert response.status_code == 200


def test_a_word_as_long_as_a_book_breaks_nothing(world, entry, reading):
    entry("Long", summary="a" * 3999)
    with reading(None):
        assert names("long") == ["Long"]


def test_hits_are_marked_around_the_first(world, reading):
    with reading(None):
        question = read_question("robots")
    told = tell_hits(question, "Robotics SA", f"{'word ' * 60}a robot, <b>here</b> {'x ' * 200}")
    assert [(part.text, part.is_hit) for part in told.name] == [("Robotics", True), (" SA", False)]
    assert [part.text for part in told.text if part.is_hit] == ["robot"]
    assert told.text[0].text.startswith("… ")
    assert sum(len(part.text) for part in told.text) < 260


def test_the_page_shows_marks_counts_and_what_else_was_sought(world, entry, sign_in):
    entry("Robot Works", summary="Robots <script>", country="GR")
    count_words()
    client = sign_in(world.a.manager)
    shown = client.get("/directory/", {"q": "robots"}).content.decode()
    assert "<mark>Robot</mark> Works" in shown
    assert "<mark>Robots</mark> &lt;script&gt;" in shown
    assert "Greece (1)" in shown
    assert "Best matches come first" in shown
    shown = client.get("/directory/", {"q": "robtos"}).content.decode()
    assert "No results for “robtos”. Also searched for: robots" in shown


def test_offers_and_needs_as_a_list(world, entry, sign_in, client):
    one = entry("Foundry", country="MA")
    ListingFactory(organisation=one, title="Sensors for ovens", direction="offer")
    ListingFactory(organisation=one, title="Draft sensors", status="draft")
    ListingFactory(organisation=one, title="Castings wanted", direction="need", is_open=False)
    url = reverse("directory:listings")
    shown = client.get(url, {"q": "sensor"}).content.decode()
    assert "<mark>Sensors</mark> for ovens" in shown
    assert "Draft" not in shown
    shown = client.get(url, {"direction": "need", "country": "MA"}).content.decode()
    assert "Castings wanted" in shown
    assert "Sensors" not in shown
    assert "Castings" not in client.get(url, {"is_open": "on"}).content.decode()
    assert client.get(url, {"q": "nothing"}).status_code == 200


def test_search_by_program(world, entry, call):
    entry("Robot Works", summary="robots", country="GR")
    count_words()
    found = call(world.a.manager).get("/directory/search?q=robtos&country=GR").json()
    assert [one["name"] for one in found["items"]] == ["Robot Works"]
    assert (found["total"], found["is_exact"], found["has_next"]) == (1, True, False)
    assert found["instead"] == [{"word": "robtos", "meant": ["robots"]}]
    assert found["facets"]["country"] == [
        {"value": "GR", "label": "", "count": 1, "is_exact": True}
    ]
