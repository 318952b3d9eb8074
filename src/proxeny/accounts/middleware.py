"""Every request runs in one transaction, as one reader, in an unprivileged database role."""

import zoneinfo
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from proxeny.accounts.queries import get_reader_of_account
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, Reader, acting_as, enter

#: Paths served in the gate's role: sign-in, second factors, invitations.
GATE_PATHS = ("/accounts/", "/invitations/")


class ReaderMiddleware:
    """Find the reader, take on the role, and undo all writes when the view fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request. The role is local to the transaction and gone after it."""
        with acting_as(GATE):
            reader = self._find_reader(request)
            request.reader = reader
            if not request.path.startswith(GATE_PATHS):
                enter(WEB, reader)
            with self._in_their_zone(reader):
                response = self.get_response(request)
            if not reader.is_stranger:
                # Nobody's page may be shown to somebody else by a cache on the way.
                add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Nothing that a failed view wrote stays."""
        if connection.in_atomic_block:
            transaction.set_rollback(True)

    def _find_reader(self, request: HttpRequest) -> Reader:
        if not request.user.is_authenticated:
            return STRANGER
        return get_reader_of_account(request.user.pk, today=timezone.now().date())

    def _in_their_zone(self, reader: Reader) -> "timezone.override":
        if reader.language and translation.get_language() is None:
            translation.activate(reader.language)
        try:
            zone = zoneinfo.ZoneInfo(reader.time_zone) if reader.time_zone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = None
        return timezone.override(zone or timezone.get_default_timezone())
