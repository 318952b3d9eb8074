"""The pages of a cluster's network: position, list, map, and what-if."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.kernel.models import AuditEntry
from tests.factories.accounts import SeatFactory
from tests.factories.directory import ClusterFactory, OrganisationFactory
from tests.insight.networking import hide, project, read, weave, work_out

pytestmark = pytest.mark.django_db

PAGES = ("network", "network-position", "network-map", "network-organisations", "what-if")


@pytest.mark.parametrize("name", PAGES)
def test_before_the_first_work_a_page_says_what_will_be_there(manager, name):
    text = read(manager, name)
    assert "Nothing calculated yet" in text
    assert "Calculate the figures" in text


@pytest.mark.parametrize("name", [*PAGES, "network-graph"])
def test_who_is_in_no_team_of_a_cluster_finds_nothing(world, measured, sign_in, name):
    for person in (world.a.representatives[0], world.nobody_special):
        assert sign_in(person).get(reverse(f"insight:{name}")).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "network-graph"])
def test_nobody_opens_the_network_of_another_cluster(world, measured, sign_in, name):
    for person in (world.b.manager, world.c.manager):
        url = f"{reverse(f'insight:{name}')}?cluster={world.a.cluster.pk}"
        assert sign_in(person).get(url).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "network-graph"])
def test_each_page_says_when_its_figures_are_from(world, measured, manager, name):
    assert manager.get(reverse(f"insight:{name}")).status_code == 200
    if name != "network-graph":
        assert "Calculated on" in read(manager, name)


def test_the_navigation_leads_there_for_a_clusters_team_alone(world, sign_in):
    for person, leads in (
        (world.a.manager, True),
        (world.a.ambassador, True),
        (world.a.representatives[0], False),
    ):
        page = sign_in(person).get("/directory/").content.decode()
        assert (f'href="{reverse("insight:network")}"' in page) is leads


def test_the_position_tells_each_figure_with_its_sentence(measured, manager):
    text = read(manager)
    for said in (
        "Partners 3",
        "Closeness 87.5%",
        "Bridges",
        "1 more than in 2025",
        "Organisations that you and your members have worked with.",
    ):
        assert said in text, said


def test_too_few_to_rank_are_told_as_such(measured, manager):
    text = read(manager)
    assert "Too few to rank" in text
    assert "There are 2." in text
    assert "Only 5 organisations have ties here" in text


def test_it_tells_what_moved_the_cluster(world, measured, manager):
    text = read(manager)
    assert "What has moved you since 2025" in text
    assert "Your closeness" in text
    assert "French cluster" in text


def test_it_proposes_whom_to_win_and_who_could_introduce(measured, manager):
    text = read(manager)
    assert "Port of Agadir" in text
    assert "Could introduce you: Lab of Lyon" in text
    assert "No other partner would bring more: this is proven." in text


def test_a_manager_proposes_a_partnership_with_one_click_and_an_ambassador_does_not(world, sign_in):
    weave(world)
    far = ClusterFactory(name="Far cluster", country="MA", visibility="public")
    work_out(world.a.cluster)
    url = f"{reverse('partnerships:new')}?partner={far.pk}"
    assert f'href="{url}"' in sign_in(world.a.manager).get("/network/position/").content.decode()
    assert url not in sign_in(world.a.ambassador).get("/network/position/").content.decode()
    page = sign_in(world.a.manager).get(url).content.decode()
    assert f'<option value="{far.pk}" selected>' in page


def test_a_figure_is_shown_over_the_years(measured, manager):
    answer = manager.get(reverse("insight:network-position"), {"figure": "degree"})
    chart = json.loads(answer.context["chart"].data)
    assert chart["periods"] == ["2023", "2024", "2025", "2026"]
    assert chart["values"][0][-1] == 3
    assert "All figures for all years" in read(manager)


def test_stale_figures_say_so(world, measured, manager):
    assert "The figures may have changed" not in read(manager)
    AuditEntry.objects.create(
        organisation_id=world.a.cluster.pk,
        verb="x",
        at=timezone.now() + timezone.timedelta(minutes=1),
    )
    assert "The figures may have changed" in read(manager)


def test_the_list_finds_narrows_and_sorts(world, measured, manager):
    page = "network-organisations"
    assert "5 organisations" in read(manager, page)
    assert "1 organisation" in read(manager, page, q="lyon lab")
    assert "Port of Agadir" in read(manager, page, country="MA")
    assert "Port of Agadir" not in read(manager, page, kind="lab")
    assert "Nothing matches" in read(manager, page, q="nobody of that name")
    rows = manager.get(reverse(f"insight:{page}"), {"sort": "name"}).context["rows"]
    names = [row["named"].name for row in rows]
    assert names == sorted(names)
    rows = manager.get(reverse(f"insight:{page}"), {"sort": "-degree"}).context["rows"]
    assert rows[0]["is_own"]


def test_the_list_is_given_as_a_file(measured, manager):
    url = reverse("insight:network-organisations")
    text = manager.get(url, {"export": "csv", "q": "lyon"}).content.decode("utf-8-sig")
    [header, row] = csv.reader(io.StringIO(text))
    assert header[:3] == ["Organisation", "Country", "Kind"]
    assert row[:3] == ["Lab of Lyon", "FR", "Research lab"]
    assert manager.get(url, {"export": "xlsx"}).content[:2] == b"PK"


def test_pages_ask_as_often_for_few_as_for_many(world, measured, manager):
    counts = []
    queries = {
        "network": {"around": measured.lab.pk},
        "what-if": {"link": measured.port.pk},
    }
    for more in (0, 6):
        for number in range(more):
            other = OrganisationFactory(steward=world.a.cluster, name=f"Far {number}")
            project(world, other, measured.lab, world.a.members[number % 3])
            project(world, other, measured.port)
        work_out(world.a.cluster)
        found = {}
        for name in (*PAGES, "network-graph"):
            with CaptureQueriesContext(connection) as caught:
                manager.get(reverse(f"insight:{name}"), queries.get(name, {}))
            found[name] = len(caught)
        counts.append(found)
    assert counts[0] == counts[1]


def test_who_is_hidden_by_now_is_called_another_organisation(world, measured, manager):
    hide(measured.lab, world.c.cluster)
    text = read(manager)
    assert "Lab of Lyon" not in text
    assert "another organisation" in text
    assert "1 more is part of the network, but you can’t see who it is." in read(
        manager, "network-organisations"
    )


def test_with_seats_in_two_clusters_one_chooses(world, measured, manager):
    assert "Your clusters" not in manager.get("/network/").content.decode()
    SeatFactory(person=world.a.manager, organisation=world.c.cluster, role=Role.MANAGER)
    page = manager.get("/network/", {"cluster": world.c.cluster.pk})
    assert "as the team of Other cluster sees it" in " ".join(
        page.content.decode().split()
    ).replace("<bdi>", "").replace("</bdi>", "")
    assert "Your clusters" in page.content.decode()
    assert page.context["network_tabs"][1]["url"].endswith(f"?cluster={world.c.cluster.pk}")
    assert manager.get("/network/", {"cluster": "nonsense"}).status_code == 404


def test_the_map_tells_where_ties_lead_and_has_tables(measured, manager):
    text = read(manager, "network-map")
    assert "Where your ties lead" in text
    assert "France 2" in text
    answer = manager.get(reverse("insight:network-map"), {"by": "regions", "ties": "all"})
    data = json.loads(answer.context["data"])
    assert {one["code"] for one in data["places"]} == {"GR", "FR", "MA", "FRK2"}
    assert all(len(one["ends"]) == 2 for one in data["ties"])
    assert "Ties between places" in read(manager, "network-map", ties="all")


def test_what_if_tells_before_and_after(measured, manager):
    text = read(manager, "what-if", link=measured.port.pk)
    for said in (
        "Your closeness would rise from 87.5% to 100%.",
        "Partners 3 4",
        "new Port of Agadir",
    ):
        assert said in text, said
    text = read(manager, "what-if", lose=measured.lab.pk)
    assert "Your closeness would fall" in text


def test_what_if_finds_partners_and_others_by_name(measured, manager):
    text = read(manager, "what-if", find="lyon")
    assert "Lab of Lyon France Without this partner" in text
    text = read(manager, "what-if", find="agadir")
    assert "Port of Agadir Morocco With this partner" in text
    assert "No one with that name" in read(manager, "what-if", find="nobody at all")


def test_what_if_keeps_what_is_tried_while_one_searches(measured, manager):
    page = manager.get(
        reverse("insight:what-if"), {"link": measured.port.pk, "find": "lyon"}
    ).content.decode()
    assert f'<input type="hidden" name="link" value="{measured.port.pk}">' in page
    assert f"link={measured.port.pk}&amp;lose={measured.lab.pk}" in page


def test_what_if_refuses_with_a_sentence(measured, manager):
    text = read(manager, "what-if", status=422, link=measured.lab.pk)
    assert "“Lab of Lyon” is already a partner." in text


def test_what_if_keeps_a_hidden_name(world, measured, manager):
    hide(measured.port, world.c.cluster)
    unknown = read(manager, "what-if", status=422, link=10**12)
    hidden = read(manager, "what-if", status=422, link=measured.port.pk)
    assert "Port of Agadir" not in hidden
    assert hidden == unknown


def test_the_old_address_of_the_diagram_leads_to_the_new_one(measured, manager):
    answer = manager.get("/network/picture/", {"by": "countries"})
    assert answer.url == f"{reverse('insight:network')}?by=countries"
