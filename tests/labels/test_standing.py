"""How a round stands: results of the scores that count, and how the jurors judge."""

from decimal import Decimal
from fractions import Fraction

import pytest

from proxeny.kernel.errors import NotFound
from proxeny.labels.models import Application, Assignment, Submission
from proxeny.labels.operations.engine_scheme import scheme_of
from proxeny.labels.operations.standing import (
    measure_judging,
    read_round_standing,
    tell_percent,
)
from proxeny.labels.queries.rounds import text_of_round
from proxeny.partnerships.models import Interest
from tests.factories import labels as made
from tests.labels.judging import assign, make_judged, make_juror, submit

pytestmark = pytest.mark.django_db


def test_the_published_scheme_is_reckoned_with_as_it_was_signed(world):
    judged = make_judged(world)
    scheme = scheme_of(text_of_round(judged.round))
    assert [one.key for one in scheme.indicators] == judged.keys
    assert [one.weight for one in scheme.criteria] == [2, 1]
    assert [one.least for one in scheme.criteria] == [None, Fraction(50)]
    assert [one.least for one in scheme.indicators] == [Fraction(2), Fraction(2), None]
    assert (scheme.least, scheme.rule) == (Fraction(60), "median")
    assert [one.least for one in scheme.levels] == [Fraction(60), Fraction(80)]


def test_each_application_has_its_result_from_those_who_have_finished(world):
    judged = make_judged(world)
    first = submit(judged, world.a.members[0])
    second = submit(judged, world.b.members[0])
    assign(judged.greek, first, 5, 4, 3)
    assign(judged.french, first, 4, 3, 2)
    assign(judged.greek, second, 5, 5, 5, state="open")
    one, other = read_round_standing(judged.round).rows
    assert (one.number, one.application, one.jurors, one.missing) == (1, first, 2, ())
    # Novelty 4.5 of 5 = 90; market (2 · 70 + 50) / 3 = 190/3; total (2 · 90 + 190/3) / 3.
    assert one.total == Fraction(730, 9)
    assert one.outcome.total == Decimal("81.11")
    assert [row.points for row in one.outcome.indicators] == [
        Decimal("4.50"),
        Decimal("3.50"),
        Decimal("2.50"),
    ]
    row = one.outcome.indicators[0]
    assert (row.lowest, row.highest) == (4, 5)
    assert [row.percent for row in one.outcome.criteria] == [Decimal("90.00"), Decimal("63.33")]
    assert one.outcome.passes is True
    assert one.outcome.level == text_of_round(judged.round).levels[1].key
    assert (other.jurors, len(other.reading), other.total) == (0, 1, None)
    assert other.missing == tuple(judged.keys)
    assert (other.outcome.passes, other.outcome.level) == (False, "")


def test_who_cannot_judge_and_who_abstained_do_not_count(world):
    judged = make_judged(world, least_scores=2)
    one = submit(judged, world.a.members[0])
    assign(judged.greek, one, 4, None, 4)
    assign(judged.french, one, 4, 4, 4, state="abstained")
    third = make_juror(judged.round, world, world.b, "Second French juror")
    assign(third, one, 2, 4, 4)
    [found] = read_round_standing(judged.round).rows
    assert found.jurors == 2
    assert found.missing == (judged.keys[1],)
    assert [row.scores for row in found.outcome.indicators] == [2, 1, 2]
    assert found.total is None


def test_what_was_withdrawn_or_cannot_take_part_is_left_out(world):
    judged = make_judged(world)
    there, gone, unfit, looked_at = (
        submit(judged, organisation) for organisation in (*world.a.members[:3], world.b.members[0])
    )
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")
    Submission.objects.filter(application=gone).update(withdrawn_at=gone.submitted_at)
    Application.objects.filter(pk=unfit.pk).update(eligible=False, eligible_why="Too young.")
    Application.objects.filter(pk=looked_at.pk).update(eligible=True)
    made.ApplicationFactory(round=judged.round, organisation=world.b.members[1])
    standing = read_round_standing(judged.round)
    assert [one.application for one in standing.rows] == [there, looked_at]
    assert standing.of(there.pk).number == 1
    assert standing.of(gone.pk) is None


def test_an_appeal_stands_by_those_who_read_it_anew(world):
    judged = make_judged(world)
    appealed, other = (submit(judged, one) for one in world.a.members[:2])
    assign(judged.greek, appealed, 1, 1, 1)
    assign(judged.greek, other, 3, 3, 3)
    third = make_juror(judged.round, world, world.b, "Second French juror")
    assign(third, appealed, 4, 4, 4, is_appeal=True)
    assert [one.total for one in read_round_standing(judged.round).rows] == [20, 60]
    [anew] = read_round_standing(judged.round, for_appeal=True).rows
    assert (anew.application, anew.total, anew.jurors) == (appealed, 80, 1)


def test_a_round_that_is_not_published_has_no_standing(world):
    judged = make_judged(world)
    judged.set(state="planned", scheme_version=None)
    with pytest.raises(NotFound, match="This round hasn’t been published yet"):
        read_round_standing(judged.round)


def test_a_manager_with_a_conflict_does_not_find_the_application(world, reading):
    judged = make_judged(world)
    walled, free = (submit(judged, one) for one in world.a.members[:2])
    for one in (walled, free):
        assign(judged.greek, one, 4, 4, 4)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=walled.pk,
        conflicts=True,
        said_at=walled.submitted_at,
    )
    with reading(world.a.manager):
        assert [one.application for one in read_round_standing(judged.round).rows] == [free]
    with reading(world.b.manager):
        assert len(read_round_standing(judged.round).rows) == 2
    for person in (world.a.representatives[2], world.a.ambassador, world.c.manager):
        with reading(person):
            assert read_round_standing(judged.round).rows == ()


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_queries_for_one_as_for_many(world, django_assert_num_queries, count):
    judged = make_judged(world)
    for organisation in world.a.members[:count]:
        one = submit(judged, organisation)
        assign(judged.greek, one, 4, 4, 4)
        assign(judged.french, one, 3, 3, 3)
    with django_assert_num_queries(3):
        standing = read_round_standing(judged.round)
        measure_judging(standing)
        assert [one.application.organisation.name for one in standing.rows]


def test_how_strict_jurors_are_is_told_in_points_of_percent_with_an_interval(world):
    judged = make_judged(world)
    for number, organisation in enumerate([*world.a.members, *world.b.members]):
        one = submit(judged, organisation)
        assign(judged.greek, one, 2 + number % 2, 2, 2)
        assign(judged.french, one, 4 + number % 2, 4, 4)
    found = measure_judging(read_round_standing(judged.round))
    greek, french = found.calibration.jurors
    assert (greek.juror, greek.scores) == (str(judged.greek.pk), 6)
    assert greek.points == pytest.approx(-20, abs=0.5)
    assert greek.low < greek.points < greek.high < 0
    assert french.points == pytest.approx(-greek.points)
    assert all(one.spread.applications == 6 for one in found.spreads)
    assert found.spreads[0].spread.differences[0].points == 40


def test_too_few_scores_tell_nothing_of_a_juror_and_say_why(world):
    judged = make_judged(world)
    first, second = (submit(judged, one) for one in world.a.members[:2])
    assign(judged.greek, first, 1, 1, 1)
    assign(judged.french, second, 5, 5, 5)
    found = measure_judging(read_round_standing(judged.round))
    assert {one.reason for one in found.calibration.jurors} == {"alone"}
    assert found.spreads[0].spread.deviation is None
    assign(judged.french, first, 5, None, 5)
    found = measure_judging(read_round_standing(judged.round))
    # No total of one's own where one could not judge an indicator; the other two are compared.
    assert [one.scores for one in found.calibration.jurors] == [1, 1]
    assert [one.spread.applications for one in found.spreads] == [1, 1, 0]


def test_a_figure_is_never_rounded_up_to_a_threshold_that_it_does_not_reach():
    assert tell_percent(Fraction(200, 3)) == Decimal("66.67")
    assert tell_percent(Fraction(59_999, 1000), 60) == Decimal("59.99")
    assert tell_percent(Fraction(60), 60) == Decimal("60.00")
    assert tell_percent(Fraction(59_991, 1000), 60) == Decimal("59.99")
    assert tell_percent(None, 60) is None


def test_what_a_juror_reads_says_nothing_of_who_applies(world, reading):
    judged = make_judged(world)
    one = submit(judged, world.a.members[0])
    assign(judged.greek, one)
    with reading(judged.greek.person):
        assert Submission.objects.count() == 1
        assert Application.objects.count() == 0
        assert Assignment.objects.count() == 1
