"""One introduction: how far it is, what is to be done now, and everything that can be done with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from proxeny.ambassadors.queries.cases import contacts_of, get_case, notes_of, options_of
from proxeny.ambassadors.queries.told import (
    answers_of,
    steps_of,
    tell_options,
    tell_sides,
    words_of,
)
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.versions import edit_record, keeping
from proxeny.kernel.zones import city_of, load_zone
from proxeny.partnerships.views.frame import return_to, telling_refusal

State = Introduction.State


def _get(frame: DeskFrame, introduction_id: int) -> Introduction:
    case = get_case(introduction_id, frame.pk)
    if case.cluster_id != frame.cluster_id:
        raise NotFound(_("There is no such introduction."))
    return case


@require_GET
@for_people
def show(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Show one introduction, and what is to be done with it now."""
    frame = enter_desk_frame(request, pk)
    return _show(request, frame, _get(frame, introduction_id))


def _show(
    request: HttpRequest, frame: DeskFrame, case: Introduction, *, forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
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


def _back(request: HttpRequest, frame: DeskFrame, introduction_id: int) -> HttpResponse:
    return return_to(request, reverse("ambassadors:case", args=[frame.pk, introduction_id]))


def _deed(
    request: HttpRequest, pk: int, introduction_id: int, do: Callable[[], object], said: str,
    *, undo: str = "",
) -> HttpResponse:  # fmt: skip
    """Do something of one click, and lead back with a word on it."""
    frame = enter_desk_frame(request, pk, to_write=True)
    _get(frame, introduction_id)
    with telling_refusal(request):
        do()
        tag = reverse(f"ambassadors:{undo}", args=[pk, introduction_id]) if undo else ""
        messages.success(request, said, extra_tags=f"undo:{tag}" if tag else "")
    return _back(request, frame, introduction_id)


def _with_form(
    request: HttpRequest, pk: int, introduction_id: int, *, name: str, form: Any,
    do: Callable[[], object], said: str,
) -> HttpResponse:  # fmt: skip
    """Do something that a form says; what could not be kept is shown again in its place."""
    frame = enter_desk_frame(request, pk, to_write=True)
    case = _get(frame, introduction_id)
    if form.is_valid():
        try:
            do()
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect("ambassadors:case", pk, introduction_id)
    return _show(request, frame, case, forms={name: form, "opened": name}, status=422)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(CaseForm)
def edit(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Change what is kept of it, whoever else changes it."""
    frame = enter_desk_frame(request, pk, to_write=True)
    case, today = _get(frame, introduction_id), timezone.localdate()
    if case.state == State.CLOSED:
        messages.error(request, _("It is closed. Take it up again first."))
        return redirect("ambassadors:case", pk, introduction_id)
    given = {
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
            actor=request.reader, introduction_id=introduction_id, version=form.number,
            facts=form.facts(), now=timezone.now(),
        ),
        authors=lambda one: authors_of(one, request.reader, exact=["change_introduction"]),
    )  # fmt: skip
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("ambassadors:case", pk, introduction_id)
    context = {"form": edit.form, "case": edit.record, "member": edit.record.member,
               "stakeholder": edit.record.stakeholder}  # fmt: skip
    return show_page(request, frame, "board", "case_form", context, status=edit.status)


@require_POST
@for_people
def ask(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Ask both, or one of them, whether they want to meet."""
    roles = request.POST.getlist("role") or ["member", "stakeholder"]
    return _deed(
        request, pk, introduction_id,
        lambda: wishes.ask_sides(
            actor=request.reader, introduction_id=introduction_id, roles=roles, now=timezone.now()
        ),
        _("They are asked, each by a mail with a link."),
    )  # fmt: skip


@require_POST
@for_people
def note_answer(request: HttpRequest, pk: int, introduction_id: int, role: str) -> HttpResponse:
    """Write down what a side said by phone or in person."""
    form = AnswerForm(request.POST, prefix=role)
    frame = enter_desk_frame(request, pk, to_write=True)
    case = _get(frame, introduction_id)
    if form.is_valid():
        try:
            wishes.note_answer(
                actor=request.reader, introduction_id=introduction_id, role=role, now=timezone.now(),
                wants=form.cleaned_data["wants"], why=form.cleaned_data["why"],
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect("ambassadors:case", pk, introduction_id)
    forms = _forms(frame, case, None, "UTC").get("answer_forms", {}) | {role: form}
    return _show(request, frame, case, forms={"answer_forms": forms, "opened": f"answer-{role}"},
                 status=422)  # fmt: skip


@require_POST
@for_people
def offer(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Propose times to both."""
    form = OfferForm(request.POST)
    return _with_form(
        request, pk, introduction_id, name="offer_form", form=form,
        do=lambda: booking.offer_times(
            actor=request.reader, introduction_id=introduction_id, proposals=form.proposals(),
            time_zone=form.cleaned_data["time_zone"], place=form.cleaned_data["place"],
            now=timezone.now(),
        ),
        said=_("Proposed. Both get a mail with a link to choose."),
    )  # fmt: skip


@require_POST
@for_people
def accept_time(
    request: HttpRequest, pk: int, introduction_id: int, option_id: int
) -> HttpResponse:
    """Say that a time which a side proposed suits the desk, or does not."""
    suits = request.POST.get("suits") == "yes"
    return _deed(
        request, pk, introduction_id,
        lambda: booking.answer_for_desk(
            actor=request.reader, introduction_id=introduction_id, option_id=option_id,
            suits=suits, now=timezone.now(),
        ),
        _("The other side is asked now.") if suits else _("They see that it does not suit you."),
    )  # fmt: skip


@require_POST
@for_people
def withdraw_time(
    request: HttpRequest, pk: int, introduction_id: int, option_id: int
) -> HttpResponse:
    """Take a proposed time back."""
    return _deed(
        request, pk, introduction_id,
        lambda: booking.withdraw_time(
            actor=request.reader, introduction_id=introduction_id, option_id=option_id,
            now=timezone.now(),
        ),
        _("Taken back. The links do not show it any more."),
    )  # fmt: skip


@require_POST
@for_people
def book(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Book a time that was agreed in another way."""
    form = BookForm(request.POST, prefix="book")

    def do() -> object:
        values = form.cleaned_data
        if not values.get("moment"):
            raise InvalidInput(_("Give the day and the time."), field="on")
        return booking.book_directly(
            actor=request.reader, introduction_id=introduction_id, starts_at=values["moment"],
            time_zone=values["time_zone"], place=values["place"], why=values["why"],
            now=timezone.now(),
        )  # fmt: skip

    return _with_form(request, pk, introduction_id, name="book_form", form=form, do=do,
                      said=_("Booked. All three get an invitation."))  # fmt: skip


@require_POST
@for_people
def call_off(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Call the booked meeting off, and look for another time."""
    form = WhyForm(request.POST, prefix="off")
    return _with_form(
        request, pk, introduction_id, name="off_form", form=form,
        do=lambda: booking.call_off_booking(
            actor=request.reader, introduction_id=introduction_id, why=form.cleaned_data["why"],
            now=timezone.now(),
        ),
        said=_("It is off. Propose another time."),
    )  # fmt: skip


@require_POST
@for_people
def close(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Put the introduction aside."""
    form = WhyForm(request.POST, prefix="close")
    return _with_form(
        request, pk, introduction_id, name="close_form", form=form,
        do=lambda: introductions.close_introduction(
            actor=request.reader, introduction_id=introduction_id, why=form.cleaned_data["why"],
            now=timezone.now(),
        ),
        said=_("Put aside. It stands in the list, among the closed ones."),
    )  # fmt: skip


@require_POST
@for_people
def reopen(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Take a closed introduction up again."""
    return _deed(
        request, pk, introduction_id,
        lambda: introductions.reopen_introduction(
            actor=request.reader, introduction_id=introduction_id, now=timezone.now()
        ),
        _("Taken up again. Who declined is asked anew when you say so."),
    )  # fmt: skip


@require_POST
@for_people
def write_note(request: HttpRequest, pk: int, introduction_id: int) -> HttpResponse:
    """Keep a note."""
    form = NoteForm(request.POST)
    return _with_form(
        request, pk, introduction_id, name="note_form", form=form,
        do=lambda: introductions.write_note(
            actor=request.reader, introduction_id=introduction_id, text=form.cleaned_data["text"],
            now=timezone.now(),
        ),
        said=_("Kept, for your own team."),
    )  # fmt: skip


@require_POST
@for_people
def drop_note(request: HttpRequest, pk: int, introduction_id: int, note_id: int) -> HttpResponse:
    """Put a note away, or bring it back."""
    frame = enter_desk_frame(request, pk, to_write=True)
    _get(frame, introduction_id)
    with telling_refusal(request):
        note = introductions.drop_note(
            actor=request.reader, introduction_id=introduction_id, note_id=note_id,
            now=timezone.now(),
        )  # fmt: skip
        path = reverse("ambassadors:note-drop", args=[pk, introduction_id, note_id])
        if note.dropped_at:
            messages.success(request, _("The note is put away."), extra_tags=f"undo:{path}")
        else:
            messages.success(request, _("The note is back."))
    return _back(request, frame, introduction_id)
