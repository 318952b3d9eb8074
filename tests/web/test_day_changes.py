"""What changed, for who has no room to look into; and what comes first for who has nothing yet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.events.models import Event
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.alliances import PageVersionFactory
from tests.factories.ambassadors import MandateFactory
from tests.factories.directory import InterestFactory, ListingFactory
from tests.factories.research import PublicationFactory, StudyFactory
from tests.factories.world import make_event
from tests.labels.judging import assign, make_judged, make_juror, person, submit

FIRST = "Add what you offer and need"


def _answer(world, member, number: int, state: str = "accepted", **values) -> None:
    listing = ListingFactory(organisation=world.b.members[0], title=f"Sensor {number}")
    InterestFactory(listing=listing, organisation=member, state=state, **values)


def test_a_member_learns_what_was_answered_and_published(world, sign_in):
    member, now = world.a.members[0], timezone.now()
    taken = make_event(world, title="Sea and Stone", state=Event.State.PUBLISHED, published_at=now)
    _answer(world, member, 1)
    _answer(world, member, 2, "declined")
    _answer(world, member, 3, updated_at=now - timedelta(days=31))
    _answer(world, member, 4, "offered")
    mandate = MandateFactory(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=member,
        state="accepted",
        answered_at=now - timedelta(days=2),
    )
    page = sign_in(world.a.representatives[0]).get("/").text
    assert page.count("Your expression of interest was accepted:") == 1
    assert page.count("Your expression of interest was declined:") == 1
    assert "Sensor 3" not in page
    assert "The agenda has been published:" in page
    assert f'href="/events/{taken.event.pk}/my-agenda/"' in page
    assert f'href="/introductions/mandates/{mandate.pk}/"' in page
    # The other members of the cluster, and those of the other side, have their own.
    for other in (world.a.representatives[1], world.b.representatives[0]):
        page = sign_in(other).get("/").text
        assert "Your interest was" not in page
        assert "Your mandate request was answered by" not in page
        assert "The agenda has been published:" in page
    assert "Sea and Stone" not in sign_in(world.c.representatives[0]).get("/").text


def test_what_is_told_can_be_opened(world, sign_in):
    member = world.a.members[0]
    taken = make_event(world, state=Event.State.PUBLISHED, published_at=timezone.now())
    _answer(world, member, 1)
    mandate = MandateFactory(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=member,
        state="declined",
        answered_at=timezone.now(),
    )
    client = sign_in(world.a.representatives[0])
    page = client.get("/").text
    changed = page[page.index('id="changed"') :]
    for address in (
        f"/events/{taken.event.pk}/my-agenda/",
        "/directory/listings/",
        f"/introductions/mandates/{mandate.pk}/",
    ):
        found = changed[changed.index(f'href="{address}') :].split('"')[1]
        assert client.get(found).status_code == 200, found


def _published(world) -> None:
    now = timezone.now()
    for number, title in ((1, "Prices, first"), (2, "Prices, second")):
        PublicationFactory(
            study=StudyFactory(partnership=world.partnership),
            slug="prices",
            number=number,
            title=title,
            published_at=now,
        )
    PageVersionFactory(partnership=world.partnership, title="Two harbours", published_at=now)


def test_who_has_no_room_finds_what_is_new_to_read(world, sign_in):
    _published(world)
    judged = make_judged(world)
    juror = make_juror(judged.round, world, world.a, "Juror")
    assign(juror, submit(judged, world.b.members[0]))
    for reader in (world.nobody_special, person(juror)):
        page = sign_in(reader).get("/").text
        assert "Prices, second" in page
        assert 'href="/studies/prices/"' in page
        assert "Prices, first" not in page
        assert "Two harbours" in page
        assert "Your cluster has no partnerships yet." not in page
    assert "1 application is waiting for your scores." in page


@pytest.mark.parametrize("who", ["manager", "ambassador", "representative"])
def test_who_has_work_of_their_own_is_not_shown_what_is_public(world, sign_in, who):
    _published(world)
    reader = world.a.representatives[0] if who == "representative" else getattr(world.a, who)
    page = sign_in(reader).get("/").text
    assert "New to read" not in page
    assert "Two harbours" not in page


def test_who_has_said_nothing_yet_is_told_how_to_begin(world, sign_in):
    member = world.a.members[0]
    client = sign_in(world.a.representatives[0])
    page = client.get("/").text
    assert FIRST in page
    assert client.get(f"/directory/{member.pk}/listings/new/").status_code == 200
    assert f'href="/directory/{member.pk}/listings/new/"' in page
    ListingFactory(organisation=member)
    assert f'href="/directory/{member.pk}/listings/new/"' not in client.get("/").text
    assert FIRST not in sign_in(world.a.manager).get("/").text


def test_who_works_for_several_is_told_of_each(world, sign_in):
    """A member's person who also sits in the cluster's team sees both days on one page."""
    both = PersonFactory(name="Both")
    SeatFactory(person=both, organisation=world.a.members[0], role=Role.REPRESENTATIVE)
    SeatFactory(person=both, organisation=world.a.members[1], role=Role.REPRESENTATIVE)
    SeatFactory(person=both, organisation=world.a.cluster, role=Role.MANAGER)
    for number, member in enumerate(world.a.members[:2]):
        _answer(world, member, number)
    page = sign_in(both).get("/").text
    assert page.count("Your expression of interest was accepted:") == 2
    assert "Athens – Paris" in page


def test_until_when_wishes_are_taken(world, sign_in):
    deadline = timezone.now() + timedelta(days=3)
    make_event(world, deadline_at=deadline, time_zone="Europe/Athens")
    page = sign_in(world.a.representatives[0]).get("/").text
    assert "Meeting requests are open until" in page
    assert "(Athens)" in page


def test_what_is_in_haste_stands_first(world, sign_in):
    make_event(world)
    member = world.a.members[0]
    listing = ListingFactory(organisation=member, title="Stone saws")
    InterestFactory(listing=listing, organisation=world.b.members[0])
    page = sign_in(world.a.representatives[0]).get("/").text
    assert page.index("An expression of interest is waiting for you.") < page.index(
        "You’re registered."
    )
