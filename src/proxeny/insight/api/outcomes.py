"""Outcome figures for programs: those of a period, the rows behind a figure, and recalculation."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.insight.api._router import router
from proxeny.insight.api._sides import enter_side
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.outcomes_live import pick_period
from proxeny.insight.operations.refreshing import ask_anew
from proxeny.insight.outcome_figures import SECTIONS, explain, figures_of, find_figure
from proxeny.insight.outcome_places import count_hidden, place_of
from proxeny.insight.queries.outcome_row_labels import tell_rows
from proxeny.insight.queries.outcome_rows import find_rows
from proxeny.insight.queries.outcomes import Outcomes, Period, read_outcomes
from proxeny.insight.queries.snapshots import find_snapshot, standing_of
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.pages import PAGE_SIZE
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request

_ROOM = "/partnerships/{partnership_id}/outcomes"


class FiguresStandingOut(Out):
    """The status of figures: when they were calculated and last checked, and by which method.

    `changed_at` is the latest moment at which something has happened since, or null. `is_stale`
    means that the figures may have changed.
    """

    computed_at: datetime
    looked_at: datetime
    counted_until: datetime | None
    method: str
    changed_at: datetime | None
    is_stale: bool


class OutcomeFigureOut(Out):
    """A figure of a period.

    `unit` is `count`, `share` (0 to 1), `days` or `sum` (in `currency`). `low` and `high` are the
    95% confidence limits, or null if there are none. If there is no value, `why` is `none`
    (nothing yet), `unknown` (not reported yet), `few` (too few to say), `half` (more than half are
    still pending) or `zero` (no outcome yet: `low` is the least that one costs). `reference` is the
    result of ten events in the field.
    """

    code: str
    section: Literal[*SECTIONS]
    label: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    of: int | None
    reference: float | None
    currency: str
    why: str
    note: str


class OutcomesOut(Out):
    """The figures of a period. `since` and `until` are null if the period is open.

    `periods` are the codes of all available periods. `standing` is null until the first figures
    have been calculated.
    """

    standing: FiguresStandingOut | None
    period: str
    since: date | None
    until: date | None
    figures: list[OutcomeFigureOut]
    periods: list[str]


class OutcomeRowOut(Out):
    """A row of a figure, identified by its table and its number there.

    `amount` is money in `currency`, or a count if `currency` is empty.
    """

    source: str
    number: int
    day: date
    label: str
    note: str
    url: str
    amount: Decimal | None
    currency: str


class OutcomeFigureRowsOut(Out):
    """The rows behind a figure.

    `hidden` counts rows you aren't allowed to read. A page has 50 rows.
    """

    figure: OutcomeFigureOut
    about: str
    formula: str
    records: str
    certainty: str
    rows: list[OutcomeRowOut]
    has_more: bool
    hidden: int


class DaysAsked(In):
    """A period by its code (`recent`, `all`, `2026`, `2026-Q1`), or the first and last day of your
    choice.
    """

    period: Annotated[str, Field(max_length=7)] = ""
    since: date | None = None
    until: date | None = None


class FigureRowsAsked(DaysAsked):
    """Filters and sort order of the rows."""

    sort: Literal["day", "-day", "amount", "-amount"] = "-day"
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class RefreshIn(In):
    """The figures to recalculate: those of a cluster, in one partnership or overall."""

    organisation_id: Id
    partnership_id: Id | None = None


class RefreshOut(Out):
    """The queued job. Use `/work` to follow its progress."""

    job_id: int
    state: str


def _standing(snapshot: Snapshot | None) -> FiguresStandingOut | None:
    if snapshot is None:
        return None
    found = standing_of(snapshot, now=timezone.now())
    return FiguresStandingOut(
        computed_at=found.computed_at,
        looked_at=found.looked_at,
        method=found.method,
        counted_until=snapshot.counted_until,
        changed_at=found.changed_at,
        is_stale=found.is_stale,
    )


def _pick(request: Request, partnership_id: int, outcomes: Outcomes, asked: DaysAsked) -> Period:
    return pick_period(
        actor=request.reader,
        partnership_id=partnership_id,
        outcomes=outcomes,
        code=asked.period,
        since=asked.since,
        until=asked.until,
        today=timezone.localdate(),
    )


@router.get(_ROOM, response=OutcomesOut, summary="Get the outcome figures of a partnership")
def show_outcomes(request: Request, partnership_id: Id, asked: Query[DaysAsked]) -> dict[str, Any]:
    """Returns the figures as your side sees them.

    Days of your choice are counted live, up to 50,000 meetings.
    """
    partnership, _parties, mine = enter_side(request, partnership_id)
    outcomes = read_outcomes(mine.organisation_id, partnership_id)
    if outcomes is None:
        return {
            "standing": None,
            "period": "",
            "since": None,
            "until": None,
            "figures": [],
            "periods": [],
        }
    period = _pick(request, partnership_id, outcomes, asked)
    return {
        "standing": _standing(outcomes.snapshot),
        "period": period.code,
        "since": period.since,
        "until": period.until,
        "periods": sorted(outcomes.periods),
        "figures": figures_of(outcomes, period, partnership.currency),
    }


@router.get(
    f"{_ROOM}/{{figure}}",
    response=OutcomeFigureRowsOut,
    summary="Get the rows behind an outcome figure",
)
def show_outcome_figure(
    request: Request, partnership_id: Id, figure: str, asked: Query[FigureRowsAsked]
) -> dict[str, Any]:
    """Returns the meaning of the figure, how it is counted, how certain it is, and the rows that
    you are allowed to read.
    """
    partnership, parties, mine = enter_side(request, partnership_id)
    outcomes = read_outcomes(mine.organisation_id, partnership_id)
    if outcomes is None:
        raise NotFound(_("No figures yet. Calculate them first."))
    period = _pick(request, partnership_id, outcomes, asked)
    one = find_figure(figures_of(outcomes, period, partnership.currency), figure)
    place = place_of(mine, parties, one, period) if one else None
    found = find_rows(place, figure) if place else None
    if one is None or place is None or found is None:
        raise NotFound(_("We couldn’t find this figure."))
    words = explain(one)
    part = found.part(sort=asked.sort, first=PAGE_SIZE * (asked.page - 1), count=PAGE_SIZE + 1)
    return {
        "figure": one,
        "about": words.about,
        "formula": words.formula,
        "records": words.tables,
        "certainty": words.method,
        "has_more": len(part) > PAGE_SIZE,
        "rows": tell_rows(place, part[:PAGE_SIZE], currency=partnership.currency),
        "hidden": count_hidden(one, found),
    }


@router.get(
    "/clusters/{organisation_id}/standing/{kind}",
    response=FiguresStandingOut,
    summary="Get the status of figures",
)
def show_figures_standing(
    request: Request,
    organisation_id: Id,
    kind: Literal[*Snapshot.Kind.values],
    partnership_id: Id | None = None,
    period: Annotated[str, Field(max_length=7)] = "",
) -> FiguresStandingOut:
    """Returns when the figures were calculated, and whether something has happened since."""
    found = _standing(
        find_snapshot(Snapshot.Kind(kind), organisation_id, partnership_id, period=period)
    )
    if found is None:
        raise NotFound(_("No figures yet. Calculate them first."))
    return found


@router.post("/refresh", response={202: RefreshOut}, summary="Recalculate figures")
def ask_figures_anew(request: Request, asked: RefreshIn) -> Status[Any]:
    """Starts a job. Asking again within a minute returns the same job."""
    job = ask_anew(
        actor=request.reader,
        organisation_id=asked.organisation_id,
        partnership_id=asked.partnership_id,
        now=timezone.now(),
    )
    return Status(202, {"job_id": job.pk, "state": job.state})
