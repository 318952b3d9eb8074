"""The desk as a whole: its board, its list, and giving cases to somebody else."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.ambassadors.forms.desk import ReassignForm
from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations.introductions import reassign_introductions
from proxeny.ambassadors.queries.board import (
    make_cards,
    read_board,
    states_of,
    table_of,
)
from proxeny.ambassadors.queries.cases import find_cases, list_cases
from proxeny.ambassadors.queries.waiting import find_at_desks, list_desks
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.actions import perform
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
    sort_links,
)

SORTED = ("next", "member", "stakeholder", "state", "changed")


def _chosen(request: Request, frame: DeskFrame) -> dict[str, Any]:
    """Return what the address narrows the cases to."""
    who = request.GET.get("who", "")
    if who == "me":
        in_charge: int | None = request.reader.person
    elif who == "nobody":
        in_charge = 0
    else:
        in_charge = read_number(who) or None
    member = read_number(request.GET.get("member"))
    return {
        "search": request.GET.get("q", "").strip()[:100],
        "in_charge": in_charge,
        "member_id": member or None,
    }


@require_GET
@for_people
def show_desks(request: Request) -> HttpResponse:
    """Show the desks at which the reader works; lead to the only one."""
    desks = list_desks(request.reader)
    if len(desks) == 1:
        return redirect("ambassadors:board", desks[0].partnership_id)
    waiting = {one.partnership_id: one for one in find_at_desks(request.reader, now=timezone.now())}
    rows = [{"desk": one, "waiting": waiting.get(one.partnership_id)} for one in desks]
    return render(request, "ambassadors/desks.html", {"rows": rows})


@require_GET
@for_people
def show_board(request: Request, pk: int) -> HttpResponse:
    """Show all cases by how far they are, those first that are due."""
    frame = enter_desk_frame(request, pk)
    chosen = _chosen(request, frame)
    columns = read_board(pk, frame.cluster_id, today=timezone.localdate(), **chosen)
    context = {
        "columns": columns,
        "is_empty": not any(column.count for column in columns),
        "search": chosen["search"],
        "who": request.GET.get("who", ""),
        "is_narrowed": any(chosen.values()),
        "list_url": reverse("ambassadors:list", args=[pk]),
        "kept": address_with(request).removeprefix("?"),
        "whose": _whose(request),
    }
    return show_page(request, frame, "board", "board", context)


def _whose(request: Request) -> list[dict[str, Any]]:
    """Return whose cases one can look at, each with its address."""
    who = request.GET.get("who", "")
    choices = (("", _("All")), ("me", _("Mine")), ("nobody", _("Unassigned")))
    return [
        {"url": address_with(request, who=code, page=None), "label": label, "active": code == who}
        for code, label in choices
    ]


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the cases as a table, to search, sort, export and hand over."""
    frame = enter_desk_frame(request, pk)
    return _show_list(request, frame, ReassignForm(team=frame.team()) if frame.may_work else None)


def _show_list(
    request: Request, frame: DeskFrame, form: ReassignForm | None, *, status: int = 200
) -> HttpResponse:
    sort = request.GET.get("sort", "next").removeprefix("-")
    state = request.GET.get("state", "")
    cases = find_cases(
        frame.pk, frame.cluster_id, states=states_of(state), sort=sort, **_chosen(request, frame)
    )
    if request.GET.get("export"):
        header, rows = table_of(cases)
        return answer_table("introductions", form=request.GET["export"], header=header, rows=rows)
    # The page's ids first: names are only loaded for the cases on it.
    page = page_of(cases.values_list("pk", flat=True), request)
    context = {
        "cards": make_cards(list_cases(page), timezone.localdate()),
        "count": page.paginator.count,
        "search": request.GET.get("q", "").strip()[:100],
        "who": request.GET.get("who", ""),
        "state": state,
        "states": [
            ("", _("Open ones")),
            *Introduction.State.choices,
            ("all", _("All of them")),
        ],
        "sorts": sort_links(request, SORTED, now=sort),
        "whose": _whose(request),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "form": form,
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "list", "list", context, status=status)


@require_POST
@for_people
def reassign(request: Request, pk: int) -> HttpResponse:
    """Give the cases that were ticked to somebody else, with a reason."""
    frame = enter_desk_frame(request, pk, to_write=True)
    form = ReassignForm(request.POST, team=frame.team())
    numbers = [read_number(text) for text in request.POST.getlist("case")]
    if not numbers:
        messages.error(request, _("Select the introductions you want to hand over."))
        return _show_list(request, frame, form, status=422)
    if not form.is_valid():
        return _show_list(request, frame, form, status=422)
    return perform(
        request,
        partial(
            reassign_introductions,
            introduction_ids=numbers,
            person_id=form.cleaned_data["person"],
            why=form.cleaned_data["why"],
        ),
        done=lambda count: (
            ngettext(
                "%(count)d introduction handed over.",
                "%(count)d introductions handed over.",
                count,
            )
            % {"count": count}
        ),
        to=f"{reverse('ambassadors:list', args=[pk])}{address_with(request)}",
    )
