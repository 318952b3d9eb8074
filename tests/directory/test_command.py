"""`proxeny import`: the same path as in the browser, with a manager's rights."""

import os
import pty
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import override_settings

from proxeny.accounts.models import Account
from proxeny.config.settings import PASSWORD_HASHERS
from proxeny.directory.command import import_from_command_line
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import GATE, acting_as
from tests.kernel.workers import database_url


def run(world, path, **changes):
    values = {"cluster_name": "GREEK cluster", "manager_email": world.a.manager.email.upper()}
    return import_from_command_line(path=path, **(values | changes))


def test_import_by_command(world, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("Name,Country\nNew one,GR\n")
    assert run(world, path) == (
        "1 rows read: 1 entries added, 0 changed, 0 unchanged, 0 rows skipped."
    )
    assert Organisation.objects.get(name="New one").steward == world.a.cluster
    assert AuditEntry.objects.get(verb="apply_import").person_id == world.a.manager.pk


def test_import_by_command_is_refused(world, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("Name,Country\nNew one,Atlantis\n")
    with pytest.raises(NotAllowed, match="isn’t the address of a manager"):
        run(world, path, manager_email=world.b.manager.email)
    with pytest.raises(NotFound, match="No cluster, or more than one, is called"):
        run(world, path, cluster_name="Nowhere")
    with pytest.raises(InvalidInput, match="Row 2, Country: “Atlantis” isn’t a country"):
        run(world, path)
    assert not Organisation.objects.filter(name="New one").exists()


@pytest.mark.django_db(transaction=True)
def test_an_operator_founds_a_cluster_chooses_a_password_and_imports_with_problems(tmp_path):
    """The shell, from nothing: each as a process of its own, as an operator types it."""
    file, problems = tmp_path / "members.csv", tmp_path / "problems.csv"
    file.write_text("Name,Country,Year founded\nNew one,GR,2001\nNew two,GR,last year\n")
    password = "a long harbour wall"
    assert "Harbours" in _shell(
        "found",
        "--cluster",
        "Harbours",
        "--country",
        "GR",
        "--manager",
        "Eleni Petrou",
        "--email",
        "eleni@harbours.example",
    )
    assert "changed successfully" in _change_password("Eleni@Harbours.example", password)
    said = _shell(
        "import",
        str(file),
        "--cluster",
        "Harbours",
        "--as",
        "eleni@harbours.example",
        "--blank-unreadable",
        "--problems",
        str(problems),
    )
    assert "2 entries added" in said
    text = problems.read_text(encoding="utf-8-sig")
    assert text.startswith("Row,Column,Value,What to do,Effect\n3,Year founded,last year,")
    with acting_as(GATE):
        account = Account.objects.get(email="eleni@harbours.example")
    with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS):
        assert account.check_password(password)


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PROXENY_HOME": str(settings.HOME),
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
        "PROXENY_DEMO": "0",
    }


def _shell(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "proxeny", *arguments],
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _change_password(address: str, password: str) -> str:
    """Type it twice at a terminal: `getpass` reads from nothing else."""
    pid, terminal = pty.fork()
    if not pid:
        os.execve(  # noqa: S606
            sys.executable,
            [sys.executable, "-m", "proxeny", "manage", "changepassword", address],
            _environment(),
        )
    said = b""
    try:
        for prompt in (b"Password: ", b"Password (again): "):
            while not said.endswith(prompt):
                said += os.read(terminal, 1024)
            os.write(terminal, password.encode() + b"\n")
        while True:
            said += os.read(terminal, 1024)
    except OSError:  # it has ended
        os.waitpid(pid, 0)
    return said.decode()
