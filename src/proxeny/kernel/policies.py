"""Makes the database's roles, grants and row-level policies equal to what the models declare.

Runs after each `migrate`; running it again changes nothing. A table that no model declares a
`tenancy` for gets no grant at all, so that forgetting one refuses everybody.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from proxeny.kernel.chain import forge_chain
from proxeny.kernel.tenancy import DEFINERS, GATE, ROLES, SERVICE, WEB, Tenancy, View, render

logger = logging.getLogger(__name__)

#: Tables of other packages that a role needs; none of them holds a tenant's data.
FOREIGN: dict[str, tuple[str, ...]] = {
    WEB: (),
    GATE: (
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "django_session",
        "usersessions_usersession",
        "socialaccount_socialaccount",
        "socialaccount_socialtoken",
    ),
    SERVICE: (
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "django_session",
        "usersessions_usersession",
        "socialaccount_socialaccount",
        "socialaccount_socialtoken",
        "procrastinate_jobs",
        "procrastinate_events",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
    ),
}
CACHE_TABLE = "kernel_cache"
#: The code that makes policies of what is declared.
_MAKERS = [Path(__file__).with_name(f"{name}.py") for name in ("policies", "chain", "tenancy")]
#: Reads every row of every table, for `proxeny backup`; nothing enters it but that command.
BACKUP = "proxeny_backup"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION proxeny_reader(name text) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT COALESCE(NULLIF(current_setting(name, true), ''), '{}')::bigint[] $$;
CREATE OR REPLACE FUNCTION proxeny_person() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('proxeny.person', true), '')::bigint $$;
"""


def tenant_models() -> Iterator[tuple[type[models.Model], Tenancy]]:
    """Yield each concrete model that declares a `tenancy`, with it."""
    for model in apps.get_models(include_auto_created=True):
        tenancy = getattr(model, "tenancy", None)
        if tenancy is not None:
            yield model, tenancy


def tenant_views() -> Iterator[tuple[type[models.Model], View]]:
    """Yield each model that declares a `view`, with it."""
    for model in apps.get_models():
        view = getattr(model, "view", None)
        if view is not None:
            yield model, view


def apply_policies(*, using: str = "default") -> None:
    """Create roles, functions, grants and policies in one transaction.

    A database that was taken back to an earlier state gets them when it is brought forward again:
    it has not all that the policies speak of. A table without grants refuses everybody.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        raise RuntimeError("Proxeny needs PostgreSQL: its tenancy is row-level security.")
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        missing = _find_missing(cursor)
        if missing:
            logger.warning("policies wait until %s is there", missing)
            return
        # Two processes that migrate at once must not meet in the catalogue.
        cursor.execute("SELECT pg_advisory_xact_lock(7011801)")
        make_roles(cursor)
        cursor.execute(FUNCTIONS)
        _grant_foreign(cursor, tables)
        _make_definers(cursor)
        for model, tenancy in tenant_models():
            if model._meta.db_table in tables:
                _protect(cursor, model, tenancy)
        for model, view in tenant_views():
            _make_view(cursor, model._meta.db_table, view)
        _make_triggers(cursor)
        if "kernel_auditlink" in tables:
            forge_chain(cursor)
        _grant_backup(cursor)
        mark = sql.SQL("COMMENT ON FUNCTION proxeny_reader(text) IS {}")
        cursor.execute(mark.format(sql.Literal(_digest())))


def policies_stand(*, using: str = "default") -> bool:
    """Return whether the policies are those of this code, made after the last migration.

    Who migrated may have died in between; and policies may change without a migration.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure('proxeny_reader(text)'), 'pg_proc')")
        return bool(cursor.fetchone()[0] == _digest())


def _digest() -> str:
    """Return a digest of what is declared, and of the code that makes policies of it."""
    declared = [
        sorted((model._meta.label, repr(one)) for model, one in tenant_models()),
        sorted((model._meta.label, repr(one)) for model, one in tenant_views()),
        sorted((name, repr(one)) for name, one in DEFINERS.items()),
    ]
    makers = (path.read_bytes() for path in _MAKERS)
    return hashlib.sha256(b"".join([repr(declared).encode(), *makers])).hexdigest()


def _find_missing(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns")
    there = set(cursor.fetchall())
    for model, _ in tenant_models():
        for field in model._meta.local_concrete_fields:
            if (model._meta.db_table, field.column) not in there:
                return f"{model._meta.db_table}.{field.column}"
    return ""


def make_roles(cursor: CursorWrapper) -> None:
    """Create the roles that are not there, and let the owner enter them."""
    for role in (*ROLES, BACKUP):
        _run(
            cursor,
            """DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL; END $$""",
            role=role,
        )
        _run(cursor, "GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE", role=role)
        _run(cursor, "GRANT USAGE ON SCHEMA public TO {role}", role=role)


def _make_definers(cursor: CursorWrapper) -> None:
    with _making_as_service(cursor):
        # A database that is being migrated has not all tables yet.
        cursor.execute("SET LOCAL check_function_bodies = off")
        for definer in DEFINERS.values():
            rows = f"ROWS {definer.rows}" if definer.rows else ""
            changes = "VOLATILE" if definer.trigger else "STABLE"
            settings = " ".join(
                f"SET {one}" for one in ("search_path = pg_catalog, public", *definer.settings)
            )
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {definer.signature} RETURNS {definer.returns}"
                f" LANGUAGE {definer.language} {changes} SECURITY DEFINER {settings} {rows}"
                f" AS $$ {render(definer.body)} $$"
            )


def _make_triggers(cursor: CursorWrapper) -> None:
    # As the tables' owner, whom the policies made just now do not let see a row.
    for definer in DEFINERS.values():
        if definer.trigger:
            name = definer.signature.partition("(")[0]
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {name} {definer.trigger}"
                f" FOR EACH ROW EXECUTE FUNCTION {definer.signature}"
            )


@contextmanager
def _making_as_service(cursor: CursorWrapper) -> Iterator[None]:
    # The service owns functions and views: the tables' owner itself is bound by row-level security.
    _run(cursor, "GRANT CREATE ON SCHEMA public TO {role}", role=SERVICE)
    cursor.execute("SELECT set_config('role', %s, true)", [SERVICE])
    yield
    cursor.execute("SELECT set_config('role', 'none', true)")
    _run(cursor, "REVOKE CREATE ON SCHEMA public FROM {role}", role=SERVICE)


def step_aside(*, backwards: bool, using: str = "default") -> None:
    """Take away what hinders a migration until `apply_policies` makes it anew after it.

    PostgreSQL drops no column that a view or a policy speaks of. Without a policy a table refuses
    everybody; going forward they stay.
    """
    connection = connections[using]
    tables = set(connection.introspection.table_names(include_views=True))
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('proxeny_reader(text)') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("COMMENT ON FUNCTION proxeny_reader(text) IS NULL")
        for model, _ in tenant_views():
            if model._meta.db_table in tables:
                with _making_as_service(cursor):
                    _run(cursor, "DROP VIEW {name}", name=model._meta.db_table)
        for model, _ in tenant_models() if backwards else ():
            _drop_policies(cursor, model._meta.db_table)


def _make_view(cursor: CursorWrapper, name: str, view: View) -> None:
    with _making_as_service(cursor):
        _run(cursor, "DROP VIEW IF EXISTS {name}", name=name)
        statement = sql.SQL("CREATE VIEW {name} WITH (security_barrier) AS ").format(
            name=sql.Identifier(name)
        )
        cursor.execute(statement + sql.SQL(render(view.query)))
        _run(cursor, "GRANT SELECT ON {name} TO {role}", name=name, role=WEB)


def _grant_foreign(cursor: CursorWrapper, tables: set[str]) -> None:
    for role, names in FOREIGN.items():
        for name in (*names, CACHE_TABLE):
            if name in tables:
                _run(
                    cursor,
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}",
                    table=name,
                    role=role,
                )
        _run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}", role=role)


def _grant_backup(cursor: CursorWrapper) -> None:
    # Of what is ours: an extension may keep relations of somebody else's in the schema.
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'S') AND relowner = (SELECT oid FROM pg_roles"
        " WHERE rolname = current_user) ORDER BY relname"
    )
    names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
    cursor.execute(
        sql.SQL("GRANT SELECT ON TABLE {names} TO {role}").format(
            names=names, role=sql.Identifier(BACKUP)
        )
    )


def _protect(cursor: CursorWrapper, model: type[models.Model], tenancy: Tenancy) -> None:
    table = model._meta.db_table
    _run(cursor, "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", table=table)
    _run(cursor, "ALTER TABLE {table} FORCE ROW LEVEL SECURITY", table=table)
    _drop_policies(cursor, table)
    _run(cursor, "REVOKE ALL ON {table} FROM {web}, {gate}, {service}", table=table, web=WEB,
         gate=GATE, service=SERVICE)  # fmt: skip
    for role, command, condition in _conditions(tenancy):
        _policy(cursor, table, role, command, condition)
        if command == "SELECT" and role != SERVICE and tenancy.hidden_columns:
            _hide(cursor, model, role, tenancy.hidden_columns)
    _policy(cursor, table, BACKUP, "SELECT", "true")


def _drop_policies(cursor: CursorWrapper, table: str) -> None:
    cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [table])
    for (name,) in cursor.fetchall():
        _run(cursor, "DROP POLICY {name} ON {table}", name=name, table=table)


def _hide(
    cursor: CursorWrapper, model: type[models.Model], role: str, columns: tuple[str, ...]
) -> None:
    table = model._meta.db_table
    _run(cursor, "REVOKE SELECT ON {table} FROM {role}", table=table, role=role)
    for shown in {field.column or "" for field in model._meta.concrete_fields} - set(columns):
        _run(cursor, "GRANT SELECT ({column}) ON {table} TO {role}", column=shown, table=table,
             role=role)  # fmt: skip


def _conditions(tenancy: Tenancy) -> Iterator[tuple[str, str, str]]:
    wanted = [
        (WEB, "SELECT", tenancy.read),
        (WEB, "INSERT", tenancy.insert),
        (WEB, "UPDATE", tenancy.update),
        (WEB, "DELETE", tenancy.delete),
        (GATE, "SELECT", tenancy.gate_read),
        *((GATE, command, tenancy.gate_write) for command in ("INSERT", "UPDATE")),
        *((SERVICE, command, tenancy.service) for command in ("SELECT", "INSERT", "UPDATE", "DELETE")),
    ]  # fmt: skip
    for role, command, condition in wanted:
        if condition is not None:
            yield role, command, render(condition)


def _policy(cursor: CursorWrapper, table: str, role: str, command: str, condition: str) -> None:
    _run(cursor, f"GRANT {command} ON {{table}} TO {{role}}", table=table, role=role)
    clauses = {
        "SELECT": f"USING ({condition})",
        "DELETE": f"USING ({condition})",
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
    }
    statement = sql.SQL("CREATE POLICY {name} ON {table} FOR {command} TO {role} ").format(
        name=sql.Identifier(f"{role}_{command.lower()}"),
        table=sql.Identifier(table),
        command=sql.SQL(command),
        role=sql.Identifier(role),
    )
    cursor.execute(statement + sql.SQL(clauses[command]))


def _run(cursor: CursorWrapper, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(value) for key, value in names.items()}
    cursor.execute(sql.SQL(statement).format(**identifiers))
