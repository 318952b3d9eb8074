"""Every state in which somebody must act: who has it in their list, who has not, and until when."""

import pytest

from proxeny.partnerships.models import Partnership
from tests.waiting import members, rooms, work
from tests.waiting.people import MEMBER_A, MEMBER_B, everybody, find_key, holders

pytestmark = pytest.mark.django_db
IN_ROOM = {*rooms.CASES, *work.CASES}
ALL = (*rooms.CASES, *work.CASES, *rooms.BEYOND, *work.OUTSIDE, *members.CASES)
#: Companies and jurors have their own part of what belongs to a room, and do not enter it.
OUTSIDE = {MEMBER_A, MEMBER_B}


@pytest.mark.parametrize("make", ALL, ids=[one.__name__ for one in ALL])
def test_it_waits_for_who_may_act_until_it_is_done(world, sign_in, make):
    people = everybody(world)
    case = make(world)
    first = people[min(case.who)]
    find, one = find_key(case.key, first)
    assert one.title
    assert one.text
    assert one.label
    assert sign_in(first).get(one.url).status_code == 200
    assert holders(find, case.key, people) == case.who
    if make in IN_ROOM:
        pk = world.partnership.pk
        assert holders(find, case.key, people, room=pk) == case.who - OUTSIDE
        # A partnership that has ended asks nothing of its sides.
        Partnership.objects.filter(pk=pk).update(state="ended")
        assert holders(find, case.key, people) <= OUTSIDE
        Partnership.objects.filter(pk=pk).update(state="active")
    case.finish()
    assert holders(find, case.key, people) == set()
