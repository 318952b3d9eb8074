"""Readiness: each part that fails is named, and nothing else."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client

from proxeny.kernel.health import LATELY_S, as_login

READY = {"ready": True, "database": "ok", "migrations": "ok", "worker": "ok"}


@pytest.fixture
def heard(db):
    """A worker that was heard of so many seconds ago."""

    def hear(seconds: int) -> None:
        with as_login() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers")
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - make_interval(secs => %s))",
                [seconds],
            )

    return hear


def _ready() -> tuple[int, dict]:
    answer = Client().get("/health/ready")
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()


def test_ready_with_database_migrations_and_a_worker(heard):
    heard(1)
    assert _ready() == (200, READY)


@pytest.mark.parametrize("seconds", [LATELY_S + 5, 100_000])
def test_a_worker_that_fell_silent_is_told(heard, seconds):
    heard(seconds)
    wanted = {**READY, "ready": False, "worker": f"not heard of for {LATELY_S} s"}
    assert _ready() == (503, wanted)


@pytest.mark.parametrize("app", ["kernel", "events", "procrastinate"])
def test_a_migration_that_is_missing_is_told(heard, app):
    heard(1)
    with as_login() as cursor:
        cursor.execute("SELECT max(name) FROM django_migrations WHERE app = %s", [app])
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = %s AND name = %s",
            [app, cursor.fetchone()[0]],
        )
    assert _ready() == (503, {**READY, "ready": False, "migrations": "not applied"})


def test_asking_leaves_the_role_as_it_was(heard):
    heard(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        before = cursor.fetchone()
        _ready()
        cursor.execute("SELECT current_setting('role')")
        assert cursor.fetchone() == before


def test_a_balancer_asks_by_address_and_over_plain_http(heard, settings):
    heard(1)
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["proxeny.example"]
    for path in ("/health/live", "/health/ready"):
        assert Client().get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert Client().get("/", headers={"Host": "proxeny.example"}).status_code == 301


def test_probes_ask_the_database_for_nothing_else(heard, django_assert_num_queries):
    heard(1)
    with django_assert_num_queries(0):
        assert Client().get("/health/live").content == b"ok\n"


ASK = """
import django; django.setup()
from django.test import Client
for path in ("/health/live", "/health/ready"):
    answer = Client().get(path)
    print(answer.status_code, answer.content.decode().strip())
"""


def test_without_a_database_the_process_lives_and_is_not_ready():
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:9/none",
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=30
    )
    live, ready = done.stdout.splitlines()
    assert live == "200 ok"
    assert ready.startswith("503 ")
    assert json.loads(ready[4:]) == {
        "ready": False,
        "database": "does not answer",
        "migrations": "unknown",
        "worker": "unknown",
    }
    assert "secret" not in done.stdout + done.stderr
