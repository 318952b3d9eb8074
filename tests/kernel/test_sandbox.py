"""Reading other people's files in processes of their own."""

import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from proxeny.kernel.errors import Conflict
from proxeny.kernel.sandbox import (
    Limits,
    ReadingFailed,
    TooManyReadings,
    launching,
    read_apart,
    stream_apart,
    warm_up,
)
from tests.kernel import hostile
from tests.kernel.readings import no_place_left

_BRIEF = Limits(cpu_s=1, wall_s=60)


def test_values_come_back_as_they_were() -> None:
    found = read_apart(hostile.tell, b"a ", "word", returns=(hostile.Found, hostile.Inner))
    assert found == hostile.tell(b"a ", "word")


@pytest.mark.parametrize("value", [None, True, 7, 1.5, "ασφαλής\udc80\0", [1, ["x"], {"a": None}]])
def test_plain_values_pass_both_ways(value: Any) -> None:
    assert read_apart(hostile.give_back, b"", value) == value


def test_a_stream_comes_in_order_and_may_be_left(tmp_path: Path) -> None:
    assert list(stream_apart(hostile.count, b"x", 50_000)) == [[n, "x"] for n in range(50_000)]
    stream = stream_apart(hostile.count, b"x", 10**9)
    assert next(stream) == [0, "x"]
    stream.close()


def test_a_path_is_read_without_its_bytes_passing_through_us(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"there")
    assert read_apart(_read_path, file) == "there"


def _read_path(path: Path) -> str:
    return path.read_text(encoding="ascii")


def test_a_stream_is_read_by_its_descriptor_or_part_by_part(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    file = tmp_path / "a.bin"
    file.write_bytes(content)
    with file.open("rb") as near:
        assert read_apart(hostile.read_parts, near) == [content[:2], content[-3:]]
    # A file of a store on another host has no descriptor: it is read through this process.
    elsewhere = io.BytesIO(content)
    assert read_apart(hostile.read_parts, elsewhere) == [content[:2], content[-3:]]


def test_a_reading_asks_whether_to_go_on() -> None:
    assert read_apart(hostile.ask_until, b"", 100, go_on=lambda number: number < 7) == 7


def test_what_is_not_to_be_asked_ends_the_reading() -> None:
    with pytest.raises(ReadingFailed):
        read_apart(hostile.ask_for_more, b"secret")


@pytest.mark.parametrize(
    ("function", "cause", "logged"),
    [
        (hostile.hold, "memory", "allocation refused"),
        (hostile.ask_library_for_all, "memory", "aborted"),
        (hostile.spin, "time", "processor time"),
        (hostile.break_down, "fault", "ended with -11"),
        (hostile.stumble, "fault", "RuntimeError at"),
    ],
)
def test_a_reader_that_breaks_ends_alone_and_says_so_in_one_line(
    function: Any, cause: str, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(ReadingFailed) as caught:
        read_apart(function, b"a name: Ada Lovelace", limits=_BRIEF)
    assert caught.value.cause == cause
    assert str(caught.value).startswith("We couldn’t read this file")
    lines = [one.getMessage() for one in caplog.records if one.name == "proxeny.reading"]
    assert len(lines) == 1
    assert f"hostile:{function.__name__}: {logged}" in lines[0]
    assert "Ada" not in lines[0]
    assert read_apart(hostile.give_back, b"", 1) == 1


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(ReadingFailed, match="takes too long"):
        read_apart(hostile.sleep, b"", limits=Limits(wall_s=0.5))


def test_what_says_too_much_is_not_listened_to() -> None:
    with pytest.raises(ReadingFailed, match="too much memory"):
        read_apart(hostile.flood, b"", limits=Limits(output=1_000_000))


def test_refusals_pass_in_the_language_of_the_reader() -> None:
    with translation.override("fr"), pytest.raises(Conflict) as caught:
        read_apart(hostile.refuse, b"")
    assert (str(caught.value), caught.value.field) == ("Enregistrer", "file")
    with pytest.raises(hostile.Odd) as odd:
        read_apart(hostile.be_odd, b"", raises=(hostile.Odd,))
    assert odd.value.args == ("a word", 7)


def test_it_knows_no_secret_and_writes_nothing() -> None:
    found = read_apart(hostile.look_around, b"")
    known = {*launching._KNOWN, "OPENBLAS_NUM_THREADS", "LC_CTYPE"}
    assert set(found["environment"]) <= known
    assert not found["SECRET_KEY"]
    assert not found["KEY_STORE"]
    assert found["DATABASES"] in ("", "{}")
    assert found["wrote"] == 0
    others = [one for one in found["open"] if not one.startswith(("/dev/null", "/proc", "/memfd"))]
    assert len([one for one in others if one.startswith("socket:")]) <= 1


@pytest.mark.parametrize(
    "said",
    [
        b"cos\nsystem\n(S'touch /tmp/taken-over'\ntR.",
        b'["value", {"mark": "Found", "fields": {}}]',
        b"[" * 100_000,
        b'["raised", "SystemExit", [1], ""]',
        b'["refused", "logging", "x", null]',
        b'["value"]',
        b"\xff\xfe",
        b"{}",
    ],
)
def test_a_reader_that_was_taken_over_runs_nothing_here(said: bytes) -> None:
    try:
        found = read_apart(hostile.take_over, said, limits=_BRIEF, returns=(hostile.Found,))
    except ReadingFailed:
        return
    assert found == {"mark": "Found", "fields": {}}


def test_who_stops_listening_ends_the_reading() -> None:
    stream = stream_apart(hostile.process_id, b"")
    process = next(stream)
    assert _lives(process)
    stream.close()
    _await_end(process)


def test_readings_end_with_the_process_that_asked() -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", _ASKING],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert asking.stdout is not None
    server, reading = (int(word) for word in asking.stdout.readline().split())
    asking.kill()
    asking.wait()
    asking.stdout.close()
    _await_end(reading)
    _await_end(server)


_ASKING = """
import django; django.setup()
from proxeny.kernel.sandbox import launching, stream_apart
from tests.kernel import hostile
found = next(stream := stream_apart(hostile.process_id, b""))
print(launching._process.pid, found, flush=True)
import time; time.sleep(600)
"""


def test_a_server_that_was_killed_is_started_again() -> None:
    assert read_apart(hostile.give_back, b"", 1) == 1
    process = launching._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert read_apart(hostile.give_back, b"", 2) == 2


def test_of_too_many_at_once_the_last_is_refused_and_the_next_has_its_place() -> None:
    with no_place_left(), pytest.raises(TooManyReadings, match="Several other files"):
        read_apart(hostile.give_back, b"", 1)
    warm_up(at_once=1)
    try:
        assert read_apart(hostile.give_back, b"", 1) == 1
        with pytest.raises(ReadingFailed):
            read_apart(hostile.stumble, b"")
        assert read_apart(hostile.give_back, b"", 2) == 2
    finally:
        warm_up()


def test_several_read_at_once() -> None:
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda at=at: found.append(read_apart(hostile.give_back, b"", at)))
        for at in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == list(range(8))


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return False
    return state[0] != "Z"


def _await_end(process: int) -> None:
    for _ in range(600):
        if not _lives(process):
            return
        time.sleep(0.1)
    raise AssertionError("it goes on")
