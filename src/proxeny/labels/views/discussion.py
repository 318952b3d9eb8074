"""Jurors talk an application over: all scores side by side, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import Conflict
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.content import IndicatorOutcome
from proxeny.labels.forms.discussing import RemarkForm
from proxeny.labels.operations.discussing import Cell, Discussion, read_discussion, remark_as_juror
from proxeny.labels.queries.scoring import Reading
from proxeny.labels.rules import State, can_score
from proxeny.labels.scheme_presenters import (
    ShownCriterion,
    ShownIndicator,
    ShownScheme,
    show_scheme,
)
from proxeny.labels.score_presenters import tell_half


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One juror's score: points in words, empty where there are none yet."""

    cell: Cell
    points: str

    @property
    def comment(self) -> str:
        """The comment on the score; empty if there is none."""
        return self.cell.score.comment if self.cell.score else ""


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One indicator with the points of all its jurors; `together` is what the scheme makes of them."""

    indicator: ShownIndicator
    cells: list[ShownCell]
    ends: str
    together: str
    passes: bool | None


def points_rows(
    scheme: ShownScheme, talk: Discussion, outcome: Mapping[str, IndicatorOutcome] | None = None
) -> list[tuple[ShownCriterion, list[PointsRow]]]:
    """Return the criteria with the points of all jurors for each of their indicators. No query."""
    return [
        (criterion, [_points_row(one, talk, outcome or {}) for one in criterion.indicators])
        for criterion in scheme.criteria
    ]


def _points_row(
    one: ShownIndicator, talk: Discussion, outcome: Mapping[str, IndicatorOutcome]
) -> PointsRow:
    ends, found = talk.ends(one.key), outcome.get(one.key)
    low, high = (tell_half(end) for end in ends) if ends else ("", "")
    return PointsRow(
        one,
        [ShownCell(cell, _points(cell)) for cell in talk.cells[one.key]],
        "" if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high},
        tell_half(found.points) if found else "",
        found.passes if found and found.points is not None else None,
    )


def _points(cell: Cell) -> str:
    if cell.score is None:
        return ""
    return _("can’t judge") if cell.score.points is None else tell_half(cell.score.points)


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, assignment_id: int) -> HttpResponse:
    """Show to a juror how all have scored, without names, and what was said; say something."""
    try:
        reading, talk = read_discussion(request.reader, assignment_id)
    except Conflict as error:
        messages.info(request, str(error))
        return redirect("labels:score", assignment_id)
    if request.method == "GET":
        return _show(request, reading, talk, RemarkForm(text=reading.text))
    form = RemarkForm(request.POST, text=reading.text)
    saved = submit_form(
        request,
        form,
        partial(remark_as_juror, assignment_id=assignment_id),
        done=_("Remark added. The other jurors and the clusters can read it."),
        to=reverse("labels:discuss", args=[assignment_id]),
    )
    return saved or _show(request, reading, talk, form, status=422)


def _show(
    request: Request, reading: Reading, talk: Discussion, form: RemarkForm, *, status: int = 200
) -> HttpResponse:
    is_open = reading.round.state == State.DISCUSSING
    context = {
        "reading": reading,
        "assignment": reading.assignment,
        "round": reading.round,
        "talk": talk,
        "criteria": points_rows(show_scheme(reading.text), talk),
        "comments": [one for one in talk.seats if one.assignment.comment],
        "form": form,
        "may_remark": is_open,
        "may_score": can_score(reading.assignment, reading.round),
    }
    return render(request, "labels/scoring/discuss.html", context, status=status)
