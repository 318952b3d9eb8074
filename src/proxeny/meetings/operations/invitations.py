"""The mails of catch-ups: invitation, change, cancellation, minutes. Each in the guest's language."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from proxeny.accounts.models import Person
from proxeny.accounts.queries import written_by
from proxeny.kernel.calendar import Attendee, write_invitation
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import city_of, is_same_clock, load_zone
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.queries.calendar import make_appointment, title_of_catch_up
from proxeny.meetings.queries.catch_ups import name_of_guest
from proxeny.notices.operations import tell
from proxeny.partnerships.models import Action
from proxeny.partnerships.queries import parties_joined
from proxeny.partnerships.rules import party_joined


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the clocks of a zone show it."""

    zone: str
    starts_at: datetime
    ends_at: datetime

    @property
    def day(self) -> date:
        """The day on which it begins there."""
        return self.starts_at.astimezone(load_zone(self.zone)).date()

    @property
    def last_day(self) -> date:
        """The day on which it ends there."""
        return self.ends_at.astimezone(load_zone(self.zone)).date()

    @property
    def city(self) -> str:
        """The zone's name as people read it."""
        return city_of(self.zone)


def invite(one: CatchUp, guests: Iterable[CatchUpGuest], *, actor: Reader, kind: str) -> int:
    """Write an invitation (iCalendar REQUEST) to each guest; return how many mails.

    Parameters
    ----------
    one : CatchUp
        As `get_catch_up` returns it.
    kind : {"invited", "changed"}
        The content of the mail; a guest who has declined gets no mail about changes.
    """
    asked = [
        guest
        for guest in guests
        if kind == "invited" or guest.answer != MeetingParty.Answer.DECLINED
    ]
    return _write_to(one, asked, actor=actor, kind=kind, method="REQUEST")


def tell_called_off(
    one: CatchUp, guests: Iterable[CatchUpGuest], *, actor: Reader, kind: str = "off", why: str = ""
) -> int:
    """Write a cancellation (iCalendar CANCEL) to each guest; return how many mails.

    `kind` is `off`, or `uninvited` for guests who were removed while the catch-up still takes
    place.
    """
    return _write_to(one, guests, actor=actor, kind=kind, method="CANCEL", why=why)


def _write_to(
    one: CatchUp,
    guests: Iterable[CatchUpGuest],
    *,
    actor: Reader,
    kind: str,
    method: str,
    why: str = "",
) -> int:
    answers = {guest.person_id: guest.answer for guest in guests if guest.person_id}
    written, sender = 0, _sender(one, actor)
    for person in _people(answers):
        guest = Attendee(person.name, person.email, answers[person.pk])
        written += _write(
            one, person, guest, actor=actor, kind=kind, method=method, why=why, sender=sender
        )
    return written


def _sender(one: CatchUp, actor: Reader) -> Sender:
    """Return who asks to a catch-up: those who come to it work together."""
    mine = party_joined(actor, parties_joined(one.partnership_id))
    return written_by(actor, mine.organisation.name if mine else "")


def _people(ids: Iterable[int]) -> list[Person]:
    """Return people who can be written to. Includes those whose address the actor does not see."""
    with as_service("Guests are written to by people who may not see their addresses."):
        found = Person.objects.filter(pk__in=ids, erased_at=None).exclude(email="")
        return list(found.order_by("pk"))


def _write(
    one: CatchUp,
    person: Person,
    attendee: Attendee,
    *,
    actor: Reader,
    kind: str,
    method: str,
    why: str,
    sender: Sender,
) -> bool:
    url = url_of(one)
    with override(person.language):
        appointment = make_appointment(one.meeting, own=[], attendee=attendee, url=url)
        if method == "CANCEL":
            appointment = replace(appointment, is_cancelled=True)
        calendar = write_invitation(appointment, method=method)
        title = title_of_catch_up(one.meeting)
    return tell(
        person,
        topic="meetings",
        key=f"catch-up:{one.pk}:{kind}:{one.version}:{person.pk}",
        template="meetings/mail/catch_up",
        context={
            "kind": kind,
            "name": person.name,
            "title": title,
            "actor": actor.name,
            "why": why,
            "partnership": one.partnership.title,
            "moments": moments_of(one, person),
            "place": one.meeting.place,
            "video_url": one.video_url,
            "agenda": one.agenda,
            "in_person": one.in_person,
            "host": one.host.organisation.name if one.host else "",
            "action_url": url,
        },
        calendar=calendar,
        calendar_method=method,
        sender=sender,
    )


def send_minutes(one: CatchUp, actions: Iterable[Action], *, actor: Reader) -> int:
    """Send the minutes of a closed catch-up to all invited or present; return the number sent."""
    actions, written, sender = list(actions), 0, _sender(one, actor)
    for person in _people({guest.person_id for guest in one.guests.all() if guest.person_id}):
        with override(person.language):
            title = title_of_catch_up(one.meeting)
            came = [name_of_guest(guest) for guest in one.guests.all() if guest.came]
        written += tell(
            person,
            topic="meetings",
            key=f"catch-up:{one.pk}:minutes:{one.version}:{person.pk}",
            template="meetings/mail/minutes",
            context={
                "name": person.name,
                "title": title,
                "actor": actor.name,
                "partnership": one.partnership.title,
                "moments": moments_of(one, person)[:1],
                "minutes": one.minutes,
                "came": came,
                "decisions": [decision.text for decision in one.decisions.all()],
                "actions": [_told(action) for action in actions],
                "action_url": url_of(one),
            },
            sender=sender,
        )
    return written


def _told(action: Action) -> dict[str, Any]:
    who = [
        action.person.name if action.person else "",
        action.party.organisation.name if action.party else "",
    ]
    return {"title": action.title, "due_on": action.due_on, "who": " · ".join(filter(None, who))}


def url_of(one: CatchUp) -> str:
    """Return the whole address of a catch-up's page."""
    path = reverse("meetings:catch-up", args=[one.partnership_id, one.pk])
    return f"{settings.BASE_URL}{path}"


def moments_of(one: CatchUp, person: Person) -> list[Moment]:
    """Return when it is: for a call in the guest's own time first, then as it was planned."""
    meeting: Meeting = one.meeting
    zones = [meeting.time_zone]
    if not one.in_person and not is_same_clock(
        meeting.starts_at, meeting.time_zone, person.time_zone
    ):
        zones.insert(0, person.time_zone)
    return [Moment(zone, meeting.starts_at, meeting.ends_at) for zone in zones]
