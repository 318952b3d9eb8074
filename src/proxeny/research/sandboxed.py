"""Files of data packages and studies from elsewhere, read in a process of their own.

`kernel.sandbox` calls the functions whose names end in `_apart`: they know the engine and plain
values, no model and no store. The others call them, with limits that fit the caller's patience.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, BinaryIO, cast

from django.conf import settings

from proxeny.engine.package import (
    CellProblem,
    DataFile,
    Dialect,
    Excerpt,
    Problem,
    Refused,
    Schema,
    Study,
    TableReport,
    detect_dialect,
    dump_dialect,
    dump_schema,
    identify,
    infer_schema,
    load_dialect,
    load_schema,
    open_archive,
    read_crate,
    take_rows,
    unpack,
    validate_table,
)
from proxeny.engine.package import Limits as Room
from proxeny.kernel.sandbox import Limits, ReadingFailed, read_apart, stream_apart
from proxeny.research.content import to_content, without_nul
from proxeny.research.crate_extensions import read_entities, to_json

_MB, _GB = 1024**2, 1024**3
#: So many of each are taken; who brings more has something else than a study of two clusters.
MOST = {
    "datasets": 200,
    "files": 2_000,
    "people": 500,
    "organisations": 500,
    "recommendations": 500,
    "actions": 2_000,
}
#: So many entities that we have no place for are shown.
MOST_EXTRA = 200
_DESCRIPTOR = "ro-crate-metadata.json"
#: What a file is that it does not say: that is refused. Of other kinds nothing is taken.
_LIES = ("mismatch", "damaged", "executable", "markup")
#: Files of an archive up to that size are held in memory, where any part of them is near.
_HELD = 64 * _MB


@dataclass(frozen=True, slots=True)
class Table:
    """What a table seems to be: its columns, how it is written, and what a person should look at."""

    schema: dict[str, Any]
    dialect: dict[str, Any]
    doubts: list[dict[str, Any]]

    def keeping(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the columns; as they were said before, where they have the same names."""
        if before and _names(before) == _names(self.schema):
            return dict(before)
        return self.schema


def _names(schema: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in schema.get("fields", [])]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A file as it is: its kind, and of a table what it seems to be."""

    media_type: str
    table: Table | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What an archive holds; `content` is None where it is not sound."""

    content: dict[str, Any] | None
    problems: tuple[Problem, ...]
    extra: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A file of an archive, before its bytes."""

    path: str
    size: int
    sha256: str
    media_type: str
    table: dict[str, Any] | None
    dialect: dict[str, Any] | None


def _on_page() -> Limits:
    """Return how much a reading may take that a request waits for."""
    most = int(settings.REQUEST_SECONDS)
    return Limits(cpu_s=most, wall_s=most)


def _in_job(size: int, *, unpacked: int = 0) -> Limits:
    """Return how much a reading may take in a job: whatever is slower than 1 MB a second is none."""
    cpu_s = 600 + size // _MB
    return Limits(cpu_s=cpu_s, wall_s=2 * cpu_s, memory=640 * _MB, output=_GB + 2 * unpacked)


def _size_of(stream: BinaryIO) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def dump_written(dialect: Dialect) -> dict[str, Any]:
    """Return how a table is written as a row keeps it: its dialect, and its encoding."""
    return {**dump_dialect(dialect), "encoding": dialect.encoding}


def load_written(said: dict[str, Any] | None) -> Dialect:
    """Return how a table is written, of what `dump_written` gave."""
    said = said or {}
    return load_dialect(said, encoding=said.get("encoding", "utf-8"))


def look_at_file(stream: BinaryIO, name: str, room: Room) -> LookedAt:
    """Return what a file is, and what it seems to hold if it is a table.

    Raises
    ------
    Refused
        It is not what its name says, or of a kind that is not taken.
    ReadingFailed
        It cannot be read within the limits.
    """
    found = read_apart(
        look_at_apart,
        stream,
        name,
        [room.entries, room.unpacked, room.ratio, room.nested],
        limits=_on_page(),
        returns=(LookedAt, Table, Problem),
    )
    return cast("LookedAt", _sound(found))


def look_at_apart(stream: BinaryIO, name: str, room: list[int]) -> LookedAt | list[Problem]:
    """Return what `look_at_file` does, or why it is refused."""
    try:
        kind = identify(stream, name, Room(*room))
        return LookedAt(kind.media_type, _describe(stream) if kind.table else None)
    except Refused as refused:
        return list(refused.problems)


def _sound(found: Any) -> Any:
    if isinstance(found, list):
        raise Refused(*found)
    return found


def describe_table(stream: BinaryIO, dialect: Dialect | None = None) -> Table:
    """Return what a table seems to be by its first rows and a sample of the rest.

    Parameters
    ----------
    dialect : Dialect, optional
        How it is written, where somebody knows better.

    Raises
    ------
    Refused
        There is no table in it.
    ReadingFailed
        It cannot be read within the limits.
    """
    found = read_apart(
        describe_apart,
        stream,
        dump_written(dialect) if dialect else None,
        limits=_on_page(),
        returns=(Table, Problem),
    )
    return cast("Table", _sound(found))


def describe_apart(stream: BinaryIO, dialect: dict[str, Any] | None) -> Table | list[Problem]:
    """Return what `describe_table` does, or why it is refused."""
    try:
        return _describe(stream, load_written(dialect) if dialect else None)
    except Refused as refused:
        return list(refused.problems)


def _describe(stream: BinaryIO, dialect: Dialect | None = None) -> Table:
    dialect = dialect or detect_dialect(stream)
    found = infer_schema(stream, dialect)
    return Table(
        dump_schema(found.schema), dump_written(dialect), [asdict(one) for one in found.doubts]
    )


def take_excerpt(
    stream: BinaryIO, dialect: dict[str, Any] | None, first: int, last: int
) -> Excerpt:
    """Return some rows of a table, as `engine.package.take_rows`; `ReadingFailed` as above."""
    found = read_apart(
        take_rows_apart, stream, dialect, first, last, limits=_on_page(), returns=(Excerpt,)
    )
    return cast("Excerpt", found)


def take_rows_apart(
    stream: BinaryIO, dialect: dict[str, Any] | None, first: int, last: int
) -> Excerpt:
    """Return what `take_excerpt` does."""
    return take_rows(stream, load_written(dialect), first, last)


def check_table(
    stream: BinaryIO, dialect: Dialect, schema: Schema, *, go_on: Callable[[int, int], bool]
) -> TableReport:
    """Check a table against its schema, as `engine.package.validate_table`; `ReadingFailed` as above.

    Parameters
    ----------
    go_on : callable
        Asked again and again, with how many rows are done and how many bytes were read for them.
    """
    found = read_apart(
        check_table_apart,
        stream,
        dump_written(dialect),
        dump_schema(schema),
        limits=_in_job(_size_of(stream)),
        returns=(TableReport, CellProblem),
        go_on=go_on,
    )
    return cast("TableReport", found)


def check_table_apart(
    stream: BinaryIO,
    dialect: dict[str, Any],
    schema: dict[str, Any],
    *,
    go_on: Callable[[int, int], bool],
) -> TableReport:
    """Return what `check_table` does."""
    return validate_table(
        stream,
        load_written(dialect),
        load_schema(schema),
        go_on=lambda rows: go_on(rows, stream.tell()),
    )


def look_into_crate(
    stream: BinaryIO,
    space: int,
    *,
    words: Mapping[str, list[str]],
    go_on: Callable[[int, int], bool],
) -> Looked | None:
    """Return what the archive of a study holds, and all that is wrong with it.

    Parameters
    ----------
    space : int
        So many bytes its files may have together.
    words : mapping
        What `beside.read_entities` knows of results, elements and roles.
    go_on : callable
        Called with how many files were looked at, of how many; None is returned where it says no.
    """
    try:
        found = read_apart(
            look_into_apart,
            stream,
            space,
            dict(words),
            limits=_in_job(_size_of(stream)),
            returns=(Looked, Problem),
            go_on=go_on,
        )
    except ReadingFailed as failed:
        return Looked(None, (_failure(failed),))
    return cast("Looked | None", found)


def _failure(failed: ReadingFailed) -> Problem:
    return Problem(f"reading_{failed.cause}")


def look_into_apart(
    stream: BinaryIO,
    space: int,
    words: dict[str, list[str]],
    *,
    go_on: Callable[[int, int], bool],
) -> Looked | None:
    """Return what `look_into_crate` does."""
    try:
        crate = read_crate(stream, Room(unpacked=space))
    except Refused as refused:
        return Looked(None, refused.problems)
    problems = [*crate.problems, *_count(crate.study)]
    files = crate.study.files
    with open_archive(stream) as archive:
        for number, file in enumerate(files):
            if not go_on(number, len(files)):
                return None
            problems += look_at(file, archive)
    if any(one.severity == "error" for one in problems):
        return Looked(None, tuple(problems))
    beside, extra = read_entities(crate.extra, **words)
    content = {**to_content(crate.study), "beside": to_json(beside)}
    shown = [dict(one) for one in extra[:MOST_EXTRA]]
    if without_nul([content, shown]) != [content, shown]:
        return Looked(None, (*problems, Problem("json", _DESCRIPTOR)))
    return Looked(content, tuple(problems), tuple(shown))


def look_at(file: DataFile, archive: zipfile.ZipFile) -> list[Problem]:
    """Return what is wrong with a file: an error where it lies, a warning where we take none such."""
    try:
        with _opened(archive, file.path) as stream:
            identify(stream, file.path.rpartition("/")[2])
    except KeyError:
        return [Problem("missing_file", file.path)]
    except Refused as refused:
        return [
            replace(one, where=file.path, severity="error" if one.code in _LIES else "warning")
            for one in refused.problems
        ]
    return []


@contextmanager
def _opened(archive: zipfile.ZipFile, path: str) -> Iterator[BinaryIO]:
    info = archive.getinfo(path)
    if info.file_size <= _HELD:
        yield io.BytesIO(b"".join(unpack(archive, info)))
        return
    with archive.open(info) as stream:
        yield cast("BinaryIO", stream)


def _count(study: Study) -> Iterator[Problem]:
    for name, most in MOST.items():
        found = len(getattr(study, name))
        if found > most:
            yield Problem("entries", name, params={"found": found, "most": most})


def unpack_files(stream: BinaryIO, space: int) -> Iterator[Head | bytes]:
    """Yield the files of a study's archive, each with its head first and then its bytes in pieces.

    Files of kinds that we do not take are left out.

    Raises
    ------
    Refused
        With all that is wrong with the archive, also where it cannot be read within the limits.
    """
    limits = _in_job(_size_of(stream), unpacked=space)
    try:
        for one in stream_apart(
            unpack_apart, stream, space, limits=limits, returns=(Head, Problem)
        ):
            yield _sound(one)
    except ReadingFailed as failed:
        raise Refused(_failure(failed)) from failed


def unpack_apart(stream: BinaryIO, space: int) -> Iterator[Head | bytes | list[Problem]]:
    """Yield what `unpack_files` does, or why the archive is refused."""
    try:
        crate = read_crate(stream, Room(unpacked=space))
    except Refused as refused:
        yield list(refused.problems)
        return
    with open_archive(stream) as archive:
        for file in crate.study.files:
            head = _head_of(file, archive)
            if head is not None:
                yield head
                yield from unpack(archive, archive.getinfo(file.path))


def _head_of(file: DataFile, archive: zipfile.ZipFile) -> Head | None:
    with _opened(archive, file.path) as stream:
        try:
            kind = identify(stream, file.path.rpartition("/")[2])
        except Refused:
            return None
        table = _said_of(stream, file) if kind.table else (None, None)
    size = archive.getinfo(file.path).file_size
    return Head(file.path, size, file.sha256, kind.media_type, *table)


def _said_of(
    stream: BinaryIO, file: DataFile
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return what a table's columns are, as the archive says, else as they seem to be."""
    try:
        if file.schema:
            dialect = file.dialect or detect_dialect(stream)
            return dump_schema(file.schema), dump_written(dialect)
        found = _describe(stream, file.dialect)
    except Refused:
        return None, None
    return found.schema, found.dialect
