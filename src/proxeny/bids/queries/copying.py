"""Data for copying a bid within its room: possible calls, and a consortium with its work plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from proxeny.bids.models import Bid, PackageNeed, Partner, Spending, WorkPackage
from proxeny.calls.models import Call
from proxeny.calls.queries.calls import Wanted, find_calls
from proxeny.partnerships.models import Party

#: So many calls are offered to choose from; the rest is found by words.
MOST_OFFERED = 20


def calls_to_copy_to(parties: Iterable[Party], *, q: str, now: datetime) -> list[Call]:
    """Return the first calls, coming or open, that a party imported and that match the words.

    One query.
    """
    stewards = [one.organisation_id for one in parties if one.state == Party.State.JOINED]
    found = find_calls(Wanted(q=q, state="live"), now=now).filter(steward_id__in=stewards)
    return list(found[:MOST_OFFERED])


@dataclass(frozen=True, slots=True)
class Whole:
    """The contents of a bid, as rows."""

    partners: list[Partner]
    packages: list[WorkPackage]
    needs: list[PackageNeed]
    spendings: list[Spending]


def read_whole(bid: Bid) -> Whole:
    """Return the data that another bid could copy, whatever the result. Four queries."""
    return Whole(
        partners=list(Partner.objects.filter(bid=bid, dropped_at=None).order_by("pk")),
        packages=list(WorkPackage.objects.filter(bid=bid, dropped_at=None).order_by("pk")),
        needs=list(
            PackageNeed.objects.filter(
                package__bid=bid, package__dropped_at=None, needs__dropped_at=None
            ).order_by("pk")
        ),
        spendings=list(
            Spending.objects.filter(
                bid=bid, package__dropped_at=None, partner__dropped_at=None
            ).order_by("pk")
        ),
    )
