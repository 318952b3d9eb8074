"""The one shape of the mails of desks and assessments: what it says, a time, and one thing to do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import override

from proxeny.accounts.models import Person
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.mail_senders import PROXENY, Sender
from proxeny.kernel.tenancy import as_service
from proxeny.kernel.zones import is_same_clock
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations.invitations import Moment
from proxeny.notices.operations import is_told, tell


@dataclass(frozen=True, slots=True)
class Letter:
    """Content of a mail, in the language in force.

    Attributes
    ----------
    subject : str
    lines : tuple of str
        Its paragraphs.
    quote : str
        A person's own words, set apart.
    moments : tuple of Moment
        Times, each in one time zone.
    place, label, url : str
        The place; the button's label and address, if there is one.
    foot : str
        The reason for getting the mail.
    sender : Sender
        The organisation and person on whose behalf the mail is sent.
    """

    subject: str
    lines: tuple[str, ...]
    foot: str
    quote: str = ""
    moments: tuple[Moment, ...] = ()
    place: str = ""
    label: str = ""
    url: str = ""
    sender: Sender = PROXENY


@dataclass(frozen=True, slots=True)
class To:
    """Recipient of a mail.

    A `person` with a sign-in gets a notification of the `topic`, and a mail as they chose;
    everybody else gets the mail. `path`: the target of the notification, if it differs from the
    mail's: a secret address is given in the mail alone.
    """

    name: str
    email: str
    language: str = "en"
    zone: str = "UTC"
    person: Person | None = None
    topic: str = ""
    path: str = ""


def to_person(person: Person, topic: str) -> To:
    """Return a person as a recipient for a topic (`proxeny.notices.topics`)."""
    return To(person.name, person.email, person.language, person.time_zone, person, topic)


def send(
    to: To,
    write: Callable[[], Letter],
    *,
    key: str,
    calendar: Callable[[], str] | None = None,
    method: str = "",
) -> bool:
    """Write a letter in its reader's language; return whether it was new.

    Parameters
    ----------
    write, calendar : callable
        Make the letter, and the calendar it carries, once the language is set.
    key : str
        What makes this mail this mail.
    """
    with as_service("Nobody may read the mails of others, but none may be sent twice."):
        if not to.email or is_told(key):
            return False
    with override(to.language):
        letter = write()
        carried = calendar() if calendar else ""
    context = {
        "letter": letter,
        "name": to.name,
        "action_url": letter.url,
        "action_label": letter.label,
    }
    if to.person is not None:
        return tell(
            to.person,
            topic=to.topic,
            key=key,
            template="meetings/mail/letter",
            context=context,
            calendar=carried,
            calendar_method=method,
            says_why=True,
            path=to.path,
            sender=letter.sender,
        )
    mail = queue_mail(
        key=key,
        recipient=to.email,
        template="meetings/mail/letter",
        context=context,
        language=to.language,
        calendar=carried,
        calendar_method=method,
        sender=letter.sender,
    )
    return mail is not None


def moments_of(meeting: Meeting, zone: str) -> tuple[Moment, ...]:
    """Return when a meeting is: where it takes place, then by the reader's own clocks."""
    found = [Moment(meeting.time_zone, meeting.starts_at, meeting.ends_at)]
    if zone and not is_same_clock(meeting.starts_at, meeting.time_zone, zone):
        found.append(Moment(zone, meeting.starts_at, meeting.ends_at))
    return tuple(found)
