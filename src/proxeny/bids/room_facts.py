"""Facts of bids for the room of a partnership: figures, dates, tasks, and give and take."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.bids.models import Bid, Partner
from proxeny.bids.queries.steps import closing_day
from proxeny.bids.rules import OPEN, TONES
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.overview import AHEAD, MOST_DATES, MOST_ITEMS, Date, Item, Tile

State = Bid.State
#: A bid that was handed in, whatever the funder said to it.
SENT = (State.SUBMITTED, State.RESERVE, State.WON, State.LOST)


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many bids are in preparation, and how many wait for the funder. One query."""
    told = Bid.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN)),
        sent=Count("pk", filter=Q(state__in=(State.SUBMITTED, State.RESERVE))),
    )
    count, sent = told["open"], told["sent"]
    value = ngettext("%(count)d in preparation", "%(count)d in preparation", count)
    note = ngettext("%(count)d submitted", "%(count)d submitted", sent) % {"count": sent}
    yield Tile(
        _("Bids"),
        value % {"count": count} if told["all"] else "",
        note if sent else "",
        reverse("bids:list", args=[partnership.pk]),
    )


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Kind[Date]]:
    """Yield when calls close for which bids are written. Their steps are actions."""

    def tell(pk: int, title: str, closes: str) -> Date:
        day = datetime.fromisoformat(closes).astimezone(BRUSSELS).date()
        url = reverse("bids:bid", args=[partnership.pk, pk])
        return Date(day, title, url, _("Call closes"), is_late=day < today)

    until = datetime.combine(today + AHEAD, time.max, BRUSSELS)
    found = Bid.objects.filter(
        partnership=partnership, dropped_at=None, state__in=OPEN, call__closes_at__lte=until
    ).order_by("call__closes_at", "pk")
    yield Kind(found, tell, {"title": "title", "closes": "call__closes_at"}, most=MOST_DATES)


def count_given(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield each side whose partners take part in submitted bids, once a bid. One query.

    A side gives a bid by the partners that come with it. In an alliance all the others receive it:
    the first represents them.
    """
    sides = {one.pk: one.organisation_id for one in parties}
    brought = Partner.objects.filter(
        partnership=partnership,
        dropped_at=None,
        party__in=sides,
        bid__dropped_at=None,
        bid__state__in=SENT,
        state=Partner.State.IN,
    )
    for _bid, party in (
        brought.order_by("bid_id", "party_id").values_list("bid_id", "party_id").distinct()
    ):
        others = [pk for pk in sides.values() if pk != sides[party]]
        if others:
            yield Given(Favour.Kind.BID, sides[party], others[0], 1)


def find_items(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield bids in preparation, with the day on which their call closes. One query."""
    found = Bid.objects.filter(partnership=partnership, dropped_at=None, state__in=OPEN)
    found = found.select_related("call").defer("idea", "call__text")
    for one in found.order_by("call__closes_at", "-pk")[:MOST_ITEMS]:
        day = closing_day(one)
        yield Item(
            one.title,
            reverse("bids:bid", args=[partnership.pk, one.pk]),
            date_format(day) if day else "",
            one.get_state_display(),
            TONES[State(one.state)],
        )
