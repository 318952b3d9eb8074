"""Pending items and next meetings of a reader, for the weekly mail."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone

from proxeny.kernel.hooks import Hook
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import list_waiting
from proxeny.notices.operations.digests import Overview
from proxeny.notices.rules import zone_of

MEETINGS: Hook[Callable[[Reader, datetime], Iterable[str]]] = Hook(
    "notices.meetings", "A reader's next meetings for the weekly mail, each as a sentence."
)


def overview_of(reader: Reader, now: datetime) -> Overview:
    """Return what waits for a reader and their next meetings, in the active language."""
    with timezone.override(zone_of(reader.time_zone)):
        waiting = list_waiting(reader, now)
        meetings = [one for tell in MEETINGS for one in tell(reader, now)]
    return Overview(tuple(waiting), tuple(meetings))
