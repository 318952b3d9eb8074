"""Planned facts of a catch-up: their checks, and saving them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import CatchUp
from proxeny.partnerships.models import Party

#: So many minutes from and to.
SHORTEST_MIN, LONGEST_MIN = 5, 3 * 24 * 60


@dataclass(frozen=True, slots=True)
class CatchUpFacts:
    """Planned facts of a catch-up.

    Attributes
    ----------
    starts_at : datetime
        Aware; may lie in the past, for a catch-up that is noted afterwards.
    place, video_url : str
        The place or link. Face to face it needs a place.
    host_id : int or None
        The party whose guests the others are; only face to face.
    guests : tuple of int
        The person ids of the guests; people of at least two sides.
    """

    starts_at: datetime
    duration_min: int
    time_zone: str
    guests: tuple[int, ...]
    in_person: bool = False
    title: str = ""
    place: str = ""
    video_url: str = ""
    host_id: int | None = None
    agenda: str = ""


def check_facts(
    facts: CatchUpFacts, parties: Sequence[Party], *, kept: CatchUp | None = None
) -> CatchUpFacts:
    """Return the facts in plain form, or raise `InvalidInput` with the field."""
    load_zone(facts.time_zone)
    if not SHORTEST_MIN <= facts.duration_min <= LONGEST_MIN:
        raise InvalidInput(
            _("Choose a duration between five minutes and three days."), field="duration_min"
        )
    place, url = " ".join(facts.place.split()), facts.video_url.strip()
    if facts.in_person and not place:
        raise InvalidInput(_("Enter where you’ll meet."), field="place")
    if url:
        _refuse_bad_link(url)
    host = facts.host_id if facts.in_person else None
    joined = {one.pk for one in parties if one.state == Party.State.JOINED}
    if host is not None and host not in joined and not (kept and kept.host_id == host):
        raise InvalidInput(_("Choose an option from the list."), field="host")
    _refuse_long(facts, place)
    return CatchUpFacts(
        starts_at=facts.starts_at.astimezone(UTC).replace(second=0, microsecond=0),
        duration_min=facts.duration_min,
        time_zone=facts.time_zone,
        guests=facts.guests,
        in_person=facts.in_person,
        title=" ".join(facts.title.split()),
        place=place,
        video_url=url,
        host_id=host,
        agenda=facts.agenda.replace("\r\n", "\n").strip(),
    )


def _refuse_bad_link(url: str) -> None:
    if not is_address(url):
        raise InvalidInput(_("Enter the full address, starting with https://."), field="video_url")


def _refuse_long(facts: CatchUpFacts, place: str) -> None:
    most = {"title": 200, "place": 200, "video_url": 500, "agenda": 4000}
    for field, length in most.items():
        text = place if field == "place" else getattr(facts, field)
        if len(text) > length:
            raise InvalidInput(
                _("Use up to %(count)d characters here.") % {"count": length}, field=field
            )


def meeting_values(facts: CatchUpFacts) -> dict[str, Any]:
    """Return the facts that the meeting's columns hold."""
    return {
        "title": facts.title,
        "place": facts.place,
        "time_zone": facts.time_zone,
        "starts_at": facts.starts_at,
        "ends_at": facts.starts_at + timedelta(minutes=facts.duration_min),
    }


def catch_up_values(facts: CatchUpFacts) -> dict[str, Any]:
    """Return the facts that the catch-up's own columns hold."""
    return {
        "in_person": facts.in_person,
        "video_url": facts.video_url,
        "host_id": facts.host_id,
        "agenda": facts.agenda,
    }


def apply_facts(one: CatchUp, facts: CatchUpFacts) -> dict[str, list[Any]]:
    """Set what differs; return it as `{column: [before, after]}`."""
    changes: dict[str, list[Any]] = {}
    for row, values in ((one.meeting, meeting_values(facts)), (one, catch_up_values(facts))):
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                changes[name] = [_plain(before), _plain(value)]
                setattr(row, name, value)
    return changes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
