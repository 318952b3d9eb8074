"""A company asks; it changes, withdraws, and the teams note, decline and take up again."""

from datetime import timedelta

import pytest

from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.closing import reopen_engagement
from proxeny.assessments.operations.requests import (
    ask_assessment,
    change_request,
    decline_request,
    note_request,
    withdraw_request,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.assessments.doing import (
    NOW,
    TODAY,
    ask,
    asked_facts,
    declare,
    do,
    fresh,
    name,
    told,
)
from tests.factories.assessments import make_engagement, make_service

pytestmark = pytest.mark.django_db
State = Engagement.State


def test_a_member_asks_and_both_sides_are_told(world):
    one = ask(world)
    assert (one.state, one.cluster, one.asked_at) == (State.ASKED, world.a.cluster, NOW)
    assert (one.price, one.payer, one.question) == (1200, "client", "demand")
    assert [answer.text for answer in one.answers.all()][:2] == ["Small studios.", ""]
    wanted = "Greek member 1 has requested a market assessment: France"
    assert told(world.a.ambassador) == [wanted]
    assert told(world.b.ambassador) == [wanted]
    assert told(world.a.representatives[0]) == [
        "We’ve received your request: Would French studios buy our sound library?"
    ]


def test_a_member_of_the_other_country_asks_likewise(world):
    one = do(
        world.b.representatives[1],
        ask_assessment,
        service_id=make_service(world).pk,
        client_id=world.b.members[1].pk,
        facts=asked_facts(market="gr"),
    )
    assert (one.cluster, one.market) == (world.b.cluster, "GR")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "x" * 201}),
        ("market", {"market": "XX"}),
        ("language", {"language": "de"}),
        ("wanted_on", {"wanted_on": TODAY - timedelta(days=1)}),
        ("answer_1", {"answers": ("x" * 2001,)}),
    ],
)
def test_what_cannot_be_asked_says_where(world, field, change):
    with pytest.raises(InvalidInput) as refused:
        ask(world, **change)
    assert refused.value.field == field


def test_who_cannot_ask(world):
    service = make_service(world)
    given = {"service_id": service.pk, "facts": asked_facts()}
    own = world.a.members[0].pk
    with pytest.raises(NotAllowed):
        do(world.a.representatives[1], ask_assessment, client_id=own, **given)
    with pytest.raises(NotFound):
        do(world.c.representatives[0], ask_assessment, client_id=world.c.members[0].pk, **given)
    with pytest.raises(NotFound):
        do(world.c.manager, note_request, client_id=own, **given)
    service.state = "paused"
    service.save()
    with pytest.raises(Conflict):
        do(world.a.representatives[0], ask_assessment, client_id=own, **given)


def test_the_teams_note_a_request_of_either_clusters_member(world):
    service = make_service(world)
    one = do(
        world.a.ambassador,
        note_request,
        service_id=service.pk,
        client_id=world.b.members[0].pk,
        facts=asked_facts(),
    )
    assert one.cluster == world.b.cluster
    assert told(world.b.representatives[0]) == [
        "We’ve received your request: Would French studios buy our sound library?"
    ]
    with pytest.raises(NotFound):
        do(
            world.a.ambassador,
            note_request,
            service_id=service.pk,
            client_id=world.c.members[0].pk,
            facts=asked_facts(),
        )


def test_a_member_that_a_team_may_not_see_is_none_to_ask_for(world):
    service = make_service(world)
    world.partnership.grants.filter(organisation=world.b.cluster).delete()
    hidden, unknown = world.b.members[0].pk, 10**9
    for number in (hidden, unknown):
        with pytest.raises(NotFound, match="find this organisation"):
            do(
                world.a.ambassador,
                note_request,
                service_id=service.pk,
                client_id=number,
                facts=asked_facts(),
            )


def test_what_is_asked_is_changed_while_nobody_works_on_it(world):
    one = ask(world)
    given = {"engagement_id": one.pk, "facts": asked_facts(title="And Belgium?", answers=("No",))}
    do(world.a.representatives[0], change_request, version=one.version, **given)
    one = fresh(one)
    assert (one.title, one.version, one.answers.first().text) == ("And Belgium?", 2, "No")
    assert told(world.b.ambassador)[-1] == "Greek member 1 has changed its request"
    with pytest.raises(Conflict):
        do(world.a.representatives[0], change_request, version=1, **given)
    with pytest.raises(NotFound):
        do(world.a.representatives[1], change_request, version=2, **given)
    with pytest.raises(NotAllowed):
        do(world.a.manager, change_request, version=2, **given)
    name(one, world.a)
    with pytest.raises(Conflict):
        do(world.a.representatives[0], change_request, version=fresh(one).version, **given)


def test_a_company_withdraws_and_takes_up_again(world):
    one = ask(world)
    name(one, world.a)
    with pytest.raises(InvalidInput):
        do(world.a.representatives[0], withdraw_request, engagement_id=one.pk, reason=" ")
    do(world.a.representatives[0], withdraw_request, engagement_id=one.pk, reason="No money.")
    assert (fresh(one).state, fresh(one).reason) == (State.WITHDRAWN, "No money.")
    assert told(world.b.ambassador)[-1] == "Greek member 1 has withdrawn its request"
    with pytest.raises(NotAllowed):
        do(world.a.manager, reopen_engagement, engagement_id=one.pk)
    do(world.a.representatives[0], reopen_engagement, engagement_id=one.pk)
    assert (fresh(one).state, fresh(one).reason) == (State.CHECKING, "")


def test_the_teams_decline_with_a_reason(world):
    one = ask(world)
    do(world.b.ambassador, decline_request, engagement_id=one.pk, reason="Not our field.")
    assert (fresh(one).state, fresh(one).reason) == (State.DECLINED, "Not our field.")
    assert told(world.a.representatives[0])[-1] == (
        "Your request has been declined: Would French studios buy our sound library?"
    )
    do(world.b.ambassador, reopen_engagement, engagement_id=one.pk)
    assert fresh(one).state == State.ASKED


def test_without_a_free_place_a_request_waits(world):
    service = make_service(world, capacity=1)
    first = ask(world, service=service)
    name(first, world.a)
    second = ask(world, service=service, member=1)
    with pytest.raises(Conflict):
        name(second, world.a)
    assert fresh(second).state == State.ASKED
    do(world.a.manager, decline_request, engagement_id=first.pk, reason="Too large.")
    name(second, world.a)
    assert fresh(second).state == State.CHECKING
    with pytest.raises(Conflict):
        do(world.a.manager, reopen_engagement, engagement_id=first.pk)


def test_no_seat_opens_what_a_conflict_closes(world):
    one = make_engagement(world)
    name(one, world.a)
    declare(one, world.a.ambassador, conflicts=True)
    with pytest.raises(NotFound):
        do(world.a.ambassador, decline_request, engagement_id=one.pk, reason="No.")
