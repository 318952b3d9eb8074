"""The mails of the morning: once a day and once a week, at the hour that each person chose."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import eyes_of_person
from proxeny.accounts.models import Person
from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.notices.models import Hours
from proxeny.notices.operations.digests import write_digest
from proxeny.notices.overviews import overview_of
from proxeny.notices.rules import due_digests


@HOURLY.add
def start_digests(now: datetime) -> None:
    """Queue the mails that are due in this hour."""
    enqueue("notices.digest", actor=STRANGER, arguments={}, key=f"notices.digest:{now:%Y-%m-%dT%H}")


@job("notices.digest")
def write_digests(context: JobContext) -> dict[str, Any]:
    """Write to everybody whose hour has come, each with their own read rights."""
    now = timezone.now()
    with acting_as(SERVICE):
        people = due_people(now)
    outcome = for_each(
        people,
        lambda one: write_digest(
            person_id=one, now=now, reading=eyes_of_person, overview=overview_of
        ),
        what="the mail of the day",
        should_stop=context.should_stop,
    )
    return {"mails": outcome.count, "failed": len(outcome.failed)}


def due_people(now: datetime) -> list[int]:
    """Return the people who may be due a daily or weekly mail now. Service role; one query."""
    people = Person.objects.filter(account__is_active=True, erased_at=None)
    found = []
    for person in people.select_related("notice_hours").order_by("pk").iterator():
        hours = getattr(person, "notice_hours", None) or Hours()
        daily, weekly, _today = due_digests(hours, now, person.time_zone)
        if daily or weekly:
            found.append(person.pk)
    return found
