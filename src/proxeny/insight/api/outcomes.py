"""Outcome figures by program: of a period, what one is made of, and having all worked out anew."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
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
from proxeny.insight.queries.outcome_rows import find_rows
from proxeny.insight.queries.outcome_rows_told import tell_rows
from proxeny.insight.queries.outcomes import Outcomes, Period, read_outcomes
from proxeny.insight.queries.snapshots import find_snapshot, standing_of
from proxeny.kernel.answers import PAGE_SIZE
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound

_ROOM = "/partnerships/{partnership_id}/outcomes"


class FiguresStandingOut(Out):
    """How figures stand: when they were worked out and last looked at, and by which method.

    `changed_at` is the newest moment at which something has happened since, or null; `is_stale`
    says that the figures may have moved.
    """

    computed_at: datetime
    looked_at: datetime
    counted_until: datetime | None
    method: str
    changed_at: datetime | None
    is_stale: bool


class OutcomeFigureOut(Out):
    """A figure of a period.

    `unit` is `count`, `share` (0 to 1), `days` or `sum` (in `currency`). The limits hold with 95 %
    confidence; null where there is no such limit. Without a value, `why` is `none` (nothing yet),
    `few` (too few to say), `half` (more than half still wait) or `zero` (no outcome yet: `low` is
    what one costs at least). `reference` is what ten events of the field came to.
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
    """The figures of a period; its first and last day are null where it is open.

    `periods` are the codes of all that stand; `standing` is null before the first figures.
    """

    standing: FiguresStandingOut | None
    period: str
    since: date | None
    until: date | None
    figures: list[OutcomeFigureOut]
    periods: list[str]


class OutcomeRowOut(Out):
    """A row of a figure, by the table it stands in and its number there.

    `amount` is money in `currency`, or a count where that is empty.
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
    """What a figure is made of. `hidden` counts what the caller does not read; pages have 50 rows."""

    figure: OutcomeFigureOut
    about: str
    formula: str
    records: str
    certainty: str
    rows: list[OutcomeRowOut]
    has_more: bool
    hidden: int


class DaysAsked(In):
    """A period by its code (`recent`, `all`, `2026`, `2026-Q1`), or days of one's own choice."""

    period: Annotated[str, Field(max_length=7)] = ""
    since: date | None = None
    until: date | None = None


class FigureRowsAsked(DaysAsked):
    """Which rows, and in which order."""

    sort: Literal["day", "-day", "amount", "-amount"] = "-day"
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class RefreshIn(In):
    """Whose figures: those of a cluster, in one partnership or (without one) as a whole."""

    organisation_id: Id
    partnership_id: Id | None = None


class RefreshOut(Out):
    """The work that was queued; `/work` tells how far it is."""

    job_id: int
    state: str


def _standing(snapshot: Snapshot | None) -> FiguresStandingOut | None:
    if snapshot is None:
        return None
    found = standing_of(snapshot, now=timezone.now())
    return FiguresStandingOut(
        computed_at=found.computed_at, looked_at=found.looked_at, method=found.method,
        counted_until=snapshot.counted_until, changed_at=found.changed_at,
        is_stale=found.is_stale,
    )  # fmt: skip


def _pick(
    request: HttpRequest, partnership_id: int, outcomes: Outcomes, asked: DaysAsked
) -> Period:
    return pick_period(
        actor=request.reader, partnership_id=partnership_id, outcomes=outcomes,
        code=asked.period, since=asked.since, until=asked.until, today=timezone.localdate(),
    )  # fmt: skip


@router.get(_ROOM, response=OutcomesOut, summary="Outcome figures of a partnership")
def show_outcomes(
    request: HttpRequest, partnership_id: Id, asked: Query[DaysAsked]
) -> dict[str, Any]:
    """As the caller's side reads them; own days are counted just now, up to 50,000 meetings."""
    partnership, _parties, mine = enter_side(request, partnership_id)
    outcomes = read_outcomes(mine.organisation_id, partnership_id)
    if outcomes is None:
        return {"standing": None, "period": "", "since": None, "until": None, "figures": [],
                "periods": []}  # fmt: skip
    period = _pick(request, partnership_id, outcomes, asked)
    return {
        "standing": _standing(outcomes.snapshot), "period": period.code, "since": period.since,
        "until": period.until, "periods": sorted(outcomes.periods),
        "figures": figures_of(outcomes, period, partnership.currency),
    }  # fmt: skip


@router.get(f"{_ROOM}/{{figure}}", response=OutcomeFigureRowsOut,
            summary="What an outcome figure is made of")  # fmt: skip
def show_outcome_figure(
    request: HttpRequest, partnership_id: Id, figure: str, asked: Query[FigureRowsAsked]
) -> dict[str, Any]:
    """Its meaning, how it is counted and how sure it is, and the rows the caller may read."""
    partnership, parties, mine = enter_side(request, partnership_id)
    outcomes = read_outcomes(mine.organisation_id, partnership_id)
    if outcomes is None:
        raise NotFound(_("There are no figures yet. Have them worked out first."))
    period = _pick(request, partnership_id, outcomes, asked)
    one = find_figure(figures_of(outcomes, period, partnership.currency), figure)
    place = place_of(mine, parties, one, period) if one else None
    found = find_rows(place, figure) if place else None
    if one is None or place is None or found is None:
        raise NotFound(_("There is no such figure."))
    words = explain(one)
    part = found.part(sort=asked.sort, first=PAGE_SIZE * (asked.page - 1), count=PAGE_SIZE + 1)
    return {
        "figure": one, "about": words.about, "formula": words.formula, "records": words.tables,
        "certainty": words.method, "has_more": len(part) > PAGE_SIZE,
        "rows": tell_rows(place, part[:PAGE_SIZE], currency=partnership.currency),
        "hidden": count_hidden(one, found),
    }  # fmt: skip


@router.get("/clusters/{organisation_id}/standing/{kind}", response=FiguresStandingOut,
            summary="How figures stand")  # fmt: skip
def show_figures_standing(
    request: HttpRequest, organisation_id: Id, kind: Literal[*Snapshot.Kind.values],
    partnership_id: Id | None = None, period: Annotated[str, Field(max_length=7)] = "",
) -> FiguresStandingOut:  # fmt: skip
    """When they were worked out, and whether something has happened since."""
    found = _standing(
        find_snapshot(Snapshot.Kind(kind), organisation_id, partnership_id, period=period)
    )
    if found is None:
        raise NotFound(_("There are no figures yet. Have them worked out first."))
    return found


@router.post("/refresh", response={202: RefreshOut}, summary="Have figures worked out anew")
def ask_figures_anew(request: HttpRequest, asked: RefreshIn) -> Status:
    """By a job; asking again within a minute returns the same."""
    job = ask_anew(
        actor=request.reader, organisation_id=asked.organisation_id,
        partnership_id=asked.partnership_id, now=timezone.now(),
    )  # fmt: skip
    return Status(202, {"job_id": job.pk, "state": job.state})
