"""The store in a folder on disk."""

import contextlib
import fcntl
import hashlib
import io
import json
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from proxeny.engine.package.problems import Refused
from proxeny.engine.package.store import (
    PIECE,
    Readable,
    Upload,
    UploadConflict,
    UploadUnknown,
    check_announced,
    check_content,
    check_digest,
    check_key,
    check_range,
    too_long,
)

__all__ = ["FolderStore"]


class FolderStore:
    """Files in a folder, each under its checksum; several processes may write at once.

    Parameters
    ----------
    folder : Path
        It is made, readable by nobody else.
    """

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._uploads = folder / "uploads"
        for one in (folder, self._files, self._uploads):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    def begin(self, size: int, *, sha256: str | None = None, name: str = "") -> str:
        """Begin an upload and return its key."""
        check_announced(size, sha256)
        key = secrets.token_hex(16)
        self._part(key).touch(mode=0o600)
        # Last: an upload exists as soon as its record does.
        with _new(self._record(key)) as record:
            record.write(json.dumps({"name": name, "size": size, "sha256": sha256}).encode())
        return key

    def append(self, key: str, offset: int, stream: Readable) -> Upload:
        """Take bytes from a stream until it ends, and return how far the upload is."""
        upload = self.state(key)
        with self._claimed(key) as part:
            received = part.seek(0, os.SEEK_END)
            if offset != received:
                raise UploadConflict(received)
            try:
                fits = _pour(stream, part, upload.size - received)
            finally:
                part.flush()
                os.fsync(part.fileno())
        if not fits:
            self.abort(key)
            raise too_long(upload)
        return self.state(key)

    def state(self, key: str) -> Upload:
        """Return how far an upload is."""
        try:
            record = json.loads(self._record(check_key(key)).read_bytes())
            received = self._part(key).stat().st_size
        except FileNotFoundError:
            raise UploadUnknown(key) from None
        return Upload(key, record["name"], record["size"], record["sha256"], received)

    def finish(self, key: str) -> str:
        """Check a whole upload, keep its file, and return its checksum."""
        upload = self.state(key)
        with self._claimed(key) as part:
            if part.seek(0, os.SEEK_END) != upload.size:
                raise UploadConflict(part.tell())
            part.seek(0)
            found = hashlib.file_digest(part, "sha256").hexdigest()
            try:
                check_content(upload, found)
            except Refused:
                self.abort(key)
                raise
            self._settle(key, found)
            self.abort(key)
        return found

    def abort(self, key: str) -> None:
        """Give an upload up."""
        self._record(check_key(key)).unlink(missing_ok=True)
        self._part(key).unlink(missing_ok=True)

    def size(self, sha256: str) -> int | None:
        """Return how long a file is, or None if it is not kept."""
        try:
            return self._file(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, sha256: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return an iterator over a part of a file in pieces."""
        check_range(offset, length)
        # Opened here, not with the first piece, so that a missing file is reported at once.
        return _pieces(self.open(sha256), offset, length)

    def open(self, sha256: str) -> BinaryIO:
        """Return a file to read and seek in."""
        try:
            return self._file(sha256).open("rb")
        except FileNotFoundError:
            raise KeyError(sha256) from None

    def delete(self, sha256: str) -> None:
        """Drop a file."""
        self._file(sha256).unlink(missing_ok=True)

    def clean(self, before: datetime) -> int:
        """Give up all uploads that got no bytes since a moment; return how many."""
        stale = set()
        for path in self._uploads.iterdir():
            with contextlib.suppress(FileNotFoundError):
                part = self._part(path.stem)
                touched = part.stat() if part.exists() else path.stat()
                if touched.st_mtime < before.timestamp():
                    stale.add(path.stem)
        count = 0
        for key in stale:
            with contextlib.suppress(UploadConflict, UploadUnknown), self._claimed(key):
                self.abort(key)
                count += 1
        return count

    def kept(self, before: datetime) -> Iterator[str]:
        """Yield the checksums of all files that were kept before a moment."""
        for path in self._files.glob("*/*/*"):
            with contextlib.suppress(FileNotFoundError):
                # The time it was stored; its bytes may be older.
                if path.stat().st_ctime < before.timestamp():
                    yield path.name

    def _part(self, key: str) -> Path:
        return self._uploads / f"{key}.part"

    def _record(self, key: str) -> Path:
        return self._uploads / f"{key}.json"

    def _file(self, sha256: str) -> Path:
        return self._files / check_digest(sha256)[:2] / sha256[2:4] / sha256

    @contextlib.contextmanager
    def _claimed(self, key: str) -> Iterator[io.BufferedRandom]:
        """Give one writer access to an upload's bytes; others are asked to retry."""
        try:
            part = self._part(key).open("r+b")
        except FileNotFoundError:
            raise UploadUnknown(key) from None
        with part:
            try:
                fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadConflict(part.seek(0, os.SEEK_END)) from None
            if not self._part(key).exists():
                # Finished or given up between opening and claiming.
                raise UploadUnknown(key)
            yield part

    def _settle(self, key: str, sha256: str) -> None:
        target = self._file(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._part(key).replace(target)
        target.chmod(0o400)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _pour(stream: Readable, target: BinaryIO, room: int) -> bool:
    """Write a stream to a file; return whether it had no more bytes than there was room for."""
    while room:
        piece = stream.read(min(PIECE, room))
        if not piece:
            return True
        target.write(piece)
        room -= len(piece)
    return not stream.read(1)


def _pieces(file: BinaryIO, offset: int, length: int | None) -> Iterator[bytes]:
    with file:
        file.seek(offset)
        while length is None or length > 0:
            piece = file.read(PIECE if length is None else min(PIECE, length))
            if not piece:
                return
            if length is not None:
                length -= len(piece)
            yield piece
