"""Advisers are named, each declares for themselves, and a conflict closes everything."""

from decimal import Decimal

import pytest
from django.urls import reverse

from proxeny.accounts.models import Role
from proxeny.assessments.models import Adviser, Engagement
from proxeny.assessments.operations.advisers import (
    enter_as_worker,
    name_adviser,
    release_adviser,
    return_adviser,
)
from proxeny.assessments.operations.interests import declare_interest
from proxeny.assessments.queries.advisers import teams_of
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Interest
from tests.assessments.doing import (
    TODAY,
    ask,
    declare,
    do,
    fresh,
    name,
    staff,
    told,
)
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db
State = Engagement.State


def test_the_first_name_takes_the_request_up(world):
    one = ask(world)
    adviser = name(one, world.a, leads=False, effort_days=Decimal("2.5"))
    assert fresh(one).state == State.CHECKING
    # Somebody has to lead: who is alone does.
    assert (adviser.leads, adviser.effort_days) == (True, Decimal("2.5"))
    assert told(world.a.ambassador)[-1] == "Can you work on an assessment for Greek member 1?"
    assert told(world.a.representatives[0])[-1] == (
        "Your request has been accepted: Would French studios buy our sound library?"
    )


def test_one_leads_on_each_side(world):
    one = ask(world)
    name(one, world.a)
    name(one, world.a, world.a.manager)
    leads = Adviser.objects.filter(engagement=one, leads=True)
    assert [adviser.person for adviser in leads] == [world.a.manager]


def test_who_cannot_be_named(world):
    one = ask(world)
    for person in (world.b.ambassador, world.a.representatives[1], world.nobody_special):
        with pytest.raises(InvalidInput):
            name(one, world.a, person)
    with pytest.raises(InvalidInput):
        name(one, world.a, effort_days=Decimal(-1))
    given = {"person_id": world.a.ambassador.pk, "leads": True, "effort_days": Decimal(1)}
    with pytest.raises(NotAllowed):
        do(world.a.representatives[0], name_adviser, engagement_id=one.pk, **given)
    with pytest.raises(NotFound):
        do(world.c.manager, name_adviser, engagement_id=one.pk, **given)


def test_the_brief_opens_once_both_leads_are_free(world):
    one = ask(world)
    for side in (world.a, world.b):
        name(one, side)
    declare(one, world.a.ambassador)
    assert fresh(one).state == State.CHECKING
    declare(one, world.b.ambassador)
    assert fresh(one).state == State.BRIEF
    assert told(world.a.ambassador)[-1] == (
        "The brief can now be written: Would French studios buy our sound library?"
    )


def test_only_who_was_named_declares_and_a_conflict_has_a_reason(world):
    one = ask(world)
    name(one, world.a)
    with pytest.raises(NotAllowed):
        declare(one, world.a.manager)
    with pytest.raises(InvalidInput) as refused:
        do(world.a.ambassador, declare_interest, engagement_id=one.pk, conflicts=True, reason=" ")
    assert refused.value.field == "reason"
    assert not Interest.objects.exists()


def test_a_conflict_closes_everything(world, reading, sign_in):
    one = staff(ask(world), world)
    declare(one, world.a.ambassador, conflicts=True)
    adviser = Adviser.objects.get(engagement=one, person=world.a.ambassador)
    assert adviser.left_at is not None
    assert told(world.a.manager)[-1] == (
        "Greek ambassador has declared a conflict of interest: Would French studios "
        "buy our sound library?"
    )
    with reading(world.a.ambassador), pytest.raises(NotFound):
        get_engagement(one.pk)
    with pytest.raises(NotFound):
        declare(one, world.a.ambassador)
    with pytest.raises(InvalidInput):
        name(one, world.a)
    # Nothing that the room tells says why, or what it is about.
    entry = AuditEntry.objects.get(verb="declare_conflict")
    assert (entry.changes, entry.why) == ({}, "")
    page = sign_in(world.a.ambassador).get(
        reverse("assessments:engagement", args=[world.partnership.pk, one.pk])
    )
    assert page.status_code == 404


def test_somebody_else_takes_over(world):
    one = staff(ask(world), world)
    declare(one, world.a.ambassador, conflicts=True)
    name(one, world.a, world.a.manager)
    declare(one, world.a.manager)
    assert fresh(one).state == State.BRIEF
    teams = teams_of(fresh(one), list(world.partnership.parties.all()), today=TODAY)
    assert [team.lead.name for team in teams] == ["Greek manager", "French ambassador"]


def test_nobody_works_before_they_have_declared(world, reading):
    one = ask(world)
    name(one, world.a)
    reader = reader_of(world.a.ambassador)
    with reading(world.a.ambassador), pytest.raises(NotAllowed):
        enter_as_worker(reader, one.pk)
    declare(one, world.a.ambassador)
    with reading(world.a.ambassador):
        assert enter_as_worker(reader, one.pk).engagement == one
    with reading(world.a.manager), pytest.raises(NotAllowed):
        enter_as_worker(reader_of(world.a.manager), one.pk)


def test_who_is_taken_out_comes_back_as_they_were(world):
    one = staff(ask(world), world)
    given = {"engagement_id": one.pk, "person_id": world.a.ambassador.pk}
    with pytest.raises(NotFound):
        do(world.b.manager, release_adviser, **given)
    do(world.a.manager, release_adviser, **given)
    assert Adviser.objects.get(person=world.a.ambassador).left_at is not None
    do(world.a.manager, return_adviser, **given)
    adviser = Adviser.objects.get(person=world.a.ambassador)
    assert (adviser.left_at, adviser.leads, adviser.effort_days) == (None, True, 10)


def test_who_advises_another_of_the_field_is_told_of_without_its_name(world, sign_in):
    for member in world.a.members[:2]:
        member.nace = ["J59.20"]
        member.save()
    first = staff(ask(world), world)
    second = ask(world, service=first.service, member=1)
    name(second, world.a)
    [team, _other] = teams_of(second, list(world.partnership.parties.all()), today=TODAY)
    assert team.advisers[0].same_field == 1
    page = (
        sign_in(world.a.manager)
        .get(reverse("assessments:engagement", args=[world.partnership.pk, second.pk]))
        .content.decode()
    )
    assert "advises 1 other company in this field and market" in page
    assert world.a.members[0].name not in page


def test_a_colleague_with_a_juror_seat_alone_is_not_named(world):
    one = ask(world)
    person = PersonFactory()
    SeatFactory(person=person, organisation=world.a.cluster, role=Role.JUROR)
    with pytest.raises(InvalidInput):
        name(one, world.a, person)


def test_nobody_is_named_once_it_is_over(world):
    one = ask(world)
    Engagement.objects.update(state=State.WITHDRAWN)
    with pytest.raises(Conflict):
        name(one, world.a)
