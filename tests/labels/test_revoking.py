"""Awards that hold no more: revoked by all with a reason, or replaced by one in another name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Application, Award, Revocation, StatusList
from proxeny.labels.operations.renaming import rename_award
from proxeny.labels.operations.revoking import ask_revocation
from proxeny.partnerships.models import Interest
from tests.labels.awarding import awarded, close, code, decided, keys, put, sign, verify
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db
WHY = "The company no longer makes what was awarded."


def ask(person, award, reason=WHY):
    return do(
        person,
        ask_revocation,
        partnership_id=award.partnership_id,
        award_id=award.pk,
        reason=reason,
    )


def rename(person, award, holder="Nets of Piraeus", **values):
    return do(
        person,
        rename_award,
        partnership_id=award.partnership_id,
        award_id=award.pk,
        holder=holder,
        make_code=code,
        **values,
    )


def test_an_award_is_revoked_once_all_have_signed_and_its_holder_is_told(world):
    award = awarded(world)[0]
    agreement = ask(world.a.manager, award)
    assert WHY in agreement.text
    assert verify(award).state == "valid"
    sign(world.b.manager, agreement)
    award.refresh_from_db()
    assert (award.revoked_why, award.revoked_at is not None) == (WHY, True)
    assert verify(award).state == "revoked"
    mail = Mail.objects.get(key__startswith=f"award:{award.pk}:revoked")
    assert mail.recipient == award.application.contact_email
    assert mail.subject == "Your award of the label Atlas has been revoked"
    assert WHY in mail.text
    assert {"ask_revocation", "revoke_award"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_only_its_own_bit_is_set(world):
    first, second, third = awarded(world, 3)
    sign(world.b.manager, ask(world.a.manager, second))
    assert [verify(one).state for one in (first, second, third)] == ["valid", "revoked", "valid"]
    assert bytes(StatusList.objects.get().bits)[:1] == b"\x40"


def test_a_revocation_that_is_not_signed_changes_nothing(world):
    award = awarded(world)[0]
    agreement = ask(world.a.manager, award)
    with pytest.raises(Conflict, match="already waiting for signatures"):
        ask(world.b.manager, award)
    close(world.b.manager, agreement, "They do, we asked.")
    assert verify(award).state == "valid"
    sign(world.a.manager, ask(world.b.manager, award, "Again, and now we know."))
    assert Revocation.objects.count() == 2
    award.refresh_from_db()
    assert award.revoked_why == "Again, and now we know."


def test_what_cannot_be_revoked_is_refused(world):
    award = awarded(world)[0]
    with pytest.raises(InvalidInput) as error:
        ask(world.a.manager, award, "  ")
    assert error.value.field == "reason"
    with pytest.raises(NotAllowed):
        ask(world.a.ambassador, award)
    for person in others(world).values():
        with pytest.raises(NotFound):
            ask(person, award)
    sign(world.b.manager, ask(world.a.manager, award))
    with pytest.raises(Conflict, match="This award has already been revoked"):
        ask(world.a.manager, award)


def test_an_award_that_waits_or_has_ended_is_not_revoked(world):
    keys(world)
    agreement = put(world.a.manager, decided(world))
    award = Award.objects.get()
    with pytest.raises(Conflict, match="Close its text instead"):
        ask(world.a.manager, award)
    sign(world.b.manager, agreement)
    later = award.valid_until + timedelta(days=1)
    with pytest.raises(Conflict, match="This award has expired"):
        do(
            world.a.manager,
            ask_revocation,
            partnership_id=award.partnership_id,
            award_id=award.pk,
            reason=WHY,
            now=later,
        )


def test_who_has_a_conflict_of_interest_does_not_sign_a_revocation(world):
    award = awarded(world)[0]
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.manager,
        subject="application",
        subject_id=Application.objects.get().pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    agreement = ask(world.a.manager, award)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        sign(world.b.manager, agreement)
    assert verify(award).state == "valid"


def test_a_revocation_holds_although_a_list_cannot_be_signed_at_once(world, settings):
    award = awarded(world)[0]
    agreement = ask(world.a.manager, award)
    secret, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    sign(world.b.manager, agreement)
    award.refresh_from_db()
    assert award.revoked_at is not None
    assert StatusList.objects.get().signed_at is None
    settings.SECRET_KEY = secret
    from proxeny.labels.operations.status_lists import lists_to_sign, sign_anew

    assert lists_to_sign(timezone.now()) == [award.status_list_id]
    assert sign_anew(award.status_list_id, now=timezone.now()) is True
    assert verify(award).state == "revoked"


def test_an_award_in_another_name_replaces_the_old_one(world):
    award = awarded(world)[0]
    agreement = rename(world.a.manager, award)
    assert agreement.subject == f"name-{Award.objects.latest('pk').pk}"
    assert "Nets of Piraeus" in agreement.text
    assert verify(award).state == "valid"
    sign(world.b.manager, agreement)
    old, new = Award.objects.order_by("pk")
    assert (new.why, new.replaces_id, new.holder) == ("name", old.pk, "Nets of Piraeus")
    assert (new.valid_until, new.level, new.title) == (old.valid_until, old.level, old.title)
    assert old.revoked_why == "Replaced by an award in another name."
    assert (verify(old).state, verify(new).state) == ("revoked", "valid")
    assert new.credential["credentialSubject"]["identifier"][0]["identityHash"] == "Nets of Piraeus"
    assert Mail.objects.filter(key__startswith=f"award:{new.pk}:awarded").count() == 1
    assert not Mail.objects.filter(key__contains=":revoked").exists()


def test_a_name_that_is_not_signed_leaves_the_award_as_it_is(world):
    award = awarded(world)[0]
    agreement = rename(world.a.manager, award)
    with pytest.raises(Conflict, match="already due to follow this one"):
        rename(world.b.manager, award)
    with pytest.raises(Conflict, match="already due to follow this one"):
        ask(world.a.manager, award)
    close(world.b.manager, agreement)
    assert verify(award).state == "valid"
    sign(world.a.manager, rename(world.b.manager, award, "Nets of Athens"))
    assert Award.objects.filter(dropped_at=None).count() == 2


def test_the_same_name_or_none_is_refused_beside_its_field(world):
    award = awarded(world)[0]
    for name in ("", award.holder):
        with pytest.raises(InvalidInput) as error:
            rename(world.a.manager, award, name)
        assert error.value.field == "holder"
    with pytest.raises(NotAllowed):
        rename(world.a.ambassador, award)


def test_a_name_is_not_changed_while_a_revocation_waits(world):
    award = awarded(world)[0]
    ask(world.a.manager, award)
    with pytest.raises(Conflict, match="Its revocation is waiting for signatures"):
        rename(world.a.manager, award)
