"""Long work of meetings."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from proxeny.kernel.batch import for_each
from proxeny.kernel.inbox.reading import Hands, read_inbox
from proxeny.kernel.jobs import JobContext, enqueue, fresh_connection, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.meetings.operations import queue_later_questions
from proxeny.meetings.operations.bounces import tell_bounce
from proxeny.meetings.operations.follow_up import queue_ripe_questions
from proxeny.meetings.operations.replies import apply_reply, tell_unread
from proxeny.meetings.operations.rhythm import mind_rhythm, minded_rhythms


@HOURLY.add
def start_asking_later(now: datetime) -> None:
    """Queue the question six months later, once a day."""
    enqueue(
        "meetings.ask-ripe", actor=STRANGER, key=f"meetings.ask-ripe:{now:%Y-%m-%d}", arguments={}
    )


@job("meetings.ask-ripe")
def ask_ripe(context: JobContext) -> dict[str, Any]:
    """Write the mails about meetings whose six months are over."""
    with acting_as(SERVICE):
        written = queue_ripe_questions(now=timezone.now())
        context.finish({"mails": written})
    return {"mails": written}


@job("meetings.ask_later")
def ask_later(context: JobContext) -> dict[str, Any]:
    """Write the mails of the question six months later."""
    with acting_as(SERVICE):
        written = queue_later_questions(
            meeting_ids=context.arguments["meetings"], now=timezone.now()
        )
        context.finish({"mails": written})
    return {"mails": written}


@HOURLY.add
def start_minding_rhythms(now: datetime) -> None:
    """Queue the look at the agreed rhythms, once a day."""
    enqueue(
        "meetings.mind-rhythms",
        actor=STRANGER,
        key=f"meetings.mind-rhythms:{now:%Y-%m-%d}",
        arguments={},
    )


@job("meetings.mind-rhythms")
def mind_rhythms(context: JobContext) -> dict[str, Any]:
    """Write the mails about catch-ups that are due, or were missed."""
    today = timezone.localdate()
    with acting_as(SERVICE):
        rhythms = minded_rhythms()
    told = for_each(
        rhythms,
        lambda pk: mind_rhythm(pk, today=today),
        what="minding a rhythm",
        should_stop=context.should_stop,
    )
    return {"mails": told.count, "failed": len(told.failed)}


#: Handlers of incoming letters.
HANDS = Hands(answered=apply_reply, unread=tell_unread, bounced=tell_bounce)


# Not a `Job`: nobody starts or watches it, and a failed round is followed by the next. The lock
# prevents a second round while a slow mail server holds up the first.
@app.periodic(cron="*/2 * * * *")
@app.task(name="meetings.read-inbox", lock="inbox", queueing_lock="inbox")
def read_answers(timestamp: int) -> None:
    """Read the answers to invitations that came in by mail."""
    with fresh_connection():
        read_inbox(HANDS, clock=timezone.now)
