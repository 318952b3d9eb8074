"""Recommendations of a study: the list, writing, and evidence in rows that users see first."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of, read_number
from proxeny.partnerships import advice_queries
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.record_forms import FORMS, Room
from proxeny.partnerships.views.advice import tell_row
from proxeny.partnerships.views.frame import enter_frame
from proxeny.research.forms.advice import ChooseRowsForm, RestOnRowsForm
from proxeny.research.models import PackageFile
from proxeny.research.operations import advice as deeds
from proxeny.research.queries import advice as reads
from proxeny.research.rules import tell_place
from proxeny.research.views.frame import enter_study, show_tab

State = Recommendation.State


@require_GET
@for_people
def show(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Show the recommendations of a study, those waiting for a decision first."""
    frame = enter_study(request, pk, study_id)
    room = frame.room
    found = advice_queries.find_advice(room.partnership, advice_queries.Wanted(study=study_id))
    if (file := advice_queries.ADVICE.export(request, found)) is not None:
        return file
    page = page_of(advice_queries.ADVICE.fit(found, request), request)
    context = {
        **advice_queries.ADVICE.tools(request),
        "count": page.paginator.count,
        "rows": [tell_row(request, room, one) for one in page],
        "put_away": reads.list_away(frame.study),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_tab(request, frame, "advice", "advice", context)


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Write a recommendation of the study; what it rests on is said next, on its page."""
    frame = enter_study(request, pk, study_id, to_write=True)
    room = Room.of(frame.room.partnership, frame.room.parties, today=timezone.localdate())
    form = FORMS["recommendation"](request.POST or None, room=room)
    saved = submit_form(
        request,
        form,
        partial(deeds.write_advice, partnership_id=pk, study_id=study_id),
        values=lambda: {"values": form.to_values()},
        done=_("Saved. Now add what it’s based on."),
        to=lambda made: reverse("research:advice-rows", args=[pk, made.pk]),
    )
    if saved:
        return saved
    status = 422 if form.errors else 200
    return show_tab(request, frame, "advice", "advice_form", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@for_people
def point_at_rows(request: Request, pk: int, advice_id: int) -> HttpResponse:
    """Choose rows of a released file, preview them, and add them as evidence of a recommendation.

    The choice is in the address; the form repeats it.
    """
    frame = enter_frame(request, pk)
    if not frame.may_keep:
        raise NotAllowed(_("Only the clusters’ teams can write here."))
    advice = reads.get_advice(pk, advice_id)
    files = list(reads.find_offered(pk))
    is_sent = request.method == "POST"
    sent = request.POST if is_sent else request.GET
    file = next((one for one in files if one.pk == read_number(sent.get("file"))), None)
    choose = ChooseRowsForm(sent if "file" in sent else None, files=files, file=file)
    rest = RestOnRowsForm(request.POST if is_sent else None, files=files, file=file)
    saved = submit_form(
        request,
        rest,
        partial(deeds.rest_on_rows, partnership_id=pk, advice_id=advice_id),
        values=lambda: {
            "file_id": rest.cleaned_data["file"],
            "place": rest.place(),
            "text": rest.cleaned_data["text"],
        },
        done=_("Evidence added. The other side can see it too."),
        to=reverse("partnerships:recommendation", args=[pk, advice_id]),
    )
    if saved:
        return saved
    context = {
        **frame.context("studies"),
        "advice": advice,
        "is_open": advice.dropped_at is None and advice.state not in deeds.OVER,
        "has_files": bool(files),
        "choose": choose,
        "rest": rest,
        **_look(file, choose),
    }
    status = 422 if is_sent else 200
    return render(request, "research/advice_rows.html", context, status=status)


def _look(file: PackageFile | None, choose: ChooseRowsForm) -> dict[str, Any]:
    """Return the chosen rows, or the first of the file, so that users see their numbers."""
    if file is None:
        return {"file": None}
    place = choose.place() if choose.is_valid() else None
    found: dict[str, Any] = {"file": file, "place": place, "may_rest": not file.table}
    if file.table:
        found["shown"] = shown = reads.show_rows(file, place)
        found["may_rest"] = place is not None and not shown.is_missing
        found["told"] = tell_place(place) if place else ""
    return found
