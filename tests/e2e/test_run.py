"""`proxeny run` as a newcomer meets it: port taken, Ctrl-C, second start, data kept."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxeny.config.postgres import SERVING_USER, EmbeddedServer
from proxeny.config.server import _static_digest
from proxeny.kernel.seal import APP
from tests.e2e.conftest import environment_of, free_port, start_product, stop_product

pytestmark = pytest.mark.e2e


def test_a_taken_port_gets_a_clear_message(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [str(Path(sys.executable).with_name("proxeny")), "run"],
            env={**os.environ, "PROXENY_HOME": str(tmp_path), "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
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
            deadline = time.monotonic() + 300
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


@pytest.mark.long
def test_a_killed_database_is_started_again_with_all_that_was_committed(tmp_path):
    product = start_product(tmp_path, demo=False)
    try:
        server = EmbeddedServer(tmp_path)
        with server._connect() as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        victims = [
            pid for pid in _running(product.process.pid, "postgres") if " -D " in _command(pid)
        ]
        os.kill(victims[0], signal.SIGKILL)
        deadline = time.monotonic() + 300
        while not ("database stopped" in product.output() and _answers(product.url, "ready")):
            assert time.monotonic() < deadline, product.output()
            time.sleep(0.2)
        assert victims[0] not in _running(product.process.pid, "postgres")
        with server._connect() as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    finally:
        stop_product(product)
    assert product.process.returncode == 0


def test_web_server_and_worker_sign_in_as_a_login_that_owns_nothing(tmp_path):
    product = start_product(tmp_path, demo=False)
    try:
        with urllib.request.urlopen(f"{product.url}/accounts/login/", timeout=60) as page:
            assert page.status == 200
        deadline = time.monotonic() + 120
        while not _answers(product.url, "ready"):
            assert time.monotonic() < deadline, "no worker is heard of"
            time.sleep(0.2)
        assert set(_signed_in(tmp_path)) == {APP}
        secret = (tmp_path / "database-secret").read_text()
        serving = [
            *_running(product.process.pid, "granian"),
            *_running(product.process.pid, "proxeny worker"),
        ]
        for pid in serving:
            environment = Path(f"/proc/{pid}/environ").read_text()
            assert f"DATABASE_URL=postgresql://{APP}:" in environment
            assert secret not in environment
    finally:
        stop_product(product)
    assert "as the owner" not in product.output()


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A state folder that other users can come near, as one of pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="proxeny-run-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="for root alone")
def test_started_by_root_it_serves_as_an_ordinary_user(open_home):
    product = start_product(open_home, demo=False)
    try:
        assert "Warning" not in product.output()
        user = pwd.getpwnam(SERVING_USER).pw_uid
        serving = [
            *_running(product.process.pid, "granian"),
            *_running(product.process.pid, "proxeny worker"),
            *_running(product.process.pid, "sandbox"),
        ]
        assert len(serving) > 2
        for pid in serving:
            assert {_user_of(pid)} == {user}, _command(pid)
        _found(open_home)
        _reset_password(product.url)
        mail = open_home / "mail"
        deadline = time.monotonic() + 120
        while not any(mail.iterdir()):
            assert time.monotonic() < deadline, product.output()
            time.sleep(0.2)
        _store_a_file(_running(product.process.pid, "proxeny worker")[0])
        for path in (mail, *mail.iterdir(), *(open_home / "packages").rglob("*")):
            assert path.stat().st_uid == user, path
        for name in ("database-secret", "app-secret", "secret-key"):
            found = (open_home / name).stat()
            assert (found.st_uid, found.st_mode & 0o777) == (0, 0o600), name
        made = _proxeny(open_home, "backup", str(open_home / "now.backup"))
        assert "Backup written and verified" in made
    finally:
        stop_product(product)
    assert product.process.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="for root alone")
@pytest.mark.long
def test_where_an_ordinary_user_cannot_come_root_serves_and_says_so(tmp_path):
    home = tmp_path / "closed"
    home.mkdir()
    tmp_path.chmod(0o700)
    product = start_product(home, demo=False)
    stop_product(product)
    assert "run as root, because the system user proxeny can't run them: " in product.output()
    assert f"it can't access {home}/mail" in product.output()


def _user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def _proxeny(home: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "proxeny", *arguments],
        env=environment_of(home, PROXENY_DEMO="0"),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    ).stdout


_STORE = """
import django, io
django.setup()
from proxeny.research.store import get_store, open_bytes
key = get_store().begin(5)
get_store().append(key, 0, io.BytesIO(b"bytes"))
print(open_bytes(get_store().finish(key)).read())
"""


def _store_a_file(worker: int) -> None:
    """Store a file with the user and the environment of a process that runs."""
    found = Path(f"/proc/{worker}/environ").read_text().split("\0")
    environment = dict(one.split("=", 1) for one in found if one)
    done = subprocess.run(
        [sys.executable, "-c", _STORE],
        env={**environment, "DJANGO_SETTINGS_MODULE": "proxeny.config.settings"},
        user=_user_of(worker),
        group=pwd.getpwuid(_user_of(worker)).pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "b'bytes'\n", done.stderr


def _found(home: Path) -> None:
    cluster = ("--cluster", "North", "--country", "GR")
    _proxeny(home, "found", *cluster, "--manager", "Ada", "--email", "ada@example.org")


def _reset_password(url: str) -> None:
    """Ask for a mail that sets a new password, as somebody at a browser does."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"{url}/accounts/password/reset/"
    page = opener.open(address, timeout=60).read().decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "email": "ada@example.org"})
    asked = urllib.request.Request(address, form.encode(), {"Referer": address})
    assert opener.open(asked, timeout=60).status == 200


def _signed_in(home: Path) -> list[str]:
    """Return who is signed in to the database of a product."""
    with EmbeddedServer(home)._connect() as connection:
        rows = connection.execute(
            "SELECT usename FROM pg_stat_activity"
            " WHERE datname = 'proxeny' AND backend_type = 'client backend'"
        )
        return [str(name) for (name,) in rows]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["web", "worker"])
def test_with_a_server_of_ones_own_each_process_knows_its_login_alone(tmp_path, command):
    from tests.kernel.workers import database_url, serving_url

    environment = {
        **environment_of(tmp_path, PORT=str(free_port()), DATABASE_URL=database_url()),
        "PROXENY_RUN_DATABASE_URL": serving_url(),
    }
    (tmp_path / "static-mark").write_text(_static_digest())
    process = subprocess.Popen(
        [sys.executable, "-m", "proxeny", command], env=environment, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 120
        told = Path(f"/proc/{process.pid}/environ")
        wanted = f"\0DATABASE_URL={environment['PROXENY_RUN_DATABASE_URL']}\0"
        while wanted not in f"\0{told.read_text()}":
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert environment["DATABASE_URL"] not in told.read_text()
        assert "PROXENY_RUN_DATABASE_URL" not in told.read_text()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_who_serves_as_the_owner_is_warned(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "proxeny", "worker"],
        env=environment_of(tmp_path, DATABASE_URL="postgresql://proxeny:x@127.0.0.1:9/none"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "sign in to the database as the owner of its tables" in done.stderr
    assert "Set PROXENY_RUN_DATABASE_URL to the login proxeny_app" in done.stderr


@pytest.mark.long
def test_what_a_killed_run_leaves_ends_and_the_next_one_starts(tmp_path):
    product = start_product(tmp_path, demo=False)
    children = _descendants(product.process.pid)
    names = " ".join(map(_command, children))
    assert all(name in names for name in ("postgres", "granian", "proxeny worker"))
    product.process.kill()
    product.process.wait()
    deadline = time.monotonic() + 120
    while left := [pid for pid in children if _lives(pid)]:
        assert time.monotonic() < deadline, [_command(pid) for pid in left]
        time.sleep(0.1)
    again = start_product(tmp_path, demo=False, port=int(product.url.rpartition(":")[2]))
    stop_product(again)
    assert again.process.returncode == 0


def test_the_next_run_need_not_wait_for_what_a_killed_one_leaves(tmp_path):
    product = start_product(tmp_path, demo=False)
    product.process.kill()
    product.process.wait()
    again = start_product(tmp_path, demo=False, port=int(product.url.rpartition(":")[2]))
    assert _answers(again.url, "ready")
    stop_product(again)
    assert again.process.returncode == 0


def _lives(pid: int) -> bool:
    """Whether a process runs: one that has ended may wait for somebody to take note of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _running(pid: int, name: str) -> list[int]:
    return [child for child in _descendants(pid) if name in _command(child)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _answers(url: str, health: str = "live") -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/{health}", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False
