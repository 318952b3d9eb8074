"""The page of failed jobs, to retry or to dismiss."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import failures
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.web.failed import FAILED, tell_failed


@require_GET
@for_people
def list_failed(request: Request) -> HttpResponse:
    """Show the failed work that waits for a decision."""
    found = failures.list_failed(request.reader)
    if request.GET.get("export"):
        rows = tell_failed(request.reader, FAILED.fit(found, request))
        if (file := FAILED.export(request, rows)) is not None:
            return file
    shown = FAILED.show(request, found)
    context = {"failed": shown, "rows": tell_failed(request.reader, shown.rows)}
    return render(request, "web/failed.html", context)


@require_POST
@for_people
def retry(request: Request, job_id: int) -> HttpResponse:
    """Queue a failed job again."""
    try:
        failures.retry_job(actor=request.reader, job_id=job_id)
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Trying again. If it fails again, it will reappear here."))
    return redirect("failed")


@require_POST
@for_people
def dismiss(request: Request, job_id: int) -> HttpResponse:
    """Put failed work aside."""
    try:
        failures.dismiss_job(actor=request.reader, job_id=job_id, now=timezone.now())
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Dismissed. Nothing else has changed."))
    return redirect("failed")
