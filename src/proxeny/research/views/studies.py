"""Studies: the list of a room, and the first page of each with what is to be done now."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    sort_links,
)
from proxeny.partnerships.models import Party
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import enter_frame, to_number
from proxeny.research.forms.studies import ConcludeForm, FindStudiesForm, ReopenForm
from proxeny.research.models import Study
from proxeny.research.operations import studies as operations
from proxeny.research.queries import studies as queries
from proxeny.research.queries.study_sheet import Sheet, list_away, read_sheet
from proxeny.research.views.frame import StudyFrame, enter_study, show_tab

State = Study.State
SORTED = ("title", "state", "starts", "ends")


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the studies of a room, to search, sort and export."""
    frame, today = enter_frame(request, pk), timezone.localdate()
    form = FindStudiesForm(request.GET)
    asked = form.asked()
    found = queries.find_studies(pk, today=today, **asked)
    if request.GET.get("export"):
        header, rows = queries.table_of(found)
        return answer_table("studies", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    context = {
        **frame.context("studies"),
        "form": form,
        "rows": _rows(page, frame.parties),
        "count": page.paginator.count,
        "is_narrowed": form.is_narrowed,
        "put_away": list_put_away(("study",), pk),
        "sorts": sort_links(request, SORTED, now=asked.get("sort", "")),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "today": today,
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "research/studies.html", context)


def _rows(page: Iterable[Study], parties: Sequence[Party]) -> list[dict[str, Any]]:
    """Return studies, each with the progress of its preparation."""
    points = queries.readiness_of(page, parties)
    return [
        {"study": one, "all": len(points[one.pk]), "met": sum(p.is_met for p in points[one.pk])}
        for one in page
    ]


@require_GET
@for_people
def show(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Show one study: its question, contributors, progress and results."""
    return _show(request, enter_study(request, pk, study_id))


def _show(
    request: Request,
    frame: StudyFrame,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the first page; input that could not be saved is shown again in its place."""
    study = frame.study
    sheet = read_sheet(study, frame.room.parties, now=timezone.now(), today=timezone.localdate())
    context = {
        "sheet": sheet,
        "steps": _stages(study),
        "put_away": list_away(study),
        **_forms(frame, sheet),
        **(forms or {}),
    }
    return show_tab(request, frame, "study", "study", context, status=status)


def _stages(study: Study) -> list[dict[str, Any]]:
    """Return the three stages of a study, and the one it has reached."""
    order = list(State)
    now = order.index(State(study.state))
    notes = (study.starts_on, study.begun_on, study.concluded_on)
    return [
        {
            "label": one.label,
            "state": "done"
            if number < now or one == study.state == State.CONCLUDED
            else "current"
            if number == now
            else "todo",
            "day": notes[number] if number else None,
        }
        for number, one in enumerate(order)
    ]


def _forms(frame: StudyFrame, sheet: Sheet) -> dict[str, Any]:
    """Return the empty forms of what can be done in a state."""
    study = frame.study
    if not frame.may_write:
        return {}
    if study.state == State.RUNNING:
        initial = {"summary": study.summary, "seen": study.version}
        return {"conclude_form": ConcludeForm(initial=initial)}
    if study.state == State.CONCLUDED:
        return {"reopen_form": ReopenForm(initial={"seen": study.version})}
    return {"may_begin": not sheet.missing}


@require_POST
@for_people
def begin(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Begin a study, once everything is thought of."""
    frame = enter_study(request, pk, study_id, to_write=True)
    return perform(
        request,
        partial(
            operations.begin_study,
            partnership_id=pk,
            study_id=study_id,
            version=to_number(request.POST.get("seen", "")),
        ),
        done=_("“%(name)s” is under way.") % {"name": frame.study.title},
        to=reverse("research:study", args=[pk, study_id]),
    )


@require_POST
@for_people
def conclude(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Conclude a study with what was found."""
    frame = enter_study(request, pk, study_id, to_write=True)
    form = ConcludeForm(request.POST)
    return _with_form(
        request,
        frame,
        name="conclude_form",
        form=form,
        operation=operations.conclude_study,
        done=_("Study concluded. You can still add what comes of it later."),
        to=reverse("research:publication", args=[pk, study_id]),
    )


@require_POST
@for_people
def reopen(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Take a concluded study up again, with a reason."""
    frame = enter_study(request, pk, study_id, to_write=True)
    form = ReopenForm(request.POST)
    return _with_form(
        request,
        frame,
        name="reopen_form",
        form=form,
        operation=operations.reopen_study,
        done=_("The study is under way again."),
    )


def _with_form(
    request: Request,
    frame: StudyFrame,
    *,
    name: str,
    form: Any,
    operation: Callable[..., Study],
    done: str,
    to: str = "",
) -> HttpResponse:
    """Do the action of a form; input that could not be saved is shown again in its place.

    It leads on to a page `to`, or back to the study.
    """
    pk, study_id = frame.study.partnership_id, frame.study.pk

    def values() -> dict[str, Any]:
        said = dict(form.cleaned_data)
        return {"version": said.pop("seen"), **said}

    saved = submit_form(
        request,
        form,
        partial(operation, partnership_id=pk, study_id=study_id),
        values=values,
        done=done,
        to=to or reverse("research:study", args=[pk, study_id]),
        seen=lambda: enter_study(request, pk, study_id).study.version,
    )
    if saved:
        return saved
    frame = enter_study(request, pk, study_id)
    return _show(request, frame, forms={name: form, "opened": name}, status=422)
