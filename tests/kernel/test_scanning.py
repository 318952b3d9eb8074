"""The operator's virus scanner: a real clamd, with one signature of our own."""

import hashlib
import shutil
import socket
import subprocess
import threading
import time

import pytest

from proxeny.config.environment import BadEnvironment, read_environment
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files import check_file, scan_file
from tests.kernel.test_files import packed

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
BAD = b"This text stands for a virus: only our own signature knows it.\n"
NAME, FOUND, AWAY = "Tests.OwnSignature", "scanner found", "isn’t responding"
NOT_ALL = "couldn’t check all of it"
#: What our clamd takes of one stream, in bytes.
MOST = 1 << 20

needs_clamd = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed")


def _md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """A running clamd: its socket, and its port."""
    folder = tmp_path_factory.mktemp("clamd")
    folder.chmod(0o755)
    folder.joinpath("own.hdb").write_text(f"{_md5(BAD)}:{len(BAD)}:{NAME}\n")
    where, port = folder / "socket", _free_port()
    settings = folder / "clamd.conf"
    settings.write_text(
        f"Foreground yes\nDatabaseDirectory {folder}\nLocalSocket {where}\nTCPAddr 127.0.0.1\n"
        f"TCPSocket {port}\nStreamMaxLength {MOST}\nLogFile {folder}/log\n"
        f"TemporaryDirectory {folder}\n"
    )
    process = subprocess.Popen(
        [CLAMD, "--config-file", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not where.exists():
        assert process.poll() is None, folder.joinpath("log").read_text()
        time.sleep(0.05)
    yield str(where), ("127.0.0.1", port)
    process.terminate()
    process.wait()


@pytest.fixture(params=["socket", "port"])
def scanner(request, clamd, settings):
    """The site with the scanner, by either way."""
    settings.SCANNER = clamd[request.param == "port"]


@needs_clamd
def test_what_is_clean_is_taken(scanner):
    assert check_file("notes.txt", b"Nothing in it.").content == b"Nothing in it."
    scan_file("large.bin", (bytes(100_000) for _ in range(10)))
    scan_file("empty.txt", [])


@needs_clamd
def test_what_is_found_is_refused_by_name_and_logged_without_it(scanner, caplog):
    with pytest.raises(InvalidInput, match=rf"“notes.txt” wasn’t saved.*{FOUND} “{NAME}"):
        check_file("notes.txt", BAD)
    assert [(one.name, one.outcome) for one in caplog.records] == [("proxeny.scanner", "infected")]
    assert "notes" not in caplog.text


@needs_clamd
def test_it_is_found_in_pieces_and_in_an_archive(scanner):
    with pytest.raises(InvalidInput, match=FOUND):
        scan_file("pieces.txt", (BAD[at : at + 1] for at in range(len(BAD))))
    with pytest.raises(InvalidInput, match=FOUND):
        scan_file("package.zip", [packed(**{"inner/notes.txt": BAD})])


@needs_clamd
@pytest.mark.parametrize("pieces", [1, 64, 4096])
def test_what_is_too_large_for_it_was_not_scanned(scanner, settings, pieces):
    settings.SCANNER_MAY_BE_AWAY = True
    size = 4 * MOST
    with pytest.raises(InvalidInput, match=NOT_ALL):
        scan_file("large.bin", (bytes(size // pieces) for _ in range(pieces)))


@pytest.fixture
def away(settings, tmp_path):
    settings.SCANNER = str(tmp_path / "nobody")


def test_while_it_is_away_nothing_is_taken(away, caplog):
    with pytest.raises(InvalidInput, match=AWAY):
        check_file("notes.txt", b"Nothing in it.")
    assert [one.outcome for one in caplog.records] == ["away"]


def test_a_closed_port_is_away_too(settings):
    settings.SCANNER = ("127.0.0.1", _free_port())
    with pytest.raises(InvalidInput, match=AWAY):
        check_file("notes.txt", b"Nothing in it.")


def test_the_operator_may_have_files_taken_meanwhile(away, settings, caplog):
    settings.SCANNER_MAY_BE_AWAY = True
    assert check_file("notes.txt", b"Nothing in it.")
    assert [one.outcome for one in caplog.records] == ["away"]


def test_who_ends_without_an_answer_is_away(settings, tmp_path):
    settings.SCANNER = str(tmp_path / "mute")
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(settings.SCANNER)
        mute.listen()
        thread = threading.Thread(target=_hang_up, args=(mute,))
        thread.start()
        with pytest.raises(InvalidInput, match=AWAY):
            scan_file("notes.txt", [b"Nothing."])
        thread.join()


def _hang_up(mute):
    caller, _address = mute.accept()
    said = b""
    while not said.endswith(bytes(4)):
        said += caller.recv(65536)
    caller.close()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", None),
        ("clamd:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("clamd://scanner.example:3310", ("scanner.example", 3310)),
    ],
)
def test_where_it_listens(text, where):
    assert read_environment({"PROXENY_SCANNER": text})["PROXENY_SCANNER"] == where


@pytest.mark.parametrize("text", ["clamd", "clamd://host", "http://host:3310", "clamd://host:1/x"])
def test_what_is_no_place_is_named(text):
    with pytest.raises(BadEnvironment, match="PROXENY_SCANNER"):
        read_environment({"PROXENY_SCANNER": text})
    with pytest.raises(BadEnvironment, match="PROXENY_SCANNER_AWAY"):
        read_environment({"PROXENY_SCANNER_AWAY": "perhaps"})
