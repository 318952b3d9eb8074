"""Everything of a study as plain data: what a publication keeps, and what a crate holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone

from proxeny.directory.models import Identifier, IdentifierScheme
from proxeny.engine import package as engine
from proxeny.kernel.personal_data import ERASED_NAME
from proxeny.partnerships.models import Action, Party
from proxeny.research.crate_extensions import Beside, Yield
from proxeny.research.licences import licence_of
from proxeny.research.models import (
    Contributor,
    Package,
    PackageFile,
    PackageVersion,
    Result,
    Study,
)
from proxeny.research.operations.gathering_advice import gather_advice
from proxeny.research.queries.packages import newest_versions
from proxeny.research.rules import ELEMENTS, folder_of
from proxeny.research.sandboxed import load_written

#: What contributors do, in the words that libraries of data know where there are any.
ROLES = {
    "lead": "manager",
    "partner": "partner",
    "methods": "methodology",
    "data": "data curator",
    "analysis": "researcher",
    "writing": "editor",
    "practice": "practice",
    "advice": "adviser",
    "funder": "funder",
}
ACCESS = {
    Package.Access.OPEN: "open",
    Package.Access.REQUEST: "restricted",
    Package.Access.CLOSED: "closed",
}
#: Of the preparation, what the world reads; who pays what stays in the room.
TOLD = ("why", "expected", "methods", "ethics", "data_plan")


@dataclass(frozen=True, slots=True)
class Gathered:
    """A study prepared for export, and its parts beyond the terms of a crate."""

    study: engine.Study
    beside: Beside


def gather_all(
    study: Study, *, published: date | None = None, for_world: bool = False, version: str = ""
) -> Gathered:
    """Return everything of a study as plain data, as the reader sees it. At most twelve queries.

    Data packages are included in their last released version. Erased persons are left out.

    Parameters
    ----------
    published : date, optional
        The publication date; by default the day it was concluded, begun or else created.
    for_world : bool
        Leave out what stays in the room: drafts of recommendations, files of closed packages, and
        the funding.
    version : str
        The number of the publication.
    """
    people = _gather_people(study)
    packages = _list_packages(study)
    datasets = tuple(_dataset(one, for_world=for_world) for one in packages)
    files = {
        file.pk: f"{folder_of(one.package)}{file.path}"
        for one in packages
        for file in one.files
        if not (for_world and one.package.access == Package.Access.CLOSED)
    }
    licences = dict.fromkeys([study.licence, *(one.package.licence for one in packages)])
    day = published or study.concluded_on or study.begun_on or study.created_at.date()
    told = engine.Study(
        title=study.title,
        question=study.question,
        description=study.summary or study.why or study.question,
        published=day,
        created=study.begun_on,
        version=version,
        language=study.language,
        doi=study.doi,
        licence=licence_of(study.licence).id,
        licences=tuple(licence_of(one) for one in licences),
        publisher=people.publisher,
        authors=people.authors,
        keywords=_words(study.keywords),
        organisations=people.organisations,
        people=people.people,
        funding=people.funding,
        datasets=datasets,
        recommendations=gather_advice(study, people.sides, files, for_world=for_world),
        actions=_gather_steps(study, packages),
    )
    names = TOLD if for_world else ELEMENTS
    elements = {name: text for name in names if (text := getattr(study, name))}
    beside = Beside(
        elements=elements,
        results=_gather_results(study),
        roles=people.roles,
        clusters=people.clusters,
        terms={
            folder_of(one.package): one.package.terms
            for one in packages
            if one.package.terms and one.package.access == Package.Access.REQUEST
        },
    )
    return Gathered(told, beside)


def gather_package(package: Package, version: PackageVersion) -> engine.Study:
    """Return one version of a package as a study of its own: its files, and the people of its study.

    At most six queries. The study's own DOI names the study, not this part of it.
    """
    study = package.study
    people = _gather_people(study)
    released = _Released(package, version, list(version.files.order_by("path")))
    licence = licence_of(package.licence)
    return engine.Study(
        title=package.title,
        description=package.details,
        published=timezone.localtime(version.released_at).date() if version.released_at else None,
        version=str(version.number),
        language=study.language,
        licence=licence.id,
        licences=(licence,),
        publisher=people.publisher,
        authors=people.authors,
        keywords=_words(package.keywords) or _words(study.keywords),
        organisations=people.organisations,
        people=people.people,
        funding=people.funding,
        datasets=(_dataset(released, for_world=False),),
    )


@dataclass(slots=True)
class _People:
    """The contributors, collected by id."""

    found: dict[str, engine.Person]
    named: dict[str, engine.Organisation]
    #: The ids of the sides, by the number of the party; None is the partnership itself.
    sides: dict[int | None, str]
    clusters: tuple[str, ...]
    cited: dict[str, None]
    roles: dict[str, str]
    funders: dict[str, None]
    publisher: str

    @property
    def people(self) -> tuple[engine.Person, ...]:
        return tuple(self.found.values())

    @property
    def organisations(self) -> tuple[engine.Organisation, ...]:
        return tuple(self.named.values())

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(self.cited)

    @property
    def funding(self) -> tuple[engine.Funding, ...]:
        return tuple(
            engine.Funding(
                id=f"#funding-{number}", name=f"Funding by {self.named[id_].name}", funder=id_
            )
            for number, id_ in enumerate(self.funders, 1)
        )


def _gather_people(study: Study) -> _People:
    """Return the sides and the contributors of a study, in the order of their noting. Three queries."""
    joined = Party.objects.filter(
        partnership_id=study.partnership_id, state=Party.State.JOINED
    ).select_related("organisation")
    parties = list(joined.order_by("side"))
    registers = dict(
        Identifier.objects.filter(
            organisation_id__in=[one.organisation_id for one in parties],
            scheme=IdentifierScheme.ROR,
        ).values_list("organisation_id", "value")
    )
    named, sides = {}, dict[int | None, str]()
    for one in parties:
        register = registers.get(one.organisation_id)
        id_ = f"https://ror.org/{register.lower()}" if register else f"#side-{one.side.lower()}"
        sides[one.pk] = id_
        named[id_] = engine.Organisation(
            id=id_, name=one.organisation.name, url=one.organisation.website
        )
    sides[None] = "#partnership"
    named["#partnership"] = engine.Organisation(id="#partnership", name=study.partnership.title)
    lead = next((one for one in parties if one.organisation_id == study.partnership.lead_id), None)
    people = _People(
        found={},
        named=named,
        sides=sides,
        cited={},
        roles={},
        funders={},
        clusters=tuple(one.organisation.name for one in parties),
        publisher=sides[lead.pk if lead else None],
    )
    rows = Contributor.objects.filter(study=study, dropped_at=None).exclude(name=ERASED_NAME)
    for row in rows.select_related("party__organisation").order_by("pk"):
        _add_contributor(people, row)
    return people


def _add_contributor(people: _People, row: Contributor) -> None:
    if row.kind == Contributor.Kind.ORGANISATION:
        id_ = _organisation(people, row.name, row.identifier or f"#organisation-{row.pk}")
        people.roles.setdefault(id_, row.role)
        if row.role == Contributor.Role.FUNDER:
            people.funders[id_] = None
    else:
        id_ = row.identifier or f"#person-{row.pk}"
        known = people.found.get(id_) or engine.Person(id=id_, name=row.name)
        roles = dict.fromkeys([*known.roles, ROLES[row.role]])
        people.found[id_] = replace(
            known, roles=tuple(roles), organisation=known.organisation or _works_for(people, row)
        )
    if row.cited:
        people.cited[id_] = None


def _works_for(people: _People, row: Contributor) -> str:
    if row.affiliation:
        return _organisation(people, row.affiliation, f"#works-for-{row.pk}")
    return people.sides.get(row.party_id, "") if row.party_id else ""


def _organisation(people: _People, name: str, id_: str) -> str:
    """Return the id of an organisation of a name; one that is named already has the id it has."""
    for one in people.named.values():
        if one.id == id_ or one.name.casefold() == name.casefold():
            return one.id
    people.named[id_] = engine.Organisation(id=id_, name=name)
    return id_


@dataclass(frozen=True, slots=True)
class _Released:
    """A data package as it was released last."""

    package: Package
    version: PackageVersion
    files: list[PackageFile]


def _list_packages(study: Study) -> list[_Released]:
    """Return the packages that were released, each with its last release. Two queries."""
    versions = newest_versions().filter(package__study=study, package__dropped_at=None)
    found = list(versions.select_related("package").order_by("package_id"))
    files: dict[int, list[PackageFile]] = {one.pk: [] for one in found}
    for file in PackageFile.objects.filter(version__in=found).order_by("path"):
        files[file.version_id].append(file)
    return [_Released(one.package, one, files[one.pk]) for one in found]


def _dataset(one: _Released, *, for_world: bool) -> engine.Dataset:
    package, folder = one.package, folder_of(one.package)
    is_hidden = for_world and package.access == Package.Access.CLOSED
    assert one.version.released_at is not None  # by the query  # noqa: S101
    return engine.Dataset(
        path=folder,
        title=package.title,
        description=package.details,
        licence=licence_of(package.licence).id,
        access=ACCESS[Package.Access(package.access)],
        created=one.version.released_at.date(),
        keywords=_words(package.keywords),
        files=() if is_hidden else tuple(_file(folder, file) for file in one.files),
    )


def _file(folder: str, file: PackageFile) -> engine.DataFile:
    return engine.DataFile(
        path=f"{folder}{file.path}",
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        title=file.title,
        description=file.details,
        schema=engine.load_schema(file.table) if file.table else None,
        dialect=load_written(file.dialect) if file.dialect else None,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for one in re.split(r"[,;،؛]", text) if (word := one.strip())))


def _gather_results(study: Study) -> tuple[Yield, ...]:
    rows = Result.objects.filter(study=study, dropped_at=None).order_by("happened_on", "pk")
    return tuple(
        Yield(
            id=f"#result-{one.pk}",
            kind=one.kind,
            title=one.title,
            details=one.details,
            happened_on=one.happened_on.isoformat(),
            benefits=one.benefits,
            reached=one.reached,
            proof=one.proof,
            proof_url=one.proof_url,
        )
        for one in rows
    )


def _gather_steps(study: Study, packages: Iterable[_Released]) -> tuple[engine.Action, ...]:
    """Return the dated steps: begun, steps that are done, released, concluded. One query."""
    steps = []
    if study.begun_on:
        steps.append(_step("begun", "The study began", study.begun_on, kind="ActivateAction"))
    done = Action.objects.filter(
        partnership_id=study.partnership_id,
        origin=Action.Origin.STUDY,
        origin_id=study.pk,
        dropped_at=None,
        done_on__isnull=False,
    )
    for one in done.order_by("done_on", "pk"):
        assert one.done_on is not None  # by the query  # noqa: S101
        steps.append(_step(f"step-{one.pk}", one.title, one.done_on, kind="UpdateAction"))
    for each in packages:
        name = f"Released “{each.package.title}”, version {each.version.number}"
        step = engine.Action(
            id=f"#released-{each.version.pk}",
            name=name,
            ended=each.version.released_at,
            results=(folder_of(each.package),),
        )
        steps.append(step)
    if study.concluded_on:
        steps.append(
            _step("concluded", "The study was concluded", study.concluded_on, kind="UpdateAction")
        )
    return tuple(steps)


def _step(id_: str, name: str, day: date, *, kind: Any) -> engine.Action:
    moment = datetime.combine(day, time(), UTC)
    return engine.Action(id=f"#{id_}", name=name, kind=kind, ended=moment)
