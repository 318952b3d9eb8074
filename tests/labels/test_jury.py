"""Asking jurors, what they know, reminding them, and taking them out."""

import pytest
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Mail
from proxeny.labels.models import Juror
from proxeny.labels.operations.jury import ask_juror, change_juror, remind_jurors, take_out_juror
from proxeny.labels.queries.jury import list_jurors
from tests.factories import labels as made
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.labels.juries import act, closed, has_conflict, juror, plan
from tests.partnerships.rooms import others, party

pytestmark = pytest.mark.django_db


def test_a_manager_asks_somebody_of_their_own_team(world):
    held = closed(world)
    person = juror(world, world.a, "Ioanna")
    one = act(
        world.a.manager,
        ask_juror,
        held,
        person_id=person.pk,
        topics=["Énergie ", "énergie", " Fishing"],
        most=12,
    )
    assert (one.party.side, one.topics, one.most, one.state) == (
        "A",
        ["energie", "fishing"],
        12,
        "asked",
    )
    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject) == (
        person.email,
        "Invitation to judge applications for “Atlas”",
    )
    assert f"/jury/{one.pk}/" in mail.text
    with pytest.raises(InvalidInput, match="This person is already on the jury"):
        act(world.a.manager, ask_juror, held, person_id=person.pk)


def test_people_of_any_seat_can_be_asked_but_not_of_the_other_side(world):
    held = closed(world)
    act(world.b.manager, ask_juror, held, person_id=world.b.ambassador.pk)
    act(world.b.manager, ask_juror, held, person_id=world.b.manager.pk)
    for person in (world.a.ambassador, world.b.representatives[0], world.nobody_special):
        with pytest.raises(InvalidInput, match="your own team") as caught:
            act(world.b.manager, ask_juror, held, person_id=person.pk)
        assert caught.value.field == "person_id"


def test_a_seat_that_has_ended_counts_no_more(world):
    held, person = closed(world), PersonFactory()
    yesterday = timezone.now().date().replace(year=2025)
    SeatFactory(person=person, organisation=world.a.cluster, role=Role.JUROR, ends_on=yesterday)
    with pytest.raises(InvalidInput):
        act(world.a.manager, ask_juror, held, person_id=person.pk)


def test_only_managers_ask(world):
    held, person = closed(world), juror(world, world.a, "Ioanna")
    with pytest.raises(NotAllowed):
        act(world.a.ambassador, ask_juror, held, person_id=person.pk)
    for one in [*others(world).values(), person]:
        with pytest.raises(NotFound):
            act(one, ask_juror, held, person_id=person.pk)


def test_what_a_juror_knows_is_changed_by_their_side_alone(world):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held)
    act(world.a.manager, change_juror, held, juror_id=one.pk, topics=["Ports"], most=3)
    one.refresh_from_db()
    assert (one.topics, one.most) == (["ports"], 3)
    with pytest.raises(NotAllowed, match="Greek cluster decides who judges on its behalf"):
        act(world.b.manager, change_juror, held, juror_id=one.pk, topics=[])
    for most in (0, 501):
        with pytest.raises(InvalidInput) as caught:
            act(world.a.manager, change_juror, held, juror_id=one.pk, most=most)
        assert caught.value.field == "most"
    topics = [f"field {number}" for number in range(21)]
    with pytest.raises(InvalidInput, match="at most 20 fields"):
        act(world.a.manager, change_juror, held, juror_id=one.pk, topics=topics)


def test_who_is_taken_out_keeps_what_they_scored_and_can_be_asked_again(world):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held)
    first, second = held.applications.order_by("pk")
    done = made.AssignmentFactory(juror=one, application=first, state="done")
    open_ = made.AssignmentFactory(juror=one, application=second)
    with pytest.raises(NotAllowed):
        act(world.b.manager, take_out_juror, held, juror_id=one.pk)
    act(world.a.manager, take_out_juror, held, juror_id=one.pk)
    done.refresh_from_db(), open_.refresh_from_db()
    assert (done.state, open_.state) == ("done", "abstained")
    assert Juror.objects.get(pk=one.pk).state == "out"
    with pytest.raises(Conflict):
        act(world.a.manager, take_out_juror, held, juror_id=one.pk)
    act(world.a.manager, ask_juror, held, person_id=one.person_id)
    assert Juror.objects.get(round=held).state == "asked"


def test_each_is_reminded_of_what_waits_once_a_day(world):
    held = closed(world, state="judging")
    juror(world, world.a, "Asked", held, state="asked", declared=False)
    juror(world, world.a, "Undeclared", held, declared=False)
    scoring = juror(world, world.b, "Scoring", held)
    juror(world, world.b, "Idle", held)
    made.AssignmentFactory(juror=scoring, application=held.applications.earliest("pk"))
    reminded = act(world.a.manager, remind_jurors, held)
    assert [one.person.name for one in reminded] == ["Asked", "Undeclared", "Scoring"]
    assert act(world.b.manager, remind_jurors, held) == []
    mail = Mail.objects.get(recipient=scoring.person.email)
    assert "1 application is still waiting for your scores." in mail.text


def test_nobody_is_reminded_to_declare_before_it_has_closed(world):
    held = plan(world)
    juror(world, world.a, "Ioanna", held, declared=False)
    assert act(world.a.manager, remind_jurors, held) == []


def test_loads_and_conflicts_are_counted_in_three_queries(
    world, reading, django_assert_num_queries
):
    held = closed(world, state="judging", applicants=world.a.members + world.b.members)
    one = juror(world, world.a, "Ioanna", held)
    applications = list(held.applications.order_by("pk"))
    has_conflict(one, applications[0])
    made.AssignmentFactory(juror=one, application=applications[1], state="done")
    made.AssignmentFactory(juror=one, application=applications[2])
    with reading(world.b.manager), django_assert_num_queries(3):
        [seated] = list_jurors(held)
    assert (seated.open, seated.done, seated.conflicts, seated.load) == (1, 1, 1, 2)
    for name in ("Jason", "Irini"):
        juror(world, world.a, name, held)
    with reading(world.b.manager), django_assert_num_queries(3):
        found = list_jurors(held)
    assert [one.juror.person.name for one in found] == ["Ioanna", "Irini", "Jason"]


def test_the_party_of_a_juror_is_their_own_side(world):
    held = closed(world)
    one = juror(world, world.b, "Jules", held)
    assert one.party == party(world, world.b)
