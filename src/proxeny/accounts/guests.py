"""Visitors by a link in a mail, without a sign-in: their language, and a limit on failed links."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from proxeny.accounts.limits import may_try
from proxeny.accounts.queries import hash_token
from proxeny.kernel.hooks import Hook
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import STRANGER, WEB, Reader, enter
from proxeny.kernel.view_helpers import answering, for_people, secretly

#: New links asked for: from one network address, and by one old link or for one mail address.
#: Whoever asks for more is told nothing else, and gets none.
RENEWALS = "20/h/ip,3/d/key"
#: Whom a browser's cookie makes of a visitor, on a page with these arguments; None for nobody.
GUESTS: Hook[Callable[[Request, dict[str, Any], datetime], Reader | None]] = Hook(
    "accounts.guests", "Finds who answers by a link in a mail, on a page that is open to guests."
)


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who is signed in, and guests by a link: those in their own matter alone.

    A page without this decorator never learns of a link, and answers as to a stranger.
    """
    people, inner = for_people(view), secretly(answering(view))

    @login_not_required
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        found = (find(request, kwargs, timezone.now()) for find in GUESTS)
        guest = next((one for one in found if one is not None), None)
        if guest is None or set(guest.organisations) <= set(request.reader.organisations):
            return people(request, *args, **kwargs)
        speak_to(request, guest.language)
        # Also for somebody signed in elsewhere: the link is for this matter, their seats are not.
        request.reader, request.user = guest, AnonymousUser()
        enter(WEB, guest)
        return inner(request, *args, **kwargs)

    return guarded


def speak_to(request: Request, language: str) -> None:
    """Switch to the language recorded for the respondent, until they choose another."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES)
    if chosen or request.reader != STRANGER or language not in dict(settings.LANGUAGES):
        return
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()


def show_closed(request: Request, template: str) -> HttpResponse:
    """Answer an invalid link: always in the same way, and with a limit on repeated attempts."""
    if not may_try(request):
        return render(request, "429.html", status=429)
    return render(request, template, status=404)


def may_by_link(request: Request, token: str, *, app: str, action: str, rate: str) -> bool:
    """Count an action by a link, or for the address it goes to; False when there were too many."""
    usage = ratelimit.consume(
        request, app=app, action=action, config={action: rate}, key=hash_token(token)
    )
    return usage is not None
