"""Writing a study as an RO-Crate 1.2 in a ZIP, piece by piece."""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from proxeny.engine.package._graph import (
    CONTEXT,
    DESCRIPTOR,
    PACKAGE,
    PREVIEW,
    entities_of,
    packages_of,
)
from proxeny.engine.package._names import check_paths
from proxeny.engine.package._preview import write_preview
from proxeny.engine.package.problems import Problem, Refused
from proxeny.engine.package.study import DataFile, Evidence, Study

__all__ = ["check_study", "crate_metadata", "write_crate"]

#: Files that hardly get smaller.
_PACKED = ("image/", "application/zip", "application/vnd", "application/pdf")


def check_study(study: Study) -> list[Problem]:
    """Return why a study cannot be written: names that are not safe, ids that lead nowhere.

    The codes are those of names in archives, and `missing`, `twice`, `unknown`, `reserved`,
    `outside` (a file that is not in its dataset's folder), `checksum`, `size` and `media_type` (not
    known), `table` (a report is none), `keyword` (with a comma in it), `empty` (a text in a list), `unused`
    (a licence).
    """
    problems = [
        Problem("missing", name)
        for name, value in (
            ("title", study.title),
            ("description", study.description),
            ("published", study.published),
            ("licence", study.licence),
        )
        if not value
    ]
    problems += check_paths(
        [*(one.path for one in study.datasets), *(one.path for one in study.files)]
    )
    folders = [one.path for one in study.datasets]
    for dataset in study.datasets:
        if folders.count(dataset.path) > 1:
            problems.append(Problem("twice", dataset.path))
        if not dataset.path.endswith("/"):
            problems.append(Problem("name", dataset.path))
        for file in dataset.files:
            if not file.path.startswith(dataset.path):
                problems.append(Problem("outside", file.path, params={"folder": dataset.path}))
    for file in study.files:
        problems += _check_file(file)
    for report in study.reports:
        if report.file.schema or report.file.dialect:
            problems.append(Problem("table", report.file.path))
    for words in (study.keywords, *(one.keywords for one in study.datasets)):
        problems += [Problem("keyword", word) for word in words if "," in word]
    return [*problems, *_check_lists(study), *_check_ids(study)]


def _check_lists(study: Study) -> Iterator[Problem]:
    """Yield where a list has an empty text in it, which would be lost."""
    lists = [("keywords", study.keywords)]
    lists += [(one.path, one.keywords) for one in study.datasets]
    lists += [(one.id, one.roles) for one in study.people]
    lists += [(one.id, one.actions) for one in study.recommendations]
    lists += [(one.id, one.columns) for _, one in _evidence_of(study)]
    return (Problem("empty", where) for where, texts in lists if "" in texts)


def _check_file(file: DataFile) -> Iterator[Problem]:
    # Elsewhere, a leading hash means an id.
    reserved = file.path in (DESCRIPTOR, PREVIEW) or file.path.startswith("#")
    if reserved or file.path.rpartition("/")[2] == PACKAGE:
        yield Problem("reserved", file.path)
    if file.size is None:
        yield Problem("size", file.path)
    if not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
        yield Problem("checksum", file.path)
    if "/" not in file.media_type:
        yield Problem("media_type", file.path)


def _check_ids(study: Study) -> list[Problem]:
    """Return ids that are there twice, or that nothing is known about."""
    evidence = [one for _, one in _evidence_of(study)]
    listed = [
        one.id
        for group in (
            study.licences,
            study.organisations,
            study.people,
            study.recommendations,
            study.actions,
            study.funding,
            evidence,
        )
        for one in group
    ]
    known = set(listed)
    problems = [Problem("twice", id_) for id_ in sorted(known) if listed.count(id_) > 1]
    problems += [Problem("id", id_) for id_ in listed if not _is_id(id_)]
    used = {study.licence, *(one.licence for one in study.datasets)}
    problems += [Problem("unused", one.id) for one in study.licences if one.id not in used]
    paths = {one.path for one in study.files} | {one.path for one in study.datasets}
    problems += [
        Problem("unknown", where, params={"found": found})
        for where, found in _references(study)
        if found and found not in known
    ]
    problems += [
        Problem("unknown", where, params={"found": found})
        for where, found in _file_references(study)
        if found and found not in paths | known
    ]
    return problems


def _is_id(id_: str) -> bool:
    local = id_.startswith("#") and len(id_) > 1 and id_ != "#question"
    return (local or id_.startswith(("https://", "http://"))) and not any(map(str.isspace, id_))


def _evidence_of(study: Study) -> Iterator[tuple[str, Evidence]]:
    for one in study.recommendations:
        for evidence in (*one.evidence, *one.proof):
            yield one.id, evidence


def _references(study: Study) -> Iterator[tuple[str, str]]:
    yield "licence", study.licence
    yield "publisher", study.publisher
    yield from (("authors", id_) for id_ in study.authors)
    yield from ((one.id, one.organisation) for one in study.people)
    yield from ((one.id, one.funder) for one in study.funding)
    yield from ((one.id, one.addressee) for one in study.recommendations)
    yield from ((one.id, one.agent) for one in study.actions)
    for dataset in study.datasets:
        yield dataset.path, dataset.licence
        yield from ((dataset.path, id_) for id_ in dataset.creators)
    for report in study.reports:
        yield from ((report.file.path, id_) for id_ in report.authors)


def _file_references(study: Study) -> Iterator[tuple[str, str]]:
    yield from ((one.id, one.file) for _, one in _evidence_of(study))
    for action in study.actions:
        yield from ((action.id, name) for name in (*action.objects, *action.results))


def crate_metadata(study: Study, extra: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return a study's `ro-crate-metadata.json`, with further entities at its end.

    Entities without any reference are mentioned by the root, so that a walk from there finds them.
    """
    entities, further = entities_of(study), [dict(one) for one in extra]
    referred = {id_ for one in (*entities, *further) for id_ in _refs_in(one)}
    # The first two are the descriptor and the root.
    told = [str(one["@id"]) for one in (*entities[2:], *further) if one.get("@id")]
    if loose := [{"@id": id_} for id_ in told if id_ not in referred]:
        root = entities[1]
        said = root.get("mentions", [])
        root["mentions"] = [*(said if isinstance(said, list) else [said]), *loose]
    return {"@context": CONTEXT, "@graph": [*entities, *further]}


def _refs_in(entity: Mapping[str, Any]) -> Iterator[str]:
    for value in entity.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and isinstance(one.get("@id"), str):
                yield one["@id"]


def write_crate(
    study: Study,
    content: Callable[[DataFile], Iterable[bytes]],
    *,
    extra: Iterable[Mapping[str, Any]] = (),
) -> Iterator[bytes]:
    """Return the pieces of a study's crate as a ZIP archive.

    The same study gives the same bytes. At no time more than a piece of a file is in memory.

    Parameters
    ----------
    study : Study
        What is written.
    content : callable
        Gives the bytes of a file in pieces.
    extra : iterable of mapping
        Further entities, as `read_crate` returned them.

    Raises
    ------
    Refused
        At once, with all that `check_study` finds; and in the middle, where a file is not what the
        study says it is (`checksum`), so that no one downloads an archive that doesn't match.
    """
    problems = check_study(study)
    if problems:
        raise Refused(*problems)
    return _pieces(study, content, tuple(extra))


def _pieces(
    study: Study,
    content: Callable[[DataFile], Iterable[bytes]],
    extra: tuple[Mapping[str, Any], ...],
) -> Iterator[bytes]:
    target = _Target()
    when = study.published or date(1980, 1, 1)
    made = {
        DESCRIPTOR: json.dumps(crate_metadata(study, extra), ensure_ascii=False, indent=2).encode(),
        PREVIEW: write_preview(study).encode(),
        **packages_of(study),
    }
    with zipfile.ZipFile(target, "w") as archive:  # type: ignore[call-overload]
        for path, text in made.items():
            archive.writestr(_entry(path, when, packed=True), text)
            yield target.take()
        for dataset in study.datasets:
            if not dataset.files:
                archive.writestr(_entry(dataset.path, when, packed=False), b"")
        for file in study.files:
            packed = not file.media_type.startswith(_PACKED)
            entry = _entry(file.path, when, packed=packed)
            entry.file_size = file.size or 0
            with archive.open(entry, "w", force_zip64=entry.file_size >= 1 << 31) as part:
                for piece in _checked(file, content(file)):
                    part.write(piece)
                    yield target.take()
            yield target.take()
    yield target.take()


def _checked(file: DataFile, pieces: Iterable[bytes]) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if file.size is not None and size > file.size:
            break
        yield piece
    if size != file.size or digest.hexdigest() != file.sha256:
        raise Refused(
            Problem(
                "checksum",
                file.path,
                params={"expected": file.sha256, "found": digest.hexdigest()},
            )
        )


def _entry(path: str, when: date, *, packed: bool) -> zipfile.ZipInfo:
    # Archives know no day before 1980.
    entry = zipfile.ZipInfo(path, (max(1980, when.year), when.month, when.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = (0o40755 << 16 | 0x10) if path.endswith("/") else 0o100644 << 16
    return entry


class _Target:
    """Target for an archive, read back piece by piece; it is not seekable."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        return

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
