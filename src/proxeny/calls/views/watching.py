"""Watching calls."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.calls.forms.watching import WatchForm
from proxeny.calls.models import CallWatch
from proxeny.calls.moments import tell_moment
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import WATCHED, count_hidden, list_watched, next_deadline
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
    """Watch a call, or change when one is reminded."""
    days = WatchForm(request.POST).days()
    try:
        if days is None:
            raise InvalidInput(_("Choose among 30, 14 and 3 days before the deadline."))
        watching.watch_call(actor=request.reader, call_id=pk, now=timezone.now(), days_before=days)
    except InvalidInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You watch it. Reminders and a moved deadline come by mail."))
    return redirect("calls:detail", pk)


@require_POST
@for_people
def unwatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a call no longer."""
    watching.unwatch_call(actor=request.reader, call_id=pk)
    messages.success(request, _("You do not watch it any more."))
    return redirect("calls:watched") if "list" in request.POST else redirect("calls:detail", pk)
