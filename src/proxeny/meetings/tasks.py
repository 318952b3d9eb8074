"""Long work of meetings."""

from typing import Any

from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.operations import queue_later_questions


@job("meetings.ask_later")
def ask_later(context: JobContext) -> dict[str, Any]:
    """Write the mails of the question six months later."""
    with acting_as(SERVICE):
        written = queue_later_questions(meeting_ids=context.arguments["meetings"])
        context.finish({"mails": written})
    return {"mails": written}
