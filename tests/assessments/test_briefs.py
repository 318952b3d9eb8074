"""The brief is written by the teams and signed by all; then the work begins by a plan."""

from datetime import timedelta
from decimal import Decimal

import pytest

from proxeny.assessments.models import Adviser, Engagement
from proxeny.assessments.operations.briefs import ask_brief, refuse_brief, sign_brief, write_text
from proxeny.assessments.operations.requests import decline_request, withdraw_request
from proxeny.assessments.queries.briefs import brief_of
from proxeny.assessments.queries.engagements import load_engagements
from proxeny.assessments.queries.own import parties_joined
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.partnerships.models import Agreement
from tests.assessments.doing import (
    TODAY,
    ask,
    begin,
    declare,
    do,
    fresh,
    name,
    put,
    sign,
    staff,
    told,
    write,
)
from tests.conftest import reader_of
from tests.factories.assessments import make_engagement
from tests.stages import staged

pytestmark = pytest.mark.django_db
State = Engagement.State


@staged
def one(world):
    """An engagement whose brief can be written."""
    return staff(ask(world), world)


def test_the_text_is_made_of_the_fields_in_the_reports_language(world, one):
    write(one, world.b.ambassador)
    [loaded] = load_engagements([one.pk])
    text = write_text(loaded, ["Greek cluster", "French cluster"])
    assert text == "\n\n".join(
        [
            "Brief for a market assessment for Greek member 1",
            "Delivered by: Greek cluster, French cluster",
            "Question: Would French studios buy our sound library?",
            "Market: France",
            "Goal\nKnow whether to enter.",
            "Scope\nStudios of games",
            "Out of scope\nFilm",
            "What you get\nA report of ten pages",
            "Price: €1,200; paid by: The company",
            "Report by: 30 April 2083",
        ]
    )
    assert text == write_text(loaded, ["Greek cluster", "French cluster"])


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("goal", {"goal": "x" * 2001}),
        ("price", {"price": Decimal(-1)}),
        ("currency", {"currency": "EURO"}),
        ("payer", {"payer": "nobody"}),
        ("due_on", {"due_on": TODAY - timedelta(days=1)}),
        ("due_on", {"due_on": TODAY + timedelta(days=900)}),
    ],
)
def test_what_a_brief_cannot_say(world, one, field, change):
    with pytest.raises(InvalidInput) as refused:
        write(one, world.a.ambassador, **change)
    assert refused.value.field == field


@pytest.mark.parametrize("missing", ["goal", "scope", "delivers", "due_on"])
def test_an_unfinished_brief_is_not_put_before_all(world, one, missing):
    write(one, world.a.ambassador, **{missing: None if missing == "due_on" else ""})
    with pytest.raises(InvalidInput) as refused:
        put(one, world)
    assert refused.value.field == missing


def test_no_brief_before_conflicts_are_checked(world):
    one = make_engagement(world, state=State.CHECKING)
    with pytest.raises(Conflict):
        write(one, world.a.ambassador)
    with pytest.raises(NotFound):
        write(one, world.c.manager)
    with pytest.raises(NotAllowed):
        write(one, world.a.representatives[0])


def test_managers_put_it_before_all_and_each_side_is_told_once(world, one):
    write(one, world.a.ambassador)
    with pytest.raises(NotAllowed):
        do(world.a.ambassador, ask_brief, engagement_id=one.pk, version=fresh(one).version)
    text = put(one, world)
    assert (text.kind, text.subject) == ("brief", str(one.pk))
    assert [each.organisation for each in text.signatories.all()] == [world.a.members[0]]
    waits = "A brief is waiting for your signature: Would French studios buy our sound library?"
    assert told(world.b.manager)[-1] == waits
    assert told(world.a.representatives[0])[-1] == waits
    assert told(world.b.representatives[0]) == []
    # However many sign before the company, it is asked once.
    sign(one, world.b.manager, text)
    assert told(world.a.representatives[0]).count(waits) == 1


def test_all_have_signed_and_the_work_begins(world):
    one = begin(world)
    assert (one.state, one.signed_at.date()) == (State.WORKING, TODAY)
    steps = list(one.steps.all())
    assert steps[0].due_on > TODAY
    assert max(step.due_on for step in steps) <= one.due_on
    # The side of the company begins and ends; between them they take turns.
    sides = [step.party.side for step in steps]
    assert (sides[0], sides[1], sides[2], sides[-1]) == ("A", "B", "A", "A")
    assert {step.person for step in steps} == {world.a.ambassador, world.b.ambassador}
    for person in (world.a.manager, world.b.manager, world.b.ambassador):
        assert told(person)[-1] == "Work has begun: Would French studios buy our sound library?"


def test_a_plan_is_drawn_together_where_less_time_was_promised(world, one):
    write(one, world.a.ambassador, due_on=TODAY + timedelta(days=10))
    text = put(one, world)
    sign(one, world.a.representatives[0], text)
    sign(one, world.b.manager, text)
    days = [step.due_on for step in fresh(one).steps.order_by("order")]
    assert days == sorted(days)
    assert days[-1] == TODAY + timedelta(days=10)


def test_who_signs(world, one, reading):
    write(one, world.a.ambassador)
    text = put(one, world)
    with pytest.raises(Conflict):
        sign(one, world.a.manager, text)
    for person in (world.b.ambassador, world.a.ambassador):
        with pytest.raises(NotAllowed):
            sign(one, person, text)
    for person in (world.a.representatives[1], world.b.representatives[0], world.c.manager):
        with pytest.raises(NotFound):
            sign(one, person, text)
    with pytest.raises(Conflict):
        do(world.b.manager, sign_brief, engagement_id=one.pk, agreement_id=text.pk, text_hash="x")
    for person, may in (
        (world.b.manager, True),
        (world.a.manager, False),
        (world.a.representatives[0], True),
        (world.b.ambassador, False),
    ):
        with reading(person):
            [loaded] = load_engagements([one.pk])
            brief = brief_of(reader_of(person), loaded, parties_joined(loaded.partnership_id))
        assert (brief.is_open, brief.may_sign) == (True, may), person


def test_a_text_of_another_engagement_is_not_signed_here(world, one):
    write(one, world.a.ambassador)
    text = put(one, world)
    other = make_engagement(world, service=one.service, member=0)
    with pytest.raises(NotFound):
        sign(other, world.b.manager, text)


def test_somebody_says_no_and_it_is_written_anew(world, one):
    write(one, world.a.ambassador)
    text = put(one, world)
    given = {"engagement_id": one.pk, "agreement_id": text.pk}
    with pytest.raises(InvalidInput):
        do(world.a.representatives[0], refuse_brief, why=" ", **given)
    do(world.a.representatives[0], refuse_brief, why="Too dear.", **given)
    assert fresh(one).state == State.BRIEF
    assert Agreement.objects.get(pk=text.pk).closed_why == "Too dear."
    assert told(world.b.manager)[-1] == (
        "The brief wasn’t signed: Would French studios buy our sound library?"
    )
    with pytest.raises(Conflict):
        sign(one, world.b.manager, text)
    write(one, world.b.ambassador, price=Decimal(900))
    assert put(one, world).number == 2


def test_a_change_takes_the_text_back_that_waits(world, one):
    write(one, world.a.ambassador)
    text = put(one, world)
    write(one, world.b.ambassador)
    assert Agreement.objects.get(pk=text.pk).closed_at is None
    write(one, world.b.ambassador, goal="Another goal")
    assert Agreement.objects.get(pk=text.pk).closed_at is not None
    with pytest.raises(Conflict):
        sign(one, world.b.manager, text)


def test_no_text_without_a_lead_who_is_free(world, one):
    write(one, world.a.ambassador)
    declare(one, world.b.ambassador, conflicts=True)
    with pytest.raises(Conflict):
        put(one, world)


def test_a_manager_with_a_conflict_does_not_read_the_brief(world, one, reading):
    write(one, world.a.ambassador)
    text = put(one, world)
    name(one, world.b, world.b.manager, leads=False)
    declare(one, world.b.manager, conflicts=True)
    with pytest.raises(NotFound):
        sign(one, world.b.manager, text)
    with reading(world.b.manager):
        assert not Agreement.objects.filter(kind="brief").exists()


def test_after_the_signatures_nobody_withdraws_or_declines(world):
    one = begin(world)
    with pytest.raises(Conflict):
        do(world.a.representatives[0], withdraw_request, engagement_id=one.pk, reason="No.")
    with pytest.raises(Conflict):
        do(world.a.manager, decline_request, engagement_id=one.pk, reason="No.")


def test_who_ends_it_closes_the_text_that_waits(world, one):
    write(one, world.a.ambassador)
    text = put(one, world)
    do(world.a.representatives[0], withdraw_request, engagement_id=one.pk, reason="No.")
    assert Agreement.objects.get(pk=text.pk).closed_at is not None
    assert Adviser.objects.filter(engagement=one, left_at=None).count() == 2
