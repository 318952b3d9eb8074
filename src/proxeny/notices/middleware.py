"""Reading of notifications by opening what they are about."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from proxeny.accounts.middleware import API_PATHS, GATE_PATHS
from proxeny.kernel.requests import Request
from proxeny.notices.operations import read_about

#: Nothing is read there: programs, and pages in the role of the gate.
_ELSEWHERE = (API_PATHS, *GATE_PATHS)
#: The most unread ones that a reader counts.
_MOST = 100


class OpenedMiddleware:
    """Mark the notices about a page as read when a person opens it.

    A person without unread notices costs no query. It comes before the page, so that the bell on it
    counts right, and in the same transaction: of a page that fails or is refused nothing is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer one request."""
        reader = request.reader
        if reader.unread and _is_opened(request):
            count = read_about(actor=reader, path=request.path, now=timezone.now())
            if count and reader.unread < _MOST:
                request.reader = replace(reader, unread=max(0, reader.unread - count))
        return self.get_response(request)


def _is_opened(request: Request) -> bool:
    """Whether a person looks at a page: no program, part of a page, or browser on its own."""
    if request.method != "GET" or request.path_info.startswith(_ELSEWHERE):
        return False
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose", "")
    is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    return is_page and "prefetch" not in purpose and not getattr(request, "htmx", False)
