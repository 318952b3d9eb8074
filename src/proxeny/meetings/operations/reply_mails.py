"""The mails that answers by mail cause: back to who gave one, and to those whom it concerns."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from proxeny.accounts.models import Person
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.letters import clean, plain_address
from proxeny.kernel.mail import is_written, queue_mail
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.zones import is_same_clock
from proxeny.meetings.models import CatchUpGuest, Meeting
from proxeny.meetings.operations.asked import Asked
from proxeny.meetings.operations.invitations import Moment
from proxeny.meetings.operations.rhythm import contacts_of
from proxeny.meetings.queries.calendar import title_of_catch_up
from proxeny.partnerships.models import Party

#: Of so many unknown addresses a meeting's people hear, and of so many proposals of one person.
MOST_STRANGERS, MOST_PROPOSALS = 5, 5


def tell_back(meeting: Meeting, asked: Asked, *, kind: str, why: str = "") -> bool:
    """Write to who answered that the answer did not count, once for each state of the meeting.

    Parameters
    ----------
    kind : {"moved", "closed", "forged", "unread"}
        The answer was for an earlier time; the meeting is open to no answer (`why` says why); the
        mail server doubts who sent it; the calendar in it cannot be read.
    """
    key = f"reply:{meeting.pk}:{meeting.sequence}:{kind}:{asked.person_id}"
    if is_written(key):
        return False
    mail = queue_mail(
        key=key, recipient=asked.email, template="meetings/mail/reply_back",
        context={
            "kind": kind, "name": asked.name, "title": _title(meeting, asked.language), "why": why,
            "moments": _moments(meeting, asked.zone) if kind == "moved" else [],
            "partnership": meeting.partnership.title, "action_url": _url(meeting, asked),
        },
        language=asked.language,
    )  # fmt: skip
    return mail is not None


def tell_stranger(meeting: Meeting, *, sender: str, excerpt: str, today: datetime) -> int:
    """Write to who speaks for the side that invites that an unknown address answered, once each.

    Nothing is written to the address itself. Of what it wrote the beginning is shown, as text;
    nothing of it where somebody who was asked has been erased since: it may be theirs.
    """
    start = f"reply-stranger:{meeting.pk}:"
    mark = salted_hmac("proxeny.inbox", plain_address(sender), algorithm="sha256").hexdigest()[:16]
    marks = _known(start)
    if mark in marks or len(marks) >= MOST_STRANGERS:
        return 0
    is_somebodys = CatchUpGuest.objects.filter(catch_up=meeting.pk, person=None).exists()
    words = {"sender": "", "excerpt": ""} if is_somebodys else {"sender": sender, "excerpt": excerpt}  # fmt: skip
    return _tell(
        meeting, contacts_of(inviting_side(meeting), today=today.date()),
        key=f"{start}{mark}", kind="stranger", who="", **words,
    )  # fmt: skip


def tell_news(
    meeting: Meeting, asked: Asked, reply: Reply, *, kind: str, now: datetime,
    starts_at: datetime | None = None, ends_at: datetime | None = None,
) -> int:  # fmt: skip
    """Write to who speaks for each side what somebody answered that takes more than a mark.

    Parameters
    ----------
    kind : {"proposal", "delegated", "declined"}
        Another time (`starts_at`, `ends_at`) is proposed; somebody else is to come; a business
        meeting is declined.
    """
    key = f"reply-{kind}:{meeting.pk}:{meeting.sequence}:{asked.person_id}"
    if kind == "proposal" and starts_at is not None:
        own = f"{starts_at:%Y%m%d%H%M}"
        if len(_known(f"{key}:") - {own}) >= MOST_PROPOSALS:
            return 0
        key = f"{key}:{own}"
    parties = meeting.partnership.parties.all()
    if meeting.kind == Meeting.Kind.CATCH_UP:
        guests = CatchUpGuest.objects.filter(catch_up=meeting.pk)
        parties = parties.filter(pk__in=guests.values("party_id"))
    contacts = contacts_of(parties.select_related("organisation", "contact"), today=now.date())
    return _tell(
        meeting, [one for one in contacts if one.pk != asked.person_id], key=key, kind=kind,
        who=asked.name, excerpt=clean(reply.comment), starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip


def _known(start: str) -> set[str]:
    """Return what stands behind the beginning of the keys of mails that were written before."""
    keys = Mail.objects.filter(key__startswith=start).values_list("key", flat=True)
    return {key.removeprefix(start).partition(":")[0] for key in keys}


def inviting_side(meeting: Meeting) -> list[Party]:
    """Return the party that asked to a meeting: whose member planned it, else the leading one."""
    parties = list(meeting.partnership.parties.select_related("organisation", "contact"))
    planned = AuditEntry.objects.filter(
        verb="plan_catch_up", target="meetings.catchup", target_id=meeting.pk
    ).first()
    side = planned.organisation_id if planned else meeting.partnership.lead_id
    return [party for party in parties if party.organisation_id == side] or parties


def _tell(
    meeting: Meeting, people: Iterable[Person], *, key: str, kind: str, who: str,
    starts_at: datetime | None = None, ends_at: datetime | None = None, **words: str,
) -> int:  # fmt: skip
    written = 0
    for person in people:
        moments = _moments(meeting, person.time_zone, starts_at, ends_at) if starts_at else []
        own = f"{key}:{person.pk}"
        written += not is_written(own) and queue_mail(
            key=own, recipient=person.email, template="meetings/mail/reply_news",
            context={
                "kind": kind, "name": person.name, "who": who, "moments": moments, **words,
                "title": _title(meeting, person.language), "is_catch_up": _is_catch_up(meeting),
                "partnership": meeting.partnership.title, "action_url": _url(meeting),
            },
            language=person.language,
        ) is not None  # fmt: skip
    return written


def _is_catch_up(meeting: Meeting) -> bool:
    return meeting.kind == Meeting.Kind.CATCH_UP


def _title(meeting: Meeting, language: str) -> str:
    with override(language):
        return title_of_catch_up(meeting) if _is_catch_up(meeting) else meeting.title


def _url(meeting: Meeting, asked: Asked | None = None) -> str:
    """Where one answers, or sees what was answered; who has no sign-in is led nowhere."""
    path: Any = reverse("partnerships:detail", args=[meeting.partnership_id])
    if _is_catch_up(meeting):
        path = reverse("meetings:catch-up", args=[meeting.partnership_id, meeting.pk])
    elif asked is not None:
        return ""
    return f"{settings.BASE_URL}{path}"


def _moments(
    meeting: Meeting, zone: str, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> list[Moment]:
    """Return a time as the reader's own clocks show it, and as those of the meeting do."""
    starts_at, ends_at = starts_at or meeting.starts_at, ends_at or meeting.ends_at
    zones = [meeting.time_zone]
    if zone and not is_same_clock(starts_at, meeting.time_zone, zone):
        zones.insert(0, zone)
    return [Moment(one, starts_at, ends_at) for one in zones]
