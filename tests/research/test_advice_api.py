"""What studies recommend, by program: written, resting on rows, followed, looked at again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.partnerships.models import Evidence
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.rooms import party
from tests.research.advising import advice_of, at, file_of, rest, study_of
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def study(world):
    return study_of(world)


@staged
def file(study):
    return file_of(study)


def of(world, rest=""):
    return f"/research/{world.partnership.pk}{rest}"


def test_a_recommendation_is_written_and_rests_on_rows(world, study, file, call):
    program = call(world.b.ambassador)
    answer = program.post(
        of(world, f"/studies/{study.pk}/recommendations"),
        {"title": "Pay interns", "addressee": "one", "side": "A"},
    )
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["study_id"], made["side"], made["state"], made["pieces"]) == (
        study.pk,
        "A",
        "draft",
        0,
    )
    rows = of(world, f"/recommendations/{made['id']}/rows")
    answer = program.post(
        rows, {"file_id": file.pk, "first": 5, "last": 7, "columns": ["wage"], "text": "Less."}
    )
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["url"] == f"{at('rows', world.partnership.pk, study.pk, file.pk)}?row=5-7&col=wage"
    assert program.get(rows).json() == [told]
    [listed] = program.get(of(world, f"/studies/{study.pk}/recommendations")).json()["results"]
    assert listed["pieces"] == 1
    shown = program.get(
        of(world, f"/studies/{study.pk}/files/{file.pk}/rows"), {"first": 5, "last": 7}
    ).json()
    assert shown["header"] == ["studio", "wage", "town"]
    assert [one["number"] for one in shown["rows"] if one["is_cited"]] == [5, 6, 7]
    assert shown["rows"][3]["cells"] == ["Studio 4", "1400", "Paris"]
    assert (shown["sha256"], shown["licence"], shown["cited_by"]) == (
        file.sha256,
        "cc-by-4.0",
        [made["id"]],
    )


def test_what_does_not_hold_is_refused_with_its_field(world, study, file, call):
    program, advice = call(world.a.manager), advice_of(study)
    rows = of(world, f"/recommendations/{advice.pk}/rows")
    for said, status in (
        ({"first": 99}, 422),
        ({"first": 0}, 422),
        ({"columns": ["salary"], "first": 2}, 422),
        ({}, 422),
        ({"file_id": 0, "first": 2}, 404),
    ):
        answer = program.post(rows, {"file_id": file.pk, "text": "Less.", **said})
        assert answer.status_code == status, (said, answer.content)
    answer = program.post(
        of(world, f"/studies/{study.pk}/recommendations"),
        {"title": "Pay", "addressee": "one", "side": "X"},
    )
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_a_document_has_no_rows(world, study, call):
    paper = file_of(study, b"%PDF-1.4 paper", "paper.pdf")
    answer = call(world.a.manager).get(
        of(world, f"/studies/{study.pk}/files/{paper.pk}/rows"), {"first": 2}
    )
    assert answer.status_code == 422


def test_what_became_of_it_and_who_looked(world, study, call):
    program = call(world.a.manager)
    old = advice_of(study, "Pay interns", days=400, state="doing")
    advice_of(study, "Go to fairs", state="adopted", addressee="one", party=party(world, world.a))
    fates = of(world, "/recommendations")
    titles = [one["title"] for one in program.get(fates).json()["results"]]
    assert titles == ["Go to fairs", "Pay interns"]
    for query, expected in (
        ({"state": "adopted"}, ["Go to fairs"]),
        ({"side": "A"}, ["Go to fairs"]),
        ({"due": True}, ["Pay interns"]),
        ({"q": "intern"}, ["Pay interns"]),
        ({"study": 0, "year": 1999}, []),
    ):
        found = program.get(fates, query).json()["results"]
        assert [one["title"] for one in found] == expected, query
    looks = of(world, f"/recommendations/{old.pk}/looks")
    answer = program.post(looks, {"note": "Three do."})
    assert answer.status_code == 201
    assert program.get(looks).json() == [answer.json()]
    assert program.get(fates, {"due": True}).json()["results"] == []
    [row] = program.get(fates, {"state": "doing"}).json()["results"]
    assert (row["study"], row["looked_note"]) == (study.title, "Three do.")


def test_another_room_answers_nothing(world, study, file, call):
    advice = advice_of(study)
    other = PartnershipFactory(title="Elsewhere", lead=world.c.cluster)
    for partnership, person in ((world.partnership, world.c.manager), (other, world.a.manager)):
        program = call(person)
        base = f"/research/{partnership.pk}"
        for path in (
            f"/studies/{study.pk}/recommendations",
            "/recommendations",
            f"/recommendations/{advice.pk}/rows",
            f"/recommendations/{advice.pk}/looks",
            f"/studies/{study.pk}/files/{file.pk}/rows?first=2",
        ):
            assert program.get(f"{base}{path}").status_code == 404, path


def test_the_lists_ask_the_same_of_the_database_with_one_and_with_three(world, study, file, call):
    program, counts = call(world.a.manager), []
    program.get(of(world, "/recommendations"))  # a token’s first call notes that it is used
    for number in (1, 2):
        for _ in range(number):
            rest(advice_of(study), file)
        with CaptureQueriesContext(connection) as asked:
            program.get(of(world, "/recommendations"))
            program.get(of(world, f"/studies/{study.pk}/recommendations"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
