"""When one can be met: working hours, and busy times from a calendar that one brings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.ambassadors.forms.calendars import BringForm, HoursForm
from proxeny.ambassadors.operations import calendars as operations
from proxeny.ambassadors.operations.calendars import Brought
from proxeny.ambassadors.queries.calendars import own_hours, own_taken
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import InvalidInput


@require_GET
@for_people
def show(request: HttpRequest) -> HttpResponse:
    """Show the hours one has said, and what is known of one's calendar."""
    return _show(request)


def _show(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    hours = own_hours(request.reader)
    context = {
        "hours": hours,
        "taken": own_taken(request.reader, now=timezone.now()),
        "zone": request.reader.time_zone,
        "hours_form": HoursForm(hours=hours),
        "bring_form": BringForm(),
        **forms,
    }
    return render(request, "ambassadors/calendar.html", context, status=status)


@require_POST
@for_people
def set_hours(request: HttpRequest) -> HttpResponse:
    """Say when one can be met."""
    form = HoursForm(request.POST, hours=own_hours(request.reader))
    if form.is_valid():
        try:
            operations.set_working_hours(actor=request.reader, **form.values())
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved. Times are proposed within these hours."))
            return redirect("ambassadors:calendar")
    return _show(request, status=422, hours_form=form)


@require_POST
@for_people
def bring(request: HttpRequest) -> HttpResponse:
    """Read busy times from a calendar file, in place of all that was brought before."""
    form = BringForm(request.POST, request.FILES)
    try:
        brought = _bring(request, form)
    except InvalidInput as error:
        form.errors.pop("file", None)
        form.add_error("file", str(error))
        brought = None
    if brought is None:
        return _show(request, status=422, bring_form=form)
    messages.success(request, _tell(brought))
    return redirect("ambassadors:calendar")


def _bring(request: HttpRequest, form: BringForm) -> Brought | None:
    if too_large := getattr(request, "upload_too_large", 0):
        operations.refuse_size(too_large)
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    operations.refuse_size(file.size)
    return operations.bring_calendar(
        actor=request.reader, content=file.read(), now=timezone.now()
    )  # fmt: skip


def _tell(brought: Brought) -> str:
    """Say what was read: so that somebody who chose the wrong calendar sees it."""
    if not brought.times:
        return ngettext(
            "%(count)d event was read, and none of it takes time from now on.",
            "%(count)d events were read, and none of them takes time from now on.",
            brought.events,
        ) % {"count": brought.events}  # fmt: skip
    return _(
        "Read: %(hours)s busy hours until %(day)s. Titles, places and guests are not kept."
    ) % {
        "hours": number_format(round(brought.hours, 1), force_grouping=True),
        "day": date_format(brought.until),
    }


@require_POST
@for_people
def forget(request: HttpRequest) -> HttpResponse:
    """Delete all busy times that one has brought."""
    count = operations.forget_calendar(actor=request.reader)
    if count:
        messages.success(request, _("All busy times are deleted."))
    return redirect("ambassadors:calendar")
