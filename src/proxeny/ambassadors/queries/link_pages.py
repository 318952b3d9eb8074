"""Further content of the pages behind a link: the other side without its people."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from proxeny.ambassadors.models import TimeOption
from proxeny.ambassadors.queries.links import Opened
from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation, Visibility
from proxeny.kernel.calendar import write_agenda
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.models import Rating
from proxeny.meetings.queries.calendar import make_appointment
from proxeny.meetings.queries.meetings import get_meeting


@dataclass(frozen=True, slots=True)
class Other:
    """Organisation to meet, from its directory entry.

    `summary` is empty unless the entry is public. It contains no person's name or address.
    """

    name: str
    where: str
    website: str
    host: str
    summary: str
    language: str


def tell_other(organisation: Organisation) -> Other:
    """Return the facts of the organisation to meet that an invited side may read; no query."""
    is_public = organisation.visibility == Visibility.PUBLIC
    parts = urlsplit(organisation.website)
    # An imported entry can hold anything; only an address on the web becomes a link.
    website = organisation.website if parts.scheme in ("http", "https") else ""
    return Other(
        name=organisation.name,
        where=join_items(filter(None, (organisation.city, country_name(organisation.country)))),
        website=website,
        host=(parts.hostname or "").removeprefix("www.") if website else "",
        summary=organisation.summary.strip() if is_public else "",
        language=organisation.language,
    )


def is_put_to(option: TimeOption, role: str) -> bool:
    """Whether a side is asked about a time: its own, and those at which the desk is free.

    A proposal of the other side waits for the desk first.
    """
    return option.proposed_by == role or option.desk is True


def find_rating(opened: Opened) -> Rating | None:
    """Return what was said by a link so far, or None. One query."""
    with as_service("The holder of the link has no sign-in, and reads only what their side said."):
        found = Rating.objects.filter(
            party__meeting_id=opened.case.meeting_id or 0,
            phase=opened.purpose,
            party__organisation_id=opened.side.organisation_id,
        )
        return found.first()


def write_calendar(opened: Opened) -> str:
    """Return the booked meeting as a calendar file, without anybody's address.

    The uid is that of the invitation by mail: a calendar that has it shows it once.
    """
    with as_service("The holder of the link has no sign-in; the booked meeting is their own."):
        meeting = get_meeting(opened.case.meeting_id or 0)
    appointment = make_appointment(meeting, own=[opened.side.organisation_id])
    name = opened.other.organisation.name
    return write_agenda(
        [replace(appointment, summary=_("Meeting with %(names)s") % {"names": name})]
    )
