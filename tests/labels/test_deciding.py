"""The decision on a round: minutes, results, frozen scores, and what stands against it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.content import read_outcome, read_selection
from proxeny.labels.models import Assignment, Decision, Result, Score
from proxeny.labels.operations.selecting import Wish
from proxeny.partnerships.models import Interest
from tests.labels.deciding import (
    application,
    decide,
    fresh,
    make_ranked,
    propose,
    put_decision,
    result,
    standings,
    with_quota,
)
from tests.partnerships.rooms import others

pytestmark = pytest.mark.django_db


def test_a_decision_gives_each_application_its_result_and_freezes_all_scores(world):
    judged = make_ranked(world, 3, 5, 1, 4, 4, places=2)
    gone = application(judged, 5)
    type(gone).objects.filter(pk=gone.pk).update(eligible=False, eligible_why="No seat there.")
    decision = decide(world.b.manager, judged, minutes="We talked for an hour.")
    assert (decision.number, decision.kind, decision.person) == (1, "round", world.b.manager)
    selection = read_selection(decision.content)
    assert (selection.chosen, selection.waiting) == ((2, 4), (1,))
    assert (selection.places, selection.candidates, selection.passed) == (2, 4, 3)
    assert standings(judged) == ["waiting", "chosen", "below", "chosen", "out"]
    assert [result(judged, number).rank for number in (2, 4, 1, 3, 5)] == [1, 2, 3, None, None]
    best = result(judged, 2)
    assert (best.total, best.told_at) == (100, None)
    assert read_outcome(best.content).passes
    assert result(judged, 3).level == ""
    judged.round.refresh_from_db()
    assert judged.round.state == "decided"
    assert not Assignment.objects.filter(round=judged.round, frozen_at=None).exists()
    entry = AuditEntry.objects.get(verb="decide_label_round")
    assert entry.changes["chosen"] == [None, 2]
    told = set(Mail.objects.values_list("recipient", flat=True))
    assert told == {world.a.manager.email, world.b.manager.email}


def test_what_was_decided_on_does_not_change_any_more(world):
    judged = make_ranked(world, 5)
    decide(world.a.manager, judged)
    with (
        pytest.raises(DatabaseError, match="a score that was decided on does not change"),
        transaction.atomic(),
    ):
        Score.objects.filter(assignment__round=judged.round).update(points=1)
    with pytest.raises(Conflict, match="has moved on"):
        decide(world.a.manager, judged, seen="0" * 64)
    assert Decision.objects.count() == 1


def test_it_is_refused_while_scores_are_missing_which_is_told(world):
    judged = make_ranked(world, 5, None, None)
    with pytest.raises(Conflict, match=r"These applications are still missing scores: 2, 3\."):
        decide(world.a.manager, judged)
    assert not Result.objects.exists()
    judged.round.refresh_from_db()
    assert judged.round.state == "discussing"


def test_it_is_refused_once_somebody_changed_a_score_since_it_was_shown(world, caplog):
    judged = make_ranked(world, 5, 4)
    seen = propose(world.a.manager, judged).fingerprint
    Score.objects.filter(assignment__application=application(judged, 2)).update(points=5)
    with caplog.at_level("INFO", logger="proxeny.security"), pytest.raises(Conflict):
        decide(world.a.manager, judged, seen=seen)
    assert [one.kind for one in caplog.records if hasattr(one, "kind")] == ["scores_changed"]
    decide(world.a.manager, judged)


def test_only_managers_of_the_clusters_decide_and_none_with_a_conflict(world):
    judged = make_ranked(world, 5, 4)
    seen = propose(world.a.manager, judged).fingerprint
    with pytest.raises(NotAllowed):
        decide(world.a.ambassador, judged, seen=seen)
    for person in (*others(world).values(), judged.greek.person):
        with pytest.raises(NotFound):
            decide(person, judged, seen=seen)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=application(judged, 1).pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    with pytest.raises(NotAllowed, match="Someone else from your cluster has to decide"):
        decide(world.a.manager, judged, seen=seen)
    assert put_decision(world.b.manager, judged, seen=seen).waits


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"present": " "}, "present"),
        ({"minutes": ""}, "minutes"),
        ({"minutes": "w" * 20_001}, "minutes"),
        ({"held_on": timezone.now().date() + timedelta(days=2)}, "held_on"),
        ({"held_on": timezone.now().date() - timedelta(days=9)}, "held_on"),
    ],
)
def test_a_meeting_has_its_day_and_its_minutes(world, values, field):
    judged = make_ranked(world, 5)
    with pytest.raises(InvalidInput) as refused:
        decide(world.a.manager, judged, **values)
    assert refused.value.field == field


def test_the_jury_chooses_among_equals_with_a_reason_that_is_marked(world):
    judged = make_ranked(world, 4, 4, 5, places=2)
    wish = Wish(prefer=(2,))
    with pytest.raises(InvalidInput) as refused:
        decide(world.a.manager, judged, wish=wish)
    assert refused.value.field == "why"
    decision = decide(world.a.manager, judged, wish=wish, why="It works on both shores.")
    assert standings(judged) == ["waiting", "chosen", "chosen"]
    assert read_selection(decision.content).preferred == (2,)
    assert decision.minutes == "All agreed.\n\nIt works on both shores."


def test_nobody_is_put_before_who_has_more_points(world):
    judged = make_ranked(world, 3, 4, 5, places=2)
    with pytest.raises(InvalidInput, match="only choose between applications with the same points"):
        decide(world.a.manager, judged, wish=Wish(prefer=(1,)), why="We like it.")


def test_a_quota_that_can_be_kept_is_not_left_out_of_a_decision(world):
    judged = make_ranked(world, 5, 4, 3, places=2, countries="GR GR FR")
    with_quota(judged, least=50)
    key = propose(world.a.manager, judged).text.quotas[0].key
    with pytest.raises(InvalidInput, match="none can be left out of a decision"):
        decide(world.a.manager, judged, wish=Wish(without=(key,)), why="We like both.")
    decision = decide(world.a.manager, judged)
    [quota] = read_selection(decision.content).quotas
    assert (quota.key, quota.least, quota.taken, quota.lost) == (key, 1, 1, 20)
    assert (quota.into, quota.out) == ((3,), (2,))


def test_a_quota_for_which_too_few_passed_is_filled_as_far_as_it_suffices(world):
    judged = make_ranked(world, 5, 4, places=2)
    with_quota(judged, least=50)
    with pytest.raises(Conflict, match="The quotas can’t be met"):
        decide(world.a.manager, judged)
    decision = decide(world.a.manager, judged, wish=Wish(as_far=True))
    [quota] = read_selection(decision.content).quotas
    assert (quota.taken, quota.missing) == (0, 1)


def test_a_threshold_of_one_indicator_decides_whatever_the_total(world):
    judged = make_ranked(world, 5)
    assign_low = application(judged, 1)
    Score.objects.filter(assignment__application=assign_low, indicator=judged.keys[0]).update(
        points=1
    )
    decide(world.a.manager, judged)
    low = result(judged, 1)
    assert (low.standing, low.total >= 40) == ("below", True)


def test_nobody_applied_nothing_is_decided(world):
    judged = make_ranked(world)
    with pytest.raises(Conflict, match="No one applied"):
        decide(world.a.manager, judged)


def test_a_round_that_is_judged_is_not_decided(world):
    judged = make_ranked(world, 5)
    seen = propose(world.a.manager, judged).fingerprint
    judged.set(state="judging")
    with pytest.raises(Conflict, match="has moved on"):
        decide(world.a.manager, judged, seen=seen)
    assert fresh(judged.round).state == "judging"


def test_scores_of_who_abstained_do_not_count(world):
    judged = make_ranked(world, 5)
    one = application(judged, 1)
    given = one.assignments.get(juror=judged.greek)
    Assignment.objects.filter(pk=given.pk).update(state="abstained")
    decide(world.a.manager, judged)
    assert [each.scores for each in read_outcome(result(judged, 1).content).indicators] == [1, 1, 1]
