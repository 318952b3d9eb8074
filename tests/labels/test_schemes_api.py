"""Labels by program: written, translated, put before all sides, published, withdrawn."""

import pytest

from proxeny.labels.models import Criterion, Indicator
from tests.factories import labels as made
from tests.labels.naming import draft, publish
from tests.partnerships.rooms import others, team

pytestmark = pytest.mark.django_db


def at(world, scheme, rest=""):
    return f"/labels/partnerships/{world.partnership.pk}/schemes/{scheme.pk}{rest}"


def test_a_program_does_what_a_person_does(world, call):
    scheme = made.SchemeFactory(
        partnership=world.partnership, slug="atlas", languages="en fr", per=2
    )
    a, b = call(world.a.manager), call(world.b.manager)
    begun = a.post(at(world, scheme, "/example"))
    assert (begun.status_code, len(begun.json()["keys"])) == (201, 20)
    assert a.post(at(world, scheme, "/example")).status_code == 409
    gone = a.post(at(world, scheme, "/example/take-back"), {"keys": begun.json()["keys"]})
    assert gone.json() == {"count": 20}
    assert a.post(at(world, scheme, "/example")).status_code == 201
    drafted = a.get(at(world, scheme)).json()
    assert drafted["content"]["criteria"][0]["title"]["en"] == "What is new"
    assert [(one["kind"], one["at"]) for one in drafted["missing"]] == [("texts", "fr")]
    rows = a.get(at(world, scheme, "/wordings/fr")).json()
    texts = [
        {
            "key": one["key"],
            "text": f"fr {one['source']}",
            "of_hash": one["hash"],
            "was": one["was"],
        }
        for one in rows
    ]
    written = b.put(at(world, scheme, "/wordings/fr"), {"texts": texts})
    assert (written.status_code, any(one["is_missing"] for one in written.json())) == (200, False)
    again = a.put(at(world, scheme, "/wordings/fr"), {"texts": [{**texts[0], "text": "Autre"}]})
    assert again.status_code == 409
    drafted = a.get(at(world, scheme)).json()
    assert drafted["missing"] == []
    asked = a.post(at(world, scheme, "/publication"), {"checksum": drafted["checksum"]})
    assert asked.status_code == 201
    assert a.get(at(world, scheme)).json()["is_waiting"] is True
    text = asked.json()
    signed = b.post(
        f"/partnerships/{world.partnership.pk}/texts/{text['id']}/sign",
        {"text_hash": text["text_hash"]},
    )
    assert signed.status_code == 200, signed.content
    rows = a.get(at(world, scheme, "/versions")).json()["results"]
    assert [(one["number"], one["published_at"] is not None) for one in rows] == [(1, True)]
    version = b.get(at(world, scheme, "/versions/1")).json()
    assert version["content"]["criteria"][0]["title"]["fr"] == "fr What is new"
    assert version["content"]["total_least"] == "60.00"
    seen = call(world.c.manager).get("/labels/published/atlas").json()
    assert [one["name"] for one in seen["content"]["issuers"]] == [
        "Greek cluster",
        "French cluster",
    ]
    assert b.post(at(world, scheme, "/withdraw"), {"reason": "We moved."}).status_code == 200
    gone = a.get("/labels/published/atlas").json()
    assert (gone["content"], gone["withdrawn_why"]) == (None, "We moved.")


def test_only_the_room_reads_a_draft(world, call):
    scheme = draft(world, languages="en fr")
    paths = ("", "/wordings/fr", "/versions")
    for person in team(world).values():
        for rest in paths:
            assert call(person).get(at(world, scheme, rest)).status_code == 200
    for name, person in others(world).items():
        if name != "stranger":
            for rest in paths:
                assert call(person).get(at(world, scheme, rest)).status_code == 404
    asked = call(world.a.ambassador).post(at(world, scheme, "/publication"), {"checksum": "0" * 64})
    assert asked.status_code == 403
    reads = call(world.a.manager, "labels:read")
    assert reads.put(at(world, scheme, "/wordings/fr"), {"texts": []}).status_code == 403


def test_bad_values_name_their_field(world, call):
    scheme = draft(world, languages="en fr")
    program = call(world.a.manager)
    for rest, body, status in (
        ("/wordings/el", {"texts": []}, 422),
        ("/wordings/de", {"texts": []}, 422),
        ("/wordings/fr", {"texts": [{"key": "nothing", "text": "x", "of_hash": "0" * 64}]}, 422),
        ("/wordings/fr", {"texts": [{"key": "about", "text": "x", "of_hash": "no"}]}, 422),
    ):
        assert program.put(at(world, scheme, rest), body).status_code == status, (rest, body)
    assert program.post(at(world, scheme, "/publication"), {"checksum": "x"}).status_code == 422
    stale = program.post(at(world, scheme, "/publication"), {"checksum": "0" * 64})
    assert stale.status_code == 422  # its texts are missing in French


def test_published_labels_tell_rounds_and_awards(world, call):
    version = publish(world, draft(world))
    made.RoundFactory(scheme_version=version, title="Spring")
    program = call(world.c.representatives[0])
    rows = program.get("/labels/published").json()["results"]
    assert [(one["slug"], one["number"]) for one in rows] == [("atlas", 1)]
    one = program.get("/labels/published/atlas/versions/1").json()
    assert [(held["title"], held["is_open"]) for held in one["rounds"]] == [("Spring", True)]
    assert program.get("/labels/published/atlas/versions/2").status_code == 404
    assert program.get("/labels/published/none").status_code == 404


def test_what_is_missing_names_its_part(world, call):
    scheme = draft(world)
    Indicator.objects.filter(title="New abroad").delete()
    criterion = Criterion.objects.get(title="Novelty")
    [gap] = call(world.a.manager).get(at(world, scheme)).json()["missing"]
    assert (gap["kind"], gap["key"]) == ("label-criterion", f"c{criterion.pk}")
