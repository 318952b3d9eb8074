"""Guarded facts, asked of the database itself as every reader."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection

from proxeny.directory import queries
from proxeny.directory.models import GUARDED, Details, Membership, Organisation, OrganisationDetails
from proxeny.kernel.tenancy import as_service
from tests.factories.accounts import SeatFactory
from tests.factories.directory import MembershipFactory
from tests.stages import staged

FACTS = {"contact": "A Person", "email": "desk@member.example", "employees": 12, "founded": 1999}


@staged
def member(world):
    """A member of A with all guarded facts, visible to partners."""
    Details.objects.filter(pk=world.a.members[0].pk).update(**FACTS)
    return world.a.members[0]


def seen(reading, person, organisation):
    """Return what the view shows somebody of an organisation; None where there is no row."""
    with reading(person):
        return OrganisationDetails.objects.filter(pk=organisation.pk).values(*GUARDED).first()


def share(world, *fields):
    world.partnership.grants.filter(organisation=world.a.cluster).update(fields=list(fields))


def test_each_reader_sees_just_what_is_theirs(world, member, reading):
    share(world, "email", "founded")
    a, b, c = world.a, world.b, world.c
    given = {"contact": None, "email": "desk@member.example", "employees": None, "founded": 1999}
    expected = [
        (a.representatives[0], FACTS),
        (a.manager, FACTS),
        (a.ambassador, FACTS),
        (b.manager, given),
        (b.ambassador, given),
        (a.representatives[1], None),
        (b.representatives[0], None),
        (c.manager, None),
        (c.representatives[0], None),
        (world.nobody_special, None),
        (None, None),
    ]
    for person, facts in expected:
        assert seen(reading, person, member) == facts, person


def test_the_tables_refuse_the_role_that_serves_pages(world, member, reading):
    statements = [
        "SELECT contact FROM directory_guarded",
        "SELECT email FROM directory_guarded",
        "SELECT employees FROM directory_guarded",
        "SELECT founded FROM directory_guarded",
        "SELECT * FROM directory_guarded",
        "SELECT organisation_id FROM directory_guarded WHERE contact LIKE 'A%'",
        "SELECT organisation_id FROM directory_guarded ORDER BY employees",
        "UPDATE directory_guarded SET founded = 1 RETURNING contact",
        "UPDATE directory_guarded SET founded = 1 WHERE contact = 'A Person'",
        "DELETE FROM directory_details",
        "UPDATE directory_details SET contact = 'x'",
    ]
    for person in (world.a.manager, world.b.manager, None):
        for statement in statements:
            with (
                pytest.raises(
                    DatabaseError, match=r"permission denied|cannot (update|delete from) view"
                ),
                reading(person),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    assert Details.objects.get(pk=member.pk).founded == 1999


def test_a_clever_function_in_a_condition_reads_no_more(world, member, reading):
    """A condition that tells what it is given sees only rows and values the reader may see."""
    Details.objects.exclude(pk=member.pk).update(contact="Somebody else")
    share(world, "email")
    with reading(world.b.manager), connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id FROM directory_details"
            " WHERE 1 / (CASE WHEN contact = 'Somebody else' THEN 0 ELSE 1 END) = 1"
            " AND organisation_id = ANY(%s)",
            [[one.pk for one in (*world.a.members, *world.c.members)]],
        )
        assert cursor.rowcount == 3


@pytest.mark.parametrize("visibility", ["private", "cluster", "partnership", "public"])
def test_visibility_alone_shows_no_guarded_fact(world, member, reading, visibility):
    Organisation.objects.filter(pk=member.pk).update(visibility=visibility)
    is_shared = visibility in ("partnership", "public")
    for person in (world.a.manager, world.a.representatives[0]):
        assert seen(reading, person, member) == FACTS
    assert seen(reading, world.b.manager, member) == (FACTS if is_shared else None)
    for person in (world.a.representatives[1], world.b.representatives[0], world.c.manager, None):
        assert seen(reading, person, member) is None, person


def test_staff_of_another_cluster_it_is_a_member_of_reads_them_unless_private(
    world, member, reading
):
    SeatFactory(person=world.nobody_special, organisation=world.c.cluster)
    MembershipFactory(cluster=world.c.cluster, organisation=member)
    for visibility, facts in (("cluster", FACTS), ("public", FACTS), ("private", None)):
        Organisation.objects.filter(pk=member.pk).update(visibility=visibility)
        assert seen(reading, world.nobody_special, member) == facts
        assert seen(reading, world.c.representatives[0], member) is None
    Organisation.objects.filter(pk=member.pk).update(visibility="cluster")
    Membership.objects.filter(cluster=world.c.cluster, organisation=member).update(
        ends_on="2024-06-01"
    )
    assert seen(reading, world.nobody_special, member) is None


def test_a_clusters_own_facts_are_read_by_its_members_and_under_its_list(world, reading):
    cluster = world.a.cluster
    Details.objects.filter(pk=cluster.pk).update(**FACTS)
    Organisation.objects.filter(pk=cluster.pk).update(visibility="public")
    for person in (world.a.manager, world.a.representatives[2], world.b.ambassador):
        assert seen(reading, person, cluster) == FACTS
    world.partnership.grants.filter(organisation=cluster).update(withdrawn_at="2026-01-01T00:00Z")
    assert seen(reading, world.b.ambassador, cluster) is None
    assert seen(reading, world.a.representatives[2], cluster) == FACTS


def test_a_withdrawal_holds_even_for_who_was_reading_already(world, member, reading):
    """The reader's arrays were worked out before; the view looks at the grant again."""
    with reading(world.b.manager):
        assert queries.details_of([member.pk])[member.pk].contact == "A Person"
        with as_service("A test."):
            world.partnership.grants.update(withdrawn_at="2026-01-01T00:00Z")
        assert queries.details_of([member.pk]) == {}


def test_writing_guarded_facts_is_for_who_keeps_the_entry(world, member, reading):
    for person in (world.a.manager, world.a.representatives[0]):
        with reading(person):
            assert Details.objects.filter(pk=member.pk).update(founded=2000) == 1
    for person in (world.a.ambassador, world.a.representatives[1], world.b.manager, None):
        with reading(person):
            assert Details.objects.filter(pk=member.pk).update(founded=1900) == 0
            assert Details.objects.filter(pk=member.pk).delete()[0] == 0
    Details.objects.filter(pk=member.pk).delete()
    with pytest.raises(ProgrammingError, match="row-level security"), reading(world.b.manager):
        Details.objects.create(organisation_id=member.pk, contact="Planted")


def test_no_parameter_of_the_list_searches_sorts_or_filters_by_them(world, member, sign_in):
    client = sign_in(world.b.manager)
    share(world)

    def names(**parameters):
        page = client.get("/directory/", parameters)
        assert page.status_code == 200
        return [one.name for one in page.context["page"].rows]

    everything = names()
    assert names(q="A Person") == []
    assert names(q="desk@member.example") == []
    for name in GUARDED:
        for direction in ("", "-"):
            assert names(sort=f"{direction}{name}") == names(sort=f"{direction}name")
        for key in (name, f"details__{name}", f"{name}__startswith", f"details__{name}__gte"):
            assert names(**{key: FACTS[name]}) == everything
    assert set(queries.SORTS).isdisjoint(GUARDED)


def test_the_orm_cannot_sort_organisations_by_what_is_hidden(world, reading):
    for number, one in enumerate(world.a.members):
        Details.objects.filter(pk=one.pk).update(employees=number)
    share(world)
    wanted = Organisation.objects.filter(steward=world.a.cluster)
    with reading(world.b.manager):
        assert not wanted.filter(details__employees__gte=0).exists()
        assert set(wanted.values_list("details__employees", flat=True)) == {None}


def test_lists_and_related_rows_carry_no_guarded_facts(
    world, member, reading, django_assert_num_queries
):
    assert not {one.name for one in Organisation._meta.concrete_fields} & set(GUARDED)
    with reading(world.a.manager), django_assert_num_queries(3):
        found = queries.list_entries(queries.Filters(cluster=world.a.cluster.pk), fields=GUARDED)
        assert any(entry.items() >= FACTS.items() for entry in found)
    # With what the list can be narrowed to, which took three queries more.
    with reading(world.a.manager), django_assert_num_queries(4):
        queries.get_page(queries.Filters())


def test_export_leaves_out_what_is_not_shared(world, member, sign_in):
    share(world, "email")
    for person, contact, email in (
        (world.a.manager, True, True),
        (world.b.manager, False, True),
        (world.a.representatives[1], False, False),
        (world.b.representatives[0], False, False),
    ):
        text = sign_in(person).get("/directory/export/").content.decode()
        assert ("A Person" in text, "desk@member.example" in text) == (contact, email), person
        assert member.name in text
