"""A study as the entities of an RO-Crate."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from proxeny.engine.package.datapackage import dump_package
from proxeny.engine.package.study import (
    Action,
    DataFile,
    Dataset,
    Evidence,
    Recommendation,
    Report,
    Study,
)

__all__ = [
    "CONTEXT",
    "DESCRIPTOR",
    "PACKAGE",
    "PREVIEW",
    "PROFILE",
    "entities_of",
    "id_of",
    "packages_of",
]

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
PROFILE = "https://w3id.org/ro/crate/1.2"
DESCRIPTOR = "ro-crate-metadata.json"
PREVIEW = "ro-crate-preview.html"
PACKAGE = "datapackage.json"
PACKAGE_PROFILE = "https://specs.frictionlessdata.io/data-package/"
QUESTION = "#question"
_SAFE = "/~!$&'()*+,;=@-._"

type Entity = dict[str, Any]


def id_of(path: str) -> str:
    """Return a path as the identifier of an entity."""
    return quote(path, safe=_SAFE)


def packages_of(study: Study) -> dict[str, bytes]:
    """Return the `datapackage.json` of each dataset that has tables, by its path."""
    return {
        dataset.path + PACKAGE: json.dumps(
            dump_package(dataset, study), ensure_ascii=False, indent=2
        ).encode()
        for dataset in study.datasets
        if any(file.schema or file.dialect for file in dataset.files)
    }


def entities_of(study: Study) -> list[Entity]:
    """Return all entities of a study's crate, the descriptor first."""
    packages = packages_of(study)
    entities = [
        {
            "@id": DESCRIPTOR,
            "@type": "CreativeWork",
            "conformsTo": {"@id": PROFILE},
            "about": {"@id": "./"},
        },
        _root(study),
        *_parts(study, packages),
        *_contexts(study),
        *(entity for one in study.recommendations for entity in _recommendation(one)),
        *(_action(one) for one in study.actions),
    ]
    return [_compact(entity) for entity in entities]


def _compact(entity: Entity) -> Entity:
    """Return an entity without what is empty, and with single values instead of lists of one."""
    kept = {}
    for name, value in entity.items():
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value not in ("", None, [], {"@id": ""}):
            kept[name] = value
    return kept


def _refs(ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": id_} for id_ in ids]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _root(study: Study) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": study.title,
        "description": study.description,
        "datePublished": _day(study.published),
        "dateCreated": _day(study.created),
        "dateModified": _day(study.modified),
        "license": {"@id": study.licence},
        "version": study.version,
        "inLanguage": study.language,
        "identifier": {"@id": f"https://doi.org/{study.doi}" if study.doi else ""},
        "publisher": {"@id": study.publisher},
        "author": _refs(study.authors),
        "keywords": list(study.keywords),
        "about": {"@id": QUESTION if study.question else ""},
        "hasPart": _refs(
            [
                *(id_of(one.path) for one in study.datasets),
                *(id_of(one.file.path) for one in study.reports),
            ]
        ),
        "mentions": _refs(
            [*(one.id for one in study.recommendations), *(one.id for one in study.actions)]
        ),
        "contributor": _refs(one.id for one in study.people if one.id not in study.authors),
        "funding": _refs(one.id for one in study.funding),
        "funder": _refs(dict.fromkeys(one.funder for one in study.funding if one.funder)),
    }


def _parts(study: Study, packages: dict[str, bytes]) -> Iterator[Entity]:
    for dataset in study.datasets:
        yield _dataset(dataset, packages)
        for file in dataset.files:
            yield _file(file)
    for path, content in packages.items():
        yield {
            "@id": id_of(path),
            "@type": "File",
            "name": "Data Package",
            "description": "The tables' columns.",
            "encodingFormat": "application/json",
            "contentSize": str(len(content)),
            "conformsTo": {"@id": PACKAGE_PROFILE},
        }
    if packages:
        yield {"@id": PACKAGE_PROFILE, "@type": "CreativeWork", "name": "Data Package"}
    for report in study.reports:
        yield _report(report)


def _dataset(one: Dataset, packages: dict[str, bytes]) -> Entity:
    paths = [file.path for file in one.files]
    paths += [path for path in packages if path == one.path + PACKAGE]
    return {
        "@id": id_of(one.path),
        "@type": "Dataset",
        "name": one.title,
        "description": one.description,
        "license": {"@id": one.licence},
        "conditionsOfAccess": one.access,
        "dateCreated": _day(one.created),
        "creator": _refs(one.creators),
        "keywords": list(one.keywords),
        "hasPart": _refs(map(id_of, paths)),
    }


def _file(one: DataFile) -> Entity:
    return {
        "@id": id_of(one.path),
        "@type": "File",
        "name": one.title or one.path.rpartition("/")[2],
        "description": one.description,
        "encodingFormat": one.media_type,
        "contentSize": "" if one.size is None else str(one.size),
        "sha256": one.sha256,
        "variableMeasured": [field.name for field in one.schema.fields] if one.schema else [],
    }


def _report(one: Report) -> Entity:
    return _file(one.file) | {
        "@type": ["File", "Report"],
        "inLanguage": one.language,
        "dateCreated": _day(one.created),
        "author": _refs(one.authors),
    }


def _contexts(study: Study) -> Iterator[Entity]:
    for licence in study.licences:
        yield {"@id": licence.id, "@type": "CreativeWork", "name": licence.name}
    if study.question:
        yield {"@id": QUESTION, "@type": "Question", "name": study.question}
    if study.doi:
        address = f"https://doi.org/{study.doi}"
        yield {
            "@id": address,
            "@type": "PropertyValue",
            "name": "DOI",
            "propertyID": "https://registry.identifiers.org/registry/doi",
            "value": f"doi:{study.doi}",
            "url": address,
        }
    for organisation in study.organisations:
        yield {
            "@id": organisation.id,
            "@type": "Organization",
            "name": organisation.name,
            "url": organisation.url,
        }
    for person in study.people:
        yield {
            "@id": person.id,
            "@type": "Person",
            "name": person.name,
            "givenName": person.given,
            "familyName": person.family,
            "jobTitle": list(person.roles),
            "affiliation": {"@id": person.organisation},
        }
    for grant in study.funding:
        yield {
            "@id": grant.id,
            "@type": "Grant",
            "name": grant.name,
            "identifier": grant.number,
            "funder": {"@id": grant.funder},
        }


def _recommendation(one: Recommendation) -> Iterator[Entity]:
    said = [
        ("addressee", one.addressee),
        ("source", one.source),
        ("decision", one.decision),
        ("reason", one.reason),
        *(("action", text) for text in one.actions),
    ]
    values = list(_values(one.id, said))
    yield {
        "@id": one.id,
        "@type": "Recommendation",
        "name": one.title,
        "text": one.text,
        "creativeWorkStatus": one.state,
        "citation": _refs(evidence.id for evidence in one.evidence),
        "subjectOf": _refs(evidence.id for evidence in one.proof),
        "additionalProperty": _refs(value["@id"] for value in values),
    }
    yield from values
    for evidence in (*one.evidence, *one.proof):
        yield from _evidence(evidence)


def _values(id_: str, said: Iterable[tuple[str, str]]) -> Iterator[Entity]:
    """Yield what no term of schema.org is for, as pairs of a name and a value."""
    for number, (name, value) in enumerate(said, 1):
        if value:
            yield {
                "@id": f"{id_}-{name}-{number}",
                "@type": "PropertyValue",
                "name": name,
                "value": value,
            }


def _evidence(one: Evidence) -> Iterator[Entity]:
    rows = [] if one.rows is None else [("rows", f"{one.rows[0]}-{one.rows[1]}")]
    values = list(_values(one.id, [*rows, *(("column", name) for name in one.columns)]))
    fragment = f"#row={one.rows[0]}-{one.rows[1]}" if one.rows else ""
    yield {
        "@id": one.id,
        "@type": "CreativeWork",
        "name": one.note,
        "genre": one.kind,
        "isBasedOn": {"@id": id_of(one.file)},
        # A part of a table as RFC 7111 names it.
        "identifier": f"{id_of(one.file)}{fragment}" if one.file and fragment else "",
        "additionalProperty": _refs(value["@id"] for value in values),
    }
    yield from values


def _action(one: Action) -> Entity:
    return {
        "@id": one.id,
        "@type": one.kind,
        "name": one.name,
        "agent": {"@id": one.agent},
        "startTime": one.started.isoformat() if one.started else "",
        "endTime": one.ended.isoformat() if one.ended else "",
        "object": _refs(map(_thing, one.objects)),
        "result": _refs(map(_thing, one.results)),
        "description": one.instrument,
    }


def _thing(name: str) -> str:
    return name if name.startswith(("#", "https://", "http://")) else id_of(name)
