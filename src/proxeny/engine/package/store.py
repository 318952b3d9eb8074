"""A store of files by their content: what every store does, and how it refuses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from proxeny.engine.package.problems import Problem, Refused

__all__ = [
    "MOST_BYTES",
    "PIECE",
    "Readable",
    "Store",
    "Upload",
    "UploadConflict",
    "UploadUnknown",
    "keep",
]

#: A file larger than that is not begun.
MOST_BYTES = 1 << 39
#: Largest piece held in memory at once.
PIECE = 1 << 20

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")


class Readable(Protocol):
    """Source of bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


class UploadUnknown(LookupError):
    """No such upload: never begun, finished, given up or cleaned away."""


class UploadConflict(Exception):
    """Bytes for a place that the upload is not at.

    Parameters
    ----------
    received : int
        Where to go on.
    """

    def __init__(self, received: int) -> None:
        super().__init__(f"the upload is at {received}")
        self.received = received


@dataclass(frozen=True, slots=True)
class Upload:
    """Progress of an upload.

    Parameters
    ----------
    key : str
        Its name while it runs.
    name : str
        The sender's name for the file.
    size : int
        Its final length in bytes.
    sha256 : str, optional
        The checksum stated by the sender.
    received : int
        The bytes received: the offset of the next ones.
    """

    key: str
    name: str
    size: int
    sha256: str | None
    received: int


class Store(Protocol):
    """Files by their SHA-256, and uploads that go on where they were cut off.

    No method holds a file in memory. A caller that knows a checksum may read the file: access
    control is not the store's task.
    """

    def begin(self, size: int, *, sha256: str | None = None, name: str = "") -> str:
        """Begin an upload and return its key.

        Raises
        ------
        Refused
            `size` or `sha256`: not a size or checksum, or too large.
        """
        ...

    def append(self, key: str, offset: int, stream: Readable) -> Upload:
        """Take bytes from a stream until it ends, and return how far the upload is.

        What came before a stream breaks is kept.

        Raises
        ------
        UploadConflict
            The upload is elsewhere, or somebody else is writing to it; it says where to go on.
        UploadUnknown
            There is none.
        Refused
            `too_long`: more bytes than announced. The upload is given up.
        """
        ...

    def state(self, key: str) -> Upload:
        """Return how far an upload is; `UploadUnknown` if there is none."""
        ...

    def finish(self, key: str) -> str:
        """Check a whole upload, keep its file, and return the SHA-256 under which it is read.

        Raises
        ------
        UploadConflict
            Bytes are missing; it says where to go on.
        Refused
            `checksum`: the bytes are not those announced. Nothing is left of the upload.
        """
        ...

    def abort(self, key: str) -> None:
        """Give an upload up; nothing is left of it. One that does not exist is no error."""
        ...

    def size(self, sha256: str) -> int | None:
        """Return how long a file is, or None if it is not kept."""
        ...

    def read(self, sha256: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield a part of a file in pieces; `KeyError` if it is not kept.

        Beyond the file's end there is nothing; a negative place is a `ValueError`.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Return a file to read and seek in; `KeyError` if it is not kept."""
        ...

    def delete(self, sha256: str) -> None:
        """Drop a file. One that is not kept is no error."""
        ...

    def clean(self, before: datetime) -> int:
        """Give up all uploads that got no bytes since a moment; return how many."""
        ...

    def kept(self, before: datetime) -> Iterator[str]:
        """Yield the checksums of all files that were kept before a moment, to find those in no use."""
        ...


def keep(store: Store, stream: Readable, size: int, *, sha256: str | None = None) -> str:
    """Put a whole file into a store and return its SHA-256."""
    key = store.begin(size, sha256=sha256)
    try:
        store.append(key, 0, stream)
        return store.finish(key)
    except BaseException:
        store.abort(key)
        raise


def check_announced(size: int, sha256: str | None) -> None:
    """Refuse an upload of an impossible size or checksum."""
    if not 0 <= size <= MOST_BYTES:
        raise Refused(Problem("size", params={"found": size, "most": MOST_BYTES}))
    if sha256 is not None and not _DIGEST.fullmatch(sha256):
        raise Refused(Problem("sha256", params={"found": sha256[:80]}))


def check_digest(sha256: str) -> str:
    """Return a checksum; `KeyError` for what is none, so that no other path is ever read."""
    if not _DIGEST.fullmatch(sha256):
        raise KeyError(sha256)
    return sha256


def check_range(offset: int, length: int | None) -> None:
    """Raise `ValueError` for a part that no file has."""
    if offset < 0 or (length is not None and length < 0):
        raise ValueError(f"offset and length: {offset} and {length} are none")


def check_key(key: str) -> str:
    """Return an upload's key; `UploadUnknown` for what is none."""
    if not _UPLOAD.fullmatch(key):
        raise UploadUnknown(key)
    return key


def check_content(upload: Upload, found: str) -> None:
    """Refuse a whole upload whose bytes are not those that were announced."""
    if upload.sha256 is not None and found != upload.sha256:
        raise Refused(
            Problem("checksum", upload.name, params={"expected": upload.sha256, "found": found})
        )


def too_long(upload: Upload) -> Refused:
    """Return the refusal of more bytes than announced."""
    return Refused(Problem("too_long", upload.name, params={"expected": upload.size}))
