"""The pages of health reviews: answers by factor, side by side and over time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.factors import FACTORS, GROUPS, Factor
from proxeny.partnerships.health import Reading
from proxeny.partnerships.health_chart import Line, Mark, draw_lines, mark_scale
from proxeny.partnerships.models import Party
from proxeny.partnerships.signals import Signal, beside

#: In order of discussion.
VERDICTS: dict[str, tuple[Any, Any]] = {
    "apart": (
        _("Seen differently"),
        _("The two averages are at least one full point apart. Discuss these first."),
    ),
    "concern": (_("Concerns"), _("One side’s average is below 3. Work on these together.")),
    "fair": (_("In between"), _("Neither a strength nor a concern.")),
    "strength": (_("Strengths"), _("Each side’s average is 4 or above. Keep these up.")),
    "open": (_("Not answered by all sides"), _("One side couldn’t say, or wasn’t asked.")),
}


@dataclass(frozen=True, slots=True)
class Side:
    """View of one party on a factor: `counts` of the answers 1 to 5, and the change of its mean."""

    party: Party
    side: str
    answers: int
    mean: float | None
    counts: tuple[int, ...]
    change: float | None


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor in one review: what each side says, how far apart, and what was measured."""

    factor: Factor
    verdict: str
    gap: float | None
    agreement: float | None
    sides: tuple[Side, ...]
    marks: list[Mark]
    remarks: tuple[tuple[Party, str], ...]
    signals: list[Signal]


@dataclass(frozen=True, slots=True)
class Group:
    """The factors of one verdict."""

    verdict: str
    label: Any
    lead: Any
    rows: tuple[FactorRow, ...]


def group_factors(
    reading: Reading, before: Reading | None, parties: Sequence[Party], signals: Sequence[Signal]
) -> list[Group]:
    """Return a review's factors by verdict: apart first, then concerns; no query.

    Parameters
    ----------
    before : Reading, optional
        The review before it, for what changed since.
    signals : sequence of Signal
        What was measured; none for a review that is not the newest.
    """
    rows = [_row(one, reading, before, parties, signals) for one in FACTORS]
    rows.sort(key=lambda one: (-(one.gap or 0.0), min(_means(one), default=9.0)))
    return [
        Group(code, label, lead, tuple(found))
        for code, (label, lead) in VERDICTS.items()
        if (found := [one for one in rows if one.verdict == code])
    ]


def _means(row: FactorRow) -> list[float]:
    return [one.mean for one in row.sides if one.mean is not None]


def _row(
    factor: Factor,
    reading: Reading,
    before: Reading | None,
    parties: Sequence[Party],
    signals: Sequence[Signal],
) -> FactorRow:
    found = reading.factors[factor.code]
    earlier = before.factors[factor.code].parties if before else {}
    by_id = {one.pk: one for one in parties}
    sides = []
    for pk, said in found.parties.items():
        old = earlier[pk].mean if pk in earlier else None
        sides.append(
            Side(
                by_id[pk],
                by_id[pk].side.lower(),
                said.answers,
                said.mean,
                said.counts,
                said.mean - old if said.mean is not None and old is not None else None,
            )
        )
    return FactorRow(
        factor=factor,
        verdict=found.verdict,
        gap=found.gap,
        agreement=found.agreement,
        sides=tuple(sides),
        marks=mark_scale([(one.side, one.mean) for one in sides]),
        remarks=tuple(
            (by_id[pk], text) for pk, text in reading.remarks.get(factor.code, ()) if pk in by_id
        ),
        signals=beside(signals, factor.code),
    )


def count_verdicts(reading: Reading) -> list[tuple[str, Any, int]]:
    """Return how many factors have each verdict, those to be talked about first."""
    counts: Counter[str] = Counter(one.verdict for one in reading.factors.values())
    return [
        (code, label, counts[code]) for code, (label, _lead) in VERDICTS.items() if counts[code]
    ]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """Trend of a factor over all shown reviews, by side; `means` are the figures of the lines."""

    factor: Factor
    lines: list[Line]
    means: tuple[tuple[Party, tuple[float | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class TrendGroup:
    """The factors of one group over time."""

    label: Any
    rows: tuple[TrendRow, ...]


def draw_trends(readings: Sequence[Reading], parties: Sequence[Party]) -> list[TrendGroup]:
    """Return the trend of each factor by group, over reviews from the oldest; no query."""
    return [
        TrendGroup(
            label,
            tuple(_trend(one, readings, parties) for one in FACTORS if one.group == code),
        )
        for code, label in GROUPS.items()
    ]


def _trend(factor: Factor, readings: Sequence[Reading], parties: Sequence[Party]) -> TrendRow:
    means: Mapping[Party, tuple[float | None, ...]] = {
        party: tuple(
            found[party.pk].mean if party.pk in found else None
            for found in (one.factors[factor.code].parties for one in readings)
        )
        for party in parties
    }
    told = tuple((party, values) for party, values in means.items() if any(values))
    return TrendRow(
        factor, draw_lines([(party.side.lower(), values) for party, values in told]), told
    )
