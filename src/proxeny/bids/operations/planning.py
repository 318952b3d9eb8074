"""The work plan of a bid: its dependencies, and the usual start."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.models import Bid, PackageNeed, Partner, Spending, WorkPackage
from proxeny.bids.operations.guards import enter_bid, refuse_closed, unsign
from proxeny.bids.queries.bids import counted
from proxeny.bids.queries.plans import get_package
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import CHANGED, note, save_version

#: What projects usually begin with: its title, and whether it lasts the first half of the project,
#: the second, or all of it.
USUAL = (
    (gettext_lazy("Coordination"), "all"),
    (gettext_lazy("Needs analysis and first version"), "first"),
    (gettext_lazy("Testing with future users"), "second"),
    (gettext_lazy("Dissemination and use of results"), "all"),
)


@transaction.atomic
def set_needs(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    package_id: int,
    version: int,
    needs: Collection[int],
    now: datetime,
) -> WorkPackage:
    """Set the predecessors of a work package, which have to end before it begins.

    Archived predecessors are kept, in case they are restored. A work package may still be planned
    to begin too early: the plan shows it.

    Parameters
    ----------
    needs : collection of int
        All its active predecessors in the bid, by their numbers in the table.

    Side effects: an audit row, and void signatures, if something changed.

    Raises
    ------
    NotFound, NotAllowed
        As for `enter_bid`; the bid has no such work package.
    InvalidInput
        One is not in the bid, is the package itself, or needs it in turn.
    Conflict
        As for `enter_bid`; changed since `version`, or the bid is no longer in preparation.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.record
    refuse_closed(bid)
    get_package(bid, package_id)
    package = WorkPackage.objects.select_for_update().get(pk=package_id)
    if package.version != version:
        raise Conflict(CHANGED)
    packages = {one.pk: one for one in WorkPackage.objects.filter(bid=bid)}
    standing = {pk for pk, one in packages.items() if one.dropped_at is None}
    wanted = set(needs)
    if not wanted <= standing - {package_id}:
        raise InvalidInput(_("Choose an option from the list."), field="needs")
    edges = _edges(bid)
    before = edges.get(package_id, set()) & standing
    if wanted == before:
        return package
    if ring := _find_ring(edges | {package_id: wanted}, package_id):
        raise InvalidInput(
            _("These would depend on each other in a loop: %(packages)s.")
            % {"packages": join_items(_name(packages[one]) for one in ring)},
            field="needs",
        )
    PackageNeed.objects.filter(package=package, needs__in=before - wanted).delete()
    PackageNeed.objects.bulk_create(
        PackageNeed(partnership=entered.partnership, package=package, needs_id=one)
        for one in sorted(wanted - before)
    )
    save_version(package)
    told = [[_name(packages[one]) for one in sorted(some)] for some in (before, wanted)]
    note(
        actor,
        "set_package_needs",
        entered,
        package,
        changes={"title": package.title, "waits_for": told},
    )
    unsign(bid, now=now)
    return package


def _edges(bid: Bid) -> dict[int, set[int]]:
    """Return the predecessors of each work package, archived or not, so that no cycle can arise."""
    edges: dict[int, set[int]] = {}
    found = PackageNeed.objects.filter(package__bid=bid)
    for one, other in found.values_list("package_id", "needs_id"):
        edges.setdefault(one, set()).add(other)
    return edges


def _find_ring(edges: Mapping[int, Iterable[int]], start: int) -> list[int]:
    """Return the way from a work package back to itself; empty if there is none."""
    before: dict[int, int] = {}
    front = [start]
    while front:
        one = front.pop()
        for need in sorted(edges.get(one, ())):
            if need == start:
                ring = [one]
                while ring[-1] != start:
                    ring.append(before[ring[-1]])
                return ring[::-1]
            if need not in before:
                before[need] = one
                front.append(need)
    return []


def _name(package: WorkPackage) -> str:
    return f"{package.number} {package.title}"


@transaction.atomic
def begin_plan(
    *, actor: Reader, partnership_id: int, bid_id: int, now: datetime
) -> list[WorkPackage]:
    """Start a work plan with four usual work packages; only the first has a leader.

    They are written in the active language, which is the actor's. The bid's coordinator leads the
    coordination.

    Side effects: an audit row; signatures become void.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is no longer in preparation, or has work packages.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.record
    refuse_closed(bid)
    if WorkPackage.objects.filter(bid=bid, dropped_at=None).exists():
        raise Conflict(_("There are work packages already. Add what’s missing."))
    half = max(bid.months // 2, 1)
    spans = {
        "all": (1, bid.months),
        "first": (1, half),
        "second": (min(half + 1, bid.months), bid.months),
    }
    made = WorkPackage.objects.bulk_create(
        WorkPackage(
            partnership=entered.partnership,
            bid=bid,
            number=number,
            title=str(title),
            first_month=spans[span][0],
            last_month=spans[span][1],
            created_at=now,
        )
        for number, (title, span) in enumerate(USUAL, 1)
    )
    leads = Partner.objects.filter(bid=bid, leads=True, dropped_at=None)
    made[0].lead = next(iter(counted(leads)), None)
    made[0].save(update_fields=["lead"])
    if bid.months > half:
        PackageNeed.objects.create(partnership=entered.partnership, package=made[2], needs=made[1])
    note(actor, "begin_work_plan", entered, changes={"count": len(made)})
    unsign(bid, now=now)
    return made


@transaction.atomic
def take_back_plan(
    *, actor: Reader, partnership_id: int, bid_id: int, packages: Collection[int], now: datetime
) -> int:
    """Archive the work packages that a plan was just started with; return their number.

    Those that somebody has changed since, or put effort or money into, stay.

    Side effects: an audit row; what was signed holds no longer.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.record)
    found = WorkPackage.objects.filter(
        bid=entered.record, pk__in=packages, dropped_at=None, version=1
    ).exclude(pk__in=Spending.objects.filter(bid=entered.record).values("package_id"))
    count = found.update(dropped_at=now, version=F("version") + 1)
    if count:
        note(actor, "take_back_work_plan", entered, changes={"count": count})
        unsign(entered.record, now=now)
    return count
