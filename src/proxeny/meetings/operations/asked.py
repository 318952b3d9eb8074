"""Whom a meeting asks to come, found by the address that the invitation went to.

Parts above tell of those whom they asked themselves, to meetings that they look after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from proxeny.accounts.models import Person
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.letters import plain_address
from proxeny.kernel.models import Mail
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty

#: So much of a UID stands unbroken on its line of a calendar.
_ON_ONE_LINE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked to come, for their organisation or as a guest of a catch-up.

    Without a sign-in there is no `person_id`. `role` is what a part above calls them.
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
        """Who it is, where it is kept which mail came from whom: never the address itself."""
        return self.person_id or mark_of(self.email)


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody can answer in another way, as the button says in the language in force."""

    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ear:
    """Who hears of what came by mail and was said by nobody who was asked.

    `is_somebodys` tells that somebody who was asked has been erased since: it may be their word.
    """

    people: tuple[Person, ...]
    is_somebodys: bool = False


@dataclass(frozen=True, slots=True)
class Keeper:
    """What a part above does with the mail that comes back for meetings which a desk arranged.

    Each runs in the service's role, in the letter's transaction, and may take on a person's.

    Attributes
    ----------
    word : str
        How the keys of its mails begin.
    hold : callable
        Lock what its own changes lock first, of the meeting behind a UID.
    find : callable
        Return who was asked to a meeting under an address, or None.
    apply : callable
        Write down an answer or a proposal to a meeting that is still to come; return False where
        what it takes cannot be read. Raises a `ProxenyError` with a sentence for who gave it.
    way : callable
        Return where somebody who was asked can answer otherwise. It may make a link: call it for
        a mail that is written.
    ear : callable
        Return who hears of a stranger's answer.
    told_of : callable
        Return where these read of a meeting.
    bounced : callable
        Take note of a mail that was not delivered; whether somebody was told.
    """

    word: str
    hold: Callable[[str], object]
    find: Callable[[Meeting, str], Asked | None]
    apply: Callable[[Meeting, Asked, Reply, datetime], bool]
    way: Callable[[Meeting, Asked, datetime], Way]
    ear: Callable[[Meeting, datetime], Ear]
    told_of: Callable[[Meeting], Way]
    bounced: Callable[[Mail, datetime], bool]


_KEEPERS: list[Keeper] = []


def keep_desks(keeper: Keeper) -> None:
    """Register who looks after the meetings that desks arranged, when Django is ready."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def keepers() -> tuple[Keeper, ...]:
    """Return all who look after meetings."""
    return tuple(_KEEPERS)


def keeper_of(meeting: Meeting) -> Keeper | None:
    """Return who looks after a meeting, or None: an event's, or the partners' own."""
    return next(iter(_KEEPERS), None) if meeting.desk_id else None


def find_asked(meeting: Meeting, address: str) -> Asked | None:
    """Return who was asked under an address, letter case aside; None if nobody. Service role."""
    if keeper := keeper_of(meeting):
        return keeper.find(meeting, address)
    wanted = plain_address(address)
    people = _guests(meeting) if meeting.kind == Meeting.Kind.CATCH_UP else _parties(meeting)
    return next((one for one in people if one.email and plain_address(one.email) == wanted), None)


def mark_of(address: str) -> str:
    """Return what stands for an address where it is not to be kept."""
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

    Whole agendas are published and ask for none (decision 4): only what was changed alone travels
    as a REQUEST. A desk asks by nothing else.
    """
    if keeper_of(meeting):
        return True
    asked = Mail.objects.filter(recipient__iexact=address, calendar_method="REQUEST")
    return asked.filter(calendar__contains=f"UID:{meeting.uid[:_ON_ONE_LINE]}").exists()
