"""Partners are asked, asked again, reminded, taken back, go and come back; and who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts.models import Seat
from proxeny.bids.models import Link, Partner
from proxeny.bids.operations.budgets import budget_of
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import Agreement, Party
from proxeny.partnerships.operations.parties import leave_alliance
from tests.bids.bidding import add, bid_of, change, drop, partner_of
from tests.bids.joining import (
    ask,
    bring_back,
    lab,
    letter_of,
    link_in,
    link_of,
    mails_to,
    note_left,
    remind,
    sign,
    sign_by_link,
    whole_text,
    withdraw,
)
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.factories.partnerships import AgreementFactory, PartyFactory
from tests.partnerships.rooms import do, others, team

pytestmark = pytest.mark.django_db
State = Partner.State


def state_of(partner):
    return Partner.objects.get(pk=partner.pk).state


def test_an_invitation_goes_to_the_address_and_to_the_people_of_the_organisation(world):
    bid, person = bid_of(world), world.b.representatives[0]
    partner = partner_of(bid, world.b.members[0], brings="Twelve harbours.", language="fr")
    ask(world.a.ambassador, partner)
    partner.refresh_from_db()
    assert (partner.state, partner.version) == (State.ASKED, 2)
    letter = letter_of(partner)
    assert (letter.number, letter.completed_at, letter.closed_at) == (1, None, None)
    assert [one.organisation_id for one in letter.signatories.all()] == [partner.organisation_id]
    [seated], [linked] = mails_to(person.email), mails_to(partner.contact_email)
    assert f"/bids/{partner.pk}/" in seated.text
    assert "/bids/answer/" not in seated.text
    assert link_in(linked)
    assert "Twelve harbours." in linked.text
    assert world.a.ambassador.email in linked.text
    assert Link.objects.filter(partner=partner, closed_at=None).count() == 1
    # Only its hash is kept.
    assert link_in(linked).split("/")[-2] not in str(Link.objects.values_list())
    assert AuditEntry.objects.filter(verb="ask_partner", target_id=partner.pk).count() == 1


def test_the_letter_says_what_it_is_about_and_that_it_is_no_contract(world):
    bid = bid_of(world)
    leader = partner_of(bid, world.a.members[0], leads=True)
    partner = partner_of(bid, lab(world), brings="Sensors.", role="associated_partner")
    ask(world.a.manager, partner)
    text = letter_of(partner).text
    for word in (
        "Letter of intent",
        bid.title,
        bid.acronym,
        bid.call.title,
        bid.call.reference,
        "Harbour lab (Greece)",
        "Associated partner",
        "Sensors.",
        f"{leader.name} (Greece)",
        "not a contract",
        "Greek cluster, French cluster",
    ):
        assert word in text
    ask(world.a.manager, leader)
    assert "It is the coordinator" in letter_of(leader).text


def test_everybody_of_the_room_asks_and_nobody_else(world):
    bid = bid_of(world)
    for name, person in team(world).items():
        partner = partner_of(bid, lab(world, name=name))
        ask(person, partner)
        assert state_of(partner) == State.ASKED
    partner = partner_of(bid, lab(world))
    for person in others(world).values():
        with pytest.raises((NotFound, NotAllowed)):
            ask(person, partner)
    assert state_of(partner) == State.NOTED


def test_nobody_is_asked_who_would_not_hear_of_it(world):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world), contact_email="")
    with pytest.raises(InvalidInput, match="no one to contact at Harbour lab") as refused:
        ask(world.a.manager, partner)
    assert refused.value.field == "contact_email"
    assert (state_of(partner), Mail.objects.count()) == (State.NOTED, 0)
    with pytest.raises(InvalidInput):
        change(world.a.manager, partner, "bid-partner", contact_email="nora at lab")


def test_a_partner_is_not_asked_in_a_bid_that_is_submitted(world):
    bid = bid_of(world, state="submitted", submitted_at=timezone.now())
    partner = partner_of(bid, lab(world))
    with pytest.raises(Conflict, match="the bid has moved on"):
        ask(world.a.manager, partner)
    assert not Agreement.objects.filter(kind="letter").exists()


def test_a_cluster_of_the_room_answers_by_its_managers_alone(world):
    bid = bid_of(world)
    partner = partner_of(bid, world.b.cluster, contact_email="anybody@partner.example")
    ask(world.a.manager, partner)
    assert not Link.objects.exists()
    assert not mails_to("anybody@partner.example")
    assert len(mails_to(world.b.manager.email)) == 1
    assert not mails_to(world.b.ambassador.email)
    with pytest.raises(NotFound):
        sign(world.b.ambassador, partner)
    sign(world.b.manager, partner)
    assert state_of(partner) == State.IN


def test_who_is_asked_again_gets_another_letter_and_the_old_link_is_closed(world):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world))
    ask(world.a.manager, partner)
    first = link_of(partner)
    change(world.b.manager, partner, "bid-partner", role="associated_partner")
    ask(world.b.manager, partner)
    old, new = Agreement.objects.filter(kind="letter").order_by("number")
    assert (old.closed_at is None, new.closed_at, new.number) == (False, None, 2)
    assert "Associated partner" in new.text
    assert link_of(partner) != first
    assert Link.objects.filter(closed_at=None).count() == 1
    assert "Something has changed" in mails_to(partner.contact_email)[-1].text


def test_a_partner_is_reminded_once_a_day(world):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world))
    ask(world.a.manager, partner)
    first, now = link_of(partner), timezone.now()
    with pytest.raises(Conflict, match="less than a day ago"):
        remind(world.a.manager, partner)
    remind(world.b.ambassador, partner, now=now + timedelta(days=1, minutes=1))
    assert link_of(partner) != first
    assert mails_to(partner.contact_email)[-1].subject.startswith("Reminder:")
    assert letter_of(partner).number == 1
    with pytest.raises(Conflict, match="less than a day ago"):
        remind(world.a.manager, partner, now=now + timedelta(days=2))
    remind(world.a.manager, partner, now=now + timedelta(days=3))


def test_what_was_asked_is_taken_back(world):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world))
    ask(world.a.manager, partner)
    with pytest.raises(Conflict, match="Withdraw the invitation first"):
        drop(world.a.manager, partner, "bid-partner")
    withdraw(world.b.manager, partner)
    partner.refresh_from_db()
    assert (partner.state, partner.asked_at) == (State.NOTED, None)
    assert letter_of(partner).closed_at is not None
    assert not Link.objects.filter(closed_at=None).exists()
    told = mails_to(partner.contact_email)[-1]
    assert "You no longer need to reply" in told.subject
    assert "/bids/answer/" not in told.text
    drop(world.a.manager, partner, "bid-partner")


def test_another_address_closes_the_link_that_the_first_had(world):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world))
    ask(world.a.manager, partner)
    change(world.a.manager, partner, "bid-partner", contact_email="other@partner.example")
    assert not Link.objects.filter(closed_at=None).exists()


def taking_part(world, bid, *names):
    """Return partners that have signed their letters, the first coordinating."""
    partners = []
    for number, name in enumerate(names):
        one = partner_of(bid, lab(world, name=name), leads=not number)
        ask(world.a.manager, one)
        sign_by_link(one)
        partners.append(one)
    assert [state_of(one) for one in partners] == [State.IN] * len(names)
    return partners


def test_a_partner_that_leaves_the_day_before_loses_nobody_anything(world):
    bid = bid_of(world, state="preparing")
    bid.call.closes_at = timezone.now() + timedelta(days=1)
    bid.call.save()
    gone, second, third = partners = taking_part(world, bid, "First lab", "Second lab", "Third lab")
    package = WorkPackageFactory(bid=bid, lead=gone)
    for one in partners:
        SpendingFactory(partner=one, package=package)
    whole = whole_text(bid, *partners)
    for one in partners:
        answer = sign_by_link(one, text=whole)
        assert answer.status_code == 302
    Agreement.objects.filter(pk=whole.pk).update(completed_at=timezone.now())
    before = budget_of(bid).total.total
    Mail.objects.all().delete()

    note_left(world.b.ambassador, gone, why="The owner sold it.")

    gone.refresh_from_db()
    assert (gone.state, gone.leads, gone.role) == (State.LEFT, False, "beneficiary")
    assert (gone.word, gone.spendings.count()) == ("The owner sold it.", 1)
    package.refresh_from_db()
    assert package.lead is None
    whole.refresh_from_db()
    assert whole.closed_why == "First lab has left: The owner sold it."
    assert letter_of(gone).closed_at is not None
    assert [letter_of(one).closed_at for one in (second, third)] == [None, None]
    assert budget_of(bid).total.total == before * 2 // 3
    planned = counted(partners_of(bid))
    verdict = look_at(bid, planned, budget_of(bid), today=timezone.localdate())
    assert verdict.planned.state == "broken"
    for one in (second, third):
        [told] = mails_to(one.contact_email)
        assert "no longer valid" in told.subject
        assert "The owner sold it." in told.text
    for manager in (world.a.manager, world.b.manager):
        [told] = mails_to(manager.email)
        assert "First lab has left" in told.subject
    assert not mails_to(gone.contact_email)

    bring_back(world.a.manager, gone)
    gone.refresh_from_db()
    assert (gone.state, gone.asked_at, gone.word) == (State.NOTED, None, "")
    assert budget_of(bid).total.total == before
    ask(world.a.manager, gone)
    sign_by_link(gone)
    assert state_of(gone) == State.IN


def test_who_has_left_needs_a_reason_and_must_have_taken_part(world):
    bid = bid_of(world)
    [partner] = taking_part(world, bid, "First lab")
    with pytest.raises(InvalidInput, match="Give a reason in one sentence"):
        note_left(world.a.manager, partner, why="  ")
    with pytest.raises(Conflict, match="Record that it has left instead"):
        drop(world.a.manager, partner, "bid-partner")
    note_left(world.a.manager, partner)
    with pytest.raises(Conflict, match="This partner’s status has changed"):
        note_left(world.a.manager, partner)
    for person in others(world).values():
        with pytest.raises((NotFound, NotAllowed)):
            bring_back(person, partner)


def test_another_may_coordinate_once_the_coordinator_is_out(world):
    bid = bid_of(world)
    first, second = taking_part(world, bid, "First lab", "Second lab")
    note_left(world.a.manager, first)
    change(world.a.manager, second, "bid-partner", leads=True)
    bring_back(world.a.manager, first)
    second.refresh_from_db()
    assert second.leads


def test_a_cluster_that_leaves_the_alliance_leaves_its_open_bids(world):
    AgreementFactory(partnership=world.partnership, completed_at=timezone.now())
    PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    opened, closed = bid_of(world), bid_of(world, state="lost", submitted_at=timezone.now())
    mine, old = partner_of(opened, world.c.cluster), partner_of(closed, world.c.cluster)
    member = partner_of(opened, world.c.members[0])
    do(world.c.manager, leave_alliance, partnership_id=world.partnership.pk, reason="No money.")
    mine.refresh_from_db()
    assert (mine.state, mine.word) == (State.LEFT, "No money.")
    assert (state_of(old), state_of(member)) == (State.NOTED, State.NOTED)
    assert AuditEntry.objects.filter(verb="leave_bid", target_id=mine.pk).count() == 1
    assert world.partnership.parties.get(side="C").state == Party.State.LEFT


def test_both_sides_see_partners_whatever_they_see_of_the_directory(world, reading):
    bid = bid_of(world)
    hidden = lab(world)
    hidden.visibility = "private"
    hidden.save()
    add(
        world.a.manager,
        bid,
        "bid-partner",
        organisation=hidden.pk,
        contact_email="lab@partner.example",
    )
    with reading(world.b.manager):
        [seen] = partners_of(bid)
    ask(world.b.manager, seen)
    assert state_of(seen) == State.ASKED


def test_a_seat_that_is_over_is_written_to_no_more(world):
    bid = bid_of(world)
    partner = partner_of(bid, world.b.members[0], contact_email="")
    yesterday = timezone.localdate() - timedelta(days=1)
    Seat.objects.filter(organisation=world.b.members[0]).update(
        starts_on=yesterday, ends_on=yesterday
    )
    with pytest.raises(InvalidInput, match="no one to contact at French member 1"):
        ask(world.a.manager, partner)
