"""Letters: drafted from the points in the applicant's language, written, sent once, read."""

import pytest

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Mail
from proxeny.labels.models import Application, Indicator, Score
from proxeny.labels.operations.letters import mark_of, write_letter
from proxeny.labels.queries.results import read_own_result
from proxeny.labels.result_explanations import tell_guide
from proxeny.partnerships.models import Interest
from tests.labels.deciding import (
    application,
    decide,
    fresh,
    make_ranked,
    owner,
    result,
    tell_all,
    with_quota,
)
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db


def write(person, judged, one, *, seen=None, **values):
    given = {"feedback": "Well done.", "improvements": "Sell more.", **values}
    return do(
        person,
        write_letter,
        partnership_id=judged.round.partnership_id,
        round_id=judged.round.pk,
        result_id=one.pk,
        seen=seen or mark_of(one),
        **given,
    )


def read(person, one):
    return do(person, lambda *, actor, now: read_own_result(actor, one.pk))


def test_a_letter_is_drafted_with_points_thresholds_and_what_would_make_it_better(world):
    judged = make_ranked(world, 5)
    guide = "0: nothing. 2: a first user. 4: three users in two countries."
    Indicator.objects.filter(scheme=judged.round.scheme).update(guide=guide)
    with_quota(judged)
    one = application(judged, 1)
    customers = Indicator.objects.get(title="Customers")
    Score.objects.filter(assignment__application=one, indicator=f"i{customers.pk}").update(points=1)
    decide(world.a.manager, judged)
    made = result(judged, 1)
    assert made.feedback == (
        "“Project 1” was not awarded the label Atlas in this round.\n\n"
        "It scored 82.22% in total; 60% was needed.\n\n"
        "Below the threshold: Market (46.67%, 50% needed),"
        " Customers (1 of 5 points, 2 needed).\n\n"
        "The strongest points according to the jury: New abroad (5 of 5), Team (5 of 5)."
    )
    assert made.improvements == (
        "Customers: 1 of 5 points, 2 needed. What 2 points mean: a first user."
    )
    assert "Convincing." not in made.feedback + made.improvements


def test_a_letter_is_drafted_in_the_language_of_the_applicant(world):
    judged = make_ranked(world, 5)
    Application.objects.update(language="fr")
    decide(world.a.manager, judged)
    assert "Project 1" in result(judged, 1).feedback


@pytest.mark.parametrize(
    ("guide", "points", "told"),
    [
        ("0: no. 3: yes. 5: more.", 2, "What 3 points mean: yes."),
        ("0 – no\n1 – a bit\n5 – all", 0, "What 1 point means: a bit"),
        ("0: no. 3: yes.", 4, ""),
        ("How many there are.", 4, "How many there are."),
        ("", 4, ""),
    ],
)
def test_a_guide_tells_the_next_points(guide, points, told):
    assert tell_guide(guide, points) == told


def test_a_letter_is_written_sent_once_and_read_by_its_applicant_alone(world):
    judged = make_ranked(world, 5, 4, places=1)
    decide(world.a.manager, judged)
    one, mine = result(judged, 1), application(judged, 1)
    person = owner(world, judged, 1)
    assert read(person, mine).result is None
    write(world.b.manager, judged, one)
    assert tell_all(world.a.manager, judged, results=[one.pk]) == 1
    own = read(person, mine)
    assert own.result.feedback == "Well done."
    assert own.until.astimezone(own.until.tzinfo).hour == 0
    [mail] = Mail.objects.filter(subject__startswith="The decision on “")
    assert mail.recipient == mine.contact_email
    assert f"/applications/{mine.pk}/result/" in mail.text
    with pytest.raises(Conflict, match="This letter has been sent"):
        write(world.a.manager, judged, fresh(one))
    with pytest.raises(Conflict, match="This letter has been sent"):
        tell_all(world.a.manager, judged, results=[one.pk])
    assert tell_all(world.b.manager, judged) == 1
    with pytest.raises(Conflict, match="All letters have been sent"):
        tell_all(world.b.manager, judged)
    second = read(owner(world, judged, 2), application(judged, 2))
    assert (second.result.standing, second.place) == ("waiting", 1)
    for other in (
        owner(world, judged, 2),
        world.a.manager,
        world.a.ambassador,
        judged.greek.person,
        world.nobody_special,
    ):
        with pytest.raises(NotFound):
            read(other, mine)


def test_a_letter_that_somebody_else_wrote_meanwhile_is_not_written_over(world):
    judged = make_ranked(world, 5)
    decide(world.a.manager, judged)
    one = result(judged, 1)
    seen = mark_of(one)
    write(world.b.manager, judged, one)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        write(world.a.manager, judged, one, seen=seen)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"feedback": " "}, "feedback"), ({"improvements": "w" * 4001}, "improvements")],
)
def test_what_does_not_fit_is_told_at_its_field(world, values, field):
    judged = make_ranked(world, 5)
    decide(world.a.manager, judged)
    with pytest.raises(InvalidInput) as refused:
        write(world.a.manager, judged, result(judged, 1), **values)
    assert refused.value.field == field


def test_letters_are_the_managers_and_none_is_for_who_has_a_conflict(world):
    judged = make_ranked(world, 5, 4)
    decide(world.a.manager, judged)
    one = result(judged, 1)
    with pytest.raises(NotAllowed):
        write(world.a.ambassador, judged, one)
    for person in (judged.greek.person, world.c.manager, owner(world, judged, 1)):
        with pytest.raises(NotFound):
            write(person, judged, one)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.manager,
        subject="application",
        subject_id=application(judged, 1).pk,
        conflicts=True,
        said_at=judged.round.opens_at,
    )
    with pytest.raises(NotFound):
        write(world.b.manager, judged, one)
    assert tell_all(world.b.manager, judged) == 1
    assert fresh(one).told_at is None


def test_without_a_contact_the_people_of_the_organisation_are_written_to(world):
    judged = make_ranked(world, 5)
    Application.objects.update(contact_email="")
    decide(world.a.manager, judged)
    tell_all(world.a.manager, judged)
    told = Mail.objects.get(subject__startswith="The decision on “")
    assert told.recipient == world.a.representatives[0].email
