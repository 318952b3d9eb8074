"""The desk's tables."""

from proxeny.ambassadors.models import totals as totals  # the database's own answers
from proxeny.ambassadors.models.booking import TimeOption
from proxeny.ambassadors.models.calendars import BusyTime, WorkingHours
from proxeny.ambassadors.models.introductions import Introduction, Note, Side
from proxeny.ambassadors.models.links import Link
from proxeny.ambassadors.models.mandates import Mandate
from proxeny.ambassadors.models.missions import Mission, Stop

__all__ = [
    "BusyTime",
    "Introduction",
    "Link",
    "Mandate",
    "Mission",
    "Note",
    "Side",
    "Stop",
    "TimeOption",
    "WorkingHours",
]
