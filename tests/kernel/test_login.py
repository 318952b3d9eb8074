"""The login of the web server and the worker: how it gets in, and what `check --deploy` says of it."""

import pytest
from django.conf import settings as used
from django.core import checks
from django.db import connection
from psycopg import sql

from proxeny.kernel.login import check_login, find_too_much, let_in
from proxeny.kernel.policies import BACKUP
from proxeny.kernel.seal import APP

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> list[tuple[str, str]]:
    """Return number and sentence of each warning."""
    return [(one.id, one.msg) for one in check_login()]


def test_whoever_prepares_the_database_lets_the_login_in_again():
    assert let_in() == ""
    assert told() == []
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD 'another'").format(sql.Identifier(APP)))
    [(number, sentence)] = told()
    assert number == "proxeny.W003"
    assert "cannot sign in" in sentence
    assert let_in() == ""
    assert told() == []


def test_the_password_is_kept_as_a_digest_that_nobody_sees(settings):
    shown = []

    def watch(execute, statement, *rest):
        shown.append(str(statement))
        return execute(statement, *rest)

    settings.SERVING_DATABASE = {**used.SERVING_DATABASE, "PASSWORD": "it's new"}
    with connection.execute_wrapper(watch):
        assert let_in() == ""
    assert any("SCRAM-SHA-256" in one for one in shown)
    assert not any("new" in one for one in shown)


def test_a_login_that_owns_the_tables_is_told(settings):
    owner = connection.settings_dict
    settings.SERVING_DATABASE = {name: owner[name] for name in used.SERVING_DATABASE}
    [(number, sentence)] = told()
    assert number == "proxeny.W001"
    assert f"sign in as {owner['USER']}" in sentence
    found = find_too_much()
    assert {"CREATEROLE", "owner of tables", f"member of {BACKUP}"} <= set(found)
    assert {"CREATE on the schema public", "TEMPORARY on the database"} <= set(found)


def test_a_login_that_was_given_more_is_told():
    assert let_in() == ""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT {BACKUP} TO {APP}")
    try:
        [(number, sentence)] = told()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"REVOKE {BACKUP} FROM {APP}")
    assert number == "proxeny.W002"
    assert f"member of {BACKUP}." in sentence


def test_the_check_is_among_those_of_a_deployment():
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    assert check_login in registered
    assert check_login not in checks.registry.registry.get_checks()


def test_without_a_password_nothing_is_tried(settings):
    settings.SERVING_DATABASE = {**used.SERVING_DATABASE, "PASSWORD": ""}
    assert let_in() == ""
