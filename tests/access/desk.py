"""What the desk of A keeps in the crowd's world, and how its pages and programs are tried.

The two who meet are A's and B's first members: they are asked, have said yes, and are booked for a
day to come, while another time is proposed. Nobody was asked yet whether A's first member should
meet B's second.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone

from proxeny.accounts.queries import hash_token
from proxeny.ambassadors.models import (
    BusyTime,
    Introduction,
    Link,
    Mandate,
    Mission,
    Note,
    Side,
    Stop,
    TimeOption,
    WorkingHours,
)
from proxeny.meetings.models import Meeting
from tests.factories.ambassadors import (
    BusyTimeFactory,
    LinkFactory,
    MandateFactory,
    MissionFactory,
    NoteFactory,
    StopFactory,
    TimeOptionFactory,
    WorkingHoursFactory,
    make_case,
)
from tests.factories.world import World

#: The secret of the link by which somebody at B's first member answers.
LINK = "secret-of-the-stakeholder"
State, Answer = Introduction.State, Side.Answer
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    b"DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T090000Z\r\nDTEND:20260101T100000Z\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def open_desk(world: World) -> None:
    """Give A's desk a row of every table."""
    ambassador, kept = (
        world.a.ambassador,
        {
            "partnership": world.partnership,
            "cluster": world.a.cluster,
        },
    )
    MandateFactory(member=world.a.members[0], asked_by=world.a.representatives[0], **kept)
    main = make_case(world, state=State.BOOKED)
    make_case(world, 0, 1)
    TimeOptionFactory(introduction=main)
    NoteFactory(introduction=main, person=ambassador)
    LinkFactory(side=main.sides.get(role="stakeholder"), token_hash=hash_token(LINK))
    BusyTimeFactory(person=ambassador)
    WorkingHoursFactory(person=ambassador)
    StopFactory(mission=MissionFactory(person=ambassador, **kept))


def main_case() -> Introduction:
    """Return the introduction that both are asked to."""
    return Introduction.objects.earliest("pk")


def _noted_case() -> Introduction:
    return Introduction.objects.order_by("pk")[1]


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record of the desk, one a table."""
    one, noted = main_case(), _noted_case()
    member, stakeholder = one.sides.get(role="member"), one.sides.get(role="stakeholder")
    return {
        "what A's member asks of the ambassador": [Mandate.objects.get()],
        "an introduction that both are asked to": [one, one.options.get()],
        "what A's member says to it": [member],
        "what B's member says to it": [stakeholder],
        "an address that A's ambassador keeps": [stakeholder],
        "an introduction that nobody was asked to yet": [noted, noted.sides.get(role="member")],
        "a note of A's desk": [Note.objects.get()],
        "a day of visits": [Mission.objects.get(), Stop.objects.get()],
        "an ambassador's hours and busy times": [
            WorkingHours.objects.get(),
            BusyTime.objects.get(),
        ],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED = {
    "what A's member asks of the ambassador": "seeks",
    "an introduction that both are asked to": "reason",
    "what A's member says to it": "why",
    "what B's member says to it": "why",
    "an address that A's ambassador keeps": "email",
    "an introduction that nobody was asked to yet": "reason",
    "a note of A's desk": "text",
    "a day of visits": "city",
}

#: How the two stand in a state: whether they were asked, and what they have said.
_ASKED = {
    State.NOTED: (False, Answer.WAITING),
    State.ASKING: (True, Answer.WAITING),
    State.CLOSED: (True, Answer.NO),
}


def _stand(state: str) -> Introduction:
    """Let the introduction stand at a state. The same each time: tests compare rows."""
    one = main_case()
    asked, answer = _ASKED.get(State(state), (True, Answer.YES))
    moment = one.opened_at if asked else None
    booked = Meeting.objects.filter(desk=one.cluster_id).earliest("pk")
    Introduction.objects.filter(pk=one.pk).update(
        state=state,
        asked_at=moment,
        meeting=booked if state == State.BOOKED else None,
        closed_by="stakeholder" if state == State.CLOSED else "",
    )
    one.sides.update(answer=answer, asked_at=moment)
    Meeting.objects.filter(pk=booked.pk).update(state=Meeting.State.CONFIRMED)
    return Introduction.objects.get(pk=one.pk)


def at(state: str = State.BOOKED, **more: Callable[[], int]) -> Callable[[Any], dict[str, int]]:
    """Return the arguments of a page of the desk, with the introduction in a state."""

    def arguments(crowd: Any) -> dict[str, int]:
        one = _stand(state)
        found = {"pk": one.partnership_id, "introduction_id": one.pk}
        return found | {name: number() for name, number in more.items()}

    return arguments


def own(state: str = State.BOOKED) -> Callable[[Any], dict[str, int]]:
    """Return the arguments of a page of the two, with the introduction in a state."""
    return lambda crowd: {"introduction_id": _stand(state).pk}


def noted(crowd: Any) -> dict[str, int]:
    """Return the arguments of the introduction that nobody was asked to."""
    one = _noted_case()
    return {"pk": one.partnership_id, "introduction_id": one.pk}


def desk(crowd: Any) -> dict[str, int]:
    """Return the arguments of the desk's own pages."""
    return {"pk": crowd.world.partnership.pk}


def option_id() -> int:
    """Return the number of the proposed time."""
    return TimeOption.objects.earliest("pk").pk


def note_id() -> int:
    """Return the number of the note."""
    return Note.objects.earliest("pk").pk


def own_mandate(state: str = Mandate.State.ASKED) -> Callable[[Any], dict[str, int]]:
    """Return the arguments of what a member asked, in a state."""

    def arguments(crowd: Any) -> dict[str, int]:
        Mandate.objects.update(state=state)
        return {"mandate_id": Mandate.objects.get().pk}

    return arguments


def mandate(crowd: Any) -> dict[str, int]:
    """Return the arguments of the same at the desk."""
    return desk(crowd) | own_mandate()(crowd)


def mission(crowd: Any) -> dict[str, int]:
    """Return the arguments of the day of visits."""
    return desk(crowd) | {"mission_id": Mission.objects.get().pk}


def stop(crowd: Any) -> dict[str, int]:
    """Return the arguments of its visit."""
    return mission(crowd) | {"stop_id": Stop.objects.get().pk}


def why(crowd: Any) -> dict[str, str]:
    """Return a reason."""
    return {"why": "They told us on the phone."}


def moment(days: int = 20) -> str:
    """Return a moment to come, as programs send it; the same the whole day."""
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon + timedelta(days=days)).isoformat()


def day(days: int = 20) -> str:
    """Return a day to come."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def calendar(crowd: Any) -> dict[str, Any]:
    """Return a calendar as it is brought."""
    return {"file": SimpleUploadedFile("mine.ics", CALENDAR)}


def run_links_out() -> None:
    """Let all links of desks be past their day."""
    Link.objects.update(expires_at=timezone.now())


def close_links() -> None:
    """Close all links of desks."""
    Link.objects.update(closed_at=timezone.now())
