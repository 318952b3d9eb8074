"""Exchange rates and the stress test, for programs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Named, Out, exact
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.operations import funding

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class RateIn(In):
    """The value of one unit of a currency in the partnership's own currency, from a day on."""

    currency: Currency
    rate: exact(16, 8, least=Decimal("1e-8"), most=10**8 - 1)
    since_on: date
    source: Annotated[str, Field(max_length=200)] = ""


@router.put("/{partnership_id}/rates", response={204: None}, summary="Set an exchange rate")
def set_rate(request: Request, partnership_id: Id, rate: RateIn) -> Status[None]:
    """Sets the rate. A second rate for the same currency and day replaces the first."""
    funding.set_rate(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **rate.model_dump(),
    )
    return Status(204, None)


@router.delete(
    "/{partnership_id}/rates/{rate_id}", response={204: None}, summary="Remove an exchange rate"
)
def remove_rate(request: Request, partnership_id: Id, rate_id: Id) -> Status[None]:
    """Removes the rate.

    Amounts in its currency are then converted at an earlier rate, or not counted if there is none.
    """
    funding.remove_rate(actor=request.reader, partnership_id=partnership_id, rate_id=rate_id)
    return Status(204, None)


class StressIn(In):
    """The sources that end: the percentage left of each source, such as `7:0,9:50`, and whether
    only secured money counts.
    """

    left: Annotated[str, Field(max_length=2000, pattern=r"^(\d{1,18}:\d{1,3}(,|$))*$")] = ""
    secured_only: bool = False
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None


class StopOut(Out):
    """An activity that stops, because of money or because of an activity it needs, and the amount
    that would save it.
    """

    activity: Named
    reason: Literal["money", "needs"]
    missing: Decimal


class StressOut(Out):
    """What continues when money ends. Amounts are in the partnership's currency."""

    currency: str
    status: Literal["optimal", "feasible"]
    core_kept: bool
    kept: list[Named]
    stopped: list[StopOut]
    save_core: Decimal
    save_all: Decimal
    left: Decimal


@router.get("/{partnership_id}/stress", response=StressOut, summary="Run a stress test")
def run_stress_test(request: Request, partnership_id: Id, test: Query[StressIn]) -> StressOut:
    """Returns the exact best set of activities that the remaining money pays for."""
    partnership = enter(request, partnership_id)
    parts = {
        int(a): int(b) for a, _c, b in (one.partition(":") for one in test.left.split(",") if one)
    }
    found = funding.stress(
        partnership,
        parts_left=parts,
        secured_only=test.secured_only,
        year=test.year,
        today=timezone.localdate(),
    )
    return StressOut(
        currency=found.ledger.currency,
        status=found.outcome.status,
        core_kept=found.outcome.core_kept,
        kept=[Named(id=one.pk, name=one.title) for one in found.kept],
        stopped=[
            StopOut(
                activity=Named(id=one.pk, name=one.title), reason=cast("Any", code), missing=missing
            )
            for one, code, missing in found.stopped
        ],
        save_core=found.save_core,
        save_all=found.save_all,
        left=found.left,
    )
