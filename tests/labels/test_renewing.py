"""An award renewed by its holder, and asked for in a new name."""

from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Application, Award
from proxeny.labels.operations.renewing import ask_new_name, begin_renewal
from tests.factories import labels as made
from tests.labels.living import DAY, ending, give, open_round
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def renew(person, award, **values):
    return do(person, begin_renewal, award_id=award.pk, **values)


def holder(world):
    return world.a.representatives[0]


def test_a_renewal_takes_over_what_was_handed_in_last(world):
    award = ending(world)
    before = award.application
    Application.objects.filter(pk=before.pk).update(summary="Nets.", confirmed=["k1"])
    made.DocumentFactory(application=before, name="ports.txt", number=3)
    made.DocumentFactory(application=before, number=4, dropped_at=timezone.now())
    held = open_round(award)
    one = renew(holder(world), award, changed="They mend faster.")
    one.refresh_from_db()
    assert (one.renews, one.round, one.organisation) == (award, held, world.a.members[0])
    assert (one.title, one.summary, one.changed, one.state) == (
        "Nets",
        "Nets.",
        "They mend faster.",
        "draft",
    )
    assert one.confirmed == []
    assert [(each.text, each.points) for each in one.answers.all()] == [
        ("Three harbours use them.", Decimal(4))
    ] * 3
    [document] = one.documents.all()
    assert (document.name, document.number) == ("ports.txt", 1)
    assert bytes(one.documents.defer(None).get().content) == b"Three harbours."


def test_whoever_renews_twice_has_one_application(world):
    award = ending(world)
    open_round(award)
    one = renew(holder(world), award)
    assert renew(holder(world), award) == one
    assert Application.objects.filter(renews=award).count() == 1


def test_answers_are_taken_over_as_far_as_they_fit_the_label_as_it_is_now(world):
    award = ending(world)
    scheme = award.scheme
    first = scheme.versions.get()
    criterion = type(award.scheme).objects.get()
    assert criterion == scheme
    from proxeny.labels.models import Indicator

    gone, smaller, kept = Indicator.objects.order_by("pk")
    Indicator.objects.filter(pk=gone.pk).update(dropped_at=timezone.now())
    Indicator.objects.filter(pk=smaller.pk).update(scale=3)
    second = made.SchemeVersionFactory(scheme=scheme, number=2)
    assert second.content != first.content
    made.RoundFactory(scheme_version=second)
    one = renew(holder(world), award)
    assert {each.indicator: each.points for each in one.answers.all()} == {
        f"i{smaller.pk}": None,
        f"i{kept.pk}": Decimal(4),
    }


@pytest.mark.parametrize(
    ("days", "said"), [(400, "can be renewed from"), (800, "is no longer valid")]
)
def test_one_renews_in_the_last_months_alone(world, days, said):
    award = give(world, days=days)
    open_round(award)
    with pytest.raises(Conflict, match=said):
        renew(holder(world), award)
    assert not Application.objects.filter(renews=award).exists()


def test_what_was_revoked_or_followed_is_not_renewed(world):
    award = ending(world)
    open_round(award)
    Award.objects.filter(pk=award.pk).update(revoked_at=timezone.now())
    with pytest.raises(Conflict, match="This award is no longer valid"):
        renew(holder(world), award)
    Award.objects.filter(pk=award.pk).update(revoked_at=None)
    made.AwardFactory(
        scheme=award.scheme,
        scheme_version=award.scheme_version,
        organisation=award.organisation,
        status_list=award.status_list,
        replaces=award,
        why="renewal",
    )
    with pytest.raises(Conflict, match="Another award already follows this one"):
        renew(holder(world), award)


def test_without_an_open_round_one_is_told(world):
    award = ending(world)
    with pytest.raises(Conflict, match="accepting applications right now"):
        renew(holder(world), award)
    now = timezone.now()
    open_round(award, opens_at=now + DAY, closes_at=now + 9 * DAY)
    with pytest.raises(Conflict, match="No round"):
        renew(holder(world), award)


def test_a_round_of_another_label_does_not_renew(world):
    award = ending(world)
    made.RoundFactory(scheme_version=made.make_scheme(world.partnership, title="Delta"))
    with pytest.raises(Conflict, match="No round"):
        renew(holder(world), award)


def test_nobody_else_renews_or_asks_for_a_name(world):
    award = ending(world)
    open_round(award)
    for person in (*others(world).values(), world.a.manager, world.b.representatives[0]):
        if person == holder(world):
            continue
        with pytest.raises(NotFound):
            renew(person, award)
        with pytest.raises(NotFound):
            do(person, ask_new_name, award_id=award.pk, name="New name")


def test_the_clusters_are_asked_for_a_new_name(world):
    award = give(world)
    do(holder(world), ask_new_name, award_id=award.pk, name="  Nets and  Knots ", why="We merged.")
    mails = Mail.objects.filter(key__startswith=f"award:{award.pk}:name:")
    assert set(mails.values_list("recipient", flat=True)) == {
        world.a.manager.email,
        world.b.manager.email,
    }
    row = AuditEntry.objects.get(verb="ask_new_name")
    assert row.changes == {"holder": [award.holder, "Nets and Knots"]}
    assert (row.partnership_id, row.organisation_id) == (
        world.partnership.pk,
        award.organisation_id,
    )
    with pytest.raises(Conflict, match="You’ve already requested this name"):
        do(holder(world), ask_new_name, award_id=award.pk, name="Nets and Knots")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_name_that_is_none_is_refused(world, name):
    award = give(world)
    with pytest.raises(InvalidInput) as refused:
        do(holder(world), ask_new_name, award_id=award.pk, name=name)
    assert refused.value.field == "name"
    with pytest.raises(InvalidInput):
        do(holder(world), ask_new_name, award_id=award.pk, name=award.holder)
