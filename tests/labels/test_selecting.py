"""Who would be chosen: by points within the quotas, what each costs, ties, and who may look."""

import pytest

from proxeny.kernel.errors import NotAllowed
from proxeny.labels.selection_explanations import draft_minutes, tell_quotas, tell_reasons
from proxeny.partnerships.models import Interest
from tests.labels.deciding import application, make_ranked, propose, with_quota
from tests.labels.judging import assign, submit

pytestmark = pytest.mark.django_db


def lines(proposal):
    return [(one.number, one.rank, str(one.standing)) for one in proposal.ranked]


def test_the_best_get_the_places_and_the_others_wait_or_are_below(world):
    judged = make_ranked(world, 3, 5, 1, 4, places=2)
    proposal = propose(world.a.manager, judged)
    assert lines(proposal) == [
        (2, 1, "chosen"),
        (4, 2, "chosen"),
        (1, 3, "waiting"),
        (3, None, "below"),
    ]
    assert proposal.chosen == (2, 4)
    assert proposal.waiting == (1,)
    assert proposal.ranked[0].judged.outcome.level == proposal.text.levels[1].key
    assert propose(world.b.manager, judged).fingerprint == proposal.fingerprint


def test_what_a_quota_costs_is_told_with_who_is_in_and_out(world):
    judged = make_ranked(world, 5, 4, 3, places=2, countries="GR GR FR")
    with_quota(judged, least=50)
    proposal = propose(world.a.manager, judged)
    assert proposal.chosen == (1, 3)
    [told] = tell_quotas(proposal)
    assert told["asks"] == "at least 1 of 2 places (50%)"
    assert told["taken"] == 1
    assert told["cost"] == (
        "It costs 20 points: it brings in \u20683 “Project 3”\u2069"
        " and pushes out \u20682 “Project 2”\u2069."
    )
    compared = propose(world.a.manager, judged, without=(proposal.text.quotas[0].key,))
    assert compared.chosen == (1, 2)
    assert tell_quotas(compared)[0]["cost"] == "Left out here for comparison."
    minutes = draft_minutes(proposal)
    assert "Applications assessed: 3. Reached all thresholds: 3. Places: 2." in minutes
    assert "pushes out \u20682 “Project 2”\u2069" in minutes


def test_a_quota_that_changes_nothing_costs_nothing(world):
    judged = make_ranked(world, 5, 4, 3, places=2, countries="FR GR FR")
    with_quota(judged, least=50)
    [told] = tell_quotas(propose(world.a.manager, judged))
    assert told["cost"] == "It costs nothing: the same projects are chosen without it."


def test_a_least_that_cannot_be_met_says_what_helps(world):
    judged = make_ranked(world, 5, 4, 3, places=2)
    with_quota(judged, least=50)
    proposal = propose(world.a.manager, judged)
    assert proposal.selection is None
    assert {str(one.standing) for one in proposal.ranked} == {"None"}
    [reason] = tell_reasons(proposal)
    assert reason["text"] == "“France” requires at least 1 place, but only 0 passed."
    assert reason["helps"] == ["Fill it as far as possible: the remaining places go to the others."]
    filled = propose(world.a.manager, judged, as_far=True)
    assert filled.chosen == (1, 2)
    assert tell_quotas(filled)[0]["short"] == "Only 0 passed; at least 1 needed."


def test_of_equals_who_handed_in_first_comes_first_unless_the_jury_prefers(world):
    judged = make_ranked(world, 4, 4, 4, 5, places=2)
    proposal = propose(world.a.manager, judged)
    assert proposal.chosen == (4, 1)
    assert proposal.ties == ((1, 2, 3),)
    preferred = propose(world.a.manager, judged, prefer=(3,))
    assert preferred.chosen == (4, 3)
    assert preferred.fingerprint == proposal.fingerprint
    # More points are never passed over, whatever the jury prefers.
    assert propose(world.a.manager, judged, prefer=(1, 2)).chosen == (4, 1)


def test_without_a_limit_all_who_pass_are_chosen_and_no_quota_holds(world):
    judged = make_ranked(world, 5, 4, 1, places=None)
    proposal = propose(world.a.manager, judged)
    assert proposal.chosen == (1, 2)
    assert proposal.quotas == ()


def test_withdrawn_out_and_unscored_are_told(world):
    judged = make_ranked(world, 5, None, 4, 4)
    one = application(judged, 3)
    type(one).objects.filter(pk=one.pk).update(eligible=False, eligible_why="No seat there.")
    gone = application(judged, 4)
    gone.submissions.update(withdrawn_at=gone.submitted_at)
    type(gone).objects.filter(pk=gone.pk).update(state="withdrawn")
    proposal = propose(world.a.manager, judged)
    assert [one.number for one in proposal.missing] == [2]
    assert [one.number for one in proposal.ineligible] == [3]
    assert proposal.withdrawn == 1
    assert lines(proposal) == [(1, 1, "chosen"), (2, None, "None")]


def test_whoever_has_a_conflict_in_one_application_sees_no_ranking(world):
    judged = make_ranked(world, 5, 4)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=application(judged, 2).pk,
        conflicts=True,
        said_at=judged.round.opens_at,
    )
    with pytest.raises(NotAllowed, match="You declared a conflict of interest with one of"):
        propose(world.a.manager, judged)
    assert propose(world.b.manager, judged).chosen == (1, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_often_for_one_as_for_three(world, django_assert_num_queries, count):
    judged = make_ranked(world, *[4] * count)
    with django_assert_num_queries(22):
        propose(world.a.manager, judged)


def test_the_fingerprint_changes_with_a_score(world):
    judged = make_ranked(world, 5, 4)
    before = propose(world.a.manager, judged).fingerprint
    one = submit(judged, world.b.members[2])
    assign(judged.greek, one, 3, 3, 3)
    assert propose(world.a.manager, judged).fingerprint != before


def test_equals_that_a_quota_tells_apart_are_no_matter_of_choice(world):
    judged = make_ranked(world, 5, 3, 3, 3, places=2, countries="GR FR GR FR")
    with_quota(judged, least=50)
    # The French place goes to 2 or 4; 3 has the same points, and no way to it.
    assert propose(world.a.manager, judged).ties == ((2, 4),)
