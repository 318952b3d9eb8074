"""The report of the desks in words and figures: on the page, on paper, and as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.ambassadors.queries.report import Desk, Report, Row
from proxeny.meetings.models import Rating
from proxeny.meetings.queries.outcome import Chain, Rate
from proxeny.meetings.queries.terms import Terms
from proxeny.partnerships.amounts import tell_amount, tell_rounded

#: Counts of mandates and introductions: the name of a figure, and its label.
DONE = (
    ("mandates", gettext_lazy("Mandates received")),
    ("accepted", gettext_lazy("Mandates accepted")),
    ("declined", gettext_lazy("Mandates declined")),
    ("noted", gettext_lazy("Introductions recorded")),
    ("asked", gettext_lazy("Both sides asked")),
    ("agreed", gettext_lazy("Both said yes")),
    ("refused_by_member", gettext_lazy("The member declined")),
    ("refused_by_other", gettext_lazy("The other side declined")),
    ("put_aside", gettext_lazy("Closed by the desk")),
)
#: Durations: medians, in days.
SPEED = (
    ("days_to_yes", gettext_lazy("Median days from request to both saying yes")),
    ("days_to_meeting", gettext_lazy("Median days from request to meeting")),
)
#: Counts of meetings.
MET = (
    ("planned", gettext_lazy("Meetings planned")),
    ("cancelled", gettext_lazy("Cancelled")),
    ("missed", gettext_lazy("Did not take place")),
    ("held", gettext_lazy("Meetings held")),
)
CAME = (
    ("rated", gettext_lazy("Rated on the day")),
    ("possible", gettext_lazy("Cooperation possible (one side)")),
    ("both", gettext_lazy("Cooperation possible (both sides)")),
    ("later", gettext_lazy("Answered after six months")),
    ("cooperations", gettext_lazy("Led to cooperation")),
    ("agreements", gettext_lazy("Led to an agreement")),
)
NOW = (
    ("open", gettext_lazy("Open introductions")),
    ("late", gettext_lazy("of which the next step is overdue")),
    ("booked", gettext_lazy("Upcoming booked meetings")),
    ("waiting", gettext_lazy("Mandates without a final answer")),
)
_RATES = {"cooperations": "cooperation_rate", "agreements": "agreement_rate"}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of each desk."""

    label: Any
    values: tuple[str, ...]
    note: str = ""


def tell_done(report: Report) -> list[Line]:
    """Return what each desk did, and how long it took."""
    lines = [_line(report, name, label, "totals") for name, label in DONE]
    lines += [_line(report, name, label, "chain") for name, label in MET]
    return lines + [_line(report, name, label, "totals") for name, label in SPEED]


def tell_outcome(report: Report) -> list[Line]:
    """Return the outcomes of each desk's meetings with the ranges of their rates."""
    lines = [_line(report, name, label, "chain") for name, label in CAME]
    kinds = [
        kind
        for kind in (*Rating.Agreed.values, "")
        if any(kind in one.terms.kinds for one in report.desks)
    ]
    lines += [
        Line(tell_kind(kind), tuple(_number(one.terms.kinds.get(kind, 0)) for one in report.desks))
        for kind in kinds
    ]
    worths = tuple(tell_worths(one.terms) for one in report.desks)
    return [*lines, Line(_("Value of the agreements"), worths)] if any(worths) else lines


def tell_now(report: Report) -> list[Line]:
    """Return the open tasks of each desk as of today."""
    return [_line(report, name, label, "totals") for name, label in NOW]


def _line(report: Report, name: str, label: Any, part: str) -> Line:
    rate = _RATES.get(name)
    note = _reference(report.own.chain, rate) if rate else ""
    return Line(label, tuple(_value(one, name, part, rate) for one in report.desks), note)


def _value(desk: Desk, name: str, part: str, rate: str | None) -> str:
    value = getattr(getattr(desk, part), name)
    text = "–" if value is None else _number(value)
    sure = _range(getattr(desk.chain, rate), desk.chain) if rate else ""
    return f"{text} · {sure}" if sure else text


def _number(value: float) -> str:
    return str(number_format(value)) if isinstance(value, int) else tell_rounded(value)


def _range(rate: Rate, chain: Chain) -> str:
    if chain.is_thin or rate.percent is None or rate.low is None or rate.high is None:
        return ""
    return _("%(part)s%% of %(of)s (%(low)s – %(high)s)") % {
        "of": number_format(rate.of),
        "part": tell_rounded(rate.percent),
        "low": tell_rounded(rate.low),
        "high": tell_rounded(rate.high),
    }


def _reference(chain: Chain, rate: str) -> str:
    return _("at ten European events %(reference)s%%") % {
        "reference": tell_rounded(getattr(chain, rate).reference)
    }


def tell_kind(code: str) -> str:
    """Return what a kind of agreement is called."""
    return str(Rating.Agreed(code).label if code else _("Kind not specified"))


def tell_worths(terms: Terms) -> str:
    """Return what agreements are worth together, in each currency."""
    return " · ".join(tell_amount(one.amount, one.currency) for one in terms.worths)


def table_of(report: Report) -> tuple[list[object], Iterator[list[object]]]:
    """Return the report as one table: each desk as a whole, then each own member."""
    every: tuple[Desk | Row, ...] = (*report.desks, *report.rows)
    codes = sorted({worth.currency for one in every for worth in one.terms.worths})
    head: list[object] = [
        _("Whose"),
        *(str(label) for _name, label in (*DONE, *SPEED, *MET, *CAME)),
        *(
            _("%(rate)s, percent") % {"rate": _("Cooperation rate")},
            _("%(rate)s, percent") % {"rate": _("Agreement rate")},
        ),
        *(tell_kind(kind) for kind in Rating.Agreed.values),
        *(_("Value, %(currency)s") % {"currency": code} for code in codes),
        *(str(label) for _name, label in NOW),
    ]
    return head, _rows(report, codes)


def _rows(report: Report, codes: Sequence[str]) -> Iterator[list[object]]:
    for desk in report.desks:
        label = _("The desk of %(name)s") % {"name": desk.name}
        yield _row(label, desk.totals, desk.chain, desk.terms, codes)
    for one in report.rows:
        # Figures that a member does not have, such as a median, stay empty.
        yield _row(one.name, one, one.chain, one.terms, codes)


def _row(
    label: str, counts: object, chain: Chain, terms: Terms, codes: Sequence[str]
) -> list[object]:
    worths = {one.currency: one.amount for one in terms.worths}
    rates = (chain.cooperation_rate, chain.agreement_rate)
    return [
        label,
        *_figures(counts, (*DONE, *SPEED)),
        *_figures(chain, (*MET, *CAME)),
        *("" if one.percent is None or chain.is_thin else round(one.percent, 2) for one in rates),
        *(terms.kinds.get(kind, 0) for kind in Rating.Agreed.values),
        *(float(worths[code]) if code in worths else "" for code in codes),
        *_figures(counts, NOW),
    ]


def _figures(source: object, names: Sequence[tuple[str, Any]]) -> list[object]:
    found = (getattr(source, name, None) for name, _label in names)
    return [
        "" if one is None else round(one, 1) if isinstance(one, float) else one for one in found
    ]
