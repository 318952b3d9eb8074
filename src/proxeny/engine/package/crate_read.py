"""Reading an RO-Crate, of ours or of others: all of it is checked before any of it is used."""

import hashlib
import json
import math
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from proxeny.engine.package._graph import DESCRIPTOR, PACKAGE, PREVIEW
from proxeny.engine.package._reading import (
    Graph,
    path_of,
    read_study,
    refs_of,
    text_of,
    types_of,
)
from proxeny.engine.package.archive import Entry, Limits, look_into, open_archive, unpack
from proxeny.engine.package.datapackage import load_package
from proxeny.engine.package.problems import Problem, Refused
from proxeny.engine.package.study import DataFile, Study

__all__ = ["Crate", "check_crate", "read_crate", "unpack_crate"]

_LONGEST_JSON = 16 << 20
_MOST_ENTITIES = 200_000
_DEEPEST = 500
_HALF = re.compile(r"[\ud800-\udfff]")
#: So many of each severity are listed.
_MOST_PROBLEMS = 1_000
_LIMITS = Limits()
_KNOWN = ("1.1", "1.2")
_PROFILE = "https://w3id.org/ro/crate/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """Content of a crate.

    Parameters
    ----------
    study : Study
        The part that we understand.
    extra : tuple of mapping
        Entities with other content, unchanged.
    files : tuple of Entry
        Everything in the archive.
    version : str
        The version of the specification that it declares.
    problems : tuple of Problem
        Points to check: none of them is an error.
    """

    study: Study
    extra: tuple[Mapping[str, Any], ...]
    files: tuple[Entry, ...]
    version: str
    problems: tuple[Problem, ...]


def check_crate(stream: BinaryIO, limits: Limits = _LIMITS) -> tuple[Problem, ...]:
    """Return all that is wrong with a crate; it is taken if nothing of it is an error."""
    try:
        return _read(stream, limits)[0]
    except Refused as error:
        return error.problems


def read_crate(stream: BinaryIO, limits: Limits = _LIMITS) -> Crate:
    """Return what a crate holds.

    Parameters
    ----------
    stream : binary file
        A ZIP archive; seekable; it stays open.

    Raises
    ------
    Refused
        With all that is wrong, if any of it is an error.
    """
    problems, crate = _read(stream, limits)
    if crate is None or any(one.severity == "error" for one in problems):
        raise Refused(*problems)
    return crate


def unpack_crate(stream: BinaryIO, folder: Path, limits: Limits = _LIMITS) -> Crate:
    """Read a crate and put its files into a folder that does not exist yet, all or none.

    Raises
    ------
    Refused
        As `read_crate`; nothing is left then.
    FileExistsError
        The folder is there.
    """
    crate = read_crate(stream, limits)
    if folder.exists():
        raise FileExistsError(folder)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with open_archive(stream, limits) as archive:
            for info in archive.infolist():
                _extract(archive, info, made)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return crate


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / info.filename
    if info.is_dir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as file:
        for piece in unpack(archive, info):
            file.write(piece)


def _read(stream: BinaryIO, limits: Limits) -> tuple[tuple[Problem, ...], Crate | None]:
    entries = look_into(stream, limits)
    with open_archive(stream, limits) as archive:
        reader = _Reader(archive, entries)
        crate = reader.crate()
    return tuple(reader.problems), crate


class _Reader:
    """A crate that is being read, and what was found wrong with it so far."""

    def __init__(self, archive: zipfile.ZipFile, entries: tuple[Entry, ...]) -> None:
        self.archive = archive
        self.entries = {entry.path: entry for entry in entries}
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()

    def crate(self) -> Crate | None:
        """Return what the crate holds, or None where not even that can be said."""
        entities = self._entities()
        if entities is None:
            return None
        descriptor = entities.get(DESCRIPTOR) or entities.get(f"./{DESCRIPTOR}")
        root_id = refs_of(descriptor, "about")[:1] if descriptor else ()
        if not descriptor or not root_id or root_id[0] not in entities:
            code = "no_root" if descriptor else "no_descriptor"
            self._note(code, DESCRIPTOR)
            return None
        version = self._version(descriptor)
        self._check_root(entities[root_id[0]])
        self._check_parts(entities, root_id[0])
        self._check_files(entities)
        graph = Graph(entities)
        graph.take(descriptor["@id"])
        study = read_study(graph, root_id[0], self._tables())
        return Crate(
            study=study,
            extra=tuple(one for id_, one in entities.items() if id_ not in graph.seen),
            files=tuple(self.entries.values()),
            version=version,
            problems=tuple(self.problems),
        )

    def _note(self, code: str, where: str, severity: Any = "error", **params: Any) -> None:
        if self.counts[severity] < _MOST_PROBLEMS:
            self.problems.append(Problem(code, where, severity, params))
        self.counts[severity] += 1

    def _json(self, path: str) -> Any:
        """Return a JSON of the archive; None, noted, where it is none."""
        if self.entries[path].size > _LONGEST_JSON:
            self._note("json_too_long", path, most=_LONGEST_JSON)
            return None
        try:
            said = json.loads(b"".join(unpack(self.archive, self.archive.getinfo(path))))
        except json.JSONDecodeError as error:
            self._note("json", path, line=error.lineno, column=error.colno)
        except ValueError:
            self._note("json", path)
        except RecursionError:
            self._note("json_too_deep", path)
        else:
            wrong = _find_unkept(said)
            if wrong is None:
                return said
            self._note(wrong, path)
        return None

    def _entities(self) -> dict[str, dict[str, Any]] | None:
        if DESCRIPTOR not in self.entries:
            deeper = next((path for path in self.entries if path.endswith(f"/{DESCRIPTOR}")), "")
            self._note("no_descriptor", DESCRIPTOR, found=deeper)
            return None
        said = self._json(DESCRIPTOR)
        if said is None:
            return None
        graph = said.get("@graph") if isinstance(said, dict) else None
        if not isinstance(graph, list) or len(graph) > _MOST_ENTITIES:
            self._note("no_graph", DESCRIPTOR, most=_MOST_ENTITIES)
            return None
        entities: dict[str, dict[str, Any]] = {}
        for at, one in enumerate(graph):
            id_ = one.get("@id") if isinstance(one, dict) else None
            if not isinstance(id_, str) or not id_:
                self._note("no_id", f"@graph[{at}]")
            elif id_ in entities:
                self._note("twice", id_)
            else:
                entities[id_] = one
                if not types_of(one):
                    self._note("no_type", id_, "warning")
        return entities

    def _version(self, descriptor: Mapping[str, Any]) -> str:
        for profile in refs_of(descriptor, "conformsTo"):
            if profile.startswith(_PROFILE):
                version = profile.removeprefix(_PROFILE).strip("/")
                if version not in _KNOWN:
                    self._note("version", DESCRIPTOR, "warning", found=version)
                return version
        self._note("no_version", DESCRIPTOR, "warning")
        return ""

    def _check_root(self, root: Mapping[str, Any]) -> None:
        if "Dataset" not in types_of(root):
            self._note("no_root", root["@id"])
        for name in ("name", "description", "datePublished", "license"):
            if not text_of(root, name) and not refs_of(root, name):
                self._note("missing", f"{root['@id']} {name}", "warning")

    def _check_parts(self, entities: Mapping[str, Mapping[str, Any]], root_id: str) -> None:
        """Note parts that are not there, and parts of themselves."""
        inside: list[str] = []
        done: set[str] = set()
        # Without calling itself: a chain of parts may be longer than calls may be deep.
        steps: list[tuple[str, Iterator[str]]] = [
            (root_id, iter(refs_of(entities[root_id], "hasPart")))
        ]
        inside.append(root_id)
        on_the_way = {root_id}
        while steps:
            id_, parts = steps[-1]
            part = next(parts, None)
            if part is None:
                steps.pop()
                on_the_way.discard(id_)
                done.add(id_)
            elif part not in entities:
                self._note("unknown", id_, "warning", found=part)
            elif part in on_the_way:
                self._note("cycle", id_, found=part)
            elif part not in done:
                on_the_way.add(part)
                steps.append((part, iter(refs_of(entities[part], "hasPart"))))

    def _check_files(self, entities: Mapping[str, Mapping[str, Any]]) -> None:
        """Compare what is said of files with the files."""
        told = {DESCRIPTOR, PREVIEW}
        folders = {path[: at + 1] for path in self.entries for at in _slashes(path)}
        folders |= {info.filename for info in self.archive.infolist() if info.is_dir()}
        for id_, one in entities.items():
            path = path_of(id_)
            kinds = types_of(one)
            if path is None or not kinds & {"File", "Dataset"} or id_ == "./":
                continue
            told.add(path)
            if ".." in path.split("/") or path.startswith("/"):
                self._note("climbs_out", id_)
            elif "File" in kinds:
                self._check_file(id_, path, one)
            elif path and f"{path.removesuffix('/')}/" not in folders:
                self._note("missing_folder", id_, "warning")
        for path in self.entries:
            if path not in told and not any(path[: at + 1] in told for at in _slashes(path)):
                self._note("not_described", path, "note")

    def _check_file(self, id_: str, path: str, one: Mapping[str, Any]) -> None:
        entry = self.entries.get(path)
        if entry is None:
            self._note("missing_file", id_)
            return
        size = text_of(one, "contentSize").strip()
        if size.isdecimal() and size.isascii() and size != str(entry.size):
            self._note("size", id_, expected=size[:20], found=entry.size)
        sha256 = text_of(one, "sha256").lower()
        if sha256:
            digest = hashlib.sha256()
            for piece in unpack(self.archive, self.archive.getinfo(path)):
                digest.update(piece)
            if digest.hexdigest() != sha256:
                self._note("checksum", id_, expected=sha256[:64], found=digest.hexdigest())

    def _tables(self) -> dict[str, DataFile]:
        """Return what data packages say of files, by path."""
        tables: dict[str, DataFile] = {}
        for path in self.entries:
            folder, _, name = path.rpartition("/")
            if name == PACKAGE and (said := self._json(path)) is not None:
                try:
                    files = load_package(said, f"{folder}/" if folder else "")
                except Refused as error:
                    for one in error.problems:
                        self._note(one.code, f"{path} {one.where}", "warning", **one.params)
                else:
                    tables |= {file.path: file for file in files}
        return tables


def _find_unkept(said: Any) -> str | None:
    """Return the code of what Python reads in a JSON and others do not; None if nothing is so.

    That are halves of signs, figures without end, and brackets far inside each other.
    """
    waiting = [(said, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            return "json_too_deep"
        if isinstance(one, dict):
            waiting += ((part, depth + 1) for pair in one.items() for part in pair)
        elif isinstance(one, list):
            waiting += ((part, depth + 1) for part in one)
        elif isinstance(one, str):
            if _HALF.search(one):
                return "json"
        elif isinstance(one, float) and not math.isfinite(one):
            return "json"
    return None


def _slashes(path: str) -> Iterator[int]:
    return (at for at, sign in enumerate(path) if sign == "/")
