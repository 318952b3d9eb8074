"""The link between a grant and the partnership's sources of money."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, cast

from django.db.models import Sum
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid
from proxeny.bids.rules import is_european
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import FundingLine, FundingSource
from proxeny.partnerships.operations.records import add_record, drop_record, restore_record
from proxeny.partnerships.operations.room import save_version

#: Sums below this fit a line of the partnership's money.
MOST = Decimal(10) ** 10
_CENT = Decimal("0.01")


def carry_grant(actor: Reader, bid: Bid, *, now: datetime) -> None:
    """Record a bid's grant as a source of the partnership's money, once.

    The sum is spread evenly over the days of the project, one line for each year. A source whose
    sum is no longer granted is archived with people's notes on it; the same sum restores it.

    Side effects: records of the room and their audit rows; the bid remembers its source.
    """
    granted = bid.granted if bid.state == Bid.State.WON else None
    source = bid.money
    if source is not None and _sum_of(source) != granted and source.dropped_at is None:
        _do(drop_record, actor, bid, source, now)
    if not granted or granted >= MOST:
        return
    if source is None or _sum_of(source) != granted:
        save_version(bid, money=_add(actor, bid, granted, now))
    elif source.dropped_at is not None:
        _do(restore_record, actor, bid, source, now)


def split_grant(granted: Decimal, first: date, months: int) -> Iterator[tuple[int, Decimal]]:
    """Yield each year's share of a project's grant, by its days, without losing a cent."""
    year, month = divmod(first.month - 1 + months, 12)
    last = date(first.year + year, month + 1, min(first.day, 28)) - timedelta(days=1)
    days, left = (last - first).days + 1, granted
    for one in range(first.year, last.year):
        mine = (min(last, date(one, 12, 31)) - max(first, date(one, 1, 1))).days + 1
        part = (granted * mine / days).quantize(_CENT, ROUND_DOWN)
        left -= part
        yield one, part
    yield last.year, left


def _add(actor: Reader, bid: Bid, granted: Decimal, now: datetime) -> FundingSource:
    values = {
        "name": (_("Grant: %(bid)s") % {"bid": bid})[:200],
        "kind": FundingSource.Kind.EUROPEAN if is_european(bid.call) else FundingSource.Kind.OTHER,
        "certainty": FundingSource.Certainty.SECURED,
    }
    given: dict[str, Any] = {"actor": actor, "partnership_id": bid.partnership_id, "now": now}
    source = cast("FundingSource", add_record(kind="source", values=values, **given))
    first = bid.starts_on or bid.decided_on or now.date()
    months = bid.months if bid.starts_on else 1
    for year, amount in split_grant(granted, first, months):
        line = {"source": source, "year": year, "amount": amount, "currency": bid.call.currency}
        add_record(kind="line", values=line, **given)
    return source


def _sum_of(source: FundingSource) -> Decimal | None:
    lines = FundingLine.objects.filter(source=source, dropped_at=None)
    total: Decimal | None = lines.aggregate(sum=Sum("amount"))["sum"]
    return total


def _do(
    deed: Callable[..., Any], actor: Reader, bid: Bid, source: FundingSource, now: datetime
) -> None:
    bid.money = deed(
        actor=actor, kind="source", partnership_id=bid.partnership_id, record_id=source.pk, now=now
    )
