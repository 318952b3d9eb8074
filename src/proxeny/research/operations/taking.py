"""Taking a study from elsewhere: it is in preparation here, with its people, data and advice."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine import package as engine
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence, Partnership, Party, Recommendation
from proxeny.partnerships.operations.room import own_side
from proxeny.research.content import from_content
from proxeny.research.crate_extensions import Beside, from_json
from proxeny.research.licences import code_of
from proxeny.research.models import (
    Arrival,
    Contributor,
    Licence,
    Package,
    PackageFile,
    PackageVersion,
    Result,
    Study,
)
from proxeny.research.operations.arriving import hold_arrival
from proxeny.research.operations.gathering import ACCESS, ROLES
from proxeny.research.operations.tables import start_check
from proxeny.research.operations.unreferenced_bytes import drop_later, hold_bytes
from proxeny.research.operations.validators import read_address
from proxeny.research.presenters import read_day, split_note
from proxeny.research.rules import ELEMENTS, FILE, Place
from proxeny.research.sandboxed import Head, unpack_files
from proxeny.research.store import get_store, open_bytes

_ROLES = {word: code for code, word in ROLES.items()} | {code: code for code in ROLES}
_ACCESS = {word: code.value for code, word in ACCESS.items()}
_REGISTERS = ("https://orcid.org/", "https://ror.org/")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of an archive that is in the store."""

    path: str
    size: int
    sha256: str
    media_type: str
    table: dict[str, Any] | None
    dialect: dict[str, Any] | None


def keep_files(archive: str, space: int, kept: list[Kept]) -> None:
    """Put the files of an archive of the store into the store; those of kinds that we take.

    Parameters
    ----------
    archive : str
        Its checksum.
    space : int
        So many bytes its files may have together.
    kept : list
        Gets the files one by one, so that it tells of those that are there when it goes wrong.

    Raises
    ------
    Refused
        With all that is wrong with the archive.
    """
    where = Path(settings.HOME) / "arrivals"
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_bytes(archive) as stream:
        for head, pieces in _files_in(unpack_files(stream, space)):
            with tempfile.TemporaryFile(dir=where) as file:
                for piece in pieces:
                    file.write(piece)
                file.seek(0)
                sha256 = engine.keep(get_store(), file, head.size, sha256=head.sha256 or None)
            kept.append(
                Kept(head.path, head.size, sha256, head.media_type, head.table, head.dialect)
            )


def _files_in(told: Iterator[Head | bytes]) -> Iterator[tuple[Head, Iterator[bytes]]]:
    """Yield each file with its pieces, which have to be taken before the next one."""
    head: Head | None = None
    for is_head, group in groupby(told, lambda one: isinstance(one, Head)):
        for one in group if is_head else ():
            if head is not None:
                yield head, iter(())
            head = cast("Head", one)
        if not is_head and head is not None:
            yield head, cast("Iterator[bytes]", group)
            head = None
    if head is not None:
        yield head, iter(())


@dataclass(slots=True)
class _Taking:
    """A study that is being taken."""

    actor: Reader
    partnership: Partnership
    parties: list[Party]
    told: engine.Study
    beside: Beside
    kept: Mapping[str, Kept]
    now: datetime
    study: Study = field(default_factory=Study)
    files: dict[str, PackageFile] = field(default_factory=dict)


@transaction.atomic
def take_arrival(
    *, actor: Reader, partnership_id: int, arrival_id: int, kept: list[Kept], now: datetime
) -> Study:
    """Make a study of an arrival whose files are in the store.

    It is in preparation: what others decided elsewhere is not decided here. Its packages have a
    released version each; recommendations are drafts, with their evidence.

    Side effects: an audit row; checks of its tables; the archive goes.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `hold_arrival`; a file is gone from the store.
    """
    held = hold_arrival(actor, partnership_id, arrival_id)
    one, parties = held.arrival, held.parties
    if one.content is None:
        raise Conflict(_("This has already been decided. Check the latest version."))
    for sha256 in sorted({file.sha256 for file in kept}):
        hold_bytes(sha256)
    taking = _Taking(
        actor,
        held.partnership,
        [side for side in parties if side.state == Party.State.JOINED],
        from_content(one.content),
        from_json(one.content.get("beside")),
        {file.path: file for file in kept},
        now,
    )
    taking.study = _study(taking, one)
    _take_people(taking)
    _take_packages(taking)
    _take_results(taking)
    _take_advice(taking)
    one.state, one.study = Arrival.State.TAKEN, taking.study
    one.save(update_fields=["state", "study"])
    audit.record(
        actor,
        "take_study",
        taking.study,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership_id,
        changes={"title": taking.study.title},
    )
    drop_later([one.sha256])
    return taking.study


def _cut(model: Any, name: str, text: str) -> str:
    most = model._meta.get_field(name).max_length
    return text.strip()[:most]


def _licence(address: str) -> str:
    return code_of(address) or Licence.OWN.value


def _study(taking: _Taking, arrival: Arrival) -> Study:
    told = taking.told
    elements = {name: _cut(Study, name, taking.beside.elements.get(name, "")) for name in ELEMENTS}
    title = _cut(Study, "title", told.title) or arrival.name
    question = _cut(Study, "question", told.question) or title
    summary = _cut(Study, "summary", told.description)
    languages = dict(Study._meta.get_field("language").choices or ())
    doi = told.doi if len(told.doi) <= 120 else ""
    return Study.objects.create(
        partnership=taking.partnership,
        title=title,
        # What was told for want of a summary is none.
        question=question,
        summary="" if summary in (question, elements["why"]) else summary,
        language=told.language[:2] if told.language[:2] in languages else "en",
        keywords=_cut(Study, "keywords", ", ".join(told.keywords)),
        licence=_licence(told.licence),
        doi=doi,
        created_at=taking.now,
        **elements,
    )


def _party_named(taking: _Taking, name: str) -> Party | None:
    plain = name.casefold().strip()
    found = (one for one in taking.parties if one.organisation.name.casefold() == plain)
    return next(found, None)


def _take_people(taking: _Taking) -> None:
    told = taking.told
    names = {one.id: one.name for one in told.organisations}
    order = {id_: at for at, id_ in enumerate(told.authors)}
    rows: list[tuple[int, Contributor]] = []
    for one in told.people:
        codes = list(dict.fromkeys(_ROLES.get(role, "partner") for role in one.roles))
        # Without a register number, only the row tells two of them apart.
        codes = codes if one.id.startswith(_REGISTERS) else codes[:1]
        works_for = names.get(one.organisation, "")
        party = _party_named(taking, works_for)
        rows += [
            (
                order.get(one.id, len(order)),
                _contributor(
                    taking,
                    Contributor.Kind.PERSON,
                    one.name,
                    one.id,
                    role,
                    party,
                    "" if party else works_for,
                    cited=one.id in order,
                ),
            )
            for role in codes or ["partner"]
        ]
    funders = {one.funder for one in told.funding}
    for organisation in told.organisations:
        id_ = organisation.id
        role = taking.beside.roles.get(id_) or ("funder" if id_ in funders else "")
        if role or id_ in order:
            party = _party_named(taking, organisation.name)
            row = _contributor(
                taking,
                Contributor.Kind.ORGANISATION,
                organisation.name,
                id_,
                role or "partner",
                party,
                "",
                cited=id_ in order,
            )
            rows.append((order.get(id_, len(order)), row))
    Contributor.objects.bulk_create(row for _at, row in sorted(rows, key=lambda pair: pair[0]))


def _contributor(
    taking: _Taking,
    kind: str,
    name: str,
    id_: str,
    role: str,
    party: Party | None,
    affiliation: str,
    *,
    cited: bool,
) -> Contributor:
    return Contributor(
        partnership=taking.partnership,
        study=taking.study,
        kind=kind,
        role=role,
        party=party,
        name=_cut(Contributor, "name", name) or _("Unnamed"),
        cited=cited,
        affiliation=_cut(Contributor, "affiliation", affiliation),
        identifier=_identifier(kind, id_),
    )


def _identifier(kind: str, id_: str) -> str:
    """Return the ORCID or ROR address of a contributor; empty for one in neither register."""
    try:
        return read_address(kind, id_) if id_.startswith(_REGISTERS) else ""
    except InvalidInput:
        return ""


def _take_packages(taking: _Taking) -> None:
    told = taking.told
    groups = [(one, one.files) for one in told.datasets]
    if told.reports:
        reports = engine.Dataset(path="", title=_("Reports"), licence=told.licence)
        groups.append((reports, tuple(one.file for one in told.reports)))
    for dataset, files in groups:
        access = _ACCESS.get(dataset.access, Package.Access.CLOSED.value)
        package = Package.objects.create(
            partnership=taking.partnership,
            study=taking.study,
            title=_cut(Package, "title", dataset.title) or dataset.path[:200] or taking.study.title,
            details=_cut(Package, "details", dataset.description or dataset.title),
            keywords=_cut(Package, "keywords", ", ".join(dataset.keywords)),
            licence=_licence(dataset.licence or told.licence),
            access=access,
            terms=_cut(Package, "terms", taking.beside.terms.get(dataset.path, "")),
        )
        here = [file for file in files if file.path in taking.kept]
        if here:
            _take_version(taking, package, dataset.path, here)


def _take_version(
    taking: _Taking, package: Package, folder: str, files: list[engine.DataFile]
) -> None:
    version = PackageVersion.objects.create(
        partnership=taking.partnership,
        package=package,
        number=1,
        released_at=taking.now,
        released_by_id=taking.actor.person,
        note=_("Imported from another source"),
        created_at=taking.now,
    )
    if not all(file.path.startswith(folder) for file in files):
        folder = ""
    rows = PackageFile.objects.bulk_create(
        _file(taking, version, file, file.path.removeprefix(folder)) for file in files
    )
    for file, row in zip(files, rows, strict=True):
        taking.files[file.path] = row
        if row.table:
            start_check(taking.actor, row)


def _file(
    taking: _Taking, version: PackageVersion, file: engine.DataFile, path: str
) -> PackageFile:
    kept = taking.kept[file.path]
    return PackageFile(
        partnership=taking.partnership,
        version=version,
        path=path,
        size=kept.size,
        sha256=kept.sha256,
        media_type=kept.media_type,
        title=_cut(PackageFile, "title", file.title),
        details=_cut(PackageFile, "details", file.description),
        table=kept.table,
        dialect=kept.dialect,
        created_at=taking.now,
        fit=PackageFile.Fit.WAITING if kept.table else PackageFile.Fit.NONE,
    )


def _take_results(taking: _Taking) -> None:
    Result.objects.bulk_create(
        Result(
            partnership=taking.partnership,
            study=taking.study,
            kind=one.kind,
            title=_cut(Result, "title", one.title),
            details=_cut(Result, "details", one.details),
            happened_on=read_day(one.happened_on) or taking.now.date(),
            benefits=one.benefits,
            reached=one.reached,
            proof=_cut(Result, "proof", one.proof),
            proof_url=one.proof_url if len(one.proof_url) <= 500 else "",
        )
        for one in taking.beside.results
    )


def _take_advice(taking: _Taking) -> None:
    told = taking.told.recommendations
    rows = Recommendation.objects.bulk_create(_recommendation(taking, one) for one in told)
    Evidence.objects.bulk_create(
        _piece(taking, row, piece)
        for row, one in zip(rows, told, strict=True)
        for piece in one.evidence
    )


def _recommendation(taking: _Taking, one: engine.Recommendation) -> Recommendation:
    addressee, party = _addressee(taking, one.addressee)
    return Recommendation(
        partnership=taking.partnership,
        source=Recommendation.Source.STUDY,
        source_id=taking.study.pk,
        title=_cut(Recommendation, "title", one.title) or "–",
        details=_cut(Recommendation, "details", one.text),
        addressee=addressee,
        party=party,
    )


def _addressee(taking: _Taking, id_: str) -> tuple[str, Party | None]:
    if id_ == "#partnership":
        return Recommendation.Addressee.ALL, None
    names = {one.id: one.name for one in taking.told.organisations}
    party = _party_named(taking, names.get(id_, ""))
    return (Recommendation.Addressee.ONE, party) if party else ("", None)


def _piece(taking: _Taking, row: Recommendation, one: engine.Evidence) -> Evidence:
    text, url = split_note(one.note)
    file = taking.files.get(one.file)
    known = one.kind in Evidence.Kind.values
    place = str(Place(*one.rows, one.columns)) if file and one.rows else ""
    if len(place) > 120 and one.rows:
        place = str(Place(*one.rows))
    fallback = Evidence.Kind.DATA if file else Evidence.Kind.DOCUMENT
    return Evidence(
        partnership=taking.partnership,
        recommendation=row,
        text=_cut(Evidence, "text", text) or "–",
        kind=one.kind if known else fallback,
        url=url if len(url) <= 500 else "",
        target=FILE if file else "",
        target_id=file.pk if file else None,
        place=place,
    )
