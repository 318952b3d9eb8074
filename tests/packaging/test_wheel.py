"""The wheel holds the whole product and nothing else, and runs where there is no checkout."""

import os
import re
import signal
import subprocess
import time
import urllib.request
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import proxeny
from tests import template
from tests.e2e.conftest import free_port
from tests.packaging.conftest import ROOT, Installed, known_to_git

LANGUAGES = ("ar", "el", "fr")


def test_it_holds_what_git_keeps_and_the_compiled_texts(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    package = {name for name in names if name.startswith("proxeny/")}
    source = {name.removeprefix("src/") for name in known_to_git("src/proxeny")}
    catalogues = {name for name in source if name.endswith(".po")}
    assert catalogues == {f"proxeny/locale/{one}/LC_MESSAGES/django.po" for one in LANGUAGES}
    texts = {name.removesuffix(".po") + ".mo" for name in catalogues}
    assert package == source - catalogues | texts
    tops = {name.partition("/")[0] for name in names}
    assert tops == {
        "proxeny",
        f"proxeny-{proxeny.__version__}.dist-info",
        f"proxeny-{proxeny.__version__}.data",
    }


def test_it_brings_what_a_server_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.partition("/data/share/proxeny/")[2]: name for name in archive.namelist()}
        held = {name: archive.read(path) for name, path in inside.items() if name}
    wanted = (
        "deploy/nginx",
        "deploy/systemd",
        "deploy/proxeny-admin",
        "deploy/proxeny.env.example",
    )
    kept = {
        name.removeprefix("deploy/"): (ROOT / name).read_bytes() for name in known_to_git(*wanted)
    }
    assert held == kept


def test_its_version_is_the_package_s(wheel):
    with zipfile.ZipFile(wheel) as archive:
        told = archive.read(f"proxeny-{proxeny.__version__}.dist-info/METADATA").decode()
    metadata = Parser().parsestr(told)
    assert metadata["Version"] == proxeny.__version__
    assert metadata["License-Expression"] == "EUPL-1.2"


def test_it_runs_in_an_empty_folder(installed, tmp_path):
    before = _source_of(installed)
    home = tmp_path / ".local" / "share" / "proxeny"
    home.mkdir(parents=True)
    template.lay_under(home)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "output.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [installed.command, "run"],
            cwd=tmp_path,
            stdout=output,
            stderr=output,
            env=_environment(tmp_path, PORT=str(port), PROXENY_DEMO="0"),
        )
    try:
        _wait_until_ready(process, log)
        page, _ = _read(url)
        assert "<title>Two clusters, one workspace" in page
        greek, _ = _read(url, **{"Accept-Language": "el"})
        assert "<title>Δύο cluster" in greek
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style is not None
        text, headers = _read(url + style[1])
        assert "{" in text
        assert "immutable" in headers["Cache-Control"]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert process.returncode == 0, log.read_text()
    assert (home / "static").is_dir()
    assert {one.name for one in tmp_path.iterdir()} == {".local", "output.log"}
    assert _source_of(installed) == before


def test_a_taken_port_is_told_in_its_own_words(installed, tmp_path):
    done = subprocess.run(
        [installed.command, "run"],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(tmp_path, PORT="1", HOST="192.0.2.1"),
    )
    assert done.returncode == 1
    assert "PORT=2 proxeny run" in done.stderr


def test_it_says_its_version(installed):
    said = subprocess.run(
        [installed.command, "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout == f"proxeny, version {proxeny.__version__}\n"


def _environment(home: Path, **more: str) -> dict[str, str]:
    """What an ordinary user has: a home folder, and none of our variables."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def _source_of(installed: Installed) -> dict[str, int]:
    """Files of the installed package; what Python and numba compiled beside them left out."""
    return {
        str(path): path.stat().st_mtime_ns
        for path in installed.package.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 600
    while "Proxeny is ready" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"It did not start:\n{log.read_text()}")
        time.sleep(0.2)


def _read(url: str, **headers: str) -> tuple[str, Message]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read().decode(), answer.headers
