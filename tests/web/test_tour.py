"""The tour: each role is led to pages that it may open, and leaves whenever it wants."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.events.models import Event
from proxeny.web.tour.planning import _FINDERS, ROLES, VISITOR
from proxeny.web.tour.stations import TEXTS
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.world import make_event
from tests.labels.judging import assign, make_judged, make_juror, person, submit
from tests.stages import staged


@staged
def people(world):
    """One person of each role and side, in a world with something of everything."""
    make_event(world)
    make_event(
        world,
        title="Past",
        state=Event.State.PUBLISHED,
        deadline_at=timezone.now() - timedelta(days=1),
    )
    judged = make_judged(world)
    juror = make_juror(judged.round, world, world.a, "Juror")
    assign(juror, submit(judged, world.b.members[0]))
    adviser = PersonFactory(name="Adviser")
    SeatFactory(person=adviser, organisation=world.a.cluster, role=Role.ADVISER)
    return {
        "manager": world.a.manager,
        "other manager": world.b.manager,
        "third manager": world.c.manager,
        "ambassador": world.a.ambassador,
        "other ambassador": world.b.ambassador,
        "adviser": adviser,
        "juror": person(juror),
        "member": world.a.representatives[0],
        "other member": world.b.representatives[1],
        "third member": world.c.representatives[0],
        "nobody": world.nobody_special,
    }


def step_of(page: str) -> tuple[int, int]:
    """What the panel says: which step of how many."""
    return tuple(map(int, re.search(r"Step (\d+) of (\d+)", page).groups()))  # type: ignore[union-attr, return-value]


FULL = {
    "manager": 6,
    "other manager": 6,
    "third manager": 3,
    "ambassador": 6,
    "other ambassador": 6,
    "adviser": 6,
    "juror": 6,
    "member": 6,
    "other member": 6,
    "third member": 4,
    "nobody": 5,
}


@pytest.mark.parametrize("who", FULL)
def test_each_role_is_led_to_pages_that_it_may_open(people, sign_in, who):
    client = sign_in(people[who])
    answer = client.post("/tour/begin/")
    titles = []
    for number in range(1, FULL[who] + 1):
        assert answer.status_code == 302
        path, _, fragment = answer.url.partition("#")
        shown = client.get(path)
        page = shown.text
        assert shown.status_code == 200, path
        assert step_of(page) == (number, FULL[who])
        assert "You’ve left the tour" not in page
        assert not fragment or f'id="{fragment}"' in page
        titles.append(re.search(r'id="tour-title" tabindex="-1">([^<]+)<', page).group(1))
        answer = client.post(f"/tour/{number + 1}/")
    assert len(set(titles)) == FULL[who]
    assert "Finish the tour" in page


def test_every_station_has_its_words_and_its_place():
    used = {code for codes in (*ROLES.values(), VISITOR) for code in codes}
    assert used == set(TEXTS) == set(_FINDERS)
    assert set(ROLES) == set(Role.values)
    assert all(5 <= len(codes) <= 7 for codes in (*ROLES.values(), VISITOR))


def test_it_is_left_at_any_moment_and_begun_again(people, sign_in):
    client = sign_in(people["manager"])
    client.post("/tour/begin/")
    client.post("/tour/3/")
    assert client.post("/tour/leave/", {"next": "/directory/?q=a"}).url == "/directory/?q=a"
    page = client.get("/directory/").text
    assert "tour-title" not in page
    assert "You’ll find the tour again in your menu, at the top of every page." in page
    assert 'href="/tour/"' in page
    client.post("/tour/begin/")
    assert step_of(client.get("/").text) == (1, 6)


def test_it_leads_nowhere_else(people, sign_in):
    client = sign_in(people["manager"])
    assert client.post("/tour/leave/", {"next": "https://elsewhere.example/"}).url == "/"
    assert client.post("/tour/2/").url == "/tour/"
    client.post("/tour/begin/")
    assert client.post("/tour/99/").url.endswith("/board/")
    assert client.post("/tour/0/").url == "/#waits"


def test_on_another_page_it_waits(people, sign_in):
    client = sign_in(people["manager"])
    client.post("/tour/begin/")
    page = client.get("/events/").text
    assert "You’ve left the tour" in page
    assert "The tour will pick up at “This is your day”." in page
    assert 'formaction="/tour/1/"' in page


def test_where_a_station_is_gone_one_goes_on(people, sign_in):
    client = sign_in(people["manager"])
    client.post("/tour/begin/")
    address = client.post("/tour/4/").url
    people["manager"].seats.all().delete()
    assert client.get(address).status_code == 404
    assert 'formaction="/tour/5/"' in client.get("/").text


def test_a_page_costs_no_query_more(people, sign_in):
    client, counts = sign_in(people["manager"]), []
    for _ in range(2):
        client.get("/people/me/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/people/me/")
        counts.append(len(asked))
        client.post("/tour/begin/")
    assert counts[0] == counts[1]


def test_its_page_tells_where_it_leads(people, sign_in):
    page = sign_in(people["juror"]).get("/tour/").text
    assert "Your juries" in page
    assert 'action="/tour/begin/"' in page


def test_it_is_offered_to_the_people_of_the_demo_until_they_answer(people, sign_in, settings):
    account = people["manager"].account
    assert "Show me round" not in sign_in(people["manager"]).get("/").text
    account.email = "manager@athens.example"
    account.save()
    client = sign_in(people["manager"])
    assert "Show me round" in client.get("/").text
    assert "Show me round" not in client.get("/directory/").text
    client.post("/tour/leave/")
    assert "Show me round" not in client.get("/").text
    settings.DEMO = False
    assert "Show me round" not in sign_in(people["manager"]).get("/").text


@pytest.mark.parametrize("address", ["", "begin/", "leave/", "1/"])
def test_a_stranger_is_asked_to_sign_in(db, address):
    answer = Client().get("/tour/") if not address else Client().post(f"/tour/{address}")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
