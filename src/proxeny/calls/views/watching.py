"""Watching calls."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.calls.forms.watching import WatchForm
from proxeny.calls.models import CallWatch
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import (
    WATCHED,
    count_hidden,
    find_watch,
    list_watched,
    next_deadline,
)
from proxeny.calls.rules import format_deadline
from proxeny.kernel.actions import perform, return_to
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show_watched(request: Request) -> HttpResponse:
    """List the calls that the reader watches."""
    now, zone = timezone.now(), request.reader.time_zone
    found = list_watched(request.reader)
    if (file := WATCHED.export(request, found)) is not None:
        return file

    def tell(one: CallWatch) -> dict[str, Any]:
        due = next_deadline(one.call, now=now)
        return {"watch": one, "due": format_deadline(due, zone) if due else ""}

    shown = WATCHED.show(request, found).with_rows(tell)
    context = {"watched": shown, "hidden": count_hidden(request.reader)}
    return render(request, "calls/watched.html", context)


@require_POST
@for_people
def watch(request: Request, pk: int) -> HttpResponse:
    """Watch a call, or change when one is reminded; `?days_before=` is an undo that knows it."""
    days = WatchForm(request.GET if request.GET else request.POST).days()
    to = reverse("calls:detail", args=[pk])
    if days is None:
        messages.error(request, _("Choose from 30, 14 and 3 days before the deadline."))
        return return_to(request, to)
    return perform(
        request,
        partial(watching.watch_call, call_id=pk, days_before=days),
        done=_("You’re watching this call. Reminders and deadline changes come by email."),
        to=to,
    )


@require_POST
@for_people
def unwatch(request: Request, pk: int) -> HttpResponse:
    """Watch a call no longer; the message offers to watch it again, with the same reminders."""
    before = find_watch(request.reader, pk)
    watching.unwatch_call(actor=request.reader, call_id=pk)
    days = urlencode({"days_before": before.days_before if before else []}, doseq=True)
    undo = reverse("calls:watch", args=[pk]) + (f"?{days}" if days else "")
    messages.success(
        request,
        _("You’re no longer watching this call."),
        extra_tags=f"undo:{undo}" if before else "",
    )
    return redirect("calls:watched") if "list" in request.POST else redirect("calls:detail", pk)
