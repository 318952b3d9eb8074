"""What is refused before the API is asked is a problem document too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from proxeny.kernel.api.problems import as_problem

PATHS = "/api/"


class ProblemsMiddleware:
    """Answer programs with problem documents where people would get a page.

    It stands before the middlewares that refuse: addresses that nobody may send, hosts that are
    not ours, addresses and methods that no route has.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and its answer back."""
        response = self.get_response(request)
        return as_problem(response) if request.path_info.startswith(PATHS) else response
