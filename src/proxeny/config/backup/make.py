"""Making a backup: all rows as one moment saw them, while everybody goes on working."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from proxeny import __version__
from proxeny.config.backup.archive import BackupProblem, Manifest, read_manifest, writing
from proxeny.config.backup.files import write_files
from proxeny.config.backup.tools import connect, find_dump_tool, reading_from
from proxeny.kernel.policies import BACKUP

Say = Callable[[str], None]
Connection = psycopg.Connection[tuple[Any, ...]]

#: Tables whose rows the backup's role would not, or not all, be shown.
_HIDDEN = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND (NOT has_table_privilege(%(role)s, c.oid, 'SELECT')
    OR c.relrowsecurity AND NOT EXISTS (
        SELECT 1 FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
          AND p.permissive = 'PERMISSIVE' AND p.cmd = 'SELECT' AND p.qual = 'true'
          AND p.roles = ARRAY[%(role)s]::name[])
    OR EXISTS (
        SELECT 1 FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
          AND p.permissive = 'RESTRICTIVE'))
ORDER BY c.relname
"""


def make_backup(path: Path, *, say: Say) -> Manifest:
    """Write a backup of the database and of the files of data packages; return its manifest.

    It is read again before that.

    Side effects: one new file of mode 0600. The database is only read.

    Raises
    ------
    BackupProblem
        When the file is there, the database was never prepared for backups, no `pg_dump` fits, the
        dump fails, or what was written reads differently; then no file is left.
    """
    with connect() as connection:
        # One view of the database for the counts and for pg_dump, which joins it by its name.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        migrations = _applied(connection)
        _take_role(connection)
        tables = count_rows(connection)
        manifest = _write(path, connection, say, tables=tables, migrations=migrations)
    try:
        if read_manifest(path) != manifest:
            raise BackupProblem(f"{path} was written, but reads back differently. Check the disk.")
    except BaseException:
        # Also where somebody stops it: what was not read again is no backup.
        path.unlink()
        raise
    return manifest


def _write(
    path: Path,
    connection: Connection,
    say: Say,
    *,
    tables: dict[str, int],
    migrations: list[str],
) -> Manifest:
    server = connection.info.server_version // 10000
    tool = find_dump_tool(server)
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None  # noqa: S101
    say(f"Backing up {len(tables)} tables with {sum(tables.values()):,} rows …")
    command = [
        str(tool.path),
        "--format=custom",
        "--schema=public",
        f"--role={BACKUP}",
        "--enable-row-security",
        f"--snapshot={row[0]}",
        "--verbose",
        "--no-password",
    ]
    with writing(path) as archive:
        with reading_from(command, tell_table(say, tables)) as chunks:
            archive.write_dump(chunks)
        write_files(archive, connection, say)
        return archive.write_manifest(
            version=__version__,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            server=server,
            tool=tool.major,
            migrations=migrations,
            tables=tables,
        )


def tell_table(say: Say, tables: dict[str, int]) -> Callable[[str], None]:
    """Return a function that prints a line for each table with rows."""

    def tell(name: str) -> None:
        if tables.get(name):
            say(f"  {name}: {tables[name]:,}")

    return tell


def _applied(connection: Connection) -> list[str]:
    try:
        rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    except psycopg.errors.UndefinedTable:
        raise BackupProblem("The database is empty: there is nothing to back up.") from None
    return [name for (name,) in rows]


def _take_role(connection: Connection) -> None:
    # Rows that the role is not shown would be missing without a word.
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(BACKUP)))
        hidden = [name for (name,) in connection.execute(_HIDDEN, {"role": BACKUP})]
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege):
        hidden = ["all"]
    if hidden:
        raise BackupProblem(
            "The database isn't prepared for backups by this version of Proxeny "
            f"(tables: {', '.join(hidden[:5])}). Run: proxeny manage migrate"
        )


def count_rows(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table, as the connection's role sees them."""
    names = [
        name
        for (name,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
    ]
    counts = {}
    for name in names:
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        row = connection.execute(query).fetchone()
        counts[name] = row[0] if row else 0
    return counts
