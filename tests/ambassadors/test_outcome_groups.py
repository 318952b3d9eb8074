"""What desks tell of themselves elsewhere: outcomes, give and take, the room's front page, the year."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Seat
from proxeny.ambassadors import outcome_groups, room_facts
from proxeny.ambassadors.models import Introduction, TimeOption
from proxeny.ambassadors.waiting import find_waiting
from proxeny.kernel.kinds import read_kinds
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.outcome_groups import Counts
from proxeny.meetings.queries.funnel import read_funnel
from proxeny.partnerships.exchange import weigh
from tests.ambassadors.linking import english, read
from tests.ambassadors.reporting import MARCH, TODAY, make, make_spring, on
from tests.conftest import reader_of
from tests.factories.ambassadors import MandateFactory, TimeOptionFactory
from tests.stages import staged

ATHENS = ZoneInfo("Europe/Athens")


@staged
def spring(world):
    """The two desks' spring."""
    make_spring(world)
    return world


def test_requests_and_invitations_are_those_of_both_desks(spring, reading):
    for person in (spring.a.manager, spring.b.ambassador):
        with reading(person):
            march = outcome_groups.count_requests(spring.partnership.pk, Days(ATHENS, *MARCH))
            always = outcome_groups.count_requests(spring.partnership.pk, Days(ATHENS))
        # Noted: five of A and two of B, and a mandate of which nothing came; asked: five and one.
        assert (march, always) == (Counts(8, 6), Counts(9, 6))


def test_who_is_not_of_a_team_counts_nothing(spring, reading):
    for person in (spring.c.manager, spring.a.representatives[0], None):
        with reading(person):
            told = outcome_groups.count_requests(spring.partnership.pk, Days(ATHENS))
        assert told == Counts()


def test_meetings_are_told_by_their_source(spring, reading):
    def told(person):
        with reading(person):
            found = read_funnel(reader_of(person), spring.partnership.pk, by="source")
        return {one.key: (one.chain.planned, one.chain.held) for one in found.groups}

    assert told(spring.a.manager) == {"mandate": (1, 1), "desk": (3, 2)}
    # That a member of A had asked its ambassador is not B's to know.
    assert told(spring.b.manager) == {"desk": (4, 3)}


def test_an_introduction_to_which_both_said_yes_counts_for_its_desk(spring, reading):
    for person in (spring.a.manager, spring.b.manager):
        with reading(person):
            parties = list(spring.partnership.parties.select_related("organisation"))
            rows = weigh(spring.partnership, parties, today=TODAY)
        (row,) = [one for one in rows if one.kind == "introduction"]
        assert {party.side: count for party, count, _confirmed in row.by_party} == {"A": 3, "B": 1}


def test_the_front_page_tells_what_the_own_desk_has_in_hand(spring, reading):
    def tile(person):
        with reading(person):
            (one,) = room_facts.find_tiles(spring.partnership, TODAY)
        return one.value, one.note

    assert tile(spring.a.manager) == ("3 open", "1 upcoming meeting · 1 overdue")
    assert tile(spring.b.manager) == ("0 open", "")


def dates(reading, person, world, today=TODAY):
    with reading(person):
        return list(read_kinds(room_facts.find_dates(reader_of(person), world.partnership, today)))


def test_a_desk_that_has_not_begun_shows_no_figure(world, reading):
    with reading(world.a.manager):
        (one,) = room_facts.find_tiles(world.partnership, TODAY)
    assert (one.value, dates(reading, world.a.manager, world)) == ("", [])


def test_booked_meetings_to_come_are_dates_of_the_own_side_alone(spring, reading):
    case = Introduction.objects.get(state="booked")
    (one,) = dates(reading, spring.a.ambassador, spring)
    assert (one.on, one.text) == (date(2026, 4, 20), "Greek member 2 – French member 3")
    assert one.url == reverse("ambassadors:case", args=[spring.partnership.pk, case.pk])
    assert dates(reading, spring.b.manager, spring) == []
    assert dates(reading, spring.a.ambassador, spring, date(2026, 4, 21)) == []


def waiting(reading, world, person):
    with reading(person):
        found = read_kinds(
            find_waiting(reader_of(person), timezone.now(), world.partnership.pk),
            room=world.partnership.pk,
        )
        return [one.key.rpartition(":")[2] for one in found]


def test_what_waits_for_who_works_at_the_desk(spring, reading):
    late = Introduction.objects.get(next_step="Call again")
    TimeOptionFactory(
        introduction=late,
        desk=None,
        proposed_by="member",
        starts_at=timezone.now() + timedelta(days=2),
    )
    # Of one introduction the most urgent is told: the time, before the step that is due.
    for person in (spring.a.ambassador, spring.a.manager):
        assert waiting(reading, spring, person) == ["confirm", "answer"]
    TimeOption.objects.all().delete()
    assert waiting(reading, spring, spring.a.ambassador) == ["step", "answer"]
    assert waiting(reading, spring, spring.a.manager) == ["answer"]
    for person in (spring.b.ambassador, spring.a.representatives[0], spring.c.manager):
        assert waiting(reading, spring, person) == []


def test_cases_of_who_has_left_wait_for_those_who_stay(spring, reading):
    today = timezone.localdate()
    Seat.objects.filter(person=spring.a.ambassador).update(
        starts_on=today - timedelta(days=90), ends_on=today - timedelta(days=1)
    )
    assert waiting(reading, spring, spring.a.manager).count("hand-over") == 3


def test_the_year_tells_each_desk_as_a_whole(spring, reading):
    with reading(spring.b.manager):
        (chapter,) = room_facts.find_chapters(
            spring.partnership, date(2026, 1, 1), date(2026, 12, 31)
        )
        told = [(str(one.label), one.value, one.note) for one in chapter.figures]
        year_before = (date(2025, 1, 1), date(2025, 12, 31))
        before = list(room_facts.find_chapters(spring.partnership, *year_before))
    assert told == [
        ("Introductions by Greek cluster", "6", "both said yes to 3; 2 led to a meeting"),
        ("Median days from request to both saying yes", "4.0", "Greek cluster"),
        ("Mandates received by Greek cluster", "2", "1 accepted"),
        ("Introductions by French cluster", "2", "both said yes to 1; 1 led to a meeting"),
        ("Median days from request to both saying yes", "3.0", "French cluster"),
    ]
    assert before == []


def test_the_pages_of_the_room_show_it(spring, sign_in):
    pk = spring.partnership.pk
    client = english(sign_in(spring.a.manager))
    work = read(client.get(reverse("partnerships:work", args=[pk])))
    assert "3 open" in work
    year = client.get(reverse("partnerships:report", args=[pk]))
    assert ("The ambassadors’ desks" in read(year)) == (timezone.localdate().year == TODAY.year)


def test_as_many_queries_for_one_case_as_for_many(world, reading):
    counts = []
    for number in range(3):
        case = make(
            world.a,
            world.a.members[number],
            world.b.members[0],
            on(1),
            state="asking",
            asked_at=on(2),
            world=world,
        )
        TimeOptionFactory(introduction=case)
        MandateFactory(
            partnership=world.partnership, cluster=world.a.cluster, member=world.a.members[number]
        )
        if number == 1:
            continue
        person = world.a.ambassador
        with reading(person), CaptureQueriesContext(connection) as asked:
            list(room_facts.find_tiles(world.partnership, TODAY))
            list(read_kinds(room_facts.find_dates(reader_of(person), world.partnership, TODAY)))
            list(
                read_kinds(
                    find_waiting(reader_of(person), timezone.now(), world.partnership.pk),
                    room=world.partnership.pk,
                )
            )
            list(room_facts.find_chapters(world.partnership, *MARCH))
            outcome_groups.count_requests(world.partnership.pk, Days(ATHENS))
        counts.append(len(asked))
    assert counts[0] == counts[1]
