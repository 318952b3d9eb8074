"""First steps of a newcomer on their day: who has which, what ticks them, and how they end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.accounts.models import Person
from proxeny.ambassadors.models import Mandate
from proxeny.directory.models import Organisation
from proxeny.kernel.first_steps import list_first_steps, newcomer_of
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Partnership, SharingGrant
from tests.conftest import reader_of
from tests.factories.accounts import SeatFactory
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.events import EventFactory
from tests.factories.partnerships import PartnershipFactory, PartyFactory, SharingGrantFactory
from tests.factories.world import make_event, make_side

TITLE = "Your first steps"


def steps_of(person):
    """Return a person's list as (whose, done, where), with their own eyes."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        whose = newcomer_of(reader)
        if whose is None:
            return None, [], []
        found = list_first_steps(reader, whose, timezone.now())
    return whose, [one.is_done for one in found.steps], [one.url for one in found.steps]


def test_a_new_cluster_sees_its_way_and_each_fact_ticks_a_step(db, sign_in):
    side = make_side("Greek", "GR", members=0)
    SeatFactory._meta.model.objects.exclude(person=side.manager).delete()
    whose, done, urls = steps_of(side.manager)
    assert whose == "cluster"
    assert done == [False] * 6
    assert urls == ["/directory/import/", "/people/invite/", "/partnerships/new/", "", "", ""]
    client = sign_in(side.manager)
    page = client.get("/").content.decode()
    assert TITLE in page
    assert "0 of 6 done" in page
    # Nothing empty stands below it.
    assert "Nothing is waiting for you" not in page
    assert "No meetings planned" not in page
    assert "no partnerships yet" not in page

    OrganisationFactory(steward=side.cluster)
    SeatFactory(organisation=side.cluster, role="adviser")
    assert steps_of(side.manager)[1] == [True, True, False, False, False, False]
    other = make_side("French", "FR", members=0)
    room = PartnershipFactory(lead=side.cluster, state=Partnership.State.DRAFT)
    for one, letter in ((side, "A"), (other, "B")):
        PartyFactory(partnership=room, organisation=one.cluster, side=letter)
    assert steps_of(side.manager)[2][2] == f"/partnerships/{room.pk}/"
    Partnership.objects.update(state=Partnership.State.PROPOSED)
    assert steps_of(side.manager)[1][2:] == [True, False, False, False]
    # Both sides are led to the text.
    for one in (side, other):
        assert steps_of(one.manager)[2][3] == f"/partnerships/{room.pk}/#agreement"
    Partnership.objects.update(state=Partnership.State.ACTIVE)
    assert steps_of(side.manager)[1][3:] == [True, False, False]
    assert steps_of(side.manager)[2][4] == f"/partnerships/{room.pk}/share/"
    SharingGrantFactory(partnership=room, organisation=side.cluster)
    assert "5 of 6 done" in client.get("/").content.decode()
    # What one side shares ticks nothing of the other's.
    assert steps_of(other.manager)[1][4] is False
    EventFactory(partnership=room)
    assert TITLE not in client.get("/").content.decode()
    assert Person.objects.get(pk=side.manager.pk).past_first_steps == ["cluster"]


def test_an_ambassador(world, sign_in):
    whose, done, urls = steps_of(world.a.ambassador)
    assert (whose, done) == ("ambassador", [False] * 3)
    desk = f"/partnerships/{world.partnership.pk}/desk"
    assert urls == [f"{desk}/mandates/", "/introductions/calendar/", f"{desk}/new/"]
    Mandate.objects.create(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=world.a.members[0],
        seeks="Partners",
        until="2030-01-01",
        state=Mandate.State.ACCEPTED,
    )
    assert steps_of(world.a.ambassador)[1] == [True, False, False]
    assert steps_of(world.b.ambassador)[1] == [False] * 3
    assert "1 of 3 done" in sign_in(world.a.ambassador).get("/").content.decode()


def test_a_member(world):
    person, member = world.a.representatives[0], world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(summary="")
    whose, done, urls = steps_of(person)
    assert (whose, done) == ("member", [False] * 3)
    assert urls[:2] == [f"/directory/{member.pk}/edit/", f"/directory/{member.pk}/listings/new/"]
    ListingFactory(organisation=member)
    Organisation.objects.filter(pk=member.pk).update(summary="Glass.")
    assert steps_of(person)[1] == [True, True, False]
    # An event that takes requests adds a step.
    make_event(world)
    assert any("/events/" in one for one in steps_of(person)[2])
    assert len(steps_of(person)[1]) == 4


def test_others_have_none(world, sign_in):
    juror, adviser = SeatFactory(organisation=world.a.cluster, role="juror"), None
    adviser = SeatFactory(organisation=world.a.cluster, role="adviser")
    for one in (juror.person, adviser.person, world.nobody_special):
        assert steps_of(one)[0] is None


def test_dismissing_is_for_good_and_for_oneself(world, sign_in):
    SharingGrant.objects.all().delete()
    client = sign_in(world.a.manager)
    assert TITLE in client.get("/").content.decode()
    assert client.get("/first-steps/dismiss/").status_code == 405
    assert client.post("/first-steps/dismiss/")["Location"] == "/"
    assert TITLE not in client.get("/").content.decode()
    assert TITLE not in sign_in(world.a.manager).get("/").content.decode()
    assert TITLE in sign_in(world.b.manager).get("/").content.decode()


@pytest.mark.parametrize("who", ["manager", "ambassador"])
def test_the_list_costs_one_query_and_none_afterwards(world, sign_in, who):
    SharingGrant.objects.all().delete()
    client = sign_in(getattr(world.a, who))

    def count():
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        # Looked at now: the next request empties the log.
        return len(asked)

    count()
    shown = count()
    client.post("/first-steps/dismiss/")
    count()
    assert shown == count() + 1
