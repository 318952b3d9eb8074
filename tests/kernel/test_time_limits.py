"""A request that takes too long is ended, and says so; the next one is answered."""

import logging

import pytest
from django.db import connection
from django.test import Client

from proxeny.kernel import time_limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _slow_pages(settings):
    settings.ROOT_URLCONF = "tests.kernel.slow_pages"
    # The first request loads all pages.
    assert Client().get("/answer/").content == b"done"
    settings.REQUEST_SECONDS = 2


def test_a_page_that_goes_on_is_ended_with_a_sentence(settings, caplog):
    client = Client()
    with caplog.at_level(logging.ERROR):
        found = client.get("/spin/")
    assert found.status_code == 503
    assert "This took too long" in found.content.decode()
    assert [one for one in caplog.messages if "a request took too long at" in one]
    settings.REQUEST_SECONDS = 600
    assert client.get("/answer/").content == b"done"


def test_a_program_gets_a_problem_document():
    found = Client().get("/api/v1/spin")
    assert (found.status_code, found["Content-Type"]) == (503, "application/problem+json")
    assert found.json()["type"] == "urn:proxeny:problem:too-long"


def test_a_query_that_goes_on_is_cancelled():
    found = Client().get("/ask/")
    assert found.status_code == 503
    assert "This took too long" in found.content.decode()


def test_the_web_server_limits_each_query(settings):
    settings.REQUEST_SECONDS = 7
    time_limits._limit_statements(connection=connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("7s",)
        cursor.execute("RESET statement_timeout")


def test_what_is_streamed_takes_its_time():
    assert b"".join(Client().get("/stream/").streaming_content) == b"x" * 30


def test_a_body_that_comes_in_slowly_has_more_time(rf):
    request = rf.post("/", b"x" * 200_000, content_type="text/plain")
    assert time_limits._body_s(request) == 4
    request.META["CONTENT_LENGTH"] = "much"
    assert time_limits._body_s(request) == 0
