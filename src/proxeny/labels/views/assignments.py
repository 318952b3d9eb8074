"""Assignments in a round: the best proposal shown first, and single ones by hand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import PAGE_SIZE, for_people, page_links
from proxeny.labels.forms.jury import GiveForm
from proxeny.labels.jury_explanations import tell_reason
from proxeny.labels.models import Assignment, Round, Submission
from proxeny.labels.operations import assigning
from proxeny.labels.operations.jury_mails import name_of
from proxeny.labels.queries.jury import Seated, list_given, list_jurors, list_submitted
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab
from proxeny.partnerships.views.frame import to_number


@require_GET
@for_people
def show(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the assignments; with `propose` in the address, the best way to complete them."""
    return _show(request, enter_round(request, pk, round_id, to_steer=True))


def _show(
    request: Request, frame: RoundFrame, *, form: GiveForm | None = None, status: int = 200
) -> HttpResponse:
    held = frame.round
    submissions, seated, given = list_submitted(held), list_jurors(held), list_given(held)
    is_judging = frame.may_steer and held.state == Round.State.JUDGING
    proposal = None
    if is_judging and "propose" in request.GET:
        proposal = assigning.show_proposal(
            actor=request.reader,
            partnership_id=held.partnership_id,
            round_id=held.pk,
            now=timezone.localtime(),
        )
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
    submissions: Sequence[Submission],
    seated: list[Seated],
    given: list[Assignment],
    proposal: Any,
) -> list[dict[str, Any]]:
    """Return each application that the reader sees with its current and its proposed readers."""
    jurors = {one.juror.pk: one.juror for one in seated}
    reading: dict[int, list[Assignment]] = defaultdict(list)
    for one in given:
        reading[one.application_id].append(one)
    new: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for application, juror in proposal.new if proposal else ():
        fit, who = proposal.fits[application, juror], jurors[juror]
        is_own = proposal.board.origins.get(application) == who.party_id
        new[application].append({"juror": who, "name": name_of(who), "fit": fit, "is_own": is_own})
    return [
        {
            "submission": one,
            "application": one.application,
            "reading": [_reader(each, jurors) for each in reading[one.application_id]],
            "new": new[one.application_id],
        }
        for one in submissions
    ]


def _reader(one: Assignment, jurors: Any) -> dict[str, Any]:
    juror = jurors[one.juror_id]
    tones = {"open": "", "done": "ok", "abstained": "warn"}
    return {"given": one, "juror": juror, "name": name_of(juror), "tone": tones[one.state]}


def _loads(seated: list[Seated], proposal: Any) -> list[dict[str, Any]]:
    """Return the number of applications for each juror, by side and name."""
    most = max(proposal.loads.values(), default=1) or 1
    return [
        {
            "juror": one.juror,
            "name": name_of(one.juror),
            "load": proposal.loads.get(one.juror.pk, 0),
            "most": most,
        }
        for one in seated
        if one.juror.pk in proposal.loads
    ]


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
def take(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Assign as it was shown."""
    enter_round(request, pk, round_id, to_steer=True)
    return perform(
        request,
        partial(
            assigning.take_proposal,
            partnership_id=pk,
            round_id=round_id,
            seen=to_number(request.POST.get("seen", "")),
        ),
        done=lambda made: (
            ngettext(
                "%(count)d assignment made. The jurors will be notified by email.",
                "%(count)d assignments made. The jurors will be notified by email.",
                len(made.new),
            )
            % {"count": len(made.new)}
        ),
        to=reverse("labels:reading", args=[pk, round_id]),
    )


@require_POST
@for_people
def add(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Give one application to one juror."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = _give_form(request.POST, list_submitted(frame.round), list_jurors(frame.round))
    saved = submit_form(
        request,
        form,
        partial(assigning.add_assignment, partnership_id=pk, round_id=round_id),
        done=_("Application assigned. The juror will be notified by email."),
        to=reverse("labels:reading", args=[pk, round_id]),
    )
    return saved or _show(request, frame, form=form, status=422)


@require_POST
@for_people
def remove(request: Request, pk: int, round_id: int, assignment_id: int) -> HttpResponse:
    """Take one application from one juror."""
    enter_round(request, pk, round_id, to_steer=True)
    return perform(
        request,
        partial(
            assigning.remove_assignment,
            partnership_id=pk,
            round_id=round_id,
            assignment_id=assignment_id,
            why=request.POST.get("why", ""),
        ),
        done=_("Application unassigned from this juror. Their place is free."),
        to=reverse("labels:reading", args=[pk, round_id]),
    )
