"""A spring of two desks, counted by hand: what tests of their report, outcomes and rooms share."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.directory.models import Organisation
from proxeny.meetings.models import Meeting, Rating
from tests.factories.ambassadors import MandateFactory
from tests.factories.meetings import RatingFactory, make_meeting
from tests.factories.world import Side, World

State = Introduction.State
#: The report is read on this day, of the month before.
TODAY = date(2026, 4, 1)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def on(day: int, month: int = 3) -> datetime:
    """Return the morning of a day of that spring."""
    return datetime(2026, month, day, 10, tzinfo=UTC)


def make(
    desk: Side, member: Organisation, other: Organisation, noted: datetime, **values: Any
) -> Introduction:
    """Make a case of a side's desk."""
    world = values.pop("world")
    return Introduction.objects.create(
        partnership=world.partnership,
        cluster=desk.cluster,
        member=member,
        stakeholder=other,
        opened_at=noted,
        changed_at=values.pop("changed_at", noted),
        in_charge=values.pop("in_charge", desk.ambassador),
        reason="They fit.",
        **values,
    )


def meet(
    world: World,
    desk: Side,
    case: Introduction,
    at: datetime,
    state: str = "held",
    day: str = "",
    later: dict[str, Any] | None = None,
) -> Meeting:
    """Let a case have led to a meeting, of which its member said this."""
    meeting = make_meeting(
        world.partnership,
        (case.member, None),
        (case.stakeholder, None),
        starts_at=at,
        ends_at=at + timedelta(minutes=45),
        state=state,
        desk=desk.cluster,
        arranged_by=desk.ambassador,
    )
    Introduction.objects.filter(pk=case.pk).update(meeting=meeting)
    party = meeting.parties.get(organisation=case.member)
    if day:
        RatingFactory(party=party, value=day)
    if later:
        RatingFactory(party=party, phase=Rating.Phase.LATER, **later)
    return meeting


def make_spring(world: World) -> dict[str, Introduction]:
    """Make six introductions of A's desk and two of B's, with mandates, meetings and words."""
    a, b = world.a, world.b
    given = {"world": world}
    mandate = MandateFactory(
        partnership=world.partnership,
        cluster=a.cluster,
        member=a.members[0],
        asked_at=on(27, 2),
        answered_at=on(1),
        state=Mandate.State.ACCEPTED,
        until=date(2026, 9, 1),
    )
    MandateFactory(
        partnership=world.partnership,
        cluster=a.cluster,
        member=a.members[1],
        asked_at=on(2),
        until=date(2026, 9, 1),
    )
    cases = {
        "agreed": make(
            a,
            a.members[0],
            b.members[0],
            on(1),
            state=State.MET,
            mandate=mandate,
            source="mandate",
            asked_at=on(2),
            agreed_at=on(4),
            **given,
        ),
        "met": make(
            a,
            a.members[0],
            b.members[1],
            on(3),
            state=State.MET,
            asked_at=on(3),
            agreed_at=on(7),
            **given,
        ),
        "refused": make(
            a,
            a.members[1],
            b.members[0],
            on(5),
            state=State.CLOSED,
            asked_at=on(5),
            closed_by="stakeholder",
            changed_at=on(9),
            **given,
        ),
        "late": make(
            a,
            a.members[1],
            b.members[1],
            on(6),
            state=State.ASKING,
            asked_at=on(6),
            next_step="Call again",
            next_on=date(2026, 3, 20),
            **given,
        ),
        "new": make(a, a.members[2], b.members[2], on(10, 4), **given),
        "booked": make(
            a,
            a.members[1],
            b.members[2],
            on(8),
            state=State.BOOKED,
            asked_at=on(8),
            agreed_at=on(18),
            **given,
        ),
        "other": make(
            b,
            b.members[0],
            a.members[0],
            on(2),
            state=State.MET,
            asked_at=on(2),
            agreed_at=on(5),
            **given,
        ),
        "aside": make(
            b,
            b.members[1],
            a.members[0],
            on(4),
            state=State.CLOSED,
            closed_by="desk",
            changed_at=on(20),
            **given,
        ),
    }
    terms = {"value": "agreement", "agreed": "supply", "worth": 48_000, "currency": "EUR"}
    meet(world, a, cases["agreed"], on(12), day="possible", later=terms)
    meet(world, a, cases["met"], on(23), day="informative")
    meet(world, a, cases["booked"], on(20, 4), state="confirmed")
    meet(world, b, cases["other"], on(15), day="possible")
    return cases
