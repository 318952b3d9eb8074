"""What is read of what is shared: noted for both sides, once a person, thing and day."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proxeny.directory.models import Organisation
from proxeny.directory.operations import export_organisations, open_organisation
from proxeny.directory.queries import Filters
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.partnerships import operations
from proxeny.partnerships.history import READING
from tests.conftest import reader_of
from tests.factories.directory import MembershipFactory
from tests.factories.partnerships import PartnershipFactory, PartyFactory, SharingGrantFactory
from tests.factories.world import make_world
from tests.partnerships.test_operations import do
from tests.partnerships.test_sharing import share_file, share_member

FIELDS = ("name", "email", "employees")


def readings():
    found = AuditEntry.objects.filter(verb__in=READING).order_by("pk")
    return [(one.verb, one.person_id, one.target_id, one.changes.get("rows")) for one in found]


def opened(person, organisation, now=None):
    return do(person, open_organisation, organisation_id=organisation.pk, now=now or timezone.now())


def exported(person, now=None, **filters):
    return do(
        person,
        export_organisations,
        filters=Filters(**filters),
        fields=FIELDS,
        now=now or timezone.now(),
    )


def test_an_entry_is_noted_once_a_person_and_day(bare):
    share_member(bare, fields=["email"])
    member, now = bare.a.members[0], timezone.now()
    people = (bare.b.manager, bare.b.representatives[0])
    for person in people:
        assert opened(person, member).pk == member.pk
        opened(person, member)
    verb = "read_shared_member"
    assert readings() == [(verb, person.pk, member.pk, None) for person in people]
    for entry in AuditEntry.objects.filter(verb=verb):
        assert (entry.organisation_id, entry.partnership_id) == (
            bare.a.cluster.pk,
            bare.partnership.pk,
        )
    by = [entry.changes["by"] for entry in AuditEntry.objects.filter(verb=verb).order_by("pk")]
    assert by == [bare.b.cluster.pk, bare.b.members[0].pk]
    opened(bare.b.manager, member, now=now + timedelta(days=1))
    assert len(readings()) == 3


def test_who_holds_a_seat_reads_what_an_entry_is_shared_for(bare, sign_in):
    share_member(bare, purpose="For the fair in May")
    member = bare.a.members[0]
    address = f"/directory/{member.pk}/"
    for person, is_told in (
        (bare.b.manager, True),
        (bare.b.ambassador, True),
        (bare.b.representatives[0], False),
        (bare.a.manager, False),
    ):
        page = sign_in(person).get(address).content.decode()
        assert ("For the fair in May" in page) is is_told, person.name


def test_what_is_not_owed_to_a_grant_is_not_noted(bare):
    share_member(bare, fields=["email"])
    member = bare.a.members[0]
    for person in (bare.a.manager, bare.a.ambassador, *bare.a.representatives[:2]):
        opened(person, member)
    opened(bare.b.manager, bare.a.cluster)
    opened(bare.b.manager, bare.b.members[0])
    Organisation.objects.filter(pk=member.pk).update(visibility="public")
    # Everybody sees it; only the e-mail is given, and that to the staff of B.
    for person in (bare.b.representatives[0], bare.c.manager, bare.nobody_special):
        opened(person, member)
    assert readings() == []
    opened(bare.b.manager, member)
    assert len(readings()) == 1


def test_an_entry_shared_in_two_partnerships_is_noted_in_both(bare):
    other = PartnershipFactory(title="Second", lead=bare.b.cluster)
    for side, cluster in (("A", bare.a.cluster), ("B", bare.b.cluster)):
        PartyFactory(partnership=other, organisation=cluster, side=side)
    share_member(bare)
    SharingGrantFactory(partnership=other, organisation=bare.a.cluster)
    opened(bare.b.manager, bare.a.members[0])
    rooms = AuditEntry.objects.filter(verb="read_shared_member")
    assert set(rooms.values_list("partnership_id", flat=True)) == {bare.partnership.pk, other.pk}


def test_a_member_of_both_clusters_reads_at_home(bare):
    share_member(bare)
    MembershipFactory(cluster=bare.a.cluster, organisation=bare.b.members[0])
    opened(bare.b.representatives[0], bare.a.members[0])
    assert readings() == []


def test_a_list_taken_along_is_noted_with_its_entries(bare):
    grant = SharingGrantFactory(
        partnership=bare.partnership, organisation=bare.a.cluster, fields=["email"]
    )
    Organisation.objects.filter(pk=bare.a.members[1].pk).update(visibility="public")
    Organisation.objects.filter(pk=bare.a.members[2].pk).update(visibility="cluster")
    verb, staff, member = "export_shared_list", bare.b.manager, bare.b.representatives[0]
    rows = exported(staff, q="Greek")
    assert ["Greek member 1", "desk@member.example", None] in rows
    exported(staff)
    # The member sees the public one as everybody does; by the grant it is one entry.
    exported(member)
    assert readings() == [(verb, staff.pk, grant.pk, 2), (verb, member.pk, grant.pk, 1)]
    Organisation.objects.filter(pk=bare.a.members[2].pk).update(visibility="partnership")
    exported(staff)
    assert readings()[2:] == [(verb, staff.pk, grant.pk, 3)]
    exported(bare.a.manager)
    exported(bare.c.manager)
    exported(staff, cluster=bare.b.cluster.pk)
    assert len(readings()) == 3


def test_a_file_taken_is_noted_for_who_is_not_of_the_owner(bare):
    grant = share_file(bare)
    for person in (bare.b.manager, bare.b.ambassador, bare.a.manager, bare.a.ambassador):
        for _ in range(2):
            file = do(person, operations.open_file, grant_id=grant.pk, now=timezone.now())
            assert file.name == "Plan.pdf"
    verb = "read_shared_file"
    assert readings() == [
        (verb, person.pk, grant.file_id, None) for person in (bare.b.manager, bare.b.ambassador)
    ]


def test_a_withdrawn_file_is_taken_by_its_owner_alone(bare):
    grant, now = share_file(bare), timezone.now()
    do(bare.a.manager, operations.withdraw_sharing, grant_id=grant.pk, now=now)
    for person in (
        bare.b.manager,
        bare.a.ambassador,
        bare.c.manager,
        bare.b.representatives[0],
        bare.nobody_special,
    ):
        with pytest.raises(NotFound):
            do(person, operations.open_file, grant_id=grant.pk, now=now)
    assert do(bare.a.manager, operations.open_file, grant_id=grant.pk, now=now).size
    assert readings() == []


def test_what_names_nothing_of_a_reading_to_a_stranger(bare, reading):
    share_member(bare)
    opened(bare.b.manager, bare.a.members[0])
    seen = {}
    for name, person in {
        "a": bare.a.manager,
        "b": bare.b.ambassador,
        "c": bare.c.manager,
        "member": bare.b.representatives[0],
    }.items():
        with reading(person):
            seen[name] = AuditEntry.objects.filter(verb="read_shared_member").count()
    assert seen == {"a": 1, "b": 1, "c": 0, "member": 0}


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_the_same_moment_leave_one_row(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
    reader, gate = reader_of(world.b.manager), threading.Barrier(2)

    def open_now():
        try:
            with acting_as(WEB, reader):
                gate.wait(timeout=10)
                open_organisation(
                    actor=reader, organisation_id=world.a.members[0].pk, now=timezone.now()
                )
        finally:
            connection.close()

    threads = [threading.Thread(target=open_now) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    with acting_as(SERVICE):
        assert len(readings()) == 1
