"""Pages of one file: its first rows, what its columns hold, and what is wrong with its rows."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.jobs.watching import can_stop, stop_job
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import for_people, lead_on, page_links, read_number
from proxeny.partnerships.views.frame import telling_refusal
from proxeny.research.forms.packages import TYPES, ColumnForm, WritingForm
from proxeny.research.message_texts import CODE_LABELS, RULES
from proxeny.research.messages import place_in_schema, tell_cell, tell_problem
from proxeny.research.models import PackageFile
from proxeny.research.operations import tables as operations
from proxeny.research.queries import packages as queries
from proxeny.research.rows import read_rows
from proxeny.research.views.frame import StudyFrame, enter_study, show_tab

#: So many rows of a table are shown at once, so many faults, and so many columns in one form.
SHOWN_ROWS, SHOWN_FAULTS, SHOWN_COLUMNS = 20, 50, 50


def _enter(
    request: Request, pk: int, study_id: int, file_id: int, *, to_write: bool = False
) -> tuple[StudyFrame, PackageFile]:
    frame = enter_study(request, pk, study_id, to_write=to_write)
    return frame, queries.get_file(pk, file_id, study_id=study_id)


def _enter_table(
    request: Request, pk: int, study_id: int, file_id: int, *, to_write: bool = False
) -> tuple[StudyFrame, PackageFile]:
    frame, file = _enter(request, pk, study_id, file_id, to_write=to_write)
    if file.table is None:
        raise NotFound(_("This file isn’t a table."))
    return frame, file


def _may_change(frame: StudyFrame, file: PackageFile) -> bool:
    version = file.version
    return frame.may_write and version.released_at is None and version.package.dropped_at is None


@require_GET
@for_people
def show(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Show a file: of a table its rows, columns and faults; of any other what it is."""
    frame, file = _enter(request, pk, study_id, file_id)
    context: dict[str, Any] = {
        "file": file,
        "package": file.version.package,
        "may_change": _may_change(frame, file),
    }
    if file.table is not None:
        context |= _rows(request, file) | _columns(file) | _faults(request, file)
        context |= _check(file)
        job = context["job"]
        may_stop = job is not None and not job.is_over and can_stop(request.reader, job)
        context["may_stop"] = context["may_change"] and may_stop
    return show_tab(request, frame, "packages", "package_file", context)


def _rows(request: Request, file: PackageFile) -> dict[str, Any]:
    has_header = (file.dialect or {}).get("header", True)
    least = 2 if has_header else 1
    first = max(least, read_number(request.GET.get("from")) or least)
    rows = read_rows(file.sha256, file.dialect, file.table, first, first + SHOWN_ROWS - 1)
    before = max(least, first - SHOWN_ROWS)
    return {
        "rows": rows,
        "rows_prev_url": f"?from={before}#rows" if first > least else "",
        "rows_next_url": f"?from={first + SHOWN_ROWS}#rows" if rows.more else "",
    }


def _columns(file: PackageFile) -> dict[str, Any]:
    names = dict(TYPES)
    table = file.table or {}
    doubts = {
        one["where"]: tell_problem(one, place=False)
        for one in (file.report or {}).get("doubts", [])
    }
    columns = [
        {
            **one,
            "type_label": names.get(one.get("type", "any"), one.get("type", "")),
            "doubt": doubts.get(one["name"], ""),
            "is_key": one["name"] in table.get("primaryKey", []),
            "rules": _tell_rules(one.get("constraints", {})),
        }
        for one in table.get("fields", [])
    ]
    return {"columns": columns, "doubt_count": len(doubts)}


def _tell_rules(rules: dict[str, Any]) -> list[str]:
    """Return a column's rules in a few words each."""
    told = []
    for name, limit in rules.items():
        if name in RULES and limit is not False:
            shown = ", ".join(map(str, limit[:12])) if isinstance(limit, list) else limit
            told.append(str(RULES[name] % {"limit": shown}))
    return told


def _faults(request: Request, file: PackageFile) -> dict[str, Any]:
    report = file.report or {}
    code = request.GET.get("code", "")
    found = [one for one in report.get("problems", []) if not code or one["code"] == code]
    page = Paginator(found, SHOWN_FAULTS).get_page(request.GET.get("page"))
    counts = report.get("counts", {})
    return {
        "report": report if "rows" in report else None,
        "faults": [{**one, "told": tell_cell(one)} for one in page],
        "code": code,
        "codes": [(one, CODE_LABELS.get(one, one), count) for one, count in counts.items()],
        "fault_count": sum(counts.values()),
        "listed_count": len(report.get("problems", [])),
        **page_links(request, page.number, has_next=page.has_next()),
    }


def _check(file: PackageFile) -> dict[str, Any]:
    """Return the progress of a table's check."""
    if file.fit != PackageFile.Fit.WAITING:
        return {"job": None}
    job = queries.find_job(operations.check_key(file))
    return {"job": job, "progress": progress_of(job)}


def progress_of(job: Job | None) -> dict[str, Any]:
    """Return a check as the progress component shows it."""
    if job is None:
        return {"state": "failed", "text": _("This check is no longer there. Start it again.")}
    if job.is_over:
        return {"state": str(job.state), "text": job.error}
    stops = job.stop_requested
    rows = job.progress.get("rows")
    return {
        "state": "queued" if job.state == Job.State.QUEUED else "stopping" if stops else "running",
        "percent": job.progress.get("percent"),
        "text": _tell_rows(rows) if rows else "",
    }


def _tell_rows(rows: int) -> str:
    sentence = ngettext("%(count)s row so far.", "%(count)s rows so far.", rows)
    return sentence % {"count": f"{rows:,}"}


@require_GET
@for_people
def show_check(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Show the progress of a check; the polling part reloads the page once it is over."""
    frame, file = _enter_table(request, pk, study_id, file_id)
    url = reverse("research:file", args=[pk, study_id, file_id])
    if not request.htmx:
        return redirect(url)
    found = _check(file)
    job = found["job"]
    if job is None or job.is_over:
        return lead_on(request, url)
    context = {**frame.context("packages"), "file": file, **found}
    return render(request, "research/package_file.html#check", context)


@require_POST
@for_people
def check_again(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Have a table checked once more."""
    _enter_table(request, pk, study_id, file_id, to_write=True)
    return perform(
        request,
        partial(operations.check_again, partnership_id=pk, file_id=file_id),
        to=reverse("research:file", args=[pk, study_id, file_id]),
    )


@require_POST
@for_people
def stop_check(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Stop a check; its results so far are kept."""
    _frame, file = _enter_table(request, pk, study_id, file_id, to_write=True)
    job = _check(file)["job"]
    if job is not None:
        with telling_refusal(request):
            stop_job(actor=request.reader, job_id=job.pk)
    return redirect("research:file", pk, study_id, file_id)


@require_GET
@for_people
def export_report(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Return the problems as a file for a spreadsheet: of each kind the first hundred."""
    _frame, file = _enter_table(request, pk, study_id, file_id)
    header = [_("Row"), _("Column"), _("Kind"), _("Value"), _("What’s wrong")]
    rows = [
        [
            one["row"],
            one["column"],
            str(CODE_LABELS.get(one["code"], one["code"])),
            one["value"],
            tell_cell(one),
        ]
        for one in (file.report or {}).get("problems", [])
    ]
    form = "xlsx" if request.GET.get("form") == "xlsx" else "csv"
    return answer_table(f"{file.path}-report", form=form, header=header, rows=rows)


@require_http_methods(["GET", "POST"])
@for_people
def edit_columns(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Edit the columns of a table, fifty at a time; then all rows are checked again."""
    frame, file = _enter_table(request, pk, study_id, file_id, to_write=True)
    if file.version.released_at is not None:
        messages.error(
            request, _("A released version can’t be changed. Start a new version to make changes.")
        )
        return redirect("research:file", pk, study_id, file_id)
    table = file.table or {}
    page = Paginator(list(enumerate(table["fields"])), SHOWN_COLUMNS).get_page(
        request.GET.get("page")
    )
    key = table.get("primaryKey", [])
    forms = [
        ColumnForm(request.POST or None, at=at, column=one, is_key=one["name"] in key)
        for at, one in page
    ]
    error = ""
    # Each of them, so that all that is wrong is marked.
    sound = [form.is_valid() for form in forms]
    if request.method == "POST" and all(sound):
        try:
            operations.change_columns(
                actor=request.reader,
                partnership_id=pk,
                file_id=file_id,
                revision=read_number(request.POST.get("revision")),
                table=_merge(table, forms),
                now=timezone.localtime(),
            )
        except operations.SchemaRefused as refused:
            error = _spread(forms, refused)
        except (InvalidInput, Conflict) as refused:
            error = str(refused)
        else:
            messages.success(request, _("Saved. All rows are now being checked."))
            return redirect("research:file", pk, study_id, file_id)
    context = {
        "file": file,
        "forms": forms,
        "error": error,
        "revision": _seen(request, file),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    is_bad = bool(error) or any(form.errors for form in forms)
    return show_tab(
        request, frame, "packages", "package_columns", context, status=422 if is_bad else 200
    )


def _seen(request: Request, file: PackageFile) -> int:
    """Return the revision that a form was made from: what came since is not saved over."""
    return read_number(request.POST.get("revision")) if request.POST else file.revision


def _merge(table: dict[str, Any], forms: list[ColumnForm]) -> dict[str, Any]:
    """Return a schema with the columns of some forms in the place of those before."""
    fields = list(table["fields"])
    key = set(table.get("primaryKey", []))
    for form in forms:
        fields[form.at] = form.to_column()
        name = fields[form.at]["name"]
        key = key | {name} if form.cleaned_data["key"] else key - {name}
    merged = {**table, "fields": fields}
    merged.pop("primaryKey", None)
    ordered = [one["name"] for one in fields if one["name"] in key]
    return {**merged, **({"primaryKey": ordered} if ordered else {})}


def _spread(forms: list[ColumnForm], refused: operations.SchemaRefused) -> str:
    """Show errors of columns beside their fields; return the rest as one text."""
    by_place = {form.at: form for form in forms}
    rest = []
    for one in refused.problems:
        place = place_in_schema(one.where)
        form = by_place.get(place[0]) if place else None
        if form is None or place is None:
            rest.append(tell_problem(one))
        else:
            name = place[1] if place[1] in form.fields else None
            form.add_error(name, tell_problem(one, place=False))
    return " ".join(rest)


@require_http_methods(["GET", "POST"])
@for_people
def edit_writing(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Set the format of a table's rows; its columns are detected again."""
    frame, file = _enter_table(request, pk, study_id, file_id, to_write=True)
    form = WritingForm(request.POST or None, initial=WritingForm.initial_of(file.dialect or {}))
    saved = submit_form(
        request,
        form,
        partial(
            operations.change_writing,
            partnership_id=pk,
            file_id=file_id,
            revision=read_number(request.POST.get("revision")),
        ),
        done=_("The table was read again. Check its columns."),
        to=reverse("research:file", args=[pk, study_id, file_id]),
    )
    if saved:
        return saved
    context = {
        "file": file,
        "form": form,
        "revision": _seen(request, file),
        "cancel_url": reverse("research:file", args=[pk, study_id, file_id]),
    }
    status = 422 if form.errors else 200
    return show_tab(request, frame, "packages", "package_writing", context, status=status)
