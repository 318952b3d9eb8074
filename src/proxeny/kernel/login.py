"""The login of the web server and the worker: letting it in, and seeing what it could do.

It owns nothing, so that SQL which gives up a request's role is nobody. The person who prepares the
database makes it (`kernel.policies.make_roles`); who may sign in by it is set in
`settings.SERVING_DATABASE`.
"""

from typing import Any

import psycopg
from django.conf import settings
from django.core import checks
from django.db import Error, connection
from psycopg import sql

from proxeny.kernel.database_urls import connection_arguments
from proxeny.kernel.seal import APP
from proxeny.kernel.tenancy import ROLES

_HINT = f"Set PROXENY_RUN_DATABASE_URL to the login {APP}, and run: proxeny prepare"

#: What a login has that SQL in a request must not reach; a name for each.
_TOO_MUCH = """
SELECT 'superuser' FROM pg_roles WHERE rolname = session_user AND rolsuper
UNION ALL SELECT 'BYPASSRLS' FROM pg_roles WHERE rolname = session_user AND rolbypassrls
UNION ALL SELECT 'CREATEROLE' FROM pg_roles WHERE rolname = session_user AND rolcreaterole
UNION ALL SELECT 'CREATEDB' FROM pg_roles WHERE rolname = session_user AND rolcreatedb
UNION ALL SELECT 'REPLICATION' FROM pg_roles WHERE rolname = session_user AND rolreplication
UNION ALL SELECT 'member of ' || rolname FROM pg_roles
    WHERE rolname <> session_user AND rolname <> ALL (%(roles)s)
      AND pg_has_role(session_user, oid, 'MEMBER')
UNION ALL SELECT 'owner of tables' WHERE EXISTS (SELECT FROM pg_class
    WHERE relowner = to_regrole(session_user::text) AND relkind IN ('r', 'p', 'v', 'S'))
UNION ALL SELECT 'CREATE on the schema ' || nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_temp%%' AND nspname NOT LIKE 'pg\\_toast%%'
      AND has_schema_privilege(session_user, oid, 'CREATE')
UNION ALL SELECT upper(right_) || ' on the database' FROM unnest(ARRAY['CREATE', 'TEMPORARY']) right_
    WHERE has_database_privilege(session_user, current_database(), right_)
"""


def serves_apart() -> bool:
    """Whether the web server and the worker sign in by the login that owns nothing."""
    return bool(settings.SERVING_DATABASE["USER"] == APP)


def let_in() -> str:
    """Give the login the password that the web server and the worker know, unless it gets in by it.

    For the owner of the tables. The password goes to the server as a digest (SCRAM), which opens
    nothing to a reader of the log. Returns what is wrong, or nothing.
    """
    password = settings.SERVING_DATABASE["PASSWORD"]
    if not serves_apart() or not password:
        return ""
    if not _try_to_sign_in():
        return ""
    connection.ensure_connection()
    digest = connection.connection.pgconn.encrypt_password(
        password.encode(), APP.encode(), b"scram-sha-256"
    )
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(APP), sql.Literal(digest.decode())
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Error as error:
        return f"the password of {APP} could not be set: {error}"
    return _try_to_sign_in()


def _try_to_sign_in() -> str:
    try:
        _sign_in().close()
    except psycopg.OperationalError as error:
        return f"{APP} cannot sign in: {error}"
    return ""


def _sign_in() -> psycopg.Connection[tuple[Any, ...]]:
    # Not the settings' own name: tests have a database of another one.
    at = settings.SERVING_DATABASE | {"NAME": connection.settings_dict["NAME"]}
    return psycopg.connect(**connection_arguments(at, connect_timeout=10))


def find_too_much() -> list[str]:
    """Return what the login of the web server and the worker has and should not have.

    Raises
    ------
    psycopg.OperationalError
        When it cannot sign in.
    """
    with _sign_in() as side:
        return [name for (name,) in side.execute(_TOO_MUCH, {"roles": list(ROLES)})]


def _is_made() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [APP])
            return cursor.fetchone() is not None
    except Error:
        # A host that only serves knows no other login.
        return True


@checks.register(checks.Tags.security, deploy=True)
def check_login(**_: Any) -> list[checks.CheckMessage]:
    """Warn where SQL slipped into a request could do more than the request (`check --deploy`)."""
    if not serves_apart():
        user = settings.SERVING_DATABASE["USER"]
        text = f"The web server and the worker sign in as {user}, not as {APP}, which owns nothing."
        return [checks.Warning(text, hint=_HINT, id="proxeny.W001")]
    if not _is_made():
        # Nothing is served from a database that is not prepared.
        return []
    try:
        found = find_too_much()
    except psycopg.OperationalError as error:
        text = f"The web server and the worker cannot sign in: {error}"
        return [checks.Warning(text, hint="Run: proxeny prepare", id="proxeny.W003")]
    if not found:
        return []
    text = f"The login of the web server and the worker can do too much: {', '.join(found)}."
    return [
        checks.Warning(text, hint="Take it away: docs/architecture/tenancy.md", id="proxeny.W002")
    ]
