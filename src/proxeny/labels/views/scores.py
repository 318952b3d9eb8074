"""The scores of a round, as the managers of the clusters read them: all, one application, a file."""

from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people
from proxeny.labels.forms.discussing import RemarkForm
from proxeny.labels.operations.discussing import read_talk, remark_as_manager
from proxeny.labels.operations.juror_presenters import (
    file_name,
    name_of,
    score_table,
    tell_ends,
    tell_figure,
    tell_jurors,
    tell_progress,
    tell_spreads,
)
from proxeny.labels.operations.standing import (
    Judged,
    RoundStanding,
    measure_judging,
    read_round_standing,
)
from proxeny.labels.scheme_presenters import show_scheme
from proxeny.labels.views.discussion import points_rows
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """One juror's progress with one application."""

    name: str
    cluster: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One application in the matrix."""

    judged: Judged
    cells: list[ScoreCell]
    total: str
    ends: str
    missing: int


@require_GET
@for_people
def show(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the applications with their jurors, and how the jurors judge; or give a file of all."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    if frame.round.scheme_version is None:
        return show_round_tab(request, frame, "scores", "scoring/scores", {"rows": []})
    standing = read_round_standing(frame.round)
    if request.GET.get("export"):
        header, rows = score_table(standing)
        return answer_table(
            file_name(standing), form=request.GET["export"], header=header, rows=rows
        )
    judging = measure_judging(standing)
    context = {
        "rows": [_row(one, standing) for one in standing.rows],
        "jurors": tell_jurors(standing, judging),
        "spreads": tell_spreads(standing, judging),
        "least": tell_figure(standing.text.total_least),
        "csv_url": address_with(request, export="csv"),
        "xlsx_url": address_with(request, export="xlsx"),
    }
    return show_round_tab(request, frame, "scores", "scoring/scores", context)


def _row(one: Judged, standing: RoundStanding) -> ScoreRow:
    return ScoreRow(
        one,
        [
            ScoreCell(
                name_of(given),
                given.juror.party.organisation.name,
                given.state,
                tell_progress(one, given, standing),
            )
            for given in one.assignments
        ],
        "" if one.outcome.total is None else tell_figure(one.outcome.total),
        tell_ends(one, standing),
        len(one.missing),
    )


@require_http_methods(["GET", "POST"])
@for_people
def show_one(request: Request, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Show one application with all its scores, and what is said of it; say something."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    standing = read_round_standing(frame.round)
    judged = standing.of(application_id)
    if judged is None:
        raise NotFound(_("We couldn’t find this application."))
    if request.method == "GET":
        return _show_one(request, frame, standing, judged, RemarkForm(text=standing.text))
    form = RemarkForm(request.POST, text=standing.text)
    saved = submit_form(
        request,
        form,
        partial(
            remark_as_manager, partnership_id=pk, round_id=round_id, application_id=application_id
        ),
        done=_("Remark added. The jurors can read it too."),
        to=reverse("labels:scores-one", args=[pk, round_id, application_id]),
    )
    return saved or _show_one(request, frame, standing, judged, form, status=422)


def _show_one(
    request: Request,
    frame: RoundFrame,
    standing: RoundStanding,
    judged: Judged,
    form: RemarkForm,
    *,
    status: int = 200,
) -> HttpResponse:
    talk = read_talk(request.reader, frame.round, judged.application.pk)
    outcome = {one.key: one for one in judged.outcome.indicators}
    context = {
        "judged": judged,
        "row": _row(judged, standing),
        "talk": talk,
        "criteria": points_rows(show_scheme(standing.text), talk, outcome),
        "form": form,
        "may_remark": frame.may_steer and frame.round.state == "discussing",
        "comments": [one for one in talk.seats if one.assignment.comment],
    }
    return show_round_tab(request, frame, "scores", "scoring/one", context, status=status)
