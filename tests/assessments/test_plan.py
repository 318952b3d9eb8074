"""The plan: who may change it, what is late, who is reminded, and how it is closed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from proxeny.assessments.models import Engagement, Lesson, Step
from proxeny.assessments.operations.advisers import release_adviser
from proxeny.assessments.operations.closing import close_engagement, reopen_engagement
from proxeny.assessments.operations.plan import (
    StepFacts,
    add_step,
    change_step,
    drop_step,
    finish_step,
    reopen_step,
)
from proxeny.assessments.operations.reminders import remind_step
from proxeny.assessments.queries.plan import read_plan, steps_to_tell
from proxeny.assessments.room_facts import find_dates, find_tiles
from proxeny.assessments.waiting import find_waiting
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.kinds import read_kinds
from tests.assessments.doing import NOW, TODAY, ask, begin, do, fresh, name, told
from tests.conftest import reader_of
from tests.stages import staged

pytestmark = pytest.mark.django_db
State = Engagement.State


@staged
def one(world):
    """An engagement at work."""
    return begin(world)


def _facts(**changes):
    return StepFacts(**{"title": "Ask two more", "due_on": TODAY + timedelta(days=5), **changes})


def test_steps_are_added_changed_done_and_taken_out(world, one):
    given = {"engagement_id": one.pk}
    step = do(world.a.ambassador, add_step, facts=_facts(person=world.b.ambassador.pk), **given)
    assert (step.person, step.party.side) == (world.b.ambassador, "B")
    given["step_id"] = step.pk
    side = one.partnership.parties.get(side="A").pk
    changed = {**given, "facts": _facts(title="Ask three", party=side)}
    do(world.b.ambassador, change_step, version=1, **changed)
    step.refresh_from_db()
    assert (step.title, step.person, step.party.side, step.version) == ("Ask three", None, "A", 2)
    with pytest.raises(Conflict):
        do(world.b.ambassador, change_step, version=1, **changed)
    do(world.a.ambassador, finish_step, **given)
    assert Step.objects.get(pk=step.pk).done_on == TODAY
    do(world.a.ambassador, reopen_step, **given)
    assert Step.objects.get(pk=step.pk).done_on is None
    do(world.a.ambassador, drop_step, **given)
    assert not Step.objects.filter(pk=step.pk).exists()
    with pytest.raises(NotFound):
        do(world.a.ambassador, finish_step, **given)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 301}),
        ("due_on", {"due_on": TODAY + timedelta(days=900)}),
        ("party", {"party": 1}),
        ("person", {"person": 1}),
    ],
)
def test_what_a_step_cannot_be(world, one, field, change):
    with pytest.raises(InvalidInput) as refused:
        do(world.a.ambassador, add_step, engagement_id=one.pk, facts=_facts(**change))
    assert refused.value.field == field


def test_only_free_advisers_change_it(world, one):
    given = {"engagement_id": one.pk, "facts": _facts()}
    for person in (world.a.manager, world.a.representatives[0]):
        with pytest.raises(NotAllowed):
            do(person, add_step, **given)
    for person in (world.c.manager, world.a.representatives[1]):
        with pytest.raises(NotFound):
            do(person, add_step, **given)
    name(one, world.a, world.a.manager, leads=False)
    with pytest.raises(NotAllowed):
        do(world.a.manager, add_step, **given)
    do(world.a.manager, release_adviser, engagement_id=one.pk, person_id=world.a.ambassador.pk)
    with pytest.raises(NotAllowed):
        do(world.a.ambassador, add_step, **given)


def test_no_plan_before_the_signatures(world):
    one = ask(world)
    with pytest.raises((Conflict, NotAllowed)):
        do(world.a.ambassador, add_step, engagement_id=one.pk, facts=_facts())


def test_the_company_reads_what_when_and_done(world, one, reading):
    first = one.steps.first()
    do(world.a.ambassador, finish_step, engagement_id=one.pk, step_id=first.pk)
    with reading(world.a.representatives[0]):
        plan = read_plan(one, today=TODAY + timedelta(days=400))
    assert (plan.done, plan.late) == (1, len(plan.steps) - 1)
    with reading(world.a.representatives[1]):
        assert read_plan(one, today=TODAY).steps == ()


def test_somebody_is_reminded_before_and_once_after(world, one):
    Step.objects.exclude(pk=one.steps.first().pk).delete()
    step = one.steps.get()
    person, before = step.person, len(told(step.person))
    soon = NOW + (step.due_on - TODAY - timedelta(days=2)) * 1
    for moment in (soon, soon + timedelta(hours=1)):
        assert steps_to_tell(moment.date()) == [step.pk]
        remind_step(step.pk, now=moment)
    assert len(told(person)) == before + 1
    assert told(person)[-1].startswith("Due on ")
    assert steps_to_tell((soon + timedelta(days=1)).date()) == []
    for days in (3, 4):
        remind_step(step.pk, now=soon + timedelta(days=days))
    assert len(told(person)) == before + 2
    assert told(person)[-1] == f"Overdue: {step.title}"
    # A step that is moved is told of anew; one that is done is not.
    Step.objects.update(due_on=step.due_on + timedelta(days=30))
    assert remind_step(step.pk, now=soon + timedelta(days=30)) == 1
    Step.objects.update(done_on=TODAY)
    assert steps_to_tell((soon + timedelta(days=40)).date()) == []


def test_who_has_left_is_not_reminded(world, one):
    step = one.steps.filter(person=world.a.ambassador).first()
    do(world.a.manager, release_adviser, engagement_id=one.pk, person_id=world.a.ambassador.pk)
    late = NOW + (step.due_on - TODAY) + timedelta(days=1)
    assert remind_step(step.pk, now=late) == 0


def test_what_waits_is_told_to_whom_it_waits_for(world, one, reading):
    other = ask(world, service=one.service, member=1)
    step = one.steps.filter(person=world.a.ambassador).order_by("due_on", "pk").first()
    late = NOW + (step.due_on - TODAY)

    def told(person, now=NOW):
        with reading(person):
            return list(read_kinds(find_waiting(reader_of(person), now, one.partnership_id)))

    [due] = told(world.a.ambassador, late)
    assert (due.key, due.due) == (f"step:{step.pk}:do", step.due_on)
    assert due.url == reverse("assessments:engagement", args=[one.partnership_id, one.pk])
    [new] = told(world.a.manager)
    assert new.key == f"assessment:{other.pk}:take-up"
    name(other, world.b)
    declare, *_rest = told(world.b.ambassador)
    assert declare.label == "Declare"
    assert declare.url.endswith(f"/assessments/{other.pk}/")
    assert told(world.a.representatives[0], late) == []


def test_the_room_knows_what_is_open_and_due(world, one, reading):
    with reading(world.b.manager):
        tile, outcome = find_tiles(one.partnership, TODAY)
        before = one.due_on - timedelta(days=1)
        [day] = read_kinds(find_dates(reader_of(world.b.manager), one.partnership, before))
    assert (tile.value, tile.note, outcome.value) == ("1 open", "", "")
    assert (day.on, day.text, day.is_late) == (one.due_on, one.title, False)


def test_it_is_closed_with_a_lesson_and_taken_up_again(world, one):
    given = {"engagement_id": one.pk}
    with pytest.raises(InvalidInput):
        do(world.a.manager, close_engagement, version=one.version, text=" ", **given)
    with pytest.raises(Conflict):
        do(world.a.manager, close_engagement, version=0, text="Ask first.", **given)
    do(world.a.manager, close_engagement, version=one.version, text="Ask for prices.", **given)
    assert fresh(one).state == State.CLOSED
    lesson = Lesson.objects.get()
    assert (lesson.text, lesson.question, lesson.engagement) == ("Ask for prices.", "demand", one)
    do(world.b.ambassador, reopen_engagement, **given)
    assert (fresh(one).state, fresh(one).ended_at) == (State.WORKING, None)
    with pytest.raises(Conflict):
        do(world.b.ambassador, reopen_engagement, **given)
