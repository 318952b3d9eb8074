"""Today asks the database as often for much as for little."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.directory.models import Listing, MatchChoice, MatchList
from proxeny.events.models import Event, Participation
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Partnership, Signatory
from tests.directory.test_matching import find, say
from tests.directory.test_past_work import work
from tests.factories.accounts import ApiTokenFactory, SeatFactory
from tests.factories.bids import BidFactory, PartnerFactory
from tests.factories.calls import CallFactory, CallWatchFactory
from tests.factories.directory import ClusterFactory, ListingFactory, OrganisationFactory
from tests.factories.events import (
    EventFactory,
    GroupFactory,
    MeetingRequestFactory,
    ParticipationFactory,
)
from tests.factories.meetings import make_meeting
from tests.factories.partnerships import (
    AgreementFactory,
    PartnershipFactory,
    PartyFactory,
    SharingGrantFactory,
    SignOffFactory,
)
from tests.factories.world import World

DAY = timezone.localdate() + timedelta(days=9)


def _partnership(world: World, number: int) -> Partnership:
    """Another partnership of A and B, whose agreement waits for A, and in which B did something."""
    made = PartnershipFactory(title=f"Room {number}", lead=world.b.cluster)
    parties = [
        PartyFactory(partnership=made, organisation=side.cluster, side=letter)
        for letter, side in (("A", world.a), ("B", world.b))
    ]
    for text in (
        AgreementFactory(partnership=made),
        AgreementFactory(partnership=made, kind="stage", subject="working"),
    ):
        SignOffFactory(agreement=text, party=parties[1])
    SharingGrantFactory(partnership=made, organisation=world.a.cluster, ends_on=DAY)
    for verb in ("grant_sharing", "amend_agreement"):
        AuditEntry.objects.create(
            verb=verb,
            target="partnerships.partnership",
            target_id=made.pk,
            partnership_id=made.pk,
            organisation_id=world.b.cluster.pk,
            person_id=world.b.manager.pk,
        )
    return made


def _event(world: World, partnership: Partnership, number: int) -> None:
    """An open event: A's first member is registered and asked for somebody, the second is asked."""
    event = EventFactory(
        partnership=partnership,
        title=f"Event {number}",
        state=Event.State.OPEN,
        starts_on=DAY,
        ends_on=DAY,
        deadline_at=timezone.now() + timedelta(days=5),
    )
    group = GroupFactory(event=event)
    taken = [
        ParticipationFactory(event=event, organisation=one, group=group)
        for one in (world.a.members[0], world.b.members[0])
    ]
    MeetingRequestFactory(event=event, source=taken[0], target=taken[1])
    ParticipationFactory(
        event=event, organisation=world.a.members[1], group=group, state=Participation.State.INVITED
    )


def _bid(world: World, partnership: Partnership, number: int) -> None:
    """A bid that waits for both sides, in which A's first member is asked to take part."""
    bid = BidFactory(
        partnership=partnership, title=f"Bid {number}", call=CallFactory(steward=world.b.cluster)
    )
    partner = PartnerFactory(
        bid=bid, organisation=world.a.members[0], state="asked", asked_at=timezone.now()
    )
    letter = AgreementFactory(partnership=partnership, kind="letter", subject=str(partner.pk))
    Signatory.objects.create(agreement=letter, organisation=partner.organisation)


def _fill(world: World, numbers: range) -> None:
    own, now = world.a.members[0], timezone.now()
    for number in numbers:
        partnership = _partnership(world, number)
        _event(world, partnership, number)
        other = OrganisationFactory(name=f"Maker {number}", steward=world.b.cluster)
        say(other, "offer", f"Temperature sensors for furnaces, series {number}")
        work(f"Project {number}", world.a.members[2], other)
        wanted = OrganisationFactory(name=f"Wanted {number}", steward=world.b.cluster)
        MatchChoice.objects.create(organisation=own, target=wanted, verdict="wanted")
        starts = now + timedelta(days=number + 1)
        make_meeting(
            partnership,
            (own, None),
            (wanted, None),
            starts_at=starts,
            ends_at=starts + timedelta(minutes=20),
        )
        ListingFactory(organisation=own, status=Listing.Status.DRAFT, note="Say more.")
        ListingFactory(organisation=own, expires_on=DAY)
        ListingFactory(organisation=own, status=Listing.Status.REVIEW)
        for person in (world.a.manager, world.a.representatives[0]):
            ApiTokenFactory(person=person, expires_at=now + timedelta(days=3))
            CallWatchFactory(call=CallFactory(steward=world.b.cluster), person=person)
        _bid(world, partnership, number)


@pytest.mark.parametrize("who", ["manager", "ambassador", "member"])
def test_my_day_asks_as_often_for_much_as_for_little(world, sign_in, who):
    own = world.a.members[0]
    say(own, "need", "Temperature sensors for furnaces")
    work("Old", own, world.a.members[2])
    person = {
        "manager": world.a.manager,
        "ambassador": world.a.ambassador,
        "member": world.a.representatives[0],
    }[who]
    client, counts = sign_in(person), []
    for numbers in (range(1), range(1, 5)):
        _fill(world, numbers)
        if who == "member":
            find(person, own)
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/").text
        counts.append(len(asked))
    assert ("Event 3" in page) == (who != "ambassador")
    if who == "manager":
        assert "Room 4" in page
        assert page.count("waiting for your side") == 5
        assert (
            page.count("Is your side joining this bid? The others are waiting for your answer.")
            == 5
        )
    if who == "member":
        assert page.count("They offer “") == 3
        assert (
            page.count(
                "You’re invited to take part in a bid. Read the letter of intent and answer."
            )
            == 5
        )
    assert counts[0] == counts[1] <= 28


def test_who_works_for_two_clusters_is_asked_no_more(world, sign_in):
    cluster = ClusterFactory(name="Second cluster")
    for number, steward in enumerate((world.a.cluster, cluster)):
        member = OrganisationFactory(name=f"Of {number}", steward=steward)
        MatchChoice.objects.create(
            organisation=member, target=world.b.members[number], verdict="wanted"
        )
    person = world.a.ambassador
    client = sign_in(person)
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        assert client.get("/").text.count("Bring them together") == 1
    SeatFactory(person=person, organisation=cluster, role=Role.AMBASSADOR)
    client.get("/")
    with CaptureQueriesContext(connection) as two:
        assert client.get("/").text.count("Bring them together") == 2
    assert len(one) == len(two)


def test_of_a_long_list_only_the_first_are_read(world, sign_in):
    """What is refused or wanted already makes room for the next."""
    own, person = world.a.members[0], world.a.representatives[0]
    say(own, "need", "Temperature sensors for furnaces")
    others = [
        OrganisationFactory(name=f"Maker {number}", steward=world.b.cluster) for number in range(20)
    ]
    for number, other in enumerate(others):
        say(other, "offer", f"Temperature sensors for furnaces, series {number}")
    find(person, own)
    order = [one["target"] for one in MatchList.objects.get().proposals]
    assert len(order) == 20
    with_eyes = sign_in(person)
    for target in order[:16]:
        MatchChoice.objects.create(organisation=own, target_id=target, verdict="refused")
    page = with_eyes.get("/").text
    names = {one.pk: one.name for one in others}
    assert [names[pk] in page for pk in order[15:20]] == [False, True, True, True, False]


def test_what_waits_for_a_signature_stands_there_and_leads_to_its_text(world, sign_in):
    made = _partnership(world, 7)
    text = made.agreements.get(kind="stage")
    address = f"/partnerships/{made.pk}/texts/{text.pk}/"
    assert address in sign_in(world.a.manager).get("/").content.decode()
    # B has signed, ambassadors and members do not sign, and C has nothing to do with it.
    for person in (
        world.b.manager,
        world.a.ambassador,
        world.a.representatives[0],
        world.c.manager,
    ):
        assert address not in sign_in(person).get("/").content.decode()
    made.agreements.filter(pk=text.pk).update(closed_at=timezone.now())
    assert address not in sign_in(world.a.manager).get("/").content.decode()
