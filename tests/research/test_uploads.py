"""The tus protocol, for browsers and programs: begun, gone on with, finished, refused, given up."""

import base64
import hashlib
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_http_date

from proxeny.config.backup.tools import connect
from proxeny.engine.package import keep
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.research.models import PackageFile, Upload
from proxeny.research.operations import unreferenced_bytes, uploads
from tests.research.packing import TABLE, archive, left, pack

pytestmark = pytest.mark.django_db
SHA = hashlib.sha256(TABLE).hexdigest()
SIZE = len(TABLE)
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def meta(**values):
    """Return metadata as its header has it."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items()
    )


class Sender:
    """Sends a file to a package, as a browser or as a program."""

    def __init__(self, client, base, **headers):
        self.client, self.base, self.headers = client, base, {**TUS, **headers}

    def begin(self, size=SIZE, name="wages.csv", **said):
        return self.client.post(
            self.base,
            headers={
                **self.headers,
                "Upload-Length": str(size),
                "Upload-Metadata": meta(filename=name, **said),
            },
        )

    def head(self, at):
        return self.client.head(at, headers=self.headers)

    def send(self, at, content, offset=0, **headers):
        return self.client.patch(
            at,
            content,
            content_type=PIECE,
            headers={**self.headers, "Upload-Offset": str(offset), **headers},
        )

    def stop(self, at):
        return self.client.delete(at, headers=self.headers)


@pytest.fixture(params=["page", "api"])
def sender(request, world, sign_in, call, store):
    """A's ambassador, by the browser and by a program."""
    package = pack(world)
    if request.param == "page":
        numbers = [package.partnership_id, package.study_id, package.pk]
        return Sender(sign_in(world.a.ambassador), reverse("research:uploads", args=numbers))
    program = call(world.a.ambassador, "research:read", "research:write")
    base = f"/api/v1/research/{package.partnership_id}/packages/{package.pk}/uploads"
    return Sender(program._client, base)


def test_a_file_comes_in_two_pieces(sender):
    begun = sender.begin(sha256=SHA)
    assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
    at = begun["Location"]
    assert sender.head(at)["Upload-Offset"] == "0"
    first = sender.send(at, TABLE[:10])
    assert (first.status_code, first["Upload-Offset"]) == (204, "10")
    found = sender.head(at)
    assert (found["Upload-Offset"], found["Upload-Length"]) == ("10", str(len(TABLE)))
    assert "no-" in found["Cache-Control"]
    wrong = sender.send(at, TABLE[10:], offset=4)
    assert wrong.status_code == 409
    last = sender.send(at, TABLE[10:], offset=10)
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(TABLE)))
    file = PackageFile.objects.get()
    assert str(file.pk) in last["Content-Location"]
    assert (file.sha256, left()) == (SHA, [SHA])
    # Whoever did not get the answer asks again, and learns that all of it is here.
    assert sender.head(at)["Upload-Offset"] == str(len(TABLE))
    assert sender.send(at, b"x", offset=len(TABLE)).status_code == 409


def test_what_was_whole_when_its_process_died_is_taken_in_when_asked(sender, store):
    at = sender.begin()["Location"]
    store.append(Upload.objects.get().key, 0, io.BytesIO(TABLE))
    assert sender.head(at)["Upload-Offset"] == str(len(TABLE))
    assert (PackageFile.objects.get().sha256, left()) == (SHA, [SHA])
    bad = sender.begin(size=4, name="bad.csv")["Location"]
    store.append(Upload.objects.get(name="bad.csv").key, 0, io.BytesIO(b"\x7fELF"))
    assert sender.head(bad).status_code == 422
    assert (Upload.objects.filter(name="bad.csv").count(), left()) == (0, [SHA])


def test_who_may_only_read_is_told_how_far_it_is_and_changes_nothing(world, call, sender, store):
    at = sender.begin()["Location"]
    one = Upload.objects.get()
    store.append(one.key, 0, io.BytesIO(TABLE))
    base = f"/api/v1/research/{one.partnership_id}/packages/{one.package_id}/uploads"
    reads = Sender(call(world.a.ambassador, "research:read")._client, base)
    told = reads.head(f"{base}/{one.key}")
    assert (told.status_code, told["Upload-Offset"]) == (200, str(SIZE))
    assert not PackageFile.objects.exists()
    assert sender.head(at).status_code == 200
    assert PackageFile.objects.get().sha256 == SHA


def test_while_it_is_looked_at_its_sender_is_asked_to_wait(sender, store):
    at = sender.begin()["Location"]
    key = Upload.objects.get().key
    store.append(key, 0, io.BytesIO(TABLE))
    with connect() as other:
        # What another process does that takes in the last byte.
        other.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:15], 16)])
        assert [sender.head(at).status_code, sender.stop(at).status_code] == [423, 423]
        store.finish(key)
        assert sender.head(at).status_code == 423
        waits = sender.send(at, b"", offset=SIZE)
        assert (waits.status_code, "It’s being checked" in waits.json()["detail"]) == (423, True)
    assert sender.head(at).status_code == 404
    Upload.objects.update(taken_at=timezone.now())
    assert sender.head(at)["Upload-Offset"] == str(SIZE)


def test_it_is_given_up_a_day_after_its_last_bytes(sender):
    def left_s(answer):
        return parse_http_date(answer["Upload-Expires"]) - timezone.now().timestamp()

    begun = sender.begin()
    at = begun["Location"]
    Upload.objects.update(created_at=timezone.now() - timedelta(days=8))
    sent = sender.send(at, TABLE[:5])
    assert all(86_000 < left_s(answer) <= 86_401 for answer in (begun, sent))
    # How long ago the last ones came, nobody knows who only asks.
    assert "Upload-Expires" not in sender.head(at)
    one = Upload.objects.get()
    assert [
        (on.upload, on.received) for on in uploads.list_coming(one.partnership_id, one.package_id)
    ] == [(one, 5)]


def test_a_last_piece_that_is_refused_is_refused_as_often_as_it_comes(sender):
    at = sender.begin(sha256="0" * 64)["Location"]
    headers = {"Idempotency-Key": "the-last-piece"}
    assert sender.send(at, TABLE, **headers).status_code == 422
    assert sender.send(at, TABLE, **headers).status_code == 404


def test_other_bytes_than_announced_leave_nothing(sender):
    at = sender.begin(sha256="0" * 64)["Location"]
    refused = sender.send(at, TABLE)
    assert refused.status_code == 422
    assert ". Upload the file again." in refused.content.decode()
    assert (Upload.objects.count(), PackageFile.objects.count(), left()) == (0, 0, [])
    assert sender.head(at).status_code == 404


def test_a_file_that_lies_leaves_nothing(sender):
    for name, content in (
        ("wages.csv", b"\x7fELF" + bytes(40)),
        ("a.zip", archive(a_DOT_csv=bytes(30 << 20))),
    ):
        at = sender.begin(size=len(content), name=name)["Location"]
        assert sender.send(at, content).status_code == 422
        assert (Upload.objects.count(), PackageFile.objects.count(), left()) == (0, 0, [])


def test_more_than_announced_is_refused_and_the_upload_goes_on(sender):
    at = sender.begin()["Location"]
    assert sender.send(at, TABLE + b"x").status_code == 422
    assert sender.head(at)["Upload-Offset"] == "0"
    assert sender.send(at, TABLE).status_code == 204


def test_what_the_protocol_refuses(sender):
    at = sender.begin()["Location"]
    without = sender.client.head(at)
    assert (without.status_code, without["Tus-Version"]) == (412, "1.0.0")
    plain = sender.client.patch(at, TABLE, content_type="text/csv", headers=sender.headers)
    assert plain.status_code == 415
    assert (
        sender.client.patch(at, TABLE, content_type=PIECE, headers=sender.headers).status_code
        == 422
    )
    lied = sender.send(at, TABLE, **{"Content-Length": str((64 << 20) + 1)})
    assert lied.status_code == 413
    unread = sender.client.post(
        sender.base,
        headers={**sender.headers, "Upload-Length": "9", "Upload-Metadata": "filename ?"},
    )
    assert unread.status_code == 422
    assert sender.begin(size=0).status_code == 422


def test_a_name_that_is_there_is_asked_about(sender, world):
    sender.send(sender.begin()["Location"], TABLE)
    assert sender.begin().status_code == 409
    assert sender.send(sender.begin(replace="1")["Location"], TABLE).status_code == 204
    assert PackageFile.objects.count() == 1


def test_given_up_it_is_gone(sender):
    at = sender.begin()["Location"]
    sender.send(at, TABLE[:5])
    assert sender.stop(at).status_code == 204
    assert (sender.head(at).status_code, Upload.objects.count(), left()) == (404, 0, [])


def test_nobody_else_goes_on_with_it(world, sign_in, store):
    package = pack(world)
    numbers = [package.partnership_id, package.study_id, package.pk]
    base = reverse("research:uploads", args=numbers)
    mine = Sender(sign_in(world.a.ambassador), base)
    at = mine.begin()["Location"]
    for other in (world.a.manager, world.b.ambassador, world.c.manager):
        theirs = Sender(sign_in(other), base)
        for answer in (theirs.head(at), theirs.send(at, TABLE), theirs.stop(at)):
            assert answer.status_code == 404
    assert mine.head(at)["Upload-Offset"] == "0"


def test_a_page_of_another_site_cannot_send(world, store):
    package = pack(world)
    base = reverse("research:uploads", args=[package.partnership_id, package.study_id, package.pk])
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.a.ambassador.account)
    assert Sender(client, base).begin().status_code == 403
    assert Upload.objects.count() == 0


def test_two_of_one_name_at_once_do_not_overwrite_each_other(world, sender):
    one, two = sender.begin()["Location"], sender.begin(size=5)["Location"]
    assert sender.send(one, TABLE).status_code == 204
    refused = sender.send(two, b"a\n1\n2")
    assert refused.status_code == 422
    assert "Someone else has added a file named" in refused.content.decode()
    assert left() == [SHA]


def test_what_is_forgotten_is_swept(world, sender, store):
    sender.send(sender.begin()["Location"], TABLE)
    half = sender.begin(name="half.csv")["Location"]
    sender.send(half, TABLE[:5])
    # A process that died between a file and its row leaves bytes that nothing names.
    keep(store, io.BytesIO(b"orphan"), 6)
    now = timezone.now()
    assert unreferenced_bytes.sweep(now) == 0
    Upload.objects.update(created_at=now - timedelta(hours=25))
    Upload.objects.exclude(taken_at=None).update(taken_at=now - timedelta(hours=25))
    assert unreferenced_bytes.sweep(now + timedelta(days=2)) == 2
    with acting_as(SERVICE):
        assert Upload.objects.count() == 0
    assert left() == [SHA]
