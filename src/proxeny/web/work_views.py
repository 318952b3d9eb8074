"""A reader's long work: all of it on one page, and each alone while it runs."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from proxeny.kernel.jobs.watching import get_job, list_jobs
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, lead_on
from proxeny.web.work import WORK, tell_work


@require_GET
@for_people
def show_work(request: Request) -> HttpResponse:
    """Show the work that the reader may watch, the newest first."""
    found = list_jobs(request.reader)
    if request.GET.get("export"):
        rows = tell_work(WORK.fit(found, request))
        if (file := WORK.export(request, rows)) is not None:
            return file
    shown = WORK.show(request, found)
    context = {"work": shown, "rows": tell_work(shown.rows)}
    return render(request, "web/work.html", context)


@require_GET
@for_people
def show_one(request: Request, job_id: int) -> HttpResponse:
    """Show the progress of one job; once it is over, lead to the page with its result.

    `next` names that page, where it is not the one that the work belongs to.
    """
    [work] = tell_work([get_job(request.reader, job_id)])
    asked = request.GET.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    back = asked if is_ours else work.url or reverse("work")
    if not request.htmx:
        return redirect(back)
    if work.is_over:
        return lead_on(request, back)
    context = {"work": work, "title": work.title, "back": asked if is_ours else ""}
    return render(request, "web/parts/work.html", context)
