"""Files of the store as they are given: whole, in parts, to whom nothing may be cached."""

import hashlib
import io

import pytest
from django.test import RequestFactory

from proxeny.config.environment import BadEnvironment, read_environment
from proxeny.engine.package import FolderStore, S3Store, keep
from proxeny.kernel.errors import NotFound
from proxeny.research.rows import MOST_ROWS, read_rows
from proxeny.research.serving import answer_file, begins
from proxeny.research.store import get_store, is_folder

TEXT = b"year,wage\n" + b"".join(b"%d,%d\n" % (n, n * 3) for n in range(1, 601))
SHA = hashlib.sha256(TEXT).hexdigest()
SCHEMA = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}]}


@pytest.fixture
def kept(store):
    keep(store, io.BytesIO(TEXT), len(TEXT))


def ask(method="get", public=False, **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    answer = answer_file(
        request,
        SHA,
        name="folder/Löhne.csv",
        media_type="text/csv",
        size=len(TEXT),
        is_public=public,
    )
    return request, answer


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_file_is_given_as_a_download_that_nobody_shows_or_keeps(kept):
    request, answer = ask()
    assert (answer.status_code, body(answer)) == (200, TEXT)
    assert answer["Content-Length"] == str(len(TEXT))
    assert answer["ETag"] == f'"{SHA}"'
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"Lohne.csv\"; filename*=UTF-8''L%C3%B6hne.csv"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    assert begins(request, answer)
    assert "public" in ask(public=True)[1]["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999", 5, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_part_is_given(kept, asked, start, end):
    request, answer = ask(Range=asked)
    part = TEXT[start:end]
    assert (answer.status_code, body(answer)) == (206, part)
    first = start % len(TEXT)
    assert answer["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(TEXT)}"
    assert answer["Content-Length"] == str(len(part))
    assert begins(request, answer) == (first == 0)


@pytest.mark.parametrize(
    "asked", ["bytes=9-2", "bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=x-"]
)
def test_what_is_no_part_of_one_piece_is_the_whole(kept, asked):
    answer = ask(Range=asked)[1]
    assert (answer.status_code, body(answer)) == (200, TEXT)


def test_beyond_the_end_there_is_nothing(kept):
    for asked in (f"bytes={len(TEXT)}-", "bytes=-0"):
        answer = ask(Range=asked)[1]
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(TEXT)}")


def test_a_part_of_another_file_is_the_whole_and_what_is_known_is_not_sent(kept):
    assert ask(Range="bytes=5-", **{"If-Range": '"other"'})[1].status_code == 200
    assert ask(Range="bytes=5-", **{"If-Range": f'"{SHA}"'})[1].status_code == 206
    assert ask(**{"If-None-Match": f'W/"{SHA}"'})[1].status_code == 304


def test_head_tells_and_sends_nothing(kept):
    answer = ask("head", Range="bytes=5-9")[1]
    assert (answer.status_code, answer.content, answer["Content-Length"]) == (206, b"", "5")


def test_bytes_that_are_gone_are_told(store):
    with pytest.raises(NotFound, match="We couldn’t find this file in storage"):
        ask()
    with pytest.raises(NotFound, match="We couldn’t find this file in storage"):
        read_rows(SHA, None, SCHEMA, 2, 3)


def test_rows_are_read_no_further_than_they_are_asked_for(kept):
    found = read_rows(SHA, None, SCHEMA, 3, 4)
    assert (found.header, found.more) == (("year", "wage"), True)
    assert found.rows == ((3, ("2", "6")), (4, ("3", "9")))
    assert len(read_rows(SHA, None, SCHEMA, 2, 9_999).rows) == MOST_ROWS
    last = read_rows(SHA, None, SCHEMA, 601, 700)
    assert (last.rows, last.more) == (((601, ("600", "1800")),), False)
    # Without a header the columns are called as the schema calls them.
    plain = read_rows(SHA, {"header": False, "encoding": "utf-8"}, SCHEMA, 1, 1)
    assert (plain.header, plain.rows) == (("a", "b"), ((1, ("year", "wage")),))


def test_a_folder_or_a_bucket_by_the_environment(settings, tmp_path):
    settings.HOME = tmp_path
    assert is_folder()
    assert isinstance(get_store(), FolderStore)
    assert get_store() is get_store()
    read = read_environment(
        {
            "PROXENY_PACKAGES": "s3://data/proxeny?endpoint=https://s3.example&region=eu",
            "AWS_SECRET_ACCESS_KEY": "hush",
        }
    )
    settings.PACKAGES = {**read["PROXENY_PACKAGES"], "access_key": "k", "secret_key": "hush"}
    assert read["PROXENY_PACKAGES"] == {
        "bucket": "data",
        "prefix": "proxeny/",
        "endpoint": "https://s3.example",
        "region": "eu",
    }
    assert not is_folder()
    assert isinstance(get_store(), S3Store)
    for wrong in ("s3://data", "https://data?endpoint=https://s3.example", "s3://?endpoint=x"):
        with pytest.raises(BadEnvironment, match="PROXENY_PACKAGES"):
            read_environment({"PROXENY_PACKAGES": wrong})
