"""Hosting an event counts in give and take: once for each side that came, when it is over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models.choices import Visibility
from proxeny.events.models import Event, Participation
from proxeny.events.room_facts import count_hosting
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Party
from tests.factories.directory import OrganisationFactory
from tests.factories.events import GroupFactory, ParticipationFactory
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.factories.world import make_event
from tests.stages import staged


@staged
def made(world):
    return make_event(world)


@staged
def sides(world):
    return list(world.partnership.parties.order_by("side"))


def hold(event, host, *, days_ago=1, state=Event.State.PUBLISHED):
    day = timezone.localdate() - timedelta(days=days_ago)
    Event.objects.filter(pk=event.pk).update(
        host=host, state=state, starts_on=day - timedelta(days=1), ends_on=day
    )


@pytest.fixture
def counted(world, reading):
    """What each reader's scales count; both sides read the same."""

    def count(*people):
        found = []
        for person in people or (world.a.manager, world.a.ambassador, world.b.manager):
            with reading(person):
                parties = list(world.partnership.parties.filter(state=Party.State.JOINED))
                found.append(list(count_hosting(world.partnership, parties)))
        assert all(one == found[0] for one in found)
        return found[0]

    return count


def test_a_hosted_event_counts_once_for_the_other_side_when_it_is_over(world, made, sides, counted):
    a, b = world.a.cluster.pk, world.b.cluster.pk
    for days_ago in (-30, -1, 0):
        hold(made.event, sides[0], days_ago=days_ago)
        assert counted() == []
    for state in (Event.State.PUBLISHED, Event.State.FINISHED):
        hold(made.event, sides[0], state=state)
        assert counted() == [Given("hosting", a, b, 1)]
    hold(made.event, sides[1])
    assert counted() == [Given("hosting", b, a, 1)]
    hold(made.event, None)
    assert counted() == []


@pytest.mark.parametrize("state", ["draft", "open", "closed", "provisional", "cancelled"])
def test_what_was_never_published_or_called_off_does_not_count(made, sides, counted, state):
    hold(made.event, sides[0], state=state)
    assert counted() == []


def test_only_sides_that_took_part_were_hosted(world, made, sides, counted):
    third = PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    hold(made.event, sides[0])
    a, b, c = world.a.cluster.pk, world.b.cluster.pk, world.c.cluster.pk
    everybody = (world.a.manager, world.b.ambassador, world.c.manager)
    assert counted(*everybody) == [Given("hosting", a, b, 1)]
    group = GroupFactory(event=made.event, name="Third", organisation=world.c.cluster, side="C")
    guest = ParticipationFactory(
        event=made.event, organisation=world.c.members[0], group=group, state="invited"
    )
    assert counted(*everybody) == [Given("hosting", a, b, 1)]
    Participation.objects.filter(pk=guest.pk).update(state="registered")
    assert counted(*everybody) == [Given("hosting", a, b, 1), Given("hosting", a, c, 1)]
    # Whoever comes to look after the member later was not there.
    guest.organisation.steward = None
    guest.organisation.save()
    assert counted(*everybody) == [Given("hosting", a, b, 1), Given("hosting", a, c, 1)]
    Participation.objects.filter(pk__in=[one.pk for one in made.french]).update(state="withdrawn")
    assert counted(*everybody) == [Given("hosting", a, c, 1)]
    Party.objects.filter(pk=third.pk).update(state=Party.State.LEFT)
    assert counted() == []


def test_a_mixed_group_is_told_by_who_looks_after_its_people(world, made, sides, counted):
    hold(made.event, sides[0])
    made.event.groups.update(organisation=None, side="")
    assert counted() == [Given("hosting", world.a.cluster.pk, world.b.cluster.pk, 1)]
    Participation.objects.filter(pk__in=[one.pk for one in made.french]).delete()
    assert counted() == []
    cluster = ParticipationFactory(
        event=made.event, organisation=world.b.cluster, group=made.greek[0].group
    )
    assert cluster.state == "registered"
    assert counted() == [Given("hosting", world.a.cluster.pk, world.b.cluster.pk, 1)]


def test_a_guest_whose_entry_is_not_shared_counts_for_both(world, made, sides, counted):
    Participation.objects.filter(pk__in=[one.pk for one in made.french]).delete()
    hidden = OrganisationFactory(steward=world.b.cluster, visibility=Visibility.PRIVATE)
    ParticipationFactory(event=made.event, organisation=hidden, group=made.french[0].group)
    hold(made.event, sides[0])
    assert counted() == [Given("hosting", world.a.cluster.pk, world.b.cluster.pk, 1)]


def test_other_partnerships_and_other_readers_count_nothing_of_it(
    world, made, sides, counted, reading
):
    hold(made.event, sides[0])
    other = PartnershipFactory(lead=world.a.cluster)
    parties = [
        PartyFactory(partnership=other, organisation=side.cluster, side=letter)
        for letter, side in (("A", world.a), ("B", world.b))
    ]
    with reading(world.a.manager):
        assert list(count_hosting(other, parties)) == []
    for person in (world.c.manager, world.nobody_special):
        with reading(person):
            assert list(count_hosting(world.partnership, sides)) == []


def test_one_query_however_many_events(world, sides, reading, django_assert_num_queries):
    for number in range(3):
        hold(make_event(world).event, sides[number % 2])
    with reading(world.b.ambassador), django_assert_num_queries(1):
        assert len(list(count_hosting(world.partnership, sides))) == 3


def test_the_page_of_give_and_take_shows_it_to_both_sides(
    world, made, sides, sign_in, django_assert_num_queries
):
    page = reverse("partnerships:exchange", args=[world.partnership.pk])
    browser = sign_in(world.b.ambassador)

    def hosting(client):
        rows = client.get(page).context["rows"]
        row = next(one["row"] for one in rows if one["row"].kind == "hosting")
        return [counted for _party, counted, _confirmed in row.by_party]

    assert hosting(browser) == [0, 0]
    with CaptureQueriesContext(connection) as before:
        browser.get(page)
    for number in range(3):
        hold(make_event(world).event, sides[number % 2])
    with django_assert_num_queries(len(before)):
        browser.get(page)
    for person in (world.a.manager, world.b.ambassador):
        assert hosting(sign_in(person)) == [2, 1]
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special):
        assert sign_in(person).get(page).status_code == 404
