"""Who reads which call, beneath all pages."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from proxeny.calls.models import Call, CallWatch
from tests.factories.calls import CallFactory, CallWatchFactory

pytestmark = pytest.mark.django_db


def test_a_call_is_read_by_the_clusters_people_and_those_of_its_partners(world, reading):
    CallFactory(steward=world.a.cluster)
    seen = {}
    for name, person in {
        "a": world.a.manager,
        "a member": world.a.representatives[0],
        "b": world.b.manager,
        "b member": world.b.representatives[0],
        "c": world.c.manager,
        "no seat": world.nobody_special,
    }.items():
        with reading(person):
            seen[name] = Call.objects.count()
    assert seen == {"a": 1, "a member": 1, "b": 1, "b member": 1, "c": 0, "no seat": 0}


def test_it_is_read_by_partners_no_longer_once_the_partnership_has_ended(world, reading):
    CallFactory(steward=world.a.cluster)
    world.partnership.state = "ended"
    world.partnership.save()
    with reading(world.b.manager):
        assert not Call.objects.exists()


def test_it_is_changed_by_people_of_its_cluster_alone(world, reading):
    CallFactory(steward=world.a.cluster)
    changed = {}
    for name, person in {
        "a": world.a.manager,
        "a member": world.a.representatives[0],
        "b": world.b.manager,
    }.items():
        with reading(person):
            changed[name] = Call.objects.update(title="Otherwise")
    assert changed == {"a": 1, "a member": 0, "b": 0}


def test_nobody_removes_one(world, reading):
    CallFactory(steward=world.a.cluster)
    with reading(world.a.manager), pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.all()._raw_delete("default")


def test_a_reference_stands_once_with_a_cluster(world):
    CallFactory(steward=world.a.cluster, reference="ONE")
    CallFactory(steward=world.b.cluster, reference="ONE")
    with pytest.raises(IntegrityError), transaction.atomic():
        CallFactory(steward=world.a.cluster, reference="ONE")


def test_only_who_sees_a_call_watches_it_and_only_for_themselves(world, reading):
    call = CallFactory(steward=world.a.cluster)
    CallWatchFactory(call=call, person=world.a.representatives[0])
    with reading(world.b.manager):
        CallWatch.objects.create(person=world.b.manager, call=call)
        assert CallWatch.objects.count() == 1
    for person, watcher in ((world.c.manager, world.c.manager), (world.a.manager, world.b.manager)):
        with reading(person), pytest.raises(DatabaseError), transaction.atomic():
            CallWatch.objects.create(person=watcher, call=call, told_closes_at=timezone.now())
