"""`proxeny run` as a newcomer meets it: port taken, Ctrl-C, second start, data kept."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.conftest import start_product, stop_product

pytestmark = pytest.mark.e2e


def test_a_taken_port_gets_a_clear_message(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [str(Path(sys.executable).with_name("proxeny")), "run"],
            env={**os.environ, "PROXENY_HOME": str(tmp_path), "PORT": str(port)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr


def test_second_start_is_quick_and_ctrl_c_leaves_nothing_running(tmp_path):
    home = tmp_path / "a folder with spaces"
    home.mkdir()
    begin = time.monotonic()
    first = start_product(home, demo=False, empty=True)
    first_took = time.monotonic() - begin
    children = _descendants(first.process.pid)
    assert len(children) >= 3, "database, web server and worker"
    stop_product(first)
    assert first.process.returncode == 0
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []

    # A start that has nothing to prepare takes a part of the first one, however busy the machine.
    begin = time.monotonic()
    second = start_product(home, demo=False)
    second_took = time.monotonic() - begin
    stop_product(second)
    assert "Preparing the database" not in second.output()
    assert second_took < first_took, (first_took, second_took)


def _descendants(pid: int) -> list[int]:
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    parents = [tuple(map(int, line.split())) for line in table.stdout.splitlines()]
    found, front = [], [pid]
    while front:
        front = [child for child, parent in parents if parent in front]
        found += front
    return found


def test_a_killed_web_server_or_worker_is_started_again(tmp_path):
    product = start_product(tmp_path, demo=False)
    try:
        for name in ("granian", "proxeny worker"):
            victims = [pid for pid in _descendants(product.process.pid) if name in _command(pid)]
            assert victims, name
            os.kill(victims[0], signal.SIGKILL)
            deadline = time.monotonic() + 30
            while victims[0] in _running(product.process.pid, name) or not _running(
                product.process.pid, name
            ):
                assert time.monotonic() < deadline, name
                time.sleep(0.2)
        while not _answers(product.url):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        stop_product(product)
    assert product.process.returncode == 0


def _running(pid: int, name: str) -> list[int]:
    return [child for child in _descendants(pid) if name in _command(child)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/live", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
