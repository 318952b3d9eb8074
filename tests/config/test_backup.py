"""A backup comes back whole, or not at all."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from proxeny.accounts.models import Person
from proxeny.config.backup import BackupProblem, make_backup, restore_backup
from proxeny.config.backup.archive import read_dump, read_manifest, writing
from proxeny.config.backup.tools import find_dump_tool, find_restore_tool
from proxeny.engine.package import keep
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail, StoredFile
from proxeny.kernel.policies import tenant_models
from proxeny.kernel.tenancy import SERVICE, STRANGER, WEB, acting_as
from proxeny.research.store import get_store
from tests.access.crowd import make_crowd
from tests.access.research import ANSWERS, SHA256
from tests.config.databases import contents, database, rows, tables
from tests.conftest import reader_of
from tests.factories.world import make_world
from tests.kernel.workers import database_url

#: What a table of text or bytes could stumble over.
AWKWARD = "Ἀθῆναι\tقهوة\n\\N \\. 'quoted' \"twice\" \x7f"


def quiet(_: str) -> None:
    """Hear of progress, and say nothing."""


@dataclass
class Kept:
    """A backup, and what the database held when it was made."""

    path: Path
    people: dict[str, int | None]
    public: int
    job: int
    contents: dict
    seen: dict


def seen_by(people: dict[str, int | None]) -> dict[str, dict[str, set]]:
    """Return the rows that each person is shown in each table."""
    found: dict[str, dict[str, set]] = {}
    for name, pk in people.items():
        found[name] = {}
        reader = reader_of(Person(pk=pk)) if pk else STRANGER
        for model, tenancy in tenant_models():
            if tenancy.read is not None:
                with acting_as(WEB, reader):
                    ids = set(model._base_manager.values_list("pk", flat=True))
                found[name][model._meta.label] = ids
    return found


def _fill() -> dict:
    with acting_as(SERVICE):
        crowd = make_crowd(make_world())
        manager = crowd.world.a.manager
        StoredFile.objects.create(
            name=AWKWARD,
            media_type="application/pdf",
            size=3_000_000,
            sha256="0" * 64,
            content=bytes(range(256)) * 12_000,
            organisation_id=crowd.world.a.cluster.pk,
        )
        job = jobs.enqueue(
            "meetings.ask_later", actor=reader_of(manager), key="kept", arguments={"meetings": []}
        )
        Mail.objects.create(key="waits", recipient="a@example.org", subject="S", text=AWKWARD)
    people = {
        "nobody": None,
        "stranger": crowd.world.nobody_special.pk,
        "manager": manager.pk,
        "member": crowd.world.b.representatives[0].pk,
    }
    return {"people": people, "public": crowd.public.pk, "job": job.pk}


@pytest.fixture(scope="module")
def kept(server, tmp_path_factory):
    path = tmp_path_factory.mktemp("backup") / "proxeny.backup"
    with database("proxeny_kept", migrated=True):
        ids = _fill()
        # The bytes of the crowd's data package.
        keep(get_store(), io.BytesIO(ANSWERS), len(ANSWERS))
        make_backup(path, say=quiet)
        get_store().delete(SHA256)
        return Kept(path, **ids, contents=contents(), seen=seen_by(ids["people"]))


@pytest.fixture(scope="module")
def restored(kept):
    with database("proxeny_restored"):
        said: list[str] = []
        restore_backup(kept.path, say=said.append)
        # Before anything else touches it.
        yield contents(), said


def test_every_row_of_every_table_comes_back(kept, restored):
    found, said = restored
    assert found == kept.contents
    assert sum(1 for count, _ in found.values() if count) > 35, "the world fills too few tables"
    assert any("1 emails and 3 jobs were waiting" in line for line in said)
    assert any(line.startswith("The audit trail is intact") for line in said)


def test_policies_hold_in_what_was_restored(kept, restored):
    assert seen_by(kept.people) == kept.seen
    assert {label: ids for label, ids in kept.seen["nobody"].items() if ids} == {
        "directory.Organisation": {kept.public},
        # Words of public vocabularies.
        "directory.Term": kept.seen["manager"]["directory.Term"],
        # What was published is everybody's.
        "research.Publication": kept.seen["manager"]["research.Publication"],
        "alliances.PageVersion": kept.seen["manager"]["alliances.PageVersion"],
        # So is what one needs to apply for a label, and to check an award.
        "labels.SchemeVersion": kept.seen["manager"]["labels.SchemeVersion"],
        "labels.Round": kept.seen["manager"]["labels.Round"],
        "labels.IssuerKey": kept.seen["manager"]["labels.IssuerKey"],
        "labels.StatusList": kept.seen["manager"]["labels.StatusList"],
        "labels.Award": kept.seen["manager"]["labels.Award"],
    }
    assert len(kept.seen["manager"]["directory.Organisation"]) > 8
    assert rows("SELECT count(*) FROM directory_organisation") == [(0,)], "not even the owner"


def _catalogue() -> list:
    return [
        rows(
            "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies"
            " ORDER BY 1, 2"
        ),
        rows(
            "SELECT relname, relkind::text, relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
        ),
        rows(
            "SELECT proname, proowner::regrole::text, prosecdef, prosrc, proconfig FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'pro%%' ORDER BY 1, 4"
        ),
        rows(
            "SELECT tgrelid::regclass::text, tgname, tgfoid::regproc::text FROM pg_trigger"
            " WHERE NOT tgisinternal ORDER BY 1, 2"
        ),
        rows(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        ),
        # By name: PostgreSQL writes the same condition another way when it has read it again.
        rows(
            "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
        ),
        rows(
            "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
            " WHERE table_schema = 'public' AND grantee LIKE 'proxeny\\_%%' ORDER BY 1, 2, 3"
        ),
        rows("SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'"),
    ]


def test_the_restored_database_is_built_like_a_new_one(restored):
    there = _catalogue()
    with database("proxeny_new", migrated=True):
        new = _catalogue()
    for found, wanted in zip(there, new, strict=True):
        assert found == wanted
        assert wanted


def test_the_product_works_on_what_was_restored(kept, restored):
    with acting_as(SERVICE):
        manager = Person.objects.select_related("account").get(pk=kept.people["manager"])
        client = Client()
        client.force_login(manager.account)
    for address in ("/", "/directory/", "/partnerships/", "/events/", "/people/"):
        assert client.get(address).status_code == 200, address
    assert "Room of A and B" in client.get("/partnerships/").content.decode()
    jobs.run(kept.job)
    with acting_as(SERVICE):
        assert Job.objects.get(pk=kept.job).state == Job.State.DONE
        # Numbers go on where they were.
        assert Mail.objects.create(key="n", recipient="a@b.org", subject="", text="").pk > 1
    waiting = rows("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo'")
    assert ("proxeny.run_job", {"job_id": kept.job}) in waiting


def test_a_backup_is_for_nobody_elses_eyes_and_holds_no_key(kept, settings):
    assert kept.path.stat().st_mode & 0o077 == 0
    assert settings.SECRET_KEY.encode() not in kept.path.read_bytes()


def _refused(path: Path, words: str) -> None:
    with database("proxeny_refused"):
        with pytest.raises(BackupProblem, match=words):
            restore_backup(path, say=quiet)
        assert tables() == []


@pytest.mark.parametrize("keep", [0, 1, 300, 0.5, 0.9, -1, -22])
def test_a_file_that_was_cut_off_is_refused_before_anything_is_written(kept, tmp_path, keep):
    whole = kept.path.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: int(keep * len(whole)) if isinstance(keep, float) else keep])
    _refused(cut, "damaged, truncated or not a Proxeny backup")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_seen(kept, tmp_path, part):
    data = bytearray(kept.path.read_bytes())
    data[int(part * len(data))] ^= 1
    changed = tmp_path / "changed"
    changed.write_bytes(data)
    _refused(changed, "damaged")


def _rewritten(
    kept: Kept,
    path: Path,
    dump: bytes | None = None,
    content: bytes | None = None,
    **changes: object,
) -> Path:
    with zipfile.ZipFile(kept.path) as source:
        values = json.loads(source.read("manifest.json"))
    with zipfile.ZipFile(path, "w") as target:
        target.writestr(f"files/{SHA256}", ANSWERS if content is None else content)
        target.writestr("database.dump", dump or b"".join(read_dump(kept.path)))
        target.writestr("manifest.json", json.dumps({**values, **changes}))
    return path


def test_a_dump_that_is_not_the_manifests_is_refused(kept, tmp_path):
    _refused(
        _rewritten(kept, tmp_path / "b", dump=b"PGDMP other"), "its dump is not as it was written"
    )


def test_files_of_data_packages_come_back(restored):
    _found, said = restored
    assert "Restoring data package files (1) …" in said
    assert b"".join(get_store().read(SHA256)) == ANSWERS


def test_a_file_that_is_not_its_own_is_refused(kept, tmp_path):
    _refused(_rewritten(kept, tmp_path / "b", content=b"other"), "its files are not as they")
    _refused(_rewritten(kept, tmp_path / "c", files={}), "its files are not as they")


def test_a_backup_of_the_first_format_is_taken_back(kept, tmp_path):
    path = tmp_path / "b"
    with zipfile.ZipFile(kept.path) as source, zipfile.ZipFile(path, "w") as target:
        values = json.loads(source.read("manifest.json"))
        del values["files"]
        target.writestr("database.dump", source.read("database.dump"))
        target.writestr("manifest.json", json.dumps({**values, "format": 1}))
    assert read_manifest(path).files == {}


def test_a_backup_of_very_many_files_is_read_again(tmp_path):
    contents = {hashlib.sha256(b"%d" % n).hexdigest(): b"%d" % n for n in range(14_000)}
    with writing(tmp_path / "b") as archive:
        archive.write_dump([b"PGDMP"])
        for sha256, content in contents.items():
            archive.write_file(sha256, [content])
        made = archive.write_manifest(
            version="1", made_at="", server=17, tool=17, migrations=[], tables={}
        )
    assert read_manifest(tmp_path / "b") == made


def test_files_that_do_not_fit_can_be_restored_again(kept, tmp_path, settings):
    settings.HOME = tmp_path
    in_the_way = tmp_path / "packages"
    in_the_way.write_text("no folder")
    with database("proxeny_again"):
        with pytest.raises(OSError, match="packages"):
            restore_backup(kept.path, say=quiet)
        assert tables() == []
        in_the_way.unlink()
        restore_backup(kept.path, say=quiet)
        assert b"".join(get_store().read(SHA256)) == ANSWERS


def test_what_reads_differently_leaves_no_file(server, tmp_path, monkeypatch):
    monkeypatch.setattr("proxeny.config.backup.archive.MANIFEST_LIMIT", 0)
    with (
        database("proxeny_differs", migrated=True),
        pytest.raises(BackupProblem, match="is damaged"),
    ):
        make_backup(tmp_path / "b", say=quiet)
    assert list(tmp_path.iterdir()) == []


def test_files_in_a_bucket_are_told_and_left(kept, tmp_path, settings):
    with database("proxeny_bucket", migrated=True):
        _fill()
        settings.PACKAGES = {"bucket": "b", "endpoint": "https://s3.example"}
        said: list[str] = []
        made = make_backup(tmp_path / "b", say=said.append)
    assert made.files == {}
    assert any("are stored in a bucket, and aren't in this backup" in line for line in said)


def test_a_dump_that_fails_halfway_leaves_nothing(kept, tmp_path):
    dump = b"".join(read_dump(kept.path))[:-50_000]
    path = _rewritten(
        kept, tmp_path / "b", dump=dump, size=len(dump), sha256=hashlib.sha256(dump).hexdigest()
    )
    get_store().delete(SHA256)
    _refused(path, "pg_restore failed")
    assert get_store().size(SHA256) is None
    # What was there already stays.
    keep(get_store(), io.BytesIO(ANSWERS), len(ANSWERS))
    _refused(path, "pg_restore failed")
    assert get_store().size(SHA256) == len(ANSWERS)


def test_rows_that_are_missing_after_a_restore_are_told(kept, tmp_path):
    tables_of = dict(read_manifest(kept.path).tables)
    path = _rewritten(kept, tmp_path / "b", tables={**tables_of, "kernel_mail": 99})
    with (
        database("proxeny_refused"),
        pytest.raises(BackupProblem, match=r"kernel_mail: \d of 99"),
    ):
        restore_backup(path, say=quiet)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"migrations": ["events.9999_from_the_future"], "version": "9.1"},
            "made by Proxeny 9.1. This is .*events.9999_from_the_future",
        ),
        ({"server": 99}, "comes from PostgreSQL 99"),
        ({"format": 9}, "has format 9"),
    ],
)
def test_a_newer_backup_is_refused(kept, tmp_path, changes, words):
    _refused(_rewritten(kept, tmp_path / "b", **changes), words)


def test_only_an_empty_database_is_restored_into(kept):
    with database("proxeny_filled", migrated=True):
        before = contents()
        with pytest.raises(BackupProblem, match=r"not empty .*only into an empty one"):
            restore_backup(kept.path, say=quiet)
        assert contents() == before


def test_a_table_that_the_backup_would_not_see_is_no_silent_gap(kept, server, tmp_path):
    with database("proxeny_unseen", migrated=True):
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY proxeny_backup_select ON kernel_mail")
        with pytest.raises(BackupProblem, match=r"isn't prepared .*kernel_mail.*migrate"):
            make_backup(tmp_path / "b", say=quiet)
        assert list(tmp_path.iterdir()) == []


def test_an_empty_database_gives_no_backup(server, tmp_path):
    with (
        database("proxeny_empty"),
        pytest.raises(BackupProblem, match="nothing to back up"),
    ):
        make_backup(tmp_path / "b", say=quiet)


def test_nothing_is_written_over_and_nothing_half_is_left(kept, server, tmp_path, monkeypatch):
    there = tmp_path / "there"
    there.write_text("precious")
    broken = tmp_path / "bin" / "pg_dump"
    broken.parent.mkdir()
    major = rows("SELECT current_setting('server_version_num')::int / 10000")[0][0]
    broken.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump (PostgreSQL) {major}.0' && exit\n"
        "echo half a dump; echo 'pg_dump: error: the disk is gone' >&2; exit 1\n"
    )
    broken.chmod(0o755)
    with database("proxeny_broken", migrated=True):
        with pytest.raises(BackupProblem, match="already exists"):
            make_backup(there, say=quiet)
        with pytest.raises(BackupProblem, match="cannot be written"):
            make_backup(tmp_path / "no" / "folder", say=quiet)
        monkeypatch.setenv("PATH", f"{broken.parent}:{os.environ['PATH']}")
        with pytest.raises(BackupProblem, match="the disk is gone"):
            make_backup(tmp_path / "half", say=quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "there"]
    assert there.read_text() == "precious"


def test_no_tool_that_fits_is_said_with_what_is_at_hand():
    with pytest.raises(BackupProblem, match=r"No pg_dump .* PostgreSQL 99 \(.*client programs"):
        find_dump_tool(99)
    # pg_restore 18 reads such a dump, but an old server does not understand it.
    with pytest.raises(BackupProblem, match=r"No pg_restore .* PostgreSQL 16"):
        find_restore_tool(16, 18)
    assert find_dump_tool(16).major >= 16


def _command(*arguments: object) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
    }
    return subprocess.run(
        [sys.executable, "-m", "proxeny", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_both_commands_from_the_shell(kept, tmp_path):
    with database("proxeny_shell"):
        done = _command("restore", kept.path)
        assert (done.returncode, done.stderr) == (0, "")
        assert re.search(r"kernel_storedfile: \d", done.stdout)
        assert done.stdout.endswith("Restored.\n")
        done = _command("restore", kept.path)
        assert done.returncode == 1
        assert "Error: The database is not empty" in done.stderr
        done = _command("backup", tmp_path / "again")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Backup written and verified" in done.stdout
        assert read_manifest(tmp_path / "again").tables == read_manifest(kept.path).tables
        done = _command("backup", tmp_path / "again")
        assert done.returncode == 1
        assert "already exists" in done.stderr
