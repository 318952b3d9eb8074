"""Roles, grants and row-level policies of the database, made as the models declare them.

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
from proxeny.kernel.seal import APP, DEFINER, FUNCTIONS, SCHEMA, SEARCH_PATH, keep_key, mark_of_key
from proxeny.kernel.tenancy import (
    DEFINERS,
    GATE,
    POWERS,
    ROLES,
    SERVICE,
    WEB,
    Tenancy,
    View,
    render,
)

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
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
#: What is done outside the roles, by the login of the web server and the worker itself: the worker's
#: own connection looks after the queue, limits are counted before anybody is known, and the probes
#: ask what was migrated.
WITHOUT_ROLE: dict[str, tuple[str, ...]] = {
    "procrastinate_jobs": COMMANDS,
    "procrastinate_events": COMMANDS,
    "procrastinate_periodic_defers": COMMANDS,
    "procrastinate_workers": COMMANDS,
    CACHE_TABLE: COMMANDS,
    "django_migrations": ("SELECT",),
}
#: Those of other packages that open accounts: they answer under a seal only.
SECRETS = {name for name in FOREIGN[GATE] if name in FOREIGN[SERVICE]}
#: Carries the mark of what was made last.
MARKED = "proxeny_sealed(text)"
#: The code that makes policies of what is declared.
_MAKERS = [
    Path(__file__).with_name(f"{name}.py") for name in ("policies", "chain", "tenancy", "seal")
]
#: Reads every row of every table, for `proxeny backup`; nothing enters it but that command.
BACKUP = "proxeny_backup"


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

    A database migrated back to an earlier state gets them when it is migrated forward again,
    because it lacks some of the objects that the policies refer to. A table without grants denies
    all access.
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
        make_seal(cursor)
        _guard_foreign(cursor, tables)
        _let_app_in(cursor, tables)
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
        with making_as_definer(cursor):
            mark = sql.SQL(f"COMMENT ON FUNCTION {MARKED} IS {{}}")
            cursor.execute(mark.format(sql.Literal(_digest())))


def policies_stand(*, using: str = "default") -> bool:
    """Return whether the policies match this code and were created after the last migration.

    A migration may have died before creating them, and policies may change without a migration.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure(%s), 'pg_proc')", [MARKED])
        return bool(cursor.fetchone()[0] == _digest())


def _digest() -> str:
    """Return a digest of the declarations, and of the code that makes policies of them."""
    declared = [
        sorted((model._meta.label, repr(one)) for model, one in tenant_models()),
        sorted((model._meta.label, repr(one)) for model, one in tenant_views()),
        sorted((name, repr(one)) for name, one in DEFINERS.items()),
    ]
    makers = (path.read_bytes() for path in _MAKERS)
    parts = [repr(declared).encode(), mark_of_key().encode(), *makers]
    return hashlib.sha256(b"".join(parts)).hexdigest()


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
    for role in (*ROLES, BACKUP, DEFINER):
        _make_role(cursor, role, "NOLOGIN")
        _run(cursor, "GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE", role=role)
        _run(cursor, "GRANT USAGE ON SCHEMA public TO {role}", role=role)
    # Without a password nobody gets in by it; `kernel.login` gives it one.
    _make_role(cursor, APP, "LOGIN NOINHERIT")
    for role in ROLES:
        _run(cursor, "GRANT {role} TO {app} WITH INHERIT FALSE, SET TRUE", role=role, app=APP)


def _make_role(cursor: CursorWrapper, role: str, attributes: str) -> None:
    _run(
        cursor,
        f"""DO $$ BEGIN CREATE ROLE {{role}} {attributes}; EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL; END $$""",
        role=role,
    )


def make_seal(cursor: CursorWrapper) -> None:
    """Create the functions that prove and verify the reader, with the installation's key."""
    _give_to_definer(cursor)
    _run(
        cursor, "CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {role}", name=SCHEMA, role=DEFINER
    )
    with making_as_definer(cursor):
        cursor.execute("DROP FUNCTION IF EXISTS proxeny_reader(text) CASCADE")
        for statement in FUNCTIONS:
            cursor.execute(statement)
        keep_key(cursor)


def _give_to_definer(cursor: CursorWrapper) -> None:
    # Until this version the service owned what runs with other eyes, and the tables' owner the rest.
    cursor.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
        " AND proname LIKE 'proxeny\\_%%' AND pg_get_userbyid(proowner) <> %s",
        [DEFINER],
    )
    functions = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'v' AND pg_get_userbyid(relowner) = %s",
        [SERVICE],
    )
    views = [name for (name,) in cursor.fetchall()]
    if not functions and not views:
        return
    for role in (SERVICE, DEFINER):
        _run(cursor, "GRANT {role} TO CURRENT_USER WITH INHERIT TRUE", role=role)
    _run(cursor, "GRANT CREATE ON SCHEMA public TO {role}", role=DEFINER)
    for name in functions:
        cursor.execute(
            sql.SQL("ALTER FUNCTION {} OWNER TO {}").format(sql.SQL(name), sql.Identifier(DEFINER))
        )
    for name in views:
        _run(cursor, "ALTER VIEW {name} OWNER TO {role}", name=name, role=DEFINER)
    _run(cursor, "REVOKE CREATE ON SCHEMA public FROM {role}", role=DEFINER)
    for role in (SERVICE, DEFINER):
        _run(cursor, "GRANT {role} TO CURRENT_USER WITH INHERIT FALSE", role=role)


def _make_definers(cursor: CursorWrapper) -> None:
    with making_as_definer(cursor):
        # A database that is being migrated has not all tables yet.
        cursor.execute("SET LOCAL check_function_bodies = off")
        for definer in DEFINERS.values():
            rows = f"ROWS {definer.rows}" if definer.rows else ""
            changes = "VOLATILE" if definer.trigger else "STABLE"
            settings = " ".join(f"SET {one}" for one in (SEARCH_PATH, *definer.settings))
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {definer.signature} RETURNS {definer.returns}"
                f" LANGUAGE {definer.language} {changes} SECURITY DEFINER {settings} {rows}"
                f" AS $$ {render(definer.body)} $$"
            )


def _make_triggers(cursor: CursorWrapper) -> None:
    # As the tables' owner, to whom the policies just made show no row.
    for definer in DEFINERS.values():
        if definer.trigger:
            name = definer.signature.partition("(")[0]
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {name} {definer.trigger}"
                f" FOR EACH ROW EXECUTE FUNCTION {definer.signature}"
            )


@contextmanager
def making_as_definer(cursor: CursorWrapper) -> Iterator[None]:
    """Run a block as the role that owns functions and views: the tables' owner itself is bound by
    row-level security."""
    _run(cursor, "GRANT CREATE ON SCHEMA public TO {role}", role=DEFINER)
    cursor.execute("SELECT set_config('role', %s, true)", [DEFINER])
    yield
    cursor.execute("SELECT set_config('role', 'none', true)")
    _run(cursor, "REVOKE CREATE ON SCHEMA public FROM {role}", role=DEFINER)


def step_aside(*, backwards: bool, using: str = "default") -> None:
    """Remove everything that blocks a migration; `apply_policies` recreates it afterwards.

    PostgreSQL drops no column that a view or a policy refers to. Without a policy a table denies
    all access. When migrating forwards, policies stay.
    """
    connection = connections[using]
    tables = set(connection.introspection.table_names(include_views=True))
    with transaction.atomic(using=using), connection.cursor() as cursor:
        make_roles(cursor)
        # Migrations may take on roles, also where the policies are still an earlier version's.
        make_seal(cursor)
        with making_as_definer(cursor):
            cursor.execute(f"COMMENT ON FUNCTION {MARKED} IS NULL")
        for model, _ in tenant_views():
            if model._meta.db_table in tables:
                with making_as_definer(cursor):
                    _run(cursor, "DROP VIEW {name}", name=model._meta.db_table)
        for model, _ in tenant_models() if backwards else ():
            _drop_policies(cursor, model._meta.db_table)


def _make_view(cursor: CursorWrapper, name: str, view: View) -> None:
    with making_as_definer(cursor):
        _run(cursor, "DROP VIEW IF EXISTS {name}", name=name)
        statement = sql.SQL("CREATE VIEW {name} WITH (security_barrier) AS ").format(
            name=sql.Identifier(name)
        )
        cursor.execute(statement + sql.SQL(render(view.query)))
        _run(
            cursor,
            "GRANT SELECT ON {name} TO {web}, {service}",
            name=name,
            web=WEB,
            service=SERVICE,
        )


def _guard_foreign(cursor: CursorWrapper, tables: set[str]) -> None:
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
    _run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}", role=DEFINER)
    for name in sorted(SECRETS & tables):
        # Not forced: their own migrations, which the owner runs, must see the rows.
        _run(cursor, "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", table=name)
        _drop_policies(cursor, name)
        for role in (GATE, SERVICE):
            for command in COMMANDS:
                _policy(cursor, name, role, command, _sealed(role, "true"))
        _policy(cursor, name, BACKUP, "SELECT", "true")


def _let_app_in(cursor: CursorWrapper, tables: set[str]) -> None:
    """Grant the login of the web server and the worker what they do outside the roles, and take from
    everybody what would let a session make things of its own."""
    _run(cursor, "GRANT USAGE ON SCHEMA public TO {role}", role=APP)
    for name, commands in WITHOUT_ROLE.items():
        if name not in tables:
            continue
        statement = f"GRANT {', '.join(commands)} ON {{table}} TO {{role}}"
        _run(cursor, statement, table=name, role=APP)
        if "INSERT" in commands:
            for sequence in _sequences_of(cursor, name):
                _run(cursor, "GRANT USAGE ON SEQUENCE {name} TO {role}", name=sequence, role=APP)
    # Only the database's owner can do the rest; for others it is a warning of the server's.
    _run(cursor, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    here = {"name": connections[cursor.db.alias].settings_dict["NAME"]}
    _run(cursor, "REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC", **here)
    # Lists that are imported, and words that are counted, lie in temporary tables.
    for role in (WEB, SERVICE):
        _run(cursor, "GRANT TEMPORARY ON DATABASE {name} TO {role}", role=role, **here)


def _sequences_of(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid"
        " WHERE s.relkind = 'S' AND d.refobjid = %s::regclass AND d.refobjsubid > 0",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


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
    for role in (*ROLES, DEFINER):
        _run(cursor, "REVOKE ALL ON {table} FROM {role}", table=table, role=role)
    for role, command, condition in _conditions(tenancy):
        _policy(cursor, table, role, command, condition)
        if command == "SELECT" and role in {WEB, GATE} and tenancy.hidden_columns:
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
        _run(
            cursor,
            "GRANT SELECT ({column}) ON {table} TO {role}",
            column=shown,
            table=table,
            role=role,
        )


def _conditions(tenancy: Tenancy) -> Iterator[tuple[str, str, str]]:
    wanted = [
        (WEB, "SELECT", tenancy.read),
        (WEB, "INSERT", tenancy.insert),
        (WEB, "UPDATE", tenancy.update),
        (WEB, "DELETE", tenancy.delete),
        (GATE, "SELECT", tenancy.gate_read),
        *((GATE, command, tenancy.gate_write) for command in ("INSERT", "UPDATE")),
        *((SERVICE, command, tenancy.service) for command in COMMANDS),
        *((DEFINER, command, tenancy.service) for command in COMMANDS),
    ]
    for role, command, condition in wanted:
        if condition is not None:
            yield role, command, _sealed(role, render(condition))


def _sealed(role: str, condition: str) -> str:
    """Return the condition of a role's policy; the gate and the service require a seal too.

    The web role's policies compare with the reader, and without a seal there is none.
    """
    if role not in {GATE, SERVICE}:
        return condition
    seal = f"(SELECT proxeny_sealed('{POWERS[role]}'))"
    return seal if condition == "true" else f"{seal} AND ({condition})"


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
