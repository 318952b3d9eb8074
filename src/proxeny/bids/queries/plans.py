"""The work plan of a bid: its work packages, with their dependencies and effort."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Spending, WorkPackage
from proxeny.bids.queries.budgets import needs_of, packages_of
from proxeny.bids.rules import OUT
from proxeny.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Step:
    """A work package as the plan shows it.

    Attributes
    ----------
    needs : sequence of WorkPackage
        What has to end before it begins.
    clashes : sequence of WorkPackage
        Of these, what has not ended when it begins.
    months : Decimal
        Person-months of all that are planned with.
    starts_on, ends_on : date or None
        Its first and last day, where the first day of the project is known.
    """

    record: WorkPackage
    needs: Sequence[WorkPackage]
    clashes: Sequence[WorkPackage]
    months: Decimal
    starts_on: date | None
    ends_on: date | None
    #: For the picture: whatever lasts until the end of a project would be.
    is_critical: bool = False

    @property
    def is_without_lead(self) -> bool:
        """Whether it has no leader among the partners that the bid is planned with."""
        lead = self.record.lead
        return lead is None or lead.dropped_at is not None or not lead.is_counted


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """The work packages of a bid by their numbers."""

    steps: Sequence[Step]

    @property
    def clashes(self) -> list[Step]:
        """The steps that begin before one of their predecessors has ended."""
        return [one for one in self.steps if one.clashes]

    @property
    def months(self) -> Decimal:
        """Person-months in all."""
        return sum((one.months for one in self.steps), Decimal(0))


def read_plan(bid: Bid) -> WorkPlan:
    """Return the work plan of a bid. Three queries."""
    packages = packages_of(bid)
    by_id = {one.pk: one for one in packages}
    needs, months = needs_of(bid), _months_of(bid)
    return WorkPlan(
        [
            _step(
                bid,
                one,
                [by_id[pk] for pk in needs.get(one.pk, ()) if pk in by_id],
                months.get(one.pk, Decimal(0)),
            )
            for one in packages
        ]
    )


def _step(bid: Bid, one: WorkPackage, needs: Iterable[WorkPackage], months: Decimal) -> Step:
    needs = sorted(needs, key=lambda need: (need.number, need.pk))
    clashes = [need for need in needs if need.last_month >= one.first_month]
    starts_on, ends_on = days_of(bid, one.first_month, one.last_month)
    return Step(one, needs, clashes, months, starts_on, ends_on)


def _months_of(bid: Bid) -> dict[int, Decimal]:
    """Return person-months of the planned partners by work package. One query."""
    found = Spending.objects.filter(
        bid=bid, category=Spending.Category.MONTHS, partner__dropped_at=None
    ).exclude(partner__state__in=OUT)
    rows = found.order_by().values("package_id").annotate(sum=Sum("amount"))
    return dict(rows.values_list("package_id", "sum"))


def days_of(bid: Bid, first: int, last: int) -> tuple[date | None, date | None]:
    """Return the first day of a month of the project, and the last day of another."""
    if bid.starts_on is None:
        return None, None
    try:
        after = first_day(bid.starts_on, last + 1)
        return first_day(bid.starts_on, first), after - timedelta(days=1)
    except ValueError:  # somebody wrote a year after which there is no calendar
        return None, None


def first_day(starts_on: date, month: int) -> date:
    """Return the first day of a month of a project; month 1 begins with it.

    Where the calendar's month is too short for the day, it is its last one.
    """
    years, months = divmod(starts_on.month - 1 + month - 1, 12)
    year = starts_on.year + years
    return date(year, months + 1, min(starts_on.day, monthrange(year, months + 1)[1]))


def get_package(bid: Bid, package_id: int) -> WorkPackage:
    """Return an active work package of a bid; `NotFound` if there is none. One query."""
    found = WorkPackage.objects.filter(bid=bid, pk=package_id, dropped_at=None).first()
    if found is None:
        raise NotFound(_("We couldn’t find this work package."))
    return found
