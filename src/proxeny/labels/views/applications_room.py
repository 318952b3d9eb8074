"""The applications of a round, for the managers of the clusters: the list, and one whole."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.directory.countries import country_name
from proxeny.kernel.answers import (
    address_with,
    for_people,
    page_links,
    show_refusal,
    sort_links,
)
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import answer_file
from proxeny.kernel.spreadsheet import answer_table
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
from proxeny.labels.moments import tell_moment
from proxeny.labels.operations import eligibility, questions
from proxeny.labels.operations.own_conflict import declare_own_conflict
from proxeny.labels.queries import applications as queries
from proxeny.labels.queries.applications import ELIGIBLE, Handed
from proxeny.labels.queries.own_applications import get_document
from proxeny.labels.views.applications import TONES
from proxeny.labels.views.frame import RoundFrame, enter_round, show_round_tab

_TAB = "applications"
#: So many applications on one page.
PAGE = 50


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show what was handed in, to search, sort, filter and export."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    rows = queries.submitted_in(frame.round)
    form = FindApplicationsForm(request.GET, countries=sorted({one.country for one in rows}))
    wanted = form.wanted()
    found = queries.find_submitted(rows, **wanted)
    if request.GET.get("export"):
        zone = load_zone(request.reader.time_zone or "UTC")
        header, table = queries.table_of(found, zone=zone)
        return answer_table("applications", form=request.GET["export"], header=header, rows=table)
    text = request.GET.get("page", "")
    number = max(1, min(int(text) if text.isdecimal() and len(text) < 9 else 1,
                        -(-len(found) // PAGE) or 1))  # fmt: skip
    shown = found[(number - 1) * PAGE : number * PAGE]
    context = {
        "form": form, "count": len(found), "is_narrowed": form.is_narrowed,
        "is_empty": not rows,
        "rows": [_row(request, frame, one) for one in shown],
        "sorts": sort_links(request, queries.SORTS, now=wanted.get("sort", "")),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, number, has_next=number * PAGE < len(found)),
    }  # fmt: skip
    return show_round_tab(request, frame, _TAB, "applications/room_list", context)


def _row(request: HttpRequest, frame: RoundFrame, one: Any) -> dict[str, Any]:
    return {
        "application": one, "tone": TONES[Application.State(one.state)],
        "country": country_name(one.country), "eligible": queries.tell_eligible(one),
        "eligible_tone": {True: "ok", False: "bad", None: ""}[one.eligible],
        "moment": tell_moment(one.submitted_at, frame.round.zone, request.reader.time_zone),
    }  # fmt: skip


@require_GET
@for_people
def show(request: HttpRequest, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Show an application whole, as it was handed in, with what was asked about it."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    return _show(request, frame, queries.read_handed(frame.round, application_id))


def _show(
    request: HttpRequest, frame: RoundFrame, handed: Handed, *,
    forms_again: dict[str, forms.Form] | None = None, passing: dict[int, PassOnForm] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    one, again, passing = handed.application, forms_again or {}, passing or {}
    told = handed.scheme.told
    may_note = frame.may_steer and frame.round.state in eligibility.BEFORE_DECISION
    is_handed = one.state == Application.State.SUBMITTED
    may_ask = frame.may_steer and frame.round.state in questions.ASKED and is_handed
    shown = _word_of(one.eligible)
    context = {
        "handed": handed, "application": one, "scheme_text": handed.scheme,
        "applicant": one.organisation, "country": country_name(handed.dossier.country),
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
        "eligible_form": again.get("eligible") or (EligibleForm(initial={
            "seen": one.version, "eligible": shown, "why": one.eligible_why,
        }) if may_note else None),
        "paid_form": again.get("paid") or (PaidForm(initial={
            "seen": one.version, "paid_on": one.paid_on,
        }) if frame.may_steer and handed.scheme.fee_application else None),
        "conflict_form": again.get("conflict") or (ConflictForm() if frame.may_steer else None),
        "ask_form": again.get("ask") or (AskForm(scheme=handed.scheme) if may_ask else None),
        "asked": [
            {
                "question": each, "about": _about(handed, each.indicator),
                "form": passing.get(each.pk) or PassOnForm(question_id=each.pk, text=each.text)
                if may_ask and each.passed_on_at is None else None,
            }
            for each in handed.questions
        ],
    }  # fmt: skip
    return show_round_tab(request, frame, _TAB, "applications/room", context, status=status)


def _word_of(eligible: bool | None) -> str:
    return next(name for name, value in ELIGIBLE.items() if value is eligible)


def _told(request: HttpRequest, frame: RoundFrame, moment: Any) -> str:
    zone = request.reader.time_zone
    return tell_moment(moment, frame.round.zone, zone) if moment else ""


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
    request: HttpRequest, pk: int, round_id: int, application_id: int, number: int
) -> HttpResponse:
    """Give a document to be saved."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    application = queries.get_submitted(frame.round, application_id)
    return answer_file(get_document(application, number))


@require_POST
@for_people
def note_eligibility(
    request: HttpRequest, pk: int, round_id: int, application_id: int
) -> HttpResponse:
    """Note whether an application takes part."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = EligibleForm(request.POST)
    if form.is_valid():
        try:
            eligibility.note_eligibility(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                application_id=application_id, eligible=ELIGIBLE[form.cleaned_data["eligible"]],
                why=form.cleaned_data["why"], version=form.cleaned_data["seen"],
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is noted whether it takes part."))
            return _back(pk, round_id, application_id)
    return _show(request, frame, handed, forms_again={"eligible": form}, status=422)


@require_POST
@for_people
def note_payment(request: HttpRequest, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Note when the fee was paid."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = PaidForm(request.POST)
    if form.is_valid():
        try:
            eligibility.note_payment(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                application_id=application_id, paid_on=form.cleaned_data["paid_on"],
                version=form.cleaned_data["seen"], now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is noted when the fee was paid."))
            return _back(pk, round_id, application_id)
    return _show(request, frame, handed, forms_again={"paid": form}, status=422)


@require_POST
@for_people
def ask(request: HttpRequest, pk: int, round_id: int, application_id: int) -> HttpResponse:
    """Ask who applies something."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = AskForm(request.POST, scheme=handed.scheme)
    if form.is_valid():
        try:
            questions.ask_applicant(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                application_id=application_id, text=form.cleaned_data["text"],
                indicator=form.cleaned_data["indicator"], now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The question is on its way."))
            return _back(pk, round_id, application_id, "questions")
    return _show(request, frame, handed, forms_again={"ask": form}, status=422)


@require_POST
@for_people
def pass_on(
    request: HttpRequest, pk: int, round_id: int, application_id: int, question_id: int
) -> HttpResponse:
    """Pass on what a juror asks."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    queries.get_question(frame.round, application_id, question_id)
    form = PassOnForm(request.POST, question_id=question_id)
    if form.is_valid():
        try:
            questions.pass_on(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                application_id=application_id, question_id=question_id,
                text=form.cleaned_data["text"], now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The question is passed on."))
            return _back(pk, round_id, application_id, "questions")
    handed = queries.read_handed(frame.round, application_id)
    return _show(request, frame, handed, passing={question_id: form}, status=422)


@require_POST
@for_people
def declare_conflict(
    request: HttpRequest, pk: int, round_id: int, application_id: int
) -> HttpResponse:
    """Say that one has a conflict of interest; the list does not show the application any more."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    handed = queries.read_handed(frame.round, application_id)
    form = ConflictForm(request.POST)
    if form.is_valid():
        try:
            declare_own_conflict(
                actor=request.reader, partnership_id=pk, round_id=round_id,
                application_id=application_id, reason=form.cleaned_data["reason"],
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("It is noted. You see nothing of this application any more.")
            )
            return redirect("labels:round-applications", pk, round_id)
    return _show(request, frame, handed, forms_again={"conflict": form}, status=422)


def _back(pk: int, round_id: int, application_id: int, place: str = "") -> HttpResponse:
    url = reverse("labels:round-application", args=[pk, round_id, application_id])
    return redirect(f"{url}#{place}" if place else url)
