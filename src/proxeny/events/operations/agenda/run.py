"""Start and stop a run of the agenda engine."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaRun, Event, Participation
from proxeny.events.operations._guards import lock_event
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.jobs import enqueue, request_stop
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.delegation_queries import may_decide_alone
from proxeny.partnerships.models import Delegation
from proxeny.partnerships.queries import parties_joined

MAX_TIME_S = 3600
#: States in which the agenda is still being made.
IN_THE_MAKING = (Event.State.CLOSED, Event.State.PROVISIONAL)


@transaction.atomic
def start_agenda_run(
    *, actor: Reader, event_id: int, now: datetime, time_limit_s: int = 60, seed: int = 0
) -> AgendaRun:
    """Queue the search for the best agenda of an event.

    Parameters
    ----------
    actor : Reader
        A manager of one of the clusters.
    time_limit_s : int
        From 1 to 3600 seconds.
    seed : int
        The same seed and requests lead the search the same way.

    Side effects
    ------------
    Requests that are still open are closed, where the other sides have delegated that. A job `events.solve`; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        No such event; not a manager of its partnership.
    Conflict
        A run is under way, requests are open and closing them needs the other side, or the event is not in a state to plan.
    InvalidInput
        Time out of range; no slots, tables or participants yet.
    """
    event = lock_event(actor, event_id)
    refuse_while_solving(event)
    _check_ready(event, time_limit_s)
    if event.state == Event.State.OPEN:
        _refuse_unless_alone(actor, event, now)
        Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED, version=F("version") + 1)
        audit.record(
            actor,
            "close_requests",
            event,
            partnership_id=event.partnership_id,
            changes={"state": [Event.State.OPEN, Event.State.CLOSED]},
        )
    number = (event.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = AgendaRun.objects.create(
        event=event, number=number, seed=seed, time_limit_s=time_limit_s, created_at=now
    )
    job = enqueue(
        "events.solve",
        actor=actor,
        key=f"events.solve:{run.pk}",
        arguments={"run": run.pk},
        partnership_id=event.partnership_id,
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    audit.record(
        actor,
        "start_agenda_run",
        run,
        partnership_id=event.partnership_id,
        changes={"time_limit_s": time_limit_s, "seed": seed},
    )
    return run


@transaction.atomic
def stop_agenda_run(*, actor: Reader, event_id: int) -> AgendaRun:
    """Ask the run under way to end; the best agenda so far is kept.

    Raises
    ------
    NotFound, NotAllowed
        No such event or no run at all; not a manager.
    """
    event = lock_event(actor, event_id)
    run = event.runs.first()
    if run is None:
        raise NotFound(_("No calculation has been started."))
    if run.job_id:
        request_stop(run.job_id)
    audit.record(actor, "stop_agenda_run", run, partnership_id=event.partnership_id)
    return run


def _refuse_unless_alone(actor: Reader, event: Event, now: datetime) -> None:
    """Refuse to close requests on the way, unless the other sides have delegated it."""
    parties = parties_joined(event.partnership_id)
    if not may_decide_alone(actor, parties, Delegation.Matter.EVENTS, today=now.date()):
        raise Conflict(_("Close requests first. All sides must agree to this."))


def refuse_while_solving(event: Event) -> None:
    """Raise `Conflict` while a run of the event is under way."""
    ids = event.runs.filter(finished_at=None).values("job_id")
    over = (Job.State.DONE, Job.State.FAILED, Job.State.STOPPED)
    if Job.objects.filter(pk__in=ids).exclude(state__in=over).exists():
        raise Conflict(
            _(
                "The agenda is being calculated. Wait until it’s finished, or stop the calculation "
                "first."
            )
        )


def _check_ready(event: Event, time_limit_s: int) -> None:
    if event.state not in (Event.State.OPEN, *IN_THE_MAKING):
        raise Conflict(_why_not(event))
    if not 1 <= time_limit_s <= MAX_TIME_S:
        raise InvalidInput(
            _("Choose a search time between 1 second and 1 hour."), field="time_limit_s"
        )
    if not event.slots.exists() or not event.tables.exists():
        raise InvalidInput(_("Set the event’s times and tables first."))
    if event.participations.filter(state=Participation.State.REGISTERED).count() < 2:
        raise InvalidInput(_("At least two participants must be registered first."))


def _why_not(event: Event) -> str:
    if event.state == Event.State.DRAFT:
        return _("Open the event for requests first. There’s nothing to schedule yet.")
    if event.state == Event.State.PUBLISHED:
        return _("The agenda has been published. Change individual meetings, or repair the agenda.")
    return _("This event has ended, so its agenda can’t be changed.")
