import pytest

from proxeny.engine.agenda import GroupRule, Participant, Request, Weights, meetings_from_requests

PEOPLE = (
    Participant("Ada", group="A"),
    Participant("Bo", group="B"),
    Participant("Cy", group="B"),
    Participant("Di", group="A"),
)


def values(*requests, **options):
    plan = meetings_from_requests(PEOPLE, requests, **options)
    return {meeting.parties: meeting.value for meeting in plan.meetings}, plan.refused


def test_mutual_weighs_more_than_one_sided_and_must_more_than_wish():
    found, refused = values(
        Request(0, 1, "wish"),
        Request(1, 0, "wish"),
        Request(0, 2, "wish"),
        Request(3, 2, "must"),
    )
    assert found == {(0, 1): 3 + 3 + 5, (0, 2): 3, (2, 3): 10}
    assert refused == ()


def test_one_no_thanks_refuses_for_good():
    found, refused = values(Request(0, 1, "must"), Request(1, 0, "no-thanks"))
    assert found == {}
    assert [(one.pair, one.code) for one in refused] == [((0, 1), "no-thanks")]


def test_no_thanks_alone_refuses_nothing_that_was_asked():
    assert values(Request(0, 1, "no-thanks")) == ({}, ())


def test_a_later_request_replaces_an_earlier_one():
    found, _ = values(Request(0, 1, "no-thanks"), Request(0, 1, "must"))
    assert found == {(0, 1): 10}


def test_rules_have_a_direction():
    rule = GroupRule("A", "B", allowed=False)
    found, refused = values(Request(0, 1, "must"), Request(2, 0, "wish"), rules=[rule])
    assert found == {(0, 2): 3}
    assert [(one.pair, one.code) for one in refused] == [((0, 1), "group-rule")]


def test_side_weights_multiply_that_sides_requests():
    found, _ = values(
        Request(0, 1, "wish"), Request(1, 0, "wish"), weights=Weights(side={"A": 3}, mutual=0)
    )
    assert found == {(0, 1): 9 + 3}


def test_met_before_is_refused_or_counts_less():
    asked = Request(1, 0, "must")
    found, refused = values(asked, met_before=[(0, 1)])
    assert (found, refused[0].code) == ({}, "met-before")
    found, refused = values(asked, met_before=[(1, 0)], weights=Weights(met_before_percent=30))
    assert (found, refused) == ({(0, 1): 3}, ())


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(0, 0, "must"), "row 1: a participant cannot ask for itself"),
        (Request(0, 9, "must"), "row 1: participant 10 does not exist"),
        (Request(0, 1, "perhaps"), "row 1: kind"),
    ],
)
def test_bad_requests_name_the_row(request_, words):
    with pytest.raises(ValueError, match=words):
        meetings_from_requests(PEOPLE, [request_])


def test_weights_keep_their_order():
    with pytest.raises(ValueError, match="must has to be worth more"):
        meetings_from_requests(PEOPLE, [], weights=Weights(must=2, wish=3))
