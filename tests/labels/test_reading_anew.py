"""Readers of an appeal: whatever the pool, somebody is found or a sentence says what to do."""

from itertools import combinations, product

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import Mail
from proxeny.labels.models import Assignment, Juror
from proxeny.labels.operations.appeals import read_anew
from proxeny.labels.operations.reading_anew import find_readers
from proxeny.labels.queries.rounds import get_round
from proxeny.partnerships.models import Interest
from proxeny.partnerships.queries import parties_of
from tests.forms import form_of
from tests.labels.deciding import (
    application,
    decide,
    decided,
    fresh,
    make_ranked,
    result,
    standings,
    tell_all,
)
from tests.labels.judging import assign, make_juror
from tests.labels.test_appeals import anew, answer, ask, score
from tests.labels.test_selecting_api import SCOPES, at, confirm_by_program, meeting
from tests.labels.test_selecting_pages import confirm_here, meeting_of, text_of, url
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db


def one_each(world, *, others=False):
    """Return a round with one juror per application, the Greek one, and an appeal.

    With `others`, the French juror has read all too: nobody is left.
    """
    judged = make_ranked(world, None, None, places=1, per=1)
    readers = [judged.greek, judged.french] if others else [judged.greek]
    for (number, points), juror in product(((1, 5), (2, 1)), readers):
        assign(juror, application(judged, number), points, points, points)
    decide(world.a.manager, judged)
    tell_all(world.a.manager, judged)
    return judged, ask(world, judged, 2)


def only(judged, *jurors) -> None:
    """Let nobody but these be in the jury."""
    found = Juror.objects.filter(round=judged.round)
    found.update(state="out")
    found.filter(pk__in=[one.pk for one in jurors]).update(state="in")


def conflict(juror, appeal) -> None:
    """Let a juror have declared a conflict of interest with who appeals."""
    Interest.objects.create(
        partnership=appeal.partnership,
        person=juror.person,
        subject="application",
        subject_id=appeal.application_id,
        conflicts=True,
        said_at=timezone.now(),
    )


def found_for(world, judged, appeal):
    """Return who could read it, as a manager's page finds them."""

    def read(*, actor, now):
        held = get_round(judged.round.partnership_id, judged.round.pk)
        return find_readers(held, parties_of(world.partnership), appeal.application, now=now)

    return do(world.a.manager, read)


def test_with_one_juror_each_the_other_clusters_juror_reads_an_appeal(world, sign_in):
    judged, appeal = one_each(world)
    greek, page = sign_in(world.a.manager), url(judged, "appeal", appeal.pk)
    assert "Assign to other jurors" in text_of(greek.get(page))
    given = greek.post(url(judged, "appeal-read", appeal.pk), follow=True)
    assert "1 other juror will give it a second reading" in text_of(given)
    [one] = Assignment.objects.filter(is_appeal=True)
    assert one.juror == judged.french
    score(judged, appeal, 5)
    shown = greek.get(page)
    assert "the appeal is granted" in text_of(shown)


def test_with_one_juror_each_an_appeal_is_read_by_program(world, call):
    judged, appeal = one_each(world)
    path = at(judged, f"appeals/{appeal.pk}")
    given = call(world.a.manager, *SCOPES).post(f"{path}/jurors")
    assert (given.status_code, given.json()) == (201, {"jurors": 1})


def test_where_nobody_is_left_a_page_says_what_to_do_and_the_managers_can_answer(world, sign_in):
    judged, appeal = one_each(world, others=True)
    greek, page = sign_in(world.a.manager), url(judged, "appeal", appeal.pk)
    shown = text_of(greek.get(page))
    assert "1 more juror has to read it." in shown
    assert "haven’t read it and have no conflict of interest: 0." in shown
    assert "Invite another juror to the jury of the round, or answer the appeal" in shown
    assert "Assign to other jurors" not in shown
    refused = greek.post(url(judged, "appeal-read", appeal.pk), follow=True)
    assert "Invite another juror" in text_of(refused)
    form = meeting_of(
        greek.get(page),
        "answer",
        answer="You are right.",
        grants="on",
        minutes="No other juror is left.",
    )
    greek.post(page, form)
    confirm_here(sign_in(world.b.manager), page)
    assert (fresh(appeal).state, standings(judged)) == ("upheld", ["chosen", "chosen"])
    told = Mail.objects.get(subject="Your appeal for “Project 2”").text
    assert "The clusters have decided together" in told


def test_where_nobody_is_left_an_appeal_is_answered_by_program(world, call):
    judged, appeal = one_each(world, others=True)
    greek, path = call(world.a.manager, *SCOPES), at(judged, f"appeals/{appeal.pk}")
    refused = greek.post(f"{path}/jurors")
    assert refused.status_code == 409
    assert "Invite another juror" in refused.json()["detail"]
    done = greek.post(f"{path}/decision", meeting(answer="We have looked at it again."))
    assert done.status_code == 201, done.content
    french = call(world.b.manager, *SCOPES, "partnerships:write")
    confirm_by_program(french, judged, done.json())
    assert (fresh(appeal).state, standings(judged)) == ("refused", ["chosen", "below"])


def test_nobody_answers_without_a_second_reading_while_another_juror_is_left(world):
    judged, appeal = one_each(world)
    with pytest.raises(Conflict, match="Request a second reading by other jurors first"):
        answer(world.a.manager, judged, appeal, grants=True)
    anew(world.a.manager, judged, appeal)
    with pytest.raises(Conflict, match="Jurors from these clusters are still reading it:"):
        answer(world.a.manager, judged, appeal, grants=True)
    score(judged, appeal, 1)
    with pytest.raises(Conflict, match="their scores determine whether the appeal is granted"):
        answer(world.a.manager, judged, appeal, grants=True)
    answer(world.a.manager, judged, appeal)
    assert standings(judged) == ["chosen", "below"]


def test_without_new_scores_no_appeal_gives_a_place_to_who_was_not_judged(world):
    judged = decided(world, 5, 1, places=1, per=1)
    one = result(judged, 2)
    type(one).objects.filter(pk=one.pk).update(standing="out")
    appeal = ask(world, judged, 2)
    with pytest.raises(Conflict, match="This one has a place or wasn’t judged"):
        answer(world.a.manager, judged, appeal, grants=True)


def test_a_reader_who_left_the_jury_after_reading_counts_still(world):
    judged = decided(world, 5, 1, places=1)
    appeal = ask(world, judged, 2)
    greek = make_juror(judged.round, world, world.a, "Second Greek")
    french = make_juror(judged.round, world, world.b, "Second French")
    anew(world.a.manager, judged, appeal)
    score(judged, appeal, 5, 5)
    Assignment.objects.filter(juror=french).update(state="abstained")
    Juror.objects.filter(pk=greek.pk).update(state="out")
    third = make_juror(judged.round, world, world.b, "Third French")
    [one] = anew(world.a.manager, judged, appeal)
    assert one.juror == third


def _expected(free, per, sides):
    """Return by trying everything whether some of the free jurors can be the readers."""
    needed = set(sides) if len(sides) <= per else set()
    return any(needed <= {one.party_id for one in chosen} for chosen in combinations(free, per))


@pytest.mark.parametrize("per", [1, 2, 3])
def test_readers_are_found_whenever_there_are_any(world, per):
    judged = decided(world, 5, 1, places=1, per=per)
    appeal = ask(world, judged, 2)
    pools = [
        [make_juror(judged.round, world, side, f"{name} {number}") for number in range(2)]
        for side, name in ((world.a, "Greek"), (world.b, "French"))
    ]
    biased = [make_juror(judged.round, world, world.a, "Biased"), pools[1][0]]
    for one in biased:
        conflict(one, appeal)
    sides = [judged.greek.party_id, judged.french.party_id]
    for greek, french, with_biased in product(range(3), range(3), (False, True)):
        there = [*pools[0][:greek], *pools[1][:french], *(biased if with_biased else ())]
        only(judged, judged.greek, judged.french, *there)
        free = [one for one in there if one not in biased]
        found = found_for(world, judged, appeal)
        case = (greek, french, with_biased)
        assert bool(found.chosen) == _expected(free, per, sides), case
        assert bool(found.chosen) != bool(found.why), case
        if found.chosen:
            assert len(found.chosen) == per
            assert set(found.chosen) <= set(free)
        else:
            assert "Invite another juror" in found.why
            with pytest.raises(Conflict, match="Invite another juror"):
                do(
                    world.a.manager,
                    read_anew,
                    partnership_id=judged.round.partnership_id,
                    round_id=judged.round.pk,
                    appeal_id=appeal.pk,
                )


def test_the_form_of_an_answer_asks_for_a_place_only_without_scores(world, sign_in):
    judged, appeal = one_each(world)
    greek, page = sign_in(world.a.manager), url(judged, "appeal", appeal.pk)
    anew(world.a.manager, judged, appeal)
    score(judged, appeal, 4)
    assert "grants" not in form_of(greek.get(page), "answer")
    assert "grants" not in greek.get(page).content.decode()
