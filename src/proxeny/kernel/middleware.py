"""What no request may hold."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

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
