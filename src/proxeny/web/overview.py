"""The next meetings as a mail tells them, and the end of long work as a notice."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.notices.operations import tell
from proxeny.notices.rules import zone_of
from proxeny.web.day.agenda import find_next_meetings
from proxeny.web.day.model import NextMeeting
from proxeny.web.failed import TITLES, tell_jobs

#: Someone who waited less than this saw the end on the page.
_LONG = timedelta(seconds=20)


def tell_meetings(reader: Reader, now: datetime) -> list[str]:
    """Return a reader's next meetings as sentences, in the active language."""
    return [_tell(one) for one in find_next_meetings(reader, now)]


def _tell(meeting: NextMeeting) -> str:
    local = meeting.starts_at.astimezone(zone_of(meeting.time_zone))
    values = {
        "day": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
        "city": meeting.city,
        "what": meeting.title or meeting.others,
    }
    if meeting.city:
        return _("%(day)s, %(time)s (%(city)s): %(what)s") % values
    return _("%(day)s, %(time)s: %(what)s") % values


def tell_ended(job: Job) -> None:
    """Notify the starter of a long job that it has ended, if they may have left the page by then.

    Service role. A failed job is notified in any case.
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
        sentence = _("Failed: %(work)s") if has_failed else _("Finished: %(work)s")
        text = (
            job.error
            if has_failed
            else _("The task you started has finished. You can see the result now.")
        )
        context = {
            "name": person.name,
            "subject": sentence % {"work": told["title"]},
            "text": text,
            "action_url": settings.BASE_URL + told["url"],
        }
    # The same job may be tried again: each end is reported.
    key = f"job:{job.pk}:{job.state}:{job.attempts}"
    tell(person, topic="work", key=key, template="notices/mail/notice", context=context)
