"""Sharing over the API: as the side that shares, the other side, its members, and others."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import AuditEntry, StoredFile
from proxeny.partnerships import operations
from proxeny.partnerships.models import Partnership, SharingGrant
from tests.kernel.test_files import PDF
from tests.partnerships.test_operations import do
from tests.stages import staged

WHY = "For the fair"
#: Queries of every call but a token's first: who it is, and the settings of two transactions.
FRAME = 12


@pytest.fixture
def a(bare, call):
    return call(bare.a.manager)


@pytest.fixture
def b(bare, call):
    return call(bare.b.manager)


@staged
def path(bare) -> str:
    return f"/partnerships/{bare.partnership.pk}"


@staged
def member(bare):
    """A's member that nobody of B sees by itself."""
    found = bare.a.members[0]
    Organisation.objects.filter(pk=found.pk).update(visibility="cluster")
    return found


def day(number: int) -> str:
    return (timezone.now().date() + timedelta(days=number)).isoformat()


def share_member(program, path, member, **values):
    given = {"member_id": member.pk, "purpose": WHY} | values
    return program.post(f"{path}/sharing/member", given)


def upload(program, path, name="Plan.pdf", content=PDF, **values):
    given = {"purpose": WHY, "file": SimpleUploadedFile(name, content)} | values
    return program.upload(f"{path}/sharing/file", given)


def exported(program) -> str:
    return program.get("/directory/export").content.decode("utf-8-sig")


def test_a_member_is_shared_seen_and_withdrawn_at_once(bare, a, b, path, member):
    entry = f"/directory/organisations/{member.pk}"
    assert b.get(entry).status_code == 404
    made = share_member(a, path, member, fields=["founded", "contact"], ends_on=day(9))
    assert made.status_code == 201, made.content
    told = made.json()
    assert made["Location"].removeprefix("/api/v1") == f"{path}/sharing/{told['id']}"
    assert told == a.get(made["Location"]).json()
    granted_at = told.pop("granted_at")
    assert granted_at
    assert told == {
        "id": told["id"],
        "kind": "member",
        "side": "A",
        "what": member.name,
        "organisation": {"id": bare.a.cluster.pk, "name": bare.a.cluster.name},
        "member_id": member.pk,
        "fields": ["contact", "founded"],
        "purpose": WHY,
        "ends_on": day(9),
        "granted_by": "Greek manager",
        "withdrawn_at": None,
        "is_live": True,
        "may_change": True,
        "may_share_again": False,
    }
    # The other side sees the same, and what it may not do; the entry, with the facts that came.
    assert b.get(made["Location"]).json() == told | {"may_change": False, "granted_at": granted_at}
    seen = b.get(entry).json()
    assert (seen["contact"], seen["founded"], seen["email"], seen["employees"]) == (
        "A Person",
        1999,
        None,
        None,
    )
    assert member.name in exported(b)

    over = a.post(f"{made['Location']}/withdraw")
    assert over.status_code == 200
    assert (over.json()["is_live"], over.json()["may_share_again"]) == (False, True)
    assert b.get(entry).status_code == 404
    assert member.name not in exported(b)
    told = b.get(made["Location"]).json()
    assert (told["what"], told["member_id"], told["withdrawn_at"] is None) == ("", None, False)
    assert a.post(f"{made['Location']}/withdraw").status_code == 409


def test_a_shared_list_shows_those_visible_to_partners_until_it_is_withdrawn(bare, a, b, path):
    hidden, shown = bare.a.members[:2]
    Organisation.objects.filter(pk=hidden.pk).update(visibility="cluster")
    Organisation.objects.filter(pk=shown.pk).update(visibility="partnership")
    assert shown.name not in exported(b)
    made = a.post(f"{path}/sharing/list", {"purpose": WHY, "fields": ["email"]})
    assert (made.status_code, made.json()["kind"], made.json()["member_id"]) == (201, "list", None)
    assert shown.name in exported(b)
    assert hidden.name not in exported(b)
    assert a.post(f"{path}/sharing/list", {"purpose": WHY}).status_code == 409
    a.post(f"{made['Location']}/withdraw")
    assert shown.name not in exported(b)


def test_a_file_is_taken_by_the_other_sides_staff_until_it_is_withdrawn(bare, a, b, call, path):
    made = upload(a, path, ends_on=day(3))
    assert made.status_code == 201, made.content
    assert (made.json()["what"], made.json()["ends_on"]) == ("Plan.pdf", day(3))
    file = f"{made['Location']}/file"
    for person in (bare.b.manager, bare.a.ambassador, bare.a.manager):
        got = call(person).get(file)
        assert (got.status_code, got.content, got["Content-Type"]) == (200, PDF, "application/pdf")
        assert got["Content-Disposition"] == 'attachment; filename="Plan.pdf"'
        assert "sandbox" in got["Content-Security-Policy"]
    for person in (bare.b.representatives[0], bare.c.manager):
        assert call(person).get(file).status_code == 404
    a.post(f"{made['Location']}/withdraw")
    assert b.get(file).status_code == 404
    assert a.get(file).content == PDF, "kept for its owner"

    again = a.post(f"{made['Location']}/again")
    assert again.status_code == 201
    assert again["Location"] != made["Location"]
    assert b.get(f"{again['Location']}/file").content == PDF
    assert a.post(f"{again['Location']}/again").status_code == 409
    assert a.delete(f"{again['Location']}/file").status_code == 204
    assert not StoredFile.objects.exists()
    for program in (a, b):
        assert program.get(f"{again['Location']}/file").status_code == 404
    told = a.get(again["Location"]).json()
    assert (told["is_live"], told["what"], told["may_share_again"]) == (False, "Plan.pdf", False)
    assert a.delete(f"{again['Location']}/file").status_code == 404
    assert AuditEntry.objects.filter(verb="remove_file").count() == 1


def test_the_end_of_the_partnership_ends_what_is_shared(a, b, path, member):
    entry = share_member(a, path, member)["Location"]
    file = upload(b, path)["Location"]
    b.post(f"{path}/end", {"reason": "Over"})
    assert b.get(f"/directory/organisations/{member.pk}").status_code == 404
    assert a.get(f"{file}/file").status_code == 404
    told = a.get(f"{path}/sharing").json()["results"]
    assert [(one["is_live"], one["may_share_again"]) for one in told] == [(False, False)] * 2
    assert a.post(f"{entry}/again").status_code == 409
    assert upload(a, path).status_code == 409


def test_a_change_is_made_from_what_was_read(a, b, path, member):
    place = share_member(a, path, member, fields=["contact"])["Location"]
    tag = a.get(place)["ETag"]
    assert a.patch(place, {"fields": []}).status_code == 428
    assert a.patch(place, {"fields": []}, version='"1"').status_code == 412
    changed = a.patch(place, {"ends_on": day(5)}, version=tag)
    assert (changed.status_code, changed.json()["fields"]) == (200, ["contact"])
    assert changed.json()["ends_on"] == day(5)
    assert a.patch(place, {"fields": ["email"]}, version=tag).status_code == 412
    told = a.patch(place, {"fields": ["email"]}, version=changed["ETag"]).json()
    assert (told["fields"], told["ends_on"]) == (["email"], day(5))
    seen = b.get(f"/directory/organisations/{member.pk}").json()
    assert (seen["email"], seen["contact"]) == ("desk@member.example", None)
    assert a.patch(place, {"ends_on": None}, version="*").json()["ends_on"] is None
    assert a.patch(place, {"ends_on": day(-1)}, version="*").status_code == 422
    assert a.get(place, headers={"If-None-Match": a.get(place)["ETag"]}).status_code == 304
    assert b.patch(place, {"fields": []}, version="*").status_code == 403
    a.post(f"{place}/withdraw")
    assert a.patch(place, {"fields": []}, version="*").status_code == 409


def test_of_two_changes_at_once_the_later_one_is_refused(bare, a, path, member):
    """Both have read the same; the version is compared again under the record's lock."""
    made = share_member(a, path, member).json()
    grant = SharingGrant.objects.get(pk=made["id"])
    given = {
        "grant_id": grant.pk,
        "now": timezone.now(),
        "ends_on": None,
        "version": operations.grant_version(grant),
    }
    do(bare.a.manager, operations.change_sharing, fields=["email"], **given)
    with pytest.raises(Conflict):
        do(bare.a.manager, operations.change_sharing, fields=["contact"], **given)
    assert a.get(f"{path}/sharing/{grant.pk}").json()["fields"] == ["email"]


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("list", {"purpose": ""}),
        ("list", {"purpose": " "}),
        ("list", {"purpose": "x" * 301}),
        ("list", {"purpose": "\x00"}),
        ("list", {}),
        ("list", {"purpose": WHY, "member_id": 1}),
        ("list", {"purpose": WHY, "fields": ["summary"]}),
        ("list", {"purpose": WHY, "fields": "x"}),
        ("list", {"purpose": WHY, "ends_on": "2001-01-01"}),
        ("list", {"purpose": WHY, "ends_on": "9999-12-31"}),
        ("list", {"purpose": WHY, "organisation": 1}),
        ("list", {"purpose": WHY, "kind": "file"}),
        ("list", {"purpose": WHY, "granted_by": 1}),
        ("member", {"purpose": WHY}),
        ("member", {"purpose": WHY, "member_id": 2**63 - 1}),
        ("member", {"purpose": WHY, "member_id": 0}),
        ("member", {"purpose": WHY, "member_id": None}),
    ],
)
def test_what_does_not_fit_is_refused(a, path, part, values):
    answer = a.post(f"{path}/sharing/{part}", values)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"]
    assert not SharingGrant.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "page.html", "content": b"<script>x</script>"}, "#/file"),
        ({"content": b""}, "#/file"),
        ({"content": b"x" * (10 * 1024 * 1024 + 1)}, "#/file"),
        ({"content": b"no document"}, "#/file"),
        ({"purpose": " "}, "#/purpose"),
        ({"ends_on": "2001-01-01"}, "#/ends_on"),
    ],
)
def test_a_file_that_is_not_taken_says_why(a, path, values, field):
    answer = upload(a, path, **values)
    assert answer.status_code == 422, answer.content
    assert field in [one["pointer"] for one in answer.json()["errors"]]
    assert not StoredFile.objects.exists()


def test_facts_come_with_members_only(a, path):
    place = upload(a, path)["Location"]
    answer = a.patch(place, {"fields": ["email"]}, version="*")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/fields")
    assert a.patch(place, {"fields": []}, version="*").status_code == 200


def test_nobody_shares_what_is_not_theirs(bare, a, b, call, path, member):
    place = share_member(a, path, member)["Location"]
    for one in (bare.b.members[0], bare.c.members[0], bare.a.cluster):
        answer = share_member(a, path, one)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/member_id")
    Organisation.objects.filter(pk=bare.a.members[1].pk).update(visibility="private")
    assert share_member(a, path, bare.a.members[1]).status_code == 422
    assert share_member(b, path, bare.a.members[1]).status_code == 422
    before = (AuditEntry.objects.count(), SharingGrant.objects.count())
    for person, status in (
        (bare.a.ambassador, 403),
        (bare.b.manager, 403),
        (bare.b.ambassador, 403),
        (bare.b.representatives[0], 404),
        (bare.a.representatives[0], 404),
        (bare.c.manager, 404),
    ):
        program = call(person)
        for deed in ("withdraw", "again"):
            assert program.post(f"{place}/{deed}").status_code == status, (person, deed)
        assert program.patch(place, {"fields": []}, version="*").status_code == status
        assert program.delete(f"{place}/file").status_code == status
        if person is not bare.b.manager:
            # Members see that there is a partnership, and may share nothing with it.
            least = 404 if person is bare.c.manager else 403
            assert share_member(program, path, bare.a.members[2]).status_code == least
            assert upload(program, path).status_code == least
            assert program.post(f"{path}/sharing/list", {"purpose": WHY}).status_code == least
    assert (AuditEntry.objects.count(), SharingGrant.objects.count()) == before


def test_the_ledger_is_for_the_staff_of_both(bare, call, a, path, member):
    place = share_member(a, path, member)["Location"]
    for person, of_room, of_one in (
        (bare.a.manager, 200, 200),
        (bare.a.ambassador, 200, 200),
        (bare.b.ambassador, 200, 200),
        (bare.a.representatives[0], 403, 403),
        (bare.b.representatives[0], 403, 403),
        (bare.c.manager, 404, 404),
        (bare.c.representatives[0], 404, 404),
    ):
        program = call(person)
        for part in ("sharing", "readings", "readings/export"):
            assert program.get(f"{path}/{part}").status_code == of_room, (person, part)
        assert program.get(place).status_code == of_one, person


def test_an_entry_is_found_in_its_own_partnership_alone(bare, a, path, member):
    place = share_member(a, path, member).json()["id"]
    other = Partnership.objects.create(title="Draft", lead=bare.a.cluster)
    for method, end in (
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/withdraw"),
        ("POST", "/again"),
        ("GET", "/file"),
        ("DELETE", "/file"),
    ):
        address = f"/partnerships/{other.pk}/sharing/{place}{end}"
        data = {} if method == "PATCH" else None
        assert a.send(method, address, data=data, version="*").status_code in (403, 404), end
    assert SharingGrant.objects.get(pk=place).withdrawn_at is None
    assert a.get(f"{path}/sharing/{place}/file").status_code == 404


def test_the_ledger_is_filtered_and_comes_in_pages(bare, a, b, path):
    first = share_member(a, path, bare.a.members[0])
    a.post(f"{first['Location']}/withdraw")
    share_member(a, path, bare.a.members[1])
    upload(b, path)
    ran_out = share_member(a, path, bare.a.members[2], ends_on=day(0)).json()["id"]
    SharingGrant.objects.filter(pk=ran_out).update(ends_on=day(-1))

    def found(**query):
        answer = a.get(f"{path}/sharing", query)
        assert answer.status_code == 200, answer.content
        return [one["what"] for one in answer.json()["results"]]

    one, two, three = (member.name for member in bare.a.members)
    assert found() == [three, "Plan.pdf", two, one]
    assert found(live="true") == ["Plan.pdf", two]
    assert found(live="false") == [three, one]
    assert found(side="A") == [three, two, one]
    assert found(side="B", live="true") == found(kind="file") == ["Plan.pdf"]
    assert found(side="Z") == found(kind="list") == []
    page = a.get(f"{path}/sharing", {"page_size": 3}).json()
    assert len(page["results"]) == 3
    rest = a.get(page["next"].removeprefix("http://testserver")).json()
    assert [one["what"] for one in rest["results"]] == [one]
    for wrong in ({"side": "AB"}, {"live": "x"}, {"kind": "x"}, {"cursor": "x"}):
        assert a.get(f"{path}/sharing", wrong).status_code == 422, wrong
    Partnership.objects.update(state="ended")
    assert found(live="true") == []
    assert len(found(live="false")) == 4


def test_both_sides_read_who_read_what(bare, a, b, call, path, member):
    share_member(a, path, member)
    file = upload(b, path)["Location"]
    b.get(f"/directory/organisations/{member.pk}")
    call(bare.b.representatives[0]).get(f"/directory/organisations/{member.pk}")
    a.get(f"{file}/file")
    exported(b)

    def read(program, **query):
        answer = program.get(f"{path}/readings", query).json()["results"]
        return [(one["verb"], one["side"], one["what"], one["shared_by"]) for one in answer]

    all_read = [
        ("export_shared_list", "B", "1 entry", "A"),
        ("read_shared_file", "A", "Plan.pdf", "B"),
        ("read_shared_member", "", member.name, "A"),
        ("read_shared_member", "B", member.name, "A"),
    ]
    assert read(a) == read(b) == all_read
    assert read(a, shared_by="B") == all_read[1:2]
    assert read(a, verb="read_shared_member") == all_read[2:]
    assert read(a, shared_by="Z") == []
    first = a.get(f"{path}/readings", {"page_size": 1}).json()
    told = first["results"][0]
    assert (told["by"], told["organisation"], told["rows"]) == (
        "French manager",
        "French cluster",
        1,
    )
    more = a.get(first["next"].removeprefix("http://testserver")).json()["results"]
    assert more[0]["verb"] == "read_shared_file"
    assert a.get(f"{path}/readings", {"verb": "end_partnership"}).status_code == 422
    lines = a.get(f"{path}/readings/export", {"shared_by": "A"}).content.decode().splitlines()
    assert len(lines) == 4
    assert a.get(f"{path}/readings/export", {"format": "xlsx"}).content[:2] == b"PK"


def test_one_key_shares_once(a, path):
    again = [upload_with(a, path, key="k") for _ in range(2)]
    assert [one.status_code for one in again] == [201, 201]
    assert again[0]["Location"] == again[1]["Location"]
    assert (SharingGrant.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert upload_with(a, path, key="k", content=PDF + b"\n").status_code == 422


def upload_with(program, path, *, key, content=PDF):
    given = {"purpose": WHY, "file": SimpleUploadedFile("Plan.pdf", content)}
    return program.upload(f"{path}/sharing/file", given, key=key)


def test_a_token_to_read_shares_nothing(bare, call, a, path, member):
    place = share_member(a, path, member)["Location"]
    reads = call(bare.a.manager, "partnerships:read")
    assert reads.get(place).status_code == 200
    assert reads.post(f"{place}/withdraw").status_code == 403
    assert upload(reads, path).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries(bare, a, path, rows, django_assert_num_queries):
    for number in range(rows):
        share_member(a, path, bare.a.members[number])
        upload(a, path)
        for verb, target in (
            ("read_shared_member", bare.a.members[number].pk),
            ("read_shared_file", SharingGrant.objects.latest("pk").file_id),
        ):
            AuditEntry.objects.create(
                verb=verb,
                target="t",
                target_id=target,
                person_id=bare.b.manager.pk,
                organisation_id=bare.a.cluster.pk,
                partnership_id=bare.partnership.pk,
                changes={"by": bare.b.cluster.pk},
            )
    with django_assert_num_queries(FRAME + 7):
        assert len(a.get(f"{path}/sharing").json()["results"]) == 2 * rows
    with django_assert_num_queries(FRAME + 9):
        assert len(a.get(f"{path}/readings").json()["results"]) == 2 * rows
