"""One introduction: how far it is, what is to be done now, and everything that can be done with it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.ambassadors import rules
from proxeny.ambassadors.forms.desk import (
    AnswerForm,
    BookForm,
    CaseForm,
    NoteForm,
    OfferForm,
    WhyForm,
)
from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations import booking, introductions, wishes
from proxeny.ambassadors.operations.finding import Suggested, suggest_times
from proxeny.ambassadors.queries.case_presenters import (
    answers_of,
    steps_of,
    tell_options,
    tell_sides,
    words_of,
)
from proxeny.ambassadors.queries.cases import contacts_of, get_case, notes_of, options_of
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.kernel.zones import city_of, load_zone

State = Introduction.State


def _get(frame: DeskFrame, introduction_id: int) -> Introduction:
    case = get_case(introduction_id, frame.pk)
    if case.cluster_id != frame.cluster_id:
        raise NotFound(_("We couldn’t find this introduction."))
    return case


@require_GET
@for_people
def show(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Show one introduction, and what is to be done with it now."""
    frame = enter_desk_frame(request, pk)
    return _show(request, frame, _get(frame, introduction_id))


def _show(
    request: Request,
    frame: DeskFrame,
    case: Introduction,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now, zone = timezone.now(), request.reader.time_zone or "Europe/Paris"
    is_timed = frame.may_work and case.state in rules.TIMED
    suggested = suggest_times(case, zone=zone, now=now) if is_timed else None
    context = {
        "case": case,
        "steps": steps_of(case),
        "sides": tell_sides(case, request.reader),
        "options": tell_options(case, options_of(case), now=now)
        if case.state in rules.TIMED
        else [],
        "suggested": suggested,
        "notes": notes_of(case),
        "words": words_of(case) if case.meeting_id else [],
        "answers": answers_of(case) if case.state == State.BOOKED else [],
        "city": city_of(zone),
        "is_open": case.state in rules.OPEN,
        "is_late": bool(case.next_on and case.next_on < timezone.localdate()),
        **_forms(frame, case, suggested, zone),
        **(forms or {}),
    }
    return show_page(request, frame, "board", "case", context, status=status)


def _forms(
    frame: DeskFrame, case: Introduction, suggested: Suggested | None, zone: str
) -> dict[str, Any]:
    """Return the empty forms of what can be done in a state."""
    if not frame.may_work:
        return {}
    found: dict[str, Any] = {"note_form": NoteForm(), "close_form": WhyForm(prefix="close")}
    if case.state in (State.NOTED, State.ASKING):
        found["answer_forms"] = {
            one.role: AnswerForm(initial={"role": one.role}, prefix=one.role)
            for one in case.sides.all()
        }
    if suggested is not None:
        initial = {"time_zone": zone, "place": case.place}
        found["offer_form"] = OfferForm(choices=_choices(suggested), initial=initial)
        found["book_form"] = BookForm(initial=initial, prefix="book")
    if case.state == State.BOOKED:
        found["off_form"] = WhyForm(prefix="off")
    return found


def _choices(suggested: Suggested) -> list[tuple[str, str]]:
    return [(one[0].isoformat(), _label(one, suggested.zone)) for one in suggested.times]


def _label(span: tuple[datetime, datetime], zone: str) -> str:
    """Return a time by the clocks of a zone."""
    starts_at, ends_at = (one.astimezone(load_zone(zone)) for one in span)
    return f"{date_format(starts_at, 'D j M, H:i')}–{date_format(ends_at, 'H:i')}"


def _deed(
    request: Request, pk: int, introduction_id: int, operation: Callable[..., object], done: str
) -> HttpResponse:
    """Do something of one click, and lead back with a word on it."""
    _get(enter_desk_frame(request, pk, to_write=True), introduction_id)
    return perform(
        request,
        partial(operation, introduction_id=introduction_id),
        done=done,
        to=reverse("ambassadors:case", args=[pk, introduction_id]),
    )


def _with_form(
    request: Request,
    pk: int,
    introduction_id: int,
    *,
    name: str,
    form: Any,
    operation: Callable[..., object],
    done: str,
    values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Do something that a form says; what could not be kept is shown again in its place."""
    frame = enter_desk_frame(request, pk, to_write=True)
    case = _get(frame, introduction_id)
    saved = submit_form(
        request,
        form,
        partial(operation, introduction_id=introduction_id),
        values=values,
        done=done,
        to=reverse("ambassadors:case", args=[pk, introduction_id]),
    )
    return saved or _show(request, frame, case, forms={name: form, "opened": name}, status=422)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(CaseForm)
def edit(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Change the facts of a case, with concurrent edits of others merged."""
    frame = enter_desk_frame(request, pk, to_write=True)
    case, today = _get(frame, introduction_id), timezone.localdate()
    if case.state == State.CLOSED:
        messages.error(request, _("It’s closed. Reopen it first."))
        return redirect("ambassadors:case", pk, introduction_id)
    given: dict[str, Any] = {
        "team": frame.team(),
        "people": {
            "member": contacts_of(case.member_id, today=today),
            "stakeholder": contacts_of(case.stakeholder_id, today=today),
        },
        "hidden": frozenset(
            one.role for one in case.sides.all() if not rules.may_read_address(request.reader, one)
        ),
    }
    edit = edit_record(
        request,
        load=lambda: _get(frame, introduction_id),
        record=case,
        make=lambda one, data: CaseForm(data, case=one, **given),
        save=lambda form: introductions.change_introduction(
            actor=request.reader,
            introduction_id=introduction_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.now(),
        ),
        authors=lambda one: authors_of(one, request.reader, exact=["change_introduction"]),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("ambassadors:case", pk, introduction_id)
    context = {
        "form": edit.form,
        "case": edit.record,
        "member": edit.record.member,
        "stakeholder": edit.record.stakeholder,
    }
    return show_page(request, frame, "board", "case_form", context, status=edit.status)


@require_POST
@for_people
def ask(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Ask both, or one of them, whether they want to meet."""
    roles = request.POST.getlist("role") or ["member", "stakeholder"]
    done = _("Request sent by email, with a link to answer.")
    return _deed(request, pk, introduction_id, partial(wishes.ask_sides, roles=roles), done)


@require_POST
@for_people
def note_answer(request: Request, pk: int, introduction_id: int, role: str) -> HttpResponse:
    """Write down what a side said by phone or in person."""
    form = AnswerForm(request.POST, prefix=role)
    frame = enter_desk_frame(request, pk, to_write=True)
    case = _get(frame, introduction_id)
    saved = submit_form(
        request,
        form,
        partial(wishes.note_answer, introduction_id=introduction_id, role=role),
        values=lambda: {"wants": form.cleaned_data["wants"], "why": form.cleaned_data["why"]},
        done=_("Saved."),
        to=reverse("ambassadors:case", args=[pk, introduction_id]),
    )
    if saved:
        return saved
    forms = _forms(frame, case, None, "UTC").get("answer_forms", {}) | {role: form}
    return _show(
        request, frame, case, forms={"answer_forms": forms, "opened": f"answer-{role}"}, status=422
    )


@require_POST
@for_people
def offer(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Propose times to both."""
    form = OfferForm(request.POST)
    return _with_form(
        request,
        pk,
        introduction_id,
        name="offer_form",
        form=form,
        operation=booking.offer_times,
        values=lambda: {
            "proposals": form.proposals(),
            "time_zone": form.cleaned_data["time_zone"],
            "place": form.cleaned_data["place"],
        },
        done=_("Times proposed. Both get an email with a link to choose."),
    )


@require_POST
@for_people
def accept_time(request: Request, pk: int, introduction_id: int, option_id: int) -> HttpResponse:
    """Say that a time which a side proposed suits the desk, or does not."""
    suits = request.POST.get("suits") == "yes"
    return _deed(
        request,
        pk,
        introduction_id,
        partial(booking.answer_for_desk, option_id=option_id, suits=suits),
        _("The other side is now being asked.")
        if suits
        else _("They can see that it doesn’t suit you."),
    )


@require_POST
@for_people
def withdraw_time(request: Request, pk: int, introduction_id: int, option_id: int) -> HttpResponse:
    """Take a proposed time back."""
    operation = partial(booking.withdraw_time, option_id=option_id)
    done = _("Time withdrawn. The links no longer show it.")
    return _deed(request, pk, introduction_id, operation, done)


@require_POST
@for_people
def book(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Book a time that was agreed in another way."""
    form = BookForm(request.POST, prefix="book")

    def values() -> dict[str, Any]:
        said = form.cleaned_data
        if not said.get("moment"):
            raise InvalidInput(_("Enter both a day and a time."), field="on")
        names = ("time_zone", "place", "why")
        return {"starts_at": said["moment"], **{name: said[name] for name in names}}

    return _with_form(
        request,
        pk,
        introduction_id,
        name="book_form",
        form=form,
        operation=booking.book_directly,
        values=values,
        done=_("Meeting booked. All three get an invitation."),
    )


@require_POST
@for_people
def call_off(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Call the booked meeting off, and look for another time."""
    form = WhyForm(request.POST, prefix="off")
    return _with_form(
        request,
        pk,
        introduction_id,
        name="off_form",
        form=form,
        operation=booking.call_off_booking,
        done=_("Meeting cancelled. Propose another time."),
    )


@require_POST
@for_people
def close(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Put the introduction aside."""
    form = WhyForm(request.POST, prefix="close")
    return _with_form(
        request,
        pk,
        introduction_id,
        name="close_form",
        form=form,
        operation=introductions.close_introduction,
        done=_("Introduction closed. You’ll find it in the list, among the closed ones."),
    )


@require_POST
@for_people
def reopen(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Take a closed introduction up again."""
    done = _("Introduction reopened. Anyone who declined is asked again only when you say so.")
    return _deed(request, pk, introduction_id, introductions.reopen_introduction, done)


@require_POST
@for_people
def write_note(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Keep a note."""
    form = NoteForm(request.POST)
    return _with_form(
        request,
        pk,
        introduction_id,
        name="note_form",
        form=form,
        operation=introductions.write_note,
        done=_("Note saved. Visible to your team only."),
    )


@require_POST
@for_people
def drop_note(request: Request, pk: int, introduction_id: int, note_id: int) -> HttpResponse:
    """Archive a note, or restore it."""
    _get(enter_desk_frame(request, pk, to_write=True), introduction_id)
    undo = reverse("ambassadors:note-drop", args=[pk, introduction_id, note_id])
    return perform(
        request,
        partial(introductions.drop_note, introduction_id=introduction_id, note_id=note_id),
        done=lambda note: _("Note archived.") if note.dropped_at else _("Note restored."),
        to=reverse("ambassadors:case", args=[pk, introduction_id]),
        undo=lambda note: undo if note.dropped_at else "",
    )
