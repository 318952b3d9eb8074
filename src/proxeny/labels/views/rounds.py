"""Rounds: those of a label, and the first page of each, with what comes next."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.content import read_scheme
from proxeny.labels.forms.jury import WhyForm
from proxeny.labels.models import Round
from proxeny.labels.operations import rounds
from proxeny.labels.presenters import tell_quota_in_places
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
from proxeny.partnerships.views.frame import to_number

State = Round.State


@require_GET
@for_people
def show_list(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show the rounds of a label."""
    frame = enter_scheme(request, pk, scheme_id)
    rows, zone = list_rounds(frame.scheme), request.reader.time_zone
    counts = count_submitted(rows) if frame.room.may_steer else {}
    context = {
        "rows": [
            {
                "round": one,
                "tone": TONES[State(one.state)],
                "count": counts.get(one.pk, 0),
                **_moments(one, zone),
            }
            for one in rows
        ],
        "put_away": list_put_away(("label-round",), pk),
    }
    return show_scheme_tab(request, frame, "rounds", "rounds", context)


def _moments(held: Round, zone: str) -> dict[str, Any]:
    now = timezone.now()
    return {
        "opens": format_moment(held.opens_at, held.zone, zone),
        "closes": format_moment(held.closes_at, held.zone, zone),
        "is_taken": takes_applications(held, now),
        "has_closed": held.closes_at <= now,
    }


@require_GET
@for_people
def show(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show one round: its application period, its progress, and the next step."""
    return _show(request, enter_round(request, pk, round_id))


def _show(
    request: Request, frame: RoundFrame, *, form: WhyForm | None = None, status: int = 200
) -> HttpResponse:
    held = frame.round
    context: dict[str, Any] = _moments(held, request.reader.time_zone) | {"quotas": _quotas(held)}
    if frame.room.may_steer:
        progress = progress_of(held)
        context |= {"progress": progress, **_next(frame, progress, context["has_closed"])}
        context["why_form"] = form or WhyForm()
    return show_round_tab(request, frame, "round", "round", context, status=status)


def _quotas(held: Round) -> list[tuple[str, str]]:
    """Return each quota in the places of a round. At most one query."""
    version = held.scheme_version or published_version(held.scheme)
    if held.places is None or version is None:
        return []
    text = read_scheme(version.content)
    return [(text.told(one.title), tell_quota_in_places(one, held.places)) for one in text.quotas]


def _next(frame: RoundFrame, progress: Any, has_closed: bool) -> dict[str, Any]:
    """Return a manager's next step, and its missing conditions."""
    held, parties = frame.round, frame.room.parties
    if held.state == State.PLANNED:
        signed = published_version(held.scheme)
        return {"signed": signed, "is_late": has_closed}
    if held.state == State.OPEN:
        missing = rounds.refuse_judging(held, parties, progress, now=timezone.now())
        return {"missing": missing}
    if held.state == State.JUDGING:
        return {"missing": rounds.refuse_discussing(progress)}
    return {}


def _do(
    request: Request,
    pk: int,
    round_id: int,
    deed: Callable[..., Round],
    told: str,
    undo: str = "",
) -> HttpResponse:
    enter_round(request, pk, round_id, to_steer=True)
    return perform(
        request,
        partial(deed, partnership_id=pk, round_id=round_id, version=_seen(request)),
        done=told,
        to=reverse("labels:round", args=[pk, round_id]),
        undo=reverse(undo, args=[pk, round_id]) if undo else "",
    )


def _seen(request: Request) -> int | None:
    """Return the version that was shown; an undo acts on what it just did, whatever that is."""
    seen = request.POST.get("seen", "")
    return to_number(seen) if seen else None


@require_POST
@for_people
def publish(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Publish a round; the message offers to take it back."""
    told = _("Round published. Everyone can see when and how to apply.")
    return _do(request, pk, round_id, rounds.publish_round, told, undo="labels:round-take-back")


@require_POST
@for_people
def take_back(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Take the publication of a round back."""
    told = _("The round is no longer published. You can change everything in it.")
    return _do(request, pk, round_id, rounds.take_back_round, told)


@require_POST
@for_people
def judge(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Begin to judge."""
    told = _("Judging has started. Jurors are asked to declare their conflicts of interest first.")
    return _do(request, pk, round_id, rounds.begin_judging, told)


@require_POST
@for_people
def discuss(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Go on to discussing."""
    told = _("The jury discussion has started. Jurors can see each other’s scores.")
    return _with_reason(request, pk, round_id, rounds.begin_discussing, told)


@require_POST
@for_people
def resume(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Go back to judging."""
    told = _("The round is being judged again.")
    return _with_reason(request, pk, round_id, rounds.resume_judging, told)


def _with_reason(
    request: Request, pk: int, round_id: int, deed: Callable[..., Round], told: str
) -> HttpResponse:
    enter_round(request, pk, round_id, to_steer=True)
    form = WhyForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(deed, partnership_id=pk, round_id=round_id, version=_seen(request)),
        done=told,
        to=reverse("labels:round", args=[pk, round_id]),
    )
    if saved:
        return saved
    frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, form=form, status=422)
