"""What assessments led to: counted as a whole and by groups, with rates and their limits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.assessments import outcome_facts, room_facts
from proxeny.assessments.queries.outcomes import Chain, Rate, read_outcome
from proxeny.assessments.waiting import find_waiting
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.kinds import read_kinds
from proxeny.meetings.rules import wilson_interval
from tests.assessments.reporting import NOW, wall
from tests.conftest import reader_of
from tests.factories.assessments import (
    AdviserFactory,
    LaterFactory,
    RemarkFactory,
    ReportFactory,
    make_engagement,
    make_service,
)
from tests.stages import staged

pytestmark = pytest.mark.django_db


def make(world, service, state, *, member=0, half="", year="", late=False, **values):
    """Make an engagement that came as far as a state, and its advisers."""
    order = ["asked", "checking", "brief", "working", "reported", "handed-over"]
    far = order.index(state)
    out = NOW + timedelta(days=30)
    values = {
        "signed_at": NOW if far >= 3 else None,
        "due_on": out.date() - timedelta(days=late),
        "reported_at": out if far >= 4 else None,
        "handed_over_at": out if far >= 5 else None,
        "asked_at": NOW - timedelta(days=10),
        **values,
    }
    one = make_engagement(world, service=service, member=member, state=state, **values)
    if far:
        party = world.partnership.parties.get(organisation=world.a.cluster)
        AdviserFactory(engagement=one, party=party, person=world.a.ambassador)
    for months, value in ((6, half), (12, year)):
        if value:
            LaterFactory(engagement=one, months=months, value=value, answered_at=NOW)
    return one


@staged
def many(world):
    """One of each kind of end."""
    service = make_service(world)
    return [
        make(world, service, "asked"),
        make(world, service, "checking"),
        make(world, service, "working", question="price"),
        make(world, service, "reported", late=True),
        make(world, service, "handed-over", half="unused"),
        make(world, service, "handed-over", half="useful", year="entered", member=1),
        make(world, service, "handed-over", half="entered", year="stayed-out"),
    ]


def read(reading, person, world, **values):
    with reading(person):
        return read_outcome(reader_of(person), world.partnership.pk, **values)


def test_the_whole_chain_is_counted(world, many, reading):
    for person in (world.a.manager, world.b.ambassador):
        chain = read(reading, person, world).chain
        assert chain == Chain(
            asked=7,
            accepted=6,
            signed=5,
            reported=4,
            handed_over=3,
            told_half=3,
            used=2,
            told_year=2,
            entered=1,
            promised=4,
            kept=3,
            timed=4,
            days=120,
        )
        assert chain.mean_days == 30
    assert read(reading, world.c.manager, world).chain == Chain()


def test_rates_have_their_limits():
    rate = Rate(3, 8)
    low, high = wilson_interval(3, 8)
    assert (rate.percent, rate.low, rate.high) == (37.5, 100 * low, 100 * high)
    assert not rate.is_thin
    assert Rate(1, 4).is_thin
    assert (Rate(0, 0).percent, Rate(0, 0).low, Rate(0, 0).high) == (0.0, 0.0, 100.0)


def test_groups_add_up_to_the_whole(world, many, reading):
    told = {}
    for by in ("question", "country", "cluster", "adviser"):
        outcome = read(reading, world.b.manager, world, by=by)
        told[by] = [(one.key, one.label, one.chain.asked) for one in outcome.groups]
        assert sum(one.chain.asked for one in outcome.groups) == 7
        assert sum(one.chain.days for one in outcome.groups) == 120
    assert told == {
        "question": [
            ("demand", "Is there demand?", 6),
            ("price", "What price should we charge?", 1),
        ],
        "country": [("GR", "Greece", 7)],
        "cluster": [(str(world.a.cluster.pk), "Greek cluster", 7)],
        "adviser": [
            (str(world.a.ambassador.pk), "Greek ambassador", 6),
            ("", "No one works on it yet", 1),
        ],
    }


def test_an_assessment_counts_for_each_adviser_who_has_not_left(world, many, reading):
    party = world.partnership.parties.get(organisation=world.b.cluster)
    AdviserFactory(engagement=many[1], party=party, person=world.b.ambassador)
    many[2].advisers.update(left_at=NOW)
    outcome = read(reading, world.a.manager, world, by="adviser")
    assert [(one.label, one.chain.asked) for one in outcome.groups] == [
        ("Greek ambassador", 5),
        ("French ambassador", 1),
        ("No one works on it yet", 2),
    ]


def test_what_a_conflict_of_interest_hides_is_not_counted(world, many, reading):
    wall(world.b.manager, many[6])
    assert read(reading, world.b.manager, world).chain.handed_over == 2
    assert read(reading, world.a.manager, world).chain.handed_over == 3


def test_days_and_groupings_that_do_not_hold(world, many, reading):
    first = (NOW - timedelta(days=10)).date()
    assert read(reading, world.a.manager, world, since=first, until=first).chain.asked == 7
    assert read(reading, world.a.manager, world, since=NOW.date()).chain.asked == 0
    for values, field in (
        ({"by": "client"}, "by"),
        ({"since": NOW.date(), "until": first}, "until"),
        ({"since": NOW.date().replace(year=1)}, "since"),
    ):
        with pytest.raises(InvalidInput) as refused:
            read(reading, world.a.manager, world, **values)
        assert refused.value.field == field


def test_the_page_shows_funnel_rates_and_groups_and_exports_them(world, many, sign_in):
    url = reverse("assessments:outcomes", args=[world.partnership.pk])
    client = sign_in(world.a.manager)
    text = client.get(url).content.decode()
    for told in (
        "From question to market",
        "Market entered after twelve months",
        "3 of 4 on time",
        "On average it took 30 days",
        "Is there demand?",
    ):
        assert told in text, told
    rows = client.get(url, {"export": "csv", "by": "adviser"}).content.decode().splitlines()
    assert len(rows) == 4
    assert rows[1].split(",")[:4] == ["All", "7", "6", "5"]
    assert client.get(url, {"export": "xlsx"}).status_code == 200
    answer = client.get(url, {"since": "2026-12-01", "until": "2026-11-01"})
    assert answer.status_code == 422
    assert "The last day can’t be before the first day." in answer.content.decode()
    answer = client.get(url, {"since": "2027-01-01"})
    assert "No assessments in this period" in answer.content.decode()
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special):
        assert sign_in(person).get(url).status_code == 404, person


def test_an_empty_page_says_what_will_stand_there(world, sign_in):
    url = reverse("assessments:outcomes", args=[world.partnership.pk])
    assert "Nothing to count yet" in sign_in(world.b.manager).get(url).content.decode()


@pytest.mark.parametrize("by", ["question", "adviser"])
def test_the_page_asks_the_database_as_often_for_many(world, sign_in, by):
    url = reverse("assessments:outcomes", args=[world.partnership.pk])
    service, client = make_service(world), sign_in(world.a.manager)
    make(world, service, "handed-over", half="useful", year="entered")
    client.get(url, {"by": by})
    with CaptureQueriesContext(connection) as first:
        client.get(url, {"by": by})
    for question in ("price", "entry", "partners"):
        make(world, service, "handed-over", half="useful", question=question, member=1)
    with CaptureQueriesContext(connection) as then:
        client.get(url, {"by": by})
    assert len(then) == len(first)


def test_the_room_and_its_year_tell_of_them(world, many, reading):
    with reading(world.a.manager):
        _open, tile = room_facts.find_tiles(world.partnership, NOW.date())
        (chapter,) = outcome_facts.find_chapters(
            world.partnership, NOW.date().replace(month=1, day=1), NOW.date()
        )
        assert not list(
            outcome_facts.find_chapters(
                world.partnership, NOW.date().replace(year=2024), NOW.date().replace(year=2025)
            )
        )
    assert (tile.value, tile.note) == ("4 reports", "2 of 3 used")
    assert [(one.label, one.value) for one in chapter.figures] == [
        ("Market assessments requested", "7"),
        ("Reports sent on time", "3 of 4"),
        ("Days from the brief to the report, on average", "30.0"),
        ("Reports used after six months", "2 of 3"),
        ("Markets entered after twelve months", "1 of 2"),
    ]


def test_open_remarks_wait_for_who_works_on_the_report(world, many, reading):
    report = ReportFactory(engagement=many[3])
    RemarkFactory(report=report, organisation=many[3].client)
    for person, count in (
        (world.a.ambassador, 1),
        (world.a.manager, 0),
        (world.b.ambassador, 0),
        (world.a.representatives[0], 0),
    ):
        with reading(person):
            found = list(read_kinds(find_waiting(reader_of(person), NOW, world.partnership.pk)))
            told = [one for one in found if one.key.startswith("remark:")]
        assert len(told) == count, person
