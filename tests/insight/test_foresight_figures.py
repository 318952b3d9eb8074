"""What foresight works out of texts, as each side's team reads them."""

import json

import pytest
from django.utils import timezone

from proxeny.directory.models import Listing, Organisation, Project, Visibility
from proxeny.insight.operations.foresight import PART
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from tests.factories.directory import ProjectFactory, ProjectPartFactory, TermFactory
from tests.factories.insight import TrendFactory
from tests.insight.foreseeing import (
    FALLING,
    RISING,
    STEADY,
    at,
    call,
    need,
    offer,
    row_of,
    topic,
    work_out,
    write_texts,
)

pytestmark = pytest.mark.django_db


def test_topics_of_all_texts_are_told_with_where_they_go(world):
    write_texts(world)
    made = work_out(world, world.a)
    rising = topic(made, RISING)["views"]["project"]
    assert rising["counts"] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert rising["texts"] == 36
    assert rising["course"]["state"] == "emerging"
    assert rising["course"]["growth"][0] > 1.1
    assert rising["course"]["growth"][1] >= 1
    assert topic(made, FALLING)["views"]["project"]["course"]["state"] == "declining"
    assert topic(made, STEADY)["views"]["project"]["course"]["state"] == "steady"
    assert made.content["years"]["project"] == list(range(2018, 2026))
    assert made.content["documents"] == {"call": 0, "project": 192, "need": 0, "offer": 0}
    assert topic(made, RISING)["movers"] == [[world.a.members[0].pk, 2018, 1]]


def test_a_project_that_both_clusters_keep_is_one_text_of_all_who_took_part(world):
    write_texts(world)
    kept = Project.objects.get(reference="2018-0")
    twice = ProjectFactory(
        steward=world.b.cluster,
        reference=kept.reference,
        title=kept.title,
        objective=kept.objective,
        starts_on=kept.starts_on,
    )
    ProjectPartFactory(project=twice, organisation=world.b.members[0])
    made = work_out(world, world.a)
    assert made.content["documents"]["project"] == 192
    rising = topic(made, RISING)
    assert rising["views"]["project"]["counts"] == [1, 2, 3, 4, 5, 6, 7, 8]
    both = [[one.pk, 2018, 1] for one in (world.a.members[0], world.b.members[0])]
    assert sorted(rising["movers"]) == sorted(both)


def test_texts_of_one_year_say_nothing_of_where_it_goes(world):
    for number in range(4):
        need(world.a.members[0], f"Digital twins {number} of mills", created_at=at(2026))
    made = work_out(world, world.a)
    assert made.content["years"]["need"] == [2026]
    assert "course" not in topic(made, "digital twins")["views"]["need"]


def test_without_any_text_there_is_nothing(world):
    made = work_out(world, world.a)
    assert made.content["topics"] == []
    assert made.content["table"] == []
    assert made.content["documents"] == {"call": 0, "project": 0, "need": 0, "offer": 0}


def test_what_has_not_changed_is_not_worked_out_again(world):
    need(world.a.members[0], "Cold chain")
    first = work_out(world, world.a)
    eyes = eyes_of(world.a.cluster.pk, world.partnership.pk, today=timezone.localdate())
    assert refresh(eyes, PART, report=lambda *_: None) is False
    trend = TrendFactory(partnership=world.partnership, title="Cold chain")
    again = work_out(world, world.a)
    assert again.pk == first.pk
    assert row_of(again, trend)["state"] == "too_few"


def test_a_vocabulary_that_was_loaded_names_topics(world):
    for language, label in (("en", "machine learning"), ("fr", "apprentissage automatique")):
        TermFactory(scheme="euroscivoc", code="/23/47/307", language=language, label=label)
    need(world.a.members[0], "Machine learning for mills")
    need(world.a.members[1], "Apprentissage automatique", language="fr")
    made = work_out(world, world.a)
    [found] = [one for one in made.content["topics"] if one["concept"]]
    assert (found["key"], found["concept"]) == ("§/23/47/307", "/23/47/307")
    assert found["views"]["need"]["texts"] == 2


def test_the_table_sets_a_trend_against_needs_offers_and_open_calls(world):
    trend = TrendFactory(partnership=world.partnership, title="Cold chain", words="froid, ψύξη")
    a, b = world.a.members[0], world.b.members[0]
    ours = need(a, "A cold chain to Lyon")
    theirs = need(b, "Le froid, toujours", language="fr")
    offered = offer(b, "We keep cold chains")
    need(world.c.members[0], "A cold chain for dates")
    asked = call(world, "Cold chains of ports")
    call(world, "Cold chains of the past", days=-3)
    row = row_of(work_out(world, world.a), trend)
    assert row["needs_own"] == [ours.pk]
    assert row["needs_partner"] == [theirs.pk]
    assert (row["offers_own"], row["offers_partner"]) == ([], [offered.pk])
    assert row["calls"] == [asked.pk]
    assert row["gap"] is None
    mirrored = row_of(work_out(world, world.b), trend)
    assert (mirrored["needs_own"], mirrored["needs_partner"]) == ([theirs.pk], [ours.pk])


@pytest.mark.parametrize(
    ("with_offer", "with_need", "with_call", "gap"),
    [
        (False, True, False, "unmet_need"),
        (True, True, False, "need_without_call"),
        (False, False, True, "call_without_need"),
        (False, False, False, None),
    ],
)
def test_gaps_are_named(world, with_offer, with_need, with_call, gap):
    trend = TrendFactory(partnership=world.partnership, title="Cold chain")
    if with_need:
        need(world.a.members[0], "A cold chain")
    if with_offer:
        offer(world.b.members[0], "A cold chain")
    if with_call:
        call(world, "A cold chain")
    row = row_of(work_out(world, world.a), trend)
    assert row["gap"] == gap
    assert bool(row["size"]) == bool(gap)


def test_two_trends_with_a_phrase_in_common_both_have_its_texts(world):
    first = TrendFactory(partnership=world.partnership, title="Passports", words="cold chain")
    second = TrendFactory(partnership=world.partnership, title="Chains", words="cold chains")
    ours = need(world.a.members[0], "A cold chain")
    made = work_out(world, world.a)
    assert [row_of(made, one)["needs_own"] for one in (first, second)] == [[ours.pk], [ours.pk]]


def test_a_need_that_one_side_keeps_to_itself_counts_there_alone(world):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(visibility=Visibility.PRIVATE)
    trend = TrendFactory(partnership=world.partnership, title="Cold chain")
    kept = need(member, "A cold chain of our own")
    need(world.a.members[1], "A cold chain, half thought", status=Listing.Status.DRAFT)
    mine, theirs = (work_out(world, side) for side in (world.a, world.b))
    assert row_of(mine, trend)["needs_own"] == [kept.pk]
    assert row_of(theirs, trend)["needs_partner"] == []
    assert theirs.content["documents"]["need"] == 0
    assert str(kept.pk) not in json.dumps(theirs.content["table"])


def test_figures_hold_numbers_and_no_names(world):
    write_texts(world, years=range(2024, 2026))
    TrendFactory(partnership=world.partnership, title="Cold chain", details="Ice for islands.")
    need(world.a.members[0], "A cold chain to Marseille and back")
    told = json.dumps(work_out(world, world.a).content)
    for name in ("Greek", "French", "Ice for islands", "Marseille", "number 202400"):
        assert name not in told


def test_a_trend_that_was_taken_off_has_no_row(world):
    trend = TrendFactory(
        partnership=world.partnership, title="Cold chain", dropped_at=timezone.now()
    )
    need(world.a.members[0], "A cold chain")
    assert work_out(world, world.a).content["table"] == []
    assert str(trend.pk) not in work_out(world, world.a).content["trends"]


def test_kinds_of_texts_are_never_judged_together(world):
    """What members begin to write of this year is no rise of projects, that go far back."""
    write_texts(world)
    for number in range(9):
        need(world.a.members[number % 3], f"The cold chain, part {number}")
    found = topic(work_out(world, world.a), STEADY)
    assert (found["texts"], found["main"]) == (33, "project")
    assert found["views"]["project"]["course"]["state"] == "steady"
    assert found["views"]["project"]["bursts"] == []
    assert "course" not in found["views"]["need"]


def test_a_board_is_told_what_leads(world):
    write_texts(world)
    TrendFactory(partnership=world.partnership, title="Cold chain")
    passport = TrendFactory(partnership=world.partnership, title=RISING)
    call(world, "Digital product passports")
    content = work_out(world, world.a).content
    assert content["board"]["trends"] == {"value": 2}
    assert content["board"]["topics_emerging"]["value"] >= 1
    assert content["board"]["needs_without_call"] == {"value": 0}
    assert content["board"]["calls_without_need"] == {"value": 1}
    assert content["board_more"] == {"gaps": [passport.pk]}
