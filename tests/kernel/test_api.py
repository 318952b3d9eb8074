"""What every API route has in common: tokens, scopes, problems, limits, idempotency keys."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proxeny.accounts.models import ApiToken
from proxeny.accounts.queries import hash_token
from proxeny.kernel.api import limits
from proxeny.kernel.tenancy import SERVICE, enter

SECRET = "prx_secret"


def make_token(person, *, scopes=("people:read",), secret=SECRET, **values):
    seat = person.seats.get()
    values = {"expires_at": timezone.now() + timedelta(days=30)} | values
    return ApiToken.objects.create(
        person=person,
        seat=seat,
        name="A program",
        scopes=list(scopes),
        digest=hash_token(secret),
        hint=secret[-4:],
        **values,
    )


def bearer(secret=SECRET) -> dict:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_acts_for_its_seat(world):
    make_token(world.a.manager)
    answer = Client().get("/api/v1/people/me", headers=bearer())
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["person"], body["managed"]) == (world.a.manager.pk, [world.a.cluster.pk])
    assert answer["RateLimit-Remaining"] == str(limits.PER_MINUTE - 1)
    enter(SERVICE)
    assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("headers", [{}, bearer("prx_other"), {"Authorization": "Basic eDp5"}])
def test_without_a_token_in_force_nobody_enters(world, headers):
    make_token(world.a.manager)
    answer = Client().get("/api/v1/people/me", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["type"] == "urn:proxeny:problem:unauthenticated"


def test_a_session_opens_no_api(world, sign_in):
    assert sign_in(world.a.manager).get("/api/v1/people/me").status_code == 401


@pytest.mark.parametrize(
    "values",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_an_expired_or_revoked_token_is_dead(world, values):
    make_token(world.a.manager, **values)
    assert Client().get("/api/v1/people/me", headers=bearer()).status_code == 401


def test_a_token_dies_with_its_seat(world):
    make_token(world.a.manager)
    seat = world.a.manager.seats.get()
    seat.starts_on = seat.ends_on = timezone.now().date() - timedelta(days=1)
    seat.save()
    assert Client().get("/api/v1/people/me", headers=bearer()).status_code == 401


def test_a_token_without_the_scope_is_refused(world):
    make_token(world.a.manager, scopes=["directory:read"])
    answer = Client().get("/api/v1/people/me", headers=bearer())
    assert answer.status_code == 403
    assert json.loads(answer.content)["detail"] == "This token lacks the scope people:read."


def test_the_minute_runs_out_and_says_when_it_comes_back(world, monkeypatch):
    defaults = limits.count_request.__kwdefaults__ | {"limit": 2, "now": 600.0}
    monkeypatch.setattr(limits.count_request, "__kwdefaults__", defaults)
    make_token(world.a.manager)
    client = Client()
    codes = [client.get("/api/v1/people/me", headers=bearer()).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    last = client.get("/api/v1/people/me", headers=bearer())
    assert (last["RateLimit-Remaining"], last["Retry-After"]) == ("0", "60")


def test_the_description_is_open_and_names_scopes(db):
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/api/v1/people/me"]["get"]["x-scope"] == "people:read"


# ---- Bodies that are none


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", (400, 422)),
        (b"\xff\xfe", "application/json", (400, 422)),
        (b"[" * 100_000, "application/json", (400, 422)),
        (b"x" * (limits.LARGEST_BODY + 1), "application/json", (413,)),
        (b"x", "multipart/form-data", (400, 422)),
        (b"x", "multipart/form-data; boundary=" + "b" * 300, (400, 422)),
        (b"--b\r\n", "multipart/form-data; boundary=b", (400, 422)),
        (
            b"".join(
                b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n
                for n in range(5000)
            )
            + b"--b--\r\n",
            "multipart/form-data; boundary=b",
            (400, 422),
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_failure(
    world, call, headers, body, kind, status
):
    sent = {"Authorization": f"Bearer {call(world.a.manager).secret}", **headers}
    for path in ("/api/v1/directory/imports", "/api/v1/people/invitations"):
        answer = Client().generic("POST", path, body, content_type=kind, headers=sent)
        assert answer.status_code in status, (path, answer.content[:300])
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("length", ["99999999999", "1" * 40, "-1", "x"])
def test_a_body_announced_too_large_is_not_read(world, call, length):
    sent = {"Authorization": f"Bearer {call(world.a.manager).secret}"}
    answer = Client().generic(
        "POST",
        "/api/v1/directory/imports",
        b"x",
        content_type="multipart/form-data; boundary=b",
        headers=sent,
        CONTENT_LENGTH=length,
    )
    assert answer.status_code == 413
