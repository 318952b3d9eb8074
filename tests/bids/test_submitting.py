"""The checklist of a bid, and that it was sent: with all that is needed, or although something was not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid, Partner, Stance
from proxeny.bids.operations.checklist import LABELS, check, name_some
from proxeny.bids.operations.standing import read_standing
from proxeny.bids.operations.submitting import submit_bid, take_back
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.queries import parties_of
from tests.bids.bidding import add, bid_of, call_of
from tests.bids.finishing import fresh, put, sign_all, submit, whole_bid
from tests.factories.bids import PaperFactory, WorkPackageFactory
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def items_of(bid, *, now=None, zone="Europe/Athens"):
    standing = read_standing(fresh(bid), parties_of(bid.partnership), today=timezone.localdate())
    found = check(standing, zone=zone, now=now or timezone.now())
    return {one.code: (one.state, one.text) for one in found}


def signed_bid(world, **values):
    bid = whole_bid(world, **values)
    sign_all(put(world.a.manager, bid))
    return fresh(bid)


def back(person, bid, **values):
    given = {"version": Bid.objects.get(pk=bid.pk).version, **values}
    return do(person, take_back, partnership_id=bid.partnership_id, bid_id=bid.pk, **given)


def test_a_new_bid_lacks_nearly_everything_and_says_what(world):
    bid = bid_of(world)
    PaperFactory(bid=bid, title="Part B", is_required=True)
    found = items_of(bid)
    assert list(found) == list(LABELS)
    assert found["sides"] == (
        "missing",
        "Yet to decide: Greek cluster, French cluster.",
    )
    assert found["partners"] == ("missing", "No partners added yet.")
    assert found["coordinator"] == ("missing", "No coordinator yet.")
    assert found["conditions"][0] == "missing"
    assert found["work"] == ("missing", "There are no work packages yet.")
    assert found["budget"] == ("missing", "Nothing is budgeted yet.")
    assert found["papers"] == ("missing", "No version yet: Part B.")
    assert found["signed"] == ("missing", "It hasn’t been sent for signature yet.")
    assert found["deadline"][0] == "done"


def test_a_whole_bid_lacks_nothing_once_it_is_signed(world):
    bid = signed_bid(world)
    found = items_of(bid)
    assert {code for code, (state, _text) in found.items() if state != "done"} == set()
    assert found["partners"][1] == "3 partners take part and have signed their letters of intent."
    assert found["coordinator"][1] == "Greek cluster is the coordinator."
    assert found["budget"][1] == "It adds up. Total requested: €225,000."


def test_what_is_worth_a_look_is_no_obstacle(world):
    bid = whole_bid(world, call=call_of(world, closes_at=None, rule_set=""))
    bid.papers.update(is_required=False)
    Stance.objects.update(goes_on="nothing")
    found = items_of(bid)
    assert [code for code, (state, _text) in found.items() if state == "warning"] == [
        "sides",
        "conditions",
        "papers",
        "deadline",
    ]
    assert found["sides"][1] == (
        "All sides want to bid, but none of this would continue without the grant. Think that over."
    )


def test_a_work_package_that_nobody_leads_or_staffs_is_missing(world):
    bid = whole_bid(world)
    WorkPackageFactory(bid=bid, number=9)
    assert items_of(bid)["work"] == (
        "missing",
        "No one has committed any months to work package 9. No one leads work package 9.",
    )


def test_the_deadline_is_told_by_both_clocks_with_what_is_left(world):
    closes = datetime(2031, 3, 4, 16, 0, tzinfo=UTC)
    bid = whole_bid(world, call=call_of(world, closes_at=closes))
    early = closes - timedelta(days=2, hours=3)
    assert items_of(bid, now=early)["deadline"] == (
        "done",
        (
            "Due on 4 March 2031 at 17:00, time in Brussels (4 March 2031 at 18:00, time in Athens):"
            " 2 days left."
        ),
    )
    assert items_of(bid, now=closes - timedelta(hours=5))["deadline"][0] == "warning"
    late = items_of(bid, now=closes + timedelta(minutes=1), zone="Europe/Paris")["deadline"]
    assert late == ("missing", "The call closed on 4 March 2031 at 17:00, time in Brussels.")


def test_a_second_stage_counts_once_the_first_is_over(world):
    first = datetime(2031, 3, 4, 16, 0, tzinfo=UTC)
    call = call_of(world, closes_at=first, second_closes_at=first + timedelta(days=100))
    bid = whole_bid(world, call=call)
    assert items_of(bid, now=first + timedelta(days=1))["deadline"][0] == "done"


def test_long_lists_are_counted():
    assert name_some(["a", "b"]) == "a, b"
    assert name_some(list("abcdefg")) == "a, b, c, d, e and 2 more"


def test_a_bid_that_lacks_nothing_is_noted_as_sent(world):
    bid = signed_bid(world)
    sent = submit(world.b.manager, bid, number="  101 234 567 ")
    assert (sent.state, sent.submitted_as) == ("submitted", "101 234 567")
    entry = AuditEntry.objects.get(verb="submit_bid")
    assert entry.changes["state"] == ["preparing", "submitted"]
    assert "missing" not in entry.changes
    [told] = Mail.objects.filter(subject="Submitted: the bid “HARBOUR”")
    assert told.recipient == world.a.manager.email
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        add(world.a.manager, bid, "work-package", number=5, title="More", last_month=3)


def test_it_is_refused_while_something_is_missing_which_is_listed(world):
    bid = whole_bid(world)
    with pytest.raises(InvalidInput) as refused:
        submit(world.a.manager, bid)
    assert refused.value.field == "although"
    assert "It hasn’t been sent for signature yet." in str(refused.value)
    assert fresh(bid).state == "preparing"


def test_what_was_sent_although_something_is_missing_keeps_what_and_why(world):
    bid = whole_bid(world)
    Partner.objects.filter(name="Lab of Vigo").update(state="asked")
    submit(
        world.a.manager, bid, although="The portal closed an hour later; the lab signs on paper."
    )
    assert fresh(bid).state == "submitted"
    entry = AuditEntry.objects.get(verb="submit_bid")
    assert entry.changes["missing"] == [[], ["partners", "conditions", "signed"]]
    assert entry.why.startswith("The portal closed")
    told = Mail.objects.get(subject="Submitted: the bid “HARBOUR”")
    assert "The portal closed" in told.text


def test_what_was_sent_in_time_is_noted_after_the_deadline(world):
    bid = signed_bid(world)
    closes = timezone.now() - timedelta(minutes=1)
    type(bid.call).objects.update(closes_at=closes)
    submit(world.a.manager, bid, submitted_at=closes - timedelta(minutes=9))
    assert fresh(bid).state == "submitted"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-1, "The call closed on"), (1, "This is in the future")],
)
def test_nothing_is_sent_late_nor_in_the_future(world, minutes, words):
    bid = signed_bid(world)
    now = timezone.now()
    if minutes < 0:
        type(bid.call).objects.update(closes_at=now - timedelta(minutes=2))
    with pytest.raises(InvalidInput, match=words) as refused:
        submit(world.a.manager, bid, submitted_at=now + timedelta(minutes=minutes))
    assert refused.value.field == "submitted_at"
    if minutes < 0:
        assert str(refused.value).count("time in Brussels") == 2
    assert fresh(bid).state == "preparing"


def test_a_late_moment_is_told_by_both_clocks(world):
    bid = signed_bid(world)
    closes = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    type(bid.call).objects.update(closes_at=closes)
    person = world.a.manager
    person.time_zone = "Europe/Athens"
    person.save()
    with pytest.raises(InvalidInput) as refused:
        submit(person, bid, submitted_at=closes + timedelta(minutes=1))
    assert "4 March 2026 at 17:01, time in Brussels (4 March 2026 at 18:01, time in Athens)" in str(
        refused.value
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "9" * 121}, "number"),
        ({"although": "w" * 2001}, "although"),
    ],
)
def test_a_number_is_needed(world, values, field):
    bid = signed_bid(world)
    with pytest.raises(InvalidInput) as refused:
        submit(world.a.manager, bid, **values)
    assert refused.value.field == field


def test_it_is_sent_once_and_by_managers_alone(world):
    bid = signed_bid(world)
    with pytest.raises(NotAllowed):
        submit(world.a.ambassador, bid)
    for person in others(world).values():
        with pytest.raises(NotFound):
            submit(person, bid)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        submit(world.a.manager, bid, version=bid.version + 1)
    submit(world.a.manager, bid)
    with pytest.raises(Conflict, match="moved on"):
        submit(world.b.manager, bid)
    assert AuditEntry.objects.filter(verb="submit_bid").count() == 1


def test_a_slip_is_taken_back_while_the_call_is_open(world):
    bid = signed_bid(world)
    submit(world.a.manager, bid)
    with pytest.raises(NotAllowed):
        back(world.a.ambassador, bid)
    back(world.b.manager, bid)
    bid = fresh(bid)
    assert (bid.state, bid.submitted_at, bid.submitted_as) == ("preparing", None, "")
    entry = AuditEntry.objects.get(verb="take_back_bid")
    assert entry.changes["submitted_as"] == ["101234567", ""]
    # What was signed still holds: nothing of it changed.
    assert items_of(bid)["signed"][0] == "done"
    with pytest.raises(Conflict, match="moved on"):
        back(world.b.manager, bid)
    do(
        world.a.manager,
        submit_bid,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        version=bid.version,
        submitted_at=timezone.now(),
        number="2",
    )


def test_after_the_deadline_it_stays_sent(world):
    bid = signed_bid(world)
    submit(world.a.manager, bid, submitted_at=timezone.now() - timedelta(hours=1))
    type(bid.call).objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Conflict, match="The call has closed"):
        back(world.a.manager, bid)
