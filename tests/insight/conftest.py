"""What tests of insight start from."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.ambassadors import MandateFactory, make_case
from tests.factories.events import MeetingRequestFactory
from tests.factories.rooms import ActivityFactory, FavourFactory
from tests.factories.world import make_event
from tests.insight.counting import at, meet, tell_two_quarters
from tests.insight.counting import work_out as work_out_outcomes
from tests.insight.networking import weave, work_out
from tests.partnerships.rooms import party
from tests.stages import staged


@pytest.fixture
def manager(world, sign_in):
    """The manager of A, at the browser."""
    return sign_in(world.a.manager)


@staged
def woven(world):
    """The world with its web of projects and meetings; nothing is worked out yet."""
    return weave(world)


@staged
def measured(world, woven):
    """The woven world, with A's network worked out."""
    work_out(world.a.cluster)
    return woven


@staged
def told(world):
    """Two quarters: five held with two cooperations and one agreement; one held, one missed."""
    tell_two_quarters(world)
    return world


@staged
def worked(told):
    """Two quarters, with the figures of both sides worked out."""
    for side in (told.a, told.b):
        work_out_outcomes(told, side, today=timezone.localdate())
    return told


@staged
def desk(told):
    """A's desk has asked both sides of two introductions, and noted a third; one mandate is unmet.
    Somebody asked for a meeting at an event, one was called off, something was done and given."""
    for place in (0, 1):
        case = make_case(told, place, place, state="asking")
        asked = timezone.now() - timedelta(days=10)
        case.asked_at = asked
        case.save()
        case.sides.update(asked_at=asked)
        case.sides.filter(role="member").update(answer="yes", answered_at=asked + timedelta(days=2))
    make_case(told, 2, 2)
    MandateFactory(partnership=told.partnership, cluster=told.a.cluster, member=told.a.members[0])
    event = make_event(told, starts_on=date(2026, 2, 3), ends_on=date(2026, 2, 3))
    MeetingRequestFactory(
        event=event.event, source=event.greek[0], target=event.french[0], kind="must"
    )
    MeetingRequestFactory(
        event=event.event, source=event.french[0], target=event.greek[0], kind="wish"
    )
    meet(told, at(2026, 1), state="cancelled")
    day = date(2026, 3, 1)
    ActivityFactory(
        partnership=told.partnership, cost=900, state="done", starts_on=day, ends_on=day
    )
    FavourFactory(
        partnership=told.partnership,
        giver=party(told, told.a),
        receiver=party(told, told.b),
        noted_by=told.a.cluster,
        count=6,
        kind="other",
        confirmed_at=at(2026, 3),
        happened_on=day,
    )
    for side in (told.a, told.b):
        work_out_outcomes(told, side, today=timezone.localdate())
    return told
