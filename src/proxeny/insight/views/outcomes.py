"""Outcome figures of a room: by period and group, with how sure they are, and as files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from proxeny.assessments.statistics.chart import Chart, make_chart
from proxeny.insight.aggregates import ACTIVITIES, chain_in, terms_in
from proxeny.insight.forms.outcomes import QUARTER, PeriodFilter
from proxeny.insight.operations.outcomes_live import check_days, pick_period, refuse_many
from proxeny.insight.outcome_figures import SECTIONS, Figure, figures_of
from proxeny.insight.outcome_messages import draw_line
from proxeny.insight.queries.outcomes import Outcomes, Period, read_outcomes
from proxeny.insight.views.standing import standing_context
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.form_fields import choices_of
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    PAGE_SIZE,
    address_with,
    for_people,
    page_links,
    show_refusal,
)
from proxeny.meetings.outcome_chart import draw_spans, draw_steps
from proxeny.meetings.queries.funnel import read_funnel
from proxeny.partnerships.models import Party
from proxeny.partnerships.views.frame import Frame, enter_frame

TAB = "outcome-figures"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for outcome figures, and the figures found for it."""

    frame: Frame
    mine: Party
    outcomes: Outcomes | None
    form: PeriodFilter | None
    period: Period | None
    today: date

    @property
    def is_own(self) -> bool:
        """Whether the days are the reader's own choice, counted just now."""
        return self.period is not None and not self.period.code

    @property
    def figures(self) -> list[Figure]:
        """All figures of the period."""
        if self.period is None or self.outcomes is None:
            return []
        return figures_of(self.outcomes, self.period, self.frame.partnership.currency)

    @property
    def reason(self) -> str:
        """The reason why nothing can be shown; empty if there is none."""
        errors = self.form.errors.values() if self.form else ()
        return " ".join(str(one) for found in errors for one in found)

    def context(self, request: Request) -> dict[str, Any]:
        """Return the context of every page of outcome figures."""
        snapshot = self.outcomes.snapshot if self.outcomes else None
        return {
            **self.frame.context(TAB),
            **standing_context(
                request.reader,
                snapshot,
                self.mine.organisation_id,
                self.frame.partnership.pk,
                timezone.now(),
            ),
            "outcomes": self.outcomes,
            "form": self.form,
            "period": self.period,
            "is_own": self.is_own,
            "reason": self.reason,
        }


def ask(request: Request, pk: int) -> Asked:
    """Return what was requested; raise `NotFound` for a reader without a side in the room."""
    frame = enter_frame(request, pk)
    if frame.mine is None:
        raise NotFound(_("We couldn’t find this partnership."))
    today = timezone.localdate()
    outcomes = read_outcomes(frame.mine.organisation_id, pk)
    if outcomes is None:
        return Asked(frame, frame.mine, None, None, None, today)
    form = PeriodFilter(request.GET, reader=request.reader, partnership_id=pk, outcomes=outcomes)
    period = None
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            period = pick_period(
                actor=request.reader,
                partnership_id=pk,
                outcomes=outcomes,
                code=chosen["period"],
                since=chosen["since"],
                until=chosen["until"],
                today=today,
            )
        except InvalidInput as error:
            show_refusal(form, error)
    return Asked(frame, frame.mine, outcomes, form, period, today)


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the figures of a period, or give them as a file."""
    asked = ask(request, pk)
    figures = asked.figures
    if asked.period is not None and request.GET.get("export"):
        header, rows = table_of(figures)
        return answer_table(
            _name(asked.period), form=request.GET["export"], header=header, rows=rows
        )
    context = asked.context(request)
    if asked.period is not None and asked.outcomes is not None:
        context |= _tell(request, asked.outcomes, asked.period, figures)
        context |= _groups(request, asked.form, asked.period, pk)
    status = 422 if asked.reason else 200
    return render(request, "insight/outcomes.html", context, status=status)


def _name(period: Period) -> str:
    days = (str(one) for one in (period.since, period.until) if one)
    return "-".join(["outcome-figures", period.code or "_".join(days)])


def _tell(
    request: Request, outcomes: Outcomes, period: Period, figures: Sequence[Figure]
) -> dict[str, Any]:
    chain, link = period.chain, _links(request, outcomes.snapshot.partnership_id or 0)
    lines = [draw_line(one, link(one.code)) for one in figures]
    return {
        "chain": chain,
        "steps": draw_steps(chain, period.counts),
        "spans": draw_spans(chain),
        "leads": [one for one in lines if one.figure.code in _LEADS],
        "sections": [
            (SECTIONS[code], list(those))
            for code, those in groupby(lines, key=lambda one: one.figure.section)
        ],
        "activities": _activities(period),
        "trend": _draw_trend(outcomes),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
    }


#: What stands first and large.
_LEADS = ("held", "cooperation-rate", "agreement-rate", "wait-asked", "cost-cooperations")


def _links(request: Request, pk: int) -> Any:
    """Return the link to a figure, for the same days."""
    query = address_with(request, export=None, page=None, sort=None, by=None)
    days = query if query != "?" else ""
    return lambda code: f"{reverse('insight:figure', args=[pk, code])}{days}"


def _activities(period: Period) -> list[dict[str, Any]]:
    """Return the outcomes of meetings by the activity they came from; only those with any."""
    return [
        {"label": label, "chain": chain, "worths": terms_in(period.tally, code).worths}
        for code, label in ACTIVITIES.items()
        if (chain := chain_in(period.tally, code)).planned or chain.cancelled
    ]


def _draw_trend(outcomes: Outcomes) -> Chart | None:
    """Return past meetings and their outcomes by quarter."""
    quarters = outcomes.quarters[-_TREND:]
    found = [(one, outcomes.period(one)) for one in quarters]
    chains = [(one, period.chain if period else None) for one, period in found]
    if not any(chain and chain.held for _quarter, chain in chains):
        return None
    series = [
        {
            "name": name,
            "points": [
                [one, float(getattr(chain, field)) if chain else 0.0] for one, chain in chains
            ],
        }
        for name, field in (
            (_("Meetings held"), "held"),
            (_("Cooperation started"), "cooperations"),
            (_("Agreements"), "agreements"),
        )
    ]
    return make_chart(
        series,
        key="trend",
        title=_("Outcomes of each quarter’s meetings"),
        shape="bar",
        source=_(
            "Meetings of this partnership. We’re still asking about the outcomes of those held "
            "in the last six months."
        ),
    )


#: So many quarters are drawn.
_TREND = 16


def _groups(request: Request, form: PeriodFilter | None, period: Period, pk: int) -> dict[str, Any]:
    """Return the groups that were asked for, counted live; why not, where there are too many."""
    by = form.cleaned_data["by"] if form else QUARTER
    if form is None or by == QUARTER:
        return {}
    label = dict(choices_of(form, "by"))[by]
    try:
        refuse_many(pk, check_days(period.since, period.until))
        found = read_funnel(request.reader, pk, by=by, since=period.since, until=period.until)
    except InvalidInput as error:
        return {"groups_label": label, "groups_reason": str(error)}
    page = Paginator(found.groups, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "groups_label": label,
        "groups": page,
        "groups_by": by,
        **page_links(request, page.number, has_next=page.has_next()),
    }


def table_of(figures: Sequence[Figure]) -> tuple[list[object], Iterator[list[object]]]:
    """Return the figures as a table."""
    header: list[object] = [
        _("Section"),
        _("Code"),
        pgettext("of statistics", "Figure"),
        _("Value"),
        _("Unit"),
        _("Currency"),
        _("Lower limit"),
        _("Upper limit"),
        _("Out of"),
        _("Ten events"),
        _("Why there’s no value"),
        _("Note"),
    ]
    return header, (_row(one) for one in figures)


def _row(one: Figure) -> list[object]:
    return [
        str(SECTIONS[one.section]),
        one.code,
        one.label,
        _cell(one.value),
        one.unit,
        one.currency,
        _cell(one.low),
        _cell(one.high),
        "" if one.of is None else one.of,
        _cell(one.reference),
        one.why,
        one.note,
    ]


def _cell(value: float | None) -> float | int | str:
    if value is None:
        return ""
    return int(value) if float(value).is_integer() else round(value, 6)
