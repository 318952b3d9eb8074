"""People invited to a meeting, found by the address of their invitation.

Higher-level packages register the people they invited to meetings of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from proxeny.accounts.models import Person
from proxeny.kernel.hooks import Hook
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.messages import plain_address
from proxeny.kernel.models import Mail
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty

#: Number of characters of a UID that stay unbroken on its line of a calendar.
_ON_ONE_LINE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Person invited to a meeting, for their organisation or as a guest of a catch-up.

    Without a sign-in there is no `person_id`. `role` is the name that a higher-level package gives
    their part.
    """

    person_id: int | None
    name: str
    email: str
    language: str
    zone: str
    party_id: int | None = None
    role: str = ""

    @property
    def mark(self) -> int | str:
        """Return the person's mark for records of mails received: never the address itself."""
        return self.person_id or mark_of(self.email)


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to answer: its address, and the button's label in the language in force."""

    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ear:
    """Recipients of news about an answer by mail from an address that was not invited.

    `is_somebodys` says that an invited person has been erased since: the answer may be theirs.
    """

    people: tuple[Person, ...]
    is_somebodys: bool = False


@dataclass(frozen=True, slots=True)
class Keeper:
    """Handlers of a higher-level package for mail about meetings that a desk arranged.

    Each runs in the service's role, in the letter's transaction, and may take on a person's.

    Attributes
    ----------
    word : str
        The prefix of the keys of its mails.
    hold : callable
        Lock the rows that its own changes lock first, for the meeting behind a UID.
    find : callable
        Return the person invited to a meeting under an address, or None.
    apply : callable
        Record an answer or a proposal for a future meeting; return False where a needed fact cannot
        be read. Raises a `ProxenyError` with a sentence for the sender.
    way : callable
        Return another way to answer for an invited person. It may create a link: call it only for a
        mail that is written.
    ear : callable
        Return the recipients of news about a stranger's answer.
    told_of : callable
        Return the page of a meeting for these recipients.
    bounced : callable
        Record an undelivered mail; return whether somebody was notified.
    """

    word: str
    hold: Callable[[str], object]
    find: Callable[[Meeting, str], Asked | None]
    apply: Callable[[Meeting, Asked, Reply, datetime], bool]
    way: Callable[[Meeting, Asked, datetime], Way]
    ear: Callable[[Meeting, datetime], Ear]
    told_of: Callable[[Meeting], Way]
    bounced: Callable[[Mail, datetime], bool]


KEEPERS: Hook[Keeper] = Hook("meetings.keepers", "Keeps the meetings that desks have arranged.")


def keepers() -> tuple[Keeper, ...]:
    """Return all registered keepers of meetings."""
    return tuple(KEEPERS)


def keeper_of(meeting: Meeting) -> Keeper | None:
    """Return the keeper of a meeting, or None for an event's, or the partners' own."""
    return next(iter(KEEPERS), None) if meeting.desk_id else None


def find_asked(meeting: Meeting, address: str) -> Asked | None:
    """Return the person invited under an address, ignoring case, or None. Service role."""
    if keeper := keeper_of(meeting):
        return keeper.find(meeting, address)
    wanted = plain_address(address)
    people = _guests(meeting) if meeting.kind == Meeting.Kind.CATCH_UP else _parties(meeting)
    return next((one for one in people if one.email and plain_address(one.email) == wanted), None)


def mark_of(address: str) -> str:
    """Return a mark that replaces an address where it must not be kept."""
    whole = salted_hmac("proxeny.inbox", plain_address(address), algorithm="sha256").hexdigest()
    return whole[:16]


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

    Whole agendas are published and ask for none (decision 4): only single changes are sent as a
    REQUEST. A desk always sends a REQUEST.
    """
    if keeper_of(meeting):
        return True
    asked = Mail.objects.filter(recipient__iexact=address, calendar_method="REQUEST")
    return asked.filter(calendar__contains=f"UID:{meeting.uid[:_ON_ONE_LINE]}").exists()
