"""The pages of data packages: list, one package, its files, reports, columns, versions, uses."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from proxeny.research.models import Package, PackageFile, Use
from tests.factories.research import PackageFactory, PackageFileFactory, PackageVersionFactory
from tests.forms import form_of
from tests.partnerships.rooms import words
from tests.research.packing import TABLE, bring, check, left, pack, release

pytestmark = pytest.mark.django_db


def page(name, package, *args):
    return reverse(f"research:{name}", args=[package.partnership_id, package.study_id, *args])


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return words(answer.content.decode())


def told(rows: int = 60, wrong: str = "many") -> bytes:
    """Return a table of wages whose last one is no number."""
    lines = "".join(f"S{n},{1000 + n}\n" for n in range(rows))
    return f"studio,wage\n{lines}X,{wrong}\n".encode()


def test_the_list_is_empty_filled_and_put_away(world, sign_in):
    package = pack(world)
    client = sign_in(world.b.ambassador)
    listed = page("packages", package)
    assert "Answers of 40 studios no file yet" in text_of(client.get(listed)).replace(
        "One row is one studio. open ", ""
    )
    Package.objects.update(dropped_at=package.created_at)
    assert "No data yet" in text_of(client.get(listed))
    shown = client.get(listed, {"away": "on"})
    assert "Restore “Answers of 40 studios”" in shown.content.decode()


def test_a_page_asks_the_same_however_many_files_there_are(
    world, sign_in, django_assert_num_queries
):
    package = pack(world)
    version = PackageVersionFactory(package=package)
    PackageFileFactory(version=version)
    client = sign_in(world.a.manager)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (0, 3):
        for at in range(more):
            PackageFileFactory(version=version, path=f"more-{at}.csv")
            PackageFactory(study=package.study, title=f"More {at}")
        client.get(page("package", package, package.pk))
        for address in (page("package", package, package.pk), page("packages", package)):
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(address).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:], counts
    assert max(counts) <= 40, counts


def test_a_small_file_is_brought_by_a_plain_form(world, sign_in, store):
    package = pack(world)
    client = sign_in(world.b.ambassador)
    files = [SimpleUploadedFile("wages.csv", TABLE), SimpleUploadedFile("bad.exe", b"MZ\x00")]
    answer = client.post(page("package-bring", package, package.pk), {"file": files}, follow=True)
    shown = text_of(answer)
    assert "“wages.csv” has been uploaded." in shown
    assert "bad.exe: Files ending in “.exe” aren’t accepted." in shown.replace("“bad.exe”: ", "")
    assert "Version 1 (not released yet)" in shown
    large = SimpleUploadedFile("large.txt", b"x" * (2 << 20) + b"y")
    answer = client.post(page("package-bring", package, package.pk), {"file": large}, follow=True)
    assert "Without JavaScript, files can be up to 2 MB." in text_of(answer)
    assert len(left()) == 1


def test_a_report_says_where_and_what_is_wrong_and_goes_as_a_file(world, sign_in, store):
    package = pack(world)
    file = bring(world.a.manager, package, content=told()).made
    client = sign_in(world.b.manager)
    address = page("file", package, file.pk)
    assert "All rows are being checked" in text_of(client.get(address))
    check(file)
    shown = text_of(client.get(address))
    assert "61 rows were checked" in shown
    assert "1 problem found." in shown
    assert "“many” is not a number" in shown.replace("a whole number", "a number")
    saved = client.get(page("file-report", package, file.pk)).content.decode("utf-8-sig")
    assert saved.splitlines()[1].startswith("62,wage,wrong type,many,")
    far = text_of(client.get(address, {"from": 62}))
    assert "62 X many" in far


def test_columns_are_said_anew_and_all_rows_checked_against_them(world, sign_in, store):
    package = pack(world)
    file = check(bring(world.a.manager, package).made)
    client = sign_in(world.b.ambassador)
    address = page("file-columns", package, file.pk)
    values = form_of(client.get(address), "c1-type")
    values |= {"c1-minimum": "1150", "c0-required": "on", "c0-key": "on", "c1-title": "Wage"}
    saved = client.post(address, values)
    assert saved.url == page("file", package, file.pk)
    check(file)
    assert file.table["primaryKey"] == ["studio"]
    assert file.table["fields"][1]["constraints"] == {"minimum": "1150"}
    assert [one["row"] for one in file.report["problems"]] == [4]
    assert "“1100” is less than 1150." in text_of(client.get(saved.url))
    # Seen before that: somebody else has saved in between, and is not saved over, however often.
    for _time in range(2):
        again = client.post(address, values)
        assert again.status_code == 422
        assert "has changed this since" in words(again.content.decode())
        values = form_of(again, "c1-type")
    assert values["revision"] == ["1"]
    written = page("file-writing", package, file.pk)
    said = form_of(client.get(written), "delimiter") | {"delimiter": ";", "revision": "1"}
    for _time in range(2):
        again = client.post(written, said)
        assert again.status_code == 422
        said = form_of(again, "delimiter")
    file.refresh_from_db()
    assert file.revision == 2


def test_what_cannot_be_said_of_a_column_is_told_at_its_field(world, sign_in, store):
    package = pack(world)
    file = check(bring(world.a.manager, package).made)
    client = sign_in(world.b.ambassador)
    address = page("file-columns", package, file.pk)
    values = form_of(client.get(address), "c1-type") | {
        "c1-minimum": "little",
        "c0-maximum": "9",
        "c0-pattern": "((",
    }
    answer = client.post(address, values)
    assert answer.status_code == 422
    errors = [form.errors for form in answer.context["forms"]]
    assert errors[1] == {"minimum": ["“little” isn’t a value of this column’s type."]}
    assert set(errors[0]) == {"maximum", "pattern"}
    file.refresh_from_db()
    assert (file.revision, file.fit) == (1, PackageFile.Fit.FITS)


def test_a_table_is_read_in_another_way(world, sign_in, store):
    package = pack(world)
    file = check(bring(world.a.manager, package, content=b"a;b\n1;2\n3;4\n").made)
    client = sign_in(world.a.manager)
    address = page("file-writing", package, file.pk)
    values = form_of(client.get(address), "delimiter") | {"delimiter": ","}
    assert client.post(address, values).status_code == 302
    file.refresh_from_db()
    assert [one["name"] for one in file.table["fields"]] == ["a;b"]
    assert file.revision == 2


def test_a_version_is_released_compared_cited_and_its_use_noted(world, sign_in, store):
    package = pack(world)
    file = check(bring(world.a.manager, package).made)
    client = sign_in(world.b.ambassador)
    address = page("package", package, package.pk)
    values = form_of(client.get(address), "note") | {"note": "Wages of May."}
    assert client.post(page("package-release", package, package.pk), values).url == address
    shown = text_of(client.get(address))
    assert "How to cite" in shown
    assert "(Version 1) [Data set]" in shown
    saved = client.get(page("package-cite", package, package.pk, "datapackage"))
    assert json.loads(saved.content)["resources"][0]["path"] == "wages.csv"
    assert client.get(page("package-cite", package, package.pk, "datacite")).status_code == 404
    check(bring(world.a.manager, package, content=TABLE + b"D,900\n", replace=True).made)
    release(world.a.manager, package, note="One studio more.")
    differs = text_of(client.get(page("package-compare", package, package.pk)))
    assert "wages.csv changed" in differs
    answer = client.get(page("file-bytes", package, file.pk))
    assert b"".join(answer.streaming_content) == TABLE
    rest = client.get(page("file-bytes", package, file.pk), headers={"Range": "bytes=5-"})
    assert (rest.status_code, b"".join(rest.streaming_content)) == (206, TABLE[5:])
    assert Use.objects.count() == 1
    uses = page("package-uses", package, package.pk)
    assert world.b.ambassador.name in text_of(client.get(uses))
    exported = client.get(uses, {"form": "csv"}).content.decode("utf-8-sig")
    assert "wages.csv" in exported.splitlines()[1]


def test_only_who_may_stop_a_check_is_offered_it(world, sign_in, store):
    package = pack(world)
    file = bring(world.a.ambassador, package).made
    offered = {
        person.name: "Stop the check"
        in text_of(sign_in(person).get(page("file", package, file.pk)))
        for person in (world.a.ambassador, world.a.manager, world.b.ambassador)
    }
    assert list(offered.values()) == [True, True, False]
    stop = page("file-stop", package, file.pk)
    assert sign_in(world.b.ambassador).post(stop).status_code == 403
    assert sign_in(world.a.manager).post(stop).status_code == 302


def test_what_was_not_checked_to_the_end_is_told_as_such(world, sign_in, store):
    package = pack(world)
    file = bring(world.a.manager, package).made
    PackageFile.objects.filter(pk=file.pk).update(
        fit="stopped", report={"rows": 1, "stopped": True, "counts": {}, "problems": []}
    )
    client = sign_in(world.a.manager)
    for address in (page("packages", package), page("package", package, package.pk)):
        assert "check incomplete" in text_of(client.get(address))
    values = form_of(client.get(address), "note") | {"note": "Half of it."}
    refused = client.post(page("package-release", package, package.pk), values)
    assert (
        refused.status_code,
        "Not all rows were checked" in words(refused.content.decode()),
    ) == (
        422,
        True,
    )
    values |= {"faults_known": "on"}
    assert client.post(page("package-release", package, package.pk), values).status_code == 302


def test_what_cannot_be_released_is_told_on_the_page(world, sign_in, store):
    package = pack(world)
    client = sign_in(world.a.manager)
    release_url = page("package-release", package, package.pk)
    told = text_of(client.post(release_url, {"note": ""}, follow=True))
    assert "There’s no unreleased version." in told
    bring(world.a.manager, package)
    told = text_of(client.post(release_url, {"note": "New."}, follow=True))
    assert "“wages.csv” is still being checked." in told


def test_a_package_that_was_put_away_is_still_cited(world, sign_in, store):
    package = pack(world)
    check(bring(world.a.manager, package).made)
    release(world.a.manager, package)
    Package.objects.update(dropped_at=package.created_at)
    client = sign_in(world.b.ambassador)
    shown = text_of(client.get(page("package", package, package.pk)))
    assert "(Version 1) [Data set]" in shown
    assert "This data package is archived." in shown
    saved = client.get(page("package-cite", package, package.pk, "bibtex"))
    assert "Answers of 40 studios" in saved.content.decode()


def test_strangers_and_others_see_nothing_of_it(world, sign_in, client, store):
    package = pack(world)
    file = bring(world.a.manager, package).made
    addresses = [
        page("packages", package),
        page("package", package, package.pk),
        page("file", package, file.pk),
        page("file-bytes", package, file.pk),
        page("package-uses", package, package.pk),
    ]
    for address in addresses:
        assert client.get(address).status_code == 302
        assert sign_in(world.c.manager).get(address).status_code == 404


def test_a_program_reads_the_report_says_the_columns_and_releases(world, call, store):
    package = pack(world)
    file = check(bring(world.a.manager, package, content=told()).made)
    program = call(world.b.ambassador, "research:read", "research:write")
    base = f"/research/{package.partnership_id}"
    report = program.get(f"{base}/package-files/{file.pk}/report").json()
    assert (report["fit"], report["counts"]) == ("faulty", {"type-error": 1})
    assert report["problems"][0]["detail"] == "“many” is not a whole number."
    table = program.get(f"{base}/package-files/{file.pk}/table").json()
    table["table"]["fields"][1] = {"name": "wage", "type": "string", "title": "Wage"}
    wanted = {"revision": table["revision"], "table": table["table"]}
    said = program.put(f"{base}/package-files/{file.pk}/table", wanted)
    assert said.status_code == 200, said.content
    assert said.json()["table"]["fields"][1] == wanted["table"]["fields"][1]
    assert check(file).fit == "fits"
    wanted |= {"revision": 2, "table": {"fields": [{"name": "studio", "type": "word"}]}}
    refused = program.put(f"{base}/package-files/{file.pk}/table", wanted)
    assert refused.status_code == 422
    assert "no column type named “word”" in refused.json()["detail"]
    rows = program.get(f"{base}/package-files/{file.pk}/rows", {"first": 62, "last": 62}).json()
    assert rows["rows"] == [{"number": 62, "cells": ["X", "many"]}]
    released = program.post(f"{base}/packages/{package.pk}/release", {"note": "All."}).json()
    assert [one["path"] for one in released["files"]] == ["wages.csv"]
    assert program.get(f"{base}/packages/{package.pk}/citation").json()["missing"]
    shown = program.get(f"{base}/packages/{package.pk}").json()
    assert [one["number"] for one in shown["versions"]] == [1]
    assert program.post(f"{base}/packages/{package.pk}/draft").json()["number"] == 2
    assert program.delete(f"{base}/packages/{package.pk}/draft").status_code == 204
    taken = program.get(f"{base}/package-files/{file.pk}/bytes")
    assert b"".join(taken.streaming_content) == told()
