"""Endpoints for monitoring: liveness, readiness and metrics."""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import resolve

from proxeny.kernel.health import check_readiness
from proxeny.kernel.metrics import CONTENT_TYPE, tell_metrics

PATHS = frozenset({"/health/live", "/health/ready", "/metrics"})


class ProbesFirst:
    """Answers probes before anything else: no session, no redirect to HTTPS, no database.

    A balancer asks over plain HTTP and by address, and wants an answer above all when the database
    gives none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or hand the request on."""
        if request.path_info not in PATHS:
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)
        response: HttpResponse = request.resolver_match.func(request)
        response["Cache-Control"] = "no-store"
        return response


@login_not_required
def answer_live(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def answer_ready(request: HttpRequest) -> HttpResponse:
    """Say whether database, migrations and a worker are there; 503 when one is not."""
    found = check_readiness()
    parts = {
        "ready": found.is_ready,
        "database": found.database,
        "migrations": found.migrations,
        "worker": found.worker,
    }
    return JsonResponse(parts, status=200 if found.is_ready else 503)


@login_not_required
def answer_metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to a caller with the token; 404 for everybody else."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    return HttpResponse(tell_metrics(), content_type=CONTENT_TYPE)
