"""The audit trail's chain: made at commit, kept by the database, checked outside of it."""

import threading

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from proxeny.cli import main
from proxeny.kernel import chain
from proxeny.kernel.models import AuditEntry, AuditLink
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from tests.conftest import reader_of


def write(count=1, **values):
    return [
        AuditEntry.objects.create(verb="x", target="t", **{"changes": {"n": n}} | values)
        for n in range(count)
    ]


def commit() -> None:
    """Fire what waits for the commit, inside the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def as_somebody_with_the_disk(statement: str) -> None:
    """Change a table as whoever holds the database itself can: past policies and triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true)")
        cursor.execute("ALTER TABLE kernel_auditentry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE kernel_auditlink DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE kernel_auditentry NO FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE kernel_auditlink NO FORCE ROW LEVEL SECURITY")
        cursor.execute(statement)
        assert cursor.rowcount == 1, statement
        cursor.execute("SELECT set_config('role', %s, true)", [SERVICE])


def test_each_row_is_linked_when_its_transaction_ends(db):
    first, second = write(2)
    assert not AuditLink.objects.exists()
    commit()
    assert list(AuditLink.objects.values_list("position", "entry_id").order_by("position")) == [
        (1, first.pk),
        (2, second.pk),
    ]
    verdict = chain.verify_chain()
    assert (verdict.length, verdict.faults) == (2, [])
    assert verdict.head == AuditLink.objects.get(position=2).digest


@pytest.mark.parametrize("role", [WEB, SERVICE])
def test_no_role_changes_or_removes_a_linked_row(world, role):
    person = world.a.manager.pk
    (entry,) = write(person_id=person)
    commit()
    for table, key in (("kernel_auditentry", entry.pk), ("kernel_auditlink", 1)):
        column, name = ("verb", "id") if table == "kernel_auditentry" else ("digest", "position")
        for statement in (
            f"UPDATE {table} SET {column} = 'y' WHERE {name} = %s",  # noqa: S608
            f"DELETE FROM {table} WHERE {name} = %s",  # noqa: S608
        ):
            refused = pytest.raises(DatabaseError)
            with (
                refused,
                acting_as(role, reader_of(world.a.manager)),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement, [key])
    assert AuditEntry.objects.get(pk=entry.pk).verb == "x"


def test_the_owner_of_the_tables_cannot_either(db):
    (entry,) = write()
    commit()
    with pytest.raises(DatabaseError, match="stay as they are"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(at="2020-01-01T00:00:00Z")
    with pytest.raises(DatabaseError, match="stay as they are"), transaction.atomic():
        AuditLink.objects.all().delete()


def test_what_happened_before_the_commit_is_what_is_linked(db):
    (entry,) = write()
    AuditEntry.objects.filter(pk=entry.pk).update(verb="y")
    gone = write()[0]
    AuditEntry.objects.filter(pk=gone.pk).delete()
    commit()
    assert AuditLink.objects.count() == 1
    assert chain.verify_chain().holds


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE kernel_auditentry SET verb = 'y' WHERE id = {1}",
            "Position 2: the row {1} was changed.",
        ),
        (
            "UPDATE kernel_auditentry SET person_id = 7 WHERE id = {1}",
            "Position 2: the row {1} was changed.",
        ),
        (
            "UPDATE kernel_auditentry SET changes = '{{\"n\": 9}}' WHERE id = {1}",
            "Position 2: what the row {1} tells was changed.",
        ),
        (
            "UPDATE kernel_auditentry SET why = 'other' WHERE id = {1}",
            "Position 2: what the row {1} tells was changed.",
        ),
        ("DELETE FROM kernel_auditentry WHERE id = {1}", "Position 2: the row {1} is gone."),
        (
            "DELETE FROM kernel_auditlink WHERE entry_id = {1}",
            "Position 2 is missing; next comes 3.",
        ),
        (
            "INSERT INTO kernel_auditentry (verb, target, changes, why) VALUES ('z', 't', '{{}}', '')",
            "is not in the chain.",
        ),
    ],
)
def test_every_way_of_tampering_shows(db, statement, fault):
    rows = [entry.pk for entry in write(3)]
    commit()
    as_somebody_with_the_disk(statement.format(*rows))
    verdict = chain.verify_chain()
    assert any(fault.format(*rows) in found for found in verdict.faults), verdict.faults


def test_a_whole_forged_chain_shows_against_a_noted_link(db):
    rows = [entry.pk for entry in write(3)]
    commit()
    noted = chain.verify_chain()
    as_somebody_with_the_disk(f"DELETE FROM kernel_auditlink WHERE entry_id = {rows[2]}")  # noqa: S608
    as_somebody_with_the_disk(f"DELETE FROM kernel_auditentry WHERE id = {rows[2]}")  # noqa: S608
    assert chain.verify_chain().holds
    cut = chain.verify_chain(known_position=3, known_digest=noted.head)
    assert cut.faults == ["The chain ends at 2, before position 3."]
    other = chain.verify_chain(known_position=2, known_digest="f" * 64)
    assert other.faults == ["Position 2 is not the one that was noted."]


def test_blacked_out_rows_hold_only_if_an_erasure_tells_of_them(db):
    first, second = write(2, why="Because of Marker")
    commit()
    AuditEntry.objects.filter(pk=first.pk).update(why="")
    assert chain.verify_chain().faults == [
        f"Position 1: what the row {first.pk} tells was changed."
    ]
    AuditEntry.objects.create(verb=chain.REDACTION, target="t", changes={"entries": [first.pk]})
    commit()
    verdict = chain.verify_chain()
    assert (verdict.faults, verdict.redacted) == ([], 1)
    AuditEntry.objects.filter(pk=second.pk).update(why="")
    assert len(chain.verify_chain().faults) == 1


def test_rows_from_before_the_chain_are_linked_when_it_is_made(db):
    write(3)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('role', 'none', true)")
        cursor.execute("TRUNCATE kernel_auditlink")
        cursor.execute("DROP TRIGGER proxeny_link ON kernel_auditentry")
        chain.forge_chain(cursor)
        cursor.execute("SELECT set_config('role', %s, true)", [SERVICE])
    assert AuditLink.objects.count() == 3
    write(1)
    commit()
    verdict = chain.verify_chain()
    assert (verdict.length, verdict.faults) == (4, [])


def test_many_writers_at_once_make_one_chain(transactional_db):
    def write_some() -> None:
        for _ in range(5):
            with acting_as(SERVICE):
                write(2)
        connection.close()

    threads = [threading.Thread(target=write_some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = chain.verify_chain()
    assert (verdict.length, verdict.faults) == (60, [])


def test_the_command_says_whether_it_holds(db, monkeypatch):
    rows = write(2)
    commit()
    monkeypatch.setenv("DATABASE_URL", "postgresql://the.tests/own")
    said = CliRunner().invoke(main, ["verify", "audit"])
    assert said.exit_code == 0, said.output
    assert "The audit trail is intact: 2 rows, 0 redacted by erasures." in said.output
    noted = said.output.split()[-1]
    assert CliRunner().invoke(main, ["verify", "audit", "--noted", noted]).exit_code == 0
    assert CliRunner().invoke(main, ["verify", "audit", "--noted", "2:short"]).exit_code == 2
    as_somebody_with_the_disk(f"DELETE FROM kernel_auditentry WHERE id = {rows[0].pk}")  # noqa: S608
    said = CliRunner().invoke(main, ["verify", "audit"])
    assert said.exit_code == 1
    assert "the row" in said.output
    assert "is not intact" in said.output
