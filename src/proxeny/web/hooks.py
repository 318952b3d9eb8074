"""Contributions of the shell to the parts below it."""

from proxeny.kernel.jobs import JOB_ENDED
from proxeny.kernel.waiting import WAITING
from proxeny.notices.overviews import MEETINGS
from proxeny.web.overview import tell_ended, tell_meetings
from proxeny.web.waiting import find_waiting

JOB_ENDED.add(tell_ended)
MEETINGS.add(tell_meetings)
WAITING.add(find_waiting)
