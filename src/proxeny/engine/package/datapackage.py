"""A dataset as a Data Package (specs.frictionlessdata.io, version 1)."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from proxeny.engine.package.problems import Problem, Refused
from proxeny.engine.package.schema import Dialect
from proxeny.engine.package.schema_json import (
    dump_dialect,
    dump_schema,
    load_dialect,
    load_schema,
)
from proxeny.engine.package.study import DataFile, Dataset, Study

__all__ = ["dump_package", "load_package"]


def dump_package(dataset: Dataset, study: Study) -> dict[str, Any]:
    """Return the `datapackage.json` of a dataset; its paths begin in the dataset's folder."""
    names: set[str] = set()
    resources = [_resource(file, dataset.path, names) for file in dataset.files]
    is_table = bool(resources) and all(file.schema for file in dataset.files)
    said: dict[str, Any] = {
        "profile": "tabular-data-package" if is_table else "data-package",
        "name": _slug(dataset.path.removesuffix("/").rpartition("/")[2]) or "data",
        "title": dataset.title,
        "description": dataset.description,
        "keywords": list(dataset.keywords),
        "licenses": [
            {"path": one.id, "title": one.name}
            for one in study.licences
            if one.id == (dataset.licence or study.licence)
        ],
        "contributors": _contributors(dataset, study),
        "version": study.version,
        "created": f"{dataset.created}T00:00:00Z" if dataset.created else "",
    }
    return {name: value for name, value in said.items() if value} | {"resources": resources}


def _contributors(dataset: Dataset, study: Study) -> list[dict[str, str]]:
    names = {id_: one.name for id_, one in study.parties.items()}
    return [
        {"title": names[id_], "role": "author"} | ({"path": id_} if id_.startswith("http") else {})
        for id_ in dataset.creators
        if id_ in names
    ]


def _resource(file: DataFile, folder: str, names: set[str]) -> dict[str, Any]:
    path = file.path.removeprefix(folder)
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    said: dict[str, Any] = {
        "name": _unused(_slug(stem or suffix) or "file", names),
        "path": path,
        "title": file.title,
        "description": file.description,
        "format": suffix.lower() if stem else "",
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}" if file.sha256 else "",
    }
    if file.schema:
        said["profile"] = "tabular-data-resource"
        said["schema"] = dump_schema(file.schema)
    if file.dialect:
        said["dialect"] = dump_dialect(file.dialect)
        said["encoding"] = file.dialect.encoding
    return {name: value for name, value in said.items() if value not in ("", None)}


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9._-]+", "-", plain.lower()).strip("-._")


def _unused(name: str, names: set[str]) -> str:
    found, number = name, 2
    while found in names:
        found, number = f"{name}-{number}", number + 1
    names.add(found)
    return found


def load_package(said: Any, folder: str = "") -> tuple[DataFile, ...]:
    """Return the files of a `datapackage.json` that lies in a folder.

    Raises
    ------
    Refused
        With all that is wrong, each at its place, e.g. `resources[0].schema.fields[2].type`.
    """
    resources = said.get("resources") if isinstance(said, dict) else None
    if not isinstance(resources, list) or not resources:
        raise Refused(Problem("resources", "resources", params={"expected": "list"}))
    files, problems = [], []
    for at, one in enumerate(resources):
        try:
            files.append(_load_resource(one, folder))
        except Refused as error:
            problems += _within(f"resources[{at}]", error.problems)
    if problems:
        raise Refused(*problems)
    return tuple(files)


def _within(place: str, problems: Iterable[Problem]) -> list[Problem]:
    return [
        Problem(one.code, f"{place}.{one.where}".rstrip("."), one.severity, one.params)
        for one in problems
    ]


def _load_resource(said: Any, folder: str) -> DataFile:
    path = said.get("path") if isinstance(said, dict) else None
    if not isinstance(path, str) or not path:
        raise Refused(Problem("path", "path", params={"expected": "text"}))
    schema = dialect = None
    if isinstance(said.get("schema"), dict):
        try:
            schema = load_schema(said["schema"])
        except Refused as error:
            raise Refused(*_within("schema", error.problems)) from None
    if "dialect" in said or "encoding" in said:
        dialect = _load_dialect(said)
    size, digest = said.get("bytes"), said.get("hash")
    sha256 = digest.removeprefix("sha256:") if isinstance(digest, str) else ""
    return DataFile(
        path=folder + path,
        media_type=_text(said, "mediatype"),
        size=size if isinstance(size, int) else None,
        sha256=sha256.lower() if re.fullmatch(r"[0-9A-Fa-f]{64}", sha256) else "",
        title=_text(said, "title"),
        description=_text(said, "description"),
        schema=schema,
        dialect=dialect,
    )


def _load_dialect(said: dict[str, Any]) -> Dialect:
    encoding = said.get("encoding", "utf-8")
    try:
        return load_dialect(said.get("dialect"), encoding=encoding)
    except Refused as error:
        raise Refused(*_within("dialect", error.problems)) from None


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
