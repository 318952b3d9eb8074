"""The days within which outcomes are counted."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Q
from django.utils.translation import gettext as _

from proxeny.kernel.calendar_ends import explain_far, is_near
from proxeny.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day in somebody's time zone; both count, and each may be left open."""

    zone: tzinfo
    since: date | None = None
    until: date | None = None

    def holds(self, field: str) -> Q:
        """Return the condition that the moment in a field lies within the days."""
        found = Q()
        if self.since:
            found &= Q(**{f"{field}__gte": datetime.combine(self.since, time.min, self.zone)})
        if self.until:
            end = datetime.combine(self.until + timedelta(days=1), time.min, self.zone)
            found &= Q(**{f"{field}__lt": end})
        return found

    def holds_day(self, field: str) -> Q:
        """Return the condition that the day in a field lies within the days, whatever the zone."""
        found = Q()
        if self.since:
            found &= Q(**{f"{field}__gte": self.since})
        if self.until:
            found &= Q(**{f"{field}__lte": self.until})
        return found


def refuse_wrong_days(since: date | None, until: date | None) -> None:
    """Raise `InvalidInput` for days that cannot be asked for: far off, or the last before the first."""
    for name, day in (("since", since), ("until", until)):
        if day and not is_near(day):
            raise InvalidInput(explain_far(), field=name)
    if since and until and until < since:
        raise InvalidInput(_("The last day can’t be before the first day."), field="until")
