"""Delegations: given in writing, in force until the last day, taken back at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships import queries
from proxeny.partnerships.delegation_queries import list_delegations, may_decide_alone
from proxeny.partnerships.models import Delegation, Partnership, Party
from proxeny.partnerships.operations import delegations, parties
from tests.conftest import reader_of
from tests.factories.partnerships import AgreementFactory, PartyFactory, SignOffFactory
from tests.partnerships.rooms import TODAY, do, party, words

EVENTS = Delegation.Matter.EVENTS


def give(world, person, receiver, **given):
    given = {"matter": EVENTS, **given}
    return do(
        person,
        delegations.give_delegation,
        partnership_id=world.partnership.pk,
        receiver_id=receiver.pk,
        **given,
    )


def withdraw(world, person, made):
    return do(
        person,
        delegations.withdraw_delegation,
        partnership_id=world.partnership.pk,
        delegation_id=made.pk,
    )


def may(world, person, matter=EVENTS, *, today=TODAY):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        found = queries.parties_of(queries.get_partnership(world.partnership.pk))
        return may_decide_alone(reader, found, matter, today=today)


def third(world):
    return PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")


def test_of_two_one_decides_alone_once_the_other_has_let_it(world):
    a = party(world, world.a)
    assert not may(world, world.a.manager)
    give(world, world.b.manager, a, note="Up to 50 people")
    assert may(world, world.a.manager)
    assert not may(world, world.a.manager, Delegation.Matter.ADVICE)
    assert not may(world, world.b.manager)
    assert not may(world, world.a.ambassador)


def test_of_three_all_others_have_to_let_it(world):
    third(world)
    a = party(world, world.a)
    give(world, world.b.manager, a)
    assert not may(world, world.a.manager)
    give(world, world.c.manager, a)
    assert may(world, world.a.manager)


def test_it_holds_until_its_last_day_and_no_longer(world):
    give(world, world.b.manager, party(world, world.a), ends_on=TODAY)
    assert may(world, world.a.manager)
    assert not may(world, world.a.manager, today=TODAY + timedelta(days=1))


def test_taken_back_it_ends_at_once_and_only_by_who_gave_it(world):
    made = give(world, world.b.manager, party(world, world.a))
    with pytest.raises(NotAllowed):
        withdraw(world, world.a.manager, made)
    withdraw(world, world.b.manager, made)
    assert not may(world, world.a.manager)
    with pytest.raises(Conflict):
        withdraw(world, world.b.manager, made)


def test_given_again_it_replaces_what_was_given(world):
    a = party(world, world.a)
    give(world, world.b.manager, a, ends_on=TODAY)
    give(world, world.b.manager, a)
    assert Delegation.objects.filter(withdrawn_at=None).count() == 1
    assert may(world, world.a.manager, today=TODAY + timedelta(days=1))


def test_all_others_are_told_and_the_history_tells_it(world):
    third(world)
    made = give(world, world.b.manager, party(world, world.a), note="Up to 50 people")
    mails = Mail.objects.filter(key__contains=f":delegated:{made.pk}:")
    told = {world.a.manager.email, world.c.manager.email}
    assert {one.recipient for one in mails} == told
    assert all("Up to 50 people" in one.text for one in mails)
    withdraw(world, world.b.manager, made)
    mails = Mail.objects.filter(key__contains=f":undelegated:{made.pk}:")
    assert {one.recipient for one in mails} == told
    verbs = AuditEntry.objects.filter(target="partnerships.delegation").order_by("pk")
    assert [one.verb for one in verbs] == ["give_delegation", "withdraw_delegation"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"matter": "money"}, "matter"), ({"ends_on": TODAY - timedelta(days=1)}, "ends_on")],
)
def test_what_is_no_delegation_is_refused(world, given, field):
    with pytest.raises(InvalidInput) as refused:
        give(world, world.b.manager, party(world, world.a), **given)
    assert refused.value.field == field


def test_nobody_gives_to_their_own_side_nor_without_a_managers_seat(world):
    with pytest.raises(InvalidInput):
        give(world, world.b.manager, party(world, world.b))
    with pytest.raises(NotAllowed):
        give(world, world.b.ambassador, party(world, world.a))
    with pytest.raises(NotFound):
        give(world, world.c.manager, party(world, world.a))


def test_a_party_that_leaves_takes_its_delegations_with_it(world):
    agreement = AgreementFactory(partnership=world.partnership, completed_at=timezone.now())
    third(world)
    for one in world.partnership.parties.all():
        SignOffFactory(agreement=agreement, party=one)
    a = party(world, world.a)
    give(world, world.b.manager, a)
    give(world, world.c.manager, a)
    do(world.c.manager, parties.leave_alliance, partnership_id=world.partnership.pk, reason="Why.")
    assert Delegation.objects.filter(withdrawn_at=None).count() == 1
    assert may(world, world.a.manager)


def test_the_page_gives_shows_and_takes_back(world, client: Client):
    a, pk = party(world, world.a), world.partnership.pk
    client.force_login(world.b.manager.account)
    page = client.get(reverse("partnerships:delegations", args=[pk]))
    assert "No side has delegated anything" in words(page.content.decode())
    sent = {"receiver": a.pk, "matter": "events", "note": "Up to 50 people", "ends_on": ""}
    there = client.post(reverse("partnerships:delegate", args=[pk]), sent, follow=True)
    text = words(there.content.decode())
    assert f"{a.organisation.name} decides for {world.b.cluster.name} too" in text
    assert "Up to 50 people" in text
    made = Delegation.objects.get()

    client.force_login(world.a.manager.account)
    seen = client.get(reverse("partnerships:delegations", args=[pk])).content.decode()
    assert "Up to 50 people" in seen
    assert reverse("partnerships:delegation-withdraw", args=[pk, made.pk]) not in seen

    client.force_login(world.b.manager.account)
    taken = client.post(
        reverse("partnerships:delegation-withdraw", args=[pk, made.pk]), follow=True
    )
    assert "No longer in force" in words(taken.content.decode())


def test_who_is_no_manager_reads_and_gives_nothing(world, client: Client):
    pk = world.partnership.pk
    client.force_login(world.b.ambassador.account)
    page = client.get(reverse("partnerships:delegations", args=[pk]))
    assert "Let another side decide" not in page.content.decode()
    sent = {"receiver": party(world, world.a).pk, "matter": "events"}
    assert client.post(reverse("partnerships:delegate", args=[pk]), sent).status_code == 403
    client.force_login(world.c.manager.account)
    assert client.get(reverse("partnerships:delegations", args=[pk])).status_code == 404


def test_listing_takes_one_query_however_many_there_are(world, django_assert_num_queries):
    give(world, world.b.manager, party(world, world.a))
    give(world, world.a.manager, party(world, world.b))
    give(world, world.a.manager, party(world, world.b), matter=Delegation.Matter.ROUNDS)
    partnership = Partnership.objects.get(pk=world.partnership.pk)
    with django_assert_num_queries(1):
        assert [one.giver.organisation.name for one in list_delegations(partnership)]
    assert Party.objects.filter(partnership=partnership).count() == 2
