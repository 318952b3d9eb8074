"""A cluster's network by program."""

import pytest

from tests.insight.networking import hide

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(world, measured, call):
    program = call(world.a.manager, "insight:read")

    def asked(path="", status=200, **query):
        answer = program.get(f"/api/v1/insight/networks/{world.a.cluster.pk}{path}", query)
        assert answer.status_code == status, answer.content
        return answer.json()

    return asked


def test_the_position_is_told_year_by_year(world, measured, ask):
    found = ask()
    assert [one["year"] for one in found["years"]] == [2026, 2025, 2024, 2023]
    figures = {one["name"]: one for one in found["years"][0]["figures"]}
    assert figures["degree"]["value"] == 3
    assert figures["harmonic"]["best_rank"] is None
    assert found["movement"]["new_ties"][0]["name"] == "French cluster"


def test_organisations_are_found_and_sorted(measured, ask):
    found = ask("/actors", sort="-degree")
    assert found["count"] == 5
    assert found["items"][0]["name"] == "Greek cluster"
    assert [one["name"] for one in ask("/actors", q="lyon")["items"]] == ["Lab of Lyon"]
    assert len(ask("/actors", page_size=2, page=3)["items"]) == 1
    ask("/actors", status=422, sort="wealth")


def test_changes_are_tried(measured, ask):
    found = ask("/what-if", link=measured.port.pk, lose=measured.secret.pk)
    assert found["before"]["degree"] == found["after"]["degree"] == 3
    problem = ask("/what-if", status=422, link=measured.lab.pk)
    assert "“Lab of Lyon” is already a partner." in str(problem)


def test_new_partners_are_proposed_with_who_could_introduce(measured, ask):
    [clusters, organisations] = ask("/proposals")
    assert clusters["links"] == []
    assert organisations["links"][0]["name"] == "Port of Agadir"
    assert organisations["proven"]
    found = ask(f"/introducers/{measured.port.pk}")
    assert found["distance"] == 2
    assert found["ways"][0]["over"] == [{"id": measured.lab.pk, "name": "Lab of Lyon"}]
    ask(f"/introducers/{10**12}", status=422)


def test_who_is_hidden_has_neither_name_nor_number(world, measured, ask):
    hide(measured.lab, world.c.cluster)
    assert ask(f"/introducers/{measured.port.pk}")["ways"][0]["over"] == [
        {"id": None, "name": None}
    ]
    assert ask("/actors")["unseen"] == 1
    text = str([ask(), ask("/actors"), ask("/proposals")])
    assert "Lab of Lyon" not in text
    ask(f"/introducers/{measured.lab.pk}", status=422)


@pytest.mark.parametrize("path", ["", "/actors", "/what-if", "/proposals", "/introducers/1"])
def test_nobody_else_reads_it_and_before_the_first_work_it_says_so(world, measured, call, path):
    for person in (world.b.manager, world.a.representatives[0]):
        answer = call(person, "insight:read").get(
            f"/api/v1/insight/networks/{world.a.cluster.pk}{path}"
        )
        assert answer.status_code == 404
    answer = call(world.b.manager, "insight:read").get(
        f"/api/v1/insight/networks/{world.b.cluster.pk}{path}"
    )
    assert answer.status_code == 404
    assert "hasn’t been calculated yet" in str(answer.json())
