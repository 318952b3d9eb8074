"""The jury of a round: its members, their expertise, and their progress."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
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


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the jury by side, and invite people of the reader's own team."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    if request.method == "GET":
        return _show(request, frame)
    people = list_askable(frame.round, _mine(request, frame), today=timezone.localdate())
    form = AskForm(request.POST, people=people)
    saved = submit_form(
        request,
        form,
        partial(jury.ask_juror, partnership_id=pk, round_id=round_id),
        values=form.to_values,
        done=lambda made: (
            _("%(name)s has been invited by email.")
            % {"name": (made.person.name if made.person else "")}
        ),
        to=reverse("labels:jury", args=[pk, round_id]),
    )
    return saved or _show(request, frame, ask=form, status=422)


def _mine(request: Request, frame: RoundFrame) -> Party | None:
    return party_managed(request.reader, frame.room.parties)


def _show(
    request: Request,
    frame: RoundFrame,
    *,
    ask: AskForm | None = None,
    expert: ExpertForm | None = None,
    opened: int = 0,
    status: int = 200,
) -> HttpResponse:
    held, mine = frame.round, _mine(request, frame)
    rows = list_jurors(held)
    today = timezone.localdate()
    may_ask = frame.may_steer and mine is not None
    people = list_askable(held, mine, today=today) if may_ask else []
    context: dict[str, Any] = {
        "sides": [
            (
                one,
                [
                    _row(each, mine, expert, opened)
                    for each in rows
                    if each.juror.party_id == one.pk
                ],
            )
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
    }
    return show_round_tab(request, frame, "jury", "jury/jury", context, status=status)


def _row(one: Any, mine: Party | None, expert: ExpertForm | None, opened: int) -> dict[str, Any]:
    juror = one.juror
    is_mine = mine is not None and juror.party_id == mine.pk and juror.state != Juror.State.OUT
    label, tone = _standing(one)
    return {
        "one": one,
        "juror": juror,
        "label": label,
        "tone": tone,
        "is_mine": is_mine,
        "is_open": juror.pk == opened,
        "form": (expert if juror.pk == opened else ExpertForm(juror=juror)) if is_mine else None,
    }


def _standing(one: Any) -> tuple[str, str]:
    """Return a juror's progress, in words."""
    if one.juror.state == Juror.State.OUT:
        return _("not on the jury"), ""
    return {
        "answer": (_("invited to judge"), "warn"),
        "declare": (_("has not declared yet"), "warn"),
        "score": (_("scoring"), "info"),
    }.get(one.waits, (_("declaration made"), "ok"))


@require_POST
@for_people
def change(request: Request, pk: int, round_id: int, juror_id: int) -> HttpResponse:
    """Save a juror's expertise and maximum number of applications."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = ExpertForm(request.POST, juror=get_juror(pk, round_id, juror_id))
    saved = submit_form(
        request,
        form,
        partial(jury.change_juror, partnership_id=pk, round_id=round_id, juror_id=juror_id),
        values=form.to_values,
        done=_("Saved. The other side can see it too."),
        to=reverse("labels:jury", args=[pk, round_id]),
    )
    return saved or _show(request, frame, expert=form, opened=juror_id, status=422)


@require_POST
@for_people
def take_out(request: Request, pk: int, round_id: int, juror_id: int) -> HttpResponse:
    """Take a juror out. Asking them again is one click on this page."""
    enter_round(request, pk, round_id, to_steer=True)
    return perform(
        request,
        partial(
            jury.take_out_juror,
            partnership_id=pk,
            round_id=round_id,
            juror_id=juror_id,
            why=request.POST.get("why", ""),
        ),
        done=lambda made: (
            _("%(name)s is no longer on the jury. Applications not scored yet are free for others.")
            % {"name": (made.person.name if made.person else "")}
        ),
        to=reverse("labels:jury", args=[pk, round_id]),
    )


@require_POST
@for_people
def remind(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Remind all jurors of what waits for them."""
    enter_round(request, pk, round_id, to_steer=True)
    return perform(
        request,
        partial(jury.remind_jurors, partnership_id=pk, round_id=round_id),
        done=lambda reminded: (
            ngettext(
                "Reminder sent to %(count)d juror.",
                "Reminder sent to %(count)d jurors.",
                len(reminded),
            )
            % {"count": len(reminded)}
            if reminded
            else messages.info(
                request, _("No reminders to send: each juror gets one a day at most.")
            )
        ),
        to=reverse("labels:jury", args=[pk, round_id]),
    )
