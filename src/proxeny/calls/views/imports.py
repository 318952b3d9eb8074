"""Pages for files of calls: uploaded, previewed, imported or discarded."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.calls.fields import label_of, tell_fact
from proxeny.calls.forms.calls import BringForm
from proxeny.calls.models import CallImport
from proxeny.calls.operations import importing
from proxeny.calls.panels import beginnings_of
from proxeny.calls.queries.calls import find_by_reference, stewards_of
from proxeny.calls.queries.imports import get_import, list_imports
from proxeny.calls.sources.names import COLUMNS
from proxeny.calls.sources.reading import refuse_size
from proxeny.directory.sources.content import PAGE
from proxeny.kernel.actions import perform
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number

#: So many uploads are listed.
_UPLOADS = 20


@watching_size(PAGE.size)
@require_http_methods(["GET", "POST"])
@for_people
def start(request: Request) -> HttpResponse:
    """Take in a file of calls, to be shown before anything changes."""
    stewards = stewards_of(request.reader, today=timezone.localdate())
    if not stewards:
        raise NotAllowed(
            _("Only managers, advisers and ambassadors of a cluster can import calls.")
        )
    form = BringForm(stewards=stewards)
    if request.method == "POST":
        form = BringForm(request.POST, request.FILES, stewards=stewards)
        brought = _bring(request, form)
        if brought is not None:
            return redirect("calls:import-detail", brought.pk)
    context = {"form": form, "columns": COLUMNS, "imports": list_imports()[:_UPLOADS]}
    return render(request, "calls/import_start.html", context, status=422 if form.errors else 200)


def _bring(request: Request, form: BringForm) -> CallImport | None:
    try:
        if too_large := getattr(request, "upload_too_large", 0):
            refuse_size(too_large)
        if not form.is_valid():
            return None
        file = form.cleaned_data["file"]
        refuse_size(file.size)
        return importing.bring_calls(
            actor=request.reader,
            cluster_id=form.cleaned_data["cluster"],
            file_name=file.name,
            content=file.read(),
            now=timezone.localtime(),
        )
    except InvalidInput as error:
        form.errors.pop("file", None)
        form.add_error("file", str(error))
    return None


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the preview of a file, or the result of its import."""
    one = get_import(pk)
    is_taken = one.state == CallImport.State.TAKEN
    context: dict[str, Any] = {
        "brought": one,
        "is_taken": is_taken,
        "beginnings": [] if is_taken else beginnings_of(request, one.cluster_id),
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


def _begun_with(request: Request, one: CallImport) -> str:
    """Return the page to begin with the call that was chosen, or that of the import."""
    code, _sep, reference = request.POST.get("begin", "").partition(":")
    ways = {way.code: way for way in beginnings_of(request, one.cluster_id)}
    call = find_by_reference(one.cluster_id, reference) if code in ways else None
    return ways[code].address(call) if call else reverse("calls:import-detail", args=[one.pk])


@require_POST
@for_people
def take(request: Request, pk: int) -> HttpResponse:
    """Take the calls of a file, all that are right; go on to begin with one where it is chosen."""
    return perform(
        request,
        partial(
            importing.take_calls,
            import_id=pk,
            version=read_number(request.POST.get("version")),
            leave_out="leave_out" in request.POST,
        ),
        done=lambda one: (
            ngettext(
                "%(count)d call imported.", "%(count)d calls imported.", (one.added + one.changed)
            )
            % {"count": (one.added + one.changed)}
        ),
        to=reverse("calls:import-detail", args=[pk]),
        onward=lambda one: _begun_with(request, one),
    )


@require_POST
@for_people
def leave(request: Request, pk: int) -> HttpResponse:
    """Leave a file of calls."""
    return perform(
        request,
        partial(
            importing.leave_calls, import_id=pk, version=read_number(request.POST.get("version"))
        ),
        done=_("The file was discarded. No calls were changed."),
        onward=reverse("calls:import"),
        to=reverse("calls:import-detail", args=[pk]),
    )
