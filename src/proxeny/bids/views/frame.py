"""The frame of a bid's pages: the room, and the tabs of the bid."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import get_bid
from proxeny.bids.rules import OPEN, TONES, is_open
from proxeny.calls.queries.watching import days_until
from proxeny.calls.rules import format_deadline
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.partnerships.views.frame import Frame, enter_frame

#: A deadline counts as near this many days before it.
NEAR = 7
#: The pages of one bid: name, label, address.
TABS: list[tuple[str, Promise, str]] = [
    ("bid", gettext_lazy("Bid"), "bids:bid"),
    ("consortium", gettext_lazy("Consortium"), "bids:consortium"),
    ("plan", gettext_lazy("Work plan"), "bids:plan"),
    ("budget", gettext_lazy("Budget"), "bids:budget"),
    ("papers", gettext_lazy("Documents"), "bids:papers"),
    ("submission", gettext_lazy("Submission"), "bids:submission"),
]


@dataclass(frozen=True, slots=True)
class BidFrame:
    """A bid, as somebody of the room enters it."""

    room: Frame
    bid: Bid

    @property
    def may_write(self) -> bool:
        """Whether the reader may write in it: of the room, active, and the bid is still written."""
        return self.room.may_keep and is_open(self.bid)

    @property
    def may_steer(self) -> bool:
        """Whether the reader decides in it, whatever its state: a manager of the room."""
        return self.room.may_steer and self.bid.dropped_at is None

    def context(self, tab: str, *, zone: str = "") -> dict[str, Any]:
        """Return what `bids/bid_base.html` needs."""
        numbers = [self.room.partnership.pk, self.bid.pk]
        return {
            **self.room.context("bids"),
            "bid": self.bid,
            "call": self.bid.call,
            "tone": TONES[Bid.State(self.bid.state)],
            "bid_tabs": [
                {"url": reverse(name, args=numbers), "label": label, "active": code == tab}
                for code, label, name in TABS
            ],
            "may_write": self.may_write,
            "may_decide": self.may_steer,
            "today": timezone.localdate(),
            "is_written": self.bid.state in OPEN,
            **deadline(self.bid, zone=zone, now=timezone.now()),
        }


def deadline(bid: Bid, *, zone: str, now: datetime) -> dict[str, Any]:
    """Return when the call of a bid closes, in words, and how many days are left if few are."""
    closes = bid.call.closes_at
    if closes is None:
        return {"closes": "", "days": None, "is_near": False, "is_past": False}
    days = days_until(closes, now=now)
    return {
        "closes": format_deadline(closes, zone),
        "days": days if closes > now and days <= 30 else None,
        "is_near": days <= NEAR,
        "is_past": closes <= now,
    }


def enter_bid(request: Request, pk: int, bid_id: int, *, to_write: bool = False) -> BidFrame:
    """Return a bid of a room. At most five queries.

    Raises
    ------
    NotFound, NotAllowed
        The reader holds no seat in a party; `to_write`: the partnership has ended, or the bid is
        not written any more.
    """
    frame = BidFrame(enter_frame(request, pk), get_bid(pk, bid_id))
    if to_write and not frame.may_write:
        raise NotAllowed(_("Nothing can be changed here: the partnership or the bid has ended."))
    return frame


def show_tab(
    request: Request,
    frame: BidFrame,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of one bid."""
    context = {**frame.context(tab, zone=request.reader.time_zone), **context}
    return render(request, f"bids/{template}.html", context, status=status)
