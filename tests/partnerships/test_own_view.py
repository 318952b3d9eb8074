"""The way to what each side thinks for itself, and what the other side reads of it."""

import pytest
from django.utils import formats, timezone

from proxeny.partnerships.models import Partnership
from tests.partnerships.test_pages import body
from tests.partnerships.test_stages import assess

State = Partnership.State


def _room(world) -> str:
    return f"/partnerships/{world.partnership.pk}/"


@pytest.mark.parametrize("state", [State.PROPOSED, State.ACTIVE])
def test_managers_find_the_way_to_their_own_view(world, sign_in, state):
    Partnership.objects.filter(pk=world.partnership.pk).update(state=state)
    way = f'href="{_room(world)}assessment/"'
    # A room that works shows first what is to do; what it is for stands with its papers.
    page = _room(world) if state == State.PROPOSED else f"{_room(world)}papers/"
    for person in (world.a.manager, world.b.manager):
        client = sign_in(person)
        assert way in body(client.get(page))
        assert client.get(f"{_room(world)}assessment/").status_code == 200
    # Who may not open it finds no way there.
    assert way not in body(sign_in(world.a.ambassador).get(page))


def test_the_other_side_reads_the_day_and_not_a_word_more(world, sign_in):
    page = body(sign_in(world.b.manager).get(f"{_room(world)}papers/"))
    assert page.count("not yet") == 2
    assess(world.a.manager, world, is_done=True, doubts="Will they answer?")
    page = body(sign_in(world.b.manager).get(f"{_room(world)}papers/"))
    assert page.count("not yet") == 1
    section = page.partition('id="own-view"')[2].partition("</section>")[0]
    assert formats.date_format(timezone.localdate()) in section
    assert "Will they answer?" not in page


def test_nothing_is_weighed_after_the_end(world, sign_in):
    Partnership.objects.filter(pk=world.partnership.pk).update(state=State.ENDED)
    assert "assessment/" not in body(sign_in(world.a.manager).get(_room(world)))
