"""Ctrl-C while `proxeny run` prepares the database."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import environment_of
from tests.smtp import free_port

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_heard_while_the_database_is_prepared(tmp_path, number):
    log = tmp_path / "output.log"
    home = tmp_path / "home"
    home.mkdir()
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("proxeny")), "run"],
            stdout=output,
            stderr=output,
            env=environment_of(home, PORT=str(free_port()), PROXENY_DEMO="1"),
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 300
        while "Preparing the database" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        # In the middle of it: the tables are being made.
        time.sleep(1)
        asked = time.monotonic()
        process.send_signal(number)
        process.send_signal(number)
        assert process.wait(60) == 0
        took = time.monotonic() - asked
    finally:
        process.kill()
    told = log.read_text()
    assert "Traceback" not in told
    assert "Proxeny is ready" not in told
    # Until then it took as long as the preparation itself: half a minute with the demo.
    assert took < 8, told
    assert not list(home.rglob("postmaster.pid"))
