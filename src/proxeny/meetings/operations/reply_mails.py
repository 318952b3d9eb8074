"""Mails caused by answers by mail: back to the sender, and to the people concerned."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from proxeny.accounts.models import Person
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.messages import clean
from proxeny.kernel.mail import is_written, queue_mail
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.zones import is_same_clock
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.asked import Asked, Ear, Way, keeper_of, mark_of
from proxeny.meetings.operations.invitations import Moment
from proxeny.meetings.operations.rhythm import contacts_of
from proxeny.meetings.queries.calendar import title_of_catch_up
from proxeny.notices.operations import tell
from proxeny.partnerships.models import Party

#: Of so many unknown addresses a meeting's people hear, and of so many proposals of one person.
MOST_STRANGERS, MOST_PROPOSALS = 5, 5


def tell_back(meeting: Meeting, asked: Asked, *, kind: str, now: datetime, why: str = "") -> bool:
    """Tell the sender that their answer did not count, once for each state of the meeting.

    Parameters
    ----------
    kind : {"moved", "closed", "forged", "unread"}
        The answer was for an earlier time; the meeting takes no answers (`why` is the reason); the
        mail server doubts the sender; the calendar in it cannot be read.
    """
    key = f"reply:{meeting.pk}:{meeting.sequence}:{kind}:{asked.mark}"
    if is_written(key):
        return False
    with override(asked.language):
        way = _way(meeting, asked, now)
    mail = queue_mail(
        key=key,
        recipient=asked.email,
        template="meetings/mail/reply_back",
        context={
            "kind": kind,
            "name": asked.name,
            "title": _title(meeting, asked.language),
            "why": why,
            "moments": _moments(meeting, asked.zone) if kind == "moved" else [],
            "partnership": meeting.partnership.title,
            "is_catch_up": _is_catch_up(meeting),
            "action_url": way.url,
            "action_label": way.label,
        },
        language=asked.language,
    )
    return mail is not None


def tell_stranger(meeting: Meeting, *, sender: str, excerpt: str, today: datetime) -> int:
    """Tell the contact of the inviting side that an unknown address answered, once for each.

    For a desk's meeting, the person in charge is notified. The address itself gets no mail. The
    beginning of its message is shown, as text; nothing is shown if an invited person has been
    erased since: it may be theirs.
    """
    start = f"reply-stranger:{meeting.pk}:"
    mark, marks = mark_of(sender), _known(start)
    if mark in marks or len(marks) >= MOST_STRANGERS:
        return 0
    ear = _ear(meeting, today)
    words: dict[str, Any] = (
        {"sender": "", "excerpt": ""}
        if ear.is_somebodys
        else {"sender": sender, "excerpt": excerpt}
    )
    return _tell(meeting, ear.people, key=f"{start}{mark}", kind="stranger", who="", **words)


def _ear(meeting: Meeting, now: datetime) -> Ear:
    if keeper := keeper_of(meeting):
        return keeper.ear(meeting, now)
    if meeting.kind == Meeting.Kind.HAND_OVER:
        return Ear(tuple(_team_at(meeting)))
    people = contacts_of(inviting_side(meeting), today=now.date())
    is_somebodys = CatchUpGuest.objects.filter(catch_up=meeting.pk, person=None).exists()
    return Ear(tuple(people), is_somebodys)


def tell_news(
    meeting: Meeting,
    asked: Asked,
    reply: Reply,
    *,
    kind: str,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> int:
    """Tell the contact of each side about an answer that needs more than a recorded state.

    Parameters
    ----------
    kind : {"proposal", "delegated", "declined"}
        Another time (`starts_at`, `ends_at`) is proposed; somebody else will attend; a business
        meeting is declined.
    """
    key = f"reply-{kind}:{meeting.pk}:{meeting.sequence}:{asked.person_id}"
    if kind == "proposal" and starts_at is not None:
        own = f"{starts_at:%Y%m%d%H%M}"
        if len(_known(f"{key}:") - {own}) >= MOST_PROPOSALS:
            return 0
        key = f"{key}:{own}"
    told = [one for one in _contacts(meeting, now) if one.pk != asked.person_id]
    return _tell(
        meeting,
        told,
        key=key,
        kind=kind,
        who=asked.name,
        excerpt=clean(reply.comment),
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _contacts(meeting: Meeting, now: datetime) -> list[Person]:
    """Return the contact of each side; for a handover, the team members attending it.

    Other team members may have an interest in the content of a report, and must not learn of it.
    """
    if meeting.kind == Meeting.Kind.HAND_OVER:
        return _team_at(meeting)
    parties = meeting.partnership.parties.all()
    if meeting.kind == Meeting.Kind.CATCH_UP:
        guests = CatchUpGuest.objects.filter(catch_up=meeting.pk)
        parties = parties.filter(pk__in=guests.values("party_id"))
    return contacts_of(parties.select_related("organisation", "contact"), today=now.date())


def _team_at(meeting: Meeting) -> list[Person]:
    teams = meeting.partnership.parties.values("organisation_id")
    coming = MeetingParty.objects.filter(meeting=meeting, organisation_id__in=teams)
    found = coming.exclude(person=None).filter(person__erased_at=None).select_related("person")
    return [one.person for one in found.order_by("pk") if one.person]


def _known(start: str) -> set[str]:
    """Return the key parts after a prefix, of mails that were written before."""
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
    meeting: Meeting,
    people: Iterable[Person],
    *,
    key: str,
    kind: str,
    who: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    **words: str,
) -> int:
    written, keeper = 0, keeper_of(meeting)
    for person in people:
        moments = _moments(meeting, person.time_zone, starts_at, ends_at) if starts_at else []
        own = f"{key}:{person.pk}"
        with override(person.language):
            way = keeper.told_of(meeting) if keeper else Way(url=_url(meeting))
        written += tell(
            person,
            topic="meetings",
            key=own,
            template="meetings/mail/reply_news",
            context={
                "kind": kind,
                "name": person.name,
                "who": who,
                "moments": moments,
                **words,
                "title": _title(meeting, person.language),
                "is_catch_up": _is_catch_up(meeting),
                "partnership": meeting.partnership.title,
                "is_desk": keeper is not None,
                "action_url": way.url,
                "action_label": way.label,
            },
        )
    return written


def _is_catch_up(meeting: Meeting) -> bool:
    return meeting.kind == Meeting.Kind.CATCH_UP


def _title(meeting: Meeting, language: str) -> str:
    with override(language):
        return title_of_catch_up(meeting) if _is_catch_up(meeting) else meeting.title


def _way(meeting: Meeting, asked: Asked, now: datetime) -> Way:
    """Return the address to answer at. It is empty for an event's meeting: its parties have no page."""
    if keeper := keeper_of(meeting):
        return keeper.way(meeting, asked, now)
    return Way(url=_url(meeting)) if _is_catch_up(meeting) else Way()


def _url(meeting: Meeting) -> str:
    path: Any = reverse("partnerships:detail", args=[meeting.partnership_id])
    if _is_catch_up(meeting):
        path = reverse("meetings:catch-up", args=[meeting.partnership_id, meeting.pk])
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
