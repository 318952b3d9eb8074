"""Seats: ending, undoing, handing over; never without a manager."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts import operations
from proxeny.accounts.models import Role, Seat
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import GATE, WEB, acting_as
from tests.accounts.test_invitations import SECRET, token_of
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory


def today():
    return timezone.now().date()


def end(person, seat):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operations.end_seat(actor=reader, seat_id=seat.pk, today=today())


def test_ended_seat_counts_no_more_at_once_and_undo_brings_it_back(world, sign_in):
    seat = world.a.ambassador.seats.get()
    client = sign_in(world.a.manager)
    answer = client.post(f"/people/seats/{seat.pk}/end/")
    assert answer["Location"] == f"/people/?ended={seat.pk}"
    assert reader_of(world.a.ambassador).organisations == ()
    page = client.get(answer["Location"]).content.decode()
    assert f"/people/seats/{seat.pk}/restore/" in page
    client.post(f"/people/seats/{seat.pk}/restore/")
    assert reader_of(world.a.ambassador).organisations == (world.a.cluster.pk,)


def test_last_manager_stays(world):
    seat = world.a.manager.seats.get()
    with pytest.raises(Conflict, match="last manager"):
        end(world.a.manager, seat)
    second = SeatFactory(person=PersonFactory(), organisation=world.a.cluster, role=Role.MANAGER)
    end(world.a.manager, seat)
    with pytest.raises(Conflict, match="last manager"):
        end(second.person, second)


def test_everybody_may_leave(world):
    end(world.a.ambassador, world.a.ambassador.seats.get())
    assert reader_of(world.a.ambassador).organisations == ()


def test_cluster_ends_a_members_representative_but_not_its_manager(world):
    end(world.a.manager, world.a.representatives[0].seats.get())
    manager = SeatFactory(
        person=PersonFactory(), organisation=world.a.members[1], role=Role.MANAGER
    )
    with pytest.raises(NotAllowed):
        end(world.a.manager, manager)


@pytest.mark.parametrize("who", ["colleague", "other side", "third", "nobody"])
def test_others_cannot_end_a_seat(world, who):
    people = {
        "colleague": world.a.ambassador,
        "other side": world.b.manager,
        "third": world.c.manager,
        "nobody": world.nobody_special,
    }
    with pytest.raises((NotAllowed, NotFound)):
        end(people[who], world.a.manager.seats.get())
    assert world.a.manager.seats.get().ends_on is None


def test_who_leaves_is_asked_first_and_offered_no_undo(world, sign_in):
    person = world.a.representatives[0]
    seat = person.seats.get()
    client = sign_in(person)
    leave = f"/people/seats/{seat.pk}/end/"
    assert f'href="{leave}"' in client.get("/people/").content.decode()
    page = client.get(leave).content.decode()
    assert "Only a manager can restore the role." in page
    seat.refresh_from_db()
    assert seat.ends_on is None
    page = client.post(leave, follow=True).content.decode()
    assert f"You’ve left your role at {seat.organisation.name}." in page
    assert "/restore/" not in page
    seat.refresh_from_db()
    assert seat.ends_on is not None


def test_end_of_a_seat_is_asked_of_whoever_may_end_it(world, sign_in):
    leave = f"/people/seats/{world.a.ambassador.seats.get().pk}/end/"
    assert "End this role?" in sign_in(world.a.manager).get(leave).content.decode()
    assert sign_in(world.b.manager).get(leave).status_code == 403


def test_old_end_cannot_be_undone(world):
    seat = world.a.ambassador.seats.get()
    Seat.objects.filter(pk=seat.pk).update(
        starts_on=today() - timedelta(days=30), ends_on=today() - timedelta(days=9)
    )
    reader = reader_of(world.a.manager)
    with pytest.raises(Conflict), acting_as(WEB, reader):
        operations.restore_seat(actor=reader, seat_id=seat.pk, today=today())


def test_hand_over_changes_the_seat_when_the_successor_accepts(world):
    reader, seat = reader_of(world.a.manager), world.a.manager.seats.get()
    with acting_as(WEB, reader):
        invitation = operations.hand_over_seat(
            actor=reader,
            seat_id=seat.pk,
            name="Next",
            email="next@example.org",
            now=timezone.now(),
        )
    assert reader_of(world.a.manager).managed == (world.a.cluster.pk,)
    token = token_of(invitation)
    with acting_as(GATE):
        arrival = operations.accept_invitation(
            token=token, now=timezone.now(), name="Next", password=SECRET
        )
    assert reader_of(world.a.manager).managed == ()
    assert reader_of(arrival.person).managed == (world.a.cluster.pk,)


def test_hand_over_page(world, sign_in):
    seat = world.a.ambassador.seats.get()
    assert sign_in(world.a.manager).get(f"/people/seats/{seat.pk}/hand-over/").status_code == 200
    assert sign_in(world.a.ambassador).get(f"/people/seats/{seat.pk}/hand-over/").status_code == 403
    assert sign_in(world.b.manager).get(f"/people/seats/{seat.pk}/hand-over/").status_code == 403
    assert sign_in(world.c.manager).get(f"/people/seats/{seat.pk}/hand-over/").status_code == 404
