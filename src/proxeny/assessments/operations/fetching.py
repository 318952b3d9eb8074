"""Figures fetched from a statistical office: asked for by a job, kept with query, day and licence."""

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
    note_figure,
)
from proxeny.assessments.statistics.sdmx import Fetched, Query, address_of, check_query
from proxeny.assessments.statistics.sources import get_office
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.versions import fingerprint

FETCH, REFRESH = "assessments.fetch-figure", "assessments.refresh-figure"
#: So many queries of one partnership wait or run at once.
MOST_AT_ONCE = 5


def query_of(figure: Figure) -> Query:
    """Return what is asked of an office for a figure."""
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
        audit.record(
            actor, "ask_office", entered.partnership, organisation_id=entered.mine.organisation_id,
            partnership_id=partnership_id, changes={"address": address_of(query)},
        )  # fmt: skip
    return job


@transaction.atomic
def start_refresh(*, actor: Reader, figure_id: int, now: datetime) -> Job:
    """Have an office asked for a figure's newer values; the same again while it runs gives that job.

    Side effects: a job; an audit row with the address.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_figure`; the figure was brought as a table; five queries run already.
    """
    entered, figure = hold_figure(actor, figure_id)
    if figure.origin != Figure.Origin.SDMX:
        raise Conflict(_("This figure was brought as a table. Bring its newer table."))
    arguments = {"partnership_id": figure.partnership_id, "figure_id": figure_id}
    job, is_new = _start(actor, entered, REFRESH, arguments, now)
    if is_new:
        note_figure(actor, "ask_office", entered, figure,
                    changes={"address": address_of(query_of(figure))})  # fmt: skip
    return job


def _start(
    actor: Reader, entered: Entered, kind: str, arguments: dict[str, Any], now: datetime
) -> tuple[Job, bool]:
    # The partnership's row is locked: two that ask at once wait for each other.
    pk = entered.partnership.pk
    with as_service():
        running = list(Job.objects.filter(
            kind__in=(FETCH, REFRESH), partnership_id=pk,
            state__in=(Job.State.QUEUED, Job.State.RUNNING),
        ))  # fmt: skip
    for job in running:
        if job.kind == kind and job.arguments == arguments:
            return job, False
    if len(running) >= MOST_AT_ONCE:
        raise Conflict(
            _("%(count)d queries of this partnership are at work. Wait until one is done.")
            % {"count": len(running)}
        )
    key = f"{kind}:{pk}:{now.isoformat()}:{fingerprint(arguments):07x}"
    given: dict[str, Any] = {
        "actor": actor, "key": key, "arguments": arguments, "partnership_id": pk,
    }  # fmt: skip
    if kind == FETCH:
        return enqueue("assessments.fetch-figure", **given), True
    return enqueue("assessments.refresh-figure", **given), True


@transaction.atomic
def keep_fetched(
    *, actor: Reader, partnership_id: int, query: Query, facts: FigureFacts, fetched: Fetched,
    now: datetime,
) -> Figure:  # fmt: skip
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
        partnership=entered.partnership, title=facts.title, origin=Figure.Origin.SDMX,
        unit=facts.unit or fetched.unit, shape=facts.shape, source=f"{office.name}, {query.flow}",
        url=fetched.address[:500], licence=office.licence, **asdict(query),
    )  # fmt: skip
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
