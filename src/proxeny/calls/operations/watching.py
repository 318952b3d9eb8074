"""Watching calls: reminders before they close, and word of a deadline that moves."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.calls.models import Call, CallWatch
from proxeny.calls.models.watching import DAYS
from proxeny.calls.queries.calls import get_call
from proxeny.calls.queries.watching import (
    News,
    days_passed,
    days_until,
    news_of,
    next_deadline,
)
from proxeny.calls.rules import format_deadline
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations.mails import Letter, send, to_person


@transaction.atomic
def watch_call(
    *, actor: Reader, call_id: int, now: datetime, days_before: Iterable[int] = DAYS
) -> CallWatch:
    """Watch a call, or change its reminders. Repeating it changes nothing.

    There is no reminder for a day that has already passed: the watcher has just seen the call.

    Raises
    ------
    NotFound
        The actor does not see the call.
    InvalidInput
        It is archived, or the days are not among those offered.
    """
    if actor.person is None:
        raise NotAllowed(_("Sign in to watch a call."))
    call = get_call(call_id)
    days = sorted(set(days_before), reverse=True)
    if not set(days) <= set(DAYS):
        raise InvalidInput(
            _("Choose from 30, 14 and 3 days before the deadline."), field="days_before"
        )
    if call.put_away_at is not None:
        raise InvalidInput(_("This call is archived. Reminders are no longer sent for it."))
    deadline = next_deadline(call, now=now)
    known = {
        "days_before": days,
        "reminded": days_passed(days, deadline, now=now),
        "told_closes_at": deadline,
    }
    found = CallWatch.objects.filter(person=actor.person, call=call).first()
    if found is None:
        found = CallWatch.objects.create(person_id=actor.person, call=call, **known)
        audit.record(actor, "follow", found)
    elif found.days_before != days:
        for name, value in known.items():
            setattr(found, name, value)
        found.save(update_fields=[*known])
    return found


@transaction.atomic
def unwatch_call(*, actor: Reader, call_id: int) -> None:
    """Watch a call no longer; nothing happens where the actor does not. Its undo is to watch again.

    Also for a call that the actor does not see any more.
    """
    for one in CallWatch.objects.filter(person=actor.person, call_id=call_id):
        audit.record(actor, "unfollow", one)
        one.delete()


def tell_watcher(
    watch_id: int, *, now: datetime, reading: Callable[[int], AbstractContextManager[Reader]]
) -> int:
    """Mail a watcher the news of a watched call; return the number of mails. Service role.

    Parameters
    ----------
    reading : callable
        Runs a block with a person's own rights: no one is notified of a call they can no longer see.

    Notes
    -----
    The mail is recorded in the same transaction, so that a second run sends nothing twice.
    """
    watch = (
        CallWatch.objects.select_for_update(of=("self",))
        .filter(pk=watch_id, call__put_away_at=None, person__erased_at=None)
        .select_related("call", "person")
        .first()
    )
    news = news_of(watch, now=now) if watch else None
    if watch is None or news is None:
        return 0
    try:
        with reading(watch.person_id):
            get_call(watch.call_id)
    except NotFound:
        return 0
    told = watch.told_closes_at
    watch.told_closes_at = news.deadline
    watch.reminded = days_passed(watch.days_before, news.deadline, now=now)
    watch.save(update_fields=["told_closes_at", "reminded"])
    if not news.kind:
        return 0
    return int(_send(watch, news, told=told, now=now))


def _send(watch: CallWatch, news: News, *, told: datetime | None, now: datetime) -> bool:
    call, person = watch.call, watch.person
    days = days_until(news.deadline, now=now) if news.deadline else None

    def write() -> Letter:
        subject, *lines = _said(call, news, days, told=told, zone=person.time_zone)
        return Letter(
            subject,
            tuple(lines),
            _foot(),
            label=_("Open the call"),
            url=f"{settings.BASE_URL}{reverse('calls:detail', args=[call.pk])}",
        )

    what = f"{news.kind}:{news.deadline:%Y%m%d%H%M}" if news.deadline else news.kind
    if news.kind == "due":
        what += f":{min(watch.reminded)}"
    else:
        what += f":{call.version}"
    return send(to_person(person, "bids"), write, key=f"call:{call.pk}:{what}:{person.pk}")


def _said(
    call: Call, news: News, days: int | None, *, told: datetime | None, zone: str
) -> list[str]:
    """Return the subject of a mail and its lines."""
    names = {
        "title": call.title,
        "days": days,
        "when": format_deadline(news.deadline, zone) if news.deadline else "",
        "before": format_deadline(told, zone) if told else "",
    }
    if news.kind == "due" and days is not None:
        return [
            (
                ngettext("%(days)d day left: %(title)s", "%(days)d days left: %(title)s", days)
                if days
                else _("Closes today: %(title)s")
            )
            % names,
            _("The call closes on %(when)s.") % names,
        ]
    if news.kind == "set":
        return [
            _("Deadline set: %(title)s") % names,
            _("The call closes on %(when)s.") % names,
        ]
    if news.kind == "moved":
        return [
            _("Deadline changed: %(title)s") % names,
            _("The call now closes on %(when)s.") % names,
            _("The previous deadline was %(before)s.") % names,
        ]
    return [
        _("No upcoming deadline: %(title)s") % names,
        _("The previous deadline was %(before)s. Open the call to see what applies now.") % names,
    ]


def _foot() -> str:
    return _(
        "You’re receiving this message because you watch this call. To stop, open the call and "
        "choose “Stop watching”."
    )
