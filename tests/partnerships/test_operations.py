"""The life of a partnership: each step as the right person, and as everybody else."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.partnerships import operations, queries
from proxeny.partnerships.models import Agreement, Partnership, Party, SharingGrant, SignOff
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.world import make_world

State = Partnership.State


def do(person, operation, **given):
    """Run an operation as a request of that person would."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operation(actor=reader, **given)


def draft(world, person=None, **given):
    with acting_as(SERVICE):
        Organisation.objects.filter(pk=world.c.cluster.pk).update(visibility="public")
    values = {
        "cluster_id": world.a.cluster.pk,
        "partner_id": world.c.cluster.pk,
        "title": "Athens – Casablanca",
        "purpose": "Games",
        "text": "We work together.",
        **given,
    }
    return do(person or world.a.manager, operations.draft_partnership, **values)


def propose(world):
    made = draft(world)
    return do(
        world.a.manager,
        operations.propose_partnership,
        partnership_id=made.pk,
        now=timezone.now(),
    )


def sign(person, partnership, **given):
    newest = Agreement.objects.filter(partnership=partnership).latest("number")
    values = {"number": newest.number, "text_hash": newest.text_hash, **given}
    return do(
        person,
        operations.sign_agreement,
        partnership_id=partnership.pk,
        now=timezone.now(),
        **values,
    )


def activate(world):
    made = propose(world)
    sign(world.a.manager, made)
    return sign(world.c.manager, made)


def others(world):
    """Everybody who manages neither A nor C."""
    return {
        "ambassador of A": world.a.ambassador,
        "member of A": world.a.representatives[0],
        "ambassador of C": world.c.ambassador,
        "member of C": world.c.representatives[0],
        "partner B": world.b.manager,
        "nobody": world.nobody_special,
    }


def sees(reading, person, partnership):
    with reading(person):
        return Partnership.objects.filter(pk=partnership.pk).exists()


def test_draft_is_seen_by_the_proposing_side_only(world, reading):
    made = draft(world)
    assert made.state == State.DRAFT
    assert sees(reading, world.a.manager, made)
    for person in (
        world.c.manager,
        world.b.manager,
        world.a.representatives[0],
        world.c.representatives[0],
        world.nobody_special,
        None,
    ):
        assert not sees(reading, person, made), person
    with reading(world.c.manager):
        assert not Agreement.objects.filter(partnership=made).exists()
        assert not AuditEntry.objects.filter(target_id=made.pk).exists()
    assert not Mail.objects.exists()


def test_proposal_is_seen_by_both_sides_and_shows_nothing_else(world, reading):
    made = propose(world)
    for person in (world.a.manager, world.c.manager, world.c.ambassador):
        assert sees(reading, person, made), person
        with reading(person):
            assert Agreement.objects.filter(partnership=made).count() == 1
            assert Party.objects.filter(partnership=made).count() == 2
    for person in (
        world.b.manager,
        world.a.representatives[0],
        world.c.representatives[0],
        world.nobody_special,
        None,
    ):
        assert not sees(reading, person, made), person
    with reading(world.c.manager):
        assert not Organisation.objects.filter(steward=world.a.cluster).exists()
        assert not AuditEntry.objects.filter(partnership_id=made.pk).exists()
    assert list(Mail.objects.values_list("recipient", flat=True)) == [world.c.manager.email]


def test_one_signature_does_not_bind_and_two_do(world):
    made = propose(world)
    assert sign(world.a.manager, made).state == State.PROPOSED
    assert SignOff.objects.filter(agreement__partnership=made).count() == 1
    # They take part since it binds, not since somebody drafted it.
    Party.objects.filter(partnership=made).update(joined_at=timezone.now() - timedelta(days=90))
    active = sign(world.c.manager, made)
    assert active.state == State.ACTIVE
    joined = Party.objects.filter(partnership=made).values_list("joined_at", flat=True)
    assert {one.date() for one in joined} == {timezone.now().date()}
    assert active.starts_on == timezone.now().date()
    signed = SignOff.objects.filter(agreement__partnership=made).order_by("pk")
    assert [one.person_name for one in signed] == [world.a.manager.name, world.c.manager.name]
    assert {one.text_hash for one in signed} == {Agreement.objects.get(partnership=made).text_hash}
    assert made.pk in reader_of(world.c.manager).rooms
    assert made.pk in reader_of(world.a.representatives[0]).circles


def test_nobody_else_does_anything_with_a_proposal(world):
    made = propose(world)
    now = timezone.now()
    newest = Agreement.objects.get(partnership=made)
    deeds = [
        (operations.sign_agreement, {"number": 1, "text_hash": newest.text_hash, "now": now}),
        (operations.amend_agreement, {"text": "Other.", "number": 1, "now": now}),
        (operations.decline_partnership, {"reason": "No.", "now": now}),
        (operations.withdraw_proposal, {"now": now}),
        (operations.end_partnership, {"reason": "No.", "now": now}),
        (operations.grant_sharing, {"purpose": "All.", "now": now}),
        (operations.propose_partnership, {"now": now}),
        (operations.change_draft, {"version": 1, "title": "T", "purpose": "", "text": "X"}),
    ]
    for name, person in others(world).items():
        for operation, given in deeds:
            with pytest.raises((NotAllowed, NotFound)):
                do(person, operation, partnership_id=made.pk, **given)
            made.refresh_from_db()
            assert made.state == State.PROPOSED, (name, operation)
    assert not SignOff.objects.exists()


def test_each_side_has_its_own_way_out(world):
    made = propose(world)
    now = timezone.now()
    with pytest.raises(NotAllowed):
        do(world.c.manager, operations.withdraw_proposal, partnership_id=made.pk, now=now)
    with pytest.raises(NotAllowed):
        do(
            world.a.manager,
            operations.decline_partnership,
            partnership_id=made.pk,
            reason="No",
            now=now,
        )
    with pytest.raises(InvalidInput, match="Give a reason in one sentence"):
        do(
            world.c.manager,
            operations.decline_partnership,
            partnership_id=made.pk,
            reason=" ",
            now=now,
        )
    declined = do(
        world.c.manager,
        operations.decline_partnership,
        partnership_id=made.pk,
        reason="Not this year.",
        now=now,
    )
    assert (declined.state, declined.reason) == (State.DECLINED, "Not this year.")
    mail = Mail.objects.get(recipient=world.a.manager.email)
    assert "Not this year." in mail.text
    with pytest.raises(Conflict):
        sign(world.c.manager, made)


def test_withdrawn_proposal_is_hidden_again_and_its_signature_void(world, reading):
    made = propose(world)
    sign(world.a.manager, made)
    now = timezone.now()
    do(world.a.manager, operations.withdraw_proposal, partnership_id=made.pk, now=now)
    assert not sees(reading, world.c.manager, made)
    with pytest.raises(NotFound):
        sign(world.c.manager, made)
    do(world.a.manager, operations.propose_partnership, partnership_id=made.pk, now=now)
    assert sign(world.c.manager, made).state == State.PROPOSED
    assert sign(world.a.manager, made).state == State.ACTIVE


def test_changed_text_needs_new_signatures(world):
    made = propose(world)
    sign(world.a.manager, made)
    do(
        world.c.manager,
        operations.amend_agreement,
        partnership_id=made.pk,
        text="Better.",
        number=1,
        now=timezone.now(),
    )
    with pytest.raises(Conflict, match="text has changed"):
        sign(world.c.manager, made, number=1)
    assert sign(world.c.manager, made).state == State.PROPOSED
    assert sign(world.a.manager, made).state == State.ACTIVE
    assert [
        one.number for one in Agreement.objects.filter(partnership=made).order_by("number")
    ] == [1, 2]


def test_forged_hash_signs_nothing(world):
    made = propose(world)
    with pytest.raises(Conflict):
        sign(world.a.manager, made, text_hash="0" * 64)
    assert not SignOff.objects.exists()


def test_old_text_stays_in_force_until_both_sign_the_new_one(world):
    made = activate(world)
    do(
        world.a.manager,
        operations.amend_agreement,
        partnership_id=made.pk,
        text="Second.",
        number=1,
        now=timezone.now(),
    )
    sign(world.a.manager, made)
    texts = queries.list_texts(queries.get_partnership(made.pk))
    assert [(one.agreement.number, one.is_complete) for one in texts] == [(2, False), (1, True)]
    assert sign(world.c.manager, made).state == State.ACTIVE
    assert AuditEntry.objects.filter(verb="activate_partnership").count() == 1


def test_amending_against_a_stale_version_or_with_the_same_text(world):
    made = propose(world)
    given = {"partnership_id": made.pk, "now": timezone.now()}
    with pytest.raises(InvalidInput, match="You haven’t changed anything in the text"):
        do(
            world.a.manager,
            operations.amend_agreement,
            text=" We work together.\r\n",
            number=1,
            **given,
        )
    do(world.a.manager, operations.amend_agreement, text="Two.", number=1, **given)
    with pytest.raises(Conflict, match="kept here"):
        do(world.c.manager, operations.amend_agreement, text="Three.", number=1, **given)


def test_one_side_signs_once(world):
    made = propose(world)
    sign(world.a.manager, made)
    with pytest.raises(Conflict, match="already signed"):
        sign(world.a.manager, made)


def test_one_person_cannot_sign_for_both_sides(world):
    SeatFactory(person=world.a.manager, organisation=world.c.cluster, role=Role.MANAGER)
    made = propose(world)
    sign(world.a.manager, made)
    with pytest.raises(Conflict, match="Someone else"):
        sign(world.a.manager, made)
    assert sign(world.c.manager, made).state == State.ACTIVE


def test_ending_stops_sharing_at_once(world, reading):
    made = activate(world)
    now = timezone.now()
    do(world.a.manager, operations.grant_sharing, partnership_id=made.pk, purpose="Events", now=now)
    with reading(world.c.manager):
        assert Organisation.objects.filter(steward=world.a.cluster).count() == 3
    ended = do(
        world.c.manager,
        operations.end_partnership,
        partnership_id=made.pk,
        reason="It has done its work.",
        now=now,
    )
    assert (ended.state, ended.ends_on) == (State.ENDED, now.date())
    with reading(world.c.manager):
        assert not Organisation.objects.filter(steward=world.a.cluster).exists()
        assert Partnership.objects.filter(pk=made.pk).exists()
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            operations.end_partnership,
            partnership_id=made.pk,
            reason="Again",
            now=now,
        )


def test_sharing_is_granted_and_withdrawn_by_its_own_side(world, reading):
    made = activate(world)
    now = timezone.now()
    given = {"partnership_id": made.pk, "now": now}
    for values, field in (
        ({"purpose": " "}, "purpose"),
        ({"purpose": "P", "ends_on": now.date() - timedelta(days=1)}, "ends_on"),
    ):
        with pytest.raises(InvalidInput) as caught:
            do(world.a.manager, operations.grant_sharing, **given, **values)
        assert caught.value.field == field
    grant = do(world.a.manager, operations.grant_sharing, purpose="Events", **given)
    assert grant.organisation_id == world.a.cluster.pk
    with pytest.raises(Conflict, match="already shared"):
        do(world.a.manager, operations.grant_sharing, purpose="Twice", **given)
    for person in (world.c.manager, world.a.ambassador, world.b.manager, world.nobody_special):
        with pytest.raises((NotAllowed, NotFound)):
            do(person, operations.withdraw_sharing, grant_id=grant.pk, now=now)
    with reading(world.c.representatives[0]):
        assert Organisation.objects.filter(steward=world.a.cluster).count() == 3
    do(world.a.manager, operations.withdraw_sharing, grant_id=grant.pk, now=now)
    with reading(world.c.representatives[0]):
        assert not Organisation.objects.filter(steward=world.a.cluster).exists()
    with reading(world.c.manager):
        assert SharingGrant.objects.filter(pk=grant.pk).exists()
    again = do(world.a.manager, operations.grant_sharing, purpose="Again", **given)
    assert again.pk != grant.pk


def test_grant_whose_day_has_passed_does_not_block_the_next(world):
    made = activate(world)
    now = timezone.now()
    grant = do(
        world.a.manager,
        operations.grant_sharing,
        partnership_id=made.pk,
        purpose="P",
        ends_on=now.date(),
        now=now,
    )
    later = now + timedelta(days=2)
    do(world.a.manager, operations.grant_sharing, partnership_id=made.pk, purpose="Q", now=later)
    grant.refresh_from_db()
    assert grant.withdrawn_at == later


def test_drafting_is_for_managers_of_a_cluster(world):
    for person in (
        world.a.ambassador,
        world.a.representatives[0],
        world.b.manager,
        world.nobody_special,
    ):
        with pytest.raises(NotAllowed):
            draft(world, person)
    assert Partnership.objects.count() == 1


def test_draft_refuses_bad_input(world):
    today = timezone.now().date()
    for values, field in (
        ({"title": " "}, "title"),
        ({"text": " "}, "text"),
        ({"partner_id": world.a.cluster.pk}, "partner_id"),
        ({"partner_id": world.c.members[0].pk}, "partner_id"),
        ({"partner_id": 0}, "partner_id"),
        ({"starts_on": today, "ends_on": today - timedelta(days=1)}, "ends_on"),
    ):
        with pytest.raises(InvalidInput) as caught:
            draft(world, **values)
        assert caught.value.field == field
    with pytest.raises(Conflict):
        draft(world, partner_id=world.b.cluster.pk)


def test_hidden_cluster_cannot_be_asked(world):
    with pytest.raises(InvalidInput):
        do(
            world.a.manager,
            operations.draft_partnership,
            cluster_id=world.a.cluster.pk,
            partner_id=world.c.cluster.pk,
            title="T",
            purpose="",
            text="X",
        )


def test_draft_changes_under_a_version(world):
    made = draft(world)
    given = {"partnership_id": made.pk, "title": "New", "purpose": "", "text": "New text."}
    changed = do(world.a.manager, operations.change_draft, version=made.version, **given)
    assert (changed.title, changed.version) == ("New", made.version + 1)
    agreement = Agreement.objects.get(partnership=made)
    assert (agreement.number, agreement.text) == (1, "New text.")
    with pytest.raises(Conflict, match="kept here"):
        do(world.a.manager, operations.change_draft, version=made.version, **given)


def test_crossing_proposals_meet_in_the_first(world):
    Organisation.objects.filter(pk=world.a.cluster.pk).update(visibility="public")
    mine = draft(world)
    propose_theirs = draft(
        world, world.c.manager, cluster_id=world.c.cluster.pk, partner_id=world.a.cluster.pk
    )
    do(
        world.c.manager,
        operations.propose_partnership,
        partnership_id=propose_theirs.pk,
        now=timezone.now(),
    )
    with pytest.raises(Conflict, match="has since sent you a proposal"):
        do(
            world.a.manager,
            operations.propose_partnership,
            partnership_id=mine.pk,
            now=timezone.now(),
        )


def test_side_of_tells_managers_colleagues_and_members(world):
    partnership = queries.get_partnership(world.partnership.pk)
    expected = [
        (world.a.manager, "A"),
        (world.a.representatives[0], "A"),
        (world.b.ambassador, "B"),
        (world.b.representatives[0], "B"),
        (world.c.manager, ""),
        (world.nobody_special, ""),
    ]
    assert [queries.side_of(reader_of(one), partnership) for one, _side in expected] == [
        side for _one, side in expected
    ]


def test_mails_go_to_every_other_manager_in_their_language(world):
    second = PersonFactory(language="fr")
    SeatFactory(person=second, organisation=world.c.cluster, role=Role.MANAGER)
    propose(world)
    assert set(Mail.objects.values_list("recipient", flat=True)) == {
        world.c.manager.email,
        second.email,
    }
    assert 'lang="fr"' in Mail.objects.get(recipient=second.email).html


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_the_same_moment_make_it_active_once(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        Organisation.objects.filter(pk=world.c.cluster.pk).update(visibility="public")
    made = propose(world)
    with acting_as(SERVICE):
        text_hash = Agreement.objects.get(partnership=made).text_hash
    gate = threading.Barrier(2)
    results = []

    def sign_now(person):
        try:
            reader = reader_of(person)
            with acting_as(WEB, reader):
                gate.wait(timeout=10)
                done = operations.sign_agreement(
                    actor=reader,
                    partnership_id=made.pk,
                    number=1,
                    text_hash=text_hash,
                    now=timezone.now(),
                )
            results.append(done.state)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=sign_now, args=[person])
        for person in (world.a.manager, world.c.manager)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(results) == [State.ACTIVE, State.PROPOSED]
    with acting_as(SERVICE):
        assert Partnership.objects.get(pk=made.pk).state == State.ACTIVE
        assert AuditEntry.objects.filter(verb="activate_partnership").count() == 1
