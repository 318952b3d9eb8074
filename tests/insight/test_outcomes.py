"""Outcome figures: as counted by hand, taken over where nothing changed, and each side's own."""

from datetime import date

import pytest

from proxeny.insight.aggregates import chain_in, counts_in, terms_in
from proxeny.insight.board_figures import FIGURES
from proxeny.insight.models import Snapshot
from proxeny.insight.operations import outcomes
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from proxeny.meetings.models import Rating
from proxeny.meetings.queries.funnel import read_funnel
from tests.conftest import reader_of
from tests.factories.rooms import ActivityFactory, FavourFactory
from tests.insight.counting import TODAY, at, meet, work_out
from tests.partnerships.rooms import party

pytestmark = pytest.mark.django_db


def chain(snapshot, period="all", activity=None):
    return chain_in(snapshot.content["periods"][period]["tally"], activity)


def test_figures_are_those_counted_by_hand(told):
    made = work_out(told)
    whole, first, before = chain(made), chain(made, "2026-Q1"), chain(made, "2025-Q4")
    assert (whole.planned, whole.held, whole.missed) == (7, 6, 1)
    assert (first.held, first.possible, first.both) == (5, 2, 1)
    assert (first.cooperations, first.agreements, first.is_thin) == (2, 1, False)
    assert (before.held, before.missed, before.is_thin) == (1, 1, True)
    assert chain(made, activity="desk").held == 1
    assert chain(made, "2026").held == chain(made, "recent").held == 5
    terms = terms_in(made.content["periods"]["2026-Q1"]["tally"])
    assert (terms.kinds, [(w.currency, w.amount) for w in terms.worths]) == (
        {"sale": 1},
        [("EUR", 1000)],
    )


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("all", None, None),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("recent", date(2025, 11, 28), TODAY),
    ],
)
def test_a_period_is_what_the_live_funnel_counts(told, reading, period, since, until):
    made = work_out(told, told.b)
    with reading(told.b.manager):
        live = read_funnel(reader_of(told.b.manager), told.partnership.pk, since=since, until=until)
    tally = made.content["periods"][period]["tally"]
    assert chain_in(tally) == live.chain
    assert counts_in(tally) == live.counts
    assert terms_in(tally) == live.terms


def test_quarters_that_stand_as_they_stood_are_taken_over(told):
    first = work_out(told)
    assert first.content["counted"] == ["2025-Q4", "2026-Q1"]
    eyes = eyes_of(told.a.cluster.pk, told.partnership.pk, today=TODAY)
    assert not refresh(eyes, outcomes.PART, report=lambda _step, _percent: None)
    old = Rating.objects.get(value="no-interest")
    Rating.objects.filter(pk=old.pk).update(value="possible")
    again = work_out(told)
    assert again.content["counted"] == ["2026-Q1"]
    assert (chain(again, "2026-Q1").possible, chain(again).possible) == (3, 3)
    assert chain(again, "2025-Q4") == chain(first, "2025-Q4")


def test_a_meeting_that_moves_to_another_quarter_is_counted_in_both_anew(told):
    work_out(told)
    meet(told, at(2026, 7))
    moved = told.partnership.meetings.get(starts_at=at(2026, 3, 31))
    moved.starts_at = at(2025, 12)
    moved.save()
    again = work_out(told)
    assert again.content["counted"] == ["2025-Q4", "2026-Q1", "2026-Q3"]
    assert [chain(again, one).held for one in again.content["counted"]] == [2, 4, 1]


def test_another_method_counts_all_anew(told):
    made = work_out(told)
    Snapshot.objects.filter(pk=made.pk).update(method="0")
    assert work_out(told).content["counted"] == ["2025-Q4", "2026-Q1"]


def test_costs_of_what_is_done_are_divided_by_outcomes(told):
    room = told.partnership
    for cost, state, ended in (
        (900, "done", date(2026, 3, 1)),
        (300, "done", date(2025, 12, 1)),
        (5000, "planned", date(2026, 2, 1)),
    ):
        ActivityFactory(partnership=room, cost=cost, state=state, starts_on=ended, ends_on=ended)
    made = work_out(told).content["periods"]
    costs = made["all"]["costs"]
    assert (costs["amount"], costs["activities"]) == ("1200.00", 2)
    assert (costs["held"]["value"], costs["cooperations"]["value"]) == (200, 600)
    # Garwood's limits of 2 are 0.2422 and 7.2247.
    assert costs["cooperations"]["low"] == pytest.approx(1200 / 7.2247, rel=1e-4)
    assert costs["cooperations"]["high"] == pytest.approx(1200 / 0.2422, rel=1e-3)
    before = made["2025-Q4"]["costs"]["agreements"]
    assert (before["count"], before["value"], before["high"]) == (0, None, None)
    assert before["low"] == pytest.approx(300 / 2.9957, rel=1e-4)
    assert made["2025"]["costs"]["amount"] == "300.00"


def test_give_and_take_is_weighed_by_each_side(told):
    room = told.partnership
    giver, receiver = party(told, told.a), party(told, told.b)
    FavourFactory(
        partnership=room,
        giver=giver,
        receiver=receiver,
        noted_by=told.a.cluster,
        count=6,
        kind="other",
        confirmed_at=at(2026, 3),
        happened_on=date(2026, 3, 1),
    )
    by_kind = {one["kind"]: one for one in work_out(told).content["balances"]}
    assert (by_kind["other"]["own"], by_kind["other"]["others"]) == (6, 0)
    assert by_kind["other"]["sure"]["is_even"] is False
    theirs = {one["kind"]: one for one in work_out(told, told.b).content["balances"]}
    assert (theirs["other"]["own"], theirs["other"]["sure"]["high"]) == (
        0,
        pytest.approx(0.459, abs=0.001),
    )


def test_a_board_gets_the_last_twelve_months(told):
    for month in range(1, 7):
        meet(told, at(2026, month, 20), day=("possible",))
    made = work_out(told)
    told_ = made.content["board"]
    assert set(told_) <= {one.code for one in FIGURES}
    assert told_["meetings_held"]["value"] == chain(made, "recent").held == 11
    rate = told_["cooperation_rate"]
    # Wilson's limits of 2 of 5: of the other six nobody has said yet what came of them.
    assert (rate["value"], rate["of"]) == (pytest.approx(2 / 5), 5)
    assert (rate["low"], rate["high"]) == (
        pytest.approx(0.1176, abs=1e-4),
        pytest.approx(0.7693, abs=1e-4),
    )
    assert told_["answer_days"] == {"of": 0, "why": "none"}
    assert told_["cost_per_cooperation"] == {"why": "none"}
