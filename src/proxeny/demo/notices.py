"""Notifications of the demo's people: spread over the past weeks, and mostly read."""

from datetime import timedelta

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.notices.models import Notice

#: So many of the newest are still to be read, and so far apart notices came.
_UNREAD, _APART = 4, timedelta(hours=19)


def settle_notices() -> int:
    """Spread the notifications sent while loading over the past weeks; return the number read.

    All of them were sent within two minutes, which would look unreal in a list.
    """
    now = timezone.now()
    with acting_as(SERVICE):
        place = Window(RowNumber(), partition_by="person", order_by=["-pk"])
        told = list(Notice.objects.annotate(place=place).order_by("pk"))
        for one in told:
            one.created_at = now - timedelta(hours=2) - _APART * (one.place - 1)
            if one.place > _UNREAD:
                one.read_at = one.created_at + timedelta(hours=3)
        Notice.objects.bulk_update(told, ["created_at", "read_at"], batch_size=500)
    return sum(one.read_at is not None for one in told)
