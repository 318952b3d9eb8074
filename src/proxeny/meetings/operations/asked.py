"""Whom a meeting asks to come, found by the address that the invitation went to."""

from dataclasses import dataclass

from proxeny.accounts.models import Person
from proxeny.kernel.inbox.letters import plain_address
from proxeny.kernel.models import Mail
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty

#: So much of a UID stands unbroken on its line of a calendar.
_ON_ONE_LINE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked to come, for their organisation or as a guest of a catch-up."""

    person_id: int
    name: str
    email: str
    language: str
    zone: str
    party_id: int | None = None


def find_asked(meeting: Meeting, address: str) -> Asked | None:
    """Return who was asked under an address, letter case aside; None if nobody. Service role."""
    wanted = plain_address(address)
    people = _guests(meeting) if meeting.kind == Meeting.Kind.CATCH_UP else _parties(meeting)
    return next((one for one in people if one.email and plain_address(one.email) == wanted), None)


def _guests(meeting: Meeting) -> list[Asked]:
    guests = CatchUpGuest.objects.filter(catch_up=meeting.pk, person__erased_at=None)
    found = guests.exclude(person=None).select_related("person").order_by("pk")
    return [_person(guest.person) for guest in found if guest.person]


def _parties(meeting: Meeting) -> list[Asked]:
    parties = MeetingParty.objects.filter(meeting=meeting, person__erased_at=None)
    found = parties.exclude(person=None).select_related("person").order_by("pk")
    return [_person(party.person, party.pk) for party in found if party.person]


def _person(person: Person, party_id: int | None = None) -> Asked:
    return Asked(person.pk, person.name, person.email, person.language, person.time_zone, party_id)


def was_invited(meeting: Meeting, address: str) -> bool:
    """Whether an invitation that asks for an answer went to an address. Service role.

    Whole agendas are published and ask for none (decision 4): only what was changed alone travels
    as a REQUEST.
    """
    asked = Mail.objects.filter(recipient__iexact=address, calendar_method="REQUEST")
    return asked.filter(calendar__contains=f"UID:{meeting.uid[:_ON_ONE_LINE]}").exists()
