"""What the funder answered, corrected, and what was learned."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid
from proxeny.bids.operations.money import split_grant
from proxeny.bids.operations.results import note_result
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import FundingLine, FundingSource
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
    return do(
        person,
        note_result,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        answer=answer,
        **given,
    )


def test_a_bid_is_won_with_its_grant(world):
    bid = sent(world)
    result(world.b.manager, bid, "won", points=Decimal("13.5"), granted=Decimal(180_000))
    bid = fresh(bid)
    assert (bid.state, bid.decided_on, bid.points, bid.granted) == (
        "won",
        day(-1),
        Decimal("13.5"),
        Decimal(180_000),
    )
    entry = AuditEntry.objects.get(verb="win_bid")
    assert entry.changes["granted"] == [None, "180000"]
    [told] = Mail.objects.all()
    assert (told.recipient, told.subject) == (world.a.manager.email, "Won: the bid “HARBOUR”")


def money_of(bid):
    """Return the partnership's live sums by source and year."""
    found = FundingLine.objects.filter(
        partnership=bid.partnership, dropped_at=None, source__dropped_at=None
    ).order_by("source", "year")
    return [(one.source.name, one.year, one.amount, one.currency) for one in found]


def test_a_grant_becomes_money_of_the_partnership_once(world):
    bid = sent(world, starts_on=date(2027, 7, 1), months=12)
    manager = world.b.manager
    result(manager, bid, "won", granted=Decimal(3650))
    assert [(name, year, currency) for name, year, _sum, currency in money_of(bid)] == [
        ("Grant: HARBOUR", 2027, "EUR"),
        ("Grant: HARBOUR", 2028, "EUR"),
    ]
    assert sum(one[2] for one in money_of(bid)) == 3650
    source = FundingSource.objects.get()
    assert (source.certainty, source.party, fresh(bid).money) == ("secured", None, source)
    # What else is corrected leaves the money alone.
    result(manager, bid, "won", granted=Decimal(3650), learned=LEARNED)
    assert FundingSource.objects.get().version == source.version
    # Taken back, it counts for nothing; won again with the same sum, it is the same source.
    result(manager, bid, "submitted", learned=LEARNED)
    assert money_of(bid) == []
    result(manager, bid, "won", granted=Decimal(3650), learned=LEARNED)
    assert sum(one[2] for one in money_of(bid)) == 3650
    assert FundingSource.objects.get() == source
    # Another sum is another source; the first is put away with what was written to it.
    result(manager, bid, "won", granted=Decimal(1000), learned=LEARNED)
    assert sum(one[2] for one in money_of(bid)) == 1000
    assert FundingSource.objects.filter(dropped_at=None).get() == fresh(bid).money != source
    result(manager, bid, "lost", learned=LEARNED)
    assert money_of(bid) == []


def test_a_result_without_a_sum_is_no_money(world):
    bid = sent(world)
    result(world.a.manager, bid, "won")
    assert money_of(bid) == []
    assert fresh(bid).money is None


@pytest.mark.parametrize(
    ("first", "months", "parts"),
    [
        (date(2027, 1, 1), 12, {2027: Decimal(100)}),
        (date(2027, 1, 31), 1, {2027: Decimal(100)}),
        (date(2027, 12, 1), 2, {2027: Decimal("50.00"), 2028: Decimal("50.00")}),
        (date(2027, 7, 1), 18, {2027: Decimal("33.45"), 2028: Decimal("66.55")}),
    ],
)
def test_a_grant_is_spread_over_the_days_of_the_project(first, months, parts):
    assert dict(split_grant(Decimal(100), first, months)) == parts


def test_the_reserve_list_ends_in_a_yes_or_a_no(world):
    bid = sent(world)
    result(world.a.manager, bid, "reserve", points=Decimal(12))
    with pytest.raises(InvalidInput) as refused:
        result(world.a.manager, bid, "lost", points=Decimal(12))
    assert refused.value.field == "learned"
    result(world.a.manager, bid, "lost", points=Decimal(12), learned=LEARNED)
    assert (fresh(bid).state, fresh(bid).learned) == ("lost", LEARNED)
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "reserve_bid",
        "lose_bid",
    ]


def test_a_slip_is_corrected_and_the_same_twice_is_nothing(world):
    bid = sent(world)
    result(world.a.manager, bid, "lost", learned=LEARNED)
    result(world.a.manager, bid, "won", learned=LEARNED, granted=Decimal("99.50"))
    version = fresh(bid).version
    result(world.b.manager, bid, "won", learned=LEARNED, granted=Decimal("99.5"))
    assert fresh(bid).version == version
    assert AuditEntry.objects.filter(target_id=bid.pk, verb__endswith="_bid").count() == 2
    result(world.b.manager, bid, "submitted", learned=LEARNED)
    bid = fresh(bid)
    assert (bid.state, bid.decided_on, bid.granted, bid.learned) == (
        "submitted",
        None,
        None,
        LEARNED,
    )


def test_there_is_no_answer_before_it_was_sent(world):
    for state in ("exploring", "preparing", "not-taken"):
        with pytest.raises(Conflict, match="First record that the bid was submitted, and when"):
            result(world.a.manager, bid_of(world, state=state), "won")
    with pytest.raises(Conflict, match="This bid is archived"):
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
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        result(world.a.manager, bid, "won", version=bid.version + 1)
