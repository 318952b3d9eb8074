"""The tab "Selection": the proposed choice, the cost of quotas, and the decision."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.directory.countries import country_name
from proxeny.kernel.actions import submit_form
from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import read_selection
from proxeny.labels.forms.selection import DecideForm, read_wish
from proxeny.labels.models import Decision, Result, Round
from proxeny.labels.operations.deciding import decide_round, is_as_proposed, wish_of
from proxeny.labels.operations.selecting import (
    Proposal,
    Wish,
    clashes,
    read_proposal,
    refuse_conflicted,
)
from proxeny.labels.queries.decisions import decisions_of, titles_of
from proxeny.labels.rules import RESULT_TONES
from proxeny.labels.selection_explanations import (
    draft_minutes,
    name_some,
    tell_cost_of_all,
    tell_decision,
    tell_quotas,
    tell_ranking,
    tell_reasons,
)
from proxeny.labels.views.confirming import Pending, find_pending, tell_proposed
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab

Standing, State = Result.Standing, Round.State


@require_GET
@for_people
def show(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the proposed choice, or the decision."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, read_wish(request.GET))


def _show(
    request: Request,
    frame: RoundFrame,
    wish: Wish,
    *,
    form: DecideForm | None = None,
    status: int = 200,
) -> HttpResponse:
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
            pending = _pending(request, frame)
            context |= _told(request, proposal) | pending
            if frame.may_steer and _can_decide(proposal):
                context["form"] = form or _form(request, proposal, pending.get("pending"))
    except NotAllowed as error:
        context["conflict"] = str(error)
    return show_round_tab(
        request, frame, "selection", "selection/selection", context, status=status
    )


def _pending(request: Request, frame: RoundFrame) -> dict[str, Any]:
    """Return the unconfirmed proposal that waits for the other clusters."""
    pending = find_pending(request, frame, Decision.Kind.ROUND)
    if pending is None:
        return {}
    held, decision = frame.round, pending.decision
    wish = wish_of(read_selection(decision.content))
    proposal = read_proposal(actor=request.reader, held=held, wish=wish)
    is_void = not is_as_proposed(proposal, decision)
    told = tell_decision(decision, held, titles_of(held))
    return {"pending": replace(pending, is_void=is_void), "told": told}


def _told(request: Request, proposal: Proposal) -> dict[str, Any]:
    rows = tell_ranking(proposal)
    for row in rows:
        row["tone"] = RESULT_TONES.get(row["code"], "warn")
    return {
        "proposal": proposal,
        "rows": rows,
        "quotas": tell_quotas(proposal),
        "cost_of_all": tell_cost_of_all(proposal),
        "reasons": tell_reasons(proposal),
        "wish": proposal.wish,
        "ties": [
            {
                "numbers": equal,
                "names": name_some(proposal, equal),
                "options": [(one, proposal.title(one)) for one in equal],
            }
            for equal in proposal.ties
        ],
        "missing": name_some(proposal, (one.number for one in proposal.missing)),
        "clashes": bool(proposal.wish.without) and clashes(proposal),
        "csv_url": address_with(request, export="csv"),
        "xlsx_url": address_with(request, export="xlsx"),
    }


def _can_decide(proposal: Proposal) -> bool:
    """Whether what is shown can be decided: a comparison without a quota cannot."""
    ready = proposal.selection is not None and not proposal.missing
    there = bool(proposal.ranked or proposal.ineligible)
    return ready and there and (not proposal.wish.without or clashes(proposal))


def _form(request: Request, proposal: Proposal, pending: Pending | None) -> DecideForm:
    """Return the form of a decision, with the participants of a pending proposal."""
    here = timezone.now().astimezone(load_zone(proposal.round.zone))
    before = {"present": pending.decision.present} if pending else {}
    return DecideForm(
        None,
        asks_why=bool(proposal.wish.prefer or proposal.wish.without),
        today=here.date(),
        minutes=draft_minutes(proposal),
        seen=proposal.fingerprint,
        **before,
    )


def _export(request: Request, proposal: Proposal) -> HttpResponse:
    header = [
        _("Rank"),
        _("Number"),
        _("Project"),
        _("Applicant"),
        _("Country of origin"),
        _("Total, in percent"),
        _("Level"),
        _("Standing"),
        _("Below threshold"),
    ]
    rows = [
        [
            row["rank"],
            row["number"],
            row["title"],
            row["name"],
            country_name(row["country"]),
            row["figure"],
            row["level"],
            row["standing"],
            row["missed"],
        ]
        for row in tell_ranking(proposal)
    ]
    name = file_name("selection", proposal.round.title)
    return answer_table(name, form=request.GET["export"], header=header, rows=rows)


@require_POST
@for_people
def decide(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Propose the decision on the round as it was shown."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    wish = read_wish(request.POST)
    asks_why = bool(wish.prefer or wish.without)
    form = DecideForm(request.POST, asks_why=asks_why, today=timezone.localdate())
    done = _(
        "Decided. All scores are frozen. No one has been informed yet: read the letters first."
    )
    saved = submit_form(
        request,
        form,
        partial(decide_round, partnership_id=pk, round_id=round_id, wish=wish),
        values=lambda: {"seen": form.cleaned_data["seen"], "meeting": form.to_meeting()},
        done=lambda made: tell_proposed(request, made, done),
        to=lambda made: reverse(
            "labels:selection" if made.waits else "labels:results", args=[pk, round_id]
        ),
        seen=lambda: _mark(request, pk, round_id, wish, form),
    )
    if saved:
        return saved
    frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, wish, form=form, status=422)


def _mark(request: Request, pk: int, round_id: int, wish: Wish, form: DecideForm) -> object:
    """Return the mark of the current proposal, so that a new reading of it can be decided."""
    held = enter_round(request, pk, round_id, to_steer=True).round
    if held.state != State.DISCUSSING:
        return form.data.get("seen", "")
    return read_proposal(actor=request.reader, held=held, wish=wish).fingerprint
