"""The question about outcomes, six months later."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.hooks import Hook
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.rules import LATER_AFTER
from proxeny.notices.operations import tell

#: Asks the parties of meetings that have no person: with the meetings' ids, the batch and the time;
#: returns how many mails.
ASK_LATER: Hook[Callable[[Sequence[int], str, datetime], int]] = Hook(
    "meetings.ask_later", "Asks who met without a sign-in what came of it, six months later."
)
#: So many days after the right one a question is still asked, if no worker ran.
_LATE_DAYS = 7


@transaction.atomic
def ask_what_came_of_it(
    *, actor: Reader, partnership_id: int, meeting_ids: Sequence[int], now: datetime
) -> Job:
    """Queue the mails that ask the parties of past meetings for their outcomes.

    Only meetings that ended six months ago or more are asked about, and each party once.

    Raises
    ------
    NotAllowed, Conflict
        Not a manager of the partnership; too early for all of the meetings.
    """
    if partnership_id not in actor.steered:
        raise NotAllowed(_("Only cluster managers can ask."))
    ripe = list(
        Meeting.objects.filter(
            pk__in=meeting_ids,
            kind=Meeting.Kind.BUSINESS,
            state=Meeting.State.HELD,
            ends_at__lte=now - LATER_AFTER,
        ).order_by("pk")
    )
    if not ripe:
        raise Conflict(_("Six months haven’t passed yet. Come back then."))
    job = enqueue(
        "meetings.ask_later",
        actor=actor,
        key=f"meetings.ask_later:{ripe[0].pk}:{ripe[-1].pk}:{len(ripe)}",
        arguments={"meetings": [meeting.pk for meeting in ripe]},
        partnership_id=partnership_id,
    )
    audit.record(
        actor,
        "ask_what_came_of_it",
        ripe[0],
        partnership_id=partnership_id,
        changes={"meetings": len(ripe)},
    )
    return job


def queue_ripe_questions(*, now: datetime) -> int:
    """Ask about all meetings whose six months are over, without anybody's doing; return how many
    mails. Service role only.

    Each day's meetings are asked about once, on the day after they ripen, or within a week of it
    if no worker ran. Older ones are left to the managers.
    """
    written = 0
    for back in range(1, _LATE_DAYS + 1):
        day = (now - LATER_AFTER).date() - timedelta(days=back)
        held = Meeting.objects.filter(
            kind=Meeting.Kind.BUSINESS, state=Meeting.State.HELD, ends_at__date=day
        )
        numbers = list(held.values_list("pk", flat=True))
        written += queue_later_questions(meeting_ids=numbers, now=now, batch=day.isoformat())
    return written


def queue_later_questions(*, meeting_ids: Sequence[int], now: datetime, batch: str = "") -> int:
    """Write one mail to each person with unanswered meetings; return how many. Service role only.

    Running it again for the same meetings writes no second mail; with a `batch`, each person gets
    one mail of that batch, whatever they have answered since.
    """
    waiting = (
        MeetingParty.objects.filter(
            meeting_id__in=meeting_ids, person__isnull=False, person__erased_at=None
        )
        .exclude(ratings__phase=Rating.Phase.LATER)
        .select_related("person", "meeting")
        .order_by("person_id", "meeting_id")
    )
    by_person: dict[int | None, list[MeetingParty]] = {}
    for party in waiting:
        by_person.setdefault(party.person_id, []).append(party)
    written = 0
    for parties in by_person.values():
        person = cast("Person", parties[0].person)
        written += tell(
            person,
            topic="meetings",
            key=f"later:{batch}:{person.pk}" if batch else f"later:{parties[0].pk}:{len(parties)}",
            template="meetings/mail/later",
            context={
                "name": person.name,
                "count": len(parties),
                "action_url": settings.BASE_URL + reverse("meetings:ratings"),
            },
        )
    return written + sum(ask(meeting_ids, batch, now) for ask in ASK_LATER)
