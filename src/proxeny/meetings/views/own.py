"""Pages of one's own meetings: the calendar feed, and one tap on how each meeting went."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from proxeny.kernel.answers import for_people
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.meetings import operations, queries, rules
from proxeny.meetings.models import Rating


@login_not_required
@require_safe
def show_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program: the address itself is the secret, no session is read or made."""
    try:
        feed = queries.read_feed(token, now=timezone.now())
    except NotFound as error:
        raise Http404(str(error)) from error
    response = HttpResponse(feed.text, content_type="text/calendar; charset=utf-8")
    response["ETag"] = feed.etag
    response["Last-Modified"] = http_date(feed.modified_at.timestamp())
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["Content-Disposition"] = 'inline; filename="proxeny.ics"'
    # The tag decides: a meeting may vanish without any other changing.
    return get_conditional_response(request, etag=feed.etag, response=response) or response


@require_GET
@for_people
def show_ratings(request: HttpRequest) -> HttpResponse:
    """Show the reader's past meetings and ask how each went."""
    questions = queries.list_questions(request.reader, now=timezone.now())
    context = {
        "open": [_row(question) for question in questions if not question.value],
        "done": [_row(question) for question in questions if question.value],
    }
    return render(request, "meetings/ratings.html", context)


@require_POST
@for_people
def rate(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Keep one answer; by HTMX only the meeting's own part comes back."""
    now = timezone.now()
    refusal = ""
    try:
        operations.rate_meeting(
            actor=request.reader,
            meeting_id=meeting_id,
            phase=request.POST.get("phase", Rating.Phase.DAY),
            value=request.POST.get("value", ""),
            note=request.POST.get("note", ""),
            now=now,
        )
    except (InvalidInput, Conflict) as error:
        refusal = str(error)
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, _("Thank you. Your answer is kept."))
        return redirect("meetings:ratings")
    questions = queries.list_questions(request.reader, now=now)
    row = next((_row(one) for one in questions if one.meeting_id == meeting_id), None)
    if row is None:
        raise Http404
    return render(request, "meetings/rating_part.html", {"row": row, "refusal": refusal})


def _row(question: queries.Question) -> dict[str, object]:
    choices = [(value.value, value.label) for value in rules.VALUES_OF[question.phase]]
    return {"question": question, "choices": choices, "later": question.phase == "later",
            "label": dict(choices).get(question.value, "")}  # fmt: skip
