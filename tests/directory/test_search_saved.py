"""Kept searches: what is new in them, told to who keeps them and may see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.directory import tasks  # noqa: F401 - registers the jobs
from proxeny.directory.models import SavedSearch
from proxeny.directory.operations import searches
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, enter
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.notices import want_at_once

URL = "/directory/searches/"


def look(day: str = "1") -> list[Mail]:
    """Run the day's job; return the mails."""
    want_at_once("searches")
    job = Job.objects.create(kind="directory.look-for-new", key=f"look-{day}", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
    return list(Mail.objects.filter(key__startswith="searches:"))


def keep(client, name="Sensors", scope="organisations", query="q=sensor", notify="on"):
    data = {"name": name, "scope": scope, "query": query, "notify": notify}
    return client.post(URL, {key: value for key, value in data.items() if value})


def test_keep_rename_open_remove(world, sign_in):
    client = sign_in(world.b.representatives[0])
    shown = client.get("/directory/", {"q": "sensor"}).content.decode()
    assert "Save this search" in shown
    shown = client.get(URL, {"scope": "organisations", "q": "sensor", "page": "3"}).content.decode()
    assert 'value="q=sensor"' in shown
    assert keep(client).status_code == 302
    search = SavedSearch.objects.get()
    assert (search.query, search.notify, search.person) == (
        "q=sensor",
        True,
        world.b.representatives[0],
    )
    client.post(reverse("directory:search-change", args=[search.pk]), {"name": "Ours"})
    search.refresh_from_db()
    assert (search.name, search.notify, search.version) == ("Ours", False, 2)
    opened = client.get(reverse("directory:search-open", args=[search.pk]))
    assert opened.url == "/directory/?q=sensor"
    client.post(reverse("directory:search-remove", args=[search.pk]))
    assert not SavedSearch.objects.exists()
    assert "No saved searches yet" in client.get(URL).content.decode()


def test_a_name_once_and_not_none(world, sign_in):
    client = sign_in(world.b.manager)
    keep(client)
    assert keep(client).status_code == 422
    assert keep(client, name=" ").status_code == 422
    assert keep(client, scope="people").status_code == 422
    assert SavedSearch.objects.count() == 1


def test_nobody_else_reads_or_changes_it(world, sign_in):
    keep(sign_in(world.b.manager))
    pk = SavedSearch.objects.get().pk
    other = sign_in(world.a.manager)
    assert other.get(reverse("directory:search-open", args=[pk])).status_code == 404
    assert (
        other.post(reverse("directory:search-change", args=[pk]), {"name": "x"}).status_code == 404
    )
    assert other.post(reverse("directory:search-remove", args=[pk])).status_code == 404
    assert "Sensors" not in other.get(URL).content.decode()


@pytest.mark.parametrize("notify", ["on", ""])
def test_what_is_new_is_counted_and_told_once(world, sign_in, notify):
    OrganisationFactory(steward=world.a.cluster, name="Old sensors")
    client = sign_in(world.b.manager)
    keep(client, notify=notify)
    assert look("1") == []
    OrganisationFactory(steward=world.a.cluster, name="New sensors")
    OrganisationFactory(steward=world.a.cluster, name="Secret sensors", visibility="private")
    mails = look("2")
    assert len(mails) == (1 if notify else 0)
    if notify:
        assert mails[0].recipient == world.b.manager.email
        assert "New sensors" in mails[0].text
        assert "Secret" not in mails[0].text
        assert "found 1 new result" in mails[0].text
        assert "Old" not in mails[0].text
    assert len(look("3")) == len(mails)
    assert "1 new" in client.get(URL).content.decode()
    client.get(reverse("directory:search-open", args=[SavedSearch.objects.get().pk]))
    assert "1 new" not in client.get(URL).content.decode()


def test_offers_and_needs_are_watched_too(world, sign_in):
    client = sign_in(world.b.manager)
    keep(client, scope="listings", query="direction=need&q=casting")
    member = OrganisationFactory(steward=world.a.cluster)
    ListingFactory(organisation=member, direction="need", title="Castings of bronze")
    ListingFactory(organisation=member, direction="offer", title="Castings of steel")
    ListingFactory(organisation=member, direction="need", title="Draft casting", status="draft")
    [mail] = look()
    assert "Castings of bronze" in mail.text
    assert "steel" not in mail.text
    assert "Draft" not in mail.text


def test_what_was_found_before_is_read_with_the_searches(world, sign_in):
    client = sign_in(world.b.manager)
    for name in ("Sensors", "Probes", "Pumps"):
        keep(client, name=name)
    OrganisationFactory(steward=world.a.cluster, name="New sensors")
    with CaptureQueriesContext(connection) as asked:
        look()
    known = [one["sql"] for one in asked if '"directory_savedsearch"."known"' in one["sql"]]
    assert len(known) == 1
    assert [one.fresh for one in SavedSearch.objects.all()] == [1, 1, 1]


# ---- By program


SEARCHES = "/directory/searches"


def test_a_program_keeps_changes_and_removes_a_search(world, call):
    program = call(world.b.manager)
    wanted = {"name": "Sensors", "query": "q=sensor&country=GR", "notify": False}
    made = program.post(SEARCHES, wanted)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made["Location"] == f"/api/v1/directory/searches/{pk}"
    assert {**wanted, "scope": "organisations", "fresh": 0, "version": 1}.items() <= (
        made.json().items()
    )
    assert program.get(SEARCHES).json() == [made.json()]
    one = f"{SEARCHES}/{pk}"
    assert program.patch(one, {"name": "Ours"}).status_code == 428
    assert program.patch(one, {"name": "Ours"}, version=7).status_code == 412
    changed = program.patch(one, {"name": "Ours"}, version=1)
    assert (changed.json()["name"], changed.json()["notify"]) == ("Ours", False)
    assert program.get(one)["ETag"] == changed["ETag"] != made["ETag"]
    assert program.delete(one).status_code == 204
    assert program.get(one).status_code == 404
    assert program.get(SEARCHES).json() == []


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"name": "Sensors"}, 409),
        ({"name": "Sensors", "scope": "listings", "query": "direction=offer"}, 201),
        ({"name": " "}, 422),
        ({"name": "People", "scope": "people"}, 422),
        ({"name": "Misspelt", "query": "contry=GR"}, 422),
        ({"name": "Of the other list", "scope": "listings", "query": "nuts=EL30"}, 422),
    ],
)
def test_a_program_keeps_nothing_that_finds_something_else(world, call, values, status):
    program = call(world.b.manager)
    program.post(SEARCHES, {"name": "Sensors", "query": "q=sensor"})
    assert program.post(SEARCHES, values).status_code == status


def test_a_program_is_told_what_is_new_until_it_looks(world, call):
    program = call(world.b.manager)
    made = program.post(SEARCHES, {"name": "Sensors", "query": "q=sensor", "notify": False})
    one = f"{SEARCHES}/{made.json()['id']}"
    OrganisationFactory(steward=world.a.cluster, name="New sensors")
    OrganisationFactory(steward=world.a.cluster, name="Secret sensors", visibility="private")
    look()
    shown = program.get(one)
    assert shown.json()["fresh"] == 1
    assert shown["ETag"] != made["ETag"]
    assert program.patch(one, {"notify": True}, version=shown["ETag"]).status_code == 200
    seen = program.post(f"{one}/look")
    assert (seen.json()["fresh"], program.get(one).json()["fresh"]) == (0, 0)
    assert seen.json()["seen_at"] > made.json()["seen_at"]


def test_no_other_program_reads_or_changes_it(world, call):
    one = f"{SEARCHES}/{call(world.b.manager).post(SEARCHES, {'name': 'Ours'}).json()['id']}"
    other = call(world.a.manager)
    assert other.get(SEARCHES).json() == []
    assert other.get(one).status_code == 404
    assert other.patch(one, {"name": "Theirs"}, version="*").status_code == 404
    assert other.post(f"{one}/look").status_code == 404
    assert other.delete(one).status_code == 404
    assert SavedSearch.objects.get().name == "Ours"


def test_two_clicks_at_the_same_moment_keep_one(world, reading):
    """The second has not seen the first one's row, and the database refuses it."""
    person = world.b.manager
    with reading(person):
        values = {
            "actor": reader_of(person),
            "scope": "organisations",
            "name": "Sensors",
            "query": "",
            "notify": True,
            "hits": [],
            "now": timezone.now(),
        }
        searches.save_search(**values)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(searches, "list_searches", lambda reader: [])
            with pytest.raises(Conflict):
                searches.save_search(**values)
        assert SavedSearch.objects.count() == 1
