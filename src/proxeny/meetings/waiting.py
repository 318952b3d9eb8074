"""Pending items of a reader about meetings: answers, minutes, and a word on how it went."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.kinds import Kind
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import MeetingParty
from proxeny.meetings.queries.catch_ups import find_unanswered, find_unwritten
from proxeny.meetings.queries.questions import find_open_questions

_COLUMNS = {
    "room": "partnership_id",
    "title": "meeting__title",
    "named": "partnership__title",
    "starts": "meeting__starts_at",
    "zone": "meeting__time_zone",
}


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield the catch-ups to answer and to write of, and the meetings to rate."""
    others = MeetingParty.objects.filter(meeting=OuterRef("meeting")).exclude(pk=OuterRef("pk"))
    rated = {
        "meeting": "meeting_id",
        "title": "meeting__title",
        "others": ArraySubquery(others.order_by("pk").values("organisation__name")),
        "starts": "meeting__starts_at",
        "zone": "meeting__time_zone",
        "ripe": "is_ripe",
    }
    yield Kind(find_unanswered(reader, now=now), partial(_tell, "answer"), _COLUMNS)
    yield Kind(find_unwritten(reader, now=now), partial(_tell, "minutes"), _COLUMNS)
    yield Kind(find_open_questions(reader, now=now), _tell_rating, rated, in_room=None)


def _day(starts: str, zone: str) -> str:
    return date_format(datetime.fromisoformat(starts).astimezone(load_zone(zone)))


def _tell(
    what: str, *, pk: int, room: int, title: str, named: str, starts: str, zone: str
) -> Waiting:
    text, label = {
        "answer": (
            _("You’re invited to a catch-up on %(day)s. Will you attend?"),
            _("Answer"),
        ),
        "minutes": (
            _("The catch-up on %(day)s has ended. Write the minutes or mark it as missed."),
            _("Write the minutes"),
        ),
    }[what]
    return Waiting(
        key=f"catch-up:{pk}:{what}",
        title=title or named,
        text=text % {"day": _day(starts, zone)},
        url=reverse("meetings:catch-up", args=[room, pk]),
        label=label,
        partnership_id=room,
    )


def _tell_rating(
    pk: int, meeting: int, title: str, others: list[str], starts: str, zone: str, ripe: bool
) -> Waiting:
    text = (
        _("You met on %(day)s. What came of it?")
        if ripe
        else _("You met on %(day)s. How did it go?")
    )
    return Waiting(
        key=f"meeting:{meeting}:rate",
        title=title or join_items(others),
        text=text % {"day": _day(starts, zone)},
        url=reverse("meetings:ratings"),
        label=_("Answer with one tap"),
    )
