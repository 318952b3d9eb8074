"""Whoever comes by a link in a mail, without a sign-in: what language they read, and how often they try."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from proxeny.accounts.limits import may_try
from proxeny.accounts.queries import hash_token
from proxeny.kernel.tenancy import STRANGER

#: New links asked for: from one network address, and by one old link. Nobody is told when no more are
#: sent.
RENEWALS = "20/h/ip,3/d/key"


def speak_to(request: HttpRequest, language: str) -> None:
    """Speak the language that is kept of who answers, until they choose another."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES)
    if chosen or request.reader != STRANGER or language not in dict(settings.LANGUAGES):  # type: ignore[attr-defined]
        return
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]


def show_closed(request: HttpRequest, template: str) -> HttpResponse:
    """Answer a link that opens nothing: always alike, and less and less to who tries many."""
    if not may_try(request):
        return render(request, "429.html", status=429)
    return render(request, template, status=404)


def may_by_link(request: HttpRequest, token: str, *, app: str, action: str, rate: str) -> bool:
    """Count what is done by a link; False when there was too much of it."""
    usage = ratelimit.consume(
        request, app=app, action=action, config={action: rate}, key=hash_token(token)
    )
    return usage is not None
