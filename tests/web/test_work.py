"""Long work: one page for all of it, the part that asks for itself, and where it leads in the end."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.directory.operations.duplicates import request_search
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.web.failed import TITLES, address_of
from tests.conftest import reader_of

PAGE = "/work/"


@pytest.fixture
def work(world):
    """Make a job of A's manager, for A, unless told otherwise."""

    def make(key: str = "k", **values: object) -> Job:
        return Job.objects.create(
            **{
                "key": key,
                "kind": "directory.apply-import",
                "state": Job.State.RUNNING,
                "person_id": world.a.manager.pk,
                "organisation_id": world.a.cluster.pk,
                "arguments": {"import_id": 7},
                "progress": {"percent": 40},
                **values,
            }
        )

    return make


def test_what_runs_says_how_far_it_is_and_that_one_may_leave(world, work, sign_in):
    job = work()
    page = sign_in(world.a.manager).get(PAGE).text
    assert "Importing a member list" in page
    assert f'hx-get="/work/{job.pk}/?next=%2Fwork%2F"' in page or (
        f'hx-get="/work/{job.pk}/?next=/work/"' in page
    )
    assert 'value="40"' in page
    assert "You can leave this page; the task keeps running." in page
    assert 'href="/directory/import/7/"' in page


def test_what_is_over_says_how_it_ended(world, work, sign_in):
    work("1", state=Job.State.DONE, finished_at=timezone.now())
    work("2", state=Job.State.FAILED, error="Row 3 has no name.", finished_at=timezone.now())
    work("3", state=Job.State.STOPPED, finished_at=timezone.now())
    page = sign_in(world.a.manager).get(PAGE).text
    assert 'hx-trigger="every 1s"' not in page
    for said in ("finished", "failed", "Row 3 has no name.", "stopped by you"):
        assert said in page


def test_who_has_none_is_told_what_would_stand_there(world, sign_in):
    assert "Nothing started yet" in sign_in(world.a.manager).get(PAGE).text


@pytest.mark.parametrize("who", ["b", "c", "member", "nobody"])
def test_others_see_nothing_of_it(world, work, sign_in, who):
    job = work()
    person = {
        "b": world.b.manager,
        "c": world.c.manager,
        "member": world.a.representatives[0],
        "nobody": world.nobody_special,
    }[who]
    client = sign_in(person)
    assert "Importing a member list" not in client.get(PAGE).text
    assert client.get(f"{PAGE}{job.pk}/", headers={"HX-Request": "true"}).status_code == 404


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}1/"])
def test_a_stranger_is_asked_to_sign_in(db, address):
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_the_part_asks_for_itself_until_it_is_over_and_then_leads_on(world, work, sign_in):
    job, client = work(), sign_in(world.a.manager)
    address = f"{PAGE}{job.pk}/"

    def ask(query: str = "", at: str = "/elsewhere/"):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{at}"}
        return client.get(f"{address}{query}", headers=headers)

    part = ask("?next=/directory/duplicates/").text
    assert "<html" not in part
    assert f'hx-get="/work/{job.pk}/?next=/directory/duplicates/"' in part.replace("%2F", "/")
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    assert ask().headers["HX-Redirect"] == "/directory/import/7/"
    assert ask("?next=/directory/").headers["HX-Redirect"] == "/directory/"
    assert ask("?next=https://elsewhere.example/").headers["HX-Redirect"] == "/directory/import/7/"
    # Who is there already sees the page anew, where they had scrolled to.
    same = ask("?next=/directory/", at="/directory/?q=stone")
    assert same.headers["HX-Refresh"] == "true"
    assert "HX-Redirect" not in same.headers
    assert client.get(address).url == "/directory/import/7/"


def test_as_many_queries_for_much_as_for_little(world, work, sign_in):
    client, counts = sign_in(world.a.manager), []
    for number in range(4):
        work(str(number), partnership_id=world.partnership.pk, organisation_id=None)
        if number in (0, 3):
            with CaptureQueriesContext(connection) as asked:
                page = client.get(PAGE).text
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert page.count("the task keeps running") == 4
    assert world.partnership.title in page


def test_each_kind_of_work_in_a_room_belongs_somewhere(world, work):
    arguments = {
        "arrival_id": 1,
        "bid_id": 2,
        "search_id": 3,
        "event": 4,
        "run": 5,
        "partnership_id": world.partnership.pk,
        "organisation_id": world.a.cluster.pk,
        "participation": 6,
        "import_id": 7,
    }
    for kind in TITLES:
        job = Job(kind=kind, arguments=arguments, partnership_id=world.partnership.pk)
        assert address_of(job, {5: 4}).startswith("/")


def test_a_search_for_duplicates_is_watched_on_its_page(world, sign_in):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        job = request_search(actor=reader, cluster_id=world.a.cluster.pk, now=timezone.now())
    client = sign_in(world.a.manager)
    page = client.get("/directory/duplicates/").text
    assert "Looking for duplicates" in page
    assert f"/work/{job.pk}/?next=" in page
    jobs.run(job.pk)
    page = client.get("/directory/duplicates/").text
    assert "every 1s" not in page
    assert "Last checked" in page
