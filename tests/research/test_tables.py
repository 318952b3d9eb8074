"""Checks of tables: stopped, begun again, overtaken by what was said since; and who may say it."""

import io

import pytest
from django.utils import timezone

from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import Job
from proxeny.research.models import PackageFile
from proxeny.research.operations import tables
from proxeny.research.sandboxed import describe_table
from proxeny.research.tasks import check_table, start_sweeping
from tests.partnerships.rooms import do
from tests.research.packing import bring, check, pack, release

pytestmark = pytest.mark.django_db
Fit = PackageFile.Fit
LONG = b"studio,wage\n" + b"".join(b"S%d,%d\n" % (n, n) for n in range(30_000))


def change(person, file, table, revision=None):
    return do(
        person,
        tables.change_columns,
        partnership_id=file.partnership_id,
        file_id=file.pk,
        revision=revision or file.revision,
        table=table,
    )


def job_of(file):
    return Job.objects.get(key=tables.check_key(file))


def test_a_check_that_is_stopped_keeps_what_it_found_and_is_begun_again(world, store):
    file = bring(world.a.manager, pack(world), content=LONG).made
    with pytest.raises(Conflict, match="being checked"):
        do(world.a.manager, tables.check_again, partnership_id=file.partnership_id, file_id=file.pk)
    job = job_of(file)
    # As `jobs.run` makes it for a job that somebody has stopped.
    stopped = jobs.JobContext(
        job.pk, job.person_id, None, job.partnership_id, job.arguments, _stop=True
    )
    with stopped as context:
        check_table(context)
    Job.objects.filter(pk=job.pk).update(state=Job.State.STOPPED)
    file.refresh_from_db()
    assert (file.fit, file.report["stopped"], file.report["counts"]) == (Fit.STOPPED, True, {})
    with pytest.raises(InvalidInput, match=r"Not all rows were checked in “wages\.csv”"):
        release(world.a.manager, file.version.package)
    assert 0 < file.report["rows"] < 30_000
    do(world.b.manager, tables.check_again, partnership_id=file.partnership_id, file_id=file.pk)
    assert check(file).report["rows"] == 30_000
    assert file.fit == Fit.FITS


def test_a_check_of_what_was_said_before_writes_nothing(world, store):
    file = bring(world.a.manager, pack(world)).made
    old = job_of(file)
    table = {"fields": [{"name": "studio"}, {"name": "wage", "type": "string"}]}
    change(world.b.ambassador, file, table)
    jobs.run(old.pk)
    old.refresh_from_db()
    file.refresh_from_db()
    assert (old.result, file.fit, file.revision) == ({"gone": True}, Fit.WAITING, 2)
    assert check(file).fit == Fit.FITS
    # The same again changes nothing.
    assert change(world.b.ambassador, file, file.table).revision == 2


def test_all_that_cannot_be_said_is_told_with_its_place(world, store):
    file = check(bring(world.a.manager, pack(world)).made)
    table = {
        "fields": [
            {"name": "studio", "type": "word"},
            {"name": "wage", "type": "integer", "constraints": {"pattern": "x"}},
        ]
    }
    with pytest.raises(tables.SchemaRefused) as refused:
        change(world.a.manager, file, table)
    assert [one.where for one in refused.value.problems] == [
        "fields[0].type",
        "fields[1].constraints.pattern",
    ]
    assert "Column 1, type: There’s no column type named “word”." in str(refused.value)
    for wrong in ({}, {"fields": []}, {"fields": [{"name": "a"}, {"name": "a"}]}):
        with pytest.raises(InvalidInput):
            change(world.a.manager, file, wrong)
    assert PackageFile.objects.get(pk=file.pk).table == file.table


def test_what_was_released_or_is_no_table_is_not_said_anew(world, store):
    package = pack(world)
    text = bring(world.a.manager, package, name="notes.txt", content=b"Asked in May.\n").made
    with pytest.raises(Conflict, match="isn’t a table"):
        change(world.a.manager, text, {"fields": [{"name": "a"}]})
    file = check(bring(world.a.manager, package).made)
    release(world.a.manager, package)
    with pytest.raises(Conflict, match="A released version can’t be changed"):
        change(world.a.manager, file, {"fields": [{"name": "a"}]})
    for person in (world.c.manager, world.nobody_special):
        with pytest.raises(NotFound):
            change(person, file, {"fields": [{"name": "a"}]})


def test_bytes_that_are_gone_are_a_failure_with_a_sentence(world, store):
    file = bring(world.a.manager, pack(world)).made
    store.delete(file.sha256)
    job = job_of(file)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (
        job.state,
        "We couldn’t find this file in storage. Contact whoever runs this site." in job.error,
    ) == (Job.State.FAILED, True)


def test_a_table_says_how_it_is_written(world, store):
    found = describe_table(io.BytesIO("πόλη;μισθός\nΑθήνα;1,5\n".encode("cp1253")))
    assert found.dialect == {
        "delimiter": ";",
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
        "encoding": "cp1253",
    }
    assert [one["name"] for one in found.schema["fields"]] == ["πόλη", "μισθός"]
    other = {"fields": [{"name": "a"}]}
    assert found.keeping(other) is found.schema
    said = {"fields": [{"name": "πόλη", "title": "City"}, {"name": "μισθός"}]}
    assert found.keeping(said) == said


def test_the_sweep_is_queued_once_an_hour(db):
    now = timezone.now()
    start_sweeping(now)
    start_sweeping(now)
    assert Job.objects.filter(kind="research.sweep").count() == 1
