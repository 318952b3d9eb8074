"""What a list quotes of another's texts, once they are changed, taken back or shown no more."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import Listing, ListingClient, MatchList, Organisation, Project
from proxeny.directory.quoting import ABOUT, Said, Speaker, digest_of
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Partnership, SharingGrant
from tests.conftest import reader_of
from tests.directory.test_matching import find, say
from tests.factories.directory import ProjectFactory, ProjectPartFactory
from tests.stages import staged

#: Each stands in one text of the maker alone, in a form that the foundry does not use.
TITLE, SUMMARY, SECOND, ABOUT_WORD = "sensoring", "temperatures", "kilning", "vacuums"
PROJECT, COUNTRY = "Project Thermopylae", "In a country where you’re looking for partners"


@staged
def pair(world):
    """A foundry of A, and of B a maker that fits it by several texts and a project."""
    foundry, maker = world.a.members[0], world.b.members[0]
    say(
        foundry,
        "need",
        "Sensors, temperature, kilns and a vacuum for furnaces",
        partner_countries=["FR"],
    )
    say(foundry, "offer", "Aluminium castings", partner_countries=["FR"])
    say(maker, "offer", f"{TITLE} of furnaces", summary=f"Of {SUMMARY} in furnaces.")
    say(maker, "offer", f"Bricks for {SECOND}")
    say(maker, "need", "Castings of aluminium")
    Organisation.objects.filter(pk=maker.pk).update(summary=f"We make {ABOUT_WORD}.")
    for member, cluster in ((foundry, world.a.cluster), (maker, world.b.cluster)):
        project = ProjectFactory(steward=cluster, reference="777", title=PROJECT)
        ProjectPartFactory(project=project, organisation=member)
    find(world.a.representatives[0], foundry)
    return foundry, maker


@pytest.fixture
def told(world, pair, sign_in, call):
    """Return all that the foundry's person reads of the list, by page, file, home and program."""
    person, (foundry, _maker) = world.a.representatives[0], pair
    client, program = sign_in(person), call(person)
    pages = [
        reverse("directory:matches", args=[foundry.pk]),
        "/",
        reverse("directory:matches-export", args=[foundry.pk]),
    ]
    path = f"/directory/organisations/{foundry.pk}/matches"

    def read() -> str:
        answers = [*map(client.get, pages), *map(program.get, (path, f"{path}/export"))]
        assert {one.status_code for one in answers} == {200}
        return "\n".join(one.getvalue().decode() for one in answers)

    return read


def _offer(maker, word) -> Listing:
    return Listing.objects.get(organisation=maker, title__contains=word)


def test_words_and_projects_are_told_where_they_stand(told):
    text = told()
    for word in (TITLE, SUMMARY, SECOND, ABOUT_WORD, PROJECT, COUNTRY):
        assert word in text, word


def test_a_kept_list_holds_no_word_of_any_text(world, pair):
    with acting_as(WEB, reader_of(world.a.representatives[0])):
        kept = json.dumps(MatchList.objects.get().proposals).lower()
    for word in (TITLE, SUMMARY, SECOND, ABOUT_WORD, "furnace", "sensor", "castings", "project th"):
        assert word not in kept, word


def _edit(maker):
    offer = _offer(maker, TITLE)
    offer.title, offer.summary = "Rings of furnaces", "Of rings."
    offer.save()


def _archive_second(maker):
    Listing.objects.filter(pk=_offer(maker, SECOND).pk).update(status="archived")


def _unname(maker):
    """As `update_listing` makes a text anonymous."""
    offer = _offer(maker, TITLE)
    ListingClient.objects.create(listing=offer, organisation=maker)
    Listing.objects.filter(pk=offer.pk).update(is_anonymous=True, organisation=maker.steward)


def _rewrite_about(maker):
    Organisation.objects.filter(pk=maker.pk).update(summary="We make rings.")


def _rename_project(maker):
    Project.objects.update(title="Another")


def _leave_project(maker):
    Project.objects.get(steward=maker.steward).parts.all().delete()


def _move(maker):
    Organisation.objects.filter(pk=maker.pk).update(country="BE")


@pytest.mark.parametrize(
    ("change", "gone", "stays"),
    [
        (_edit, (TITLE, SUMMARY), SECOND),
        (_archive_second, (SECOND,), TITLE),
        (_unname, (TITLE, SUMMARY), "Castings of aluminium"),
        (_rewrite_about, (ABOUT_WORD,), TITLE),
        (_rename_project, (PROJECT,), TITLE),
        (_leave_project, (PROJECT,), TITLE),
        (_move, (COUNTRY,), TITLE),
    ],
)
def test_what_a_text_no_longer_says_is_told_nowhere(pair, told, change, gone, stays):
    change(pair[1])
    text = told()
    assert stays in text
    assert [word for word in gone if word in text] == []


def _withdraw(world):
    SharingGrant.objects.filter(organisation=world.b.cluster).update(withdrawn_at=timezone.now())


def _hide(world):
    Organisation.objects.filter(pk=world.b.members[0].pk).update(visibility="cluster")


def _end(world):
    Partnership.objects.update(state="ended")


@pytest.mark.parametrize("change", [_withdraw, _hide, _end])
def test_whom_one_no_longer_sees_is_neither_named_nor_quoted(world, pair, told, change):
    change(world)
    text = told()
    words = (pair[1].name, TITLE, SUMMARY, SECOND, ABOUT_WORD)
    assert [word for word in words if word in text] == []


def test_a_field_is_told_as_long_as_both_work_in_it(world, sign_in):
    own, other = world.a.members[1], world.b.members[1]
    Organisation.objects.filter(pk__in=[own.pk, other.pk]).update(nace=["26"])
    find(world.a.representatives[1], own)
    client, url = sign_in(world.a.representatives[1]), reverse("directory:matches", args=[own.pk])
    assert "Same field:" in client.get(url).text
    assert other.name in client.get(url).text
    Organisation.objects.filter(pk=other.pk).update(nace=["10"])
    text = client.get(url).text
    assert "Same field:" not in text
    # Nothing else speaks for it.
    assert other.name not in text


def test_the_own_country_wish_is_told_as_long_as_the_text_says_it(pair, told):
    Listing.objects.filter(organisation=pair[0]).update(partner_countries=[])
    assert COUNTRY not in told()


def test_a_list_kept_with_words_tells_none_of_them(pair, told):
    made = MatchList.objects.get()
    for proposal in made.proposals:
        for reason in proposal["reasons"]:
            if "words" in reason:
                reason["words"] = [["ablaut", "umlaut", 0.5]]
                del reason["asked"], reason["offered"]
            if "rows" in reason:
                reason["codes"] = [PROJECT]
                del reason["rows"]
    made.save()
    text = told()
    assert TITLE in text
    assert [word for word in ("ablaut", "umlaut", PROJECT) if word in text] == []


def test_a_text_is_quoted_while_its_digest_holds():
    speaker = Speaker(about="One text", texts={7: Said(7, "Title", "Title")})
    digests = {str(ABOUT): digest_of("One text"), "7": digest_of("Titles"), "9": digest_of("")}
    assert speaker.quotable(digests) == {ABOUT: "One text"}


def test_a_sector_holds_for_the_fields_above_it():
    speaker = Speaker(codes=frozenset({"26.51", "/25/73"}))
    assert [one for one in ("26", "26.51", "/25", "26.5", "2", "/2") if speaker.works_in(one)] == [
        "26",
        "26.51",
        "/25",
    ]
