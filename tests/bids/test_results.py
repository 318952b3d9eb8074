"""What the funder answered, corrected, and what was learned."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid
from proxeny.bids.operations.results import note_result
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from tests.bids.bidding import bid_of
from tests.bids.finishing import fresh
from tests.partnerships.rooms import day, do, others

pytestmark = pytest.mark.django_db

LEARNED = "The pilots were too few; ask two harbours more."


def sent(world, **values):
    given = {"state": "submitted", "submitted_at": timezone.now() - timedelta(days=40)}
    return bid_of(world, **given | values)


def result(person, bid, answer, **values):
    given = {"version": Bid.objects.get(pk=bid.pk).version, "decided_on": day(-1), **values}
    return do(person, note_result, partnership_id=bid.partnership_id, bid_id=bid.pk,
              answer=answer, **given)  # fmt: skip


def test_a_bid_is_won_with_its_grant(world):
    bid = sent(world)
    result(world.b.manager, bid, "won", points=Decimal("13.5"), granted=Decimal(180_000))
    bid = fresh(bid)
    assert (bid.state, bid.decided_on, bid.points, bid.granted) == (
        "won", day(-1), Decimal("13.5"), Decimal(180_000),
    )  # fmt: skip
    entry = AuditEntry.objects.get(verb="win_bid")
    assert entry.changes["granted"] == [None, "180000"]
    [told] = Mail.objects.all()
    assert (told.recipient, told.subject) == (world.a.manager.email, "Won: the bid “HARBOUR”")


def test_the_reserve_list_ends_in_a_yes_or_a_no(world):
    bid = sent(world)
    result(world.a.manager, bid, "reserve", points=Decimal(12))
    with pytest.raises(InvalidInput) as refused:
        result(world.a.manager, bid, "lost", points=Decimal(12))
    assert refused.value.field == "learned"
    result(world.a.manager, bid, "lost", points=Decimal(12), learned=LEARNED)
    assert (fresh(bid).state, fresh(bid).learned) == ("lost", LEARNED)
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "reserve_bid", "lose_bid",
    ]  # fmt: skip


def test_a_slip_is_corrected_and_the_same_twice_is_nothing(world):
    bid = sent(world)
    result(world.a.manager, bid, "lost", learned=LEARNED)
    result(world.a.manager, bid, "won", learned=LEARNED, granted=Decimal("99.50"))
    version = fresh(bid).version
    result(world.b.manager, bid, "won", learned=LEARNED, granted=Decimal("99.5"))
    assert fresh(bid).version == version
    assert AuditEntry.objects.count() == 2
    result(world.b.manager, bid, "submitted", learned=LEARNED)
    bid = fresh(bid)
    assert (bid.state, bid.decided_on, bid.granted, bid.learned) == (
        "submitted", None, None, LEARNED,
    )  # fmt: skip


def test_there_is_no_answer_before_it_was_sent(world):
    for state in ("exploring", "preparing", "not-taken"):
        with pytest.raises(Conflict, match="Note first that the bid was submitted"):
            result(world.a.manager, bid_of(world, state=state), "won")
    with pytest.raises(Conflict, match="put away"):
        result(world.a.manager, sent(world, dropped_at=timezone.now()), "won")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("answer", "values", "field"),
    [
        ("", {}, "answer"),
        ("exploring", {}, "answer"),
        ("won", {"decided_on": None}, "decided_on"),
        ("won", {"decided_on": day(3)}, "decided_on"),
        ("won", {"decided_on": day(-60)}, "decided_on"),
        ("won", {"points": Decimal("-1")}, "points"),
        ("won", {"points": Decimal("NaN")}, "points"),
        ("won", {"granted": Decimal(10) ** 13}, "granted"),
        ("lost", {"granted": Decimal(5), "learned": LEARNED}, "granted"),
        ("won", {"learned": "w" * 8001}, "learned"),
    ],
)
def test_what_does_not_hold_is_told_at_its_field(world, answer, values, field):
    bid = sent(world)
    with pytest.raises(InvalidInput) as refused:
        result(world.a.manager, bid, answer, **values)
    assert refused.value.field == field
    assert fresh(bid).state == "submitted"


def test_managers_alone_note_it(world):
    bid = sent(world)
    with pytest.raises(NotAllowed):
        result(world.b.ambassador, bid, "won")
    for person in others(world).values():
        with pytest.raises(NotFound):
            result(person, bid, "won")
    with pytest.raises(Conflict, match="in the meantime"):
        result(world.a.manager, bid, "won", version=bid.version + 1)
