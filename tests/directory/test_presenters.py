"""How pages of the directory say what they know: in the reader's words, and each thing once."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client

from proxeny.directory.models import Interest, Organisation, Visibility
from tests.factories.directory import InterestFactory, ListingClientFactory, ListingFactory

SOURCES = Path(__file__).resolve().parents[2] / "src/proxeny/directory"


@pytest.mark.parametrize("state", [Interest.State.ASKED, Interest.State.PASSED])
def test_the_forms_of_a_step_have_ids_of_their_own(world, sign_in, state):
    listing = ListingFactory(organisation=world.a.members[0])
    interest = InterestFactory(
        listing=listing,
        organisation=world.b.members[0],
        state=state,
        passed_at=None,
        offered_at=None,
    )
    reader = world.b.ambassador if state == Interest.State.ASKED else world.a.ambassador
    shown = sign_in(reader).get(f"/directory/interests/{interest.pk}/").content.decode()
    ids = Counter(re.findall(r'\sid="([^"]+)"', shown))
    assert [name for name, count in ids.items() if count > 1] == []
    for label in re.findall(r'<label for="([^"]+)"', shown):
        assert ids[label] == 1, label


def test_who_is_asked_reads_where_interest_lies_from_their_side(world, sign_in):
    listing = ListingFactory(organisation=world.a.members[0])
    InterestFactory(listing=listing, organisation=world.b.members[0], state=Interest.State.PASSED)
    shown = sign_in(world.a.manager).get(f"/directory/listings/{listing.pk}/").content.decode()
    assert "With your adviser" in shown
    assert "With the other side’s adviser" not in shown


def test_a_list_does_not_give_an_anonymous_text_to_the_cluster(world, sign_in):
    listing = ListingClientFactory(organisation=world.a.members[0]).listing
    shown = sign_in(world.b.manager).get("/directory/listings/").content.decode()
    card = re.search(
        rf"<article[^>]*>(?:(?!</article>).)*listings/{listing.pk}/.*?</article>", shown, re.S
    ).group()
    assert "a member of <bdi>Greek cluster</bdi>" in " ".join(card.split())
    assert "Greek member" not in card


def test_texts_of_the_views_are_found_by_who_collects_them():
    """Only the names that `makemessages` knows mark a text."""
    known = r"_|gettext|gettext_lazy|gettext_noop|ngettext|ngettext_lazy|pgettext|npgettext"
    for path in SOURCES.rglob("*.py"):
        imported = re.findall(r"translation import .*? as (\w+)", path.read_text())
        assert [name for name in imported if not re.fullmatch(known, name)] == [], path.name


def test_lists_in_templates_have_the_comma_of_the_language():
    for path in SOURCES.glob("templates/**/*.html"):
        text = path.read_text()
        assert '|join:", "' not in text, path.name
        assert not re.search(r"%\}, ?(\{% (?:if|translate)|<bdi)", text), path.name


def test_lines_of_templates_can_be_read():
    for path in SOURCES.glob("templates/**/*.*"):
        assert max(map(len, path.read_text().splitlines())) <= 300, path.name


def test_tables_say_what_they_hold():
    for path in SOURCES.glob("templates/**/*.html"):
        text = path.read_text()
        assert text.count("<table") == text.count("<caption"), path.name
        assert "<th>" not in text, path.name


def test_the_answer_to_a_choice_brings_the_lists_of_choices(world, sign_in):
    mine, theirs = world.a.members[0], world.b.members[0]
    client = sign_in(world.a.representatives[0])
    url = f"/directory/{mine.pk}/matches/{theirs.pk}/"
    answer = client.post(url, {"verdict": "wanted"}, headers={"HX-Request": "true"}).text
    assert '<div class="px-stack" id="chosen" hx-swap-oob="true">' in answer
    assert f"Undo: {theirs.name}" in answer
    answer = client.post(url, {"verdict": "none"}, headers={"HX-Request": "true"}).text
    assert f"Undo: {theirs.name}" not in answer


def test_a_stranger_finds_no_empty_heading_on_a_clusters_page(world, sign_in):
    Organisation.objects.filter(pk=world.a.cluster.pk).update(visibility=Visibility.PUBLIC)
    url = f"/directory/{world.a.cluster.pk}/"
    shown = Client().get(url)
    assert shown.status_code == 200
    assert 'id="cluster-h"' not in shown.text
    assert 'id="cluster-h"' in sign_in(world.a.manager).get(url).content.decode()


def test_who_is_signed_out_is_led_to_the_sign_in_and_back(world):
    Organisation.objects.filter(pk=world.a.cluster.pk).update(visibility=Visibility.PUBLIC)
    listing = ListingFactory(organisation=world.a.cluster)
    url = f"/directory/listings/{listing.pk}/"
    assert f'href="/accounts/login/?next={url}"' in Client().get(url).content.decode()


def test_a_step_that_is_refused_says_so_above_the_page(world, sign_in):
    listing = ListingFactory(organisation=world.a.members[0])
    interest = InterestFactory(listing=listing, organisation=world.b.members[0])
    client = sign_in(world.a.representatives[0])
    url = f"/directory/interests/{interest.pk}/"
    refused = client.post(f"{url}decline/", {"reply": ""})
    assert refused.status_code == 422
    assert "Not saved yet" in refused.text
    assert "Not saved yet" not in client.get(url).text


def test_several_countries_are_typed_one_by_one(world, sign_in):
    shown = sign_in(world.a.manager).get(f"/directory/{world.a.cluster.pk}/profile/").text
    field = re.search(r'<select name="target_countries"[^>]*>', shown).group()
    assert 'data-choose="Type a name"' in field
    assert "multiple" in field
    assert '<noscript><p class="px-help">You can choose several' in shown


def test_numbers_of_a_cluster_are_written_as_the_language_does(world, sign_in):
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = "fr"
    shown = client.get(f"/directory/{world.a.cluster.pk}/").text
    assert "0,5" in shown
    assert "0.5" not in shown
