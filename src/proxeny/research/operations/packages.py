"""Data packages: files into a draft and out of it, drafts released or thrown away, files handed out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.engine.package import Limits
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import Entered, note
from proxeny.research.models import Package, PackageFile, PackageVersion
from proxeny.research.operations.package_guards import (
    enter_draft_file,
    enter_package,
)
from proxeny.research.operations.tables import start_check
from proxeny.research.operations.unreferenced_bytes import drop_later, hold_bytes
from proxeny.research.queries.packages import compare, last_released
from proxeny.research.sandboxed import Table, look_at_file
from proxeny.research.store import open_bytes

#: So many files has a package at most.
MOST_FILES = 500
_COPIED = (
    "partnership_id",
    "path",
    "size",
    "sha256",
    "media_type",
    "title",
    "details",
    "table",
    "dialect",
    "fit",
    "report",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Bytes in the store: their name, size and checksum, and the beginning of their upload."""

    name: str
    size: int
    sha256: str
    begun_at: datetime


def find_draft(package: Package) -> PackageVersion | None:
    """Return the version that is worked on, if there is one."""
    return PackageVersion.objects.filter(package=package, released_at=None).first()


def last_files(package: Package) -> QuerySet[PackageFile]:
    """Return the files of the version that was released last."""
    return PackageFile.objects.filter(version=last_released(package))


@transaction.atomic
def open_draft(
    *, actor: Reader, partnership_id: int, package_id: int, now: datetime
) -> PackageVersion:
    """Begin a new version with the files of the last one; the one that is worked on, if there is.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_package`.
    """
    within = enter_package(actor, partnership_id, package_id)
    return draft_of(actor, within, now)


def draft_of(actor: Reader, within: Entered[Package], now: datetime) -> PackageVersion:
    """Return the draft of a locked package; made, with the last version's files, if there is none.

    Side effects: an audit row where it is made.
    """
    package = within.record
    if draft := find_draft(package):
        return draft
    last = last_released(package)
    draft = PackageVersion.objects.create(
        partnership_id=package.partnership_id,
        package=package,
        created_at=now,
        number=last.number + 1 if last else 1,
    )
    if last:
        PackageFile.objects.bulk_create(
            PackageFile(version=draft, **{name: getattr(one, name) for name in _COPIED})
            for one in last.files.order_by("path")
        )
    note(actor, "open_package_version", within, package, changes={"number": draft.number})
    return draft


@transaction.atomic
def take_file(
    *,
    actor: Reader,
    partnership_id: int,
    package_id: int,
    arrived: Arrived,
    now: datetime,
    limits: Limits = Limits(),  # noqa: B008
) -> PackageFile:
    """Add a file of the store to a package's draft, replacing any file of that name.

    If the replacement is a table with the same columns, their descriptions are kept.

    Side effects: a draft where there is none; of a table a job that checks it; an audit row.

    Raises
    ------
    Refused
        Its content does not match its name, or it is an archive of an unsupported kind.
    NotFound, NotAllowed, Conflict
        As of `enter_package`; its bytes are gone; a file of that name was added since this upload
        began.
    """
    with open_bytes(arrived.sha256) as stream:
        looked = look_at_file(stream, arrived.name, limits)
    table = looked.table
    within = enter_package(actor, partnership_id, package_id)
    hold_bytes(arrived.sha256)
    draft = draft_of(actor, within, now)
    before = draft.files.filter(path=arrived.name).first()
    if before and before.created_at > arrived.begun_at:
        raise Conflict(
            _("Someone else has added a file named “%(name)s” since you started. Check it first.")
            % {"name": arrived.name}
        )
    if before is None and draft.files.count() >= MOST_FILES:
        raise Conflict(
            _("A data package can have at most %(count)d files.") % {"count": MOST_FILES}
        )
    file = _put_file(draft, before, arrived, looked.media_type, table, now)
    verb = "replace_package_file" if before else "add_package_file"
    note(
        actor,
        verb,
        within,
        within.record,
        changes={"file": file.path, "number": draft.number},
    )
    if table:
        start_check(actor, file)
    return file


def _put_file(
    draft: PackageVersion,
    before: PackageFile | None,
    arrived: Arrived,
    media_type: str,
    table: Table | None,
    now: datetime,
) -> PackageFile:
    file = before or PackageFile(
        version=draft, partnership_id=draft.partnership_id, path=arrived.name
    )
    if before:
        drop_later([before.sha256])
        file.revision += 1
    file.size, file.sha256, file.media_type = arrived.size, arrived.sha256, media_type
    file.created_at = now
    said = table.keeping(file.table) if table else None
    file.table, file.dialect = (said, table.dialect) if table else (None, None)
    file.fit = PackageFile.Fit.WAITING if table else PackageFile.Fit.NONE
    # What was said of the columns before was looked at already.
    file.report = {"doubts": table.doubts if said is table.schema else []} if table else None
    file.save()
    return file


@transaction.atomic
def describe_file(
    *, actor: Reader, partnership_id: int, file_id: int, title: str, details: str, now: datetime
) -> PackageFile:
    """Set the name and the description of a file in the draft.

    Side effects: an audit row, if anything is otherwise.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_draft_file`.
    """
    within, file = enter_draft_file(actor, partnership_id, file_id)
    values = {"title": title.strip()[:200], "details": details.strip()[:2000]}
    changes = {
        name: [getattr(file, name), value]
        for name, value in values.items()
        if getattr(file, name) != value
    }
    if changes:
        for name, value in values.items():
            setattr(file, name, value)
        file.save(update_fields=list(values))
        note(
            actor,
            "describe_package_file",
            within,
            within.record,
            changes={"file": file.path, **changes},
        )
    return file


@transaction.atomic
def remove_file(*, actor: Reader, partnership_id: int, file_id: int, now: datetime) -> PackageFile:
    """Take a file out of the draft; its bytes go where no other version has them.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_draft_file`.
    """
    within, file = enter_draft_file(actor, partnership_id, file_id)
    PackageFile.objects.filter(pk=file.pk).delete()
    drop_later([file.sha256])
    note(
        actor,
        "remove_package_file",
        within,
        within.record,
        changes={"file": file.path, "number": file.version.number},
    )
    return file


@transaction.atomic
def discard_draft(*, actor: Reader, partnership_id: int, package_id: int, now: datetime) -> None:
    """Throw away the version that is worked on, and the bytes that no other version has.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_package`; there is no draft.
    """
    within = enter_package(actor, partnership_id, package_id)
    draft = find_draft(within.record)
    if draft is None:
        raise Conflict(_("There’s no unreleased version."))
    checksums = list(draft.files.values_list("sha256", flat=True))
    number = draft.number
    draft.delete()
    drop_later(checksums)
    note(actor, "discard_package_version", within, within.record, changes={"number": number})


@transaction.atomic
def release_version(
    *,
    actor: Reader,
    partnership_id: int,
    package_id: int,
    note_: str,
    now: datetime,
    faults_known: bool = False,
) -> PackageVersion:
    """Release the version that is worked on: from now on it stays as it is.

    Parameters
    ----------
    note_ : str
        What is new in it.
    faults_known : bool
        Whether the actor knows that rows do not fit or were not checked, and releases them
        nevertheless.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_package`; there is no draft, nothing in it, nothing new, or a check goes on.
    InvalidInput
        Nothing is said of what is new; rows do not fit, or a check was stopped, and it was not said
        that this is known.
    """
    within = enter_package(actor, partnership_id, package_id)
    draft = find_draft(within.record)
    files = list(draft.files.all()) if draft else []
    if draft is None or not files:
        raise Conflict(_("Nothing to release yet. Upload a file first."))
    _refuse_unready(within.record, files)
    faulty = _names_of(files, PackageFile.Fit.FAULTY)
    unchecked = _names_of(files, PackageFile.Fit.STOPPED)
    if (faulty or unchecked) and not faults_known:
        raise _refuse_faults(faulty, unchecked)
    told = " ".join(note_.split())
    if not told and draft.number > 1:
        raise InvalidInput(_("Describe briefly what’s new in this version."), field="note")
    draft.note, draft.released_at, draft.released_by_id = told[:500], now, actor.person
    draft.save(update_fields=["note", "released_at", "released_by"])
    note(
        actor,
        "release_package",
        within,
        within.record,
        changes={
            "number": draft.number,
            **({"faulty": faulty} if faulty else {}),
            **({"unchecked": unchecked} if unchecked else {}),
        },
    )
    return draft


def _names_of(files: Iterable[PackageFile], fit: PackageFile.Fit) -> list[str]:
    return sorted(one.path for one in files if one.fit == fit)


def _refuse_faults(faulty: list[str], unchecked: list[str]) -> InvalidInput:
    sentence = (
        _(
            "There are invalid rows in %(files)s. Fix them, or confirm that you want to release "
            "anyway."
        )
        if faulty
        else _(
            "Not all rows were checked in %(files)s. Check them again, or confirm that you want "
            "to release anyway."
        )
    )
    named = ", ".join(f"“{path}”" for path in faulty or unchecked)
    return InvalidInput(sentence % {"files": named}, field="faults_known")


def _refuse_unready(package: Package, files: Iterable[PackageFile]) -> None:
    waiting = [one.path for one in files if one.fit == PackageFile.Fit.WAITING]
    if waiting:
        raise Conflict(
            _("“%(file)s” is still being checked. Wait until the check is done.")
            % {"file": waiting[0]}
        )
    last = list(last_files(package))
    if last and not compare(last, files):
        raise Conflict(_("Nothing has changed since the previous version."))
