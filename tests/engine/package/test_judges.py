"""What leaves the house, as others judge it: RO-Crate, Data Package, DataCite, CFF."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import requests_cache
import urllib3
import yaml
from datacite import schema45
from frictionless import Package
from rocrate_validator import services
from tests.engine.package.studies import CURATOR, LEAD, STUDY, packed

from proxeny.engine.package import (
    Refused,
    cite_apa,
    cite_bibtex,
    cite_cff,
    dump_datacite,
    dump_package,
    load_package,
)

CONTEXT = Path(__file__).with_name("ro-crate-1.2-context.json")
ADDRESS = "https://w3id.org/ro/crate/1.2/context"


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    """The validator's memory of the web, with the one page in it that it asks for."""
    path = tmp_path_factory.mktemp("web") / "cache"
    content = CONTEXT.read_bytes()
    answer = requests.Response()
    answer.status_code = 200
    answer.url = ADDRESS
    answer.request = requests.Request("GET", ADDRESS).prepare()
    answer.headers["Content-Type"] = "application/ld+json"
    answer.raw = urllib3.HTTPResponse(
        io.BytesIO(content),
        status=200,
        headers={"Content-Type": "application/ld+json"},
        preload_content=False,
        request_url=ADDRESS,
    )
    answer._content = content
    with requests_cache.CachedSession(str(path), expire_after=-1) as session:
        session.cache.save_response(answer)
    return path


def judge(folder: Path, cache: Path) -> dict[str, set[str]]:
    """Return what the public validator has to say: what must be otherwise, and what should."""
    result = services.validate(
        {
            "rocrate_uri": str(folder),
            "profile_identifier": "ro-crate-1.2",
            "requirement_severity": "RECOMMENDED",
            "offline": True,
            "cache_path": cache,
            "validate_profile_checks": False,
        }
    )
    said = {"REQUIRED": set(), "RECOMMENDED": set()}
    for one in result.get_issues():
        said[one.severity.name].add(one.message)
    return said


def unpacked(folder: Path) -> Path:
    with zipfile.ZipFile(packed()) as archive:
        archive.extractall(folder)
    return folder


#: What it recommends that a study may not have: descriptions of all parts, identifiers of the web
#: for everybody, addresses; and what it cannot look up without a network.
ABSENT = (
    "Data Entities SHOULD have a `description` property",
    "Local Dataset Data Entities SHOULD list their contents via `hasPart`",
    "License entities SHOULD have a description",
    "A License entity SHOULD have an absolute HTTP(S) URL as its @id",
    "The organization SHOULD have a URL.",
    "An Organization entity SHOULD have a ROR identifier as its @id",
    "An Organization's contactPoint SHOULD reference a ContactPoint contextual entity",
    "A Person entity SHOULD have an ORCID identifier as its @id",
    "At least one author or publisher Person/Organization SHOULD have a contactPoint property",
    "The Root Data Entity identifier 'https://doi.org/10.5281/zenodo.1234567' SHOULD resolve",
)


@pytest.mark.slow
def test_the_public_validator_takes_a_study(tmp_path, cache):
    said = judge(unpacked(tmp_path), cache)
    assert said["REQUIRED"] == set()
    assert {one for one in said["RECOMMENDED"] if not one.startswith(ABSENT)} == set()


@pytest.mark.slow
def test_the_public_validator_would_have_found_something(tmp_path, cache):
    folder = unpacked(tmp_path)
    path = folder / "ro-crate-metadata.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    del said["@graph"][1]["datePublished"]
    path.write_text(json.dumps(said), encoding="utf-8")
    (folder / "reports/study.pdf").unlink()
    found = " ".join(judge(folder, cache)["REQUIRED"])
    assert "datePublished" in found
    assert "study.pdf" in found


def test_frictionless_takes_a_dataset():
    said = dump_package(STUDY.datasets[0], STUDY)
    assert said["resources"][0]["schema"]["primaryKey"] == ["year"]
    package = Package.from_descriptor(said)
    assert package.name == "exports"
    assert [one.path for one in package.resources] == ["exports 2025.csv", "notes.txt"]
    assert load_package(said, "data/exports/") == STUDY.datasets[0].files


def test_what_is_no_data_package_is_refused_at_its_place():
    said = {
        "resources": [
            {"path": "a.csv", "schema": {"fields": [{"name": "a", "type": "colour"}]}},
            {"name": "x"},
            {"path": "b.csv", "dialect": {"delimiter": ""}},
        ]
    }
    with pytest.raises(Refused) as refused:
        load_package(said)
    assert [(one.code, one.where) for one in refused.value.problems] == [
        ("unknown_type", "resources[0].schema.fields[0].type"),
        ("path", "resources[1].path"),
        ("dialect", "resources[2].dialect.delimiter"),
    ]
    for nothing in (None, [], {}, {"resources": []}):
        with pytest.raises(Refused):
            load_package(nothing)


def test_datacite_takes_a_study():
    said = dump_datacite(STUDY)
    schema45.validate(said)
    assert said["creators"][0] == {
        "name": "Researcher, Lead",
        "nameType": "Personal",
        "familyName": "Researcher",
        "givenName": "Lead",
        "affiliation": [
            {
                "name": "Athens cluster",
                "affiliationIdentifier": "https://ror.org/03xawq568",
                "affiliationIdentifierScheme": "ROR",
                "schemeUri": "https://ror.org/",
            }
        ],
        "nameIdentifiers": [
            {
                "nameIdentifier": LEAD.id,
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org/",
            }
        ],
    }
    assert said["contributors"] == [
        {"name": CURATOR.name, "nameType": "Personal", "contributorType": "DataCurator"}
    ]
    assert said["fundingReferences"][0]["funderIdentifierType"] == "ROR"


def test_datacite_cannot_do_without_some_things():
    with pytest.raises(Refused) as refused:
        dump_datacite(replace(STUDY, authors=(), publisher="#gone", published=None))
    assert [one.where for one in refused.value.problems] == ["authors", "publisher", "published"]


def test_a_study_is_cited():
    assert cite_apa(STUDY) == (
        "Researcher, L., & Pôle de Paris. (2026). Olive oil between Athens & Paris (Version 1.1) "
        "[Data set]. Athens cluster. https://doi.org/10.5281/zenodo.1234567"
    )
    bare = replace(STUDY, authors=(), publisher="", published=None, doi="", version="")
    assert cite_apa(bare) == "Olive oil between Athens & Paris [Data set] (n.d.)."


def test_names_in_a_citation_are_as_many_as_the_style_has():
    people = tuple(
        replace(LEAD, id=f"#p{n}", family=f"F{n}", given="Anne-Marie B") for n in range(25)
    )
    line = cite_apa(replace(STUDY, people=people, authors=tuple(one.id for one in people)))
    assert line.startswith("F0, A.-M. B., F1, A.-M. B., ")
    assert ", F18, A.-M. B., … F24, A.-M. B. (2026)." in line


def test_a_study_is_cited_in_bibtex():
    assert cite_bibtex(replace(STUDY, title="50% of {this}_\\that")) == (
        "@misc{researcher2026,\n"
        "  author = {Researcher, Lead and {Pôle de Paris}},\n"
        "  title = {{50\\% of \\{this\\}\\_\\textbackslash{}that}},\n"
        "  year = {2026},\n"
        "  publisher = {Athens cluster},\n"
        "  version = {1.1},\n"
        "  doi = {10.5281/zenodo.1234567},\n"
        "  url = {https://doi.org/10.5281/zenodo.1234567},\n"
        "}\n"
    )


def test_a_study_has_a_citation_file():
    said = yaml.safe_load(cite_cff(replace(STUDY, title='A: "b"\n# c')))
    assert said == {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them.",
        "type": "dataset",
        "title": 'A: "b"\n# c',
        "authors": [
            {"family-names": "Researcher", "given-names": "Lead", "orcid": LEAD.id},
            {"name": "Pôle de Paris"},
        ],
        "abstract": "A study of both clusters' exports.",
        "version": "1.1",
        "doi": "10.5281/zenodo.1234567",
        "date-released": "2026-11-26",
        "license-url": "https://creativecommons.org/licenses/by/4.0/",
        "keywords": ["exports", "olive oil"],
    }
