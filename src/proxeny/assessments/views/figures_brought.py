"""Imports of figures: from a statistical office or a table, and newer values of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.assessments.forms.figures import FetchForm, RenewForm, TableForm
from proxeny.assessments.models import Figure, FigureVersion
from proxeny.assessments.operations import fetching
from proxeny.assessments.operations import figures as operations
from proxeny.assessments.queries import figures as queries
from proxeny.assessments.statistics.chart import make_chart
from proxeny.assessments.statistics.csv import MAX_BYTES, Brought, decode, read_table
from proxeny.assessments.statistics.sdmx import address_of, check_query
from proxeny.assessments.statistics.sources import OFFICES
from proxeny.assessments.views.frame import AssessmentsFrame, enter_assessments, show_page
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.form_fields import put_data
from proxeny.kernel.jobs.watching import get_job
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, lead_on, show_refusal
from proxeny.partnerships.views.frame import telling_refusal

#: What may be said in the address of the form, so that a refused query can be put right.
_ASKED = ("title", "agency", "flow", "key", "since", "until", "unit", "shape")


@require_http_methods(["GET", "POST"])
@for_people
def fetch(request: Request, pk: int) -> HttpResponse:
    """Choose a figure of an office; its address is shown before the office is queried."""
    frame = enter_assessments(request, pk, to_write=True)
    asked = {name: request.GET[name][:300] for name in _ASKED if name in request.GET}
    form = FetchForm(request.POST or None, initial=asked)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            address = address_of(check_query(form.query()))
            if form.cleaned_data["seen"] == address:
                job = fetching.start_fetch(
                    actor=request.reader,
                    partnership_id=pk,
                    query=form.query(),
                    facts=form.facts(),
                    now=timezone.localtime(),
                )
                return redirect("assessments:figure-fetching", pk, job.pk)
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
            address = ""
    if address:
        put_data(form, "seen", address)
    context = {"form": form, "address": address, "offices": OFFICES.values()}
    status = 422 if form.errors else 200
    return show_page(request, frame, "figures", "figure_fetch", context, status=status)


@require_GET
@for_people
def show_progress(request: Request, pk: int, job_id: int) -> HttpResponse:
    """Show a query's progress; once answered, lead to the figure or give the reason for none."""
    frame = enter_assessments(request, pk)
    job = get_job(request.reader, job_id)
    if job.partnership_id != pk or job.kind not in (fetching.FETCH, fetching.REFRESH):
        raise NotFound(_("We couldn’t find this task."))
    if request.htmx and job.is_over:
        # To this page as a whole, which leads on and says what came of it.
        return lead_on(request, request.path)
    if figure_id := job.result.get("figure_id"):
        _tell_result(request, job, figure_id)
        return redirect("assessments:figure", pk, figure_id)
    context = {
        "job": job,
        "progress": _progress_of(job),
        "refused": job.result.get("refused")
        or (job.is_over and (job.error or _("The query was stopped."))),
        "again_url": _again_url(pk, job),
    }
    if request.htmx:
        return show_page(request, frame, "figures", "_figure_progress", context)
    return show_page(request, frame, "figures", "figure_fetching", context)


def _tell_result(request: Request, job: Job, figure_id: int) -> None:
    if job.kind == fetching.FETCH:
        messages.success(request, _("The figure is in the library. The other side can see it too."))
    elif job.result.get("number"):
        messages.success(request, _("Newer values found. The differences are shown below."))
    else:
        _tell_unchanged(request, queries.get_version(queries.get_figure(figure_id)))


def _tell_unchanged(request: Request, version: FigureVersion) -> None:
    day = date_format(timezone.localtime(version.brought_at), "DATE_FORMAT")
    messages.success(request, _("Nothing has changed since %(day)s.") % {"day": day})


def _progress_of(job: Job) -> dict[str, Any]:
    texts = {
        "ask": _("Waiting for the office’s answer."),
        "read": _("Reading the answer."),
    }
    waits = job.state == Job.State.QUEUED
    return {
        "state": "queued" if waits else "running",
        "percent": None if waits else job.progress.get("percent"),
        "text": texts.get(job.progress.get("step", ""), ""),
    }


def _again_url(pk: int, job: Job) -> str:
    """Return the address for correcting a query: its form with the input, or the figure."""
    if job.kind == fetching.REFRESH:
        return reverse("assessments:figure", args=[pk, job.arguments["figure_id"]])
    asked = {**job.arguments["query"], **job.arguments["facts"]}
    values = {name: asked[name] for name in _ASKED if asked.get(name)}
    return f"{reverse('assessments:figure-fetch', args=[pk])}?{urlencode(values)}"


@require_POST
@for_people
def refresh(request: Request, pk: int, figure_id: int) -> HttpResponse:
    """Have an office asked for newer values."""
    enter_assessments(request, pk, to_write=True)
    figure = queries.get_figure(figure_id, pk)
    with telling_refusal(request):
        job = fetching.start_refresh(
            actor=request.reader, figure_id=figure.pk, now=timezone.localtime()
        )
        return redirect("assessments:figure-fetching", pk, job.pk)
    return redirect("assessments:figure", pk, figure_id)


@require_http_methods(["GET", "POST"])
@for_people
def bring(request: Request, pk: int) -> HttpResponse:
    """Upload a figure as a table: preview it with every cell that does not fit, then store it."""
    frame = enter_assessments(request, pk, to_write=True)
    form = TableForm(request.POST or None, request.FILES or None)
    brought = _read(request, form) if request.method == "POST" else None
    if brought and _wants_to_keep(request, form, brought):
        try:
            made = operations.bring_table(
                actor=request.reader,
                partnership_id=pk,
                facts=form.facts(),
                text=brought.text,
                decimal=form.cleaned_data["decimal"],
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("The figure is in the library. The other side can see it too.")
            )
            return redirect("assessments:figure", pk, made.pk)
    return _show_form(request, frame, form, brought)


@require_http_methods(["GET", "POST"])
@for_people
def renew(request: Request, pk: int, figure_id: int) -> HttpResponse:
    """Upload a newer table of a figure: previewed first, then stored as another version."""
    frame = enter_assessments(request, pk, to_write=True)
    figure = queries.get_figure(figure_id, pk)
    if figure.origin != Figure.Origin.CSV:
        raise NotFound(_("We couldn’t find this figure."))
    form = RenewForm(request.POST or None, request.FILES or None)
    brought = _read(request, form) if request.method == "POST" else None
    if brought and _wants_to_keep(request, form, brought):
        try:
            made = operations.renew_table(
                actor=request.reader,
                figure_id=figure_id,
                text=brought.text,
                decimal=form.cleaned_data["decimal"],
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            if made:
                messages.success(request, _("Newer values found. The differences are shown below."))
            else:
                _tell_unchanged(request, queries.get_version(figure))
            return redirect("assessments:figure", pk, figure_id)
    return _show_form(request, frame, form, brought, figure=figure)


def _read(request: Request, form: forms.Form) -> Brought | None:
    """Read the upload: the file, else the text. Errors are shown in the form."""
    form.is_valid()
    file = form.cleaned_data.get("file")
    try:
        text = decode(file.read(MAX_BYTES + 1)) if file else form.cleaned_data.get("text") or ""
        if not text.strip():
            raise InvalidInput(_("Choose a file or paste a table."), field="file")
        # From here on the table stands in the form as text, to be corrected and sent again.
        put_data(form, "text", text)
        return read_table(text, decimal=form.cleaned_data.get("decimal", ""))
    except InvalidInput as error:
        show_refusal(form, error)
        return None


def _wants_to_keep(request: Request, form: forms.Form, brought: Brought) -> bool:
    return "keep" in request.POST and not form.errors and not brought.problems


def _show_form(
    request: Request,
    frame: AssessmentsFrame,
    form: forms.Form,
    brought: Brought | None,
    *,
    figure: Figure | None = None,
) -> HttpResponse:
    chart = None
    if brought and brought.series:
        said = figure or Figure(
            title=form.data.get("title", ""),
            unit=form.data.get("unit", ""),
            shape=form.data.get("shape", "line"),
        )
        chart = make_chart(
            brought.series, key="preview", title=said.title, unit=said.unit, shape=said.shape
        )
    bad = bool(form.errors) or (brought is not None and bool(brought.problems))
    context = {
        "form": form,
        "figure": figure,
        "brought": brought,
        "chart": chart,
        "may_keep_it": brought is not None and not bad,
    }
    return show_page(request, frame, "figures", "figure_bring", context, status=422 if bad else 200)
