"""What the home page shows of somebody's day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proxeny.directory.proposals import Card
from proxeny.partnerships.models import Partnership


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the reader: what, why, and where to do it."""

    title: str
    text: str
    url: str
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """A meeting to come. A catch-up has a name, a page of its own, and perhaps a video link; the
    hand-over of a report has a name and a page."""

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
    """Whom a member should meet: the first proposals that it has not answered."""

    organisation_id: int
    is_made: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that somebody else did: when, a sentence, what it was done to, by whom of which side."""

    at: datetime
    sentence: Any
    what: str = ""
    by: str = ""
    side: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """All that the home page shows."""

    tasks: tuple[Task, ...]
    meetings: tuple[NextMeeting, ...]
    partnerships: tuple[Partnership, ...]
    changes: tuple[Change, ...]
    news: tuple[Change, ...]
    partners: Partners | None
