"""The age of figures, shown on each of their pages, and how to recalculate them."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.insight.models import Snapshot
from proxeny.insight.operations.refreshing import ask_anew
from proxeny.insight.queries.snapshots import standing_of
from proxeny.insight.queries.standing import find_refresh, get_refresh
from proxeny.insight.rules import can_refresh
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import for_people, lead_on, read_number


def standing_context(
    reader: Reader,
    snapshot: Snapshot | None,
    organisation_id: int,
    partnership_id: int | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the context of `insight/_standing.html`. Two queries, or one before the first figures.

    Include it without `only`: it links back to the page that includes it.
    """
    job = find_refresh(organisation_id, partnership_id, snapshot)
    failed = job is not None and job.state == Job.State.FAILED
    return {
        "standing": standing_of(snapshot, now=now) if snapshot else None,
        "refresh_url": reverse("insight:refresh"),
        "refresh_of": {"organisation": organisation_id, "partnership": partnership_id or ""},
        "may_refresh": can_refresh(reader, organisation_id),
        "refresh_failed": failed,
        "job": None if job is None or failed else _progress_of(job),
    }


def _progress_of(job: Job) -> dict[str, Any]:
    texts = {
        Snapshot.Kind.NETWORK: _("Measuring the network."),
        Snapshot.Kind.FORESIGHT: _("Looking for what’s coming."),
        Snapshot.Kind.OUTCOMES: _("Counting outcomes."),
        Snapshot.Kind.BOARD: _("Putting the board together."),
    }
    waits = job.state == Job.State.QUEUED
    return {
        "id": job.pk,
        "state": "queued" if waits else "running",
        "percent": None if waits else job.progress.get("percent"),
        "text": texts.get(job.progress.get("step", ""), ""),
        "poll_url": reverse("insight:refresh-progress", args=[job.pk]),
    }


@require_POST
@for_people
def refresh(request: Request) -> HttpResponse:
    """Queue a recalculation of figures, and return to the page that asked."""
    ask_anew(
        actor=request.reader,
        organisation_id=read_number(request.POST.get("organisation")),
        partnership_id=read_number(request.POST.get("partnership")) or None,
        now=timezone.now(),
    )
    return redirect(_way_back(request.POST.get("next")))


@require_GET
@for_people
def show_progress(request: Request, job_id: int) -> HttpResponse:
    """Show the job's progress; once it is over, let the browser load the page with its figures."""
    job = get_refresh(request.reader, job_id)
    back = _way_back(request.GET.get("next"))
    if not request.htmx:
        return redirect(back)
    if job.is_over:
        return lead_on(request, back)
    return render(request, "insight/_standing.html#job", {"job": _progress_of(job), "back": back})


def _way_back(address: str | None) -> str:
    """Return a page of ours that a form names, as a header may hold it; else the start page."""
    # Without its slash Django would take it for the name of a page.
    is_path = address and address.startswith("/")
    if is_path and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return str(iri_to_uri(address))
    return "/"
