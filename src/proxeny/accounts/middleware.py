"""Every request runs in one transaction, as one reader, in an unprivileged database role."""

import zoneinfo
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from proxeny.accounts.adapter import SEEN_AT
from proxeny.accounts.operations import note_visit
from proxeny.accounts.queries import find_key, get_reader_of_account
from proxeny.kernel.api.access import Key
from proxeny.kernel.api.serving import serve
from proxeny.kernel.connections import note_answer
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, Reader, acting_as, enter
from proxeny.kernel.unchanged import is_kept

#: Served to programs: a bearer token says who calls, and a session counts for nothing.
API_PATHS = "/api/"
#: Paths served in the gate's role: sign-in, second factors, invitations.
GATE_PATHS = ("/accounts/", "/invitations/")


def find_key_of(request: HttpRequest) -> Key | None:
    """Return what the request's bearer token opens, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return find_key(token.strip(), now=timezone.now())


#: After so long the use of a session is written down anew.
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

    def __call__(self, request: HttpRequest) -> HttpResponse:
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

    def _answer(self, request: HttpRequest) -> HttpResponse:
        reader = self._find_reader(request)
        request.reader = reader
        self._note_visit(request)
        # Asked now: a view may sign somebody in or out.
        was_signed_in = request.user.is_authenticated
        is_private = was_signed_in or request.path_info.startswith(GATE_PATHS)
        if not request.path_info.startswith(GATE_PATHS):
            enter(WEB, reader)
        self._speak(request, reader)
        with self._in_their_zone(reader):
            response = self.get_response(request)
        if is_private and not is_kept(response):
            # Nobody's page may be shown to somebody else by a cache on the way.
            add_never_cache_headers(response)
        if was_signed_in and not request.user.is_authenticated:
            # What the browser kept for these pages goes too, and the few pages that it may keep.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Nothing that a failed view wrote stays; the page that says so may still read."""
        request.has_failed = True

    def _find_reader(self, request: HttpRequest) -> Reader:
        if not request.user.is_authenticated:
            return STRANGER
        return get_reader_of_account(request.user.pk, today=timezone.now().date())

    def _note_visit(self, request: HttpRequest) -> None:
        # The time lies in the session, which is read anyway: most requests cost no query more.
        noted = request.session.get(SEEN_AT)
        now = timezone.now()
        if noted is None or now - datetime.fromtimestamp(noted, UTC) < _NOTED_EVERY:
            return
        if not request.user.is_authenticated:
            return
        note_visit(
            account_id=request.user.pk,
            key=request.session.session_key,
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
