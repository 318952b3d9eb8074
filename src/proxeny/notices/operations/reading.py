"""What a person has read of what they were told."""

from datetime import datetime

from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.notices.models import Notice


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


def unread_notice(*, actor: Reader, notice_id: int) -> Notice:
    """Have a notice count as unread again. Raises as `read_notice`."""
    notice = _own(actor, notice_id)
    notice.read_at = None
    notice.save(update_fields=["read_at"])
    return notice


def read_all(*, actor: Reader, until_id: int, now: datetime) -> int:
    """Note that the actor has read all notices up to one that they saw; return how many were not."""
    own = Notice.objects.filter(person_id=actor.person, read_at=None, pk__lte=until_id)
    return own.update(read_at=now)


def _own(actor: Reader, notice_id: int) -> Notice:
    notice = Notice.objects.filter(pk=notice_id, person_id=actor.person).first()
    if notice is None:
        raise NotFound(_("There is no such notice."))
    return notice
