"""The route of the tour for one reader: the stations of their role that lead to a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from proxeny.accounts.models import Role
from proxeny.ambassadors.queries.waiting import list_desks
from proxeny.events.models import Event, Participation
from proxeny.events.queries.events import list_events
from proxeny.events.queries.participants import own_participations_in
from proxeny.kernel.tenancy import Reader
from proxeny.labels.queries.own_jury import OwnJury, list_own
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import visible_partnerships

#: Events that are looked at: the reader comes to one of them, or to none.
EVENTS = 12


@dataclass(frozen=True, slots=True)
class Stop:
    """A station of a reader's tour: its code in `stations.TEXTS`, and its address."""

    code: str
    url: str


@dataclass
class Ground:
    """The destinations available to a reader; each is loaded when first needed."""

    reader: Reader
    now: datetime

    @cached_property
    def room(self) -> Partnership | None:
        """The room that has come furthest: an active one, the oldest."""
        rooms = visible_partnerships(state="active", sort="created").filter(
            pk__in=self.reader.rooms
        )
        return rooms.first()

    @cached_property
    def desk(self) -> int | None:
        """The partnership of the desk with the most open cases."""
        desks = sorted(list_desks(self.reader), key=lambda one: -one.open)
        return desks[0].partnership_id if desks else None

    @cached_property
    def events(self) -> list[Event]:
        """The events that the reader sees, the nearest first."""
        return list(list_events(today=self.now.date())[:EVENTS])

    @cached_property
    def staffed(self) -> Event | None:
        """An event whose agenda the reader watches: one with an agenda already, if there is one."""
        own = [one for one in self.events if one.partnership_id in self.reader.rooms]
        made = [one for one in own if one.state != Event.State.OPEN]
        return next(iter(made or own), None)

    @cached_property
    def taken(self) -> list[Participation]:
        """The reader's participations in these events."""
        return own_participations_in(self.reader, [one.pk for one in self.events])

    @cached_property
    def member(self) -> int | None:
        """The member that the reader works for, by its number."""
        return min(set(self.reader.organisations) - set(self.reader.clusters), default=None)

    @cached_property
    def jury(self) -> OwnJury | None:
        """The jury in which the reader has most to do."""
        return max(list_own(self.reader), key=lambda one: one.open, default=None)

    def asks_wishes(self, one: Participation) -> bool:
        """Whether wishes can still be marked for a participant."""
        event = next(event for event in self.events if event.pk == one.event_id)
        return event.state == Event.State.OPEN and self.now <= event.deadline_at


def _at(name: str, number: int | None, fragment: str = "") -> str:
    return f"{reverse(name, args=[number])}{fragment}" if number is not None else ""


def _of_room(name: str, fragment: str = "") -> Callable[[Ground], str]:
    return lambda ground: _at(name, ground.room.pk if ground.room else None, fragment)


def _of_desk(name: str) -> Callable[[Ground], str]:
    return lambda ground: _at(name, ground.desk)


def _plain(name: str, fragment: str = "") -> Callable[[Ground], str]:
    return lambda _ground: f"{reverse(name)}{fragment}"


def _wanted(ground: Ground) -> str:
    own = set(ground.reader.organisations) & set(ground.reader.clusters)
    return _at("directory:wanted", min(own, default=None))


def _wishes(ground: Ground) -> str:
    asked = [one.pk for one in ground.taken if ground.asks_wishes(one)]
    return _at("events:requests", min(asked, default=None))


def _my_agenda(ground: Ground) -> str:
    made = [one.event_id for one in ground.taken if not ground.asks_wishes(one)]
    return _at("events:my-agenda", next(iter(made), None))


def _score(ground: Ground) -> str:
    given = ground.jury.given if ground.jury else ()
    return _at("labels:score", next((one.assignment.pk for one in given), None))


#: The finder of each station; an empty address means none for this reader.
_FINDERS: dict[str, Callable[[Ground], str]] = {
    "day": _plain("home", "#waits"),
    "directory": _plain("directory:list"),
    "room": _of_room("partnerships:detail"),
    "agenda": lambda ground: _at("events:agenda", ground.staffed.pk if ground.staffed else None),
    "board": _of_room("insight:board"),
    "network": _plain("insight:network"),
    "desk": _of_desk("ambassadors:board"),
    "mandates": _of_desk("ambassadors:mandates"),
    "visits": _of_desk("ambassadors:missions"),
    "wanted": _wanted,
    "report": _of_desk("ambassadors:report"),
    "partners": lambda ground: _at("directory:matches", ground.member),
    "wishes": _wishes,
    "my-agenda": _my_agenda,
    "outcome": _plain("meetings:ratings"),
    "introductions": lambda ground: reverse("ambassadors:own") if ground.member else "",
    "assessments": _of_room("assessments:board"),
    "figures": _of_room("assessments:figures"),
    "services": _of_room("assessments:catalogue"),
    "workload": _of_room("assessments:workload"),
    "juries": _plain("labels:own-juries"),
    "jury": lambda ground: _at("labels:own-jury", ground.jury.juror.pk if ground.jury else None),
    "score": _score,
    "labels": _plain("labels:public-list"),
    "verify": _plain("labels:verify"),
    "events": _plain("events:list"),
    "alliances": _plain("alliances:public-list"),
    "studies": _plain("research:public-list"),
}

#: The stations of each role, in their order.
ROLES: dict[str, tuple[str, ...]] = {
    Role.MANAGER: ("day", "directory", "room", "agenda", "network", "board"),
    Role.AMBASSADOR: ("day", "desk", "mandates", "visits", "wanted", "report"),
    Role.ADVISER: ("day", "assessments", "workload", "figures", "services", "room"),
    Role.JUROR: ("day", "juries", "jury", "score", "labels", "verify"),
    Role.REPRESENTATIVE: ("day", "partners", "wishes", "my-agenda", "outcome", "introductions"),
}
#: A tour with fewer stations is none: the visitor's takes its place.
LEAST = 3
#: For readers without a seat.
VISITOR = ("day", "events", "alliances", "studies", "labels")


def plan_tour(reader: Reader, *, now: datetime) -> list[Stop]:
    """Return a reader's tour, by the seat that is shown for them. At most a dozen queries.

    A station that leads nowhere (no event yet, no jury) is left out; `day` is always there.
    """
    ground = Ground(reader, now)
    codes = ROLES.get(reader.seat[1], VISITOR) if reader.seat else VISITOR
    found = _find(codes, ground)
    return found if len(found) >= LEAST else _find(VISITOR, ground)


def _find(codes: Iterable[str], ground: Ground) -> list[Stop]:
    found = ((code, _FINDERS[code](ground)) for code in codes)
    return [Stop(code, url) for code, url in found if url]
