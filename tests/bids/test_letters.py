"""Letters of intent and whole bids as partners sign or refuse them, with a seat."""

import pytest
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations import answering, leaving
from proxeny.bids.queries.own import find_own, read_own
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Agreement, Partnership, SignOff
from proxeny.partnerships.operations import signing
from proxeny.partnerships.texts import name_of
from tests.bids.bidding import bid_of, change, partner_of
from tests.bids.joining import (
    ask,
    lab,
    letter_of,
    mails_to,
    note_left,
    refuse,
    sign,
    sign_by_link,
    whole_text,
    withdraw,
)
from tests.conftest import reader_of
from tests.factories.accounts import SeatFactory
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db
State = Partner.State


def asked(world, organisation=None, **values):
    """Return a member of B that was asked by A's manager."""
    bid = values.pop("bid", None) or bid_of(world)
    partner = partner_of(bid, organisation or world.b.members[0], **values)
    ask(world.a.manager, partner)
    partner.refresh_from_db()
    return partner


def test_who_signs_takes_part_and_the_room_hears_of_it(world):
    partner, person = asked(world), world.b.representatives[0]
    sign(person, partner, word="We bring our own boat.")
    partner.refresh_from_db()
    assert (partner.state, partner.word) == (State.IN, "We bring our own boat.")
    assert partner.answered_at is not None
    letter = letter_of(partner)
    assert letter.completed_at is not None
    signed = letter.sign_offs.get()
    assert (signed.person_id, signed.organisation_id) == (person.pk, partner.organisation_id)
    for manager in (world.a.manager, world.b.manager):
        told = mails_to(manager.email)[-1]
        assert "taking part in" in told.subject
        assert "We bring our own boat." in told.text
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"ask_partner", "ask_letter", "sign_letter", "join_bid"} <= verbs
    assert name_of(letter) == f"the letter of intent of {partner.name}"


def test_an_organisation_from_outside_signs_too(world):
    # C is no party, and sees neither the partnership nor the bid.
    partner = asked(world, world.c.members[0])
    person = world.c.representatives[0]
    sheet = do(person, lambda actor, now: read_own(actor, partner.pk))
    assert sheet.bid.title == "Clean harbours by small sensors"
    sign(person, partner)
    partner.refresh_from_db()
    assert partner.state == State.IN


def test_nobody_signs_for_another_organisation(world):
    partner = asked(world)
    for person in (*others(world).values(), world.a.manager, world.b.manager):
        if person == world.b.representatives[0]:
            continue
        with pytest.raises(NotFound):
            sign(person, partner)
        with pytest.raises(NotFound):
            refuse(person, partner)
        with pytest.raises(NotFound):
            do(person, leaving.leave_own, partner_id=partner.pk, why="No.")
    assert not SignOff.objects.filter(agreement=letter_of(partner)).exists()


def test_a_letter_of_another_partner_is_not_signed(world):
    bid = bid_of(world)
    mine, other = asked(world, bid=bid), asked(world, world.b.members[1], bid=bid)
    person = world.b.representatives[0]
    with pytest.raises(NotFound, match="We couldn’t find this text"):
        sign(person, mine, text=letter_of(other))


def test_a_text_that_changed_meanwhile_is_not_signed(world):
    partner, person = asked(world), world.b.representatives[0]
    old = letter_of(partner)
    change(world.a.manager, partner, "bid-partner", brings="Forty harbours.")
    ask(world.b.manager, partner)
    with pytest.raises(Conflict, match="Read it again"):
        sign(person, partner, text=old)
    with pytest.raises(Conflict, match="Read it again"):
        sign(person, partner, text_hash=old.text_hash)
    sign(person, partner)
    with pytest.raises(Conflict, match="This has already been decided"):
        sign(person, partner)


def test_nothing_is_signed_that_was_taken_back_or_belongs_to_a_bid_that_is_over(world):
    partner, person = asked(world), world.b.representatives[0]
    Bid.objects.filter(pk=partner.bid_id).update(dropped_at=timezone.now())
    with pytest.raises(Conflict, match="This bid can no longer be edited, so you can’t reply here"):
        sign(person, partner)
    Bid.objects.filter(pk=partner.bid_id).update(dropped_at=None)
    withdraw(world.a.manager, partner)
    with pytest.raises(NotFound):
        sign(person, partner)
    with pytest.raises(Conflict):
        signing.sign_as_guest(
            agreement_id=letter_of(partner).pk,
            organisation_id=partner.organisation_id,
            name="Eleni",
            text_hash=letter_of(partner).text_hash,
            now=timezone.now(),
        )
    ask(world.a.manager, partner)
    Partnership.objects.update(state="ended")
    with pytest.raises(Conflict):
        sign(person, partner)
    partner.refresh_from_db()
    assert (partner.state, partner.answered_at) == (State.ASKED, None)


def test_who_says_no_is_out_and_coordinates_nothing(world):
    partner, person = asked(world, leads=True), world.b.representatives[0]
    package = WorkPackageFactory(bid=partner.bid, lead=partner)
    with pytest.raises(InvalidInput, match="Give a reason in one sentence"):
        refuse(person, partner, why=" ")
    why = "Too few people. " * 40
    refuse(person, partner, why=why)
    partner.refresh_from_db()
    package.refresh_from_db()
    assert (partner.state, partner.leads, package.lead) == (State.DECLINED, False, None)
    assert partner.word == why.strip()
    assert letter_of(partner).closed_at is not None
    assert "is not taking part" in mails_to(world.a.manager.email)[-1].subject
    # It reads its own answer, and nothing of the others any more.
    sheet = do(person, lambda actor, now: read_own(actor, partner.pk))
    assert (sheet.mates, sheet.packages, sheet.text) == ((), (), None)


def test_something_is_asked_first(world):
    partner, person = asked(world), world.b.representatives[0]
    with pytest.raises(InvalidInput, match="Enter your question"):
        do(person, answering.ask_back, partner_id=partner.pk, word=" ")
    do(person, answering.ask_back, partner_id=partner.pk, word="Who pays the boat?")
    partner.refresh_from_db()
    assert (partner.state, partner.word) == (State.ASKED, "Who pays the boat?")
    told = mails_to(world.a.manager.email)[-1]
    assert "has a question about" in told.subject
    assert "Who pays the boat?" in told.text
    sign(person, partner)
    with pytest.raises(Conflict, match="This partner’s status has changed in the meantime"):
        do(person, answering.ask_back, partner_id=partner.pk, word="And now?")


def test_one_who_speaks_for_two_partners_signs_for_the_one_whose_page_it_is(world):
    bid, person = bid_of(world), world.b.representatives[0]
    SeatFactory(person=person, organisation=world.b.members[1], role=Role.REPRESENTATIVE)
    first, second = asked(world, bid=bid), asked(world, world.b.members[1], bid=bid)
    for one in (first, second):
        sign(person, one)
    whole = whole_text(bid, first, second)
    sign(person, second, text=whole)
    assert whole.sign_offs.get().organisation_id == second.organisation_id
    with pytest.raises(Conflict, match="Someone else must sign"):
        sign(person, first, text=whole)


def test_the_whole_bid_is_signed_and_refused_by_those_who_take_part(world):
    bid = bid_of(world, state="preparing")
    mine, other = asked(world, bid=bid), asked(world, lab(world), bid=bid)
    whole = whole_text(bid, mine, other)
    person = world.b.representatives[0]
    with pytest.raises(Conflict, match="This partner’s status has changed in the meantime"):
        sign(person, mine, text=whole)
    sign(person, mine)
    sign_by_link(other)
    sign(person, mine, text=whole)
    sheet = do(person, lambda actor, now: read_own(actor, mine.pk))
    assert (sheet.text.mine.person_id, sheet.is_to_sign) == (person.pk, False)
    second = whole_text(bid, mine, other, text="All of HARBOUR, once more.")
    refuse(person, mine, text=second, why="The sums are wrong.")
    second.refresh_from_db()
    assert second.closed_why == "The sums are wrong."
    mine.refresh_from_db()
    assert mine.state == State.IN


def test_a_signed_bid_holds_no_longer_once_somebody_joins_who_is_not_in_it(world):
    bid = bid_of(world, state="preparing")
    mine, late = asked(world, bid=bid), asked(world, world.b.members[1], bid=bid)
    sign(world.b.representatives[0], mine)
    whole = whole_text(bid, mine)
    sign(world.b.representatives[1], late)
    whole.refresh_from_db()
    assert whole.closed_why == f"{late.name} is now taking part."
    named = whole_text(bid, mine, late)
    third = asked(world, lab(world), bid=bid)
    sign_by_link(third)
    named.refresh_from_db()
    assert named.closed_at is not None


def test_a_partner_steps_back_by_itself(world):
    bid = bid_of(world, state="preparing")
    mine, other = asked(world, bid=bid), asked(world, lab(world), bid=bid)
    person = world.b.representatives[0]
    sign(person, mine)
    sign_by_link(other)
    whole = whole_text(bid, mine, other)
    sign_by_link(other, text=whole)
    with pytest.raises(InvalidInput):
        do(person, leaving.leave_own, partner_id=mine.pk, why="")
    do(person, leaving.leave_own, partner_id=mine.pk, why="Our engineer is ill.")
    mine.refresh_from_db()
    assert (mine.state, mine.word) == (State.LEFT, "Our engineer is ill.")
    assert "no longer valid" in mails_to(other.contact_email)[-1].subject
    row = AuditEntry.objects.get(verb="leave_bid")
    assert (row.person_id, row.organisation_id) == (person.pk, mine.organisation_id)
    with pytest.raises(Conflict, match="This partner’s status has changed in the meantime"):
        do(person, leaving.leave_own, partner_id=mine.pk, why="Again.")


def test_nobody_steps_back_from_what_was_submitted(world):
    partner, person = asked(world), world.b.representatives[0]
    sign(person, partner)
    Bid.objects.filter(pk=partner.bid_id).update(state="submitted", submitted_at=timezone.now())
    with pytest.raises(Conflict, match="This bid can no longer be edited, so you can’t reply here"):
        do(person, leaving.leave_own, partner_id=partner.pk, why="Too late.")
    with pytest.raises(Conflict, match="moved on"):
        note_left(world.a.manager, partner)


def test_a_partner_reads_its_own_part_of_the_work_and_the_money_alone(world):
    bid = bid_of(world)
    mine, other = asked(world, bid=bid, rate=5000), asked(world, lab(world), bid=bid)
    noted = partner_of(bid, world.b.members[2])
    own, shared, far = (
        WorkPackageFactory(bid=bid, number=number, lead=lead)
        for number, lead in ((1, mine), (2, other), (3, other))
    )
    SpendingFactory(partner=mine, package=shared, amount=2)
    SpendingFactory(partner=other, package=shared, amount=30)
    SpendingFactory(partner=other, package=far, amount=30)
    sheet = do(world.b.representatives[0], lambda actor, now: read_own(actor, mine.pk))
    assert [one.pk for one in sheet.packages] == [own.pk, shared.pk]
    assert [one.partner_id for one in sheet.spendings] == [mine.pk]
    assert [one.name for one in sheet.mates] == [other.name]
    assert noted.name not in str(sheet)
    assert (sheet.asker, sheet.host) == (world.a.manager.name, world.a.cluster.name)


def test_who_was_not_asked_reads_nothing(world, reading):
    partner = partner_of(bid_of(world), world.b.members[0])
    reader = reader_of(world.b.representatives[0])
    with reading(world.b.representatives[0]):
        assert not find_own(reader).exists()
        with pytest.raises(NotFound):
            read_own(reader, partner.pk)
        assert not Partner.objects.exists()


def test_the_page_of_texts_lets_nobody_else_decide(world):
    partner = asked(world)
    with pytest.raises((NotFound, NotAllowed)):
        do(
            world.a.manager,
            signing.close_text,
            partnership_id=world.partnership.pk,
            agreement_id=letter_of(partner).pk,
            why="No.",
        )
    assert Agreement.objects.get(kind="letter").closed_at is None
