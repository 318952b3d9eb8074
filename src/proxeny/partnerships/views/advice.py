"""Recommendations: the one register, and each with what it rests on and what became of it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of, show_refusal
from proxeny.partnerships import advice_queries as reads
from proxeny.partnerships import rules
from proxeny.partnerships.advice_forms import AdviceFilter, DecideForm, EvidenceForm, StepForm
from proxeny.partnerships.evidence import find_home, find_origin, find_ways
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action, Recommendation
from proxeny.partnerships.operations import advice as deeds
from proxeny.partnerships.plan_queries import tasks_for
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.room_queries import get_record, list_put_away
from proxeny.partnerships.sides import say_saved
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page, telling_refusal

State = Recommendation.State
_OVER = (State.ADOPTED, State.REFUSED, State.DROPPED)


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the register: open decisions first, and the outcomes of last year's."""
    frame = enter_frame(request, pk)
    form = AdviceFilter(request.GET, parties=frame.parties)
    wanted = form.wanted()
    found = reads.find_advice(frame.partnership, wanted)
    if (file := reads.ADVICE.export(request, found)) is not None:
        return file
    page = page_of(reads.ADVICE.fit(found, request), request)
    answers = reads.answers_of(frame.partnership)
    rows = [tell_row(request, frame, one, answers.get(one.pk)) for one in page]
    is_filtered = wanted != reads.Wanted()
    context = {
        "filter": form,
        "is_filtered": is_filtered,
        **reads.ADVICE.tools(request),
        "waiting": [one for one in rows if one["advice"].state == State.PROPOSED],
        "others": [one for one in rows if one["advice"].state != State.PROPOSED],
        "total": page.paginator.count,
        "year_ago": None
        if is_filtered
        else reads.look_back(frame.partnership, today=timezone.localdate()),
        # Those of an assessment are restored where they were archived.
        "put_away": [
            one
            for one in list_put_away(("recommendation",), pk)
            if not find_home(cast("Recommendation", one.record))
        ],
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "advice", context)


def tell_row(
    request: Request, frame: Frame, one: Recommendation, text: SignedText | None = None
) -> dict[str, Any]:
    """Return a recommendation with its colour, missing answers, and the reader's own answer.

    `text` is the text that parties have accepted, where all are to act.
    """
    waits = one.state == State.PROPOSED and frame.partnership.state == "active"
    asked = rules.acting_parties(one, frame.parties)
    open_ = text if waits and text and not text.agreement.closed_at else None
    unanswered = [party for party in asked if not (open_ and open_.has_signed(party))]
    return {
        "advice": one,
        "text": text if text and (open_ or text.agreement.completed_at) else None,
        "unanswered": unanswered if waits else [],
        "may_decide": waits and rules.can_decide_for(request.reader, unanswered),
        "may_withdraw": open_ is not None
        and rules.can_decide_for(request.reader, [p for p in asked if p not in unanswered]),
        **reads.tone_of(one),
    }


@require_GET
@for_people
def show_one(request: Request, pk: int, record_id: int) -> HttpResponse:
    """Show a recommendation with its evidence, its way, its actions, and what can be done now."""
    frame = enter_frame(request, pk)
    return _show_one(request, frame, get_record(KINDS["recommendation"], pk, record_id))


def _show_one(
    request: Request,
    frame: Frame,
    advice: Recommendation,
    *,
    step: StepForm | None = None,
    evidence_form: EvidenceForm | None = None,
    lost: str = "",
    status: int = 200,
) -> HttpResponse:
    pieces = reads.list_evidence(advice)
    home = find_home(advice)
    told = tell_row(request, frame, advice, reads.answers_of(frame.partnership).get(advice.pk))
    steps = _steps(frame, advice, may_decide=told["may_decide"])
    if step is not None:
        steps[step.name] = step
    is_live = advice.dropped_at is None
    context = {
        **frame.context("advice"),
        **told,
        "way": reads.tell_way(advice),
        "pieces": reads.tell_evidence(request.reader, pieces),
        "home": home,
        **_origin(advice),
        "ways": () if home else tuple(find_ways(advice)),
        "steps": steps if is_live else {},
        "is_open": is_live and advice.state not in _OVER,
        "missing": _missing(advice, pieces),
        "decides": rules.acting_parties(advice, frame.parties),
        "tasks": tasks_for(
            frame.partnership.pk,
            Action.Origin.RECOMMENDATION,
            today=timezone.localdate(),
            origin_id=advice.pk,
        ).get(advice.pk, []),
        "may_edit": frame.may_keep and is_live and advice.state in (State.DRAFT, State.PROPOSED),
        "may_prove": frame.may_keep
        and is_live
        and advice.state not in (State.REFUSED, State.DROPPED),
        "evidence_form": evidence_form or EvidenceForm(),
        "lost": lost,
    }
    return render(request, "partnerships/room/recommendation.html", context, status=status)


def _origin(advice: Recommendation) -> dict[str, Any]:
    """Return what it comes from, where the room's register keeps what comes from there."""
    origin = find_origin(advice)
    if origin is None:
        return {}
    return {"origin": origin.tell(advice), "origin_list_url": origin.list_url(advice)}


def _steps(frame: Frame, advice: Recommendation, *, may_decide: bool) -> dict[str, StepForm]:
    """Return the forms of the possible steps, by the resulting state."""
    if not frame.may_keep:
        return {}
    found = {
        after.value: StepForm(state=after, version=advice.version)
        for after, before in deeds.STEPS.items()
        if advice.state in before
        and after not in deeds.DECISIONS
        # A company reports progress on its own recommendations.
        and (after == State.PROPOSED or not rules.is_for_company(advice))
    }
    return {**found, "decide": DecideForm(version=advice.version)} if may_decide else found


def _missing(advice: Recommendation, pieces: list[Any]) -> list[str]:
    """Return what a draft lacks before it can be proposed."""
    found = [] if advice.addressee else [_("Choose who should act before you propose it.")]
    return found if pieces else [*found, _("Add evidence before you propose it.")]


@require_POST
@for_people
def take_step(request: Request, pk: int, record_id: int) -> HttpResponse:
    """Propose, decide, begin, adopt or drop; words that could not be kept are shown again."""
    frame = enter_frame(request, pk)
    advice = get_record(KINDS["recommendation"], pk, record_id)
    if not frame.may_keep:
        raise NotAllowed(_("Only the clusters’ teams can write here."))
    form = _posted(request, advice)
    if not form.is_valid():
        return _show_one(request, frame, advice, step=form, status=422)
    try:
        taken = deeds.take_step(
            actor=request.reader,
            partnership_id=pk,
            record_id=record_id,
            now=timezone.localtime(),
            **form.to_step(),
        )
    except InvalidInput as error:
        show_refusal(form, error)
        return _show_one(request, frame, advice, step=form, status=422)
    except Conflict as error:
        messages.warning(request, str(error))
        return _show_one(
            request,
            frame,
            get_record(KINDS["recommendation"], pk, record_id),
            lost=form.cleaned_data["reason"],
            status=409,
        )
    if taken.state == State.PROPOSED and advice.state == State.PROPOSED:
        messages.success(request, _("Accepted for your side. The others still have to answer."))
    else:
        messages.success(
            request,
            _("State: %(state)s. All sides can see it.") % {"state": taken.get_state_display()},
        )
    return redirect("partnerships:recommendation", pk, record_id)


def _posted(request: Request, advice: Recommendation) -> StepForm:
    state = request.POST.get("state", "")
    if state in deeds.DECISIONS or advice.state == State.PROPOSED:
        return DecideForm(request.POST, version=advice.version)
    known = state if state in State.values else State.PROPOSED
    return StepForm(request.POST, state=known, version=advice.version)


@require_POST
@for_people
def add_evidence(request: Request, pk: int, record_id: int) -> HttpResponse:
    """Say what a recommendation rests on."""
    frame = enter_frame(request, pk)
    advice = get_record(KINDS["recommendation"], pk, record_id)
    form = EvidenceForm(request.POST)
    if form.is_valid() and _adds(request, pk, record_id, form):
        messages.success(request, say_saved(pk))
        return redirect("partnerships:recommendation", pk, record_id)
    return _show_one(request, frame, advice, evidence_form=form, status=422)


def _adds(request: Request, pk: int, record_id: int, form: forms.Form) -> bool:
    try:
        deeds.add_evidence(
            actor=request.reader,
            partnership_id=pk,
            record_id=record_id,
            now=timezone.localtime(),
            **form.cleaned_data,
        )
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
        return False
    return True


@require_POST
@for_people
def remove_evidence(request: Request, pk: int, evidence_id: int) -> HttpResponse:
    """Take a piece of evidence away from a draft."""
    with telling_refusal(request):
        advice = deeds.remove_evidence(
            actor=request.reader, partnership_id=pk, evidence_id=evidence_id
        )
        messages.success(request, _("Removed."))
        return redirect("partnerships:recommendation", pk, advice.pk)
    return redirect("partnerships:advice", pk)
