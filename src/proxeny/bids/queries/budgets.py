"""The stored parts of a bid's budget."""

from collections import defaultdict

from proxeny.bids.models import Bid, PackageNeed, Partner, Spending, WorkPackage


def packages_of(bid: Bid) -> list[WorkPackage]:
    """Return the work packages of a bid, in order. One query."""
    found = WorkPackage.objects.filter(bid=bid, dropped_at=None).select_related("lead__party")
    return list(found.order_by("number", "pk"))


def away_of(bid: Bid) -> list[WorkPackage]:
    """Return the archived work packages. One query."""
    return list(WorkPackage.objects.filter(bid=bid, dropped_at__isnull=False).order_by("number"))


def needs_of(bid: Bid) -> dict[int, list[int]]:
    """Return the predecessors of each work package, by their numbers in the table. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = PackageNeed.objects.filter(
        package__bid=bid, package__dropped_at=None, needs__dropped_at=None
    )
    for one, other in rows.order_by("needs_id").values_list("package_id", "needs_id"):
        found[one].append(other)
    return found


def spendings_of(bid: Bid, partner: Partner | None = None) -> list[Spending]:
    """Return contributions to active work packages, also of partners that left. One query.

    With `partner`, only those of that one.
    """
    found = Spending.objects.filter(bid=bid, package__dropped_at=None, partner__dropped_at=None)
    if partner is not None:
        found = found.filter(partner=partner)
    return list(found.order_by("partner_id", "package_id", "category"))
