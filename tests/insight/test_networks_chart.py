"""The picture of a network, and that it holds no name and no number that the reader may not see."""

import json

import pytest
from django.urls import reverse

from tests.insight.networking import hide, read, work_out

pytestmark = pytest.mark.django_db

#: Each way to have it drawn.
VIEWS = (
    {},
    {"by": "countries"},
    {"by": "everybody"},
    {"community": 1},
    {"community": 2},
)


def graph(client, status=200, **query):
    answer = client.get(reverse("insight:network-graph"), query)
    assert answer.status_code == status
    return json.loads(answer.content) if status == 200 else None


def labels(found):
    return {one["label"] for one in found["nodes"]}


def test_everybody_is_drawn_with_ties_between_those_who_are_there(measured, manager):
    found = graph(manager, by="everybody")
    assert labels(found) == {
        "Greek cluster",
        "French cluster",
        "Lab of Lyon",
        "Port of Agadir",
        "Secret forge",
    }
    names = [one["label"] for one in found["nodes"]]
    ties = {frozenset((names[a], names[b])) for a, b, _weight in found["ties"]}
    assert ties == {
        frozenset(("Greek cluster", one))
        for one in ("French cluster", "Lab of Lyon", "Secret forge")
    } | {frozenset(("Lab of Lyon", "Port of Agadir")), frozenset(("Lab of Lyon", "Secret forge"))}
    [own] = [one for one in found["nodes"] if one.get("is_own")]
    assert own["label"] == "Greek cluster"


def test_around_somebody_are_those_it_is_tied_to(measured, manager):
    found = graph(manager, around=measured.port.pk)
    assert labels(found) == {"Port of Agadir", "Lab of Lyon"}
    text = read(manager, "network", around=measured.port.pk)
    assert "Around Port of Agadir" in text
    assert "Lab of Lyon Research lab France 1" in text
    assert "What if they were your partner?" in text


def test_groups_and_countries_are_drawn_as_circles_that_lead_on(measured, manager):
    found = graph(manager, by="communities")
    assert sum(one["size"] for one in found["nodes"]) == 5
    assert all("community=" in one["url"] for one in found["nodes"])
    assert "France" in labels(graph(manager, by="countries"))
    for view in VIEWS[:3]:
        for one in graph(manager, **view)["nodes"]:
            assert manager.get(one["url"]).status_code == 200


def test_the_table_says_what_the_picture_says(measured, manager):
    found = graph(manager, community=1)
    text = read(manager, "network", community=1)
    for name in labels(found):
        assert name in text


def test_somebody_is_found_by_name(measured, manager):
    page = manager.get(reverse("insight:network"), {"find": "agadir"}).content.decode()
    assert f"around={measured.port.pk}" in page
    assert "No one with that name" in read(manager, "network", find="nobody at all")


@pytest.mark.parametrize("query", [{"around": 10**12}, {"community": 99}])
def test_who_is_not_there_is_not_found(measured, manager, query):
    graph(manager, status=404, **query)
    read(manager, "network", status=404, **query)


def test_a_clever_intern_reads_no_hidden_name_or_number(world, measured, manager):
    """What was worked out while it was shown stays a number in the figures, and nothing else."""
    hide(measured.lab, world.c.cluster)
    ways = [*VIEWS, {"around": measured.port.pk}, {"around": world.a.cluster.pk}]
    for query in ways:
        for name in ("network-graph", "network"):
            answer = manager.get(reverse(f"insight:{name}"), query)
            text = answer.content.decode()
            assert "Lab of Lyon" not in text, (name, query)
            assert f"around={measured.lab.pk}" not in text, (name, query)
            assert f"/directory/{measured.lab.pk}/" not in text, (name, query)
    everybody = graph(manager, by="everybody")
    [hidden] = [one for one in everybody["nodes"] if one["label"] == "another organisation"]
    assert hidden["url"] == ""
    assert "id" not in hidden
    graph(manager, status=404, around=measured.lab.pk)
    read(manager, "network", status=404, around=measured.lab.pk)


def test_the_other_side_draws_its_own(world, measured, sign_in):
    other = sign_in(world.b.manager)
    assert graph(other) == {"kind": "groups", "nodes": [], "ties": []}
    work_out(world.b.cluster)
    found = graph(other, by="everybody")
    assert "Secret forge" not in labels(found)
    assert "Lab of Lyon" in labels(found)
    graph(other, status=404, around=measured.secret.pk)
