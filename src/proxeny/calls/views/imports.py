"""Files of calls: brought, shown, taken or left."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.calls.fields import label_of, tell_fact
from proxeny.calls.forms.calls import BringForm
from proxeny.calls.models import CallImport
from proxeny.calls.operations import importing
from proxeny.calls.queries.calls import stewards_of
from proxeny.calls.queries.imports import get_import, list_imports
from proxeny.calls.sources.names import COLUMNS
from proxeny.calls.sources.reading import refuse_size
from proxeny.directory.sources.content import PAGE
from proxeny.kernel.answers import for_people, read_number
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.files.uploads import watching_size

#: So many uploads are listed.
_UPLOADS = 20


@watching_size(PAGE.size)
@require_http_methods(["GET", "POST"])
@for_people
def start(request: HttpRequest) -> HttpResponse:
    """Take in a file of calls, to be shown before anything changes."""
    stewards = stewards_of(request.reader, today=timezone.localdate())
    if not stewards:
        raise NotAllowed(_("Only managers, advisers and ambassadors of a cluster bring calls."))
    form = BringForm(stewards=stewards)
    if request.method == "POST":
        form = BringForm(request.POST, request.FILES, stewards=stewards)
        brought = _bring(request, form)
        if brought is not None:
            return redirect("calls:import-detail", brought.pk)
    context = {"form": form, "columns": COLUMNS, "imports": list_imports()[:_UPLOADS]}
    return render(request, "calls/import_start.html", context, status=422 if form.errors else 200)


def _bring(request: HttpRequest, form: BringForm) -> CallImport | None:
    try:
        if too_large := getattr(request, "upload_too_large", 0):
            refuse_size(too_large)
        if not form.is_valid():
            return None
        file = form.cleaned_data["file"]
        refuse_size(file.size)
        return importing.bring_calls(
            actor=request.reader, cluster_id=form.cleaned_data["cluster"], file_name=file.name,
            content=file.read(), now=timezone.localtime(),
        )  # fmt: skip
    except InvalidInput as error:
        form.errors.pop("file", None)
        form.add_error("file", str(error))
    return None


@require_GET
@for_people
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what taking a file would do, or what it did."""
    one = get_import(pk)
    context: dict[str, Any] = {
        "brought": one,
        "is_taken": one.state == CallImport.State.TAKEN,
        "is_empty": not (one.added or one.changed),
        "new": one.report.get("new", ()),
        "changed": [_tell_changed(*told) for told in one.report.get("changed", ())],
        "problems": [{**told, "label": label_of(told["field"])} for told in one.problems],
        "shown": importing.SHOWN,
        "may_take": one.cluster_id
        in {cluster.pk for cluster in stewards_of(request.reader, today=timezone.localdate())},
    }
    return render(request, "calls/import_detail.html", context)


def _tell_changed(reference: str, title: str, changes: list[Any]) -> dict[str, Any]:
    return {
        "reference": reference,
        "title": title,
        "changes": [
            {"label": label_of(name), "was": tell_fact(name, was), "now": tell_fact(name, now)}
            for name, was, now in changes
        ],
    }


@require_POST
@for_people
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the calls of a file, all that are right."""
    try:
        one = importing.take_calls(
            actor=request.reader, import_id=pk, version=read_number(request.POST.get("version")),
            leave_out="leave_out" in request.POST, now=timezone.localtime(),
        )  # fmt: skip
    except Conflict as error:
        messages.error(request, str(error))
    else:
        count = one.added + one.changed
        messages.success(
            request,
            ngettext("%(count)d call is taken.", "%(count)d calls are taken.", count)
            % {"count": count},
        )
    return redirect("calls:import-detail", pk)


@require_POST
@for_people
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a file of calls."""
    try:
        importing.leave_calls(
            actor=request.reader, import_id=pk, version=read_number(request.POST.get("version")),
            now=timezone.localtime(),
        )  # fmt: skip
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("calls:import-detail", pk)
    messages.success(request, _("The file is left. No call was changed."))
    return redirect("calls:import")
