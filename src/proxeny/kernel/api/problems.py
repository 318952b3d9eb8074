"""Errors as RFC 9457 problem documents; each message is the sentence a page would show."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from proxeny.kernel import errors
from proxeny.kernel.api import errors as api_errors
from proxeny.kernel.sandbox import TooManyReadings
from proxeny.kernel.shallow_json import TooDeep

logger = logging.getLogger(__name__)

#: Kind of refusal → status, name of the problem, title.
PROBLEMS: dict[type[Exception], tuple[int, str, str]] = {
    errors.NotFound: (404, "not-found", "Not found"),
    errors.NotAllowed: (403, "not-allowed", "Not allowed"),
    errors.InvalidInput: (422, "invalid-input", "Invalid input"),
    errors.Conflict: (409, "conflict", "Conflict"),
    TooManyReadings: (409, "too-many-readings", "Too many readings"),
    api_errors.PreconditionRequired: (428, "precondition-required", "Precondition required"),
    api_errors.PreconditionFailed: (412, "precondition-failed", "Precondition failed"),
    api_errors.SecondFactorMissing: (403, "second-factor-missing", "Second factor missing"),
    api_errors.ScopeMissing: (403, "scope-missing", "Scope missing"),
    api_errors.KeyReused: (422, "idempotency-key-reused", "Idempotency key reused"),
    api_errors.TooManyRequests: (429, "too-many-requests", "Too many requests"),
}


def problem(
    status: int, name: str, title: str, detail: str, *, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return one problem document. `errors` names fields by JSON pointer, each with a sentence."""
    body: dict[str, Any] = {
        "type": f"urn:proxeny:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="proxeny"'
    return response


def problem_of(error: errors.ProxenyError) -> HttpResponse:
    """Return the problem document of a refusal."""
    kinds = (PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)
    status, name, title = next(kinds, (400, "refused", "Refused"))
    fields = [{"pointer": f"#/{error.field}", "detail": str(error)}] if error.field else None
    return problem(status, name, title, str(error), errors=fields)


def as_problem(response: HttpResponse) -> HttpResponse:
    """Return the problem document in the place of a page that says what went wrong.

    Addresses and methods that no route has are answered before the API is asked.
    """
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.status_code < 400 or not is_page:
        return response
    if response.status_code == 405:
        answer = problem(405, "no-such-method", "No such method", _("This can’t be done here."))
        answer["Allow"] = response["Allow"]
        return answer
    if response.status_code == 404:
        return problem(404, "not-found", "Not found", _("There’s nothing at this address."))
    return problem(response.status_code, "refused", "Refused", _("This request was refused."))


def teach(api: NinjaAPI) -> None:
    """Have an API answer every error as a problem document."""
    answers = {
        errors.ProxenyError: lambda request, error: problem_of(error),
        ValidationError: _unreadable,
        AuthenticationError: _unknown,
        HttpError: _http,
        Http404: _missing,
        PermissionDenied: _refused,
        RequestDataTooBig: lambda request, error: too_large(),
        SuspiciousOperation: unreadable_body,
        MultiPartParserError: unreadable_body,
        UnreadablePostError: unreadable_body,
        # A form sent where JSON belongs, which the idempotency key's fingerprint has read.
        RawPostDataException: unreadable_body,
        DataError: _unkeepable,
        ProgrammingError: _refused_by_policy,
        IntegrityError: _collided,
        OperationalError: _not_now,
        Exception: _failed,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [
        {
            "pointer": _pointer(one.get("loc", ())),
            "detail": str(one.get("msg", "")).removeprefix("Value error, "),
        }
        for one in error.errors
    ]
    detail = _("Some of the data sent can’t be read; see `errors`.")
    return problem(422, "invalid-input", "Invalid input", detail, errors=found)


def _pointer(place: Any) -> str:
    # Ninja puts the source first, then the parameter's name: ("body", "facts", "name").
    parts = [str(part) for part in place]
    if parts[:1] == ["body"]:
        return "#/" + "/".join(parts[2:])
    return f"{parts[0] if parts else 'request'}:" + "/".join(parts[1:])


def _unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    detail = _("Send a valid token as `Authorization: Bearer …`.")
    return problem(401, "unauthenticated", "Unauthenticated", detail)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, TooDeep):
        return problem(400, "unreadable", "Unreadable", error.__cause__.msg)
    return problem(error.status_code, "refused", "Refused", str(error))


def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not-found", "Not found", _("There’s nothing at this address."))


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(403, "not-allowed", "Not allowed", _("You don’t have permission to do this."))


def too_large() -> HttpResponse:
    """Return the problem of a body that is larger than what is read."""
    return problem(413, "too-large", "Too large", _("This is larger than we accept."))


def insecure() -> HttpResponse:
    """Return the problem of a request over plain HTTP, whose token others may have read."""
    detail = _(
        "The API only works over HTTPS. A token sent over plain HTTP may have been read by "
        "others: revoke it and create a new one."
    )
    return problem(403, "insecure", "Insecure", detail)


def unreadable_body(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the problem of a body that is not what its headers say, or has too many parts."""
    if isinstance(error, RequestDataTooBig):
        return too_large()
    return problem(400, "unreadable", "Unreadable", _("The body of this request can’t be read."))


def _unkeepable(request: HttpRequest, error: Exception) -> HttpResponse:
    detail = _("A value is outside the range that can be stored.")
    return problem(422, "invalid-input", "Invalid input", detail)


def _refused_by_policy(request: HttpRequest, error: Exception) -> HttpResponse:
    if getattr(error.__cause__, "sqlstate", "") != "42501":
        return _failed(request, error)
    # A rule before the database's own should have said so; refusing is right all the same.
    logger.error("a row-level policy refused what no rule did", exc_info=error)
    return _refused(request, error)


def _collided(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.warning("a constraint refused what no rule did", exc_info=error)
    return problem(409, "conflict", "Conflict", _("This conflicts with existing data."))


def _not_now(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("the database did not answer", exc_info=error)
    response = problem(503, "unavailable", "Unavailable", _("Please try again in a moment."))
    response["Retry-After"] = "2"
    return response


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("an API request failed", exc_info=error)
    detail = _("Something went wrong on our side. Nothing was changed.")
    return problem(500, "failed", "Failed", detail)
