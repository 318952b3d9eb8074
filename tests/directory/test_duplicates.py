"""Doubled entries: found, put before the cluster's managers, decided, on pages and by program."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.directory import operations, queries
from proxeny.directory.likeness import Pair
from proxeny.directory.models import DuplicatePair, Merge, Organisation
from proxeny.kernel import jobs
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.models import AuditEntry, Job
from tests.conftest import reader_of
from tests.factories.directory import DuplicatePairFactory, IdentifierFactory, OrganisationFactory
from tests.factories.world import make_event
from tests.forms import form_of
from tests.stages import staged

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def entry(world, name, **values):
    return OrganisationFactory(name=name, steward=world.a.cluster, country="GR", **values)


@staged
def pair(world):
    """Two entries of A with one VAT number."""
    first = entry(world, "Acme Robotics SA", city="Athens", website="https://acme.example", key="")
    second = entry(world, "ACME Robotics", city="Volos", contact="A Person", key="A-1")
    for one in (first, second):
        IdentifierFactory(organisation=one, scheme="vat", value="EL094014201")
    return DuplicatePairFactory(
        first=first, second=second, score=0.95, evidence={"identifier": ["vat:EL094014201"]}
    )


def search(reading, person, cluster):
    with reading(person):
        return operations.find_duplicates(actor=reader_of(person), cluster_id=cluster.pk)


# ── finding ──────────────────────────────────────────────────────────────────────────────────────


def test_the_job_fills_the_queue_of_its_cluster_alone(world, reading):
    entry(world, "Acme Robotics SA")
    entry(world, "ACME Robotics")
    OrganisationFactory(name="Acme Robotics", steward=world.b.cluster, country="GR")
    with reading(world.a.manager):
        job = operations.request_search(
            actor=reader_of(world.a.manager), cluster_id=world.a.cluster.pk, now=NOW
        )
        again = operations.request_search(
            actor=reader_of(world.a.manager), cluster_id=world.a.cluster.pk, now=NOW
        )
    assert again.pk == job.pk
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).result == {"open": 1}
    found = DuplicatePair.objects.get()
    assert {found.first.name, found.second.name} == {"Acme Robotics SA", "ACME Robotics"}
    assert found.cluster_id == world.a.cluster.pk
    assert found.evidence["name"][2] == 1.0


def test_what_is_decided_is_not_asked_again(world, reading):
    first, second = entry(world, "Acme Robotics SA"), entry(world, "ACME Robotics")
    assert search(reading, world.a.manager, world.a.cluster) == 1
    found = DuplicatePair.objects.get()
    with reading(world.a.manager):
        operations.decide_pair(
            actor=reader_of(world.a.manager), pair_id=found.pk, are_different=True, now=NOW
        )
    assert search(reading, world.a.manager, world.a.cluster) == 0
    found.refresh_from_db()
    assert found.state == DuplicatePair.State.DIFFERENT
    # A third that the first was merged into stands for it.
    third = entry(world, "Acme Robotics and others")
    Organisation.objects.filter(pk=first.pk).update(merged_into=third, visibility="private")
    Organisation.objects.filter(pk=third.pk).update(name="Acme Robotics")
    assert search(reading, world.a.manager, world.a.cluster) == 0
    Organisation.objects.filter(pk=second.pk).update(name="Something else")


def test_open_pairs_that_nothing_speaks_for_go(world, reading):
    first, _second = entry(world, "Acme Robotics SA"), entry(world, "ACME Robotics")
    assert search(reading, world.a.manager, world.a.cluster) == 1
    Organisation.objects.filter(pk=first.pk).update(name="Renamed wholly")
    assert search(reading, world.a.manager, world.a.cluster) == 0
    assert not DuplicatePair.objects.exists()


def test_pairs_of_others_are_not_noted(world, reading):
    ours, theirs = world.a.members[0].pk, world.b.members[0].pk
    own = sorted([ours, world.a.members[1].pk])
    with reading(world.a.manager):
        noted = operations.note_duplicates(
            actor=reader_of(world.a.manager),
            cluster_id=world.a.cluster.pk,
            pairs=[Pair(*sorted([ours, theirs]), {}, 0.9), Pair(*own, {}, 0.7), Pair(ours, ours)],
        )
    assert len(noted) == 1
    for person in (world.a.ambassador, world.a.representatives[0], world.b.manager):
        with reading(person), pytest.raises(NotAllowed):
            operations.note_duplicates(
                actor=reader_of(person), cluster_id=world.a.cluster.pk, pairs=[]
            )
        with pytest.raises(NotAllowed):
            search(reading, person, world.a.cluster)


def test_what_was_just_told_apart_is_noted_as_decided_and_asked_by_nothing(world, reading):
    first, second = entry(world, "Acme Robotics SA"), entry(world, "ACME Robotics")
    alike = Pair(first.pk, second.pk, {"name": ["Acme", "ACME", 1.0]}, 0.9)
    with reading(world.a.manager):
        noted = operations.note_duplicates(
            actor=reader_of(world.a.manager),
            cluster_id=world.a.cluster.pk,
            pairs=[alike],
            apart=[Pair(first.pk, second.pk)],
            now=NOW,
        )
    found = DuplicatePair.objects.get()
    assert (noted, found.state, found.person, found.decided_at) == (
        [],
        "different",
        world.a.manager,
        NOW,
    )
    assert search(reading, world.a.manager, world.a.cluster) == 0


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def test_the_queue_is_the_managers_alone(world, pair, sign_in):
    page = sign_in(world.a.manager).get("/directory/duplicates/")
    assert "Acme Robotics SA" in page.text
    assert "VAT number EL094014201" in page.text
    other = sign_in(world.b.manager).get("/directory/duplicates/")
    assert other.status_code == 200
    assert "Acme Robotics" not in other.text
    assert "Nothing is waiting for you" in other.text
    for person in (world.a.ambassador, world.a.representatives[0], world.nobody_special):
        assert sign_in(person).get("/directory/duplicates/").status_code == 403
    for person in (
        world.a.ambassador,
        world.a.representatives[0],
        world.b.manager,
        world.c.manager,
        world.nobody_special,
    ):
        assert sign_in(person).get(f"/directory/duplicates/{pair.pk}/").status_code == 404
        answer = sign_in(person).post(f"/directory/duplicates/{pair.pk}/", {"decision": "same"})
        assert answer.status_code == 404
    assert not Merge.objects.exists()


def test_two_entries_are_compared_and_merged_as_chosen(world, pair, sign_in):
    client, url = sign_in(world.a.manager), f"/directory/duplicates/{pair.pk}/?keep={pair.first_id}"
    page = client.get(url)
    assert [line.name for line in page.context["differing"]] == ["name", "city"]
    assert [line.name for line in page.context["lone"]] == ["key", "website", "contact"]
    shown = form_of(page, "kept")
    assert (shown["name"], shown["key"], shown["contact"], shown["website"]) == (
        ["kept"],
        ["gone"],
        ["gone"],
        ["kept"],
    )
    answer = client.post(url, shown | {"city": "gone", "decision": "same"})
    assert answer.status_code == 302
    kept = Organisation.objects.get(pk=pair.first_id)
    assert (kept.name, kept.city, kept.key) == ("Acme Robotics SA", "Volos", "A-1")
    assert kept.former_names == []
    queue = client.get("/directory/duplicates/")
    assert "Recently merged" in queue.text
    merge = Merge.objects.get()
    assert client.post(f"/directory/merges/{merge.pk}/undo/").status_code == 302
    assert Organisation.objects.get(pk=pair.second_id).merged_into_id is None


def test_two_organisations_are_told_apart_and_that_is_taken_back(world, pair, sign_in):
    client, url = sign_in(world.a.manager), f"/directory/duplicates/{pair.pk}/"
    other = DuplicatePairFactory(first=world.a.members[0], second=world.a.members[1], score=0.6)
    answer = client.post(url, {"decision": "different"})
    assert answer.url == f"/directory/duplicates/{other.pk}/"
    pair.refresh_from_db()
    assert (pair.state, pair.person_id) == ("different", world.a.manager.pk)
    assert 'value="open"' in client.get(url).text
    client.post(url, {"decision": "open"})
    pair.refresh_from_db()
    assert pair.state == "open"
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["part_duplicates", "reopen_duplicates"]


def test_later_leaves_all_as_it_is_and_goes_on(world, pair, sign_in):
    other = DuplicatePairFactory(first=world.a.members[0], second=world.a.members[1], score=0.6)
    client = sign_in(world.a.manager)
    answer = client.post(f"/directory/duplicates/{pair.pk}/", {"decision": "later"})
    assert answer.url == f"/directory/duplicates/{other.pk}/"
    answer = client.post(f"/directory/duplicates/{other.pk}/", {"decision": "later"})
    assert answer.url == f"/directory/duplicates/{pair.pk}/"
    assert DuplicatePair.objects.filter(state="open").count() == 2


def test_a_refusal_is_told_on_the_page(world, pair, sign_in):
    event = make_event(world, title="Heritage days")
    for taken, one in zip(event.greek, (pair.first, pair.second), strict=False):
        type(taken).objects.filter(pk=taken.pk).update(organisation=one)
    url = f"/directory/duplicates/{pair.pk}/"
    client = sign_in(world.a.manager)
    answer = client.post(url, form_of(client.get(url), "kept") | {"decision": "same"})
    assert answer.status_code == 409
    assert "Both organisations take part in “Heritage days”" in answer.text


def test_pairs_with_one_number_are_merged_at_once(world, pair, sign_in):
    only_named = DuplicatePairFactory(
        first=world.a.members[0],
        second=world.a.members[1],
        evidence={"name": ["a", "b", 0.9]},
        score=0.6,
    )
    client = sign_in(world.a.manager)
    answer = client.post(
        "/directory/duplicates/merge/", {"pair": [pair.pk, only_named.pk]}, follow=True
    )
    assert "1 pair merged." in answer.text
    assert "They have no number in common" in answer.text
    assert Merge.objects.count() == 1
    assert Organisation.objects.get(pk=world.a.members[0].pk).merged_into_id is None
    other = sign_in(world.b.manager)
    assert other.post("/directory/duplicates/merge/", {"pair": [only_named.pk]}).status_code == 404
    assert Merge.objects.count() == 1


def test_the_fuller_entry_is_kept_at_first(world, pair, sign_in):
    page = sign_in(world.a.manager).get(f"/directory/duplicates/{pair.pk}/")
    assert page.context["kept"].pk == pair.second_id
    page = sign_in(world.a.manager).get(f"/directory/duplicates/{pair.pk}/?keep={pair.first_id}")
    assert page.context["kept"].pk == pair.first_id


def test_a_long_queue_costs_no_more_queries(world, pair, sign_in):
    client = sign_in(world.a.manager)

    def count():
        with CaptureQueriesContext(connection) as ran:
            assert client.get("/directory/duplicates/").status_code == 200
        return len(ran)

    count()
    few = count()
    for number in range(60):
        one, other = entry(world, f"One {number}"), entry(world, f"Other {number}")
        DuplicatePairFactory(first=one, second=other, score=0.5)
    assert count() == few
    assert len(client.get("/directory/duplicates/?page=2").context["page"]) == 10


def test_a_merged_entry_is_in_no_open_pair(world, pair, reading):
    DuplicatePairFactory(first=pair.second, second=entry(world, "A third"), score=0.9)
    with reading(world.a.manager):
        operations.merge_organisations(
            actor=reader_of(world.a.manager),
            kept_id=pair.first_id,
            gone_id=pair.second_id,
            chosen=[],
            now=NOW,
        )
        assert list(queries.list_pairs([world.a.cluster.pk])) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_answer_in_each_language(world, pair, sign_in, language):
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = language
    for url in ("/directory/duplicates/", f"/directory/duplicates/{pair.pk}/"):
        assert client.get(url).status_code == 200


# ── by program ───────────────────────────────────────────────────────────────────────────────────


def test_a_program_decides_merges_and_takes_back(world, pair, call):
    program = call(world.a.manager)
    listed = program.get("/directory/duplicates").json()["results"]
    assert [one["id"] for one in listed] == [pair.pk]
    assert listed[0]["evidence"] == {"identifier": ["vat:EL094014201"]}
    url = f"/directory/duplicates/{pair.pk}"
    assert program.post(f"{url}/decision", {"are_different": True}).json()["state"] == "different"
    assert program.get("/directory/duplicates").json()["results"] == []
    assert program.post(f"{url}/decision", {"are_different": False}).json()["state"] == "open"
    sent = {"kept_id": pair.first_id, "gone_id": pair.second_id, "chosen": ["key"]}
    made = program.post("/directory/merges", sent)
    assert made.status_code == 201, made.json()
    assert Organisation.objects.get(pk=pair.first_id).key == "A-1"
    merge = made.json()["id"]
    assert program.get(f"/directory/merges/{merge}").json()["gone"]["id"] == pair.second_id
    assert program.post("/directory/merges", sent).status_code == 409
    assert program.post(f"/directory/merges/{merge}/undo").json()["undone_at"]
    assert program.post(f"/directory/merges/{merge}/undo").status_code == 409
    search = program.post("/directory/duplicates/search", {"cluster_id": world.a.cluster.pk})
    assert search.status_code == 202
    other = call(world.b.manager)
    assert other.get("/directory/duplicates").json()["results"] == []
    assert other.get(url).status_code == 404
    assert other.get(f"/directory/merges/{merge}").status_code == 404
    assert other.post("/directory/merges", sent).status_code in (403, 404)
    search = {"cluster_id": world.a.cluster.pk}
    assert other.post("/directory/duplicates/search", search).status_code == 403
