"""Setting an event up: by managers of either side, in the event's own time."""

from datetime import UTC, date, datetime, time

import pytest

from proxeny.events import operations as ops
from proxeny.events.models import Event, Slot
from proxeny.events.queries import days_of, get_event
from proxeny.events.times import Break, Day
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.factories.partnerships import let_each_decide
from tests.factories.world import make_event

NOW = datetime(2083, 1, 10, 9, 0, tzinfo=UTC)
DAY = Day(date(2083, 3, 10), time(9), time(12), 20, 5, (Break(time(10, 15), time(10, 45)),))


def facts(**values):
    return ops.EventFacts(
        **{
            "title": "Spring meetings",
            "place": "Athens",
            "time_zone": "Europe/Athens",
            "starts_on": date(2083, 3, 10),
            "ends_on": date(2083, 3, 11),
            "deadline_at": datetime(2083, 3, 1, 16, 0, tzinfo=UTC),
            **values,
        }
    )


def make_draft(world, reader):
    return ops.create_event(actor=reader, partnership_id=world.partnership.pk, facts=facts())


@pytest.mark.parametrize("side", ["a", "b"])
def test_manager_of_either_side_makes_a_draft_with_a_group_for_each_party(world, acting, side):
    with acting(getattr(world, side).manager) as reader:
        event = make_draft(world, reader)
        assert event.state == Event.State.DRAFT
        assert [(g.name, g.side) for g in event.groups.all()] == [
            ("Greek cluster", "A"),
            ("French cluster", "B"),
        ]
        assert sorted(
            (rule.source.side, rule.target.side, rule.is_allowed)
            for rule in event.rules.select_related("source", "target")
        ) == [("A", "A", False), ("A", "B", True), ("B", "A", True), ("B", "B", False)]


@pytest.mark.parametrize("who", ["representative", "ambassador", "other", "stranger"])
def test_nobody_else_makes_an_event(world, acting, who):
    person = {
        "representative": world.a.representatives[0],
        "ambassador": world.a.ambassador,
        "other": world.c.manager,
        "stranger": world.nobody_special,
    }[who]
    with acting(person) as reader, pytest.raises((NotAllowed, NotFound)):
        make_draft(world, reader)


def test_draft_is_hidden_from_members_and_from_others(world, acting):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
    with acting(world.b.manager):
        assert get_event(event.pk) == event
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special):
        with acting(person), pytest.raises(NotFound):
            get_event(event.pk)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "x" * 201}),
        ("place", {"place": ""}),
        ("time_zone", {"time_zone": "Europe/Atlantis"}),
        ("ends_on", {"ends_on": date(2083, 3, 9)}),
        ("ends_on", {"ends_on": date(2083, 5, 9)}),
        ("fairness", {"fairness": 51}),
        ("deadline_at", {"deadline_at": datetime(2083, 3, 11, 9, tzinfo=UTC)}),
    ],
)
def test_bad_fact_gets_a_sentence_at_its_field(world, acting, field, values):
    with acting(world.a.manager) as reader:
        with pytest.raises(InvalidInput) as refused:
            ops.create_event(
                actor=reader, partnership_id=world.partnership.pk, facts=facts(**values)
            )
        assert refused.value.field == field
        assert str(refused.value).endswith(".")


def test_days_become_slots_with_sessions_and_breaks(world, acting):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        day = Day(
            date(2083, 3, 10), time(9), time(15), 30, 0, (Break(time(12), time(13), "Lunch"),)
        )
        slots = ops.set_days(actor=reader, event_id=event.pk, days=[day])
        assert [slot.number for slot in slots] == list(range(1, 11))
        assert slots[0].starts_at == datetime(2083, 3, 10, 7, 0, tzinfo=UTC)
        assert slots[6].starts_at == datetime(2083, 3, 10, 11, 0, tzinfo=UTC)
        assert [slot.session for slot in slots] == [1] * 6 + [2] * 4
        shown = days_of(get_event(event.pk))
        assert [half.is_morning for half in shown[0].halves] == [True, False]
        assert [row.name for row in shown[0].rows if row.slot is None] == ["Lunch"]


def test_changeover_and_break_move_the_slots(world, acting):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        slots = ops.set_days(actor=reader, event_id=event.pk, days=[DAY])
    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == [
        "07:00",
        "07:25",
        "07:50",
        "08:45",
        "09:10",
        "09:35",
    ]


def test_the_same_days_again_change_nothing(world, acting):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        first = ops.set_days(actor=reader, event_id=event.pk, days=[DAY])
        again = ops.set_days(actor=reader, event_id=event.pk, days=[DAY])
    assert [slot.pk for slot in again] == [slot.pk for slot in first]


def test_day_on_which_the_clocks_go_forward(world, acting):
    """In Athens 03:00 becomes 04:00 on 28 March 2083."""
    with acting(world.a.manager) as reader:
        event = ops.create_event(
            actor=reader,
            partnership_id=world.partnership.pk,
            facts=facts(starts_on=date(2083, 3, 28), ends_on=date(2083, 3, 28)),
        )
        night = Day(date(2083, 3, 28), time(1), time(6), 60)
        slots = ops.set_days(actor=reader, event_id=event.pk, days=[night])
        # From 1 to 6 by the clock are four hours on that night.
        assert len(slots) == 4
        assert {slot.ends_at - slot.starts_at for slot in slots} == {
            slots[0].ends_at - slots[0].starts_at
        }
        assert [row.starts for row in days_of(get_event(event.pk))[0].rows] == [
            "01:00",
            "02:00",
            "04:00",
            "05:00",
        ]
        with pytest.raises(InvalidInput, match="clocks go forward and 03:30"):
            ops.set_days(
                actor=reader,
                event_id=event.pk,
                days=[Day(date(2083, 3, 28), time(3, 30), time(6), 60)],
            )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "at least one day"),
        ([DAY, DAY], "This day appears twice."),
        ([Day(date(2083, 4, 1), time(9), time(12))], "isn’t a day of this event"),
        ([Day(date(2083, 3, 10), time(12), time(9))], "day must end after it starts"),
        ([Day(date(2083, 3, 10), time(9), time(9, 10))], "too short for even one slot"),
        ([Day(date(2083, 3, 10), time(9), time(12), 2)], "5 to 240 minutes"),
        ([Day(date(2083, 3, 10), time(9), time(12), 20, 90)], "0 to 60 minutes"),
        (
            [Day(date(2083, 3, 10), time(9), time(12), 20, 0, (Break(time(8), time(9, 30)),))],
            "outside the day",
        ),
        (
            [Day(date(2083, 3, 10), time(9), time(12), 20, 0, (Break(time(10), time(10)),))],
            "A break must end after it starts.",
        ),
        (
            [Day(date(2083, 3, 10 + n), time(0), time(23, 55), 5) for n in range(2)],
            "no more than 200",
        ),
    ],
)
def test_bad_days_get_a_sentence(world, acting, days, words):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        with pytest.raises(InvalidInput, match=words):
            ops.set_days(actor=reader, event_id=event.pk, days=days)


def test_new_days_say_what_is_lost_and_keep_what_overlaps(world, acting):
    made = make_event(world, slots=6)
    french = made.french[0]
    french.unavailable = [1, 2]
    french.save()
    gone = [slot for slot in made.event.slots.all() if slot.number in (1, 2)]
    with acting(world.a.manager) as reader:
        day = Day(date(2083, 3, 10), time(9), time(12), 30)
        with pytest.raises(Conflict, match="6 participants have set"):
            ops.set_days(actor=reader, event_id=made.event.pk, days=[day])
        assert Slot.objects.filter(event=made.event).count() == 6
        slots = ops.set_days(actor=reader, event_id=made.event.pk, days=[day], accept_loss=True)
    french.refresh_from_db()
    assert french.unavailable == [
        slot.number
        for slot in slots
        if any(slot.starts_at < off.ends_at and slot.ends_at > off.starts_at for off in gone)
    ]
    assert french.unavailable


def test_tables_are_named_numbered_and_checked(world, acting):
    with acting(world.b.manager) as reader:
        event = make_draft(world, reader)
        tables = ops.set_tables(
            actor=reader,
            event_id=event.pk,
            tables=[ops.NewTable("Olive"), ops.NewTable("Video 1", "video")],
        )
        assert [(t.number, t.name, t.kind) for t in tables] == [
            (1, "Olive", "onsite"),
            (2, "Video 1", "video"),
        ]
        for wrong, words in (
            ([], "at least one table"),
            ([ops.NewTable("A"), ops.NewTable("A")], "Two tables"),
            ([ops.NewTable(" ")], "needs a name"),
            ([ops.NewTable("A", "sofa")], "on site or a video"),
            ([ops.NewTable(str(n)) for n in range(201)], "up to 200 tables"),
        ):
            with pytest.raises(InvalidInput, match=words):
                ops.set_tables(actor=reader, event_id=event.pk, tables=wrong)


def test_groups_are_kept_while_somebody_is_in_them(world, acting):
    made = make_event(world)
    with acting(world.a.manager) as reader:
        first, second = made.event.groups.all()
        keep = ops.NewGroup("Greek makers", world.a.cluster.pk, first.pk)
        with pytest.raises(Conflict, match="3 participants belong to “French cluster”"):
            ops.set_groups(actor=reader, event_id=made.event.pk, groups=[keep])
        groups = ops.set_groups(
            actor=reader,
            event_id=made.event.pk,
            groups=[
                keep,
                ops.NewGroup("French cluster", world.b.cluster.pk, second.pk),
                ops.NewGroup("Investors"),
            ],
        )
        assert [group.name for group in groups] == ["Greek makers", "French cluster", "Investors"]
        assert made.event.rules.count() == 9
        with pytest.raises(InvalidInput, match="isn’t part of this partnership"):
            ops.set_groups(
                actor=reader,
                event_id=made.event.pk,
                groups=[keep, ops.NewGroup("Others", world.c.cluster.pk)],
            )


def test_rules_say_how_many_requests_would_not_count(world, acting):
    made = make_event(world)
    with acting(world.a.representatives[0]) as reader:
        ops.set_request(
            actor=reader,
            participation_id=made.greek[0].pk,
            target_id=made.french[0].pk,
            kind="wish",
            now=NOW,
        )
    with acting(world.b.manager) as reader:
        first, second = made.event.groups.all()
        closed = {(first.pk, second.pk): False}
        with pytest.raises(Conflict, match="1 request goes"):
            ops.set_rules(actor=reader, event_id=made.event.pk, allowed=closed)
        ops.set_rules(actor=reader, event_id=made.event.pk, allowed=closed, accept_loss=True)
        with pytest.raises(InvalidInput, match="at least one group"):
            ops.set_rules(
                actor=reader, event_id=made.event.pk, allowed={(second.pk, first.pk): False}
            )


def test_old_version_is_a_conflict(world, acting):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        changed = ops.update_event(
            actor=reader, event_id=event.pk, version=1, facts=facts(title="Renamed")
        )
        assert changed.version == 2
        with pytest.raises(Conflict, match="Someone else changed"):
            ops.update_event(actor=reader, event_id=event.pk, version=1, facts=facts())


def test_another_time_zone_cuts_a_draft_again(world, acting):
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        ops.set_days(actor=reader, event_id=event.pk, days=[DAY])
        event.refresh_from_db()
        ops.update_event(
            actor=reader,
            event_id=event.pk,
            version=event.version,
            facts=facts(time_zone="Europe/Paris"),
        )
        assert event.slots.first().starts_at == datetime(2083, 3, 10, 8, 0, tzinfo=UTC)


def test_an_event_runs_through_its_states(world, acting):
    let_each_decide(world.partnership)
    with acting(world.a.manager) as reader:
        event = make_draft(world, reader)
        with pytest.raises(InvalidInput, match="Split the days into slots first"):
            ops.open_event(actor=reader, event_id=event.pk, now=NOW)
        ops.set_days(actor=reader, event_id=event.pk, days=[DAY])
        with pytest.raises(InvalidInput, match="Enter the number of tables first"):
            ops.open_event(actor=reader, event_id=event.pk, now=NOW)
        ops.set_tables(actor=reader, event_id=event.pk, tables=[ops.NewTable("Olive")])
        with pytest.raises(InvalidInput, match="deadline for requests has passed"):
            ops.open_event(actor=reader, event_id=event.pk, now=datetime(2083, 3, 2, tzinfo=UTC))
        assert ops.open_event(actor=reader, event_id=event.pk, now=NOW).state == "open"
        assert ops.close_requests(actor=reader, event_id=event.pk, now=NOW).state == "closed"
        with pytest.raises(Conflict, match="Requests closed"):
            ops.close_requests(actor=reader, event_id=event.pk, now=NOW)
    with acting(world.b.manager) as reader:
        later = datetime(2083, 3, 5, 9, tzinfo=UTC)
        event = ops.reopen_requests(actor=reader, event_id=event.pk, deadline_at=later, now=NOW)
        assert (event.state, event.deadline_at) == ("open", later)
        with pytest.raises(Conflict):
            ops.finish_event(actor=reader, event_id=event.pk, now=NOW)
    with acting(world.a.representatives[0]) as reader, pytest.raises(NotAllowed):
        ops.close_requests(actor=reader, event_id=event.pk, now=NOW)


def test_calling_off_tells_both_sides_once_with_the_reason(world, acting):
    from proxeny.kernel.models import Mail

    made = make_event(world)
    let_each_decide(world.partnership)
    with acting(world.a.manager) as reader:
        with pytest.raises(InvalidInput, match="Give a one-sentence reason"):
            ops.cancel_event(actor=reader, event_id=made.event.pk, reason=" ", now=NOW)
        ops.cancel_event(actor=reader, event_id=made.event.pk, reason="The hall burnt.", now=NOW)
    mails = Mail.objects.filter(key__startswith="event-cancelled:")
    everybody = [*world.a.representatives, *world.b.representatives]
    assert sorted(mail.recipient for mail in mails) == sorted(p.email for p in everybody)
    assert all("The hall burnt." in mail.text for mail in mails)


def test_finished_only_after_the_last_meeting(world, acting):
    made = make_event(world, state=Event.State.PUBLISHED)
    with acting(world.a.manager) as reader:
        with pytest.raises(InvalidInput, match="The last meetings haven’t taken place yet"):
            ops.finish_event(actor=reader, event_id=made.event.pk, now=NOW)
        done = ops.finish_event(
            actor=reader, event_id=made.event.pk, now=datetime(2083, 3, 11, tzinfo=UTC)
        )
    assert done.state == Event.State.FINISHED
