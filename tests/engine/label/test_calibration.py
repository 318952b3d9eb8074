"""Strictness, against plain least squares and against truth that is known."""

from fractions import Fraction

import numpy as np
import pytest

from proxeny.engine.label import Difference, Row, calibrate, measure_spread


def _simulate(dice, *, jurors, applications, per, strict, chance):
    """Return rows, and each juror's true strictness less the panel's mean."""
    truth = dice.normal(0, strict, jurors)
    rows = []
    for number in range(applications):
        quality = dice.uniform(40, 60)
        for one in dice.choice(jurors, per, replace=False):
            given = quality + truth[one] + dice.normal(0, chance)
            rows.append(Row(f"j{one:02}", f"a{number:03}", float(np.clip(given, 0, 100))))
    return rows, truth - truth.mean()


@pytest.mark.parametrize(
    ("size", "strict"),
    [
        ({"jurors": 12, "applications": 40, "per": 3}, 5.0),
        ({"jurors": 12, "applications": 40, "per": 3}, 1.0),
        ({"jurors": 5, "applications": 10, "per": 3}, 4.0),
        ({"jurors": 3, "applications": 5, "per": 2}, 4.0),
    ],
)
def test_true_strictness_is_inside_the_intervals(size, strict):
    dice = np.random.default_rng(11)
    inside = []
    for _ in range(200):
        rows, truth = _simulate(dice, **size, strict=strict, chance=4.0)
        found = calibrate(rows)
        if len({one.panel for one in found.jurors}) > 1:
            continue
        inside += [one.low <= truth[int(one.juror[1:])] <= one.high for one in found.jurors]
    assert len(inside) > 200
    assert 0.92 <= np.mean(inside) <= 0.985


def test_shrinkage_is_nearer_to_the_truth_than_least_squares():
    dice = np.random.default_rng(5)
    errors = {True: [], False: []}
    for _ in range(40):
        rows, truth = _simulate(dice, jurors=10, applications=12, per=2, strict=3.0, chance=6.0)
        for shrink, some in errors.items():
            found = calibrate(rows, shrink=shrink)
            if len({one.panel for one in found.jurors}) == 1 and len(found.jurors) == 10:
                some += [(one.points - truth[int(one.juror[1:])]) ** 2 for one in found.jurors]
    assert np.mean(errors[True]) < 0.6 * np.mean(errors[False])


def test_without_shrinkage_it_is_least_squares():
    rows, _ = _simulate(
        np.random.default_rng(2), jurors=6, applications=15, per=3, strict=5.0, chance=3.0
    )
    jurors, applications = sorted({r.juror for r in rows}), sorted({r.application for r in rows})
    design = np.zeros((len(rows) + 1, len(applications) + len(jurors)))
    for at, row in enumerate(rows):
        design[at, applications.index(row.application)] = 1
        design[at, len(applications) + jurors.index(row.juror)] = 1
    design[-1, len(applications) :] = 1
    given = np.array([row.percent for row in rows] + [0])
    solved, left, *_ = np.linalg.lstsq(design, given)
    freedom = len(rows) - design.shape[1] + 1
    covariance = np.linalg.inv(design.T @ design) * left[0] / freedom
    found = calibrate(rows, shrink=False)
    assert [one.points for one in found.jurors] == pytest.approx(solved[len(applications) :])
    assert [one.adjusted for one in found.applications] == pytest.approx(
        solved[: len(applications)]
    )
    assert found.residual**2 == pytest.approx(left[0] / freedom)
    assert found.share is None
    # The row that sets the sum to 0 adds a variance that the centred figures do not have.
    centred = np.eye(len(jurors)) - 1 / len(jurors)
    errors = np.diag(centred @ covariance[len(applications) :, len(applications) :] @ centred)
    assert [one.error for one in found.jurors] == pytest.approx(np.sqrt(errors))


def test_a_strict_juror_is_below_zero_and_shrunk():
    rows = [
        Row(juror, f"a{n}", 60 + 2 * n + (n * at) % 3 - (12 if juror == "strict" else 0))
        for n in range(8)
        for at, juror in enumerate(("even", "mild", "strict"))
    ]
    found = {one.juror: one for one in calibrate(rows).jurors}
    free = {one.juror: one for one in calibrate(rows, shrink=False).jurors}
    assert found["strict"].high < 0 < found["mild"].points
    assert free["strict"].points < found["strict"].points
    assert found["strict"].scores == 8
    assert sum(one.points for one in found.values()) == pytest.approx(0)


def test_alone_and_too_few_have_no_figure():
    rows = [Row(juror, f"a{n}", 50 + n) for juror in "ab" for n in range(6)]
    found = calibrate([*rows, Row("c", "own", 70), Row("c", "own too", 40)])
    alone = found.jurors[2]
    assert (alone.juror, alone.points, alone.low, alone.reason) == ("c", None, None, "alone")
    assert alone.scores == 2
    assert alone.panel != found.jurors[0].panel
    assert {one.application: one.adjusted for one in found.applications}["own"] == 70
    few = calibrate([Row(juror, "a", percent) for juror, percent in (("a", 50), ("b", 90))])
    assert [one.reason for one in few.jurors] == ["too_few", "too_few"]
    assert [(one.percent, one.adjusted) for one in few.applications] == [(70, 70)]
    assert few.share is few.residual is None


def test_panels_that_share_nothing_are_each_their_own():
    rows = [Row(juror, f"x{n}", 50 + n) for juror in "ab" for n in range(4)]
    rows += [Row(juror, f"y{n}", 60 + 5 * (juror == "d")) for juror in "cd" for n in range(4)]
    found = calibrate(rows)
    assert [one.panel for one in found.jurors] == [0, 0, 1, 1]
    assert found.jurors[2].points == pytest.approx(-found.jurors[3].points)


def test_all_the_same_is_no_strictness():
    found = calibrate([Row(juror, f"a{n}", 50) for juror in "abc" for n in range(6)])
    assert [one.points for one in found.jurors] == pytest.approx([0, 0, 0])
    assert max(one.error for one in found.jurors) < 1e-3


def test_nothing_to_calibrate():
    assert calibrate([]).jurors == ()
    assert measure_spread([]).deviation is None


def test_spread_of_an_indicator():
    found = measure_spread(
        [
            Row("a", "p", 40),
            Row("b", "p", 60),
            Row("c", "p", 50),
            Row("a", "q", Fraction(70)),
            Row("b", "q", 100),
            Row("a", "alone", 0),
        ],
        most=2,
    )
    assert found.applications == 2
    assert found.deviation == pytest.approx((10 + 30 / 2**0.5) / 2)
    assert found.differences == (Difference("q", "a", "b", 30), Difference("p", "a", "b", 20))


@pytest.mark.parametrize("call", [calibrate, measure_spread])
def test_two_rows_of_one_juror(call):
    with pytest.raises(ValueError, match="rows: two have the key"):
        call([Row("a", "p", 1), Row("a", "p", 2)])


@pytest.mark.parametrize("percent", [-1, 101, float("nan")])
def test_bad_percent(percent):
    with pytest.raises(ValueError, match="row 'a' 'p': percent"):
        Row("a", "p", percent)
