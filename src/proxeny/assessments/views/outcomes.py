"""The page of a room that shows what its assessments led to."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from proxeny.assessments.forms.follow_up import OutcomeFilter
from proxeny.assessments.outcome_chart import draw_chain, draw_spans
from proxeny.assessments.queries.outcomes import (
    ADVISER,
    CLUSTER,
    COUNTRY,
    QUESTION,
    Chain,
    Outcome,
    Rate,
    read_outcome,
)
from proxeny.assessments.views.frame import enter_assessments, show_page
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    PAGE_SIZE,
    address_with,
    for_people,
    page_links,
    show_refusal,
)


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the stages of assessments, the uncertainty of rates, and each group's."""
    frame = enter_assessments(request, pk)
    form = OutcomeFilter(request.GET)
    outcome = _read(request, pk, form)
    if outcome is None:
        reason = " ".join(str(one) for found in form.errors.values() for one in found)
        context = {"form": form, "reason": reason}
        return show_page(request, frame, "outcomes", "outcome_page", context, status=422)
    if request.GET.get("export"):
        return answer_table(
            "assessment-outcomes", form=request.GET["export"], header=_head(), rows=_rows(outcome)
        )
    page = Paginator(outcome.groups, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "outcome": outcome,
        "chain": outcome.chain,
        "groups": page,
        "is_narrowed": bool(outcome.since or outcome.until),
        "steps": draw_chain(outcome.chain),
        "spans": draw_spans(outcome.chain),
        "column": _columns()[outcome.by],
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "outcomes", "outcome_page", context)


def _read(request: Request, pk: int, form: OutcomeFilter) -> Outcome | None:
    """Return the outcomes; None, with the reason in the form, if the request is invalid."""
    if not form.is_valid():
        return None
    try:
        return read_outcome(request.reader, pk, **form.cleaned_data)
    except InvalidInput as error:
        show_refusal(form, error)
        return None


def _columns() -> dict[str, str]:
    return {
        QUESTION: _("Market question"),
        COUNTRY: _("Country of the company"),
        CLUSTER: _("Cluster"),
        ADVISER: _("Adviser"),
    }


def _head() -> list[object]:
    rate = (_("%(rate)s, percent"), _("%(rate)s, lower limit"), _("%(rate)s, upper limit"))
    return [
        _("Assessments"),
        pgettext("assessments", "Requested"),
        pgettext("assessments", "Accepted"),
        _("Brief signed"),
        _("Report sent"),
        _("Handed over"),
        _("Answered after six months"),
        _("Used"),
        *(one % {"rate": _("Used")} for one in rate),
        _("Answered after twelve months"),
        _("Market entered"),
        *(one % {"rate": _("Market entered")} for one in rate),
        _("With a due date"),
        _("On time"),
        *(one % {"rate": _("On time")} for one in rate),
        _("Days from the brief to the report, on average"),
    ]


def _rows(outcome: Outcome) -> Iterator[list[object]]:
    """Yield the whole, then each group; of few no rates."""
    yield _row(_("All"), outcome.chain)
    for one in outcome.groups:
        yield _row(one.label, one.chain)


def _row(label: str, chain: Chain) -> list[object]:
    days = chain.mean_days
    return [
        label,
        chain.asked,
        chain.accepted,
        chain.signed,
        chain.reported,
        chain.handed_over,
        chain.told_half,
        chain.used,
        *_limits(chain.used_rate),
        chain.told_year,
        chain.entered,
        *_limits(chain.entered_rate),
        chain.promised,
        chain.kept,
        *_limits(chain.kept_rate),
        "" if days is None else round(days, 1),
    ]


def _limits(rate: Rate) -> list[object]:
    if rate.is_thin:
        return ["", "", ""]
    return [round(one, 2) for one in (rate.percent, rate.low, rate.high)]
