"""The webhooks' cycle: every ten seconds read the audit trail, write messages, send those due.

Not a `Job`: nobody starts or watches it, and what it does is in the log of each webhook.
"""

from django.utils import timezone
from procrastinate.contrib.django import app

from proxeny.kernel.jobs import fresh_connection
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.webhooks import operations, queries


# The lock keeps a second round from beginning beside one that is slow: one worker's place at most
# goes to other people's servers. Without work a round is one query.
@app.periodic(cron="* * * * * */10")
@app.task(name="webhooks.deliver", lock="webhooks", queueing_lock="webhooks")
def deliver(timestamp: int) -> None:
    """Go one round."""
    with fresh_connection():
        run_round()


def run_round() -> int:
    """Read the trail, write new messages, send those due; return the number of attempts."""
    now = timezone.now()
    with acting_as(SERVICE):
        if not queries.has_work(now=now):
            return 0
    operations.collect_news(now=now)
    return operations.deliver_due(clock=timezone.now)
