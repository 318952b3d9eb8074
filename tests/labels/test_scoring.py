"""A juror scores: what is kept, what is refused, and that nothing changes after the decision."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.labels.models import Assignment, Criterion, Remark, Score, Submission
from proxeny.labels.operations.scoring import (
    Typed,
    TypedComment,
    finish_scoring,
    reopen_scoring,
    save_scores,
)
from proxeny.partnerships.models import Interest, Partnership
from tests.conftest import reader_of
from tests.factories.accounts import SeatFactory
from tests.factories.labels import IndicatorFactory, SchemeVersionFactory
from tests.labels.judging import assign, make_judged, submit
from tests.partnerships.rooms import do, others
from tests.stages import staged

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)


@staged
def judged(world):
    return make_judged(world)


@staged
def given(judged, world):
    return assign(judged.greek, submit(judged, world.a.members[0]))


def typed(key, points, comment="", *, ago_s=0):
    figure = None if points is None else Decimal(str(points))
    return Typed(key, figure, comment, NOW - timedelta(seconds=ago_s))


def save(given, *scores, person=None, **values):
    values.setdefault("now", NOW)
    return do(person or given.person, save_scores, assignment_id=given.pk, scores=scores, **values)


def finish(given, *scores, **values):
    return do(given.person, finish_scoring, assignment_id=given.pk, scores=scores, **values)


def kept(given):
    return {
        one.indicator: (one.points, one.comment) for one in Score.objects.filter(assignment=given)
    }


def test_what_is_typed_is_kept_at_once_with_one_row_in_the_trail_an_hour(judged, given):
    first, second, third = judged.keys
    saved = save(given, typed(first, 3.5, "New in Greece."), typed(second, None, "No figures."))
    assert (saved.kept, saved.refused, saved.later) == ([first, second], {}, {})
    assert [one.key for one in saved.reading.missing] == [third]
    save(given, typed(third, 0))
    assert kept(given) == {
        first: (Decimal("3.50"), "New in Greece."),
        second: (None, "No figures."),
        third: (0, ""),
    }
    [entry] = AuditEntry.objects.filter(verb="save_scores")
    assert (entry.person_id, entry.organisation_id, entry.partnership_id, entry.changes) == (
        given.person_id,
        judged.greek.party.organisation_id,
        given.partnership_id,
        {},
    )
    save(given, typed(third, 1, ago_s=-9), now=timezone.now() + timedelta(hours=2))
    assert AuditEntry.objects.filter(verb="save_scores").count() == 2


def test_of_two_states_of_one_score_the_later_holds_in_whichever_order_they_come(judged, given):
    key = judged.keys[0]
    save(given, typed(key, 4, ago_s=10))
    saved = save(given, typed(key, 2, ago_s=20))
    assert (saved.kept, saved.later[key].points) == ([], 4)
    save(given, typed(key, 3, ago_s=5), typed(key, 1, ago_s=7))
    assert kept(given) == {key: (3, "")}
    assert Score.objects.get().saved_at == NOW - timedelta(seconds=5)


def test_what_is_sent_twice_is_kept_once(judged, given):
    one = typed(judged.keys[0], 4, "Good.", ago_s=10)
    save(given, one)
    before = Score.objects.get()
    assert save(given, one).kept == [one.indicator]
    assert Score.objects.get().saved_at == before.saved_at
    assert Score.objects.get().pk == before.pk


def test_a_clock_that_is_ahead_does_not_hold_against_what_comes_later(judged, given):
    key = judged.keys[0]
    save(given, typed(key, 4, ago_s=-86_400))
    assert Score.objects.get().saved_at == NOW
    save(given, typed(key, 2, ago_s=-86_400), now=NOW + timedelta(seconds=1))
    assert kept(given) == {key: (2, "")}


def test_a_page_that_stood_open_does_not_put_older_scores_over_newer_ones(judged, given):
    first, second, _third = judged.keys
    drawn = NOW - timedelta(minutes=5)
    save(given, typed(first, 4, ago_s=60))
    saved = save(given, typed(first, 1), typed(second, 2), seen=drawn)
    assert (saved.kept, list(saved.later)) == ([second], [first])
    assert kept(given)[first] == (4, "")


@pytest.mark.parametrize("points", [5.5, -0.5, 3.25, "NaN", "Infinity"])
def test_points_that_the_scale_does_not_have_are_refused_and_the_others_kept(judged, given, points):
    first, second, _third = judged.keys
    saved = save(given, typed(first, points), typed(second, 5))
    assert saved.refused == {
        first: "“New abroad” accepts points from 0 to 5, including half points."
    }
    assert kept(given) == {second: (5, "")}


def test_a_long_scale_has_whole_points(world):
    judged = make_judged(world)
    scheme = judged.version.scheme
    first = Criterion.objects.filter(scheme=scheme).earliest("number")
    row = IndicatorFactory(criterion=first, scale=20, number=9, title="Reach")
    judged.set(scheme_version=SchemeVersionFactory(scheme=scheme, number=2))
    given = assign(judged.greek, submit(judged, world.a.members[0]))
    saved = save(given, typed(f"i{row.pk}", 12.5))
    assert saved.refused == {f"i{row.pk}": "“Reach” accepts whole points from 0 to 20."}
    assert save(given, typed(f"i{row.pk}", 12)).kept == [f"i{row.pk}"]


def test_an_indicator_of_another_label_and_a_comment_too_long_are_refused(judged, given):
    saved = save(given, typed("i999999", 3), typed(judged.keys[0], 3, "x" * 2001))
    assert saved.refused == {
        "i999999": "This label doesn’t have this indicator.",
        judged.keys[0]: "Enter at most 2000 characters.",
    }
    assert kept(given) == {}


def test_who_has_finished_counts_and_can_go_on_until_the_round_moves_on(judged, given):
    with pytest.raises(InvalidInput) as refused:
        finish(given, typed(judged.keys[0], 3))
    assert str(refused.value) == "Still to be scored: “Customers”, “Team”."
    assert refused.value.field == judged.keys[1]
    assert kept(given) == {}
    scores = [typed(key, 3, ago_s=60) for key in judged.keys]
    finish(given, *scores, comment=TypedComment("Good.", NOW))
    given.refresh_from_db()
    assert (given.state, given.comment, given.done_at is not None) == ("done", "Good.", True)
    with pytest.raises(Conflict, match="Reopen it"):
        save(given, typed(judged.keys[0], 4))
    do(given.person, reopen_scoring, assignment_id=given.pk)
    given.refresh_from_db()
    assert (given.state, given.done_at) == ("open", None)
    assert save(given, typed(judged.keys[0], 4)).kept == [judged.keys[0]]
    with pytest.raises(Conflict, match="You haven’t finished this one yet"):
        do(given.person, reopen_scoring, assignment_id=given.pk)
    finish(given)
    judged.set(state="discussing")
    with pytest.raises(Conflict):
        do(given.person, reopen_scoring, assignment_id=given.pk)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["save_scores", "finish_scoring", "reopen_scoring", "finish_scoring"]


def test_the_later_comment_in_all_holds(given):
    save(given, comment=TypedComment("First.", NOW - timedelta(seconds=20)))
    save(given, comment=TypedComment("Second.", NOW - timedelta(seconds=10)))
    saved = save(given, comment=TypedComment("Older.", NOW - timedelta(seconds=15)))
    assert saved.later[""].comment == "Second."
    assert save(given, comment=TypedComment("x" * 4001, NOW)).refused == {
        "": "Enter at most 4000 characters."
    }
    given.refresh_from_db()
    assert given.comment == "Second."


def test_while_it_is_discussed_each_change_is_told(judged, given):
    first = judged.keys[0]
    finish(given, *(typed(key, 3, ago_s=60) for key in judged.keys))
    judged.set(state="discussing")
    save(given, typed(first, 4, "You convinced me.", ago_s=20))
    save(given, typed(first, 4, "You have convinced me.", ago_s=10))
    save(given, typed(first, None, "You have convinced me."))
    told = Remark.objects.order_by("pk").values_list(
        "indicator", "text", "points_before", "points_after", "person_id"
    )
    assert list(told) == [(first, "", 3, 4, given.person_id), (first, "", 4, None, given.person_id)]
    assert AuditEntry.objects.filter(verb="change_scores").count() == 3
    given.refresh_from_db()
    assert given.state == "done"


@pytest.mark.parametrize("state", ["planned", "open", "decided"])
def test_scores_are_taken_only_while_the_round_is_judged(judged, given, state):
    judged.set(state=state)
    with pytest.raises(Conflict, match="You can only give scores while the round is being judged"):
        save(given, typed(judged.keys[0], 3))


def test_an_appeal_is_read_anew_in_a_round_that_was_decided(judged, given):
    Assignment.objects.filter(pk=given.pk).update(is_appeal=True)
    judged.set(state="decided")
    assert save(given, typed(judged.keys[0], 3)).kept == [judged.keys[0]]


def test_nobody_scores_for_somebody_else(world, judged, given):
    people = {
        **others(world),
        "A": world.a.manager,
        "B": world.b.manager,
        "ambassador": world.a.ambassador,
        "juror": judged.french.person,
    }
    for person in people.values():
        with pytest.raises(NotFound):
            save(given, typed(judged.keys[0], 5), person=person)
    assert kept(given) == {}


def test_their_own_company_is_refused_and_written_into_the_log(world, judged, given, caplog):
    caplog.set_level(logging.INFO, logger="proxeny.security")
    SeatFactory(person=given.person, organisation=world.a.members[0], role=Role.REPRESENTATIVE)
    with pytest.raises(NotAllowed, match="You belong to the organisation that’s applying here"):
        save(given, typed(judged.keys[0], 5))
    assert kept(given) == {}
    [line] = [one for one in caplog.records if one.name == "proxeny.security"]
    assert (line.kind, line.outcome, line.assignment) == ("score_own_company", "refused", given.pk)
    assert line.organisation == world.a.members[0].pk
    # And in the database: whoever would write past the operation.
    reader = reader_of(given.person)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        acting_as(WEB, reader),
    ):
        Score.objects.create(
            partnership_id=given.partnership_id,
            assignment_id=given.pk,
            person_id=reader.person,
            application_id=given.application_id,
            indicator=judged.keys[0],
            points=5,
            saved_at=NOW,
        )


def test_who_abstained_or_has_a_conflict_or_left_the_jury_finds_nothing(world, judged, given):
    def refused():
        with pytest.raises(NotFound):
            save(given, typed(judged.keys[0], 5))

    Assignment.objects.filter(pk=given.pk).update(state="abstained")
    refused()
    Assignment.objects.filter(pk=given.pk).update(state="open")
    judged.greek.state = "out"
    judged.greek.save()
    refused()
    judged.greek.state = "in"
    judged.greek.save()
    Interest.objects.create(
        partnership=world.partnership,
        person=given.person,
        subject="application",
        subject_id=given.application_id,
        conflicts=True,
        said_at=NOW,
    )
    refused()


def test_what_was_withdrawn_or_put_away_or_has_ended_is_scored_no_more(world, judged, given):
    Submission.objects.filter(application=given.application_id).update(withdrawn_at=NOW)
    with pytest.raises(NotFound, match="withdrawn"):
        save(given, typed(judged.keys[0], 5))
    Submission.objects.filter(application=given.application_id).update(withdrawn_at=None)
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended")
    with pytest.raises(Conflict, match="has ended"):
        save(given, typed(judged.keys[0], 5))
    assert kept(given) == {}


def test_nothing_changes_after_the_decision(judged, given, caplog, reading):
    caplog.set_level(logging.INFO, logger="proxeny.security")
    finish(given, *(typed(key, 3) for key in judged.keys))
    Assignment.objects.filter(pk=given.pk).update(frozen_at=NOW)
    judged.set(state="discussing")
    before = kept(given)
    with pytest.raises(Conflict, match="A decision has been made"):
        save(given, typed(judged.keys[0], 5))
    with pytest.raises(Conflict):
        finish(given)
    with pytest.raises(Conflict):
        do(given.person, reopen_scoring, assignment_id=given.pk)
    kinds = [one.kind for one in caplog.records if one.name == "proxeny.security"]
    assert kinds == ["score_after_decision", "score_after_decision"]
    # As the juror, past every operation: no row is found to be changed.
    with reading(given.person):
        assert Score.objects.filter(assignment=given).update(points=5) == 0
    # And as Proxeny itself.
    for change in (
        lambda: Score.objects.filter(assignment=given).update(points=5),
        lambda: Score.objects.filter(assignment=given).first().delete(),
        lambda: Assignment.objects.filter(pk=given.pk).update(frozen_at=None),
        lambda: Assignment.objects.filter(pk=given.pk).update(state="open"),
    ):
        with (
            pytest.raises(DatabaseError, match="a score that was decided on does not change"),
            transaction.atomic(),
        ):
            change()
    assert kept(given) == before


def test_saving_takes_as_many_queries_for_one_score_as_for_three(judged, given):
    reader = reader_of(given.person)

    def queries(*scores):
        with acting_as(WEB, reader), CaptureQueriesContext(connection) as captured:
            save_scores(actor=reader, assignment_id=given.pk, scores=scores, now=NOW)
        return len(captured)

    save(given, *(typed(key, 1, ago_s=90) for key in judged.keys))
    one = queries(typed(judged.keys[0], 2, ago_s=80))
    assert queries(*(typed(key, 3, ago_s=70) for key in judged.keys)) == one
