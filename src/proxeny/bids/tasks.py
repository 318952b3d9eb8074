"""The long work of bids: proposed consortia."""

import time
from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import person_behind
from proxeny.bids.operations import proposing
from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import WEB, acting_as


@job("bids.search")
def search(context: JobContext) -> dict[str, Any]:
    """Run a search as the person who asked for it. No transaction is held meanwhile."""
    with person_behind(context) as reader:
        begun = time.monotonic()
        context.report(step="read", percent=3, force=True)
        with acting_as(WEB, reader):
            draft = proposing.load_search(
                actor=reader,
                today=timezone.localdate(),
                **{
                    name: context.arguments[name]
                    for name in ("partnership_id", "bid_id", "search_id")
                },
            )
        result = proposing.work_search_out(
            draft,
            should_stop=context.should_stop,
            clock=time.monotonic,
            report=lambda step, percent: context.report(step=step, percent=percent, force=True),
        )
        with acting_as(WEB, reader):
            made = proposing.store_search(
                draft=draft, result=result, seconds=time.monotonic() - begun, now=timezone.now()
            )
            answer = {"state": made.state, "proposed": len(result.kept.get("proposals", ()))}
            context.finish(answer)
    return answer
