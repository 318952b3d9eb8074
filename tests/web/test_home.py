"""The home page of each kind of reader."""

import pytest
from django.test import Client

from tests.factories.world import make_event


def test_a_stranger_gets_the_front_page(db):
    answer = Client().get("/")
    assert answer.status_code == 200
    assert "Two clusters, one workspace" in answer.content.decode()


def test_a_participant_is_asked_to_choose(world, sign_in):
    make_event(world)
    answer = sign_in(world.a.representatives[0]).get("/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "You’re registered. Now choose who you want to meet." in page
    assert "Athens – Paris" in page


def test_a_person_without_a_seat_sees_nothing(world, sign_in):
    make_event(world)
    page = sign_in(world.nobody_special).get("/").content.decode()
    assert "Nothing is waiting for you today." in page
    assert "Athens – Paris" not in page


@pytest.mark.parametrize("who", ["manager", "ambassador"])
def test_staff_of_both_sides_see_their_day(world, sign_in, who):
    make_event(world)
    for side in (world.a, world.b):
        answer = sign_in(getattr(side, who)).get("/")
        assert answer.status_code == 200
        assert "Athens – Paris" in answer.content.decode()
