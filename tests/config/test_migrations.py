"""Every change of the database can be taken back: on an empty one, and with data in."""

from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from proxeny.config.backup import make_backup, restore_backup
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.access.crowd import make_crowd
from tests.config.databases import contents, database, rows, tables
from tests.factories.world import make_world

OURS = (
    "kernel",
    "accounts",
    "directory",
    "partnerships",
    "meetings",
    "events",
    "ambassadors",
    "assessments",
    "calls",
    "research",
    "bids",
    "labels",
    "alliances",
    "insight",
    "notices",
    "webhooks",
)
#: Rows that an older version has no words for go with the change that brought the words.
LOSES = {
    "0002_sharing_kinds": {"partnerships_sharinggrant"},
    "0004_stages_and_texts": {
        "partnerships_agreement",
        "partnerships_signoff",
        "partnerships_party",
    },
    "0009_signatories": {
        "partnerships_agreement",
        "partnerships_signoff",
        "partnerships_signatory",
    },
}
LOADER = MigrationLoader(None)


def _later(app: str) -> list[tuple[str, str]]:
    """Return name and the app's migration before it of its two newest changes, the newest first.

    Older ones were tried when they were the newest; all of them go back together once more.
    """
    names = sorted(name for of, name in LOADER.disk_migrations if of == app)
    return [(name, before) for before, name in pairwise(names)][:-3:-1]


def _first(app: str) -> str:
    return min(name for of, name in LOADER.disk_migrations if of == app)


def _ours() -> list[str]:
    return [name for name in tables() if name.startswith(tuple(f"{app}_" for app in OURS))]


def migrate(*target: str) -> None:
    """Migrate without a word."""
    call_command("migrate", *target, verbosity=0)


def test_all_apps_with_migrations_are_tried():
    named = {app for app, _ in LOADER.disk_migrations if _module(app).startswith("proxeny.")}
    assert named == set(OURS)


def _module(app: str) -> str:
    from django.apps import apps

    return apps.get_app_config(app).name


def _schema() -> list:
    return [
        rows(
            "SELECT table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        ),
        rows(
            "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
        ),
        rows(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        ),
        rows("SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2"),
        rows(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
            " ORDER BY 1, 2"
        ),
    ]


@pytest.mark.long
def test_an_empty_database_goes_to_zero_and_back(server):
    with database("proxeny_zero", migrated=True):
        before = _schema()
        for app in reversed(OURS):
            migrate(app, "zero")
        assert _ours() == []
        migrate()
        assert _schema() == before


@pytest.fixture(scope="module")
def filled(server):
    with database("proxeny_filled", migrated=True):
        with acting_as(SERVICE):
            make_crowd(make_world())
        yield


def _applied() -> set[tuple[str, str]]:
    return set(rows("SELECT app, name FROM django_migrations"))


def _come_back(schema: list, counts: dict[str, int], applied: set[tuple[str, str]]) -> None:
    """Go forward again, and look whether all is there: but for what goes with a change."""
    gone = applied - _applied()
    lost = set().union(*(LOSES.get(one, set()) for _app, one in gone))
    # What rests on a change goes with it, whole.
    begun = {of for of, one in gone if one == _first(of)}
    lost |= {table for table in counts if table.startswith(tuple(f"{of}_" for of in begun))}
    kept = [table for table in _ours() if table in counts.keys() - lost]
    migrate()
    assert _schema() == schema
    found = contents()
    for table in kept:
        assert found[table][0] == counts[table], f"{table} lost rows"


def _on_top() -> list[tuple[str, str]]:
    """Return the newest change of each app on which nothing rests, and the one before it."""
    newest = [(app, *_later(app)[0]) for app in OURS if _later(app)]
    return [
        (app, before)
        for app, name, before in newest
        if LOADER.graph.backwards_plan((app, name)) == [(app, name)]
    ]


def test_changes_on_which_nothing_rests_go_back_and_forward_with_data_in(filled):
    schema, counts = _schema(), {table: count for table, (count, _) in contents().items()}
    applied, on_top = _applied(), _on_top()
    for app, before in on_top:
        migrate(app, before)
    assert len(applied - _applied()) == len(on_top) > 2
    _come_back(schema, counts, applied)


@pytest.mark.long
def test_the_newest_change_of_each_app_goes_back_and_forward_with_data_in(filled):
    schema, counts = _schema(), {table: count for table, (count, _) in contents().items()}
    applied = _applied()
    for app in reversed(OURS):
        # An earlier one may have taken it along.
        for name, before in _later(app)[:1]:
            if (app, name) in _applied():
                migrate(app, before)
    assert len(applied - _applied()) > 5
    _come_back(schema, counts, applied)


@pytest.mark.long
@pytest.mark.parametrize("app", [app for app in reversed(OURS) if _later(app)])
def test_each_change_of_an_app_goes_back_and_forward_with_data_in(filled, app):
    schema, counts = _schema(), {table: count for table, (count, _) in contents().items()}
    applied = _applied()
    for name, before in _later(app):
        assert (app, name) in _applied()
        migrate(app, before)
        assert (app, name) not in _applied()
        assert (app, before) in _applied()
    _come_back(schema, counts, applied)


@pytest.mark.long
def test_all_changes_go_back_and_forward_with_data_in(filled):
    schema, counts = _schema(), {table: count for table, (count, _) in contents().items()}
    for app in reversed(OURS):
        migrate(app, _first(app))
    lost = set().union(*LOSES.values())
    kept = [table for table in _ours() if table in counts.keys() - lost]
    migrate()
    assert _schema() == schema
    found = contents()
    for table in kept:
        assert found[table][0] == counts[table], f"{table} lost rows"


def _prepare_as_that_version_did() -> None:
    """Going back takes the policies away; the older version itself would have its own."""
    with connection.cursor() as cursor:
        for (table,) in rows("SELECT relname FROM pg_class WHERE relrowsecurity"):
            cursor.execute(
                f'CREATE POLICY proxeny_backup_select ON "{table}" FOR SELECT TO proxeny_backup'
                " USING (true)"
            )


@pytest.mark.long
def test_a_backup_of_an_older_version_is_brought_forward(filled, tmp_path):
    schema = _schema()
    with database("proxeny_older", migrated=True):
        with acting_as(SERVICE):
            make_crowd(make_world())
        for app in ("accounts", "kernel"):
            migrate(app, _first(app))
        assert "dismissed_at" not in {column for _, column, *_ in _schema()[0]}
        _prepare_as_that_version_did()
        old = make_backup(tmp_path / "old", say=len)
    with database("proxeny_forward"):
        restore_backup(tmp_path / "old", say=len)
        assert _schema() == schema
        found = contents()
        assert {table: found[table][0] for table in old.tables if table.startswith(OURS)} == {
            table: count for table, count in old.tables.items() if table.startswith(OURS)
        }
