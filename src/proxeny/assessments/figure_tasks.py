"""The jobs of figures: querying a statistical office and storing its answer.

A query runs with the access of the person who started it, outside any transaction; the answer is
stored in the same transaction that ends the job. Missing data is an answer, not a failure: the job
is done, and `refused` says why nothing was stored.
"""

from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import person_behind
from proxeny.assessments.operations import fetching
from proxeny.assessments.operations.figures import FigureFacts
from proxeny.assessments.queries.figures import get_figure
from proxeny.assessments.statistics import sdmx
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import WEB, acting_as

#: Of the bar, where each step begins.
_STEPS = {"ask": 10, "read": 70}


@job(fetching.FETCH)
def fetch_figure(context: JobContext) -> dict[str, Any]:
    """Fetch a new figure."""
    given = context.arguments
    query = sdmx.Query(**given["query"])
    with person_behind(context) as reader:
        fetched = _ask(context, query)
        if isinstance(fetched, dict):
            return fetched
        with acting_as(WEB, reader):
            figure = fetching.keep_fetched(
                actor=reader,
                partnership_id=given["partnership_id"],
                query=query,
                facts=FigureFacts(**given["facts"]),
                fetched=fetched,
                now=timezone.now(),
            )
            result = {"figure_id": figure.pk, "number": 1}
            context.finish(result)
    return result


@job(fetching.REFRESH)
def refresh_figure(context: JobContext) -> dict[str, Any]:
    """Fetch newer values of a figure; without any, nothing is added."""
    figure_id = context.arguments["figure_id"]
    with person_behind(context) as reader:
        with acting_as(WEB, reader):
            query = fetching.query_of(get_figure(figure_id))
        fetched = _ask(context, query)
        if isinstance(fetched, dict):
            return fetched
        with acting_as(WEB, reader):
            made = fetching.keep_refreshed(
                actor=reader, figure_id=figure_id, fetched=fetched, now=timezone.now()
            )
            result = {"figure_id": figure_id, "number": made.number if made else None}
            context.finish(result)
    return result


def _ask(context: JobContext, query: sdmx.Query) -> sdmx.Fetched | dict[str, Any]:
    """Return an office's answer, or the reason for having none: a wrong query."""

    def report(step: str) -> None:
        context.report(step=step, percent=_STEPS[step], force=True)

    try:
        return sdmx.fetch(query, report=report)
    except InvalidInput as error:
        if error.field is None:
            # The office is at fault: the work has failed, and can be tried again as it is.
            raise
        return {"refused": str(error), "field": error.field}
