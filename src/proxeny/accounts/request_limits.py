"""Rate limits on expensive requests, by person, program and network address.

One table, counted in fixed windows. Requests whose cost is known in advance are refused before the
work: a file upload, a search, an invitation. Others are counted by their result: a file download, a
token or a link that is invalid. Once the limit is exceeded, the refusal replaces the response; a
valid token or link still works from the same address.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.core.internal.ratelimit import get_ip
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from proxeny.accounts.queries import hash_token
from proxeny.kernel.api.errors import TooManyRequests
from proxeny.kernel.api.limits import Allowance, count_request
from proxeny.kernel.api.middleware import PATHS as API_PATHS
from proxeny.kernel.api.problems import problem_of
from proxeny.kernel.tenancy import GATE, acting_as


@dataclass(frozen=True, slots=True)
class Limit:
    """Maximum number of requests in a window: by one person or program, and by one network address.

    An office, a hotel or a venue shares one address. No `person`: the caller is unknown.
    """

    person: int | None
    address: int
    window_s: int


#: `docs/reference/security.md` shows this table; a test keeps the two equal.
LIMITS = {
    "upload": Limit(200, 1000, 3600),
    "search": Limit(240, 2400, 60),
    "invitation": Limit(300, 1000, 3600),
    "export": Limit(300, 1500, 3600),
    "bad token": Limit(None, 600, 600),
    "bad link": Limit(None, 300, 600),
}

_INVITES = re.compile(r"/(?:invite|invitations|resend|hand-over)/?\Z")
#: Of a body that is refused so much is read, so that the browser shows the answer.
_DRAINED = 32 * 1024 * 1024


class LimitsMiddleware:
    """Middleware that counts requests, and refuses with 429 and the time to wait.

    It runs outside a request's transaction: each count is kept at once, whatever happens to the
    request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless there were too many of its kind."""
        for kind in _kinds_of(request):
            if (spent := _count(request, kind)) is not None:
                return _refuse(request, spent)
        response = self.get_response(request)
        told = _kind_of_answer(request, response)
        if told and (spent := _count(request, told)) is not None:
            return _refuse(request, spent)
        return response


def _kinds_of(request: HttpRequest) -> Iterator[str]:
    if request.method in {"POST", "PUT"}:
        if request.content_type == "multipart/form-data":
            yield "upload"
        if _INVITES.search(request.path_info):
            yield "invitation"
    elif request.GET.get("q"):
        yield "search"


def _kind_of_answer(request: HttpRequest, response: HttpResponse) -> str | None:
    if response.status_code == 401 and request.path_info.startswith(API_PATHS):
        return "bad token" if request.headers.get("Authorization") else None
    if response.status_code == 404 and request.resolver_match is not None:
        return "bad link" if "token" in request.resolver_match.kwargs else None
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    return "export" if is_file and response.status_code == 200 else None


def _count(request: HttpRequest, kind: str) -> Allowance | None:
    """Count one; return the allowance that is spent, if one is."""
    limit = LIMITS[kind]
    counted = [(f"address:{get_ip(request)}", limit.address)]
    with acting_as(GATE):
        person = _person_of(request)
        if limit.person is not None and person:
            counted.append((person, limit.person))
        with connection.cursor() as cursor:
            # As for tokens: a count that is lost in a power cut harms nobody.
            cursor.execute("SET LOCAL synchronous_commit = off")
        left = [
            count_request(f"{kind}:{who}"[:100], limit=most, window_s=limit.window_s)
            for who, most in counted
        ]
    return max((one for one in left if one.is_spent), default=None, key=lambda one: one.resets_in_s)


def _person_of(request: HttpRequest) -> str:
    """Return the caller, as far as known before the reader is loaded: account or token hash."""
    if request.path_info.startswith(API_PATHS):
        token = request.headers.get("Authorization", "").partition(" ")[2].strip()
        return f"token:{hash_token(token)}" if token else ""
    account = request.session.get(SESSION_KEY)
    return f"account:{account}" if account else ""


def _refuse(request: HttpRequest, spent: Allowance) -> HttpResponse:
    _drain(request)
    minutes = -(-spent.resets_in_s // 60)
    if request.path_info.startswith(API_PATHS):
        response = problem_of(
            TooManyRequests(
                _("Too many requests of this kind. Wait %(seconds)s seconds, then continue.")
                % {"seconds": spent.resets_in_s}
            )
        )
    else:
        with acting_as(GATE):
            response = render(request, "429.html", {"minutes": minutes}, status=429)
        add_never_cache_headers(response)
    response["Retry-After"] = str(spent.resets_in_s)
    return response


def _drain(request: HttpRequest) -> None:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and len(announced) < 12 and int(announced) <= _DRAINED:
        while request.read(1 << 20):
            pass
