"""Every tenant table is protected in the database itself, and by nothing weaker than declared."""

import pytest
from django.apps import apps
from django.db import connection

from proxeny.kernel.policies import (
    BACKUP,
    CACHE_TABLE,
    FOREIGN,
    apply_policies,
    tenant_models,
    tenant_views,
)
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
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        " AND relnamespace = 'public'::regnamespace"
    )
    assert {name for (name,) in found} == wanted


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


def test_views_are_barriers_that_the_web_role_only_reads():
    names = [model._meta.db_table for model, _ in tenant_views()]
    found = _rows(
        "SELECT relname, pg_get_userbyid(relowner), reloptions, grantee::regrole::text,"
        " privilege_type FROM pg_class, aclexplode(relacl)"
        " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND grantee <> relowner",
    )
    barrier = ["security_barrier=true"]
    assert found == [(name, SERVICE, barrier, WEB, "SELECT") for name in names]


def test_no_role_can_sign_in_or_bypass_row_security():
    rows = _rows(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = ANY(%s)",
        [*ROLES, BACKUP],
    )
    assert sorted(rows) == sorted((role, False, False, False) for role in (*ROLES, BACKUP))
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
    assert sorted(shown) == sorted(
        (model._meta.db_table, "SELECT", "true") for model, _ in tenant_models()
    )


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
