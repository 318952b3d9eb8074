"""Shorthands of the tests of what ends a bid: one that lacks nothing, answers of sides, signatures."""

from typing import Any

from django.utils import timezone

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.deciding import say_stance
from proxeny.bids.operations.signing_off import put_before_all
from proxeny.bids.operations.submitting import submit_bid
from proxeny.partnerships.models import Agreement, Signatory, SignOff
from proxeny.partnerships.operations import signing
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.factories.bids import (
    PaperFactory,
    PaperVersionFactory,
    SpendingFactory,
    StanceFactory,
    WorkPackageFactory,
)
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import AgreementFactory
from tests.partnerships.rooms import do, party

#: What a side says of a bid.
GO = {"says": "go", "goes_on": "part", "without_grant": "We measure in two harbours, with our own."}
NO = GO | {"says": "no", "why": "Nobody of ours has the time."}


def say(person, bid, **values: Any):
    """Answer for one's own side."""
    return do(
        person, say_stance, partnership_id=bid.partnership_id, bid_id=bid.pk, **{**GO, **values}
    )


def letter_of(partner: Partner) -> Agreement:
    """Let a partner have signed its letter of intent, and take part."""
    Partner.objects.filter(pk=partner.pk).update(state="in", asked_at=timezone.now())
    letter = AgreementFactory(
        partnership=partner.partnership,
        kind="letter",
        subject=str(partner.pk),
        text="We take part.",
        completed_at=timezone.now(),
    )
    Signatory.objects.create(agreement=letter, organisation=partner.organisation)
    SignOff.objects.create(
        agreement=letter,
        organisation=partner.organisation,
        person_name="Who signed",
        text_hash=letter.text_hash,
    )
    return letter


def whole_bid(world, *, call: Any = None, **values: Any) -> Bid:
    """Return a bid in preparation that lacks nothing but signatures.

    A's cluster coordinates, two members of B and one of A, a Spanish lab, take part; each spends.
    """
    given = {"state": "preparing", "months": 24, **values}
    bid = bid_of(world, call=call or call_of(world), **given)
    for side in (world.a, world.b):
        StanceFactory(bid=bid, party=party(world, side), person=side.manager)
    lab = OrganisationFactory(
        name="Lab of Vigo", country="ES", kind="university", visibility="public"
    )
    partners = [
        partner_of(bid, world.a.cluster, leads=True, party=party(world, world.a)),
        partner_of(bid, world.b.members[0], party=party(world, world.b)),
        partner_of(bid, lab),
    ]
    for partner in partners:
        letter_of(partner)
    packages = [
        WorkPackageFactory(bid=bid, number=number, title=title, lead=partners[number - 1])
        for number, title in ((1, "Measure"), (2, "Tell"))
    ]
    for partner in partners:
        for package in packages:
            SpendingFactory(partner=partner, package=package, amount=6)
    paper = PaperFactory(bid=bid, title="Part B", is_required=True)
    PaperVersionFactory(paper=paper)
    return Bid.objects.select_related("call").get(pk=bid.pk)


def put(person, bid, **values: Any) -> Agreement:
    """Put a bid before all its partners."""
    return do(person, put_before_all, partnership_id=bid.partnership_id, bid_id=bid.pk, **values)


def sign_all(agreement: Agreement) -> Agreement:
    """Let everybody sign who has not: by a link, as nobody."""
    signed = set(agreement.sign_offs.values_list("organisation_id", flat=True))
    for one in agreement.signatories.exclude(organisation_id__in=signed):
        signing.sign_as_guest(
            agreement_id=agreement.pk,
            organisation_id=one.organisation_id,
            name="Who signed",
            text_hash=agreement.text_hash,
            now=timezone.now(),
        )
    agreement.refresh_from_db()
    return agreement


def submit(person, bid, **values: Any) -> Bid:
    """Note that a bid was sent, just now."""
    given = {
        "version": Bid.objects.get(pk=bid.pk).version,
        "submitted_at": timezone.now(),
        "number": "101234567",
        **values,
    }
    return do(person, submit_bid, partnership_id=bid.partnership_id, bid_id=bid.pk, **given)


def fresh(bid: Bid) -> Bid:
    """Return a bid as it stands in the database."""
    return Bid.objects.select_related("call").get(pk=bid.pk)
