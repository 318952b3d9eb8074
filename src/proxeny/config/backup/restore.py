"""Taking a backup back, into an empty database and nowhere else."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection as django_connection
from django.db import transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from proxeny import __version__
from proxeny.config.backup.archive import BackupProblem, Manifest, read_dump, read_manifest
from proxeny.config.backup.files import restoring_files
from proxeny.config.backup.make import Connection, count_rows, tell_table
from proxeny.config.backup.tools import connect, feed, find_restore_tool
from proxeny.kernel.chain import verify_chain
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.policies import make_roles
from proxeny.kernel.seal import DEFINER
from proxeny.kernel.tenancy import ROLES, SERVICE, acting_as

Say = Callable[[str], None]

_ROLES = "|".join((*ROLES, DEFINER))
#: Left to others: rights, policies and the roles' views are recreated by `migrate`; schema and
#: extensions belong to the server's administrator.
_LEFT_OUT = re.compile(
    r"^\d+; \d+ \d+ (?:ACL|DEFAULT ACL|POLICY|ROW SECURITY|SCHEMA|EXTENSION"
    rf"|COMMENT - (?:SCHEMA|EXTENSION)|VIEW .* (?:{_ROLES})$)(?: |$)"
)
#: A function that runs with the eyes of one of our roles.
_OWNED = re.compile(rf"^\d+; \d+ \d+ FUNCTION (public .*) ({_ROLES})$")
#: Whatever was made in the schema by somebody and not by an extension.
_PRESENT = """
SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace
  AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT typname FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
ORDER BY 1
"""


def restore_backup(path: Path, *, say: Say) -> Manifest:
    """Restore a backup into the empty database of this installation, and migrate it.

    Files of data packages come first: if that fails, the database is still empty and the restore
    can be tried again. Either all rows are restored, in one transaction, or none, and then no files
    either. Then the rows are counted, later migrations are applied, and with them the row-level
    policies.

    Raises
    ------
    BackupProblem
        The file is damaged, was made by a newer Proxeny or PostgreSQL, or the database is not
        empty: then no row was written. Also if the restored rows differ from those of the backup.
    """
    manifest = read_manifest(path)
    say(
        f"The backup is complete: made {manifest.made_at} by Proxeny {manifest.version}, "
        f"{len(manifest.tables)} tables with {manifest.rows:,} rows."
    )
    _refuse_newer(manifest)
    with connect() as connection:
        server = connection.info.server_version // 10000
        _refuse_filled(connection)
    if server < manifest.server:
        raise BackupProblem(
            f"The backup comes from PostgreSQL {manifest.server}, but this server runs "
            f"PostgreSQL {server}. Use PostgreSQL {manifest.server} or newer."
        )
    with restoring_files(path, manifest, say):
        functions = _load(path, manifest, server, say)
    with connect() as connection:
        _compare(manifest, count_rows(connection))
    _give_to_roles(functions)
    say("All rows are restored. Bringing the database up to date …")
    call_command("migrate", verbosity=0, interactive=False)
    _tell_trail(say)
    _tell_waiting(say)
    django_connection.close()
    return manifest


def _tell_trail(say: Say) -> None:
    verdict = verify_chain()
    if verdict.holds:
        say(f"The audit trail is intact: {verdict.length:,} links.")
    else:
        say("The audit trail is not intact, as in the backup: " + verdict.faults[0])


def _tell_waiting(say: Say) -> None:
    with acting_as(SERVICE):
        mails = Mail.objects.filter(sent_at=None, error="").count()
        jobs = Job.objects.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING)).count()
    if mails or jobs:
        say(
            f"When the backup was made, {mails:,} emails and {jobs:,} jobs were waiting. The next "
            "worker picks them up, including those done since: see `proxeny jobs`."
        )


def _refuse_newer(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise BackupProblem(
            f"The backup was made by Proxeny {manifest.version}. This is Proxeny {__version__}, "
            f"and {len(unknown)} of the backup's migrations are unknown to it "
            f"({', '.join(unknown[:3])}). Use Proxeny {manifest.version} or newer. Nothing was "
            "restored."
        )


def _refuse_filled(connection: Connection) -> None:
    present = [name for (name,) in connection.execute(_PRESENT)]
    if present:
        shown = ", ".join(present[:3]) + (" …" if len(present) > 3 else "")
        raise BackupProblem(
            f"The database is not empty (it contains {shown}). You can restore only into an empty "
            "one: set PROXENY_HOME to a new folder, or DATABASE_URL to a new database."
        )


def _load(path: Path, manifest: Manifest, server: int, say: Say) -> list[tuple[str, str]]:
    tool = find_restore_tool(server, manifest.tool)
    entries = feed([str(tool.path), "--list"], read_dump(path)).splitlines()
    say("Restoring …")
    with tempfile.NamedTemporaryFile("w", suffix=".list") as chosen:
        chosen.write("\n".join(line for line in entries if not _LEFT_OUT.match(line)))
        chosen.flush()
        command = [
            str(tool.path),
            f"--dbname={django_connection.settings_dict['NAME']}",
            f"--use-list={chosen.name}",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            "--verbose",
            "--no-password",
        ]
        feed(command, read_dump(path), tell_table(say, manifest.tables))
    owned = filter(None, map(_OWNED.match, entries))
    return [(match[1].replace(" ", ".", 1), match[2]) for match in owned]


def _give_to_roles(functions: list[tuple[str, str]]) -> None:
    # The tables' owner may have another name here; the roles have the same everywhere.
    with transaction.atomic(), django_connection.cursor() as cursor:
        make_roles(cursor)
        for signature, owner in functions:
            cursor.execute("SELECT %s::regprocedure::text", [signature])
            role, function = sql.Identifier(owner), sql.SQL(cursor.fetchone()[0])
            for statement in (
                "GRANT CREATE ON SCHEMA public TO {role}",
                "ALTER FUNCTION {function} OWNER TO {role}",
                "REVOKE CREATE ON SCHEMA public FROM {role}",
            ):
                cursor.execute(sql.SQL(statement).format(role=role, function=function))


def _compare(manifest: Manifest, found: dict[str, int]) -> None:
    wrong = [
        f"{name}: {found.get(name, 0):,} of {rows:,}"
        for name, rows in manifest.tables.items()
        if found.get(name) != rows
    ]
    if wrong:
        raise BackupProblem(
            f"Rows are missing after the restore ({'; '.join(wrong[:5])}). Don't use this "
            "database: create a new one, and keep the backup."
        )
