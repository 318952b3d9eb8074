"""Services, templates and lessons by program."""

import pytest

from proxeny.assessments.models import Lesson, Service, Template
from tests.ambassadors.calling import done, rows
from tests.assessments.test_catalogue import offered, sign, staffed
from tests.factories.assessments import LessonFactory, make_service
from tests.stages import staged

pytestmark = pytest.mark.django_db
BODY = {
    "question": "demand",
    "price": "1200.00",
    "texts": [{"language": "en", "name": "Demand check", "summary": "Would anybody buy it?"}],
}


@pytest.fixture
def greek(world, call):
    return call(world.a.manager)


@staged
def base(world):
    return f"/assessments/{world.partnership.pk}"


def test_a_service_from_draft_to_offer_by_program(world, call, greek, base):
    french = call(world.b.manager)
    made = done(greek.post(f"{base}/services", BODY), 201)
    assert (made["state"], made["missing"], made["terms_id"]) == ("draft", ["fr", "el", "ar"], None)
    assert made["places"] == {"taken": 0, "free": 3, "next_on": None}
    one = f"{base}/services/{made['id']}"
    for program, person in ((greek, world.a.ambassador), (french, world.b.ambassador)):
        told = done(program.put(f"{one}/deliverer", {"person_id": person.pk}))
    assert [side["person"]["name"] for side in told["deliverers"]] == [
        "Greek ambassador",
        "French ambassador",
    ]
    assert greek.post(f"{one}/terms").status_code == 428
    told = done(greek.post(f"{one}/terms", version=told["version"]))
    assert told["state"] == "signing"
    text = done(french.get(f"/partnerships/{world.partnership.pk}/texts/{told['terms_id']}"))
    assert text["text"].startswith("Terms of the service “Demand check”")
    sign(world, Service.objects.get().partnership.agreements.get(kind="service"), world.b.manager)
    assert done(greek.get(one))["state"] == "offered"
    for step, state in (
        ("pause", "paused"),
        ("resume", "offered"),
        ("retire", "retired"),
        ("reopen", "paused"),
    ):
        assert done(greek.post(f"{one}/{step}"))["state"] == state
    assert greek.post(f"{one}/pause").status_code == 409


def test_a_change_names_the_version_and_says_that_all_sign_anew(world, greek, base):
    made = offered(world)
    one = f"{base}/services/{made.pk}"
    assert greek.patch(one, {"capacity": 4}).status_code == 428
    version = Service.objects.get().version
    assert greek.patch(one, {"capacity": 4}, version=version - 1).status_code == 412
    answer = greek.patch(one, {"capacity": 4}, version=version)
    assert answer.status_code == 422
    assert "sign again" in answer.content.decode()
    texts = [{"language": "fr", "name": "Étude", "summary": "Qui achèterait ?"}]
    told = done(greek.patch(one, {"texts": texts}, version=version))
    assert (told["state"], [text["language"] for text in told["texts"]]) == ("offered", ["fr"])
    told = done(greek.patch(one, {"capacity": 4, "sign_anew": True}, version=told["version"]))
    assert (told["state"], told["capacity"], told["price"]) == ("draft", 4, "1200.00")


@pytest.mark.parametrize(
    "changes",
    [
        {"price": "-1"},
        {"price": "12.345"},
        {"currency": "euro"},
        {"currency": "XXY"},
        {"capacity": 0},
        {"promised_days": 4},
        {"question": "weather"},
        {"texts": []},
        {"texts": [{"language": "de", "name": "x", "summary": "x"}]},
        {"state": "offered"},
    ],
)
def test_bad_input_is_refused(greek, base, changes):
    assert greek.post(f"{base}/services", BODY | changes).status_code == 422
    assert not Service.objects.exists()


def test_members_read_what_is_offered_and_nothing_of_the_room(world, call, base):
    made = offered(world)
    staffed(world)
    member = call(world.b.representatives[0])
    [told] = rows(member.get("/assessments/own/services"))
    assert (told["id"], told["name"]) == (made.pk, "Demand check")
    assert [one["name"] for one in told["clusters"]] == ["Greek cluster", "French cluster"]
    assert "deliverers" not in told
    assert done(member.get(f"/assessments/own/services/{made.pk}"))["details"] == ""
    assert rows(member.get("/assessments/own/services", {"country": "MA"})) == []
    for path in (
        f"{base}/services",
        f"{base}/services/{made.pk}",
        f"{base}/templates/demand",
        f"{base}/lessons",
    ):
        assert member.get(path).status_code == 404
    stranger = call(world.c.manager)
    assert rows(stranger.get("/assessments/own/services")) == []
    assert stranger.get(f"/assessments/own/services/{made.pk}").status_code == 404
    assert stranger.get(f"{base}/services").status_code == 404


def test_lists_take_the_same_queries(world, greek, call, base, django_assert_num_queries):
    member = call(world.b.representatives[0])
    counts = {}
    for count in (1, 3):
        while Service.objects.count() < count:
            make_service(world)
        for program, path in ((greek, f"{base}/services"), (member, "/assessments/own/services")):
            with django_assert_num_queries(counts.get(path, 99), exact=False) as seen:
                assert len(rows(program.get(path))) == count
            counts[path] = len(seen)


def test_a_template_is_read_written_and_reset(world, greek, call, base):
    url = f"{base}/templates/demand"
    told = done(greek.get(url))
    assert (told["is_own"], told["version"]) == (False, 0)
    assert told["steps"][0] == {"text": "Go through the brief with the company", "after_days": 3}
    body = {"questions": ["Why?"], "steps": [{"text": "Read", "after_days": 3}], "chapters": []}
    assert greek.put(url, body).status_code == 428
    told = done(greek.put(url, body, version=0))
    assert (told["is_own"], told["version"], told["questions"]) == (True, 1, ["Why?"])
    french = call(world.b.ambassador)
    assert french.put(url, body, version=0).status_code == 412
    bad = body | {"steps": [{"text": "Read", "after_days": 400}]}
    assert french.put(url, bad, version=1).status_code == 422
    assert greek.get(f"{base}/templates/weather").status_code == 422
    assert french.delete(url, version=1).status_code == 204
    assert not Template.objects.exists()


def test_lessons_are_kept_and_applied(world, greek, base):
    LessonFactory(partnership=world.partnership, question="price")
    body = {"question": "demand", "text": "Ask at once."}
    made = done(greek.post(f"{base}/lessons", body), 201)
    assert made["written_by"] == {"id": world.a.manager.pk, "name": "Greek manager"}
    assert len(rows(greek.get(f"{base}/lessons"))) == 2
    assert [one["id"] for one in rows(greek.get(f"{base}/lessons", {"question": "demand"}))] == [
        made["id"]
    ]
    one = f"{base}/lessons/{made['id']}"
    assert done(greek.post(f"{one}/apply"))["applied_at"]
    assert done(greek.post(f"{one}/open"))["applied_at"] is None
    assert greek.post(f"{base}/lessons", body | {"text": ""}).status_code == 422
    assert Lesson.objects.count() == 2
