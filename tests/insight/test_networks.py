"""A cluster's network, worked out year by year."""

import json
from datetime import date

import numpy as np
import pytest

from proxeny.engine.network import Group, build_network, measure, merge_actors
from proxeny.engine.network.links import what_if
from proxeny.engine.network.movement import movement
from proxeny.insight.operations import networks_present
from proxeny.insight.operations.networks import PART
from proxeny.insight.operations.networks_kept import unpack_network
from proxeny.insight.operations.networks_layout import SIDE, lay_out, lay_out_groups
from proxeny.insight.operations.networks_what_if import find_ways, partners_of, try_changes
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from proxeny.insight.queries.joint_activities import WEIGHTS
from proxeny.kernel.errors import InvalidInput
from proxeny.partnerships.models import Partnership, Party
from tests.factories.directory import ClusterFactory, MembershipFactory, ProjectPartFactory
from tests.factories.partnerships import SharingGrantFactory
from tests.insight.networking import TODAY, hide, meet, project, work_out
from tests.stages import staged

pytestmark = pytest.mark.django_db


def by_hand(world, woven, year=2026):
    """The network of the woven world as A sees it, put together by the engine alone."""
    a, b = world.a, world.b
    groups = {
        2026: [
            Group((a.members[0].pk, woven.lab.pk, woven.secret.pk), WEIGHTS["project"]),
            Group((woven.lab.pk, woven.port.pk), WEIGHTS["project"]),
            Group((a.members[0].pk, b.members[0].pk), WEIGHTS["meeting"]),
            Group((a.cluster.pk, b.cluster.pk), WEIGHTS["partnership"]),
        ]
    }[year]
    heads = [(one.pk, side.cluster.pk) for side in (a, b) for one in side.members]
    return merge_actors(build_network(groups=groups, actors=[a.cluster.pk, b.cluster.pk]), heads)


def in_room_since(world, year):
    Partnership.objects.update(starts_on=date(year, 1, 1))
    Party.objects.update(joined_at=f"{year}-01-01T00:00Z")


def test_the_kept_network_is_the_one_of_the_engine(world, woven):
    in_room_since(world, 2026)
    found, did = work_out(world.a.cluster)
    assert did
    kept, judge = unpack_network(bytes(found.data)).network, by_hand(world, woven)
    assert kept.keys.tolist() == judge.keys.tolist()
    assert kept.heads.tolist() == judge.heads.tolist()
    assert kept.tails.tolist() == judge.tails.tolist()
    assert np.allclose(kept.weights, judge.weights, rtol=1e-12)


def test_the_figures_are_those_of_the_engine(world, woven):
    in_room_since(world, 2026)
    found, _did = work_out(world.a.cluster)
    judge = by_hand(world, woven)
    expected, at = measure(judge, seed=0), judge.place(world.a.cluster.pk)
    figures = found.content["years"]["2026"]["figures"]
    for name in ("degree", "strength", "harmonic", "betweenness_share", "constraint", "pagerank"):
        assert figures[name]["value"] == pytest.approx(getattr(expected, name)[at], rel=1e-5)
    assert figures["degree"]["value"] == 3
    actors = found.content["present"]["actors"]
    assert sorted(actors["ids"]) == judge.keys.tolist()
    for name in ("degree", "strength", "harmonic"):
        told = dict(zip(actors["ids"], actors[name], strict=True))
        for place, key in enumerate(judge.keys.tolist()):
            assert told[key] == pytest.approx(getattr(expected, name)[place], rel=1e-3)


def test_nothing_is_worked_out_twice(world, woven):
    first, did = work_out(world.a.cluster)
    again, did_again = work_out(world.a.cluster)
    assert (did, did_again) == (True, False)
    assert again.computed_at == first.computed_at
    assert again.looked_at >= first.looked_at


def test_a_changed_row_has_its_own_years_alone_worked_out(world, woven):
    before, _did = work_out(world.a.cluster)
    old = before.content["years"]
    project(world, world.a.members[0], woven.port, first=2023, last=2023)
    # What is taken over is told from what is worked out by a mark.
    for one in old.values():
        one["kept"] = True
    type(before).objects.filter(pk=before.pk).update(content=before.content)
    after, did = work_out(world.a.cluster)
    assert did
    kept = {year for year, one in after.content["years"].items() if one.get("kept")}
    assert kept == {"2024", "2025", "2026"}
    assert after.content["years"]["2023"]["digest"] != old["2023"]["digest"]


def test_the_present_is_taken_over_while_its_years_hold(world, woven):
    before, _did = work_out(world.a.cluster)
    project(world, world.a.members[0], woven.port, first=2023, last=2023)
    before.content["present"]["kept"] = True
    type(before).objects.filter(pk=before.pk).update(content=before.content)
    assert work_out(world.a.cluster)[0].content["present"].get("kept")
    project(world, world.a.members[0], woven.port, first=2025, last=2025)
    assert "kept" not in work_out(world.a.cluster)[0].content["present"]


def test_a_new_year_is_worked_out_and_the_old_ones_are_told(world, woven):
    work_out(world.a.cluster)
    found, did = work_out(world.a.cluster, today=date(2027, 1, 2))
    assert did
    assert found.content["year"] == 2027
    assert list(found.content["years"])[-1] == "2027"


def test_each_side_has_its_own_network(world, woven):
    of_a, of_b = (work_out(side.cluster)[0] for side in (world.a, world.b))
    assert woven.secret.pk in of_a.content["present"]["actors"]["ids"]
    assert woven.secret.pk not in of_b.content["present"]["actors"]["ids"]
    assert woven.lab.pk in of_b.content["present"]["actors"]["ids"]


def test_figures_name_nobody(world, woven):
    found, _did = work_out(world.a.cluster)
    text = json.dumps(found.content)
    for one in (woven.lab, woven.port, woven.secret, world.a.cluster, world.a.members[0]):
        assert one.name not in text


def test_a_cluster_that_did_nothing_has_figures_too(world):
    found, _did = work_out(world.c.cluster)
    figures = found.content["years"]["2026"]["figures"]
    assert figures["degree"]["value"] == 0
    assert figures["harmonic"]["value"] == 0
    assert figures["constraint"]["value"] is None
    assert found.content["present"]["actors"]["ids"] == [world.c.cluster.pk]
    assert found.content["present"]["movement"] is None


def test_clusters_are_compared_where_their_members_are_seen(world, woven):
    found, _did = work_out(world.a.cluster)
    year = found.content["years"]["2026"]
    assert (year["compared"], year["uncompared"]) == (2, 0)
    assert year["figures"]["harmonic"]["rank"] is None
    far = ClusterFactory(country="MA", visibility="public")
    MembershipFactory(cluster=far, organisation=woven.port)
    for number in range(2):
        # Of a third cluster in Europe that is public, nobody sees the members.
        ClusterFactory(country="DE", name=f"German {number}", visibility="public")
    year = work_out(world.a.cluster)[0].content["years"]["2026"]
    assert (year["compared"], year["uncompared"]) == (2, 2)


def test_three_clusters_make_a_ranking(world, woven):
    third = ClusterFactory(country="IT", visibility="public")
    room = Partnership.objects.create(
        title="Athens – Turin", lead=world.a.cluster, state="active", starts_on=date(2026, 1, 1)
    )
    for side, one in (("A", world.a.cluster), ("B", third)):
        Party.objects.create(partnership=room, organisation=one, side=side)
    MembershipFactory(cluster=third, organisation=woven.lab)
    SharingGrantFactory(partnership=room, organisation=third)
    year = work_out(world.a.cluster)[0].content["years"]["2026"]
    assert year["compared"] == 3
    assert year["figures"]["degree"]["rank"] == [1, 1]
    assert year["figures"]["degree"]["of"] == 3
    assert year["figures"]["degree"]["middle"] is not None


def test_what_moved_the_cluster_is_what_the_engine_says(world, woven):
    in_room_since(world, 2026)
    found, _did = work_out(world.a.cluster)
    moved = found.content["present"]["movement"]
    assert [one["id"] for one in moved["new_ties"]] == [world.b.cluster.pk]
    now = by_hand(world, woven)
    last = merge_actors(
        build_network(
            groups=[
                Group((world.a.members[0].pk, woven.lab.pk, woven.secret.pk)),
                Group((woven.lab.pk, woven.port.pk)),
            ],
            actors=[world.a.cluster.pk, world.b.cluster.pk],
        ),
        [(world.a.members[0].pk, world.a.cluster.pk)],
    )
    judge = movement(last, now, world.a.cluster.pk)
    for name in ("before", "after", "new", "lost", "others"):
        assert moved[name]["harmonic"] == pytest.approx(getattr(judge, name).harmonic, abs=1e-6)


def test_the_best_new_partner_is_proposed_with_who_leads_there(world, woven):
    found, _did = work_out(world.a.cluster)
    proposals = found.content["present"]["proposals"]
    assert proposals["clusters"]["status"] == "empty"
    [link] = proposals["organisations"]["links"]
    assert link["id"] == woven.port.pk
    assert proposals["organisations"]["proven"]
    assert link["ways"]["paths"][0]["ids"] == [world.a.cluster.pk, woven.lab.pk, woven.port.pk]


@staged
def kept(world, woven):
    in_room_since(world, 2026)
    return unpack_network(bytes(work_out(world.a.cluster)[0].data))


def test_what_if_on_the_kept_network_is_what_the_engine_says(world, woven, kept, reading):
    own = world.a.cluster.pk
    with reading(world.a.manager):
        tried = try_changes(kept, own, link=[woven.port.pk], lose=[woven.secret.pk])
    judge = what_if(by_hand(world, woven), own, link=[woven.port.pk], lose=[woven.secret.pk])
    for one, other in ((tried.before, judge.before), (tried.after, judge.after)):
        for name in ("degree", "strength", "harmonic", "reach", "constraint", "betweenness"):
            assert getattr(one, name) == pytest.approx(getattr(other, name))
    assert tried.weight == pytest.approx(judge.weight)


@pytest.mark.parametrize(
    ("link", "lose", "sentence"),
    [
        (["lab"], [], "“Lab of Lyon” is already a partner"),
        ([], ["port"], "“Port of Agadir” isn’t one of your partners"),
        (["own"], [], "That’s your own cluster."),
        (["nobody"], [], "isn’t part of the network"),
        (["port"] * 21, [], "at most 20"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_a_sentence(
    world, woven, kept, reading, link, lose, sentence
):
    numbers = {
        "lab": woven.lab.pk,
        "port": woven.port.pk,
        "own": world.a.cluster.pk,
        "nobody": 10**12,
    }
    with reading(world.a.manager), pytest.raises(InvalidInput, match=sentence):
        try_changes(
            kept,
            world.a.cluster.pk,
            link=[numbers[one] for one in link],
            lose=[numbers[one] for one in lose],
        )


def test_who_is_hidden_by_now_is_refused_as_who_is_not_there(world, woven, kept, reading):
    hide(woven.port, world.c.cluster)
    refused = []
    with reading(world.a.manager):
        for one in (woven.port.pk, 10**12):
            for ask in (
                lambda one=one: try_changes(kept, world.a.cluster.pk, link=[one], lose=[]),
                lambda one=one: find_ways(kept, world.a.cluster.pk, one),
            ):
                with pytest.raises(InvalidInput) as caught:
                    ask()
                refused.append(str(caught.value))
    assert len(set(refused)) == 1


def test_partners_come_by_strength(world, woven, kept):
    found = partners_of(kept, world.a.cluster.pk)
    assert [one.id for one in found] == [
        world.b.cluster.pk,
        *sorted([woven.lab.pk, woven.secret.pk]),
    ]
    assert found[0].weight == pytest.approx(WEIGHTS["partnership"] + WEIGHTS["meeting"])


def test_beyond_those_that_are_told_one_by_one_countries_are_counted(world, woven, monkeypatch):
    monkeypatch.setattr(networks_present, "MOST_ACTORS", 2)
    present = work_out(world.b.cluster)[0].content["present"]
    assert len(present["actors"]["ids"]) == 2
    assert world.b.cluster.pk in present["actors"]["ids"]
    assert sum(present["others"].values()) == present["whole"]["size"] - 2


def test_of_many_ties_the_strongest_one_of_each_is_drawn(world, woven, monkeypatch):
    monkeypatch.setattr(networks_present, "MOST_TIES", 3)
    kept = unpack_network(bytes(work_out(world.a.cluster)[0].data))
    ends = np.concatenate(
        [kept.network.heads[kept.drawn.ties], kept.network.tails[kept.drawn.ties]]
    )
    assert set(ends.tolist()) == set(range(kept.network.size))


def test_places_are_told_with_where_they_are(world, woven):
    present = work_out(world.a.cluster)[0].content["present"]
    countries = {one["code"]: one for one in present["countries"]["groups"]}
    assert countries["FR"]["size"] == 2
    assert countries["FR"]["point"] == pytest.approx([4.85, 45.75], abs=0.1)
    regions = {one["code"] for one in present["regions"]["groups"]}
    assert regions == {"GR", "FR", "MA", "FRK2"}


@pytest.mark.parametrize("size", [70, 700])
def test_the_layout_is_the_same_each_time_and_stays_in_the_picture(size):
    dice = np.random.default_rng(1)
    community = np.arange(size) % 5
    # Four of five ties are within a community; the last ten have none.
    heads = dice.integers(0, size - 10, 3 * size)
    steps = np.where(dice.random(3 * size) < 0.8, 5, 1) * dice.integers(1, 9, 3 * size)
    edges = np.column_stack([heads, heads + steps])[heads + steps < size - 10]
    edges = np.unique(edges, axis=0)
    given = (size, edges, np.ones(len(edges)), community, 0)
    one, other = lay_out(*given), lay_out(*given)
    assert (one == other).all()
    assert one.min() >= 0
    assert one.max() <= SIDE
    assert len(np.unique(one, axis=0)) == size
    # Who is tied stands nearer together than two of all, on average.
    tied = np.linalg.norm(one[edges[:, 0]] - one[edges[:, 1]], axis=1).mean()
    every = np.linalg.norm(one[:-10, None] - one[None, :-10], axis=2).mean()
    assert tied < 0.8 * every


def test_of_many_no_community_lies_on_another():
    dice = np.random.default_rng(2)
    community = np.sort(dice.integers(0, 6, 600))
    edges = np.unique(np.sort(dice.integers(0, 600, (3000, 2)), axis=1), axis=0)
    edges = edges[edges[:, 0] != edges[:, 1]]
    place = lay_out(600, edges, np.ones(len(edges)), community, 0)
    middles = np.array([place[community == one].mean(axis=0) for one in range(6)])
    widest = [
        np.linalg.norm(place[community == one] - middles[one], axis=1).max() for one in range(6)
    ]
    for one in range(6):
        for other in range(one):
            apart = np.linalg.norm(middles[one] - middles[other])
            assert apart > 0.95 * (widest[one] + widest[other])


def test_groups_stand_near_whom_they_did_most_with():
    place = lay_out_groups(4, [[0, 1, 9.0], [1, 2, 1.0], [0, 2, 1.0], [2, 3, 9.0]])
    near, far = (np.linalg.norm(place[a] - place[b]) for a, b in ((0, 1), (1, 2)))
    assert near < far
    assert lay_out_groups(0, []).shape == (0, 2)


def test_a_layout_of_nobody_tied_stands_in_rows():
    found = lay_out(5, np.empty((0, 2), np.int64), np.empty(0), np.arange(5), 0)
    assert len(np.unique(found, axis=0)) == 5


def test_a_part_that_goes_is_found_out(world, woven):
    work_out(world.a.cluster)
    one = meet(world, world.a.members[2], world.b.members[2], 2026)
    assert work_out(world.a.cluster)[1]
    one.delete()
    ProjectPartFactory._meta.model.objects.filter(organisation=woven.port).delete()
    found, did = work_out(world.a.cluster)
    assert did
    assert woven.port.pk not in found.content["present"]["actors"]["ids"]


def test_a_team_works_out_no_more_than_it_sees(world, woven):
    """The work reads as the team does: what nobody in it may see leaves no trace."""
    eyes = eyes_of(world.c.cluster.pk, None, today=TODAY)
    with eyes.reading():
        seen = PART.read(eyes).rows
    assert seen.deeds == []
    assert refresh(eyes, PART, report=lambda step, percent: None)
