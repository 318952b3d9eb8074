"""Row-level security: what the database itself lets each reader do."""

import pytest
from django.db import ProgrammingError, connection, transaction

from proxeny.accounts.models import Account
from proxeny.directory.models import Organisation
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, acting_as, as_service, enter
from tests.conftest import reader_of


def test_owner_without_a_role_reads_nothing(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true)")
        cursor.execute("SELECT count(*) FROM directory_organisation")
        seen = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('role', 'proxeny_service', true)")
    assert seen == 0
    assert Organisation.objects.count() == 12


def test_member_list_is_seen_by_the_own_side_and_the_partner(world, reading):
    member = world.a.members[0]
    for person in (world.a.manager, world.a.representatives[1], world.b.manager):
        with reading(person):
            assert Organisation.objects.filter(pk=member.pk).exists(), person.name
    for person in (world.c.manager, world.nobody_special, None):
        with reading(person):
            assert not Organisation.objects.filter(pk=member.pk).exists(), person


def test_withdrawn_grant_hides_the_members_at_once(world, reading):
    grant = world.partnership.grants.get(organisation=world.a.cluster)
    grant.withdrawn_at = grant.granted_at
    grant.save()
    with reading(world.b.manager):
        assert not Organisation.objects.filter(steward=world.a.cluster).exists()
        assert Organisation.objects.filter(pk=world.a.cluster.pk).exists()


def test_web_role_cannot_write_for_the_other_side(world):
    reader = reader_of(world.a.manager)
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(WEB, reader):
        Organisation.objects.create(name="Planted", country="FR", steward=world.b.cluster)
    with acting_as(WEB, reader):
        changed = Organisation.objects.filter(pk=world.b.members[0].pk).update(name="Taken over")
    assert changed == 0


def test_web_role_has_no_right_on_accounts(world):
    reader = reader_of(world.a.manager)
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(WEB, reader):
        Account.objects.count()


def test_gate_sees_accounts_and_no_listing(world):
    with acting_as(GATE):
        assert Account.objects.count() == 16
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(GATE):
        world.partnership.events.count()


def test_as_service_restores_the_role_after_an_error(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        with pytest.raises(ValueError, match="inside"), as_service("A test."):
            raise ValueError("inside")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            assert cursor.fetchone()[0] == WEB


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_role_outlives_its_transaction():
    with acting_as(SERVICE):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('proxeny.person', true)")
        user, person = cursor.fetchone()
    assert user not in (WEB, GATE, SERVICE)
    assert not person
    with pytest.raises(RuntimeError, match="transaction"):
        enter(SERVICE)
    with transaction.atomic(), pytest.raises(ValueError, match="not one of"):
        enter("postgres")
