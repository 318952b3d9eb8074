"""One API request: authentication and rate limit in one transaction, the work in another.

A response other than success leaves nothing behind, unless it says that it `stands`, that is, that
something was refused for good and is gone.
"""

from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

from proxeny.kernel.api.access import Key
from proxeny.kernel.api.errors import SecondFactorMissing, TooManyRequests
from proxeny.kernel.api.idempotency import answer_once
from proxeny.kernel.api.limits import Allowance, count_request, is_too_large
from proxeny.kernel.api.problems import problem_of, too_large, unreadable_body
from proxeny.kernel.errors import ProxenyError
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, acting_as

Answer = Callable[[Request], HttpResponse]


class _Undo(Exception):
    """Leaves the request's transaction so that nothing of it stays."""


def serve(
    request: Request, *, find_key: Callable[[Request], Key | None], get_response: Answer
) -> HttpResponse:
    """Answer one API request as the seat that its token acts for; without one as a stranger."""
    key, allowance = _enter(request, find_key)
    request.api_key = key
    request.reader = key.reader if key else STRANGER
    if key and key.reader.language and "Accept-Language" not in request.headers:
        translation.activate(key.reader.language)
    if allowance and allowance.is_spent:
        response = problem_of(
            TooManyRequests(_("Too many requests. Wait a minute, then try again."))
        )
    elif key and key.reader.lacks_factor:
        response = problem_of(
            SecondFactorMissing(
                _(
                    "%(cluster)s requires a second factor at sign-in. Until you set one up, your "
                    "programs have no access. Sign in on the site to set it up, and this token "
                    "will work again."
                )
                % {"cluster": key.reader.demand[0]}
            )
        )
    elif is_too_large(request):
        response = too_large()
    else:
        response = _work(request, key, get_response)
        response = _unchanged(request, response) or response
    if allowance:
        allowance.show(response)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _enter(
    request: Request, find_key: Callable[[Request], Key | None]
) -> tuple[Key | None, Allowance | None]:
    with acting_as(GATE):
        key = find_key(request)
        if key is None:
            return None, None
        with connection.cursor() as cursor:
            # A count that is lost in a power cut harms nobody; waiting for the disk would.
            cursor.execute("SET LOCAL synchronous_commit = off")
        return key, count_request(f"token:{key.token_id}")


def _work(request: Request, key: Key | None, get_response: Answer) -> HttpResponse:
    answers: list[HttpResponse] = []
    with suppress(_Undo), acting_as(WEB, key.reader if key else STRANGER):
        answers.append(_answer(request, key, get_response))
        if answers[0].status_code >= 400 and not getattr(answers[0], "stands", False):
            raise _Undo
    return answers[0]


def _answer(request: Request, key: Key | None, get_response: Answer) -> HttpResponse:
    if key is None:
        return get_response(request)
    try:
        return answer_once(request, token_id=key.token_id, answer=lambda: get_response(request))
    except ProxenyError as error:
        return problem_of(error)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as error:
        # The idempotency key's fingerprint reads the body before the route does.
        return unreadable_body(request, error)


def _unchanged(request: Request, response: HttpResponse) -> HttpResponse | None:
    if request.method != "GET" or response.status_code != 200 or response.streaming:
        return None
    etag = response.headers.get("ETag")
    if etag is None or "If-None-Match" not in request.headers:
        return None
    # Django's own reading of the conditional headers.
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if answer is not None and answer.status_code == 304 else None
