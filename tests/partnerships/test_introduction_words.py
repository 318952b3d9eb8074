"""What introductions quote of the members' texts, for the side that did not have them worked out."""

import json

import pytest
from django.urls import reverse

from proxeny.directory.models import Listing, ListingClient, Organisation
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import ProposedIntroduction
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory
from tests.partnerships.test_introductions import plan
from tests.stages import staged

TITLE, SUMMARY, SECOND, ABOUT_WORD = "sensoring", "temperatures", "kilning", "vacuums"


def _publish(organisation, direction, title, **values) -> Listing:
    return ListingFactory(
        organisation=organisation, direction=direction, title=title, language="en", **values
    )


@staged
def made(world):
    """A plan of A's manager: a member of A fits one of B by several of A's texts."""
    left, right = world.a.members[0], world.b.members[0]
    _publish(
        left,
        "offer",
        f"{TITLE} of furnaces",
        summary=f"Of {SUMMARY} in furnaces.",
        partner_countries=["FR"],
    )
    _publish(left, "offer", f"Bricks for {SECOND}", partner_countries=["FR"])
    _publish(left, "need", "Castings", partner_countries=["FR"])
    _publish(right, "need", "Sensors, temperature, kilns and a vacuum for furnaces")
    _publish(right, "offer", "A casting")
    Organisation.objects.filter(pk=left.pk).update(summary=f"We make {ABOUT_WORD}.")
    return plan(world, per_left=1, per_right=1)


@pytest.fixture
def told(world, made, sign_in, call):
    """Return all that B's manager reads of the plan: table, cards, files, program, a card alone."""
    client, program = sign_in(world.b.manager), call(world.b.manager)
    page = reverse("partnerships:introduction-plan", args=[made.partnership_id, made.pk])
    export = reverse("partnerships:introduction-export", args=[made.partnership_id, made.pk])
    row = made.rows.get().pk
    decide = reverse("partnerships:introduction-decide", args=[made.partnership_id, made.pk, row])
    path = f"/partnerships/{made.partnership_id}/introductions/{made.pk}"

    def read() -> str:
        answers = [
            client.get(page),
            client.get(f"{page}?view=cards"),
            client.get(export),
            client.post(f"{decide}?view=cards", {"state": "kept"}, headers={"HX-Request": "true"}),
            program.get(path),
            program.get(f"{path}/rows"),
            program.get(f"{path}/export"),
            program.patch(f"{path}/rows/{row}", {"state": "proposed"}),
        ]
        assert {one.status_code for one in answers} == {200}
        return "\n".join(one.getvalue().decode() for one in answers)

    return read


COUNTRY = "In a country where partners are sought:"


def test_the_other_side_reads_why(told):
    text = told()
    for word in (TITLE, SUMMARY, SECOND, ABOUT_WORD, COUNTRY):
        assert word in text, word


def test_a_row_holds_no_word_of_any_text(world, made):
    for person in (world.a.manager, world.b.manager):
        with acting_as(WEB, reader_of(person)):
            kept = json.dumps(ProposedIntroduction.objects.get().reasons).lower()
        for word in (TITLE, SUMMARY, SECOND, ABOUT_WORD, "furnace", "sensor", "casting"):
            assert word not in kept, word


def _edit(member):
    offer = Listing.objects.get(title__contains=TITLE)
    offer.title, offer.summary = "Rings of furnaces", "Of rings."
    offer.save()


def _draft(member):
    Listing.objects.filter(title__contains=TITLE).update(status="draft")


def _archive_second(member):
    Listing.objects.filter(title__contains=SECOND).update(status="archived")


def _unname(member):
    offer = Listing.objects.get(title__contains=TITLE)
    ListingClient.objects.create(listing=offer, organisation=member)
    Listing.objects.filter(pk=offer.pk).update(is_anonymous=True, organisation=member.steward)


def _rewrite_about(member):
    Organisation.objects.filter(pk=member.pk).update(summary="We make rings.")


def _seek_elsewhere(member):
    Listing.objects.filter(organisation=member).update(partner_countries=["BE"])


def _seek_in_draft(member):
    Listing.objects.filter(organisation=member).update(status="draft")


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (_edit, (TITLE, SUMMARY)),
        (_draft, (TITLE, SUMMARY)),
        (_archive_second, (SECOND,)),
        (_unname, (TITLE, SUMMARY)),
        (_rewrite_about, (ABOUT_WORD,)),
        (_seek_elsewhere, (COUNTRY,)),
        (_seek_in_draft, (COUNTRY, TITLE, SECOND)),
    ],
)
def test_what_a_text_no_longer_says_does_not_reach_the_other_side(world, told, change, gone):
    change(world.a.members[0])
    text = told()
    assert world.a.members[0].name in text
    assert [word for word in gone if word in text] == []


def test_a_long_file_is_told_a_few_rows_at_a_time(world, made, sign_in, monkeypatch):
    from proxeny.partnerships import introductions

    plan_ = plan(world, per_left=3, per_right=3)
    assert plan_.rows.count() >= 1
    monkeypatch.setattr(introductions, "AT_ONCE", 1)
    url = reverse("partnerships:introduction-export", args=[plan_.partnership_id, plan_.pk])
    text = sign_in(world.a.manager).get(url).content.decode("utf-8-sig")
    assert text.count("\n") == 1 + plan_.rows.count()
