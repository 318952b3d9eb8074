"""How often people, programs and addresses may ask for what costs much."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from proxeny.accounts import request_limits
from proxeny.accounts.request_limits import LIMITS, Limit
from proxeny.kernel.models import RateWindow
from tests.callers import Caller

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "security.md"
HERE, ELSEWHERE = "192.0.2.10", "198.51.100.7"
ONE_ADDRESS = {kind: Limit(None, 3, 3600) for kind in LIMITS}
ONE_PERSON = {kind: Limit(3, 1000, 3600) for kind in LIMITS}


@pytest.fixture
def limit(db, monkeypatch):
    """The same mechanism with small numbers."""
    return lambda limits: monkeypatch.setattr(request_limits, "LIMITS", limits)


def bring(client, **more):
    file = SimpleUploadedFile("list.csv", b"name\nOne\n")
    return client.post("/directory/import/", {"file": file}, **more)


#: What is asked for, as a person with a sign-in.
ASKED = {
    "upload": bring,
    "search": lambda client, **more: client.get("/directory/?q=photonics", **more),
    "invitation": lambda client, **more: client.post("/people/invite/", {}, **more),
    "export": lambda client, **more: client.get("/directory/export/?export=csv", **more),
    "bad token": lambda client, **more: Client().get(
        "/api/v1/people/me", headers={"authorization": "Bearer prx_nothing"}, **more
    ),
    "bad link": lambda client, **more: Client().get("/invitations/nothing-at-all/", **more),
}
OF_PERSON = [kind for kind, one in LIMITS.items() if one.person is not None]


def check_refusal(answer):
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 3600
    assert "no-store" in answer.get("Cache-Control", "no-store")


@pytest.mark.parametrize("kind", LIMITS)
def test_an_address_is_refused_what_comes_too_often_and_another_is_not(world, sign_in, limit, kind):
    limit(ONE_ADDRESS)
    client = sign_in(world.a.manager)
    for _time in range(3):
        assert ASKED[kind](client, REMOTE_ADDR=HERE).status_code != 429
    check_refusal(ASKED[kind](client, REMOTE_ADDR=HERE))
    assert ASKED[kind](client, REMOTE_ADDR=ELSEWHERE).status_code != 429


@pytest.mark.parametrize("kind", OF_PERSON)
def test_a_person_is_refused_from_everywhere_and_another_is_not(world, sign_in, limit, kind):
    limit(ONE_PERSON)
    client, other = sign_in(world.a.manager), sign_in(world.b.manager)
    for number in range(3):
        answer = ASKED[kind](client, REMOTE_ADDR=f"203.0.113.{number}")
        assert answer.status_code != 429
    check_refusal(ASKED[kind](client, REMOTE_ADDR=ELSEWHERE))
    assert ASKED[kind](other, REMOTE_ADDR=ELSEWHERE).status_code != 429


@pytest.mark.parametrize("proxies", [0, 1, 2])
@pytest.mark.parametrize("kind", ["search", "bad token", "bad link"])
def test_forged_forwarded_addresses_do_not_help(world, sign_in, settings, limit, kind, proxies):
    limit(ONE_ADDRESS)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client, true = sign_in(world.a.manager), ["10.0.0.1", "10.0.0.2"][:proxies]
    for number in range(4):
        chain = ", ".join([f"203.0.113.{number}", *true])
        answer = ASKED[kind](client, REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR=chain)
    check_refusal(answer)


def test_programs_are_limited_by_their_token(world, call, limit):
    limit(ONE_PERSON)
    one, other = call(world.a.manager), call(world.b.manager)
    for _time in range(3):
        assert one.get("/directory/organisations?q=photonics").status_code == 200
    answer = one.get("/directory/organisations?q=photonics")
    check_refusal(answer)
    assert answer["Content-Type"] == "application/problem+json"
    assert "Wait" in answer.json()["detail"]
    assert other.get("/directory/organisations?q=photonics").status_code == 200
    assert one.get("/directory/organisations").status_code == 200


def test_a_good_token_goes_on_from_an_address_with_many_bad_ones(world, call, limit):
    limit(ONE_ADDRESS)
    for _time in range(5):
        answer = Caller("prx_nothing").get("/people/me")
    check_refusal(answer)
    assert call(world.a.manager).get("/people/me").status_code == 200


def test_who_brings_no_token_at_all_is_told_so_each_time(limit):
    limit(ONE_ADDRESS)
    assert {Client().get("/api/v1/people/me").status_code for _time in range(6)} == {401}


def test_the_page_says_how_long_to_wait_and_counts_last(world, sign_in, limit):
    limit(ONE_PERSON)
    client = sign_in(world.a.manager)
    for _time in range(4):
        page = ASKED["search"](client)
    assert re.search(r"wait \d+ minutes? and try again", page.content.decode())
    assert 'class="px-brand"' in page.content.decode()
    # A refused request counts too; what is counted names nobody.
    rows = RateWindow.objects.filter(key__startswith="search:")
    assert {row.count for row in rows} == {4}
    assert not any(world.a.manager.email in row.key for row in rows)


def test_the_documentation_has_the_table():
    rows = re.findall(
        r"^\| ([a-z ]+) \| ([\d,]+|—) \| ([\d,]+) \| (\d+) min \|", PAGE.read_text(), re.M
    )
    told = {
        kind: Limit(
            None if person == "—" else int(person.replace(",", "")),
            int(address.replace(",", "")),
            int(minutes) * 60,
        )
        for kind, person, address, minutes in rows
    }
    assert told == LIMITS
