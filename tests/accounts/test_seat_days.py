"""Seats with a first and a last day: what they open on which day, and who sets them."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from proxeny.accounts import operations
from proxeny.accounts.models import Invitation, Role, Seat
from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import GATE, WEB, acting_as
from tests.accounts.test_invitations import ADDRESS, SECRET, accept, invite, token_of
from tests.accounts.test_sign_in import sign_in_with
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory

DAY = timedelta(days=1)


def today():
    return timezone.now().date()


def reader_on(person, day):
    with acting_as(GATE):
        return get_reader_of_person(person.pk, today=day)


def set_last_day(person, seat, day):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operations.set_last_day(actor=reader, seat_id=seat.pk, last_day=day, today=today())


def hand_over(world, seat, email="next@example.org", **values):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        return operations.hand_over_seat(
            actor=reader, seat_id=seat.pk, name="Next", email=email, now=timezone.now(), **values
        )


# What a seat opens on which day


def test_seat_opens_from_its_first_day_to_its_last(world):
    person = PersonFactory()
    seat = SeatFactory(
        person=person,
        organisation=world.a.cluster,
        role=Role.AMBASSADOR,
        starts_on=today() + 5 * DAY,
        ends_on=today() + 9 * DAY,
    )
    opened = [
        days
        for days in range(12)
        if reader_on(person, today() + days * DAY).organisations == (seat.organisation_id,)
    ]
    assert opened == [5, 6, 7, 8, 9]


def test_seat_that_begins_later_shows_nothing_yet(world, sign_in):
    person = PersonFactory()
    SeatFactory(
        person=person, organisation=world.a.cluster, role=Role.MANAGER, starts_on=today() + DAY
    )
    client = sign_in(person)
    assert client.get(f"/partnerships/{world.partnership.pk}/").status_code == 404
    assert client.get("/people/invite/").status_code == 403
    assert world.a.members[0].name not in client.get("/directory/").content.decode()
    page = sign_in(world.a.manager).get("/people/").content.decode()
    assert person.name in page
    assert "starts on" in page


def test_seat_that_ends_today_still_opens_everything_today(world, sign_in):
    Seat.objects.filter(person=world.a.ambassador).update(ends_on=today())
    client = sign_in(world.a.ambassador)
    assert client.get(f"/partnerships/{world.partnership.pk}/").status_code == 200
    Seat.objects.filter(person=world.a.ambassador).update(
        starts_on=today() - 9 * DAY, ends_on=today() - DAY
    )
    assert client.get(f"/partnerships/{world.partnership.pk}/").status_code == 404


def test_in_the_moment_a_seat_ends_the_data_is_gone_and_the_sign_in_stays(world):
    cache.clear()
    person, seat = world.a.ambassador, world.a.ambassador.seats.get()
    client = Client()
    sign_in_with(client, person.email)
    pages = [f"/partnerships/{world.partnership.pk}/", f"/directory/{world.a.members[0].pk}/"]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    with acting_as(WEB, reader_of(world.a.manager)):
        operations.end_seat(actor=reader_of(world.a.manager), seat_id=seat.pk, today=today())
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert "Greek" not in re.sub(r"Greek ambassador", "", client.get("/people/").content.decode())
    assert client.get("/people/?export=csv").content.decode().count("\n") == 1
    assert client.get("/people/me/").status_code == 200
    assert client.get("/accounts/sessions/").status_code == 200


def test_writes_of_a_page_opened_before_the_end_are_refused(world, sign_in):
    second = SeatFactory(person=PersonFactory(), organisation=world.a.cluster, role=Role.MANAGER)
    client = sign_in(second.person)
    data = {
        "name": "New",
        "email": ADDRESS,
        "organisation_id": world.a.cluster.pk,
        "role": "ambassador",
        "language": "en",
    }
    assert client.get("/people/invite/").status_code == 200
    Seat.objects.filter(pk=second.pk).update(starts_on=today() - DAY, ends_on=today() - DAY)
    assert client.post("/people/invite/", data).status_code == 403
    assert not Invitation.objects.exists()


# The last day, set in advance


def test_manager_sets_changes_and_takes_away_a_last_day(world, sign_in):
    seat = world.a.ambassador.seats.get()
    client, day = sign_in(world.a.manager), today() + 30 * DAY
    page = client.get(f"/people/seats/{seat.pk}/last-day/")
    assert page.status_code == 200
    assert world.a.ambassador.name in page.content.decode()
    answer = client.post(f"/people/seats/{seat.pk}/last-day/", {"last_day": day.isoformat()})
    assert answer["Location"] == "/people/"
    seat.refresh_from_db()
    assert seat.ends_on == day
    assert reader_of(world.a.ambassador).organisations == (world.a.cluster.pk,)
    assert "until" in client.get("/people/").content.decode()
    entry = AuditEntry.objects.get(verb="set_last_day")
    assert entry.changes["ends_on"] == [None, day.isoformat()]
    client.post(f"/people/seats/{seat.pk}/last-day/", {"last_day": ""})
    seat.refresh_from_db()
    assert seat.ends_on is None


def test_past_day_is_refused_and_what_was_typed_stays(world, sign_in):
    seat, day = world.a.ambassador.seats.get(), (today() - DAY).isoformat()
    page = sign_in(world.a.manager).post(f"/people/seats/{seat.pk}/last-day/", {"last_day": day})
    assert page.status_code == 422
    assert "Choose today or a later day." in page.content.decode()
    assert day in page.content.decode()
    with pytest.raises(InvalidInput):
        set_last_day(world.a.manager, seat, today() - DAY)


@pytest.mark.parametrize("who", ["holder", "member", "other side", "third", "nobody"])
def test_others_set_no_last_day(world, sign_in, who):
    people = {
        "holder": world.a.ambassador,
        "member": world.a.representatives[0],
        "other side": world.b.manager,
        "third": world.c.manager,
        "nobody": world.nobody_special,
    }
    seat = world.a.ambassador.seats.get()
    with pytest.raises((NotAllowed, NotFound)):
        set_last_day(people[who], seat, today())
    page = sign_in(people[who]).post(f"/people/seats/{seat.pk}/last-day/", {"last_day": today()})
    assert page.status_code in (403, 404)
    assert not Seat.objects.filter(ends_on__isnull=False).exists()


def test_cluster_sets_the_last_day_of_a_members_representative(world):
    seat = world.a.representatives[0].seats.get()
    set_last_day(world.a.manager, seat, today() + DAY)
    seat.refresh_from_db()
    assert seat.ends_on == today() + DAY


def test_one_manager_without_a_last_day_always_stays(world):
    first = world.a.manager.seats.get()
    with pytest.raises(Conflict, match="last manager"):
        set_last_day(world.a.manager, first, today() + DAY)
    second = SeatFactory(person=PersonFactory(), organisation=world.a.cluster, role=Role.MANAGER)
    set_last_day(world.a.manager, first, today() + DAY)
    for act in (
        lambda: set_last_day(second.person, second, today() + 9 * DAY),
        lambda: operations.end_seat(
            actor=reader_of(second.person), seat_id=second.pk, today=today()
        ),
    ):
        with (
            pytest.raises(Conflict, match="already have a last day"),
            acting_as(WEB, reader_of(second.person)),
        ):
            act()
    set_last_day(second.person, first, None)
    set_last_day(second.person, second, today() + 9 * DAY)


def test_ended_seat_gets_no_new_last_day(world):
    seat = world.a.ambassador.seats.get()
    Seat.objects.filter(pk=seat.pk).update(starts_on=today() - 9 * DAY, ends_on=today() - DAY)
    with pytest.raises(Conflict, match="already ended"):
        set_last_day(world.a.manager, seat, today() + DAY)


def test_seat_that_has_not_begun_can_be_ended(world):
    seat = SeatFactory(
        person=PersonFactory(),
        organisation=world.a.cluster,
        role=Role.JUROR,
        starts_on=today() + 9 * DAY,
    )
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        operations.end_seat(actor=reader, seat_id=seat.pk, today=today())
    assert reader_on(seat.person, today() + 10 * DAY).organisations == ()


# Invitations for a term


def test_invitation_for_a_term_makes_a_seat_of_that_term(world, sign_in):
    first, last = today() + 10 * DAY, today() + 40 * DAY
    client = sign_in(world.a.manager)
    data = {
        "name": "Term One",
        "email": ADDRESS,
        "organisation_id": world.a.cluster.pk,
        "role": "ambassador",
        "language": "en",
        "starts_on": first,
        "ends_on": last,
    }
    assert client.post("/people/invite/", data)["Location"] == "/people/"
    token = token_of(Invitation.objects.get())
    page = Client().get(f"/invitations/{token}/").content.decode()
    assert "First day" in page
    assert "Last day" in page
    arrival = accept(token, name="Term One", password=SECRET)
    assert (arrival.seat.starts_on, arrival.seat.ends_on) == (first, last)
    assert reader_of(arrival.person).organisations == ()
    assert reader_on(arrival.person, last).organisations == (world.a.cluster.pk,)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": -1}, "starts_on"),
        ({"ends_on": -1}, "ends_on"),
        ({"starts_on": 5, "ends_on": 4}, "ends_on"),
    ],
)
def test_days_that_do_not_fit_are_refused_at_their_field(world, values, field):
    days = {name: today() + number * DAY for name, number in values.items()}
    with pytest.raises(InvalidInput) as caught:
        invite(world.a.manager, world.a.cluster, **days)
    assert caught.value.field == field


def test_invitation_accepted_late_begins_on_that_day(world):
    token = token_of(invite(world.a.manager, world.a.cluster, starts_on=today()))
    Invitation.objects.update(starts_on=today() - 3 * DAY)
    assert accept(token, name="Late", password=SECRET).seat.starts_on == today()


def test_second_invitation_for_today_brings_a_later_seat_forward(world):
    later = SeatFactory(
        person=world.nobody_special,
        organisation=world.a.cluster,
        role=Role.ADVISER,
        starts_on=today() + 30 * DAY,
    )
    with pytest.raises(Conflict, match="This person already has this role"):
        invite(
            world.a.manager, world.a.cluster, role=Role.ADVISER, email=world.nobody_special.email
        )
    Seat.objects.filter(pk=later.pk).update(ends_on=today() + 60 * DAY)
    invitation = invite(
        world.a.manager, world.a.cluster, role=Role.JUROR, email=world.nobody_special.email
    )
    token = token_of(invitation)
    Invitation.objects.update(role=Role.ADVISER)
    arrival = accept(token, account_id=world.nobody_special.account_id)
    assert arrival.seat.pk == later.pk
    assert arrival.seat.starts_on == today()


# Handover


def test_withdrawn_hand_over_leaves_everything_as_it_was(world, sign_in):
    seat = world.a.ambassador.seats.get()
    invitation = hand_over(world, seat)
    token = token_of(invitation)
    client = sign_in(world.a.manager)
    client.post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert Client().get(f"/invitations/{token}/").status_code == 404
    with pytest.raises(NotFound):
        accept(token, name="Next", password=SECRET)
    assert reader_of(world.a.ambassador).organisations == (world.a.cluster.pk,)
    assert hand_over(world, seat, "third@example.org").pk != invitation.pk


def test_seat_is_handed_over_to_one_person_only(world):
    seat = world.a.ambassador.seats.get()
    first = token_of(hand_over(world, seat))
    with pytest.raises(Conflict, match="already been invited"):
        hand_over(world, seat, "second@example.org")
    accept(first, name="Next", password=SECRET)
    with pytest.raises(Conflict, match="already ended"):
        hand_over(world, seat, "second@example.org")


def test_expired_hand_over_can_be_begun_anew(world):
    seat = world.a.ambassador.seats.get()
    hand_over(world, seat)
    Invitation.objects.update(expires_at=timezone.now())
    assert hand_over(world, seat, "second@example.org").replaces_id == seat.pk


def test_hand_over_on_a_day_leaves_no_day_without_and_none_with_two(world):
    seat, day = world.a.manager.seats.get(), today() + 20 * DAY
    old = world.a.manager
    new = accept(token_of(hand_over(world, seat, starts_on=day)), name="Next", password=SECRET)
    managed = (world.a.cluster.pk,)
    for number in (0, 19, 20, 90):
        on = today() + number * DAY
        holders = [one for one in (old, new.person) if reader_on(one, on).managed == managed]
        assert holders == [old if number < 20 else new.person], number


def test_hand_over_of_a_seat_with_a_last_day_ends_it_at_once(world):
    seat = world.a.ambassador.seats.get()
    set_last_day(world.a.manager, seat, today() + 90 * DAY)
    accept(token_of(hand_over(world, seat)), name="Next", password=SECRET)
    assert reader_of(world.a.ambassador).organisations == ()


def test_seat_that_was_left_meanwhile_is_still_taken_over(world):
    seat = world.a.ambassador.seats.get()
    token = token_of(hand_over(world, seat))
    with acting_as(WEB, reader_of(world.a.ambassador)):
        operations.end_seat(actor=reader_of(world.a.ambassador), seat_id=seat.pk, today=today())
    arrival = accept(token, name="Next", password=SECRET)
    assert reader_of(arrival.person).organisations == (world.a.cluster.pk,)
    seat.refresh_from_db()
    assert seat.ends_on == today() - DAY
