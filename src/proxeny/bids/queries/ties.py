"""Ties between organisations, as far as both sides of a room may read them.

The results are visible in the room.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from proxeny.bids.models import Bid, Partner
from proxeny.bids.rules import OPEN, OUT
from proxeny.directory.queries.past_work import works_of
from proxeny.meetings.models import Meeting, Rating
from proxeny.partnerships.introduction_queries import members_listed
from proxeny.partnerships.models import Partnership

#: Why two know each other, the strongest first; a level from 1 to 3 as the engine has it.
LEVELS = {"bid": 3, "project": 3, "followed": 2, "met": 1}
#: After a meeting of which one said this, it went on.
_WENT_ON = (
    Rating.Value.POSSIBLE,
    Rating.Value.CONTACT,
    Rating.Value.NEGOTIATING,
    Rating.Value.AGREEMENT,
)

type Pair = tuple[int, int]


def read_ties(partnership: Partnership, bid: Bid, *, today: date) -> dict[Pair, str]:
    """Return why organisations know each other, by pair, the smaller number first.

    Both were in a bid of this room that was submitted, or in a project that a cluster of the room
    keeps of members it shares as a list; or they met through this partnership. Five queries, and
    one for each party that shares its list.
    """
    found: dict[Pair, str] = {}
    for why, pairs in (
        ("bid", _bid_together(bid)),
        ("project", _worked_together(partnership, today=today)),
        ("followed", _went_on(partnership)),
        ("met", _met(partnership)),
    ):
        for one, other in pairs:
            found.setdefault((min(one, other), max(one, other)), why)
    return found


def _bid_together(bid: Bid) -> Iterator[Pair]:
    rows = (
        Partner.objects.filter(
            partnership_id=bid.partnership_id,
            dropped_at=None,
            bid__dropped_at=None,
            bid__submitted_at__isnull=False,
        )
        .exclude(state__in=OUT)
        .exclude(bid__state__in=OPEN)
    )
    by_bid: dict[int, list[int]] = {}
    for number, organisation in rows.order_by("pk").values_list("bid_id", "organisation_id"):
        by_bid.setdefault(number, []).append(organisation)
    return _pairs(by_bid.values())


def _worked_together(partnership: Partnership, *, today: date) -> Iterator[Pair]:
    works = works_of(members_listed(partnership, today=today))
    return _pairs(sorted(work.rows) for work in works)


def _went_on(partnership: Partnership) -> Iterator[Pair]:
    found = Rating.objects.filter(
        party__meeting__partnership=partnership,
        party__meeting__kind=Meeting.Kind.BUSINESS,
        party__meeting__state=Meeting.State.HELD,
        value__in=_WENT_ON,
    )
    rows = found.order_by("pk").values_list("party__meeting__organisations", flat=True)
    return _pairs(rows)


def _met(partnership: Partnership) -> Iterator[Pair]:
    held = Meeting.objects.filter(
        partnership=partnership, kind=Meeting.Kind.BUSINESS, state=Meeting.State.HELD
    )
    return _pairs(held.order_by("pk").values_list("organisations", flat=True))


def _pairs(groups: Iterable[Iterable[int]]) -> Iterator[Pair]:
    for group in groups:
        yield from combinations(dict.fromkeys(group), 2)
