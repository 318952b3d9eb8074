"""The contents of the home page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proxeny.directory.proposals import Card
from proxeny.kernel.waiting import Waiting
from proxeny.partnerships.models import Partnership

#: So much of what waits is shown at once.
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """A meeting to come. A catch-up has a name, a page of its own, and perhaps a video link; the
    handover of a report has a name and a page."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    others: str
    place: str
    is_provisional: bool
    title: str = ""
    url: str = ""
    video_url: str = ""
    #: Whose clocks show the time, where the reader's own show another.
    city: str = ""


@dataclass(frozen=True, slots=True)
class Partners:
    """Suggested partners of a member: the first suggestions without an answer."""

    organisation_id: int
    is_made: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change by somebody else: its time, a sentence, its target, its author and their side."""

    at: datetime
    sentence: Any
    what: str = ""
    by: str = ""
    side: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """All that the home page shows."""

    waiting: tuple[Waiting, ...]
    meetings: tuple[NextMeeting, ...]
    partnerships: tuple[Partnership, ...]
    changes: tuple[Change, ...]
    news: tuple[Change, ...]
    partners: Partners | None

    @property
    def first(self) -> tuple[Waiting, ...]:
        """What waits and is shown at once."""
        return self.waiting[:MOST_SHOWN]

    @property
    def rest(self) -> tuple[Waiting, ...]:
        """What waits and is shown when asked for."""
        return self.waiting[MOST_SHOWN:]
