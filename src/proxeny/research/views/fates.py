"""The outcomes of studies' recommendations: across all studies of a room, and a year later."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    sort_links,
)
from proxeny.partnerships.advice_queries import tone_of
from proxeny.partnerships.views.frame import enter_frame
from proxeny.research.forms.advice import FatesForm, LookForm
from proxeny.research.operations import advice as deeds
from proxeny.research.queries import advice as reads
from proxeny.research.queries import fates as queries


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the states of all recommendations of studies, and the reviews that are due."""
    frame = enter_frame(request, pk)
    form = FatesForm(
        request.GET,
        studies=queries.studies_of(pk),
        years=queries.years_of(pk),
        parties=frame.parties,
    )
    wanted = form.wanted()
    found = queries.find_fates(pk, wanted)
    if request.GET.get("export"):
        header, rows = queries.table_of(found)
        return answer_table("recommendations", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    context = {
        **frame.context("studies"),
        "form": form,
        "is_narrowed": wanted.is_narrowed,
        "rows": [{"advice": one, **tone_of(one)} for one in page],
        "count": page.paginator.count,
        "picture": queries.draw_states(pk, wanted, is_rtl=get_language_bidi()),
        "due": () if wanted.is_narrowed else _due(pk),
        "sorts": sort_links(request, queries.SORTS, now=wanted.sort),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "research/fates.html", context)


def _due(pk: int) -> list[dict[str, Any]]:
    found = queries.find_due(pk, today=timezone.localdate())[: queries.MOST_DUE]
    return [{"advice": one, **tone_of(one)} for one in found]


@require_http_methods(["GET", "POST"])
@for_people
def look(request: Request, pk: int, advice_id: int) -> HttpResponse:
    """Look at one recommendation again: what was said of it before, and what became of it now."""
    frame = enter_frame(request, pk)
    advice = reads.get_advice(pk, advice_id)
    if not frame.may_keep:
        raise NotAllowed(_("Only the clusters’ teams can write here."))
    form = LookForm(request.POST or None)
    saved = submit_form(
        request,
        form,
        partial(deeds.look_at, partnership_id=pk, advice_id=advice_id),
        done=_("Follow-up saved. The next one is due in a year."),
        to=reverse("research:fates", args=[pk]),
    )
    if saved:
        return saved
    context = {
        **frame.context("studies"),
        "advice": advice,
        **tone_of(advice),
        "origin": reads.tell_study(advice),
        "looks": queries.list_looks(advice),
        "form": form,
        "back_url": reverse("research:fates", args=[pk]),
    }
    return render(request, "research/fates_look.html", context, status=422 if form.errors else 200)
