"""Over plain HTTP the API refuses before it looks at a token; pages lead on to HTTPS."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from proxeny.accounts.models import ApiToken
from proxeny.kernel.tenancy import SERVICE, enter

REFUSED = "urn:proxeny:problem:insecure"
PATH = "/api/v1/people/me"

ASK = """
import django; django.setup()
from django.test import Client
token = {"Authorization": "Bearer prx_secret"}
for path in ("/api/v1/people/me", "/api/v1/openapi.json", "/api/none", "/people/", "/health/live"):
    answer = Client().get(path, headers={"Host": "localhost", **token})
    print(answer.status_code, answer["Content-Type"], answer.get("Location", "-"))
"""


def test_as_installed_the_api_refuses_and_pages_redirect():
    """With a database that does not answer: nothing of the request is looked up."""
    environment = {
        **os.environ,
        "PROXENY_SECURE": "1",
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
        "DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:9/none",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines() == [
        *["403 application/problem+json -"] * 3,
        "301 text/html; charset=utf-8 https://localhost/people/",
        "200 text/plain -",
    ], done.stderr
    assert "prx_secret" not in done.stdout + done.stderr


@pytest.fixture
def https_only(settings):
    """A site behind a proxy that speaks HTTPS."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^api/"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_a_token_in_the_open_is_not_looked_at(
    world, call, https_only, django_assert_num_queries, method
):
    program = call(world.a.manager)
    with django_assert_num_queries(0):
        answer = program.send(method, PATH)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    body = json.loads(answer.content)
    assert (body["type"], body["status"]) == (REFUSED, 403)
    assert "HTTPS" in body["detail"]
    enter(SERVICE)
    assert ApiToken.objects.get().last_used_at is None


def test_over_https_and_through_the_proxy_it_is_answered(world, call, https_only):
    secret = call(world.a.manager).secret
    token = {"Authorization": f"Bearer {secret}"}
    for client in (Client(), Client(headers={"X-Forwarded-Proto": "http"})):
        assert client.get(PATH, headers=token).status_code == 403
    answer = Client(headers={"X-Forwarded-Proto": "https"}).get(PATH, headers=token)
    assert answer.status_code == 200, answer.content


def test_without_https_as_when_trying_it_at_home_the_api_answers(world, call):
    assert call(world.a.manager).get(PATH).status_code == 200
