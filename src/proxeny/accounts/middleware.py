"""Every request runs in one transaction, as one reader, in an unprivileged database role."""

import zoneinfo
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from proxeny.accounts.adapter import SEEN_AT
from proxeny.accounts.factors import is_reached_without_factor, lead_to_factor
from proxeny.accounts.operations import note_visit
from proxeny.accounts.queries import find_key, load_reader
from proxeny.kernel.api.access import Key
from proxeny.kernel.api.serving import serve
from proxeny.kernel.conditional_requests import is_kept
from proxeny.kernel.connections import note_answer
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, Reader, acting_as, enter

#: Served to programs: a bearer token identifies the caller, and a session counts for nothing.
API_PATHS = "/api/"
#: Paths served in the gate's role: sign-in, second factors, invitations, an installation's set-up.
GATE_PATHS = ("/accounts/", "/invitations/", "/set-up/")


def find_key_of(request: HttpRequest) -> Key | None:
    """Return the key opened by the request's bearer token, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return find_key(token.strip(), now=timezone.now())


#: Interval at which the use of a session is recorded again.
_NOTED_EVERY = timedelta(minutes=5)


class _Undo(Exception):
    """Leaves the request's transaction so that nothing of it stays."""


class ReaderMiddleware:
    """Find the reader, take on the role, and undo all writes when the view fails.

    The page speaks the language of an explicit choice (the cookie), else the person's, else what
    the browser asks for; Django's `LocaleMiddleware` before this one knows the first and the last.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer one request. The role is local to the transaction and gone after it."""
        if request.path_info.startswith(API_PATHS):
            return serve(request, find_key=find_key_of, get_response=self.get_response)
        answers: list[HttpResponse] = []
        with suppress(_Undo), acting_as(GATE):
            note_answer()
            answers.append(self._answer(request))
            if getattr(request, "has_failed", False):
                raise _Undo
        return answers[0]

    def _answer(self, request: Request) -> HttpResponse:
        reader = self._find_reader(request)
        request.reader = reader
        self._note_visit(request)
        if reader.lacks_factor and not is_reached_without_factor(request.path_info):
            return lead_to_factor(request)
        # Asked now: a view may sign somebody in or out, or let them act as a guest.
        was_signed_in = request.user.is_authenticated
        is_private = was_signed_in or request.path_info.startswith(GATE_PATHS)
        if not request.path_info.startswith(GATE_PATHS):
            enter(WEB, reader)
        self._speak(request, reader)
        with self._in_their_zone(reader):
            response = self.get_response(request)
        if is_private and not is_kept(response):
            # A cache on the way must not show one person's page to another.
            add_never_cache_headers(response)
        if was_signed_in and SESSION_KEY not in request.session:
            # Also clears the browser's stored data for these pages, and the few pages it may keep.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Roll back everything that a failed view wrote; the error page may still read."""
        request.has_failed = True

    def _find_reader(self, request: HttpRequest) -> Reader:
        if not request.user.is_authenticated:
            return STRANGER
        person = getattr(request.user, "person", None)
        return STRANGER if person is None else load_reader(person, today=timezone.now().date())

    def _note_visit(self, request: HttpRequest) -> None:
        # The time lies in the session, which is read anyway: most requests cost no query more.
        noted = request.session.get(SEEN_AT)
        now = timezone.now()
        if noted is None or now - datetime.fromtimestamp(noted, UTC) < _NOTED_EVERY:
            return
        key = request.session.session_key
        if key is None or not request.user.is_authenticated:
            return
        note_visit(
            account_id=request.user.pk,
            key=key,
            address=get_adapter(request).get_client_ip(request),
            agent=request.META.get("HTTP_USER_AGENT", ""),
            now=now,
        )
        request.session[SEEN_AT] = int(now.timestamp())

    def _speak(self, request: HttpRequest, reader: Reader) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES)
        if reader.language and not chosen:
            translation.activate(reader.language)
            request.LANGUAGE_CODE = translation.get_language()

    def _in_their_zone(self, reader: Reader) -> "timezone.override":
        try:
            zone = zoneinfo.ZoneInfo(reader.time_zone) if reader.time_zone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = None
        return timezone.override(zone or timezone.get_default_timezone())
