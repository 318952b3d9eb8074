"""Keeping a shared file as long as something needs it."""

from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import check_file
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import SharingGrant

#: Most files that a cluster shares at once, to keep the database from filling up.
MAX_FILES = 200


def keep(actor: Reader, organisation_id: int, *, name: str, content: bytes) -> StoredFile:
    """Check a file and keep it as the cluster's."""
    try:
        checked = check_file(name, content)
    except InvalidInput as error:
        error.field = "file"
        raise
    shared = SharingGrant.objects.filter(
        organisation_id=organisation_id, kind=SharingGrant.Kind.FILE, withdrawn_at=None
    )
    if shared.count() >= MAX_FILES:
        raise Conflict(
            _("Your cluster already shares %(most)s files. Delete the ones no one needs.")
            % {"most": MAX_FILES}
        )
    return StoredFile.objects.create(
        name=checked.name,
        media_type=checked.media_type,
        size=len(content),
        sha256=checked.sha256,
        content=content,
        person_id=actor.person,
        organisation_id=organisation_id,
    )


def settle(file_id: int | None, *, now: datetime) -> None:
    """Record until when a file is needed: as long as a valid grant gives access to it."""
    if file_id is None:
        return
    with as_service("Grants to other partnerships count too, which the reader may not see."):
        grants = SharingGrant.objects.filter(file_id=file_id, withdrawn_at=None)
        ends = list(grants.values_list("ends_on", flat=True))
        last = max((one for one in ends if one), default=None)
        idle = now
        if ends and last:
            idle = datetime.combine(last + timedelta(days=1), time(), UTC)
        StoredFile.objects.filter(pk=file_id).update(idle_since=None if None in ends else idle)


def remove(file_id: int) -> None:
    """Delete a file that is shared nowhere any more."""
    StoredFile.objects.filter(pk=file_id).delete()
