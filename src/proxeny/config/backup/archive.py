"""The backup file: a ZIP, not compressed again, of `database.dump`, files and `manifest.json`.

The dump is PostgreSQL's own (custom format, so that `pg_restore` alone can read it too). The
manifest comes last and holds what the dump must be: length, SHA-256, rows of each table. A file
that was cut off therefore has no manifest, and a changed byte shows. Files of data packages lie
under `files/`, each called by its SHA-256.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#: The format written; the first one had no files.
FORMAT, FORMATS = 2, (1, 2)
DUMP = "database.dump"
MANIFEST = "manifest.json"
FILES = "files/"
CHUNK = 1 << 20
#: A manifest is a few kilobytes and a line for each file; more is no manifest.
MANIFEST_LIMIT, LINE_LIMIT = 1 << 20, 128


class BackupProblem(Exception):
    """A backup that cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup.

    Attributes
    ----------
    version : str
        Version of Proxeny when the backup was made.
    made_at : str
        Time of the backup, in UTC.
    server, tool : int
        Major versions of the PostgreSQL server and of its `pg_dump`.
    migrations : list of str
        The applied migrations, each as `app.name`.
    tables : dict
        Number of rows of each table.
    size, sha256 : int, str
        Size and digest of the dump.
    files : dict
        Sizes of the files of data packages, by their SHA-256.
    """

    version: str
    made_at: str
    server: int
    tool: int
    migrations: list[str]
    tables: dict[str, int]
    size: int
    sha256: str
    files: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())


class ArchiveWriter:
    """Takes the dump chunk by chunk, then files, then the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._digest = hashlib.sha256()
        self._size = 0
        self._files: dict[str, int] = {}

    def write_dump(self, chunks: Iterable[bytes]) -> None:
        """Write the dump."""
        with self._archive.open(DUMP, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                self._digest.update(chunk)
                self._size += len(chunk)

    def write_file(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """Write a file of a data package.

        Raises
        ------
        BackupProblem
            Its bytes are not those that its name says.
        """
        digest, size = hashlib.sha256(), 0
        with self._archive.open(f"{FILES}{sha256}", "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        if digest.hexdigest() != sha256:
            raise BackupProblem(f"The data package file {sha256} is damaged. Check the disk.")
        self._files[sha256] = size

    def write_manifest(self, **values: Any) -> Manifest:
        """Write the manifest of the dump, and return it."""
        manifest = Manifest(
            **values, size=self._size, sha256=self._digest.hexdigest(), files=self._files
        )
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1, sort_keys=True)
        self._archive.writestr(MANIFEST, text)
        return manifest


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """Write a backup beside its place and move it there when it is whole; else leave nothing.

    Raises
    ------
    BackupProblem
        When the file is there already, or the folder cannot be written to.
    """
    if path.exists():
        raise BackupProblem(f"{path} already exists, and a backup never overwrites a file.")
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        # It holds everything about everybody: for nobody else's eyes.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise BackupProblem(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """Read a whole backup to verify it, and return its manifest.

    Raises
    ------
    BackupProblem
        When it is no backup, was cut off, or differs from what was written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _parse(_manifest_text(archive))
            found = _measure(archive, DUMP)
            files = {name: _measure(archive, f"{FILES}{name}") for name in _names(archive)}
    except OSError as error:
        raise BackupProblem(f"{path} cannot be read: {error.strerror or error}.") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        NotImplementedError,
        RuntimeError,
    ):
        raise BackupProblem(
            f"{path} is damaged, truncated or not a Proxeny backup. Nothing was restored."
        ) from None
    if found != (manifest.size, manifest.sha256):
        raise BackupProblem(
            f"{path} is damaged: its dump is not as it was written. Nothing was restored."
        )
    if files != {name: (size, name) for name, size in manifest.files.items()}:
        raise BackupProblem(
            f"{path} is damaged: its files are not as they were written. Nothing was restored."
        )
    return manifest


def read_dump(path: Path) -> Iterator[bytes]:
    """Yield the dump of a backup chunk by chunk."""
    with zipfile.ZipFile(path) as archive, archive.open(DUMP) as member:
        while chunk := member.read(CHUNK):
            yield chunk


def _names(archive: zipfile.ZipFile) -> list[str]:
    """Return the names of the files of data packages."""
    return [name.removeprefix(FILES) for name in archive.namelist() if name.startswith(FILES)]


def _manifest_text(archive: zipfile.ZipFile) -> bytes:
    infos = {info.filename: info for info in archive.infolist()}
    others = {name for name in infos if not name.startswith(FILES)}
    most = MANIFEST_LIMIT + LINE_LIMIT * (len(infos) - len(others))
    if others != {DUMP, MANIFEST} or infos[MANIFEST].file_size > most:
        raise ValueError
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos.values()):
        raise ValueError
    return archive.read(MANIFEST)


def _parse(text: bytes) -> Manifest:
    values = json.loads(text)
    number = values.pop("format")
    if number not in FORMATS:
        raise BackupProblem(
            f"The backup has format {number}, and this version of Proxeny reads format {FORMAT}. "
            "Nothing was restored."
        )
    return Manifest(**values)


def _measure(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
