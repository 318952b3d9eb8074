"""Public pages by program: the draft, the preview, signatures, and what everybody reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.alliances.models import Page, PageVersion
from tests.alliances.showing import draft, fill_room, join, keys, publish, write
from tests.alliances.test_public import another
from tests.partnerships.rooms import others, team

pytestmark = pytest.mark.django_db


def at(world, rest=""):
    return f"/alliances/{world.partnership.pk}/page{rest}"


def test_a_program_writes_previews_asks_and_withdraws(world, call):
    fill_room(world)
    found = keys(world)
    a, b = call(world.a.manager), call(world.b.manager)
    blank = a.get(at(world))
    assert (blank.json()["version"], blank.headers["ETag"]) == (0, '"0"')
    offers = {one["key"]: one for one in blank.json()["offers"]}
    assert set(offers) == set(found.values()) - {found["shy"]}
    assert offers[found["study"]] == {
        "key": found["study"],
        "group": "results",
        "title": "What sensors see",
        "is_public": True,
    }
    said = {
        "headline": "Clean ports",
        "about": "Water.",
        "joining": "Come.",
        "shown": [found["goal"], found["study"]],
    }
    assert a.patch(at(world), said).status_code == 428
    made = a.patch(at(world), said, version=0)
    assert (made.status_code, made.json()["slug"]) == (200, "clean-ports")
    assert b.patch(at(world), {"audience": "Ports"}, version=0).status_code == 412
    assert b.patch(at(world), {"audience": "Ports"}, version=1).json()["version"] == 2
    preview = a.get(at(world, "/preview")).json()
    assert preview["missing"] == []
    assert [one["title"] for one in preview["content"]["goals"]] == ["Twelve clean harbours"]
    assert preview["content"]["goals"][0]["percent"] == 40
    assert a.post(at(world, "/publication"), {"checksum": "0" * 64}).status_code == 409
    asked = a.post(at(world, "/publication"), {"checksum": preview["checksum"]})
    assert asked.status_code == 201
    text = asked.json()
    signed = b.post(
        f"/partnerships/{world.partnership.pk}/texts/{text['id']}/sign",
        {"text_hash": text["text_hash"]},
    )
    assert signed.status_code == 200, signed.content
    rows = a.get(at(world, "/versions")).json()["results"]
    assert [(one["number"], one["published_at"] is not None) for one in rows] == [(1, True)]
    seen = call(world.c.manager).get("/alliances/published/clean-ports").json()
    assert seen["content"]["members"][0]["name"] == world.a.cluster.name
    assert "party" not in seen["content"]["members"][0]
    assert (seen["is_outdated"], seen["ended_on"]) == (False, None)
    assert b.post(at(world, "/withdraw"), {"reason": "We moved."}).status_code == 200
    gone = a.get("/alliances/published/clean-ports").json()
    assert (gone["content"], gone["withdrawn_why"]) == (None, "We moved.")


def test_only_the_room_gets_the_draft(world, call):
    draft(world)
    for person in team(world).values():
        assert call(person).get(at(world)).status_code == 200
    for name, person in others(world).items():
        if name != "stranger":
            for rest in ("", "/preview", "/versions"):
                assert call(person).get(at(world, rest)).status_code == 404
            assert call(person).patch(at(world), {}, version=1).status_code == 404
    assert (
        call(world.a.ambassador).post(at(world, "/publication"), {"checksum": "0" * 64}).status_code
        == 403
    )
    assert (
        call(world.a.manager, "alliances:read").patch(at(world), {}, version=1).status_code == 403
    )


def test_a_draft_is_not_found_among_the_published(world, call):
    draft(world, slug="ports")
    program = call(world.c.manager)
    assert program.get("/alliances/published/ports").status_code == 404
    assert program.get("/alliances/published").json()["results"] == []


def test_bad_values_name_their_field(world, call):
    program = call(world.a.manager)
    for body, pointer in (
        ({"contact": "nobody"}, "#/contact"),
        ({"slug": "a b"}, "#/slug"),
        ({"language": "xx"}, "#/language"),
        ({"shown": ["goal:1"]}, "#/shown"),
        ({"party": 1}, "#/party"),
    ):
        answer = program.patch(at(world), body, version=0)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert not Page.objects.exists()


def test_a_third_side_reads_and_signs_by_program(world, call):
    draft(world)
    join(world)
    program = call(world.c.manager)
    assert program.get(at(world, "/preview")).json()["content"]["is_alliance"] is True
    publish(world, world.b.manager, world.c.manager)
    told = program.get("/alliances/published").json()["results"]
    assert [one["title"] for one in told] == ["Small ports, clean water"]


def test_published_pages_are_listed_by_words_and_country(world, call):
    fill_room(world)
    draft(world)
    publish(world)
    another(world, 1)
    program = call(world.c.representatives[0])

    def titles(**query):
        answer = program.get("/alliances/published", query)
        return [one["title"] for one in answer.json()["results"]]

    assert titles() == ["Page 1", "Small ports, clean water"]
    assert titles(q="rivers") == ["Page 1"]
    assert titles(country="gr") == ["Small ports, clean water"]
    assert titles(country="xx") == []


def test_lists_take_the_same_queries(world, call):
    program = call(world.c.manager)
    another(world, 1)
    program.get("/alliances/published")
    with CaptureQueriesContext(connection) as one:
        program.get("/alliances/published")
    for number in (2, 3):
        another(world, number)
    with CaptureQueriesContext(connection) as three:
        assert len(program.get("/alliances/published").json()["results"]) == 3
    assert len(one) == len(three)
    assert PageVersion.objects.count() == 3


def test_a_change_of_nothing_changes_nothing(world, call):
    write(world, headline="Ports")
    answer = call(world.b.manager).patch(at(world), {"headline": "Ports"}, version=1)
    assert answer.json()["version"] == 1
