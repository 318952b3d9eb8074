"""What tests of answers by mail share: invitations over real SMTP, and clients that answer them."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import vobject
from dateutil import tz
from icalendar import Calendar, vText

from proxeny.kernel.inbox.reading import read_inbox
from proxeny.kernel.mail import send
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.meetings.models import CatchUpGuest, Meeting
from proxeny.meetings.tasks import HANDS
from tests.kernel.inboxes import MAILBOX, Box
from tests.kernel.letters import Said
from tests.meetings.catching_up import NOW

LATER = NOW.replace(hour=10)


def send_all(inbox) -> dict[str, EmailMessage]:
    """Send what waits; return the new mails by recipient, each of whom got at most one."""
    before = len(inbox.messages)
    for pk in Mail.objects.filter(sent_at=None, error="").values_list("pk", flat=True):
        send(pk)
    new = inbox.messages[before:]
    assert len({message["To"] for message in new}) == len(new)
    return {message["To"]: message for message in new}


def text_of(message: EmailMessage) -> str:
    """Return the text that people read."""
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def subject_of(message: EmailMessage) -> str:
    """Return the subject as people read it, however it was folded."""
    return " ".join(message["Subject"].split())


def html_of(message: EmailMessage) -> str:
    """Return what mail programs show."""
    return message.get_body(("html",)).get_content()


def calendar_of(message: EmailMessage) -> bytes:
    """Return the calendar that an invitation carries."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return parts[0].get_payload(decode=True)


@dataclass
class Client:
    """A mail program of one guest, that answers what it got with somebody's own library."""

    invitation: EmailMessage
    sent: int = 0

    def with_icalendar(self, answer: str, *, method: str = "REPLY", **changes: Any) -> EmailMessage:
        """Answer as RFC 5546 says, by python-icalendar: the event again, one attendee."""
        made = Calendar.from_ical(calendar_of(self.invitation))
        made["method"] = vText(method)
        (event,) = made.walk("VEVENT")
        event["attendee"].params["PARTSTAT"] = vText(answer)
        for name in ("dtstamp", *changes):
            event.pop(name, None)
        event.add("dtstamp", changes.pop("dtstamp", LATER))
        for name, value in changes.items():
            event.add(name, value)
        return self._mail(made.to_ical(), method)

    def with_vobject(self, answer: str) -> EmailMessage:
        """Answer by vobject: a calendar of its own making, times in a zone with its rules."""
        asked = vobject.readOne(calendar_of(self.invitation).decode())
        made = vobject.iCalendar()
        made.add("method").value = "REPLY"
        event = made.add("vevent")
        event.add("uid").value = asked.vevent.uid.value
        event.add("sequence").value = asked.vevent.sequence.value
        event.add("dtstamp").value = LATER.astimezone(vobject.icalendar.utc)
        event.add("dtstart").value = asked.vevent.dtstart.value.astimezone(tz.gettz("Europe/Paris"))
        event.add("organizer").value = asked.vevent.organizer.value
        who = event.add("attendee")
        who.value = asked.vevent.attendee.value
        who.partstat_param = answer
        return self._mail(made.serialize().encode(), "REPLY")

    def _mail(self, calendar: bytes, method: str) -> EmailMessage:
        self.sent += 1
        message = EmailMessage()
        message["From"] = self.invitation["To"]
        message["To"] = self.invitation["Reply-To"] or MAILBOX
        message["Subject"] = f"Re: {self.invitation['Subject']}"
        message["Message-ID"] = f"<{self.sent}.{id(self)}@client.example>"
        message["In-Reply-To"] = self.invitation["Message-ID"]
        message.set_content("answered")
        message.add_attachment(
            calendar,
            maintype="text",
            subtype="calendar",
            params={"method": method, "charset": "utf-8"},
        )
        return message


def read_box(box: Box, raw: bytes | EmailMessage | None = None, *, now: datetime = LATER) -> dict:
    """Deliver a letter and read the place; return how many came to which outcome."""
    if raw is not None:
        box.deliver(raw if isinstance(raw, bytes) else raw.as_bytes())
    return dict(read_inbox(HANDS, clock=lambda: now))


def answer_of(catch_up, person) -> str:
    """Return a guest's answer as it stands."""
    return CatchUpGuest.objects.get(catch_up=catch_up, person=person).answer


def deeds_of(person) -> list[tuple[str, dict, str]]:
    """Return what the trail says that somebody did to catch-ups, oldest first."""
    rows = AuditEntry.objects.filter(person_id=person.pk, target="meetings.catchup").order_by("pk")
    return list(rows.values_list("verb", "changes", "why"))


def said_by(person, catch_up, **changes) -> Said:
    """Return an answer of a guest to the invitation as it stands."""
    meeting = Meeting.objects.get(pk=catch_up.pk)
    return Said(
        uid=meeting.uid,
        sender=person.email,
        name=person.name,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        stamped_at=LATER,
        message_id=f"<{len(changes)}.{id(changes)}@x>",
    ).but(**changes)
