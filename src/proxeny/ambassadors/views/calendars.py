"""Availability pages: working hours, and busy times from an uploaded calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.ambassadors.forms.calendars import BringForm, HoursForm
from proxeny.ambassadors.operations import calendars as operations
from proxeny.ambassadors.operations.calendars import Brought
from proxeny.ambassadors.queries.calendars import own_hours, own_taken
from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show(request: Request) -> HttpResponse:
    """Show the user's working hours, and what is known of their calendar."""
    return _show(request)


def _show(request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
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
def set_hours(request: Request) -> HttpResponse:
    """Say when one can be met."""
    form = HoursForm(request.POST, hours=own_hours(request.reader))
    saved = submit_form(
        request,
        form,
        lambda now, **given: operations.set_working_hours(**given),
        values=form.values,
        done=_("Saved. Times are proposed within these hours."),
        to=reverse("ambassadors:calendar"),
    )
    return saved or _show(request, status=422, hours_form=form)


@require_POST
@for_people
def bring(request: Request) -> HttpResponse:
    """Read busy times from a calendar file, replacing all earlier ones."""
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


def _bring(request: Request, form: BringForm) -> Brought | None:
    if too_large := getattr(request, "upload_too_large", 0):
        operations.refuse_size(too_large)
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    operations.refuse_size(file.size)
    return operations.bring_calendar(actor=request.reader, content=file.read(), now=timezone.now())


def _tell(brought: Brought) -> str:
    """Return a summary of the upload, so that a wrong calendar is noticed."""
    if not brought.times:
        return ngettext(
            "%(count)d event was read, but it doesn’t take up any time from now on.",
            "%(count)d events were read, but none of them takes up any time from now on.",
            brought.events,
        ) % {"count": brought.events}
    return _(
        "Imported: %(hours)s busy hours until %(day)s. Titles, places and guests aren’t kept."
    ) % {
        "hours": number_format(round(brought.hours, 1), force_grouping=True),
        "day": date_format(brought.until),
    }


@require_POST
@for_people
def forget(request: Request) -> HttpResponse:
    """Delete all of the reader's uploaded busy times."""
    count = operations.forget_calendar(actor=request.reader)
    if count:
        messages.success(request, _("All busy times deleted."))
    return redirect("ambassadors:calendar")
