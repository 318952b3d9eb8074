"""Meetings of a jury: their day, their participants and their minutes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.zones import load_zone
from proxeny.labels.models import Round

#: As long as the columns.
MOST_PRESENT, MOST_MINUTES = 2000, 20_000


@dataclass(frozen=True, slots=True)
class Meeting:
    """The day, participants and minutes of a jury's meeting."""

    held_on: date
    present: str
    minutes: str
    why: str = ""


def check_meeting(meeting: Meeting, held: Round, *, now: datetime) -> None:
    """Refuse a meeting that was before the round closed or has not been, or without its minutes."""
    zone = load_zone(held.zone)
    if meeting.held_on > now.astimezone(zone).date():
        raise InvalidInput(
            _("This is in the future. Choose today or an earlier date."), field="held_on"
        )
    closed = held.closes_at.astimezone(zone).date()
    if meeting.held_on < closed:
        raise InvalidInput(
            _("The round closed on %(day)s. Choose that date or a later one.")
            % {"day": date_format(closed)},
            field="held_on",
        )
    for name, most, sentence in (
        ("present", MOST_PRESENT, _("Enter the participants.")),
        ("minutes", MOST_MINUTES, _("Enter the minutes.")),
    ):
        value = getattr(meeting, name).strip()
        if not value:
            raise InvalidInput(sentence, field=name)
        if len(value) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=name
            )


def write_minutes(meeting: Meeting) -> str:
    """Return the minutes in their stored form, with the reason of the jury."""
    minutes = meeting.minutes.strip()
    why = meeting.why.strip()
    return f"{minutes}\n\n{why}"[:MOST_MINUTES] if why else minutes
