"""Files go in piece by piece, come out in ranges, and a wrong one leaves nothing."""

import hashlib
import io
import random
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proxeny.engine.package import (
    MOST_BYTES,
    FolderStore,
    Refused,
    Store,
    UploadConflict,
    UploadUnknown,
    keep,
)

TEXT = b"year,exports\n2024,17\n2025,21\n"
SHA = hashlib.sha256(TEXT).hexdigest()
LATER = datetime.now(UTC) + timedelta(days=1)


def is_empty(store: Store) -> bool:
    """Tell whether nothing at all is left in a store."""
    if isinstance(store, FolderStore):
        return not [path for path in store._files.parent.rglob("*") if path.is_file()]
    return not list(store._listed("tests/"))


class Broken:
    """A stream that breaks after some bytes."""

    def __init__(self, content: bytes) -> None:
        self.rest = io.BytesIO(content)

    def read(self, size: int) -> bytes:
        piece = self.rest.read(min(size, 3))
        if not piece:
            raise ConnectionResetError
        return piece


def test_a_file_goes_in_and_comes_out(store):
    key = store.begin(len(TEXT), sha256=SHA, name="exports.csv")
    assert store.state(key).received == 0
    upload = store.append(key, 0, io.BytesIO(TEXT))
    assert (upload.name, upload.size, upload.received) == ("exports.csv", len(TEXT), len(TEXT))
    assert store.finish(key) == SHA
    assert b"".join(store.read(SHA)) == TEXT
    assert store.size(SHA) == len(TEXT)
    with pytest.raises(UploadUnknown):
        store.state(key)


def test_an_upload_goes_on_where_its_stream_broke(store):
    key = store.begin(len(TEXT), sha256=SHA)
    with pytest.raises(ConnectionResetError):
        store.append(key, 0, Broken(TEXT[:10]))
    assert store.state(key).received == 10
    with pytest.raises(UploadConflict) as refused:
        store.append(key, 0, io.BytesIO(TEXT))
    assert refused.value.received == 10
    with pytest.raises(UploadConflict) as early:
        store.finish(key)
    assert early.value.received == 10
    store.append(key, 10, io.BytesIO(TEXT[10:]))
    assert store.finish(key) == SHA


def test_an_empty_file_is_a_file(store):
    empty = hashlib.sha256(b"").hexdigest()
    assert keep(store, io.BytesIO(), 0, sha256=empty) == empty
    assert list(store.read(empty)) == []
    assert store.size(empty) == 0


def test_a_wrong_checksum_leaves_nothing(store):
    key = store.begin(len(TEXT), sha256="0" * 64, name="exports.csv")
    store.append(key, 0, io.BytesIO(TEXT))
    with pytest.raises(Refused) as refused:
        store.finish(key)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("checksum", "exports.csv")
    assert problem.params == {"expected": "0" * 64, "found": SHA}
    assert is_empty(store)


def test_more_bytes_than_announced_leave_nothing(store):
    key = store.begin(5, name="exports.csv")
    with pytest.raises(Refused) as refused:
        store.append(key, 0, io.BytesIO(b"123456"))
    assert refused.value.problems[0].code == "too_long"
    assert is_empty(store)


def test_an_upload_that_is_given_up_leaves_nothing(store):
    key = store.begin(len(TEXT))
    store.append(key, 0, io.BytesIO(TEXT[:4]))
    store.abort(key)
    store.abort(key)
    assert is_empty(store)
    with pytest.raises(UploadUnknown):
        store.append(key, 4, io.BytesIO(TEXT[4:]))


def test_of_two_writers_one_wins_and_the_other_learns_where_to_go_on(store):
    key = store.begin(len(TEXT), sha256=SHA)
    first_waits, second_is_done = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            first_waits.set()
            assert second_is_done.wait(30)
            return super().read(size)

    outcomes = []

    def write(stream: io.BytesIO) -> None:
        try:
            outcomes.append(store.append(key, 0, stream).received)
        except UploadConflict as conflict:
            outcomes.append(conflict)

    slow = threading.Thread(target=write, args=(Slow(TEXT[:20]),))
    slow.start()
    assert first_waits.wait(30)
    write(io.BytesIO(TEXT[:12]))
    second_is_done.set()
    slow.join(30)
    won = [one for one in outcomes if isinstance(one, int)]
    refused = [one.received for one in outcomes if isinstance(one, UploadConflict)]
    assert len(won) == len(refused) == 1
    received = store.state(key).received
    assert received == won[0]
    # Told while the winner still writes, the other is sent back to a place that may have moved on.
    assert refused[0] <= received
    store.append(key, received, io.BytesIO(TEXT[received:]))
    assert store.finish(key) == SHA


def test_a_cut_download_goes_on(store):
    keep(store, io.BytesIO(TEXT), len(TEXT))
    assert b"".join(store.read(SHA, 5, 8)) == TEXT[5:13]
    assert b"".join(store.read(SHA, 20)) == TEXT[20:]
    assert b"".join(store.read(SHA, len(TEXT))) == b""
    assert b"".join(store.read(SHA, 20, 10_000)) == TEXT[20:]


def test_a_part_that_no_file_has_is_refused(store):
    keep(store, io.BytesIO(TEXT), len(TEXT))
    for offset, length in ((-1, None), (0, -1)):
        with pytest.raises(ValueError, match="offset and length"):
            store.read(SHA, offset, length)


def test_a_file_can_be_sought_in(store):
    content = random.Random(1).randbytes(3_000_000)
    sha = keep(store, io.BytesIO(content), len(content))
    with store.open(sha) as file:
        assert file.seek(-22, io.SEEK_END) == len(content) - 22
        assert file.read() == content[-22:]
        file.seek(1_500_000)
        assert file.read(10) == content[1_500_000:1_500_010]


def test_what_is_not_kept_is_said_at_once(store):
    for ask in (store.read, store.open):
        with pytest.raises(KeyError):
            ask("1" * 64)
    assert store.size("1" * 64) is None
    store.delete("1" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, SHA + "/x", "é" * 64])
def test_no_name_leads_out_of_the_store(store, name):
    for ask in (store.read, store.open, store.size, store.delete):
        with pytest.raises(KeyError):
            ask(name)
    for ask in (store.state, store.finish, store.abort):
        with pytest.raises(UploadUnknown):
            ask(name)


@pytest.mark.parametrize("size", [-1, MOST_BYTES + 1])
def test_an_impossible_size_is_refused(store, size):
    with pytest.raises(Refused) as refused:
        store.begin(size)
    assert refused.value.problems[0].code == "size"
    with pytest.raises(Refused) as refused:
        store.begin(1, sha256="x")
    assert refused.value.problems[0].code == "sha256"
    assert is_empty(store)


def test_a_dropped_file_is_gone(store):
    keep(store, io.BytesIO(TEXT), len(TEXT))
    store.delete(SHA)
    assert is_empty(store)


def test_uploads_that_nobody_goes_on_with_are_cleaned_away(store):
    key = store.begin(len(TEXT))
    store.append(key, 0, io.BytesIO(TEXT[:4]))
    store.begin(7)
    kept = keep(store, io.BytesIO(TEXT), len(TEXT))
    assert store.clean(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.state(key).received == 4
    assert store.clean(LATER) == 2
    with pytest.raises(UploadUnknown):
        store.state(key)
    assert store.size(kept) == len(TEXT)


def test_many_pieces_of_every_size_come_together(store):
    dice = random.Random(2)
    content = dice.randbytes(23_000_001)
    sha = hashlib.sha256(content).hexdigest()
    key = store.begin(len(content), sha256=sha)
    at = 0
    while at < len(content):
        length = dice.choice([700, 400_000, 6_000_000, 9_000_000])
        at = store.append(key, at, io.BytesIO(content[at : at + length])).received
    assert store.finish(key) == sha
    assert b"".join(store.read(sha)) == content


MEMORY = """
import hashlib, random, sys
from pathlib import Path
from proxeny.engine.package import FolderStore

class Made:
    def __init__(self, start, size, cut):
        self.at, self.size, self.cut = start, size, cut
    def read(self, most):
        if self.at >= self.cut:
            raise ConnectionResetError
        most = min(most, self.size - self.at, self.cut - self.at, 65536 - self.at % 65536)
        piece = random.Random(self.at // 65536).randbytes(65536)[self.at % 65536:][:most]
        self.at += len(piece)
        return piece

size = int(sys.argv[2])
store = FolderStore(Path(sys.argv[1]))
key = store.begin(size)
cut = size // 2 + 12345
try:
    store.append(key, 0, Made(0, size, cut))
except ConnectionResetError:
    pass
assert store.state(key).received == cut
store.append(key, cut, Made(cut, size, size + 1))
kept = store.finish(key)
digest, middle = hashlib.sha256(), size // 3
for piece in store.read(kept, 0, middle):
    digest.update(piece)
for piece in store.read(kept, middle):
    digest.update(piece)
assert digest.hexdigest() == kept
# Not getrusage: its highest memory begins with that of the process which started this one.
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def test_a_large_file_does_not_fill_the_memory(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path), str(64 << 20)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 100_000


def test_what_is_kept_is_told_by_when_it_came(store):
    assert list(store.kept(LATER)) == []
    keep(store, io.BytesIO(TEXT), len(TEXT))
    assert list(store.kept(LATER)) == [SHA]
    assert list(store.kept(datetime.now(UTC) - timedelta(hours=1))) == []
    store.delete(SHA)
    assert list(store.kept(LATER)) == []
