"""Bytes on their way in: begun, gone on with after a break, and taken in once they are all there."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from proxeny.engine.package import (
    KINDS,
    Limits,
    Readable,
    Refused,
    UploadConflict,
    UploadUnknown,
    kind_of,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound, ProxenyError
from proxeny.kernel.files import scan_file
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.operations.room import enter
from proxeny.research.messages import tell_all
from proxeny.research.models import Upload
from proxeny.research.operations import packages
from proxeny.research.operations.package_guards import enter_package
from proxeny.research.operations.unreferenced_bytes import drop_unused, hold_bytes, space_of
from proxeny.research.store import get_store, read_bytes

#: So many uploads of one person to one partnership run at once.
MOST_AT_ONCE = 50
#: What is unpacked to look into an archive, while its sender waits.
LIMITS = Limits(unpacked=8 << 30)


class Elsewhere(Conflict):
    """Bytes for a place that the upload is not at.

    Parameters
    ----------
    received : int
        Where to go on.
    """

    def __init__(self, received: int) -> None:
        super().__init__(
            _("The upload is at a different position. Check the position and continue from there.")
        )
        self.received = received


class Busy(Conflict):
    """Another request looks at the upload, or gives it up, right now."""

    def __init__(self) -> None:
        super().__init__(_("It’s being checked. Try again in a moment."))


class Exists(Conflict):
    """The package has a file of this name; replacing it requires `replace`."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of an upload.

    Attributes
    ----------
    is_taken : bool
        Whether it has been processed completely.
    """

    upload: Upload
    received: int
    is_taken: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether no byte is missing."""
        return self.received == self.upload.size


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a complete upload: the row created from it, or the reason for its refusal.

    A refusal is no exception: the transaction has to record that the bytes are gone.
    """

    made: Any = None
    refused: str = ""


@transaction.atomic
def begin_upload(
    *,
    actor: Reader,
    partnership_id: int,
    package_id: int | None,
    name: str,
    size: int,
    now: datetime,
    sha256: str | None = None,
    replace: bool = False,
) -> Upload:
    """Begin to upload a file to a package, or (`package_id` None) a study from elsewhere.

    Parameters
    ----------
    sha256 : str, optional
        The checksum given by the sender; bytes that do not match are refused once complete.
    replace : bool
        Whether a file of that name in the draft is replaced.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such package, or the actor may not write there; it is archived; fifty uploads run.
    Exists
        There is a file of that name.
    InvalidInput
        A name or kind that is never accepted, an invalid size, or not enough space.
    """
    name = PurePosixPath(name.replace("\\", "/")).name.strip()
    check_name(name, only=None if package_id else ".zip")
    if package_id is None:
        enter(actor, partnership_id)
    else:
        entered = enter_package(actor, partnership_id, package_id)
        draft = packages.find_draft(entered.record)
        files = draft.files if draft else packages.last_files(entered.record)
        if files.filter(path=name).exists() and not replace:
            raise Exists(_("A file named “%(name)s” already exists.") % {"name": name})
    _check_space(partnership_id, size)
    mine = Upload.objects.filter(
        partnership_id=partnership_id, person_id=actor.own_id, taken_at=None
    )
    if mine.count() >= MOST_AT_ONCE:
        raise Conflict(_("You have too many uploads in progress. Finish or stop some first."))
    try:
        key = get_store().begin(size, sha256=sha256, name=name)
    except Refused as error:
        raise InvalidInput(tell_all(error.problems), field="file") from None
    return Upload.objects.create(
        partnership_id=partnership_id,
        package_id=package_id,
        person_id=actor.own_id,
        key=key,
        name=name,
        size=size,
        created_at=now,
    )


def check_name(name: str, *, only: str | None = None) -> None:
    """Refuse a file by its name alone, before a byte of it has come; `only`: the one ending taken."""
    try:
        kind_of(name)
    except Refused as error:
        raise InvalidInput(tell_all(error.problems), field="file") from None
    if only and PurePosixPath(name).suffix.lower() != only:
        raise InvalidInput(_("Choose a ZIP archive."), field="file")


def taken_endings() -> str:
    """Return the endings of files that are taken, as a file field takes them."""
    return ",".join(KINDS)


def _check_space(partnership_id: int, size: int) -> None:
    if size < 1:
        raise InvalidInput(_("This file is empty."), field="file")
    most, left = settings.PACKAGES_ROOM_BYTES, space_of(partnership_id)
    if size > left:
        raise InvalidInput(
            _(
                "This partnership can store %(most)s of research data, and %(left)s is left. The "
                "file is %(size)s."
            )
            % {
                "most": filesizeformat(most),
                "left": filesizeformat(left),
                "size": filesizeformat(size),
            },
            field="file",
        )


def get_upload(actor: Reader, partnership_id: int, package_id: int | None, key: str) -> Progress:
    """Return the progress of an upload.

    Raises
    ------
    NotFound
        It is not the actor's own, or gone.
    Busy
        All of it is here, and it is being looked at.
    """
    where: dict[str, Any] = {"partnership_id": partnership_id, "package_id": package_id}
    own = Upload.objects.filter(key=key, person_id=actor.own_id, **where)
    found = own.first()
    if found and found.taken_at is None:
        try:
            return Progress(found, get_store().state(key).received)
        except UploadUnknown:
            # Its bytes are a file already, or gone: the process that made it one may still be working on it.
            _claim(key, shared=True)
            found = own.exclude(taken_at=None).first()
    if found is None:
        raise NotFound(_("We couldn’t find this upload. Start again."))
    return Progress(found, found.size, is_taken=True)


def _claim(key: str, *, shared: bool = False) -> None:
    """Keep others from looking at an upload and giving it up until the transaction ends.

    Parameters
    ----------
    shared : bool
        Only make sure that no one does.
    """
    function = f"pg_try_advisory_xact_lock{'_shared' if shared else ''}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int(key[:15], 16)])
        if not cursor.fetchone()[0]:
            raise Busy


def append_bytes(progress: Progress, offset: int, stream: Readable) -> Progress:
    """Append bytes from a stream until it ends; bytes before an interruption are kept.

    No database lock is held meanwhile: a slow sender makes nobody wait.

    Raises
    ------
    Elsewhere
        The upload is at another offset, or another request is writing to it.
    NotFound, InvalidInput
        It is gone; more bytes than announced, and the upload is given up.
    """
    key = progress.upload.key
    try:
        state = get_store().append(key, offset, stream)
    except UploadConflict as error:
        raise Elsewhere(error.received) from None
    except UploadUnknown:
        raise NotFound(_("We couldn’t find this upload. Start again.")) from None
    except Refused as error:
        raise InvalidInput(tell_all(error.problems), field="file") from None
    return Progress(progress.upload, state.received)


@transaction.atomic
def give_up_upload(progress: Progress) -> None:
    """Cancel an upload: no row and no byte remain; `Busy` while it is processed."""
    _claim(progress.upload.key)
    get_store().abort(progress.upload.key)
    progress.upload.delete()


@transaction.atomic
def finish_upload(*, actor: Reader, progress: Progress, now: datetime) -> Outcome:
    """Look at a whole upload, and take it in, or refuse it and keep nothing.

    A table is looked at by its first rows; all of its rows are checked by a job.

    Raises
    ------
    Elsewhere
        Bytes are missing; or it was taken in meanwhile.
    Busy
        Another request looks at it.
    """
    upload, store = progress.upload, get_store()
    _claim(upload.key)
    if Upload.objects.filter(pk=upload.pk).exclude(taken_at=None).exists():
        raise Elsewhere(upload.size)
    try:
        sha256 = store.finish(upload.key)
    except UploadConflict as error:
        raise (Busy() if error.received == upload.size else Elsewhere(error.received)) from None
    except UploadUnknown:
        raise NotFound(_("We couldn’t find this upload. Start again.")) from None
    except Refused as error:
        return _refuse(upload, tell_all(error.problems))
    try:
        scan_file(upload.name, read_bytes(sha256, 0, upload.size))
        with transaction.atomic():
            made = _take_in(actor, upload, sha256, now)
    except Refused as error:
        refused = tell_all(error.problems)
    except ProxenyError as error:
        refused = str(error)
    else:
        with as_service("The upload is the actor's own, but no policy lets anyone change one."):
            Upload.objects.filter(pk=upload.pk).update(taken_at=now)
        return Outcome(made)
    drop_unused(sha256)
    return _refuse(upload, refused)


def _refuse(upload: Upload, why: str) -> Outcome:
    upload.delete()
    return Outcome(refused=why)


def _take_in(actor: Reader, upload: Upload, sha256: str, now: datetime) -> Any:
    if upload.package_id is None:
        from proxeny.research.operations.arriving import take_in

        hold_bytes(sha256)
        return take_in(actor=actor, upload=upload, sha256=sha256, now=now)
    return packages.take_file(
        actor=actor,
        partnership_id=upload.partnership_id,
        package_id=upload.package_id,
        arrived=packages.Arrived(upload.name, upload.size, sha256, upload.created_at),
        limits=LIMITS,
        now=now,
    )


def bring_small_file(
    *,
    actor: Reader,
    partnership_id: int,
    package_id: int | None,
    name: str,
    size: int,
    stream: Readable,
    now: datetime,
    replace: bool = False,
) -> Outcome:
    """Upload a file in one step, as a plain form sends it; refusals as of the single steps."""
    upload = begin_upload(
        actor=actor,
        partnership_id=partnership_id,
        package_id=package_id,
        name=name,
        size=size,
        now=now,
        replace=replace,
    )
    progress = append_bytes(Progress(upload, 0), 0, stream)
    return finish_upload(actor=actor, progress=progress, now=now)


def list_coming(partnership_id: int, package_id: int | None) -> list[Progress]:
    """Return the reader's own uploads that are not whole yet, so that they can be gone on with."""
    where: dict[str, Any] = {"partnership_id": partnership_id, "package_id": package_id}
    found = Upload.objects.filter(taken_at=None, **where)
    coming = []
    for one in found.order_by("pk")[:MOST_AT_ONCE]:
        try:
            coming.append(Progress(one, get_store().state(one.key).received))
        except UploadUnknown:
            continue
    return coming
