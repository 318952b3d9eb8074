"""Check-ups: asked by the clusters, answered by holders, and looked at."""

from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.labels.models import Award, Checkup
from proxeny.labels.operations.checkups import (
    answer_checkup,
    ask_checkup,
    ask_due_checkups,
    mark_of,
    review_checkup,
)
from tests.conftest import reader_of
from tests.labels.living import DAY, asked, facts, give
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db


def holder(world):
    return world.a.representatives[0]


def ask_due(person, award):
    return do(
        person, ask_due_checkups, partnership_id=award.partnership_id, scheme_id=award.scheme_id
    )


def ask_one(person, award, due_on=None):
    return do(
        person,
        ask_checkup,
        partnership_id=award.partnership_id,
        scheme_id=award.scheme_id,
        award_id=award.pk,
        due_on=due_on,
    )


def answer(person, one, **values):
    seen = values.pop("seen", None)
    return do(person, answer_checkup, checkup_id=one.pk, facts=facts(**values), seen=seen)


def review(person, one, word=""):
    return do(
        person, review_checkup, partnership_id=one.partnership_id, checkup_id=one.pk, review=word
    )


def test_all_whose_check_up_is_due_are_asked_once(world):
    old = give(world, days=400)
    held = old.application.round
    give(world, days=100, held=held, organisation=world.b.members[0], title="Young")
    give(
        world,
        days=400,
        held=held,
        organisation=world.b.members[1],
        title="Gone",
        revoked_at=timezone.now(),
    )
    [one] = ask_due(world.b.manager, old)
    today = timezone.now().date()
    assert (one.award, one.due_on, one.organisation) == (old, today + 30 * DAY, old.organisation)
    mails = Mail.objects.filter(key__startswith=f"checkup:{one.pk}:asked")
    assert holder(world).email in set(mails.values_list("recipient", flat=True))
    assert old.application.contact_email in set(mails.values_list("recipient", flat=True))
    row = AuditEntry.objects.get(verb="ask_checkups")
    assert row.changes == {"title": "Atlas", "count": 1}
    with pytest.raises(Conflict, match="No review is due now"):
        ask_due(world.a.manager, old)


def test_a_year_after_an_answer_it_is_due_again(world):
    award = give(world, days=500)
    now = timezone.now()
    asked(award, asked_at=now - 366 * DAY, answered_at=now - 360 * DAY, still_holds=True)
    assert len(ask_due(world.a.manager, award)) == 1


def test_one_award_is_asked_with_a_day(world):
    award, today = give(world, days=10), timezone.now().date()
    one = ask_one(world.a.manager, award, today + 5 * DAY)
    assert one.due_on == today + 5 * DAY
    with pytest.raises(InvalidInput, match="Choose a valid award with nothing pending"):
        ask_one(world.a.manager, award)
    for day in (today - DAY, today + 400 * DAY):
        Checkup.objects.update(answered_at=timezone.now())
        with pytest.raises(InvalidInput) as refused:
            ask_one(world.a.manager, award, day)
        assert refused.value.field == "due_on"


def test_managers_of_the_clusters_alone_ask_and_look(world):
    award = give(world)
    one = asked(award)
    for person, error in (
        (world.a.ambassador, NotAllowed),
        (holder(world), NotFound),
        (world.nobody_special, NotFound),
    ):
        for deed in (
            lambda p: ask_due(p, award),
            lambda p: ask_one(p, award),
            lambda p: review(p, one),
        ):
            with pytest.raises(error):
                deed(person)


def test_a_holder_answers_and_changes_it_until_it_is_looked_at(world):
    one = asked(give(world))
    told = answer(holder(world), one, proof_url=" https://ports.example/news ", is_public=True)
    assert (told.still_holds, told.kind, told.amount, told.proof_url, told.person_id) == (
        True,
        "customers",
        2,
        "https://ports.example/news",
        holder(world).pk,
    )
    answer(holder(world), one, amount=Decimal(3))
    one.refresh_from_db()
    assert one.amount == 3
    review(world.b.manager, one, "Well done.")
    one.refresh_from_db()
    assert (one.review, one.reviewed_at is not None) == ("Well done.", True)
    assert Mail.objects.filter(key__startswith=f"checkup:{one.pk}:reviewed").exists()
    with pytest.raises(Conflict, match="can no longer be changed"):
        answer(holder(world), one)
    with pytest.raises(Conflict, match="Someone has already checked this answer"):
        review(world.a.manager, one)
    assert [
        row.verb for row in AuditEntry.objects.filter(verb__contains="checkup").order_by("pk")
    ] == ["answer_checkup", "answer_checkup", "review_checkup"]


def test_a_colleagues_answer_is_not_written_over(world):
    one = asked(give(world))
    seen = mark_of(one)
    answer(holder(world), one, seen=seen)
    with pytest.raises(Conflict, match="A colleague has answered"):
        answer(holder(world), one, seen=seen)


def test_no_longer_tells_the_clusters(world):
    one = asked(give(world))
    answer(
        holder(world),
        one,
        still_holds=False,
        changed="We closed.",
        achieved="",
        kind="",
        amount=None,
    )
    mails = Mail.objects.filter(key__startswith=f"checkup:{one.pk}:no-longer")
    assert set(mails.values_list("recipient", flat=True)) == {
        world.a.manager.email,
        world.b.manager.email,
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"still_holds": False}, "changed"),
        ({"kind": ""}, "kind"),
        ({"kind": "else"}, "kind"),
        ({"achieved": ""}, "achieved"),
        ({"amount": Decimal("2.5")}, "amount"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("1e15")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"kind": "funding", "amount": Decimal(100)}, "currency"),
        ({"kind": "market", "currency": "XQQ"}, "currency"),
        ({"proof_url": "javascript:alert(1)"}, "proof_url"),
        ({"achieved": "x" * 4001}, "achieved"),
        ({"achieved": "", "kind": "", "amount": None, "is_public": True}, "is_public"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(world, values, field):
    one = asked(give(world))
    with pytest.raises(InvalidInput) as refused:
        answer(holder(world), one, **values)
    assert refused.value.field == field
    one.refresh_from_db()
    assert one.answered_at is None


def test_a_sum_keeps_its_currency_and_a_number_none(world):
    one = asked(give(world))
    told = answer(holder(world), one, kind="funding", amount=Decimal("25000.50"), currency="eur")
    assert (told.amount, told.currency) == (Decimal("25000.50"), "EUR")
    told = answer(holder(world), one, kind="jobs", amount=Decimal(4), currency="EUR")
    assert (told.amount, told.currency) == (4, "")


def test_what_was_revoked_needs_no_answer(world):
    award = give(world)
    one = asked(award)
    Award.objects.filter(pk=award.pk).update(revoked_at=timezone.now())
    with pytest.raises(Conflict, match="nothing to answer"):
        answer(holder(world), one)


def test_nobody_else_answers(world):
    one = asked(give(world))
    for person in (
        world.a.manager,
        world.a.representatives[1],
        world.b.representatives[0],
        world.nobody_special,
    ):
        with pytest.raises(NotFound):
            answer(person, one)


def test_everybody_reads_what_may_be_told_once_it_was_looked_at(world):
    one = asked(give(world))
    answer(holder(world), one, is_public=True)

    def seen(person):
        with acting_as(WEB, reader_of(person)):
            return Checkup.objects.filter(pk=one.pk).exists()

    assert not seen(world.nobody_special)
    review(world.a.manager, one)
    assert seen(world.nobody_special)
