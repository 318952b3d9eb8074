"""The standing of a round: the results of applications by their scores, and jurors' habits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from proxeny.engine.label import (
    Calibration,
    Result,
    Row,
    Scheme,
    Spread,
    calibrate,
    combine,
    measure_spread,
)
from proxeny.labels.content import (
    CriterionOutcome,
    IndicatorOutcome,
    IndicatorText,
    Outcome,
    SchemeText,
)
from proxeny.labels.models import Application, Assignment, Round, Score, Submission
from proxeny.labels.operations.engine_scheme import exactly, scheme_of
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.queries.scores import Given, read_given

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Judged:
    """An application with the scores of the jurors who have finished.

    `outcome` is for reading, its figures rounded; `result` is exact. `assignments` are all of it,
    `done` those that count. `scores` are by assignment and indicator, unfinished ones too.
    """

    submission: Submission
    assignments: tuple[Assignment, ...]
    done: tuple[Assignment, ...]
    scores: Mapping[int, Mapping[str, Score]]
    result: Result
    outcome: Outcome

    @property
    def application(self) -> Application:
        """The judged application."""
        return self.submission.application

    @property
    def number(self) -> int:
        """Its number in the round."""
        return self.submission.number

    @property
    def total(self) -> Fraction | None:
        """The exact percent in total; None while something is missing."""
        return self.result.percent

    @property
    def jurors(self) -> int:
        """The number of jurors whose scores count."""
        return len(self.done)

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys of the indicators with fewer scores than the scheme asks for."""
        return self.result.missing

    @property
    def reading(self) -> tuple[Assignment, ...]:
        """The assignments of jurors who have not abstained."""
        return tuple(one for one in self.assignments if one.state != Assignment.State.ABSTAINED)


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """A round with its published scheme and the standing of each application, by number."""

    round: Round
    text: SchemeText
    scheme: Scheme
    rows: tuple[Judged, ...]

    def of(self, application_id: int) -> Judged | None:
        """Return the standing of one application, or None if it does not take part."""
        return next((one for one in self.rows if one.application.pk == application_id), None)


@dataclass(frozen=True, slots=True)
class IndicatorSpread:
    """The spread of the jurors' scores on one indicator."""

    indicator: IndicatorText
    spread: Spread


@dataclass(frozen=True, slots=True)
class Judging:
    """The strictness of each juror, and the indicators, those with the widest spread first.

    Keys of jurors and applications are their numbers in the database, as text.
    """

    calibration: Calibration
    spreads: tuple[IndicatorSpread, ...]


def read_round_standing(held: Round, *, for_appeal: bool = False) -> RoundStanding:
    """Return the standing of the applications of a published round. Three queries.

    Reads with the caller's access: a manager with a conflict of interest in an application does not
    find it here. To decide for all, call it in `as_service` after checking the access.

    Parameters
    ----------
    held : Round
        With its version.
    for_appeal : bool
        Second readings after an appeal, by the scores of their readers.

    Raises
    ------
    NotFound
        The round is not published.
    """
    text = text_of_round(held)
    scheme = scheme_of(text)
    given = read_given(held, for_appeal=for_appeal)
    rows = tuple(_judge(one, given, scheme, text) for one in given.submissions)
    return RoundStanding(held, text, scheme, rows)


def measure_judging(standing: RoundStanding) -> Judging:
    """Return statistics on the jurors, from the assignments that are finished. No query.

    A juror's row for an application is the total of their own points; none where they could not
    judge an indicator, since what is missing cannot be compared.
    """
    totals = [
        Row(str(given.juror_id), str(one.application.pk), total)
        for one in standing.rows
        for given in one.done
        if (total := own_total(standing.scheme, one, given)) is not None
    ]
    spreads = [
        IndicatorSpread(one, measure_spread(list(_rows_of(standing, one))))
        for one in standing.text.indicators()
    ]
    spreads.sort(key=lambda one: -(one.spread.deviation or 0))
    return Judging(calibrate(totals), tuple(spreads))


def own_total(scheme: Scheme, one: Judged, given: Assignment) -> Fraction | None:
    """Return the percent in total of one juror's own points; None unless all are there."""
    return combine(scheme, {"own": points_of(one.scores.get(given.pk, {}).values())}).percent


def points_of(scores: Iterable[Score]) -> dict[str, Fraction | None]:
    """Return points by indicator; None where a juror cannot judge it."""
    return {one.indicator: exactly(one.points) for one in scores}


def tell_percent(percent: Fraction | None, least: Fraction | int | None = None) -> Decimal | None:
    """Return a percent with two decimals; never rounded up to a threshold that it does not reach."""
    if percent is None:
        return None
    figure = _round(percent, ROUND_HALF_UP)
    if least is not None and percent < least <= Fraction(figure):
        return _round(percent, ROUND_FLOOR)
    return figure


def outcome_of(result: Result, scheme: Scheme) -> Outcome:
    """Return an application's result for storage and reading; it passes only if complete."""
    least = {one.key: one.least for one in scheme.indicators}
    least |= {one.key: one.least for one in scheme.criteria}
    return Outcome(
        tuple(
            IndicatorOutcome(
                one.key,
                tell_percent(one.points, least[one.key]),
                one.count,
                bool(one.passes),
                tell_percent(one.lowest),
                tell_percent(one.highest),
            )
            for one in result.indicators
        ),
        tuple(
            CriterionOutcome(one.key, tell_percent(one.percent, least[one.key]), bool(one.passes))
            for one in result.criteria
        ),
        tell_percent(result.percent, scheme.least),
        bool(result.passes),
        result.level or "",
    )


def _judge(submission: Submission, given: Given, scheme: Scheme, text: SchemeText) -> Judged:
    assignments = tuple(given.assignments.get(submission.application_id, ()))
    done = tuple(one for one in assignments if one.state == Assignment.State.DONE)
    result = combine(
        scheme,
        {str(one.pk): points_of(given.scores.get(one.pk, {}).values()) for one in done},
        text.least_scores,
    )
    scores = {one.pk: given.scores.get(one.pk, {}) for one in assignments}
    return Judged(submission, assignments, done, scores, result, outcome_of(result, scheme))


def _rows_of(standing: RoundStanding, indicator: IndicatorText) -> Iterator[Row]:
    for one in standing.rows:
        for given in one.done:
            score = one.scores[given.pk].get(indicator.key)
            if score is not None and score.points is not None:
                percent = 100 * Fraction(score.points) / indicator.scale
                yield Row(str(given.juror_id), str(one.application.pk), percent)


def _round(figure: Fraction, how: str) -> Decimal:
    exact = Decimal(figure.numerator) / Decimal(figure.denominator)
    return exact.quantize(_CENT, rounding=how)
