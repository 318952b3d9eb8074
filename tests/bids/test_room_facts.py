"""What bids tell the front page of a room, Today, the report of a year, and give and take."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid
from proxeny.bids.queries.waiting import find_to_sign, find_unanswered
from proxeny.bids.room_facts import count_given, find_dates, find_tiles
from proxeny.bids.waiting import find_waiting
from proxeny.bids.year_facts import find_chapters
from proxeny.kernel.kinds import read_kinds
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.exchange import weigh
from proxeny.partnerships.models import Agreement, Partnership, Signatory, SignOff
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.conftest import reader_of
from tests.factories.bids import StanceFactory
from tests.factories.partnerships import AgreementFactory
from tests.partnerships.rooms import TODAY, party

pytestmark = pytest.mark.django_db


def count(most, find, *given):
    """Return what is found, in so many queries."""
    with CaptureQueriesContext(connection) as caught:
        found = list(read_kinds(find(*given)))
    assert len(caught) == most
    return found


def waiting(person, world):
    """Return what waits for a person in the room."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        found = count(1, find_waiting, reader, timezone.now(), world.partnership.pk)
    return [(one.key, one.url) for one in found]


def at(name, *numbers):
    return reverse(f"bids:{name}", args=numbers)


def to_sign(partner, kind):
    """Put a text before a partner: its letter of intent, or the bid."""
    made = AgreementFactory(
        partnership=partner.partnership,
        kind=kind,
        subject=str(partner.pk if kind == "letter" else partner.bid_id),
    )
    Signatory.objects.create(agreement=made, organisation=partner.organisation)
    return made


def test_a_tile_counts_bids_in_preparation_and_those_that_wait_for_the_funder(world):
    [tile] = count(1, find_tiles, world.partnership, TODAY)
    assert (tile.value, tile.note, tile.url) == ("", "", at("list", world.partnership.pk))
    call, sent = call_of(world), timezone.now()
    for state in ("exploring", "preparing", "submitted", "reserve", "won", "lost", "not-taken"):
        bid_of(world, call=call, state=state, submitted_at=sent)
    bid_of(world, call=call, dropped_at=sent)
    [tile] = count(1, find_tiles, world.partnership, TODAY)
    assert (tile.value, tile.note) == ("2 in preparation", "2 submitted")


def test_dates_tell_when_calls_close(world):
    now = timezone.now()
    for title, days, more in (
        ("Soon", 20, {}),
        ("Late", -3, {}),
        ("Far", 200, {}),
        ("Away", 5, {"dropped_at": now}),
        ("Sent", 5, {"state": "submitted", "submitted_at": now}),
    ):
        call = call_of(world, closes_at=now + timedelta(days=days))
        bid_of(world, call=call, title=title, **more)
    bid_of(world, call=call_of(world, closes_at=None), title="Open")
    found = count(1, find_dates, None, world.partnership, TODAY)
    assert [(one.text, one.is_late) for one in found] == [("Late", True), ("Soon", False)]
    assert found[1].url == at("bid", world.partnership.pk, Bid.objects.get(title="Soon").pk)


def test_a_bid_waits_for_the_managers_of_each_side_until_they_answer(world):
    bid = bid_of(world)
    text = f"bid:{bid.pk}:answer"
    url = f"{at('bid', world.partnership.pk, bid.pk)}#decision"
    assert waiting(world.a.manager, world) == [(text, url)]
    assert waiting(world.a.ambassador, world) == []
    StanceFactory(bid=bid, party=party(world, world.a), person=world.a.manager)
    assert waiting(world.a.manager, world) == []
    assert waiting(world.b.manager, world) == [(text, url)]
    second = bid_of(world)
    keys = {key for key, _url in waiting(world.b.manager, world)}
    assert keys == {f"bid:{one.pk}:answer" for one in (bid, second)}


@pytest.mark.parametrize(
    "values",
    [
        {"state": "preparing"},
        {"state": "not-taken"},
        {"dropped_at": timezone.now()},
    ],
)
def test_what_is_decided_or_away_waits_for_no_answer(world, values):
    bid_of(world, **values)
    assert waiting(world.a.manager, world) == []


def test_once_the_call_has_closed_nobody_is_asked(world):
    call = call_of(world, closes_at=timezone.now() - timedelta(days=1))
    bid_of(world, call=call)
    assert waiting(world.a.manager, world) == []
    call.second_closes_at = timezone.now() + timedelta(days=90)
    call.save()
    assert len(waiting(world.a.manager, world)) == 1
    call.closes_at = call.second_closes_at = None
    call.save()
    assert len(waiting(world.a.manager, world)) == 1


def test_a_partner_that_stepped_back_is_told_for_two_weeks(world):
    bid = bid_of(world, state="preparing")
    now = timezone.now()
    partner_of(bid, world.a.members[0], state="left", answered_at=now - timedelta(days=3))
    partner_of(bid, world.a.members[1], state="declined", answered_at=now - timedelta(days=4))
    partner_of(bid, world.a.members[2], state="in", answered_at=now)
    told = (f"bid:{bid.pk}:check", at("consortium", world.partnership.pk, bid.pk))
    assert waiting(world.b.ambassador, world) == [told]
    bid.partners.exclude(state="in").update(answered_at=now - timedelta(days=15))
    assert waiting(world.b.ambassador, world) == []


def test_half_a_year_after_a_submission_its_result_is_asked_for(world):
    sent = timezone.now() - timedelta(days=181)
    bid = bid_of(world, state="submitted", submitted_at=sent)
    bid_of(world, state="submitted", submitted_at=sent + timedelta(days=30))
    bid_of(world, state="won", submitted_at=sent)
    told = (f"bid:{bid.pk}:result", f"{at('submission', world.partnership.pk, bid.pk)}#sent")
    assert waiting(world.a.ambassador, world) == [told]


def test_who_signs_for_a_partner_is_told(world):
    bid = bid_of(world, state="preparing")
    member = partner_of(bid, world.a.members[0], state="asked", asked_at=timezone.now())
    cluster = partner_of(bid, world.a.cluster, state="in", asked_at=timezone.now())
    letter, whole = to_sign(member, "letter"), to_sign(cluster, "bid")
    representative = reader_of(world.a.representatives[0])
    assert _signs(representative) == [member.pk]
    assert _signs(reader_of(world.a.manager)) == [cluster.pk]
    for person in (
        world.a.ambassador,
        world.a.representatives[1],
        world.b.manager,
        world.c.manager,
        world.nobody_special,
    ):
        assert _signs(reader_of(person)) == []
    SignOff.objects.create(agreement=letter, organisation=member.organisation, text_hash="0")
    assert _signs(representative) == []
    Agreement.objects.filter(pk=whole.pk).update(closed_at=timezone.now())
    assert _signs(reader_of(world.a.manager)) == []


def _signs(reader):
    with acting_as(WEB, reader):
        return [one.pk for one in find_to_sign(reader)]


@pytest.mark.parametrize("state", ["noted", "in", "declined", "left"])
def test_a_letter_waits_only_for_who_is_asked(world, state):
    partner = partner_of(bid_of(world), world.a.members[0], state=state, asked_at=timezone.now())
    to_sign(partner, "letter")
    assert _signs(reader_of(world.a.representatives[0])) == []


@pytest.mark.parametrize(
    "values",
    [
        {"state": "submitted", "submitted_at": timezone.now()},
        {"state": "not-taken"},
        {"dropped_at": timezone.now()},
    ],
)
def test_of_a_bid_that_is_over_nothing_is_signed(world, values):
    partner = partner_of(
        bid_of(world, **values), world.a.members[0], state="asked", asked_at=timezone.now()
    )
    to_sign(partner, "letter")
    assert _signs(reader_of(world.a.representatives[0])) == []


def test_my_day_tells_what_waits_in_bids(world, sign_in):
    bid = bid_of(world, title="Clean harbours")
    member = partner_of(bid, world.a.members[0], state="asked", asked_at=timezone.now())
    to_sign(member, "letter")
    shown = sign_in(world.b.manager).get("/").content.decode()
    assert "Is your side joining this bid?" in shown
    assert at("bid", world.partnership.pk, bid.pk) in shown
    shown = sign_in(world.a.representatives[0]).get("/").content.decode()
    assert "You’re invited to take part in a bid." in shown
    assert at("own", member.pk) in shown
    assert "Clean harbours" not in shown
    for person in (world.b.ambassador, world.b.representatives[0], world.c.manager):
        shown = sign_in(person).get("/").content.decode()
        assert "this bid" not in shown
        assert "in a bid" not in shown


def test_others_are_told_nothing(world, reading):
    bid_of(world)
    reader = reader_of(world.c.manager)
    with reading(world.c.manager):
        room = Partnership(pk=world.partnership.pk)
        [tile] = find_tiles(room, TODAY)
        assert tile.value == ""
        assert list(read_kinds(find_dates(None, room, TODAY))) == []
        assert list(read_kinds(find_waiting(reader, timezone.now(), room.pk))) == []
        assert list(find_unanswered(reader, now=timezone.now())) == []


def test_a_submitted_bid_counts_once_for_each_side_that_brought_partners(world):
    sides = [party(world, world.a), party(world, world.b)]
    now = timezone.now()
    for state in ("submitted", "lost"):
        bid = bid_of(world, state=state, submitted_at=now)
        for member in world.a.members[:2]:
            partner_of(bid, member, party=sides[0], state="in")
    partner_of(bid, world.b.members[0], party=sides[1], state="in")
    partner_of(bid, world.b.members[1], state="in")
    for state in ("preparing", "not-taken"):
        partner_of(bid_of(world, state=state), world.b.members[0], party=sides[1], state="in")
    away = bid_of(world, state="won", submitted_at=now, dropped_at=now)
    partner_of(away, world.b.members[0], party=sides[1], state="in")
    gone = bid_of(world, state="won", submitted_at=now)
    partner_of(gone, world.b.members[0], party=sides[1], state="left")
    found = count(1, count_given, world.partnership, sides)
    assert [(one.kind, one.giver_id, one.receiver_id, one.count) for one in found] == [
        ("bid", world.a.cluster.pk, world.b.cluster.pk, 1),
        ("bid", world.a.cluster.pk, world.b.cluster.pk, 1),
        ("bid", world.b.cluster.pk, world.a.cluster.pk, 1),
    ]
    [row] = [one for one in weigh(world.partnership, sides, today=TODAY) if one.kind == "bid"]
    assert row.given == [2, 1]


def test_the_report_tells_what_was_bid_for_won_and_learned(world):
    first, until = date(TODAY.year, 1, 1), date(TODAY.year, 12, 31)
    assert list(find_chapters(world.partnership, first, until)) == []
    now, call = timezone.now(), call_of(world)
    sides = [party(world, world.a), party(world, world.b)]
    won = bid_of(
        world,
        call=call,
        title="Harbours",
        state="won",
        submitted_at=now,
        decided_on=TODAY,
        granted=Decimal(1_200_000),
        learned="Begin with the ports.",
    )
    lost = bid_of(
        world,
        call=call,
        title="Nets",
        state="lost",
        submitted_at=now,
        decided_on=TODAY,
        learned="Our text was too long.",
    )
    bid_of(world, call=call)
    old = now - timedelta(days=800)
    bid_of(
        world,
        call=call,
        created_at=old,
        state="won",
        submitted_at=old,
        granted=5,
        decided_on=old.date(),
    )
    StanceFactory(bid=won, party=sides[0], goes_on="nothing")
    StanceFactory(bid=won, party=sides[1], goes_on="part")
    StanceFactory(bid=lost, party=sides[0], goes_on="nothing")
    [chapter] = count(2, find_chapters, world.partnership, first, until)
    assert [(one.label, one.value, one.note) for one in chapter.figures[:3]] == [
        ("Bids submitted", "2", "3 started"),
        ("Bids won", "1", "2 decided"),
        ("Grants", "€1,200,000", ""),
    ]
    assert (chapter.figures[3].value, chapter.figures[3].label) == (
        "1 of 2",
        "Would continue without the grant, at least in part",
    )
    assert [(one.label, one.value, one.note) for one in chapter.figures[4:]] == [
        ("Harbours", "Won", "Begin with the ports."),
        ("Nets", "Not funded", "Our text was too long."),
    ]
    assert [one.label for one in chapter.tiles] == ["Bids submitted"]
