"""Studies from elsewhere that are not sound: refused with place and reason, nothing left of them."""

import hashlib
import io
import json
import re
import zipfile

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils.html import escape

from proxeny.kernel import jobs
from proxeny.kernel.models import AuditEntry, Job
from proxeny.research.messages import tell_problem
from proxeny.research.models import Arrival, Package, PackageFile, Result, Study, Upload
from proxeny.research.operations.unreferenced_bytes import space_of
from proxeny.research.queries.arrivals import TAKE
from tests.factories import research as made
from tests.research.packing import left
from tests.research.publishing import whole_study
from tests.research.test_crates import bring, crate_of, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]

TABLE = b"studio,wage\nA,1200\n"
ROOT = {
    "@id": "./",
    "@type": "Dataset",
    "name": "Wages",
    "description": "Of studios.",
    "datePublished": "2026-01-01",
    "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
    "hasPart": [{"@id": "wages.csv"}],
}
FILE = {
    "@id": "wages.csv",
    "@type": "File",
    "name": "Wages",
    "encodingFormat": "text/csv",
    "contentSize": str(len(TABLE)),
    "sha256": hashlib.sha256(TABLE).hexdigest(),
}


def crate(files=None, root=None, file=None, raw_json=None, more=()):
    """Return a small crate of others, with something in it as it should not be."""
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
        },
        {**ROOT, **(root or {})},
        {**FILE, **(file or {})},
        *more,
    ]
    said = {"@context": "https://w3id.org/ro/crate/1.2/context", "@graph": graph}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ro-crate-metadata.json", raw_json or json.dumps(said))
        for name, content in (files or {"wages.csv": TABLE}).items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_sound_one_of_others_is_shown(world, sign_in):
    client = sign_in(world.a.manager)
    one = bring(client, world, crate())
    assert one.state == "shown", one.problems
    study = take(client, one).study
    assert study.title == "Wages"
    assert (
        Package.objects.get(study=study).versions.get().files.get().table["fields"][1]["name"]
        == "wage"
    )


def test_who_takes_part_keeps_a_number_that_a_register_can_have(world, sign_in):
    client = sign_in(world.a.manager)
    takers = [
        {"@id": "https://orcid.org/0000-0002-1825-0097", "@type": "Person", "name": "Ada"},
        {"@id": "https://orcid.org/0000-0002-1825-0098", "@type": "Person", "name": "Ben"},
        {"@id": "https://ror.org/05gq02987", "@type": "Organization", "name": "A university"},
        {"@id": "https://ror.org/", "@type": "Organization", "name": "A house"},
    ]
    authors = {"author": [{"@id": one["@id"]} for one in takers]}
    study = take(client, bring(client, world, crate(root=authors, more=takers))).study
    assert {one.name: one.identifier for one in study.contributors.all()} == {
        "Ada": takers[0]["@id"],
        "Ben": "",
        "A university": takers[2]["@id"],
        "A house": "",
    }


BOMB = b"0" * (9 << 20)
BAD = {
    "a bomb": (crate({"wages.csv": TABLE, "bomb.txt": BOMB}), "bomb", "bomb.txt"),
    "a path that climbs out": (crate({"../wages.csv": TABLE}), "climbs_out", "../wages.csv"),
    "an absolute path": (crate({"/etc/wages.csv": TABLE}), "absolute", "/etc/wages.csv"),
    "a wrong checksum": (crate(file={"sha256": "0" * 64}), "checksum", "wages.csv"),
    "a wrong size": (crate(file={"contentSize": "7"}), "size", "wages.csv"),
    "a file that is not there": (crate({"other.csv": TABLE}), "missing_file", "wages.csv"),
    "a file that lies about its kind": (
        crate({"wages.csv": b"%PDF-1.7\n%%EOF"}, file={"sha256": "", "contentSize": ""}),
        "mismatch",
        "wages.csv",
    ),
    "a program": (
        crate({"wages.csv": b"\x7fELF" + b"\0" * 200}, file={"sha256": "", "contentSize": ""}),
        "executable",
        "wages.csv",
    ),
    "broken JSON": (crate(raw_json='{"@graph": ['), "json", "ro-crate-metadata.json"),
    "half of a sign": (crate(root={"name": "\ud83d"}), "json", "ro-crate-metadata.json"),
    "a sign that is none": (crate(root={"name": "a\0"}), "json", "ro-crate-metadata.json"),
    "such a sign in what is not taken": (
        crate(more=[{"@id": "#a\0"}]),
        "json",
        "ro-crate-metadata.json",
    ),
    "such a sign in what is not sound": (
        crate({"other.csv": TABLE}, root={"hasPart": [{"@id": "wages.csv"}, {"@id": "#a\0"}]}),
        "missing_file",
        "wages.csv",
    ),
    "a figure without end": (
        crate(more=[{"@id": "#a", "@type": "Thing", "value": float("inf")}]),
        "json",
        "ro-crate-metadata.json",
    ),
    "brackets without end": (
        crate(raw_json='{"@graph": ' + "[" * 3_000 + "]" * 3_000 + "}"),
        "json_too_deep",
        "ro-crate-metadata.json",
    ),
    "a name with a sign that is none": (
        crate({"wages.csv": TABLE, "a_b.csv": TABLE}).replace(b"a_b.csv", b"a\0b.csv"),
        "name",
        "a\ufffdb.csv",
    ),
    "no graph": (crate(raw_json="{}"), "no_graph", "ro-crate-metadata.json"),
    "an archive in an archive": (
        crate({"wages.csv": TABLE, "in.zip": crate()}),
        "nested_archive",
        "in.zip",
    ),
    "a cut-off archive": (crate()[:-30], "damaged", ""),
    "no archive at all": (b"PK this is none", "damaged", ""),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_sound_is_refused_with_place_and_reason_and_nothing_is_left(
    world, sign_in, what, settings
):
    raw, code, where = BAD[what]
    client = sign_in(world.a.ambassador)
    one = bring(client, world, raw)
    assert one.state == "refused"
    assert (code, where) in [(found["code"], found["where"]) for found in one.problems]
    assert (one.content, one.extra) == (None, [])
    assert left() == []
    assert list((settings.HOME / "arrivals").glob("*")) == []
    assert not Study.objects.exists()
    text = client.get(
        reverse("research:arrival", args=[world.partnership.pk, one.pk])
    ).content.decode()
    assert "It can’t be imported" in text
    assert all(escape(tell_problem(found)) in text for found in one.problems)
    assert where in text
    # What is refused cannot be taken after all.
    client.post(reverse("research:arrival-take", args=[world.partnership.pk, one.pk]))
    assert not Job.objects.filter(kind=TAKE).exists()


def test_a_file_of_a_kind_that_we_do_not_take_is_told_and_left_out(world, sign_in):
    client = sign_in(world.a.manager)
    files = {"wages.csv": TABLE, "run.py": b"print(1)\n"}
    part = {"hasPart": [{"@id": "wages.csv"}, {"@id": "run.py"}]}
    raw = crate(files, root=part)
    said = json.loads(zipfile.ZipFile(io.BytesIO(raw)).read("ro-crate-metadata.json"))
    said["@graph"].append({"@id": "run.py", "@type": "File", "name": "run.py"})
    one = bring(client, world, crate(files, root=part, raw_json=json.dumps(said)))
    assert one.state == "shown"
    assert [
        (found["code"], found["severity"]) for found in one.problems if found["where"] == "run.py"
    ] == [("kind", "warning")]
    package = Package.objects.get(study=take(client, one).study)
    assert [file.path for file in package.versions.get().files.all()] == ["wages.csv"]


LONG = [f"{'long/' * 45}{name}.csv" for name in ("first", "second")]


def folder(path, *parts):
    return {"@id": path, "@type": "Dataset", "hasPart": [{"@id": one} for one in parts]}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        # A file that several parts name is in one of them.
        (
            {
                "files": {"data/wages.csv": TABLE, "own.csv": TABLE},
                "file": {"@id": "data/wages.csv"},
                "root": {
                    "hasPart": [{"@id": "data/wages.csv"}, {"@id": "data/"}, {"@id": "own.csv"}]
                },
                "more": [
                    folder("data/", "data/wages.csv", "data/wages.csv", "./data/wages.csv"),
                    {**FILE, "@id": "./data/wages.csv"},
                    {**FILE, "@id": "own.csv"},
                ],
            },
            ["own.csv", "wages.csv"],
        ),
        # Without their folder they would be called the same.
        (
            {
                "files": {"wages.csv": TABLE, "data/wages.csv": TABLE},
                "root": {"hasPart": [{"@id": "data/"}]},
                "more": [
                    folder("data/", "data/wages.csv", "wages.csv"),
                    {**FILE, "@id": "data/wages.csv"},
                ],
            },
            ["data/wages.csv", "wages.csv"],
        ),
        (
            {
                "files": dict.fromkeys(LONG, TABLE),
                "file": {"@id": LONG[0]},
                "root": {"hasPart": [{"@id": one} for one in LONG]},
                "more": [{**FILE, "@id": LONG[1]}],
            },
            LONG,
        ),
        # Names that no archive can hold, and days that are no days elsewhere.
        (
            {
                "root": {"hasPart": [{"@id": "wages.csv"}, {"@id": "a%00/"}], "name": "   "},
                "more": [
                    {"@id": "a%00/", "@type": "Dataset"},
                    {"@id": "b%00.csv", "@type": "File"},
                    {
                        "@id": "#did",
                        "@type": "CreateAction",
                        "name": "It began",
                        "endTime": "9999-12-31T23:59:59Z",
                        "object": {"@id": "c%00.csv"},
                    },
                ],
            },
            ["wages.csv"],
        ),
    ],
)
def test_a_sound_one_that_is_odd_is_taken(world, sign_in, given, kept):
    client = sign_in(world.a.manager)
    one = bring(client, world, crate(**given))
    assert one.state == "shown", one.problems
    page = client.get(reverse("research:arrival", args=[world.partnership.pk, one.pk]))
    assert page.status_code == 200
    ids = re.findall(r' id="([^"]+)"', page.content.decode())
    assert len(ids) == len(set(ids))
    study = take(client, one).study
    assert study.title in ("Wages", "study.zip")
    files = PackageFile.objects.filter(version__package__study=study)
    assert sorted(files.values_list("path", flat=True)) == kept


def test_no_address_becomes_a_link_but_those_of_the_web(world, sign_in):
    script = "javascript:alert('http://')"
    client = sign_in(world.a.manager)
    one = bring(
        client,
        world,
        crate(
            root={"license": {"@id": script}, "author": [{"@id": "#institute"}]},
            more=[
                {"@id": script, "@type": "CreativeWork", "name": "Any licence"},
                {"@id": "#institute", "@type": "Organization", "name": "Institute", "url": script},
                {
                    "@id": "#result",
                    "@type": "CreativeWork",
                    "genre": "output",
                    "name": "A list",
                    "dateCreated": "2026-01-01",
                    "audience": {"@id": "#audience"},
                    "subjectOf": {"@id": "#proof"},
                },
                {"@id": "#audience", "@type": "Audience", "audienceType": "public"},
                {"@id": "#proof", "@type": "CreativeWork", "name": "A letter", "url": script},
            ],
        ),
    )
    text = client.get(reverse("research:arrival", args=[world.partnership.pk, one.pk]))
    text = text.content.decode()
    for said in ("Any licence", "Institute", "A list", "A letter"):
        assert said in text
    assert "javascript:" not in text
    result = Result.objects.get(study=take(client, one).study)
    assert (result.proof, result.proof_url) == ("A letter", "")


def test_what_is_left_is_gone(world, sign_in):
    client = sign_in(world.a.manager)
    one = bring(client, world, crate())
    assert len(left()) == 1
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = client.post(
            reverse("research:arrival-leave", args=[world.partnership.pk, one.pk]), follow=True
        )
    assert "Discarded. Nothing has been saved." in page.content.decode()
    one.refresh_from_db()
    assert (one.state, one.content) == ("left", None)
    assert left() == []
    assert not Study.objects.exists()
    assert AuditEntry.objects.filter(verb="leave_study").count() == 1


def test_what_was_left_while_it_was_checked_stays_left(world, sign_in):
    client = sign_in(world.a.manager)
    file = io.BytesIO(crate())
    file.name = "study.zip"
    client.post(reverse("research:arrivals", args=[world.partnership.pk]), {"file": file})
    one = Arrival.objects.get()
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("research:arrival-leave", args=[world.partnership.pk, one.pk]))
    jobs.run(Job.objects.get(key=f"research.check-arrival:{one.pk}").pk)
    one.refresh_from_db()
    assert (one.state, one.content) == ("left", None)
    assert left() == []


def test_taking_twice_is_taking_once(world, sign_in):
    client = sign_in(world.a.manager)
    one = bring(client, world, crate())
    url = reverse("research:arrival-take", args=[world.partnership.pk, one.pk])
    client.post(url)
    client.post(url)
    assert Job.objects.filter(kind=TAKE).count() == 1
    take(client, one)
    client.post(url)
    assert Study.objects.count() == 1


def test_there_is_no_room_for_more_than_a_partnership_may_keep(world, sign_in, settings):
    client = sign_in(world.a.manager)
    one = bring(client, world, crate())
    settings.PACKAGES_ROOM_BYTES = 10
    client.post(reverse("research:arrival-take", args=[world.partnership.pk, one.pk]))
    jobs.run(Job.objects.get(kind=TAKE).pk)
    one.refresh_from_db()
    assert one.state == "shown"
    assert not Study.objects.exists()
    assert len(left()) == 1
    text = client.get(
        reverse("research:arrival", args=[world.partnership.pk, one.pk])
    ).content.decode()
    assert "Processing failed" in text


def test_what_is_looked_at_takes_its_space_until_it_is_decided(world, sign_in, settings):
    client = sign_in(world.a.manager)
    raw = crate()
    settings.PACKAGES_ROOM_BYTES = len(raw) + 100
    one = bring(client, world, raw)
    assert (one.state, space_of(world.partnership.pk)) == ("shown", 100)
    assert space_of(world.partnership.pk, besides=one.pk) == len(raw) + 100
    file = io.BytesIO(crate({"wages.csv": TABLE, "more.txt": bytes(range(48, 91)) * 9}))
    file.name = "study.zip"
    url = reverse("research:arrivals", args=[world.partnership.pk])
    page = client.post(url, {"file": file}, follow=True).content.decode()
    assert "This partnership can store" in page
    client.post(reverse("research:arrival-leave", args=[world.partnership.pk, one.pk]))
    assert space_of(world.partnership.pk) == len(raw) + 100


def test_what_is_no_archive_by_its_name_is_not_begun(world, sign_in):
    client = sign_in(world.a.manager)
    file = io.BytesIO(TABLE)
    file.name = "study.csv"
    page = client.post(
        reverse("research:arrivals", args=[world.partnership.pk]), {"file": file}, follow=True
    )
    assert "Choose a ZIP archive." in page.content.decode()
    assert not Upload.objects.exists()
    assert left() == []


def test_others_neither_see_nor_bring(world, sign_in):
    one = made.ArrivalFactory(partnership=world.partnership, state="shown", content=None)
    for client in (Client(), sign_in(world.c.manager), sign_in(world.a.representatives[0])):
        for name in ("arrival", "arrival-take", "arrival-leave"):
            url = reverse(f"research:{name}", args=[world.partnership.pk, one.pk])
            answer = client.get(url) if name == "arrival" else client.post(url)
            assert answer.status_code in (302, 404)
            assert "/accounts/login" in answer.headers.get("Location", "/accounts/login")
        file = io.BytesIO(crate())
        file.name = "study.zip"
        url = reverse("research:arrivals", args=[world.partnership.pk])
        assert client.post(url, {"file": file}).status_code in (302, 404)
    assert Arrival.objects.count() == 1
    assert left() == []


def test_a_whole_study_comes_through_whoever_brings_it(world, sign_in):
    study = whole_study(world)
    raw = crate_of(sign_in(world.a.manager), study)
    one = bring(sign_in(world.b.ambassador), world, raw)
    text = (
        sign_in(world.a.manager)
        .get(reverse("research:arrivals", args=[world.partnership.pk]))
        .content.decode()
    )
    assert "study.zip" in text
    assert one.brought_by == world.b.ambassador
