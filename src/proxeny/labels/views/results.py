"""The tab "Results": who stands where, letters, who moves up, and appeals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import read_outcome
from proxeny.labels.forms.selection import AnswerForm, LetterForm, MoveUpForm
from proxeny.labels.models import Appeal, Assignment, Result, Round
from proxeny.labels.moments import tell_moment
from proxeny.labels.operations.appeals import decide_appeal, read_anew, read_readings
from proxeny.labels.operations.letters import send_letters, write_letter
from proxeny.labels.operations.moving_up import move_up, read_following
from proxeny.labels.queries.decisions import numbers_of
from proxeny.labels.queries.results import (
    appeals_of,
    comments_on,
    get_appeal,
    get_result,
    list_results,
    overall_comments_on,
    readers_anew,
)
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.result_pdf import answer_letter_pdf
from proxeny.labels.rules import RESULT_TONES
from proxeny.labels.telling_results import figure_of, percent_of, tell_rows
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab
from proxeny.partnerships.views.frame import telling_refusal, to_number

Standing, State = Result.Standing, Round.State
APPEAL_TONES = {
    Appeal.State.ASKED: "warn", Appeal.State.READ: "info", Appeal.State.UPHELD: "ok",
    Appeal.State.REFUSED: "",
}  # fmt: skip


@require_GET
@for_people
def show(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show who stands where, which letters are sent, and appeals."""
    return _show(request, enter_round(request, pk, round_id, to_steer=True))


def _show(
    request: HttpRequest, frame: RoundFrame, *, form: MoveUpForm | None = None, status: int = 200
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
            {"appeal": one, "tone": APPEAL_TONES[Appeal.State(one.state)],
             "number": numbers.get(one.application_id)}
            for one in appeals_of(held)
        ],
        **_moving(request, frame, form),
    }  # fmt: skip
    return show_round_tab(request, frame, "results", "selection/results", context, status=status)


def _row(one: Result, text: Any, numbers: dict[int, int]) -> dict[str, Any]:
    level = text.level(one.level)
    return {
        "result": one, "tone": RESULT_TONES[Standing(one.standing)],
        "number": numbers.get(one.application_id), "total": figure_of(one.total),
        "level": text.told(level.title) if level else "",
    }  # fmt: skip


def _moving(request: HttpRequest, frame: RoundFrame, form: MoveUpForm | None) -> dict[str, Any]:
    """Return who would move up, where a place is free."""
    try:
        found = read_following(actor=request.reader, held=frame.round)
    except NotAllowed as error:
        return {"conflict": str(error)}
    if found.number is not None and frame.may_steer:
        minutes = _("A place was given up. Number %(number)d moves up from the waiting list.") % {
            "number": found.number
        }
        form = form or MoveUpForm(today=_today(frame), minutes=minutes, number=found.number)
    return {"following": found, "move_form": form}


def _today(frame: RoundFrame) -> Any:
    return timezone.now().astimezone(load_zone(frame.round.zone)).date()


@require_POST
@for_people
def send(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Send one letter, or all that are not sent."""
    enter_round(request, pk, round_id, to_steer=True)
    chosen = [to_number(one) for one in request.POST.getlist("result")[:1]] or None
    with telling_refusal(request):
        count = send_letters(
            actor=request.reader, partnership_id=pk, round_id=round_id, results=chosen,
            now=timezone.localtime(),
        )  # fmt: skip
        told = ngettext("%(count)d letter is sent.", "%(count)d letters are sent.", count)
        messages.success(request, told % {"count": count})
    return redirect("labels:results", pk, round_id)


@require_POST
@for_people
def move(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Let whoever is next have the free place."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = MoveUpForm(request.POST, today=_today(frame))

    def do() -> None:
        move_up(
            actor=request.reader, partnership_id=pk, round_id=round_id,
            number=form.cleaned_data["number"], meeting=form.to_meeting(),
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("It has the place. Read its letter, then send it."))

    if _done(form, do):
        return redirect("labels:results", pk, round_id)
    return _show(request, frame, form=form, status=422)


def _done(form: Any, do: Callable[[], None]) -> bool:
    """Do something that a form says; whether it was done."""
    if not form.is_valid():
        return False
    try:
        do()
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
        return False
    return True


@require_http_methods(["GET", "POST"])
@for_people
def letter(request: HttpRequest, pk: int, round_id: int, result_id: int) -> HttpResponse:
    """Show a letter with points and what jurors wrote beside it, and write it."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    result = get_result(round_id, result_id)
    form = LetterForm(request.POST or None, result=result)

    def do() -> None:
        write_letter(
            actor=request.reader, partnership_id=pk, round_id=round_id, result_id=result_id,
            now=timezone.localtime(), **form.to_values(),
        )  # fmt: skip
        messages.success(request, _("The letter is kept. It is not sent yet."))

    if request.method == "POST":
        if _done(form, do):
            return redirect("labels:result-letter", pk, round_id, result_id)
        result = get_result(round_id, result_id)
    context = {**_letter(request, frame, result), "form": form}
    return show_round_tab(
        request, frame, "results", "selection/letter", context, status=422 if form.errors else 200
    )


def _letter(request: HttpRequest, frame: RoundFrame, result: Result) -> dict[str, Any]:
    text = text_of_round(frame.round)
    titles = {one.key: text.told(one.title) for one in text.indicators()}
    asked = result.application_id
    return {
        "result": result, "application": result.application,
        "number": numbers_of(frame.round).get(asked),
        "tone": RESULT_TONES[Standing(result.standing)],
        "criteria": list(tell_rows(text, read_outcome(result.content))),
        "total": percent_of(result.total), "least": percent_of(text.total_least),
        "comments": [
            {"title": titles.get(one.indicator, ""), "text": one.comment,
             "side": one.assignment.juror.party.organisation.name}
            for one in comments_on(asked)
        ],
        "overall": [
            {"text": one.comment, "side": one.juror.party.organisation.name}
            for one in overall_comments_on(asked)
        ],
        "told": tell_moment(result.told_at, frame.round.zone, request.reader.time_zone)
        if result.told_at else "",
        "may_write": frame.may_steer and result.told_at is None and result.is_newest,
    }  # fmt: skip


@require_GET
@for_people
def letter_pdf(request: HttpRequest, pk: int, round_id: int, result_id: int) -> HttpResponse:
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
def appeal(request: HttpRequest, pk: int, round_id: int, appeal_id: int) -> HttpResponse:
    """Show an appeal, what reading it anew gave, and answer it."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    told = _appeal(request, frame, get_appeal(round_id, appeal_id))
    form = AnswerForm(request.POST or None, today=_today(frame), minutes=_minutes(told))

    def do() -> None:
        decide_appeal(
            actor=request.reader, partnership_id=pk, round_id=round_id, appeal_id=appeal_id,
            answer=form.cleaned_data["answer"], meeting=form.to_meeting(),
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("The appeal is decided, and the applicant is told."))

    if request.method == "POST" and _done(form, do):
        return redirect("labels:appeal", pk, round_id, appeal_id)
    if form.errors:
        told = _appeal(request, frame, get_appeal(round_id, appeal_id))
    context = {**told, "form": form}
    return show_round_tab(
        request, frame, "results", "selection/appeal", context, status=422 if form.errors else 200
    )


def _appeal(request: HttpRequest, frame: RoundFrame, one: Appeal) -> dict[str, Any]:
    held, zone = frame.round, request.reader.time_zone
    asked = one.application_id
    newest = next((r for r in list_results(held) if r.application_id == asked), None)
    reading = None
    if one.state == Appeal.State.READ and newest is not None:
        reading = read_readings(held, {asked: newest}).get(asked)
    readers = readers_anew([asked]).get(asked, [])
    out = newest is not None and newest.standing == Standing.OUT
    is_open = one.state in (Appeal.State.ASKED, Appeal.State.READ)
    can_answer = (one.state == Appeal.State.ASKED and out) or bool(reading and reading.is_done)
    lacks = one.state == Appeal.State.READ and not (reading and reading.waits) and not can_answer
    return {
        "appeal": one, "application": one.application, "result": newest,
        "number": numbers_of(held).get(asked), "tone": APPEAL_TONES[Appeal.State(one.state)],
        "asked": tell_moment(one.asked_at, held.zone, zone),
        "readers": readers, "DONE": Assignment.State.DONE,
        "reading": reading,
        "before": percent_of(reading.before.total) if reading else "",
        "anew": percent_of(reading.judged.outcome.total) if reading and reading.judged else "",
        "can_read": frame.may_steer and (one.state == Appeal.State.ASKED or lacks),
        "can_answer": frame.may_steer and is_open and can_answer, "lacks": lacks, "is_out": out,
    }  # fmt: skip


def _minutes(told: dict[str, Any]) -> str:
    """Return what the minutes of an answer begin with."""
    if not told["can_answer"] or not told["reading"]:
        return ""
    return _("Number %(number)d was read anew by %(count)d others: %(before)s in total before,"
             " %(anew)s now.") % {**told, "count": len(told["readers"])}  # fmt: skip


@require_POST
@for_people
def read(request: HttpRequest, pk: int, round_id: int, appeal_id: int) -> HttpResponse:
    """Let other jurors read an application anew."""
    enter_round(request, pk, round_id, to_steer=True)
    with telling_refusal(request):
        given = read_anew(
            actor=request.reader, partnership_id=pk, round_id=round_id, appeal_id=appeal_id,
            now=timezone.localtime(),
        )  # fmt: skip
        told = ngettext(
            "%(count)d other juror reads it anew, and is told by mail.",
            "%(count)d other jurors read it anew, and are told by mail.", len(given),
        )  # fmt: skip
        messages.success(request, told % {"count": len(given)})
    return redirect("labels:appeal", pk, round_id, appeal_id)
