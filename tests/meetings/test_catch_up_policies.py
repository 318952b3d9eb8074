"""What the database itself lets each reader do with catch-ups, whatever the code above it does."""

import pytest
from django.db import DatabaseError, ProgrammingError, transaction

from proxeny.meetings.models import CatchUp, CatchUpGuest, Decision, Meeting, MeetingParty
from tests.factories.meetings import (
    CatchUpFactory,
    CatchUpGuestFactory,
    DecisionFactory,
    MeetingFactory,
    MeetingPartyFactory,
    make_catch_up,
    make_meeting,
)
from tests.meetings.catching_up import STARTS_AT
from tests.stages import staged


@staged
def catch_up(world):
    made = make_catch_up(world.partnership, world.a.manager, world.b.manager, starts_at=STARTS_AT)
    DecisionFactory(catch_up=made)
    return made


@staged
def business(world):
    return make_meeting(world.partnership, (world.a.members[0], None), (world.b.members[0], None))


def refused(reading, person, work) -> bool:
    """Whether the database refuses a write of a person."""
    try:
        with transaction.atomic(), reading(person):
            changed = work()
    except DatabaseError:
        return True
    return changed == 0


TABLES = (Meeting, MeetingParty, CatchUp, CatchUpGuest, Decision)


def test_the_teams_read_all_of_it_and_nobody_else_anything(world, catch_up, reading):
    for person in (world.a.manager, world.a.ambassador, world.b.manager, world.b.ambassador):
        with reading(person):
            assert [one.objects.exists() for one in TABLES] == [True] * 5
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special, None):
        with reading(person):
            assert [one.objects.exists() for one in TABLES] == [False] * 5


def test_an_ambassador_writes_catch_ups(world, catch_up, reading):
    party = world.partnership.parties.get(side="A")
    with reading(world.a.ambassador):
        meeting = MeetingFactory(
            kind="catch-up", partnership=world.partnership, organisations=[world.a.cluster.pk]
        )
        MeetingPartyFactory(meeting=meeting, organisation=world.a.cluster, name="")
        made = CatchUpFactory(meeting=meeting, partnership=world.partnership)
        CatchUpGuestFactory(catch_up=made, party=party, person=world.a.ambassador)
        DecisionFactory(catch_up=made)
        assert Meeting.objects.filter(pk=meeting.pk).update(state="held") == 1
        assert CatchUp.objects.filter(pk=made.pk).update(minutes="x") == 1
        assert CatchUpGuest.objects.filter(catch_up=made).delete()[0] == 1
        assert Decision.objects.filter(catch_up=made).delete()[0] == 1


def test_an_ambassador_writes_no_business_meeting(world, catch_up, business, reading):
    rows = Meeting.objects.filter
    ambassador = world.a.ambassador
    # Neither makes one, nor changes one, nor turns one kind into the other.
    assert refused(reading, ambassador, lambda: MeetingFactory(partnership=world.partnership))
    for changes in ({"title": "x"}, {"kind": "catch-up"}):
        assert refused(
            reading, ambassador, lambda given=changes: rows(pk=business.pk).update(**given)
        )
    assert refused(reading, ambassador, lambda: rows(pk=catch_up.pk).update(kind="business"))
    assert refused(
        reading,
        ambassador,
        lambda: MeetingPartyFactory(meeting=business, organisation=world.a.cluster),
    )


def test_nobody_deletes_a_catch_up(world, catch_up, reading):
    for person in (world.a.manager, world.a.ambassador):
        with pytest.raises(ProgrammingError), transaction.atomic(), reading(person):
            CatchUp.objects.filter(pk=catch_up.pk)._raw_delete("default")


@pytest.mark.parametrize("who", ["a.representatives", "c.manager", "nobody_special"])
def test_others_write_nothing_of_it(world, catch_up, reading, who):
    side, _dot, role = who.partition(".")
    person = getattr(world, side)
    person = getattr(person, role) if role else person
    person = person[0] if isinstance(person, list) else person
    for model, values in (
        (Meeting, {"title": "x"}),
        (CatchUp, {"minutes": "x"}),
        (CatchUpGuest, {"came": True}),
        (Decision, {"text": "x"}),
        (MeetingParty, {"name": "x"}),
    ):
        assert refused(reading, person, lambda m=model, v=values: m.objects.update(**v))
    assert refused(
        reading, person, lambda: MeetingFactory(kind="catch-up", partnership=world.partnership)
    )
    assert refused(reading, person, lambda: DecisionFactory(catch_up=catch_up, order=9))
