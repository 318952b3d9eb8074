"""The state of the tour in the session, and the panel that every page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from proxeny.web.tour.planning import Stop
from proxeny.web.tour.stations import TEXTS

#: In the session: the way and how far one is; and whether the offer was answered.
WALK = "tour"
ANSWERED = "tour_answered"
#: No real address ends like this (RFC 2606): such a user belongs to a demo.
_INVENTED = ".example"


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel at the foot of a page during the tour.

    `is_here`: the page is the one of the station; otherwise the reader has left the route.
    """

    number: int
    count: int
    title: Any
    text: Any
    url: str
    is_here: bool

    @property
    def is_last(self) -> bool:
        """Whether the tour ends here."""
        return self.number == self.count

    @property
    def marks(self) -> list[str]:
        """For each station whether it was passed, is now, or comes."""
        return [
            "now" if one == self.number else "done" if one < self.number else ""
            for one in range(1, self.count + 1)
        ]


def is_offered(request: HttpRequest) -> bool:
    """Whether the tour is offered unasked: to people of the demo who have not answered yet.

    Decided by their address, without a query: the demo's addresses belong to no real person.
    """
    if not settings.DEMO or request.session.get(ANSWERED):
        return False
    return str(getattr(request.user, "email", "")).endswith(_INVENTED)


def begin(session: Any, stops: Sequence[Stop]) -> str:
    """Start a tour at its first station; return its address."""
    session[WALK] = {"at": 1, "stops": [[one.code, one.url] for one in stops]}
    session[ANSWERED] = True
    return stops[0].url


def go_to(session: Any, number: int) -> str:
    """Go to a station, counted from 1 and kept within the tour; return its address, or ""."""
    walk = session.get(WALK)
    if not walk:
        return ""
    at = min(max(number, 1), len(walk["stops"]))
    session[WALK] = {**walk, "at": at}
    return str(walk["stops"][at - 1][1])


def leave(session: Any) -> None:
    """End the tour, and do not offer it unasked again."""
    session.pop(WALK, None)
    session[ANSWERED] = True


def panel_of(session: Mapping[str, Any], path: str) -> Panel | None:
    """Return the tour's panel for a page at `path`; None when no tour is active. No query."""
    walk = session.get(WALK)
    if not walk:
        return None
    number, stops = walk["at"], walk["stops"]
    code, url = stops[number - 1]
    # A station of an older version of Proxeny has no text.
    title, text = TEXTS.get(code, ("", ""))
    return Panel(number, len(stops), title, text, url, url.partition("#")[0] == path)
