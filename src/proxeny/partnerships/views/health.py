"""Health: asking the teams, answering alone, and reading all answers side by side."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import health
from proxeny.partnerships import health_queries as reads
from proxeny.partnerships.advice_queries import count_of_review
from proxeny.partnerships.factors import FACTORS
from proxeny.partnerships.health_chart import TICKS
from proxeny.partnerships.health_forms import AnswersForm, OpenForm, ask
from proxeny.partnerships.models import HealthReview, Party
from proxeny.partnerships.operations import reviews
from proxeny.partnerships.operations.health import gather_signals
from proxeny.partnerships.room_queries import get_review
from proxeny.partnerships.sides import others_in
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page, telling_refusal

#: Proposed for answering.
DAYS = timedelta(days=14)


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the open review, what was measured, what the last review said, and how it went."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: Request, frame: Frame, *, form: OpenForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    found = health.list_reviews(frame.partnership)
    shown = [one for one in found if one.shown_at]
    readings = health.read_reviews(shown, frame.parties) if shown else []
    last = readings[0] if readings else None
    context = {
        "open": _open(frame, next((one for one in found if not one.shown_at), None)),
        "form": form or OpenForm(initial={"due_on": today + DAYS}),
        "signals": gather_signals(frame.partnership, frame.parties, today=today),
        "shown": shown,
        "last": last,
        "verdicts": reads.count_verdicts(last) if last else [],
        "first": _first(last, frame) if last else [],
        "ticks": TICKS,
        "trends": reads.draw_trends(readings[::-1], frame.parties) if len(readings) > 1 else [],
    }
    return show_page(request, frame, "health", context, status=status)


def _first(last: health.Reading, frame: Frame) -> list[reads.FactorRow]:
    groups = reads.group_factors(last, None, frame.parties, [])
    return [row for group in groups if group.verdict in ("apart", "concern") for row in group.rows][
        :3
    ]


def _open(frame: Frame, review: HealthReview | None) -> dict[str, Any] | None:
    """The open review: how many of each side have answered, and how far the reader is."""
    if review is None:
        return None
    counted = reviews.count_answers(review)
    joined = [one for one in frame.parties if one.state == Party.State.JOINED]
    sides: list[dict[str, Any]] = [
        {"party": one, "counted": counted.get(one.pk, reviews.Counted())} for one in joined
    ]
    return {
        "review": review,
        "sides": sides,
        "waits_for": [one["party"] for one in sides if not one["counted"].begun],
        "answered": len(health.own_answers(review)),
        "all": len(FACTORS),
        "is_late": review.due_on < timezone.localdate(),
    }


@require_POST
@for_people
def open_review(request: Request, pk: int) -> HttpResponse:
    """Ask the teams of all sides; the page of health has the form."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            reviews.open_review(
                actor=request.reader,
                partnership_id=pk,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                ngettext(
                    "Both teams have been asked. Answer it yourself, too.",
                    "All teams have been asked. Answer it yourself, too.",
                    others_in(pk),
                ),
            )
            return redirect("partnerships:health", pk)
    return _show(request, frame, form=form, status=422)


@require_http_methods(["GET", "POST"])
@for_people
def answer(request: Request, pk: int, review_id: int) -> HttpResponse:
    """Answer alone; each change is saved at once, and the button leads back."""
    frame = enter_frame(request, pk)
    review = get_review(pk, review_id)
    if not frame.may_keep:
        raise NotAllowed(_("Only the cluster teams can answer."))
    if review.shown_at:
        return redirect("partnerships:review", pk, review_id)
    if request.method == "POST":
        return _keep(request, frame, review)
    return _show_questions(request, frame, review, health.own_answers(review))


def _keep(request: Request, frame: Frame, review: HealthReview) -> HttpResponse:
    pk = frame.partnership.pk
    form = AnswersForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Something didn’t arrive as it was sent. Answer again."))
        return redirect("partnerships:review-answer", pk, review.pk)
    answers = form.to_answers()
    try:
        reviews.answer_review(
            actor=request.reader,
            partnership_id=pk,
            review_id=review.pk,
            answers=answers,
            now=timezone.localtime(),
        )
    except Conflict as error:
        messages.warning(request, str(error))
        url = reverse("partnerships:review", args=[pk, review.pk])
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    if request.htmx:
        context = {"answered": len(answers), "all": len(FACTORS), "is_saved": True}
        return render(request, "partnerships/room/answer.html#progress", context)
    if len(answers) < len(FACTORS):
        text = ngettext(
            "Your answers are saved. %(count)d question is open; you can come back to it.",
            "Your answers are saved. %(count)d questions are open; you can come back to them.",
            len(FACTORS) - len(answers),
        ) % {"count": len(FACTORS) - len(answers)}
    else:
        text = _("Your answers are saved. You can change them until all are shown.")
    messages.success(request, text)
    return redirect("partnerships:health", pk)


def _show_questions(
    request: Request, frame: Frame, review: HealthReview, answers: Any
) -> HttpResponse:
    context = {
        **frame.context("health"),
        "review": review,
        "groups": ask(answers),
        "answered": len(answers),
        "all": len(FACTORS),
    }
    return render(request, "partnerships/room/answer.html", context)


@require_GET
@for_people
def show_review(request: Request, pk: int, review_id: int) -> HttpResponse:
    """Show all answers side by side, what lies apart first; before, there is nothing to see."""
    frame = enter_frame(request, pk)
    review = get_review(pk, review_id)
    if review.shown_at is None:
        return redirect("partnerships:health", pk)
    shown = [one for one in health.list_reviews(frame.partnership) if one.shown_at]
    at = next(at for at, one in enumerate(shown) if one.pk == review.pk)
    readings = health.read_reviews(shown[at : at + 2], frame.parties)
    today = timezone.localdate()
    signals = gather_signals(frame.partnership, frame.parties, today=today) if at == 0 else []
    before = readings[1] if len(readings) > 1 else None
    context = {
        **frame.context("health"),
        "review": review,
        "before": before.review if before else None,
        "groups": reads.group_factors(readings[0], before, frame.parties, signals),
        "verdicts": reads.count_verdicts(readings[0]),
        "ticks": TICKS,
        "advice_count": count_of_review(review),
        "older": shown[at + 1] if at + 1 < len(shown) else None,
        "newer": shown[at - 1] if at else None,
    }
    return render(request, "partnerships/room/review.html", context)


@require_POST
@for_people
def close_review(request: Request, pk: int, review_id: int) -> HttpResponse:
    """Show all answers to both sides, once both have answered."""
    with telling_refusal(request):
        reviews.show_review(
            actor=request.reader, partnership_id=pk, review_id=review_id, now=timezone.localtime()
        )
        messages.success(
            request,
            ngettext(
                "Both sides can now see all answers. Recommendations have been drafted from them.",
                "All sides can now see all answers. Recommendations have been drafted from them.",
                others_in(pk),
            ),
        )
        return redirect("partnerships:review", pk, review_id)
    return redirect("partnerships:health", pk)
