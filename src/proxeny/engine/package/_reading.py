"""The study described by a crate's entities, from any author."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import unquote

from proxeny.engine.package._graph import PACKAGE, PACKAGE_PROFILE, QUESTION
from proxeny.engine.package.study import (
    Action,
    DataFile,
    Dataset,
    Evidence,
    Funding,
    Licence,
    Organisation,
    Person,
    Recommendation,
    Report,
    Study,
)

__all__ = ["Graph", "path_of", "read_study"]

_LONGEST_DOI = 500
_ROWS = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_ACTIONS: tuple[Literal["CreateAction", "UpdateAction", "ActivateAction"], ...] = (
    "CreateAction",
    "UpdateAction",
    "ActivateAction",
)

type Entity = Mapping[str, Any]


def path_of(id_: str) -> str | None:
    """Return the path that an identifier means; None for what is not in the archive."""
    if id_.startswith("#") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", id_):
        return None
    path = unquote(id_.partition("#")[0]).removeprefix("./")
    return None if "\0" in path else path


class Graph:
    """Entities by their identifiers; it notes which of them were read."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities
        self.seen: set[str] = set()

    def take(self, id_: str) -> Entity:
        """Return an entity, an empty one where there is none."""
        self.seen.add(id_)
        return self.entities.get(id_, {})

    def of_type(self, *types: str) -> Iterator[Entity]:
        """Yield all entities of some types in their order."""
        for entity in self.entities.values():
            if types_of(entity) & set(types):
                yield self.take(entity["@id"])


def types_of(entity: Entity) -> set[str]:
    """Return the types of an entity."""
    return {one for one in _many(entity.get("@type")) if isinstance(one, str)}


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts_of(entity: Entity, name: str) -> tuple[str, ...]:
    """Return the texts that a property has."""
    found = []
    for one in _many(entity.get(name)):
        if isinstance(one, dict):
            one = one.get("@value")
        if isinstance(one, str | int | float):
            found.append(str(one))
    return tuple(found)


def text_of(entity: Entity, name: str) -> str:
    """Return the first text that a property has."""
    return next(iter(texts_of(entity, name)), "")


def refs_of(entity: Entity, name: str) -> tuple[str, ...]:
    """Return the identifiers that a property refers to."""
    found = (one.get("@id") for one in _many(entity.get(name)) if isinstance(one, dict))
    return tuple(one for one in found if isinstance(one, str))


def ref_of(entity: Entity, name: str) -> str:
    """Return the first identifier that a property refers to."""
    return next(iter(refs_of(entity, name)), "")


def day_of(entity: Entity, name: str) -> date | None:
    """Return a property's day; where only a year or month is said, its first one."""
    text = text_of(entity, name)
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text, re.ASCII)
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def _moment_of(entity: Entity, name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text_of(entity, name))
    except ValueError:
        return None
    # At the ends of the calendar no moment can be expressed in other zones.
    return moment if date.min.year < moment.year < date.max.year else None


def read_study(graph: Graph, root_id: str, files: Mapping[str, DataFile]) -> Study:
    """Return the study of a crate.

    Parameters
    ----------
    graph : Graph
        The crate's entities.
    root_id : str
        The identifier of its root.
    files : mapping
        What data packages in it say of files, by path.
    """
    root = graph.take(root_id)
    reports = tuple(_report(graph, one, files) for one in _report_entities(graph, root))
    datasets = tuple(_datasets(graph, root_id, files))
    people = tuple(map(_person, graph.of_type("Person")))
    organisations = tuple(
        Organisation(id=one["@id"], name=text_of(one, "name"), url=_link(one, "url"))
        for one in graph.of_type("Organization", "CollegeOrUniversity", "GovernmentOrganization")
    )
    return Study(
        title=text_of(root, "name"),
        description=text_of(root, "description"),
        question=text_of(graph.take(QUESTION), "name"),
        published=day_of(root, "datePublished"),
        created=day_of(root, "dateCreated"),
        modified=day_of(root, "dateModified"),
        licence=ref_of(root, "license") or text_of(root, "license"),
        version=text_of(root, "version"),
        language=text_of(root, "inLanguage"),
        doi=_doi(graph, root),
        publisher=ref_of(root, "publisher"),
        authors=refs_of(root, "author"),
        keywords=_keywords(root),
        licences=tuple(_licences(graph)),
        organisations=organisations,
        people=people,
        datasets=datasets,
        reports=reports,
        recommendations=tuple(
            _recommendation(graph, one) for one in graph.of_type("Recommendation")
        ),
        actions=tuple(
            map(_action, graph.of_type("CreateAction", "UpdateAction", "ActivateAction"))
        ),
        funding=tuple(
            Funding(
                id=one["@id"],
                name=text_of(one, "name"),
                number=text_of(one, "identifier"),
                funder=ref_of(one, "funder"),
            )
            for one in graph.of_type("Grant")
        ),
    )


def _doi(graph: Graph, root: Entity) -> str:
    refs = refs_of(root, "identifier")
    values = [text_of(graph.take(id_), "value") for id_ in refs]
    for said in (*texts_of(root, "identifier"), *refs, *values):
        if len(said) < _LONGEST_DOI and (
            match := re.search(r"(?:doi\.org/|^doi:)(10\.\d{4,9}/\S+)$", said, re.ASCII)
        ):
            return match[1]
    return ""


def _keywords(entity: Entity) -> tuple[str, ...]:
    """Return keywords, which others may write in one text."""
    said = texts_of(entity, "keywords")
    if len(said) == 1 and "," in said[0]:
        return tuple(word.strip() for word in said[0].split(",") if word.strip())
    return said


def _link(entity: Entity, name: str) -> str:
    return text_of(entity, name) or ref_of(entity, name)


def _licences(graph: Graph) -> Iterator[Licence]:
    """Yield what any entity names as its licence, in the order of the entities."""
    named = {id_ for one in graph.entities.values() for id_ in refs_of(one, "license")}
    for id_ in [id_ for id_ in graph.entities if id_ in named]:
        yield Licence(id=id_, name=text_of(graph.take(id_), "name"))


def _person(one: Entity) -> Person:
    return Person(
        id=one["@id"],
        name=text_of(one, "name"),
        given=text_of(one, "givenName"),
        family=text_of(one, "familyName"),
        roles=texts_of(one, "jobTitle"),
        organisation=ref_of(one, "affiliation"),
    )


def _report_entities(graph: Graph, root: Entity) -> Iterator[Entity]:
    """Yield the root's reports, each once."""
    told = set[str | None]()
    for id_ in refs_of(root, "hasPart"):
        path = path_of(id_)
        if path not in told and {"File", "Report"} <= types_of(graph.entities.get(id_, {})):
            told.add(path)
            yield graph.take(id_)


def _report(graph: Graph, one: Entity, files: Mapping[str, DataFile]) -> Report:
    return Report(
        file=_file(one, files),
        language=text_of(one, "inLanguage"),
        created=day_of(one, "dateCreated"),
        authors=refs_of(one, "author"),
    )


def _datasets(graph: Graph, root_id: str, files: Mapping[str, DataFile]) -> Iterator[Dataset]:
    """Yield the root's datasets; files that lie in none of them are one of their own.

    Each file is in one of them alone, however often it is named.
    """
    root, told = graph.take(root_id), set[str]()
    inner = list(_inner_datasets(graph, root_id, files, told))
    loose = tuple(_files_of(graph, root, files, told))
    if loose:
        yield Dataset(path="", title=text_of(root, "name"), files=loose)
    yield from inner


def _inner_datasets(
    graph: Graph, root_id: str, files: Mapping[str, DataFile], told: set[str]
) -> Iterator[Dataset]:
    waiting, done = deque(refs_of(graph.take(root_id), "hasPart")), {root_id}
    while waiting:
        id_ = waiting.popleft()
        one = graph.entities.get(id_, {})
        path = path_of(id_)
        if id_ in done or "Dataset" not in types_of(one) or path is None:
            continue
        done.add(id_)
        graph.take(id_)
        yield Dataset(
            path=path if path.endswith("/") else f"{path}/",
            title=text_of(one, "name"),
            description=text_of(one, "description"),
            licence=ref_of(one, "license"),
            access=text_of(one, "conditionsOfAccess"),
            created=day_of(one, "dateCreated"),
            creators=refs_of(one, "creator"),
            keywords=texts_of(one, "keywords"),
            files=tuple(_files_of(graph, one, files, told)),
        )
        waiting += refs_of(one, "hasPart")


def _files_of(
    graph: Graph, part: Entity, files: Mapping[str, DataFile], told: set[str]
) -> Iterator[DataFile]:
    """Yield the files of a part that are not included yet."""
    for id_ in refs_of(part, "hasPart"):
        one = graph.entities.get(id_, {})
        path = path_of(id_)
        if "File" not in types_of(one) or "Report" in types_of(one) or path is None:
            continue
        graph.take(id_)
        if path.rpartition("/")[2] == PACKAGE and PACKAGE_PROFILE in refs_of(one, "conformsTo"):
            graph.take(PACKAGE_PROFILE)
        elif path not in told:
            told.add(path)
            yield _file(one, files)


def _file(one: Entity, files: Mapping[str, DataFile]) -> DataFile:
    path = path_of(one["@id"]) or ""
    size = text_of(one, "contentSize").strip()
    table = files.get(path)
    title = text_of(one, "name")
    formats = (text for text in texts_of(one, "encodingFormat") if "/" in text)
    return DataFile(
        path=path,
        media_type=next(formats, ""),
        size=int(size) if re.fullmatch(r"[0-9]{1,18}", size) else None,
        sha256=text_of(one, "sha256").lower(),
        title="" if title == path.rpartition("/")[2] else title,
        description=text_of(one, "description"),
        schema=table.schema if table else None,
        dialect=table.dialect if table else None,
    )


def _recommendation(graph: Graph, one: Entity) -> Recommendation:
    said = _values(graph, one)
    return Recommendation(
        id=one["@id"],
        title=text_of(one, "name"),
        text=text_of(one, "text"),
        state=text_of(one, "creativeWorkStatus"),
        addressee=_first(said, "addressee"),
        source=_first(said, "source"),
        decision=_first(said, "decision"),
        reason=_first(said, "reason"),
        actions=tuple(value for name, value in said if name == "action"),
        evidence=tuple(_evidence(graph, id_) for id_ in refs_of(one, "citation")),
        proof=tuple(_evidence(graph, id_) for id_ in refs_of(one, "subjectOf")),
    )


def _values(graph: Graph, one: Entity) -> list[tuple[str, str]]:
    pairs = map(graph.take, refs_of(one, "additionalProperty"))
    return [(text_of(pair, "name"), text_of(pair, "value")) for pair in pairs]


def _first(said: list[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in said if name == wanted), "")


def _evidence(graph: Graph, id_: str) -> Evidence:
    one = graph.take(id_)
    said = _values(graph, one)
    rows = _ROWS.fullmatch(_first(said, "rows"))
    return Evidence(
        id=id_,
        kind=text_of(one, "genre"),
        note=text_of(one, "name"),
        file=path_of(ref_of(one, "isBasedOn")) or "",
        rows=(int(rows[1]), int(rows[2])) if rows else None,
        columns=tuple(value for name, value in said if name == "column"),
    )


def _action(one: Entity) -> Action:
    return Action(
        id=one["@id"],
        kind=next(kind for kind in _ACTIONS if kind in types_of(one)),
        name=text_of(one, "name"),
        agent=ref_of(one, "agent"),
        started=_moment_of(one, "startTime"),
        ended=_moment_of(one, "endTime"),
        objects=tuple(map(_name_of, refs_of(one, "object"))),
        results=tuple(map(_name_of, refs_of(one, "result"))),
        instrument=text_of(one, "description"),
    )


def _name_of(id_: str) -> str:
    path = path_of(id_)
    return id_ if path is None else path
