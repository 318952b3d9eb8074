"""Keys and awards by program."""

import pytest

from proxeny.labels.models import Award
from tests.labels.awarding import awarded, decided, keys, sign
from tests.partnerships.rooms import others

pytestmark = pytest.mark.django_db


def test_a_program_makes_replaces_and_loses_a_key(world, call):
    program, place = call(world.a.manager), f"/labels/clusters/{world.a.cluster.pk}/keys"
    made = program.post(place)
    assert (made.status_code, made.json()["number"]) == (201, 1)
    assert "sealed" not in made.json()
    assert program.post(place).status_code == 409
    assert program.post(f"{place}/replace").json()["number"] == 2
    assert program.post(f"{place}/2/loss", {"why": " "}).status_code == 422
    lost = program.post(f"{place}/2/loss", {"why": "Broken into."})
    assert (lost.status_code, lost.json()["why"]) == (200, "Broken into.")
    assert [one["number"] for one in program.get(place).json()] == [1, 2]
    assert program.post(f"{place}/sign-anew").status_code == 409
    for person in (world.b.manager, world.a.ambassador):
        assert call(person).get(place).status_code in (403, 404)


def test_a_program_puts_awards_and_reads_them(world, call):
    keys(world)
    held = decided(world, fee_award=100)
    program = call(world.a.manager)
    place = f"/labels/partnerships/{held.partnership_id}/rounds/{held.pk}/awards"
    prepared = program.get(place).json()
    assert [one["title"] for one in prepared["candidates"]] == ["Project 0"]
    assert (prepared["missing"], prepared["fee"], prepared["currency"]) == ([], "100.00", "EUR")
    stale = program.post(place, {"fingerprint": "0" * 64})
    assert stale.status_code == 409
    put = program.post(place, {"fingerprint": prepared["fingerprint"], "tells_total": True})
    assert put.status_code == 201
    text = put.json()
    signed = call(world.b.manager).post(
        f"/partnerships/{held.partnership_id}/texts/{text['id']}/sign",
        {"text_hash": text["text_hash"]},
    )
    assert signed.status_code in (200, 201), signed.content
    one = Award.objects.get()
    rows = f"/labels/partnerships/{held.partnership_id}/schemes/{held.scheme_id}/awards"
    listed = program.get(rows, {"state": "valid"}).json()
    assert [row["id"] for row in listed["results"]] == [one.pk]
    assert listed["results"][0]["total"] == "80.00"
    whole = program.get(f"{rows}/{one.pk}").json()
    assert [each["organisation_id"] for each in whole["signatures"]] == [
        world.a.cluster.pk,
        world.b.cluster.pk,
    ]
    assert whole["credential"]["id"] == whole["url"]
    assert program.get(place).json()["issued"][0]["id"] == one.pk
    assert call(world.a.ambassador).get(place).status_code == 403
    for person in list(others(world).values())[:3]:
        assert call(person).get(rows).status_code == 404


def test_a_program_revokes_and_renames(world, call):
    first, second = awarded(world, 2)
    program = call(world.a.manager)
    rows = f"/labels/partnerships/{first.partnership_id}/schemes/{first.scheme_id}/awards"
    assert program.post(f"{rows}/{first.pk}/revocation", {"reason": " "}).status_code == 422
    asked = program.post(f"{rows}/{first.pk}/revocation", {"reason": "It has ended."})
    assert asked.status_code == 201
    named = program.post(f"{rows}/{second.pk}/name", {"holder": "Nets"})
    assert named.status_code == 201
    from proxeny.partnerships.models import Agreement

    for answer in (asked, named):
        sign(world.b.manager, Agreement.objects.get(pk=answer.json()["id"]))
    states = {one["id"]: one["state"] for one in program.get(rows).json()["results"]}
    assert states == {
        first.pk: "revoked",
        second.pk: "replaced",
        Award.objects.latest("pk").pk: "valid",
    }
    assert (
        call(world.b.ambassador).post(f"{rows}/{first.pk}/revocation", {"reason": "x"}).status_code
        == 403
    )
