"""The handover meeting: possible guests, and its state."""

from dataclasses import dataclass
from datetime import date

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.advisers import named_on
from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.models import MeetingParty


@dataclass(frozen=True, slots=True)
class Guest:
    """A possible guest of the meeting, and the organisation they come for."""

    person: Person
    organisation_id: int
    side: str
    is_client: bool


def find_guests(engagement: Engagement, *, today: date) -> list[Guest]:
    """Return the company's people and the report's advisers, except those with a conflict.

    Three queries, in the service role: a team does not see the seats of other sides' members.
    """
    with as_service("A team does not see the seats of the company, whose people it invites."):
        client = people_of(engagement.client_id, today=today)
        rows = named_on(engagement).select_related("person", "party__organisation")
        advisers = list(rows.order_by("party_id", "-leads", "pk"))
    found = [Guest(one, engagement.client_id, engagement.client.name, True) for one in client]
    known = {one.person.pk for one in found}
    return found + [
        Guest(one.person, one.party.organisation_id, one.party.organisation.name, False)
        for one in advisers
        if one.person and one.person_id not in known
    ]


def asked_to(engagement: Engagement) -> list[MeetingParty]:
    """Return the guests of an engagement's handover meeting, with their answers. One query."""
    if engagement.meeting_id is None:
        return []
    rows = MeetingParty.objects.filter(meeting_id=engagement.meeting_id)
    return list(rows.select_related("organisation").order_by("organisation_id", "guest"))


def place_url(engagement: Engagement) -> str:
    """Return the video link of the meeting, where its place is one."""
    place = engagement.meeting.place if engagement.meeting else ""
    is_link = place.startswith(("https://", "http://")) and " " not in place
    return place if is_link else ""
