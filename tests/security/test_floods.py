"""Denial by too much: huge uploads, decompression bombs, deep or endless bodies and queries.

Each gets a clear refusal at once, and costs little memory.
"""

import io
import json
import tracemalloc
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.directory.models import MemberImport
from proxeny.kernel.models import StoredFile

MEGABYTE = 1024 * 1024


def bomb(megabytes: int) -> bytes:
    """A small workbook whose sheet unpacks to that many megabytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(megabytes):
                sheet.write(b" " * MEGABYTE)
    return target.getvalue()


def upload(client, cluster_id: int, content: bytes):
    file = SimpleUploadedFile("members.xlsx", content)
    return client.post("/directory/import/", {"cluster": cluster_id, "file": file})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"name,country\n" + b"x" * (21 * MEGABYTE), "20 MB"),
        (lambda: bomb(400), "unpacks to more than 200 MB"),
    ],
)
def test_a_huge_or_exploding_list_is_refused_before_it_is_read(crowd, sign_in, content, sentence):
    client, data = sign_in(crowd.world.a.manager), content()
    before = (MemberImport.objects.count(), StoredFile.objects.count())
    tracemalloc.start()
    answer = upload(client, crowd.world.a.cluster.pk, data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (MemberImport.objects.count(), StoredFile.objects.count()) == before
    assert peak < 120 * MEGABYTE, f"{peak / MEGABYTE:.0f} MB"


def test_more_fields_than_a_form_has_are_refused(crowd, sign_in):
    client = sign_in(crowd.world.a.manager)
    answer = client.post("/people/me/", {f"field-{number}": "x" for number in range(5000)})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000 + b"]" * 100_000, 422),
        (b'{"city": "' + b"x" * (3 * MEGABYTE) + b'"}', 413),
        (b'{"city": "x", "city": ' + b"1" * 5_000 + b"}", 422),
        (b'{"city": NaN}', 422),
        (b"\xff\xfe", 422),
        (b"", 422),
        (b"null", 422),
    ],
)
def test_a_body_that_is_no_fair_body_is_a_problem_not_a_failure(crowd, call, body, status):
    member = crowd.world.a.members[0]
    program = call(crowd.world.a.manager, "directory:write")
    answer = program._client.generic(
        "PATCH",
        f"/api/v1/directory/organisations/{member.pk}",
        body,
        content_type="application/json",
        headers={"If-Match": "*"},
    )
    assert answer.status_code in {status, 400, 413, 422}, answer.status_code
    assert json.loads(answer.content)["status"] == answer.status_code
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 100_000,
        "q=" + "%20".join(["a"] * 20_000),
        "page=" + "9" * 4_000,
        "page=-1",
        "sort=" + "x" * 10_000,
        "q=%F0%9F",
        "cluster=" + "9" * 30,
    ],
)
def test_a_list_bears_any_query(crowd, sign_in, query):
    client = sign_in(crowd.world.a.manager)
    for path in ("/directory/", "/people/", "/events/", "/partnerships/"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code in {200, 302, 400, 414}, (path, query[:40], answer.status_code)


@pytest.mark.parametrize("path", ["/directory/?q=%00", "/people/%00/", "/events/?q=a%00b"])
def test_signs_that_no_text_holds_are_a_bad_request(crowd, sign_in, path):
    assert sign_in(crowd.world.a.manager).get(path).status_code == 400


def test_a_program_gets_no_more_than_a_page_at_a_time(crowd, call):
    program = call(crowd.world.a.manager, "directory:read")
    for size in (201, 10**9, -1, 0):
        answer = program.get("/directory/organisations", {"page_size": size})
        assert answer.status_code == 422, size
