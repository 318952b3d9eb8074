"""Search over everything: each finds what they may see, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.directory.models import Visibility
from tests.factories import rooms
from tests.factories.assessments import FigureFactory, ServiceFactory, ServiceTextFactory
from tests.factories.directory import ListingFactory, MembershipFactory, OrganisationFactory
from tests.factories.insight import TrendFactory
from tests.factories.research import PackageFactory, StudyFactory
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def search(client, text, **headers):
    answer = client.get("/search/", {"q": text}, headers=headers)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_teams_find_what_their_room_keeps_and_nobody_else(world, sign_in):
    rooms.RiskFactory(partnership=world.partnership, title="Nobody comes to Piraeus")
    TrendFactory(partnership=world.partnership, title="Twins of Piraeus")
    rooms.RiskFactory(
        partnership=world.partnership, title="Piraeus, put away", dropped_at="2026-01-01T00:00Z"
    )
    service = ServiceFactory(partnership=world.partnership)
    ServiceTextFactory(service=service, name="Demande, Piraeus", language="fr")
    ServiceTextFactory(service=service, name="Demand in Piraeus")
    FigureFactory(partnership=world.partnership, title="Ships in Piraeus by year")
    study = StudyFactory(partnership=world.partnership)
    PackageFactory(study=study, title="Answers from Piraeus")
    kept = ("Nobody comes to", "Twins of", "Demand in", "Ships in", "Answers from")
    for name, person in team(world).items():
        text = search(sign_in(person), "piraeus")
        assert all(f"{one} Piraeus" in text for one in kept), name
        assert "put away" not in text, name
    for name, person in others(world).items():
        text = search(sign_in(person), "piraeus")
        assert not any(f"{one} Piraeus" in text for one in kept), name


def test_a_private_entry_is_found_by_its_own_cluster_alone(world, sign_in):
    hidden = OrganisationFactory(
        name="Zephyros Hidden", steward=world.a.cluster, visibility=Visibility.PRIVATE
    )
    MembershipFactory(cluster=world.a.cluster, organisation=hidden)
    ListingFactory(organisation=hidden, title="Zephyros offers sails")
    text = search(sign_in(world.a.manager), "zephyros")
    assert "Zephyros Hidden" in text
    assert "Zephyros offers sails" in text
    for person in (world.b.manager, world.c.manager, world.nobody_special):
        assert "Hidden" not in search(sign_in(person), "zephyros")
        assert "sails" not in search(sign_in(person), "zephyros")


def test_pages_are_found_by_what_they_are_called(world, sign_in):
    client = sign_in(world.a.manager)
    text = search(client, "risks")
    assert "Risks" in text
    assert world.partnership.title in text
    assert "Pages" in search(client, "today")
    # A juror of nothing, or a member, is led to no room.
    assert "Risks" not in search(sign_in(world.a.representatives[0]), "risks")


def test_people_are_found_by_who_manages_them(world, sign_in):
    name = world.a.ambassador.name
    assert world.a.ambassador.email in search(sign_in(world.a.manager), name)
    assert world.a.ambassador.email not in search(sign_in(world.c.manager), name)
    assert world.a.ambassador.email not in search(sign_in(world.a.representatives[0]), name)


def test_what_htmx_asks_for_is_the_hits_alone(world, sign_in):
    client = sign_in(world.a.manager)
    answer = client.get("/search/", {"q": "french"}, headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert "French" in words(answer.content.decode())


@pytest.mark.parametrize(
    "text", ["", "a", " ", "\x00", "%", "'; DROP", "x" * 5000, "(", "\\", "٣٣"]
)
def test_odd_words_find_nothing_and_break_nothing(world, sign_in, text):
    answer = sign_in(world.a.manager).get("/search/", {"q": text})
    assert answer.status_code in (200, 400)


def test_nothing_is_told_as_such(world, sign_in):
    assert "Nothing you can see has that name." in search(sign_in(world.a.manager), "qqqqqqq")


def test_it_takes_the_same_queries_for_much_as_for_little(world, sign_in):
    client, counts = sign_in(world.a.manager), []
    for more in (1, 8):
        for _ in range(more):
            rooms.RiskFactory(partnership=world.partnership, title="Piraeus")
        client.get("/search/", {"q": "piraeus"})
        with CaptureQueriesContext(connection) as caught:
            client.get("/search/", {"q": "piraeus"})
        counts.append(len(caught))
    # Half of them ask what the words of the directory and of calls may have meant; five count it,
    # as one of the searches of an account and of an address.
    assert counts[0] == counts[1] <= 61


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/search/", {"q": "french"}).status_code == 302
