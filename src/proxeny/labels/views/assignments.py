"""Who reads what in a round: the best assignment shown first, and single ones by hand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.answers import PAGE_SIZE, for_people, page_links, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.labels.forms.jury import GiveForm
from proxeny.labels.models import Assignment, Round, Submission
from proxeny.labels.operations import assigning
from proxeny.labels.operations.jury_mails import name_of
from proxeny.labels.queries.jury import Seated, list_given, list_jurors, list_submitted
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.telling_jury import tell_reason
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab
from proxeny.partnerships.views.frame import telling_refusal, to_number


@require_GET
@for_people
def show(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show who reads what; with `propose` in the address, what would complete it best."""
    return _show(request, enter_round(request, pk, round_id, to_steer=True))


def _show(
    request: HttpRequest, frame: RoundFrame, *, form: GiveForm | None = None, status: int = 200
) -> HttpResponse:
    held = frame.round
    submissions, seated, given = list_submitted(held), list_jurors(held), list_given(held)
    is_judging = frame.may_steer and held.state == Round.State.JUDGING
    proposal = None
    if is_judging and "propose" in request.GET:
        proposal = assigning.show_proposal(
            actor=request.reader, partnership_id=held.partnership_id, round_id=held.pk,
            now=timezone.localtime(),
        )  # fmt: skip
    per = text_of_round(held).per if held.scheme_version else 1
    reading = Counter(
        one.application_id for one in given if one.state != Assignment.State.ABSTAINED
    )
    page = Paginator(submissions, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "rows": _rows(list(page), seated, given, proposal),
        "per": per,
        "lacking": sum(reading[one.application_id] < per for one in submissions),
        **page_links(request, page.number, has_next=page.has_next()),
        "is_judging": is_judging,
        "proposal": proposal,
        "reasons": [tell_reason(one, proposal.board) for one in proposal.reasons]
        if proposal
        else [],
        "loads": _loads(seated, proposal) if proposal and not proposal.reasons else [],
        "ready": sum(assigning.is_ready(one.juror) for one in seated),
        "give_form": (form or _give_form(None, submissions, seated)) if is_judging else None,
    }
    return show_round_tab(request, frame, "jury", "jury/reading", context, status=status)


def _rows(
    submissions: Sequence[Submission], seated: list[Seated], given: list[Assignment],
    proposal: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return each application that the reader sees with who reads it, and who would."""
    jurors = {one.juror.pk: one.juror for one in seated}
    reading: dict[int, list[Assignment]] = defaultdict(list)
    for one in given:
        reading[one.application_id].append(one)
    new: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for application, juror in proposal.new if proposal else ():
        fit = proposal.fits[application, juror]
        new[application].append(
            {"juror": jurors[juror], "name": name_of(jurors[juror]), "fit": fit}
        )
    return [
        {
            "submission": one, "application": one.application,
            "reading": [_reader(each, jurors) for each in reading[one.application_id]],
            "new": new[one.application_id],
        }
        for one in submissions
    ]  # fmt: skip


def _reader(one: Assignment, jurors: Any) -> dict[str, Any]:
    juror = jurors[one.juror_id]
    tones = {"open": "", "done": "ok", "abstained": "warn"}
    return {"given": one, "juror": juror, "name": name_of(juror), "tone": tones[one.state]}


def _loads(seated: list[Seated], proposal: Any) -> list[dict[str, Any]]:
    """Return how much each juror would read, by side and name."""
    most = max(proposal.loads.values(), default=1) or 1
    return [
        {
            "juror": one.juror, "name": name_of(one.juror),
            "load": proposal.loads.get(one.juror.pk, 0), "most": most,
        }
        for one in seated
        if one.juror.pk in proposal.loads
    ]  # fmt: skip


def _give_form(data: Any, submissions: list[Submission], seated: list[Seated]) -> GiveForm:
    return GiveForm(
        data,
        jurors=[
            (one.juror.pk, f"{name_of(one.juror)} · {one.juror.party.organisation.name}")
            for one in seated
            if assigning.is_ready(one.juror)
        ],
        applications=[
            (one.application_id, f"{one.number} · {one.application.title}") for one in submissions
        ],
    )


@require_POST
@for_people
def take(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Assign as it was shown."""
    enter_round(request, pk, round_id, to_steer=True)
    with telling_refusal(request):
        made = assigning.take_proposal(
            actor=request.reader, partnership_id=pk, round_id=round_id,
            seen=to_number(request.POST.get("seen", "")), now=timezone.localtime(),
        )  # fmt: skip
        told = ngettext(
            "%(count)d review is assigned. The jurors are told by mail.",
            "%(count)d reviews are assigned. The jurors are told by mail.", len(made.new),
        ) % {"count": len(made.new)}  # fmt: skip
        messages.success(request, told)
    return redirect("labels:reading", pk, round_id)


@require_POST
@for_people
def add(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Give one application to one juror."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = _give_form(request.POST, list_submitted(frame.round), list_jurors(frame.round))
    if form.is_valid():
        try:
            assigning.add_assignment(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                now=timezone.localtime(), **form.cleaned_data,
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is assigned. The juror is told by mail."))
            return redirect("labels:reading", pk, round_id)
    return _show(request, frame, form=form, status=422)


@require_POST
@for_people
def remove(request: HttpRequest, pk: int, round_id: int, assignment_id: int) -> HttpResponse:
    """Take one application from one juror."""
    enter_round(request, pk, round_id, to_steer=True)
    with telling_refusal(request):
        assigning.remove_assignment(
            actor=request.reader, partnership_id=pk, round_id=round_id,
            assignment_id=assignment_id, why=request.POST.get("why", ""),
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("It is taken from this juror. Its place is free."))
    return redirect("labels:reading", pk, round_id)
