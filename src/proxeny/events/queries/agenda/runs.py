"""Runs of an event's agenda, and the jobs for runs and announcements."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaRun, Event
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job


def list_runs(event: Event) -> QuerySet[AgendaRun]:
    """Return an event's runs, the latest first."""
    return AgendaRun.objects.filter(event=event).order_by("-number")


def events_of_runs(run_ids: Iterable[int]) -> dict[int, int]:
    """Return the event of each run that the reader may see."""
    return dict(AgendaRun.objects.filter(pk__in=list(run_ids)).values_list("pk", "event_id"))


def get_job_of(run: AgendaRun) -> Job:
    """Return the job that carries a run, or raise `NotFound`."""
    found = Job.objects.filter(pk=run.job_id or 0).first()
    if found is None:
        raise NotFound(_("No calculation has been started."))
    return found


def list_announcements(event: Event) -> Sequence[Job]:
    """Return the jobs that announce an agenda to its participants, latest first."""
    kinds = Job.objects.filter(kind="events.announce", partnership_id=event.partnership_id)
    return list(kinds.filter(arguments__event=event.pk).order_by("-pk"))
