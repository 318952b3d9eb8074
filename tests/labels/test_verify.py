"""Whether an award holds: the page and the endpoint for everybody, with good files and bad ones."""

import json
import logging
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.labels.models import Award, StatusList
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.keys import make_key, report_loss
from proxeny.labels.operations.renaming import rename_award
from proxeny.labels.operations.revoking import ask_revocation
from proxeny.labels.operations.verifying import check_award, check_file
from tests.kernel.readings import no_place_left
from tests.labels import forging
from tests.labels.awarding import awarded, code, sign
from tests.partnerships.rooms import do, words
from tests.stages import staged

pytestmark = pytest.mark.django_db
PAGE = "/verify/"


@staged
def award(world) -> Award:
    return awarded(world)[0]


@pytest.fixture
def stranger() -> Client:
    return Client()


def bring(client: Client, data: bytes, status: int = 200, **more: str) -> str:
    """Bring a file to the page; return what it says."""
    file = BytesIO(data)
    file.name = "award.json"
    answer = client.post(PAGE, {"file": file, **more})
    assert answer.status_code == status, answer.status_code
    return words(answer.content.decode())


def ask(client: Client, data: bytes, status: int = 200, query: str = "") -> dict[str, Any]:
    """Bring a file to the endpoint; return its answer."""
    answer = client.post(f"/verify.json{query}", data, content_type="application/json")
    assert answer.status_code == status, answer.content
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


def revoke(world, award: Award) -> None:
    text = do(
        world.a.manager,
        ask_revocation,
        partnership_id=award.partnership_id,
        award_id=award.pk,
        reason="The project has ended.",
    )
    sign(world.b.manager, text)


def test_a_real_award_is_told_in_a_sentence_with_who_signed(award, stranger):
    page = bring(stranger, forging.file_of(award.credential))
    assert "This award is genuine and valid until" in page
    assert f"{award.holder} has the label Atlas, level Gold, for “Project 0”." in page
    assert "Both clusters signed it: Greek cluster on" in page
    assert "French cluster on" in page
    assert "not in order" not in page
    found = ask(stranger, forging.file_of(award.credential))
    assert (found["state"], found["holds"]) == ("valid", True)
    assert [one["name"] for one in found["clusters"]] == ["Greek cluster", "French cluster"]
    assert {one["state"] for one in found["checks"]} == {"valid"}
    assert found["page"] == award_url(award.code)


@pytest.mark.parametrize("way", ["address", "credential", "code", "text"])
def test_its_address_its_code_and_its_text_do_too(award, stranger, way):
    text = {
        "address": award_url(award.code),
        "credential": f"{award_url(award.code)}credential.json",
        "code": award.code,
        "text": forging.file_of(award.credential).decode(),
    }[way]
    answer = stranger.post(PAGE, {"text": f" {text} "})
    assert answer.status_code == 200
    assert "This award is genuine" in words(answer.content.decode())


def test_its_page_asks_for_the_real_check(award, stranger):
    page = words(stranger.get(f"{PAGE}?award={award.code}").content.decode())
    assert "This award is genuine" in page
    assert "What was checked" in page
    assert stranger.get(f"/verify.json?award={award.code}").json()["state"] == "valid"


BAD = {
    "altered": ("altered", "This file was changed after it was signed. Do not rely on it."),
    "forged": ("altered", "This file was changed after it was signed. Do not rely on it."),
    "one_signature": ("signature_missing", "The signature of French cluster is missing."),
    "signed_twice": (
        "signature_missing",
        "this does not replace the signature of French cluster",
    ),
    "of_others": ("elsewhere", "This award was issued on label.example, not here"),
}


@pytest.mark.parametrize("kind", BAD)
def test_each_kind_of_bad_file_has_its_own_sentence(award, stranger, kind):
    data = forging.file_of(getattr(forging, kind)(award))
    state, sentence = BAD[kind]
    page = bring(stranger, data)
    assert sentence in page
    assert "is genuine" not in page
    found = ask(stranger, data)
    assert (found["state"], found["holds"]) == (state, False)


def test_a_file_of_another_award_says_nothing_of_this_one(world, stranger):
    one, other = awarded(world, 2)
    data = forging.file_of(other.credential)
    page = bring(stranger, data, award=one.code)
    assert "This file belongs to another award." in page
    assert other.title not in page
    assert ask(stranger, data, query=f"?award={one.code}")["state"] == "altered"


def test_an_expired_one_says_when_it_ended(award, stranger, monkeypatch):
    later = award.valid_until + timedelta(seconds=1)
    # The list of today is out of date by then, which does not make it less expired.
    assert check_award(code=award.code, now=later).state == "expired"
    monkeypatch.setattr(timezone, "now", lambda: later)
    page = bring(stranger, forging.file_of(award.credential))
    assert "This award is genuine, but it ended on" in page


def test_a_revoked_one_says_since_when_and_why(world, award, stranger):
    revoke(world, award)
    page = bring(stranger, forging.file_of(award.credential))
    assert "This award is no longer valid: the clusters that issued it revoked it on" in page
    assert "Reason: The project has ended." in page
    assert "It is on the clusters’ list of revoked awards." in page
    found = ask(stranger, forging.file_of(award.credential))
    assert (found["state"], found["reason"]) == ("revoked", "The project has ended.")


def test_a_revocation_counts_before_its_list_is_signed(world, award, stranger):
    before = StatusList.objects.get().credential
    revoke(world, award)
    StatusList.objects.update(credential=before)
    assert ask(stranger, forging.file_of(award.credential))["state"] == "revoked"


def test_one_in_another_name_leads_to_its_follower(world, award, stranger):
    text = do(
        world.a.manager,
        rename_award,
        partnership_id=award.partnership_id,
        award_id=award.pk,
        holder="Mended Nets",
        make_code=code,
    )
    sign(world.b.manager, text)
    follower = Award.objects.get(replaces=award)
    found = ask(stranger, forging.file_of(award.credential))
    assert (found["state"], found["replaced_by"]) == ("replaced", award_url(follower.code))
    assert ask(stranger, forging.file_of(follower.credential))["holder"] == "Mended Nets"


def test_what_is_not_known_here_was_never_given(award, stranger):
    document = award.credential
    Award.objects.filter(pk=award.pk).update(code="anothercode")
    page = bring(stranger, forging.file_of(document))
    assert "No such award was ever issued here. Do not rely on it." in page
    assert ask(stranger, forging.file_of(document))["state"] == "never_given"


def test_without_its_list_it_was_not_checked_and_is_never_valid(award, stranger):
    StatusList.objects.update(credential=None)
    page = bring(stranger, forging.file_of(award.credential))
    assert "We couldn’t check this award" in page
    assert ask(stranger, forging.file_of(award.credential))["holds"] is False


def test_one_signed_by_a_lost_key_is_to_be_asked_for_anew(world, award, stranger):
    do(world.b.manager, report_loss, organisation_id=world.b.cluster.pk, number=1, why="Stolen.")
    do(world.b.manager, make_key, organisation_id=world.b.cluster.pk)
    page = bring(stranger, forging.file_of(award.credential))
    assert "It carries a signature made with a key that is no longer valid." in page
    assert "French cluster signed with a key that was reported lost." in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"hello", "No award found."),
        (b'{"id": 1', "No award found."),
        (b"eyJhbGciOi", "in another format, a token (JWT)"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "There is no award in this image."),
        (b"\x89PNG\r\n\x1a\n", "This image is damaged."),
    ],
)
def test_what_cannot_be_read_says_why(stranger, data, sentence):
    assert sentence in bring(stranger, data, 422)
    found = ask(stranger, data, 422)
    assert (found["state"], found["checks"]) == ("unreadable", [])


def test_too_large_a_file_is_refused(stranger):
    big = b"{" + b" " * (8 * 1024 * 1024)
    assert "This is too large to be an award." in bring(stranger, big, 422)
    assert ask(stranger, big, 422)["state"] == "unreadable"


def test_nothing_and_an_address_that_leads_nowhere_are_told(stranger):
    answer = stranger.post(PAGE, {"text": ""})
    assert answer.status_code == 422
    assert "Choose a file or enter the award’s address." in words(answer.content.decode())
    answer = stranger.post(PAGE, {"text": award_url("nosuchaward")})
    assert answer.status_code == 422
    assert "There’s no award at this address." in words(answer.content.decode())
    answer = stranger.get(f"{PAGE}?award=nosuchaward")
    assert answer.status_code == 404
    assert "We couldn’t find this award" in words(answer.content.decode())
    assert stranger.get("/verify.json?award=nosuchaward").json()["state"] == "not_found"


def test_an_address_elsewhere_is_not_asked(stranger, monkeypatch):
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("looked up"))
    answer = stranger.post(PAGE, {"text": "https://label.example/awards/17"})
    page = words(answer.content.decode())
    assert "This award was issued on label.example, not here" in page
    assert "proxeny verify" in page


def test_only_this_page_may_ask_for_the_camera(award, stranger):
    assert stranger.get(PAGE)["Permissions-Policy"] == "camera=(self)"
    assert "Permissions-Policy" not in stranger.get(f"/awards/{award.code}/")


def test_pages_of_other_sites_may_ask(stranger):
    answer = stranger.options("/verify.json")
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Headers"] == "Content-Type"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/verify.json", b"x", content_type="image/png").status_code == 422


def test_who_asks_too_often_waits(stranger, monkeypatch):
    from proxeny.labels import limits

    monkeypatch.setattr(limits, "_CHECKS", "1/m/ip")
    ask(stranger, b"x", 422)
    assert ask(stranger, b"x", 429)["state"] == "too_many"
    assert stranger.post(PAGE, {"text": "x"}).status_code == 429
    assert stranger.get(PAGE).status_code == 200


def test_while_other_files_are_read_the_check_says_so(award, stranger):
    data = json.dumps(award.credential).encode()
    with no_place_left():
        assert "Several other files are being read" in bring(stranger, data, 422)
        assert ask(stranger, data, 429)["state"] == "too_many"
    assert ask(stranger, data)["holds"]


def test_what_somebody_was_at_stands_in_the_log(award, stranger, caplog):
    caplog.set_level(logging.INFO, logger="proxeny.security")
    ask(stranger, forging.file_of(forging.altered(award)))
    ask(stranger, forging.file_of(award.credential))
    [line] = [one for one in caplog.records if one.name == "proxeny.security"]
    assert (line.kind, line.outcome, line.award) == ("credential_altered", "refused", award.pk)


def test_it_asks_as_much_for_one_award_as_for_three(world):
    counts = []
    [*awards] = awarded(world, 3)
    for one in awards:
        with CaptureQueriesContext(connection) as asked:
            check_file(data=forging.file_of(one.credential), now=timezone.now())
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 7, counts


def test_it_is_told_in_the_reader_s_language(award):
    client = Client(headers={"Accept-Language": "ar"})
    answer = client.get(reverse("labels:verify"))
    assert 'dir="rtl"' in answer.content.decode()
    assert json.loads(client.get(f"/verify.json?award={award.code}").content)["holds"]


def test_programs_with_a_token_ask_the_api(world, award, call):
    c = call(world.c.manager)
    told = c.get(f"/labels/awards/{award.code}").json()
    assert (told["holder"], told["state"], told["total"]) == (award.holder, "valid", None)
    good = c.post("/labels/verify", {"credential": award.credential}).json()
    assert (good["state"], good["project"]) == ("valid", award.title)
    assert [one["name"] for one in good["clusters"]] == ["Greek cluster", "French cluster"]
    bad = c.post("/labels/verify", {"credential": forging.altered(award)})
    assert (bad.status_code, bad.json()["state"]) == (200, "altered")
    assert c.post("/labels/verify", {"address": award_url(award.code)}).json()["holds"]
    assert c.post("/labels/verify", {"address": award_url("nosuchaward")}).status_code == 404
    assert c.post("/labels/verify", {}).status_code == 422
    assert c.get("/labels/awards/nosuchaward").status_code == 404
