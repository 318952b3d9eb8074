"""Every tenant table is protected in the database itself, and by nothing weaker than declared."""

import pytest
from django.apps import apps
from django.db import connection

from proxeny.kernel.policies import (
    BACKUP,
    CACHE_TABLE,
    FOREIGN,
    SECRETS,
    apply_policies,
    tenant_models,
    tenant_views,
)
from proxeny.kernel.seal import DEFINER, SEARCH_PATH
from proxeny.kernel.tenancy import GATE, ROLES, SERVICE, WEB

pytestmark = pytest.mark.django_db


def _rows(query: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def test_every_model_of_ours_declares_its_policy():
    ours = {m for m in apps.get_models() if m.__module__.startswith("proxeny.")}
    views = {model for model, _ in tenant_views()}
    assert ours - views == {model for model, _ in tenant_models()}
    assert views == {model for model in ours if not model._meta.managed}


def test_row_level_security_is_on_and_forced_everywhere():
    wanted = {model._meta.db_table for model, _ in tenant_models()}
    found = _rows(
        "SELECT relname, relforcerowsecurity FROM pg_class WHERE relrowsecurity"
        " AND relnamespace = 'public'::regnamespace"
    )
    # Those of other packages have migrations of their own, which the owner runs.
    assert set(found) == {(name, True) for name in wanted} | {(name, False) for name in SECRETS}


def test_roles_hold_no_more_rights_than_declared():
    granted = set(
        _rows(
            "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = ANY(%s)",
            list(ROLES),
        )
    )
    wanted = {
        (role, table, command)
        for role, tables in FOREIGN.items()
        for table in (*tables, CACHE_TABLE)
        for command in ("SELECT", "INSERT", "UPDATE", "DELETE")
    }
    for model, tenancy in tenant_models():
        table = model._meta.db_table
        # Whole tables only; a table with hidden columns is looked at below.
        readable = None if tenancy.hidden_columns else tenancy.read
        for role, command, condition in (
            (WEB, "SELECT", readable),
            (WEB, "INSERT", tenancy.insert),
            (WEB, "UPDATE", tenancy.update),
            (WEB, "DELETE", tenancy.delete),
            (GATE, "SELECT", tenancy.gate_read),
            (GATE, "INSERT", tenancy.gate_write),
            (GATE, "UPDATE", tenancy.gate_write),
        ):
            if condition is not None:
                wanted.add((role, table, command))
        if tenancy.service is not None:
            wanted |= {
                (SERVICE, table, command) for command in ("SELECT", "INSERT", "UPDATE", "DELETE")
            }
    assert granted == wanted


def test_hidden_columns_are_hidden_from_the_roles_that_serve_requests():
    hiding = [(model, tenancy) for model, tenancy in tenant_models() if tenancy.hidden_columns]
    assert [model.__name__ for model, _ in hiding] == ["Details", "HealthAnswer", "IssuerKey"]
    for model, tenancy in hiding:
        found = _rows(
            "SELECT grantee, column_name FROM information_schema.column_privileges"
            " WHERE table_name = %s AND privilege_type = 'SELECT' AND grantee = ANY(%s)",
            model._meta.db_table,
            [WEB, GATE],
        )
        shown = {one.column for one in model._meta.concrete_fields} - set(tenancy.hidden_columns)
        assert set(found) == {(WEB, column) for column in shown}


def test_views_are_barriers_that_web_and_service_only_read():
    names = [model._meta.db_table for model, _ in tenant_views()]
    found = _rows(
        "SELECT relname, pg_get_userbyid(relowner), reloptions, grantee::regrole::text,"
        " privilege_type FROM pg_class, aclexplode(relacl)"
        " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND grantee <> relowner",
    )
    barrier = ["security_barrier=true"]
    assert sorted(found) == sorted(
        (name, DEFINER, barrier, role, "SELECT") for name in names for role in (WEB, SERVICE)
    )


def test_what_runs_with_other_eyes_looks_in_temporary_tables_last():
    found = _rows(
        "SELECT proname, proconfig FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    assert len(found) > 20
    assert [
        name
        for name, settings in found
        if SEARCH_PATH not in [one.replace("=", " = ", 1) for one in settings or []]
    ] == []


def test_no_role_can_sign_in_or_bypass_row_security():
    rows = _rows(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = ANY(%s)",
        [*ROLES, BACKUP, DEFINER],
    )
    assert sorted(rows) == sorted((role, False, False, False) for role in (*ROLES, BACKUP, DEFINER))
    owner = _rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user")
    assert owner == [(False, False)]


def test_the_backup_role_reads_every_table_and_writes_none():
    granted = set(
        _rows(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = %s",
            BACKUP,
        )
    )
    tables = {
        name for (name,) in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    assert granted == {(table, "SELECT") for table in tables}
    shown = _rows(
        "SELECT tablename, cmd, qual FROM pg_policies WHERE roles = ARRAY[%s]::name[]", BACKUP
    )
    guarded = {model._meta.db_table for model, _ in tenant_models()} | SECRETS
    assert sorted(shown) == sorted((table, "SELECT", "true") for table in guarded)


def test_applying_the_policies_again_changes_nothing():
    query = "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true)")
    before = _rows(query)
    apply_policies()
    assert _rows(query) == before
    assert len(before) > 60


def test_a_stranger_reads_nothing_of_any_table(world, reading):
    from tests.conftest import reader_of  # the world holds rows in most tables

    assert reader_of(world.nobody_special).organisations == ()
    for person in (None, world.nobody_special):
        for model, tenancy in tenant_models():
            if tenancy.read is None:
                continue
            with reading(person):
                seen = set(model._base_manager.values_list("pk", flat=True))
            own = {world.nobody_special.pk} if person and model.__name__ == "Person" else set()
            assert seen == own, model
