"""SQL that somebody slips into a web request: it can do no more than the request itself.

All of it signs in as the web server does.
"""

import re
from contextlib import suppress

import psycopg
import pytest
from django.db import Error, connection, transaction

from proxeny.accounts.models import Account, Person
from proxeny.directory.models import Organisation
from proxeny.kernel.login import find_too_much
from proxeny.kernel.policies import BACKUP, SECRETS, WITHOUT_ROLE, tenant_models
from proxeny.kernel.seal import APP, DEFINER, SCHEMA, prove
from proxeny.kernel.tenancy import (
    GATE,
    POWERS,
    ROLES,
    SERVICE,
    STRANGER,
    WEB,
    acting_as,
    as_service,
    enter,
)
from proxeny.kernel.tenancy import _pack as pack
from tests.conftest import reader_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signed_in_as_app")]

ENTERED = "proxeny.power", "proxeny.reader", "proxeny.seal"


def ask(statement: str, *values: object) -> list[tuple]:
    """Run SQL as an injection in the current transaction does; in a savepoint, so that tests go on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def refused(statement: str, *values: object) -> str:
    """Return the sentence with which the database refuses a statement."""
    try:
        ask(statement, *values)
    except Error as error:
        return str(error)
    return pytest.fail(f"not refused: {statement}")


def settings_now() -> list[str]:
    """Return what is set in the current transaction, as any SQL can read it."""
    return [ask("SELECT current_setting(%s, true)", name)[0][0] for name in ENTERED]


def put(values: list[str], role: str) -> None:
    """Set the settings and the role, as any SQL can."""
    with connection.cursor() as cursor:
        for name, value in zip((*ENTERED, "role"), (*values, role), strict=True):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def counts(tables: list[str]) -> dict[str, int]:
    """Return how many rows of each table the current role is shown; a refusal counts as none."""
    found = {}
    for table in tables:
        try:
            found[table] = ask(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608
        except Error as error:
            if not re.search("permission denied|seal", str(error)):
                raise
            found[table] = 0
    return found


@pytest.fixture
def tables(crowd) -> list[str]:
    """All tables that hold rows of somebody's."""
    names = [model._meta.db_table for model, _ in tenant_models()]
    filled = {name for name, rows in counts(names).items() if rows}
    assert len(filled) > 0.9 * len(names)
    return sorted({*names, *SECRETS})


@pytest.mark.parametrize("role", [SERVICE, GATE])
def test_a_role_that_sql_enters_is_shown_nothing(tables, world, role):
    with acting_as(WEB, reader_of(world.a.manager)), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        shown = counts(tables)
        assert not any(shown.values()), shown
        cursor.execute("SELECT set_config('proxeny.power', %s, true)", [POWERS[role]])
        assert not any(counts(tables).values())


def test_a_reader_that_sql_sets_is_refused(tables, world, reading):
    other = pack(reader_of(world.b.manager))
    with acting_as(WEB, reader_of(world.c.manager)):
        power, _reader, seal = settings_now()
        put([power, other, seal], WEB)
        # Whatever asks for the reader fails; what everybody reads says nothing of anybody.
        assert "seal" in refused("SELECT count(*) FROM directory_organisation")
        put([power, other, ""], WEB)
        shown = counts(tables)
    with reading(None):
        assert shown == counts(tables)


def test_outside_a_request_sql_reads_as_a_stranger_in_every_role(tables, world, reading):
    with reading(None):
        strangers = counts(tables)
    put(["", "", ""], "none")
    for role in (*ROLES, "none"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [role])
        shown = counts(tables)
        assert all(rows <= strangers[table] for table, rows in shown.items()), (role, shown)
        assert role != "none" or not any(shown.values())
    enter(SERVICE)


def test_each_table_shows_a_console_what_it_shows_its_reader(tables, world):
    reader = reader_of(world.c.manager)
    with acting_as(WEB, reader):
        before = counts(tables)
        for role in ROLES:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, true)", [role])
            shown = counts(tables)
            assert all(rows <= before[name] for name, rows in shown.items()), role
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [WEB])


def test_a_seal_is_of_one_power(world):
    with acting_as(WEB, reader_of(world.a.manager)):
        _power, reader, seal = settings_now()
        put(["service", reader, seal], SERVICE)
        assert "seal" in refused("SELECT count(*) FROM accounts_account")


def other_connection() -> psycopg.Connection:
    """A connection of its own, as the same login."""
    at = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{name: at[name] for name in names if at.get(name)})


def test_a_proof_is_of_one_backend_one_reader_and_one_moment(world):
    backend = connection.connection.info.backend_pid
    entering = "SELECT proxeny_enter(%s, %s, %s, %s)"
    nobody = pack(STRANGER)
    stamp, proof = prove("service", nobody, backend)
    other = pack(reader_of(world.b.manager))
    with acting_as(WEB, reader_of(world.a.manager)):
        for values in (
            ("service", nobody, stamp, "0" * 64),
            ("service", nobody, stamp, None),
            ("service", nobody, stamp, ""),
            ("gate", nobody, stamp, proof),
            ("service", other, stamp, proof),
            ("service", None, stamp, proof),
            ("service", nobody, stamp + 1, proof),
            ("service", nobody, *prove("service", nobody, backend + 1)),
            (None, nobody, stamp, proof),
        ):
            assert "not proved" in refused(entering, *values), values


def test_a_proof_of_another_hour_is_nothing(monkeypatch):
    backend = connection.connection.info.backend_pid
    for hours in (-1, 1):
        shifted = lambda: 1_000_000_000 * 3600 * hours  # noqa: B023, E731
        monkeypatch.setattr("proxeny.kernel.seal.time.time_ns", shifted)
        values = prove("service", pack(STRANGER), backend)
        assert "clocks" in refused(
            "SELECT proxeny_enter('service', %s, %s, %s)", pack(STRANGER), *values
        )
        monkeypatch.undo()


def test_what_is_bound_is_not_shown_to_whoever_watches(world):
    with acting_as(WEB, reader_of(world.a.manager)):
        [(text,)] = ask("SELECT string_agg(statement, ' ') FROM pg_prepared_statements") or [("",)]
    with other_connection() as other:
        enter(WEB, reader_of(world.a.manager))
        [(shown,)] = other.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s",
            [connection.connection.info.backend_pid],
        ).fetchall()
    enter(SERVICE)
    assert "proxeny_enter($1" in shown
    assert "proxeny_enter" not in (text or "")


def test_the_key_is_shown_to_nobody_who_serves(world):
    for role in ROLES:
        with acting_as(role):
            assert "permission denied" in refused(f"TABLE {SCHEMA}.key")
            assert "permission denied" in refused(f"SELECT {SCHEMA}.pad(1)")
            [(found,)] = ask(
                "SELECT count(*) FROM pg_proc WHERE prosrc ~* %s",
                "|".join(key_texts()),
            )
            assert found == 0


def key_texts() -> list[str]:
    """Return the key as it could lie in a function's text."""
    from django.conf import settings

    from proxeny.kernel.seal import _key

    key = _key()
    return [key.hex(), settings.SECRET_KEY.replace("+", r"\+")]


@pytest.mark.parametrize(
    "trap",
    [
        "PREPARE _pg3_0 AS SELECT 1",
        "CREATE TEMPORARY TABLE kernel_mail (id int)",
        "CREATE TEMPORARY VIEW kernel_job AS SELECT 1",
        "CREATE TEMPORARY VIEW anything AS SELECT 1",
        "CREATE DOMAIN pg_temp.text AS pg_catalog.text",
        "CREATE TYPE pg_temp.int8 AS ENUM ('a')",
        "CREATE TEMPORARY TABLE text (id int)",
        "CREATE FUNCTION pg_temp.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_trap_that_sql_sets_for_a_stronger_role_is_noticed(world, trap):
    with acting_as(WEB, reader_of(world.a.manager)):
        ask(trap)
        work = as_service("The work that follows.")
        with pytest.raises(Error, match="tampered"), transaction.atomic(), work:
            pytest.fail("entered")
    # The next request gets another session.
    assert connection.close_at == 0
    connection.close_at = None
    # A prepared statement outlives the transaction that made it.
    ask("DEALLOCATE ALL")
    connection.connection._prepared.clear()


def test_settings_and_seal_come_back_as_they_were(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        before = settings_now()
        with as_service("One."):
            assert settings_now()[1] == before[1]
            assert Account.objects.exists()
            with acting_as(WEB, reader_of(world.b.manager)):
                assert settings_now()[1] != before[1]
                assert not Person.objects.filter(pk=world.c.manager.pk).exists()
            assert Account.objects.exists()
            with pytest.raises(ValueError, match="inside"), acting_as(GATE):
                raise ValueError("inside")
            assert Account.objects.exists()
        assert settings_now() == before
        with pytest.raises(ValueError, match="inside"), as_service("Two."):
            raise ValueError("inside")
        assert settings_now() == before
        assert Organisation.objects.filter(pk=world.a.cluster.pk).exists()


def test_who_keeps_a_reader_that_was_not_sealed_keeps_nobody(world):
    with acting_as(WEB, reader_of(world.c.manager)):
        power, _reader, seal = settings_now()
        put([power, pack(reader_of(world.b.manager)), seal], WEB)
        with as_service("The work that follows."):
            assert ask("SELECT proxeny_person(), proxeny_reader(2)") == [(None, [])]


@pytest.mark.parametrize("role", [WEB, SERVICE, "none"])
def test_nothing_is_made_or_changed_in_a_role_of_requests_nor_out_of_it(world, owner, role):
    with acting_as(WEB, reader_of(world.a.manager)):
        put(settings_now(), role)
        for statement in (
            "CREATE TABLE public.mine (id int)",
            "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE OR REPLACE FUNCTION proxeny_person() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
            f"CREATE FUNCTION {SCHEMA}.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE SCHEMA mine",
            "CREATE EXTENSION dblink",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
            "DROP TABLE directory_organisation",
            "ALTER TABLE directory_organisation NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE directory_organisation DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE directory_organisation DISABLE TRIGGER ALL",
            "ALTER TABLE procrastinate_jobs DISABLE TRIGGER ALL",
            f"ALTER TABLE directory_organisation OWNER TO {APP}",
            "CREATE POLICY mine ON directory_organisation USING (true)",
            "DROP POLICY proxeny_web_select ON directory_organisation",
            "ALTER FUNCTION proxeny_person() RESET ALL",
            f"ALTER FUNCTION proxeny_person() OWNER TO {APP}",
            "GRANT proxeny_service TO proxeny_web",
            f"GRANT {DEFINER} TO {APP}",
            f"GRANT {BACKUP} TO {APP}",
            f"GRANT {owner} TO {APP}",
            f"ALTER ROLE {APP} CREATEROLE",
            f"ALTER ROLE {APP} SUPERUSER",
            f"ALTER ROLE {APP} BYPASSRLS",
            f"ALTER ROLE {owner} PASSWORD 'mine'",
            f"ALTER ROLE {owner} SET search_path = pg_temp",
            "ALTER ROLE proxeny_web LOGIN",
            f"ALTER DATABASE {connection.settings_dict['NAME']} SET search_path = pg_temp",
            f"REASSIGN OWNED BY {owner} TO {APP}",
            f"DROP OWNED BY {owner}",
            "COPY (SELECT 1) TO PROGRAM 'id'",
            "COPY directory_place FROM PROGRAM 'id'",
            "COPY (SELECT 1) TO '/tmp/mine'",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT lo_import('/etc/passwd')",
            "SELECT pg_ls_dir('/')",
            "SELECT * FROM pg_authid",
            "DO LANGUAGE plpython3u 'pass'",
            "TRUNCATE kernel_auditentry",
            "SET session_replication_role = replica",
            "SET row_security = off; SELECT count(*) FROM directory_organisation",
            "ALTER SYSTEM SET log_statement = 'all'",
            "LOAD 'auto_explain'",
        ):
            assert refused(statement), statement
        if role == "none":
            assert refused("CREATE TEMPORARY TABLE mine (id int)")
        # Of what the role may read itself the server only warns, and grants nothing.
        with suppress(Error):
            ask(f"GRANT SELECT ON accounts_person TO {APP}")
        asked = "SELECT has_table_privilege(%s, 'accounts_person', 'SELECT')"
        assert ask(asked, APP) == [(False,)]


@pytest.fixture
def owner(world) -> str:
    """The role that owns the tables."""
    [(name,)] = ask("SELECT tableowner FROM pg_tables WHERE tablename = 'kernel_job'")
    return str(name)


def test_whoever_gives_the_role_up_is_the_login_and_becomes_nobody_else(world, tables, owner):
    with acting_as(WEB, reader_of(world.a.manager)):
        ask("RESET ROLE")
        assert ask("SELECT session_user, current_user") == [(APP, APP)]
        assert not any(counts(tables).values())
        for name in (owner, DEFINER, BACKUP, "pg_read_all_data", "pg_execute_server_program"):
            assert "denied" in refused(f"SET ROLE {name}"), name
            assert "denied" in refused(f"SET LOCAL ROLE {name}"), name
            assert "denied" in refused(f"SET SESSION AUTHORIZATION {name}"), name
            assert "denied" in refused("SELECT set_config('role', %s, true)", name), name


def test_out_of_a_role_sql_reaches_the_queue_the_cache_and_the_list_of_migrations_alone(world):
    put(["", "", ""], "none")
    reached = ask(
        "SELECT relname::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege(session_user, c.oid,"
        " 'SELECT, INSERT, UPDATE, REFERENCES')"
    )
    ours = {name for (name,) in reached if not name.startswith("pg_")}
    assert ours == set(WITHOUT_ROLE)
    for name, commands in WITHOUT_ROLE.items():
        every = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
        held = [
            one
            for one in every
            if ask("SELECT has_table_privilege(%s, %s)", name, one) == [(True,)]
        ]
        assert tuple(held) == commands, name


def test_the_login_has_nothing_that_it_does_not_need(world):
    assert find_too_much() == []
    members = ask(
        "SELECT roleid::regrole::text, inherit_option, set_option, admin_option FROM pg_auth_members"
        " WHERE member = %s::regrole ORDER BY 1",
        APP,
    )
    assert members == [(role, False, True, False) for role in sorted(ROLES)]


def test_nobody_enters_who_sees_all(world):
    members = ask(
        "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members"
        " WHERE roleid::regrole::text = ANY(%s) AND member::regrole::text = ANY(%s)",
        [DEFINER, BACKUP],
        [*ROLES, APP],
    )
    assert members == []
