"""Jurors answer, declare before the first look, find a conflict later, and abstain."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Assignment, Juror, Round, Submission
from proxeny.labels.operations.abstaining import abstain
from proxeny.labels.operations.declaring import answer_invitation, declare
from proxeny.labels.queries.own_jury import list_applicants, list_own, read_own
from proxeny.partnerships.models import Interest
from tests.conftest import reader_of
from tests.factories import labels as made
from tests.factories.accounts import SeatFactory
from tests.labels.juries import closed, juror
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def said(one, conflicts=None, person=None):
    return do(person or one.person, declare, juror_id=one.pk, conflicts=conflicts or {})


def declared(one):
    found = Interest.objects.filter(person=one.person).order_by("subject_id")
    return [(row.conflicts, row.reason) for row in found]


def test_who_is_asked_takes_part_and_can_step_back_with_a_reason(world):
    one = juror(world, world.a, "Ioanna", closed(world), state="asked", declared=False)
    do(one.person, answer_invitation, juror_id=one.pk, takes_part=True)
    assert Juror.objects.get(pk=one.pk).state == "in"
    assert (
        Mail.objects.get(key__contains="answer").subject == "Ioanna has joined the jury of “Atlas”"
    )
    with pytest.raises(InvalidInput, match="Explain in a few words why you’re stepping down"):
        do(one.person, answer_invitation, juror_id=one.pk, takes_part=False)
    do(one.person, answer_invitation, juror_id=one.pk, takes_part=False, why="I am ill.")
    now = Juror.objects.get(pk=one.pk)
    assert (now.state, now.why) == ("out", "I am ill.")
    with pytest.raises(Conflict, match="You’re no longer on this jury"):
        do(one.person, answer_invitation, juror_id=one.pk, takes_part=True)
    verbs = AuditEntry.objects.filter(verb__endswith="_jury").order_by("pk")
    assert [row.verb for row in verbs] == ["join_jury", "leave_jury"]


def test_stepping_back_frees_what_is_not_finished(world):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held)
    first, second = held.applications.order_by("pk")
    done = made.AssignmentFactory(juror=one, application=first, state="done")
    open_ = made.AssignmentFactory(juror=one, application=second)
    do(one.person, answer_invitation, juror_id=one.pk, takes_part=False, why="I am ill.")
    done.refresh_from_db(), open_.refresh_from_db()
    assert (done.state, open_.state) == ("done", "abstained")


def test_only_the_juror_answers_and_declares(world):
    one = juror(world, world.a, "Ioanna", closed(world), state="asked", declared=False)
    people = [world.a.manager, world.b.manager, *others(world).values()]
    for person in [*people, juror(world, world.b, "Jules")]:
        with pytest.raises(NotFound):
            do(person, answer_invitation, juror_id=one.pk, takes_part=True)
        with pytest.raises(NotFound):
            said(one, person=person)


def test_a_declaration_says_something_of_each_application(world):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held, state="asked", declared=False)
    member = world.b.members[0]
    assert said(one, {member.pk: "My brother works there."}) == 1
    assert declared(one) == [(False, ""), (True, "My brother works there.")]
    now = Juror.objects.get(pk=one.pk)
    assert (now.state, now.declared_at is not None) == ("in", True)
    entry = AuditEntry.objects.get(verb="declare_jury")
    assert entry.changes == {"title": "Spring 2026", "count": 1}


def test_nobody_sees_who_applies_before_it_has_closed(world):
    held = closed(world)
    Round.objects.filter(pk=held.pk).update(closes_at=timezone.now() + timedelta(hours=1))
    one = juror(world, world.a, "Ioanna", held, declared=False)
    with pytest.raises(Conflict, match="Applications are still open"):
        said(one)
    assert declared(one) == []


def test_a_conflict_needs_a_reason_and_an_applicant(world):
    one = juror(world, world.a, "Ioanna", closed(world), declared=False)
    with pytest.raises(InvalidInput, match="French member 1") as caught:
        said(one, {world.b.members[0].pk: "  "})
    assert caught.value.field == f"reason_{world.b.members[0].pk}"
    with pytest.raises(InvalidInput, match="We couldn’t find this applicant in this round"):
        said(one, {world.c.members[0].pk: "Elsewhere."})
    assert declared(one) == []


def test_an_own_organisation_is_a_conflict_whatever_is_said(world):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held, declared=False)
    SeatFactory(person=one.person, organisation=world.a.members[0])
    assert said(one) == 1
    assert declared(one) == [(True, "My own organisation."), (False, "")]


def test_several_applications_of_one_organisation_go_together(world):
    held = closed(world)
    made.make_submitted(held, world.b.members[0], title="Another")
    one = juror(world, world.a, "Ioanna", held, declared=False)
    assert said(one, {world.b.members[0].pk: "We share an office."}) == 1
    assert [conflicts for conflicts, _why in declared(one)] == [False, True, True]


def test_a_conflict_found_later_takes_the_application_at_once(world):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held, declared=False)
    said(one)
    application = held.applications.get(organisation=world.b.members[0])
    given = made.AssignmentFactory(juror=one, application=application)
    other = made.AssignmentFactory(
        juror=one, application=held.applications.exclude(pk=application.pk).get()
    )
    said(one, {world.b.members[0].pk: "They asked me to invest."})
    given.refresh_from_db(), other.refresh_from_db()
    assert (given.state, given.why, other.state) == ("abstained", "Conflict of interest.", "open")
    told = Mail.objects.filter(key__contains=":conflict:")
    assert {one.recipient for one in told} == {world.a.manager.email, world.b.manager.email}


def test_a_manager_with_a_conflict_is_not_told_of_one_there(world):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held, declared=False)
    said(one)
    application = held.applications.get(organisation=world.b.members[0])
    given = made.AssignmentFactory(juror=one, application=application)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=application.pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    do(one.person, abstain, assignment_id=given.pk, why="I know too little of fishing.")
    told = Mail.objects.filter(key__contains=":abstained:")
    assert [row.recipient for row in told] == [world.b.manager.email]


def test_a_conflict_is_taken_back_only_before_anything_is_assigned(world):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held, declared=False)
    said(one, {world.b.members[0].pk: "We share an office."})
    said(one)
    assert declared(one) == [(False, ""), (False, "")]
    said(one, {world.b.members[0].pk: "We share an office."})
    colleague = juror(world, world.b, "Jules", held)
    made.AssignmentFactory(juror=colleague, application=held.applications.earliest("pk"))
    with pytest.raises(Conflict, match="the conflict with French member 1 stays declared"):
        said(one)


def test_a_frozen_review_stays_when_a_conflict_is_found(world):
    held = closed(world, state="decided")
    one = juror(world, world.a, "Ioanna", held, declared=False)
    application = held.applications.get(organisation=world.b.members[0])
    given = made.AssignmentFactory(
        juror=one, application=application, state="done", frozen_at=timezone.now()
    )
    assert said(one, {world.b.members[0].pk: "They hired my wife since."}) == 1
    given.refresh_from_db()
    assert given.state == "done"


def test_jurors_read_who_applies_and_titles_only_where_it_is_open(world, reading):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held, declared=False)
    with reading(one.person):
        reader = reader_of(one.person)
        found = list_applicants(reader, read_own(reader, one.pk), today=timezone.now().date())
        assert list(Submission.objects.all()) == []
    assert [(row.name, row.country, row.titles, row.said) for row in found] == [
        ("French member 1", "FR", ("Project 2",), None),
        ("Greek member 1", "GR", ("Project 1",), None),
    ]


def test_an_anonymous_scheme_tells_no_titles(world, reading):
    held = closed(world, is_anonymous=True)
    one = juror(world, world.a, "Ioanna", held, declared=False)
    with reading(one.person):
        reader = reader_of(one.person)
        found = list_applicants(reader, read_own(reader, one.pk), today=timezone.now().date())
    assert [row.titles for row in found] == [(), ()]


def test_abstaining_needs_a_reason_and_is_the_jurors_own(world):
    held = closed(world, state="judging")
    one, other = juror(world, world.a, "Ioanna", held), juror(world, world.b, "Jules", held)
    given = made.AssignmentFactory(juror=one, application=held.applications.earliest("pk"))
    with pytest.raises(InvalidInput) as caught:
        do(one.person, abstain, assignment_id=given.pk, why="")
    assert caught.value.field == "why"
    for person in (other.person, world.a.representatives[0], world.nobody_special):
        with pytest.raises(NotFound):
            do(person, abstain, assignment_id=given.pk, why="No.")
    do(one.person, abstain, assignment_id=given.pk, why="I know too little of fishing.")
    given.refresh_from_db()
    assert (given.state, given.why) == ("abstained", "I know too little of fishing.")
    with pytest.raises(NotFound):
        do(one.person, abstain, assignment_id=given.pk, why="Again.")


def test_nobody_abstains_once_it_is_decided(world):
    held = closed(world, state="decided")
    one = juror(world, world.a, "Ioanna", held)
    given = made.AssignmentFactory(
        juror=one,
        application=held.applications.earliest("pk"),
        state="done",
        frozen_at=timezone.now(),
    )
    with pytest.raises(Conflict, match="the round has moved on"):
        do(one.person, abstain, assignment_id=given.pk, why="Too late.")
    assert Assignment.objects.get(pk=given.pk).state == "done"


def test_the_own_list_asks_the_same_for_one_and_three_juries(
    world, reading, django_assert_num_queries
):
    person = juror(world, world.a, "Ioanna", held := closed(world, state="judging")).person

    def measure(count):
        reader = reader_of(person)
        with reading(person), django_assert_num_queries(8):
            assert len(list_own(reader)) == count

    made.AssignmentFactory(
        juror=Juror.objects.get(person=person), application=held.applications.earliest("pk")
    )
    measure(1)
    for _ in range(2):
        again = closed(world, state="judging")
        one = made.JurorFactory(
            round=again, person=person, party=Juror.objects.filter(person=person).first().party
        )
        made.AssignmentFactory(juror=one, application=again.applications.earliest("pk"))
    measure(3)
