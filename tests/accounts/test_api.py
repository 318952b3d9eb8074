"""Seats and contacts over the API: the list as a file, a last day, a contact erased."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts.models import Erasure, Seat
from proxeny.directory.models import Details
from proxeny.kernel.models import AuditEntry
from tests.factories.accounts import PersonFactory, SeatFactory


@pytest.fixture
def a(world, call):
    return call(world.a.manager)


def day(number: int) -> str:
    return (timezone.now().date() + timedelta(days=number)).isoformat()


def test_the_list_of_seats_is_a_file_and_tells_of_later_ones_if_asked(world, a):
    later = SeatFactory(
        person=PersonFactory(name="Later Person"),
        organisation=world.a.cluster,
        role="adviser",
        starts_on=day(3),
    )
    text = a.get("/people/seats/export").content.decode("utf-8-sig")
    head, *rows = text.splitlines()
    assert head == "Name,Email,Organisation,Role,First day,Last day"
    assert len(rows) == len(a.get("/people/seats").json()["results"]) == 5
    assert "Later Person" not in text
    text = a.get("/people/seats/export", {"with_later": "true", "role": "adviser"}).content.decode()
    assert [row.split(",")[0] for row in text.splitlines()[1:]] == ["Later Person"]
    ids = [one["id"] for one in a.get("/people/seats", {"with_later": "1"}).json()["results"]]
    assert later.pk in ids
    assert a.get(f"/people/seats/{later.pk}").json()["starts_on"] == day(3)
    assert a.get("/people/seats/export", {"format": "xlsx"}).content[:2] == b"PK"


def test_a_seat_gets_a_last_day_and_loses_it_again(world, a, call):
    seat = world.a.ambassador.seats.get()
    path = f"/people/seats/{seat.pk}/last-day"
    answer = a.post(path, {"last_day": day(5)})
    assert (answer.status_code, answer.json()["ends_on"]) == (200, day(5))
    assert a.post(path, {"last_day": None}).json()["ends_on"] is None
    for wrong in ({}, {"last_day": day(-1)}, {"last_day": "x"}, {"last_day": day(1), "role": "x"}):
        assert a.post(path, wrong).status_code == 422
    own = f"/people/seats/{world.a.manager.seats.get().pk}/last-day"
    assert a.post(own, {"last_day": day(5)}).status_code == 409, "the last manager"
    for person, status in (
        (world.a.ambassador, 403),
        (world.b.manager, 403),
        (world.c.manager, 404),
    ):
        assert call(person).post(path, {"last_day": day(5)}).status_code == status
    assert Seat.objects.get(pk=seat.pk).ends_on is None
    assert AuditEntry.objects.filter(verb="set_last_day").count() == 2


def test_a_contact_is_erased_for_the_cluster_that_keeps_the_entry(world, a, call):
    member = world.a.members[0]
    Details.objects.filter(pk=member.pk).update(contact="A Contact", email="c@member.example")
    path = f"/people/contacts/{member.pk}/erase"
    for person in (world.b.manager, world.a.ambassador, world.a.representatives[0]):
        assert call(person).post(path).status_code == 403
    assert call(world.c.manager).post(path).status_code == 404
    assert call(world.a.manager, "people:read").post(path).status_code == 403
    assert not Erasure.objects.exists()
    assert a.post(path).status_code == 202
    assert Erasure.objects.get().organisation_id == member.pk
    empty = f"/people/contacts/{world.a.members[1].pk}/erase"
    assert a.post(empty).status_code == 409
