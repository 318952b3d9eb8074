"""The directory over the API: as the keeper, as the other side, as a member, as a stranger."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.directory.models import Listing, MemberImport, Membership, Organisation, Visibility
from proxeny.directory.operations.details import write_details
from proxeny.kernel import jobs
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import SharingGrant
from tests.factories.directory import ListingFactory, OrganisationFactory

ORGANISATIONS = "/directory/organisations"
LIST = "Name,Country,Reference\nNew member,Greece,K-1\nAnother member,GR,K-2\n"


def at(organisation) -> str:
    return f"{ORGANISATIONS}/{organisation.pk}"


def names(answer) -> set[str]:
    return {one["name"] for one in answer.json()["results"]}


def upload(program, cluster, text=LIST, name="members.csv", **headers):
    file = SimpleUploadedFile(name, text.encode())
    return program.upload("/directory/imports", {"cluster_id": cluster.pk, "file": file}, **headers)


# ---- Organisations


def test_list_shows_what_the_seat_sees(world, call):
    assert "French member 1" in names(call(world.a.manager).get(ORGANISATIONS))
    seen_by_c = names(call(world.c.manager).get(ORGANISATIONS))
    assert not [name for name in seen_by_c if name.startswith(("Greek", "French"))]
    assert "Other member 1" in seen_by_c


def test_list_is_narrowed_and_paged(world, call):
    program = call(world.a.manager)
    only = program.get(ORGANISATIONS, {"country": "FR", "q": "member"})
    assert names(only) == {"French member 1", "French member 2", "French member 3"}
    assert names(
        program.get(ORGANISATIONS, {"cluster": world.b.cluster.pk, "kind": "cluster"})
    ) == {"French cluster"}
    first = program.get(ORGANISATIONS, {"page_size": 3}).json()
    second = program.get(first["next"].removeprefix("http://testserver")).json()
    assert [one["name"] for one in first["results"] + second["results"]] == [
        "French cluster",
        "French member 1",
        "French member 2",
        "French member 3",
        "Greek cluster",
        "Greek member 1",
    ]
    assert second["previous"]
    other = program.get(ORGANISATIONS, {"limit": 3})
    assert other.status_code == 422
    assert "page_size" in other.json()["errors"][0]["detail"]
    future = (timezone.now() + timedelta(hours=1)).isoformat()
    assert names(program.get(ORGANISATIONS, {"changed_since": future})) == set()
    assert (
        program.get(ORGANISATIONS, {"changed_since": "0001-01-01T00:00:00+14:00"}).status_code
        == 422
    )
    assert program.get(ORGANISATIONS, {"changed_since": "2026-01-01T00:00:00"}).status_code == 422


def test_lists_cost_the_same_with_few_rows_and_many(world, call, django_assert_num_queries):
    program = call(world.a.manager)
    paths = (ORGANISATIONS, "/directory/memberships", "/directory/listings", "/directory/imports")
    ListingFactory(organisation=world.a.members[0])
    for path in paths:
        program.get(path)
        with django_assert_num_queries(14):
            program.get(path, {"page_size": 1})
        for number in range(3):
            member = OrganisationFactory(steward=world.a.cluster, country="GR")
            Membership.objects.create(
                cluster=world.a.cluster, organisation=member, starts_on="2026-01-01"
            )
            ListingFactory(organisation=member, title=f"More {number}")
        with django_assert_num_queries(14):
            program.get(path)


def test_detail_tells_each_what_the_page_tells(world, call):
    member = world.a.members[0]
    write_details(
        [
            (
                member.pk,
                {"contact": "Maria K.", "email": "m@example.org", "employees": 7, "founded": 2010},
            )
        ]
    )
    seen = call(world.a.manager).get(at(member)).json()
    assert (seen["contact"], seen["employees"], seen["may_edit"]) == ("Maria K.", 7, True)
    assert seen["key"] == member.key
    assert seen["steward"] == {"id": world.a.cluster.pk, "name": "Greek cluster"}
    own = call(world.a.representatives[0]).get(at(member)).json()
    assert (own["email"], own["key"], own["may_manage"]) == ("m@example.org", None, False)
    SharingGrant.objects.update(fields=[])
    theirs = call(world.b.manager).get(at(member)).json()
    assert theirs["name"] == member.name
    hidden = ("contact", "email", "employees", "founded", "key")
    assert [theirs[name] for name in hidden] == [None] * 5
    assert call(world.c.manager).get(at(member)).status_code == 404
    assert call(world.a.manager).get(f"{ORGANISATIONS}/999999").status_code == 404


def test_a_withdrawn_grant_is_no_304(world, call):
    member = world.a.members[0]
    write_details(
        [(member.pk, {"contact": "Maria K.", "email": "", "employees": None, "founded": None})]
    )
    SharingGrant.objects.update(fields=["contact"])
    program = call(world.b.manager)
    first = program.get(at(member))
    assert first.json()["contact"] == "Maria K."
    etag = {"If-None-Match": first["ETag"]}
    assert program.get(at(member), headers=etag).status_code == 304
    SharingGrant.objects.update(withdrawn_at=timezone.now())
    again = program.get(at(member), headers=etag)
    assert again.status_code == 404 or again.json()["contact"] is None


def test_a_manager_adds_a_member(world, call):
    program = call(world.a.manager)
    sent = {
        "cluster_id": world.a.cluster.pk,
        "name": "New member",
        "country": "GR",
        "website": "www.example.org",
        "sectors": ["animation", " vr "],
        "employees": 12,
        "languages": ["el", "en", "el"],
    }
    answer = program.post(ORGANISATIONS, sent, key="one")
    assert answer.status_code == 201, answer.content
    made = Organisation.objects.get(name="New member")
    assert answer["Location"] == f"/api/v1{at(made)}"
    assert (made.website, made.sectors) == ("https://www.example.org", ["animation", "vr"])
    assert made.languages == ["el", "en"]
    assert answer.json()["employees"] == 12
    again = program.post(ORGANISATIONS, sent, key="one")
    assert (again.json()["id"], again["Idempotent-Replayed"]) == (made.pk, "true")
    assert program.post(ORGANISATIONS, sent).status_code == 409
    assert AuditEntry.objects.filter(verb="create_member").count() == 1


@pytest.mark.parametrize("who", ["ambassador", "representative", "other", "foreign"])
def test_nobody_else_adds_a_member(world, call, who):
    person = {
        "ambassador": world.a.ambassador,
        "representative": world.a.representatives[0],
        "other": world.b.manager,
        "foreign": world.c.manager,
    }[who]
    answer = call(person).post(
        ORGANISATIONS, {"cluster_id": world.a.cluster.pk, "name": "X", "country": "GR"}
    )
    assert answer.status_code == 403
    assert not Organisation.objects.filter(name="X").exists()


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"steward_id": 1}, "#/steward_id"),
        ({"version": 9}, "#/version"),
        ({"id": 9}, "#/id"),
        ({"search_text": "x"}, "#/search_text"),
        ({"kind": "cluster"}, "#/kind"),
        ({"name": ""}, "#/name"),
        ({"name": "x" * 201}, "#/name"),
        ({"name": "a\x00b"}, "#/"),
        ({"country": "gr"}, "#/country"),
        ({"website": "javascript:alert(1)"}, "#/website"),
        ({"language": "xx"}, "#/language"),
        ({"employees": 10**10}, "#/employees"),
        ({"founded": 10}, "#/founded"),
        ({"sectors": ["x"] * 21}, "#/sectors"),
        ({"email": "nobody"}, "#/email"),
    ],
)
def test_what_is_not_a_fact_is_refused(world, call, sent, pointer):
    sent = {"cluster_id": world.a.cluster.pk, "name": "X", "country": "GR"} | sent
    answer = call(world.a.manager).post(ORGANISATIONS, sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert not Organisation.objects.filter(country="GR", name="X").exists()


def test_a_change_needs_the_version_it_was_made_from(world, call):
    member = world.a.members[0]
    program, change = call(world.a.representatives[0]), {"city": "Patras", "founded": 2011}
    etag = program.get(at(member))["ETag"]
    assert program.patch(at(member), change).status_code == 428
    answer = program.patch(at(member), change, version=etag)
    assert (answer.status_code, answer.json()["city"]) == (200, "Patras")
    assert answer.json()["founded"] == 2011
    assert answer.json()["name"] == member.name
    stale = program.patch(at(member), {"city": "Volos"}, version=etag)
    assert (stale.status_code, stale.json()["type"]) == (
        412,
        "urn:proxeny:problem:precondition-failed",
    )
    newer = program.patch(at(member), {"city": "Volos"}, version=answer["ETag"])
    assert newer.json()["city"] == "Volos"


@pytest.mark.parametrize("change", [{"steward_id": 1}, {"version": 7}, {"search_text": "x"}])
def test_a_change_sets_no_other_field(world, call, change):
    answer = call(world.a.manager).patch(at(world.a.members[0]), change, version="*")
    assert answer.status_code == 422


def test_a_member_does_not_set_the_clusters_reference(world, call):
    member = world.a.members[0]
    answer = call(world.a.representatives[0]).patch(at(member), {"key": "Z"}, version="*")
    assert answer.status_code == 403
    assert call(world.b.manager).patch(at(member), {"city": "X"}, version="*").status_code == 403
    assert call(world.c.manager).patch(at(member), {"city": "X"}, version="*").status_code == 404


def test_scopes_part_reading_from_writing(world, call):
    program = call(world.a.manager, "directory:read")
    assert program.get(ORGANISATIONS).status_code == 200
    answer = program.patch(at(world.a.members[0]), {"city": "X"}, version="*")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:proxeny:problem:scope-missing")
    assert call(world.a.manager, "people:read").get(ORGANISATIONS).status_code == 403


def test_file_and_facets_hold_what_the_seat_sees(world, call):
    Organisation.objects.filter(pk=world.a.members[0].pk).update(name="=1+1")
    text = (
        call(world.a.manager)
        .get("/directory/export", {"country": "GR"})
        .content.decode("utf-8-sig")
    )
    assert "'=1+1" in text
    assert "French member" not in text
    book = call(world.a.manager).get("/directory/export", {"format": "xlsx"})
    assert book.content[:2] == b"PK"
    foreign = call(world.c.manager).get("/directory/export").content.decode()
    assert "Greek" not in foreign
    facets = call(world.c.manager).get("/directory/facets").json()
    assert [one["value"] for one in facets["country"]] == ["MA"]
    assert [one["label"] for one in facets["cluster"]] == ["Other cluster"]


# ---- Memberships


def test_a_membership_ends_and_goes_on(world, call):
    member = world.a.members[0]
    program = call(world.a.manager)
    (found,) = program.get("/directory/memberships", {"organisation": member.pk}).json()["results"]
    path = f"/directory/memberships/{found['id']}"
    ended = program.post(f"{path}/end", {"on": "2030-01-31", "why": "Moved"})
    assert ended.json()["ends_on"] == "2030-01-31"
    assert program.post(f"{path}/end", {"on": "2030-01-31"}).status_code == 409
    assert program.post(f"{path}/restore").json()["ends_on"] is None
    assert program.post(f"{path}/end", {"on": "1999-01-01"}).status_code == 422
    assert program.post(f"{path}/end", {"on": "9999-12-31"}).status_code == 422
    assert call(world.b.manager).post(f"{path}/end", {"on": "2030-01-31"}).status_code == 403
    assert call(world.c.manager).get(path).status_code == 404


# ---- Offers and needs


def test_an_offer_from_draft_to_archive(world, call):
    member = world.a.members[0]
    own, other = call(world.a.representatives[0]), call(world.b.manager)
    sent = {"direction": "offer", "title": "Tours", "is_draft": True}
    made = own.post(f"{at(member)}/listings", sent)
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    path = made["Location"]
    assert other.get(path).status_code == 404
    shown = own.patch(path, {"is_draft": False, "summary": "In Greek"}, version=made["ETag"])
    assert (shown.json()["status"], shown.json()["title"]) == ("review", "Tours")
    assert other.get(path).status_code == 404
    adviser = call(world.a.ambassador)
    assert adviser.post(f"{path}/pass", version=shown["ETag"]).json()["status"] == "published"
    assert other.get(path).json()["summary"] == "In Greek"
    assert own.patch(path, {"title": "Old"}, version=made["ETag"]).status_code == 412
    assert own.post(f"{path}/archive").json()["status"] == "archived"
    assert other.get(path).status_code == 404
    assert [one["status"] for one in own.get("/directory/listings").json()["results"]] == [
        "archived"
    ]
    assert own.post(f"{path}/restore").json()["status"] == "published"
    assert other.post(f"{path}/archive").status_code == 403
    assert call(world.c.manager).get(path).status_code == 404
    assert Listing.objects.get().version == 5


@pytest.mark.parametrize("field", ["status", "organisation_id", "version", "id", "person_id"])
def test_an_offer_takes_no_other_field(world, call, field):
    sent = {"direction": "need", "title": "X", field: 1}
    program = call(world.a.manager)
    assert program.post(f"{at(world.a.members[0])}/listings", sent).status_code == 422
    listing = ListingFactory(organisation=world.a.members[0])
    path = f"/directory/listings/{listing.pk}"
    assert program.patch(path, {field: 1}, version="*").status_code == 422


# ---- Imports


def test_an_import_from_file_to_members(world, call):
    program = call(world.a.manager)
    made = upload(program, world.a.cluster)
    assert made.status_code == 201, made.content
    path, body = made["Location"], made.json()
    assert (body["state"], body["columns"]["header"]) == (
        "uploaded",
        ["Name", "Country", "Reference"],
    )
    assert body["mapping"] == {"name": "Name", "country": "Country", "key": "Reference"}
    chosen = program.post(
        f"{path}/columns",
        {"mapping": body["mapping"], "options": {"kind": "startup"}},
        version=made["ETag"],
    )
    assert (chosen.status_code, chosen.json()["state"]) == (202, "checking")
    jobs.run(chosen.json()["job_id"])
    job = program.get(f"/work/jobs/{chosen.json()['job_id']}").json()
    assert (job["state"], job["result"]) == ("done", {"problems": 0, "rows": 2})
    checked = program.get(path)
    assert (checked.json()["added"], checked.json()["may_be_applied"]) == (2, True)
    assert program.post(f"{path}/apply", version='"1"').status_code == 412
    applied = program.post(f"{path}/apply", version=checked["ETag"])
    assert applied.status_code == 202
    jobs.run(applied.json()["job_id"])
    done = program.get(path).json()
    assert (done["state"], done["added"]) == ("applied", 2)
    assert Organisation.objects.get(key="K-1").kind == "startup"
    assert program.delete(path).status_code == 409
    assert program.get("/directory/imports").json()["results"][0]["id"] == body["id"]


def test_problems_come_as_a_file_and_a_list_is_thrown_away(world, call):
    program = call(world.a.manager)
    made = upload(program, world.a.cluster, "Name,Country\nA,Nowhere\n")
    path = made["Location"]
    answer = program.post(
        f"{path}/columns", {"mapping": {"name": "Name", "country": "Country"}}, version="*"
    )
    jobs.run(answer.json()["job_id"])
    assert program.get(path).json()["problem_count"] == 1
    assert "Nowhere" in program.get(f"{path}/problems").content.decode()
    assert program.post(f"{path}/apply", version="*").status_code == 409
    assert program.delete(path).status_code == 204
    assert not MemberImport.objects.exists()
    assert program.get(path).status_code == 404


def test_an_upload_sent_twice_with_a_key_is_one_import(world, call):
    program = call(world.a.manager)
    first = upload(program, world.a.cluster, key="u1")
    again = upload(program, world.a.cluster, key="u1")
    assert again.json()["id"] == first.json()["id"]
    other = upload(program, world.a.cluster, LIST + "Third,GR,K-3\n", key="u1")
    assert (other.status_code, other.json()["type"]) == (
        422,
        "urn:proxeny:problem:idempotency-key-reused",
    )
    assert MemberImport.objects.count() == 1


def test_others_neither_bring_nor_see_a_list(world, call):
    path = upload(call(world.a.manager), world.a.cluster)["Location"]
    for person in (
        world.a.ambassador,
        world.a.representatives[0],
        world.b.manager,
        world.c.manager,
    ):
        program = call(person)
        assert upload(program, world.a.cluster).status_code == 403
        assert program.get(path).status_code == 404
        assert program.get(f"{path}/problems").status_code == 404
        assert program.delete(path).status_code == 404
        assert program.get("/directory/imports").json()["results"] == []


@pytest.mark.parametrize("content", ["", "\x00\x01", "Name"])
def test_a_file_that_is_no_list_is_refused_with_a_sentence(world, call, content):
    answer = upload(call(world.a.manager), world.a.cluster, content)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_template(world, call):
    program = call(world.a.manager)
    assert program.get("/directory/imports/template").content[:2] == b"PK"
    text = program.get("/directory/imports/template", {"format": "csv"}).content.decode("utf-8-sig")
    assert io.StringIO(text).readline().startswith("Reference,Name")


def test_public_entries_are_told_to_other_clusters_without_guarded_facts(world, call):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(visibility=Visibility.PUBLIC)
    write_details(
        [(member.pk, {"contact": "Maria K.", "email": "", "employees": 3, "founded": None})]
    )
    seen = call(world.c.manager).get(at(member)).json()
    assert (seen["name"], seen["contact"], seen["employees"]) == (member.name, None, None)
