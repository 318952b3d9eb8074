"""Cleanup of unreferenced bytes, and the lock that serialises writers and deleters.

A row that names a file and the file itself cannot be written as one. A writer of such a row holds
the file's lock until the row is there; a deleter holds it too, and looks for rows first. Leftovers
of a crashed process are found by `sweep`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from proxeny.engine.package import UploadUnknown
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import as_service
from proxeny.research.models import Arrival, PackageFile, Upload
from proxeny.research.store import get_store

#: An upload that got no bytes for so long is given up.
PATIENCE = timedelta(days=1)
_AT_ONCE = 500
#: A study from elsewhere is needed as long as it is looked at.
_LOOKED_AT = (Arrival.State.CHECKING, Arrival.State.SHOWN)


def hold_bytes(sha256: str) -> None:
    """Keep a file of the store from being deleted until the transaction ends.

    Raises
    ------
    Conflict
        It was deleted just now; it has to be sent again.
    """
    _lock(sha256)
    if get_store().size(sha256) is None:
        raise Conflict(_("The file has just been removed. Upload it again."))


def drop_unused(sha256: str) -> bool:
    """Delete a file of the store if no row names it; return whether it is gone.

    Not in a transaction that has deleted a row and may still be undone: see `drop_later`.
    """
    with transaction.atomic():
        _lock(sha256)
        if _is_used(sha256):
            return False
        get_store().delete(sha256)
    return True


def drop_later(checksums: Iterable[str]) -> None:
    """Delete files that no row names once the transaction has ended well."""
    for one in set(checksums):
        transaction.on_commit(partial(drop_unused, one), robust=True)


def sweep(now: datetime) -> int:
    """Give up forgotten uploads, and delete unreferenced files; return their number.

    Whatever is younger than a day may belong to work that is under way. Call it outside any
    transaction: each file's lock is let go of at once.
    """
    store, before = get_store(), now - PATIENCE
    count = store.clean(before)
    with as_service("A job cleans up the uploads of all rooms, for which it has no reader."):
        Upload.objects.filter(created_at__lt=before).filter(
            Q(taken_at__lt=before) | ~Q(pk__in=_still_coming(before))
        ).delete()
    kept = list(store.kept(before))
    for at in range(0, len(kept), _AT_ONCE):
        some = kept[at : at + _AT_ONCE]
        with as_service("The store keeps a file once for all rooms, so a row of any room counts."):
            named = set(
                PackageFile.objects.filter(sha256__in=some).values_list("sha256", flat=True)
            )
        count += sum(drop_unused(sha256) for sha256 in some if sha256 not in named)
    return count


def _still_coming(before: datetime) -> list[int]:
    """Return the old uploads that still get bytes."""
    coming = []
    old = Upload.objects.filter(created_at__lt=before, taken_at=None)
    for pk, key in old.values_list("pk", "key"):
        try:
            get_store().state(key)
        except UploadUnknown:
            continue
        coming.append(pk)
    return coming


def space_of(partnership_id: int, *, besides: int | None = None) -> int:
    """Return the number of bytes of research data a partnership may still store.

    What is on its way counts, and studies from elsewhere that are looked at.

    Parameters
    ----------
    besides : int, optional
        An arrival that does not count, for it goes once its files are here.
    """
    with as_service("Uploads of all people take up space, but each is hidden from the others."):
        files = PackageFile.objects.filter(partnership_id=partnership_id)
        arrivals = Arrival.objects.filter(partnership_id=partnership_id, state__in=_LOOKED_AT)
        coming = Upload.objects.filter(partnership_id=partnership_id, taken_at=None)
        kept = _each_once(files) + _each_once(arrivals.exclude(pk=besides or 0))
        kept += coming.aggregate(all=Sum("size"))["all"] or 0
    return max(0, int(settings.PACKAGES_ROOM_BYTES) - int(kept))


def _each_once(found: QuerySet[Any]) -> int:
    once = found.values("sha256").annotate(each=Max("size"))
    return once.aggregate(all=Sum("each"))["all"] or 0


def _is_used(sha256: str) -> bool:
    with as_service("The store keeps a file once for all rooms, so a row of any room counts."):
        return (
            PackageFile.objects.filter(sha256=sha256).exists()
            or Arrival.objects.filter(sha256=sha256, state__in=_LOOKED_AT).exists()
        )


def _lock(sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])
