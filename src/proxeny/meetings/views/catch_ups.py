"""Pages of catch-ups in the room of a partnership."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.kernel.actions import return_to
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import for_people, page_links, page_of, show_refusal
from proxeny.meetings.forms import CatchUpForm, MinutesForm, ReasonForm, proposed
from proxeny.meetings.models import CatchUp, Meeting
from proxeny.meetings.operations import catch_ups as planning
from proxeny.meetings.operations import minutes as writing
from proxeny.meetings.operations.rhythm import read_rhythms
from proxeny.meetings.queries import catch_ups as queries
from proxeny.meetings.queries.catch_up_rows import is_over, tell_row, tell_rows
from proxeny.meetings.queries.outcome import count_partnership_outcome
from proxeny.partnerships.open_points import list_open_points
from proxeny.partnerships.record_forms import Room
from proxeny.partnerships.sides import say_saved
from proxeny.partnerships.views.frame import Frame, enter_frame, telling_refusal

TAB = "catch-ups"
DEFAULT_ZONE = "Europe/Paris"


def _show(
    request: Request, frame: Frame, page: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {**frame.context(TAB), "today": timezone.localdate(), **context}
    return render(request, f"meetings/{page}.html", context, status=status)


def _enter_to_write(request: Request, pk: int) -> tuple[Frame, Room]:
    frame = enter_frame(request, pk)
    if not frame.may_keep:
        raise NotAllowed(_("This partnership has ended. Its records stay as they are."))
    return frame, Room.of(frame.partnership, frame.parties, today=timezone.localdate())


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show what is planned, what was said, and how the rhythm was kept."""
    frame, now = enter_frame(request, pk), timezone.now()
    search = request.GET.get("q", "").strip()[:100]
    past = queries.PAST.fit(queries.find_past(pk, search=search), request)
    if request.GET.get("export"):
        whole = queries.find_catch_ups(pk).order_by("-meeting__starts_at", "-pk")
        header, rows = queries.table_of(past if search else whole, pk)
        return answer_table("catch-ups", form=request.GET["export"], header=header, rows=rows)
    page = page_of(past, request)
    context = {
        "rhythms": read_rhythms(frame.partnership, today=timezone.localdate()),
        "coming": tell_rows(queries.list_coming(pk, now=now), request.reader),
        "waiting": tell_rows(queries.list_waiting(pk, now=now), request.reader),
        "past": tell_rows(page, request.reader),
        "past_count": page.paginator.count,
        "search": search,
        "outcome": count_partnership_outcome(request.reader, pk),
        **queries.PAST.tools(request),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return _show(request, frame, "catch_ups", context)


@require_GET
@for_people
def show(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Show one catch-up: agenda, open points, minutes, decisions, attendance and actions."""
    frame = enter_frame(request, pk)
    one = queries.get_catch_up(pk, catch_up_id)
    return _show(request, frame, "catch_up", _tell(request, frame, one))


def _tell(request: Request, frame: Frame, one: CatchUp) -> dict[str, Any]:
    now, state = timezone.now(), one.meeting.state
    is_open = state == Meeting.State.CONFIRMED
    has_begun = one.meeting.starts_at - writing.EARLY <= now
    points = list_open_points(
        frame.partnership.pk, on=queries.day_of(one.meeting), today=timezone.localdate()
    )
    return {
        "row": tell_row(one, request.reader),
        "points": points if is_open and not is_over(one, now=now) else [],
        "actions": queries.list_actions(one),
        "is_open": is_open,
        "is_off": state == Meeting.State.CANCELLED,
        "waits": is_open and is_over(one, now=now),
        "may_change": frame.may_keep and is_open,
        "may_write": frame.may_keep and is_open and has_begun,
        "may_reopen": frame.may_keep and state in (Meeting.State.HELD, Meeting.State.MISSED),
        "may_answer": frame.may_keep and is_open and not is_over(one, now=now),
        "action_url": _action_url(frame.partnership.pk, one),
    }


def _action_url(pk: int, one: CatchUp) -> str:
    path = reverse("partnerships:record-add", args=[pk, "action"])
    return f"{path}?origin=catch-up&origin_id={one.pk}"


@require_http_methods(["GET", "POST"])
@for_people
def plan(request: Request, pk: int) -> HttpResponse:
    """Plan a catch-up; its agenda begins with what is open."""
    frame, room = _enter_to_write(request, pk)
    initial = _proposed(request, pk, room) if request.method == "GET" else {}
    form = CatchUpForm(request.POST or None, room=room, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.plan_catch_up(
                actor=request.reader,
                partnership_id=pk,
                facts=form.facts(),
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            form.refuse(error)
        else:
            messages.success(request, _("Catch-up planned. All invitees get an invitation."))
            return redirect("meetings:catch-up", pk, made.pk)
    status = 422 if form.errors else 200
    return _show(request, frame, "catch_up_form", {"form": form, "is_new": True}, status=status)


def _proposed(request: Request, pk: int, room: Room) -> dict[str, Any]:
    reader: Reader = request.reader
    today = timezone.localdate()
    points = list_open_points(pk, on=today + timedelta(days=14), today=today)
    lines = [f"– {point.line}" for point in points]
    return proposed(
        room,
        person_id=reader.person,
        agenda="\n".join(lines)[:4000],
        zone=reader.time_zone or DEFAULT_ZONE,
        now=timezone.localtime(),
        in_person=request.GET.get("in_person") == "1",
    )


def _get_open(pk: int, catch_up_id: int) -> CatchUp:
    """Return one that can be changed; what was typed for another is shown to be copied."""
    one = queries.get_catch_up(pk, catch_up_id)
    planning.refuse_over(one)
    return one


def _lead_back(
    request: Request, pk: int, catch_up_id: int, refuse: Callable[[CatchUp], None]
) -> HttpResponse | None:
    """Lead to the page of one whose form cannot be saved, with the reason."""
    if request.method == "GET":
        try:
            refuse(queries.get_catch_up(pk, catch_up_id))
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("meetings:catch-up", pk, catch_up_id)
    return None


@require_http_methods(["GET", "POST"])
@for_people
@keeping(CatchUpForm)
def edit(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Change the plan, with concurrent edits of others merged."""
    frame, room = _enter_to_write(request, pk)
    if refused := _lead_back(request, pk, catch_up_id, planning.refuse_over):
        return refused
    edit = edit_record(
        request,
        load=lambda: _get_open(pk, catch_up_id),
        make=lambda one, data: CatchUpForm(data, room=room, one=one),
        save=lambda form: planning.change_catch_up(
            actor=request.reader,
            partnership_id=pk,
            catch_up_id=catch_up_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda one: _authors_of_plan(one, request.reader),
    )
    if edit.is_saved:
        edit.say(_("Saved. Anyone affected gets an email."))
        return redirect("meetings:catch-up", pk, catch_up_id)
    context = {"form": edit.form, "row": tell_row(edit.record, request.reader)}
    return _show(request, frame, "catch_up_form", context, status=edit.status)


def _authors_of_plan(one: CatchUp, reader: Reader) -> Callable[[str, Any], Any]:
    find = authors_of(one, reader, exact=["change_catch_up", "move_catch_up"])
    # Day, time and zone are one in the form, and one moment in the trail.
    moment = one.meeting.starts_at.isoformat()
    return lambda name, value: find(name, moment if name == "starts_at" else value)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(MinutesForm)
def write_minutes(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Write the minutes, with concurrent edits of others merged."""
    frame, room = _enter_to_write(request, pk)
    is_final, now = "close" in request.POST, timezone.localtime()
    if refused := _lead_back(request, pk, catch_up_id, lambda one: writing.refuse_unheld(one, now)):
        return refused
    edit = edit_record(
        request,
        load=lambda: _get_open(pk, catch_up_id),
        make=lambda one, data: MinutesForm(data, room=room, one=one),
        save=lambda form: writing.write_minutes(
            actor=request.reader,
            partnership_id=pk,
            catch_up_id=catch_up_id,
            version=form.number,
            minutes=form.to_minutes(),
            actions=form.to_actions(),
            is_final=is_final,
            now=now,
        ),
        authors=lambda one: authors_of(one, request.reader, exact=["write_minutes"]),
    )
    if edit.is_saved:
        closed = _("Minutes closed. All invitees get them.")
        edit.say(closed if is_final else say_saved(pk))
        return redirect("meetings:catch-up", pk, catch_up_id)
    context = {
        "form": edit.form,
        "row": tell_row(edit.record, request.reader),
        "actions": queries.list_actions(edit.record),
    }
    return _show(request, frame, "minutes", context, status=edit.status)


@require_http_methods(["GET", "POST"])
@for_people
def call_off(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Call a catch-up off, with a reason."""
    frame, _room = _enter_to_write(request, pk)
    one = queries.get_catch_up(pk, catch_up_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planning.call_off_catch_up(
                actor=request.reader,
                partnership_id=pk,
                catch_up_id=catch_up_id,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Catch-up cancelled. All invitees get an email."))
            return redirect("meetings:catch-up", pk, catch_up_id)
    context = {"form": form, "row": tell_row(one, request.reader)}
    return _show(request, frame, "call_off", context, status=422 if form.errors else 200)


@require_POST
@for_people
def answer(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Say whether one comes."""
    will_come = request.POST.get("answer") == "yes"
    with telling_refusal(request):
        planning.answer_catch_up(
            actor=request.reader,
            partnership_id=pk,
            catch_up_id=catch_up_id,
            will_come=will_come,
            now=timezone.now(),
        )
        told = (
            _("Thank you. You’re attending.")
            if will_come
            else _("Thank you. You’re not attending.")
        )
        messages.success(request, told)
    return return_to(request, reverse("meetings:catch-up", args=[pk, catch_up_id]))


def _deed(
    request: Request, pk: int, catch_up_id: int, do: Callable[..., Any], sentence: str
) -> HttpResponse:
    with telling_refusal(request):
        do(actor=request.reader, partnership_id=pk, catch_up_id=catch_up_id, now=timezone.now())
        messages.success(request, sentence)
    return return_to(request, reverse("meetings:catch-up", args=[pk, catch_up_id]))


@require_POST
@for_people
def close(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Close a catch-up as held, with its minutes final."""
    sentence = _("Minutes closed. All invitees get them.")
    return _deed(request, pk, catch_up_id, writing.close_catch_up, sentence)


@require_POST
@for_people
def reopen(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Open a closed or missed one again."""
    return _deed(request, pk, catch_up_id, writing.reopen_catch_up, _("Reopened."))


@require_POST
@for_people
def miss(request: Request, pk: int, catch_up_id: int) -> HttpResponse:
    """Mark one as missed."""
    return _deed(request, pk, catch_up_id, writing.miss_catch_up, _("Marked as missed."))
