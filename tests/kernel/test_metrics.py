"""Figures: for who brings the token, and the same whichever web process answers."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from proxeny.kernel.health import as_login
from proxeny.kernel.models import Job, Mail
from tests.kernel.workers import database_url
from tests.smtp import free_port

TOKEN = "a-token-for-the-collector"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def _figures(text: str) -> dict[str, float]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.fixture
def figures(db, settings):
    """Ask for the figures as the collector does."""
    settings.METRICS_TOKEN = TOKEN

    def ask() -> dict[str, float]:
        answer = Client().get("/metrics", headers=BEARER)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return _figures(answer.content.decode())

    return ask


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer other"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer \u00e9"},
    ],
)
def test_without_the_token_there_is_no_such_page(db, settings, headers):
    settings.METRICS_TOKEN = TOKEN
    answer = Client().get(f"/metrics?token={TOKEN}", headers=headers)
    assert (answer.status_code, answer.content) == (404, b"not found\n")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer"}])
def test_no_token_is_set_so_nobody_has_it(db, settings, headers):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers=headers).status_code == 404


def test_requests_are_counted_by_route_and_status(figures, world, sign_in):
    names = (
        'proxeny_requests_total{method="GET",route="directory:detail",status="200"}',
        'proxeny_requests_total{method="GET",route="none",status="404"}',
        'proxeny_requests_total{method="other",route="home",status="405"}',
        'proxeny_request_seconds_count{route="directory:detail"}',
        'proxeny_request_seconds_bucket{le="+Inf",route="directory:detail"}',
    )
    before = figures()
    client = sign_in(world.a.manager)
    for one in world.a.members[:2]:
        client.get(f"/directory/{one.pk}/")
    client.get("/no/such/page")
    client.generic("BREW", "/")
    after = figures()
    grown = [after.get(name, 0) - before.get(name, 0) for name in names]
    assert grown[:2] == [2, 1]
    assert grown[3:] == [2, 2]
    assert not [name for name in after if "BREW" in name or "/" in name.replace("+Inf", "")]


def test_work_is_read_from_the_database(figures):
    earlier = timezone.now() - timedelta(seconds=90)
    for number, state in enumerate(("queued", "queued", "failed", "done")):
        Job.objects.create(kind="events.solve", key=str(number), state=state, created_at=earlier)
    for number, error in enumerate(("", "", "", "refused")):
        Mail.objects.create(
            key=str(number),
            recipient="a@b.example",
            subject="",
            text="",
            error=error,
            created_at=earlier,
        )
    Mail.objects.create(key="s", recipient="a@b.example", subject="", text="", sent_at=earlier)
    with as_login() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES"
            " (now()), (now()), (now() - interval '1 hour')"
        )
    found = figures()
    assert found['proxeny_jobs{kind="events.solve",state="queued"}'] == 2
    assert found['proxeny_jobs{kind="events.solve",state="failed"}'] == 1
    assert found['proxeny_mails{state="waiting"}'] == 3
    assert found['proxeny_mails{state="failed"}'] == 1
    assert found['proxeny_mails{state="sent"}'] == 1
    assert found["proxeny_mails_written"] == 5, "sent, waiting and given up"
    assert found["proxeny_jobs_written"] == 4
    assert found['proxeny_unqueued{what="mails"}'] == 3
    assert found['proxeny_unqueued{what="jobs"}'] == 2
    assert 89 < found["proxeny_oldest_waiting_job_seconds"] < 600
    assert 89 < found["proxeny_oldest_waiting_mail_seconds"] < 600
    assert found["proxeny_workers_alive"] == 2
    assert found["proxeny_database_up"] == 1


def test_nothing_waits_and_nobody_is_named(figures, world, sign_in):
    manager, member = world.a.manager, world.a.members[0]
    sign_in(manager).get("/directory/", {"q": member.name})
    found = figures()
    assert found["proxeny_oldest_waiting_job_seconds"] == 0
    text = " ".join(found)
    private = ("@", manager.name, manager.account.email, member.name, world.a.cluster.name)
    assert [one for one in private if one in text] == []


@contextmanager
def _web(home: Path, log: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PROXENY_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
        "PROXENY_METRICS_TOKEN": TOKEN,
        "PROXENY_LOG_FORMAT": "json",
        "PROXENY_SECRET_KEY": configured.SECRET_KEY,
    }
    programs = Path(sys.executable).parent
    collect = [programs / "proxeny", "manage", "collectstatic", "--noinput"]
    subprocess.run(collect, env=environment, check=True, capture_output=True)
    command = [
        programs / "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "2",
        "--log-level",
        "error",
        "--respawn-failed-workers",
        "proxeny.config.wsgi:application",
    ]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env=environment, stderr=stream, stdout=stream, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _get(port: int, path: str) -> str:
    asking = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=BEARER)
    with urllib.request.urlopen(asking, timeout=10) as answer:
        return answer.read().decode()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _get(port, "/health/live")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the web server does not answer")


HOME = 'proxeny_requests_total{method="GET",route="home",status="200"}'


def _counting(folder: Path) -> set[int]:
    """Return the processes that have counted something."""
    return {int(one.stem.rpartition("_")[2]) for one in folder.glob("metrics/*/counter_*.db")}


def _ask_until_both_counted(port: int, home: Path, count: int = 2) -> int:
    asked = 0
    while len(_counting(home)) < count:
        _get(port, "/")
        asked += 1
        assert asked < 500, "one process answers everything"
    return asked


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_count_as_one_and_a_killed_one_is_not_forgotten(tmp_path):
    home, log, port = tmp_path / "home", tmp_path / "log", free_port()
    gone = home / "metrics" / f"{os.uname().nodename}-4194999"
    gone.mkdir(parents=True)
    with _web(home, log, port):
        _wait(port)
        total = _ask_until_both_counted(port, home)
        assert {_figures(_get(port, "/metrics"))[HOME] for _ in range(12)} == {total}
        assert not gone.exists(), "figures of a server that ended"

        os.kill(min(_counting(home)), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while len(_counting(home)) < 3:
            assert time.monotonic() < deadline, "no process took the killed one's place"
            try:
                _get(port, "/")
                total += 1
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        assert {_figures(_get(port, "/metrics"))[HOME] for _ in range(6)} == {total}
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    homes = [line for line in lines if line.get("route") == "home"]
    assert len(homes) == total
    assert all(re.fullmatch(r"[0-9a-f]{32}", line["request_id"]) for line in homes)
    assert TOKEN not in log.read_text()
