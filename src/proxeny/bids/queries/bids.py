"""Bids of a room: search results, a single one, and its partners."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner
from proxeny.bids.rules import ORDER, OUT
from proxeny.calls.queries.calls import LONG
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party

State = Bid.State
#: Sort orders of bids, by the parameter of the address; those in preparation come first.
SORTS = {
    "": ("place", "call__closes_at", "-pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "state": ("place", "title", "pk"),
    "-state": ("-place", "title", "pk"),
    "closes": ("call__closes_at", "pk"),
    "-closes": ("-call__closes_at", "-pk"),
}


def get_bid(partnership_id: int, bid_id: int) -> Bid:
    """Return a bid with its call, archived or not; `NotFound` if the reader sees none.

    One query.
    """
    found = Bid.objects.select_related("call", "copied_from").filter(pk=bid_id)
    one = found.filter(partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this bid."))
    return one


def find_bids(
    partnership_id: int, *, q: str = "", state: str = "", away: bool = False, sort: str = ""
) -> QuerySet[Bid]:
    """Return matching bids, each with `counted` and `agreed` partners, without long texts.

    Parameters
    ----------
    q : str
        Words that all stand in the title, the acronym, the idea or the call.
    state : str
        One of `Bid.State`; empty for all.
    sort : str
        One of `SORTS`.
    """
    found = Bid.objects.filter(partnership_id=partnership_id, dropped_at__isnull=not away)
    for word in q.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(acronym__icontains=word)
            | Q(idea__icontains=word)
            | Q(call__title__icontains=word)
            | Q(call__reference__icontains=word)
        )
    if state:
        found = found.filter(state=state)
    kept = Q(partners__dropped_at=None)
    found = (
        found.select_related("call")
        .defer(*(f"call__{name}" for name in LONG))
        .annotate(
            place=_place(),
            counted=Count("partners", filter=kept & ~Q(partners__state__in=OUT)),
            agreed=Count("partners", filter=kept & Q(partners__state=Partner.State.IN)),
        )
    )
    return found.order_by(*SORTS.get(sort, SORTS[""]))


def bids_of_call(call_id: int) -> list[Bid]:
    """Return the bids for a call that the reader sees, each with its partnership. One query."""
    found = Bid.objects.filter(call_id=call_id, dropped_at=None).select_related("partnership")
    return list(found.order_by("pk"))


def rooms_to_bid_in(reader: Reader, steward_id: int) -> list[Partnership]:
    """Return the partnerships in which the reader's side may bid for calls of a cluster. One query.

    The cluster that imported the call is a party of them, so all participants already see it.
    """
    joined = Party.objects.filter(state=Party.State.JOINED)
    mine, brought = (
        joined.filter(organisation_id__in=some).values("partnership_id")
        for some in (reader.organisations, [steward_id])
    )
    found = (
        Partnership.objects.filter(pk__in=reader.rooms, state=Partnership.State.ACTIVE)
        .filter(pk__in=mine)
        .filter(pk__in=brought)
    )
    return list(found.order_by("title", "pk"))


def _place() -> Case:
    return Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(ORDER)),
        output_field=IntegerField(),
    )


def partners_of(bid: Bid) -> list[Partner]:
    """Return the partners of a bid: the coordinator first, then those that agreed. One query.

    Without their entries: not everybody in the room sees each of them in the directory.
    """
    found = Partner.objects.filter(bid=bid, dropped_at=None).select_related("party__organisation")
    order: dict[str, int] = {
        state: number
        for number, state in enumerate(
            (Partner.State.IN, Partner.State.ASKED, Partner.State.NOTED, *OUT)
        )
    }
    return sorted(found, key=lambda one: (order[one.state], not one.leads, one.name, one.pk))


def counted(partners: Iterable[Partner]) -> list[Partner]:
    """Return the partners that the bid is planned with."""
    return [one for one in partners if one.is_counted]


def get_partner(partnership_id: int, bid_id: int, partner_id: int) -> Partner:
    """Return a partner of a bid; `NotFound` if the reader sees none. One query."""
    found = Partner.objects.filter(pk=partner_id, bid_id=bid_id, partnership_id=partnership_id)
    one = found.filter(dropped_at=None).select_related("bid", "party__organisation").first()
    if one is None:
        raise NotFound(_("We couldn’t find this partner."))
    return one


def table_of(bids: Iterable[Bid], *, zone: object) -> tuple[list[str], list[list[object]]]:
    """Return bids, as `find_bids` gives them, as a table: header and rows."""
    header = [
        _("Bid"),
        _("Acronym"),
        _("State"),
        _("Call"),
        _("Reference"),
        _("Call closes at"),
        _("Partners"),
        _("Partners that have agreed"),
        _("Submitted at"),
        _("Submission number"),
        _("Decided on"),
        _("Points"),
        _("Grant"),
        _("Currency"),
        _("What we learned"),
    ]
    rows: list[list[object]] = [
        [
            one.title,
            one.acronym,
            one.get_state_display(),
            one.call.title,
            one.call.reference,
            _moment(one.call.closes_at, zone),
            one.counted,
            one.agreed,
            _moment(one.submitted_at, zone),
            one.submitted_as,
            one.decided_on.isoformat() if one.decided_on else "",
            "" if one.points is None else float(one.points),
            "" if one.granted is None else float(one.granted),
            one.call.currency,
            one.learned,
        ]
        for one in cast("Iterable[Any]", bids)
    ]
    return header, rows


def _moment(moment: datetime | None, zone: Any) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""
