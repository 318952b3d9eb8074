"""`proxeny verify FILE`: without a database, from a folder or from the net; how it ends."""

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

from proxeny.engine.credentials import bake_png
from proxeny.labels.badge_picture import Picture, draw_png
from proxeny.labels.command import exit_code, fetch, judge
from proxeny.labels.models import Award
from tests.labels import forging
from tests.labels.awarding import awarded
from tests.labels.test_verify import revoke
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def award(world) -> Award:
    return awarded(world)[0]


def lay(folder: Path, award: Award) -> Path:
    """Lay what it takes to check an award into a folder, under any names."""
    documents = folder / "documents"
    documents.mkdir(exist_ok=True)
    for number, one in enumerate(forging.published(award).values()):
        (documents / f"{number}.json").write_bytes(forging.file_of(one))
    return documents


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the command as somebody does who has no installation."""
    kept = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "proxeny", "verify", *map(str, arguments)],
        env=kept,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_it_tells_the_sentence_and_each_check_from_files_alone(tmp_path, award):
    documents = lay(tmp_path, award)
    file = tmp_path / "badge.png"
    picture = Picture("Atlas", ("A", "B"), "2026", "Atlas", "en")
    file.write_bytes(bake_png(draw_png(picture), award.credential))
    code, said, errors = run("--documents", documents, file)
    assert (code, errors) == (0, "")
    lines = said.splitlines()
    assert lines[0] == f"This award is genuine and valid until {award.valid_until:%-d %B %Y}."
    assert lines[1] == f"It says: {award.holder} has the label Atlas, level Gold."
    assert lines[2].startswith("Both clusters signed it: 127.0.0.1:8000/issuers/")
    assert "To be sure they belong to the clusters you have in mind, ask them." in lines[3]
    assert [one[0] for one in lines[5:]] == ["✓"] * 5


def test_programs_read_json(tmp_path, award):
    documents = lay(tmp_path, award)
    file = tmp_path / "award.json"
    file.write_bytes(forging.file_of(forging.altered(award)))
    code, said, _errors = run("--json", "--documents", documents, file)
    assert (code, json.loads(said)["state"]) == (1, "altered")


STATES = {
    "altered": ("altered", 1),
    "forged": ("altered", 1),
    "one_signature": ("signature_missing", 1),
    "signed_twice": ("signature_missing", 1),
    "of_others": ("unchecked", 2),
}


@pytest.mark.parametrize("kind", STATES)
def test_each_bad_file_ends_as_it_should(award, kind):
    documents, now = forging.published(award), timezone.now()
    found = judge(forging.file_of(getattr(forging, kind)(award)), now=now, resolve=documents.get)
    assert (found.state, exit_code(found)) == STATES[kind]


def test_good_expired_revoked_and_of_another_label(world, award):
    data, now = forging.file_of(award.credential), timezone.now()
    documents = forging.published(award)
    found = judge(data, now=now, resolve=documents.get)
    assert (found.state, exit_code(found)) == ("valid", 0)
    later = award.valid_until + timedelta(days=1)
    assert exit_code(judge(data, now=later, resolve=documents.get)) == 1
    found = judge(data, now=now, resolve=documents.get, issuer="did:web:label.example")
    assert (found.state, exit_code(found)) == ("unknown_issuer", 1)
    assert judge(data, now=now, resolve=lambda _url: None).state == "unchecked"
    revoke(world, award)
    found = judge(data, now=timezone.now(), resolve=forging.published(award).get)
    assert (found.state, exit_code(found)) == ("revoked", 1)


def test_what_is_no_award_or_not_there_was_not_checked(tmp_path):
    file = tmp_path / "x.txt"
    file.write_text("hello")
    code, said, _errors = run(file)
    assert (code, said.splitlines()[0][:28]) == (2, "No award found. Use the file")
    assert run(tmp_path / "nothing.json")[0] == 2


class Site(BaseHTTPRequestHandler):
    """A web server that misbehaves by its paths."""

    def do_GET(self):
        status, body = {
            "/good": (200, b'{"id": "x"}'),
            "/large": (200, b"[" + b" " * 1_100_000 + b"]"),
            "/list": (200, b"[]"),
            "/moved": (302, b""),
        }.get(self.path, (404, b"{}"))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


def test_documents_are_fetched_with_limits():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    try:
        assert fetch(f"{at}/good") == {"id": "x"}
        for path in ("/large", "/list", "/moved", "/none"):
            assert fetch(f"{at}{path}") is None, path
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "url",
    [
        "http://label.example/did.json",
        "file:///etc/passwd",
        "https://127.0.0.2/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest",
        "ftp://label.example/x",
    ],
)
def test_nothing_is_asked_of_private_networks_or_without_https(url):
    assert fetch(url) is None
