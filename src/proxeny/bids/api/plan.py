"""The work plan of a bid over the API.

Work packages are written as records of the room, of the kind `work-package`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.api.bids import ONE
from proxeny.bids.models import Bid
from proxeny.bids.operations import planning
from proxeny.bids.queries.bids import get_bid
from proxeny.bids.queries.plans import Step, get_package, read_plan
from proxeny.kernel.api import Id, IfMatch, In, Named, Out, match_version, show_version
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter

PLAN = f"{ONE}/plan"


class BidPackageOut(Out):
    """A work package. Its first and last month are months of the project, both inclusive.

    `needs` are the work packages that have to end before it begins, `clashes` those of them that
    don't. Its dates are null if the project's first day isn't known.
    """

    id: int
    number: int
    title: str
    aims: str
    lead: Named | None
    first_month: int
    last_month: int
    starts_on: date | None
    ends_on: date | None
    needs: list[int]
    clashes: list[int]
    person_months: Decimal
    version: int


class BidPlanOut(Out):
    """The work packages in order, and the person-months of all planned partners."""

    months: int
    starts_on: date | None
    packages: list[BidPackageOut]
    person_months: Decimal


class BidNeedsIn(In):
    """All work packages that a work package depends on."""

    needs: Annotated[list[Id], Field(max_length=100)]


@router.get(PLAN, response=BidPlanOut, summary="Get the work plan of a bid")
def show_bid_plan(request: Request, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """Includes what depends on what, and what begins too early."""
    enter(request, partnership_id)
    return _plan(get_bid(partnership_id, bid_id))


@router.post(f"{PLAN}/begin", response=BidPlanOut, summary="Start a work plan")
def begin_bid_plan(request: Request, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """Adds four usual work packages. Refused if there are already some."""
    enter(request, partnership_id)
    planning.begin_plan(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        now=timezone.localtime(),
    )
    return _plan(get_bid(partnership_id, bid_id))


@router.put(
    f"{PLAN}/{{package_id}}/needs",
    response=BidPackageOut,
    summary="Set what a work package depends on",
)
def set_package_needs(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    package_id: Id,
    values: BidNeedsIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Refused if it creates a circle, which the response names.

    The version is the work package's own.
    """
    enter(request, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    package = get_package(bid, package_id)
    changed = planning.set_needs(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        package_id=package_id,
        version=match_version(if_match, package.version),
        needs=values.needs,
        now=timezone.localtime(),
    )
    show_version(response, changed.version)
    return next(_package(one) for one in read_plan(bid).steps if one.record.pk == package_id)


def _plan(bid: Bid) -> dict[str, Any]:
    plan = read_plan(bid)
    return {
        "months": bid.months,
        "starts_on": bid.starts_on,
        "packages": [_package(one) for one in plan.steps],
        "person_months": plan.months,
    }


def _package(step: Step) -> dict[str, Any]:
    record = step.record
    names = ("number", "title", "aims", "first_month", "last_month", "version")
    return {name: getattr(record, name) for name in names} | {
        "id": record.pk,
        "lead": {"id": record.lead.pk, "name": record.lead.name} if record.lead else None,
        "starts_on": step.starts_on,
        "ends_on": step.ends_on,
        "needs": [one.pk for one in step.needs],
        "clashes": [one.pk for one in step.clashes],
        "person_months": step.months,
    }
