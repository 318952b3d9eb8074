"""Jurors' habits in words: small numbers are shown with caution, and no figure without data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.engine.label import Difference, Strictness
from proxeny.kernel import downloads
from proxeny.kernel.percent import add_percent_sign
from proxeny.labels.models import Assignment
from proxeny.labels.operations.standing import (
    Judged,
    Judging,
    RoundStanding,
    own_total,
    tell_percent,
)
from proxeny.labels.score_presenters import tell_half

#: Below, a figure is called no difference, whatever its sign.
_NOTHING = 0.05


@dataclass(frozen=True, slots=True)
class JurorTold:
    """A juror's strictness; `is_sure` if the interval leaves no doubt about the direction."""

    name: str
    cluster: str
    count: int
    text: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class SpreadTold:
    """The jurors' spread on an indicator, and the two who differ most."""

    title: str
    text: str
    example: str


def tell_strictness(one: Strictness) -> str:
    """Return a juror's strictness beside the others, as a sentence with its interval."""
    if one.reason == "alone":
        return _("No figure: no one else has scored the same applications.")
    if one.points is None or one.low is None or one.high is None:
        return _("No figure yet: too few scores to tell strictness from chance.")
    if one.high < 0:
        return _("%(points)s points stricter than the others (%(low)s to %(high)s)") % {
            "points": _figure(-one.points),
            "low": _figure(-one.high),
            "high": _figure(-one.low),
        }
    if one.low > 0:
        return _("%(points)s points more lenient than the others (%(low)s to %(high)s)") % {
            "points": _figure(one.points),
            "low": _figure(one.low),
            "high": _figure(one.high),
        }
    return _(
        "No clear difference: between %(stricter)s points stricter and %(milder)s points more "
        "lenient"
    ) % {"stricter": _figure(-one.low), "milder": _figure(one.high)}


def tell_jurors(standing: RoundStanding, judging: Judging) -> list[JurorTold]:
    """Return the jurors' strictness, the strictest first, those without a figure last. No query."""
    known = {str(given.juror_id): given for one in standing.rows for given in one.assignments}
    found = sorted(
        judging.calibration.jurors, key=lambda one: (one.points is None, one.points or 0, one.juror)
    )
    return [
        JurorTold(
            name_of(known[one.juror]),
            known[one.juror].juror.party.organisation.name,
            one.scores,
            tell_strictness(one),
            one.low is not None and one.high is not None and (one.low > 0 or one.high < 0),
        )
        for one in found
    ]


def tell_spreads(standing: RoundStanding, judging: Judging, *, most: int = 5) -> list[SpreadTold]:
    """Return the indicators on which jurors are apart, the widest first. No query."""
    rows = {str(one.application.pk): one for one in standing.rows}
    told = []
    for one in judging.spreads:
        if not one.spread.deviation or one.spread.deviation < _NOTHING:
            continue
        text = ngettext(
            "Spread of %(points)s points out of 100, across %(count)d application",
            "Spread of %(points)s points out of 100, across %(count)d applications",
            one.spread.applications,
        ) % {"points": _figure(one.spread.deviation), "count": one.spread.applications}
        widest = one.spread.differences[0]
        example = _example(widest, rows[widest.application], one.indicator.key)
        told.append(SpreadTold(standing.text.told(one.indicator.title), text, example))
    return told[:most]


def tell_progress(one: Judged, given: Assignment, standing: RoundStanding) -> str:
    """Return a juror's progress with an application: their own total, or the share scored."""
    if given.state == Assignment.State.ABSTAINED:
        return _("Abstained")
    done, count = len(one.scores[given.pk]), len(standing.scheme.indicators)
    if given.state == Assignment.State.OPEN:
        return _("%(done)s of %(all)s") % {"done": done, "all": count}
    total = tell_percent(own_total(standing.scheme, one, given), standing.scheme.least)
    return _("Some not judged") if total is None else tell_figure(total)


def tell_ends(one: Judged, standing: RoundStanding) -> str:
    """Return the lowest and the highest total of its jurors; nothing below two."""
    totals = [
        total for given in one.done if (total := own_total(standing.scheme, one, given)) is not None
    ]
    if len(totals) < 2:
        return ""
    ends = [tell_percent(min(totals)), tell_percent(max(totals))]
    low, high = (tell_figure(one) for one in ends if one is not None)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def score_table(standing: RoundStanding) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the head and the lines of a table of all scores, one a line. No query."""
    header = [
        _("Number"),
        _("Project"),
        _("Organisation"),
        _("Country"),
        _("Juror"),
        _("Cluster"),
        _("State"),
        _("Indicator"),
        _("Points"),
        _("Maximum points"),
        _("Comment"),
    ]
    return header, _lines(standing)


def file_name(standing: RoundStanding) -> str:
    """Return the name of a file of the scores, without its extension."""
    return downloads.file_name("scores", standing.round.title or standing.round.pk)


def _lines(standing: RoundStanding) -> Iterator[list[Any]]:
    for one in standing.rows:
        asked = one.application
        for given in one.assignments:
            for indicator in standing.text.indicators():
                score = one.scores[given.pk].get(indicator.key)
                points: Any = ""
                if score is not None:
                    points = _("Cannot judge") if score.points is None else float(score.points)
                yield [
                    one.number,
                    asked.title,
                    asked.organisation.name,
                    asked.country,
                    name_of(given),
                    given.juror.party.organisation.name,
                    given.get_state_display(),
                    standing.text.told(indicator.title),
                    points,
                    indicator.scale,
                    score.comment if score else "",
                ]


def tell_figure(percent: Decimal) -> str:
    """Return percent in the reader's language, with two decimals."""
    return add_percent_sign(number_format(percent, 2))


def name_of(given: Assignment) -> str:
    """Return the name of a juror, as managers read it."""
    return given.person.name if given.person else _("Someone who has left")


def _example(one: Difference, row: Judged, key: str) -> str:
    given: Mapping[str, Assignment] = {str(each.juror_id): each for each in row.done}
    high, low = given[one.high], given[one.low]
    return _("Application %(number)s: %(high)s gave %(more)s, %(low)s gave %(less)s.") % {
        "number": row.number,
        "high": name_of(high),
        "low": name_of(low),
        "more": tell_half(row.scores[high.pk][key].points),
        "less": tell_half(row.scores[low.pk][key].points),
    }


def _figure(points: float) -> str:
    return str(number_format(Decimal(f"{abs(points):.1f}"), 1))
