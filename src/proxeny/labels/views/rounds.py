"""Rounds: those of a label, and the first page of each, with what comes next."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.labels.forms.jury import WhyForm
from proxeny.labels.models import Round
from proxeny.labels.moments import tell_moment
from proxeny.labels.operations import rounds
from proxeny.labels.queries.rounds import count_submitted, list_rounds, progress_of
from proxeny.labels.queries.schemes import published_version
from proxeny.labels.rules import TONES, takes_applications
from proxeny.labels.views.frame import (
    RoundFrame,
    enter_round,
    enter_scheme,
    show_round_tab,
    show_scheme_tab,
)
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import return_to, telling_refusal, to_number

State = Round.State


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int, scheme_id: int) -> HttpResponse:
    """Show the rounds of a label."""
    frame = enter_scheme(request, pk, scheme_id)
    rows, zone = list_rounds(frame.scheme), request.reader.time_zone
    counts = count_submitted(rows) if frame.room.may_steer else {}
    context = {
        "rows": [
            {
                "round": one, "tone": TONES[State(one.state)], "count": counts.get(one.pk, 0),
                **_moments(one, zone),
            }
            for one in rows
        ],
        "put_away": list_put_away(("label-round",), pk),
    }  # fmt: skip
    return show_scheme_tab(request, frame, "rounds", "rounds", context)


def _moments(held: Round, zone: str) -> dict[str, Any]:
    now = timezone.now()
    return {
        "opens": tell_moment(held.opens_at, held.zone, zone),
        "closes": tell_moment(held.closes_at, held.zone, zone),
        "is_taken": takes_applications(held, now),
        "has_closed": held.closes_at <= now,
    }


@require_GET
@for_people
def show(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show one round: when one applies, how far it is, and what comes next."""
    return _show(request, enter_round(request, pk, round_id))


def _show(
    request: HttpRequest, frame: RoundFrame, *, form: WhyForm | None = None, status: int = 200
) -> HttpResponse:
    held = frame.round
    context: dict[str, Any] = _moments(held, request.reader.time_zone)
    if frame.room.may_steer:
        progress = progress_of(held)
        context |= {"progress": progress, **_next(frame, progress, context["has_closed"])}
        context["why_form"] = form or WhyForm()
    return show_round_tab(request, frame, "round", "round", context, status=status)


def _next(frame: RoundFrame, progress: Any, has_closed: bool) -> dict[str, Any]:
    """Return what a manager can do next, and what is missing for it."""
    held, parties = frame.round, frame.room.parties
    if held.state == State.PLANNED:
        signed = published_version(held.scheme)
        return {"signed": signed, "is_late": has_closed}
    if held.state == State.OPEN:
        found = _Entered(held, parties)
        return {"missing": rounds.refuse_judging(found, progress, now=timezone.now())}
    if held.state == State.JUDGING:
        return {"missing": rounds.refuse_discussing(progress)}
    return {}


class _Entered:
    """A round with the parties, as operations look at it."""

    def __init__(self, held: Round, parties: Any) -> None:
        self.round, self.parties = held, parties


def _do(
    request: HttpRequest, pk: int, round_id: int, deed: Callable[..., Round], told: str,
    undo: str = "",
) -> HttpResponse:  # fmt: skip
    enter_round(request, pk, round_id, to_steer=True)
    with telling_refusal(request):
        deed(
            actor=request.reader, partnership_id=pk, round_id=round_id, version=_seen(request),
            now=timezone.localtime(),
        )  # fmt: skip
        tags = f"undo:{reverse(undo, args=[pk, round_id])}" if undo else ""
        messages.success(request, told, extra_tags=tags)
    return return_to(request, reverse("labels:round", args=[pk, round_id]))


def _seen(request: HttpRequest) -> int | None:
    """Return the version that was shown; an undo acts on what it just did, whatever that is."""
    seen = request.POST.get("seen", "")
    return to_number(seen) if seen else None


@require_POST
@for_people
def publish(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Publish a round; the message offers to take it back."""
    told = _("The round is published. Everybody can read when and how one applies.")
    return _do(request, pk, round_id, rounds.publish_round, told, undo="labels:round-take-back")


@require_POST
@for_people
def take_back(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Take the publication of a round back."""
    told = _("The round is not published any more. You can change all of it.")
    return _do(request, pk, round_id, rounds.take_back_round, told)


@require_POST
@for_people
def judge(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Begin to judge."""
    told = _("Judging has begun. The jurors are asked to declare first.")
    return _do(request, pk, round_id, rounds.begin_judging, told)


@require_POST
@for_people
def discuss(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Go on to discussing."""
    told = _("The jury talks it over now. Its members read each other’s scores.")
    return _with_reason(request, pk, round_id, rounds.begin_discussing, told)


@require_POST
@for_people
def resume(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Go back to judging."""
    told = _("The round is being judged again.")
    return _with_reason(request, pk, round_id, rounds.resume_judging, told)


def _with_reason(
    request: HttpRequest, pk: int, round_id: int, deed: Callable[..., Round], told: str
) -> HttpResponse:
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            deed(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                why=form.cleaned_data["why"], version=_seen(request), now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, told)
            return redirect("labels:round", pk, round_id)
        frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, form=form, status=422)
