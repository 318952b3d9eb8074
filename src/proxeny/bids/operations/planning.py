"""The work plan of a bid: what needs what, and the usual beginning."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.models import Bid, PackageNeed, Partner, Spending, WorkPackage
from proxeny.bids.operations.entering import CHANGED, enter_bid, note, refuse_closed, unsign
from proxeny.bids.queries.bids import counted
from proxeny.bids.queries.plans import get_package
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader

#: What projects usually begin with: its title, and whether it lasts the first half of the project,
#: the second, or all of it.
USUAL = (
    (gettext_lazy("Coordination"), "all"),
    (gettext_lazy("What is needed, and a first version"), "first"),
    (gettext_lazy("Trying it out with those who will use it"), "second"),
    (gettext_lazy("Spreading and using the results"), "all"),
)


@transaction.atomic
def set_needs(
    *, actor: Reader, partnership_id: int, bid_id: int, package_id: int, version: int,
    needs: Collection[int], now: datetime,
) -> WorkPackage:  # fmt: skip
    """Say what has to end before a work package begins.

    What it needs of what was put away stays noted, for when that comes back. A work package may be
    planned to begin too early nevertheless: the plan shows it.

    Parameters
    ----------
    needs : collection of int
        All that it needs of what stands in the bid, by their numbers in the table.

    Side effects: an audit row, and what was signed holds no longer, if something changed.

    Raises
    ------
    NotFound, NotAllowed
        As for `enter_bid`; the bid has no such work package.
    InvalidInput
        One is not in the bid, is the package itself, or needs it in turn.
    Conflict
        As for `enter_bid`; changed since `version`, or the bid is not written any more.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.bid
    refuse_closed(bid)
    get_package(bid, package_id)
    package = WorkPackage.objects.select_for_update().get(pk=package_id)
    if package.version != version:
        raise Conflict(CHANGED)
    packages = {one.pk: one for one in WorkPackage.objects.filter(bid=bid)}
    standing = {pk for pk, one in packages.items() if one.dropped_at is None}
    wanted = set(needs)
    if not wanted <= standing - {package_id}:
        raise InvalidInput(_("Choose one from the list."), field="needs")
    edges = _edges(bid)
    before = edges.get(package_id, set()) & standing
    if wanted == before:
        return package
    if ring := _find_ring(edges | {package_id: wanted}, package_id):
        raise InvalidInput(
            _("These would wait for each other in a circle: %(packages)s.")
            % {"packages": join_items(_name(packages[one]) for one in ring)},
            field="needs",
        )
    PackageNeed.objects.filter(package=package, needs__in=before - wanted).delete()
    PackageNeed.objects.bulk_create(
        PackageNeed(partnership=entered.partnership, package=package, needs_id=one)
        for one in sorted(wanted - before)
    )
    package.version += 1
    package.save(update_fields=["version"])
    told = [[_name(packages[one]) for one in sorted(some)] for some in (before, wanted)]
    note(actor, "set_package_needs", entered, package,
         changes={"title": package.title, "waits_for": told})  # fmt: skip
    unsign(bid, now=now)
    return package


def _edges(bid: Bid) -> dict[int, set[int]]:
    """Return what each work package needs, put away or not, so that none comes back in a circle."""
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
    """Begin a work plan with four usual work packages, led by nobody yet but the first.

    They are worded in the language that is active, which is the actor's. Who coordinates the bid
    leads the coordination.

    Side effects: an audit row; what was signed holds no longer.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more, or has work packages.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.bid
    refuse_closed(bid)
    if WorkPackage.objects.filter(bid=bid, dropped_at=None).exists():
        raise Conflict(_("There are work packages already. Add what is missing."))
    half = max(bid.months // 2, 1)
    spans = {"all": (1, bid.months), "first": (1, half),
             "second": (min(half + 1, bid.months), bid.months)}  # fmt: skip
    made = WorkPackage.objects.bulk_create(
        WorkPackage(
            partnership=entered.partnership, bid=bid, number=number, title=str(title),
            first_month=spans[span][0], last_month=spans[span][1], created_at=now,
        )
        for number, (title, span) in enumerate(USUAL, 1)
    )  # fmt: skip
    leads = Partner.objects.filter(bid=bid, leads=True, dropped_at=None)
    made[0].lead = next(iter(counted(leads)), None)
    made[0].save(update_fields=["lead"])
    if bid.months > half:
        PackageNeed.objects.create(
            partnership=entered.partnership, package=made[2], needs=made[1]
        )  # fmt: skip
    note(actor, "begin_work_plan", entered, changes={"count": len(made)})
    unsign(bid, now=now)
    return made


@transaction.atomic
def take_back_plan(
    *, actor: Reader, partnership_id: int, bid_id: int, packages: Collection[int], now: datetime
) -> int:
    """Put work packages away that a plan was just begun with; returns how many went.

    Those that somebody has changed since, or put effort or money into, stay.

    Side effects: an audit row; what was signed holds no longer.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.bid)
    found = WorkPackage.objects.filter(
        bid=entered.bid, pk__in=packages, dropped_at=None, version=1
    ).exclude(pk__in=Spending.objects.filter(bid=entered.bid).values("package_id"))
    count = found.update(dropped_at=now, version=F("version") + 1)
    if count:
        note(actor, "take_back_work_plan", entered, changes={"count": count})
        unsign(entered.bid, now=now)
    return count
