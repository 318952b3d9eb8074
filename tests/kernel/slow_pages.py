"""Addresses of pages that take too long, for the tests of the time limit."""

import time

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from proxeny.config.urls import urlpatterns as own


def _spin() -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until:
        pass


@login_not_required
def spin(request: HttpRequest) -> HttpResponse:
    try:
        _spin()
    except Exception:
        return HttpResponse("kept on")
    return HttpResponse("done")


@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 300")
        cursor.execute("SELECT pg_sleep(600)")
    return HttpResponse("done")


@login_not_required
def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@login_not_required
def stream(request: HttpRequest) -> StreamingHttpResponse:
    def pieces():
        for _ in range(30):
            time.sleep(0.1)
            yield b"x"

    return StreamingHttpResponse(pieces())


urlpatterns = [
    path("spin/", spin),
    path("ask/", ask),
    path("answer/", answer),
    path("stream/", stream),
    path("api/v1/spin", spin),
    *own,
]
