"""Looking into a ZIP archive before anything of it is used.

What the archive says of itself is not believed: everything is unpacked once, in small pieces, and
measured.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from proxeny.engine.package._marks import is_archive, runs
from proxeny.engine.package._names import check_paths
from proxeny.engine.package.problems import Problem, Refused

__all__ = ["Entry", "Limits", "look_into", "open_archive", "unpack"]

_PIECE = 1 << 20
#: The longest record of a directory that is counted on, per entry.
_RECORD = 600
#: Documents that are archives themselves.
_DOCUMENTS = (".xlsx", ".docx", ".pptx", ".ods", ".odt", ".odp")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on an archive.

    Parameters
    ----------
    entries : int
        The most files and folders.
    unpacked : int
        The most bytes of all files together.
    ratio : int
        The most that an entry may grow when it is unpacked; small ones may grow more.
    nested : int
        The number of levels of nested archives to inspect.
    """

    entries: int = 10_000
    unpacked: int = 64 << 30
    ratio: int = 200
    nested: int = 1


#: Up to that size nothing is a bomb, whatever its ratio.
_SMALL = 4 << 20
_NESTED_MOST = 256 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive: its path, how long it really is, and its first bytes."""

    path: str
    size: int
    head: bytes


def open_archive(stream: BinaryIO, limits: Limits = Limits()) -> zipfile.ZipFile:
    """Return an archive whose directory is of a size that can be read, and whose names are safe.

    Raises
    ------
    Refused
        `damaged`, `entries`, `locked`, `method`, `symlink`, `special`, and what `check_paths` says.
    """
    stream.seek(0)
    if stream.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise Refused(Problem("damaged"))
    _check_directory(stream, limits)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused(Problem("damaged")) from None
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise Refused(Problem("entries", params={"found": len(entries), "most": limits.entries}))
    problems = check_paths(entry.orig_filename for entry in entries)
    problems += [
        Problem(code, entry.filename) for entry in entries if (code := _check_entry(entry))
    ]
    if problems:
        raise Refused(*problems)
    return archive


def _check_directory(stream: BinaryIO, limits: Limits) -> None:
    """Refuse a directory that would fill the memory, before it is read."""
    size = stream.seek(0, 2)
    start = max(0, size - 66_000)
    stream.seek(start)
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Refused(Problem("damaged"))
    length = struct.unpack("<I", tail[at + 12 : at + 16])[0]
    locator = tail[max(0, at - 20) : at]
    if locator.startswith(b"PK\x06\x07"):
        stream.seek(min(size, struct.unpack("<Q", locator[8:16])[0]))
        wide = stream.read(56)
        if len(wide) < 56 or not wide.startswith(b"PK\x06\x06"):
            raise Refused(Problem("damaged"))
        length = struct.unpack("<Q", wide[40:48])[0]
    if length > limits.entries * _RECORD:
        raise Refused(Problem("entries", params={"most": limits.entries}))


def _check_entry(entry: zipfile.ZipInfo) -> str | None:
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "symlink"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "special"
    if entry.flag_bits & 0x1:
        return "locked"
    return None if entry.compress_type in _METHODS else "method"


def look_into(stream: BinaryIO, limits: Limits = Limits()) -> tuple[Entry, ...]:
    """Unpack an archive without keeping it, and return what files are in it.

    Raises
    ------
    Refused
        As `open_archive`; and `bomb`, `unpacked`, `nested_archive`, `executable`, each with the
        path.
    """
    entries = []
    room = limits.unpacked
    with open_archive(stream, limits) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            entry = _measure(archive, info, (limits, room))
            room -= entry.size
            entries.append(entry)
    return tuple(entries)


def _measure(archive: zipfile.ZipFile, info: zipfile.ZipInfo, within: tuple[Limits, int]) -> Entry:
    limits, room = within
    head, size = b"", 0
    most = max(_SMALL, info.compress_size * limits.ratio)
    for piece in unpack(archive, info):
        head = head or piece[:4096]
        size += len(piece)
        if size > most:
            raise Refused(Problem("bomb", info.filename, params={"ratio": limits.ratio}))
        if size > room:
            raise Refused(Problem("unpacked", info.filename, params={"most": limits.unpacked}))
    if runs(head):
        raise Refused(Problem("executable", info.filename))
    if is_archive(head):
        _look_deeper(archive, info, limits)
    return Entry(info.filename, size, head)


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry's bytes in pieces; `Refused` where they are not what they were."""
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError):
        raise Refused(Problem("damaged", info.filename)) from None


def _look_deeper(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> None:
    """Look into a document inside an archive; an archive that is none is refused."""
    if limits.nested < 1 or not info.filename.lower().endswith(_DOCUMENTS):
        raise Refused(Problem("nested_archive", info.filename))
    inner = replace(limits, nested=limits.nested - 1, unpacked=min(limits.unpacked, _NESTED_MOST))
    if info.file_size > _NESTED_MOST:
        raise Refused(Problem("unpacked", info.filename, params={"most": _NESTED_MOST}))
    # Held in memory: the caller may have no place to write a file.
    copy = io.BytesIO(b"".join(unpack(archive, info)))
    try:
        look_into(copy, inner)
    except Refused as error:
        within = [replace(one, where=f"{info.filename}!/{one.where}") for one in error.problems]
        raise Refused(*within) from None
