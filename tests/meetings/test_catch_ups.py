"""Catch-ups: planned, changed, called off, answered, written down, closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.meetings.met_queries import pairs_met
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting
from proxeny.meetings.operations import rate_meeting
from proxeny.meetings.operations.catch_ups import (
    answer_catch_up,
    call_off_catch_up,
    change_catch_up,
    plan_catch_up,
)
from proxeny.meetings.operations.minutes import (
    Minutes,
    NewAction,
    close_catch_up,
    miss_catch_up,
    reopen_catch_up,
    write_minutes,
)
from proxeny.meetings.queries import (
    count_open_questions,
    count_partnership_outcome,
    list_questions,
    own_meetings,
)
from proxeny.partnerships.models import Action, Partnership, Party
from tests.conftest import reader_of
from tests.factories.meetings import make_meeting
from tests.meetings.catching_up import STARTS_AT, do, facts
from tests.stages import staged

#: After it is over.
AFTER = STARTS_AT + timedelta(hours=2)


@staged
def planned(world) -> CatchUp:
    """Planned by A's manager."""
    return do(world.a.manager, plan_catch_up, world, facts=facts(world))


def one(catch_up, world, **values):
    return {"catch_up_id": catch_up.pk, **values}


def guests_of(catch_up) -> dict[str, tuple[str, bool | None]]:
    rows = CatchUpGuest.objects.filter(catch_up=catch_up).select_related("person")
    return {guest.person.name: (guest.answer, guest.came) for guest in rows}


def verbs(catch_up) -> list[str]:
    rows = AuditEntry.objects.filter(target="meetings.catchup", target_id=catch_up.pk)
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_a_planned_catch_up_is_a_meeting_of_both_teams(world, planned):
    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.state) == ("catch-up", "confirmed")
    assert meeting.pk == planned.pk
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=1)
    assert meeting.organisations == sorted([world.a.cluster.pk, world.b.cluster.pk])
    assert [party.name for party in meeting.parties.all()] == ["", ""]
    # Who plans it and comes has said so.
    assert guests_of(planned) == {
        "Greek manager": ("ACCEPTED", None),
        "French manager": ("NEEDS-ACTION", None),
        "French ambassador": ("NEEDS-ACTION", None),
    }
    (entry,) = AuditEntry.objects.filter(verb="plan_catch_up")
    assert (entry.partnership_id, entry.organisation_id) == (
        world.partnership.pk,
        world.a.cluster.pk,
    )


def test_two_that_are_planned_at_the_same_moment_have_names_of_their_own(world, planned):
    again = do(world.a.manager, plan_catch_up, world, facts=facts(world))
    assert again.meeting.uid != planned.meeting.uid


@pytest.mark.parametrize("who", ["ambassador", "manager"])
def test_both_teams_plan_and_write(world, who):
    side = world.b
    made = do(getattr(side, who), plan_catch_up, world, facts=facts(world))
    done = do(
        getattr(world.a, who),
        change_catch_up,
        world,
        **one(made, world, version=1, facts=facts(world, title="Review")),
    )
    assert done.meeting.title == "Review"


@pytest.mark.parametrize("who", ["c.manager", "a.representatives", "nobody_special"])
def test_nobody_else_plans_reads_or_writes(world, planned, who):
    side, _dot, role = who.partition(".")
    person = getattr(world, side)
    person = getattr(person, role) if role else person
    person = person[0] if isinstance(person, list) else person
    for operation, values in (
        (plan_catch_up, {"facts": facts(world)}),
        (change_catch_up, one(planned, world, version=1, facts=facts(world))),
        (call_off_catch_up, one(planned, world, reason="x")),
        (answer_catch_up, one(planned, world, will_come=True)),
        (close_catch_up, one(planned, world)),
        (write_minutes, one(planned, world, version=1, minutes=Minutes("x"))),
    ):
        with pytest.raises(NotFound):
            do(person, operation, world, **values)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"guests": ()}, "guests"),
        ({"in_person": True, "place": "  "}, "place"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"duration_min": 4}, "duration_min"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_facts_that_do_not_hold_are_refused_at_their_field(world, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        do(world.a.manager, plan_catch_up, world, facts=facts(world, **changes))
    assert refusal.value.field == field


def test_guests_are_people_of_two_teams(world):
    for people in (
        [world.a.manager, world.a.ambassador],
        [world.a.manager, world.c.manager],
        [world.a.manager, world.b.representatives[0]],
    ):
        with pytest.raises(InvalidInput) as refusal:
            do(
                world.a.manager,
                plan_catch_up,
                world,
                facts=facts(world, guests=tuple(one.pk for one in people)),
            )
        assert refusal.value.field == "guests"


def test_a_host_belongs_to_a_meeting_face_to_face(world):
    host = world.partnership.parties.get(side="B").pk
    call = do(world.a.manager, plan_catch_up, world, facts=facts(world, host_id=host))
    assert call.host_id is None
    there = facts(world, host_id=host, in_person=True, place="Paris")
    assert do(world.a.manager, plan_catch_up, world, facts=there).host_id == host
    with pytest.raises(InvalidInput) as refusal:
        do(world.a.manager, plan_catch_up, world, facts=replace(there, host_id=host + 100))
    assert refusal.value.field == "host"


def test_an_ended_partnership_plans_nothing_more(world, planned):
    Partnership.objects.update(state=Partnership.State.ENDED)
    with pytest.raises(Conflict):
        do(world.a.manager, plan_catch_up, world, facts=facts(world))
    with pytest.raises(Conflict):
        do(world.a.manager, call_off_catch_up, world, **one(planned, world, reason="x"))


def test_a_new_time_raises_the_sequence_and_asks_anew(world, planned):
    do(world.b.manager, answer_catch_up, world, **one(planned, world, will_come=True))
    later = facts(world, starts_at=STARTS_AT + timedelta(days=1))
    moved = do(
        world.b.ambassador, change_catch_up, world, **one(planned, world, version=1, facts=later)
    )
    assert (moved.version, moved.meeting.sequence) == (2, 1)
    answers = {name: answer for name, (answer, _came) in guests_of(planned).items()}
    assert answers == dict.fromkeys(
        ("Greek manager", "French manager", "French ambassador"), "NEEDS-ACTION"
    )
    entry = AuditEntry.objects.get(verb="move_catch_up")
    assert entry.changes["starts_at"] == [STARTS_AT.isoformat(), later.starts_at.isoformat()]


def test_another_agenda_moves_nothing(world, planned):
    changed = do(
        world.b.manager,
        change_catch_up,
        world,
        **one(planned, world, version=1, facts=facts(world, agenda="Money")),
    )
    assert (changed.version, changed.meeting.sequence) == (2, 0)
    assert verbs(planned) == ["plan_catch_up", "change_catch_up"]
    same = do(
        world.b.manager,
        change_catch_up,
        world,
        **one(planned, world, version=2, facts=facts(world, agenda="Money")),
    )
    assert same.version == 2
    assert len(verbs(planned)) == 2


def test_what_somebody_else_changed_is_not_overwritten(world, planned):
    do(
        world.b.manager,
        change_catch_up,
        world,
        **one(planned, world, version=1, facts=facts(world, agenda="Money")),
    )
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            change_catch_up,
            world,
            **one(planned, world, version=1, facts=facts(world, agenda="People")),
        )
    assert CatchUp.objects.get().agenda == "Money"


def test_another_guest_is_another_party_of_the_meeting(world, planned):
    third = world.partnership.parties.create(organisation=world.c.cluster, side="C")
    asked = (*facts(world).guests, world.c.manager.pk)
    do(
        world.a.manager,
        change_catch_up,
        world,
        **one(planned, world, version=1, facts=facts(world, guests=asked)),
    )
    assert planned.meeting.parties.filter(organisation=third.organisation).exists()
    do(
        world.c.manager,
        change_catch_up,
        world,
        **one(planned, world, version=2, facts=facts(world)),
    )
    assert not planned.meeting.parties.filter(organisation=third.organisation).exists()
    planned.meeting.refresh_from_db()
    assert planned.meeting.organisations == sorted([world.a.cluster.pk, world.b.cluster.pk])


def test_whose_seat_has_ended_stays_asked(world, planned):
    world.b.ambassador.seats.update(ends_on=date(2083, 2, 1))
    changed = do(
        world.a.manager,
        change_catch_up,
        world,
        **one(planned, world, version=1, facts=facts(world, agenda="Money")),
    )
    assert changed.guests.count() == 3


def test_calling_off_needs_a_reason_and_happens_once(world, planned):
    with pytest.raises(InvalidInput) as refusal:
        do(world.b.manager, call_off_catch_up, world, **one(planned, world, reason=" "))
    assert refusal.value.field == "reason"
    for _again in range(2):
        done = do(
            world.b.manager, call_off_catch_up, world, **one(planned, world, reason="A strike")
        )
    assert (done.meeting.state, done.meeting.sequence) == ("cancelled", 1)
    assert verbs(planned) == ["plan_catch_up", "call_off_catch_up"]
    with pytest.raises(Conflict):
        do(world.b.manager, reopen_catch_up, world, **one(planned, world))
    with pytest.raises(Conflict):
        do(world.b.manager, answer_catch_up, world, **one(planned, world, will_come=True))


def test_only_guests_answer_and_only_until_it_is_over(world, planned):
    answer = one(planned, world, will_come=False)
    with pytest.raises(NotAllowed):
        do(world.a.ambassador, answer_catch_up, world, **answer)
    do(world.b.manager, answer_catch_up, world, **answer)
    assert guests_of(planned)["French manager"] == ("DECLINED", None)
    planned.refresh_from_db()
    assert planned.version == 1
    with pytest.raises(Conflict):
        do(world.b.manager, answer_catch_up, world, now=AFTER, **answer)


def minutes(world, *came, text="We talked about money.", decisions=("We go to Lyon.",)):
    return Minutes(text, decisions, tuple(person.pk for person in came))


def test_minutes_hold_text_decisions_who_came_and_actions(world, planned):
    party = world.partnership.parties.get(side="B")
    done = do(
        world.a.manager,
        write_minutes,
        world,
        now=AFTER,
        **one(
            planned,
            world,
            version=1,
            minutes=minutes(
                world,
                world.a.manager,
                world.b.manager,
                world.a.ambassador,
                decisions=("We go to Lyon.", " ", "Twelve  companies come."),
            ),
            actions=[NewAction("Book the stand", date(2083, 4, 1), party.pk, world.b.manager.pk)],
        ),
    )
    assert done.version == 2
    assert [row.text for row in done.decisions.all()] == [
        "We go to Lyon.",
        "Twelve companies come.",
    ]
    # Who came without being asked is a guest now.
    assert guests_of(planned) == {
        "Greek manager": ("ACCEPTED", True),
        "French manager": ("NEEDS-ACTION", True),
        "French ambassador": ("NEEDS-ACTION", False),
        "Greek ambassador": ("NEEDS-ACTION", True),
    }
    action = Action.objects.get()
    assert (action.origin, action.origin_id, action.party, action.person) == (
        "catch-up",
        planned.pk,
        party,
        world.b.manager,
    )
    entry = AuditEntry.objects.get(verb="write_minutes")
    assert entry.changes["minutes"] == ["", "We talked about money."]
    assert AuditEntry.objects.filter(verb="add_action").count() == 1


def test_minutes_of_two_writers_lose_nothing(world, planned):
    first = one(planned, world, version=1, minutes=minutes(world, world.a.manager, text="One."))
    do(world.a.manager, write_minutes, world, now=AFTER, **first)
    with pytest.raises(Conflict):
        do(
            world.b.manager,
            write_minutes,
            world,
            now=AFTER,
            **one(
                planned,
                world,
                version=1,
                minutes=minutes(world, text="Two."),
                actions=[NewAction("Lost?", date(2083, 4, 1))],
            ),
        )
    assert CatchUp.objects.get().minutes == "One."
    assert not Action.objects.exists()


def test_a_wrong_action_is_told_with_its_line_and_writes_nothing(world, planned):
    with pytest.raises(InvalidInput) as refusal:
        do(
            world.a.manager,
            write_minutes,
            world,
            now=AFTER,
            **one(
                planned,
                world,
                version=1,
                minutes=minutes(world, world.a.manager),
                actions=[
                    NewAction("Good", date(2083, 4, 1)),
                    NewAction("Whose?", date(2083, 4, 1), person_id=world.c.manager.pk),
                ],
            ),
        )
    assert refusal.value.field == "action_1_person"
    assert not Action.objects.exists()


def test_nothing_is_written_down_before_it_begins(world, planned):
    early = {"now": STARTS_AT - timedelta(hours=2)}
    values = one(planned, world, version=1, minutes=minutes(world, world.a.manager))
    with pytest.raises(Conflict):
        do(world.a.manager, write_minutes, world, **early, **values)
    with pytest.raises(Conflict):
        do(world.a.manager, close_catch_up, world, **early, **one(planned, world))
    with pytest.raises(Conflict):
        do(world.a.manager, miss_catch_up, world, **early, **one(planned, world))


def test_closing_needs_somebody_of_two_sides(world, planned):
    with pytest.raises(InvalidInput) as refusal:
        do(world.a.manager, close_catch_up, world, now=AFTER, **one(planned, world))
    assert refusal.value.field == "came"
    there = minutes(world, world.a.manager, world.b.ambassador)
    done = do(
        world.b.ambassador,
        write_minutes,
        world,
        now=AFTER,
        **one(planned, world, version=1, minutes=there, is_final=True),
    )
    assert (done.meeting.state, done.closed_at, done.version) == ("held", AFTER, 3)
    # Closed minutes stand until somebody opens them again.
    for operation, values in (
        (write_minutes, one(planned, world, version=3, minutes=there)),
        (change_catch_up, one(planned, world, version=3, facts=facts(world, agenda="x"))),
        (call_off_catch_up, one(planned, world, reason="x")),
    ):
        with pytest.raises(Conflict):
            do(world.a.manager, operation, world, now=AFTER, **values)
    opened = do(world.a.manager, reopen_catch_up, world, now=AFTER, **one(planned, world))
    assert (opened.meeting.state, opened.closed_at) == ("confirmed", None)
    assert verbs(planned)[1:] == ["write_minutes", "close_catch_up", "reopen_catch_up"]


def test_a_missed_one_is_marked_and_can_be_opened_again(world, planned):
    done = do(world.b.manager, miss_catch_up, world, now=AFTER, **one(planned, world))
    assert done.meeting.state == "missed"
    with pytest.raises(Conflict):
        do(world.b.manager, close_catch_up, world, now=AFTER, **one(planned, world))
    opened = do(world.b.manager, reopen_catch_up, world, now=AFTER, **one(planned, world))
    assert opened.meeting.state == "confirmed"


def test_one_that_was_never_planned_is_noted_afterwards(world):
    past = facts(world, starts_at=datetime(2083, 1, 11, 8, tzinfo=UTC))
    made = do(world.a.manager, plan_catch_up, world, facts=past)
    done = do(
        world.a.manager,
        write_minutes,
        world,
        **one(
            made,
            world,
            version=1,
            is_final=True,
            minutes=minutes(world, world.a.manager, world.b.manager),
        ),
    )
    assert done.meeting.state == "held"


def test_catch_ups_ask_for_no_rating_and_count_in_no_outcome(world, planned, reading):
    make_meeting(
        world.partnership,
        (world.a.members[0], None),
        (world.b.members[0], None),
        starts_at=STARTS_AT,
        ends_at=AFTER,
    )
    reader = reader_of(world.a.manager)
    with reading(world.a.manager):
        assert list_questions(reader, now=AFTER) == []
        assert count_open_questions(reader, now=AFTER) == 0
        assert count_partnership_outcome(reader, world.partnership.pk).planned == 1
        met = pairs_met(
            [world.a.cluster.pk, world.b.cluster.pk, world.a.members[0].pk, world.b.members[0].pk]
        )
        assert (world.a.cluster.pk, world.b.cluster.pk) not in met
        assert (world.a.members[0].pk, world.b.members[0].pk) in met
        with pytest.raises(Conflict):
            rate_meeting(
                actor=reader, meeting_id=planned.pk, phase="day", value="possible", now=AFTER
            )


def test_it_stands_in_the_calendar_of_guests_who_have_not_said_no(world, planned, reading):
    def goes(person) -> bool:
        with reading(person):
            return own_meetings(reader_of(person)).filter(pk=planned.pk).exists()

    assert [goes(one) for one in (world.a.manager, world.a.ambassador, world.b.ambassador)] == [
        True,
        False,
        True,
    ]
    do(world.b.ambassador, answer_catch_up, world, **one(planned, world, will_come=False))
    assert not goes(world.b.ambassador)


def test_who_has_left_the_alliance_reads_nothing_of_it(world, planned, reading):
    world.partnership.parties.filter(side="B").update(state=Party.State.LEFT)
    with reading(world.b.manager):
        assert not Meeting.objects.exists()
        assert not CatchUp.objects.exists()
        assert not CatchUpGuest.objects.exists()
