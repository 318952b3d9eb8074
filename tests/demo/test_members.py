"""The invented members: the same each time, in their own language, in words that differ."""

import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import proxeny.demo
from proxeny.demo.members import Member, invent_members
from proxeny.demo.texts import Deck, read_content, write
from proxeny.directory.models import Kind
from proxeny.directory.places import coordinates_of
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, country_of, own_codes, point_of

CLUSTERS = (
    "athens",
    "paris",
    "melilot",
    "sansonnet",
    "casablanca",
    "lyon",
    "london",
    "vlietkring",
)
POOLS = ("creative-el", "digital-fr", "digital-ar", "health-fr", "innovation-en")


def _members(slug: str) -> list[Member]:
    return invent_members(slug, seed=2026, year=2026)


def _script(text: str) -> str:
    """Return the alphabet that most letters of a text belong to."""
    names = [unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()]
    return Counter(names).most_common(1)[0][0]


def test_all_content_is_valid_toml():
    folder = Path(proxeny.demo.__file__).parent / "content"
    files = sorted(folder.glob("*.toml"))
    assert files
    for path in files:
        tomllib.loads(path.read_text(encoding="utf-8"))


def test_there_are_eight_clusters():
    assert tuple(read_content("clusters")) == CLUSTERS


@pytest.mark.parametrize("slug", CLUSTERS)
def test_a_cluster_has_sixty_members_of_all_kinds(slug):
    members = _members(slug)
    assert len(members) == 60
    assert len({one.key for one in members}) == 60
    assert len({one.name for one in members}) == 60
    kinds = Counter(one.kind for one in members)
    assert kinds["company"] + kinds["startup"] == 44
    assert kinds["startup"] >= 6
    assert (kinds["lab"], kinds["university"], kinds["public"], kinds["investor"]) == (6, 4, 3, 3)
    assert set(kinds) <= set(Kind.values)


@pytest.mark.parametrize("slug", CLUSTERS)
def test_each_member_offers_and_needs_something(slug):
    for one in _members(slug):
        directions = Counter(text.direction for text in one.listings)
        assert 1 <= directions["offer"] <= 2
        assert 1 <= directions["need"] <= 2
        assert len({text.title for text in one.listings}) == len(one.listings)


@pytest.mark.parametrize("slug", CLUSTERS)
def test_no_template_shows_through(slug):
    for one in _members(slug):
        for text in (one.summary, *(t.title + t.summary for t in one.listings)):
            assert not set("[]{}|") & set(text)
            assert "  " not in text
        assert all(len(t.title) <= 256 and 20 <= len(t.summary) <= 500 for t in one.listings)
        assert 60 <= len(one.summary) <= 600


def test_the_same_seed_invents_the_same_members_and_another_one_others():
    assert _members("athens") == _members("athens")
    assert _members("athens") != invent_members("athens", seed=1, year=2026)


def test_only_ages_depend_on_the_year():
    later = invent_members("lyon", seed=2026, year=2030)
    for before, after in zip(_members("lyon"), later, strict=True):
        assert (before.name, before.contact, before.city) == (after.name, after.contact, after.city)
        assert after.founded == before.founded + 4


@pytest.mark.parametrize(
    ("slug", "language", "script"),
    [
        ("athens", "el", "GREEK"),
        ("paris", "fr", "LATIN"),
        ("melilot", "fr", "LATIN"),
        ("sansonnet", "fr", "LATIN"),
        ("london", "en", "LATIN"),
    ],
)
def test_members_write_in_their_own_language(slug, language, script):
    for one in _members(slug):
        assert one.language == language
        assert _script(one.summary) == script
        assert {_script(text.title) for text in one.listings} == {script}


def test_half_of_the_moroccan_members_write_in_arabic_and_half_in_french():
    members = _members("casablanca")
    assert Counter(one.language for one in members) == {"fr": 30, "ar": 30}
    for one in members:
        script = "ARABIC" if one.language == "ar" else "LATIN"
        assert _script(one.summary) == script
        assert {_script(text.summary) for text in one.listings} == {script}


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_has_at_least_sixteen_offers_and_needs(pool):
    fields = read_content(pool)["fields"].values()
    for what in ("offers", "needs"):
        titles = {title for field in fields for _kind, title, _summary in field[what]}
        assert len(titles) >= 16


def test_no_address_leads_to_anybody():
    members = [one for slug in CLUSTERS for one in _members(slug)]
    assert all(one.website.endswith(".example") for one in members)
    assert all(one.email.endswith(".example") for one in members)
    assert len({one.slug for one in members}) == len(members)
    assert all(one.slug.isascii() for one in members)


def test_a_neighbours_words_stay_out():
    """The French pool serves three clusters; only one of them works with Greece."""
    for slug in ("lyon", "casablanca"):
        words = " ".join(t.title + t.summary for one in _members(slug) for t in one.listings)
        assert "grec" not in words.lower()


def test_every_member_has_a_place_on_the_map_and_codes_of_its_field():
    for slug in CLUSTERS:
        for member in _members(slug):
            assert coordinates_of(member.city, member.country) or point_of(member.nuts), member
            assert not member.nuts or country_of(member.nuts) == member.country
            for scheme, codes in ((NACE, member.nace), (EUROSCIVOC, member.topics)):
                assert codes, member
                assert set(codes) <= set(own_codes(scheme))


def test_a_template_takes_one_of_each_choice_and_fills_its_slots():
    text = write("[a|b] and {slot} [c|c]", Random(3), slot="d")
    assert text in {"a and d c", "b and d c"}


def test_a_deck_deals_each_card_once_before_any_comes_again():
    deck = Deck([1, 2, 3], Random(5))
    assert {deck.deal() for _ in range(3)} == {1, 2, 3}
    assert {deck.deal() for _ in range(3)} == {1, 2, 3}
