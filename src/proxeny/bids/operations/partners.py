"""Partners of a bid for the operations on them: locked, changed, removed."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.models import Bid, Link, Partner, WorkPackage
from proxeny.bids.operations.guards import enter_bid, unsign
from proxeny.bids.queries.bids import get_partner
from proxeny.bids.queries.own import WITH, find_own
from proxeny.bids.rules import OPEN
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.room import Entered

State = Partner.State
#: The message for a partner whose state changed meanwhile.
MOVED = gettext_lazy(
    "This partner’s status has changed in the meantime. Check where things are now."
)


def enter_partner(
    actor: Reader, partnership_id: int, bid_id: int, partner_id: int, *states: str
) -> tuple[Entered[Bid], Partner]:
    """Return a partner of a bid in preparation, in whose room the actor may write.

    Both are locked until the transaction ends, and their partnership before them, in the same order
    as when signing.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `enter_bid`; there is no such partner, or it is in none of the states.
    """
    guards.lock(partnership_id)
    entered = enter_bid(actor, partnership_id, bid_id, *OPEN)
    get_partner(partnership_id, bid_id, partner_id)
    return entered, _locked(partner_id, *states)


def hold_partner(partner_id: int, *states: str) -> Partner:
    """Return a partner, locked as by `enter_partner`; checking rights is up to the caller.

    Raises
    ------
    Conflict
        It is in none of the states, or its bid is no longer in preparation.
    """
    with as_service("A partner answers for itself, but may see neither the bid nor its room."):
        where = Partner.objects.values_list("partnership_id", "bid_id").get(pk=partner_id)
        guards.lock(where[0])
        bid = Bid.objects.select_for_update().get(pk=where[1])
    if bid.state not in OPEN or bid.dropped_at is not None:
        raise Conflict(_("This bid can no longer be edited, so you can’t reply here."))
    return _locked(partner_id, *states)


def hold_own(actor: Reader, partner_id: int, *states: str) -> Partner:
    """Return a partner for which the actor answers, locked as `hold_partner`.

    Raises
    ------
    NotFound, Conflict
        The actor speaks for no such partner, or it was not asked; as `hold_partner`.
    """
    if not find_own(actor).filter(pk=partner_id).exists():
        raise NotFound(_("We couldn’t find this bid."))
    return hold_partner(partner_id, *states)


def _locked(partner_id: int, *states: str) -> Partner:
    with as_service("A partner answers for itself, but only the room may lock or write its row."):
        found = Partner.objects.select_for_update(of=("self",)).select_related(*WITH)
        one = found.get(pk=partner_id)
    if one.dropped_at is not None or (states and one.state not in states):
        raise Conflict(MOVED)
    return one


def write_partner(partner: Partner, **values: Any) -> None:
    """Write fields of a locked partner and raise its version."""
    with as_service("A partner answers for itself, but only the room may write its row."):
        Partner.objects.filter(pk=partner.pk).update(version=F("version") + 1, **values)
    for name, value in values.items():
        setattr(partner, name, value)
    partner.version += 1


def take_out(partner: Partner, state: str, *, word: str, why: str, now: datetime) -> None:
    """Stop planning with a partner that declined or left.

    It coordinates and leads nothing any more. Its role and what it would have spent stay as they
    are, uncounted. Its letter and its links are closed; what all have signed holds no longer, for
    the reason `why`.
    """
    write_partner(partner, state=state, leads=False, word=word, answered_at=now)
    with as_service("A partner that goes may not write the work packages that it led."):
        WorkPackage.objects.filter(lead=partner).update(lead=None, version=F("version") + 1)
    close_links(partner, now=now)
    signing.void(partner.partnership_id, Agreement.Kind.LETTER, str(partner.pk), now=now, why=word)
    unsign(partner.bid, now=now, why=why)


def note_own(actor: Reader, verb: str, partner: Partner, why: str = "") -> None:
    """Write an audit row of an action by a partner itself, or by its cluster."""
    audit.record(
        actor,
        verb,
        partner,
        organisation_id=partner.organisation_id,
        partnership_id=partner.partnership_id,
        changes={"title": partner.name},
        why=why,
    )


def close_links(partner: Partner, *, now: datetime) -> None:
    """Let the links of a partner open nothing any more."""
    with as_service("No reader may see or write links, but what is settled closes its own."):
        Link.objects.filter(partner=partner, closed_at=None).update(closed_at=now)
