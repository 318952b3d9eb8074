"""A study leaves as a crate and comes back as it was; a broken one is refused and leaves nothing."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.package.studies import (
    CC_BY,
    CONTENT,
    CURATOR,
    EXPORTS,
    LEAD,
    STUDY,
    content_of,
    packed,
)

from proxeny.engine.package import (
    Dataset,
    Evidence,
    Limits,
    Problem,
    Recommendation,
    Refused,
    Study,
    check_crate,
    check_study,
    crate_metadata,
    read_crate,
    unpack_crate,
    write_crate,
)

DESCRIPTOR = "ro-crate-metadata.json"
BARE = Study(
    title="Bare",
    description="Nothing.",
    published=STUDY.published,
    licence=CC_BY.id,
    licences=(CC_BY,),
)


@pytest.mark.parametrize("study", [STUDY, BARE], ids=["whole", "bare"])
def test_a_study_comes_back_as_it_was(study):
    crate = read_crate(packed(study))
    assert crate.study == study
    assert (crate.extra, crate.problems, crate.version) == ((), (), "1.2")


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
TEXTS = st.one_of(st.just(""), WORDS)
LISTS = st.lists(WORDS, max_size=3).map(tuple)


@settings(deadline=None, max_examples=60)
@given(title=WORDS, text=TEXTS, words=LISTS, roles=LISTS, columns=LISTS, name=TEXTS)
def test_any_texts_come_back(title, text, words, roles, columns, name):
    evidence = Evidence(
        id="#e", kind=text, note=name, file=EXPORTS.path, rows=(1, 9), columns=columns
    )
    study = replace(
        STUDY,
        title=title,
        question=text,
        version=name,
        keywords=tuple(word.replace(",", ";") for word in words),
        people=(replace(LEAD, name=title, given=text, family=name, roles=roles), CURATOR),
        recommendations=(
            Recommendation(
                id="#r",
                title=name,
                text=text,
                state=title,
                decision=text,
                reason=title,
                actions=roles,
                evidence=(evidence,),
            ),
        ),
    )
    assert read_crate(packed(study)).study == study


def test_the_same_study_is_the_same_bytes():
    assert packed().getvalue() == packed().getvalue()


def test_the_archive_has_every_file():
    with zipfile.ZipFile(packed()) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            DESCRIPTOR,
            "ro-crate-preview.html",
            "data/exports/datapackage.json",
            "data/empty/",
            *CONTENT,
        }
        for path, content in CONTENT.items():
            assert archive.read(path) == content


def test_the_preview_is_escaped_and_runs_nothing():
    with zipfile.ZipFile(packed()) as archive:
        page = archive.read("ro-crate-preview.html").decode()
    assert "Which producers could deliver to &lt;whom&gt;?" in page
    assert 'href="data/exports/exports%202025.csv"' in page
    assert "<script" not in page
    assert "style" not in page


def test_evidence_points_to_rows_and_columns():
    entities = {one["@id"]: one for one in crate_metadata(STUDY)["@graph"]}
    evidence = entities["#evidence-1"]
    assert evidence["isBasedOn"] == {"@id": "data/exports/exports%202025.csv"}
    assert evidence["identifier"] == "data/exports/exports%202025.csv#row=2-3"


def test_further_entities_are_kept():
    extra = {"@id": "#pool", "@type": "Place", "name": "Somewhere"}
    crate = read_crate(packed(extra=[extra]))
    assert crate.extra == (extra,)
    assert crate.study == STUDY
    assert read_crate(packed(crate.study, crate.extra)).extra == (extra,)


def test_a_study_that_does_not_hold_together_is_not_written():
    broken = replace(
        STUDY,
        title="",
        publisher="#nobody",
        authors=(*STUDY.authors, "#ghost"),
        keywords=("a, b",),
        datasets=(
            replace(STUDY.datasets[0], files=(replace(EXPORTS, path="../x.csv"),)),
            Dataset(path="data", title="x", files=(replace(EXPORTS, size=None, sha256="X"),)),
            Dataset(path="#", title="x", files=(replace(EXPORTS, path="#x.csv"),)),
            Dataset(path="ro/", title="x", files=(replace(EXPORTS, path="ro/datapackage.json"),)),
        ),
        recommendations=(
            Recommendation(
                id="recommendation",
                title="x",
                evidence=(
                    Evidence(id="#curator", kind="data", note="", file="gone.csv", columns=("",)),
                ),
            ),
        ),
    )
    found = {(one.code, one.where) for one in check_study(broken)}
    assert {
        ("missing", "title"),
        ("unknown", "publisher"),
        ("unknown", "authors"),
        ("keyword", "a, b"),
        ("climbs_out", "../x.csv"),
        ("outside", "../x.csv"),
        ("name", "data"),
        ("size", EXPORTS.path),
        ("checksum", EXPORTS.path),
        ("reserved", "ro/datapackage.json"),
        ("id", "recommendation"),
        ("twice", "#curator"),
        ("empty", "#curator"),
        ("reserved", "#x.csv"),
        ("unknown", "#curator"),
    } <= found
    with pytest.raises(Refused) as refused:
        write_crate(broken, content_of)
    assert set(refused.value.problems and found) == found


@pytest.mark.parametrize("wrong", [b"year;worth\n2024;9,9\n2025;2,75\n", b"short", b"x" * 100_000])
def test_a_file_that_is_not_what_the_study_says_ends_the_writing(wrong):
    def content(one):
        yield wrong if one == EXPORTS else CONTENT[one.path]

    with pytest.raises(Refused) as refused:
        list(write_crate(STUDY, content))
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("checksum", EXPORTS.path)


def archive(*entries) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return target


def crate(*entities, files=(), version="1.1", root=None) -> io.BytesIO:
    """Return a crate of others with some entities."""
    graph = [
        {
            "@id": DESCRIPTOR,
            "@type": "CreativeWork",
            "conformsTo": {"@id": f"https://w3id.org/ro/crate/{version}"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": "Theirs",
            "description": "x",
            "datePublished": "2020",
            "license": "CC0",
            **(root or {}),
        },
        *entities,
    ]
    metadata = {"@context": f"https://w3id.org/ro/crate/{version}/context", "@graph": graph}
    return archive((DESCRIPTOR, json.dumps(metadata)), *files)


def said(problems) -> list[tuple[str, str, str]]:
    return [(one.severity, one.code, one.where) for one in problems]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_crate_of_others_is_read(version):
    made = crate(
        {"@id": "raw/", "@type": ["Dataset"], "name": "Raw", "hasPart": [{"@id": "raw/a%20b.csv"}]},
        {"@id": "raw/a%20b.csv", "@type": "File", "name": ["A"], "contentSize": "4"},
        {"@id": "./top.txt", "@type": "File", "encodingFormat": ["text/plain", {"@id": "#f"}]},
        {"@id": "https://far.example/big.csv", "@type": "File"},
        {"@id": "#someone", "@type": "Person", "name": {"@value": "A researcher"}},
        {"@id": "#machine", "@type": "SoftwareApplication", "name": "Some program"},
        files=[("raw/a b.csv", "a\n1\n"), ("top.txt", "x"), ("left.txt", "y")],
        version=version,
        root={
            "author": {"@id": "#someone"},
            "keywords": "a, b",
            "hasPart": [
                {"@id": "raw/"},
                {"@id": "./top.txt"},
                {"@id": "https://far.example/big.csv"},
                {"@id": "#gone"},
            ],
        },
    )
    read = read_crate(made)
    assert read.version == version
    assert said(read.problems) == [
        ("warning", "unknown", "./"),
        ("note", "not_described", "left.txt"),
    ]
    assert [one["@id"] for one in read.extra] == ["https://far.example/big.csv", "#machine"]
    study = read.study
    assert (study.title, study.published.isoformat(), study.licence) == (
        "Theirs",
        "2020-01-01",
        "CC0",
    )
    assert (study.authors, study.keywords) == (("#someone",), ("a", "b"))
    assert [one.name for one in study.people] == ["A researcher"]
    loose, raw = study.datasets
    assert (loose.path, [one.path for one in loose.files]) == ("", ["top.txt"])
    assert loose.files[0].media_type == "text/plain"
    assert (raw.path, raw.title) == ("raw/", "Raw")
    assert [(one.path, one.size) for one in raw.files] == [("raw/a b.csv", 4)]


def test_what_a_crate_should_say_is_missed():
    made = crate(root={"name": "", "license": [], "datePublished": None}, version="9")
    assert said(check_crate(made)) == [
        ("warning", "version", DESCRIPTOR),
        ("warning", "missing", "./ name"),
        ("warning", "missing", "./ datePublished"),
        ("warning", "missing", "./ license"),
    ]


def changed(change) -> io.BytesIO:
    """Return the study's crate with changed metadata."""
    with zipfile.ZipFile(packed()) as made:
        files = {name: made.read(name) for name in made.namelist()}
    metadata = json.loads(files[DESCRIPTOR])
    change(metadata, {one["@id"]: one for one in metadata["@graph"]}, files)
    files.setdefault(DESCRIPTOR, b"")
    if files[DESCRIPTOR] and not files[DESCRIPTOR].startswith(b"!"):
        files[DESCRIPTOR] = json.dumps(metadata).encode()
    return archive(
        *(
            (name, content.removeprefix(b"!"))
            for name, content in files.items()
            if content is not None
        )
    )


FILE = "data/exports/exports%202025.csv"
BROKEN = {
    "no JSON": (lambda m, e, f: f.update({DESCRIPTOR: b'!{"a": 1,\n!}'}), "json", DESCRIPTOR),
    "deep JSON": (
        lambda m, e, f: f.update({DESCRIPTOR: b"!" + b"[" * 200_000}),
        "json_too_deep",
        DESCRIPTOR,
    ),
    "no graph": (lambda m, e, f: m.update({"@graph": {}}), "no_graph", DESCRIPTOR),
    "no descriptor": (
        lambda m, e, f: e[DESCRIPTOR].update({"@id": "x.json"}),
        "no_descriptor",
        DESCRIPTOR,
    ),
    "no root": (lambda m, e, f: e["./"].update({"@id": "x/"}), "no_root", DESCRIPTOR),
    "root is none": (lambda m, e, f: e["./"].update({"@type": "File"}), "no_root", "./"),
    "entity without id": (
        lambda m, e, f: m["@graph"].append({"@type": "Person"}),
        "no_id",
        "@graph[35]",
    ),
    "entity twice": (lambda m, e, f: m["@graph"].append({"@id": FILE}), "twice", FILE),
    "missing file": (lambda m, e, f: f.pop(EXPORTS.path), "missing_file", FILE),
    "other file": (lambda m, e, f: f.update({EXPORTS.path: b"x" * 31}), "checksum", FILE),
    "other size": (lambda m, e, f: e[FILE].update(contentSize="7"), "size", FILE),
    "cycle": (
        lambda m, e, f: e["data/exports/"].update(hasPart=[{"@id": FILE}, {"@id": "./"}]),
        "cycle",
        "data/exports/",
    ),
    "part of itself": (
        lambda m, e, f: e["data/empty/"].update(hasPart={"@id": "data/empty/"}),
        "cycle",
        "data/empty/",
    ),
    "identifier climbs out": (
        lambda m, e, f: m["@graph"].append({"@id": "a/..%2f../x", "@type": "File"}),
        "climbs_out",
        "a/..%2f../x",
    ),
    "path climbs out": (lambda m, e, f: f.update({"../x": b"1"}), "climbs_out", "../x"),
    "bomb": (lambda m, e, f: f.update({"data/x.txt": b"0" * 20_000_000}), "bomb", "data/x.txt"),
    "program": (lambda m, e, f: f.update({"data/x": b"\x7fELF"}), "executable", "data/x"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_crate_is_refused_at_its_place_and_leaves_nothing(name, tmp_path):
    change, code, where = BROKEN[name]
    made = changed(change)
    assert ("error", code, where) in said(check_crate(made))
    with pytest.raises(Refused) as refused:
        unpack_crate(made, tmp_path / "study")
    assert ("error", code, where) in said(refused.value.problems)
    assert list(tmp_path.iterdir()) == []


def test_everything_wrong_is_said_at_once():
    def change(metadata, entities, files):
        del files["reports/study.pdf"]
        entities[FILE]["sha256"] = "0" * 64
        entities["data/empty/"]["hasPart"] = {"@id": "data/empty/"}

    assert {(one.code, one.where) for one in check_crate(changed(change))} == {
        ("missing_file", "reports/study.pdf"),
        ("checksum", FILE),
        ("cycle", "data/empty/"),
    }


def test_no_archive_is_refused():
    assert check_crate(io.BytesIO(b"no archive")) == (Problem("damaged"),)
    assert [one.code for one in check_crate(archive(("a.txt", "1")))] == ["no_descriptor"]
    deeper = archive((f"study/{DESCRIPTOR}", "{}"))
    assert check_crate(deeper)[0].params == {"found": f"study/{DESCRIPTOR}"}


def test_a_crate_that_unpacks_to_too_much_is_refused():
    problems = check_crate(packed(), Limits(unpacked=1_000))
    assert [one.code for one in problems] == ["unpacked"]


def test_a_long_chain_of_parts_is_gone_through():
    chain = [
        {"@id": f"d{n}/", "@type": "Dataset", "hasPart": {"@id": f"d{n + 1}/"}}
        for n in range(5_000)
    ]
    made = crate(*chain, {"@id": "d5000/", "@type": "Dataset"}, root={"hasPart": {"@id": "d0/"}})
    assert {one.code for one in check_crate(made)} == {"missing_folder"}
    assert len(read_crate(made).study.datasets) == 5_001


def test_a_crate_with_everything_wrong_is_not_listed_without_end():
    parts = [{"@id": f"#gone-{n}"} for n in range(50_000)]
    made = crate(
        *({"@id": f"f{n}.csv", "@type": "File"} for n in range(3_000)), root={"hasPart": parts}
    )
    severities = [one.severity for one in check_crate(made)]
    assert (severities.count("error"), severities.count("warning")) == (1_000, 1_000)


def test_a_crate_is_unpacked_whole(tmp_path):
    unpack_crate(packed(), tmp_path / "study")
    for path, content in CONTENT.items():
        assert (tmp_path / "study" / path).read_bytes() == content
    assert (tmp_path / "study" / "data" / "empty").is_dir()
    with pytest.raises(FileExistsError):
        unpack_crate(packed(), tmp_path / "study")
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


MEMORY = """
import hashlib, sys
from dataclasses import replace
from pathlib import Path
from proxeny.engine.package import read_crate, write_crate
from tests.engine.package.studies import CONTENT, EXPORTS, STUDY

piece = bytes(range(256)) * 4096
count = int(sys.argv[2]) // len(piece)
digest = hashlib.sha256()
for _ in range(count):
    digest.update(piece)
big = replace(
    EXPORTS, size=count * len(piece), sha256=digest.hexdigest(), media_type="application/pdf"
)
first = STUDY.datasets[0]
study = replace(
    STUDY, datasets=(replace(first, files=(big, *first.files[1:])), *STUDY.datasets[1:])
)
path = Path(sys.argv[1]) / "study.zip"
with path.open("wb") as target:
    for part in write_crate(
        study, lambda one: (piece for _ in range(count)) if one == big else [CONTENT[one.path]]
    ):
        target.write(part)
with path.open("rb") as source:
    assert read_crate(source).study == study
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def test_a_large_study_does_not_fill_the_memory(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path), str(256 << 20)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 150_000
