"""Whether the sides go for a bid, and what each would do of it without the grant."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from proxeny.bids.models import Bid, Stance
from proxeny.bids.operations.deciding import settle_bids
from proxeny.bids.operations.submitting import can_take_back
from proxeny.bids.queries.stances import mark_of, sides_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Party
from tests.bids.bidding import bid_of, call_of
from tests.bids.finishing import GO, NO, fresh, put, say, whole_bid
from tests.factories.partnerships import PartyFactory
from tests.factories.world import make_world
from tests.partnerships.rooms import others, party

pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_once_both_sides_go_for_it_it_is_in_preparation(world, reading):
    bid = bid_of(world)
    say(world.a.manager, bid)
    assert fresh(bid).state == "exploring"
    say(world.b.manager, bid, goes_on="nothing", without_grant="Nothing of it: we have no people.")
    assert fresh(bid).state == "preparing"
    assert verbs() == ["say_stance", "say_stance", "prepare_bid"]
    with reading(world.b.ambassador):
        sides = sides_of(bid, world.partnership.parties.select_related("organisation"))
        assert [(one.name, one.stance.goes_on) for one in sides.all] == [
            (world.a.cluster.name, "part"),
            (world.b.cluster.name, "nothing"),
        ]
        assert (sides.is_go, sides.stops_without) == (True, False)
    [told] = Mail.objects.filter(recipient=world.b.manager.email)
    assert told.subject == f"{world.a.cluster.name} wants to go ahead with the bid “HARBOUR”"
    assert GO["without_grant"] in told.text
    [told] = Mail.objects.filter(recipient=world.a.manager.email)
    assert "All sides want to bid: the bid is now in preparation." in told.text


def test_the_same_said_twice_changes_nothing(world):
    bid = bid_of(world)
    first = say(world.a.manager, bid)
    version = fresh(bid).version
    again = say(world.a.manager, bid, without_grant=f"  {GO['without_grant']}\r\n")
    assert (again.pk, again.said_at) == (first.pk, first.said_at)
    assert fresh(bid).version == version
    assert verbs() == ["say_stance"]
    assert Mail.objects.count() == 1


def test_who_does_not_go_for_it_says_why_and_may_say_otherwise(world):
    bid = whole_bid(world)
    agreement = put(world.a.manager, bid)
    said = say(world.b.manager, bid, **NO)
    assert (said.says, fresh(bid).state) == ("no", "not-taken")
    entry = AuditEntry.objects.get(verb="say_stance")
    assert (entry.why, entry.changes["says"]) == (NO["why"], ["go", "no"])
    agreement.refresh_from_db()
    assert agreement.closed_why == f"{world.b.cluster.name} has decided not to bid."
    told = Mail.objects.get(subject=f"{world.b.cluster.name} has decided against the bid “HARBOUR”")
    assert NO["why"] in told.text
    say(world.b.manager, bid)
    assert fresh(bid).state == "preparing"
    assert AuditEntry.objects.filter(verb="prepare_bid").count() == 1


def test_after_the_call_has_closed_it_stays_not_taken_up(world):
    bid = bid_of(world)
    say(world.a.manager, bid, **NO)
    call = bid.call
    call.closes_at = timezone.now() - timedelta(minutes=1)
    call.save()
    with pytest.raises(Conflict, match="The call has closed"):
        say(world.a.manager, bid)
    # A second stage is still to come: the call is not over.
    call.second_closes_at = timezone.now() + timedelta(days=60)
    call.save()
    say(world.a.manager, bid)
    assert fresh(bid).state == "exploring"


def test_nobody_answers_what_was_submitted_or_put_away(world):
    sent = bid_of(world, state="submitted", submitted_at=timezone.now())
    away = bid_of(world, dropped_at=timezone.now())
    for bid, words in ((sent, "moved on"), (away, "This bid is archived")):
        with pytest.raises(Conflict, match=words):
            say(world.a.manager, bid)
    assert not Stance.objects.exists()
    assert can_take_back(sent, now=timezone.now())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"goes_on": ""}, "goes_on"),
        ({"goes_on": "much"}, "goes_on"),
        ({"without_grant": " "}, "without_grant"),
        ({"without_grant": "Not much."}, "without_grant"),
        ({"without_grant": "w" * 4001}, "without_grant"),
        ({"says": "perhaps"}, "says"),
        ({"says": "no"}, "why"),
        ({"why": "w" * 2001}, "why"),
    ],
)
def test_an_answer_needs_all_its_parts(world, values, field):
    bid = bid_of(world)
    with pytest.raises(InvalidInput) as refused:
        say(world.a.manager, bid, **values)
    assert refused.value.field == field
    assert not Stance.objects.exists()


def test_only_managers_answer_and_each_for_its_own_side(world, reading):
    bid = bid_of(world)
    for person in (world.a.ambassador, world.b.ambassador):
        with pytest.raises(NotAllowed):
            say(person, bid)
    for person in others(world).values():
        with pytest.raises(NotFound):
            say(person, bid)
    say(world.a.manager, bid)
    assert Stance.objects.get().party == party(world, world.a)
    for person in others(world).values():
        with reading(person):
            assert not Stance.objects.exists()


def test_nobody_writes_over_what_a_colleague_said_meanwhile(world):
    bid = bid_of(world)
    say(world.a.manager, bid, seen=0)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        say(world.a.manager, bid, seen=0, says="no", why="We have no time.")
    said = Stance.objects.get()
    say(world.a.manager, bid, seen=mark_of(said), why="It fits us.")
    assert Stance.objects.get().why == "It fits us."


def test_a_party_that_joins_is_asked_and_one_that_leaves_counts_no_more(world):
    bid, now = bid_of(world), timezone.now()
    say(world.a.manager, bid)
    third = PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    settle_bids(world.partnership, now)
    say(world.b.manager, bid)
    assert fresh(bid).state == "exploring"
    say(world.c.manager, bid, **NO)
    assert fresh(bid).state == "not-taken"
    Party.objects.filter(pk=third.pk).update(state="left")
    settle_bids(world.partnership, now)
    assert fresh(bid).state == "preparing"
    last = AuditEntry.objects.latest("pk")
    assert (last.verb, last.person_id, last.changes["state"]) == (
        "prepare_bid",
        None,
        ["not-taken", "preparing"],
    )
    # In preparation it stays while one that joined later has not answered.
    Party.objects.filter(pk=third.pk).update(state="joined")
    Stance.objects.filter(party=third).delete()
    settle_bids(world.partnership, now)
    assert fresh(bid).state == "preparing"


def test_a_bid_whose_call_has_closed_stays_aside_whoever_leaves(world):
    call = call_of(world, closes_at=timezone.now() - timedelta(days=1))
    bid = bid_of(world, call=call, state="not-taken")
    settle_bids(world.partnership, timezone.now())
    assert fresh(bid).state == "not-taken"


@pytest.mark.django_db(transaction=True)
def test_two_managers_say_go_at_the_same_moment(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        bid = bid_of(world)

    def second():
        try:
            say(world.b.manager, bid)
        finally:
            connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        say(world.a.manager, bid)
        other.start()
        other.join(1)
        assert other.is_alive()
    other.join(20)
    with acting_as(SERVICE):
        assert Bid.objects.get().state == "preparing"
        assert AuditEntry.objects.filter(verb="prepare_bid").count() == 1
