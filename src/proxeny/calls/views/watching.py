"""Watching calls."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from proxeny.calls.forms.watching import WatchForm
from proxeny.calls.models import CallWatch
from proxeny.calls.moments import tell_moment
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import (
    WATCHED,
    count_hidden,
    find_watch,
    list_watched,
    next_deadline,
)
from proxeny.kernel.answers import for_people
from proxeny.kernel.errors import InvalidInput


@require_GET
@for_people
def show_watched(request: HttpRequest) -> HttpResponse:
    """List the calls that the reader watches."""
    now, zone = timezone.now(), request.reader.time_zone
    found = list_watched(request.reader)
    if (file := WATCHED.export(request, found)) is not None:
        return file

    def tell(one: CallWatch) -> dict[str, Any]:
        due = next_deadline(one.call, now=now)
        return {"watch": one, "due": tell_moment(due, zone) if due else ""}

    shown = WATCHED.show(request, found).with_rows(tell)
    context = {"watched": shown, "hidden": count_hidden(request.reader)}
    return render(request, "calls/watched.html", context)


@require_POST
@for_people
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a call, or change when one is reminded; `?days_before=` is an undo that knows it."""
    days = WatchForm(request.GET if request.GET else request.POST).days()
    try:
        if days is None:
            raise InvalidInput(_("Choose among 30, 14 and 3 days before the deadline."))
        watching.watch_call(actor=request.reader, call_id=pk, now=timezone.now(), days_before=days)
    except InvalidInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You watch it. Reminders and a moved deadline come by mail."))
    if request.htmx and not request.htmx.target:
        # An undo in a message replaces nothing: the page it stands on is loaded anew.
        return HttpResponseClientRefresh()
    return redirect("calls:detail", pk)


@require_POST
@for_people
def unwatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a call no longer; the message offers to watch it again, with the same reminders."""
    before = find_watch(request.reader, pk)
    watching.unwatch_call(actor=request.reader, call_id=pk)
    days = urlencode({"days_before": before.days_before if before else []}, doseq=True)
    undo = reverse("calls:watch", args=[pk]) + (f"?{days}" if days else "")
    messages.success(
        request, _("You do not watch it any more."), extra_tags=f"undo:{undo}" if before else ""
    )
    return redirect("calls:watched") if "list" in request.POST else redirect("calls:detail", pk)
