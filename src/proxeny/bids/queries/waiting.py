"""What waits in bids: for a reader in all their rooms and companies, and in one room."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from proxeny.bids.models import Bid, Partner, Stance
from proxeny.bids.queries.own import speaks_for
from proxeny.bids.rules import OPEN, OUT
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership

State = Bid.State
#: Who stepped back is told for so long.
NEWS = timedelta(days=14)
#: A funder has answered by then: within five months, as European programmes promise, and one more.
ANSWERED = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class InRoom:
    """What waits in a room, by the numbers of bids; `to_sign` by those of partners.

    `unanswered` and `to_sign` are the reader's own; `left` are bids out of which a partner went.
    """

    unanswered: tuple[int, ...] = ()
    to_sign: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()


def find_unanswered(reader: Reader, *, now: datetime) -> QuerySet[Bid]:
    """Return the bids of which a side that the reader manages has not said whether it goes for it."""
    said = Stance.objects.filter(bid=OuterRef("pk"), party__organisation__in=reader.managed)
    is_open = (
        Q(call__closes_at=None) | Q(call__closes_at__gt=now) | Q(call__second_closes_at__gt=now)
    )
    found = Bid.objects.filter(
        is_open, state=State.EXPLORING, dropped_at=None, partnership__in=reader.steered
    )
    return found.exclude(Exists(said)).order_by("call__closes_at", "pk")


def find_to_sign(reader: Reader) -> QuerySet[Partner]:
    """Return the partners for which the reader can sign a letter of intent or a bid now."""
    waiting = RawSQL("SELECT proxeny_partners_to_sign()", [])
    found = Partner.objects.filter(pk__in=waiting, organisation__in=speaks_for(reader))
    return found.order_by("asked_at", "pk")


def find_in_room(reader: Reader, partnership_id: int, *, now: datetime) -> InRoom:
    """Return what waits for a reader in a room. One query."""
    room: dict[str, Any] = {"partnership_id": partnership_id, "dropped_at": None}
    bids = Bid.objects.filter(**room).order_by("pk")
    left = Partner.objects.filter(
        **room, bid=OuterRef("pk"), state__in=OUT, answered_at__gt=now - NEWS
    )
    wanted: dict[str, QuerySet[Any]] = {
        "unanswered": find_unanswered(reader, now=now).filter(**room),
        "to_sign": find_to_sign(reader).filter(**room),
        "left": bids.filter(Exists(left), state__in=OPEN),
        "undecided": bids.filter(state=State.SUBMITTED, submitted_at__lt=now - ANSWERED),
    }
    rows = Partnership.objects.filter(pk=partnership_id).values_list(
        *(ArraySubquery(one.values("pk")) for one in wanted.values())
    )
    found = rows.first() or [()] * len(wanted)
    # A selection that can find nothing is not asked, and gives no list at all.
    return InRoom(**{
        name: tuple(numbers or ()) for name, numbers in zip(wanted, found, strict=True)
    })  # fmt: skip
