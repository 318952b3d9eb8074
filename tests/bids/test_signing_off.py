"""The whole bid put before all partners, signed, refused, and void once something changes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid, Partner, WorkPackage
from proxeny.bids.operations.checklist import check
from proxeny.bids.operations.leaving import note_left
from proxeny.bids.operations.signing_off import prepare_text, remind_signers
from proxeny.bids.operations.standing import read_standing
from proxeny.bids.operations.wording import fingerprint_of, write_text
from proxeny.bids.queries.texts import text_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.texts import name_of
from tests.bids.bidding import change, partner_of
from tests.bids.finishing import fresh, letter_of, put, sign_all, whole_bid
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.factories.directory import OrganisationFactory
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def standing_of(bid):
    return read_standing(fresh(bid), parties_of(bid.partnership), today=timezone.localdate())


def state_of(bid, code):
    items = check(standing_of(bid), zone="Europe/Athens", now=timezone.now())
    return next((one.state, one.text) for one in items if one.code == code)


def lab():
    return Partner.objects.get(name="Lab of Vigo")


def test_all_sign_the_same_words_and_then_it_is_agreed(world):
    bid = whole_bid(world)
    assert state_of(bid, "signed") == ("missing", "It hasn’t been sent for signature yet.")
    agreement = put(world.a.manager, bid)
    # A's cluster is a partner: its manager has signed at once.
    [signed] = agreement.sign_offs.all()
    assert signed.organisation == world.a.cluster
    assert state_of(bid, "signed") == (
        "missing",
        "Yet to sign: French member 1, Lab of Vigo.",
    )
    asked = set(
        Mail.objects.filter(subject="Please sign the bid “HARBOUR”").values_list(
            "recipient", flat=True
        )
    )
    assert world.b.representatives[0].email in asked
    assert lab().contact_email in asked
    assert world.a.manager.email not in asked
    sign_all(agreement)
    assert agreement.completed_at is not None
    assert state_of(bid, "signed") == ("done", "All partners have signed the bid as it is now.")
    assert AuditEntry.objects.filter(verb="agree_bid", target_id=bid.pk).count() == 1
    assert AuditEntry.objects.filter(verb="sign_bid").count() == 3
    told = Mail.objects.filter(subject="All partners have signed the bid “HARBOUR”")
    assert set(told.values_list("recipient", flat=True)) == {
        world.a.manager.email,
        world.b.manager.email,
    }
    assert name_of(agreement) == "the bid “HARBOUR”"


def test_the_text_says_who_does_what_and_what_each_asks_for(world):
    bid = whole_bid(world)
    Bid.objects.filter(pk=bid.pk).update(starts_on="2031-09-01")
    text = put(world.b.manager, bid).text
    assert f"Bid for the call “{bid.call.title}” ({bid.call.reference})" in text
    assert "Project: Clean harbours by small sensors (HARBOUR)" in text
    assert "Duration: 24 months, from 2031-09-01" in text
    assert "Indirect costs: 25 percent of direct costs, excluding subcontracting" in text
    # Twelve months of 5,000 each, and a quarter more.
    assert (
        "1. Greek cluster (GR), beneficiary, coordinator: costs EUR 75,000.00, requests"
        " EUR 75,000.00, own contribution EUR 0.00"
    ) in text
    sums = "Total costs: EUR 225,000.00. Requested: EUR 225,000.00. Own contribution: EUR 0.00."
    assert sums in text
    assert (
        "1. Measure, months 1 to 12, led by Greek cluster: 18 person-months, EUR 112,500.00" in text
    )
    assert fingerprint_of(standing_of(bid)) in text


def test_the_same_figures_make_the_same_words_and_others_do_not(world):
    bid = whole_bid(world)
    first = standing_of(bid)
    assert write_text(first, world.partnership) == write_text(standing_of(bid), world.partnership)
    bid.spendings.filter(partner__name="Lab of Vigo").update(amount=Decimal("6.01"))
    assert fingerprint_of(standing_of(bid)) != fingerprint_of(first)


def test_a_very_large_bid_is_shortened_and_keeps_its_fingerprint(world):
    bid = whole_bid(world)
    for number in range(3, 60):
        package = WorkPackageFactory(bid=bid, number=number, title=f"{number} " + "very long " * 18)
        other = OrganisationFactory(name=f"{number} " + "long name " * 18, country="FR")
        partner = partner_of(bid, other)
        SpendingFactory(partner=partner, package=package)
        Partner.objects.filter(pk=partner.pk).update(state="in")
    WorkPackage.objects.filter(bid=bid, lead=None).update(lead=Partner.objects.latest("pk"))
    standing = standing_of(bid)
    text = write_text(standing, world.partnership)
    assert len(text) <= 19_000
    assert fingerprint_of(standing) in text
    assert "59." in text


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda bid: Partner.objects.filter(name="Lab of Vigo").update(state="asked"),
            "Yet to agree: Lab of Vigo.",
        ),
        (
            lambda bid: Partner.objects.filter(name="Lab of Vigo").update(country="FR"),
            "1 condition is not met by the partners who have agreed.",
        ),
        (
            lambda bid: Partner.objects.filter(leads=True).update(leads=False),
            "No coordinator yet.",
        ),
        (
            lambda bid: type(bid.call).objects.update(grant_most=100_000),
            "The consortium requests €125,000 more than the largest grant.",
        ),
        (lambda bid: bid.spendings.all().delete(), "Nothing is budgeted yet."),
        (
            lambda bid: Agreement.objects.filter(kind="letter", subject=str(lab().pk)).update(
                closed_at=timezone.now()
            ),
            "Letter of intent not signed: Lab of Vigo.",
        ),
    ],
)
def test_what_is_missing_is_told_and_nobody_is_asked(world, spoil, words):
    bid = whole_bid(world)
    spoil(bid)
    with pytest.raises(InvalidInput) as refused:
        put(world.a.manager, bid)
    assert words in str(refused.value)
    assert not Agreement.objects.filter(kind="bid").exists()
    assert not Mail.objects.exists()


def test_only_managers_put_it_and_only_in_preparation(world):
    bid = whole_bid(world)
    with pytest.raises(NotAllowed):
        put(world.a.ambassador, bid)
    for person in others(world).values():
        with pytest.raises(NotFound):
            put(person, bid)
    Bid.objects.update(state="exploring")
    with pytest.raises(Conflict):
        put(world.a.manager, bid)


def test_nobody_puts_what_was_changed_since_nor_the_same_twice(world):
    bid = whole_bid(world)
    seen = fingerprint_of(standing_of(bid))
    bid.spendings.filter(partner__name="Lab of Vigo").update(amount=7)
    with pytest.raises(Conflict, match="changed since you opened"):
        put(world.a.manager, bid, seen=seen)
    first = put(world.a.manager, bid, seen=fingerprint_of(standing_of(bid)))
    with pytest.raises(Conflict, match="already been sent to all partners"):
        put(world.b.manager, bid)
    # Figures that moved without anybody noticing: the new text takes the place of the old one.
    bid.spendings.filter(partner__name="Lab of Vigo").update(amount=8)
    second = put(world.b.manager, bid)
    first.refresh_from_db()
    assert (second.number, first.closed_at is not None) == (2, True)


def test_a_subcontractor_signs_nothing(world):
    bid = whole_bid(world)
    firm = OrganisationFactory(name="Printer of Lyon", country="FR")
    letter_of(partner_of(bid, firm, role="subcontractor"))
    agreement = put(world.a.manager, bid)
    assert firm.pk not in agreement.signatories.values_list("organisation_id", flat=True)
    assert agreement.signatories.count() == 3


def test_a_refusal_is_told_with_its_reason_and_it_is_put_again(world):
    bid = whole_bid(world)
    agreement = put(world.a.manager, bid)
    signing.close_as_guest(
        agreement_id=agreement.pk,
        organisation_id=lab().organisation_id,
        why="Our part is too small.",
        now=timezone.now(),
    )
    text = text_of(fresh(bid), Partner.objects.filter(bid=bid))
    assert (text.refused_by, text.agreement.closed_why) == ("Lab of Vigo", "Our part is too small.")
    assert state_of(bid, "signed") == (
        "missing",
        "Lab of Vigo declined to sign. Send it to all partners for signature again.",
    )
    told = Mail.objects.filter(subject="Lab of Vigo declined to sign the bid “HARBOUR”")
    assert told.count() == 2
    assert "Our part is too small." in told.first().text
    assert fresh(bid).state == "preparing"
    again = put(world.a.manager, bid)
    assert again.number == 2
    assert sign_all(again).completed_at is not None


def test_a_partner_that_leaves_after_all_signed_voids_it_and_loses_nothing(world):
    bid = whole_bid(world)
    agreement = sign_all(put(world.a.manager, bid))
    do(
        world.b.manager,
        note_left,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        partner_id=lab().pk,
        why="Its money was cut.",
    )
    agreement.refresh_from_db()
    assert agreement.closed_at is not None
    assert "Its money was cut." in agreement.closed_why
    assert agreement.sign_offs.count() == 3
    assert state_of(bid, "signed") == (
        "missing",
        "It has changed since it was signed. Send it to all partners for signature again.",
    )
    assert Bid.objects.get().state == "preparing"
    assert bid.spendings.filter(partner=lab()).count() == 2


def test_a_change_of_the_consortium_voids_it_and_says_which(world):
    bid = whole_bid(world)
    agreement = put(world.a.manager, bid)
    change(world.b.manager, lab(), "bid-partner", role="associated_partner")
    agreement.refresh_from_db()
    assert agreement.closed_why == "The details of Lab of Vigo in the consortium changed."
    assert text_of(fresh(bid), ()).refused_by == ""


def test_who_has_not_signed_is_reminded_once_a_day(world):
    bid, now = whole_bid(world), timezone.now()
    remind = lambda person, when: do(  # noqa: E731
        person, remind_signers, partnership_id=bid.partnership_id, bid_id=bid.pk, now=when
    )
    with pytest.raises(Conflict, match="No signatures are pending"):
        remind(world.a.manager, now)
    agreement = put(world.a.manager, bid)
    with pytest.raises(Conflict, match="within the last day"):
        remind(world.a.manager, now + timedelta(hours=2))
    signing.sign_as_guest(
        agreement_id=agreement.pk,
        organisation_id=lab().organisation_id,
        name="Who signed",
        text_hash=agreement.text_hash,
        now=now,
    )
    later = now + timedelta(days=1, hours=1)
    assert [one.name for one in remind(world.b.manager, later)] == ["French member 1"]
    assert Mail.objects.filter(subject="Reminder: Please sign the bid “HARBOUR”").exists()
    with pytest.raises(Conflict, match="within the last day"):
        remind(world.a.manager, later + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        remind(world.a.ambassador, later + timedelta(days=2))
    entry = AuditEntry.objects.get(verb="remind_signers")
    assert entry.changes["reminded"] == [[], ["French member 1"]]


def test_what_would_be_signed_is_prepared_for_both_sides_alike(world, reading):
    bid = whole_bid(world)
    texts = set()
    for person in (world.a.manager, world.b.ambassador):
        with reading(person):
            prepared = prepare_text(
                standing_of(bid), world.partnership, zone="Europe/Paris", now=timezone.now()
            )
        assert prepared.missing == ()
        texts.add(prepared.text)
    assert len(texts) == 1
