"""The applications of a round, for the managers of the clusters: the list, and one whole."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.directory.countries import country_name
from proxeny.kernel.actions import submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.files import answer_file
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    sort_links,
)
from proxeny.kernel.zones import load_zone
from proxeny.labels.forms.applications import (
    AskForm,
    ConflictForm,
    EligibleForm,
    FindApplicationsForm,
    PaidForm,
    PassOnForm,
)
from proxeny.labels.models import Application
from proxeny.labels.operations import eligibility, questions
from proxeny.labels.operations.own_conflict import declare_own_conflict
from proxeny.labels.queries import applications as queries
from proxeny.labels.queries.applications import ELIGIBLE, Handed
from proxeny.labels.queries.own_applications import get_document
from proxeny.labels.views.applications import TONES
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab

_TAB = "applications"


@require_GET
@for_people
def show_list(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the submissions, to search, sort, filter and export."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    rows = queries.submitted_in(frame.round)
    form = FindApplicationsForm(request.GET, countries=sorted({one.country for one in rows}))
    wanted = form.wanted()
    found = queries.find_submitted(rows, **wanted)
    if request.GET.get("export"):
        zone = load_zone(request.reader.time_zone or "UTC")
        header, table = queries.table_of(found, zone=zone)
        return answer_table("applications", form=request.GET["export"], header=header, rows=table)
    page = page_of(found, request)
    context = {
        "form": form,
        "count": len(found),
        "is_narrowed": form.is_narrowed,
        "is_empty": not rows,
        "rows": [_row(request, frame, one) for one in page],
        "sorts": sort_links(request, queries.SORTS, now=wanted.get("sort", "")),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_round_tab(request, frame, _TAB, "applications/room_list", context)


def _row(request: Request, frame: RoundFrame, one: Any) -> dict[str, Any]:
    return {
        "application": one,
        "tone": TONES[Application.State(one.state)],
        "country": country_name(one.country),
        "eligible": queries.tell_eligible(one),
        "eligible_tone": {True: "ok", False: "bad", None: ""}[one.eligible],
        "moment": format_moment(one.submitted_at, frame.round.zone, request.reader.time_zone),
    }


@require_GET
@for_people
def show(request: Request, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Show a whole application as submitted, with the questions about it."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, queries.read_handed(frame.round, application_id))


def _show(
    request: Request,
    frame: RoundFrame,
    handed: Handed,
    *,
    forms_again: dict[str, forms.Form] | None = None,
    passing: dict[int, PassOnForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    one, again, passing = handed.application, forms_again or {}, passing or {}
    told = handed.scheme.told
    may_note = frame.may_steer and frame.round.state in eligibility.BEFORE_DECISION
    is_handed = one.state == Application.State.SUBMITTED
    may_ask = frame.may_steer and frame.round.state in questions.ASKED and is_handed
    shown = _word_of(one.eligible)
    context = {
        "handed": handed,
        "application": one,
        "scheme_text": handed.scheme,
        "applicant": one.organisation,
        "country": country_name(handed.dossier.country),
        "state_tone": TONES[Application.State(one.state)],
        "moment": _told(request, frame, handed.submission.submitted_at),
        "withdrawn": _told(request, frame, handed.submission.withdrawn_at),
        "conditions": [
            {"title": told(each.title), "confirmed": each.key in handed.dossier.confirmed}
            for each in handed.scheme.conditions
        ],
        "criteria": _criteria(handed),
        "general": handed.documents_for(""),
        "eligible": queries.tell_eligible(one),
        "eligible_form": again.get("eligible")
        or (
            EligibleForm(
                initial={
                    "seen": one.version,
                    "eligible": shown,
                    "why": one.eligible_why,
                }
            )
            if may_note
            else None
        ),
        "paid_form": again.get("paid")
        or (
            PaidForm(
                initial={
                    "seen": one.version,
                    "paid_on": one.paid_on,
                }
            )
            if frame.may_steer and handed.scheme.fee_application
            else None
        ),
        "conflict_form": again.get("conflict") or (ConflictForm() if frame.may_steer else None),
        "ask_form": again.get("ask") or (AskForm(scheme=handed.scheme) if may_ask else None),
        "asked": [
            {
                "question": each,
                "about": _about(handed, each.indicator),
                "form": passing.get(each.pk) or PassOnForm(question_id=each.pk, text=each.text)
                if may_ask and each.passed_on_at is None
                else None,
            }
            for each in handed.questions
        ],
    }
    return show_round_tab(request, frame, _TAB, "applications/room", context, status=status)


def _word_of(eligible: bool | None) -> str:
    return next(name for name, value in ELIGIBLE.items() if value is eligible)


def _told(request: Request, frame: RoundFrame, moment: Any) -> str:
    zone = request.reader.time_zone
    return format_moment(moment, frame.round.zone, zone) if moment else ""


def _about(handed: Handed, key: str) -> str:
    indicator = handed.scheme.indicator(key)
    return handed.scheme.told(indicator.title) if indicator else ""


def _criteria(handed: Handed) -> list[dict[str, Any]]:
    told = handed.scheme.told
    return [
        {
            "title": told(criterion.title),
            "indicators": [
                {
                    "indicator": one,
                    "title": told(one.title),
                    "answer": handed.dossier.answer(one.key),
                    "documents": handed.documents_for(one.key),
                }
                for one in criterion.indicators
            ],
        }
        for criterion in handed.scheme.criteria
    ]


@require_GET
@for_people
def download(
    request: Request, pk: int, round_id: int, application_id: int, number: int
) -> HttpResponse:
    """Give a document to be saved."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    application = queries.get_submitted(frame.round, application_id)
    return answer_file(get_document(application, number))


@require_POST
@for_people
def note_eligibility(request: Request, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Note whether an application takes part."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = EligibleForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(
            eligibility.note_eligibility,
            partnership_id=pk,
            round_id=round_id,
            application_id=application_id,
        ),
        values=lambda: {
            "eligible": ELIGIBLE[form.cleaned_data["eligible"]],
            "why": form.cleaned_data["why"],
            "version": form.cleaned_data["seen"],
        },
        done=_("Eligibility saved."),
        to=_page(pk, round_id, application_id),
    )
    return saved or _show(request, frame, handed, forms_again={"eligible": form}, status=422)


@require_POST
@for_people
def note_payment(request: Request, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Note when the fee was paid."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = PaidForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(
            eligibility.note_payment,
            partnership_id=pk,
            round_id=round_id,
            application_id=application_id,
        ),
        values=lambda: {
            "paid_on": form.cleaned_data["paid_on"],
            "version": form.cleaned_data["seen"],
        },
        done=_("Payment date saved."),
        to=_page(pk, round_id, application_id),
    )
    return saved or _show(request, frame, handed, forms_again={"paid": form}, status=422)


@require_POST
@for_people
def ask(request: Request, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Ask the applicant a question."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = AskForm(request.POST, scheme=handed.scheme)
    saved = submit_form(
        request,
        form,
        partial(
            questions.ask_applicant,
            partnership_id=pk,
            round_id=round_id,
            application_id=application_id,
        ),
        done=_("Question sent."),
        to=_page(pk, round_id, application_id, "questions"),
    )
    return saved or _show(request, frame, handed, forms_again={"ask": form}, status=422)


@require_POST
@for_people
def pass_on(
    request: Request, pk: int, round_id: int, application_id: int, question_id: int
) -> HttpResponse:
    """Pass on what a juror asks."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    queries.get_question(frame.round, application_id, question_id)
    form = PassOnForm(request.POST, question_id=question_id)
    saved = submit_form(
        request,
        form,
        partial(
            questions.pass_on,
            partnership_id=pk,
            round_id=round_id,
            application_id=application_id,
            question_id=question_id,
        ),
        done=_("Question passed on."),
        to=_page(pk, round_id, application_id, "questions"),
    )
    if saved:
        return saved
    handed = queries.read_handed(frame.round, application_id)
    return _show(request, frame, handed, passing={question_id: form}, status=422)


@require_POST
@for_people
def declare_conflict(request: Request, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Declare a conflict of interest; the list does not show the application any more."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = ConflictForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(
            declare_own_conflict,
            partnership_id=pk,
            round_id=round_id,
            application_id=application_id,
        ),
        done=_("Conflict of interest recorded. You can no longer see this application."),
        to=reverse("labels:round-applications", args=[pk, round_id]),
    )
    return saved or _show(request, frame, handed, forms_again={"conflict": form}, status=422)


def _page(pk: int, round_id: int, application_id: int, place: str = "") -> str:
    url = reverse("labels:round-application", args=[pk, round_id, application_id])
    return f"{url}#{place}" if place else url
