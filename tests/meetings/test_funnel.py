"""What came of meetings, from planned to agreement: counted by hand, and seen from each side."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.directory.models import Membership
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.queries.funnel import read_funnel
from proxeny.meetings.queries.funnel_groups import GROUPS
from proxeny.meetings.queries.outcome import count_partnership_outcome
from proxeny.meetings.rules import wilson_interval
from proxeny.partnerships.models import IntroductionPlan, ProposedIntroduction, SharingGrant
from tests.conftest import reader_of
from tests.factories.directory import OrganisationFactory
from tests.factories.events import AgendaEntryFactory, MeetingRequestFactory
from tests.factories.meetings import RatingFactory, make_meeting
from tests.factories.world import make_event
from tests.stages import staged

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def meet(world, left=0, right=0, *, at=NOON, state="held", day=(), later=()):
    """A member of A meets one of B; each said this of it, the one of A first."""
    made = make_meeting(
        world.partnership,
        (world.a.members[left], world.a.representatives[left]),
        (world.b.members[right], world.b.representatives[right]),
        starts_at=at,
        ends_at=at + timedelta(minutes=20),
        state=state,
    )
    for party, value in zip(made.parties.order_by("pk"), day, strict=False):
        RatingFactory(party=party, value=value)
    for party, value in zip(made.parties.order_by("pk"), later, strict=False):
        RatingFactory(party=party, value=value, phase=Rating.Phase.LATER)
    return made


@staged
def told(world):
    """Six held, one missed, one called off, one to come; two that were never shown."""
    world.a.members[0].nace = ["62.10", "26"]
    world.a.members[0].save()
    world.a.members[1].nace = ["C"]
    world.a.members[1].save()
    meet(world, 0, 0, day=("possible", "informative"), later=("agreement", "contact"))
    meet(world, 0, 1, day=("possible", "possible"), later=("negotiating",))
    meet(world, 0, 2, day=("informative", "no-interest"), later=("no-contact", "knowledge"))
    meet(world, 0, 0, day=("no-interest",), later=("no-contact",))
    meet(world, 0, 1, later=("contact",))
    meet(world, 1, 2)
    meet(world, 1, 0, state="missed", day=("not-held", "not-held"))
    meet(world, 2, 1, state="cancelled")
    meet(world, 2, 2, state="confirmed", at=datetime(2083, 3, 10, tzinfo=UTC))
    meet(world, 2, 0, state="draft")
    meet(world, 2, 0, state="provisional")
    return world


def read(reading, world, person, **asked):
    with reading(person):
        return read_funnel(reader_of(person), world.partnership.pk, **asked)


def test_the_whole_is_what_was_counted_by_hand(told, reading):
    chain = read(reading, told, told.a.manager).chain
    assert (chain.planned, chain.cancelled, chain.held, chain.missed) == (8, 1, 6, 1)
    assert chain.day == {"possible": 2, "informative": 1, "no-interest": 1, "not-held": 1}
    assert chain.words == {
        "agreement": 1,
        "negotiating": 1,
        "contact": 1,
        "knowledge": 1,
        "no-contact": 1,
    }
    assert (chain.rated, chain.possible, chain.later) == (5, 2, 5)
    assert (chain.cooperations, chain.agreements, chain.is_thin) == (2, 1, False)
    rate = chain.cooperation_rate
    assert (rate.count, rate.of) == (2, 5)
    # Wilson's limits of 2 of 5.
    assert (rate.percent, rate.low, rate.high) == pytest.approx((40.0, 11.76, 76.93), abs=0.01)
    # One is to come; of one that was held nobody has said yet what came of it.
    assert (chain.held_unknown, chain.outcome_unknown) == (1, 1)
    assert rate.reference == pytest.approx(9.1, abs=0.05)
    assert chain.agreement_rate.reference == pytest.approx(1.2, abs=0.05)


def test_the_short_count_is_the_same(told, reading):
    chain = read(reading, told, told.b.ambassador).chain
    with reading(told.b.ambassador):
        assert chain == count_partnership_outcome(reader_of(told.b.ambassador), told.partnership.pk)
    assert chain.both == 1


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Published limits, as in Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    [
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_limits(successes, trials, low, high):
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=0.00005)


def groups(funnel):
    return [(one.kind, one.label, one.chain.held) for one in funnel.groups]


def test_each_side_reads_its_own_members_and_the_others_total(told, reading):
    seen = read(reading, told, told.a.manager, by="member")
    assert groups(seen) == [
        ("own", "Greek member 1", 5),
        ("own", "Greek member 2", 1),
        ("own", "Greek member 3", 0),
        ("side", "All members of French cluster", 6),
    ]
    assert (seen.groups[0].chain.agreements, seen.groups[0].chain.is_thin) == (1, False)
    assert seen.groups[1].chain.is_thin
    seen = read(reading, told, told.b.ambassador, by="member")
    assert groups(seen) == [
        ("own", "French member 1", 2),
        ("own", "French member 2", 2),
        ("own", "French member 3", 2),
        ("side", "All members of Greek cluster", 6),
    ]
    # The best word of both counts, also for the member that did not say it.
    assert [one.chain.cooperations for one in seen.groups] == [1, 1, 0, 2]


def test_two_own_members_at_one_meeting_count_once_in_the_total(world, reading):
    made = meet(world)
    MeetingParty.objects.create(meeting=made, organisation=world.a.members[1], name="Second")
    assert groups(read(reading, world, world.a.manager)) == [
        ("own", "Greek member 1", 1),
        ("own", "Greek member 2", 1),
        ("side", "All members of French cluster", 1),
    ]
    seen = read(reading, world, world.b.manager)
    assert seen.groups[-1].chain.held == seen.chain.held == 1


def test_sectors_are_those_of_the_own_members(told, reading):
    seen = read(reading, told, told.a.manager, by="sector")
    assert [(one.key, one.chain.held) for one in seen.groups] == [("K", 5), ("C", 1), ("", 0)]
    assert seen.groups[1].label == "Manufacturing"
    assert groups(seen)[2] == ("rest", "Not specified", 0)
    assert groups(read(reading, told, told.b.manager, by="sector")) == [
        ("rest", "Not specified", 6)
    ]


@staged
def fair(world):
    """An event with five meetings: a must, a wish answered by a must, two without a request, and
    one that was proposed as an introduction before."""
    made = make_event(world, slots=6, tables=3, title="Spring fair")
    pairs = [(0, 0), (0, 1), (1, 1), (2, 2), (1, 2)]
    slots, tables = list(made.event.slots.all()), list(made.event.tables.all())
    for number, (left, right) in enumerate(pairs):
        AgendaEntryFactory(
            event=made.event,
            meeting=meet(world, left, right),
            slot=slots[number],
            table=tables[0],
            first=made.greek[left],
            second=made.french[right],
        )
    for kind, source, target in (
        ("must", made.greek[0], made.french[0]),
        ("no-thanks", made.french[0], made.greek[0]),
        ("wish", made.greek[0], made.french[1]),
        ("wish", made.french[1], made.greek[0]),
        ("no-thanks", made.greek[1], made.french[1]),
    ):
        MeetingRequestFactory(event=made.event, source=source, target=target, kind=kind)
    plan = IntroductionPlan.objects.create(
        partnership=world.partnership, left=world.a.cluster, right=world.b.cluster
    )
    for left, right, state, on in ((2, 2, "kept", -1), (1, 1, "dropped", -1), (1, 2, "kept", 1)):
        ProposedIntroduction.objects.create(
            plan=plan,
            partnership=world.partnership,
            left=world.a.members[left],
            right=world.b.members[right],
            score=0.5,
            state=state,
            decided_at=NOON + timedelta(days=on),
        )
    return made


def test_meetings_by_event(world, fair, reading):
    meet(world)
    for person in (world.a.manager, world.b.ambassador):
        seen = read(reading, world, person, by="event")
        assert groups(seen) == [("own", "Spring fair", 5), ("rest", "Outside events", 1)]
        assert seen.groups[0].key == str(fair.event.pk)


def test_meetings_by_where_they_came_from(world, fair, reading):
    meet(world)
    for person in (world.a.manager, world.b.manager):
        seen = read(reading, world, person, by="source")
        assert [(one.key, one.chain.held) for one in seen.groups] == [
            ("hand", 2),
            ("suggested", 1),
            ("must", 1),
            ("wish", 1),
            ("", 1),
        ]


def test_how_often_was_asked_before_the_meetings(world, fair, reading, call):
    # A must, and a wish of each of two for the other: three requests of two pairs.
    for person in (world.a.manager, world.a.ambassador, world.b.manager):
        for asked, told in (
            ({}, (3, 2)),
            ({"until": fair.event.starts_on}, (3, 2)),
            ({"since": fair.event.starts_on + timedelta(days=1)}, (0, 0)),
        ):
            seen = read(reading, world, person, **asked).counts
            assert (seen.requests, seen.invitations) == told, (person, asked)
    fair.french[0].state = "withdrawn"
    fair.french[0].save()
    seen = call(world.a.manager).get(path(world)).json()
    assert (seen["requests"], seen["invitations"]) == (3, 1)


@staged
def desk(world):
    """Two that A's ambassador arranged, one of A's manager, one of B's desk, one of nobody's."""
    for number, (side, person) in enumerate(
        (
            (world.a, world.a.ambassador),
            (world.a, world.a.ambassador),
            (world.a, world.a.manager),
            (world.b, world.b.ambassador),
            (world.a, None),
        )
    ):
        made = meet(world, number % 3, number // 3, later=("agreement",) if not number else ())
        Meeting.objects.filter(pk=made.pk).update(desk=side.cluster, arranged_by=person)
    meet(world)
    return world


def test_meetings_by_who_arranged_them(desk, reading):
    seen = read(reading, desk, desk.a.ambassador, by="ambassador")
    assert [(one.kind, one.key, one.label, one.chain.held) for one in seen.groups] == [
        ("own", str(desk.a.ambassador.pk), "Greek ambassador", 2),
        ("own", str(desk.a.manager.pk), "Greek manager", 1),
        ("side", str(desk.b.cluster.pk), "The desk of French cluster", 1),
        ("rest", "", "No one named", 1),
        ("rest", "", "Not arranged by an ambassador", 1),
    ]
    assert [one.chain.agreements for one in seen.groups] == [1, 0, 0, 0, 0]
    assert groups(read(reading, desk, desk.b.manager, by="ambassador")) == [
        ("own", "French ambassador", 1),
        ("side", "The desk of Greek cluster", 4),
        ("rest", "Not arranged by an ambassador", 1),
    ]


def test_who_is_merely_kept_by_a_cluster_is_none_of_its_members(world, reading):
    noted = OrganisationFactory(name="Port of Marseille", steward=world.a.cluster, nace=["H"])
    person = world.b.representatives[0]
    made = make_meeting(
        world.partnership,
        (world.a.members[0], world.a.representatives[0]),
        (noted, None),
        starts_at=NOON,
        ends_at=NOON + timedelta(minutes=20),
        state="held",
    )
    make_meeting(
        world.partnership,
        (world.b.members[0], person),
        (noted, None),
        starts_at=NOON,
        ends_at=NOON + timedelta(minutes=20),
        state="held",
    )
    assert made.parties.count() == 2
    # Neither is named by its own side, nor counted in the total of the other.
    assert groups(read(reading, world, world.a.manager)) == [
        ("own", "Greek member 1", 1),
        ("side", "All members of French cluster", 1),
    ]
    assert groups(read(reading, world, world.b.manager)) == [
        ("own", "French member 1", 1),
        ("side", "All members of Greek cluster", 1),
    ]
    assert groups(read(reading, world, world.a.manager, by="sector")) == [
        ("rest", "Not specified", 1),
        ("rest", "Without any of your members", 1),
    ]


def test_members_count_whether_or_not_their_list_is_shared(told, reading):
    before = groups(read(reading, told, told.a.manager))
    SharingGrant.objects.all().delete()
    Membership.objects.filter(organisation=told.b.members[0]).update(ends_on=date(2026, 1, 31))
    assert groups(read(reading, told, told.a.manager)) == before


def address(world) -> str:
    return reverse("meetings:outcomes", args=[world.partnership.pk])


def path(world) -> str:
    return f"/meetings/outcomes/{world.partnership.pk}"


def told_in(answer) -> str:
    return answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("by", GROUPS)
def test_the_other_sides_members_are_named_nowhere(told, fair, sign_in, call, by):
    for own, other in ((told.a, told.b), (told.b, told.a)):
        for person in (own.manager, own.ambassador):
            if by == "source" and person is own.ambassador:
                continue
            client, program = sign_in(person), call(person)
            texts = [
                told_in(client.get(address(told), {"by": by})),
                told_in(client.get(address(told), {"by": by, "export": "csv"})),
                told_in(program.get(path(told), {"by": by})),
            ]
            for text in texts:
                for member in other.members:
                    assert member.name not in text, (by, person)
                assert (own.members[0].name in text) == (by == "member")


def test_nobody_but_the_teams_of_both_sides_sees_it(told, sign_in, call):
    for person, status in (
        (told.a.manager, 200),
        (told.a.ambassador, 200),
        (told.b.manager, 200),
        (told.a.representatives[0], 404),
        (told.b.representatives[0], 404),
        (told.c.manager, 404),
        (told.c.representatives[0], 404),
    ):
        assert sign_in(person).get(address(told)).status_code == status, person
        assert sign_in(person).get(address(told), {"export": "csv"}).status_code == status, person
        assert call(person).get(path(told)).status_code == status, person
    assert sign_in(told.nobody_special).get(address(told)).status_code == 404


def test_who_asked_is_for_managers_and_only_while_it_lasts(told, reading, sign_in, call):
    with pytest.raises(NotAllowed):
        read(reading, told, told.a.ambassador, by="source")
    client = sign_in(told.a.ambassador)
    assert client.get(address(told), {"by": "source"}).status_code == 403
    assert 'value="source"' not in told_in(client.get(address(told)))
    assert call(told.a.ambassador).get(path(told), {"by": "source"}).status_code == 403
    assert 'value="source"' in told_in(sign_in(told.a.manager).get(address(told)))
    told.partnership.state = "ended"
    told.partnership.save()
    assert read(reading, told, told.a.manager).chain.held == 6
    with pytest.raises(NotAllowed):
        read(reading, told, told.a.manager, by="source")


def test_strangers_find_none(told, reading):
    for person in (told.c.manager, told.a.representatives[0], None):
        reader = reader_of(person) if person else reader_of(told.nobody_special)
        with reading(person), pytest.raises(NotFound):
            read_funnel(reader, told.partnership.pk)


def test_the_page_tells_steps_rates_and_groups(told, sign_in):
    answer = sign_in(told.a.manager).get(address(told))
    steps = answer.context["steps"]
    assert [(one.count, one.share) for one in steps] == [
        (8, ""),
        (6, "85.7% of the 7 with a known outcome"),
        (2, "50.0% of the 4 with a known outcome"),
        (2, "40.0% of the 5 with a known outcome"),
        (1, "20.0% of the 5 with a known outcome"),
    ]
    assert [one.note for one in steps] == [
        "1 more was cancelled",
        "1 did not take place · 1 is not known yet",
        "2 are not known yet",
        "1 is not known yet",
        "1 is not known yet",
    ]
    text = told_in(answer)
    assert "style=" not in text.partition('id="outcomes"')[2].partition("</main>")[0]
    assert "Range 11.8 – 76.9%" in text
    assert "ten events 9.1%" in text
    assert "too few to go by" in text
    assert "For 1 of 6 meetings held, they aren’t known yet." in text


def test_requests_and_invitations_stand_at_the_head(world, fair, sign_in):
    answer = sign_in(world.a.ambassador).get(address(world))
    assert [(one.label, one.count) for one in answer.context["steps"]][:3] == [
        ("Requests", 3),
        ("Invitations", 2),
        ("Meetings planned", 5),
    ]
    rows = list(
        csv.reader(
            io.StringIO(told_in(sign_in(world.b.manager).get(address(world), {"export": "csv"})))
        )
    )
    assert rows[1][:4] == ["All", "3", "2", "5"]


def test_few_meetings_get_no_rate(world, sign_in):
    meet(world, day=("possible",), later=("contact",))
    meet(world, day=("possible",))
    answer = sign_in(world.b.manager).get(address(world))
    text = told_in(answer)
    assert "The outcome of 1 of 2 meetings held is known" in text
    assert "Range" not in text
    rows = list(
        csv.reader(
            io.StringIO(told_in(sign_in(world.b.manager).get(address(world), {"export": "csv"})))
        )
    )
    whole = dict(zip(*rows[:2], strict=True))
    assert {whole[name] for name in whole if "rate, " in name} == {""}


def test_before_anybody_was_asked_nothing_is_known(world, sign_in, call):
    """No 0%, and no range of what nobody has said."""
    for number in range(10):
        meet(world, number % 3, 0)
    for number in range(30):
        meet(world, number % 3, 1, state="confirmed")
    answer = sign_in(world.a.manager).get(address(world))
    steps = {one.label: (one.share, one.note) for one in answer.context["steps"]}
    assert steps["Meetings held"] == (
        "100.0% of the 10 with a known outcome",
        "30 are not known yet",
    )
    assert steps["Cooperation started"] == ("not known yet", "10 are not known yet")
    text = told_in(answer)
    assert "Not known yet: six months after a meeting" in text
    assert "0.0%" not in text.replace("100.0%", "")
    chain = call(world.a.manager).get(path(world)).json()["chain"]
    assert (chain["held_unknown"], chain["outcome_unknown"]) == (30, 10)
    assert chain["cooperation_rate"] == {
        "count": 0,
        "of": 0,
        "percent": None,
        "low": None,
        "high": None,
        "reference": pytest.approx(9.14, abs=0.01),
    }


def test_without_meetings_the_page_says_what_to_do_first(world, sign_in):
    answer = sign_in(world.a.manager).get(address(world))
    assert "No meetings yet" in told_in(answer)
    assert f"{reverse('events:list')}?partnership={world.partnership.pk}" in told_in(answer)
    meet(world)
    narrowed = sign_in(world.a.manager).get(address(world), {"until": "2020-01-01"})
    assert "No meetings in this period" in told_in(narrowed)


def test_the_short_section_leads_here(told, sign_in):
    page = sign_in(told.b.ambassador).get(reverse("meetings:catch-ups", args=[told.partnership.pk]))
    assert f'href="{address(told)}"' in told_in(page).partition('id="outcome"')[2]


def test_the_export_has_the_whole_and_each_group(told, sign_in):
    client = sign_in(told.a.manager)
    head, *rows = csv.reader(
        io.StringIO(told_in(client.get(address(told), {"export": "csv", "by": "member"})))
    )
    assert [row[:7] for row in rows] == [
        ["All", "0", "0", "8", "1", "6", "1"],
        ["Greek member 1", "", "", "5", "0", "5", "0"],
        ["Greek member 2", "", "", "2", "0", "1", "1"],
        ["Greek member 3", "", "", "1", "1", "0", "0"],
        ["All members of French cluster", "", "", "8", "1", "6", "1"],
    ]
    assert {len(row) for row in rows} == {len(head)}
    whole = dict(zip(head, rows[0], strict=True))
    assert (whole["Valuable contact"], whole["An agreement"]) == ("1", "1")
    assert whole["Cooperation rate, percent"] == "40.0"
    excel = client.get(address(told), {"export": "xlsx"})
    assert excel.content.startswith(b"PK")


def test_a_program_reads_the_same(told, reading, call):
    answer = call(told.a.manager).get(path(told), {"by": "member", "since": "2026-03-10"})
    said = answer.json()
    assert (said["by"], said["since"], said["until"]) == ("member", "2026-03-10", None)
    seen = read(reading, told, told.a.manager)
    assert said["chain"]["words"] == seen.chain.words
    assert said["chain"]["cooperation_rate"]["low"] == seen.chain.cooperation_rate.low
    assert [
        (one["kind"], one["key"], one["label"], one["chain"]["held"], one["chain"]["is_thin"])
        for one in said["groups"]
    ] == [(one.kind, one.key, one.label, one.chain.held, one.chain.is_thin) for one in seen.groups]


@pytest.mark.parametrize(
    ("since", "until", "count"),
    # In Tokyo the one begins at 00:00 on 11 March, the other at 23:59.
    [
        ("2026-03-11", "2026-03-11", 2),
        ("2026-03-11", "", 2),
        ("", "2026-03-11", 2),
        ("2026-03-12", "", 0),
        ("", "2026-03-10", 0),
    ],
)
def test_days_are_those_of_the_readers_zone_and_count_themselves(
    world, sign_in, call, since, until, count
):
    meet(world, at=datetime(2026, 3, 10, 15, 0, tzinfo=UTC))
    meet(world, at=datetime(2026, 3, 11, 14, 59, tzinfo=UTC))
    world.a.manager.time_zone = "Asia/Tokyo"
    world.a.manager.save()
    asked = {name: value for name, value in (("since", since), ("until", until)) if value}
    page = sign_in(world.a.manager).get(address(world), asked)
    assert page.context["funnel"].chain.held == count
    assert call(world.a.manager).get(path(world), asked).json()["chain"]["held"] == count


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"since": "2026-05-02", "until": "2026-05-01"},
            "The last day can’t be before the first day.",
        ),
        ({"by": "nonsense"}, "Select a valid choice"),
        ({"since": "soon"}, "Enter a valid date."),
        ({"until": "9999-12-31"}, "Choose a date between"),
        ({"since": "0001-01-01"}, "Choose a date between"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(told, sign_in, call, asked, sentence):
    for form in ({}, {"export": "csv"}):
        answer = sign_in(told.a.manager).get(address(told), asked | form)
        assert answer.status_code == 422
        assert sentence in told_in(answer).partition('id="outcomes"')[2]
    refused = call(told.a.manager).get(path(told), asked)
    assert refused.status_code == 422
    assert refused["Content-Type"].startswith("application/problem+json")


def test_an_unknown_grouping_is_refused(told, reading):
    with pytest.raises(InvalidInput, match="member, sector, ambassador, event, source"):
        read(reading, told, told.a.manager, by="nonsense")
    seen = read(reading, told, told.a.manager, since=date(2026, 3, 10), until=date(2026, 3, 10))
    assert (seen.chain.planned, seen.chain.held) == (7, 6)


@pytest.mark.parametrize("by", GROUPS)
def test_the_queries_are_as_many_for_one_meeting_as_for_ten(world, fair, reading, by):
    reader, counts = reader_of(world.a.manager), []
    for more in (1, 9):
        for number in range(more):
            meet(world, number % 3, number // 3, day=("possible",), later=("agreement",))
        Meeting.objects.update(desk=world.a.cluster, arranged_by=world.a.ambassador)
        with reading(world.a.manager), CaptureQueriesContext(connection) as asked:
            read_funnel(reader, world.partnership.pk, by=by)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20
