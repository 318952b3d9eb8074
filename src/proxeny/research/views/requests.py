"""Requests for a room's data: the list, and one decision at a time."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    for_people,
    page_links,
    page_of,
    read_number,
)
from proxeny.partnerships.rules import can_work_at_desk
from proxeny.partnerships.views.frame import Frame, enter_frame
from proxeny.research.forms.requests import FindRequestsForm, GrantForm, RefuseForm
from proxeny.research.models import DataRequest
from proxeny.research.operations import requests as operations
from proxeny.research.queries import requests as queries

State = DataRequest.State
TONES = {State.ASKED: "warn", State.GRANTED: "ok", State.REFUSED: ""}
#: So long somebody is let in, unless another day is chosen.
USUAL = timedelta(days=30)


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the requests for data, the waiting ones first."""
    frame = enter_frame(request, pk)
    form = FindRequestsForm(request.GET)
    wanted = form.wanted(package=read_number(request.GET.get("package")) or None)
    found = queries.REQUESTS.fit(queries.find_requests(pk, wanted), request)
    if request.GET.get("export"):
        return answer_table(
            "data-requests", form=request.GET["export"], header=_head(), rows=map(_line, found)
        )
    page = page_of(found, request)
    today = timezone.localdate()
    context = {
        "form": form,
        "rows": [_row(one, today) for one in page],
        "count": page.paginator.count,
        "is_narrowed": wanted != queries.Wanted(),
        **queries.REQUESTS.tools(request),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return _render(request, frame, "request_list", context)


def _row(one: DataRequest, today: Any) -> dict[str, Any]:
    over = one.state == State.GRANTED and not queries.is_valid(one, today)
    return {
        "one": one,
        "label": _("Access ended") if over else one.get_state_display(),
        "tone": "" if over else TONES[State(one.state)],
    }


def _head() -> tuple[str, ...]:
    return (
        _("Requested on"),
        _("Name"),
        _("Organisation"),
        _("Email"),
        _("Data package"),
        _("Purpose"),
        _("State"),
        _("Until"),
        _("Decided on"),
        _("Reason"),
        _("Files downloaded"),
    )


def _line(one: Any) -> tuple[object, ...]:
    return (
        timezone.localtime(one.asked_at).date().isoformat(),
        one.name,
        one.organisation,
        one.email,
        one.package.title,
        one.purpose,
        one.get_state_display(),
        one.until.isoformat() if one.until else "",
        timezone.localtime(one.decided_at).date().isoformat() if one.decided_at else "",
        one.reason,
        one.taken,
    )


def _render(
    request: Request,
    frame: Frame,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {**frame.context("studies"), **context}
    return render(request, f"research/{template}.html", context, status=status)


@require_GET
@for_people
def show(request: Request, pk: int, request_id: int) -> HttpResponse:
    """Show one request with its terms, what was taken, and what can be decided."""
    return _show(request, enter_frame(request, pk), queries.get_request(pk, request_id))


def _show(
    request: Request,
    frame: Frame,
    one: DataRequest,
    *,
    status: int = 200,
    **given: forms.Form,
) -> HttpResponse:
    today = timezone.localdate()
    may_decide = can_work_at_desk(request.reader, frame.partnership, frame.parties)
    context = {
        **_row(one, today),
        "grant_form": given.get("grant")
        or GrantForm(initial={"seen": one.version, "until": today + USUAL}),
        "refuse_form": given.get("refuse") or RefuseForm(initial={"seen": one.version}),
        "may_decide": may_decide and one.state == State.ASKED,
        "may_revoke": may_decide and queries.is_valid(one, today),
        "uses": queries.uses_of(one),
    }
    return _render(request, frame, "request", context, status=status)


@require_POST
@for_people
def grant(request: Request, pk: int, request_id: int) -> HttpResponse:
    """Grant access until a day."""
    return _decide(
        request,
        pk,
        request_id,
        "grant",
        GrantForm(request.POST),
        operations.grant_data,
        _("They’ll get a link by email, for this data only."),
    )


@require_POST
@for_people
def refuse(request: Request, pk: int, request_id: int) -> HttpResponse:
    """Refuse a request, with a reason."""
    return _decide(
        request,
        pk,
        request_id,
        "refuse",
        RefuseForm(request.POST),
        operations.refuse_data,
        _("They’ll get your reason by email."),
    )


@require_POST
@for_people
def revoke(request: Request, pk: int, request_id: int) -> HttpResponse:
    """Take a link back."""
    return _decide(
        request,
        pk,
        request_id,
        "refuse",
        RefuseForm(request.POST),
        operations.revoke_data,
        _("The link no longer works. They’ll get your reason by email."),
    )


def _decide(
    request: Request,
    pk: int,
    request_id: int,
    name: str,
    form: forms.Form,
    operation: Callable[..., Any],
    done: str,
) -> HttpResponse:
    frame = enter_frame(request, pk)
    one = queries.get_request(pk, request_id)

    def values() -> dict[str, Any]:
        said = dict(form.cleaned_data)
        return {"version": said.pop("seen"), **said}

    saved = submit_form(
        request,
        form,
        partial(operation, partnership_id=pk, request_id=request_id),
        values=values,
        done=done,
        to=reverse("research:requests", args=[pk]),
    )
    return saved or _show(request, frame, one, status=422, **{name: form})
