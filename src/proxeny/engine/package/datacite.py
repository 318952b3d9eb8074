"""A study's metadata for DataCite (metadata schema 4, as JSON)."""

from typing import Any

from proxeny.engine.package.problems import Problem, Refused
from proxeny.engine.package.study import Organisation, Person, Study

__all__ = ["dump_datacite"]

_SCHEMA = "http://datacite.org/schema/kernel-4"
_ORCID = "https://orcid.org/"
_ROR = "https://ror.org/"
_CONTRIBUTES = {
    "contact": "ContactPerson",
    "data collector": "DataCollector",
    "data curator": "DataCurator",
    "editor": "Editor",
    "manager": "ProjectManager",
    "reviewer": "Other",
    "researcher": "Researcher",
    "supervisor": "Supervisor",
}


def dump_datacite(study: Study) -> dict[str, Any]:
    """Return a study as DataCite takes it.

    Raises
    ------
    Refused
        `missing`, at `authors`, `publisher`, `published`: what DataCite cannot do without.
    """
    known = study.parties
    missing = [
        name
        for name, there in (
            ("authors", any(id_ in known for id_ in study.authors)),
            ("publisher", isinstance(known.get(study.publisher), Organisation)),
            ("published", bool(study.published)),
        )
        if not there
    ]
    if missing:
        raise Refused(*(Problem("missing", name) for name in missing))
    publisher = known.get(study.publisher)
    said: dict[str, Any] = {
        "doi": study.doi,
        "identifiers": [{"identifier": study.doi, "identifierType": "DOI"}] if study.doi else [],
        "creators": [_name(known[id_], study) for id_ in study.authors if id_ in known],
        "titles": [{"title": study.title}],
        "publisher": _publisher(publisher) if isinstance(publisher, Organisation) else None,
        "publicationYear": str(study.published.year) if study.published else "",
        "contributors": [
            _name(one, study) | {"contributorType": _CONTRIBUTES.get(role.lower(), "Other")}
            for one in study.people
            for role in one.roles
            if one.id not in study.authors
        ],
        "subjects": [{"subject": word} for word in study.keywords],
        "dates": _dates(study),
        "language": study.language,
        "version": study.version,
        "rightsList": _rights(study),
        "descriptions": _descriptions(study),
        "fundingReferences": _funding(study, known),
    }
    return {name: value for name, value in said.items() if value} | {
        "types": {"resourceTypeGeneral": "Collection", "resourceType": "Study"},
        "schemaVersion": _SCHEMA,
    }


def _name(one: Person | Organisation, study: Study) -> dict[str, Any]:
    said: dict[str, Any] = {"name": one.name, "nameType": "Organizational"}
    if isinstance(one, Person):
        said["nameType"] = "Personal"
        if one.family:
            said |= {"name": f"{one.family}, {one.given}".rstrip(", "), "familyName": one.family}
            said |= {"givenName": one.given} if one.given else {}
        said |= _affiliation(one, study)
    for start, scheme in ((_ORCID, "ORCID"), (_ROR, "ROR")):
        if one.id.startswith(start):
            said["nameIdentifiers"] = [
                {"nameIdentifier": one.id, "nameIdentifierScheme": scheme, "schemeUri": start}
            ]
    return said


def _affiliation(one: Person, study: Study) -> dict[str, Any]:
    for organisation in study.organisations:
        if organisation.id == one.organisation:
            said = {"name": organisation.name}
            if organisation.id.startswith(_ROR):
                said |= {
                    "affiliationIdentifier": organisation.id,
                    "affiliationIdentifierScheme": "ROR",
                    "schemeUri": _ROR,
                }
            return {"affiliation": [said]}
    return {}


def _publisher(one: Organisation) -> dict[str, str]:
    said = {"name": one.name}
    if one.id.startswith(_ROR):
        said |= {
            "publisherIdentifier": one.id,
            "publisherIdentifierScheme": "ROR",
            "schemeUri": _ROR,
        }
    return said


def _dates(study: Study) -> list[dict[str, str]]:
    dates = (
        ("Created", study.created),
        ("Updated", study.modified),
        ("Issued", study.published),
    )
    return [{"date": day.isoformat(), "dateType": kind} for kind, day in dates if day]


def _rights(study: Study) -> list[dict[str, str]]:
    return [
        {"rights": one.name} | ({"rightsUri": one.id} if one.id.startswith("http") else {})
        for one in study.licences
        if one.id == study.licence
    ]


def _descriptions(study: Study) -> list[dict[str, str]]:
    texts = (("Abstract", study.description), ("Other", study.question))
    return [{"description": text, "descriptionType": kind} for kind, text in texts if text]


def _funding(study: Study, known: dict[str, Any]) -> list[dict[str, str]]:
    said = []
    for one in study.funding:
        if funder := known.get(one.funder):
            line = {"funderName": funder.name, "awardTitle": one.name, "awardNumber": one.number}
            if funder.id.startswith(_ROR):
                line |= {"funderIdentifier": funder.id, "funderIdentifierType": "ROR"}
            if one.id.startswith("http"):
                line["awardUri"] = one.id
            said.append({name: value for name, value in line.items() if value})
    return said
