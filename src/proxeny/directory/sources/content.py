"""An uploaded file: bytes that can be opened repeatedly, wherever they are stored."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

_PIECE = 1 << 20
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an upload.

    Attributes
    ----------
    size : int
        Bytes of the file as uploaded, packed or not.
    unpacked : int
        Bytes of the unpacked content; the size stated in an archive is not trusted.
    rows : int
        Rows below the header.
    """

    size: int = 20 * _MB
    unpacked: int = 200 * _MB
    rows: int = 1_000_000


#: Limits of a page or the API.
PAGE = Limits()
#: Limits of the command line: its file lies on the same machine.
COMMAND = Limits(size=16 * 1024 * _MB, unpacked=16 * 1024 * _MB, rows=20_000_000)


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that can be read as a stream any number of times.

    Attributes
    ----------
    opener : callable
        Opens them again.
    size : int
        Their number, as uploaded.
    limits : Limits
        The maximum amount to read.
    """

    opener: Callable[[], IO[bytes]]
    size: int
    limits: Limits = PAGE

    @classmethod
    def of_bytes(cls, data: bytes, limits: Limits = PAGE) -> "Content":
        """Return bytes in memory as a content."""
        return cls(lambda: io.BytesIO(data), len(data), limits)

    @classmethod
    def of_path(cls, path: Path, limits: Limits = PAGE) -> "Content":
        """Return a file on the disk as a content."""
        return cls(lambda: path.open("rb"), path.stat().st_size, limits)

    def open(self) -> IO[bytes]:
        """Open the bytes; the caller closes them."""
        return self.opener()

    def head(self, size: int = 4096) -> bytes:
        """Return the first bytes."""
        with self.open() as file:
            return file.read(size)

    def read(self) -> bytes:
        """Return all bytes. For a file of ordinary size only."""
        with self.open() as file:
            return file.read()

    def pieces(self, size: int = _PIECE) -> Iterator[bytes]:
        """Yield the bytes piece by piece."""
        with self.open() as file:
            while piece := file.read(size):
                yield piece


def refuse_size(size: int, limits: Limits = PAGE) -> None:
    """Raise `InvalidInput` for a file that is empty or too large, before it is read."""
    if size == 0:
        raise InvalidInput(
            _("This file is empty. Choose the file with your members."), field="file"
        )
    if size > limits.size:
        raise InvalidInput(
            _(
                "This file is %(size)s MB; you can import up to %(limit)s MB at once. Compress "
                "it as ZIP, or split it into several files with the same header row and import "
                "them one after another."
            )
            % {"size": -(-size // _MB), "limit": limits.size // _MB},
            field="file",
        )


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so is a ZIP archive."""
    return head.startswith(b"PK\x03\x04")


def list_members(content: Content) -> list[str]:
    """Return the names of all files in a ZIP archive, folders left out.

    Raises
    ------
    InvalidInput
        The archive is cut off or locked with a password.
    """
    with _archive(content) as archive:
        return [
            part.filename
            for part in archive.infolist()
            if not part.is_dir() and not part.filename.startswith("__MACOSX/")
        ]


def open_member(content: Content, name: str) -> Content:
    """Return one file of a ZIP archive as a content that unpacks while it is read."""

    def opener() -> IO[bytes]:
        return _unpacked(*_open_part(content, name), content.limits)

    return replace(content, opener=opener)


def open_gzip(content: Content) -> Content:
    """Return the contents of a gzip file, unpacked while it is read."""

    def opener() -> IO[bytes]:
        packed = content.open()
        return _unpacked(gzip.GzipFile(fileobj=packed), packed, content.limits)

    return replace(content, opener=opener)


@contextmanager
def _archive(content: Content) -> Iterator[zipfile.ZipFile]:
    with content.open() as file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
            raise damaged_archive() from None


def _open_part(content: Content, name: str) -> tuple[IO[bytes], IO[bytes]]:
    file = content.open()
    try:
        return zipfile.ZipFile(file).open(name), file
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError, ValueError, OSError):
        file.close()
        raise damaged_archive() from None


def _unpacked(inner: IO[bytes] | gzip.GzipFile, packed: IO[bytes], limits: Limits) -> IO[bytes]:
    return cast("IO[bytes]", _Unpacked(inner, packed, limits))


class _Unpacked(io.RawIOBase):
    """A counter of unpacked bytes that stops at the limit."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, packed: IO[bytes], limits: Limits) -> None:
        self._inner = inner
        self._packed = packed
        self._left = limits.unpacked
        self._limits = limits

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = _PIECE if size < 0 else min(size, _PIECE)
        pieces = []
        while piece := self._take(wanted):
            pieces.append(piece)
            if size >= 0:
                break
        return b"".join(pieces)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._take(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _take(self, size: int) -> bytes:
        try:
            piece = self._inner.read(size)
        except (zipfile.BadZipFile, EOFError, ValueError, OSError, zlib.error):
            raise damaged_archive() from None
        self._left -= len(piece)
        if self._left < 0:
            raise InvalidInput(
                _(
                    "This file unpacks to more than %(size)s MB. Split it into several files "
                    "with the same header row and import them one after another."
                )
                % {"size": self._limits.unpacked // _MB},
                field="file",
            )
        return piece

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._packed.close()
        super().close()


def damaged_archive() -> InvalidInput:
    """Return the answer to an archive that cannot be unpacked."""
    return InvalidInput(
        _(
            "This archive is incomplete, damaged or password-protected and can’t be unpacked. "
            "Download or save the file again, then upload the new copy."
        ),
        field="file",
    )
