"""The mails of hand-over meetings, with what calendars need; each in its reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.letters import (
    own_foot,
    team_foot,
    url_for_client,
    url_for_team,
    walled_from,
)
from proxeny.kernel.calendar import Attendee, write_invitation
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.operations.letters import Letter, moments_of, send, to_person
from proxeny.meetings.queries.calendar import make_appointment


def invite(engagement: Engagement, people: Iterable[int], *, actor: Reader, kind: str) -> int:
    """Write an invitation (iCalendar REQUEST) to people who are asked; return how many mails.

    `kind` is `invited` or `changed`; of a change nobody hears who has said no.
    """
    return _write_to(engagement, people, actor=actor, kind=kind, method="REQUEST")


def tell_off(
    engagement: Engagement, people: Iterable[Any], *, actor: Reader, kind: str, why: str = ""
) -> int:
    """Write a cancellation (iCalendar CANCEL): all is `off`, or who is `uninvited` need not come."""
    return _write_to(engagement, people, actor=actor, kind=kind, method="CANCEL", why=why)


def _write_to(
    engagement: Engagement, people: Iterable[int], *, actor: Reader, kind: str, method: str,
    why: str = "",
) -> int:  # fmt: skip
    meeting = engagement.meeting
    assert meeting is not None  # noqa: S101
    walled = set(walled_from(engagement))
    with as_service():
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
            _letter(engagement, meeting, person, kind=kind, actor=actor, why=why,
                    is_client=is_client),
            key=f"assessment:{engagement.pk}:handover:{kind}:{meeting.sequence}:{person.pk}",
            calendar=_calendar(engagement, meeting, Attendee(person.name, person.email, answer),
                               method=method, is_client=is_client),
            method=method,
        )  # fmt: skip
    return written


def _url(engagement: Engagement, *, is_client: bool) -> str:
    if is_client:
        return url_for_client(engagement, "own-report")
    return url_for_team(engagement, "report")


def _calendar(
    engagement: Engagement, meeting: Meeting, attendee: Attendee, *, method: str, is_client: bool
) -> Callable[[], str]:
    def write() -> str:
        appointment = make_appointment(meeting, own=[], attendee=attendee,
                                       url=_url(engagement, is_client=is_client))  # fmt: skip
        if method == "CANCEL":
            appointment = replace(appointment, is_cancelled=True)
        return write_invitation(appointment, method=method)

    return write


def _letter(
    engagement: Engagement, meeting: Meeting, person: Person, *, kind: str, actor: Reader, why: str,
    is_client: bool,
) -> Callable[[], Letter]:  # fmt: skip
    def write() -> Letter:
        words = {"title": engagement.title, "name": actor.name}
        subject, line = _texts(kind, words)
        is_on = kind in ("invited", "changed")
        return Letter(
            subject=subject, lines=(line,), quote=why,
            moments=moments_of(meeting, person.time_zone), place=meeting.place if is_on else "",
            label=_("Read the report"), url=_url(engagement, is_client=is_client),
            foot=own_foot(engagement) if is_client else team_foot(engagement),
        )  # fmt: skip

    return write


def _texts(kind: str, words: dict[str, str]) -> tuple[str, str]:
    subject, line = {
        "invited": (
            _("Invitation: hand-over of the report · %(title)s"),
            _("%(name)s asks you to the meeting in which the report is gone through together. "
              "Answer the invitation in your calendar, so that all know who comes."),
        ),
        "changed": (
            _("Changed: hand-over of the report · %(title)s"),
            _("%(name)s has changed the hand-over meeting. This is how it is now."),
        ),
        "off": (
            _("Called off: hand-over of the report · %(title)s"),
            _("%(name)s has called the hand-over meeting off. The reason:"),
        ),
        "uninvited": (
            _("You need not come: hand-over of the report · %(title)s"),
            _("%(name)s has changed who comes to the hand-over meeting. You are not needed there."),
        ),
    }[kind]  # fmt: skip
    return subject % words, line % words
