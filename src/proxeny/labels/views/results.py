"""The tab "Results": status of applications, letters, promotions, and appeals."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import read_outcome
from proxeny.labels.forms.selection import AnswerForm, LetterForm, MoveUpForm
from proxeny.labels.models import Appeal, Assignment, Decision, Result, Round
from proxeny.labels.operations import moving_up
from proxeny.labels.operations.appeals import (
    Reading,
    read_anew,
    read_readings,
)
from proxeny.labels.operations.deciding_appeals import (
    can_grant,
    decide_appeal,
    weigh_appeal,
    why_unread,
)
from proxeny.labels.operations.letters import send_letters, write_letter
from proxeny.labels.operations.moving_up import move_up, read_following
from proxeny.labels.operations.reading_anew import Readers, find_readers
from proxeny.labels.queries.decisions import numbers_of, titles_of
from proxeny.labels.queries.results import (
    OPEN_APPEAL,
    appeals_of,
    comments_on,
    get_appeal,
    get_result,
    list_results,
    overall_comments_on,
    readers_anew,
)
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.result_explanations import figure_of, percent_of, tell_rows
from proxeny.labels.result_pdf import answer_letter_pdf
from proxeny.labels.rules import RESULT_TONES
from proxeny.labels.selection_explanations import tell_decision
from proxeny.labels.views.confirming import entered_of, find_pending, tell_proposed
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab
from proxeny.partnerships.views.frame import to_number

Standing, State = Result.Standing, Round.State
APPEAL_TONES = {
    Appeal.State.ASKED: "warn",
    Appeal.State.READ: "info",
    Appeal.State.UPHELD: "ok",
    Appeal.State.REFUSED: "",
}


@require_GET
@for_people
def show(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the status of each application, the letters sent, and appeals."""
    return _show(request, enter_round(request, pk, round_id, to_steer=True))


def _show(
    request: Request, frame: RoundFrame, *, form: MoveUpForm | None = None, status: int = 200
) -> HttpResponse:
    held = frame.round
    if held.state != State.DECIDED:
        return show_round_tab(request, frame, "results", "selection/results", {})
    text, numbers = text_of_round(held), numbers_of(held)
    rows = [_row(one, text, numbers) for one in list_results(held)]
    context: dict[str, Any] = {
        "rows": rows,
        "unsent": sum(row["result"].told_at is None for row in rows),
        "appeals": [
            {
                "appeal": one,
                "tone": APPEAL_TONES[Appeal.State(one.state)],
                "number": numbers.get(one.application_id),
            }
            for one in appeals_of(held)
        ],
        **_moving(request, frame, form),
    }
    return show_round_tab(request, frame, "results", "selection/results", context, status=status)


def _row(one: Result, text: Any, numbers: dict[int, int]) -> dict[str, Any]:
    level = text.level(one.level)
    return {
        "result": one,
        "tone": RESULT_TONES[Standing(one.standing)],
        "number": numbers.get(one.application_id),
        "total": figure_of(one.total),
        "level": text.told(level.title) if level else "",
    }


def _moving(request: Request, frame: RoundFrame, form: MoveUpForm | None) -> dict[str, Any]:
    """Return the next application on the waiting list, if a place is free."""
    try:
        found = read_following(actor=request.reader, held=frame.round)
    except NotAllowed as error:
        return {"conflict": str(error)}
    if found.number is not None and frame.may_steer:
        minutes = _("A place was given up. Number %(number)d moves up from the waiting list.") % {
            "number": found.number
        }
        form = form or MoveUpForm(today=_today(frame), minutes=minutes, number=found.number)
    return {"following": found, "move_form": form, **_pending_move(request, frame)}


def _pending_move(request: Request, frame: RoundFrame) -> dict[str, Any]:
    """Return the proposed promotion that waits for the other clusters."""
    pending = find_pending(request, frame, Decision.Kind.MOVED_UP)
    if pending is None:
        return {}
    same = moving_up.is_as_proposed(request.reader, frame.round, pending.decision)
    told = tell_decision(pending.decision, frame.round, titles_of(frame.round))
    return {"pending": replace(pending, is_void=not same), "told": told}


def _today(frame: RoundFrame) -> Any:
    return timezone.now().astimezone(load_zone(frame.round.zone)).date()


@require_POST
@for_people
def send(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Send one letter, or all that are not sent."""
    enter_round(request, pk, round_id, to_steer=True)
    chosen = [to_number(one) for one in request.POST.getlist("result")[:1]] or None
    return perform(
        request,
        partial(send_letters, partnership_id=pk, round_id=round_id, results=chosen),
        done=lambda count: (
            ngettext("%(count)d letter sent.", "%(count)d letters sent.", count) % {"count": count}
        ),
        to=reverse("labels:results", args=[pk, round_id]),
    )


@require_POST
@for_people
def move(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Promote the next application to the free place."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = MoveUpForm(request.POST, today=_today(frame))

    saved = submit_form(
        request,
        form,
        partial(move_up, partnership_id=pk, round_id=round_id),
        values=lambda: {"number": form.cleaned_data["number"], "meeting": form.to_meeting()},
        done=lambda made: tell_proposed(
            request, made, _("It now has the place. Read its letter, then send it.")
        ),
        to=reverse("labels:results", args=[pk, round_id]),
    )
    return saved or _show(request, frame, form=form, status=422)


@require_http_methods(["GET", "POST"])
@for_people
def letter(request: Request, pk: int, round_id: int, result_id: int) -> HttpResponse:
    """Show a letter with points and what jurors wrote beside it, and write it."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    result = get_result(round_id, result_id)
    form = LetterForm(request.POST or None, result=result)
    saved = submit_form(
        request,
        form,
        partial(write_letter, partnership_id=pk, round_id=round_id, result_id=result_id),
        values=form.to_values,
        done=_("Letter saved. It hasn’t been sent yet."),
        to=reverse("labels:result-letter", args=[pk, round_id, result_id]),
    )
    if saved:
        return saved
    if form.is_bound:
        result = get_result(round_id, result_id)
    context = {**_letter(request, frame, result), "form": form}
    return show_round_tab(
        request, frame, "results", "selection/letter", context, status=422 if form.errors else 200
    )


def _letter(request: Request, frame: RoundFrame, result: Result) -> dict[str, Any]:
    text = text_of_round(frame.round)
    titles = {one.key: text.told(one.title) for one in text.indicators()}
    asked = result.application_id
    return {
        "result": result,
        "application": result.application,
        "number": numbers_of(frame.round).get(asked),
        "tone": RESULT_TONES[Standing(result.standing)],
        "criteria": list(tell_rows(text, read_outcome(result.content))),
        "total": percent_of(result.total),
        "least": percent_of(text.total_least),
        "comments": [
            {
                "title": titles.get(one.indicator, ""),
                "text": one.comment,
                "side": one.assignment.juror.party.organisation.name,
            }
            for one in comments_on(asked)
        ],
        "overall": [
            {"text": one.comment, "side": one.juror.party.organisation.name}
            for one in overall_comments_on(asked)
        ],
        "told": format_moment(result.told_at, frame.round.zone, request.reader.time_zone)
        if result.told_at
        else "",
        "may_write": frame.may_steer and result.told_at is None and result.is_newest,
    }


@require_GET
@for_people
def letter_pdf(request: Request, pk: int, round_id: int, result_id: int) -> HttpResponse:
    """Give a letter as a document, in the applicant's language."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    result = get_result(round_id, result_id)
    try:
        return answer_letter_pdf(result, result.application, text_of_round(frame.round))
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("labels:result-letter", pk, round_id, result_id)


@require_http_methods(["GET", "POST"])
@for_people
def appeal(request: Request, pk: int, round_id: int, appeal_id: int) -> HttpResponse:
    """Show an appeal, the result of the second reading, and the form for the answer."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    told = _appeal(request, frame, get_appeal(round_id, appeal_id))
    form = _answer_form(request, frame, told)
    saved = submit_form(
        request,
        form,
        partial(decide_appeal, partnership_id=pk, round_id=round_id, appeal_id=appeal_id),
        values=lambda: {
            "answer": form.cleaned_data["answer"],
            "meeting": form.to_meeting(),
            "grants": form.cleaned_data.get("grants", False),
        },
        done=lambda made: tell_proposed(
            request, made, _("The appeal is decided, and the applicant will be informed.")
        ),
        to=reverse("labels:appeal", args=[pk, round_id, appeal_id]),
    )
    if saved:
        return saved
    if form.errors:
        told = _appeal(request, frame, get_appeal(round_id, appeal_id))
    context = {**told, "form": form}
    return show_round_tab(
        request, frame, "results", "selection/appeal", context, status=422 if form.errors else 200
    )


def _answer_form(request: Request, frame: RoundFrame, told: dict[str, Any]) -> AnswerForm:
    return AnswerForm(
        request.POST or None,
        today=_today(frame),
        minutes=_minutes(told),
        asks_grant=told["asks_grant"],
    )


def _appeal(request: Request, frame: RoundFrame, one: Appeal) -> dict[str, Any]:
    held, zone = frame.round, request.reader.time_zone
    asked = one.application_id
    newest = next((r for r in list_results(held) if r.application_id == asked), None)
    reading = None
    if one.state == Appeal.State.READ and newest is not None:
        reading = read_readings(held, {asked: newest}).get(asked)
    readers = readers_anew([asked]).get(asked, [])
    is_done = bool(reading and reading.is_done)
    lacks = one.state == Appeal.State.READ and not (reading and reading.waits) and not is_done
    return {
        "appeal": one,
        "application": one.application,
        "result": newest,
        "number": numbers_of(held).get(asked),
        "tone": APPEAL_TONES[Appeal.State(one.state)],
        "asked": format_moment(one.asked_at, held.zone, zone),
        "readers": readers,
        "DONE": Assignment.State.DONE,
        "reading": reading,
        "is_done": is_done,
        "before": percent_of(reading.before.total) if reading else "",
        "anew": percent_of(reading.judged.outcome.total) if reading and reading.judged else "",
        "lacks": lacks,
        "is_out": newest is not None and newest.standing == Standing.OUT,
        **_next_of(frame, one, newest, reading),
        **_pending_appeal(request, frame, one),
    }


def _pending_appeal(request: Request, frame: RoundFrame, one: Appeal) -> dict[str, Any]:
    """Return the answer that waits for the other clusters, with what comes of it."""
    pending = find_pending(request, frame, Decision.Kind.APPEAL, one)
    if pending is None or one.state not in OPEN_APPEAL:
        return {}
    entered, now = entered_of(frame), timezone.localtime()
    weighed = weigh_appeal(entered, pending.decision, now=now)
    lead = (
        _("The appeal is granted: %(standing)s.")
        if weighed.is_granted
        else _("The appeal is not granted: %(standing)s.")
    ) % {"standing": Standing(weighed.standing).label}
    is_void = weighed.why != "" or weighed.seen != pending.decision.seen
    return {"pending": replace(pending, is_void=is_void), "lead": "" if is_void else lead}


def _next_of(
    frame: RoundFrame, one: Appeal, newest: Result | None, reading: Reading | None
) -> dict[str, Any]:
    """Return a manager's next step in an appeal: assign it to others, or answer it."""
    told = {"can_read": False, "can_answer": False, "asks_grant": False, "nobody": ""}
    if not frame.may_steer or one.state not in OPEN_APPEAL or newest is None:
        return told
    held, parties, now = frame.round, frame.room.parties, timezone.localtime()
    is_done = bool(reading and reading.is_done)
    waits = bool(reading and reading.waits)
    found = Readers() if is_done or waits else find_readers(held, parties, one.application, now=now)
    can_answer = is_done or not why_unread(held, parties, one, newest, reading, now=now)
    return {
        "can_read": bool(found.chosen),
        "nobody": found.why,
        "can_answer": can_answer,
        "asks_grant": can_answer and not is_done and can_grant(newest),
    }


def _minutes(told: dict[str, Any]) -> str:
    """Return the first part of the minutes of an answer."""
    if not told["can_answer"] or not told["is_done"]:
        return ""
    return _(
        "Number %(number)d was given a second reading by %(count)d others: %(before)s in total "
        "before, %(anew)s now."
    ) % {**told, "count": len(told["readers"])}


@require_POST
@for_people
def read(request: Request, pk: int, round_id: int, appeal_id: int) -> HttpResponse:
    """Have other jurors read an application again."""
    enter_round(request, pk, round_id, to_steer=True)
    return perform(
        request,
        partial(read_anew, partnership_id=pk, round_id=round_id, appeal_id=appeal_id),
        done=lambda given: (
            ngettext(
                "%(count)d other juror will give it a second reading and will be notified by email.",
                "%(count)d other jurors will give it a second reading and will be notified by email.",
                len(given),
            )
            % {"count": len(given)}
        ),
        to=reverse("labels:appeal", args=[pk, round_id, appeal_id]),
    )
