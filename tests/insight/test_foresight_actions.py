"""Saying how much a trend matters, and putting a topic on the radar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.insight.models import Trend, TrendEvidence, TrendView
from proxeny.insight.operations.foresight_actions import MOST_WHY, mark_of, take_topic, weigh_trend
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.operations.records import drop_record, restore_record
from tests.factories.directory import TermFactory
from tests.factories.insight import TrendFactory, TrendViewFactory
from tests.factories.partnerships import PartnershipFactory
from tests.insight.foreseeing import RISING, call, need, topic, work_out, write_texts
from tests.partnerships.rooms import do, others, team
from tests.stages import staged

pytestmark = pytest.mark.django_db


def weigh(world, person, trend, relevance=4, *, seen="", **values):
    return do(
        person,
        weigh_trend,
        partnership_id=world.partnership.pk,
        trend_id=trend.pk,
        relevance=relevance,
        seen=seen,
        **values,
    )


def take(world, person, key):
    return do(person, take_topic, partnership_id=world.partnership.pk, key=key)


@staged
def trend(world):
    return TrendFactory(partnership=world.partnership, title="Digital twins")


def test_each_side_speaks_for_its_own_members(world, trend):
    weigh(world, world.a.manager, trend, 5, why="  Ports   ask for it. ")
    weigh(world, world.b.ambassador, trend, 1)
    found = TrendView.objects.order_by("organisation_id").values_list(
        "organisation_id", "relevance", "why", "person_id"
    )
    assert list(found) == [
        (world.a.cluster.pk, 5, "Ports ask for it.", world.a.manager.pk),
        (world.b.cluster.pk, 1, "", world.b.ambassador.pk),
    ]


def test_b_cannot_write_what_a_says(world, trend, reading):
    TrendViewFactory(trend=trend, organisation=world.a.cluster, relevance=2)
    with reading(world.b.manager):
        mine = TrendView.objects.filter(organisation=world.a.cluster)
        assert mine.count() == 1
        assert mine.update(relevance=5) == 0
        assert mine.delete()[0] == 0
    assert TrendView.objects.get().relevance == 2


def test_it_stands_in_the_trail_with_what_was_said_before(world, trend):
    first = weigh(world, world.a.manager, trend, 2)
    weigh(world, world.a.ambassador, trend, 4, seen=mark_of(first), why="More ask now.")
    entries = AuditEntry.objects.filter(verb="weigh_trend").order_by("pk")
    assert [one.changes for one in entries] == [
        {"title": "Digital twins", "relevance": [None, 2]},
        {"title": "Digital twins", "relevance": [2, 4], "why": ["", "More ask now."]},
    ]
    assert {(one.target, one.target_id, one.organisation_id) for one in entries} == {
        ("insight.trend", trend.pk, world.a.cluster.pk)
    }


def test_saying_the_same_changes_nothing(world, trend):
    first = weigh(world, world.a.manager, trend, 2)
    again = weigh(world, world.a.ambassador, trend, 2, seen=mark_of(first))
    assert again.person_id == world.a.manager.pk
    assert AuditEntry.objects.filter(verb="weigh_trend").count() == 1


def test_two_of_one_side_do_not_write_over_each_other_unseen(world, trend):
    weigh(world, world.a.manager, trend, 2)
    with pytest.raises(Conflict, match="Someone on your team"):
        weigh(world, world.a.ambassador, trend, 5)
    assert TrendView.objects.get().relevance == 2


@pytest.mark.parametrize(
    ("relevance", "why", "field"),
    [(0, "", "relevance"), (6, "", "relevance"), (3, "x" * (MOST_WHY + 1), "why")],
)
def test_what_does_not_fit_is_refused(world, trend, relevance, why, field):
    with pytest.raises(InvalidInput) as caught:
        weigh(world, world.a.manager, trend, relevance, why=why)
    assert caught.value.field == field


def test_who_is_not_in_the_room_says_nothing(world, trend):
    for person in others(world).values():
        with pytest.raises(NotFound):
            weigh(world, person, trend)
    assert not TrendView.objects.exists()


def test_a_trend_of_another_room_or_taken_off_is_refused(world, trend):
    strange = TrendFactory(partnership=PartnershipFactory(lead=world.a.cluster))
    with pytest.raises(NotFound):
        weigh(world, world.a.manager, strange)
    Trend.objects.filter(pk=trend.pk).update(dropped_at=timezone.now())
    with pytest.raises(Conflict, match="removed from the radar"):
        weigh(world, world.a.manager, trend)


def test_a_topic_goes_on_the_radar_with_its_figures(world):
    write_texts(world)
    call(world, "Digital product passports of tiles")
    need(world.a.members[0], "A digital product passport")
    key = topic(work_out(world, world.a), RISING)["key"]
    made = take(world, world.a.ambassador, key)
    assert (made.title, made.words, made.topic) == (
        "Digital product passport",
        "digital product passport",
        key,
    )
    [evidence] = TrendEvidence.objects.all()
    assert evidence.trend_id == made.pk
    assert evidence.title == "Seen in 1 of 1 calls and 36 of 192 project texts"
    assert "Projects: Rising." in evidence.note
    assert evidence.said_on == timezone.now().date()
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["add_trend", "add_trend_evidence"]


def test_what_only_one_side_reads_is_not_told_in_the_evidence(world):
    for number in range(4):
        need(world.a.members[number % 3], f"Digital twins {number} of mills")
    key = topic(work_out(world, world.a), "digital twins")["key"]
    take(world, world.a.manager, key)
    assert TrendEvidence.objects.get().title == "Members mention it in what they need or offer"
    assert "4" not in TrendEvidence.objects.get().note


def test_a_concept_is_found_in_every_language_of_its_vocabulary(world):
    for language, label in (
        ("en", "machine learning"),
        ("fr", "apprentissage automatique"),
        ("el", "μάθηση, μηχανική"),
    ):
        TermFactory(scheme="euroscivoc", code="/23/47/307", language=language, label=label)
    need(world.a.members[0], "Machine learning for mills")
    work_out(world, world.a)
    made = take(world, world.a.manager, "§/23/47/307")
    # A comma would cut a label in two.
    assert made.words == "machine learning, apprentissage automatique"


def test_taking_it_is_undone_and_done_again(world):
    write_texts(world)
    key = topic(work_out(world, world.a), RISING)["key"]
    made = take(world, world.a.manager, key)
    with pytest.raises(Conflict, match="is already on the radar"):
        take(world, world.a.ambassador, key)
    given = {"kind": "trend", "partnership_id": world.partnership.pk, "record_id": made.pk}
    do(world.a.manager, drop_record, **given)
    again = take(world, world.a.manager, key)
    assert again.pk != made.pk
    do(world.a.manager, restore_record, **given)
    assert Trend.objects.filter(dropped_at=None).count() == 2


def test_a_topic_that_is_not_among_the_own_figures_is_refused(world):
    write_texts(world)
    key = topic(work_out(world, world.a), RISING)["key"]
    for person, wanted in ((world.a.manager, "forged"), (world.b.manager, key)):
        with pytest.raises(NotFound, match="find this topic"):
            take(world, person, wanted)
    for person in others(world).values():
        with pytest.raises(NotFound):
            take(world, person, key)
    assert not Trend.objects.exists()


def test_everybody_of_the_teams_may_weigh(world, trend):
    for place, person in enumerate(team(world).values()):
        before = TrendView.objects.filter(
            organisation__in=[world.a.cluster, world.b.cluster],
            person__in=[world.a.manager, world.b.manager],
            trend=trend,
        )
        side = world.a if person in (world.a.manager, world.a.ambassador) else world.b
        seen = mark_of(before.filter(organisation=side.cluster).first())
        weigh(
            world,
            person,
            trend,
            place + 1,
            seen=seen,
            now=timezone.now() + timedelta(seconds=place),
        )
    assert sorted(TrendView.objects.values_list("relevance", flat=True)) == [3, 4]
