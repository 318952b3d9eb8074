"""Long-running jobs of events: invite, search for an agenda, announce it, suggest participants."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proxeny.accounts.queries import get_reader_of_person
from proxeny.engine.agenda import Assignment, Progress, Result, solve
from proxeny.events.models import AgendaRun, Event
from proxeny.events.operations.agenda import (
    AgendaProblem,
    keep_best,
    load_problem,
    store_agenda,
)
from proxeny.events.operations.follow_up import ask_guests
from proxeny.events.operations.invite import write_invitations
from proxeny.events.operations.publish import announce_agenda
from proxeny.events.operations.suggest import load_room, rank_room
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import GATE, SERVICE, STRANGER, WEB, Reader, acting_as

#: A first short search gives an agenda to fall back on should the worker die in the long one.
FIRST_ROUND_S = 5.0
WORKERS = 2


@job("events.solve")
def solve_agenda(context: JobContext) -> dict[str, Any]:
    """Search the best agenda of an event and take it over.

    Reads in the service role, since a `no-thanks` is hidden from managers. The search itself holds
    no transaction. A worker that dies leaves `AgendaRun.best`; the next one begins with it.
    """
    with acting_as(SERVICE):
        run = AgendaRun.objects.select_related("event").get(pk=context.arguments["run"])
        if run.finished_at is not None:
            return {}
        if run.event.runs.filter(number__gt=run.number).exists():
            raise Conflict(_("A newer calculation has replaced this one."))
        draft = load_problem(run.event)
    result = _search(context, run, draft)
    actor = _reader_behind(context)
    answer = {
        "status": result.status,
        "placed": len(result.assignment),
        "breaks": result.objective,
        "stopped": context.should_stop(),
    }
    with acting_as(SERVICE):
        store_agenda(actor=actor, run_id=run.pk, draft=draft, result=result, now=timezone.now())
        context.finish(answer)
    return answer


def _search(context: JobContext, run: AgendaRun, draft: AgendaProblem) -> Result:
    start: Assignment = draft.from_rows(run.best)
    first = _round(context, run, draft, min(FIRST_ROUND_S, run.time_limit_s / 2), start, 0.0)
    left = run.time_limit_s - first.seconds
    if first.status in ("optimal", "infeasible") or context.should_stop() or left < 0.5:
        return first
    if first.assignment:
        with acting_as(SERVICE):
            keep_best(run_id=run.pk, draft=draft, assignment=first.assignment)
    second = _round(context, run, draft, left, first.assignment or start, first.seconds)
    return replace(second, seconds=first.seconds + second.seconds)


def _round(
    context: JobContext,
    run: AgendaRun,
    draft: AgendaProblem,
    time_limit_s: float,
    start: Assignment,
    before_s: float,
) -> Result:
    def show(progress: Progress) -> None:
        context.report(
            phase=progress.phase,
            placed=progress.placed,
            wanted=len(draft.problem.meetings),
            value=progress.value,
            bound=progress.bound,
            breaks=progress.breaks,
            gap=progress.gap,
            seconds=before_s + progress.seconds,
            limit=run.time_limit_s,
            has_schedule=progress.has_schedule,
        )

    return solve(
        draft.problem,
        time_limit_s=time_limit_s,
        fairness=draft.event.fairness,
        workers=WORKERS,
        seed=run.seed,
        start=start or None,
        on_progress=show,
        should_stop=context.should_stop,
    )


def _reader_behind(context: JobContext) -> Reader:
    if context.person_id is None:
        return STRANGER
    with acting_as(GATE):
        return get_reader_of_person(context.person_id, today=timezone.now().date())


@job("events.announce")
def announce(context: JobContext) -> dict[str, Any]:
    """Write one mail to each participant with the whole personal agenda."""
    with acting_as(SERVICE):
        event = Event.objects.get(pk=context.arguments["event"])
        count = announce_agenda(
            event=event,
            kind=context.arguments["kind"],
            number=context.arguments["number"],
            now=timezone.now(),
        )
        context.finish({"mails": count})
    return {"mails": count}


@job("events.invite")
def invite(context: JobContext) -> dict[str, Any]:
    """Write the invitations of members, in the name of the person who invited them."""
    reader = _reader_behind(context)
    with acting_as(WEB, reader):
        count = write_invitations(
            actor=reader,
            event_id=context.arguments["event"],
            participation_ids=context.arguments["participations"],
            now=timezone.now(),
        )
        context.finish({"mails": count})
    return {"mails": count}


@job("events.suggest")
def suggest(context: JobContext) -> dict[str, Any]:
    """Find suggestions for a participant, in the name of the person who asked."""
    reader = _reader_behind(context)
    with translation.override(reader.language or "en"):
        with acting_as(WEB, reader):
            room = load_room(actor=reader, participation_id=context.arguments["participation"])
        found = rank_room(room)
        with acting_as(WEB, reader):
            context.finish(found)
    return found


@HOURLY.add
def start_asking_guests(now: datetime) -> None:
    """Queue the question how the meetings went, once a day."""
    enqueue(
        "events.ask-guests", actor=STRANGER, key=f"events.ask-guests:{now:%Y-%m-%d}", arguments={}
    )


@job("events.ask-guests")
def ask_guests_now(context: JobContext) -> dict[str, Any]:
    """Write the mails that ask participants without a sign-in how their meetings went."""
    with acting_as(SERVICE):
        written = ask_guests(now=timezone.now())
        context.finish({"mails": written})
    return {"mails": written}
