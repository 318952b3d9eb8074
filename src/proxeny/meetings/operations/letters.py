"""The one shape of the mails of desks and assessments: what it says, a time, and one thing to do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import override

from proxeny.accounts.models import Person
from proxeny.kernel.mail import is_written, queue_mail
from proxeny.kernel.tenancy import as_service
from proxeny.kernel.zones import is_same_clock
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations.invitations import Moment


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, in the language in force.

    Attributes
    ----------
    subject : str
    lines : tuple of str
        Its paragraphs.
    quote : str
        Somebody's own words, shown apart.
    moments : tuple of Moment
        Times, each as one clock shows it.
    place, label, url : str
        Where; the button's words and where it leads, if there is one.
    foot : str
        Why the reader gets it.
    """

    subject: str
    lines: tuple[str, ...]
    foot: str
    quote: str = ""
    moments: tuple[Moment, ...] = ()
    place: str = ""
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class To:
    """Who gets a mail."""

    name: str
    email: str
    language: str = "en"
    zone: str = "UTC"


def to_person(person: Person) -> To:
    """Return a person as who gets a mail."""
    return To(person.name, person.email, person.language, person.time_zone)


def send(
    to: To, write: Callable[[], Letter], *, key: str, calendar: Callable[[], str] | None = None,
    method: str = "",
) -> bool:  # fmt: skip
    """Write a letter in its reader's language; return whether it was new.

    Parameters
    ----------
    write, calendar : callable
        Make the letter, and the calendar it carries, once the language is set.
    key : str
        What makes this mail this mail.
    """
    with as_service():
        if not to.email or is_written(key):
            return False
    with override(to.language):
        letter = write()
        carried = calendar() if calendar else ""
    mail = queue_mail(
        key=key, recipient=to.email, template="meetings/mail/letter",
        context={
            "letter": letter, "name": to.name,
            "action_url": letter.url, "action_label": letter.label,
        },
        language=to.language, calendar=carried, calendar_method=method,
    )  # fmt: skip
    return mail is not None


def moments_of(meeting: Meeting, zone: str) -> tuple[Moment, ...]:
    """Return when a meeting is: where it takes place, then by the reader's own clocks."""
    found = [Moment(meeting.time_zone, meeting.starts_at, meeting.ends_at)]
    if zone and not is_same_clock(meeting.starts_at, meeting.time_zone, zone):
        found.append(Moment(zone, meeting.starts_at, meeting.ends_at))
    return tuple(found)
