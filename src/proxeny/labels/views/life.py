"""The later life of a label's awards, for the clusters: check-ups, and figures."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of
from proxeny.labels.award_life_presenters import CHECKUP_NAMES, STILL, tell_figure_of
from proxeny.labels.forms.life import AskCheckupForm, FindCheckupsForm, ReviewForm
from proxeny.labels.models import Checkup
from proxeny.labels.operations import checkups as operations
from proxeny.labels.queries import life as queries
from proxeny.labels.queries.statistics import read_statistics
from proxeny.labels.statistics_chart import achieved_table, group_table, show_statistics_of
from proxeny.labels.views.frame import SchemeFrame, enter_scheme, show_scheme_tab


def enter_steered(request: Request, pk: int, scheme_id: int) -> SchemeFrame:
    """Return a label of a room for its managers; `NotAllowed` to all others."""
    frame = enter_scheme(request, pk, scheme_id)
    if not frame.room.may_steer:
        raise NotAllowed(_("Only cluster managers can see this page."))
    return frame


@require_GET
@for_people
def show_checkups(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show the check-ups and their answers."""
    return _show_checkups(request, enter_steered(request, pk, scheme_id))


def _show_checkups(
    request: Request,
    frame: SchemeFrame,
    *,
    form: AskCheckupForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.localtime()
    find = FindCheckupsForm(request.GET)
    asked = find.asked()
    found = queries.find_checkups(
        frame.scheme, state=asked.get("state", ""), q=asked.get("q", ""), today=now.date()
    )
    if request.method == "GET" and (file := queries.CHECKUPS.export(request, found)) is not None:
        return file
    page = page_of(queries.CHECKUPS.fit(found, request), request)
    awards = queries.awards_to_ask(frame.scheme, now) if frame.may_steer else []
    context = {
        "find": find,
        "rows": [row_of(one) for one in page],
        "is_narrowed": find.is_narrowed,
        "due": queries.due_awards(frame.scheme, now).count() if frame.may_steer else 0,
        "form": form or (AskCheckupForm(awards=awards) if awards else None),
        "is_asking": form is not None,
        "count": page.paginator.count,
        **queries.CHECKUPS.tools(request),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_scheme_tab(request, frame, "checkups", "life/checkups", context, status=status)


def row_of(one: Checkup) -> dict[str, Any]:
    """Return a page's row of a check-up."""
    label, tone = CHECKUP_NAMES[queries.checkup_state(one, timezone.localdate())]
    return {
        "one": one,
        "state": label,
        "tone": tone,
        "figure": tell_figure_of(one),
        "still": STILL[one.still_holds],
    }


@require_POST
@for_people
def ask_due(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Ask all holders whose check-up is due."""
    enter_steered(request, pk, scheme_id)
    return perform(
        request,
        partial(operations.ask_due_checkups, partnership_id=pk, scheme_id=scheme_id),
        done=lambda asked: (
            ngettext(
                "Review requested from %(count)d holder.",
                "Review requested from %(count)d holders.",
                len(asked),
            )
            % {"count": len(asked)}
        ),
        to=reverse("labels:checkups", args=[pk, scheme_id]),
    )


@require_POST
@for_people
def ask(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Ask the holder of one award."""
    frame = enter_steered(request, pk, scheme_id)
    now = timezone.localtime()
    form = AskCheckupForm(request.POST, awards=queries.awards_to_ask(frame.scheme, now))
    saved = submit_form(
        request,
        form,
        partial(operations.ask_checkup, partnership_id=pk, scheme_id=scheme_id),
        values=lambda: {
            "award_id": form.cleaned_data["award"],
            "due_on": form.cleaned_data["due_on"],
        },
        done=_("Review requested from the holder."),
        to=reverse("labels:checkups", args=[pk, scheme_id]),
    )
    return saved or _show_checkups(request, frame, form=form, status=422)


@require_http_methods(["GET", "POST"])
@for_people
def show_checkup(request: Request, pk: int, scheme_id: int, checkup_id: int) -> HttpResponse:
    """Show an answer, and mark it as reviewed."""
    frame = enter_steered(request, pk, scheme_id)
    one = queries.get_checkup(pk, checkup_id)
    if one.award.scheme_id != scheme_id:
        return redirect("labels:checkup", pk, one.award.scheme_id, checkup_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    saved = submit_form(
        request,
        form,
        partial(operations.review_checkup, partnership_id=pk, checkup_id=checkup_id),
        done=_("Saved."),
        to=reverse("labels:checkups", args=[pk, scheme_id]),
    )
    if saved:
        return saved
    status = 422 if form.is_bound else 200
    is_to_review = one.answered_at is not None and one.reviewed_at is None and frame.may_steer
    context = {"line": row_of(one), "one": one, "form": form if is_to_review else None}
    return show_scheme_tab(request, frame, "checkups", "life/checkup", context, status=status)


@require_GET
@for_people
def show_statistics(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show the figures of a label."""
    frame = enter_steered(request, pk, scheme_id)
    found = read_statistics(frame.scheme)
    context = {
        **show_statistics_of(found, frame.scheme),
        "csv_url": f"export/{address_with(request, form='csv')}",
        "xlsx_url": f"export/{address_with(request, form='xlsx')}",
    }
    return show_scheme_tab(request, frame, "statistics", "life/statistics", context)


@require_GET
@for_people
def export(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Give the figures as a file: of applications, or with `?table=achieved` the results of awards."""
    frame = enter_steered(request, pk, scheme_id)
    found = read_statistics(frame.scheme)
    is_achieved = request.GET.get("table") == "achieved"
    header, rows = achieved_table(found) if is_achieved else group_table(found, frame.scheme)
    name = "achieved" if is_achieved else "statistics"
    return answer_table(
        f"{name}-{frame.scheme.slug}", form=request.GET.get("form", ""), header=header, rows=rows
    )
