"""Confirmation of decisions: one cluster proposes, the others confirm, and what makes it void."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Assignment, Decision, Result, Score
from proxeny.labels.operations.eligibility import note_eligibility
from proxeny.labels.operations.rounds import resume_judging
from proxeny.labels.operations.submitting import withdraw_application
from proxeny.labels.queries.decisions import decisions_of
from proxeny.partnerships.models import Delegation, Interest
from proxeny.partnerships.operations.delegations import give_delegation, withdraw_delegation
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.labels.awarding import close
from tests.labels.deciding import (
    application,
    confirm,
    decided,
    fresh,
    make_ranked,
    owner,
    put_decision,
    result,
    sign,
    standings,
    tell_all,
    text_of,
)
from tests.labels.test_appeals import anew, ask, give_up, put_answer, put_move, score, with_others
from tests.partnerships.rooms import do, party

pytestmark = pytest.mark.django_db


def test_nothing_holds_and_nobody_is_told_before_the_other_cluster_confirms(world):
    judged = make_ranked(world, 5, 4, 1, places=1)
    decision = put_decision(world.a.manager, judged)
    assert (decision.number, decision.waits) == (None, True)
    assert list(decisions_of(judged.round)) == []
    assert not Result.objects.exists()
    assert fresh(judged.round).state == "discussing"
    assert Assignment.objects.filter(round=judged.round, frozen_at=None).exists()
    with pytest.raises(Conflict, match="has moved on"):
        tell_all(world.a.manager, judged)
    [mail] = Mail.objects.all()
    assert mail.recipient == world.b.manager.email
    assert mail.subject == "Confirm a decision: “Spring 2026”"
    with pytest.raises(Conflict, match="already signed for your side"):
        sign(world.a.manager, decision)
    sign(world.b.manager, decision)
    held = fresh(decision)
    assert (held.number, held.waits) == (1, False)
    assert standings(judged) == ["chosen", "waiting", "below"]
    assert tell_all(world.b.manager, judged) == 3


def test_the_text_names_the_decision_and_none_of_who_applied(world):
    judged = make_ranked(world, 5, 4, places=1)
    text = text_of(put_decision(world.a.manager, judged, minutes="Project 2 was close.")).text
    assert "1 application gets a place. 1 application is on the waiting list." in text
    assert "Project" not in text
    assert "Fingerprint (SHA-256) of the decision: " in text


def test_changed_scores_make_a_decision_void(world):
    judged = make_ranked(world, 5, 4, places=1)
    decision = put_decision(world.a.manager, judged)
    Score.objects.filter(assignment__application=application(judged, 2)).update(points=5)
    with pytest.raises(Conflict, match="since this decision was proposed, so it’s void"):
        sign(world.b.manager, decision)
    assert fresh(judged.round).state == "discussing"
    again = put_decision(world.b.manager, judged)
    assert again.pk == decision.pk
    sign(world.a.manager, again)
    assert standings(judged) == ["chosen", "waiting"]


@pytest.mark.parametrize("what", ["judging", "eligible", "withdrawn"])
def test_what_a_decision_goes_by_closes_its_text_when_it_changes(world, what):
    judged = make_ranked(world, 5, 4, places=1)
    decision = put_decision(world.a.manager, judged)
    room = {"partnership_id": judged.round.partnership_id, "round_id": judged.round.pk}
    one = application(judged, 2)
    if what == "judging":
        do(world.b.manager, resume_judging, **room, why="A review was wrong.")
    elif what == "eligible":
        do(
            world.b.manager,
            note_eligibility,
            **room,
            application_id=one.pk,
            eligible=False,
            why="No seat.",
        )
    else:
        do(owner(world, judged, 2), withdraw_application, application_id=one.pk)
    text = text_of(decision)
    assert text.closed_at is not None
    assert "since this decision was proposed, so it’s void" in text.closed_why
    with pytest.raises(Conflict):
        sign(world.b.manager, decision)


def test_a_proposal_in_place_of_another_one_closes_its_text(world):
    judged = make_ranked(world, 5, 4, places=1)
    first = text_of(put_decision(world.a.manager, judged))
    decision = put_decision(world.b.manager, judged, minutes="We see it otherwise.")
    assert fresh(first).closed_at is not None
    assert text_of(decision).pk != first.pk
    with pytest.raises(Conflict, match="already signed for your side"):
        sign(world.b.manager, decision)
    sign(world.a.manager, decision)
    assert fresh(decision).minutes == "We see it otherwise."


def test_nobody_confirms_with_a_conflict_or_for_both_sides(world):
    judged = make_ranked(world, 5, 4, places=1)
    decision = put_decision(world.a.manager, judged)
    SeatFactory(person=world.a.manager, organisation=world.b.cluster, role=Role.MANAGER)
    with pytest.raises(Conflict, match="Someone else must sign for the other"):
        sign(world.a.manager, decision)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.manager,
        subject="application",
        subject_id=application(judged, 1).pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    for person in (
        world.b.manager,
        world.a.ambassador,
        world.c.manager,
        judged.french.person,
    ):
        with pytest.raises(NotFound):
            sign(person, decision)
    other = PersonFactory(name="Second French manager")
    SeatFactory(person=other, organisation=world.b.cluster, role=Role.MANAGER)
    sign(other, decision)
    assert standings(judged) == ["chosen", "waiting"]


def test_who_does_not_confirm_says_why_to_the_other_side_and_not_to_the_room(world):
    judged = make_ranked(world, 5, 4, places=1)
    decision = put_decision(world.a.manager, judged)
    close(world.b.manager, text_of(decision), "Project 1 has no seat.")
    assert not Result.objects.exists()
    mail = Mail.objects.filter(recipient=world.a.manager.email).get()
    assert "Project 1 has no seat." in mail.text
    assert AuditEntry.objects.get(verb="close_text").why == ""
    confirm(put_decision(world.a.manager, judged))
    assert standings(judged) == ["chosen", "waiting"]


def test_who_has_a_conflict_reads_neither_the_text_nor_why_it_is_not_confirmed(world, call):
    judged = make_ranked(world, 5, 4, places=1)
    decision = put_decision(world.a.manager, judged)
    text = text_of(decision)
    colleague = PersonFactory(name="Second Greek manager")
    SeatFactory(person=colleague, organisation=world.a.cluster, role=Role.MANAGER)
    Interest.objects.create(
        partnership=world.partnership,
        person=colleague,
        subject="application",
        subject_id=application(judged, 1).pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    texts = f"/partnerships/{world.partnership.pk}/texts"
    walled, own = call(colleague), call(world.a.manager)
    assert walled.get(texts).json() == []
    assert [one["id"] for one in own.get(texts).json()] == [text.pk]
    close(world.b.manager, text, "Project 1 has no seat.")
    there = f"{texts}/{text.pk}"
    assert walled.get(there).status_code == 404
    assert own.get(there).json()["closed_why"] == "Project 1 has no seat."


def test_a_third_cluster_confirms_too(world):
    judged = make_ranked(world, 5, 4, places=1)
    world.partnership.parties.create(
        organisation=world.c.cluster, side="C", state="joined", joined_at=timezone.now()
    )
    decision = put_decision(world.a.manager, judged)
    sign(world.b.manager, decision)
    assert fresh(decision).waits
    assert fresh(judged.round).state == "discussing"
    sign(world.c.manager, decision)
    assert (fresh(decision).number, fresh(judged.round).state) == (1, "decided")


def test_who_was_let_decide_alone_in_writing_does_so_until_that_is_taken_back(world):
    judged = make_ranked(world, 5, 4, places=1)
    given = do(
        world.b.manager,
        give_delegation,
        partnership_id=world.partnership.pk,
        receiver_id=party(world, world.a).pk,
        matter=Delegation.Matter.ROUNDS,
    )
    decision = put_decision(world.a.manager, judged)
    assert (decision.number, decision.waits) == (1, False)
    assert standings(judged) == ["chosen", "waiting"]
    assert text_of(decision).sign_offs.filter(delegation=given).count() == 1
    tell_all(world.a.manager, judged)
    give_up(world, judged, 1)
    do(
        world.b.manager,
        withdraw_delegation,
        partnership_id=world.partnership.pk,
        delegation_id=given.pk,
    )
    assert put_move(world.a.manager, judged, 2).waits


def test_an_appeal_is_decided_once_the_other_cluster_confirms(world):
    judged = decided(world, 5, 1, places=1)
    appeal = ask(world, judged, 2)
    with_others(world, judged)
    anew(world.a.manager, judged, appeal)
    score(judged, appeal, 5, 5)
    before = Mail.objects.filter(subject="Your appeal for “Project 2”").count()
    decision = put_answer(world.a.manager, judged, appeal)
    assert (fresh(appeal).state, fresh(appeal).answer) == ("read", "")
    assert Mail.objects.filter(subject="Your appeal for “Project 2”").count() == before
    sign(world.b.manager, decision)
    assert (fresh(appeal).state, fresh(appeal).answer) == ("upheld", "We have read it anew.")
    assert (fresh(decision).number, result(judged, 2).standing) == (2, "waiting")


def test_other_scores_make_the_decision_on_an_appeal_void(world):
    judged = decided(world, 5, 1, places=1)
    appeal = ask(world, judged, 2)
    with_others(world, judged)
    anew(world.a.manager, judged, appeal)
    score(judged, appeal, 5, 5)
    decision = put_answer(world.a.manager, judged, appeal)
    Score.objects.filter(
        assignment__application=appeal.application, assignment__is_appeal=True
    ).update(points=4)
    with pytest.raises(Conflict, match="since this decision was proposed, so it’s void"):
        sign(world.b.manager, decision)
    sign(world.a.manager, put_answer(world.b.manager, judged, appeal))
    assert (fresh(appeal).state, result(judged, 2).total) == ("upheld", 80)


def test_whoever_moves_up_does_so_once_the_other_cluster_confirms(world):
    judged = decided(world, 5, 4, 3, places=1)
    give_up(world, judged, 1)
    decision = put_move(world.a.manager, judged, 2)
    assert standings(judged) == ["given-up", "waiting", "waiting"]
    give_up_two = result(judged, 2)
    sign(world.b.manager, decision)
    assert standings(judged) == ["given-up", "chosen", "waiting"]
    assert not fresh(give_up_two).is_newest
    with pytest.raises(IntegrityError, match="decision_numbered_once_it_holds"):
        Decision.objects.filter(pk=decision.pk).update(number=None)
