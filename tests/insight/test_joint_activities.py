"""What organisations did with each other, as a team sees it."""

from datetime import UTC, date, datetime

import pytest

from proxeny.directory.countries import country_codes
from proxeny.directory.models import Visibility
from proxeny.insight import networks_regions as regions
from proxeny.insight.pipeline import eyes_of
from proxeny.insight.queries.joint_activities import (
    AGREEMENT,
    BID,
    MEETING,
    PARTNERSHIP,
    PROJECT,
    Deed,
    read_seen,
)
from proxeny.meetings.models import Meeting, Rating
from proxeny.partnerships.models import Partnership, Party
from tests.factories.bids import BidFactory, PartnerFactory
from tests.factories.calls import CallFactory
from tests.factories.directory import MembershipFactory, OrganisationFactory
from tests.factories.meetings import RatingFactory
from tests.insight.networking import TODAY, meet, project

pytestmark = pytest.mark.django_db


def seen_by(cluster):
    eyes = eyes_of(cluster.pk, None, today=TODAY)
    with eyes.reading():
        return read_seen(today=TODAY)


def deeds(cluster, kind):
    return [one for one in seen_by(cluster).deeds if one.kind == kind]


def pks(*some):
    return tuple(sorted(one.pk for one in some))


def test_a_project_of_which_both_sides_keep_a_row_is_one(world):
    a, b = world.a, world.b
    project(world, a.members[0], reference="101", first=2024, last=2026)
    project(world, b.members[0], reference="101", first=2024, last=2026, steward=b.cluster)
    found = deeds(a.cluster, PROJECT)
    assert found == [Deed(PROJECT, 2024, 2026, pks(a.members[0], b.members[0]))]
    assert found[0].counts_in(2024)
    assert not found[0].counts_in(2023)
    assert not found[0].counts_in(2027)


def test_the_same_number_in_another_register_is_another_project(world):
    a, b = world.a, world.b
    project(world, a.members[0], reference="101")
    project(world, b.members[0], reference="101", source="other", steward=b.cluster)
    assert deeds(a.cluster, PROJECT) == []


def test_a_project_without_days_and_one_to_come_do_not_count(world):
    a = world.a
    made = project(world, a.members[0], a.members[1])
    type(made).objects.filter(pk=made.pk).update(starts_on=None, ends_on=None)
    project(world, a.members[0], a.members[1], first=2027, last=2029)
    assert deeds(a.cluster, PROJECT) == []


def test_each_side_sees_its_own_part(world):
    a, b = world.a, world.b
    hidden = OrganisationFactory(steward=a.cluster, visibility=Visibility.PRIVATE)
    project(world, a.members[0], b.members[0], hidden)
    assert deeds(a.cluster, PROJECT)[0].members == pks(a.members[0], b.members[0], hidden)
    assert deeds(b.cluster, PROJECT)[0].members == pks(a.members[0], b.members[0])
    assert deeds(world.c.cluster, PROJECT) == []


def test_a_meeting_counts_if_it_was_held_and_more_if_it_came_to_an_agreement(world):
    one, other = world.a.members[0], world.b.members[0]
    meet(world, one, other, 2026)
    agreed = meet(world, one, other, 2024)
    RatingFactory(party=agreed.parties.first(), phase="later", value=Rating.Value.AGREEMENT)
    meet(world, one, other, 2025, state=Meeting.State.CONFIRMED)
    meet(world, one, other, 2025, kind=Meeting.Kind.CATCH_UP)
    assert deeds(world.a.cluster, MEETING) == [Deed(MEETING, 2026, 2028, pks(one, other))]
    assert deeds(world.a.cluster, AGREEMENT) == [Deed(AGREEMENT, 2024, 2026, pks(one, other))]


def test_a_partnership_counts_in_each_year_with_those_who_take_part(world):
    room = world.partnership
    Partnership.objects.filter(pk=room.pk).update(starts_on=date(2025, 6, 1))
    Party.objects.filter(partnership=room).update(joined_at=datetime(2025, 5, 1, tzinfo=UTC))
    Party.objects.create(
        partnership=room,
        organisation=world.c.cluster,
        side="C",
        joined_at=datetime(2025, 7, 1, tzinfo=UTC),
        state=Party.State.LEFT,
        left_on=date(2025, 12, 1),
    )
    sides = (world.a.cluster, world.b.cluster)
    assert deeds(world.a.cluster, PARTNERSHIP) == [
        Deed(PARTNERSHIP, 2025, 2025, pks(*sides, world.c.cluster)),
        Deed(PARTNERSHIP, 2026, 2026, pks(*sides)),
    ]


def test_a_proposal_is_no_partnership_yet(world):
    Partnership.objects.update(state=Partnership.State.PROPOSED)
    assert deeds(world.a.cluster, PARTNERSHIP) == []


def test_a_bid_counts_once_it_is_handed_in(world):
    one, other, third = *world.a.members[:2], world.b.members[0]
    bid = BidFactory(
        call=CallFactory(steward=world.a.cluster),
        partnership=world.partnership,
        state="submitted",
        submitted_at=datetime(2025, 9, 1, tzinfo=UTC),
    )
    for organisation in (one, third):
        PartnerFactory(bid=bid, organisation=organisation, state="in")
    PartnerFactory(bid=bid, organisation=other, state="declined")
    waits = BidFactory(call=bid.call, partnership=world.partnership)
    for organisation in (one, third):
        PartnerFactory(bid=waits, organisation=organisation, state="in")
    assert deeds(world.a.cluster, BID) == [Deed(BID, 2025, 2027, pks(one, third))]


def test_members_of_today_stand_for_their_clusters_and_no_cluster_for_another(world):
    a, b = world.a, world.b
    MembershipFactory(cluster=a.cluster, organisation=b.cluster)
    gone = OrganisationFactory(steward=a.cluster)
    MembershipFactory(
        cluster=a.cluster, organisation=gone, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1)
    )
    found = seen_by(a.cluster)
    assert found.memberships == sorted(
        [(one.pk, side.cluster.pk) for side in (a, b) for one in side.members]
    )


def test_reading_asks_as_often_whatever_there_is(world, django_assert_num_queries):
    eyes = eyes_of(world.a.cluster.pk, None, today=TODAY)
    for _more in range(2):
        with eyes.reading(), django_assert_num_queries(8):
            read_seen(today=TODAY)
        for year in (2023, 2024, 2025):
            project(world, *world.a.members, *world.b.members, first=year)
            meet(world, world.a.members[0], world.b.members[0], year)


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("GR", "europe"),
        ("TR", "europe"),
        ("EG", "mea"),
        ("ZA", "mea"),
        ("CA", "americas"),
        ("JP", "apac"),
        ("AU", "apac"),
        ("", ""),
    ],
)
def test_each_country_lies_in_one_region(country, region):
    assert regions.region_of(country) == region


def test_no_country_lies_in_two_regions():
    named = [regions._EUROPE, regions._MIDDLE_EAST_AFRICA, regions._AMERICAS]
    together = [code for some in named for code in some]
    assert len(together) == len(set(together))
    # Each is a country that the directory knows.
    assert set(together) <= country_codes()
