"""Who reads what: exact, across the sides, without conflicts; completed later, and by hand."""

import logging
from collections import Counter

import pytest
from django.utils import timezone

from proxeny.engine.label import check_jury
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Mail
from proxeny.labels.jury_explanations import tell_reason
from proxeny.labels.models import Application, Assignment
from proxeny.labels.operations import assigning
from proxeny.labels.operations.assigning import (
    add_assignment,
    propose,
    read_board,
    remove_assignment,
    show_proposal,
    take_proposal,
)
from tests.factories import labels as made
from tests.factories.accounts import SeatFactory
from tests.labels.juries import act, closed, fresh, has_conflict, juror, jury
from tests.partnerships.rooms import others

pytestmark = pytest.mark.django_db


def judging(world, count=6):
    members = (world.a.members + world.b.members)[:count]
    return closed(world, state="judging", applicants=members)


def pairs(held):
    found = Assignment.objects.filter(round=held).exclude(state="abstained")
    return set(found.values_list("application_id", "juror_id"))


def take(person, held):
    found = act(person, show_proposal, held)
    return act(person, take_proposal, held, seen=found.fingerprint)


def refused(caplog):
    return [one.kind for one in caplog.records if one.name == "proxeny.security"]


def test_a_juror_reads_the_projects_of_the_other_cluster_where_that_is_possible(world):
    members = [*world.a.members[:2], *world.b.members[:2]]
    held = closed(world, state="judging", applicants=members, per=1)
    jurors = {one.pk: one.party.organisation_id for one in jury(world, held, 1)}
    take(world.a.manager, held)
    cluster = {one.pk: world.a.cluster.pk for one in world.a.members}
    cluster |= {one.pk: world.b.cluster.pk for one in world.b.members}
    given = Assignment.objects.filter(round=held).select_related("application")
    assert given.count() == 4
    assert all(jurors[one.juror_id] != cluster[one.application.organisation_id] for one in given)


def test_each_application_has_jurors_of_both_sides_and_loads_are_even(world):
    held = judging(world)
    jurors = jury(world, held, 2)
    take(world.a.manager, held)
    sides = {one.pk: one.party.side for one in jurors}
    for application in held.applications.all():
        read = Assignment.objects.filter(application=application)
        assert sorted(sides[one.juror_id] for one in read) == ["A", "B"]
    loads = Counter(juror for _application, juror in pairs(held))
    assert sorted(loads.values()) == [3, 3, 3, 3]
    mails = Mail.objects.filter(key__contains=":assigned:")
    assert [one.subject for one in mails] == ["3 applications to score"] * 4


def test_nobody_gets_what_they_have_a_conflict_in_or_apply_with(world):
    held = judging(world)
    first, second, third, _fourth = jury(world, held, 2)
    applications = list(held.applications.order_by("pk"))
    has_conflict(first, applications[0])
    SeatFactory(person=third.person, organisation=applications[4].organisation)
    take(world.b.manager, held)
    found = pairs(held)
    assert (applications[0].pk, first.pk) not in found
    assert (applications[0].pk, second.pk) in found
    assert (applications[4].pk, third.pk) not in found


def test_expertise_decides_between_equal_loads(world):
    held = judging(world, 2)
    fishing, ports = held.applications.order_by("pk")
    Application.objects.filter(pk=fishing.pk).update(topics="Fishing, nets")
    Application.objects.filter(pk=ports.pk).update(topics="Ports")
    for side in (world.a, world.b):
        juror(world, side, "Knows ports", held, topics=["ports"])
        juror(world, side, "Knows fish", held, topics=["fishing"])
    found = act(world.a.manager, show_proposal, held)
    names = {one.pk: one.person.name for one in found.board.jurors}
    assert {(one, names[other]) for one, other in found.new} == {
        (fishing.pk, "Knows fish"),
        (ports.pk, "Knows ports"),
    }
    assert set(found.fits.values()) == {1}


def test_the_proposal_is_proven_by_the_engine(world):
    held = judging(world)
    jury(world, held, 3)
    board = read_board(fresh(held), world.partnership.parties.order_by("side"), now=timezone.now())
    asked = assigning._jury(board)
    check_jury(asked, assigning.engine.assign_jury(asked))
    assert len(propose(board).new) == 12


def test_what_was_shown_is_what_is_taken(world):
    held = judging(world)
    jury(world, held, 2)
    found = act(world.a.manager, show_proposal, held)
    juror(world, world.a, "Another", held)
    with pytest.raises(Conflict, match="Something has changed"):
        act(world.a.manager, take_proposal, held, seen=found.fingerprint)
    assert pairs(held) == set()


def test_taken_twice_it_is_assigned_once(world):
    held = judging(world)
    jury(world, held, 2)
    found = act(world.a.manager, show_proposal, held)
    act(world.a.manager, take_proposal, held, seen=found.fingerprint)
    with pytest.raises(Conflict):
        act(world.b.manager, take_proposal, held, seen=found.fingerprint)
    assert len(pairs(held)) == 12
    assert act(world.a.manager, show_proposal, held).is_empty


def test_the_rest_is_completed_and_what_is_given_stays(world):
    held = judging(world)
    jury(world, held, 2)
    take(world.a.manager, held)
    before = pairs(held)
    left = Assignment.objects.filter(round=held).earliest("pk")
    Assignment.objects.filter(pk=left.pk).update(state="abstained", why="I know them.")
    take(world.b.manager, held)
    now = pairs(held)
    assert before - now == {(left.application_id, left.juror_id)}
    [(application, other)] = now - before
    assert application == left.application_id
    assert other != left.juror_id


def test_who_has_not_declared_gets_nothing(world):
    held = judging(world, 1)
    jury(world, held, 1)
    undeclared = juror(world, world.a, "Undeclared", held, declared=False)
    asked = juror(world, world.b, "Asked", held, state="asked", declared=False)
    take(world.a.manager, held)
    assert {juror for _application, juror in pairs(held)}.isdisjoint({undeclared.pk, asked.pk})


def test_those_found_unable_to_take_part_are_not_judged(world):
    held = judging(world, 2)
    jury(world, held, 1)
    out = held.applications.earliest("pk")
    Application.objects.filter(pk=out.pk).update(eligible=False)
    take(world.a.manager, held)
    assert out.pk not in {application for application, _juror in pairs(held)}


def test_why_it_cannot_be_is_told_with_names_and_what_to_do(world):
    held = judging(world, 2)
    ioanna = juror(world, world.a, "Ioanna", held)
    jules = juror(world, world.b, "Jules", held, most=1)
    found = act(world.a.manager, show_proposal, held)
    assert [tell_reason(one, found.board) for one in found.reasons] == [
        (
            "2 assessments are still needed, for applications 1, 2, but the eligible jurors can "
            "only take on 1. The jurors must come from French cluster. Their limits: Jules (1). "
            "Raise a limit, or invite more jurors."
        )
    ]
    type(jules).objects.filter(pk=jules.pk).update(most=None)
    has_conflict(ioanna, held.applications.earliest("pk"))
    found = act(world.a.manager, show_proposal, held)
    assert [tell_reason(one, found.board) for one in found.reasons] == [
        (
            "Application 1 needs 1 more juror from Greek cluster. Excluded because of "
            "a conflict of interest or an abstention: Ioanna. Invite another juror, or "
            "lift a limit."
        )
    ]
    with pytest.raises(Conflict):
        act(world.a.manager, take_proposal, held, seen=found.fingerprint)


def test_a_conflict_that_came_later_is_taken_away_with_the_next_assignment(world):
    held = judging(world, 1)
    first, *_rest = jury(world, held, 2)
    application = held.applications.get()
    given = made.AssignmentFactory(juror=first, application=application)
    SeatFactory(person=first.person, organisation=application.organisation)
    found = act(world.a.manager, show_proposal, held)
    assert [one.pk for one in found.board.stale] == [given.pk]
    act(world.a.manager, take_proposal, held, seen=found.fingerprint)
    given.refresh_from_db()
    assert (given.state, given.why) == ("abstained", "Conflict of interest.")
    assert len(pairs(held)) == 2


def test_a_juror_is_never_given_their_own_company_and_it_is_logged(world, caplog):
    held = judging(world, 2)
    one = juror(world, world.a, "Ioanna", held)
    own, other = held.applications.order_by("pk")
    SeatFactory(person=one.person, organisation=own.organisation)
    has_conflict(one, other)
    with caplog.at_level(logging.INFO, "proxeny.security"):
        with pytest.raises(Conflict, match="This juror works for the applicant"):
            act(world.b.manager, add_assignment, held, application_id=own.pk, juror_id=one.pk)
        with pytest.raises(Conflict, match="conflict of interest"):
            act(world.b.manager, add_assignment, held, application_id=other.pk, juror_id=one.pk)
    assert refused(caplog) == ["assign_own_company", "assign_conflict"]
    assert pairs(held) == set()


def test_one_by_hand(world):
    held = judging(world, 1)
    one = juror(world, world.a, "Ioanna", held)
    application = held.applications.get()
    given = act(
        world.b.manager, add_assignment, held, application_id=application.pk, juror_id=one.pk
    )
    with pytest.raises(Conflict, match="This juror is already reading this application"):
        act(world.a.manager, add_assignment, held, application_id=application.pk, juror_id=one.pk)
    act(world.a.manager, remove_assignment, held, assignment_id=given.pk)
    assert not Assignment.objects.filter(pk=given.pk).exists()
    undeclared = juror(world, world.a, "Undeclared", held, declared=False)
    with pytest.raises(Conflict, match="This juror hasn’t declared yet"):
        act(
            world.a.manager,
            add_assignment,
            held,
            application_id=application.pk,
            juror_id=undeclared.pk,
        )


def test_what_has_begun_is_taken_away_with_a_reason_alone(world):
    held = judging(world, 1)
    one = juror(world, world.a, "Ioanna", held)
    given = made.AssignmentFactory(juror=one, application=held.applications.get())
    key = made.indicator_keys(held.scheme)[0]
    made.ScoreFactory(assignment=given, indicator=key)
    with pytest.raises(InvalidInput, match="This juror has started scoring") as caught:
        act(world.a.manager, remove_assignment, held, assignment_id=given.pk)
    assert caught.value.field == "why"
    act(world.a.manager, remove_assignment, held, assignment_id=given.pk, why="She is away.")
    given.refresh_from_db()
    assert (given.state, given.why, given.scores.count()) == ("abstained", "She is away.", 1)
    with pytest.raises(Conflict):
        act(world.a.manager, remove_assignment, held, assignment_id=given.pk, why="Again.")


def test_only_managers_assign_and_a_conflict_hides_an_application_from_them(world):
    held = judging(world, 1)
    one = juror(world, world.a, "Ioanna", held)
    application = held.applications.get()
    given = {"application_id": application.pk, "juror_id": one.pk}
    with pytest.raises(NotAllowed):
        act(world.a.ambassador, add_assignment, held, **given)
    for person in [*others(world).values(), one.person]:
        with pytest.raises(NotFound):
            act(person, add_assignment, held, **given)
        with pytest.raises(NotFound):
            act(person, show_proposal, held)
    manager = made.JurorFactory(round=held, person=world.b.manager, party=one.party)
    has_conflict(manager, application)
    with pytest.raises(NotFound, match="We couldn’t find this application"):
        act(world.b.manager, add_assignment, held, **given)


def test_nothing_is_assigned_while_it_is_not_judged(world):
    held = closed(world)
    jury(world, held, 1)
    for state in ("open", "discussing", "decided"):
        type(held).objects.filter(pk=held.pk).update(state=state)
        with pytest.raises(Conflict, match="moved on"):
            act(world.a.manager, show_proposal, held)


def test_the_board_is_read_in_as_many_queries_for_one_as_for_six(world, django_assert_num_queries):
    for count in (1, 6):
        held = fresh(judging(world, count))
        jury(world, held, 2)
        parties = list(world.partnership.parties.order_by("side"))
        with django_assert_num_queries(11):
            board = read_board(held, parties, now=timezone.now())
        assert len(board.submissions) == count
