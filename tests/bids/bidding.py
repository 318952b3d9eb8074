"""Shorthands of the tests of bids: a bid of both sides, its partners, and deeds of people."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from proxeny.bids.models import Bid, Partner
from proxeny.partnerships.operations.records import add_record, change_record, drop_record
from tests.factories.bids import BidFactory, PartnerFactory
from tests.factories.calls import CallFactory
from tests.factories.world import World
from tests.partnerships.rooms import do


def call_of(world: World, **values: Any) -> Any:
    """Return a call that A brought; it closes in thirty days."""
    given = {"closes_at": timezone.now() + timedelta(days=30), **values}
    return CallFactory(steward=world.a.cluster, **given)


def bid_of(world: World, *, call: Any = None, **values: Any) -> Bid:
    """Return a bid of A and B."""
    made = BidFactory(partnership=world.partnership, call=call or call_of(world), **values)
    return Bid.objects.select_related("call").get(pk=made.pk)


def partner_of(bid: Bid, organisation: Any, **values: Any) -> Partner:
    """Return an organisation as a partner of a bid, by its entry."""
    return PartnerFactory(bid=bid, organisation=organisation, **values)


def begin(person, world, call, /, **values):
    """Begin a bid as its form does."""
    given = {"call": call.pk, "title": "Clean harbours", "months": 24, **values}
    return do(person, add_record, kind="bid", partnership_id=world.partnership.pk, values=given)


def add(person, bid, kind, /, **values):
    """Note something of a bid, as the form of its kind does."""
    return do(
        person,
        add_record,
        kind=kind,
        partnership_id=bid.partnership_id,
        values={"bid": bid.pk, **values},
    )


def change(person, record, kind, /, **values):
    """Change it, having seen it as it is."""
    version = type(record).objects.get(pk=record.pk).version
    return do(
        person,
        change_record,
        kind=kind,
        partnership_id=record.partnership_id,
        record_id=record.pk,
        version=version,
        values=values,
    )


def drop(person, record, kind):
    """Put it away."""
    return do(
        person, drop_record, kind=kind, partnership_id=record.partnership_id, record_id=record.pk
    )
