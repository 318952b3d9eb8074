"""The tab "Selection": who would be chosen, what quotas cost, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.directory.countries import country_name
from proxeny.kernel.answers import address_with, for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.zones import load_zone
from proxeny.labels.forms.selection import DecideForm, read_wish
from proxeny.labels.models import Result, Round
from proxeny.labels.operations.deciding import decide_round
from proxeny.labels.operations.selecting import (
    Proposal,
    Wish,
    clashes,
    read_proposal,
    refuse_conflicted,
)
from proxeny.labels.queries.decisions import decisions_of, titles_of
from proxeny.labels.rules import RESULT_TONES
from proxeny.labels.telling_selection import (
    draft_minutes,
    name_some,
    tell_cost_of_all,
    tell_decision,
    tell_quotas,
    tell_ranking,
    tell_reasons,
)
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab

Standing, State = Result.Standing, Round.State


@require_GET
@for_people
def show(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show who would be chosen, or what was decided."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, read_wish(request.GET))


def _show(
    request: HttpRequest, frame: RoundFrame, wish: Wish, *, form: DecideForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    held = frame.round
    context: dict[str, Any] = {}
    try:
        if held.state == State.DECIDED:
            refuse_conflicted(request.reader, held)
            titles = titles_of(held)
            context["decisions"] = [tell_decision(one, held, titles) for one in decisions_of(held)]
        elif held.state == State.DISCUSSING:
            proposal = read_proposal(actor=request.reader, held=held, wish=wish)
            if request.GET.get("export"):
                return _export(request, proposal)
            context |= _told(request, proposal)
            if frame.may_steer and _can_decide(proposal):
                context["form"] = form or _form(request, proposal)
    except NotAllowed as error:
        context["conflict"] = str(error)
    return show_round_tab(
        request, frame, "selection", "selection/selection", context, status=status
    )


def _told(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    rows = tell_ranking(proposal)
    for row in rows:
        row["tone"] = RESULT_TONES.get(row["code"], "warn")
    return {
        "proposal": proposal, "rows": rows, "quotas": tell_quotas(proposal),
        "cost_of_all": tell_cost_of_all(proposal), "reasons": tell_reasons(proposal),
        "wish": proposal.wish,
        "ties": [
            {"numbers": equal, "names": name_some(proposal, equal),
             "options": [(one, proposal.title(one)) for one in equal]}
            for equal in proposal.ties
        ],
        "missing": name_some(proposal, (one.number for one in proposal.missing)),
        "clashes": bool(proposal.wish.without) and clashes(proposal),
        "csv_url": address_with(request, export="csv"),
        "xlsx_url": address_with(request, export="xlsx"),
    }  # fmt: skip


def _can_decide(proposal: Proposal) -> bool:
    """Whether what is shown can be decided: a comparison without a quota cannot."""
    ready = proposal.selection is not None and not proposal.missing
    there = bool(proposal.ranked or proposal.ineligible)
    return ready and there and (not proposal.wish.without or clashes(proposal))


def _form(request: HttpRequest, proposal: Proposal, data: Any = None) -> DecideForm:
    here = timezone.now().astimezone(load_zone(proposal.round.zone))
    return DecideForm(
        data, asks_why=bool(proposal.wish.prefer or proposal.wish.without), today=here.date(),
        minutes=draft_minutes(proposal), seen=proposal.fingerprint,
    )  # fmt: skip


def _export(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    header = [
        _("Rank"), _("Number"), _("Project"), _("Applicant"), _("Country of origin"),
        _("Total, in percent"), _("Level"), _("Standing"), _("Below their threshold"),
    ]  # fmt: skip
    rows = [
        [
            row["rank"], row["number"], row["title"], row["name"], country_name(row["country"]),
            row["figure"], row["level"], row["standing"], row["missed"],
        ]
        for row in tell_ranking(proposal)
    ]  # fmt: skip
    name = f"selection-{slugify(proposal.round.title)}".rstrip("-")
    return answer_table(name, form=request.GET["export"], header=header, rows=rows)


@require_POST
@for_people
def decide(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Decide the round as it was shown."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    wish = read_wish(request.POST)
    asks_why = bool(wish.prefer or wish.without)
    form = DecideForm(request.POST, asks_why=asks_why, today=timezone.localdate())
    if form.is_valid():
        try:
            decide_round(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                seen=form.cleaned_data["seen"], wish=wish,
                meeting=form.to_meeting(), now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
            frame = enter_round(request, pk, round_id, to_steer=True)
            form = _again(request, frame, wish, form)
        else:
            messages.success(
                request,
                _("Decided. All scores are frozen. Nobody is told yet: read the letters first."),
            )
            return redirect("labels:results", pk, round_id)
    return _show(request, frame, wish, form=form, status=422)


def _again(request: HttpRequest, frame: RoundFrame, wish: Wish, form: DecideForm) -> DecideForm:
    """Return the form with what is shown now, so that what was read anew can be decided."""
    if frame.round.state == State.DISCUSSING:
        proposal = read_proposal(actor=request.reader, held=frame.round, wish=wish)
        form.data = form.data.copy()
        form.data["seen"] = proposal.fingerprint
    return form
