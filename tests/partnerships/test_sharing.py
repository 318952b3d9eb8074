"""Sharing by consent: each thing as each reader, and taking it back."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from proxeny.directory.models import Organisation, Visibility
from proxeny.directory.queries import details_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, StoredFile
from proxeny.kernel.personal_data.keeping import apply_terms
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships import operations
from proxeny.partnerships.models import Partnership, SharingGrant
from tests.conftest import reader_of
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.kernel.test_files import PDF
from tests.partnerships.test_operations import do
from tests.stages import staged

Kind = SharingGrant.Kind


@staged
def proposal(bare):
    """A proposal of A to C: the other side before signing."""
    made = PartnershipFactory(title="To C", lead=bare.a.cluster, state=Partnership.State.PROPOSED)
    PartyFactory(partnership=made, organisation=bare.a.cluster, side="A")
    PartyFactory(partnership=made, organisation=bare.c.cluster, side="B")
    return made


def share_member(world, person=None, **given):
    values = {
        "partnership_id": world.partnership.pk,
        "purpose": "For the fair",
        "member_id": world.a.members[0].pk,
        "now": timezone.now(),
        **given,
    }
    return do(person or world.a.manager, operations.grant_sharing, **values)


def share_file(world, person=None, **given):
    values = {
        "partnership_id": world.partnership.pk,
        "purpose": "For the fair",
        "name": "Plan.pdf",
        "content": PDF,
        "now": timezone.now(),
        **given,
    }
    return do(person or world.a.manager, operations.share_file, **values)


def everybody(world):
    a, b, c = world.a, world.b, world.c
    return {
        "a manager": a.manager,
        "a ambassador": a.ambassador,
        "the member": a.representatives[0],
        "a member": a.representatives[1],
        "b manager": b.manager,
        "b ambassador": b.ambassador,
        "b member": b.representatives[0],
        "c manager": c.manager,
        "c member": c.representatives[0],
        "stranger": world.nobody_special,
        "nobody": None,
    }


def who(world, reading, find):
    found = set()
    for name, person in everybody(world).items():
        with reading(person):
            if find():
                found.add(name)
    return found


OWN = {"a manager", "a ambassador", "the member", "a member"}
OTHERS = {"b manager", "b ambassador", "b member"}
STAFF = {"b manager", "b ambassador"}


@pytest.mark.parametrize(
    ("visibility", "own"),
    [("cluster", OWN), ("partnership", OWN)],
)
def test_one_member_is_shared_whatever_its_visibility(bare, proposal, reading, visibility, own):
    member = bare.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(visibility=visibility)

    def entry():
        return Organisation.objects.filter(pk=member.pk).exists()

    def others():
        return Organisation.objects.filter(pk=bare.a.members[1].pk).exists()

    assert who(bare, reading, entry) == own
    grant = share_member(bare)
    assert who(bare, reading, entry) == own | OTHERS
    assert who(bare, reading, others) == {"a manager", "a ambassador", "the member", "a member"}
    do(bare.a.manager, operations.withdraw_sharing, grant_id=grant.pk, now=timezone.now())
    assert who(bare, reading, entry) == own


def test_facts_of_a_shared_member_go_to_the_staff_of_the_other_side_alone(bare, proposal, reading):
    member = bare.a.members[0]

    def facts(name):
        def find():
            found = details_of([member.pk])
            return member.pk in found and getattr(found[member.pk], name) is not None

        return find

    keepers = {"a manager", "a ambassador", "the member"}
    share_member(bare, fields=["employees", "contact"])
    assert who(bare, reading, facts("contact")) == keepers | STAFF
    assert who(bare, reading, facts("employees")) == keepers | STAFF
    assert who(bare, reading, facts("email")) == keepers
    assert who(bare, reading, facts("founded")) == keepers
    Partnership.objects.filter(pk=bare.partnership.pk).update(state=Partnership.State.ENDED)
    assert who(bare, reading, facts("contact")) == keepers


def test_a_member_that_becomes_private_is_shared_no_more(bare, reading):
    share_member(bare, fields=["contact"])
    member = bare.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(visibility=Visibility.PRIVATE)
    with reading(bare.b.manager):
        assert not Organisation.objects.filter(pk=member.pk).exists()
        assert details_of([member.pk]) == {}
    with pytest.raises(InvalidInput, match="only us"):
        share_member(bare)


def test_a_member_that_another_cluster_keeps_now_is_shared_no_more(bare, reading):
    share_member(bare, fields=["contact"])
    member = bare.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(steward=bare.c.cluster)
    with reading(bare.b.manager):
        assert not Organisation.objects.filter(pk=member.pk).exists()
        assert details_of([member.pk]) == {}


def test_a_file_goes_to_the_staff_of_both_and_to_nobody_else(bare, proposal, reading):
    grant = share_file(bare)

    def file():
        return StoredFile.objects.filter(pk=grant.file_id).exists()

    assert who(bare, reading, file) == {"a manager", "a ambassador"} | STAFF
    do(bare.a.manager, operations.withdraw_sharing, grant_id=grant.pk, now=timezone.now())
    assert who(bare, reading, file) == {"a manager"}
    do(bare.a.manager, operations.share_again, grant_id=grant.pk, now=timezone.now())
    assert who(bare, reading, file) == {"a manager", "a ambassador"} | STAFF
    do(
        bare.b.manager,
        operations.end_partnership,
        partnership_id=bare.partnership.pk,
        reason="Done.",
        now=timezone.now(),
    )
    assert who(bare, reading, file) == {"a manager"}


def test_a_grant_holds_through_its_last_day(bare, reading):
    today = timezone.now().date()
    share_member(bare, ends_on=today)
    with reading(bare.b.manager):
        assert Organisation.objects.filter(pk=bare.a.members[0].pk).exists()
    SharingGrant.objects.update(ends_on=today - timedelta(days=1))
    with reading(bare.b.manager):
        assert not Organisation.objects.filter(pk=bare.a.members[0].pk).exists()


def test_nobody_but_a_manager_of_the_own_side_shares(bare, proposal):
    for name, person in everybody(bare).items():
        if name in ("a manager", "nobody"):
            continue
        # B's manager may share B's files; of A's members, nobody but A's manager may share one.
        for share in (share_member,) if name == "b manager" else (share_member, share_file):
            with pytest.raises((NotAllowed, NotFound, InvalidInput)):
                share(bare, person)
    assert not SharingGrant.objects.exists()
    with pytest.raises(Conflict):
        share_member(bare, partnership_id=proposal.pk)


def test_a_cluster_shares_its_own_members_only(bare):
    for member in (bare.b.members[0], bare.c.members[0], bare.a.cluster):
        with pytest.raises(InvalidInput) as refused:
            share_member(bare, member_id=member.pk)
        assert refused.value.field == "member_id"
    with pytest.raises(InvalidInput) as refused:
        share_member(bare, fields=["summary"])
    assert refused.value.field == "fields"


@pytest.mark.parametrize("thing", ["member of B", "file of B", "private member", "foreign room"])
def test_the_database_refuses_a_grant_of_what_is_not_ones_own(bare, proposal, thing):
    file = StoredFile.objects.create(
        name="x",
        media_type="t",
        size=1,
        sha256="0" * 64,
        content=b"x",
        organisation_id=bare.b.cluster.pk,
    )
    Organisation.objects.filter(pk=bare.a.members[1].pk).update(visibility=Visibility.PRIVATE)
    given = {
        "member of B": {"kind": Kind.MEMBER, "member": bare.b.members[0]},
        "file of B": {"kind": Kind.FILE, "file_id": file.pk},
        "private member": {"kind": Kind.MEMBER, "member": bare.a.members[1]},
        "foreign room": {"partnership": proposal},
    }[thing]
    grant = SharingGrant(
        **{"partnership": bare.partnership, "organisation": bare.a.cluster, "purpose": "P", **given}
    )
    reader = reader_of(bare.a.manager)
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        acting_as("proxeny_web", reader),
    ):
        grant.save()
    # Nor by changing one that is there.
    own = share_member(bare)
    if thing != "foreign room":
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            acting_as("proxeny_web", reader),
        ):
            SharingGrant.objects.filter(pk=own.pk).update(
                kind=grant.kind, member_id=grant.member_id, file_id=grant.file_id
            )


def test_the_other_side_changes_nothing_of_a_grant(bare):
    grant = share_member(bare)
    for person in (bare.b.manager, bare.a.ambassador, bare.c.manager):
        for operation, more in (
            (operations.withdraw_sharing, {}),
            (operations.change_sharing, {"ends_on": None, "fields": ["email"]}),
            (operations.share_again, {}),
            (operations.remove_file, {}),
        ):
            with pytest.raises((NotAllowed, NotFound)):
                do(person, operation, grant_id=grant.pk, now=timezone.now(), **more)
        reader = reader_of(person)
        with acting_as("proxeny_web", reader):
            assert SharingGrant.objects.filter(pk=grant.pk).update(fields=["email"]) == 0


def test_one_thing_is_shared_once_and_each_thing_for_itself(bare):
    share_member(bare)
    with pytest.raises(Conflict, match="already shared"):
        share_member(bare)
    share_member(bare, member_id=bare.a.members[1].pk)
    do(
        bare.a.manager,
        operations.grant_sharing,
        partnership_id=bare.partnership.pk,
        purpose="P",
        now=timezone.now(),
    )
    share_file(bare)
    share_file(bare)
    assert SharingGrant.objects.filter(withdrawn_at=None).count() == 5


def test_change_of_the_last_day_and_of_the_facts(bare):
    grant, now = share_member(bare, fields=["email"]), timezone.now()
    day = now.date() + timedelta(days=9)
    changed = do(
        bare.a.manager,
        operations.change_sharing,
        grant_id=grant.pk,
        now=now,
        ends_on=day,
        fields=["founded", "contact"],
    )
    assert (changed.ends_on, changed.fields) == (day, ["contact", "founded"])
    entry = AuditEntry.objects.get(verb="change_sharing")
    assert entry.changes == {
        "ends_on": [None, day.isoformat()],
        "fields": [["email"], ["contact", "founded"]],
    }
    do(
        bare.a.manager,
        operations.change_sharing,
        grant_id=grant.pk,
        now=now,
        ends_on=day,
        fields=["founded", "contact"],
    )
    assert AuditEntry.objects.filter(verb="change_sharing").count() == 1
    with pytest.raises(InvalidInput):
        do(
            bare.a.manager,
            operations.change_sharing,
            grant_id=grant.pk,
            now=now,
            ends_on=now.date() - timedelta(days=1),
        )
    do(bare.a.manager, operations.withdraw_sharing, grant_id=grant.pk, now=now)
    with pytest.raises(Conflict):
        do(bare.a.manager, operations.change_sharing, grant_id=grant.pk, now=now, ends_on=None)


def test_sharing_again_undoes_a_withdrawal(bare):
    now = timezone.now()
    grant = share_member(bare, fields=["email"], ends_on=now.date() + timedelta(days=3))
    with pytest.raises(Conflict, match="This is already shared"):
        do(bare.a.manager, operations.share_again, grant_id=grant.pk, now=now)
    do(bare.a.manager, operations.withdraw_sharing, grant_id=grant.pk, now=now)
    again = do(bare.a.manager, operations.share_again, grant_id=grant.pk, now=now)
    assert again.pk != grant.pk
    assert (again.fields, again.ends_on, again.purpose) == (
        ["email"],
        grant.ends_on,
        "For the fair",
    )
    later = now + timedelta(days=10)
    renewed = do(bare.a.manager, operations.share_again, grant_id=again.pk, now=later)
    assert renewed.ends_on is None
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == [
        "share_member",
        "withdraw_member",
        "share_member",
        "share_member",
    ]


def test_a_file_taken_away_is_gone_everywhere(bare):
    other = PartnershipFactory(title="With C", lead=bare.a.cluster)
    for side, cluster in (("A", bare.a.cluster), ("B", bare.c.cluster)):
        PartyFactory(partnership=other, organisation=cluster, side=side)
    grant = share_file(bare)
    SharingGrant.objects.create(
        partnership=other,
        organisation=bare.a.cluster,
        kind=Kind.FILE,
        file_id=grant.file_id,
        file_name=grant.file_name,
        purpose="P",
    )
    do(bare.a.manager, operations.remove_file, grant_id=grant.pk, now=timezone.now())
    assert not StoredFile.objects.exists()
    assert not SharingGrant.objects.filter(withdrawn_at=None).exists()
    assert {e.partnership_id for e in AuditEntry.objects.filter(verb="remove_file")} == {
        bare.partnership.pk,
        other.pk,
    }
    with pytest.raises(NotFound, match="This file is no longer stored"):
        do(bare.a.manager, operations.share_again, grant_id=grant.pk, now=timezone.now())


def test_a_refused_file_is_not_kept(bare):
    with pytest.raises(InvalidInput, match="can run") as refused:
        share_file(bare, name="page.html", content=b"<script>alert(1)</script>")
    assert refused.value.field == "file"
    assert not StoredFile.objects.exists()


def test_files_are_kept_while_shared_and_dropped_later(bare):
    now = timezone.now()
    shared, ended = share_file(bare), share_file(bare)
    until = share_file(bare, ends_on=now.date() + timedelta(days=5))
    do(bare.a.manager, operations.withdraw_sharing, grant_id=ended.pk, now=now)
    for days, kept in ((89, {shared, ended, until}), (92, {shared, until}), (200, {shared})):
        with acting_as(SERVICE):
            apply_terms(now=now + timedelta(days=days))
        left = set(StoredFile.objects.values_list("pk", flat=True))
        assert left == {one.file_id for one in kept}, days


def test_no_cluster_fills_the_database_with_files(bare, monkeypatch):
    monkeypatch.setattr("proxeny.partnerships.operations.shared_files.MAX_FILES", 2)
    share_file(bare)
    share_file(bare)
    with pytest.raises(Conflict, match="2 files"):
        share_file(bare)
