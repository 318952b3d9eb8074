"""Read and unread notifications."""

from datetime import datetime

from django.db.models import F, Q, Value
from django.db.models.lookups import StartsWith
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.notices.models import Notice, object_of, page_of


def read_notice(*, actor: Reader, notice_id: int, now: datetime) -> Notice:
    """Note that the actor has read a notice, and return it.

    Raises
    ------
    NotFound
        It is not theirs.
    """
    notice = _own(actor, notice_id)
    if notice.read_at is None:
        notice.read_at = now
        notice.save(update_fields=["read_at"])
    return notice


def read_about(*, actor: Reader, path: str, now: datetime) -> int:
    """Mark the notices that a page shows the news of as read; return how many were not. One query.

    These are the notices that lead to this page or to one above it, if both belong to the same
    object, and on the first page of an object all that are about it.
    """
    page = Value(path)
    own = Notice.objects.filter(
        Q(object_path=path) | Q(StartsWith(page, page_of(F("path")))),
        person_id=actor.own_id,
        read_at=None,
        object_path=object_of(page),
    )
    return own.update(read_at=now)


def unread_notice(*, actor: Reader, notice_id: int) -> Notice:
    """Have a notice count as unread again. Raises as `read_notice`."""
    notice = _own(actor, notice_id)
    notice.read_at = None
    notice.save(update_fields=["read_at"])
    return notice


def read_all(*, actor: Reader, until_id: int, now: datetime) -> int:
    """Note that the actor has read all notices up to one that they saw; return how many were not."""
    own = Notice.objects.filter(person_id=actor.own_id, read_at=None, pk__lte=until_id)
    return own.update(read_at=now)


def _own(actor: Reader, notice_id: int) -> Notice:
    notice = Notice.objects.filter(pk=notice_id, person_id=actor.own_id).first()
    if notice is None:
        raise NotFound(_("We couldn’t find this notification."))
    return notice
