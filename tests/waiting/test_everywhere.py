"""One list of what waits: the home page, the room, the mail, the number and the API show the same."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.kernel.kinds import MOST
from proxeny.kernel.tenancy import STRANGER, WEB, acting_as
from proxeny.kernel.waiting import WAITING, Waiting, list_waiting
from proxeny.notices.overviews import overview_of
from proxeny.web.badge import COOKIE
from tests.conftest import reader_of
from tests.factories import rooms
from tests.factories.directory import ListingFactory
from tests.partnerships.rooms import party
from tests.waiting import members, work
from tests.waiting import rooms as in_room
from tests.waiting.people import waits_for

pytestmark = pytest.mark.django_db
#: States in which something waits for A's manager, in the room and beyond.
STATES = (
    in_room.advice_to_all,
    in_room.risk,
    in_room.sharing,
    in_room.minutes,
    members.mandate,
    members.duplicates,
    members.event_to_prepare,
    work.request,
    work.missing_document,
    work.study_from_elsewhere,
)


def keys_on(page) -> list[str]:
    return re.findall(r'data-waits="([^"]+)"', page.content.decode())


def test_all_places_show_the_same(world, sign_in, call):
    person, room = world.a.manager, world.partnership.pk
    made = [state(world).key for state in STATES]
    keys = [one.key for one in waits_for(person)]
    assert set(made) <= set(keys)
    client = sign_in(person)
    assert keys_on(client.get("/")) == keys
    with acting_as(WEB, reader_of(person)):
        assert [one.key for one in overview_of(reader_of(person), timezone.now()).waiting] == keys
    assert f">{len(keys)}</span>" in client.get("/waiting/count/").content.decode()
    program = call(person)
    found = program.get("/api/v1/waiting").json()
    assert [one["key"] for one in found["results"]] == keys
    here = [one.key for one in waits_for(person, room=room)]
    assert 0 < len(here) < len(keys)
    assert keys_on(client.get(f"/partnerships/{room}/")) == here
    assert [
        one["key"] for one in program.get(f"/api/v1/waiting?room={room}").json()["results"]
    ] == here


def test_the_api_answers_in_pages_and_knows_the_rooms(world, call):
    for _number in range(3):
        rooms.RecommendationFactory(partnership=world.partnership, state="proposed")
    program = call(world.a.manager)
    whole = program.get("/api/v1/waiting").json()
    assert (whole["next"], whole["previous"]) == (None, None)
    first = program.get("/api/v1/waiting?page_size=2").json()
    assert first["previous"] is None
    second = program.get(first["next"].removeprefix("http://testserver")).json()
    assert second["previous"]
    told = [one["key"] for one in (*first["results"], *second["results"])]
    assert told == [one["key"] for one in whole["results"]][: len(told)]
    assert program.get("/api/v1/waiting?cursor=nowhere").status_code == 422
    assert program.get("/api/v1/waiting?limit=2").status_code == 422
    assert program.get("/api/v1/waiting?room=999999").status_code == 404
    other = call(world.c.manager)
    assert other.get(f"/api/v1/waiting?room={world.partnership.pk}").status_code == 404


def test_the_number_is_kept_for_a_minute_and_dropped_by_what_one_does(world, sign_in):
    client = sign_in(world.a.manager)
    page = client.get("/directory/").content.decode()
    assert 'hx-get="/waiting/count/"' in page
    count = len(waits_for(world.a.manager))
    answer = client.get("/waiting/count/")
    assert answer.cookies[COOKIE]["max-age"] == 60
    assert answer.cookies[COOKIE].value == f"{world.a.manager.pk}:{count}"
    kept = client.get("/directory/").content.decode()
    assert 'hx-get="/waiting/count/"' not in kept
    # Nobody reads a number that was kept for somebody else.
    other = sign_in(world.b.manager)
    other.cookies[COOKIE] = answer.cookies[COOKIE].value
    assert 'hx-get="/waiting/count/"' in other.get("/directory/").content.decode()
    client.post("/notices/read/")
    assert 'hx-get="/waiting/count/"' in client.get("/directory/").content.decode()


def test_what_is_late_comes_first_then_what_holds_others_up_then_by_day(world):
    now = timezone.now()

    def told(key: str, tone: str, days: int | None) -> Waiting:
        due = None if days is None else now.date() + timedelta(days=days)
        return Waiting(key, key, "", "/", "Do", tone, due)  # type: ignore[arg-type]

    def find(reader, moment, room):
        yield told("whenever", "info", None)
        yield told("next week", "info", 7)
        yield told("tomorrow", "info", 1)
        yield told("others wait", "warn", None)
        yield told("late", "info", -1)
        yield told("wrong", "bad", None)

    WAITING.append(find)
    try:
        reader = reader_of(world.nobody_special)
        with acting_as(WEB, reader):
            keys = [one.key for one in list_waiting(reader, now)]
    finally:
        WAITING.remove(find)
    assert keys == ["late", "wrong", "others wait", "tomorrow", "next week", "whenever"]


def test_a_stranger_has_nothing_and_costs_nothing(db):
    with CaptureQueriesContext(connection) as asked:
        assert list_waiting(STRANGER, timezone.now()) == []
    assert len(asked) == 0


def test_of_a_kind_so_many_are_told(world):
    ListingFactory.create_batch(MOST + 5, organisation=world.a.members[0], status="review")
    found = [one for one in waits_for(world.a.ambassador) if one.key.endswith(":review")]
    assert len(found) == MOST


def test_queries_do_not_grow_with_rooms_or_rows(world):
    person, counts = world.a.manager, []
    for many in (1, 4):
        for _number in range(many):
            rooms.FavourFactory(giver=party(world, world.b), receiver=party(world, world.a))
            for state in (in_room.advice_to_all, in_room.minutes, work.request):
                state(world)
        with CaptureQueriesContext(connection) as asked:
            waits_for(person)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 13


def test_the_first_page_of_a_room_asks_little(world, sign_in):
    client = sign_in(world.a.manager)
    for state in (in_room.advice_to_all, in_room.minutes, in_room.contribution, work.request):
        state(world)
    page = f"/partnerships/{world.partnership.pk}/"
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    with CaptureQueriesContext(connection) as waiting:
        waits_for(world.a.manager, room=world.partnership.pk)
    assert len(asked) <= 16
    assert len(waiting) <= 12
