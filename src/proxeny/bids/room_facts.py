"""What bids tell the room of a partnership: figures, dates, what waits, and give and take."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.bids.models import Bid, Partner
from proxeny.bids.queries.steps import closing_day
from proxeny.bids.queries.waiting import find_in_room
from proxeny.bids.rules import OPEN
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.overview import AHEAD, DATES, Date, Tile, Waiting

State = Bid.State
#: A bid that was handed in, whatever the funder said to it.
SENT = (State.SUBMITTED, State.RESERVE, State.WON, State.LOST)


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many bids are in preparation, and how many wait for the funder. One query."""
    told = Bid.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        all=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)),
        sent=Count("pk", filter=Q(state__in=(State.SUBMITTED, State.RESERVE))),
    )  # fmt: skip
    count, sent = told["open"], told["sent"]
    value = ngettext("%(count)d in preparation", "%(count)d in preparation", count)
    note = ngettext("%(count)d submitted", "%(count)d submitted", sent) % {"count": sent}
    yield Tile(_("Bids"), value % {"count": count} if told["all"] else "", note if sent else "",
               reverse("bids:list", args=[partnership.pk]))  # fmt: skip


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield when calls close for which bids are written. One query. Their steps are actions."""
    until = datetime.combine(today + AHEAD, time.max, BRUSSELS)
    found = Bid.objects.filter(
        partnership=partnership, dropped_at=None, state__in=OPEN, call__closes_at__lte=until
    ).select_related("call").defer("idea", "call__text")  # fmt: skip
    for one in found.order_by("call__closes_at", "pk")[:DATES]:
        if day := closing_day(one):
            yield Date(day, one.title, reverse("bids:bid", args=[partnership.pk, one.pk]),
                       _("Call closes"), is_late=day < today)  # fmt: skip


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield what waits for the reader in bids of a room. One query."""
    found = find_in_room(reader, partnership.pk, now=timezone.now())
    told = (
        (found.unanswered, "bids:bid decision", _("Answer"), ngettext(
            "%(count)d bid waits for your side’s answer: do you go for it?",
            "%(count)d bids wait for your side’s answer: do you go for them?",
            len(found.unanswered),
        )),
        (found.left, "bids:consortium", _("Look at it"), ngettext(
            "A partner stepped back from %(count)d bid. See whether the conditions still hold.",
            "Partners stepped back from %(count)d bids. See whether the conditions still hold.",
            len(found.left),
        )),
        (found.undecided, "bids:submission sent", _("Note the result"), ngettext(
            "%(count)d bid was submitted half a year ago. Has the funder answered?",
            "%(count)d bids were submitted half a year ago. Has the funder answered?",
            len(found.undecided),
        )),
    )  # fmt: skip
    for bids, page, label, text in told:
        if bids:
            yield Waiting(text % {"count": len(bids)}, _way(page, partnership.pk, bids), label)
    if found.to_sign:
        count = len(found.to_sign)
        text = ngettext("%(count)d text of a bid waits for your signature.",
                        "%(count)d texts of bids wait for your signature.", count)  # fmt: skip
        yield Waiting(text % {"count": count}, reverse("bids:own", args=[found.to_sign[0]]),
                      _("Read and sign"))  # fmt: skip


def _way(page: str, partnership_id: int, bids: Sequence[int]) -> str:
    """Return where one bid is seen to, at a place of that page; of several, the list."""
    name, _space, place = page.partition(" ")
    if len(bids) == 1:
        url = reverse(name, args=[partnership_id, bids[0]])
        return f"{url}#{place}" if place else url
    return reverse("bids:list", args=[partnership_id])


def count_given(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield who brought partners into bids that were submitted, once a bid. One query.

    A side gives a bid by the partners that come with it. In an alliance all the others receive it:
    the first stands for them.
    """
    sides = {one.pk: one.organisation_id for one in parties}
    brought = Partner.objects.filter(
        partnership=partnership, dropped_at=None, party__in=sides, bid__dropped_at=None,
        bid__state__in=SENT, state=Partner.State.IN,
    )  # fmt: skip
    for _bid, party in (
        brought.order_by("bid_id", "party_id").values_list("bid_id", "party_id").distinct()
    ):
        others = [pk for pk in sides.values() if pk != sides[party]]
        if others:
            yield Given(Favour.Kind.BID, sides[party], others[0], 1)
