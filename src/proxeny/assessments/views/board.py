"""The engagements of a room: as a board and as a list, and requests that the teams note."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.assessments.forms.requests import AskForm, FindForm
from proxeny.assessments.models import Service
from proxeny.assessments.operations.requests import note_request
from proxeny.assessments.queries import engagements as queries
from proxeny.assessments.queries.catalogue import Wanted as ServicesWanted
from proxeny.assessments.queries.catalogue import find_services, get_service
from proxeny.assessments.queries.own import members_that_ask, questions_of
from proxeny.assessments.views.frame import AssessmentsFrame, enter_assessments, show_page
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
    show_refusal,
    sort_links,
)

SORTED = tuple(queries.SORTS)


def _form(request: Request, frame: AssessmentsFrame) -> FindForm:
    return FindForm(
        request.GET,
        markets=queries.list_markets(frame.pk),
        people=queries.people_of(frame.pk),
        sides=[(one.organisation_id, one.organisation.name) for one in frame.parties],
    )


def _views(request: Request, frame: AssessmentsFrame, active: str) -> list[dict[str, Any]]:
    """Return the list and the board, each with what was looked for."""
    kept = address_with(request, page=None, sort=None, export=None)
    kept = "" if kept == "?" else kept
    return [
        {
            "url": reverse(f"assessments:{code}", args=[frame.pk]) + kept,
            "label": label,
            "active": code == active,
        }
        for code, label in (("list", _("List")), ("board", _("Board")))
    ]


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the requests and their states, to search, sort and export."""
    frame, today = enter_assessments(request, pk), timezone.localdate()
    form = _form(request, frame)
    wanted = form.wanted(sort=request.GET.get("sort", "-asked"))
    numbers = queries.find_engagements(pk, wanted, today=today)
    if request.GET.get("export"):
        header, rows = queries.table_of(queries.rows_of(numbers, today=today))
        return answer_table("assessments", form=request.GET["export"], header=header, rows=rows)
    page = page_of(numbers, request)
    context = {
        "rows": queries.rows_of(list(page), today=today),
        "form": form,
        "count": page.paginator.count,
        "is_narrowed": wanted.is_narrowed,
        "views": _views(request, frame, "list"),
        "sorts": sort_links(request, SORTED, now=wanted.sort),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "list", "list", context)


@require_GET
@for_people
def show_board(request: Request, pk: int) -> HttpResponse:
    """Show the requests by state."""
    frame, today = enter_assessments(request, pk), timezone.localdate()
    form = _form(request, frame)
    # The columns are the states.
    del form.fields["state"]
    wanted = form.wanted(sort="asked", state="all")
    columns = queries.read_board(pk, wanted, today=today)
    context = {
        "columns": columns,
        "form": form,
        "count": sum(one.count for one in columns),
        "is_narrowed": form.has_changed(),
        "views": _views(request, frame, "board"),
        "list_url": reverse("assessments:list", args=[pk]),
        "kept": address_with(request, state=None, page=None).removeprefix("?"),
    }
    return show_page(request, frame, "list", "board", context)


@require_http_methods(["GET", "POST"])
@for_people
def note(request: Request, pk: int) -> HttpResponse:
    """Note what a member asks by phone or in person: first the service, then its questions."""
    frame = enter_assessments(request, pk, to_write=True)
    service_id = read_number(request.GET.get("service"))
    if not service_id:
        offered = find_services(pk, ServicesWanted(state=Service.State.OFFERED))
        context = {"services": offered, "kept": _said(request)}
        return show_page(request, frame, "list", "engagement_services", context)
    service = get_service(service_id, pk)
    form = AskForm(
        request.POST or None,
        clients=members_that_ask(frame.parties, today=timezone.localdate()),
        questions=questions_of(service),
        language=(get_language() or "en")[:2],
    )
    form.initial = {**_said(request), **form.initial}
    if request.method == "POST" and form.is_valid():
        try:
            made = note_request(
                actor=request.reader,
                service_id=service.pk,
                client_id=form.cleaned_data["client"],
                facts=form.facts(),
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("Request logged. The company gets a confirmation by email.")
            )
            return redirect("assessments:engagement", pk, made.pk)
    context = {"form": form, "service": service}
    return show_page(
        request, frame, "list", "engagement_note", context, status=422 if form.errors else 200
    )


def _said(request: Request) -> dict[str, str]:
    """Return the client and subject of a request, as given by the page that led here."""
    return {name: request.GET[name][:200] for name in ("client", "title") if name in request.GET}
