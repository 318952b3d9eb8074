"""Pages of the reader's own meetings: the calendar feed, and one tap on how each meeting went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from proxeny.accounts.guests import for_guests
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import show_refusal
from proxeny.meetings import operations, queries, rules
from proxeny.meetings.models import Rating
from proxeny.meetings.rating_forms import AgreementForm
from proxeny.partnerships.amounts import tell_amount


@login_not_required
@require_safe
def show_feed(request: Request, token: str) -> HttpResponse:
    """Answer a calendar program: the address itself is the secret, no session is read or made."""
    try:
        feed = queries.read_feed(token, now=timezone.now())
    except NotFound as error:
        raise Http404(str(error)) from error
    response = answer_calendar(feed.text, "proxeny.ics", inline=True)
    response["ETag"] = feed.etag
    response["Last-Modified"] = http_date(feed.modified_at.timestamp())
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    # The tag decides: a meeting may vanish without any other changing.
    return get_conditional_response(request, etag=feed.etag, response=response) or response


@require_GET
@for_guests
def show_ratings(request: Request) -> HttpResponse:
    """Show the reader's past meetings and ask how each went."""
    return _show(request, _rows(request, timezone.now()))


@require_POST
@for_guests
def rate(request: Request, meeting_id: int) -> HttpResponse:
    """Keep one answer; by HTMX only the meeting's own part comes back."""
    now = timezone.now()
    form = _read_agreement(request, meeting_id)
    refusal = _keep(request, meeting_id, form, now)
    is_marked = form is not None and bool(form.errors)
    if not request.htmx and not is_marked:
        if refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("Thank you. Your answer has been saved."))
        return redirect("meetings:ratings")
    rows = _rows(request, now, {meeting_id: form} if form is not None and is_marked else {})
    status = 422 if is_marked else 200
    if not request.htmx:
        return _show(request, rows, status=status)
    row = next((one for one in rows if one.question.meeting_id == meeting_id), None)
    if row is None:
        raise Http404
    context = {"row": row, "refusal": refusal}
    return render(request, "meetings/ratings.html#part", context, status=status)


def _read_agreement(request: Request, meeting_id: int) -> AgreementForm | None:
    """Return what is said of an agreement; None for all other answers."""
    if request.POST.get("value") != Rating.Value.AGREEMENT:
        return None
    return AgreementForm(request.POST, meeting_id=meeting_id)


def _keep(request: Request, meeting_id: int, form: AgreementForm | None, now: datetime) -> str:
    """Keep an answer; return why not, or leave it with the field of the form it belongs to."""
    if form is not None and not form.is_valid():
        return ""
    try:
        operations.rate_meeting(
            actor=request.reader,
            meeting_id=meeting_id,
            phase=request.POST.get("phase", Rating.Phase.DAY),
            value=request.POST.get("value", ""),
            note=request.POST.get("note", ""),
            now=now,
            **(form.cleaned_data if form is not None else {}),
        )
    except (InvalidInput, Conflict) as error:
        if form is None or getattr(error, "field", "") not in form.fields:
            return str(error)
        show_refusal(form, error)
    return ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A meeting with its question, the answers of one tap, and the form for an agreement."""

    question: queries.Question
    choices: list[tuple[str, str]]
    form: AgreementForm | None

    @property
    def is_agreed(self) -> bool:
        """Whether the answer so far is an agreement."""
        return self.question.value == Rating.Value.AGREEMENT

    @property
    def label(self) -> str:
        """The answer so far, as people read it."""
        value = self.question.value
        return str(Rating.Value(value).label) if value else ""

    @property
    def terms(self) -> str:
        """The kind and value of the agreement, where given."""
        one = self.question
        kind = str(Rating.Agreed(one.agreed).label) if one.agreed else ""
        worth = "" if one.worth is None else tell_amount(one.worth, one.currency)
        return " · ".join(part for part in (kind, worth) if part)


def _rows(
    request: Request, now: datetime, marked: Mapping[int, AgreementForm] = MappingProxyType({})
) -> list[_Row]:
    questions = queries.list_questions(request.reader, now=now)
    return [_row(one, marked.get(one.meeting_id)) for one in questions]


def _row(question: queries.Question, form: AgreementForm | None) -> _Row:
    values = rules.VALUES_OF[question.phase]
    choices = [(one.value, str(one.label)) for one in values if one != Rating.Value.AGREEMENT]
    if Rating.Value.AGREEMENT not in values:
        return _Row(question, choices, None)
    said = {
        "agreed": question.agreed,
        "worth": question.worth,
        "currency": question.currency or question.usual_currency,
    }
    return _Row(
        question, choices, form or AgreementForm(meeting_id=question.meeting_id, initial=said)
    )


def _show(request: Request, rows: list[_Row], *, status: int = 200) -> HttpResponse:
    context = {
        "open": [row for row in rows if not row.question.value],
        "done": [row for row in rows if row.question.value],
    }
    return render(request, "meetings/ratings.html", context, status=status)
