"""Verification of an award: a page and an endpoint for everybody, without an account."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from proxeny.kernel.errors import NotFound
from proxeny.kernel.sandbox import TooManyReadings
from proxeny.kernel.view_helpers import show_refusal
from proxeny.labels.finding import Finding
from proxeny.labels.forms.verify import VerifyForm
from proxeny.labels.limits import may_check
from proxeny.labels.operations.verifying import MOST_BYTES, check_award, check_file, check_text
from proxeny.labels.verdict_explanations import tell, tell_as_data, to_json


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show the result for a file, an address, or the award that `?award=` names."""
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
    else:
        form = VerifyForm(initial={"award": request.GET.get("award", "")[:32]})
    code = str(form["award"].value() or "")
    if (request.method == "POST" or code) and not may_check(request):
        return render(request, "429.html", status=429)
    found, status = _find(form, code)
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "told": tell(found) if found else None,
        "asked": code,
    }
    response = render(request, "labels/verify/verify.html", context, status=status)
    # The one page that may ask for the camera, for codes.
    response["Permissions-Policy"] = "camera=(self)"
    return response


def _find(form: VerifyForm, code: str) -> tuple[Finding | None, int]:
    """Return the result of a verification, if one was requested, and its HTTP status."""
    try:
        if not form.is_bound:
            return (check_award(code=code, now=timezone.now()), 200) if code else (None, 200)
        if not form.is_valid():
            return None, 422
        found = _look(form, code)
    except (NotFound, TooManyReadings) as error:
        if form.is_bound:
            show_refusal(form, error)
        # A code that leads nowhere is an answer too: there is no such award.
        return None, 422 if form.is_bound else 404
    return found, 422 if found.state == "unreadable" else 200


def _look(form: VerifyForm, code: str) -> Finding:
    brought, now = form.cleaned_data["file"], timezone.now()
    if brought:
        return check_file(data=brought.read(MOST_BYTES + 1), now=now, asked=code)
    return check_text(text=form.cleaned_data["text"], now=now, asked=code)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
def answer(request: HttpRequest) -> HttpResponse:
    """Answer programs of anybody, and pages of any site: a file as the body, or `?award=`."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = "GET, POST"
        response["Access-Control-Allow-Headers"] = "Content-Type"
        response["Access-Control-Max-Age"] = "86400"
    elif not may_check(request):
        response = _refuse_many(_("Too many checks in a short time. Try again in a minute."))
    else:
        response = _answer(request)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    code, now = request.GET.get("award", "")[:64], timezone.now()
    try:
        if request.method == "POST":
            # Read as it comes: a larger one is not taken in before it is refused.
            found = check_file(data=request.read(MOST_BYTES + 1), now=now, asked=code)
        else:
            found = check_award(code=code, now=now)
    except NotFound as error:
        return _say({"state": "not_found", "holds": False, "sentence": str(error)}, 404)
    except TooManyReadings as error:
        return _refuse_many(str(error))
    return _say(tell_as_data(found), 422 if found.state == "unreadable" else 200)


def _refuse_many(sentence: str) -> HttpResponse:
    return _say({"state": "too_many", "holds": False, "sentence": sentence}, 429)


def _say(data: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(to_json(data), content_type="application/json", status=status)
