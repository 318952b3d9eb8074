"""My day as a mail tells it, and the end of long work as a notice."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.notices.operations import Overview, Waiting, tell
from proxeny.notices.rules import zone_of
from proxeny.web.day import get_day
from proxeny.web.day.model import NextMeeting
from proxeny.web.failed import TITLES, tell_jobs

#: Who waited less than this has seen the end on the page.
_LONG = timedelta(seconds=20)


def tell_overview(reader: Reader, now: datetime) -> Overview:
    """Return what waits for a reader and their next meetings, in the language in force."""
    with timezone.override(zone_of(reader.time_zone)):
        day = get_day(reader, now=now)
    return Overview(
        waiting=tuple(Waiting(str(one.title), str(one.text), one.url) for one in day.tasks),
        meetings=tuple(_tell(one) for one in day.meetings),
    )


def _tell(meeting: NextMeeting) -> str:
    local = meeting.starts_at.astimezone(zone_of(meeting.time_zone))
    values = {
        "day": date_format(local, "DATE_FORMAT"), "time": date_format(local, "TIME_FORMAT"),
        "city": meeting.city, "what": meeting.title or meeting.others,
    }  # fmt: skip
    if meeting.city:
        return _("%(day)s, %(time)s (%(city)s): %(what)s") % values
    return _("%(day)s, %(time)s: %(what)s") % values


def tell_ended(job: Job) -> None:
    """Tell who started long work that it has ended, if they may have left the page by then.

    Service role. Work that failed is told in any case.
    """
    if job.person_id is None or job.kind not in TITLES or job.state == Job.State.STOPPED:
        return
    has_failed = job.state == Job.State.FAILED
    took = (job.finished_at or job.created_at) - job.created_at
    if took < _LONG and not has_failed:
        return
    person = Person.objects.filter(pk=job.person_id, erased_at=None).first()
    if person is None:
        return
    with translation.override(person.language):
        [(_job, told)] = tell_jobs([job])
        sentence = _("This has failed: %(work)s") if has_failed else _("Ready: %(work)s")
        text = job.error if has_failed else _("You started it, and may look at it now.")
        context = {
            "name": person.name, "subject": sentence % {"work": told["title"]}, "text": text,
            "action_url": settings.BASE_URL + told["url"],
        }  # fmt: skip
    # The same job may be tried again: each end of it is told.
    key = f"job:{job.pk}:{job.state}:{job.attempts}"
    tell(person, topic="work", key=key, template="notices/mail/notice", context=context)
