"""Figures of statistical offices: fetched by a job, stored with query, day and licence."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Figure, FigureVersion
from proxeny.assessments.operations.catalogue import Entered, enter_team
from proxeny.assessments.operations.figures import (
    FigureFacts,
    add_figure,
    check_facts,
    hold_figure,
    keep_version,
)
from proxeny.assessments.statistics.sdmx import Fetched, Query, address_of, check_query
from proxeny.assessments.statistics.sources import get_office
from proxeny.kernel.edit_conflicts import fingerprint
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.operations.room import note

FETCH, REFRESH = "assessments.fetch-figure", "assessments.refresh-figure"
#: So many queries of one partnership wait or run at once.
MOST_AT_ONCE = 5


def query_of(figure: Figure) -> Query:
    """Return the query to an office for a figure."""
    return Query(figure.agency, figure.flow, figure.key, figure.since, figure.until)


@transaction.atomic
def start_fetch(
    *, actor: Reader, partnership_id: int, query: Query, facts: FigureFacts, now: datetime
) -> Job:
    """Have a figure fetched from an office by a job; the same again while it runs gives that job.

    The figure is there once the office has answered, and never without values.

    Side effects: a job; an audit row with the address.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`; five queries of this partnership run already.
    InvalidInput
        A part of the query, or the title, does not hold.
    """
    entered = enter_team(actor, partnership_id)
    facts = check_facts(facts, origin=Figure.Origin.SDMX)
    query = check_query(query)
    arguments = {"partnership_id": partnership_id, "query": asdict(query), "facts": asdict(facts)}
    job, is_new = _start(actor, entered, FETCH, arguments, now)
    if is_new:
        note(actor, "ask_office", entered, changes={"address": address_of(query)})
    return job


@transaction.atomic
def start_refresh(*, actor: Reader, figure_id: int, now: datetime) -> Job:
    """Ask an office for a figure's newer values; while a query runs, return its job again.

    Side effects: a job; an audit row with the address.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`; the figure was uploaded as a table; five queries run already.
    """
    entered, figure = hold_figure(actor, figure_id)
    if figure.origin != Figure.Origin.SDMX:
        raise Conflict(_("This figure was uploaded as a table. Upload a newer table instead."))
    arguments = {"partnership_id": figure.partnership_id, "figure_id": figure_id}
    job, is_new = _start(actor, entered, REFRESH, arguments, now)
    if is_new:
        note(
            actor, "ask_office", entered, figure, changes={"address": address_of(query_of(figure))}
        )
    return job


def _start(
    actor: Reader, entered: Entered, kind: str, arguments: dict[str, Any], now: datetime
) -> tuple[Job, bool]:
    # The partnership's row is locked: two that ask at once wait for each other.
    pk = entered.partnership.pk
    with as_service("All running queries count, whichever side has started them."):
        running = list(
            Job.objects.filter(
                kind__in=(FETCH, REFRESH),
                partnership_id=pk,
                state__in=(Job.State.QUEUED, Job.State.RUNNING),
            )
        )
    for job in running:
        if job.kind == kind and job.arguments == arguments:
            return job, False
    if len(running) >= MOST_AT_ONCE:
        raise Conflict(
            _(
                "%(count)d queries for this partnership are already running. Wait until one "
                "finishes."
            )
            % {"count": len(running)}
        )
    key = f"{kind}:{pk}:{now.isoformat()}:{fingerprint(arguments):07x}"
    given: dict[str, Any] = {
        "actor": actor,
        "key": key,
        "arguments": arguments,
        "partnership_id": pk,
    }
    if kind == FETCH:
        return enqueue("assessments.fetch-figure", **given), True
    return enqueue("assessments.refresh-figure", **given), True


@transaction.atomic
def keep_fetched(
    *,
    actor: Reader,
    partnership_id: int,
    query: Query,
    facts: FigureFacts,
    fetched: Fetched,
    now: datetime,
) -> Figure:
    """Keep what an office answered as a new figure, with its first version.

    Side effects: an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`: the actor has left, or the partnership has ended meanwhile.
    """
    entered = enter_team(actor, partnership_id)
    office = get_office(query.agency)
    figure = Figure(
        partnership=entered.partnership,
        title=facts.title,
        origin=Figure.Origin.SDMX,
        unit=facts.unit or fetched.unit,
        shape=facts.shape,
        source=f"{office.name}, {query.flow}",
        url=fetched.address[:500],
        licence=office.licence,
        **asdict(query),
    )
    return add_figure(actor, entered, figure, fetched.series, query=fetched.address, now=now)


@transaction.atomic
def keep_refreshed(
    *, actor: Reader, figure_id: int, fetched: Fetched, now: datetime
) -> FigureVersion | None:
    """Add a version with what an office answered; None where nothing has changed.

    Side effects: an audit row, also where nothing has changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`.
    """
    entered, figure = hold_figure(actor, figure_id)
    return keep_version(actor, entered, figure, fetched.series, query=fetched.address, now=now)
