"""Two hosts prepare one empty database at the same moment; each does so as `proxeny run` does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from proxeny.directory.command import found_from_command_line
from proxeny.kernel.policies import MARKED, making_as_definer, policies_stand, step_aside
from proxeny.kernel.setup_lock import preparing_alone
from tests.config.databases import database, rows
from tests.kernel.workers import database_url

pytestmark = pytest.mark.slow
COMMAND = str(Path(sys.executable).with_name("proxeny"))
PREPARING = "Preparing the database …"
WAITING = "Another process is preparing this database; waiting for it …"


@contextmanager
def start(*command: str, home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A command on a host of its own, over the current database; killed if a test fails."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "PROXENY_"))},
        "DATABASE_URL": database_url(),
        "PROXENY_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        "PROXENY_SECRET_KEY": settings.SECRET_KEY,
    }
    process = subprocess.Popen(
        [COMMAND, *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def prepared(server) -> Iterator[None]:
    """A database that was prepared before."""
    with database("proxeny_prepared", migrated=True):
        yield


def founding(name: str) -> list[str]:
    """A command that prepares the database, and then founds a cluster."""
    return [
        "found",
        "--cluster",
        name,
        "--country",
        "GR",
        "--manager",
        "M",
        "--email",
        f"{name}@example.org",
    ]


def test_one_prepares_and_the_other_finds_it_done(server, tmp_path):
    with (
        database("proxeny_two_starts"),
        start(*founding("north"), home=tmp_path / "north") as one,
        start(*founding("south"), home=tmp_path / "south") as two,
    ):
        told = [process.communicate(timeout=400) for process in (one, two)]
        assert [process.returncode for process in (one, two)] == [0, 0], told
        assert [errors for _, errors in told] == ["", ""]
        assert {said.splitlines()[0] for said, _ in told} == {PREPARING, WAITING}
        assert sum(said.count(PREPARING) for said, _ in told) == 1
        assert policies_stand()
        assert rows("SELECT count(*) FROM directory_organisation", role="proxeny_backup") == [(2,)]
        assert (
            rows("SELECT app, name FROM django_migrations GROUP BY app, name HAVING count(*) > 1")
            == []
        )


def test_the_demo_is_loaded_by_one_only(prepared, tmp_path):
    with ExitStack() as held:
        held.enter_context(preparing_alone(say=pytest.fail))
        with start("demo", home=tmp_path) as other:
            assert other.stdout.readline().strip() == WAITING
            found_from_command_line(
                cluster_name="North", country="GR", email="m@example.org", person="M"
            )
            held.close()
            said, errors = other.communicate(timeout=400)
        assert (other.returncode, said, errors) == (0, "", "")


def test_who_dies_while_preparing_lets_go(server, tmp_path):
    with database("proxeny_two_starts", migrated=True):
        # Two changes are enough to die between; an empty database has 130.
        call_command("migrate", "webhooks", "zero", verbosity=0)
        call_command("migrate", "notices", "zero", verbosity=0)
        with start("manage", "migrate", home=tmp_path / "one") as one:
            for line in one.stdout:
                if "Applying" in line:
                    break
            one.kill()
        with start("manage", "migrate", home=tmp_path / "two") as two:
            said, errors = two.communicate(timeout=400)
        assert (two.returncode, errors) == (0, "")
        assert "Applying" in said
        assert policies_stand()


def test_migrate_waits_for_who_is_at_it(prepared, tmp_path):
    with ExitStack() as held:
        held.enter_context(preparing_alone(say=pytest.fail))
        with start("manage", "migrate", home=tmp_path) as other:
            assert other.stdout.readline().strip() == WAITING
            call_command("migrate", verbosity=0)
            assert other.poll() is None
            held.close()
            said, errors = other.communicate(timeout=400)
        assert (other.returncode, errors) == (0, "")
        assert "No migrations to apply." in said


def _begin_anew(name: str, home: Path) -> None:
    assert not policies_stand()
    with start(*founding(name), home=home) as process:
        said, errors = process.communicate(timeout=400)
    assert (process.returncode, errors) == (0, "")
    assert said.startswith(PREPARING)
    assert policies_stand()


def test_who_died_before_the_policies_were_made_is_noticed(prepared, tmp_path):
    assert policies_stand()
    step_aside(backwards=False)
    _begin_anew("north", tmp_path)


def test_policies_that_changed_without_a_migration_are_made_at_the_next_start(prepared, tmp_path):
    with transaction.atomic(), connection.cursor() as cursor:
        # What an earlier version left: another policy, under its own mark.
        with making_as_definer(cursor):
            cursor.execute(f"COMMENT ON FUNCTION {MARKED} IS 'of another version'")
        cursor.execute("ALTER POLICY proxeny_web_select ON directory_organisation USING (true)")
    _begin_anew("east", tmp_path)
    [(condition,)] = rows(
        "SELECT qual FROM pg_policies WHERE tablename = 'directory_organisation'"
        " AND policyname = 'proxeny_web_select'",
        role="proxeny_backup",
    )
    assert condition != "true"
