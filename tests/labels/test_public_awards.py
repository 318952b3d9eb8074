"""An award for everybody: its page in each state, its code, and what machines read."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.labels.models import Award, Checkup
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.renaming import rename_award
from tests.factories import labels as made
from tests.labels.awarding import awarded, code, keys, put, sign
from tests.labels.awarding import decided as decide
from tests.labels.test_verify import revoke
from tests.partnerships.rooms import do, words
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def award(world) -> Award:
    return awarded(world)[0]


def page_of(award: Award, status: int = 200, **headers: str) -> str:
    answer = Client(headers=headers).get(f"/awards/{award.code}/")
    assert answer.status_code == status
    return answer.content.decode()


def test_everybody_reads_what_was_awarded_and_who_signed(world, award):
    html = page_of(award)
    page = words(html)
    for said in (
        "Project 0",
        f"{award.holder}",
        "Greece",
        "This award is valid until",
        "Gold",
        "Atlas",
        "Greek cluster signed on",
        "French cluster signed on",
        "Projects that work on both shores.",
        "Both clusters vouch for it.",
        "Check this award",
        "Badge as PNG",
        "Award as JSON",
    ):
        assert said in page, said
    # The total is the holder's to tell; and nobody of the room is named.
    for hidden in ("80%", "Greek manager", world.partnership.title, "nora"):
        assert hidden not in page, hidden
    assert f'<meta property="og:image" content="{award_url(award.code)}badge.png">' in html


def test_the_total_stands_there_if_the_award_tells_it(world):
    keys(world)
    held = decide(world)
    sign(world.b.manager, put(world.a.manager, held, tells_total=True))
    assert "In total 80%" in words(page_of(Award.objects.get()))


def test_nobody_reads_one_that_not_all_have_signed(world):
    keys(world)
    put(world.a.manager, decide(world))
    award = Award.objects.get()
    client = Client()
    for path in ("", "badge.svg", "badge.png", "code.svg", "credential.json"):
        assert client.get(f"/awards/{award.code}/{path}").status_code == 404, path
    assert client.get(f"/verify/?award={award.code}").status_code == 404


def test_a_revoked_one_says_so_with_the_public_reason(world, award):
    revoke(world, award)
    html = page_of(award)
    page = words(html)
    assert "This award was revoked on" in page
    assert "The clusters’ reason: The project has ended." in page
    assert "Show it on a website" not in page
    assert '"certificationStatus": "CertificationInactive"' in html


def test_one_in_another_name_leads_to_its_follower_and_back(world, award):
    text = do(
        world.a.manager,
        rename_award,
        partnership_id=award.partnership_id,
        award_id=award.pk,
        holder="Mended Nets",
        make_code=code,
    )
    assert "This award is valid until" in words(page_of(award))
    sign(world.b.manager, text)
    follower = Award.objects.get(replaces=award)
    html = page_of(award)
    assert "This award was replaced on" in words(html)
    assert f'href="/awards/{follower.code}/"' in html
    assert f'href="/awards/{award.code}/"' in page_of(follower)


def test_one_that_begins_later_and_one_that_has_ended_say_when(award):
    now = timezone.now()
    Award.objects.update(valid_from=now + timedelta(days=3))
    assert "This award is valid from" in words(page_of(award))
    Award.objects.update(valid_from=now - timedelta(days=9), valid_until=now - timedelta(days=3))
    page = words(page_of(award))
    assert "This award has expired: it was valid until" in page
    assert "Show it on a website" not in page


def test_what_it_went_on_to_achieve_stands_there_if_all_want_it(award):
    told = made.CheckupFactory(
        award=award,
        kind=Checkup.Kind.JOBS,
        amount=12,
        is_public=True,
        answered_at=timezone.now(),
        reviewed_at=timezone.now(),
    )
    made.CheckupFactory(award=award, achieved="Secret harbours.", answered_at=timezone.now())
    page = words(page_of(award))
    assert "Jobs: 12 Two ports in Tunisia bought it." in page
    assert "Secret harbours" not in page
    Checkup.objects.filter(pk=told.pk).update(reviewed_at=None)
    assert "Two ports" not in words(page_of(award))


def test_machines_read_it_as_schema_org_has_it(award):
    Award.objects.update(holder="</script><script>alert(1)</script>")
    html = page_of(award)
    assert "<script>alert" not in html
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    said = json.loads(data)
    assert (said["@type"], said["name"]) == ("Certification", "Atlas")
    assert said["certificationStatus"] == "CertificationActive"
    assert [one["name"] for one in said["issuedBy"]] == ["Greek cluster", "French cluster"]


def test_the_snippet_for_web_sites_needs_no_script(award):
    html = page_of(award)
    [snippet] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert f"{award_url(award.code)}badge.svg" in snippet
    assert "script" not in snippet
    assert "&lt;img src=" in snippet


def test_the_code_leads_to_the_page(award):
    answer = Client().get(f"/awards/{award.code}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.content.startswith(b"<?xml")


def test_holder_and_country_stand_with_the_comma_of_the_language(award):
    assert f"<bdi>{award.holder}</bdi>, " in page_of(award)
    assert f"<bdi>{award.holder}</bdi>، " in page_of(award, **{"Accept-Language": "ar"})


@pytest.mark.parametrize("language", ["fr", "el", "ar"])
def test_it_is_read_in_the_reader_s_language(award, language):
    html = page_of(award, **{"Accept-Language": language})
    assert f'<html lang="{language}"' in html
    assert "Project 0" in html


def test_the_page_asks_as_much_for_three_as_for_one(world):
    awards, counts = awarded(world, 3), []
    for one in (awards[0], awards[2]):
        with CaptureQueriesContext(connection) as asked:
            page_of(one)
        counts.append(len(asked))
    assert counts[0] == counts[1]
