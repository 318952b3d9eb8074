"""The jury talks an application over: what jurors see of each other, and what managers do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.labels.models import Assignment, Remark
from proxeny.labels.operations.discussing import (
    read_discussion,
    read_talk,
    remark_as_juror,
    remark_as_manager,
)
from proxeny.labels.operations.scoring import Typed, save_scores
from proxeny.partnerships.models import Interest
from tests.conftest import reader_of
from tests.factories.accounts import SeatFactory
from tests.labels.judging import assign, make_judged, make_juror, submit
from tests.partnerships.rooms import do, others
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def judged(world):
    return make_judged(world, state="discussing")


@staged
def given(judged, world):
    one = submit(judged, world.a.members[0])
    mine = assign(judged.greek, one, 2, None, 4)
    assign(judged.french, one, 4.5, 3, 4)
    return mine


def read(given, person=None):
    reader = reader_of(person or given.person)
    return do(person or given.person, lambda actor, now: read_discussion(reader, given.pk))


def say(given, text="I was stricter than you.", person=None, **values):
    return do(person or given.person, remark_as_juror, assignment_id=given.pk, text=text, **values)


def say_as_manager(judged, given, person, text="Think of the second harbour.", **values):
    return do(
        person,
        remark_as_manager,
        partnership_id=given.partnership_id,
        round_id=judged.round.pk,
        application_id=given.application_id,
        text=text,
        **values,
    )


def test_jurors_see_each_others_scores_and_nobodys_name(judged, given, world):
    say(given)
    say_as_manager(judged, given, world.b.manager)
    _reading, talk = read(given)
    assert [one.label for one in talk.seats] == ["You (juror 1)", "Juror 2 · French cluster"]
    points = {key: [cell.score.points for cell in cells] for key, cells in talk.cells.items()}
    assert list(points.values()) == [[2, Decimal("4.50")], [None, 3], [4, 4]]
    assert [talk.ends(key) for key in judged.keys] == [(2, Decimal("4.50")), None, (4, 4)]
    assert [(one.who, one.is_own) for one in talk.lines] == [
        ("You (juror 1)", True),
        ("French manager", False),
    ]
    _reading, talk = read(Assignment.objects.get(juror=judged.french))
    assert [one.label for one in talk.seats] == ["Juror 1 · Greek cluster", "You (juror 2)"]
    assert talk.lines[0].who == "Juror 1 · Greek cluster"


def test_managers_see_names(judged, given, world):
    say(given)
    reader = reader_of(world.b.manager)
    talk = do(
        world.b.manager,
        lambda actor, now: read_talk(reader, judged.round, given.application_id),
    )
    assert [one.label for one in talk.seats] == [
        "Greek juror · Greek cluster",
        "French juror · French cluster",
    ]
    assert [one.who for one in talk.lines] == ["Greek juror"]


def test_who_remarked_and_abstained_since_keeps_no_name(judged, given):
    other = Assignment.objects.get(juror=judged.french)
    say(other, "I was milder than you.")
    Assignment.objects.filter(pk=other.pk).update(state="abstained")
    _reading, told = read(given)
    assert [one.who for one in told.lines] == ["Juror"]


def test_who_abstained_is_not_there(judged, given):
    Assignment.objects.filter(juror=judged.french).update(state="abstained")
    _reading, talk = read(given)
    assert [one.label for one in talk.seats] == ["You (juror 1)"]


@pytest.mark.parametrize("state", ["open", "judging"])
def test_before_all_talk_it_over_nobody_sees_what_the_others_gave(judged, given, state, reading):
    judged.set(state=state)
    with pytest.raises(Conflict, match="once the jury discusses them"):
        read(given)
    with pytest.raises(Conflict, match="between the scoring and the decision"):
        say(given)
    with reading(given.person):
        assert Assignment.objects.count() == 1


def test_after_the_decision_it_is_read_and_nothing_is_said(judged, given, world):
    judged.set(state="decided")
    assert len(read(given)[1].seats) == 2
    with pytest.raises(Conflict, match="between the scoring and the decision"):
        say(given)
    with pytest.raises(Conflict):
        say_as_manager(judged, given, world.a.manager)


def test_an_appeal_is_read_by_each_alone(judged, given):
    Assignment.objects.filter(pk=given.pk).update(is_appeal=True)
    with pytest.raises(Conflict):
        read(given)
    with pytest.raises(Conflict):
        say(given)


def test_a_change_of_points_is_told_from_which_to_which(judged, given):
    first, second, third = judged.keys
    at = timezone.now() + timedelta(minutes=1)
    typed = [
        Typed(key, points, "", at)
        for key, points in ((first, Decimal("3.5")), (second, Decimal(3)), (third, None))
    ]
    do(given.person, save_scores, assignment_id=given.pk, scores=typed, now=at)
    _reading, talk = read(Assignment.objects.get(juror=judged.french))
    assert [(one.who, one.indicator, one.changed) for one in talk.lines] == [
        ("Juror 1 · Greek cluster", "New abroad", "Now gives 3½ points instead of 2."),
        ("Juror 1 · Greek cluster", "Customers", "Now gives 3 points; couldn’t judge it before."),
        ("Juror 1 · Greek cluster", "Team", "Can’t judge it after all; gave 4 points before."),
    ]


def test_a_remark_leaves_a_row_in_the_trail_of_the_jurors_cluster(judged, given, world):
    one = say(given, indicator=judged.keys[0])
    entry = AuditEntry.objects.get(verb="remark_application")
    assert (entry.target_id, entry.organisation_id, entry.person_id) == (
        one.pk,
        world.a.cluster.pk,
        given.person_id,
    )
    assert one.text not in str(entry.changes)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"indicator": "i999"}, "indicator"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(judged, given, world, values, field):
    for deed in (
        lambda: say(given, **{"text": "Hm.", **values}),
        lambda: say_as_manager(judged, given, world.a.manager, **{"text": "Hm.", **values}),
    ):
        with pytest.raises(InvalidInput) as refused:
            deed()
        assert refused.value.field == field
    assert not Remark.objects.exists()


def test_others_neither_read_nor_say_anything(judged, given, world, reading):
    third = make_juror(judged.round, world, world.b, "Second French juror")
    outside = {**others(world), "juror of another": third.person, "manager": world.a.manager}
    for person in outside.values():
        with pytest.raises(NotFound):
            read(given, person)
        with pytest.raises(NotFound):
            say(given, person=person)
    for person in (*others(world).values(), given.person):
        with pytest.raises(NotFound):
            say_as_manager(judged, given, person)
    with pytest.raises(NotAllowed):
        say_as_manager(judged, given, world.a.ambassador)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        reading(third.person),
    ):
        Remark.objects.create(
            partnership_id=given.partnership_id,
            application_id=given.application_id,
            person_id=third.person_id,
            text="Me too.",
            said_at=timezone.now(),
        )


def test_a_manager_with_a_conflict_or_of_the_applicant_stays_out(judged, given, world):
    SeatFactory(person=world.a.manager, organisation=world.a.members[0], role=Role.REPRESENTATIVE)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.manager,
        subject="application",
        subject_id=given.application_id,
        conflicts=True,
        said_at=timezone.now(),
    )
    for person in (world.a.manager, world.b.manager):
        with pytest.raises(NotFound):
            say_as_manager(judged, given, person)


def test_it_takes_as_many_queries_for_one_remark_as_for_three(judged, given):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            read(given)
        return len(captured)

    say(given)
    one = queries()
    say(given)
    say(given)
    assert queries() == one
