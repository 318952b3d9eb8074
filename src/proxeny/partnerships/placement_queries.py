"""Stays and visits of a room: current, upcoming and past ones with their outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from proxeny.partnerships.models import Partnership, Placement

_AROUND = (
    "person",
    "agreed_by",
    "sender__organisation",
    "host__organisation",
    "borne_by__organisation",
)


@dataclass(frozen=True, slots=True)
class Stay:
    """Stay or visit as of a day."""

    record: Placement
    today: date

    @property
    def is_now(self) -> bool:
        """Whether its person is there today."""
        record = self.record
        return record.closed_on is None and record.starts_on <= self.today <= record.ends_on

    @property
    def is_coming(self) -> bool:
        """Whether it begins later."""
        return self.record.starts_on > self.today

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come."""
        return not self.is_coming

    @property
    def days_left(self) -> int:
        """The number of days left after today."""
        return (self.record.ends_on - self.today).days

    @property
    def days_ahead(self) -> int:
        """In how many days it begins."""
        return (self.record.starts_on - self.today).days

    @property
    def lacks_report(self) -> bool:
        """Whether it is over and has no closing report."""
        return self.record.closed_on is None and self.record.ends_on < self.today

    @property
    def is_report_late(self) -> bool:
        """Whether the day of its report has passed without one."""
        due = self.record.report_due_on
        return self.record.closed_on is None and due is not None and due < self.today

    @property
    def asked(self) -> str:
        """The side that is to say yes."""
        record = self.record
        asked = record.host if record.asked_id == record.host_id else record.sender
        return asked.organisation.name


@dataclass(frozen=True, slots=True)
class Stays:
    """The stays and visits of a room; those over the newest first, those without a report above."""

    now: Sequence[Stay]
    coming: Sequence[Stay]
    over: Sequence[Stay]

    @property
    def all(self) -> list[Stay]:
        """All of them by their first day."""
        found = [*self.now, *self.coming, *self.over]
        return sorted(found, key=lambda one: (one.record.starts_on, one.record.pk))


def read_stays(partnership_id: int, *, today: date) -> Stays:
    """Return the stays and visits of a room. One query."""
    found = Placement.objects.filter(partnership_id=partnership_id, dropped_at=None)
    rows = found.select_related(*_AROUND).order_by("starts_on", "pk")
    stays = [Stay(one, today) for one in rows]
    over = [one for one in reversed(stays) if not one.is_now and not one.is_coming]
    return Stays(
        now=[one for one in stays if one.is_now],
        coming=[one for one in stays if one.is_coming],
        over=sorted(over, key=lambda one: not one.lacks_report),
    )


def stays_of_year(partnership: Partnership, first: date, until: date) -> list[Placement]:
    """Return the stays and visits that both sides agreed on and that fell into a year. One query."""
    found = Placement.objects.filter(
        partnership=partnership,
        dropped_at=None,
        agreed_at__isnull=False,
        starts_on__lte=until,
        ends_on__gte=first,
    )
    return list(found.select_related(*_AROUND).order_by("starts_on", "pk"))


def count_hosted(partnership: Partnership, *, today: date) -> dict[int, int]:
    """Return how many stays each party has hosted: agreed on by both, and begun. One query."""
    found = Placement.objects.filter(
        partnership=partnership, dropped_at=None, agreed_at__isnull=False, starts_on__lte=today
    )
    return dict(found.values_list("host_id").annotate(Count("pk")).order_by())
