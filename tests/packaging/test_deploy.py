"""Units, settings, proxy and container file: sound by the judges that are at hand."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from proxeny.config.environment import VARIABLES, read_environment
from tests.packaging.conftest import ROOT, known_to_git

DEPLOY = ROOT / "deploy"
#: Of 100, as systemd counts what a service could still do; 20 is what it calls "OK".
MOST_EXPOSED = 15

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)
needs_nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with a program that exists in place of the installed one."""
    folder = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", folder)
    for unit in folder.glob("*.service"):
        unit.write_text(unit.read_text().replace("/opt/proxeny/current/bin/proxeny", "/bin/true"))
    return sorted([*folder.glob("*.service"), *folder.glob("*.timer")])


@needs_systemd
def test_systemd_understands_each_unit(units):
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert not [line for line in said.stderr.splitlines() if "proxeny" in line]


@needs_systemd
def test_each_service_stands_behind_walls(units):
    services = [unit for unit in units if unit.suffix == ".service"]
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", *services],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("Overall exposure level") == len(services) == 3


@needs_nginx
def test_nginx_understands_its_file(tmp_path):
    text = (DEPLOY / "nginx" / "proxeny.conf").read_text(encoding="utf-8")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=proxeny.example.org",
            "-keyout",
            tmp_path / "privkey.pem",
            "-out",
            tmp_path / "fullchain.pem",
        ],
        capture_output=True,
        check=True,
    )
    site = text.replace("/etc/letsencrypt/live/proxeny.example.org", str(tmp_path))
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {site} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    said = subprocess.run(
        ["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def _settings() -> dict[str, str]:
    text = (DEPLOY / "proxeny.env.example").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: value.strip('"') for name, _, value in (one.partition("=") for one in lines)}


def test_the_example_settings_are_read():
    settings = _settings()
    others = {"NUMBA_CACHE_DIR"}
    assert set(settings) - {one.name for one in VARIABLES} == others
    values = read_environment(settings)
    assert values["PROXENY_SECURE"] is True
    assert values["PROXENY_TRUSTED_PROXIES"] == 1
    assert values["PROXENY_DEMO"] is False


def test_the_image_finds_what_it_copies():
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    copies = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--from)", line)]
    wanted = {name for names in copies for name in names}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    for name in wanted:
        assert known_to_git(name), name
        assert {name} & let_in or any(one.startswith(f"{name}/") for one in let_in), name


def test_what_the_containers_write_lies_in_volumes():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    named = re.findall(r"\b(?:PROXENY_HOME|NUMBA_CACHE_DIR|XDG_CACHE_HOME)=(\S+)", image)
    assert len(named) == 3
    for name in ("migrate", "web", "worker"):
        service = compose["services"][name]
        assert service["read_only"] is True
        mounted = [one.split(":") for one in service["volumes"]]
        assert {volume for volume, _path in mounted} <= set(compose["volumes"])
        for folder in named:
            assert any(f"{folder}/".startswith(f"{path}/") for _volume, path in mounted), folder
        told = {one["condition"] for one in service["depends_on"].values()}
        assert told == {
            "service_healthy" if name == "migrate" else "service_completed_successfully"
        }


def test_the_image_is_not_run_by_root_and_takes_pinned_packages_alone():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = text.split("\nFROM ")[-1]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*\n(.*\n)*CMD ", last, re.M)
    installs = re.findall(r"uv pip install[^&\n]*", text)
    assert len(installs) == 2
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)
