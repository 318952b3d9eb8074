"""Jurors talk an application over: all scores side by side, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.labels.content import IndicatorOutcome
from proxeny.labels.forms.discussing import RemarkForm
from proxeny.labels.operations.discussing import Cell, Discussion, read_discussion, remark_as_juror
from proxeny.labels.queries.scoring import Reading
from proxeny.labels.rules import State, can_score
from proxeny.labels.shown import ShownCriterion, ShownIndicator, ShownScheme, show_scheme
from proxeny.labels.telling_scores import tell_half


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What one juror gave: points in words, empty where there are none yet."""

    cell: Cell
    points: str

    @property
    def comment(self) -> str:
        """Why."""
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
        one, [ShownCell(cell, _points(cell)) for cell in talk.cells[one.key]],
        "" if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high},
        tell_half(found.points) if found else "",
        found.passes if found and found.points is not None else None,
    )  # fmt: skip


def _points(cell: Cell) -> str:
    if cell.score is None:
        return ""
    return _("cannot judge") if cell.score.points is None else tell_half(cell.score.points)


@require_http_methods(["GET", "POST"])
@for_people
def show(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Show to a juror how all have scored, without names, and what was said; say something."""
    try:
        reading, talk = read_discussion(request.reader, assignment_id)
    except Conflict as error:
        messages.info(request, str(error))
        return redirect("labels:score", assignment_id)
    if request.method == "GET":
        return _show(request, reading, talk, RemarkForm(text=reading.text))
    form = RemarkForm(request.POST, text=reading.text)
    if form.is_valid():
        try:
            remark_as_juror(
                actor=request.reader, assignment_id=assignment_id, now=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Said. The other jurors and the clusters read it."))
            return redirect("labels:discuss", assignment_id)
    return _show(request, reading, talk, form, status=422)


def _show(
    request: HttpRequest, reading: Reading, talk: Discussion, form: RemarkForm, *, status: int = 200
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
