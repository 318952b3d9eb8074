"""An event whose members have asked, and one with its agenda worked out."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from proxeny.accounts.models import Person
from proxeny.events.models import AgendaEntry, AgendaRun, Event, MeetingRequest, Participation
from proxeny.events.operations.agenda import start_agenda_run
from proxeny.events.operations.publish import publish_agenda
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.events import MeetingRequestFactory
from tests.factories.partnerships import let_each_decide
from tests.factories.world import EventWorld, World, make_event
from tests.stages import staged

#: A month before the factories' event.
NOW = datetime(2083, 2, 10, 9, 0, tzinfo=UTC)


@dataclass
class Fair:
    """The event of the tests, its world, and its two organisers."""

    world: World
    of: EventWorld

    @property
    def id(self) -> int:
        return self.of.event.pk

    @property
    def event(self) -> Event:
        self.of.event.refresh_from_db()
        return self.of.event

    @property
    def manager(self) -> Person:
        return self.world.a.manager

    def entries(self) -> list[AgendaEntry]:
        return list(AgendaEntry.objects.filter(event=self.of.event, is_live=True).order_by("pk"))

    def entry_of(self, first: Participation, second: Participation) -> AgendaEntry:
        return AgendaEntry.objects.get(
            event=self.of.event, is_live=True, first__in=(first, second), second__in=(first, second)
        )


def ask(fair: Fair, source: Participation, target: Participation, kind: str = "wish") -> None:
    MeetingRequestFactory(event=fair.of.event, source=source, target=target, kind=kind)


@staged
def fair(world) -> Fair:
    """Three Greek and three French members; everyone asks for everyone, but for one no-thanks."""
    let_each_decide(world.partnership)
    fair = Fair(world, make_event(world))
    for greek in fair.of.greek:
        for french in fair.of.french:
            ask(fair, greek, french, "must" if greek == fair.of.greek[0] else "wish")
    ask(fair, fair.of.french[2], fair.of.greek[2], MeetingRequest.Kind.NO_THANKS)
    return fair


def solve(fair: Fair, person: Person | None = None) -> AgendaRun:
    """Start a run as a manager would, and do the worker's work."""
    reader = reader_of(person or fair.manager)
    with acting_as(WEB, reader):
        run = start_agenda_run(actor=reader, event_id=fair.of.event.pk, time_limit_s=60, now=NOW)
    jobs.run(run.job_id)
    run.refresh_from_db()
    return run


def run_waiting_jobs() -> None:
    """Do the worker's work until nothing waits."""
    for pk in Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)


@staged
def solved(fair) -> Fair:
    """The event with its agenda worked out and not shown yet."""
    assert solve(fair).status == "optimal"
    return fair


@staged
def published(solved) -> Fair:
    """The event with its agenda published; the mails of that are written."""
    reader = reader_of(solved.manager)
    with acting_as(WEB, reader):
        publish_agenda(actor=reader, event_id=solved.id, now=timezone.now())
    run_waiting_jobs()
    return solved
