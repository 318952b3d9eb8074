"""The mails of handover meetings, with what calendars need; each in its reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.mail_parts import (
    own_foot,
    team_foot,
    url_for_client,
    url_for_team,
    walled_from,
)
from proxeny.kernel.calendar import Attendee, write_invitation
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.operations.mails import Letter, moments_of, send, to_person
from proxeny.meetings.queries.calendar import make_appointment


def invite(engagement: Engagement, people: Iterable[int], *, actor: Reader, kind: str) -> int:
    """Send an invitation (iCalendar REQUEST) to guests; return the number of mails.

    `kind` is `invited` or `changed`; guests who declined are not told of a change.
    """
    return _write_to(engagement, people, actor=actor, kind=kind, method="REQUEST")


def tell_off(
    engagement: Engagement, people: Iterable[Any], *, actor: Reader, kind: str, why: str = ""
) -> int:
    """Send a cancellation (iCalendar CANCEL): of the meeting (`off`) or to `uninvited` guests."""
    return _write_to(engagement, people, actor=actor, kind=kind, method="CANCEL", why=why)


def _write_to(
    engagement: Engagement,
    people: Iterable[int],
    *,
    actor: Reader,
    kind: str,
    method: str,
    why: str = "",
) -> int:
    meeting = engagement.meeting
    assert meeting is not None  # noqa: S101
    walled = set(walled_from(engagement))
    with as_service("Guests of the company are mailed, though the team does not see them."):
        wanted = [pk for pk in people if pk not in walled]
        found = Person.objects.filter(pk__in=wanted, erased_at=None).exclude(email="")
        rows = {one.person_id: one for one in MeetingParty.objects.filter(meeting=meeting)}
        persons = list(found.order_by("pk"))
    written = 0
    for person in persons:
        row = rows.get(person.pk)
        answer = row.answer if row else MeetingParty.Answer.WAITING
        if kind == "changed" and answer == MeetingParty.Answer.DECLINED:
            continue
        is_client = row is not None and row.organisation_id == engagement.client_id
        written += send(
            to_person(person, "assessments"),
            _letter(
                engagement, meeting, person, kind=kind, actor=actor, why=why, is_client=is_client
            ),
            key=f"assessment:{engagement.pk}:handover:{kind}:{meeting.sequence}:{person.pk}",
            calendar=_calendar(
                engagement,
                meeting,
                Attendee(person.name, person.email, answer),
                method=method,
                is_client=is_client,
            ),
            method=method,
        )
    return written


def _url(engagement: Engagement, *, is_client: bool) -> str:
    if is_client:
        return url_for_client(engagement, "own-report")
    return url_for_team(engagement, "report")


def _calendar(
    engagement: Engagement, meeting: Meeting, attendee: Attendee, *, method: str, is_client: bool
) -> Callable[[], str]:
    def write() -> str:
        appointment = make_appointment(
            meeting, own=[], attendee=attendee, url=_url(engagement, is_client=is_client)
        )
        if method == "CANCEL":
            appointment = replace(appointment, is_cancelled=True)
        return write_invitation(appointment, method=method)

    return write


def _letter(
    engagement: Engagement,
    meeting: Meeting,
    person: Person,
    *,
    kind: str,
    actor: Reader,
    why: str,
    is_client: bool,
) -> Callable[[], Letter]:
    def write() -> Letter:
        words = {"title": engagement.title, "name": actor.name}
        subject, line = _texts(kind, words)
        is_on = kind in ("invited", "changed")
        return Letter(
            subject=subject,
            lines=(line,),
            quote=why,
            moments=moments_of(meeting, person.time_zone),
            place=meeting.place if is_on else "",
            label=_("Read the report"),
            url=_url(engagement, is_client=is_client),
            foot=own_foot(engagement) if is_client else team_foot(engagement),
        )

    return write


def _texts(kind: str, words: dict[str, str]) -> tuple[str, str]:
    subject, line = {
        "invited": (
            _("Invitation: handover of the report · %(title)s"),
            _(
                "%(name)s invites you to the meeting where you’ll go through the report "
                "together. Reply to the invitation in your calendar so that everyone knows who’s "
                "coming."
            ),
        ),
        "changed": (
            _("Changed: handover of the report · %(title)s"),
            _("%(name)s has changed the handover meeting. Here are the new details."),
        ),
        "off": (
            _("Cancelled: handover of the report · %(title)s"),
            _("%(name)s has cancelled the handover meeting. The reason:"),
        ),
        "uninvited": (
            _("You no longer need to attend: handover of the report · %(title)s"),
            _(
                "%(name)s has changed the attendees of the handover meeting. You no longer need "
                "to attend."
            ),
        ),
    }[kind]
    return subject % words, line % words
