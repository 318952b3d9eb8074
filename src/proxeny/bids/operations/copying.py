"""Copying of a bid's consortium to another bid, whether the first was won or lost."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, PackageNeed, Partner, Spending, WorkPackage
from proxeny.bids.operations.guards import enter_bid
from proxeny.bids.queries.copying import Whole, read_whole
from proxeny.bids.rules import OUT
from proxeny.calls.models import Call
from proxeny.calls.queries.calls import get_call
from proxeny.calls.rules import State as CallState
from proxeny.calls.rules import state_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.records import MOST
from proxeny.partnerships.operations.room import Entered, note

#: Fields copied unchanged.
_OF_BID = ("acronym", "idea", "months", "overhead")
_OF_PARTNER = (
    "organisation_id",
    "name",
    "country",
    "kind",
    "role",
    "leads",
    "sme",
    "nonprofit",
    "group",
    "brings",
    "contact_name",
    "contact_email",
    "language",
    "percent",
)
#: Sums, which mean nothing in another currency.
_SUMS = ("rate", "request")
_OF_PACKAGE = ("number", "title", "aims", "first_month", "last_month")


@transaction.atomic
def copy_bid(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    call_id: int,
    now: datetime,
    title: str = "",
    also: Collection[int] = (),
) -> Bid:
    """Create another bid with the consortium, the work plan and the budget of an existing one.

    All partners have to be invited again; documents are not copied. If the currency differs,
    person-months are copied, and sums are not.

    Parameters
    ----------
    call_id : int
        A call imported by a party of the room, coming or open; it may be the same.
    title : str
        Of the new project; if empty, the old title.
    also : collection of int
        Partners that declined or left, to plan with again.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; there are too many bids.
    InvalidInput
        The room cannot bid for the call, or the title is too long.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    source, title = entered.record, " ".join(title.split()) or entered.record.title
    if len(title) > 200:
        raise InvalidInput(_("Shorten this to %(most)d characters.") % {"most": 200}, field="title")
    if Bid.objects.filter(partnership_id=partnership_id, dropped_at=None).count() >= MOST:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))
    call = _find_call(source, call_id, now)
    values = {name: getattr(source, name) for name in _OF_BID}
    made = Bid.objects.create(
        partnership_id=partnership_id,
        call=call,
        title=title,
        copied_from=source,
        created_at=now,
        **values,
    )
    whole = read_whole(source)
    with_sums = call.currency == source.call.currency
    partners = _copy_partners(entered, made, whole, set(also), with_sums, now)
    packages = _copy_packages(made, whole, partners, now)
    _copy_needs(made, whole, packages)
    _copy_spendings(made, whole, partners, packages, with_sums)
    note(
        actor,
        "copy_bid",
        entered,
        made,
        changes={
            "title": title,
            "copied_from": [None, source.pk],
            "partners": len(partners),
            "packages": len(packages),
        },
    )
    return made


def _find_call(source: Bid, call_id: int, now: datetime) -> Call:
    """Return a call for which the room can bid now."""
    try:
        call = get_call(call_id)
    except NotFound as error:
        raise InvalidInput(str(error), field="call") from error
    blank = Bid(partnership_id=source.partnership_id)
    if not KINDS["bid"].takes["call"](blank, call.pk):
        raise InvalidInput(
            _("Choose a call that one of your clusters manages and that isn’t archived."),
            field="call",
        )
    if state_of(call, now=now) == CallState.CLOSED:
        raise InvalidInput(
            _("This call has closed. Choose one that is open or forthcoming."), field="call"
        )
    return call


def _copy_partners(
    entered: Entered[Bid], made: Bid, whole: Whole, also: set[int], with_sums: bool, now: datetime
) -> dict[int, Partner]:
    """Copy the planned partners as not yet invited; return the copies by the originals' numbers."""
    joined = {one.pk for one in entered.parties if one.state == Party.State.JOINED}
    names = (*_OF_PARTNER, *_SUMS) if with_sums else _OF_PARTNER
    taken = [one for one in whole.partners if one.state not in OUT or one.pk in also]
    copies = [
        Partner(
            partnership_id=made.partnership_id,
            bid=made,
            created_at=now,
            party_id=one.party_id if one.party_id in joined else None,
            **{name: getattr(one, name) for name in names},
        )
        for one in taken
    ]
    Partner.objects.bulk_create(copies)
    return {old.pk: new for old, new in zip(taken, copies, strict=True)}


def _copy_packages(
    made: Bid, whole: Whole, partners: dict[int, Partner], now: datetime
) -> dict[int, WorkPackage]:
    copies = [
        WorkPackage(
            partnership_id=made.partnership_id,
            bid=made,
            created_at=now,
            lead=partners.get(one.lead_id or 0),
            **_values(one, _OF_PACKAGE),
        )
        for one in whole.packages
    ]
    WorkPackage.objects.bulk_create(copies)
    return {old.pk: new for old, new in zip(whole.packages, copies, strict=True)}


def _values(one: Any, names: Collection[str]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _copy_needs(made: Bid, whole: Whole, packages: dict[int, WorkPackage]) -> None:
    PackageNeed.objects.bulk_create(
        PackageNeed(
            partnership_id=made.partnership_id,
            package=packages[one.package_id],
            needs=packages[one.needs_id],
        )
        for one in whole.needs
    )


def _copy_spendings(
    made: Bid,
    whole: Whole,
    partners: dict[int, Partner],
    packages: dict[int, WorkPackage],
    with_sums: bool,
) -> None:
    Spending.objects.bulk_create(
        Spending(
            partnership_id=made.partnership_id,
            bid=made,
            partner=partners[one.partner_id],
            package=packages[one.package_id],
            category=one.category,
            amount=one.amount,
        )
        for one in whole.spendings
        if one.partner_id in partners and (with_sums or one.category == Spending.Category.MONTHS)
    )
