"""Middleware for input that no request may contain."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError

from proxeny.kernel.plain_text import clean_form

#: Methods that send a request's own headers back.
_ECHOES = {"TRACE", "TRACK"}


class KeepableTextMiddleware:
    """Answer 400 to an address with a NUL in it: PostgreSQL keeps none, and nobody types one.

    Forms and bodies are checked field by field. TRACE is refused too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or refuse it."""
        if request.method in _ECHOES:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or b"\x00" in unquote_to_bytes(query):
            raise SuspiciousOperation("NUL in the address")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_args: Any) -> None:
        """Take out of a form what nobody sees. One whose size is watched while it streams in is
        cleaned there; programs' bodies are by their schemas."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            # A broken connection is reported where the form is read next.
            with suppress(UnreadablePostError):
                clean_form(request)
