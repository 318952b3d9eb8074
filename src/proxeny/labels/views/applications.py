"""Applications of the reader's organisations: the list, drafts, and saving while typing."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory.countries import country_name
from proxeny.kernel.actions import submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.errors import Conflict
from proxeny.kernel.percent import add_percent_sign
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.kernel.zones import load_zone
from proxeny.labels.forms.applications import AnswerForm, ApplicationForm, BeginForm, DocumentForm
from proxeny.labels.models import Application, Result, Round
from proxeny.labels.operations.applying import (
    Clash,
    Saved,
    begin_application,
    mark_of,
    save_fields,
    values_of,
)
from proxeny.labels.operations.eligibility import why_excluded
from proxeny.labels.operations.self_assessment import Line, SelfAssessment, assess_oneself
from proxeny.labels.operations.submitting import check_complete
from proxeny.labels.queries import own_applications as queries
from proxeny.labels.queries.own_applications import OwnApplication, OwnRow
from proxeny.labels.rules import RESULT_TONES, can_write, takes_applications

State = Application.State
TONES = {State.DRAFT: "warn", State.SUBMITTED: "ok", State.WITHDRAWN: ""}


def closes(request: Request, held: Round) -> str:
    """Return the closing time of a round, in words."""
    return format_moment(held.closes_at, held.zone, request.reader.time_zone)


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the applications of the reader's organisations, and the rounds open to them."""
    reader, now = request.reader, timezone.now()
    found = queries.find_own(reader)
    if request.GET.get("export"):
        rows = queries.rows_of(queries.OWN.fit(found, request))
        if (file := queries.OWN.export(request, rows)) is not None:
            return file
    shown = queries.OWN.show(request, found)
    open_rounds = queries.list_open_rounds(now=now) if queries.applies_for(reader) else []
    context = {
        "mine": shown,
        "rows": [_row(request, one) for one in queries.rows_of(shown.rows)],
        "open": [{"found": one, "closes": closes(request, one.round)} for one in open_rounds],
    }
    return render(request, "labels/applications/list.html", context)


def _row(request: Request, row: OwnRow) -> dict[str, Any]:
    one, now = row.application, timezone.now()
    is_written = can_write(one, one.round, now)
    missing = check_complete(_whole(row)) if is_written else []
    return {
        "row": row,
        "application": one,
        "tone": TONES[State(one.state)],
        "result_tone": RESULT_TONES[Result.Standing(row.result.standing)] if row.result else "",
        "closes": closes(request, one.round),
        "is_written": is_written,
        "is_handed_in": one.state == State.SUBMITTED,
        "missing": len(missing),
        "is_open": takes_applications(one.round, now),
    }


def _whole(row: OwnRow) -> OwnApplication:
    return OwnApplication(
        row.application, row.scheme, row.answers, tuple(row.documents), (), (), ()
    )


@require_http_methods(["GET", "POST"])
@for_people
def begin(request: Request, round_id: int) -> HttpResponse:
    """Begin an application in an open round."""
    found = queries.get_open_round(round_id, now=timezone.now())
    organisations = queries.list_applicants(request.reader)
    form = BeginForm(request.POST or None, organisations=organisations)
    saved = submit_form(
        request,
        form,
        partial(begin_application, round_id=round_id),
        values=lambda: {
            "title": form.cleaned_data["title"],
            "organisation_id": form.cleaned_data["organisation"],
        },
        to=lambda made: reverse("labels:application", args=[made.pk]),
    )
    if saved:
        return saved
    excluded = [why for one in organisations if (why := why_excluded(one, found.scheme))]
    context = {
        "form": form,
        "found": found,
        "closes": closes(request, found.round),
        "organisations": organisations,
        "excluded": excluded,
        "can_apply": len(excluded) < len(organisations),
    }
    status = 422 if form.errors else 200
    return render(request, "labels/applications/begin.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, application_id: int) -> HttpResponse:
    """Show an application for editing or as submitted; POST saves the whole form."""
    if request.method == "GET":
        return answer_page(request, queries.read_own(request.reader, application_id))
    own = queries.read_own(request.reader, application_id)
    typed = {name: request.POST.get(name, "") for name in values_of(own)}
    seen = {name: request.POST[f"seen-{name}"] for name in typed if f"seen-{name}" in request.POST}
    try:
        saved = save_fields(
            actor=request.reader,
            application_id=application_id,
            values=typed,
            seen=seen,
            now=timezone.now(),
        )
    except Conflict as error:
        messages.error(request, str(error))
        return answer_page(request, own, status=422)
    if saved.is_whole:
        messages.success(request, _("Saved."))
        return redirect("labels:application", application_id)
    lost = {name: typed[name] for name in saved.refused}
    lost |= {one.name: one.mine for one in saved.clashes}
    return answer_page(
        request, saved.own, typed=lost, refused=saved.refused, clashes=saved.clashes, status=422
    )


@require_POST
@for_people
def save_field(request: Request, application_id: int) -> HttpResponse:
    """Save one field while it is typed, and return the new standing of the application."""
    name = request.POST.get("field", "")[:60]
    values = {name: request.POST.get("value", "")}
    seen = {name: request.POST["seen"]} if "seen" in request.POST else {}
    now = timezone.now()
    try:
        saved = save_fields(
            actor=request.reader, application_id=application_id, values=values, seen=seen, now=now
        )
    except Conflict as error:
        queries.get_own(request.reader, application_id)
        return JsonResponse({"closed": str(error)}, status=409)
    return JsonResponse(_told(request, saved), status=200 if saved.is_whole else 422)


def _told(request: Request, saved: Saved) -> dict[str, Any]:
    values = values_of(saved.own)
    clock = timezone.now().astimezone(load_zone(request.reader.time_zone or "UTC"))
    return {
        "said": _("Saved at %(time)s") % {"time": time_format(clock, "TIME_FORMAT")},
        "kept": {name: mark_of(values[name]) for name in saved.kept},
        "refused": dict(saved.refused),
        "clashes": {
            one.name: {"theirs": one.theirs, "seen": mark_of(one.theirs)} for one in saved.clashes
        },
        "standing": render_to_string(
            "labels/applications/form.html#standing", standing_of(saved.own), request
        ),
    }


def standing_of(own: OwnApplication) -> dict[str, Any]:
    """Return an application's standing: missing parts, and the distance from each threshold."""
    found = assess_oneself(own.scheme, {key: one.points for key, one in own.answers.items()})
    told = own.scheme.told
    return {
        "missing": check_complete(own),
        "assessment": found,
        "level": told(found.level.title) if found.level else "",
        "next_level": told(found.next_level.title) if found.next_level else "",
        "told": list(_gaps(own, found)),
    }


def _gaps(own: OwnApplication, found: SelfAssessment) -> Iterator[dict[str, Any]]:
    """Yield the figures beside their thresholds: of indicators in points, else in percent."""
    told = own.scheme.told
    for criterion in found.criteria:
        yield _gap("criterion", told(criterion.criterion.title), criterion.line)
        for one in criterion.indicators:
            yield _gap("indicator", told(one.indicator.title), one.line, one.indicator.scale)
    yield _gap("total", _("In total"), found.total)


def _gap(kind: str, title: str, line: Line, scale: int | None = None) -> dict[str, Any]:
    def say(figure: Decimal | None) -> str:
        if figure is None:
            return "–"
        number = localize(Decimal(f"{figure.normalize():f}"))
        return number if scale else add_percent_sign(number)

    reached = say(line.reached)
    if scale and line.reached is not None:
        reached = _("%(points)s of %(scale)d") % {"points": reached, "scale": scale}
    return {"kind": kind, "title": title, "line": line, "reached": reached, "gap": say(line.gap)}


def answer_page(
    request: Request,
    own: OwnApplication,
    *,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
    clashes: tuple[Clash, ...] = (),
    document_form: DocumentForm | None = None,
    answer_form: dict[int, AnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page of an application; what could not be saved is shown again."""
    now, one = timezone.now(), own.application
    is_written = own.may_write(now)
    context: dict[str, Any] = {
        "own": own,
        "application": one,
        "round": own.round,
        "scheme": own.scheme,
        "tone": TONES[State(one.state)],
        "closes": closes(request, own.round),
        "is_written": is_written,
        "is_open": takes_applications(own.round, now),
        "is_past": now >= own.round.closes_at,
        "questions": _questions(own, answer_form or {}),
        "may_withdraw": own.receipt is not None and own.round.state != Round.State.DECIDED,
        "receipts": [
            {"receipt": each, "moment": _moment(request, own, each.submitted_at)}
            for each in own.submissions
        ],
        **standing_of(own),
    }
    if is_written:
        form = ApplicationForm(values_of(own), own.scheme, typed=typed)
        form.refuse(refused or {})
        context |= _form_of(own, form, clashes, document_form)
    else:
        context["criteria"] = _read_only(own)
        context["country"] = country_name(one.country)
        context["result"] = queries.told_results([one.pk]).get(one.pk)
    page = "form" if is_written else "read"
    return render(request, f"labels/applications/{page}.html", context, status=status)


def _moment(request: Request, own: OwnApplication, moment: Any) -> str:
    return format_moment(moment, own.round.zone, request.reader.time_zone)


def _questions(own: OwnApplication, refused: dict[int, AnswerForm]) -> list[dict[str, Any]]:
    may = own.round.state != Round.State.DECIDED
    return [
        {
            "question": one,
            "indicator": own.scheme.indicator(one.indicator),
            "about": _title(own, one.indicator),
            "form": refused.get(one.pk) or AnswerForm(question_id=one.pk, answer=one.answer)
            if may
            else None,
            "is_open": one.pk in refused or one.answered_at is None,
        }
        for one in own.questions
    ]


def _title(own: OwnApplication, key: str) -> str:
    indicator = own.scheme.indicator(key)
    return own.scheme.told(indicator.title) if indicator else ""


def _form_of(
    own: OwnApplication,
    form: ApplicationForm,
    clashes: tuple[Clash, ...],
    document_form: DocumentForm | None,
) -> dict[str, Any]:
    """Return the form in the parts of its page, each field with its mark and a colleague's text."""
    values, theirs = values_of(own), {one.name: one.theirs for one in clashes}

    def line(name: str) -> dict[str, Any]:
        return {
            "name": name,
            "field": form[name],
            "seen": mark_of(values[name]),
            "clash": name in theirs,
            "theirs": theirs.get(name, ""),
        }

    project = [
        name
        for name in ("title", "summary", "country", "topics", "website", "changed")
        if name in values
    ]
    dropping = document_form.data.get("indicator", "") if document_form else None
    return {
        "form": form,
        "not_saved": bool(form.errors or clashes),
        "project": [line(name) for name in project],
        "contact": [line(name) for name in ("contact_name", "contact_email", "language")],
        "conditions": [line(f"confirmed_{one.key}") for one in own.scheme.conditions],
        "criteria": [
            {
                "criterion": criterion,
                "title": own.scheme.told(criterion.title),
                "explanation": own.scheme.told(criterion.explanation),
                "indicators": [
                    {
                        **_told_of(own, one),
                        "points": line(f"points_{one.key}"),
                        "text": line(f"text_{one.key}"),
                        "document_form": document_form
                        if dropping == one.key
                        else DocumentForm(indicator=one.key),
                        "is_dropping": dropping == one.key,
                    }
                    for one in criterion.indicators
                ],
            }
            for criterion in own.scheme.criteria
        ],
        "general_form": document_form if dropping == "" else DocumentForm(),
        "is_dropping": dropping == "",
        "general": own.documents_for(""),
    }


def _told_of(own: OwnApplication, one: Any) -> dict[str, Any]:
    told = own.scheme.told
    return {
        "indicator": one,
        "title": told(one.title),
        "explanation": told(one.explanation),
        "guide": told(one.guide),
        "evidence": told(one.evidence),
        "documents": own.documents_for(one.key),
        "answer": own.answers.get(one.key),
    }


def _read_only(own: OwnApplication) -> list[dict[str, Any]]:
    return [
        {
            "criterion": criterion,
            "title": own.scheme.told(criterion.title),
            "indicators": [_told_of(own, one) for one in criterion.indicators],
        }
        for criterion in own.scheme.criteria
    ]
