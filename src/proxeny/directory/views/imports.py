"""Bringing a member list: file, columns, check, import."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory import operations, queries
from proxeny.directory.import_forms import ColumnsForm, PairsForm, ReadAgainForm, UploadForm
from proxeny.directory.memberlist.columns import BY_NAME, LISTED, label_of
from proxeny.directory.memberlist.lists import SEPARATORS
from proxeny.directory.memberlist.problems import effect_of
from proxeny.directory.models import MemberImport
from proxeny.directory.sources.content import PAGE, refuse_size
from proxeny.directory.sources.encoding import encoding_label
from proxeny.directory.views._presenters import tell_evidence
from proxeny.kernel.actions import perform
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files.uploads import SizeGuard
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import answering, lead_on, read_number

State = MemberImport.State
Source = MemberImport.Source


@csrf_exempt
@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Take a member list. The size is watched while it streams in, so the token is checked after."""
    request.upload_handlers.insert(0, SizeGuard(request, most=PAGE.size))
    return _start(request)


@csrf_protect
@answering
def _start(request: Request) -> HttpResponse:
    clusters = queries.list_clusters(request.reader.managed)
    if not clusters:
        raise PermissionDenied(_("Only a manager of a cluster can import its members."))
    form = UploadForm(clusters=clusters)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, clusters=clusters)
        brought = _take_file(request, form)
        if brought is not None:
            return redirect("directory:import-detail", brought.pk)
    context = {"form": form, "imports": queries.list_imports(request.reader.managed)}
    return render(
        request, "directory/import_start.html", context, status=422 if form.errors else 200
    )


def _take_file(request: Request, form: UploadForm) -> MemberImport | None:
    try:
        if too_large := getattr(request, "upload_too_large", 0):
            refuse_size(too_large)
        if not form.is_valid():
            return None
        file = form.cleaned_data["file"]
        refuse_size(file.size)
        return operations.start_import(
            actor=request.reader,
            cluster_id=form.cleaned_data["cluster"],
            file_name=file.name,
            content=file.read(),
            source=form.cleaned_data["source"],
            language=translation.get_language() or "",
        )
    except InvalidInput as error:
        form.errors.pop("file", None)
        form.add_error("file", str(error))
    return None


@require_GET
def download_template(request: Request) -> HttpResponse:
    """Give an empty list with all columns in the reader's language."""
    header = [target.label for target in LISTED]
    return answer_table("members", form=request.GET.get("format", "xlsx"), header=header, rows=[])


@require_GET
@answering
def show(request: Request, pk: int) -> HttpResponse:
    """Show the state of an import: its columns, its progress, its check, or its result."""
    brought = queries.get_import(pk)
    wants_columns = "columns" in request.GET and not brought.is_over
    if brought.state == State.UPLOADED or (wants_columns and brought.state != State.APPLYING):
        return _render_columns(request, brought, ColumnsForm(brought=brought))
    return render(request, "directory/import_detail.html", _standing(brought))


def _render_columns(request: Request, brought: MemberImport, form: ColumnsForm) -> HttpResponse:
    used = {label: BY_NAME[name].label for name, label in brought.mapping.items()}
    found = brought.columns
    context = {
        "import": brought,
        "form": form,
        "again": ReadAgainForm(brought=brought),
        "header": [(label, used.get(label, "")) for label in found["header"]],
        "sample": found["sample"],
        "encoding": encoding_label(found["encoding"]) if found["encoding"] else "",
        "matched": len(brought.mapping),
        "recognised": _recognised(brought),
        "step": "columns",
    }
    return render(request, "directory/import_columns.html", context, status=form.status)


def _recognised(brought: MemberImport) -> str:
    """Return the detected kind of the file, with its contents."""
    counts = {
        "rows": number_format(brought.rows, force_grouping=True),
        "organisations": number_format(
            brought.columns.get("organisations") or 0, force_grouping=True
        ),
    }
    texts = {
        Source.MEMBERS: _("Read as a member list: %(rows)s rows."),
        Source.CONTACTS: _("Read as a list of organisations known to the cluster: %(rows)s rows."),
        Source.CLUSTERS: _("This looks like a list of clusters: %(rows)s rows."),
        Source.CORDIS: _(
            "This looks like a CORDIS organisation file: %(rows)s participations by "
            "%(organisations)s organisations."
        ),
        Source.PROJECTS: _("This looks like a CORDIS project file: %(rows)s rows."),
        Source.VCARD: _("These are business cards: %(rows)s."),
    }
    return texts[Source(brought.source)] % counts


@require_POST
@answering
@keeping(ColumnsForm)
def choose_columns(request: Request, pk: int) -> HttpResponse:
    """Say which column is what, and start the check."""
    edit = edit_record(
        request,
        load=lambda: _open_import(pk),
        make=lambda brought, data: ColumnsForm(data, brought=brought),
        save=lambda form: operations.set_mapping(
            actor=request.reader,
            import_id=pk,
            mapping=form.to_mapping(),
            options=form.to_options(),
            version=form.number,
        ),
    )
    if not edit.is_saved:
        return _render_columns(request, edit.record, edit.form)
    if edit.taken:
        edit.say(_("The columns are read as you chose."))
    return redirect("directory:import-detail", pk)


def _open_import(pk: int) -> MemberImport:
    brought = queries.get_import(pk)
    if brought.is_over:
        raise Conflict(
            _("This list has already been imported. Upload it again to repeat the import.")
        )
    return brought


@require_POST
@answering
def read_again(request: Request, pk: int) -> HttpResponse:
    """Read the file with another sheet or encoding."""
    form = ReadAgainForm(request.POST, brought=queries.get_import(pk))
    if form.is_valid():
        try:
            operations.reread_import(actor=request.reader, import_id=pk, **form.cleaned_data)
        except (InvalidInput, Conflict) as error:
            messages.error(request, str(error))
    return redirect("directory:import-detail", pk)


@require_GET
@answering
def show_progress(request: Request, pk: int) -> HttpResponse:
    """Show the bar alone; when the work is over, let the browser load the whole page."""
    brought = queries.get_import(pk)
    context = _standing(brought)
    if not context["is_at_work"]:
        return lead_on(request, reverse("directory:import-detail", args=[pk]))
    return render(request, "directory/import_detail.html#progress", context)


def _standing(brought: MemberImport) -> dict[str, Any]:
    job = queries.get_job(brought)
    at_work = brought.state in {State.CHECKING, State.APPLYING}
    has_failed = brought.state == State.FAILED or (
        at_work and job is not None and job.state == Job.State.FAILED
    )
    steps: dict[str, str] = {State.CHECKING: "check", State.CHECKED: "check", State.APPLIED: "done"}
    return {
        "import": brought,
        "job": job,
        "is_at_work": at_work and not has_failed,
        "has_failed": has_failed,
        "progress": _progress(job),
        "changes": [_labelled(one) for one in brought.report.get("changes", [])],
        "notes": brought.report.get("notes", 0),
        "kinds": [
            one
            | {
                "label": _PROBLEMS[one["kind"]],
                "effect": effect_of(one["kind"], stops=one["stops"]),
            }
            for one in brought.report.get("kinds", [])
        ],
        "lists": [
            one | {"label": label_of(one["field"]), "sign": SEPARATORS.get(one["separator"], "")}
            for one in brought.report.get("lists", [])
            if one["examples"]
        ],
        "again": brought.report.get("again", 0),
        "pairs": None if brought.is_over or not brought.alike else _pairs_form(brought),
        "stops": [one for one in brought.problems if one["stops"]],
        "left_out": [one for one in brought.problems if not one["stops"]],
        "step": steps.get(brought.state, "import" if brought.state == State.APPLYING else "check"),
    }


def _pairs_form(brought: MemberImport) -> PairsForm:
    form = PairsForm(brought=brought)
    for one in form.pairs:
        one["told"] = tell_evidence(one["evidence"])
    return form


#: The name of each kind of problem.
_PROBLEMS = {
    "name": gettext_lazy("No name"),
    "country": gettext_lazy("No country"),
    "cells": gettext_lazy("More cells than the header"),
    "value": gettext_lazy("Value that can’t be read or doesn’t fit"),
    "long": gettext_lazy("Text too long"),
    "repeat": gettext_lazy("Listed twice"),
    "unclear": gettext_lazy("May match several entries"),
}


def _labelled(change: dict[str, Any]) -> dict[str, Any]:
    fields = [one | {"label": label_of(one["field"])} for one in change["fields"]]
    return change | {"fields": fields}


def _progress(job: Job | None) -> dict[str, Any]:
    if job is None:
        return {}
    found = job.progress
    texts = {
        "read": _("Reading the file."),
        "check": _("%(done)s of %(total)s rows checked."),
        "compare": _("Comparing the rows with the directory."),
        "write": _("%(done)s of %(total)s entries saved."),
    }
    text = texts.get(found.get("step", ""), "") % {
        "done": found.get("done", 0),
        "total": found.get("total", 0),
    }
    is_queued = job.state == Job.State.QUEUED
    return {
        "text": text,
        "percent": None if is_queued else found.get("percent"),
        "state": "queued" if is_queued else "running",
    }


@require_POST
@answering
def apply(request: Request, pk: int) -> HttpResponse:
    """Start the import of a checked list."""
    version = read_number(request.POST.get("version"))
    return perform(
        request,
        lambda actor, **_now: operations.apply_import(actor=actor, import_id=pk, version=version),
        to=reverse("directory:import-detail", args=[pk]),
    )


@require_POST
@answering
def decide(request: Request, pk: int) -> HttpResponse:
    """Say which rows are the entries they look like, and check again."""
    brought = queries.get_import(pk)
    form = PairsForm(request.POST, brought=brought)
    version = read_number(request.POST.get("version"))
    if form.is_valid():
        try:
            operations.decide_pairs(
                actor=request.reader,
                import_id=pk,
                version=version,
                decisions=form.to_decisions(),
                rest=form.cleaned_data["rest"],
            )
        except (Conflict, InvalidInput) as error:
            messages.warning(request, str(error))
    return redirect("directory:import-detail", pk)


@require_POST
@answering
def discard(request: Request, pk: int) -> HttpResponse:
    """Discard an uploaded list."""
    return perform(
        request,
        lambda actor, **_now: operations.discard_import(actor=actor, import_id=pk),
        done=_("List discarded. Your members are unchanged."),
        onward=reverse("directory:import-start"),
        to=reverse("directory:import-detail", args=[pk]),
    )


@require_GET
@answering
def download_problems(request: Request, pk: int) -> HttpResponse:
    """Give all problems of a check as a file."""
    content = queries.get_problems(queries.get_import(pk))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-problems.csv"'
    return response
