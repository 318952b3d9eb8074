"""The tabs of a room: what stands under each, and who sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.partnerships.views.frame import parts_of_rooms
from tests.factories import rooms
from tests.partnerships.test_operations import activate

pytestmark = pytest.mark.django_db
TABS = ("planning", "work", "results", "papers")


def _page(client, made, tab):
    answer = client.get(reverse(f"partnerships:{tab}", args=[made.pk]))
    assert answer.status_code == 200, tab
    return answer.content.decode()


def test_each_page_of_a_room_stands_under_one_of_five_tabs():
    parts = parts_of_rooms()
    assert [code for code, _label, _pages in parts] == ["now", *TABS]
    codes = [page.code for _code, _label, pages in parts for page in pages]
    assert len(codes) == len(set(codes))
    assert all(page.about for code, _, pages in parts[1:4] for page in pages)


def test_a_tab_leads_to_each_of_its_pages(world, sign_in):
    made = activate(world)
    client = sign_in(world.a.manager)
    for code, _label, pages in parts_of_rooms()[1:]:
        shown = _page(client, made, code)
        for page in pages:
            assert f'href="{page.url(made.pk)}"' in shown, page.code


def test_what_is_under_way_stands_on_its_card_and_what_is_empty_below(world, sign_in):
    made = activate(world)
    client = sign_in(world.a.manager)
    before = _page(client, made, "planning")
    assert "Not started yet" in before
    goal = rooms.ObjectiveFactory(partnership=made, title="Sixty companies meet")
    rooms.ActivityFactory(
        partnership=made, title="Fair", ends_on=timezone.localdate() - timedelta(days=2)
    )
    after = _page(sign_in(world.c.manager), made, "planning")
    assert goal.title in after
    assert after.index("Fair") < after.index("late")
    assert after.index(goal.title) < after.index("Not started yet")


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_takes_the_same_queries_however_much_there_is(
    world, sign_in, django_assert_max_num_queries, tab
):
    made = activate(world)
    client = sign_in(world.a.manager)
    for _ in range(4):
        rooms.ObjectiveFactory(partnership=made)
        rooms.ActivityFactory(partnership=made)
        rooms.RecommendationFactory(partnership=made)
    _page(client, made, tab)
    with django_assert_max_num_queries(24):
        _page(client, made, tab)


@pytest.mark.parametrize("tab", TABS)
def test_nobody_else_enters(world, sign_in, tab):
    made = activate(world)
    for other in (world.a.representatives[0], world.b.manager):
        assert sign_in(other).get(reverse(f"partnerships:{tab}", args=[made.pk])).status_code == 404
