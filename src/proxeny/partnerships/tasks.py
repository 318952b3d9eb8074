"""The long work of partnerships: introductions between two member lists."""

import time
from typing import Any

from django.utils import timezone, translation

from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, acting_as
from proxeny.partnerships.operations import introducing


@job("partnerships.introduce")
def introduce(context: JobContext) -> dict[str, Any]:
    """Work a plan out as the person who asked for it. No transaction is held meanwhile."""
    reader = STRANGER
    if context.person_id is not None:
        with acting_as(GATE):
            reader = get_reader_of_person(context.person_id, today=timezone.now().date())
    with translation.override(reader.language or "en"):
        begun = time.monotonic()
        context.report(step="read", percent=3, force=True)
        with acting_as(WEB, reader):
            draft = introducing.load_plan(
                actor=reader, today=timezone.localdate(), plan_id=context.arguments["plan_id"],
                partnership_id=context.arguments["partnership_id"],
            )  # fmt: skip
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
