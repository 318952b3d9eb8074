"""The long work of partnerships: introductions between two member lists, and reminders."""

import time
from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import eyes_of_person, person_behind
from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, WEB, acting_as
from proxeny.partnerships.operations import introducing, reminders


@job("partnerships.introduce")
def introduce(context: JobContext) -> dict[str, Any]:
    """Compute a plan in the role of the person who requested it, outside any transaction."""
    with person_behind(context) as reader:
        begun = time.monotonic()
        context.report(step="read", percent=3, force=True)
        with acting_as(WEB, reader):
            draft = introducing.load_plan(
                actor=reader,
                today=timezone.localdate(),
                plan_id=context.arguments["plan_id"],
                partnership_id=context.arguments["partnership_id"],
            )
        result = introducing.work_plan_out(
            draft, report=lambda step, percent: context.report(step=step, percent=percent)
        )
        with acting_as(WEB, reader):
            plan = introducing.store_plan(
                draft=draft, result=result, seconds=time.monotonic() - begun, now=timezone.now()
            )
            answer = {"state": plan.state, "proposed": len(result.rows)}
            context.finish(answer)
    return answer


@HOURLY.add
def start_reminding(now: datetime) -> None:
    """Queue the daily reminder mails."""
    enqueue(
        "partnerships.remind",
        actor=STRANGER,
        key=f"partnerships.remind:{now:%Y-%m-%d}",
        arguments={},
    )


@job("partnerships.remind")
def remind(context: JobContext) -> dict[str, Any]:
    """Mail all people with due items, each in a transaction of its own."""
    now = timezone.now()
    with acting_as(SERVICE):
        people = reminders.people_in_charge(today=now.date())
    told = for_each(
        people,
        lambda one: reminders.remind(person_id=one, now=now, reading=eyes_of_person),
        what="writing a reminder",
        should_stop=context.should_stop,
    )
    return {"mails": told.count, "failed": len(told.failed)}
