"""Notifications by object and day, and their reading by opening what they are about."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.notices.models import Notice
from proxeny.notices.views import GROUPS
from tests.factories.notices import NoticeFactory
from tests.factories.world import make_event
from tests.stages import staged


@staged
def event(world):
    """An event, three notices of today about it, and one of the day before."""
    made = make_event(world).event
    for number in range(3):
        NoticeFactory(
            person=world.a.manager,
            title=f"Change {number}",
            path=f"/events/{made.pk}/?day={number}",
        )
    old = timezone.now() - timedelta(days=2)
    NoticeFactory(
        person=world.a.manager,
        title="Ancient",
        path=f"/events/{made.pk}/setup/#days",
        created_at=old,
    )
    NoticeFactory(person=world.b.manager, title="Theirs", path=f"/events/{made.pk}/")
    NoticeFactory(person=world.c.manager, title="Elsewhere", path=f"/events/{made.pk}/")
    return made


def unread(person):
    return set(Notice.objects.filter(person=person, read_at=None).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/events/12/setup/?day=1#days", "/events/12/"),
        ("/events/?past=1", "/events/"),
        ("/partnerships/3/#agreement", "/partnerships/3/"),
        ("/partnerships/3/plan/#action-7", "/partnerships/3/"),
        ("/partnerships/3/bids/12/consortium/5/", "/partnerships/3/bids/12/"),
        ("/partnerships/3/keep/risk/5/", "/partnerships/3/keep/risk/5/"),
        ("/directory/listings/4/", "/directory/listings/4/"),
        ("/labels/green/7/", "/labels/green/7/"),
        ("", "alone"),
    ],
)
def test_the_object_of_an_address(world, path, found):
    made = NoticeFactory(person=world.a.manager, path=path, key="alone")
    made.refresh_from_db()
    assert made.object_path == found


def test_changes_of_one_day_are_one_entry(event, world, sign_in):
    page = sign_in(world.a.manager).get("/notices/").content.decode()
    assert page.count('class="px-notice-more"') == 1
    assert event.title in page
    assert "3 changes" in page
    assert page.index("Change 2") < page.index("Change 0") < page.index("Ancient")
    assert "4 notifications" in page
    # A filter counts what it leaves.
    page = sign_in(world.a.manager).get("/notices/?q=Change+1").content.decode()
    assert "px-notice-more" not in page
    assert "Change 1" in page


def test_a_page_holds_some_groups_and_keeps_the_filter(event, world, sign_in):
    for number in range(GROUPS + 5):
        NoticeFactory(person=world.a.manager, title=f"Many {number}", path=f"/calls/{number + 1}/")
    client = sign_in(world.a.manager)
    page = client.get("/notices/?q=Many").content.decode()
    assert page.count('<h2 class="px-notice-title">') == GROUPS
    assert "q=Many&amp;page=2" in page
    page = client.get("/notices/?q=Many&page=2").content.decode()
    assert page.count('<h2 class="px-notice-title">') == 5


def count_queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    # Looked at now: the next request empties the log.
    return len(asked)


def test_as_many_queries_for_many_as_for_few(event, world, sign_in):
    client = sign_in(world.a.manager)
    client.get("/notices/")
    few = count_queries(client, "/notices/")
    for number in range(30):
        NoticeFactory(person=world.a.manager, path=f"/events/{event.pk}/{'x' * (number % 3)}")
    assert count_queries(client, "/notices/") == few


def test_opening_the_object_reads_all_about_it(event, world, sign_in):
    assert sign_in(world.a.manager).get(f"/events/{event.pk}/").status_code == 200
    assert unread(world.a.manager) == set()
    # Everybody reads for themselves.
    assert unread(world.b.manager) == {"Theirs"}
    sign_in(world.b.manager).get(f"/events/{event.pk}/")
    assert unread(world.b.manager) == set()


def test_a_page_of_the_object_reads_what_leads_there(event, world, sign_in):
    sign_in(world.a.manager).get(f"/events/{event.pk}/setup/")
    assert unread(world.a.manager) == set()
    NoticeFactory(person=world.a.manager, title="Setup", path=f"/events/{event.pk}/setup/")
    sign_in(world.a.manager).get(f"/events/{event.pk}/participants/")
    assert unread(world.a.manager) == {"Setup"}


def test_the_bell_on_the_page_counts_right_at_once(event, world, sign_in):
    client = sign_in(world.a.manager)
    NoticeFactory(person=world.a.manager, title="Else", path="/calls/")
    assert "Notifications: 5 unread" in client.get("/").content.decode()
    assert "Notifications: 1 unread" in client.get(f"/events/{event.pk}/").content.decode()


def test_a_refused_page_reads_nothing(event, world, sign_in):
    assert sign_in(world.c.manager).get(f"/events/{event.pk}/").status_code == 404
    assert unread(world.c.manager) == {"Elsewhere"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"HX-Request": "true"},
        {"Sec-Fetch-Dest": "image"},
    ],
)
def test_a_browser_on_its_own_reads_nothing(event, world, sign_in, headers):
    client = sign_in(world.a.manager)
    client.get(f"/events/{event.pk}/", headers=headers)
    client.head(f"/events/{event.pk}/")
    assert len(unread(world.a.manager)) == 4


def test_it_costs_one_query_and_none_where_nothing_is_unread(event, world, sign_in):
    client = sign_in(world.a.manager)
    client.get("/directory/")
    waiting = count_queries(client, "/directory/")
    Notice.objects.update(read_at=timezone.now())
    assert waiting == count_queries(client, "/directory/") + 1


def test_programs_see_the_group(event, world, call):
    found = call(world.a.manager).get("/api/v1/notices").json()["results"]
    assert {one["group"] for one in found} == {f"/events/{event.pk}/"}
