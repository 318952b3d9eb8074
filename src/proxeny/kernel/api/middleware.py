"""Problem documents for requests that are refused before they reach the API."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from proxeny.kernel.api.problems import as_problem, insecure

PATHS = "/api/"


class ProblemsMiddleware:
    """Answer programs with problem documents where people would get a page.

    It stands before the middlewares that refuse: addresses that are never valid, hosts that are
    not ours, addresses and methods that no route has.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and its answer back; refuse a program that speaks plain HTTP."""
        if not request.path_info.startswith(PATHS):
            return self.get_response(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return insecure()
        return as_problem(self.get_response(request))
