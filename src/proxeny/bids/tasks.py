"""The long work of bids: proposed consortia."""

import time
from typing import Any

from django.utils import timezone, translation

from proxeny.accounts.queries import get_reader_of_person
from proxeny.bids.operations import proposing
from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, acting_as


@job("bids.search")
def search(context: JobContext) -> dict[str, Any]:
    """Work a search out as the person who asked for it. No transaction is held meanwhile."""
    reader = STRANGER
    if context.person_id is not None:
        with acting_as(GATE):
            reader = get_reader_of_person(context.person_id, today=timezone.now().date())
    with translation.override(reader.language or "en"):
        begun = time.monotonic()
        context.report(step="read", percent=3, force=True)
        with acting_as(WEB, reader):
            draft = proposing.load_search(
                actor=reader, today=timezone.localdate(),
                **{name: context.arguments[name]
                   for name in ("partnership_id", "bid_id", "search_id")},
            )  # fmt: skip
        result = proposing.work_search_out(
            draft, should_stop=context.should_stop, clock=time.monotonic,
            report=lambda step, percent: context.report(step=step, percent=percent, force=True),
        )  # fmt: skip
        with acting_as(WEB, reader):
            made = proposing.store_search(
                draft=draft, result=result, seconds=time.monotonic() - begun, now=timezone.now()
            )
            answer = {"state": made.state, "proposed": len(result.kept.get("proposals", ()))}
            context.finish(answer)
    return answer
