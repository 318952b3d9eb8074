"""What a study recommends: listed, written, and resting on rows that one sees first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.kernel.answers import for_people, page_links, page_of, read_number, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
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
def show(request: HttpRequest, pk: int, study_id: int) -> HttpResponse:
    """Show what a study recommends, what waits for a decision first."""
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
def add(request: HttpRequest, pk: int, study_id: int) -> HttpResponse:
    """Write a recommendation of the study; what it rests on is said next, on its page."""
    frame = enter_study(request, pk, study_id, to_write=True)
    room = Room.of(frame.room.partnership, frame.room.parties, today=timezone.localdate())
    form = FORMS["recommendation"](request.POST or None, room=room)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.write_advice(
                actor=request.reader, partnership_id=pk, study_id=study_id,
                values=form.to_values(), now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is written. Say what it rests on."))
            return redirect("research:advice-rows", pk, made.pk)
    status = 422 if form.errors else 200
    return show_tab(request, frame, "advice", "advice_form", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@for_people
def point_at_rows(request: HttpRequest, pk: int, advice_id: int) -> HttpResponse:
    """Choose rows of a released file, look at them, and let a recommendation rest on them.

    What is chosen stands in the address; what is sent repeats it.
    """
    frame = enter_frame(request, pk)
    if not frame.may_keep:
        raise NotAllowed(_("Only the teams of the clusters write here."))
    advice = reads.get_advice(pk, advice_id)
    files = list(reads.find_offered(pk))
    is_sent = request.method == "POST"
    sent = request.POST if is_sent else request.GET
    file = next((one for one in files if one.pk == read_number(sent.get("file"))), None)
    choose = ChooseRowsForm(sent if "file" in sent else None, files=files, file=file)
    rest = RestOnRowsForm(request.POST if is_sent else None, files=files, file=file)
    if is_sent and rest.is_valid() and _rests(request, pk, advice_id, rest):
        messages.success(request, _("It rests on this now. The other side sees it too."))
        return redirect("partnerships:recommendation", pk, advice_id)
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
    """Return the rows that were chosen, or the first of the file, so that one sees their numbers."""
    if file is None:
        return {"file": None}
    place = choose.place() if choose.is_valid() else None
    found: dict[str, Any] = {"file": file, "place": place, "may_rest": not file.table}
    if file.table:
        found["shown"] = shown = reads.show_rows(file, place)
        found["may_rest"] = place is not None and not shown.is_missing
        found["told"] = tell_place(place) if place else ""
    return found


def _rests(request: HttpRequest, pk: int, advice_id: int, form: RestOnRowsForm) -> bool:
    try:
        deeds.rest_on_rows(
            actor=request.reader, partnership_id=pk, advice_id=advice_id,
            file_id=form.cleaned_data["file"], place=form.place(),
            text=form.cleaned_data["text"], now=timezone.localtime(),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
        return False
    return True
