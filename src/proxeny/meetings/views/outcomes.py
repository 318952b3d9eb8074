"""The page of a room that shows the outcomes of the members' meetings, as a funnel and by groups."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

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
from proxeny.meetings.models import Rating
from proxeny.meetings.outcome_chart import draw_spans, draw_steps
from proxeny.meetings.outcome_forms import OutcomeFilter
from proxeny.meetings.queries.funnel import Funnel, read_funnel
from proxeny.meetings.queries.funnel_groups import AMBASSADOR, EVENT, MEMBER, SECTOR, SOURCE
from proxeny.meetings.queries.outcome import Chain, Rate
from proxeny.meetings.queries.terms import Terms
from proxeny.meetings.rules import DAY_VALUES, LATER_VALUES
from proxeny.partnerships.views.frame import enter_frame

TAB = "outcomes"


@dataclass(frozen=True, slots=True)
class _Head:
    """Heading above the groups: title, meaning, and the kind of group."""

    title: Any
    note: Any
    column: Any


_HEADS = {
    MEMBER: _Head(
        gettext_lazy("By member"),
        gettext_lazy(
            "Your own members by name. For the other side, you see the total, and it sees yours."
        ),
        gettext_lazy("Member"),
    ),
    SECTOR: _Head(
        gettext_lazy("By sector"),
        gettext_lazy("Your own members by the first sector in their entry."),
        gettext_lazy("Sector"),
    ),
    AMBASSADOR: _Head(
        gettext_lazy("By ambassador"),
        gettext_lazy(
            "Who on your team arranged the meeting. For the other side’s desk, you see the total."
        ),
        gettext_lazy("Ambassador"),
    ),
    EVENT: _Head(
        gettext_lazy("By event"),
        gettext_lazy("Each joint event with the outcomes of its meetings."),
        gettext_lazy("Event"),
    ),
    SOURCE: _Head(
        gettext_lazy("By how it was arranged"),
        gettext_lazy(
            "A request by either side counts first, then a proposed introduction. Meetings that "
            "no one requested were set manually."
        ),
        gettext_lazy("How it was arranged"),
    ),
}


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the chain from requests to agreement, how sure its rates are, and each group's."""
    frame = enter_frame(request, pk)
    form = OutcomeFilter(request.GET, reader=request.reader, partnership_id=pk)
    funnel = _read(request, pk, form)
    if funnel is not None and request.GET.get("export"):
        codes = _currencies(funnel)
        return answer_table(
            "outcomes", form=request.GET["export"], header=_head(codes), rows=_rows(funnel, codes)
        )
    context = {**frame.context(TAB), "form": form, "funnel": funnel}
    if funnel is not None:
        context |= _tell(request, funnel)
    else:
        context["reason"] = " ".join(str(one) for found in form.errors.values() for one in found)
    status = 200 if funnel is not None else 422
    return render(request, "meetings/outcomes.html", context, status=status)


def _read(request: Request, pk: int, form: OutcomeFilter) -> Funnel | None:
    """Return what was asked for; None, with the reason in the form, where it cannot be read."""
    if not form.is_valid():
        return None
    try:
        return read_funnel(request.reader, pk, **form.cleaned_data)
    except InvalidInput as error:
        show_refusal(form, error)
        return None


def _tell(request: Request, funnel: Funnel) -> dict[str, object]:
    page = Paginator(funnel.groups, PAGE_SIZE).get_page(request.GET.get("page"))
    chain = funnel.chain
    return {
        "chain": chain,
        "is_narrowed": bool(funnel.since or funnel.until),
        "counts": funnel.counts,
        "head": _HEADS[funnel.by],
        "steps": draw_steps(chain, funnel.counts),
        "spans": draw_spans(chain),
        "day_answers": [(value.label, chain.day[value]) for value in DAY_VALUES],
        "later_answers": [(value.label, chain.words[value]) for value in LATER_VALUES],
        "terms": funnel.terms,
        "agreed": [(_kind(kind), count) for kind, count in funnel.terms.kinds.items()],
        "groups": page,
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }


def _kind(code: str) -> str:
    return str(Rating.Agreed(code).label if code else _("Not specified"))


def _currencies(funnel: Funnel) -> list[str]:
    told = (funnel.terms, *(one.terms for one in funnel.groups))
    return sorted({worth.currency for terms in told for worth in terms.worths})


def _head(currencies: Sequence[str]) -> list[object]:
    rate = (_("%(rate)s, percent"), _("%(rate)s, lower limit"), _("%(rate)s, upper limit"))
    cooperation, agreement = _("Cooperation rate"), _("Agreement rate")
    return [
        _("Meetings"),
        _("Requests"),
        _("Invitations"),
        _("Planned"),
        _("Cancelled"),
        pgettext("number of meetings", "Held"),
        _("Did not take place"),
        _("Rated on the day"),
        *(value.label for value in DAY_VALUES),
        _("Answered after six months"),
        *(value.label for value in LATER_VALUES),
        _("Cooperation started"),
        *(one % {"rate": cooperation} for one in rate),
        *(one % {"rate": agreement} for one in rate),
        *(Rating.Agreed(kind).label for kind in Rating.Agreed.values),
        *(_("Value, %(currency)s") % {"currency": code} for code in currencies),
    ]


def _rows(funnel: Funnel, currencies: Sequence[str]) -> Iterator[list[object]]:
    """Yield the whole, then each group; of few meetings no rates, of groups no requests."""
    asked = (funnel.counts.requests, funnel.counts.invitations)
    for label, before, chain, terms in (
        (_("All"), asked, funnel.chain, funnel.terms),
        *((one.label, ("", ""), one.chain, one.terms) for one in funnel.groups),
    ):
        yield [
            label,
            *before,
            chain.planned,
            chain.cancelled,
            chain.held,
            chain.missed,
            chain.rated,
            *_counts(chain, DAY_VALUES),
            chain.later,
            *_counts(chain, LATER_VALUES),
            chain.cooperations,
            *_limits(chain, chain.cooperation_rate),
            *_limits(chain, chain.agreement_rate),
            *_terms(terms, currencies),
        ]


def _terms(terms: Terms, currencies: Sequence[str]) -> list[object]:
    worths = {one.currency: one.amount for one in terms.worths}
    kinds = [terms.kinds.get(kind, 0) for kind in Rating.Agreed.values]
    return [*kinds, *(worths.get(code, "") for code in currencies)]


def _counts(chain: Chain, values: Iterable[Rating.Value]) -> list[int]:
    told = {**chain.day, **chain.words}
    return [told[value] for value in values]


def _limits(chain: Chain, rate: Rate) -> list[object]:
    limits = (rate.percent, rate.low, rate.high)
    return ["" if one is None or chain.is_thin else round(one, 2) for one in limits]
