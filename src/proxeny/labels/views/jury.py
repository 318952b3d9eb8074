"""The jury of a round: who is in it, what they know, and how far they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.labels.forms.jury import AskForm, ExpertForm
from proxeny.labels.models import Juror, Round
from proxeny.labels.operations import jury
from proxeny.labels.queries.jury import (
    get_juror,
    list_askable,
    list_jurors,
    list_submitted,
    suggest_topics,
)
from proxeny.labels.queries.rounds import progress_of
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab
from proxeny.partnerships.models import Party
from proxeny.partnerships.rules import party_managed
from proxeny.partnerships.views.frame import telling_refusal


@require_http_methods(["GET", "POST"])
@for_people
def show(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show the jury by side, and ask somebody of one's own team."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    if request.method == "GET":
        return _show(request, frame)
    people = list_askable(frame.round, _mine(request, frame), today=timezone.localdate())
    form = AskForm(request.POST, people=people)
    if form.is_valid():
        try:
            made = jury.ask_juror(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                now=timezone.localtime(), **form.to_values(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            name = made.person.name if made.person else ""
            messages.success(request, _("%(name)s is asked by mail.") % {"name": name})
            return redirect("labels:jury", pk, round_id)
    return _show(request, frame, ask=form, status=422)


def _mine(request: HttpRequest, frame: RoundFrame) -> Party | None:
    return party_managed(request.reader, frame.room.parties)


def _show(
    request: HttpRequest, frame: RoundFrame, *, ask: AskForm | None = None,
    expert: ExpertForm | None = None, opened: int = 0, status: int = 200,
) -> HttpResponse:  # fmt: skip
    held, mine = frame.round, _mine(request, frame)
    rows = list_jurors(held)
    today = timezone.localdate()
    may_ask = frame.may_steer and mine is not None
    people = list_askable(held, mine, today=today) if may_ask else []
    context: dict[str, Any] = {
        "sides": [
            (one, [_row(each, mine, expert, opened) for each in rows
                   if each.juror.party_id == one.pk])
            for one in frame.room.parties
            if one.state == Party.State.JOINED or any(e.juror.party_id == one.pk for e in rows)
        ],
        "progress": progress_of(held),
        "mine": mine,
        "people": people,
        "ask_form": (ask or AskForm(people=people)) if may_ask else None,
        "topics": suggest_topics(list_submitted(held)),
        "waiting": sum(bool(one.waits) for one in rows),
        "is_judging": held.state == Round.State.JUDGING,
    }  # fmt: skip
    return show_round_tab(request, frame, "jury", "jury/jury", context, status=status)


def _row(one: Any, mine: Party | None, expert: ExpertForm | None, opened: int) -> dict[str, Any]:
    juror = one.juror
    is_mine = mine is not None and juror.party_id == mine.pk and juror.state != Juror.State.OUT
    label, tone = _standing(one)
    return {
        "one": one, "juror": juror, "label": label, "tone": tone, "is_mine": is_mine,
        "is_open": juror.pk == opened,
        "form": (expert if juror.pk == opened else ExpertForm(juror=juror)) if is_mine else None,
    }  # fmt: skip


def _standing(one: Any) -> tuple[str, str]:
    """Return where a juror stands, in words."""
    if one.juror.state == Juror.State.OUT:
        return _("out"), ""
    return {
        "answer": (_("asked"), "warn"),
        "declare": (_("has not declared yet"), "warn"),
        "score": (_("scores"), "info"),
    }.get(one.waits, (_("declared"), "ok"))


@require_POST
@for_people
def change(request: HttpRequest, pk: int, round_id: int, juror_id: int) -> HttpResponse:
    """Keep what a juror knows, and how much they read at most."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = ExpertForm(request.POST, juror=get_juror(pk, round_id, juror_id))
    if form.is_valid():
        try:
            jury.change_juror(
                actor=request.reader, partnership_id=pk, round_id=round_id, juror_id=juror_id,
                now=timezone.localtime(), **form.to_values(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved. The other side sees it too."))
            return redirect("labels:jury", pk, round_id)
    return _show(request, frame, expert=form, opened=juror_id, status=422)


@require_POST
@for_people
def take_out(request: HttpRequest, pk: int, round_id: int, juror_id: int) -> HttpResponse:
    """Take a juror out. Asking them again is one click on this page."""
    enter_round(request, pk, round_id, to_steer=True)
    with telling_refusal(request):
        made = jury.take_out_juror(
            actor=request.reader, partnership_id=pk, round_id=round_id, juror_id=juror_id,
            why=request.POST.get("why", ""), now=timezone.localtime(),
        )  # fmt: skip
        name = made.person.name if made.person else ""
        messages.success(
            request,
            _("%(name)s is out. What was not scored yet is free for others.") % {"name": name},
        )
    return redirect("labels:jury", pk, round_id)


@require_POST
@for_people
def remind(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Remind all jurors of what waits for them."""
    enter_round(request, pk, round_id, to_steer=True)
    with telling_refusal(request):
        reminded = jury.remind_jurors(
            actor=request.reader, partnership_id=pk, round_id=round_id, now=timezone.localtime()
        )
        if reminded:
            told = ngettext(
                "%(count)d juror is reminded.", "%(count)d jurors are reminded.", len(reminded)
            )
            messages.success(request, told % {"count": len(reminded)})
        else:
            messages.info(request, _("Nobody to remind: each is written to once a day at most."))
    return redirect(reverse("labels:jury", args=[pk, round_id]))
