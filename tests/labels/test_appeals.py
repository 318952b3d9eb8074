"""Appeals and places that are given up: who may, until when, other jurors, and what comes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Mail
from proxeny.labels.content import read_selection
from proxeny.labels.models import Appeal, Assignment, Decision, Result
from proxeny.labels.operations.appeals import ask_appeal, read_anew
from proxeny.labels.operations.deciding_appeals import decide_appeal
from proxeny.labels.operations.moving_up import give_up_place, move_up, read_following
from proxeny.labels.queries.results import read_own_result
from proxeny.labels.queries.rounds import get_round
from proxeny.partnerships.models import Interest
from tests.factories import labels as made
from tests.labels.deciding import (
    application,
    confirm,
    decide,
    decided,
    fresh,
    make_ranked,
    meeting,
    owner,
    result,
    standings,
    tell_all,
    with_quota,
)
from tests.labels.judging import make_juror
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db


def ask(world, judged, number, *, person=None, **values):
    given = {"text": "A document was not read.", **values}
    one = application(judged, number)
    return do(person or owner(world, judged, number), ask_appeal, application_id=one.pk, **given)


def anew(person, judged, appeal):
    return do(
        person,
        read_anew,
        partnership_id=judged.round.partnership_id,
        round_id=judged.round.pk,
        appeal_id=appeal.pk,
    )


def put_answer(person, judged, appeal, text="We have read it anew.", *, grants=False, **values):
    """Propose the decision on an appeal."""
    return do(
        person,
        decide_appeal,
        partnership_id=judged.round.partnership_id,
        round_id=judged.round.pk,
        appeal_id=appeal.pk,
        answer=text,
        meeting=meeting(**values),
        grants=grants,
    )


def answer(person, judged, appeal, *given, **values):
    """Decide an appeal; the other clusters confirm."""
    return confirm(put_answer(person, judged, appeal, *given, **values))


def score(judged, appeal, *points):
    """Let those who read it anew finish, each with equal points."""
    for given, one in zip(
        Assignment.objects.filter(application=appeal.application, is_appeal=True).order_by("pk"),
        points,
        strict=True,
    ):
        for key in judged.keys:
            made.ScoreFactory(assignment=given, indicator=key, points=one)
        Assignment.objects.filter(pk=given.pk).update(state="done")


def with_others(world, judged):
    """Give the jury two more, who have read nothing."""
    return [
        make_juror(judged.round, world, world.a, "Second Greek"),
        make_juror(judged.round, world, world.b, "Second French"),
    ]


def test_an_appeal_is_read_by_others_and_granted_with_a_place_beyond_the_limit(world):
    judged = decided(world, 5, 4, 1, places=1)
    appeal = ask(world, judged, 3)
    assert Mail.objects.filter(subject="Appeal: “Project 3”").count() == 2
    new = with_others(world, judged)
    given = anew(world.a.manager, judged, appeal)
    assert {one.juror for one in given} == set(new)
    assert Mail.objects.filter(recipient=new[0].person.email).count() == 1
    with pytest.raises(Conflict, match="Jurors from these clusters are still reading it:"):
        answer(world.a.manager, judged, appeal)
    score(judged, appeal, 5, 5)
    decision = answer(world.b.manager, judged, appeal)
    assert (decision.number, decision.kind) == (2, "appeal")
    # Whoever has a place keeps it; the total is that of the first, who came in earlier.
    assert standings(judged) == ["chosen", "waiting", "waiting"]
    assert read_selection(decision.content).waiting == (3, 2)
    holds = result(judged, 3)
    assert (holds.total, holds.rank) == (100, 2)
    assert holds.told_at == decision.decided_at
    assert fresh(appeal).state == "upheld"
    assert Result.objects.filter(application=appeal.application).count() == 2
    assert not Assignment.objects.filter(frozen_at=None).exists()
    assert "your appeal is granted" in Mail.objects.get(subject="Your appeal for “Project 3”").text
    with pytest.raises(Conflict, match="Your appeal has been decided"):
        ask(world, judged, 3)


def test_a_granted_appeal_that_would_have_had_a_place_gets_one_and_nobody_loses_it(world):
    judged = decided(world, 4, 3, 1, places=1)
    appeal = ask(world, judged, 3)
    with_others(world, judged)
    anew(world.a.manager, judged, appeal)
    score(judged, appeal, 5, 5)
    decision = answer(world.a.manager, judged, appeal)
    assert standings(judged) == ["chosen", "waiting", "chosen"]
    assert read_selection(decision.content).chosen == (1, 3)


def test_what_is_worse_anew_stays_as_it_was(world):
    judged = decided(world, 5, 4, places=1)
    appeal = ask(world, judged, 2)
    with_others(world, judged)
    anew(world.a.manager, judged, appeal)
    score(judged, appeal, 1, 1)
    answer(world.a.manager, judged, appeal)
    holds = result(judged, 2)
    assert (holds.standing, holds.total, holds.rank) == ("waiting", 80, 2)
    assert fresh(appeal).state == "refused"
    own = do(
        owner(world, judged, 2),
        lambda *, actor, now: read_own_result(actor, application(judged, 2).pk),
    )
    assert (own.place, own.appeals[0].answer) == (1, "We have read it anew.")


def test_there_is_an_end_to_appeals_by_the_clocks_of_the_round(world):
    judged = make_ranked(world, 5, 4, places=1, appeal_days=10)
    judged.set(zone="Africa/Casablanca")
    decide(world.a.manager, judged)
    tell_all(world.a.manager, judged)
    one = result(judged, 2)
    own = do(
        owner(world, judged, 2), lambda *, actor, now: read_own_result(actor, one.application_id)
    )
    assert own.until.date() == one.told_at.astimezone(own.until.tzinfo).date() + timedelta(days=11)
    with pytest.raises(Conflict, match="The deadline to appeal was"):
        ask(world, judged, 2, now=own.until)
    ask(world, judged, 2, now=own.until - timedelta(seconds=1))
    with pytest.raises(Conflict, match="You’ve already appealed"):
        ask(world, judged, 2)


def test_there_has_to_be_something_to_appeal_against(world):
    judged = make_ranked(world, 5, 1)
    with pytest.raises(Conflict, match="There’s no decision to appeal against yet"):
        ask(world, judged, 2)
    decide(world.a.manager, judged)
    with pytest.raises(Conflict, match="There’s no decision to appeal against yet"):
        ask(world, judged, 2)
    tell_all(world.a.manager, judged)
    with pytest.raises(Conflict, match="what you applied for"):
        ask(world, judged, 1)
    with pytest.raises(InvalidInput) as refused:
        ask(world, judged, 2, text=" ")
    assert refused.value.field == "text"
    for person in (
        owner(world, judged, 1),
        world.a.manager,
        world.a.ambassador,
        judged.greek.person,
        world.nobody_special,
    ):
        with pytest.raises(NotFound):
            ask(world, judged, 2, person=person)
    assert not Appeal.objects.exists()


def test_a_label_without_appeals_says_so(world):
    judged = decided(world, 5, 1, appeal_days=0)
    with pytest.raises(Conflict, match="This label doesn’t allow appeals"):
        ask(world, judged, 2)


def test_nobody_reads_it_who_has_read_it_or_has_a_conflict(world):
    judged = decided(world, 5, 1)
    appeal = ask(world, judged, 2)
    with pytest.raises(Conflict, match="No juror of Greek cluster, French cluster is left"):
        anew(world.a.manager, judged, appeal)
    greek, french = with_others(world, judged)
    Interest.objects.create(
        partnership=world.partnership,
        person=french.person,
        subject="application",
        subject_id=appeal.application_id,
        conflicts=True,
        said_at=timezone.now(),
    )
    with pytest.raises(Conflict, match="No juror of French cluster is left"):
        anew(world.a.manager, judged, appeal)
    third = make_juror(judged.round, world, world.b, "Third French")
    assert {one.juror for one in anew(world.a.manager, judged, appeal)} == {greek, third}


def test_where_one_of_them_abstains_another_one_is_asked(world):
    judged = decided(world, 5, 1, least_scores=2)
    appeal = ask(world, judged, 2)
    greek, french = with_others(world, judged)
    anew(world.a.manager, judged, appeal)
    with pytest.raises(Conflict, match="Other jurors are already reading it"):
        anew(world.a.manager, judged, appeal)
    score(judged, appeal, 5, 5)
    Assignment.objects.filter(juror=french).update(state="abstained")
    third = make_juror(judged.round, world, world.b, "Third French")
    with pytest.raises(Conflict, match="a juror abstained"):
        answer(world.a.manager, judged, appeal)
    [given] = anew(world.a.manager, judged, appeal)
    assert given.juror == third
    assert greek.assignments.count() == 1


def test_one_that_could_not_take_part_is_answered_or_read(world):
    judged = make_ranked(world, 5, None, None, places=5, countries="FR FR FR")
    for number in (2, 3):
        one = application(judged, number)
        type(one).objects.filter(pk=one.pk).update(eligible=False, eligible_why="No seat.")
    decide(world.a.manager, judged)
    tell_all(world.a.manager, judged)
    refused, heard = ask(world, judged, 2), ask(world, judged, 3)
    answer(world.a.manager, judged, refused, "There is no seat in either country.")
    assert (result(judged, 2).standing, fresh(refused).state) == ("out", "refused")
    with_others(world, judged)
    anew(world.a.manager, judged, heard)
    score(judged, heard, 4, 4)
    answer(world.a.manager, judged, heard)
    assert (result(judged, 3).standing, result(judged, 3).rank) == ("chosen", 2)


def test_an_appeal_is_decided_by_managers_without_a_conflict(world):
    judged = decided(world, 5, 1)
    appeal = ask(world, judged, 2)
    with_others(world, judged)
    with pytest.raises(Conflict, match="Request a second reading by other jurors first"):
        answer(world.a.manager, judged, appeal)
    with pytest.raises(NotAllowed):
        answer(world.a.ambassador, judged, appeal)
    for person in (owner(world, judged, 2), judged.greek.person, world.c.manager):
        with pytest.raises(NotFound):
            answer(person, judged, appeal)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=appeal.application_id,
        conflicts=True,
        said_at=timezone.now(),
    )
    with pytest.raises(NotFound):
        anew(world.a.manager, judged, appeal)


def give_up(world, judged, number, why="We are sold."):
    return do(
        owner(world, judged, number),
        give_up_place,
        application_id=application(judged, number).pk,
        why=why,
    )


def following(person, judged):
    def read(*, actor, now):
        held = get_round(judged.round.partnership_id, judged.round.pk)
        return read_following(actor=actor, held=held)

    return do(person, read)


def put_move(person, judged, number, **values):
    """Propose that somebody moves up."""
    return do(
        person,
        move_up,
        partnership_id=judged.round.partnership_id,
        round_id=judged.round.pk,
        number=number,
        meeting=meeting(**values),
    )


def move(person, judged, number, **values):
    """Let somebody move up; the other clusters confirm."""
    return confirm(put_move(person, judged, number, **values))


def test_whoever_is_first_on_the_waiting_list_moves_up(world):
    judged = decided(world, 5, 4, 3, 3, places=2)
    assert following(world.a.manager, judged).free == 0
    with pytest.raises(Conflict, match="No place is free"):
        move(world.a.manager, judged, 3)
    with pytest.raises(InvalidInput):
        give_up(world, judged, 1, why=" ")
    give_up(world, judged, 1)
    assert "We are sold." in Mail.objects.filter(subject__startswith="A place is free").first().text
    shown = following(world.b.manager, judged)
    assert (shown.free, shown.number, shown.title) == (1, 3, "Project 3")
    with pytest.raises(Conflict, match="Someone else has changed this"):
        move(world.a.manager, judged, 4)
    decision = move(world.b.manager, judged, 3)
    assert (decision.number, decision.kind) == (2, "moved-up")
    assert standings(judged) == ["given-up", "chosen", "chosen", "waiting"]
    assert result(judged, 3).told_at is None
    assert tell_all(world.a.manager, judged) == 1
    own = do(
        owner(world, judged, 4),
        lambda *, actor, now: read_own_result(actor, application(judged, 4).pk),
    )
    assert own.place == 1
    with pytest.raises(Conflict, match="This application has no place to give up"):
        give_up(world, judged, 4)
    with pytest.raises(Conflict, match="nothing to appeal"):
        ask(world, judged, 1)


def test_a_quota_decides_who_moves_up_and_who_is_passed_over_is_told(world):
    judged = make_ranked(world, 5, 4, 4, 3, places=2, countries="FR GR GR FR")
    with_quota(judged, least=50)
    decide(world.a.manager, judged)
    tell_all(world.a.manager, judged)
    give_up(world, judged, 1)
    shown = following(world.a.manager, judged)
    assert shown.number == 4
    assert shown.passed_over == (
        "3 “Project 3” has more points but is passed over because of: France.",
    )
    decision = move(world.a.manager, judged, 4)
    [quota] = read_selection(decision.content).quotas
    assert (quota.taken, quota.missing) == (1, 0)


def test_a_place_for_which_the_label_was_given_is_not_given_up_by_a_click(world):
    judged = decided(world, 5)
    one = application(judged, 1)
    made.AwardFactory(
        scheme=judged.round.scheme,
        scheme_version=judged.version,
        application=one,
        decision=Decision.objects.get(),
        organisation=one.organisation,
        status_list=made.StatusListFactory(scheme=judged.round.scheme),
    )
    with pytest.raises(Conflict, match="The label has been awarded"):
        give_up(world, judged, 1)


def test_nobody_with_a_conflict_moves_somebody_up(world):
    judged = decided(world, 5, 4, places=1)
    give_up(world, judged, 1)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=application(judged, 2).pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    with pytest.raises(NotAllowed):
        move(world.a.manager, judged, 2)
    with pytest.raises(NotAllowed):
        following(world.a.manager, judged)


def test_who_reads_it_anew_does_not_know_how_it_came_out_before(world, reading):
    judged = decided(world, 5, 1)
    appeal = ask(world, judged, 2)
    greek, _french = with_others(world, judged)
    anew(world.a.manager, judged, appeal)
    with reading(greek.person):
        assert Assignment.objects.count() == 1
        assert Result.objects.count() == 0
    score(judged, appeal, 5, 5)
    answer(world.a.manager, judged, appeal)
    with reading(greek.person):
        assert Result.objects.filter(application=appeal.application).count() == 2
