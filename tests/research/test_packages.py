"""Data packages: what goes in, what is released, what goes again, and what is refused."""

import hashlib

import pytest

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.research.models import PackageFile, PackageVersion, Upload, Use
from proxeny.research.operations import giving, packages
from tests.partnerships.rooms import do
from tests.research.packing import TABLE, WRONG, archive, bring, check, left, pack, release

pytestmark = pytest.mark.django_db
Fit = PackageFile.Fit
SHA = hashlib.sha256(TABLE).hexdigest()


def remove(person, file):
    return do(person, packages.remove_file, partnership_id=file.partnership_id, file_id=file.pk)


def open_draft(person, package):
    return do(
        person, packages.open_draft, partnership_id=package.partnership_id, package_id=package.pk
    )


def discard(person, package):
    return do(
        person, packages.discard_draft, partnership_id=package.partnership_id, package_id=package.pk
    )


def test_a_table_comes_in_is_checked_and_released(world, store):
    package = pack(world)
    file = bring(world.b.ambassador, package).made
    assert (file.path, file.size, file.sha256, file.media_type) == (
        "wages.csv",
        len(TABLE),
        SHA,
        "text/csv",
    )
    assert [one["name"] for one in file.table["fields"]] == ["studio", "wage"]
    assert (file.fit, file.version.number, file.version.released_at) == (Fit.WAITING, 1, None)
    with pytest.raises(Conflict, match="still being checked"):
        release(world.b.ambassador, package)
    check(file)
    assert (file.fit, file.report["rows"], file.report["counts"]) == (Fit.FITS, 3, {})
    version = release(world.b.ambassador, package, note="")
    assert version.released_by_id == world.b.ambassador.pk
    assert left() == [SHA]
    verbs = list(
        AuditEntry.objects.filter(target="research.package").values_list("verb", flat=True)
    )
    assert verbs == ["open_package_version", "add_package_file", "release_package"]


def test_rows_that_do_not_fit_are_named_and_released_only_knowingly(world, store):
    package = pack(world)
    first = b"studio,wage\n" + b"".join(b"S%d,%d\n" % (n, 1000 + n) for n in range(50))
    file = check(bring(world.a.manager, package, content=first + b"X,many\n").made)
    assert file.fit == Fit.FAULTY
    [fault] = file.report["problems"]
    assert (fault["row"], fault["column"], fault["code"], fault["value"]) == (
        52,
        "wage",
        "type-error",
        "many",
    )
    with pytest.raises(InvalidInput, match=r"invalid rows in “wages\.csv”") as refused:
        release(world.a.manager, package)
    assert refused.value.field == "faults_known"
    assert release(world.a.manager, package, faults_known=True).number == 1


def test_the_same_name_is_replaced_only_when_asked_and_keeps_what_was_said(world, store):
    package = pack(world)
    first = check(bring(world.a.manager, package, content=WRONG).made)
    PackageFile.objects.filter(pk=first.pk).update(title="Wages")
    with pytest.raises(Conflict, match="already"):
        bring(world.a.manager, package)
    assert bring(world.a.manager, package, replace=True).made.pk == first.pk
    first.refresh_from_db()
    assert (first.title, first.sha256, first.revision, first.fit) == ("Wages", SHA, 2, Fit.WAITING)


def test_replaced_bytes_go(world, store, django_capture_on_commit_callbacks):
    package = pack(world)
    bring(world.a.manager, package, content=WRONG)
    with django_capture_on_commit_callbacks(execute=True):
        bring(world.a.manager, package, replace=True)
    assert left() == [SHA]


def test_a_released_version_stays_and_a_new_one_begins_with_its_files(world, store):
    package = pack(world)
    old = check(bring(world.a.manager, package).made)
    release(world.a.manager, package)
    with pytest.raises(Conflict, match="A released version can’t be changed"):
        remove(world.a.manager, old)
    bring(world.a.manager, package, name="notes.txt", content=b"Asked in May.\n")
    assert sorted(PackageFile.objects.values_list("version__number", "path")) == [
        (1, "wages.csv"),
        (2, "notes.txt"),
        (2, "wages.csv"),
    ]
    copy = PackageFile.objects.get(version__number=2, path="wages.csv")
    assert (copy.fit, copy.report, copy.sha256) == (Fit.FITS, old.report, old.sha256)
    with pytest.raises(InvalidInput, match="Describe briefly what’s new"):
        release(world.a.manager, package, note=" ")
    assert release(world.a.manager, package, note="With notes.").number == 2


def test_a_version_that_is_like_the_last_is_not_released(world, store):
    package = pack(world)
    check(bring(world.a.manager, package).made)
    release(world.a.manager, package)
    assert open_draft(world.b.manager, package) == open_draft(world.b.manager, package)
    with pytest.raises(Conflict, match="Nothing has changed since the previous version"):
        release(world.b.manager, package)


def test_what_is_taken_out_leaves_bytes_only_where_another_version_has_them(
    world, store, django_capture_on_commit_callbacks
):
    package = pack(world)
    check(bring(world.a.manager, package).made)
    release(world.a.manager, package)
    extra = bring(world.a.manager, package, name="notes.txt", content=b"Asked in May.\n").made
    copy = PackageFile.objects.get(version__number=2, path="wages.csv")
    with django_capture_on_commit_callbacks(execute=True):
        remove(world.b.ambassador, copy)
        remove(world.b.ambassador, extra)
    assert left() == [SHA]
    bring(world.a.manager, package, name="notes.txt", content=b"Asked in May.\n")
    with django_capture_on_commit_callbacks(execute=True):
        discard(world.a.manager, package)
    assert (left(), PackageVersion.objects.count()) == ([SHA], 1)
    with pytest.raises(Conflict, match="There’s no unreleased version"):
        discard(world.a.manager, package)


def test_only_the_room_writes_and_only_while_it_is_there(world, store):
    package = pack(world)
    for person in (world.c.manager, world.nobody_special, world.a.representatives[0]):
        with pytest.raises(NotFound):
            bring(person, package)
    package.dropped_at = package.created_at
    package.save()
    with pytest.raises(Conflict, match="This data package is archived"):
        bring(world.a.manager, package)
    assert (left(), Upload.objects.count(), PackageFile.objects.count()) == ([], 0, 0)


#: What the issue lists as bad, each with a part of the sentence that says so.
BAD = {
    "bomb.zip": (archive(a_DOT_csv=bytes(30 << 20)), "more than 200 times its size"),
    "climbs.zip": (
        archive(DOTDOT=b"x").replace(b"DOTDOT", b"../etc"),
        "The path leads outside its folder.",
    ),
    "nested.zip": (archive(in_DOT_zip=archive(a=b"1")), "archive inside an archive"),
    "program.csv": (
        b"MZ\x90\x00\x03\x00",
        "Programs, scripts and documents with macros aren’t accepted.",
    ),
    "picture.png": (b"%PDF-1.7\n1 0 obj\n%%EOF\n", "Its name says PNG"),
    "table.csv": (b"\x89PNG\r\n\x1a\n", "incomplete or damaged"),
    "page.csv": (b"<html><script>alert(1)</script>", "a web page"),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj\n", "incomplete or damaged"),
    "blank.csv": (b"\n\n\n", "This table has no rows."),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_bad_is_refused_with_its_reason_and_leaves_nothing(world, store, name):
    content, reason = BAD[name]
    outcome = bring(world.a.manager, pack(world), name=name, content=content)
    assert (outcome.made, reason in outcome.refused) == (None, True), outcome.refused
    assert (left(), Upload.objects.count(), PackageFile.objects.count()) == ([], 0, 0)
    assert PackageVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.exe", "Files ending in “.exe”"),
        ("con.csv", "for a device"),
        ("a?.csv", "a character that some systems"),
        (
            "",
            (
                "This name contains a character that some systems don’t accept. Use letters, "
                "digits, spaces, dots and dashes."
            ),
        ),
    ],
)
def test_a_name_that_is_never_taken_is_refused_before_a_byte_has_come(world, store, name, reason):
    with pytest.raises(InvalidInput, match=reason):
        bring(world.a.manager, pack(world), name=name)
    assert (left(), Upload.objects.count()) == ([], 0)


def test_a_partnership_keeps_only_so_much(world, store, settings):
    package = pack(world)
    settings.PACKAGES_ROOM_BYTES = 2 * len(TABLE)
    bring(world.a.manager, package)
    # The same bytes are kept once.
    bring(world.a.manager, package, name="again.csv")
    with pytest.raises(InvalidInput, match="This partnership can store 66"):
        bring(world.a.manager, package, name="third.txt", content=b"x" * (len(TABLE) + 1))
    assert left() == [SHA]


def test_a_use_is_noted(world, store):
    file = bring(world.a.manager, pack(world)).made
    do(world.b.manager, lambda actor, now: giving.note_file_use(file, reader=actor))
    use = Use.objects.get()
    assert (use.path, use.person_id, use.package_id) == (
        "wages.csv",
        world.b.manager.pk,
        file.version.package_id,
    )
